"""A voting rule as data: choices, majority, base, tie, quorum, dates in force, and the text it comes from.

All numbers are integers and fractions; a majority is never a float. The laws behind the presets stand with
them in `majority`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Final, Literal

from meetings.rules.refusals import Refused

Side = Literal["yes", "no", "abstain"]
Moment = Literal["open", "close"]

CUSTOM: Final = "custom"


class Base(StrEnum):
    """What the share in favour is a share of."""

    SEATS = "seats"
    """All seats of the body, vacant ones included."""
    IN_OFFICE = "in_office"
    """Memberships valid that day."""
    PRESENT = "present"
    """Checked in when the poll opened (or closed, as the rule says)."""
    CAST = "cast"
    """Ballots given, blank ones included."""
    DECIDED = "decided"
    """Ballots in favour and against."""


class Tie(StrEnum):
    """What happens when as many are in favour as against and that alone is not enough."""

    FAILS = "fails"
    CHAIR = "chair"
    """The side of the chair's own ballot wins."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One line on the ballot: a code for machines, an English label to translate, and its side."""

    code: str
    label: str
    counts_as: Side


THREE_CHOICES: Final = (
    Choice("yes", "In favour", "yes"),
    Choice("no", "Against", "no"),
    Choice("abstain", "Abstain", "abstain"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How one poll is decided; `code` is a preset's name or `custom`."""

    code: str
    majority: Fraction
    strict: bool
    """True: more than the majority; false: at least."""
    base: Base
    tie: Tie = Tie.FAILS
    tie_requires_all_voted: bool = False
    """A tie goes to the chair's side only when everybody took a side (the strict reading of the law)."""
    quorum: Fraction | None = None
    quorum_base: Base = Base.SEATS
    present_at: Moment = "open"
    recused_shrink_base: bool = False
    choices: tuple[Choice, ...] = THREE_CHOICES
    valid_from: date | None = None
    valid_until: date | None = None
    """The last day in force."""
    source: str = ""

    def side(self, choice: str) -> Side:
        """The side a choice counts for; refuses a code that is not on the ballot (`choice-unknown`)."""
        for known in self.choices:
            if known.code == choice:
                return known.counts_as
        raise Refused("choice-unknown", choice=choice)


def in_force(rule: Rule, day: date) -> bool:
    """Whether the rule's text is in force on a day (both ends included)."""
    return (rule.valid_from is None or rule.valid_from <= day) and (
        rule.valid_until is None or day <= rule.valid_until
    )


def check_in_force(rule: Rule, day: date) -> None:
    """Refuse (`rule-not-in-force`) to vote by a rule outside its dates."""
    if not in_force(rule, day):
        raise Refused("rule-not-in-force", rule=rule.code, day=day)
