"""An agenda is put in order by rules: a list of criteria, the first one first; what they leave equal keeps its order.

Siblings are ordered among themselves, so nothing leaves the item it stands below.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from meetings.rules.agenda import Entry, ItemKind
from meetings.rules.refusals import Refused
from meetings.rules.visibility import Visibility

AT_MOST: Final = 4
"""So many criteria are enough for every list that was ever wanted."""


_Rank = Callable[[Entry], int]


class Criterion(StrEnum):
    """What comes first."""

    ADOPTION = "adoption"
    """Minutes to be adopted."""
    CONTINUED = "continued"
    """What was postponed to this meeting, and matters arising."""
    DECISIONS = "decisions"
    """Items with a motion, before those that are only heard."""
    QUESTIONS_LAST = "questions-last"
    INTERNAL_LAST = "internal-last"
    """So that observers leave once."""
    SHORT = "short"
    """Short items first; those without a time last."""
    PRESENTER = "presenter"
    """Everything of one presenter together, in the order of whoever comes first."""


@dataclass(frozen=True, slots=True)
class Matter:
    """What the criteria look at in an item."""

    adopts: bool = False
    continued: bool = False
    decides: bool = False
    kind: str = ItemKind.REGULAR
    visibility: str = Visibility.COMMON
    minutes: int | None = None
    presenter: str = ""


def criteria_of(names: Sequence[str]) -> tuple[Criterion, ...]:
    """The criteria by their names, each once; refuses (`wrong-input`) what is none, and too many."""
    if len(names) > AT_MOST or any(name not in tuple(Criterion) for name in names):
        raise Refused("wrong-input", field="order")
    return tuple(Criterion(name) for name in dict.fromkeys(names))


def ordered(
    entries: Sequence[Entry], matters: Mapping[str, Matter], criteria: Sequence[Criterion]
) -> tuple[Entry, ...]:
    """The agenda with the items of every level in the order of the criteria."""
    families: dict[str | None, list[Entry]] = {}
    for entry in sorted(entries, key=lambda one: one.position):
        families.setdefault(entry.parent, []).append(entry)
    places: dict[str, int] = {}
    for family in families.values():
        keys: list[_Rank] = []
        for criterion in criteria:  # who comes first is seen in the order that the earlier criteria give
            keys.append(_key(criterion, _ranked(family, keys), matters))
        places |= {entry.id: place for place, entry in enumerate(_ranked(family, keys))}
    return tuple(replace(entry, position=places[entry.id]) for entry in entries)


def _ranked(family: Sequence[Entry], keys: Sequence[_Rank]) -> list[Entry]:
    return sorted(family, key=lambda one: tuple(key(one) for key in keys))


def _key(criterion: Criterion, family: Sequence[Entry], matters: Mapping[str, Matter]) -> _Rank:
    def of(entry: Entry) -> Matter:
        return matters.get(entry.id, Matter())

    if criterion is Criterion.PRESENTER:
        first: dict[str, int] = {}
        for place, entry in enumerate(family):
            name = of(entry).presenter.casefold()
            first.setdefault(name or f"\0{place}", place)
        at = {entry.id: first.get(of(entry).presenter.casefold() or f"\0{place}", place)
              for place, entry in enumerate(family)}  # fmt: skip
        return lambda entry: at[entry.id]
    ranks: dict[Criterion, Callable[[Matter], int]] = {
        Criterion.ADOPTION: lambda one: not one.adopts,
        Criterion.CONTINUED: lambda one: not one.continued,
        Criterion.DECISIONS: lambda one: not one.decides,
        Criterion.QUESTIONS_LAST: lambda one: one.kind == ItemKind.QUESTIONS,
        Criterion.INTERNAL_LAST: lambda one: one.visibility != Visibility.COMMON,
        Criterion.SHORT: lambda one: 10_000 if one.minutes is None else one.minutes,
    }
    rank = ranks[criterion]
    return lambda entry: int(rank(of(entry)))
