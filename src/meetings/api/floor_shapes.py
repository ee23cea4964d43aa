"""What the interface says of the floor, and what it takes."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec

from meetings.api.contract import NO_NUL, Answer, Asked, Short
from meetings.during.floor import FloorNow, Speaker, SpeechFact
from meetings.rules.clocks import Clock
from meetings.rules.room_rules import LIMIT
from meetings.rules.speakers import SpeechKind

Name = Annotated[str, msgspec.Meta(max_length=200, pattern=NO_NUL)]
Seconds = Annotated[int, msgspec.Meta(ge=0, le=LIMIT)]


class SpeechRow(Answer):
    """A request or a speech. Time used is `seconds` plus the time since `running_since`."""

    id: UUID
    person: UUID | None
    name: str
    group: str
    kind: SpeechKind
    stance: str
    category: str
    state: str
    asked_at: datetime
    running_since: datetime | None
    seconds: int
    limit: int | None
    added: int
    wait: int | None
    """Expected seconds until the turn; None for whoever has the floor."""


class GroupTime(Answer):
    """A group's time on the item: what is left is `initial` + `added` − `seconds` − the time since `running_since`."""

    name: str
    initial: int
    added: int
    seconds: int
    running_since: datetime | None


class FloorAnswer(Answer):
    """The floor of the item in hand; without one everything is empty."""

    item: UUID | None
    speaking: SpeechRow | None
    interrupted: list[SpeechRow]
    queue: list[SpeechRow]
    groups: list[GroupTime]
    categories: list[str]
    last_call: bool
    closed: bool


class SpeechGiven(Answer):
    """Who spoke, for the record."""

    item: UUID
    speaker: str
    person: UUID | None
    group: str
    kind: SpeechKind
    stance: str
    category: str
    seconds: int
    called_at: datetime
    ended_at: datetime | None


class Speeches(Answer):
    speeches: list[SpeechGiven]


class Requested(Answer):
    """Where a request stands: 1 is next; `wait` is the expected seconds until the turn."""

    speech: UUID
    place: int
    wait: int


class FloorRequest(Asked):
    """A wish to speak. A stance belongs to a speech; a category to a point of order, where the body ranks them."""

    kind: Short = "speech"
    stance: Short = ""
    category: Name = ""


class SpeakerAdded(FloorRequest, kw_only=True):
    name: Name


class Called(Asked):
    """`interrupts`: who has the floor, as the caller knows it."""

    interrupts: UUID | None = None


class TimeAdded(Asked):
    seconds: Seconds


class Moved(Asked):
    place: Annotated[int, msgspec.Meta(ge=1, le=10_000)]


class GroupTimes(Asked):
    """Seconds by group: `initial` sets a group's time, `added` gives one more."""

    initial: dict[Name, Seconds] = msgspec.field(default_factory=dict[Name, Seconds])
    added: dict[Name, Seconds] = msgspec.field(default_factory=dict[Name, Seconds])


def floor_answer(floor: FloorNow) -> FloorAnswer:
    """The floor as the interface tells it."""
    return FloorAnswer(
        item=floor.item,
        speaking=_row(floor.speaking) if floor.speaking else None,
        interrupted=[_row(one) for one in floor.interrupted],
        queue=[_row(one, one.wait) for one in floor.queue],
        groups=_groups(floor),
        categories=list(floor.rules.order_categories),
        last_call=floor.last_call,
        closed=floor.closed,
    )


def speech_given(one: SpeechFact) -> SpeechGiven:
    """A speech of the record."""
    return SpeechGiven(
        item=one.item, speaker=one.speaker, person=one.person, group=one.group, kind=one.kind, stance=one.stance,
        category=one.category, seconds=one.seconds, called_at=one.called_at, ended_at=one.ended_at,
    )  # fmt: skip


def _groups(floor: FloorNow) -> list[GroupTime]:
    return [
        GroupTime(
            name=group.name, initial=group.clock.initial, added=group.clock.added, seconds=group.clock.settled,
            running_since=group.clock.running_since,
        )
        for group in floor.groups
    ]  # fmt: skip


def _row(one: Speaker, wait: int | None = None) -> SpeechRow:
    clock: Clock = one.clock
    return SpeechRow(
        id=one.id, person=one.person, name=one.name, group=one.group, kind=one.kind, stance=one.stance,
        category=one.category, state=one.state, asked_at=one.asked_at, running_since=clock.running_since,
        seconds=clock.seconds, limit=clock.limit, added=clock.added, wait=wait,
    )  # fmt: skip
