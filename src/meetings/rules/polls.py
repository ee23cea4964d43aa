"""How a poll is held: by which method, when its numbers are told, when it opens and closes by itself.

What the numbers mean is in `outcome`; this is about procedure. Seconds and moments come in as arguments.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from meetings.rules.lifecycle import PollState
from meetings.rules.refusals import Refused

TEST: Final = "test"
"""The kind of a poll that only tries whether everybody's tablet works: no quorum, no number, no outcome."""
LIVE_KINDS: Final = frozenset({"motion", "consent"})
"""Kinds whose ballots are one choice each, so that numbers can be told while they come in."""
CASTING_REASONS: Final = frozenset({"tie-chair-silent", "tie-chair-abstained"})
REPEATABLE: Final = frozenset({"tied", "undecided", "no_quorum"})
"""Outcomes that decided nothing: the poll may be held again without being annulled."""


class Method(StrEnum):
    """How members vote."""

    ELECTRONIC = "electronic"
    HANDS = "hands"
    """By show of hands or voice: nobody has a ballot, the secretary enters the counts, a second person confirms."""
    ROLL_CALL = "roll_call"
    """Names are called in order; only who was called answers, and answers are public by nature."""


class Disclosure(StrEnum):
    """When everybody sees numbers by choice. How many have voted is told at any time."""

    LIVE = "live"
    CLOSED = "closed"
    ANNOUNCED = "announced"


def check_procedure(
    *, method: str, disclosure: str, secret: bool, changeable: bool, kind: str = "motion"
) -> tuple[Method, Disclosure]:
    """Refuse what cannot be held together, above all what would undo the secrecy of a secret poll."""
    if method not in tuple(Method):
        raise Refused("wrong-input", field="method")
    if disclosure not in tuple(Disclosure):
        raise Refused("wrong-input", field="disclosure")
    if secret and method != Method.ELECTRONIC:
        raise Refused("secret-method")
    if secret and disclosure == Disclosure.LIVE:
        raise Refused("secret-live")
    if secret and changeable:
        raise Refused("secret-changeable")
    if changeable and method != Method.ELECTRONIC:
        raise Refused("changeable-method")
    if method != Method.ELECTRONIC and kind not in LIVE_KINDS:
        raise Refused("kind-method")
    if disclosure == Disclosure.LIVE and kind not in LIVE_KINDS:
        raise Refused("kind-live")
    return Method(method), Disclosure(disclosure)


def numbers_told(state: str, disclosure: str, *, announced: bool, insider: bool = False) -> bool:
    """Whether numbers by choice may be told now; `announced`: the outcome was, even if the poll was annulled later.

    An `insider` runs or prepares the meeting and sees them from the closing.
    """
    if announced:
        return True
    match state:
        case PollState.OPEN:
            return disclosure == Disclosure.LIVE
        case PollState.CLOSED:
            return insider or disclosure != Disclosure.ANNOUNCED
        case PollState.ANNULLED:
            return insider
        case _:
            return False


def names_told(*, method: str, disclosure: str, names: bool, secret: bool, announced: bool) -> bool:
    """Whether names may stand beside choices now. A roll call with live numbers is spoken aloud name by name."""
    if secret or not names:
        return False
    return announced or (method == Method.ROLL_CALL and disclosure == Disclosure.LIVE)


def check_times(
    now: datetime, opens_at: datetime | None, closes_at: datetime | None, method: str = Method.ELECTRONIC
) -> None:
    """Refuse moments that have passed, a closing that does not follow the opening, and to end a count by the clock."""
    if closes_at is not None and method != Method.ELECTRONIC:
        raise Refused("timed-method")
    for moment in (opens_at, closes_at):
        if moment is not None and moment <= now:
            raise Refused("poll-times")
    if opens_at is not None and closes_at is not None and closes_at <= opens_at:
        raise Refused("poll-times")


def ends(closes_at: datetime, grace: int) -> datetime:
    """The last moment at which a ballot is taken; `grace` in seconds."""
    return closes_at + timedelta(seconds=grace)


def in_time(closes_at: datetime | None, grace: int, arrived: datetime) -> bool:
    """Whether a ballot that arrived at this moment is still taken."""
    return closes_at is None or arrived <= ends(closes_at, grace)


def checked_counts(numbers: Mapping[str, Any], choices: Sequence[str], eligible: int) -> dict[str, int]:
    """The counts of a show of hands, one for every choice; together at most as many as have a vote."""
    if set(numbers) - set(choices):
        raise Refused("choice-unknown")
    counted: dict[str, int] = {}
    for choice in choices:
        value = numbers.get(choice, 0)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise Refused("wrong-input", field="counts")
        counted[choice] = value
    if sum(counted.values()) > eligible:
        raise Refused("counts-many", cast=sum(counted.values()), eligible=eligible)
    return counted


def asks_chair(outcome: Mapping[str, Any] | None) -> bool:
    """Whether this outcome waits for the chair's casting vote."""
    return outcome is not None and outcome.get("reason") in CASTING_REASONS


def may_repeat(state: str, outcome: Mapping[str, Any] | None) -> bool:
    """Whether the poll may be held again: it was annulled, or its announced outcome decided nothing."""
    if state == PollState.ANNULLED:
        return True
    return state == PollState.ANNOUNCED and (outcome or {}).get("code") in REPEATABLE
