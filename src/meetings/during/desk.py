"""What one person has in front of them: the ballot, why there is none, or the receipt of the one that was counted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select

from meetings.during.roll import frozen_roll, voter_of
from meetings.during.stage import StagePoll
from meetings.rules.lifecycle import PollState
from meetings.rules.polls import TEST
from meetings.rules.refusals import Refused
from meetings.rules.roll import Voter, eligible, may_cast
from meetings.storage.tables import Ballot, Meeting, Person, Poll, RollEntry
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


async def shown_poll(reading: Reading, meeting: Meeting) -> Poll | None:
    """The poll that desks show: a test that runs, else the newest of the item in hand that was opened."""
    return await reading.session.scalar(
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


def desk_at(poll: StagePoll, lines: Sequence[Line], person: UUID, *, called: bool) -> Desk:
    """The desk at this poll; `called`: those who have not voted were called."""
    return Desk(
        poll,
        next((line for line in lines if line.person == person), None),
        tuple(line for line in lines if line.person != person),
        called and poll.state == PollState.OPEN,
    )


async def lines_of(reading: Reading, poll: StagePoll, person: UUID) -> list[Line]:
    """The ballots of one poll that were this person's to cast."""
    return (await lines_on(reading, [poll], [person])).get((poll.id, person), [])


async def lines_on(
    reading: Reading, polls: Collection[StagePoll], people: Collection[UUID]
) -> dict[tuple[UUID, UUID], list[Line]]:
    """The ballots that were theirs to cast, by poll and person, in one query: a full room asks at the same moment."""
    if not polls:
        return {}
    rows = await reading.session.execute(
        select(RollEntry, Person.name, Ballot.choice)
        .join(Person, Person.id == RollEntry.person_id)
        .outerjoin(
            Ballot,
            (Ballot.poll_id == RollEntry.poll_id)
            & (Ballot.person_id == RollEntry.person_id)
            & Ballot.replaced_at.is_(None),
        )
        .where(
            RollEntry.poll_id.in_([poll.id for poll in polls]),
            or_(RollEntry.person_id.in_(people), RollEntry.proxy_holder_id.in_(people)),
        )
        .order_by(Person.sort_key, Person.id)
    )
    asking, secret = frozenset(people), {poll.id for poll in polls if poll.secret}
    theirs: defaultdict[tuple[UUID, UUID], list[tuple[RollEntry, str, str]]] = defaultdict(list)
    for row, name, choice in rows:
        told = choice if choice and row.receipt and row.poll_id not in secret else ""
        for person in asking & {row.person_id, row.proxy_holder_id}:
            theirs[row.poll_id, person].append((row, name, told))
    return {key: _lines(kept, key[1]) for key, kept in theirs.items()}


def _lines(kept: Sequence[tuple[RollEntry, str, str]], person: UUID) -> list[Line]:
    voters = [voter_of(row) for row, _, _ in kept]
    return [
        Line(
            row.person_id, name, _obstacle(voters, person, row.person_id), row.receipt or "", row.cast_at, choice,
            row.called_at is not None,
        )
        for row, name, choice in kept
    ]  # fmt: skip


def _obstacle(voters: list[Voter], actor: UUID, person: UUID) -> str:
    try:
        may_cast(voters, str(actor), str(person))
    except Refused as refusal:
        return refusal.code
    return ""


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
