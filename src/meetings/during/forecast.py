"""When the meeting will end, from the planned times of its agenda and what was spent so far."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from meetings.before.agenda import agenda_of
from meetings.rules.lifecycle import ItemState, MeetingState
from meetings.rules.timing import Course, Forecast, Slot, forecast, seconds_spent
from meetings.storage.tables import Item, Meeting
from meetings.storage.unit_of_work import Reading

FORETOLD = (MeetingState.PUBLISHED, MeetingState.IN_SESSION, MeetingState.RECESS)
_COURSES = {ItemState.PLANNED: Course.COMING, ItemState.TAKEN_UP: Course.NOW}


async def forecast_of(
    reading: Reading, meeting: Meeting, items: Sequence[Item] | None = None
) -> Forecast | None:
    """The forecast of a meeting that members wait for or sit in; None elsewhere, and where no item names a time."""
    if meeting.state not in FORETOLD:
        return None
    agenda = await agenda_of(reading, meeting.id) if items is None else items
    slots = [_slot(item, reading.now) for item in agenda]
    return forecast(slots, start=meeting.starts_at, now=reading.now, recess_until=meeting.recess_until)


def spent(item: Item, now: datetime) -> int:
    """Seconds that an item was in hand while the meeting sat."""
    return seconds_spent(item.spent_seconds, item.running_since, now)


def _slot(item: Item, now: datetime) -> Slot:
    return Slot(
        id=str(item.id),
        parent=str(item.parent_id) if item.parent_id else None,
        minutes=item.minutes_planned,
        course=_COURSES.get(ItemState(item.state), Course.OVER),
        spent=spent(item, now),
        planned=not item.urgent,
    )
