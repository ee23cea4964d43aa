"""The stage: what everybody in the room sees at this moment. One snapshot serves pages, sockets and the interface."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from meetings.during.attendance import Room, room_of
from meetings.during.counting import ballots_of
from meetings.during.floor import FloorNow, floor_of
from meetings.during.motions import motions_of
from meetings.during.question_record import QuestionTime, question_time_of
from meetings.rules.ballot_forms import Form, poll_form
from meetings.rules.lifecycle import PollState
from meetings.rules.majority import needed
from meetings.rules.polls import TEST, Method, numbers_told
from meetings.rules.result_data import tally_as_data
from meetings.rules.rule import Base, Rule
from meetings.rules.rule_data import stored_rule
from meetings.rules.tally import tally
from meetings.storage.tables import Body, Chain, Item, Meeting, Motion, Person, Poll, RollEntry
from meetings.storage.unit_of_work import Reading


@dataclass(frozen=True, slots=True)
class StagePoll:
    """A poll as far as its disclosure allows: numbers by choice as it says, the outcome with the announcement.

    Those who run or prepare the meeting see both from the closing.
    """

    id: UUID
    number: int
    item: UUID
    motion: UUID | None
    title: str
    state: str
    secret: bool
    rule: Rule
    seats: int | None
    in_office: int | None
    present: int | None
    eligible: int | None
    cast: int
    opened_at: datetime | None
    closed_at: datetime | None
    announced_at: datetime | None
    tally: dict[str, Any] | None
    outcome: dict[str, Any] | None
    kind: str
    form: Form
    """What a ballot looks like."""
    round: int
    method: str = "electronic"
    names: bool = True
    changeable: bool = False
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    grace: int = 0
    """Seconds after `closes_at` in which ballots on their way are still taken."""
    repeats: int = 0
    """The number of the poll that is held again."""
    calling: str = ""
    """Roll call: the name that was called last."""
    chair: UUID | None = None
    """Who was in the chair when it opened."""
    hands: dict[str, Any] | None = None
    """The counts of a show of hands as entered, for those who run or prepare the meeting."""

    @property
    def needed(self) -> int | None:
        """Votes in favour that pass, where the base is known beforehand."""
        base = {Base.SEATS: self.seats, Base.IN_OFFICE: self.in_office, Base.PRESENT: self.present}.get(
            self.rule.base
        )
        return needed(self.rule, base) if base else None


@dataclass(frozen=True, slots=True)
class Stage:
    """A meeting at one stage number."""

    seq: int
    meeting: Meeting
    body: Body
    item: Item | None
    room: Room
    polls: tuple[StagePoll, ...]
    """Polls of the meeting that were opened, in order; drafts too for those who run or prepare it."""
    floor: FloorNow
    motions: tuple[Motion, ...]
    """The motions of the item in hand."""
    questions: QuestionTime | None
    """Question time as it stands; None while its item is not in hand."""

    @property
    def open_poll(self) -> StagePoll | None:
        return next((poll for poll in self.polls if poll.state == PollState.OPEN), None)

    @property
    def item_polls(self) -> tuple[StagePoll, ...]:
        """The polls of the item in hand."""
        return tuple(poll for poll in self.polls if self.item is not None and poll.item == self.item.id)

    @property
    def latest(self) -> StagePoll | None:
        """The poll of the item in hand that the screens show: the newest that is open, closed or announced."""
        shown = (PollState.OPEN, PollState.CLOSED, PollState.ANNOUNCED)
        return next((poll for poll in reversed(self.item_polls) if poll.state in shown), None)


async def stage_number(reading: Reading, meeting: UUID) -> int:
    """The number that advances whenever a screen changes."""
    return await reading.session.scalar(select(Chain.stage).where(Chain.id == meeting)) or 0


async def stage_of(reading: Reading, meeting: Meeting, *, insider: bool = False) -> Stage:
    """The snapshot. An `insider` runs or prepares the meeting and also sees drafts and closed polls' numbers."""
    seq = await stage_number(reading, meeting.id)
    body = await reading.get(Body, meeting.body_id)
    item = await reading.session.get(Item, meeting.current_item_id) if meeting.current_item_id else None
    room = await room_of(reading, meeting, body)
    polls = await polls_of(reading, meeting.id, insider=insider)
    motions = [one for one in await motions_of(reading, meeting.id) if item and one.item_id == item.id]
    floor = await floor_of(reading, meeting, body)
    questions = await question_time_of(reading, meeting)
    return Stage(seq, meeting, body, item, room, polls, floor, tuple(motions), questions)


async def polls_of(reading: Reading, meeting: UUID, *, insider: bool) -> tuple[StagePoll, ...]:
    """Every poll of a meeting in the order of their numbers; those that were never opened for insiders only."""
    query = select(Poll).where(Poll.meeting_id == meeting, Poll.kind != TEST).order_by(Poll.number)
    if not insider:
        query = query.where(Poll.opened_at.is_not(None))
    polls = (await reading.session.scalars(query)).all()
    return await as_stage_polls(reading, polls, insider=insider)


