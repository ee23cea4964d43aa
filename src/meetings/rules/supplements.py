"""Changes of an agenda that members have: collected under a numbered supplement, told by what remains of them.

A change that was taken back before the supplement went out is no change; what was corrected twice is told once, from
the words that members have to those that count now.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from meetings.rules.working_days import Calendar, add_working_days, working_days_late


class ChangeKind(StrEnum):
    """What happened to an item or a paper."""

    ADDED = "added"
    CHANGED = "changed"
    MOVED = "moved"
    WITHDRAWN = "withdrawn"
    POSTPONED = "postponed"
    REFERRED = "referred"
    PAPER_LAID = "paper-laid"
    PAPER_WITHDRAWN = "paper-withdrawn"


_REPLACING = (ChangeKind.CHANGED, ChangeKind.MOVED, ChangeKind.PAPER_LAID)
"""Kinds of which the last counts, told from where the first began."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change. `number` and `title` are the item's when it happened."""

    kind: str
    item: str
    number: str
    title: str
    field: str = ""
    """Which words changed: `title`, `text`, `presenter`, `minutes_planned`, `kind`."""
    before: str = ""
    after: str = ""
    """Words, printed numbers, or the version of a paper (empty before its first one)."""
    paper: str = ""
    paper_title: str = ""
    reason: str = ""

    def data(self) -> dict[str, str]:
        """As it is kept."""
        return asdict(self)


def change_of(data: Mapping[str, Any]) -> Change:
    """A change as it was kept."""
    return Change(**data)


def net(changes: Iterable[Change]) -> list[Change]:
    """What is left to tell, in the order in which each matter was first touched."""
    kept: dict[tuple[str, str, str, str], Change] = {}
    added: set[str] = set()
    for change in changes:
        if change.kind == ChangeKind.ADDED:
            added.add(change.item)
        elif change.item in added and change.kind in (ChangeKind.CHANGED, ChangeKind.MOVED):
            _rename(kept, change)
            continue
        key = (change.kind, change.item, change.field, change.paper)
        if change.kind == ChangeKind.PAPER_WITHDRAWN:
            first = kept.pop((ChangeKind.PAPER_LAID, change.item, "", change.paper), None)
            if first is not None and not first.before:
                continue
        kept[key] = _continued(kept.get(key), change)
        if change.kind in _REPLACING and kept[key].before == change.after:
            del kept[key]
    return list(kept.values())


def _continued(earlier: Change | None, change: Change) -> Change:
    return replace(change, before=earlier.before) if earlier and change.kind in _REPLACING else change


def _rename(kept: dict[tuple[str, str, str, str], Change], change: Change) -> None:
    """A new item is told with the words and the number that it has in the end."""
    key = (ChangeKind.ADDED, change.item, "", "")
    if key in kept:
        kept[key] = replace(kept[key], number=change.number, title=change.title)


def touched(changes: Sequence[Change]) -> frozenset[str]:
    """The items that a supplement is about."""
    return frozenset(change.item for change in changes)


def notice_missed(meeting: date, today: date, notice_days: int, calendar: Calendar) -> int:
    """By how many working days a change told today misses the notice period; 0 when it is in time."""
    if not notice_days:
        return 0
    due = add_working_days(meeting, -notice_days, calendar)
    return working_days_late(due, today, calendar)
