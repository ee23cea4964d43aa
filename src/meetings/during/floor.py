"""What the floor looks like now: who has it, who waits and for how long, and the time of the groups.

Everything is worked out anew from the rows; a clock is handed on as `running_since` and seconds used, so that whoever
shows it goes on counting without asking again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from meetings.before.seated import seated_in
from meetings.during.speakers import HOLDING, clock_of
from meetings.rules.clocks import Clock, GroupClock, used_by
from meetings.rules.room_rules import RoomRules, room_rules
from meetings.rules.speakers import (
    INTERRUPTING,
    LISTED,
    Floor,
    Request,
    Share,
    SpeechKind,
    SpeechState,
    expected,
    in_order,
    waits,
)
from meetings.storage.tables import Body, GroupTime, Item, Meeting, Speech
from meetings.storage.unit_of_work import Reading

HEARD = (SpeechState.SPOKEN, *HOLDING)


@dataclass(frozen=True, slots=True)
class Speaker:
    """One speech or request as the screens show it."""

    id: UUID
    person: UUID | None
    name: str
    group: str
    kind: SpeechKind
    stance: str
    category: str
    state: str
    asked_at: datetime
    clock: Clock
    wait: int = 0
    """Seconds until the turn comes, as it looks now; only for those who wait."""


@dataclass(frozen=True, slots=True)
class GroupNow:
    """A group's time on the item; `clock.allowed` is 0 where no time was set."""

    name: str
    clock: GroupClock


@dataclass(frozen=True, slots=True)
class FloorNow:
    """The floor of the item in hand."""

    item: UUID | None
    speaking: Speaker | None
    """Who has the floor; the clock may stand still."""
    interrupted: tuple[Speaker, ...]
    """Whose speech was halted for the one who speaks now."""
    queue: tuple[Speaker, ...]
    total: int
    """Seconds until everybody on the list will have spoken, as it looks now."""
    groups: tuple[GroupNow, ...]
    last_call: bool
    closed: bool
    rules: RoomRules


def nobody(rules: RoomRules) -> FloorNow:
    """The floor while no item is in hand."""
    return FloorNow(None, None, (), (), 0, (), False, False, rules)


@dataclass(frozen=True, slots=True)
class FloorRows:
    """What is kept of the floor of the item in hand; the same until the next event."""

    item: Item
    speeches: Sequence[Speech]
    times: Mapping[str, GroupTime]
    """The time that was set for a group, by its name."""
    groups: frozenset[str]
    """Groups whose members sit here, where every group has a time."""


async def floor_of(reading: Reading, meeting: Meeting, body: Body) -> FloorNow:
    """The floor of the item in hand."""
    item = await reading.session.get(Item, meeting.current_item_id) if meeting.current_item_id else None
    return floor_at(await floor_rows(reading, meeting, body, item), body, reading.now)


async def floor_rows(reading: Reading, meeting: Meeting, body: Body, item: Item | None) -> FloorRows | None:
    """The rows of the floor; None while no item is in hand."""
    if item is None:
        return None
    speeches = await reading.session.scalars(
        select(Speech).where(Speech.item_id == item.id).order_by(Speech.asked_at, Speech.id)
    )
    times = await reading.session.scalars(select(GroupTime).where(GroupTime.item_id == item.id))
    groups: frozenset[str] = frozenset()
    if room_rules(body.room_rules).group_seconds:
        members = await seated_in(reading, meeting)
        groups = frozenset(member.group for member in members if member.group)
    return FloorRows(item, speeches.all(), {time.group: time for time in times}, groups)


def floor_at(kept: FloorRows | None, body: Body, now: datetime) -> FloorNow:
    """The floor at a moment: waiting times shrink while somebody speaks."""
    rules = room_rules(body.room_rules)
    if kept is None:
        return nobody(rules)
    rows, item = kept.speeches, kept.item
    groups = _groups(kept, rules)
    holders = sorted(
        (row for row in rows if row.state in HOLDING),
        key=lambda row: row.called_at or row.asked_at,
        reverse=True,
    )
    queue, total = _queue(rows, groups, rules, now)
    return FloorNow(
        item=item.id,
        speaking=_speaker(holders[0]) if holders else None,
        interrupted=tuple(map(_speaker, holders[1:])),
        queue=queue,
        total=total,
        groups=groups if any(group.clock.allowed for group in groups) else (),
        last_call=item.last_call_at is not None,
        closed=item.speakers_closed_at is not None,
        rules=rules,
    )


def _queue(
    rows: Sequence[Speech], groups: Iterable[GroupNow], rules: RoomRules, now: datetime
) -> tuple[tuple[Speaker, ...], int]:
    waiting = {str(row.id): row for row in rows if row.state == SpeechState.ASKED and row.kind in LISTED}
    if not waiting:
        return (), 0
    spoke = sorted((row for row in rows if row.state in HEARD), key=lambda row: row.called_at or row.asked_at)
    stances = [row.stance for row in spoke if row.stance]
    floor = Floor(
        rules=rules,
        last_stance=stances[-1] if stances else "",
        shares={
            group.name: Share(used=group.clock.used(now), allowed=group.clock.allowed) for group in groups
        },
    )
    heard = {_who(row) for row in spoke}
    missed = {(_who(row), row.kind) for row in rows if row.state == SpeechState.PASSED}
    order = in_order([_request(row, heard, missed) for row in waiting.values()], floor)
    usual = _usual(spoke)
    present = next((row for row in reversed(spoke) if row.state in HOLDING), None)
    rest = _rest(clock_of(present), usual, now) if present else 0
    queue = [waiting[one.id] for one in order]
    cutting_in = next((at for at, row in enumerate(queue) if row.kind not in INTERRUPTING), len(queue))
    *times, total = waits(rest, [*(expected(_allowed(row), usual) for row in queue), 0], cutting_in)
    return tuple(_speaker(row, wait) for row, wait in zip(queue, times, strict=True)), total


