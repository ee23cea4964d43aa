"""How far a paper may go is set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from meetings.rules.events.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperAccessSet(Event):
    """Moments are RFC 3339, "" for none."""

    what: ClassVar[str] = "papers"
    item: str
    paper: str
    title: str
    level: str
    readers: str
    download: bool
    shown_from: str
    shown_until: str
