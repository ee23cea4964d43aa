"""The counting of ballots: by choice, in weights and in heads.

Absent, present without casting, and casting a blank ballot are three different things and stay apart: a
blank ballot is a choice, the others appear in `not_cast` or not on the roll at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from meetings.rules.refusals import Refused
from meetings.rules.rule import Choice, Side


@dataclass(frozen=True, slots=True)
class Tally:
    """What was cast, for every choice of the ballot (0 included), and by how many of those with a ballot."""

    weights: Mapping[str, int]
    heads: Mapping[str, int]
    cast: int
    cast_weight: int
    eligible: int
    eligible_weight: int
    choices: tuple[Choice, ...]

    @property
    def not_cast(self) -> int:
        """Heads that had a ballot and gave none."""
        return self.eligible - self.cast

    @property
    def not_cast_weight(self) -> int:
        return self.eligible_weight - self.cast_weight

    def count(self, side: Side) -> int:
        """The weight of all choices that count for a side."""
        return sum(self.weights[choice.code] for choice in self.choices if choice.counts_as == side)


def tally(
    ballots: Iterable[tuple[str, int]], eligible: int, eligible_weight: int, choices: Sequence[Choice]
) -> Tally:
    """Count ballots given as (choice code, weight); their order does not matter.

    Refuses a code that is not on the ballot (`choice-unknown`). More ballots than voters is a broken store,
    not a matter of rules: ValueError.
    """
    weights = {choice.code: 0 for choice in choices}
    heads = dict(weights)
    for code, weight in ballots:
        if code not in weights:
            raise Refused("choice-unknown", choice=code)
        weights[code] += weight
        heads[code] += 1
    cast, cast_weight = sum(heads.values()), sum(weights.values())
    if cast > eligible or cast_weight > eligible_weight:
        raise ValueError(f"{cast} ballots ({cast_weight}) for {eligible} voters ({eligible_weight})")
    return Tally(
        weights=weights,
        heads=heads,
        cast=cast,
        cast_weight=cast_weight,
        eligible=eligible,
        eligible_weight=eligible_weight,
        choices=tuple(choices),
    )
