"""Where people sit, and whom a meeting is open to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from meetings.rules.events.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatingPlanSaved(Event):
    """Stands in the house's journal, and in that of every meeting whose screens show the plan."""

    what: ClassVar[str] = "seating"
    body: str
    place: str
    places: int
    assigned: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingOpenedToPublic(Event):
    meeting: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingClosedToPublic(Event):
    meeting: str
