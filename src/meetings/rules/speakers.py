"""Who speaks next: the list of speakers in the order in which they are called, and how long each still waits.

Points of order go before everything, the body's most pressing category first. Replies and questions to the speaker
follow the speech that they answer. Then come the speeches and personal statements in the order that the standing orders
set. What the chair moved by hand stands where it was put; whoever was called and was not there waits behind the others.
Among equals, who asked first speaks first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final

from meetings.rules.lifecycle import Table
from meetings.rules.refusals import Refused
from meetings.rules.room_rules import QueueOrder, RoomRules


class SpeechKind(StrEnum):
    """What somebody wants to say. The turns of question time are called by the slips, not from the list."""

    SPEECH = "speech"
    REPLY = "reply"
    ORDER = "order"
    QUESTION = "question"
    STATEMENT = "statement"
    ASK = "ask"
    ANSWER = "answer"
    FOLLOW_UP = "follow-up"


class Stance(StrEnum):
    FOR = "for"
    AGAINST = "against"


class SpeechState(StrEnum):
    ASKED = "asked"
    SPEAKING = "speaking"
    PAUSED = "paused"
    SPOKEN = "spoken"
    WITHDRAWN = "withdrawn"
    PASSED = "passed"
    """Called, but not there; a new request was put at the end."""
    LAPSED = "lapsed"
    """The item was concluded before the turn came."""


KINDS: Final[dict[str, str]] = {
    SpeechKind.SPEECH: "Speech",
    SpeechKind.REPLY: "Reply",
    SpeechKind.ORDER: "Point of order",
    SpeechKind.QUESTION: "Question to the speaker",
    SpeechKind.STATEMENT: "Personal statement",
    SpeechKind.ASK: "Question",
    SpeechKind.ANSWER: "Answer",
    SpeechKind.FOLLOW_UP: "Follow-up question",
}
STANCES: Final[dict[str, str]] = {Stance.FOR: "For", Stance.AGAINST: "Against"}

_HELD: Final = frozenset({SpeechState.SPEAKING, SpeechState.PAUSED})
_ASKED: Final = frozenset({SpeechState.ASKED})

SPEECH: Final = Table(
    "speech",
    SpeechState.ASKED,
    {
        "call": (_ASKED, SpeechState.SPEAKING),
        "pause": (frozenset({SpeechState.SPEAKING}), SpeechState.PAUSED),
        "resume": (frozenset({SpeechState.PAUSED}), SpeechState.SPEAKING),
        "stop": (_HELD, SpeechState.SPOKEN),
        "pass": (_ASKED | _HELD, SpeechState.PASSED),
        "withdraw": (_ASKED, SpeechState.WITHDRAWN),
        "lapse": (_ASKED, SpeechState.LAPSED),
    },
)

LISTED: Final = (
    SpeechKind.SPEECH,
    SpeechKind.REPLY,
    SpeechKind.ORDER,
    SpeechKind.QUESTION,
    SpeechKind.STATEMENT,
)
"""The kinds one asks for; the others belong to question time."""

INTERRUPTING: Final = frozenset({SpeechKind.ORDER, SpeechKind.QUESTION})
"""Called while somebody speaks, these only halt the speaker's clock; any other call ends the speech."""

_RANKS: Final = {
    SpeechKind.ORDER: 0,
    SpeechKind.REPLY: 1,
    SpeechKind.QUESTION: 1,
    SpeechKind.SPEECH: 2,
    SpeechKind.STATEMENT: 2,
}
USUAL_SECONDS: Final = 180
"""How long a speech takes as long as there is neither a limit nor an earlier one to go by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A wish to speak, as far as the order needs it."""

    id: str
    kind: SpeechKind
    asked: float
    """The moment, as a number that grows with time."""
    stance: str = ""
    group: str = ""
    category: str = ""
    place: int | None = None
    first: bool = False
    """Whether the person has not spoken on the item yet."""
    passed: bool = False
    """Whether the person was called before and was not there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What a group has used of its time on the item, in seconds; a group without time of its own has `allowed` 0."""

    used: int = 0
    allowed: int = 0

    def sort_key(self, planned: int) -> tuple[int, Fraction]:
        """Smallest share first; groups without a time of their own come after them, by what they used."""
        used = self.used + planned
        return (0, Fraction(used, self.allowed)) if self.allowed > 0 else (1, Fraction(used))


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """What the order depends on beside the requests."""

    rules: RoomRules
    last_stance: str = ""
    """Of whoever spoke last for or against."""
    shares: Mapping[str, Share]


def limit_of(rules: RoomRules, kind: SpeechKind) -> int | None:
    """Seconds that the standing orders give a speech of this kind; None: no limit."""
    seconds = {
        SpeechKind.SPEECH: rules.speech_seconds,
        SpeechKind.REPLY: rules.reply_seconds,
        SpeechKind.ORDER: rules.order_seconds,
        SpeechKind.QUESTION: rules.ask_seconds,
        SpeechKind.STATEMENT: rules.statement_seconds,
        SpeechKind.ASK: rules.ask_seconds,
        SpeechKind.ANSWER: rules.answer_seconds,
        SpeechKind.FOLLOW_UP: rules.follow_up_seconds,
    }[kind]
    return seconds or None


