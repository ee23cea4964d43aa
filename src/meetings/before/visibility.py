"""Which items of a meeting a reader does not see."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from meetings.rules.permissions import Actor
from meetings.rules.refusals import Refused
from meetings.rules.visibility import Audience, Visibility, audience_of, effective, shows
from meetings.storage.tables import Item, Meeting
from meetings.storage.unit_of_work import Reading


async def unseen_by(reading: Reading, meeting: UUID, audience: Audience) -> frozenset[UUID]:
    """The items of a meeting that this audience does not see."""
    if audience is Audience.INSIDERS:
        return frozenset()
    rows = (
        await reading.session.execute(
            select(Item.id, Item.parent_id, Item.visibility).where(Item.meeting_id == meeting)
        )
    ).all()
    if all(row.visibility == Visibility.COMMON for row in rows):
        return frozenset()
    parents = {str(row.id): str(row.parent_id) if row.parent_id else None for row in rows}
    found = effective(parents, {str(row.id): row.visibility for row in rows})
    return frozenset(UUID(item) for item, visibility in found.items() if not shows(visibility, audience))


async def unseen_items(reading: Reading, actor: Actor, meeting: Meeting) -> frozenset[UUID]:
    """The items of a meeting that this person does not see."""
    return await unseen_by(reading, meeting.id, audience_of(actor, meeting.body_id, meeting.id))


async def must_see_item(reading: Reading, actor: Actor, meeting: Meeting, item: UUID) -> None:
    """Refuse (`not-found`) an item that is not for this person."""
    if item in await unseen_items(reading, actor, meeting):
        raise Refused("not-found")
