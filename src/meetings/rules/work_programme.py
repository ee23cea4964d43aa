"""The work programme of a body (chương trình công tác): when entries are due, how they stand, what changed since.

The working regulation of a Vietnamese committee (model: Decision 45/2018/QĐ-TTg; Hanoi: 51/2024/QĐ-UBND, article 21)
asks for programmes of the year, the quarter and the month. Here the year has one programme, and quarter and month are
looks at it. How late an entry is, is counted in working days after the last day of its period.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from meetings.rules.refusals import Refused
from meetings.rules.working_days import YEARS, Calendar, add_working_days, working_days_late

QUARTERS = range(1, 5)
MONTHS = range(1, 13)
_CODE = re.compile(r"(\d{4})-(?:Q([1-4])|(\d{2})(?:-(\d{2}))?)")


class Form(StrEnum):
    """How the body deals with an entry."""

    MEETING = "meeting"
    CONSULTATION = "consultation"
    """In writing, outside a meeting."""
    REPORT = "report"
    """It only takes note of a report."""


class ChangeKind(StrEnum):
    """What became of an entry after the approval."""

    ADDED = "added"
    MOVED = "moved"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"


class EntryState(StrEnum):
    """How an entry stands, from what is known of its dossier, item and consultation."""

    PLANNED = "planned"
    PREPARED = "prepared"
    """An agency has begun its dossier, or the secretariat its consultation."""
    UNDER_WAY = "under-way"
    """It is on an agenda, or members are asked in writing."""
    DONE = "done"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Period:
    """A quarter, a month or a day of a year: exactly one of the three is given."""

    year: int
    quarter: int | None = None
    month: int | None = None
    day: date | None = None

    @property
    def first(self) -> date:
        """The first day on which the entry may be dealt with."""
        if self.day:
            return self.day
        return date(self.year, self.month or 3 * (self.quarter or 1) - 2, 1)

    @property
    def last(self) -> date:
        """The last one."""
        if self.day:
            return self.day
        month = self.month or 3 * (self.quarter or 1)
        return date(self.year + month // 12, month % 12 + 1, 1) - timedelta(days=1)

    @property
    def code(self) -> str:
        """`2026-Q1`, `2026-03` or `2026-03-15`: for programs, and for what is kept."""
        if self.day:
            return self.day.isoformat()
        return f"{self.year}-{self.month:02}" if self.month else f"{self.year}-Q{self.quarter}"

    @property
    def part_of_year(self) -> tuple[int, int]:
        """Its quarter, and its month or 0 when only the quarter is named; sorts a quarter behind its months."""
        month = self.day.month if self.day else self.month
        return ((month - 1) // 3 + 1, month) if month else (self.quarter or 1, 0)

    def within(self, quarter: int | None, month: int | None) -> bool:
        """Whether it shows when one looks at that quarter or month: an entry of a quarter shows in its months too."""
        mine, own_month = self.part_of_year
        if month:
            return own_month == month or (not own_month and mine == (month - 1) // 3 + 1)
        return not quarter or mine == quarter


def period_of(year: int, quarter: int | None, month: int | None, day: date | None) -> Period:
    """The finest of what was given; refuses (`programme-time`) none at all, and days of another year."""
    if year not in YEARS:
        raise Refused("wrong-input", field="year")
    if day is not None:
        if day.year != year:
            raise Refused("programme-time", year=year)
        return Period(year, day=day)
    if month is not None and month in MONTHS:
        return Period(year, month=month)
    if month is None and quarter is not None and quarter in QUARTERS:
        return Period(year, quarter=quarter)
    raise Refused("programme-time", year=year)


def period_from(code: str) -> Period:
    """The period of such a code; refuses (`wrong-input`) what is none."""
    found = _CODE.fullmatch(code)
    if not found:
        raise Refused("wrong-input", field="due")
    year, quarter, month, day = (int(part) if part else None for part in found.groups())
    try:
        on = date(year or 0, month or 0, day) if day else None
    except ValueError as wrong:
        raise Refused("wrong-input", field="due") from wrong
    return period_of(year or 0, quarter, None if on else month, on)


def submit_by(period: Period, papers_days: int, calendar: Calendar) -> date:
    """The last day for its dossier: so many working days before the last day on which it may be dealt with."""
    return add_working_days(period.last, -papers_days, calendar)


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What is known of an entry."""

    last: date
    withdrawn: bool = False
    done: date | None = None
    under_way: bool = False
    prepared: bool = False
    moved: bool = False
    """To another period, after the approval."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How an entry stands today."""

    state: EntryState
    late: int
    """Working days after its period on which it was done, or today while it is open; 0 in time."""
    moved: bool


def standing(course: Course, today: date, calendar: Calendar) -> Standing:
    """Withdrawn before done: what is withdrawn is not late any more."""
    if course.withdrawn:
        return Standing(EntryState.WITHDRAWN, 0, course.moved)
    late = working_days_late(course.last, course.done or today, calendar)
    if course.done:
        return Standing(EntryState.DONE, late, course.moved)
    state = EntryState.PREPARED if course.prepared else EntryState.PLANNED
    return Standing(EntryState.UNDER_WAY if course.under_way else state, late, course.moved)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """A programme in numbers. In time, late, withdrawn and open add up; moved and overdue count among them."""

    in_time: int
    late: int
    withdrawn: int
    open: int
    overdue: int
    """Open, and its period is over."""
    moved: int

    @property
    def all(self) -> int:
        """Every entry."""
        return self.in_time + self.late + self.withdrawn + self.open


def figures(entries: Iterable[Standing]) -> Figures:
    """Count them."""
    found = list(entries)
    done = [one for one in found if one.state is EntryState.DONE]
    gone = [one for one in found if one.state is EntryState.WITHDRAWN]
    late = sum(one.late > 0 for one in done)
    return Figures(
        in_time=len(done) - late, late=late, withdrawn=len(gone), open=len(found) - len(done) - len(gone),
        overdue=sum(one.late > 0 for one in found) - late, moved=sum(one.moved for one in found),
    )  # fmt: skip
