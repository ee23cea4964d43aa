"""The lives of things: which act leads from which states to which, one readable table each.

The acts carry the names of the public interface. What is not in a table cannot be done (`not-now`). Minutes
of Vietnamese bodies are signed after the adjournment (Decree 30/2020/NĐ-CP, form 1.9); elsewhere only what
the next meeting adopted is signed, so there are two tables and the body says which.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Generic, TypeVar

from meetings.rules.refusals import Refused

S = TypeVar("S", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Table(Generic[S]):
    """One kind of thing's life, beginning in `start`; `moves` is act → (from these states, to this one)."""

    thing: str
    start: S
    moves: Mapping[str, tuple[frozenset[S], S]]


def next_state(table: Table[S], state: S | str, act: str) -> S:
    """The state that an act leads to, or the refusal `not-now`."""
    move = table.moves.get(act)
    if move is None or state not in move[0]:
        raise Refused("not-now", thing=table.thing, state=str(state), act=act)
    return move[1]


def acts(table: Table[S], state: S | str) -> tuple[str, ...]:
    """What can be done in a state, in the table's order."""
    return tuple(act for act, (from_states, _) in table.moves.items() if state in from_states)


class MeetingState(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    IN_SESSION = "in_session"
    RECESS = "recess"
    ADJOURNED = "adjourned"
    CANCELLED = "cancelled"


MEETING: Final = Table(
    "meeting",
    MeetingState.DRAFT,
    {
        "publish": (frozenset({MeetingState.DRAFT}), MeetingState.PUBLISHED),
        "call-to-order": (frozenset({MeetingState.PUBLISHED}), MeetingState.IN_SESSION),
        "recess": (frozenset({MeetingState.IN_SESSION}), MeetingState.RECESS),
        "resume": (frozenset({MeetingState.RECESS}), MeetingState.IN_SESSION),
        "adjourn": (frozenset({MeetingState.IN_SESSION, MeetingState.RECESS}), MeetingState.ADJOURNED),
        "cancel": (frozenset({MeetingState.DRAFT, MeetingState.PUBLISHED}), MeetingState.CANCELLED),
    },
)


class ItemState(StrEnum):
    PLANNED = "planned"
    TAKEN_UP = "taken_up"
    CONCLUDED = "concluded"
    POSTPONED = "postponed"
    WITHDRAWN = "withdrawn"
    REFERRED = "referred"
    """A committee or agency deals with it first."""


_ITEM_OPEN: Final = frozenset({ItemState.PLANNED, ItemState.TAKEN_UP, ItemState.POSTPONED})

ITEM: Final = Table(
    "item",
    ItemState.PLANNED,
    {
        "take-up": (frozenset({ItemState.PLANNED, ItemState.POSTPONED}), ItemState.TAKEN_UP),
        "conclude": (frozenset({ItemState.TAKEN_UP}), ItemState.CONCLUDED),
        "postpone": (frozenset({ItemState.PLANNED, ItemState.TAKEN_UP}), ItemState.POSTPONED),
        "withdraw": (_ITEM_OPEN, ItemState.WITHDRAWN),
        "refer": (_ITEM_OPEN, ItemState.REFERRED),
    },
)


class MotionState(StrEnum):
    PROPOSED = "proposed"
    """A member moved it, and the body's standing orders ask for a second before it is put."""
    MOVED = "moved"
    ADOPTED = "adopted"
    REJECTED = "rejected"
    UNDECIDED = "undecided"
    """Its poll ended without a result: a tie that nobody settled, or no quorum."""
    WITHDRAWN = "withdrawn"
    DIVIDED = "divided"
    """Its parts are put one by one; what becomes of it follows from them."""


_MOTION_OPEN: Final = frozenset({MotionState.MOVED, MotionState.UNDECIDED})
_MOTION_DECIDED: Final = frozenset({MotionState.ADOPTED, MotionState.REJECTED, MotionState.UNDECIDED})

MOTION: Final = Table(
    "motion",
    MotionState.PROPOSED,
    {
        "second": (frozenset({MotionState.PROPOSED}), MotionState.MOVED),
        "adopt": (_MOTION_OPEN | {MotionState.DIVIDED}, MotionState.ADOPTED),
        "reject": (_MOTION_OPEN | {MotionState.DIVIDED}, MotionState.REJECTED),
        "leave-undecided": (_MOTION_OPEN, MotionState.UNDECIDED),
        # a divided motion is withdrawn with the last of its parts
        "withdraw": (_MOTION_OPEN | {MotionState.PROPOSED, MotionState.DIVIDED}, MotionState.WITHDRAWN),
        "divide": (_MOTION_OPEN, MotionState.DIVIDED),
        # the announced poll was annulled: the motion stands as if it had not been voted on
        "reopen": (_MOTION_DECIDED, MotionState.MOVED),
        # the same happened to one of its parts
        "reopen-parts": (_MOTION_DECIDED, MotionState.DIVIDED),
    },
)
"""A motion that needs no second, or that the secretary or the chair puts, begins as moved."""


class PollState(StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    ANNOUNCED = "announced"
    ANNULLED = "annulled"


POLL: Final = Table(
    "poll",
    PollState.DRAFT,
    {
        "open": (frozenset({PollState.DRAFT}), PollState.OPEN),
        "close": (frozenset({PollState.OPEN}), PollState.CLOSED),
        "announce": (frozenset({PollState.CLOSED}), PollState.ANNOUNCED),
        "annul": (
            frozenset({PollState.DRAFT, PollState.OPEN, PollState.CLOSED, PollState.ANNOUNCED}),
            PollState.ANNULLED,
        ),
    },
)


class QuestionState(StrEnum):
    SUBMITTED = "submitted"
    LISTED = "listed"
    """On the list of question time, and open to everybody who attends."""
    PUT = "put"
    ANSWERED = "answered"
    WRITTEN = "written"
    """To be answered in writing; the task keeps what became of it."""
    WITHDRAWN = "withdrawn"


_QUESTION_WAITING: Final = frozenset({QuestionState.SUBMITTED, QuestionState.LISTED})

QUESTION: Final = Table(
    "question",
    QuestionState.SUBMITTED,
    {
        "list": (frozenset({QuestionState.SUBMITTED}), QuestionState.LISTED),
        "unlist": (frozenset({QuestionState.LISTED}), QuestionState.SUBMITTED),
        # an answered one is put again when the answer was not enough
        "put": (frozenset({QuestionState.LISTED, QuestionState.ANSWERED}), QuestionState.PUT),
        # called, and its asker was not there: it can be called again
        "return": (frozenset({QuestionState.PUT}), QuestionState.LISTED),
        "answer": (frozenset({QuestionState.PUT}), QuestionState.ANSWERED),
        "answer-in-writing": (
            _QUESTION_WAITING | {QuestionState.PUT, QuestionState.ANSWERED}, QuestionState.WRITTEN,
        ),
        "withdraw": (_QUESTION_WAITING, QuestionState.WITHDRAWN),
    },
)  # fmt: skip


class ResolutionState(StrEnum):
    DRAFT = "draft"
    ISSUED = "issued"
    WITHDRAWN = "withdrawn"


RESOLUTION: Final = Table(
    "resolution",
    ResolutionState.DRAFT,
    {
        "issue": (frozenset({ResolutionState.DRAFT}), ResolutionState.ISSUED),
        "withdraw": (frozenset({ResolutionState.DRAFT}), ResolutionState.WITHDRAWN),
    },
)


class MinutesState(StrEnum):
    DRAFT = "draft"
    CIRCULATED = "circulated"
    ADOPTED = "adopted"
    SIGNED = "signed"
    PUBLISHED = "published"
    REOPENED = "reopened"
    """Taken back to be corrected; a new version follows, the earlier one is kept."""


_MINUTES_WRITING: Final = frozenset({MinutesState.DRAFT, MinutesState.REOPENED})
_MINUTES_UNSIGNED: Final = _MINUTES_WRITING | {MinutesState.CIRCULATED, MinutesState.ADOPTED}


def _minutes(sign_from: frozenset[MinutesState]) -> Table[MinutesState]:
    return Table(
        "minutes",
        MinutesState.DRAFT,
        {
            "circulate": (_MINUTES_WRITING, MinutesState.CIRCULATED),
            "adopt": (_MINUTES_WRITING | {MinutesState.CIRCULATED}, MinutesState.ADOPTED),
            "sign": (sign_from, MinutesState.SIGNED),
            "publish": (frozenset({MinutesState.SIGNED}), MinutesState.PUBLISHED),
            "reopen": (frozenset(MinutesState) - _MINUTES_WRITING, MinutesState.REOPENED),
        },
    )


MINUTES: Final = _minutes(_MINUTES_UNSIGNED)
"""Signing follows the adjournment, adopted or not: the Vietnamese presets."""

MINUTES_ADOPTED_FIRST: Final = _minutes(frozenset({MinutesState.ADOPTED}))
"""Signing follows the adoption by the body."""
