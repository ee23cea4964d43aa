"""The table of days: a new house starts with Vietnam's days."""

from __future__ import annotations

from datetime import date

from meetings.before.working_days import calendar_of
from meetings.rules.working_days import add_working_days, is_working
from meetings.storage.unit_of_work import Store


async def test_a_new_house_knows_tet(store: Store) -> None:
    async with store.reading() as reading:
        calendar = await calendar_of(reading)
    assert add_working_days(date(2026, 2, 13), 1, calendar) == date(2026, 2, 23)
    assert add_working_days(date(2030, 1, 30), 1, calendar) == date(2030, 2, 7)
    assert is_working(date(2026, 8, 22), calendar)
    assert is_working(date(2026, 11, 24), calendar)
