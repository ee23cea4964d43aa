"""The days of a series: against the rules of iCalendar, around days off, and with an end."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime, time, timedelta

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from meetings.rules.refusals import Refused
from meetings.rules.series import MOST, DaysOff, Every, Recurrence, SeriesDay, data_of, days_of, recurrence_of
from meetings.rules.working_days import ORDINARY, Calendar, is_working

DAYS = st.dates(date(2026, 1, 1), date(2040, 12, 31))
EVERY = st.sampled_from(list(Every))
INTERVAL = st.integers(1, 12)
COUNT = st.integers(1, 30)
CALENDAR = st.builds(
    Calendar,
    off=st.frozensets(st.dates(date(2026, 1, 1), date(2030, 12, 31)), max_size=40),
    worked=st.frozensets(st.dates(date(2026, 1, 1), date(2030, 12, 31)), max_size=10),
)


def _same_by_icalendar(rule: Recurrence) -> list[date]:
    weekday = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")[rule.first.weekday()]
    last_days = ",".join(map(str, range(28, rule.first.day + 1))) or rule.first.day
    by = {
        Every.WEEK: "FREQ=WEEKLY",
        Every.MONTH_DAY: f"FREQ=MONTHLY;BYMONTHDAY={last_days};BYSETPOS=-1",
        Every.MONTH_WEEKDAY: f"FREQ=MONTHLY;BYDAY={(rule.first.day - 1) // 7 + 1}{weekday}",
        Every.MONTH_LAST_WEEKDAY: f"FREQ=MONTHLY;BYDAY=-1{weekday}",
    }[rule.every]
    begins = rule.first if rule.every == Every.WEEK else rule.first.replace(day=1)
    found = rrulestr(
        f"{by};INTERVAL={rule.interval};COUNT={rule.count}", dtstart=datetime.combine(begins, time())
    )
    return [moment.date() for moment in found]


@given(first=DAYS, every=EVERY, interval=INTERVAL, count=COUNT)
def test_the_days_are_those_that_icalendar_names(
    first: date, every: Every, interval: int, count: int
) -> None:
    rule = Recurrence(first=first, every=every, interval=interval, count=count, days_off=DaysOff.KEEP)
    found = days_of(rule, ORDINARY)
    assert [one.day for one in found] == [one.ruled for one in found] == _same_by_icalendar(rule)


@given(
    first=DAYS, every=EVERY, interval=INTERVAL, count=COUNT, calendar=CALENDAR,
    days_off=st.sampled_from(list(DaysOff)), length=st.integers(0, 700),
)  # fmt: skip
def test_days_off_are_kept_skipped_or_moved_and_the_end_holds(
    first: date, every: Every, interval: int, count: int, calendar: Calendar, days_off: DaysOff, length: int
) -> None:
    until = first + timedelta(days=length)
    rule = Recurrence(
        first=first, every=every, interval=interval, count=count, until=until, days_off=days_off
    )
    assert recurrence_of(data_of(rule)) == rule
    with suppress(Refused):
        _hold(rule, days_of(rule, calendar), calendar)


def _hold(rule: Recurrence, found: Sequence[SeriesDay], calendar: Calendar) -> None:
    days = [one.day for one in found]
    assert days == sorted(set(days)), "each day once, in order"
    assert 1 <= len(days) <= min(rule.count or MOST, MOST)
    assert all(rule.until and one.ruled <= rule.until for one in found)
    if rule.days_off != DaysOff.KEEP:
        assert all(is_working(day, calendar) for day in days)
    for one in found:
        worked = is_working(one.ruled, calendar)
        assert (one.day == one.ruled) == (worked or rule.days_off == DaysOff.KEEP)
        assert not (rule.days_off == DaysOff.BEFORE and one.day > one.ruled)
        assert not (rule.days_off == DaysOff.AFTER and one.day < one.ruled)


def test_a_month_without_the_day_and_a_holiday_in_a_real_year() -> None:
    rule = Recurrence(
        first=date(2027, 1, 29), every=Every.MONTH_DAY, count=3, days_off=DaysOff.BEFORE
    )  # 29 January 2027 is a Friday, 28 February a Sunday
    assert [one.day for one in days_of(rule, ORDINARY)] == [
        date(2027, 1, 29), date(2027, 2, 26), date(2027, 3, 29),
    ]  # fmt: skip
    tet = Calendar(off=frozenset(date(2027, 2, 5) + timedelta(days=more) for more in range(5)))
    weekly = Recurrence(first=date(2027, 2, 1), count=3)
    assert [one.day for one in days_of(weekly, tet)] == [
        date(2027, 2, 1), date(2027, 2, 15), date(2027, 2, 22),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        (Recurrence(first=date(2027, 1, 1)), "field-missing"),
        (Recurrence(first=date(2027, 1, 1), until=date(2026, 1, 1)), "date-wrong"),
        (Recurrence(first=date(1, 1, 1), count=2), "date-wrong"),
        (Recurrence(first=date(2027, 1, 1), count=2, interval=0), "wrong-input"),
        (Recurrence(first=date(2027, 1, 1), count=0), "wrong-input"),
        (Recurrence(first=date(2027, 1, 1), count=MOST + 1), "series-long"),
        (Recurrence(first=date(2027, 1, 1), until=date(2032, 1, 1)), "series-long"),
        (Recurrence(first=date(2027, 1, 2), count=2), "series-empty"),
    ],
)
def test_a_rule_that_cannot_be_is_refused(rule: Recurrence, code: str) -> None:
    with pytest.raises(Refused) as refused:
        days_of(rule, ORDINARY)
    assert refused.value.code == code
