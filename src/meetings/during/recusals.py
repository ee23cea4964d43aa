"""A member stands aside from one item: no papers of it, no floor, no ballot. Whether the base of a majority shrinks is
part of the voting rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from meetings.before.papers import is_recused
from meetings.before.visibility import must_see_item
from meetings.during.attendance import attendees_of, must_be_open, own_attendee
from meetings.during.motion_polls import concerns
from meetings.rules.events import RecusalDeclared, RecusalLifted
from meetings.rules.lifecycle import ItemState, PollState
from meetings.rules.permissions import Actor, Right
from meetings.rules.polls import TEST
from meetings.rules.refusals import Refused
from meetings.storage.tables import Item, Meeting, Person, Poll, Recusal
from meetings.storage.unit_of_work import Reading, Work

__all__ = ["StoodAside", "declare_recusal", "is_recused", "lift_recusal", "recusals_in"]

OVER = (ItemState.CONCLUDED, ItemState.WITHDRAWN, ItemState.REFERRED)


@dataclass(frozen=True, slots=True)
class StoodAside:
    """A recusal in force."""

    id: UUID
    item: UUID
    person: UUID
    name: str
    reason: str


async def declare_recusal(
    work: Work, actor: Actor, item: UUID, *, person: UUID | None = None, reason: str = ""
) -> Recusal:
    """Stand aside from an item, or, as the chair, have a member stand aside. Refused while a poll on it is open."""
    under = await work.get(Item, item)
    held = await work.locked(Meeting, under.meeting_id)
    await must_see_item(work, actor, item)
    if person is None or person == actor.person:
        who = await own_attendee(work, actor, held)
    else:
        actor.must(Right.RUN_ROOM, body=held.body_id)
        found = (await attendees_of(work, held)).get(person)
        if found is None:
            raise Refused("not-a-member")
        who = found
    must_be_open(held)
    if under.state in OVER:
        raise Refused("not-now", state=under.state)
    await _no_open_poll(work, item)
    if await is_recused(work, item, who.person):
        raise Refused("recusal-twice", name=who.name)
    row = Recusal(
        id=work.new_id(), meeting_id=held.id, item_id=item, person_id=who.person, reason=reason.strip(),
        declared_by=actor.person, declared_at=work.now,
    )  # fmt: skip
    work.session.add(row)
    await work.session.flush()
    event = RecusalDeclared(
        item=str(item),
        number=under.number,
        person=str(who.person),
        person_name=who.name,
        reason=row.reason,
        set_by_chair=who.person != actor.person,
    )
    await work.record(actor, event, meeting=held.id)
    return row


async def lift_recusal(work: Work, actor: Actor, recusal: UUID) -> Recusal:
    """The chair lets a member take part in the item again. Refused while a poll on it is open."""
    row = await work.get(Recusal, recusal)
    held = await work.locked(Meeting, row.meeting_id)
    actor.must(Right.RUN_ROOM, body=held.body_id)
    must_be_open(held)
    row = await work.locked(Recusal, recusal)
    if row.lifted_at is not None:
        raise Refused("not-found")
    await _no_open_poll(work, row.item_id)
    row.lifted_at = work.now
    await work.session.flush()
    item, person = await work.get(Item, row.item_id), await work.get(Person, row.person_id)
    event = RecusalLifted(
        item=str(item.id), number=item.number, person=str(person.id), person_name=person.name
    )
    await work.record(actor, event, meeting=held.id)
    return row


async def recusals_in(reading: Reading, meeting: UUID) -> list[StoodAside]:
    """Everybody who stands aside from an item of this meeting, in the order names are read."""
    rows = await reading.session.execute(
        select(Recusal.id, Recusal.item_id, Person.id, Person.name, Recusal.reason)
        .join(Person, Person.id == Recusal.person_id)
        .where(Recusal.meeting_id == meeting, Recusal.lifted_at.is_(None))
        .order_by(Person.sort_key, Person.id)
    )
    return [StoodAside(*row) for row in rows]


async def _no_open_poll(work: Work, item: UUID) -> None:
    """The roll of an open poll is frozen. Opening locks the meeting too, so none can open meanwhile."""
    found = await work.session.scalar(
        select(Poll.id).where(concerns(item), Poll.state == PollState.OPEN, Poll.kind != TEST).limit(1)
    )
    if found is not None:
        raise Refused("recusal-poll-open")
