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
class StandInRecord:
    """Somebody who acted for a member: `by` sat in the seat of `name`, or held the ballot of `name`.

    `until` is None where it lasted to the end of the meeting.
    """

    name: str
    by: str
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class ChoiceCount:
    """One choice of a poll: the label (a message id), how many chose it, and who, where the poll was open.

    `share` is a percentage of the base, empty where it means nothing. `marks` are further numbers with their shares:
    of a confidence rating the medium and low marks and the ballots without a mark.
    """

    code: str
    label: str
    count: int
    names: tuple[str, ...] = ()
    share: str = ""
    marks: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class EnteredRecord:
    """Ballots written down by the secretary for members without a device."""

    names: tuple[str, ...]
    entered_by: str
    confirmed_by: str


@dataclass(frozen=True, slots=True)
class StageRecord:
    """One stage of a ranked count: the votes in words, who was elected or excluded on them."""

    votes: str
    elected: str = ""
    excluded: str = ""


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
    number: int = 0
    kind: str = "motion"
    method: str = "electronic"
    places: int = 1
    at_most: int = 1
    options: int = 0
    rule: str = ""
    """`seats-more`, `confidence`, `most`, `ranked`: a key of the sentences `rule-…`; empty: none is told."""
    rule_facts: Mapping[str, int | str] = field(default_factory=dict[str, int | str])
    motions: tuple[str, ...] = ()
    """Titles of the motions of a consent group."""
    counted_by: str = ""
    counts_confirmed_by: str = ""
    entered: tuple[EnteredRecord, ...] = ()
    admitted: tuple[str, ...] = ()
    """Members who arrived after the opening."""
    by_proxy: tuple[str, ...] = ()
    """Whose ballot somebody else held, with the holder in brackets."""
    casting: str = ""
    """The choice (a message id) of the chair’s casting vote."""
    casting_by: str = ""
    stages: tuple[StageRecord, ...] = ()
    round: int = 1
    repeats: int = 0
    """The number of the vote that it repeats, or whose next round it is."""
    repeated_by: tuple[int, ...] = ()
    annulled_at: datetime | None = None
    annulled_reason: str = ""
    annulled_after: bool = False
    """The outcome had been announced already."""


@dataclass(frozen=True, slots=True)
class ChangeRecord:
    """What an amendment changes in one paragraph; empty where words only come in or only go out."""

    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MotionRecord:
    """A motion with its polls in the order they were held."""

    id: str
    title: str
    text: str = ""
    """As it was moved; of an amendment only where its changes are too long to be told one by one."""
    mover: str = ""
    polls: tuple[PollRecord, ...] = ()
    kind: str = "substantive"
    state: str = ""
    seconder: str = ""
    now_reads: str = ""
    """The text at the end, where it is another one."""
    changes: tuple[ChangeRecord, ...] = ()
    amendments: tuple[MotionRecord, ...] = ()
    parts: tuple[MotionRecord, ...] = ()
    together: int = 0
    """The number of the vote on several motions that decided it."""
    reason: str = ""
    """Why it was withdrawn."""


@dataclass(frozen=True, slots=True)
class SpeechRecord:
    """One speech or turn: kind and stance are codes of `speakers`, `category` a point of order's."""

    id: str
    at: datetime
    speaker: str
    kind: str
    seconds: int
    group: str = ""
    stance: str = ""
    category: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseRecord:
    """What somebody promised, and which agency carries it out."""

    id: str
    promised_by: str
    text: str
    agency: str
    due: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionRecord:
    """A question that was open to all, its turns, what was promised, and what became of it."""

    id: str
    asker: str
    addressee: str
    text: str
    state: str
    put: datetime | None = None
    satisfied: bool | None = None
    agency: str = ""
    turns: tuple[SpeechRecord, ...] = ()
    promises: tuple[PromiseRecord, ...] = ()


@dataclass(frozen=True, slots=True)
class RecusalRecord:
    """A member who stood aside from an item; `until` where the chair lifted it."""

    id: str
    name: str
    reason: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ElsewhereRecord:
    """The item of another meeting that this one continues, or is continued by."""

    title: str
    number: str
    starts: datetime | None = None


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
    """An agenda item as it was dealt with; `reason` says why it was postponed, referred or withdrawn."""

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
    urgent: str = ""
    """Why the chair put it on the agenda."""
    continues: ElsewhereRecord | None = None
    continued_by: ElsewhereRecord | None = None
    referred_to: str = ""
    recusals: tuple[RecusalRecord, ...] = ()
    came_late: tuple[str, ...] = ()
    """Who came when it had begun; told only where there was a vote."""
    left_early: tuple[str, ...] = ()
    speeches: tuple[SpeechRecord, ...] = ()
    questions: tuple[QuestionRecord, ...] = ()
    promises: tuple[PromiseRecord, ...] = ()
    """Promises that answered no question."""
    resolutions: tuple[ResolutionRecord, ...] = ()
    tasks: tuple[TaskRecord, ...] = ()


@dataclass(frozen=True, slots=True)
class Recess:
    """A break; `until` is None when the meeting was adjourned in it."""

    since: datetime
    until: datetime | None = None
    present: int = 0
    """Members present when it ended."""


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
    substitutes: tuple[StandInRecord, ...] = ()
    proxies: tuple[StandInRecord, ...] = ()
    present: int = 0
    quorum_needed: int = 0
    """0: no quorum was asked for."""
    quorum_base: int = 0
    proceedings: tuple[ItemRecord | Recess, ...] = field(default=())
