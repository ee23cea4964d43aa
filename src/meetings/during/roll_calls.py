"""Roll calls: the chair calls the names in order; only who was called answers, and the answers are heard at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from meetings.during.roll import frozen_roll
from meetings.rules.events import NameCalled
from meetings.rules.lifecycle import PollState
from meetings.rules.permissions import Actor, Right
from meetings.rules.polls import Method, names_told
from meetings.rules.refusals import Refused
from meetings.rules.roll import eligible
from meetings.storage.tables import Ballot, Meeting, Person, Poll, RollEntry
from meetings.storage.unit_of_work import Reading, Work


@dataclass(frozen=True, slots=True)
class Called:
    """A name of the roll call; `choice` is the answer's code, empty before it."""

    person: UUID
    name: str
    called: bool
    answered: bool
    choice: str


async def call_next(work: Work, actor: Actor, poll: UUID, *, seen: UUID | None = None) -> Poll:
    """Call the next name in the order names are read. Whoever was called and has not answered may still do so.

    `seen` is the member whose turn it was on the caller's screen: two hands on one button pass nobody over. Without it
    nothing is compared.
    """
    kept = await work.locked(Poll, poll)
    meeting = await work.locked(Meeting, kept.meeting_id)
    actor.must(Right.RUN_ROOM, body=meeting.body_id)
    if kept.method != Method.ROLL_CALL or kept.state != PollState.OPEN:
        raise Refused("not-now", state=kept.state)
    if seen is not None and kept.calling_id is not None and seen != kept.calling_id:
        raise Refused("called-changed")
    names = await roll_call_of(work, kept)
    place = next((place for place, one in enumerate(names) if not one.called), None)
    if place is None:
        raise Refused("names-called")
    called = names[place]
    entry = await work.session.get(RollEntry, (poll, called.person))
    if entry is not None:
        entry.called_at = work.now
    kept.calling_id = called.person
    event = NameCalled(
        poll=str(poll), person=str(called.person), person_name=called.name, place=place + 1, voters=len(names)
    )
    await work.session.flush()
    await work.record(actor, event, meeting=meeting.id)
    return kept


async def roll_call_of(reading: Reading, poll: Poll) -> Sequence[Called]:
    """Everybody with a ballot, in the order names are read, with the answers given so far."""
    entitled = {UUID(voter.person) for voter in eligible(await frozen_roll(reading, poll.id))}
    rows = await reading.session.execute(
        select(Person.id, Person.name, RollEntry.called_at, RollEntry.receipt, Ballot.choice)
        .join(RollEntry, RollEntry.person_id == Person.id)
        .outerjoin(
            Ballot,
            (Ballot.poll_id == RollEntry.poll_id)
            & (Ballot.person_id == Person.id)
            & Ballot.replaced_at.is_(None),
        )
        .where(RollEntry.poll_id == poll.id)
        .order_by(Person.sort_key, Person.id)
    )
    return [
        Called(person, name, called_at is not None, receipt is not None, choice or "")
        for person, name, called_at, receipt, choice in rows
        if person in entitled
    ]


async def told_calls(reading: Reading, poll: Poll) -> Sequence[Called]:
    """The names of a roll call that were called so far, if everybody may see their answers now."""
    if poll.method != Method.ROLL_CALL or not names_told_now(poll):
        return ()
    return tuple(one for one in await roll_call_of(reading, poll) if one.called)


def names_told_now(poll: Poll) -> bool:
    """Whether names may stand beside choices at this moment."""
    return names_told(
        method=poll.method, disclosure=poll.disclosure, names=poll.names, secret=poll.secret,
        announced=poll.announced_at is not None,
    )  # fmt: skip
