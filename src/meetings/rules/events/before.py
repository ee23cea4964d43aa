"""A meeting is prepared."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from meetings.rules.events.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingScheduled(Event):
    meeting: str
    body: str
    title: str
    starts: str
    """Local time, without offset."""
    zone: str
    place: str
    ends: str = ""
    """The planned end, local time; empty when none is planned."""
    imported: str = ""
    """Reference in the book it came from; empty for a meeting of our own."""
    public: bool = False
    """Whether anybody may follow it from its publication on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingChanged(Event):
    meeting: str
    changes: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingPublished(Event):
    meeting: str
    items: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingCancelled(Event):
    meeting: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemAdded(Event):
    what: ClassVar[str] = "agenda"
    item: str
    title: str
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemChanged(Event):
    what: ClassVar[str] = "agenda"
    item: str
    title: str
    changes: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    """Field → its words before and after; empty in journals of old."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemMoved(Event):
    what: ClassVar[str] = "agenda"
    item: str
    number: str
    before: str = ""
    """The number that it had; empty in journals of old."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRemoved(Event):
    what: ClassVar[str] = "agenda"
    item: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperLaid(Event):
    what: ClassVar[str] = "papers"
    item: str
    paper: str
    title: str
    version: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperWithdrawn(Event):
    what: ClassVar[str] = "papers"
    item: str
    paper: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PackAsked(Event):
    """Somebody wants the meeting pack as it is now; it is made once for all who may see the same."""

    stage: ClassVar[bool] = False
    meeting: str
    papers: int
