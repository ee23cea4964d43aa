"""A meeting is held."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from meetings.rules.events.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendanceRecorded(Event):
    what: ClassVar[str] = "attendance"
    person: str
    person_name: str
    state: str
    source: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingCalledToOrder(Event):
    meeting: str
    present: int
    quorum_needed: int
    quorum_base: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingRecessed(Event):
    meeting: str
    until: str
    """The planned end as RFC 3339 on the meeting's own clock; empty when none was named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingResumed(Event):
    meeting: str
    present: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingAdjourned(Event):
    meeting: str
    present: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemTakenUp(Event):
    what: ClassVar[str] = "item"
    item: str
    number: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemConcluded(Event):
    what: ClassVar[str] = "item"
    item: str
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemPostponed(Event):
    what: ClassVar[str] = "item"
    item: str
    number: str
    title: str
    reason: str
    to: str
    """The meeting it was postponed to; empty: later, without a day."""
    to_title: str
    to_starts: str
    """Local time there, without offset."""
    to_number: str
    """Its number on the agenda there."""
    motions: list[str]
    """Titles of the motions that were left undecided."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemWithdrawn(Event):
    what: ClassVar[str] = "item"
    item: str
    number: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MotionMoved(Event):
    what: ClassVar[str] = "motion"
    motion: str
    item: str
    title: str
    text: str
    kind: str
    mover: str
    mover_id: str = ""
    """The person, when a member moved it on their own device."""
    state: str = "moved"
    """`proposed` while it waits for a second."""
    amends: str = ""
    """An amendment's motion; `text` is that motion's whole text as it would read."""
    base: str = ""
    """An amendment's motion as it read when this was moved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MotionAdopted(Event):
    what: ClassVar[str] = "motion"
    motion: str
    item: str
    poll: str
    kind: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MotionRejected(Event):
    what: ClassVar[str] = "motion"
    motion: str
    item: str
    poll: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PollDrafted(Event):
    what: ClassVar[str] = "poll"
    poll: str
    item: str
    title: str
    rule: dict[str, object]
    secret: bool
    method: str = "electronic"
    disclosure: str = "announced"
    names: bool = True
    changeable: bool = False
    repeats: int = 0
    """The number of the poll that is held again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PollOpened(Event):
    what: ClassVar[str] = "poll"
    poll: str
    item: str
    title: str
    seats: int
    in_office: int
    present: int
    eligible: int
    quorum_needed: int
    method: str = "electronic"
    closes_at: str = ""
    """When it closes by itself; empty: by hand."""
    by_clock: bool = False
    """At the moment that the chair had set, without anybody pressing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BallotCast(Event):
    """One named ballot. A single secret ballot leaves no row at all: its poll's closing tells how many there were.

    `salt` is random and told together with the choice: without it, the row's published hash would give away which of
    the few choices was taken before the poll is announced.
    """

    stage: ClassVar[bool] = False
    what: ClassVar[str] = "poll"
    poll: str
    receipt: str
    voter: str = ""
    choice: str = ""
    weight: int = 1
    salt: str = ""
    revision: int = 1
    """Counts the ballots of one voter where they may be changed; the last one counts."""
    entered_by: str = ""
    confirmed_by: str = ""
    """Names of those who wrote it down for a member without a device, and confirmed it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PollClosed(Event):
    what: ClassVar[str] = "poll"
    poll: str
    cast: int
    not_cast: int
    present: int
    by_clock: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeAnnounced(Event):
    what: ClassVar[str] = "poll"
    poll: str
    item: str
    title: str
    code: str
    adopted: bool
    reason: str
    facts: dict[str, object]
    choices: dict[str, int]
    not_cast: int
    percent: str
    lines: list[dict[str, object]] = field(default_factory=list[dict[str, object]])
    """Polls with several marks: every candidate, person or option with its numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PollAnnulled(Event):
    what: ClassVar[str] = "poll"
    poll: str
    item: str
    reason: str
    title: str = ""
    announced: bool = False
    """Its outcome had been announced."""
