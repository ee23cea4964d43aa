"""Counting ballots with several marks: how often each option was taken, in weights and in heads.

A blank ballot is a ballot; who gave none appears in `not_cast`, as with every other kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from meetings.rules.ballot_forms import LEVELS, Form, Kind, read


@dataclass(frozen=True, slots=True)
class Marks:
    """What stands on the ballots. Keys are options' ids; in a confidence poll `ID:high`, `ID:medium`, `ID:low`."""

    weights: Mapping[str, int]
    heads: Mapping[str, int]
    cast: int
    cast_weight: int
    blank: int
    blank_weight: int
    eligible: int
    eligible_weight: int

    @property
    def not_cast(self) -> int:
        return self.eligible - self.cast

    @property
    def not_cast_weight(self) -> int:
        return self.eligible_weight - self.cast_weight


def keys_of(form: Form) -> tuple[str, ...]:
    """Everything that can be marked on a ballot of this form."""
    if form.kind is Kind.CONFIDENCE:
        return tuple(f"{option.id}:{level}" for option in form.options for level in LEVELS)
    return tuple(option.id for option in form.options)


def count_marks(form: Form, ballots: Iterable[tuple[str, int]], eligible: int, eligible_weight: int) -> Marks:
    """Count ballots given as (stored text, weight); their order does not matter. Of a ranking, first places count.

    More ballots than voters is a broken store, not a matter of rules: ValueError.
    """
    weights = dict.fromkeys(keys_of(form), 0)
    heads = dict(weights)
    cast = cast_weight = blank = blank_weight = 0
    for stored, weight in ballots:
        marked = _keys(form, stored)
        for key in marked:
            weights[key] += weight
            heads[key] += 1
        cast += 1
        cast_weight += weight
        if not marked:
            blank += 1
            blank_weight += weight
    if cast > eligible or cast_weight > eligible_weight:
        raise ValueError(f"{cast} ballots ({cast_weight}) for {eligible} voters ({eligible_weight})")
    return Marks(weights, heads, cast, cast_weight, blank, blank_weight, eligible, eligible_weight)


def _keys(form: Form, stored: str) -> list[str]:
    marks = read(form, stored)
    if isinstance(marks, dict):
        return [f"{person}:{level}" for person, level in marks.items()]
    if form.kind is Kind.RANKED:
        return list(marks[:1])
    return [marks] if isinstance(marks, str) else list(marks)
