"""Confidence ratings: each person rated high, medium or low by secret ballot, and what follows from it.

Resolution 96/2023/QH15 of 23 June 2023 on confidence ratings in elected bodies. Shares are of the ballots
returned (the 2014 rule took all delegates): more than half low but less than two thirds, the person may
resign, otherwise a vote of confidence follows; two thirds or more low, dismissal is proposed. A person left
without a mark on a returned ballot is unmarked there; that ballot still belongs to the base.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from meetings.rules.outcome import percent


class Consequence(StrEnum):
    """What a rating leads to."""

    NONE = "none"
    MAY_RESIGN = "may_resign"
    DISMISSAL = "dismissal"


@dataclass(frozen=True, slots=True)
class Rating:
    """One person's marks on the ballots returned, with each level's share of those ballots."""

    returned: int
    high: int
    medium: int
    low: int
    unmarked: int
    high_percent: str
    medium_percent: str
    low_percent: str
    consequence: Consequence


CONSEQUENCES: Final[dict[Consequence, str]] = {
    Consequence.NONE: "No consequence.",
    Consequence.MAY_RESIGN: (
        "More than half low confidence: may resign; otherwise a vote of confidence follows."
    ),
    Consequence.DISMISSAL: "Two thirds or more low confidence: dismissal is to be proposed.",
}


def rate(returned: int, high: int, medium: int, low: int) -> Rating:
    """One person's rating from the ballots returned; more marks than ballots is a miscount: ValueError."""
    if min(high, medium, low) < 0 or high + medium + low > returned:
        raise ValueError(f"{high} + {medium} + {low} marks on {returned} ballots")
    if returned and 3 * low >= 2 * returned:
        consequence = Consequence.DISMISSAL
    elif 2 * low > returned:
        consequence = Consequence.MAY_RESIGN
    else:
        consequence = Consequence.NONE
    return Rating(
        returned=returned,
        high=high,
        medium=medium,
        low=low,
        unmarked=returned - high - medium - low,
        high_percent=percent(high, returned),
        medium_percent=percent(medium, returned),
        low_percent=percent(low, returned),
        consequence=consequence,
    )
