"""The house's calendar of working days, as its table of days says."""

from __future__ import annotations

from sqlalchemy import select

from meetings.rules.working_days import Calendar, DayKind
from meetings.storage.tables import DayMark
from meetings.storage.unit_of_work import Reading


async def calendar_of(reading: Reading) -> Calendar:
    """The days that are off and those that are worked; proposed ones do not count yet."""
    rows = (await reading.session.execute(select(DayMark.day, DayMark.kind))).all()
    return Calendar(
        off=frozenset(day for day, kind in rows if kind == DayKind.OFF),
        worked=frozenset(day for day, kind in rows if kind == DayKind.WORKED),
    )
