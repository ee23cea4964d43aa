"""The house's calendar: days, deadlines of a body, rooms, feeds. None of it changes the screen of a live meeting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from meetings.rules.events.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class DayMarked(Event):
    """A day is off, worked or proposed; `was` is what the table said before."""

    stage: ClassVar[bool] = False
    day: str
    kind: str
    day_name: str
    confirmed: bool
    was: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayUnmarked(Event):
    """The day follows the week again."""

    stage: ClassVar[bool] = False
    day: str
    was: str
    day_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class YearOfDaysFilled(Event):
    """The public holidays of a year were taken over; days that were marked already stayed as they were."""

    stage: ClassVar[bool] = False
    year: int
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class YearOfDaysConfirmed(Event):
    """Every day off of a year is as the Government announced it."""

    stage: ClassVar[bool] = False
    year: int
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlinesSet(Event):
    """Periods of a body were changed; `changes` holds the new values by kind of meeting."""

    stage: ClassVar[bool] = False
    body: str
    name_of_body: str
    changes: dict[str, dict[str, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomOpened(Event):
    stage: ClassVar[bool] = False
    room: str
    room_name: str
    seats: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomChanged(Event):
    stage: ClassVar[bool] = False
    room: str
    room_name: str
    changes: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedOpened(Event):
    """A person made a secret address for a calendar program; the address itself is nowhere kept."""

    stage: ClassVar[bool] = False
    feed: str
    body: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRevoked(Event):
    stage: ClassVar[bool] = False
    feed: str
