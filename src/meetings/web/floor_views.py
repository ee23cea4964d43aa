"""The floor in words: speakers, their clocks and the groups as pages show them. Nothing in here is personal."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from meetings import language
from meetings.during.floor import FloorNow, GroupNow, Speaker, floor_of
from meetings.during.stage import Stage
from meetings.rules.lifecycle import MeetingState
from meetings.rules.permissions import Actor
from meetings.rules.speakers import KINDS, STANCES, SpeechState
from meetings.storage.tables import Body, Meeting
from meetings.storage.unit_of_work import Reading

OPEN = (MeetingState.IN_SESSION, MeetingState.RECESS)


def clock_text(seconds: int) -> str:
    """Seconds as 0:42 or 12:05."""
    return f"{seconds // 60}:{seconds % 60:02}"


@dataclass(frozen=True, slots=True)
class ClockView:
    """What a browser needs to go on counting. `since` is empty while it stands still; `allowed` 0 without limit."""

    since: str
    seconds: int
    allowed: int

    @property
    def standing(self) -> str:
        """What it shows while it stands still: the time left, or used where there is no limit; `+1:05` over time."""
        shown = self.allowed - self.seconds if self.allowed else self.seconds
        return ("+" if shown < 0 else "") + clock_text(abs(shown))


@dataclass(frozen=True, slots=True)
class SpeakerView:
    """A row of the list, or who has the floor."""

    id: UUID
    person: str
    name: str
    group: str
    kind: str
    kind_word: str
    stance: str
    stance_word: str
    category: str
    paused: bool
    asked_at: str
    clock: ClockView
    minutes: int
    """Expected wait in whole minutes; 0 for less than one."""

    @property
    def note(self) -> str:
        """Group, kind and stance in one line."""
        what = self.category or self.kind_word
        return " · ".join(word for word in (self.group, what, self.stance_word) if word)


@dataclass(frozen=True, slots=True)
class GroupView:
    """The bar of a group; `used` as of the last pause."""

    name: str
    clock: ClockView
    initial_minutes: int


@dataclass(frozen=True, slots=True)
class FloorView:
    """The floor of the item in hand."""

    item: UUID | None
    speaking: SpeakerView | None
    interrupted: tuple[SpeakerView, ...]
    queue: tuple[SpeakerView, ...]
    total_minutes: int
    """Until everybody on the list will have spoken."""
    groups: tuple[GroupView, ...]
    last_call: bool
    closed: bool
    categories: tuple[str, ...]

    def own(self, person: str) -> tuple[tuple[int, SpeakerView], ...]:
        """A person's own requests with their places."""
        return tuple((place, one) for place, one in enumerate(self.queue, start=1) if one.person == person)


def floor_view(floor: FloorNow) -> FloorView:
    """The floor in the language of the moment."""
    return FloorView(
        item=floor.item,
        speaking=_speaker(floor.speaking) if floor.speaking else None,
        interrupted=tuple(map(_speaker, floor.interrupted)),
        queue=tuple(map(_speaker, floor.queue)),
        total_minutes=round(floor.total / 60),
        groups=tuple(map(_group, floor.groups)),
        last_call=floor.last_call,
        closed=floor.closed,
        categories=floor.rules.order_categories,
    )


async def screen_part(reading: Reading, meeting: Meeting) -> dict[str, Any]:
    """What the room screen shows of the floor, for `during/screen_parts/speaker.html`. Shared by all."""
    return {"floor": floor_view(await floor_of(reading, meeting, await reading.get(Body, meeting.body_id)))}


async def cockpit_part(reading: Reading, actor: Actor, stage: Stage) -> dict[str, Any]:
    """The floor in the cockpit's right column."""
    return {"floor": floor_view(stage.floor), "floor_back": "chair"}


def _speaker(one: Speaker) -> SpeakerView:
    clock = one.clock
    return SpeakerView(
        id=one.id,
        person=str(one.person or ""),
        name=one.name,
        group=one.group,
        kind=one.kind.value,
        kind_word=language.gettext(KINDS[one.kind]),
        stance=one.stance,
        stance_word=language.gettext(STANCES.get(one.stance, "")) if one.stance else "",
        category=one.category,
        paused=one.state == SpeechState.PAUSED,
        asked_at=one.asked_at.isoformat(),
        clock=ClockView(
            clock.running_since.isoformat() if clock.running_since else "", clock.seconds, clock.allowed or 0
        ),
        minutes=round(one.wait / 60),
    )


def _group(group: GroupNow) -> GroupView:
    clock = group.clock
    since = clock.running_since.isoformat() if clock.running_since else ""
    return GroupView(group.name, ClockView(since, clock.settled, clock.allowed), clock.initial // 60)


def floor_facts(payload: Mapping[str, Any]) -> dict[str, str]:
    """The facts of an event of the floor as the journal tells them: kind and stance as words, seconds as 1:30."""
    facts = {name: clock_text(payload[name]) for name in ("seconds", "added", "initial") if name in payload}
    if "speakers" in payload:
        facts["speakers"] = ", ".join(payload["speakers"])
    if "kind" in payload:
        what = payload["category"] or language.gettext(KINDS[payload["kind"]])
        stance = STANCES.get(payload["stance"], "")
        facts["kind"] = f"{what}, {language.gettext(stance)}" if stance else what
    return facts
