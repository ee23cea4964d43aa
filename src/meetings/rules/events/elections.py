"""Elections: what happens in them beside voting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from meetings.rules.events.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class LotsDrawn(Event):
    """After a tie for the last place; names as on the ballot. How many votes each had is told with the outcome."""

    what: ClassVar[str] = "poll"
    poll: str
    item: str
    title: str
    tied: str
    drawn: str
