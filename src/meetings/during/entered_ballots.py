"""A ballot for a member without a device: the secretary enters it, and it counts once a second person confirms it.

Only named ballots can be entered. Whoever casts on a device of their own meanwhile is not overruled: the entered one
is dropped.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import aliased

from meetings.during.receipts import new_receipt
from meetings.during.roll import frozen_roll
from meetings.rules.ballot_forms import checked, poll_form
from meetings.rules.events import BallotCast, BallotEntered, EnteredBallotDropped, RollCallAnswered
from meetings.rules.lifecycle import PollState
from meetings.rules.permissions import Actor, Right
from meetings.rules.polls import TEST, Method, in_time
from meetings.rules.refusals import Refused
from meetings.rules.roll import eligible
from meetings.rules.rule_data import stored_rule
from meetings.storage.many import among
from meetings.storage.tables import Ballot, EnteredBallot, Meeting, Person, Poll, RollEntry
from meetings.storage.unit_of_work import Reading, Work

ENTERED, CONFIRMED, DROPPED = "entered", "confirmed", "dropped"

_ENTERED: Any = EnteredBallot.__table__


@dataclass(frozen=True, slots=True)
class Waiting:
    """An entered ballot that waits for a second person."""

    id: UUID
    poll: UUID
    person: UUID
    name: str
    choice: str
    entered_by: UUID
    entered_name: str
    entered_at: datetime


async def enter_ballot(work: Work, actor: Actor, poll: UUID, person: UUID, choice: str) -> EnteredBallot:
    """Write down a present member's ballot, as the form of the poll allows it. It does not count yet."""
    kept = await work.locked(Poll, poll)
    meeting = await work.get(Meeting, kept.meeting_id)
    actor.must(Right.ENTER_BALLOTS, body=meeting.body_id)
    _must_take(kept, work.now)
    if person == actor.person:
        raise Refused("entered-own")
    entry = await _line(work, kept, person)
    choice = checked(poll_form(kept.kind, kept.form, stored_rule(kept.rule).choices), choice)
    name = (await work.get(Person, person)).name
    if entry.receipt:
        raise Refused("ballot-cast", at=entry.cast_at)
    if any(one.person == person for one in await waiting_for(work, poll)):
        raise Refused("entered-waits", name=name)
    row = EnteredBallot(
        id=work.new_id(), poll_id=poll, person_id=person, choice=choice, state=ENTERED, entered_by=actor.person,
        entered_at=work.now,
    )  # fmt: skip
    work.session.add(row)
    await work.session.flush()
    event = BallotEntered(poll=str(poll), person=str(person), person_name=name, entered_name=actor.name)
    await work.record(actor, event, meeting=kept.meeting_id)
    return row


async def confirm_ballot(work: Work, actor: Actor, entered: UUID) -> Poll:
    """A second person confirms what was entered: from now on it is a ballot like any other, marked as entered."""
    row, kept = await _decided(work, actor, entered)
    _must_take(kept, work.now)
    if actor.person == row.entered_by:
        raise Refused("second-person")
    if actor.person == row.person_id:
        raise Refused("entered-own")
    entry = await _line(work, kept, row.person_id)
    if entry.receipt:
        raise Refused("ballot-cast", at=entry.cast_at)
    row.state, row.decided_by, row.decided_at = CONFIRMED, actor.person, work.now
    receipt, key = new_receipt(), str(work.new_id())
    entry.receipt, entry.ballot_key, entry.cast_at = receipt, key, work.now
    work.session.add(
        Ballot(
            id=work.new_id(), poll_id=kept.id, person_id=row.person_id, choice=row.choice, weight=entry.weight,
            cast_at=work.now, revision=1, key=key, receipt=receipt, entered_by=row.entered_by,
            confirmed_by=actor.person,
        )
    )  # fmt: skip
    await work.session.flush()
    told = RollCallAnswered if kept.method == Method.ROLL_CALL else BallotCast
    event = told(
        poll=str(kept.id), receipt=receipt, voter=str(row.person_id), choice=row.choice, weight=entry.weight,
        salt=secrets.token_hex(16), entered_by=(await work.get(Person, row.entered_by)).name, confirmed_by=actor.name,
    )  # fmt: skip
    await work.record(actor, event, meeting=kept.meeting_id)
    return kept


