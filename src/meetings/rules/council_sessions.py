"""Terms and sessions of a council: numbers, states, sittings that cross, groups of members.

A People's Council meets in regular sessions and, when needed, in thematic ones or in extraordinary ones for matters
that arise at short notice. A session has plenary sittings and, where it wants, discussions in groups.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

from meetings.rules.lifecycle import MeetingState
from meetings.rules.refusals import Refused
from meetings.rules.weekly_schedule import EVENING, NOON, DayPart, part_of

PersonT = TypeVar("PersonT")

MOST_GROUPS = 20
LONGEST_SESSION = 60
"""Days. A session that lasts longer is a mistyped date."""
LONGEST_TERM = 10
"""Years."""
HOURS: Mapping[DayPart, tuple[str, str]] = {
    DayPart.MORNING: ("08:00", "11:30"),
    DayPart.AFTERNOON: ("14:00", "17:00"),
    DayPart.EVENING: ("19:00", "21:00"),
}
"""When a sitting begins and ends that was planned by the part of the day."""


class SessionKind(StrEnum):
    """Thường lệ, chuyên đề, giải quyết công việc phát sinh đột xuất."""

    REGULAR = "regular"
    THEMATIC = "thematic"
    EXTRAORDINARY = "extraordinary"


class SessionState(StrEnum):
    """Planned: for the secretaries only. Convened: the members know. Closed: every sitting is over."""

    PLANNED = "planned"
    CONVENED = "convened"
    CLOSED = "closed"


class SittingKind(StrEnum):
    """What a meeting is in its session; a meeting outside has none."""

    PLENARY = "plenary"
    GROUP = "group"


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One meeting of a session. Times are local, as `2026-12-10T08:00`; `ends` may be empty."""

    key: str
    kind: str
    state: str
    starts: str
    ends: str = ""
    group: str = ""
    """Number of the group as `003`; empty for a plenary sitting."""


def check_span(since: date, until: date, longest: int, unit: str) -> None:
    """Refuse (`span-wrong`) an end before the start, or (`span-long`) more than so many days or years."""
    if until < since:
        raise Refused("span-wrong")
    if unit == "years" and until.year - since.year > longest:
        raise Refused("term-long", limit=longest)
    if unit == "days" and (until - since).days >= longest:
        raise Refused("session-long", limit=longest)


def check_terms(since: date, until: date, others: Iterable[tuple[str, date, date]]) -> None:
    """Refuse (`term-overlap`) a term that has a day in common with another one: (name, first day, last day)."""
    for name, first, last in others:
        if since <= last and first <= until:
            raise Refused("term-overlap", name=name)


def next_number(taken: Iterable[int]) -> int:
    """The number that a new session is offered: one more than the highest of its term."""
    return max(taken, default=0) + 1


def state_of(*, convened: bool, sittings: Iterable[str], until: date, today: date) -> SessionState:
    """The state of a session, from its calling and the states of its meetings.

    A published meeting makes it known, even without a calling. It is closed when its last day has come, a meeting was
    held, and none is still to be held.
    """
    states = list(sittings)
    known = [state for state in states if state != MeetingState.DRAFT]
    over = [state for state in known if state == MeetingState.ADJOURNED]
    open_ones = [state for state in states if state not in (MeetingState.ADJOURNED, MeetingState.CANCELLED)]
    if over and not open_ones and today >= until:
        return SessionState.CLOSED
    if convened or any(state != MeetingState.CANCELLED for state in known):
        return SessionState.CONVENED
    return SessionState.PLANNED


def in_order(sittings: Iterable[Held]) -> list[Held]:
    """By their start, plenary sittings before groups, groups by number."""
    return sorted(sittings, key=lambda one: (one.starts, one.group, one.key))


def numbered(sittings: Iterable[Held]) -> dict[str, int]:
    """The number of each plenary sitting: from 1 in the order of time, without gaps; a cancelled one has none."""
    plenary = [
        one
        for one in in_order(sittings)
        if one.kind == SittingKind.PLENARY and one.state != MeetingState.CANCELLED
    ]
    return {one.key: number for number, one in enumerate(plenary, start=1)}


def outside(one: Held, since: date, until: date) -> bool:
    """Whether a meeting begins on a day that is not one of the session's."""
    return not since <= date.fromisoformat(one.starts[:10]) <= until


def crossing(sittings: Iterable[Held]) -> list[tuple[str, str]]:
    """Pairs of meetings at the same time that need the same members: everything but two different groups."""
    held = [one for one in in_order(sittings) if one.state != MeetingState.CANCELLED]
    return [
        (one.key, other.key)
        for place, one in enumerate(held)
        for other in held[place + 1 :]
        if other.starts < _until(one) and not (one.group and other.group and one.group != other.group)
    ]


def _until(one: Held) -> str:
    """The planned end; without one the end of the part of the day."""
    if one.ends:
        return one.ends
    day, clock = one.starts[:10], one.starts[11:16]
    return f"{day}T{({DayPart.MORNING: NOON, DayPart.AFTERNOON: EVENING}).get(part_of(clock), '24:00')}"


def divided(members: Sequence[tuple[PersonT, str]], groups: int) -> list[list[PersonT]]:
    """The members (each with the delegation) in so many groups of nearly equal size, delegations side by side.

    Refused (`groups-number`) unless every group gets somebody.
    """
    if not 1 <= groups <= min(MOST_GROUPS, len(members)):
        raise Refused("groups-number", limit=min(MOST_GROUPS, len(members)))
    ordered = [person for person, _ in sorted(members, key=lambda one: one[1])]
    least, more = divmod(len(ordered), groups)
    sizes = [least + (place < more) for place in range(groups)]
    starts = [sum(sizes[:place]) for place in range(groups)]
    return [ordered[start : start + size] for start, size in zip(starts, sizes, strict=True)]