def checked_request(rules: RoomRules, kind: str, stance: str, category: str) -> tuple[SpeechKind, str, str]:
    """Kind, stance and category as they are kept; refuses (`wrong-input`) what cannot be asked for.

    A stance belongs to a speech. Where the body ranks points of order, one has to say which of them it is.
    """
    if kind not in LISTED:
        raise Refused("wrong-input", field="kind")
    chosen = SpeechKind(kind)
    if stance and (stance not in tuple(Stance) or chosen is not SpeechKind.SPEECH):
        raise Refused("wrong-input", field="stance")
    if chosen is not SpeechKind.ORDER or not rules.order_categories:
        if category:
            raise Refused("wrong-input", field="category")
    elif category not in rules.order_categories:
        raise Refused("wrong-input", field="category")
    return chosen, stance, category


def in_order(requests: Iterable[Request], floor: Floor) -> tuple[Request, ...]:
    """Everybody who waits, in the order in which they are called."""
    waiting = sorted(requests, key=lambda one: (one.asked, one.id))
    placed = sorted((one for one in waiting if one.place is not None), key=lambda one: one.place or 0)
    free = [one for one in waiting if one.place is None]
    orders = sorted(
        (one for one in free if one.kind is SpeechKind.ORDER),
        key=lambda one: (one.passed, _urgency(floor.rules, one)),
    )
    answers = sorted((one for one in free if _RANKS[one.kind] == 1), key=lambda one: one.passed)
    rest = [one for one in free if _RANKS[one.kind] == 2]
    return (*orders, *placed, *answers, *_debate(rest, floor))


def moved(queue: Sequence[Request], request: str, place: int) -> dict[str, int]:
    """Places by hand after the chair put a request at `place` (1 is next): for everybody up to there, as shown.

    Those behind keep following the rule. A point of order that waits behind the place is held where it stands, so
    that its rank does not carry it past what the chair has decided.
    """
    order = [one for one in queue if one.id != request]
    chosen = next((one for one in queue if one.id == request), None)
    if chosen is None:
        raise Refused("not-found")
    at = min(max(place, 1), len(queue)) - 1
    order.insert(at, chosen)
    held = [index for index, one in enumerate(order) if one.place is not None or one.kind is SpeechKind.ORDER]
    last = max([at, *held])
    return {one.id: index + 1 for index, one in enumerate(order[: last + 1])}


def expected(limit: int | None, usual: int | None) -> int:
    """Seconds a speech will probably take: as long as they took so far, at most its limit."""
    if limit is None:
        return usual if usual is not None else USUAL_SECONDS
    return limit if usual is None else min(limit, usual)


def waits(now_speaking: int, lengths: Sequence[int], interrupting: int = 0) -> tuple[int, ...]:
    """Seconds until each place's turn: the rest of the present speech, then everybody ahead.

    The first `interrupting` ones do not wait for the present speech to end.
    """
    sums: list[int] = []
    total = 0
    for place, length in enumerate(lengths):
        sums.append(total if place < interrupting else total + max(0, now_speaking))
        total += length
    return tuple(sums)


def _urgency(rules: RoomRules, request: Request) -> int:
    ranked = rules.order_categories
    return ranked.index(request.category) if request.category in ranked else len(ranked)


def _debate(requests: list[Request], floor: Floor) -> list[Request]:
    """Speeches and statements: those not passed over first, among them first-time speakers where that is the rule."""
    order: list[Request] = []
    planned: dict[str, int] = {}
    stance = floor.last_stance
    for stratum in _strata(requests, first=floor.rules.first_speakers_first):
        waiting = list(stratum)
        while waiting:
            chosen = _next(waiting, floor, stance, planned)
            waiting.remove(chosen)
            order.append(chosen)
            stance = chosen.stance or stance
            length = expected(limit_of(floor.rules, chosen.kind), None)
            planned[chosen.group] = planned.get(chosen.group, 0) + length
    return order


def _strata(requests: list[Request], *, first: bool) -> list[list[Request]]:
    strata: dict[tuple[bool, bool], list[Request]] = {}
    for one in requests:
        strata.setdefault((one.passed, first and not one.first), []).append(one)
    return [strata[key] for key in sorted(strata)]


def _next(waiting: list[Request], floor: Floor, stance: str, planned: Mapping[str, int]) -> Request:
    if floor.rules.queue is QueueOrder.ALTERNATING:
        return next((one for one in waiting if not one.stance or one.stance != stance), waiting[0])
    if floor.rules.queue is QueueOrder.GROUPS:
        return min(
            waiting,
            key=lambda one: floor.shares.get(one.group, Share()).sort_key(planned.get(one.group, 0)),
        )
    return waiting[0]
