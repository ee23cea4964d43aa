"""What one person has in front of them: the ballot, why there is none, or the receipt of the one that was counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select

from meetings.during.attendance import Presence, meeting_day
from meetings.during.roll import frozen_roll, voter_of
from meetings.during.stage import StagePoll, as_stage_polls
from meetings.rules.lifecycle import PollState
from meetings.rules.polls import TEST
from meetings.rules.refusals import Refused
from meetings.rules.roll import Voter, eligible, may_cast
from meetings.storage.tables import (
    Attendance,
    Ballot,
    Meeting,
    Membership,
    Person,
    Poll,
    Proxy,
    RollEntry,
    Substitution,
)
from meetings.storage.unit_of_work import Reading

SHOWN = (PollState.OPEN, PollState.CLOSED, PollState.ANNOUNCED)


@dataclass(frozen=True, slots=True)
class Line:
    """One ballot this person may or might have cast: the own one, or that of a member represented by proxy."""

    person: UUID
    name: str
    obstacle: str
    """The code of the refusal that a ballot would meet; empty where there is a ballot."""
    receipt: str
    cast_at: datetime | None
    choice: str
    """The choice's code; empty before the ballot and always in a secret poll."""
    called: bool
    """Roll call: the name has been called."""


@dataclass(frozen=True, slots=True)
class Desk:
    """The poll on the screens, and this person's lines on its roll: the own one first."""

    poll: StagePoll | None
    own: Line | None
    represented: tuple[Line, ...]
    calling: bool = False
    """Those who have not voted are being called."""


async def desk_of(reading: Reading, meeting: Meeting, person: UUID) -> Desk:
    """The desk in few queries: a full room asks for it at the same moment."""
    shown = await reading.session.scalar(
        select(Poll)
        .where(
            Poll.meeting_id == meeting.id,
            or_(
                (Poll.kind != TEST) & (Poll.item_id == meeting.current_item_id) & Poll.state.in_(SHOWN),
                (Poll.kind == TEST) & (Poll.state == PollState.OPEN),
            ),
        )
        .order_by((Poll.kind == TEST).desc(), Poll.number.desc())
        .limit(1)
    )
    if shown is None:
        return Desk(None, None, ())
    poll = (await as_stage_polls(reading, [shown], insider=False))[0]
    lines = await lines_of(reading, poll, person)
    own = next((line for line in lines if line.person == person), None)
    calling = shown.missing_called_at is not None and shown.state == PollState.OPEN
    return Desk(poll, own, tuple(line for line in lines if line.person != person), calling)


async def lines_of(reading: Reading, poll: StagePoll, person: UUID) -> list[Line]:
    """The ballots of one poll that were this person's to cast."""
    rows = (
        await reading.session.execute(
            select(RollEntry, Person.name)
            .join(Person, Person.id == RollEntry.person_id)
            .where(
                RollEntry.poll_id == poll.id,
                or_(RollEntry.person_id == person, RollEntry.proxy_holder_id == person),
            )
            .order_by(Person.sort_key, Person.id)
        )
    ).all()  # fmt: skip
    choices: dict[UUID, str] = {}
    if not poll.secret and any(row.receipt for row, _ in rows):
        named = select(Ballot.person_id, Ballot.choice).where(
            Ballot.poll_id == poll.id,
            Ballot.person_id.in_([row.person_id for row, _ in rows]),
            Ballot.replaced_at.is_(None),
        )
        choices = dict((await reading.session.execute(named)).all())
    voters = [voter_of(row) for row, _ in rows]
    return [
        Line(
            row.person_id, name, _obstacle(voters, person, row.person_id), row.receipt or "", row.cast_at,
            choices.get(row.person_id, ""), row.called_at is not None,
        )
        for row, name in rows
    ]  # fmt: skip


def _obstacle(voters: list[Voter], actor: UUID, person: UUID) -> str:
    try:
        may_cast(voters, str(actor), str(person))
    except Refused as refusal:
        return refusal.code
    return ""


async def presence_of(reading: Reading, meeting: Meeting, person: UUID) -> Presence | None:
    """This person's state of attendance; None for somebody who has no seat that day and sits in nobody's."""
    day = meeting_day(meeting)
    seat = await reading.session.scalar(
        select(Membership.id)
        .where(
            Membership.body_id == meeting.body_id,
            Membership.person_id == person,
            Membership.since <= day,
            or_(Membership.until.is_(None), Membership.until >= day),
        )
        .limit(1)
    )
    if seat is None and not await _stands_in(reading, meeting.id, person):
        return None
    state = await reading.session.scalar(
        select(Attendance.state).where(
            Attendance.meeting_id == meeting.id, Attendance.person_id == person, Attendance.until.is_(None)
        )
    )
    return Presence(state) if state else Presence.ABSENT


async def one_ballot(reading: Reading, meeting: Meeting, person: UUID) -> bool:
    """Whether a vote that opens can bring this person the own ballot and no other: who has nobody's proxy, and a seat
    with a vote.
    """
    day = meeting_day(meeting)
    holds = select(Proxy.id).where(
        Proxy.meeting_id == meeting.id, Proxy.holder_id == person, Proxy.ended_at.is_(None)
    )
    without_vote = select(Membership.id).where(
        Membership.body_id == meeting.body_id,
        Membership.person_id == person,
        Membership.weight < 1,
        Membership.since <= day,
        or_(Membership.until.is_(None), Membership.until >= day),
    )
    return not await reading.session.scalar(select(or_(holds.exists(), without_vote.exists())))


async def _stands_in(reading: Reading, meeting: UUID, person: UUID) -> bool:
    found = select(Substitution.id).where(
        Substitution.meeting_id == meeting,
        Substitution.substitute_id == person,
        Substitution.ended_at.is_(None),
    )
    return await reading.session.scalar(found.limit(1)) is not None


async def not_voted(reading: Reading, poll: UUID) -> list[str]:
    """The names of those whose ballot is still missing, in the order names are read; never how anybody voted."""
    entitled = {UUID(voter.person) for voter in eligible(await frozen_roll(reading, poll))}
    rows = await reading.session.execute(
        select(Person.id, Person.name)
        .join(RollEntry, RollEntry.person_id == Person.id)
        .where(RollEntry.poll_id == poll, RollEntry.receipt.is_(None))
        .order_by(Person.sort_key, Person.id)
    )
    return [name for person, name in rows if person in entitled]
