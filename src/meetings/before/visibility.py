"""Which items of a meeting a reader does not see."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select, true

from meetings.rules.permissions import Actor, Right
from meetings.rules.refusals import Refused
from meetings.rules.visibility import Audience, Visibility, audience_of, shows
from meetings.storage.tables import Item, Meeting
from meetings.storage.unit_of_work import Reading


async def unseen_by(reading: Reading, meeting: UUID, audience: Audience) -> frozenset[UUID]:
    """The items of a meeting that this audience does not see."""
    unseen = [one for one in Visibility if not shows(one, audience)]
    if not unseen:
        return frozenset()
    rows = await reading.session.scalars(
        select(Item.id).where(Item.meeting_id == meeting, Item.visibility.in_(unseen))
    )
    return frozenset(rows)


async def unseen_items(reading: Reading, actor: Actor, meeting: Meeting) -> frozenset[UUID]:
    """The items of a meeting that this person does not see."""
    return await unseen_by(reading, meeting.id, audience_of(actor, meeting.body_id, meeting.id))


def open_items(actor: Actor) -> ColumnElement[bool]:
    """Part of a query that has an item with its meeting: whether this person sees the item."""
    inside = actor.bodies(Right.PREPARE) | actor.bodies(Right.RUN_ROOM)
    runs = Meeting.body_id.in_(inside)
    takes_part = or_(
        runs,
        Meeting.body_id.in_(actor.bodies(Right.TAKE_PART)),
        Meeting.id.in_(actor.meetings(Right.TAKE_PART)),
    )
    circles = {Audience.ANYBODY: true(), Audience.MEMBERS: takes_part, Audience.INSIDERS: runs}
    return or_(
        *(
            and_(Item.visibility == one, circles[next(a for a in Audience if shows(one, a))])
            for one in Visibility
        )
    )


async def must_see_item(reading: Reading, actor: Actor, item: UUID) -> None:
    """Refuse (`not-found`) an item that is not for this person."""
    kept = await reading.get(Item, item)
    meeting = await reading.get(Meeting, kept.meeting_id)
    if not shows(kept.visibility, audience_of(actor, meeting.body_id, meeting.id)):
        raise Refused("not-found")


def must_be_let_in(actor: Actor, meeting: Meeting, item: Item | None) -> None:
    """Refuse (`room-internal`) somebody who may not be in the room while this item is in hand."""
    if item is not None and not shows(item.visibility, audience_of(actor, meeting.body_id, meeting.id)):
        raise Refused("room-internal")
