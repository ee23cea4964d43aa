"""Planned and real times of an agenda: how long each item took, when the coming ones are due, when the meeting ends.

Planned times are whole minutes, real ones seconds; the time of a recess belongs to no item.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from meetings.rules.refusals import Refused

YEARS: Final = range(1900, 3000)
"""When anything can be: no zone moves these dates out of the calendar."""
RECESS_AT_MOST: Final = 24 * 60
"""Minutes: a longer interruption is an adjournment to another meeting."""
ROUND: Final = 5
"""Minutes to which a delay is told: more exactness would pretend to know the future."""


class Course(StrEnum):
    """Where an item stands on its way through the meeting."""

    COMING = "coming"
    NOW = "now"
    OVER = "over"


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """An item's part of the time. `spent` counts the seconds it was in hand until now, without recesses."""

    id: str
    parent: str | None = None
    minutes: int | None = None
    course: Course = Course.COMING
    spent: int = 0
    planned: bool = True
    """False for an urgent item, which the plan that was published does not know."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """When the meeting will end if every item takes what it was given."""

    ends: datetime
    planned_end: datetime
    expected: Mapping[str, datetime]
    """When each coming item will be taken up."""
    without_time: int
    """How many open items say nothing about their time; they count as nothing."""

    @property
    def late(self) -> int:
        """Minutes by which the end comes later than planned, rounded; negative when it comes earlier."""
        return ROUND * round((self.ends - self.planned_end).total_seconds() / 60 / ROUND)


def seconds_spent(spent: int, since: datetime | None, now: datetime) -> int:
    """What a clock shows that has counted `spent` and has run on `since` then (None: it stands)."""
    return spent if since is None else spent + max(0, int((now - since).total_seconds()))


def own_minutes(slots: Sequence[Slot]) -> dict[str, int]:
    """The planned minutes of each item without those of the items below it.

    An item's minutes are meant to hold those below it; where the lower ones ask for more, theirs count.
    """
    below: dict[str, list[Slot]] = {}
    for slot in slots:
        if slot.parent is not None:
            below.setdefault(slot.parent, []).append(slot)

    def whole(slot: Slot) -> int:
        return max(slot.minutes or 0, sum(whole(child) for child in below.get(slot.id, ())))

    return {slot.id: whole(slot) - sum(whole(child) for child in below.get(slot.id, ())) for slot in slots}


def forecast(
    slots: Sequence[Slot], *, start: datetime, now: datetime, recess_until: datetime | None = None
) -> Forecast | None:
    """The end as it looks `now`, for the items in the order of the agenda; None when no item names a time.

    The items behind the one in hand come first, then those that were passed over. A meeting that has not begun
    begins at its `start`, or now if that is over; a recess lasts until its planned end.
    """
    shares = own_minutes(slots)
    if not any(shares.values()):
        return None
    begun = any(slot.course != Course.COMING for slot in slots)
    at = max(now, recess_until or now) if begun else max(now, start, recess_until or now)
    here = next((place for place, slot in enumerate(slots) if slot.course == Course.NOW), -1)
    for slot in slots:
        if slot.course == Course.NOW:
            at += timedelta(seconds=max(0, shares[slot.id] * 60 - slot.spent))
    over = _headings_done(slots)
    coming = [slot for slot in (*slots[here + 1 :], *slots[: here + 1]) if slot.course == Course.COMING]
    expected: dict[str, datetime] = {}
    for slot in coming:
        if slot.id not in over:
            expected[slot.id] = at
            at += timedelta(minutes=shares[slot.id])
    without = sum(
        slot.course != Course.OVER
        and slot.id not in over
        and not slot.minutes
        and not _has_below(slot, slots)
        for slot in slots
    )
    known = sum(shares[slot.id] for slot in slots if slot.planned)
    return Forecast(at, start + timedelta(minutes=known), expected, without)


def recess_end(
    now: datetime, *, minutes: int | None = None, until: datetime | None = None
) -> datetime | None:
    """The planned end of a recess; None where nothing was planned. Refuses what is over or more than a day away."""
    if minutes is not None:
        if not 1 <= minutes <= RECESS_AT_MOST:
            raise Refused("wrong-input", field="minutes")
        return now + timedelta(minutes=minutes)
    if until is not None and not now < until <= now + timedelta(minutes=RECESS_AT_MOST):
        raise Refused("recess-time")
    return until


def _has_below(slot: Slot, slots: Sequence[Slot]) -> bool:
    return any(other.parent == slot.id for other in slots)


def _headings_done(slots: Sequence[Slot]) -> frozenset[str]:
    """Items that only gather others and are not taken up any more, because all below them are over."""
    children: dict[str, list[Slot]] = {}
    for slot in slots:
        if slot.parent is not None:
            children.setdefault(slot.parent, []).append(slot)

    def over(slot: Slot) -> bool:
        if slot.course != Course.COMING:
            return slot.course == Course.OVER
        return slot.id in children and all(over(child) for child in children[slot.id])

    return frozenset(slot.id for slot in slots if slot.course == Course.COMING and over(slot))
