"""What the secretaries do for others: ballots of members without a device, and tests of the devices."""

from datetime import datetime
from uuid import UUID

from litestar import Response
from litestar.params import FromPath, JSONBody

from meetings.api.contract import SECRETARY_OR_CHAIR, Answer, ApiRequest, Asked, Short, reads, writes
from meetings.api.repeats import written
from meetings.api.voting import TAG
from meetings.before.scheduling import open_to
from meetings.during import entered_ballots
from meetings.during.device_tests import begin_test, device_test_of, end_test
from meetings.during.poll_record import open_poll_to
from meetings.language import N_
from meetings.rules.permissions import Actor, Right
from meetings.storage import tables
from meetings.storage.unit_of_work import Reading, Work


class BallotOfAnother(Asked):
    """A present member’s ballot, as the secretary heard it."""

    person: UUID
    choice: Short


class EnteredBallot(Answer):
    """It counts once a second person confirms it."""

    id: UUID
    poll: UUID
    person: UUID
    name: str
    choice: str
    entered_by: str
    entered_at: datetime


class EnteredBallots(Answer):
    waiting: list[EnteredBallot]


class DeviceTest(Answer):
    """Names of those whose device has answered, and of those whose has not."""

    poll: UUID
    open: bool
    answered: list[str]
    silent: list[str]


class DeviceTests(Answer):
    """The running test, or the last one."""

    test: DeviceTest | None


@reads(
    "/polls/{poll_id:uuid}/entered-ballots",
    Right.ENTER_BALLOTS,
    N_("Read the entered ballots that wait for a second person"),
    TAG,
    who=SECRETARY_OR_CHAIR,
)
async def get_entered(request: ApiRequest, poll_id: FromPath[UUID]) -> Response[EnteredBallots]:
    """In the order they were entered."""
    async with request.house.store.reading() as reading:
        kept, meeting, _ = await open_poll_to(reading, request.actor, poll_id)
        request.actor.must(Right.ENTER_BALLOTS, body=meeting.body_id)
        return Response(await _waiting(reading, kept.id))


@writes(
    "/polls/{poll_id:uuid}/entered-ballots",
    Right.ENTER_BALLOTS,
    N_("Enter the ballot of a member without a device"),
    TAG,
    status=201,
    who=SECRETARY_OR_CHAIR,
)
async def post_entered(
    request: ApiRequest, poll_id: FromPath[UUID], data: JSONBody[BallotOfAnother]
) -> Response[EnteredBallots]:
    """Named polls only."""

    async def act(work: Work) -> EnteredBallots:
        await open_poll_to(work, request.actor, poll_id)
        await entered_ballots.enter_ballot(work, request.actor, poll_id, data.person, data.choice)
        return await _waiting(work, poll_id)

    return await written(request, act, status=201)


@writes(
    "/entered-ballots/{entered_id:uuid}/confirm",
    Right.ENTER_BALLOTS,
    N_("Confirm an entered ballot"),
    TAG,
    who=SECRETARY_OR_CHAIR,
)
async def post_confirm(request: ApiRequest, entered_id: FromPath[UUID]) -> Response[EnteredBallots]:
    """By somebody else than who entered it; from then on it counts."""

    async def act(work: Work) -> EnteredBallots:
        await _entered_open_to(work, request.actor, entered_id)
        poll = await entered_ballots.confirm_ballot(work, request.actor, entered_id)
        return await _waiting(work, poll.id)

    return await written(request, act)


@writes(
    "/entered-ballots/{entered_id:uuid}/drop",
    Right.ENTER_BALLOTS,
    N_("Take an entered ballot back"),
    TAG,
    who=SECRETARY_OR_CHAIR,
)
async def post_drop(request: ApiRequest, entered_id: FromPath[UUID]) -> Response[EnteredBallots]:
    """Before it counts."""

    async def act(work: Work) -> EnteredBallots:
        await _entered_open_to(work, request.actor, entered_id)
        poll = await entered_ballots.drop_ballot(work, request.actor, entered_id)
        return await _waiting(work, poll.id)

    return await written(request, act)


@reads(
    "/meetings/{meeting_id:uuid}/device-test",
    Right.ENTER_BALLOTS,
    N_("Read whose devices have answered the last test"),
    TAG,
    who=SECRETARY_OR_CHAIR,
)
async def get_device_test(request: ApiRequest, meeting_id: FromPath[UUID]) -> Response[DeviceTests]:
    """Null: there was none."""
    async with request.house.store.reading() as reading:
        return Response(await _device_test(reading, request.actor, meeting_id))


@writes(
    "/meetings/{meeting_id:uuid}/device-test",
    Right.ENTER_BALLOTS,
    N_("Test the devices of all members"),
    TAG,
    status=201,
    who=SECRETARY_OR_CHAIR,
)
async def post_device_test(request: ApiRequest, meeting_id: FromPath[UUID]) -> Response[DeviceTests]:
    """A ballot that decides nothing."""

    async def act(work: Work) -> DeviceTests:
        await open_to(work, request.actor, meeting_id)
        await begin_test(work, request.actor, meeting_id)
        return await _device_test(work, request.actor, meeting_id)

    return await written(request, act, status=201)


@writes(
    "/polls/{poll_id:uuid}/end-test",
    Right.ENTER_BALLOTS,
    N_("End a test of the devices"),
    TAG,
    who=SECRETARY_OR_CHAIR,
)
async def post_end_test(request: ApiRequest, poll_id: FromPath[UUID]) -> Response[DeviceTests]:
    """It ends by itself when a real vote is opened."""

    async def act(work: Work) -> DeviceTests:
        await open_poll_to(work, request.actor, poll_id)
        poll = await end_test(work, request.actor, poll_id)
        return await _device_test(work, request.actor, poll.meeting_id)

    return await written(request, act)


async def _waiting(reading: Reading, poll: UUID) -> EnteredBallots:
    return EnteredBallots(
        waiting=[
            EnteredBallot(
                id=one.id, poll=one.poll, person=one.person, name=one.name, choice=one.choice,
                entered_by=one.entered_name, entered_at=one.entered_at,
            )
            for one in await entered_ballots.waiting_for(reading, poll)
        ]
    )  # fmt: skip


async def _entered_open_to(reading: Reading, actor: Actor, entered: UUID) -> None:
    await open_poll_to(reading, actor, (await reading.get(tables.EnteredBallot, entered)).poll_id)


async def _device_test(reading: Reading, actor: Actor, meeting: UUID) -> DeviceTests:
    test = await device_test_of(reading, actor, meeting)
    if test is None:
        return DeviceTests(test=None)
    told = DeviceTest(poll=test.poll, open=test.open, answered=list(test.answered), silent=list(test.silent))
    return DeviceTests(test=told)


handlers = [
    get_entered,
    post_entered,
    post_confirm,
    post_drop,
    get_device_test,
    post_device_test,
    post_end_test,
]
