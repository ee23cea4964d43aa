"""The chair's acts on the course of a meeting: recesses, urgent items, items that go elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from meetings.rules.events.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class RecessExtended(Event):
    meeting: str
    until: str
    """The planned end as RFC 3339 on the meeting's own clock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemReferred(Event):
    what: ClassVar[str] = "item"
    item: str
    number: str
    title: str
    to: str
    """The name of the committee or agency."""
    reason: str
    motions: list[str]
    """Titles of the motions that were left undecided."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemContinued(Event):
    """An item came to this meeting from an earlier one, with its papers."""

    what: ClassVar[str] = "agenda"
    item: str
    number: str
    title: str
    from_item: str
    from_number: str
    from_meeting: str
    from_title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UrgentItemAdded(Event):
    what: ClassVar[str] = "agenda"
    item: str
    number: str
    title: str
    reason: str
