"""Who is in the room. Attendance changes by an act of a person, never by a lost connection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select

from meetings.council.bodies import Member, members_in_office, quorum_fraction
from meetings.rules.events import AttendanceRecorded
from meetings.rules.lifecycle import MeetingState
from meetings.rules.permissions import Actor, Right
from meetings.rules.quorum import Quorum, quorum
from meetings.rules.refusals import Refused
from meetings.storage.tables import Attendance, Body, Meeting, Person, Proxy, Recusal, Substitution
from meetings.storage.unit_of_work import Reading, Work


class Presence(StrEnum):
    """The states of attendance. Nobody is counted as present before an act says so."""

    IN = "in"
    REMOTE = "remote"
    OUT = "out"
    EXCUSED = "excused"
    REPLACED = "replaced"
    """A substitute sits in the seat."""
    ABSENT = "absent"


PRESENT = frozenset({Presence.IN, Presence.REMOTE})
OPEN_STATES = frozenset({MeetingState.PUBLISHED, MeetingState.IN_SESSION, MeetingState.RECESS})


@dataclass(frozen=True, slots=True)
class Substitute:
    """Who sits in a member's seat for this meeting, and whether this one is here."""

    person: UUID
    name: str
    state: Presence


@dataclass(frozen=True, slots=True)
class Seat:
    """A member and the present state of attendance; one head, whoever sits there."""

    member: Member
    state: Presence
    substitute: Substitute | None = None

    @property
    def present(self) -> bool:
        """Whether somebody with the right to this seat is in the room or connected."""
        return self.sitting in PRESENT

    @property
    def sitting(self) -> Presence:
        """The state of whoever sits here: the member's, or the substitute's."""
        return self.substitute.state if self.substitute else self.state

    @property
    def voter(self) -> UUID:
        """Who gets the ballot of this seat."""
        return self.substitute.person if self.substitute else self.member.person


@dataclass(frozen=True, slots=True)
class Room:
    """Everybody with a seat, and the count of heads against the body's own quorum."""

    seats: tuple[Seat, ...]
    quorum: Quorum
    all_seats: int
    proxies: Mapping[UUID, UUID]
    """Who holds whose ballot, by the giver."""
    recused: frozenset[tuple[UUID, UUID]]
    """Who stands aside from which item: pairs of item and person."""

    @property
    def present(self) -> int:
        return sum(seat.present for seat in self.seats)

    def counts(self) -> dict[str, int]:
        """Heads by state; every state is named."""
        return {state.value: sum(seat.state is state for seat in self.seats) for state in Presence}


async def check_in(work: Work, actor: Actor, meeting: UUID, *, remote: bool = False) -> Presence:
    """Record oneself as present. Doing it again changes nothing."""
    held = await work.locked(Meeting, meeting)
    members = await members_in_office(work, held.body_id, meeting_day(held))
    own = next((member for member in members if member.person == actor.person), None)
    if own is None:
        raise Refused("not-a-member")
    state = Presence.REMOTE if remote else Presence.IN
    await _record(work, actor, held, own, state, source="self")
    return state


async def record_attendance(work: Work, actor: Actor, meeting: UUID, person: UUID, state: Presence) -> None:
    """The secretary or the chair records somebody's attendance."""
    held = await work.locked(Meeting, meeting)
    actor.must(Right.KEEP_ROLL, body=held.body_id)
    members = await members_in_office(work, held.body_id, meeting_day(held))
    member = next((one for one in members if one.person == person), None)
    if member is None:
        raise Refused("not-a-member")
    await _record(work, actor, held, member, state, source="secretary")