async def drop_ballot(work: Work, actor: Actor, entered: UUID) -> Poll:
    """Take an entered ballot back before it counts."""
    row, kept = await _decided(work, actor, entered)
    await _drop(work, actor, kept, row)
    return kept


async def drop_all(work: Work, actor: Actor | None, poll: Poll) -> None:
    """Nothing that was entered waits any longer: the poll ends."""
    rows = await work.session.scalars(
        select(EnteredBallot).where(EnteredBallot.poll_id == poll.id, EnteredBallot.state == ENTERED)
    )
    for row in rows.all():
        await _drop(work, actor, poll, row)


async def drop_of_those_who_cast(work: Work, poll: UUID, people: Sequence[UUID]) -> None:
    """Members who cast on a device of their own: what was entered for them is dropped."""
    await work.session.execute(
        update(EnteredBallot)
        .where(
            EnteredBallot.poll_id == poll,
            EnteredBallot.state == ENTERED,
            among(work.session, _ENTERED.c.person_id, people),
        )
        .values(state=DROPPED, decided_at=work.now)
    )


async def check_none_waits(reading: Reading, poll: UUID) -> None:
    """Refuse to close while an entered ballot would be lost (`entered-left`)."""
    left = await waiting_for(reading, poll)
    if left:
        raise Refused("entered-left", name=left[0].name)


async def waiting_for(reading: Reading, poll: UUID) -> list[Waiting]:
    """What waits for a second person, in the order it was entered."""
    voter, clerk = aliased(Person), aliased(Person)
    rows = await reading.session.execute(
        select(EnteredBallot, voter.name, clerk.name)
        .join(voter, voter.id == EnteredBallot.person_id)
        .join(clerk, clerk.id == EnteredBallot.entered_by)
        .where(EnteredBallot.poll_id == poll, EnteredBallot.state == ENTERED)
        .order_by(EnteredBallot.entered_at, EnteredBallot.id)
    )
    return [
        Waiting(
            row.id, row.poll_id, row.person_id, name, row.choice, row.entered_by, entered_name, row.entered_at
        )
        for row, name, entered_name in rows
    ]


async def _decided(work: Work, actor: Actor, entered: UUID) -> tuple[EnteredBallot, Poll]:
    """The entered ballot and its poll, the poll held first as everywhere."""
    kept = await work.locked(Poll, (await work.get(EnteredBallot, entered)).poll_id)
    meeting = await work.get(Meeting, kept.meeting_id)
    actor.must(Right.ENTER_BALLOTS, body=meeting.body_id)
    row = await work.locked(EnteredBallot, entered)
    if row.state != ENTERED:
        raise Refused("not-now", state=row.state)
    return row, kept


async def _drop(work: Work, actor: Actor | None, poll: Poll, row: EnteredBallot) -> None:
    row.state, row.decided_by, row.decided_at = DROPPED, actor.person if actor else None, work.now
    name = (await work.get(Person, row.person_id)).name
    await work.session.flush()
    event = EnteredBallotDropped(
        poll=str(poll.id), person=str(row.person_id), person_name=name, dropped_name=actor.name if actor else ""
    )  # fmt: skip
    await work.record(actor, event, meeting=poll.meeting_id)


async def _line(work: Work, poll: Poll, person: UUID) -> RollEntry:
    """A present member's line on the roll, held; those who are represented by proxy vote through their holder."""
    entry = await work.session.scalar(
        select(RollEntry).where(RollEntry.poll_id == poll.id, RollEntry.person_id == person).with_for_update()
    )
    if entry is None:
        raise Refused("not-on-roll")
    voter = next(
        (one for one in eligible(await frozen_roll(work, poll.id)) if one.person == str(person)), None
    )
    if voter is None or not voter.attending:
        raise Refused("recused" if entry.recused else "not-present")
    if poll.method == Method.ROLL_CALL and entry.called_at is None:
        raise Refused("not-called")
    return entry


def _must_take(poll: Poll, now: datetime) -> None:
    if poll.secret:
        raise Refused("secret-entered")
    if poll.method == Method.HANDS:
        raise Refused("ballot-in-hands")
    if poll.kind == TEST:
        raise Refused("test-poll")
    if poll.state != PollState.OPEN or not in_time(poll.closes_at, poll.grace, now):
        raise Refused("poll-not-open" if poll.state == PollState.DRAFT else "poll-late")
