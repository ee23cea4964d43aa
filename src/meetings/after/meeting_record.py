"""The meeting as its minutes tell it: one `Record` from the tables and the journal, with few queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from meetings.after.poll_records import polls_of_record, resolutions_of_record, tasks_of_record
from meetings.before.agenda import agenda_of
from meetings.before.papers import leaves_of
from meetings.council.bodies import Member, holders, members_in_office
from meetings.during.attendance import PRESENT, Presence, meeting_day
from meetings.during.motions import motions_of
from meetings.rules.permissions import Role
from meetings.rules.record import (
    Attendee,
    ItemRecord,
    MotionRecord,
    PollRecord,
    Recess,
    Record,
    ResolutionRecord,
    TaskRecord,
)
from meetings.storage.tables import Attendance, Body, Item, JournalRow, Meeting, Motion, Person
from meetings.storage.unit_of_work import Reading

_TOLD = (
    "MeetingPublished",
    "MeetingCalledToOrder",
    "MeetingRecessed",
    "MeetingResumed",
    "ItemPostponed",
    "ItemWithdrawn",
)


@dataclass(frozen=True, slots=True)
class MeetingRecord:
    """The record, and who is named in it as chair and as secretary."""

    record: Record
    chair: UUID | None
    secretary: UUID | None


@dataclass(frozen=True, slots=True)
class _UnderItem:
    papers: tuple[str, ...]
    motions: tuple[MotionRecord, ...]
    polls: tuple[PollRecord, ...]
    resolutions: tuple[ResolutionRecord, ...]
    tasks: tuple[TaskRecord, ...]


async def record_of(reading: Reading, meeting: Meeting) -> MeetingRecord:
    """The record of a meeting. The chair is who called it to order, the secretary who published it."""
    body = await reading.get(Body, meeting.body_id)
    zone = ZoneInfo(meeting.timezone)
    journal = await _journal(reading, meeting.id)
    opened = next((row for row in journal if row.event == "MeetingCalledToOrder"), None)
    published = next((row for row in journal if row.event == "MeetingPublished"), None)
    chair = await _officer(reading, body.id, Role.CHAIR, opened.actor_id if opened else None)
    secretary = await _officer(reading, body.id, Role.SECRETARY, published.actor_id if published else None)
    figures = opened.payload if opened else {}
    started, ended = meeting.called_at or meeting.starts_at, meeting.adjourned_at or reading.now
    members = await members_in_office(reading, body.id, meeting_day(meeting))
    intervals = await _intervals(reading, meeting.id)
    items = await _items(reading, meeting, journal, zone)
    record = Record(
        title=meeting.title,
        body=body.name,
        place=meeting.place,
        started=started.astimezone(zone),
        ended=meeting.adjourned_at.astimezone(zone) if meeting.adjourned_at else None,
        chair=chair.name if chair else "",
        secretary=secretary.name if secretary else "",
        attendance=tuple(_attendee(m, intervals[m.person], started, ended, zone) for m in members),
        present=figures.get("present", 0),
        quorum_needed=figures.get("quorum_needed", 0),
        quorum_base=figures.get("quorum_base", body.seats),
        proceedings=in_order_of_time(items, _recesses(journal, zone)),
    )
    return MeetingRecord(record, chair.id if chair else None, secretary.id if secretary else None)


async def _journal(reading: Reading, meeting: UUID) -> Sequence[JournalRow]:
    query = select(JournalRow).where(JournalRow.chain_id == meeting, JournalRow.event.in_(_TOLD))
    return (await reading.session.scalars(query.order_by(JournalRow.seq))).all()


async def _officer(reading: Reading, body: UUID, role: Role, acted: UUID | None) -> Person | None:
    """Who acted, if that person holds the role; otherwise the first who holds it."""
    found = await holders(reading, body, role)
    return next((person for person in found if person.id == acted), found[0] if found else None)


async def _intervals(reading: Reading, meeting: UUID) -> defaultdict[UUID, list[Attendance]]:
    rows = await reading.session.scalars(
        select(Attendance)
        .where(Attendance.meeting_id == meeting, Attendance.struck_at.is_(None))
        .order_by(Attendance.since, Attendance.id)
    )
    intervals: defaultdict[UUID, list[Attendance]] = defaultdict(list)
    for row in rows:
        intervals[row.person_id].append(row)
    return intervals


def _attendee(
    member: Member, rows: list[Attendance], started: datetime, ended: datetime, zone: ZoneInfo
) -> Attendee:
    """The last state, and the hours where somebody was not there from beginning to end."""
    spans: list[tuple[datetime, datetime]] = []
    for row in rows:
        since, until = max(row.since, started), min(row.until or ended, ended)
        if row.state not in PRESENT or since >= until:
            continue
        if spans and spans[-1][1] == since:
            spans[-1] = (spans[-1][0], until)
        else:
            spans.append((since, until))
    state = Presence(rows[-1].state) if rows else Presence.ABSENT
    if not spans:
        return Attendee(member.name, Presence.EXCUSED if state is Presence.EXCUSED else Presence.ABSENT)
    if state not in PRESENT:
        state = Presence.OUT
    if spans == [(started, ended)]:
        return Attendee(member.name, state)
    hours = ", ".join(f"{a.astimezone(zone):%H:%M}–{b.astimezone(zone):%H:%M}" for a, b in spans)
    return Attendee(member.name, state, hours)


def _recesses(journal: Iterable[JournalRow], zone: ZoneInfo) -> list[Recess]:
    recesses: list[Recess] = []
    for row in journal:
        at = row.at.astimezone(zone)
        if row.event == "MeetingRecessed":
            recesses.append(Recess(at))
        elif row.event == "MeetingResumed" and recesses:
            recesses[-1] = replace(recesses[-1], until=at)
    return recesses


async def _items(
    reading: Reading, meeting: Meeting, journal: Sequence[JournalRow], zone: ZoneInfo
) -> list[tuple[Item, ItemRecord]]:
    agenda = await agenda_of(reading, meeting.id)
    leaves = await leaves_of(reading, meeting.id)
    motions = await motions_of(reading, meeting.id)
    polls = await polls_of_record(reading, meeting.id)
    resolutions = await resolutions_of_record(reading, meeting.id)
    tasks = await tasks_of_record(reading, meeting.id)
    reasons = {row.payload["item"]: row.payload["reason"] for row in journal if row.event.startswith("Item")}
    on_motion = {motion.id for motion in motions}
    items: list[tuple[Item, ItemRecord]] = []
    for item in agenda:
        under = _UnderItem(
            papers=tuple(leaf.title for leaf in leaves.get(item.id, [])),
            motions=tuple(_motion(m, polls.by_motion[m.id]) for m in motions if m.item_id == item.id),
            polls=tuple(poll for motion, poll in polls.by_item[item.id] if motion not in on_motion),
            resolutions=tuple(resolutions[item.id]),
            tasks=tuple(tasks[item.id]),
        )
        items.append((item, _item(item, under, reasons.get(str(item.id), ""), zone)))
    return _with_headings_taken_up(items)


def _item(item: Item, under: _UnderItem, reason: str, zone: ZoneInfo) -> ItemRecord:
    return ItemRecord(
        id=str(item.id),
        number=item.number,
        title=item.title,
        state=item.state,
        presenter=item.presenter,
        taken_up=item.taken_up_at.astimezone(zone) if item.taken_up_at else None,
        concluded=item.concluded_at.astimezone(zone) if item.concluded_at else None,
        reason=reason if item.state in ("postponed", "withdrawn") else "",
        papers=under.papers,
        motions=under.motions,
        polls=under.polls,
        resolutions=under.resolutions,
        tasks=under.tasks,
    )


def _motion(motion: Motion, polls: Sequence[PollRecord]) -> MotionRecord:
    return MotionRecord(
        id=str(motion.id), title=motion.title, text=motion.text, mover=motion.mover, polls=tuple(polls)
    )


def _with_headings_taken_up(items: list[tuple[Item, ItemRecord]]) -> list[tuple[Item, ItemRecord]]:
    """An item that only gathers others was dealt with when the first of them was taken up."""
    times: dict[UUID, datetime] = {}
    for item, one in reversed(items):
        at = one.taken_up or times.get(item.id)
        if at and item.parent_id:
            times[item.parent_id] = min(at, times.get(item.parent_id, at))
    return [
        (item, replace(one, taken_up=times[item.id]) if one.taken_up is None and item.id in times else one)
        for item, one in items
    ]


def in_order_of_time(
    items: Sequence[tuple[Item, ItemRecord]], recesses: Iterable[Recess]
) -> tuple[ItemRecord | Recess, ...]:
    """The items with their sub-items as they were taken up; what was not stays behind its neighbour."""
    groups: list[list[ItemRecord]] = []
    for item, one in items:
        if item.parent_id is None or not groups:
            groups.append([])
        groups[-1].append(one)
    keyed: list[tuple[datetime | None, int, list[ItemRecord]]] = []
    latest: datetime | None = None
    for place, group in enumerate(groups):
        taken = [one.taken_up for one in group if one.taken_up]
        latest = min(taken) if taken else latest
        keyed.append((latest, place, group))
    keyed.sort(key=lambda key: (key[0] is not None, key[0].timestamp() if key[0] else 0, key[1]))
    proceedings: list[ItemRecord | Recess] = [one for _, _, group in keyed for one in group]
    for recess in recesses:
        later = (
            place
            for place, one in enumerate(proceedings)
            if isinstance(one, ItemRecord) and one.taken_up and one.taken_up > recess.since
        )
        proceedings.insert(next(later, len(proceedings)), recess)
    return tuple(proceedings)
