"""What the minutes are drafted from: the journal of one meeting, told as plain data.

Times are local to the meeting; names, titles and texts are as they stood when things happened.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Attendee:
    """One person on the attendance list; `state` is in, remote, out, excused, replaced or absent."""

    name: str
    state: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class ChoiceCount:
    """One choice of a poll: the label (a message id), how many chose it, and who, where the poll was open."""

    code: str
    label: str
    count: int
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PollRecord:
    """An announced or annulled poll; `reason` and `facts` are those of its outcome."""

    id: str
    title: str
    secret: bool
    eligible: int
    cast: int
    not_cast: int
    choices: tuple[ChoiceCount, ...]
    reason: str
    facts: Mapping[str, int | str]


@dataclass(frozen=True, slots=True, kw_only=True)
class MotionRecord:
    """A motion with its polls in the order they were held."""

    id: str
    title: str
    text: str = ""
    mover: str = ""
    polls: tuple[PollRecord, ...] = ()


@dataclass(frozen=True, slots=True)
class ResolutionRecord:
    """A resolution that came of an item; the symbol (`15/NQ-HĐND`) is empty until it is issued."""

    id: str
    title: str
    symbol: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRecord:
    """A task that was given, with its lead agency and those co-operating."""

    id: str
    title: str
    lead: str
    cooperating: tuple[str, ...] = ()
    due: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRecord:
    """An agenda item as it was dealt with; `reason` says why it was postponed or withdrawn."""

    id: str
    number: str
    title: str
    state: str = "concluded"
    presenter: str = ""
    taken_up: datetime | None = None
    concluded: datetime | None = None
    reason: str = ""
    papers: tuple[str, ...] = ()
    motions: tuple[MotionRecord, ...] = ()
    polls: tuple[PollRecord, ...] = ()
    """Polls that were not on a motion."""
    resolutions: tuple[ResolutionRecord, ...] = ()
    tasks: tuple[TaskRecord, ...] = ()


@dataclass(frozen=True, slots=True)
class Recess:
    """A break; `until` is None when the meeting was adjourned in it."""

    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """The meeting as its minutes will tell it."""

    title: str
    body: str
    place: str
    started: datetime
    ended: datetime | None
    chair: str
    secretary: str
    attendance: tuple[Attendee, ...] = ()
    present: int = 0
    quorum_needed: int = 0
    """0: no quorum was asked for."""
    quorum_base: int = 0
    proceedings: tuple[ItemRecord | Recess, ...] = field(default=())