async def as_stage_polls(reading: Reading, polls: Sequence[Poll], *, insider: bool) -> tuple[StagePoll, ...]:
    """Polls with their counts; ballots of open polls are counted in one query."""
    running = [poll.id for poll in polls if poll.state == PollState.OPEN and poll.method != Method.HANDS]
    counts: dict[UUID, int] = {}
    if running:
        counted = (
            select(RollEntry.poll_id, func.count())
            .where(RollEntry.poll_id.in_(running), RollEntry.receipt.is_not(None))
            .group_by(RollEntry.poll_id)
        )
        counts = dict((await reading.session.execute(counted)).all())
    called = {poll.calling_id for poll in polls if poll.calling_id}
    names: dict[UUID, str] = {}
    if called:
        names = dict(
            (await reading.session.execute(select(Person.id, Person.name).where(Person.id.in_(called)))).all()
        )
    repeated = {poll.repeats_id for poll in polls if poll.repeats_id}
    numbers: dict[UUID, int] = {}
    if repeated:
        numbers = dict(
            (await reading.session.execute(select(Poll.id, Poll.number).where(Poll.id.in_(repeated)))).all()
        )
    found: list[StagePoll] = []
    for poll in polls:
        told = await told_tally(reading, poll, insider=insider)
        cast = counts.get(poll.id, poll.cast)
        repeats = numbers.get(poll.repeats_id, 0) if poll.repeats_id else 0
        calling = names.get(poll.calling_id, "") if poll.calling_id else ""
        found.append(_stage_poll(poll, cast, told, insider=insider, repeats=repeats, calling=calling))
    return tuple(found)


async def recounted(reading: Reading, poll: Poll, shown: StagePoll) -> StagePoll:
    """An open poll with the ballots cast since it was looked at: they advance no stage number."""
    if shown.state != PollState.OPEN or shown.method == Method.HANDS:
        return shown
    cast = select(func.count()).where(RollEntry.poll_id == shown.id, RollEntry.receipt.is_not(None))
    told = await told_tally(reading, poll)
    return replace(shown, cast=await reading.session.scalar(cast) or 0, tally=told)


async def told_tally(reading: Reading, poll: Poll, *, insider: bool = False) -> dict[str, Any] | None:
    """The numbers by choice, if the poll's disclosure lets them be told now; of an open one as they stand."""
    announced = poll.announced_at is not None
    if not numbers_told(poll.state, poll.disclosure, announced=announced, insider=insider):
        return None
    if poll.state != PollState.OPEN:
        return poll.tally
    if poll.method == Method.HANDS and not (poll.counts or {}).get("confirmed_by"):
        return None
    ballots = await ballots_of(reading, poll)
    rule = stored_rule(poll.rule)
    return tally_as_data(tally(ballots, poll.eligible or 0, poll.eligible_weight or 0, rule.choices))


def _stage_poll(
    poll: Poll, cast: int, told: dict[str, Any] | None, *, insider: bool, repeats: int, calling: str
) -> StagePoll:
    decided = poll.announced_at is not None or (
        insider and poll.state in (PollState.CLOSED, PollState.ANNULLED)
    )
    rule = stored_rule(poll.rule)
    return StagePoll(
        id=poll.id,
        number=poll.number,
        item=poll.item_id,
        motion=poll.motion_id,
        title=poll.title,
        state=poll.state,
        secret=poll.secret,
        rule=rule,
        seats=poll.seats,
        in_office=poll.in_office,
        present=poll.present_open,
        eligible=poll.eligible,
        cast=cast,
        opened_at=poll.opened_at,
        closed_at=poll.closed_at,
        announced_at=poll.announced_at,
        tally=told,
        outcome=poll.outcome if decided else None,
        kind=poll.kind,
        form=poll_form(poll.kind, poll.form, rule.choices),
        round=poll.round,
        method=poll.method,
        names=poll.names,
        changeable=poll.changeable,
        opens_at=poll.opens_at,
        closes_at=poll.closes_at,
        grace=poll.grace,
        repeats=repeats,
        calling=calling,
        chair=poll.chair_id,
        hands=poll.counts if insider else None,
    )


async def votes_by_proxy(reading: Reading, poll: StagePoll | None) -> int:
    """The ballots of an open poll that are cast for absent members; 0 where the ballots do not exceed the present."""
    if poll is None or poll.state != PollState.OPEN or poll.method == Method.HANDS:
        return 0
    if (poll.eligible or 0) <= (poll.present or 0):
        return 0
    attending = select(func.count()).where(
        RollEntry.poll_id == poll.id,
        RollEntry.present | RollEntry.admitted,
        ~RollEntry.recused,
        RollEntry.weight > 0,
    )
    return (poll.eligible or 0) - (await reading.session.scalar(attending) or 0)


async def own_line(reading: Reading, poll: UUID, person: UUID) -> RollEntry | None:
    """A person's line on a poll's roll: whether there is a ballot, and the receipt once it was cast."""
    return await reading.session.get(RollEntry, (poll, person))
