"""An agenda is frozen, supplemented and read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from meetings.rules.events.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaFrozen(Event):
    stage: ClassVar[bool] = False
    meeting: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaReleased(Event):
    stage: ClassVar[bool] = False
    meeting: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaOrdered(Event):
    """A draft was put in order by the rules of its body."""

    what: ClassVar[str] = "agenda"
    meeting: str
    criteria: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplementIssued(Event):
    stage: ClassVar[bool] = False
    meeting: str
    supplement: str
    number: int
    changes: int
    """How many changes it tells."""
    late_days: int
    """Working days by which it missed the notice period."""
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaRead(Event):
    """Somebody confirmed having read the agenda up to a supplement (0: as published)."""

    stage: ClassVar[bool] = False
    meeting: str
    reader: str
    reader_name: str
    supplement: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemVisibilitySet(Event):
    what: ClassVar[str] = "agenda"
    item: str
    number: str
    """Empty while it is hidden."""
    title: str
    before: str
    visibility: str
