"""What every event is."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A past fact. `name` is what the journal writes."""

    stage: ClassVar[bool] = True
    what: ClassVar[str] = "meeting"
    """Which part of the screens changes: `meeting`, `item`, `poll`, `attendance`, `agenda`, `papers`, `after`."""

    @property
    def name(self) -> str:
        return type(self).__name__

    def payload(self) -> dict[str, object]:
        """The event as the journal stores it."""
        return {field.name: getattr(self, field.name) for field in fields(self)}
