"""A ballot only to try everybody's device before it matters: no quorum, no number, no outcome."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, insert, or_, select

from meetings.before.agenda import agenda_of
from meetings.before.scheduling import open_to
from meetings.during.attendance import OPEN_STATES, room_of
from meetings.language import N_
from meetings.rules.events import Event, TestPollBegun, TestPollEnded
from meetings.rules.lifecycle import POLL, PollState, next_state
from meetings.rules.majority import PRESETS
from meetings.rules.permissions import Actor, must_be_insider
from meetings.rules.polls import TEST
from meetings.rules.refusals import Refused
from meetings.rules.rule_data import rule_as_data
from meetings.storage.tables import Body, Meeting, Person, Poll, RollEntry
from meetings.storage.unit_of_work import Reading, Work

QUESTION = N_("Does your device work? Choose anything and send it: this decides nothing.")


@dataclass(frozen=True, slots=True)
class DeviceTest:
    """A test, with who has answered and who has not (names in the order they are read)."""

    poll: UUID
    open: bool
    answered: tuple[str, ...]
    silent: tuple[str, ...]


async def begin_test(work: Work, actor: Actor, meeting: UUID) -> Poll:
    """Open a test for every member, present or not, unless a real vote is open."""
    held = await open_to(work, actor, meeting)
    held = await work.locked(Meeting, held.id)
    must_be_insider(actor, held.body_id)
    if held.state not in OPEN_STATES:
        raise Refused("not-now", state=held.state)
    if await work.session.scalar(select(Poll.id).where(_runs_in(meeting)).limit(1)):
        raise Refused("test-open")
    real = select(Poll.id).where(
        Poll.meeting_id == meeting, Poll.kind != TEST, Poll.state.in_((PollState.OPEN, PollState.CLOSED))
    )
    if await work.session.scalar(real.limit(1)) is not None:
        raise Refused("meeting-open-poll")
    body = await work.get(Body, held.body_id)
    room = await room_of(work, held, body)
    if not room.seats:
        raise Refused("roll-empty")
    poll = Poll(
        id=work.new_id(), meeting_id=meeting, item_id=(await agenda_of(work, meeting))[0].id, number=0, title=QUESTION,
        rule=rule_as_data(PRESETS["plurality"]), kind=TEST, state=PollState.OPEN, opened_at=work.now, names=False,
        changeable=True, eligible=len(room.seats), eligible_weight=len(room.seats), cast=0,
    )  # fmt: skip
    work.session.add(poll)
    await work.session.flush()
    await work.session.execute(
        insert(RollEntry),
        [{"poll_id": poll.id, "person_id": seat.voter, "weight": 1, "present": True} for seat in room.seats],
    )
    await work.record(actor, TestPollBegun(poll=str(poll.id), members=len(room.seats)), meeting=meeting)
    return poll


async def end_test(work: Work, actor: Actor, poll: UUID) -> Poll:
    """End the test; its page keeps telling whose device answered."""
    kept = await work.locked(Poll, poll)
    held = await work.locked(Meeting, kept.meeting_id)
    must_be_insider(actor, held.body_id)
    if kept.kind != TEST:
        raise Refused("not-found")
    await _end(work, actor, kept)
    return kept


async def hold_with_test(work: Work, poll: UUID) -> Poll:
    """A poll, held together with a test that runs beside it: polls are held before the meeting, in the order of ids."""
    its_meeting = select(Poll.meeting_id).where(Poll.id == poll).scalar_subquery()
    rows = (await work.session.scalars(_hold(or_(Poll.id == poll, _runs_in(its_meeting))))).all()
    found = next((row for row in rows if row.id == poll), None)
    if found is None:
        raise Refused("not-found")
    return found


async def hold_test(work: Work, meeting: UUID) -> None:
    """Hold a test that runs, before the meeting is held: ending the meeting ends it."""
    (await work.session.scalars(_hold(_runs_in(meeting)))).all()


async def end_running_test(work: Work, actor: Actor | None, event: Event) -> None:
    """Consequence of opening a real vote, and of the end of the meeting: a test that still runs ends by itself.

    Whoever opens or ends has held it (`hold_with_test`, `hold_test`) before the meeting. One that was begun in that
    very moment is not waited for: the act is refused (`busy`) and done again.
    """
    named = event.payload()
    meeting = named.get("meeting") or (await work.get(Poll, UUID(str(named["poll"])))).meeting_id
    running = await work.session.scalar(_hold(_runs_in(UUID(str(meeting))), nowait=True))
    if running is not None:
        await _end(work, actor, running)


async def device_test_of(reading: Reading, actor: Actor, meeting: UUID) -> DeviceTest | None:
    """The running test, or the last one; for those who run or prepare the meeting."""
    held = await open_to(reading, actor, meeting)
    must_be_insider(actor, held.body_id)
    poll = await reading.session.scalar(
        select(Poll)
        .where(Poll.meeting_id == meeting, Poll.kind == TEST)
        .order_by(Poll.opened_at.desc())
        .limit(1)
    )
    if poll is None:
        return None
    answered, silent = await _names(reading, poll.id)
    return DeviceTest(poll.id, poll.state == PollState.OPEN, tuple(answered), tuple(silent))


def _runs_in(meeting: UUID | ScalarSelect[UUID]) -> ColumnElement[bool]:
    return and_(Poll.meeting_id == meeting, Poll.kind == TEST, Poll.state == PollState.OPEN)


def _hold(which: ColumnElement[bool], *, nowait: bool = False) -> Select[Poll]:
    rows = select(Poll).where(which).order_by(Poll.id).with_for_update(nowait=nowait)
    return rows.execution_options(populate_existing=True)


async def _end(work: Work, actor: Actor | None, poll: Poll) -> None:
    poll.state, poll.closed_at = next_state(POLL, poll.state, "close"), work.now
    answered, silent = await _names(work, poll.id)
    poll.cast = len(answered)
    event = TestPollEnded(
        poll=str(poll.id), answered=len(answered), members=len(answered) + len(silent), silent=silent
    )
    await work.record(actor, event, meeting=poll.meeting_id)


async def _names(reading: Reading, poll: UUID) -> tuple[list[str], list[str]]:
    rows = await reading.session.execute(
        select(Person.name, RollEntry.receipt)
        .join(RollEntry, RollEntry.person_id == Person.id)
        .where(RollEntry.poll_id == poll)
        .order_by(Person.sort_key, Person.id)
    )
    answered: list[str] = []
    silent: list[str] = []
    for name, receipt in rows:
        (answered if receipt else silent).append(name)
    return answered, silent
