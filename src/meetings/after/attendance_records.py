"""Attendance as the minutes tell it: who was there and when, who acted for whom, and who missed a part of an item."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import aliased

from meetings.council.bodies import Member
from meetings.rules.attendance import PRESENT, Interval, Part, Presence, part_of
from meetings.rules.record import Attendee, StandInRecord
from meetings.storage.tables import Attendance, Item, Meeting, Person, Proxy, Substitution
from meetings.storage.unit_of_work import Reading


@dataclass(frozen=True, slots=True)
class Presences:
    """What was recorded about everybody and not struck, with names in the order in which they are read."""

    names: Mapping[UUID, str]
    rows: defaultdict[UUID, list[Attendance]] = field(
        default_factory=lambda: defaultdict[UUID, list[Attendance]](list)
    )

    def missed(self, item: Item, part: Part) -> tuple[str, ...]:
        """Names of those who came `late` to an item or `left` before its end."""
        since, until = item.taken_up_at, item.concluded_at
        if since is None or until is None:
            return ()
        return tuple(
            name
            for person, name in self.names.items()
            if part_of([_interval(row) for row in self.rows[person]], since, until) is part
        )


async def presences_in(reading: Reading, meeting: UUID) -> Presences:
    """Everybody's intervals, corrected ones left out."""
    found = await reading.session.execute(
        select(Attendance, Person.name)
        .join(Person, Person.id == Attendance.person_id)
        .where(Attendance.meeting_id == meeting, Attendance.struck_at.is_(None))
        .order_by(Person.sort_key, Person.id, Attendance.since, Attendance.id)
    )
    names: dict[UUID, str] = {}
    presences = Presences(names)
    for row, name in found:
        names[row.person_id] = name
        presences.rows[row.person_id].append(row)
    return presences


def attendees(
    members: Iterable[Member], presences: Presences, started: datetime, ended: datetime, zone: ZoneInfo
) -> tuple[Attendee, ...]:
    """Every member with the last state, the hours where they were not the whole meeting, and the reason."""
    return tuple(_attendee(member, presences.rows[member.person], started, ended, zone) for member in members)


async def stand_ins(
    reading: Reading, meeting: Meeting, ended: datetime, zone: ZoneInfo
) -> tuple[tuple[StandInRecord, ...], tuple[StandInRecord, ...]]:
    """Substitutes and proxies, those that ended in the meeting too; not those that had ended before it began."""
    started = meeting.called_at or meeting.starts_at
    member, other = aliased(Person), aliased(Person)
    substitutes = await reading.session.execute(
        select(member.name, other.name, Substitution.approved_at, Substitution.ended_at)
        .join(member, member.id == Substitution.member_id)
        .join(other, other.id == Substitution.substitute_id)
        .where(Substitution.meeting_id == meeting.id)
        .order_by(member.sort_key, member.id, Substitution.approved_at)
    )
    proxies = await reading.session.execute(
        select(member.name, other.name, Proxy.given_at, Proxy.ended_at)
        .join(member, member.id == Proxy.giver_id)
        .join(other, other.id == Proxy.holder_id)
        .where(Proxy.meeting_id == meeting.id)
        .order_by(member.sort_key, member.id, Proxy.given_at)
    )
    return (
        _stand_ins([(*row,) for row in substitutes], started, ended, zone),
        _stand_ins([(*row,) for row in proxies], started, ended, zone),
    )


def _stand_ins(
    rows: Iterable[tuple[str, str, datetime, datetime | None]],
    started: datetime,
    ended: datetime,
    zone: ZoneInfo,
) -> tuple[StandInRecord, ...]:
    return tuple(
        StandInRecord(
            name,
            by,
            max(since, started).astimezone(zone),
            until.astimezone(zone) if until and until < ended else None,
        )
        for name, by, since, until in rows
        if until is None or until > started
    )


def _attendee(
    member: Member, rows: list[Attendance], started: datetime, ended: datetime, zone: ZoneInfo
) -> Attendee:
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
    reason = rows[-1].reason if rows and state not in PRESENT else ""
    if not spans:
        away = state if state in (Presence.EXCUSED, Presence.REPLACED) else Presence.ABSENT
        return Attendee(member.name, away, reason)
    if state not in PRESENT and state is not Presence.REPLACED:
        state = Presence.OUT
    if spans == [(started, ended)]:
        return Attendee(member.name, state)
    hours = ", ".join(f"{a.astimezone(zone):%H:%M}–{b.astimezone(zone):%H:%M}" for a, b in spans)
    return Attendee(member.name, state, "; ".join(filter(None, (hours, reason))))


def _interval(row: Attendance) -> Interval:
    return Interval(Presence(row.state), row.since, row.until)
