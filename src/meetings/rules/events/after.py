"""A meeting has consequences."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from meetings.rules.events.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolutionDrafted(Event):
    what: ClassVar[str] = "after"
    resolution: str
    motion: str
    item: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolutionWithdrawn(Event):
    what: ClassVar[str] = "after"
    resolution: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolutionClauseWritten(Event):
    what: ClassVar[str] = "after"
    resolution: str
    clause: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolutionIssued(Event):
    what: ClassVar[str] = "after"
    resolution: str
    symbol: str
    """`15/NQ-HĐND`."""
    year: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskAssigned(Event):
    what: ClassVar[str] = "after"
    task: str
    title: str
    lead: str
    cooperating: list[str] = field(default_factory=list[str])
    due: str = ""
    resolution: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskAccepted(Event):
    what: ClassVar[str] = "after"
    task: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskProgressed(Event):
    what: ClassVar[str] = "after"
    task: str
    percent: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskReported(Event):
    what: ClassVar[str] = "after"
    task: str
    report: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskVerified(Event):
    what: ClassVar[str] = "after"
    task: str
    report: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskReturned(Event):
    what: ClassVar[str] = "after"
    task: str
    report: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskCancelled(Event):
    what: ClassVar[str] = "after"
    task: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MinutesDrafted(Event):
    what: ClassVar[str] = "after"
    minutes: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MinutesEdited(Event):
    what: ClassVar[str] = "after"
    minutes: str
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MinutesSigned(Event):
    what: ClassVar[str] = "after"
    minutes: str
    role: str
    signer: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MinutesPublished(Event):
    what: ClassVar[str] = "after"
    minutes: str
    sha256: str
