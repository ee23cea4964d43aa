"""Attendance as intervals: who was there at a moment, during an item, and what a correction may say.

An interval holds from its beginning until just before its end; one without an end lasts. Struck intervals were
corrected: they are kept for the record and count for nothing. Where no interval says anything, somebody is absent.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from meetings.rules.refusals import Refused


class Presence(StrEnum):
    """The states of attendance. Nobody is counted as present before an act says so."""

    IN = "in"
    REMOTE = "remote"
    OUT = "out"
    EXCUSED = "excused"
    REPLACED = "replaced"
    """A substitute sits in the seat."""
    ABSENT = "absent"


class Source(StrEnum):
    """How an interval came to be known."""

    SELF = "self"
    CODE = "code"
    """The code on the room screen."""
    SECRETARY = "secretary"
    DOOR = "door"
    """The list of names."""
    REPLY = "reply"
    """What the member had replied to the invitation."""
    IMPORT = "import"


class Part(StrEnum):
    """How much of an item somebody was there for."""

    PRESENT = "present"
    LATE = "late"
    """Came when it had begun."""
    LEFT = "left"
    """Was there when it began and not at its end."""
    ABSENT = "absent"


PRESENT = frozenset({Presence.IN, Presence.REMOTE})


@dataclass(frozen=True, slots=True)
class Interval:
    """One stretch of somebody's attendance."""

    state: Presence
    since: datetime
    until: datetime | None = None
    struck: bool = False

    def covers(self, moment: datetime) -> bool:
        """Whether it says something about that moment."""
        return not self.struck and self.since <= moment and (self.until is None or moment < self.until)


def state_at(intervals: Iterable[Interval], moment: datetime) -> Presence:
    """The state at a moment. Of two that begin at the same moment and never ended, the first counts."""
    found = [interval for interval in intervals if interval.covers(moment)]
    return max(found, key=lambda interval: interval.since).state if found else Presence.ABSENT


def present_at(intervals: Iterable[Interval], moment: datetime) -> bool:
    """Whether somebody was in the room or connected."""
    return state_at(intervals, moment) in PRESENT


def part_of(intervals: Sequence[Interval], since: datetime, until: datetime) -> Part:
    """Present, late, left or absent between two moments, as from taking an item up to concluding it."""
    spans = _present_within(intervals, since, until)
    if not spans:
        return Part.PRESENT if since == until and present_at(intervals, since) else Part.ABSENT
    if spans[0][0] > since:
        return Part.LATE
    return Part.PRESENT if spans[-1][1] == until else Part.LEFT


def seconds_present(intervals: Iterable[Interval], since: datetime, until: datetime) -> int:
    """Whole seconds in the room or connected between two moments."""
    spans = _present_within(intervals, since, until)
    return int(sum((end - begin).total_seconds() for begin, end in spans))


def totals(states: Iterable[Presence]) -> dict[str, int]:
    """Heads by state; every state is named, also where nobody is in it."""
    counted = dict.fromkeys((state.value for state in Presence), 0)
    for state in states:
        counted[state.value] += 1
    return counted


def check_interval(
    wanted: Interval, others: Iterable[Interval], *, earliest: datetime, latest: datetime
) -> None:
    """Refuse an interval that cannot be recorded.

    `wrong-input` when it ends before it begins; `attendance-outside` when it does not lie between the publication of
    the meeting and now (or its adjournment); `attendance-overlap` when another one says something about the same time.
    """
    if wanted.until is not None and wanted.until <= wanted.since:
        raise Refused("wrong-input", field="until")
    if wanted.since < earliest or wanted.since > latest or (wanted.until or latest) > latest:
        raise Refused("attendance-outside")
    if any(_overlap(wanted, other) for other in others if not other.struck):
        raise Refused("attendance-overlap")


def _overlap(first: Interval, second: Interval) -> bool:
    ends_before = first.until is not None and first.until <= second.since
    begins_after = second.until is not None and second.until <= first.since
    return not ends_before and not begins_after


def _present_within(
    intervals: Iterable[Interval], since: datetime, until: datetime
) -> list[tuple[datetime, datetime]]:
    """The stretches of presence between two moments in order, joined where they touch."""
    clipped = sorted(
        (max(interval.since, since), min(interval.until or until, until))
        for interval in intervals
        if interval.state in PRESENT and not interval.struck
    )
    spans: list[tuple[datetime, datetime]] = []
    for begin, end in clipped:
        if begin >= end:
            continue
        if spans and begin <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], end))
        else:
            spans.append((begin, end))
    return spans
