"""The weekly schedule of a body: lines by day and part of the day, and what changed since they were published."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

NOON, EVENING = "12:00", "18:00"
"""Where the parts of a day begin; clock times as text compare in their order."""


class DayPart(StrEnum):
    """Morning, afternoon, evening; the order here is the order of the day."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


_PARTS = tuple(DayPart)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the schedule. `key` is the same for the same meeting or entry as long as it exists."""

    key: str
    day: str
    """ISO day."""
    part: str
    starts: str = ""
    """`08:00`; empty: at some time of that part of the day."""
    ends: str = ""
    title: str
    chair: str = ""
    attendees: str = ""
    place: str = ""
    prepared_by: str = ""
    note: str = ""


class Change(StrEnum):
    """What became of a line since it was published."""

    SAME = "same"
    ADDED = "added"
    CHANGED = "changed"
    MOVED = "moved"
    """Another day or part of the day: told where it is now, and where it was (`LEFT`)."""
    LEFT = "left"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A line with what became of it. For a line that has `LEFT`, `line` is what stood there and `now` where it went."""

    line: Line
    change: Change = Change.SAME
    was: Mapping[str, str] = field(default_factory=dict[str, str])
    """What was published instead, by field."""
    now: Line | None = None

    @property
    def gone(self) -> bool:
        """Whether the line no longer holds at its place."""
        return self.change in (Change.LEFT, Change.REMOVED)


def monday_of(day: date) -> date:
    """The first day of the week, as weeks are counted here."""
    return day - timedelta(days=day.weekday())


def part_of(clock: str) -> DayPart:
    """The part of the day in which a clock time lies: `12:00` is afternoon, `18:00` evening."""
    if clock < NOON:
        return DayPart.MORNING
    return DayPart.AFTERNOON if clock < EVENING else DayPart.EVENING


def in_order(lines: Iterable[Line]) -> list[Line]:
    """By day, part and time; what has no time stands first in its part."""
    return sorted(lines, key=_place)


def compare(published: Sequence[Line], now: Sequence[Line]) -> list[Marked]:
    """The lines of today marked against those that were published, with the gone ones at the place where they stood."""
    before = {line.key: line for line in published}
    today = {line.key: line for line in now}
    marked = [_marked(line, before.get(line.key)) for line in now]
    for line in published:
        new = today.get(line.key)
        if new is None:
            marked.append(Marked(line=line, change=Change.REMOVED))
        elif (new.day, new.part) != (line.day, line.part):
            marked.append(Marked(line=line, change=Change.LEFT, now=new))
    return sorted(marked, key=lambda one: (*_place(one.line), one.gone))


def changed(marked: Iterable[Marked]) -> list[Marked]:
    """Each change once: a line that moved is told at its new place."""
    return [one for one in marked if one.change not in (Change.SAME, Change.LEFT)]


def as_data(lines: Iterable[Line]) -> list[dict[str, str]]:
    """The lines as they are kept with a publication."""
    return [asdict(line) for line in lines]


def from_data(data: Iterable[Mapping[str, Any]]) -> list[Line]:
    """The kept lines again."""
    return [Line(**row) for row in data]


def _marked(line: Line, before: Line | None) -> Marked:
    if before is None:
        return Marked(line=line, change=Change.ADDED)
    was = {
        one.name: getattr(before, one.name)
        for one in fields(Line)
        if getattr(before, one.name) != getattr(line, one.name)
    }
    if not was:
        return Marked(line=line)
    moved = "day" in was or "part" in was
    return Marked(line=line, change=Change.MOVED if moved else Change.CHANGED, was=was)


def _place(line: Line) -> tuple[str, int, str, str, str]:
    part = _PARTS.index(DayPart(line.part))
    return line.day, part, line.starts, line.title, line.key
