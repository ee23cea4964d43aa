"""Question time (chất vấn): slips grouped by whom they are addressed to, and the turns of one question.

A question is asked, answered, followed up and answered again until the chair goes on. What comes next follows from the
turns so far, so two tablets that look at the same rows show the same next act.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Generic, Protocol, TypeVar

from meetings.rules.lifecycle import QuestionState
from meetings.rules.refusals import Refused
from meetings.rules.speakers import SpeechKind

ADDRESSEE_LENGTH: Final = 300
TOPIC_LENGTH: Final = 200
TEXT_LENGTH: Final = 5_000


class Slip(Protocol):
    """What grouping needs of a question."""

    @property
    def addressee(self) -> str: ...
    @property
    def topic(self) -> str: ...
    @property
    def position(self) -> int: ...


S = TypeVar("S", bound=Slip)


@dataclass(frozen=True, slots=True)
class Group(Generic[S]):
    """Questions to one addressee; `topics` keep their order."""

    addressee: str
    topics: tuple[tuple[str, tuple[S, ...]], ...]

    @property
    def questions(self) -> tuple[S, ...]:
        return tuple(question for _, questions in self.topics for question in questions)


class Step(StrEnum):
    """What the chair does next in question time."""

    ASK = "ask"
    """Call the asker of a question that waits."""
    ANSWER = "answer"
    FOLLOW_UP = "follow-up"
    ANSWERED = "answered"
    """Nobody follows up: the question is done."""


def same(text: str) -> str:
    """How spellings of a name or topic are compared: spaces and capitals do not matter."""
    return " ".join(text.split()).casefold()


def grouped(questions: Iterable[S]) -> tuple[Group[S], ...]:
    """By addressee, then by topic. A group stands where its first question stands, and is written as in that one."""
    groups: dict[str, dict[str, list[S]]] = {}
    for question in questions:
        topics = groups.setdefault(same(question.addressee), {})
        topics.setdefault(same(question.topic), []).append(question)
    return tuple(
        Group(
            next(iter(topics.values()))[0].addressee,
            tuple((slips[0].topic, tuple(slips)) for slips in topics.values()),
        )
        for topics in groups.values()
    )


def next_step(turns: Sequence[SpeechKind], *, follows_up: bool) -> Step:
    """What follows the turns of a question in hand; `follows_up`: its asker waits to speak again.

    `turns` are those that were called, in order. A question of another member counts like a follow-up: it wants an
    answer.
    """
    if not turns:
        return Step.ASK
    if turns[-1] is not SpeechKind.ANSWER:
        return Step.ANSWER
    return Step.FOLLOW_UP if follows_up else Step.ANSWERED


def may_judge(state: QuestionState | str, turns: Iterable[SpeechKind]) -> bool:
    """Whether the asker can say if the answer was enough: there is one, and the question is not closed otherwise."""
    return state == QuestionState.ANSWERED or (state == QuestionState.PUT and SpeechKind.ANSWER in turns)


def moved(order: Sequence[str], chosen: str, place: int) -> list[str]:
    """The order after one was put at `place` (1 is first); a place beyond the end is the end."""
    if chosen not in order:
        raise Refused("not-found")
    rest = [one for one in order if one != chosen]
    rest.insert(min(max(place, 1), len(order)) - 1, chosen)
    return rest


def checked_line(text: str, field: str, limit: int, *, needed: bool = True) -> str:
    """A text on one line, or the refusal that names the field."""
    line = " ".join(text.split())
    if needed and not line:
        raise Refused("field-missing", field=field)
    if len(line) > limit:
        raise Refused("field-long", field=field, limit=limit)
    return line


def checked_text(text: str, field: str = "text") -> str:
    """A text of several lines, or a refusal."""
    if not text.strip():
        raise Refused("field-missing", field=field)
    if len(text) > TEXT_LENGTH:
        raise Refused("field-long", field=field, limit=TEXT_LENGTH)
    return text.strip()
