"""Attendance is corrected: what was recorded wrongly is struck, not deleted, and the right times take its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import aliased

from meetings.during.attendance import OPEN_STATES, Attendee, attendees_of
from meetings.rules.attendance import Interval, Part, Presence, Source, check_interval, part_of
from meetings.rules.events import AttendanceCorrected
from meetings.rules.lifecycle import MeetingState
from meetings.rules.permissions import Actor, Right
from meetings.rules.refusals import Refused
from meetings.storage.tables import Attendance, Item, Meeting, Person
from meetings.storage.unit_of_work import Reading, Work

CORRECTABLE = OPEN_STATES | {MeetingState.ADJOURNED}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of somebody's history: what was recorded, by whom, and whether it was struck."""

    id: UUID
    state: Presence
    source: str
    since: datetime
    until: datetime | None
    reason: str
    recorded_by: str
    struck_at: datetime | None
    struck_by: str
    struck_reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TrueInterval:
    """The interval as it should have been recorded."""

    state: Presence
    since: datetime
    until: datetime | None = None


async def correct_attendance(
    work: Work,
    actor: Actor,
    meeting: UUID,
    person: UUID,
    *,
    reason: str,
    wrong: UUID | None = None,
    right: TrueInterval | None = None,
) -> None:
    """Strike the interval `wrong`, record `right` with its real times, or both; the reason is kept.

    Refused when the times lie outside the meeting or meet another interval of this person. Polls that were opened
    keep the roll they were opened with.
    """
    held = await work.locked(Meeting, meeting)
    actor.must(Right.KEEP_ROLL, body=held.body_id)
    if held.state not in CORRECTABLE:
        raise Refused("not-now", state=held.state)
    if not reason.strip():
        raise Refused("reason-missing")
    who = await _attendee(work, held, person)
    rows = await _rows(work, meeting, person)
    struck = _wrong_one(rows, wrong)
    if struck is None and right is None:
        raise Refused("field-missing", field="state")
    if right is not None:
        _check(held, [row for row in rows if row is not struck], right, work.now)
    event = AttendanceCorrected(
        person=str(person),
        person_name=who.name,
        struck_state=struck.state if struck else "",
        struck_since=struck.since.isoformat() if struck else "",
        struck_until=struck.until.isoformat() if struck and struck.until else "",
        state=right.state if right else "",
        since=right.since.isoformat() if right else "",
        until=right.until.isoformat() if right and right.until else "",
        reason=reason.strip(),
    )
    if struck is not None:
        struck.until = struck.until or work.now
        struck.struck_at, struck.struck_by, struck.struck_reason = work.now, actor.person, reason.strip()
    if right is not None:
        work.session.add(
            Attendance(
                id=work.new_id(), meeting_id=meeting, person_id=person, state=right.state, source=Source.SECRETARY,
                since=right.since, until=right.until, recorded_by=actor.person,
            )
        )  # fmt: skip
    await work.session.flush()
    await work.record(actor, event, meeting=meeting)


async def history_of(reading: Reading, meeting: UUID, person: UUID) -> list[Entry]:
    """Everything that was ever recorded about one person in a meeting, struck entries included, by time."""
    recorder, striker = aliased(Person), aliased(Person)
    rows = await reading.session.execute(
        select(Attendance, recorder.name, striker.name)
        .join(recorder, recorder.id == Attendance.recorded_by)
        .outerjoin(striker, striker.id == Attendance.struck_by)
        .where(Attendance.meeting_id == meeting, Attendance.person_id == person)
        .order_by(Attendance.since, Attendance.struck_at, Attendance.id)
    )
    return [
        Entry(
            row.id, Presence(row.state), row.source, row.since, row.until, row.reason, recorded_by, row.struck_at,
            struck_by or "", row.struck_reason,
        )
        for row, recorded_by, struck_by in rows
    ]  # fmt: skip


async def parts_of(reading: Reading, item: Item) -> dict[UUID, Part]:
    """Who was there for an item, between taking it up and concluding it (or now); empty before it was taken up.

    Somebody who is not named was absent. It says nothing about voting: a member can be present and not vote.
    """
    if item.taken_up_at is None:
        return {}
    rows = await reading.session.scalars(
        select(Attendance).where(Attendance.meeting_id == item.meeting_id, Attendance.struck_at.is_(None))
    )
    kept: dict[UUID, list[Interval]] = {}
    for row in rows:
        kept.setdefault(row.person_id, []).append(_interval(row))
    until = item.concluded_at or reading.now
    return {person: part_of(intervals, item.taken_up_at, until) for person, intervals in kept.items()}


def _check(held: Meeting, others: Sequence[Attendance], right: TrueInterval, now: datetime) -> None:
    if right.state is Presence.REPLACED:
        raise Refused("wrong-input", field="state")
    latest = held.adjourned_at or now
    check_interval(
        Interval(right.state, right.since, right.until),
        [_interval(row) for row in others],
        earliest=held.published_at or held.starts_at,
        latest=latest,
    )


def _wrong_one(rows: Sequence[Attendance], wrong: UUID | None) -> Attendance | None:
    if wrong is None:
        return None
    found = next((row for row in rows if row.id == wrong), None)
    if found is None:
        raise Refused("not-found")
    if found.struck_at is not None:
        raise Refused("attendance-struck")
    if found.state == Presence.REPLACED and found.until is None:
        raise Refused("seat-replaced")
    return found


async def _attendee(work: Work, held: Meeting, person: UUID) -> Attendee:
    """A member, a substitute, or somebody who was one in this meeting."""
    found = (await attendees_of(work, held)).get(person)
    if found is not None:
        return found
    kept = await work.session.get(Person, person)
    if kept is None or not await _rows(work, held.id, person):
        raise Refused("not-a-member")
    return Attendee(kept.id, kept.name)


async def _rows(work: Work, meeting: UUID, person: UUID) -> Sequence[Attendance]:
    rows = await work.session.scalars(
        select(Attendance)
        .where(Attendance.meeting_id == meeting, Attendance.person_id == person)
        .order_by(Attendance.since, Attendance.id)
        .with_for_update()
    )
    return rows.all()


def _interval(row: Attendance) -> Interval:
    return Interval(Presence(row.state), row.since, row.until, struck=row.struck_at is not None)
