"""Working days: Monday to Friday, without the days off, with the weekend days that are worked instead.

Which days those are is data (Tết follows the moon at UTC+7, and the Prime Minister swaps days yearly); the table is
kept by an administrator and arrives here as a `Calendar`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

SATURDAY = 5
_DAY = timedelta(days=1)


class DayKind(StrEnum):
    """What an entry in the table of days says."""

    OFF = "off"
    """Nobody works although it may be Monday to Friday."""
    WORKED = "worked"
    """A Saturday or Sunday on which work is made up."""
    PROPOSED = "proposed"
    """May become a day off; it counts as an ordinary day until then."""


YEARS: Final = range(1990, 2201)
"""The years whose days can be marked and shown."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days that differ from the ordinary week. A day in both sets is off."""

    off: frozenset[date] = field(default_factory=frozenset[date])
    worked: frozenset[date] = field(default_factory=frozenset[date])


ORDINARY = Calendar()
"""Monday to Friday and nothing else."""


def is_working(day: date, calendar: Calendar) -> bool:
    """Whether offices work on that day."""
    if day in calendar.off:
        return False
    return day.weekday() < SATURDAY or day in calendar.worked


def add_working_days(day: date, n: int, calendar: Calendar) -> date:
    """The n-th working day after `day`, which itself does not count; before it when n is negative; `day` for 0."""
    step = _DAY if n > 0 else -_DAY
    left = abs(n)
    while left:
        day += step
        left -= is_working(day, calendar)
    return day


def working_days_between(first: date, last: date, calendar: Calendar) -> int:
    """How many working days lead from `first` to `last`: `first` does not count, `last` does when it is one.

    Negative when `last` comes before `first`, counted the same way backwards.
    """
    if last < first:
        return -_worked(last, first, calendar)
    return _worked(first + _DAY, last + _DAY, calendar)


def working_days_late(due: date, day: date, calendar: Calendar) -> int:
    """By how many working days something of that day misses its last day: 0 in time, at least 1 when late."""
    return max(1, working_days_between(due, day, calendar)) if day > due else 0


def _worked(first: date, end: date, calendar: Calendar) -> int:
    """Working days from `first` until the day before `end`."""
    return sum(is_working(first + timedelta(days=ahead), calendar) for ahead in range((end - first).days))
