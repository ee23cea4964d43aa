"""Which items of a meeting a reader does not see."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from meetings.rules.permissions import Actor
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


async def is_shut_out(reading: Reading, actor: Actor, meeting: Meeting) -> bool:
    """Whether the meeting has internal items and this person is none of those who hear of them."""
    if audience_of(actor, meeting.body_id, meeting.id) is not Audience.ANYBODY:
        return False
    found = select(Item.id).where(Item.meeting_id == meeting.id, Item.visibility == Visibility.INTERNAL)
    return await reading.session.scalar(found.limit(1)) is not None


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
