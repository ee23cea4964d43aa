"""An election that one count does not end: lots after a tie, and the next round."""

from uuid import UUID

from litestar import Response
from litestar.params import FromPath, JSONBody

from meetings.api.contract import SECRETARY_OR_CHAIR, ApiRequest, Asked, Short, writes
from meetings.api.repeats import written
from meetings.api.voting import TAG, Poll, told_poll
from meetings.during.elections import draft_next_round, draw_lots
from meetings.during.poll_record import open_poll_to
from meetings.language import N_
from meetings.rules.permissions import Right
from meetings.storage.unit_of_work import Work


class Drawn(Asked):
    """The ids of the options that the lots have given the last places to."""

    drawn: list[Short]


@writes("/polls/{poll_id:uuid}/lots", Right.RUN_ROOM, N_("Record whom the lots have chosen after a tie"), TAG)
async def lots(request: ApiRequest, poll_id: FromPath[UUID], data: JSONBody[Drawn]) -> Response[Poll]:
    """Between the closing and the announcement."""

    async def act(work: Work) -> Poll:
        await open_poll_to(work, request.actor, poll_id)
        await draw_lots(work, request.actor, poll_id, data.drawn)
        return await told_poll(work, request.actor, poll_id)

    return await written(request, act)


@writes(
    "/polls/{poll_id:uuid}/next-round",
    Right.ATTEND,
    N_("Prepare the next round of an election"),
    TAG,
    status=201,
    who=SECRETARY_OR_CHAIR,
)
async def next_round(request: ApiRequest, poll_id: FromPath[UUID]) -> Response[Poll]:
    """Among those whom the announced round has left over."""

    async def act(work: Work) -> Poll:
        await open_poll_to(work, request.actor, poll_id)
        drafted = await draft_next_round(work, request.actor, poll_id)
        return await told_poll(work, request.actor, drafted.id)

    return await written(request, act, status=201)


handlers = [lots, next_round]
