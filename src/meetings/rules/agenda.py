"""The agenda's order and numbers: 1, 1.1, 1a.

A lettered item was added after the agenda was published: it takes the number of the item before it and a
letter, so that every other number stays what people have on paper. Numbers are derived from order, never
stored by hand.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from meetings.rules.refusals import Refused

LEVELS_AT_MOST: Final = 4


class ItemKind(StrEnum):
    """What the meeting does under an item."""

    REGULAR = "regular"
    QUESTIONS = "questions"
    """Question time (chất vấn): listed questions are put to those who answer for a field."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One item's place: below `parent` (None: at the top), among its siblings by `position`."""

    id: str
    parent: str | None
    position: int
    lettered: bool = False
    hidden: bool = False
    """Not shown to members: it has no number, and no other number counts it."""


def in_order(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """All entries as the meeting meets them: each item, then what stands below it.

    Entries that hang below an unknown item, below themselves, or too deep are refused (`item-unknown`,
    `agenda-cycle`, `agenda-deep`).
    """
    known = {entry.id for entry in entries}
    if len(known) != len(entries) or any(
        entry.parent not in known for entry in entries if entry.parent is not None
    ):
        raise Refused("item-unknown")
    ordered = tuple(_below(_families(entries), None, 1))
    if len(ordered) != len(entries):
        raise Refused("agenda-cycle")
    return ordered


def numbers(entries: Sequence[Entry]) -> dict[str, str]:
    """The number of every entry by its id, in the order of the agenda."""
    found: dict[str, str] = {}
    plain: dict[str | None, int] = {}
    letters: dict[str | None, int] = {}
    for entry in in_order(entries):
        if entry.hidden or (entry.parent is not None and not found[entry.parent]):
            found[entry.id] = ""
            continue
        above = f"{found[entry.parent]}." if entry.parent is not None else ""
        if entry.lettered:
            letters[entry.parent] = letters.get(entry.parent, 0) + 1
        else:
            plain[entry.parent] = plain.get(entry.parent, 0) + 1
            letters[entry.parent] = 0
        letter = _letter(letters[entry.parent]) if entry.lettered else ""
        found[entry.id] = f"{above}{plain.get(entry.parent, 0)}{letter}"
    return found


def moved(entries: Sequence[Entry], entry_id: str, parent: str | None, position: int) -> tuple[Entry, ...]:
    """The agenda with one item, and all below it, at another place; positions of siblings are counted from 0.

    `position` is the place among the new siblings without the item itself; beyond the end means last.
    Refuses an unknown item or parent (`item-unknown`), a place below itself (`agenda-cycle`), and too many
    levels (`agenda-deep`).
    """
    by_id = {entry.id: entry for entry in entries}
    entry = by_id.get(entry_id)
    if entry is None or (parent is not None and parent not in by_id):
        raise Refused("item-unknown")
    if _is_below(by_id, parent, entry_id):
        raise Refused("agenda-cycle")
    family = [other for other in _siblings(entries, parent) if other.id != entry_id]
    family.insert(max(0, min(position, len(family))), replace(entry, parent=parent))
    changed = {one.id: replace(one, position=place) for place, one in enumerate(family)}
    if entry.parent != parent:
        left = (other for other in _siblings(entries, entry.parent) if other.id != entry_id)
        changed |= {one.id: replace(one, position=place) for place, one in enumerate(left)}
    result = tuple(changed.get(other.id, other) for other in entries)
    in_order(result)
    return result


def inserted(
    entries: Sequence[Entry], entry_id: str, parent: str | None, position: int, *, published: bool
) -> tuple[Entry, ...]:
    """The agenda with a new item; after publication no other number changes by it.

    Then it is lettered, behind the lettered items that stand there already; the last of its siblings takes
    the next whole number instead.
    """
    new, place = _newcomer(entries, entry_id, parent, position, published=published)
    return moved((*entries, new), entry_id, parent, place)


def revealed(entries: Sequence[Entry], entry_id: str, *, published: bool) -> tuple[Entry, ...]:
    """The agenda with a hidden item shown, without what is hidden below it; no other number changes once published."""
    entry = next((one for one in entries if one.id == entry_id), None)
    if entry is None:
        raise Refused("item-unknown")
    family = _siblings(entries, entry.parent)
    rest = [one for one in entries if one.id != entry_id]
    position = [one.id for one in family].index(entry_id)
    shown, place = _newcomer(rest, entry_id, entry.parent, position, published=published)
    return moved((*rest, shown), entry_id, entry.parent, place)


def _newcomer(
    entries: Sequence[Entry], entry_id: str, parent: str | None, position: int, *, published: bool
) -> tuple[Entry, int]:
    """The entry of an item that members see from now on, and its place among its siblings."""
    family = _siblings(entries, parent)
    place = max(0, min(position, len(family)))

    def follows() -> bool:
        return any(not one.hidden for one in family[place:])

    while published and follows() and (family[place].lettered or family[place].hidden):
        place += 1
    lettered = published and follows()
    return Entry(entry_id, parent, len(entries) + 1, lettered=lettered), place


def without(entries: Sequence[Entry], entry_id: str) -> tuple[Entry, ...]:
    """The agenda without one item and what stands below it."""
    by_id = {entry.id: entry for entry in entries}
    if entry_id not in by_id:
        raise Refused("item-unknown")
    return tuple(entry for entry in entries if not _is_below(by_id, entry.id, entry_id))


def _families(entries: Sequence[Entry]) -> dict[str | None, list[Entry]]:
    families: dict[str | None, list[Entry]] = {}
    for entry in sorted(entries, key=lambda entry: entry.position):
        families.setdefault(entry.parent, []).append(entry)
    return families


def _siblings(entries: Sequence[Entry], parent: str | None) -> list[Entry]:
    return _families(entries).get(parent, [])


def _below(families: dict[str | None, list[Entry]], parent: str | None, level: int) -> Iterator[Entry]:
    for entry in families.get(parent, []):
        if level > LEVELS_AT_MOST:
            raise Refused("agenda-deep", limit=LEVELS_AT_MOST)
        yield entry
        yield from _below(families, entry.id, level + 1)


def _is_below(by_id: dict[str, Entry], place: str | None, entry_id: str) -> bool:
    """Whether a place is the item itself or somewhere below it."""
    seen: set[str] = set()
    while place is not None and place not in seen:
        if place == entry_id:
            return True
        seen.add(place)
        place = by_id[place].parent
    return False


def _letter(count: int) -> str:
    """a … z, aa, ab …"""
    letters = ""
    while count:
        count, rest = divmod(count - 1, 26)
        letters = chr(ord("a") + rest) + letters
    return letters
