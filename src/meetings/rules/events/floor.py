"""The floor: who asks for it, who has it, and the clocks. Times are seconds, as the clock stood at the event."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from meetings.rules.events.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class FloorEvent(Event):
    what: ClassVar[str] = "floor"
    item: str
    number: str
    """Of the agenda item."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechEvent(FloorEvent):
    """Of one speech or request; the words are those of the moment, so that the minutes need no other table."""

    speech: str
    speaker: str
    group: str
    kind: str
    stance: str
    category: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FloorRequested(SpeechEvent):
    person: str
    """Empty for somebody without an account, whom the secretary or the chair put on the list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestWithdrawn(SpeechEvent):
    """The one who had asked no longer wants to speak."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestMoved(SpeechEvent):
    place: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeakerCalled(SpeechEvent):
    limit: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeakerPassedOver(SpeechEvent):
    """Called, but not there: asked again at the end of the list; a question goes back to its list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechPaused(SpeechEvent):
    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechResumed(SpeechEvent):
    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechEnded(SpeechEvent):
    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeakingTimeAdded(SpeechEvent):
    added: int
    """All the time that was added to this speech, not only now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestsLapsed(FloorEvent):
    """The item ended while these still waited."""

    speakers: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupTimeSet(FloorEvent):
    group: str
    initial: int
    added: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LastCallMade(FloorEvent):
    """Whoever still wants to speak should ask now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeakersListClosed(FloorEvent):
    """Nobody is added any more, but for points of order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeakersListReopened(FloorEvent):
    """Requests are taken again."""
