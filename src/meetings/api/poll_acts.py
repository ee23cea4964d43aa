"""How polls are held beside opening and closing: times, hands, roll calls, ballots for others, the chair's own acts."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response
from litestar.params import FromPath, JSONBody

from meetings.api.contract import SECRETARY_OR_CHAIR, ApiRequest, Asked, Short, writes
from meetings.api.repeats import written
from meetings.api.voting import TAG, Poll, told_poll
from meetings.during import chairs_acts, hand_counts, poll_times, roll_calls
from meetings.during.poll_record import open_poll_to
from meetings.language import N_
from meetings.rules.permissions import Right
from meetings.storage.unit_of_work import Work

Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class Times(Asked):
    """What is left out happens by hand."""

    opens_at: Moment | None = None
    closes_at: Moment | None = None


class MoreTime(Asked):
    """An open vote gets so many seconds more; one without an end so many from now."""

    seconds: int


class Side(Asked):
    """A choice’s code."""

    choice: Short


class Late(Asked):
    """The member who has arrived."""

    person: UUID


class Counts(Asked):
    """Hands by the codes of the choices; what is left out is 0. Confirming may send the counts that were read."""

    counts: dict[str, int]


class Seen(Asked):
    """The counts that were read; if others have been entered meanwhile, the act is refused."""

    counts: dict[str, int] | None = None


class Turn(Asked):
    """Whose turn it was on the caller’s screen; if another name was called meanwhile, the act is refused."""

    seen: UUID | None = None


async def _changed(
    request: ApiRequest, poll: UUID, use_case: Callable[[Work], Awaitable[object]]
) -> Response[Poll]:
    """Do it to a poll that the actor may see, and tell the poll."""

    async def act(work: Work) -> Poll:
        await open_poll_to(work, request.actor, poll)
        await use_case(work)
        return await told_poll(work, request.actor, poll)

    return await written(request, act)


@writes("/polls/{poll_id:uuid}/times", Right.RUN_ROOM, N_("Set when a poll opens and closes by itself"), TAG)
async def post_times(request: ApiRequest, poll_id: FromPath[UUID], data: JSONBody[Times]) -> Response[Poll]:
    """On the word of the chair who sets it."""

    async def act(work: Work) -> object:
        return await poll_times.set_times(
            work, request.actor, poll_id, opens_at=data.opens_at, closes_at=data.closes_at
        )

    return await _changed(request, poll_id, act)


@writes("/polls/{poll_id:uuid}/extend", Right.RUN_ROOM, N_("Give an open vote more time"), TAG)
async def post_extend(
    request: ApiRequest, poll_id: FromPath[UUID], data: JSONBody[MoreTime]
) -> Response[Poll]:
    """So many seconds more than it had."""

    async def act(work: Work) -> object:
        return await poll_times.extend(work, request.actor, poll_id, seconds=data.seconds)

    return await _changed(request, poll_id, act)


@writes("/polls/{poll_id:uuid}/call-missing", Right.RUN_ROOM, N_("Call those who have not voted"), TAG)
async def post_call_missing(request: ApiRequest, poll_id: FromPath[UUID]) -> Response[Poll]:
    """On their own screens; nobody else sees who they are."""

    async def act(work: Work) -> object:
        return await poll_times.call_missing(work, request.actor, poll_id)

    return await _changed(request, poll_id, act)


@writes("/polls/{poll_id:uuid}/call-next", Right.RUN_ROOM, N_("Call the next name of a roll call"), TAG)
async def post_call_next(
    request: ApiRequest, poll_id: FromPath[UUID], data: JSONBody[Turn | None] = None
) -> Response[Poll]:
    """In the order names are read."""

    async def act(work: Work) -> object:
        return await roll_calls.call_next(work, request.actor, poll_id, seen=data.seen if data else None)

    return await _changed(request, poll_id, act)


@writes("/polls/{poll_id:uuid}/casting-vote", Right.RUN_ROOM, N_("Give the casting vote after a tie"), TAG)
async def post_casting_vote(
    request: ApiRequest, poll_id: FromPath[UUID], data: JSONBody[Side]
) -> Response[Poll]:
    """Where the rule leaves a tie to the chair, who has taken no side."""

    async def act(work: Work) -> object:
        return await chairs_acts.give_casting_vote(work, request.actor, poll_id, data.choice)

    return await _changed(request, poll_id, act)


@writes(
    "/polls/{poll_id:uuid}/repeat",
    Right.RUN_ROOM,
    N_("Prepare a poll again that was annulled or decided nothing"),
    TAG,
    status=201,
)
async def post_repeat(request: ApiRequest, poll_id: FromPath[UUID]) -> Response[Poll]:
    """The answer is the new poll."""

    async def act(work: Work) -> Poll:
        await open_poll_to(work, request.actor, poll_id)
        again = await chairs_acts.repeat_poll(work, request.actor, poll_id)
        return await told_poll(work, request.actor, again.id)

    return await written(request, act, status=201)


@writes("/polls/{poll_id:uuid}/admit", Right.RUN_ROOM, N_("Admit a member who has come late"), TAG)
async def post_admit(request: ApiRequest, poll_id: FromPath[UUID], data: JSONBody[Late]) -> Response[Poll]:
    """To the roll of an open poll."""

    async def act(work: Work) -> object:
        return await chairs_acts.admit_member(work, request.actor, poll_id, data.person)

    return await _changed(request, poll_id, act)


@writes(
    "/polls/{poll_id:uuid}/counts",
    Right.ENTER_BALLOTS,
    N_("Enter the counts of a show of hands"),
    TAG,
    who=SECRETARY_OR_CHAIR,
)
async def post_counts(request: ApiRequest, poll_id: FromPath[UUID], data: JSONBody[Counts]) -> Response[Poll]:
    """A second person confirms them."""

    async def act(work: Work) -> object:
        return await hand_counts.enter_counts(work, request.actor, poll_id, data.counts)

    return await _changed(request, poll_id, act)


@writes(
    "/polls/{poll_id:uuid}/confirm-counts",
    Right.ENTER_BALLOTS,
    N_("Confirm the counts of a show of hands"),
    TAG,
    who=SECRETARY_OR_CHAIR,
)
async def post_confirm_counts(
    request: ApiRequest, poll_id: FromPath[UUID], data: JSONBody[Seen | None] = None
) -> Response[Poll]:
    """By somebody else than who entered them."""

    async def act(work: Work) -> object:
        return await hand_counts.confirm_counts(
            work, request.actor, poll_id, seen=data.counts if data else None
        )

    return await _changed(request, poll_id, act)


@writes(
    "/polls/{poll_id:uuid}/send-back-counts",
    Right.ENTER_BALLOTS,
    N_("Strike the counts of a show of hands"),
    TAG,
    who=SECRETARY_OR_CHAIR,
)
async def post_send_back(request: ApiRequest, poll_id: FromPath[UUID]) -> Response[Poll]:
    """They have to be entered again."""

    async def act(work: Work) -> object:
        return await hand_counts.send_back_counts(work, request.actor, poll_id)

    return await _changed(request, poll_id, act)


handlers = [
    post_times, post_extend, post_call_missing, post_call_next, post_casting_vote, post_repeat, post_admit, post_counts,
    post_confirm_counts, post_send_back,
]  # fmt: skip
