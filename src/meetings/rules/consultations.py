"""Written opinions outside a meeting (phiếu lấy ý kiến): a consultation’s life, times, ballots and outcome.

Law on the Organisation of Local Government 77/2015/QH13, article 118: the Chair may decide that members give their
opinion on paper instead of sitting, for urgent matters or those that need no debate; the same majority of all members
is needed as in a sitting, and the Chair announces the outcome at the next one.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from meetings.rules.lifecycle import Table
from meetings.rules.outcome import Figures, Outcome, decide
from meetings.rules.quorum import quorum
from meetings.rules.refusals import Refused
from meetings.rules.rule import Rule
from meetings.rules.tally import Tally, tally

RULE: Final = "ubnd-written"
EXPLAINED: Final = frozenset({"agree-comments", "other"})
"""Choices that say nothing without words."""
COMMENT_LENGTH: Final = 20_000
REMINDED: Final = timedelta(days=1)
"""T−1: so long before the deadline those whose ballot is missing are reminded."""


class ConsultationState(StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    """The deadline is over and the ballots are counted; the outcome waits for the next meeting."""
    ANNOUNCED = "announced"
    CONVERTED = "converted"
    """The matter went to a meeting instead; ballots that were given stay on record and count for nothing."""
    WITHDRAWN = "withdrawn"


_DRAFT: Final = frozenset({ConsultationState.DRAFT})
_OPEN: Final = frozenset({ConsultationState.OPEN})
_CLOSED: Final = frozenset({ConsultationState.CLOSED})

CONSULTATION: Final = Table(
    "consultation",
    ConsultationState.DRAFT,
    {
        "change": (_DRAFT, ConsultationState.DRAFT),
        "open": (_DRAFT, ConsultationState.OPEN),
        "give": (_OPEN, ConsultationState.OPEN),
        "recuse": (_OPEN, ConsultationState.OPEN),
        "extend": (_OPEN, ConsultationState.OPEN),
        "close": (_OPEN, ConsultationState.CLOSED),
        "put-on-agenda": (_CLOSED, ConsultationState.CLOSED),
        "announce": (_CLOSED, ConsultationState.ANNOUNCED),
        "convert": (_DRAFT | _OPEN | _CLOSED, ConsultationState.CONVERTED),
        "withdraw": (_DRAFT | _OPEN, ConsultationState.WITHDRAWN),
    },
)


def check_deadline(now: datetime, closes: datetime, *, later_than: datetime | None = None) -> None:
    """Refuse a deadline that is over (`deadline-past`), or an extension that is none (`deadline-not-later`)."""
    if later_than is not None and closes <= later_than:
        raise Refused("deadline-not-later")
    if closes <= now:
        raise Refused("deadline-past")


def remind_at(opened: datetime, closes: datetime) -> datetime:
    """When the missing are reminded: a day before the deadline, or half-way where there is less than two days."""
    return max(closes - REMINDED, opened + (closes - opened) / 2)


def checked_comment(rule: Rule, choice: str, comment: str) -> str:
    """The words beside a choice, without blank ends.

    Refuses a choice that is not on the ballot (`choice-unknown`), one that needs words (`opinion-words`), and words
    that are too long (`field-long`).
    """
    rule.side(choice)
    words = comment.strip()
    if choice in EXPLAINED and not words:
        raise Refused("opinion-words")
    if len(words) > COMMENT_LENGTH:
        raise Refused("field-long", field="comments", limit=COMMENT_LENGTH)
    return words


def counted(rule: Rule, ballots: Iterable[tuple[str, int]], weights: Iterable[int]) -> Tally:
    """The ballots of a roll whose members have these weights; the order of either does not matter."""
    roll = tuple(weights)
    return tally(ballots, len(roll), sum(roll), rule.choices)


def outcome_of(
    rule: Rule, *, seats: int, in_office: int, count: Tally, chair_choice: str | None, recused: int = 0
) -> Outcome:
    """What the ballots mean. Nobody is present at a consultation, so there is no quorum to be met.

    In a tie the side of the chair's own ballot wins; a chair who gave none leaves it undecided. Members who stand
    aside (`recused`) have no ballot; the base of the majority shrinks by them only where the rule says so.
    """
    none = quorum(None, seats, count.eligible)
    figures = Figures(
        seats=seats, in_office=in_office, present=count.eligible, quorum_open=none, quorum_close=none, recused=recused
    )  # fmt: skip
    return decide(rule, figures, count, chair_choice)