def _groups(kept: FloorRows, rules: RoomRules) -> tuple[GroupNow, ...]:
    """Groups with a time of their own, and those that have spoken; by name."""
    own, rows = kept.times, kept.speeches
    names = {*own, *(row.group for row in rows if row.group), *kept.groups}
    return tuple(
        GroupNow(
            name,
            GroupClock(
                initial=own[name].initial if name in own else rules.group_seconds,
                added=own[name].added if name in own else 0,
                speeches=tuple(clock_of(row) for row in rows if row.group == name and row.state in HEARD),
            ),
        )
        for name in sorted(names)
    )


@dataclass(frozen=True, slots=True)
class SpeechFact:
    """Who spoke, for the minutes. Seconds are as the clock stood at the end."""

    item: UUID
    speaker: str
    person: UUID | None
    group: str
    kind: SpeechKind
    stance: str
    category: str
    seconds: int
    called_at: datetime
    ended_at: datetime | None
    id: UUID
    question: UUID | None
    """The question whose turn it was."""


async def speeches_of(reading: Reading, meeting: Meeting) -> list[SpeechFact]:
    """Every speech of a meeting in the order in which they were called, those of question time too."""
    query = select(Speech).where(Speech.meeting_id == meeting.id, Speech.state.in_(HEARD))
    rows = await reading.session.scalars(query.order_by(Speech.called_at, Speech.id))
    return [
        SpeechFact(
            row.item_id, row.speaker, row.person_id, row.group, SpeechKind(row.kind), row.stance, row.category,
            clock_of(row).used(reading.now), row.called_at or row.asked_at, row.ended_at, row.id,
            row.question_id,
        )
        for row in rows
    ]  # fmt: skip


def floor_as_data(floor: FloorNow) -> dict[str, Any]:
    """The floor as plain data, all of it absolute: the same until the next event."""
    speaking = floor.speaking
    return {
        "speaking": _as_data(speaking) | clock_as_data(speaking.clock) if speaking else None,
        "interrupted": [_as_data(one) | clock_as_data(one.clock) for one in floor.interrupted],
        "queue": [_as_data(one) for one in floor.queue],
        "groups": [
            {
                "name": group.name, "initial": group.clock.initial, "added": group.clock.added,
                "seconds": group.clock.settled, "running_since": _moment(group.clock.running_since),
            }
            for group in floor.groups
        ],
        "last_call": floor.last_call,
        "closed": floor.closed,
    }  # fmt: skip


def clock_as_data(clock: Clock) -> dict[str, Any]:
    """A clock that whoever receives it can go on counting."""
    return {
        "running_since": _moment(clock.running_since),
        "seconds": clock.seconds,
        "limit": clock.limit,
        "added": clock.added,
    }


def _as_data(speaker: Speaker) -> dict[str, Any]:
    return {
        "id": str(speaker.id),
        "person": str(speaker.person) if speaker.person else None,
        "name": speaker.name,
        "group": speaker.group,
        "kind": speaker.kind.value,
        "stance": speaker.stance,
        "category": speaker.category,
        "state": speaker.state,
    }


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _speaker(row: Speech, wait: int = 0) -> Speaker:
    return Speaker(
        row.id, row.person_id, row.speaker, row.group, SpeechKind(row.kind), row.stance, row.category, row.state,
        row.asked_at, clock_of(row), wait,
    )  # fmt: skip


def _request(row: Speech, heard: set[str], missed: set[tuple[str, str]]) -> Request:
    return Request(
        id=str(row.id), kind=SpeechKind(row.kind), asked=row.asked_at.timestamp(), stance=row.stance, group=row.group,
        category=row.category, place=row.place, first=_who(row) not in heard,
        passed=(_who(row), row.kind) in missed,
    )  # fmt: skip


def _who(row: Speech) -> str:
    return str(row.person_id) if row.person_id else row.speaker


def _usual(spoke: Sequence[Speech]) -> int | None:
    """How long the speeches on the item took so far, on average."""
    lengths = [
        row.seconds for row in spoke if row.state == SpeechState.SPOKEN and row.kind == SpeechKind.SPEECH
    ]
    return (
        round(used_by((Clock(seconds=one) for one in lengths), spoke[0].asked_at) / len(lengths))
        if lengths
        else None
    )


def _allowed(row: Speech) -> int | None:
    return clock_of(row).allowed


def _rest(clock: Clock, usual: int | None, now: datetime) -> int:
    return max(0, expected(clock.allowed, usual) - clock.used(now))
