"""The weekly schedule of a body. None of it changes the screen of a live meeting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from meetings.rules.events.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleEntryWritten(Event):
    """An entry was added to the schedule; it is told with the next publication of its week."""

    stage: ClassVar[bool] = False
    body: str
    name_of_body: str
    entry: str
    day: str
    part: str
    starts: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleEntryChanged(Event):
    """`changes`: field → what it says now."""

    stage: ClassVar[bool] = False
    body: str
    name_of_body: str
    entry: str
    title: str
    changes: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleEntryRemoved(Event):
    stage: ClassVar[bool] = False
    body: str
    name_of_body: str
    entry: str
    day: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekPublished(Event):
    """A week was published (`number` 1) or its changes were told (2 and later)."""

    stage: ClassVar[bool] = False
    body: str
    name_of_body: str
    monday: str
    number: int
    lines: int
    """How many it has."""
    changes: int
    """How many of them are new, different or gone since the publication before."""
    persons: int
    """How many were told."""
