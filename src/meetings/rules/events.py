"""What can happen in a meeting's life, each as a frozen fact that the journal keeps for ever.

Ids are UUIDs as text, days are ISO dates, and moments are RFC 3339: a payload is JSON as it stands.
`stage` says whether the screens that follow the meeting change with it; a single ballot changes none.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
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
        return asdict(self)


# before


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingScheduled(Event):
    meeting: str
    body: str
    title: str
    starts: str
    """Local time, without offset."""
    zone: str
    place: str
    imported: str = ""
    """Reference in the book it came from; empty for a meeting of our own."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemMoved(Event):
    what: ClassVar[str] = "agenda"
    item: str
    number: str


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


# during


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendanceRecorded(Event):
    what: ClassVar[str] = "attendance"
    person: str
    person_name: str
    state: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingCalledToOrder(Event):
    meeting: str
    present: int
    quorum_needed: int
    quorum_base: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingRecessed(Event):
    meeting: str


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
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemWithdrawn(Event):
    what: ClassVar[str] = "item"
    item: str
    number: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MotionMoved(Event):
    what: ClassVar[str] = "item"
    motion: str
    item: str
    title: str
    text: str
    kind: str
    mover: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MotionAdopted(Event):
    what: ClassVar[str] = "item"
    motion: str
    item: str
    poll: str
    kind: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MotionRejected(Event):
    what: ClassVar[str] = "item"
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


@dataclass(frozen=True, slots=True, kw_only=True)
class BallotCast(Event):
    """One ballot. A secret poll's event names no choice and no voter: only the receipt."""

    stage: ClassVar[bool] = False
    what: ClassVar[str] = "poll"
    poll: str
    receipt: str
    voter: str = ""
    choice: str = ""
    weight: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PollClosed(Event):
    what: ClassVar[str] = "poll"
    poll: str
    cast: int
    not_cast: int
    present: int


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


@dataclass(frozen=True, slots=True, kw_only=True)
class PollAnnulled(Event):
    what: ClassVar[str] = "poll"
    poll: str
    item: str
    reason: str


# after


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


# council


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyFounded(Event):
    body: str
    name_of_body: str
    seats: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyFounded(Event):
    agency: str
    name_of_agency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonEntered(Event):
    person: str
    person_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MembershipBegun(Event):
    membership: str
    person: str
    body: str
    since: str
    until: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleGranted(Event):
    person: str
    role: str
    body: str = ""
    agency: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountOpened(Event):
    account: str
    person: str
    login: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountDisabled(Event):
    account: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BookImported(Event):
    body: str
    title: str
    sha256: str
    members: int
    meetings: int
    items: int
    left_out: list[str]