async def record_roll_call(work: Work, actor: Actor, meeting: UUID, states: Mapping[UUID, Presence]) -> None:
    """The secretary or the chair records the attendance of many at once, as after reading out the names."""
    held = await work.locked(Meeting, meeting)
    actor.must(Right.KEEP_ROLL, body=held.body_id)
    _must_be_open(held)
    members = {
        member.person: member for member in await members_in_office(work, held.body_id, meeting_day(held))
    }
    if not members.keys() >= states.keys():
        raise Refused("not-a-member")
    rows = await work.session.scalars(
        select(Attendance)
        .where(Attendance.meeting_id == held.id, Attendance.person_id.in_(states), Attendance.until.is_(None))
        .with_for_update()
    )
    current = {row.person_id: row for row in rows}
    changed = [
        person for person, state in states.items() if person not in current or current[person].state != state
    ]
    for person in changed:
        if person in current:
            current[person].until = work.now
        work.session.add(_line(work, actor, held, person, states[person], source="secretary"))
    await work.session.flush()
    events = [
        AttendanceRecorded(
            person=str(person), person_name=members[person].name, state=states[person], source="secretary"
        )
        for person in changed
    ]
    for event in events:
        await work.record(actor, event, meeting=held.id)


async def _record(
    work: Work, actor: Actor, held: Meeting, member: Member, state: Presence, source: str
) -> None:
    _must_be_open(held)
    current = await work.session.scalar(
        select(Attendance)
        .where(
            Attendance.meeting_id == held.id,
            Attendance.person_id == member.person,
            Attendance.until.is_(None),
        )
        .with_for_update()
    )
    if current is not None:
        if current.state == state:
            return
        current.until = work.now
    work.session.add(_line(work, actor, held, member.person, state, source))
    await work.session.flush()
    event = AttendanceRecorded(person=str(member.person), person_name=member.name, state=state, source=source)
    await work.record(actor, event, meeting=held.id)


def _line(work: Work, actor: Actor, held: Meeting, person: UUID, state: Presence, source: str) -> Attendance:
    return Attendance(
        id=work.new_id(), meeting_id=held.id, person_id=person, state=state, source=source, since=work.now,
        recorded_by=actor.person,
    )  # fmt: skip


def _must_be_open(held: Meeting) -> None:
    if held.state not in OPEN_STATES:
        raise Refused("not-now", state=held.state)


async def room_of(reading: Reading, meeting: Meeting, body: Body) -> Room:
    """The room as it is now."""
    members = await members_in_office(reading, body.id, meeting_day(meeting))
    states = await _states_now(reading, meeting.id)
    substitutes = await _substitutes(reading, meeting.id, states)
    seats = tuple(
        Seat(member, states.get(member.person, Presence.ABSENT), substitutes.get(member.person))
        for member in members
    )
    base = body.seats if body.quorum_base == "seats" else len(members)
    heads = sum(seat.present for seat in seats)
    return Room(
        seats, quorum(quorum_fraction(body), base, heads), body.seats, await _proxies(reading, meeting.id),
        await _recused(reading, meeting.id),
    )  # fmt: skip


async def _states_now(reading: Reading, meeting: UUID) -> dict[UUID, Presence]:
    rows = await reading.session.execute(
        select(Attendance.person_id, Attendance.state).where(
            Attendance.meeting_id == meeting, Attendance.until.is_(None)
        )
    )
    return {person: Presence(state) for person, state in rows}


async def _substitutes(
    reading: Reading, meeting: UUID, states: Mapping[UUID, Presence]
) -> dict[UUID, Substitute]:
    rows = await reading.session.execute(
        select(Substitution.member_id, Person.id, Person.name)
        .join(Person, Person.id == Substitution.substitute_id)
        .where(Substitution.meeting_id == meeting, Substitution.ended_at.is_(None))
    )
    return {
        member: Substitute(person, name, states.get(person, Presence.ABSENT)) for member, person, name in rows
    }


async def _proxies(reading: Reading, meeting: UUID) -> dict[UUID, UUID]:
    rows = await reading.session.execute(
        select(Proxy.giver_id, Proxy.holder_id).where(Proxy.meeting_id == meeting, Proxy.ended_at.is_(None))
    )
    return dict(rows.all())


async def _recused(reading: Reading, meeting: UUID) -> frozenset[tuple[UUID, UUID]]:
    rows = await reading.session.execute(
        select(Recusal.item_id, Recusal.person_id).where(
            Recusal.meeting_id == meeting, Recusal.lifted_at.is_(None)
        )
    )
    return frozenset(rows.tuples())


def meeting_day(meeting: Meeting) -> date:
    """The calendar day of the meeting, on its own clock: it decides who holds a seat."""
    return date.fromisoformat(meeting.starts_local[:10])
