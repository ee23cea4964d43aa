"""Working days: the ordinary week, days off, swapped days, and Tết as the law and the moon at UTC+7 have it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings.rules.working_days import (
    ORDINARY,
    Calendar,
    DayKind,
    add_working_days,
    is_working,
    working_days_between,
)
from meetings.storage.public_holidays import FIRST_YEARS, Mark, public_holidays

days = st.dates(date(2022, 1, 1), date(2036, 12, 31))
near = st.dates(date(2026, 1, 1), date(2026, 3, 31))
calendars = st.builds(Calendar, off=st.frozensets(near, max_size=20), worked=st.frozensets(near, max_size=20))
MARKS = public_holidays(FIRST_YEARS)
SEEDED = Calendar(
    off=frozenset(mark.day for mark in MARKS if mark.kind is DayKind.OFF),
    worked=frozenset(mark.day for mark in MARKS if mark.kind is DayKind.WORKED),
)
LUNAR = {
    2023: ("01-22", "04-29"), 2024: ("02-10", "04-18"), 2025: ("01-29", "04-07"), 2026: ("02-17", "04-26"),
    2027: ("02-06", "04-16"), 2028: ("01-26", "04-04"), 2029: ("02-13", "04-23"), 2030: ("02-02", "04-12"),
    2031: ("01-23", "04-01"), 2032: ("02-11", "04-19"), 2033: ("01-31", "04-09"), 2034: ("02-19", "04-28"),
    2035: ("02-08", "04-17"),
}  # fmt: skip
"""Mùng 1 and mùng 10 of the third month, computed at UTC+7."""


@given(near, st.integers(-30, 30), calendars)
def test_counting_undoes_adding(day: date, n: int, calendar: Calendar) -> None:
    there = add_working_days(day, n, calendar)
    assert working_days_between(day, there, calendar) == n
    assert n == 0 or is_working(there, calendar)


@given(near, near, near, calendars)
def test_stretches_of_time_add_up(first: date, second: date, third: date, calendar: Calendar) -> None:
    first, second, third = sorted((first, second, third))
    parts = working_days_between(first, second, calendar) + working_days_between(second, third, calendar)
    assert parts == working_days_between(first, third, calendar)


@given(near, near, calendars, near)
def test_a_day_off_never_lengthens_a_stretch(first: date, last: date, calendar: Calendar, off: date) -> None:
    first, last = sorted((first, last))
    fewer = Calendar(calendar.off | {off}, calendar.worked)
    lost = working_days_between(first, last, calendar) - working_days_between(first, last, fewer)
    assert lost == int(first < off <= last and is_working(off, calendar))


@given(days)
def test_without_marks_monday_to_friday_work(day: date) -> None:
    assert is_working(day, ORDINARY) == (day.strftime("%a") not in {"Sat", "Sun"})


def test_a_worked_saturday_counts_unless_it_is_off() -> None:
    saturday = date(2026, 8, 22)
    assert is_working(saturday, Calendar(worked=frozenset({saturday})))
    assert not is_working(saturday, Calendar(off=frozenset({saturday}), worked=frozenset({saturday})))


@pytest.mark.parametrize("year", FIRST_YEARS)
def test_tet_is_where_the_moon_over_hanoi_puts_it(year: int) -> None:
    tet, ancestors = (date.fromisoformat(f"{year}-{day}") for day in LUNAR[year])
    names = {mark.day: mark.name for mark in MARKS}
    assert names[tet] == "Tết Nguyên Đán"
    assert names[ancestors].startswith("Ngày Giỗ Tổ Hùng Vương")
    around = [tet + timedelta(days=shift) for shift in range(-3, 7)]
    lost = [day for day in around if day in SEEDED.off and day.weekday() < 5]
    assert len(lost) == 5, "five working days off at Tết"


def test_2030_is_vietnams_own() -> None:
    off = [mark.day for mark in MARKS if mark.day.year == 2030 and mark.day.month in (1, 2)]
    assert off == [date(2030, 1, 1), *(date(2030, 1, 31) + timedelta(days=more) for more in range(7))]
    assert add_working_days(date(2030, 1, 30), 1, SEEDED) == date(2030, 2, 7)


def test_2026_as_announced() -> None:
    tet = [day for day in sorted(SEEDED.off) if day.year == 2026 and day.month == 2]
    assert tet == [date(2026, 2, 16) + timedelta(days=more) for more in range(5)]
    assert add_working_days(date(2026, 2, 13), 1, SEEDED) == date(2026, 2, 23)
    assert not is_working(date(2026, 8, 31), SEEDED)
    assert is_working(date(2026, 8, 22), SEEDED), "the Saturday worked for it"


def test_a_day_that_is_only_proposed_is_worked() -> None:
    proposed = [mark for mark in MARKS if mark.kind is DayKind.PROPOSED]
    assert Mark(date(2026, 11, 24), DayKind.PROPOSED, "Ngày Văn hóa Việt Nam", False) in proposed
    assert is_working(date(2026, 11, 24), SEEDED)
    assert is_working(date(2029, 11, 26), SEEDED), "nothing is off in lieu of it either"


def test_only_announced_years_are_confirmed() -> None:
    assert {mark.confirmed for mark in MARKS if mark.day.year > 2026} == {False}
    assert all(
        mark.confirmed for mark in MARKS if mark.day.year <= 2026 and mark.kind is not DayKind.PROPOSED
    )
