"""Questions to those who answer for a field (chất vấn), and what was promised.

The journal is open to every member, and a slip is not until it is listed: what it says stands in the events from then
on, not before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from meetings.rules.events.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipEvent(Event):
    """Of a slip that only its author and those who keep the list have seen."""

    what: ClassVar[str] = "question"
    question: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionSubmitted(SlipEvent):
    """A slip was handed in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionEvent(Event):
    """Of a question that is open to all; the words are those of the moment, so that the minutes need no other table."""

    what: ClassVar[str] = "question"
    question: str
    item: str
    """Empty for a question that was never listed."""
    number: str
    """Of the agenda item."""
    asker: str
    """The person."""
    asker_name: str
    addressee: str
    topic: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionChanged(SlipEvent):
    """Words, agency or place; the words only once the question is open to all."""

    addressee: str = ""
    topic: str = ""
    place: int = 0
    """Its new place among the questions to the same addressee, 0 where that stayed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionWithdrawn(SlipEvent):
    """By its author. The words stand here only if it had been listed."""

    asker_name: str = ""
    addressee: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionListed(QuestionEvent):
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionTakenOff(QuestionEvent):
    """Off the list of question time again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionPut(QuestionEvent):
    """The chair called its asker."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionAnswered(QuestionEvent):
    """The chair closed it: it was asked and answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerJudged(QuestionEvent):
    """What the asker said of the answer."""

    satisfied: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenAnswerOwed(QuestionEvent):
    """It is to be answered in writing: ordered by the chair, or not answered when its time was over."""

    text: str
    agency: str
    """Empty where nobody has said which agency stands behind the addressee."""
    agency_name: str
    ordered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweringAgencyNamed(QuestionEvent):
    """The agency behind the addressee of a question that is owed in writing."""

    agency: str
    agency_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseMade(Event):
    what: ClassVar[str] = "question"
    promise: str
    item: str
    number: str
    question: str
    """Empty for a promise that answered no question."""
    promised_by: str
    text: str
    agency: str
    agency_name: str
    due: str
    """A day, or empty."""
