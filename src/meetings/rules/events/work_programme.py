"""The work programme of a body. None of it changes the screen of a live meeting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from meetings.rules.events.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeBegun(Event):
    """The secretariat began to write the programme of a year."""

    stage: ClassVar[bool] = False
    body: str
    name_of_body: str
    programme: str
    year: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeApproved(Event):
    """It was issued as a document of that number and day."""

    stage: ClassVar[bool] = False
    programme: str
    name_of_body: str
    year: int
    number: str
    approved_on: str
    entries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeImported(Event):
    """Entries came from a file; `reason` is empty before the approval."""

    stage: ClassVar[bool] = False
    programme: str
    name_of_body: str
    year: int
    titles: list[str]
    entries: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeEntryWritten(Event):
    """`reason` is empty before the approval."""

    stage: ClassVar[bool] = False
    programme: str
    name_of_body: str
    year: int
    entry: str
    title: str
    due_until: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeEntryChanged(Event):
    """`changes`: field → what it said and what it says now. `reason` is empty before the approval."""

    stage: ClassVar[bool] = False
    programme: str
    name_of_body: str
    year: int
    entry: str
    title: str
    changes: dict[str, list[str]]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeEntryRemoved(Event):
    """It was taken out of a draft."""

    stage: ClassVar[bool] = False
    programme: str
    name_of_body: str
    year: int
    entry: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeEntryWithdrawn(Event):
    stage: ClassVar[bool] = False
    programme: str
    name_of_body: str
    year: int
    entry: str
    title: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeEntryDone(Event):
    """Said by hand; what was dealt with in the house is known without it."""

    stage: ClassVar[bool] = False
    programme: str
    name_of_body: str
    year: int
    entry: str
    title: str
    on: str
