"""Periods before and after a meeting, in working days: the notice, the papers, the notice of conclusions.

The defaults are those of Decision 45/2018/QĐ-TTg (notice at least 3 working days before, conclusions within 5 working
days; urgent meetings are exempt). Whether it is still in force was not confirmed, and bodies have rules of their own:
so the numbers are data of the body, per kind of meeting.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Any, Final, cast

from meetings.rules.refusals import Refused
from meetings.rules.working_days import Calendar, add_working_days, working_days_late

MOST: Final = 60
"""Working days of the longest period."""
KIND_LENGTH: Final = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Periods:
    """One body's periods for one kind of meeting, in working days; 0 means that there is none."""

    notice_days: int = 3
    """The notice goes out so many working days before the day of the meeting, or earlier."""
    papers_days: int = 3
    """Papers are laid so many working days before the day of the meeting, or earlier."""
    conclusions_days: int = 5
    """The conclusions are out so many working days after the day of the adjournment, or earlier."""


USUAL: Final = Periods()
URGENT: Final = Periods(notice_days=0, papers_days=1)
DEFAULTS: Final[Mapping[str, Periods]] = {"regular": USUAL, "thematic": USUAL, "extraordinary": URGENT}
"""By kind of meeting; another kind has the usual ones."""


def periods_of(data: Mapping[str, Any] | None, kind: str) -> Periods:
    """What counts for that kind of meeting; refuses (`wrong-input`, naming the field) what are no periods."""
    base = DEFAULTS.get(kind, USUAL)
    found: object = (data or {}).get(kind, {})
    if not isinstance(found, Mapping):
        raise Refused("wrong-input", field=kind[:KIND_LENGTH])
    own = cast("Mapping[object, object]", found)
    names = {field.name for field in fields(Periods)}
    values: dict[str, int] = {}
    for name, value in own.items():
        if (
            name not in names
            or isinstance(value, bool)
            or not isinstance(value, int)
            or not 0 <= value <= MOST
        ):
            raise Refused("wrong-input", field=str(name)[:KIND_LENGTH])
        values[str(name)] = value
    return Periods(**{**asdict(base), **values})


def all_periods(data: Mapping[str, Any] | None) -> dict[str, dict[str, int]]:
    """Every kind's periods as plain data, those that were never set with the value they have."""
    kinds = {*DEFAULTS, *(data or {})}
    if any(not kind or len(kind) > KIND_LENGTH for kind in kinds):
        raise Refused("wrong-input", field="kind")
    return {kind: asdict(periods_of(data, kind)) for kind in sorted(kinds)}


def as_data(periods: Mapping[str, Mapping[str, int]]) -> dict[str, dict[str, int]]:
    """Only what differs from the defaults, as it is kept with the body."""
    kept: dict[str, dict[str, int]] = {}
    for kind, own in periods.items():
        base = asdict(DEFAULTS.get(kind, USUAL))
        changed = {name: value for name, value in own.items() if value != base[name]}
        if changed:
            kept[kind] = changed
    return kept


class Duty(StrEnum):
    """What is due."""

    NOTICE = "notice"
    PAPERS = "papers"
    CONCLUSIONS = "conclusions"


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """The days of one meeting that deadlines are about, on its own clock."""

    day: date
    published: date | None = None
    papers: Sequence[date] = ()
    """When each paper was laid first; withdrawn ones left out."""
    adjourned: date | None = None
    concluded: date | None = None
    """When the conclusions went out."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """One duty of one meeting."""

    duty: Duty
    due: date
    done: date | None
    """When it was met, or the last of it; None while it is open."""
    late: int
    """Working days after `due` on which it was met, or today while it is open; 0 in time, at least 1 when late."""
    papers: int = 0
    """How many papers came late."""


def deadlines(course: Course, periods: Periods, calendar: Calendar, today: date) -> list[Deadline]:
    """What is due or was due for a meeting, in the order in which it comes."""
    found: list[Deadline] = []
    if periods.notice_days:
        due = add_working_days(course.day, -periods.notice_days, calendar)
        found.append(_judged(Duty.NOTICE, due, course.published, today, calendar))
    if periods.papers_days:
        found.append(_papers(course, periods.papers_days, calendar))
    if periods.conclusions_days and course.adjourned:
        due = add_working_days(course.adjourned, periods.conclusions_days, calendar)
        found.append(_judged(Duty.CONCLUSIONS, due, course.concluded, today, calendar))
    return found


def _papers(course: Course, days: int, calendar: Calendar) -> Deadline:
    """Papers that are not there cannot be late: whether an item needs one is for people to say."""
    due = add_working_days(course.day, -days, calendar)
    late = [laid for laid in course.papers if laid > due]
    last = max(course.papers, default=None)
    return Deadline(
        Duty.PAPERS, due, last, working_days_late(due, max(late), calendar) if late else 0, len(late)
    )


def _judged(duty: Duty, due: date, done: date | None, today: date, calendar: Calendar) -> Deadline:
    return Deadline(duty, due, done, working_days_late(due, done or today, calendar))
