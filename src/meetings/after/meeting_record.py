"""The meeting as its minutes tell it: one `Record` from the tables and the journal, with few queries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from meetings.after.attendance_records import attendees, presences_in, stand_ins
from meetings.after.item_records import items_of_record
from meetings.before.seated import seated_in
from meetings.council.bodies import holders
from meetings.rules.permissions import Role
from meetings.rules.record import ItemRecord, Recess, Record
from meetings.storage.tables import Body, Item, JournalRow, Meeting, Person
from meetings.storage.unit_of_work import Reading

_TOLD = (
    "MeetingPublished",
    "MeetingCalledToOrder",
    "MeetingRecessed",
    "MeetingResumed",
    "ItemPostponed",
    "ItemWithdrawn",
    "ItemReferred",
    "ItemContinued",
    "UrgentItemAdded",
)


@dataclass(frozen=True, slots=True)
class MeetingRecord:
    """The record, and who is named in it as chair and as secretary."""

    record: Record
    chair: UUID | None
    secretary: UUID | None


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
    members = await seated_in(reading, meeting)
    presences = await presences_in(reading, meeting.id)
    substitutes, proxies = await stand_ins(reading, meeting, ended, zone)
    items = with_headings_taken_up(await items_of_record(reading, meeting, journal, presences, zone))
    record = Record(
        title=meeting.title,
        body=body.name,
        place=meeting.place,
        started=started.astimezone(zone),
        ended=meeting.adjourned_at.astimezone(zone) if meeting.adjourned_at else None,
        chair=chair.name if chair else "",
        secretary=secretary.name if secretary else "",
        attendance=attendees(members, presences, started, ended, zone),
        substitutes=substitutes,
        proxies=proxies,
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


def _recesses(journal: Iterable[JournalRow], zone: ZoneInfo) -> list[Recess]:
    recesses: list[Recess] = []
    for row in journal:
        at = row.at.astimezone(zone)
        if row.event == "MeetingRecessed":
            recesses.append(Recess(at))
        elif row.event == "MeetingResumed" and recesses:
            recesses[-1] = replace(recesses[-1], until=at, present=row.payload.get("present", 0))
    return recesses


def with_headings_taken_up(items: list[tuple[Item, ItemRecord]]) -> list[tuple[Item, ItemRecord]]:
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
