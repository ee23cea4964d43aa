"""The days of meetings that are repeated: every so many weeks, or months by date or by weekday, around the days off."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final

from meetings.rules.refusals import Refused
from meetings.rules.timing import YEARS
from meetings.rules.working_days import Calendar, add_working_days, is_working

MOST: Final = 60
"""Meetings of one series: a weekly one for a year, a monthly one for a term."""
LOOKED_AT: Final = 1000
"""Steps of the rule that are looked at: a weekly meeting on Saturdays may have no working day at all."""
_DAY: Final = timedelta(days=1)


class Every(StrEnum):
    """How a series goes on from its first day."""

    WEEK = "week"
    MONTH_DAY = "month-day"
    """On the same day of the month; on the last one where the month is shorter."""
    MONTH_WEEKDAY = "month-weekday"
    """On the same weekday of the month: the second Tuesday. A month without a fifth one has none."""
    MONTH_LAST_WEEKDAY = "month-last-weekday"
    """On the last such weekday of the month."""


class DaysOff(StrEnum):
    """What becomes of a meeting on a day that is not worked."""

    KEEP = "keep"
    SKIP = "skip"
    BEFORE = "before"
    """On the working day before."""
    AFTER = "after"
    """On the working day after."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recurrence:
    """A rule of repetition. It ends with `until` (inclusive) or after `count` meetings, whichever is said."""

    first: date
    every: Every = Every.WEEK
    interval: int = 1
    """Every so many weeks or months."""
    until: date | None = None
    count: int | None = None
    days_off: DaysOff = DaysOff.SKIP


@dataclass(frozen=True, slots=True)
class SeriesDay:
    """A day of a series, and the day that the rule itself names."""

    day: date
    ruled: date


def must_be_sound(recurrence: Recurrence) -> Recurrence:
    """The rule, if it has an end that comes after its beginning (`wrong-input`, `field-missing`, `series-long`)."""
    if recurrence.first.year not in YEARS:
        raise Refused("date-wrong", field="first")
    if not 1 <= recurrence.interval <= 12:
        raise Refused("wrong-input", field="interval")
    if recurrence.until is None and recurrence.count is None:
        raise Refused("field-missing", field="until")
    if recurrence.until is not None and not recurrence.first <= recurrence.until:
        raise Refused("date-wrong", field="until")
    if recurrence.count is not None and recurrence.count < 1:
        raise Refused("wrong-input", field="count")
    if recurrence.count is not None and recurrence.count > MOST:
        raise Refused("series-long", limit=MOST)
    return recurrence


def days_of(recurrence: Recurrence, calendar: Calendar) -> list[SeriesDay]:
    """The days of the meetings, in order and each once; refused when there are none, or more than MOST."""
    rule = must_be_sound(recurrence)
    found: dict[date, SeriesDay] = {}
    for ruled in _ruled(rule):
        if (rule.until and ruled > rule.until) or len(found) == rule.count:
            break
        day = _worked(ruled, rule.days_off, calendar)
        if day is not None:
            found.setdefault(day, SeriesDay(day, ruled))
        if len(found) > MOST:
            raise Refused("series-long", limit=MOST)
    if not found:
        raise Refused("series-empty")
    return sorted(found.values(), key=lambda one: one.day)


def _ruled(rule: Recurrence) -> Iterator[date]:
    """The days that the rule names, whether they are worked or not."""
    day: date | None
    for step in range(LOOKED_AT):
        if rule.every == Every.WEEK:
            day = rule.first + timedelta(weeks=step * rule.interval)
        else:
            month = rule.first.year * 12 + rule.first.month - 1 + step * rule.interval
            day = _in_month(month // 12, month % 12 + 1, rule)
        if day is not None and day.year in YEARS:
            yield day


def _in_month(year: int, month: int, rule: Recurrence) -> date | None:
    begins = date(year, month, 1)
    ends = (begins + timedelta(days=31)).replace(day=1) - _DAY
    if rule.every == Every.MONTH_DAY:
        return begins.replace(day=min(rule.first.day, ends.day))
    if rule.every == Every.MONTH_LAST_WEEKDAY:
        return ends - timedelta(days=(ends.weekday() - rule.first.weekday()) % 7)
    week = (rule.first.day - 1) // 7
    day = begins + timedelta(days=(rule.first.weekday() - begins.weekday()) % 7 + 7 * week)
    return day if day <= ends else None


def _worked(day: date, days_off: DaysOff, calendar: Calendar) -> date | None:
    if days_off == DaysOff.KEEP or is_working(day, calendar):
        return day
    if days_off == DaysOff.SKIP:
        return None
    return add_working_days(day, -1 if days_off == DaysOff.BEFORE else 1, calendar)


def data_of(recurrence: Recurrence) -> dict[str, Any]:
    """As the tables and the journal keep a rule."""
    return {
        "every": recurrence.every.value,
        "interval": recurrence.interval,
        "first": recurrence.first.isoformat(),
        "until": recurrence.until.isoformat() if recurrence.until else "",
        "count": recurrence.count or 0,
        "days_off": recurrence.days_off.value,
    }


def recurrence_of(data: Mapping[str, Any]) -> Recurrence:
    """The rule that was kept."""
    return Recurrence(
        every=Every(data["every"]), interval=data["interval"], first=date.fromisoformat(data["first"]),
        until=date.fromisoformat(data["until"]) if data["until"] else None, count=data["count"] or None,
        days_off=DaysOff(data["days_off"]),
    )  # fmt: skip
