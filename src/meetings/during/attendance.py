"""Who is in the room. Attendance changes by an act of a person, never by a lost connection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from meetings.before.seated import seated_in
from meetings.council.bodies import Member, quorum_fraction
from meetings.rules.attendance import PRESENT, Presence, Source, totals
from meetings.rules.events import AttendanceRecorded
from meetings.rules.lifecycle import MeetingState
from meetings.rules.permissions import Actor, Right
from meetings.rules.quorum import Quorum, quorum
from meetings.rules.refusals import Refused
from meetings.rules.room_rules import room_rules
from meetings.storage.tables import Attendance, Body, Meeting, Person, Proxy, Recusal, Substitution
from meetings.storage.unit_of_work import Reading, Work

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
    def name(self) -> str:
        """Whoever sits here."""
        return self.substitute.name if self.substitute else self.member.name

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
        """Members by state; every state is named. A substitute who is here is a head, but under nobody’s state."""
        return totals(seat.state for seat in self.seats)


@dataclass(frozen=True, slots=True)
class Attendee:
    """Somebody whose attendance is kept: a member, or an approved substitute."""

    person: UUID
    name: str
    replaced: bool = False
    """A substitute sits in this member's seat."""


async def check_in(work: Work, actor: Actor, meeting: UUID, *, remote: bool = False) -> Presence:
    """Record oneself as present. Doing it again changes nothing.

    Refused (`check-in-closed`) where the body's rules want the code on the screen or the secretary.
    """
    held = await work.locked(Meeting, meeting)
    own = await own_attendee(work, actor, held)
    if not room_rules((await work.get(Body, held.body_id)).room_rules).self_check_in:
        raise Refused("check-in-closed")
    state = Presence.REMOTE if remote else Presence.IN
    await set_state(work, actor, held, own, state, Source.SELF)
    return state


async def record_attendance(
    work: Work, actor: Actor, meeting: UUID, person: UUID, state: Presence, *, reason: str = ""
) -> None:
    """The secretary or the chair records somebody's attendance, with a reason if there is one."""
    held = await work.locked(Meeting, meeting)
    actor.must(Right.KEEP_ROLL, body=held.body_id)
    found = (await attendees_of(work, held)).get(person)
    if found is None:
        raise Refused("not-a-member")
    await set_state(work, actor, held, found, state, Source.SECRETARY, reason=reason.strip())


async def record_roll_call(
    work: Work,
    actor: Actor,
    meeting: UUID,
    states: Mapping[UUID, Presence],
    *,
    source: Source = Source.SECRETARY,
) -> None:
    """The secretary or the chair records the attendance of many at once, as after reading out the names.

    `source` is `door` for the list that is kept at the door.
    """
    held = await work.locked(Meeting, meeting)
    actor.must(Right.KEEP_ROLL, body=held.body_id)
    must_be_open(held)
    attendees = await attendees_of(work, held)
    if not attendees.keys() >= states.keys():
        raise Refused("not-a-member")
    for person, state in states.items():
        _must_be_theirs(attendees[person], state)
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
        work.session.add(new_interval(work, actor, held, person, states[person], source))
    await work.session.flush()
    for person in changed:
        event = AttendanceRecorded(
            person=str(person), person_name=attendees[person].name, state=states[person], source=source
        )
        await work.record(actor, event, meeting=held.id)


async def set_state(
    work: Work,
    actor: Actor,
    held: Meeting,
    who: Attendee,
    state: Presence,
    source: Source,
    *,
    reason: str = "",
) -> None:
    """End the current interval of somebody and begin another; the same state again changes nothing."""
    must_be_open(held)
    _must_be_theirs(who, state)
    current = await work.session.scalar(
        select(Attendance)
        .where(
            Attendance.meeting_id == held.id,
            Attendance.person_id == who.person,
            Attendance.until.is_(None),
        )
        .with_for_update()
    )
    if current is not None:
        if current.state == state:
            return
        current.until = work.now
    work.session.add(new_interval(work, actor, held, who.person, state, source, reason))
    await work.session.flush()
    event = AttendanceRecorded(
        person=str(who.person), person_name=who.name, state=state, source=source, reason=reason
    )
    await work.record(actor, event, meeting=held.id)


def new_interval(
    work: Work, actor: Actor, held: Meeting, person: UUID, state: Presence, source: Source, reason: str = ""
) -> Attendance:
    """An interval that begins now and has no end yet."""
    return Attendance(
        id=work.new_id(), meeting_id=held.id, person_id=person, state=state, source=source, since=work.now,
        recorded_by=actor.person, reason=reason,
    )  # fmt: skip


def must_be_open(held: Meeting) -> None:
    """Refuse (`not-now`) unless attendance is being recorded: from the publication until the adjournment."""
    if held.state not in OPEN_STATES:
        raise Refused("not-now", state=held.state)


async def own_attendee(reading: Reading, actor: Actor, held: Meeting) -> Attendee:
    """The actor as a member or substitute; otherwise `not-a-member`."""
    own = (await attendees_of(reading, held)).get(actor.person)
    if own is None:
        raise Refused("not-a-member")
    return own


async def attendees_of(reading: Reading, held: Meeting) -> dict[UUID, Attendee]:
    """Everybody whose attendance is kept: the members in office, and the substitutes approved for this meeting."""
    members = await seated_in(reading, held)
    rows = await reading.session.execute(
        select(Substitution.member_id, Person.id, Person.name)
        .join(Person, Person.id == Substitution.substitute_id)
        .where(Substitution.meeting_id == held.id, Substitution.ended_at.is_(None))
    )
    substitutes = {member: Attendee(person, name) for member, person, name in rows}
    own = {one.person: Attendee(one.person, one.name, one.person in substitutes) for one in members}
    return own | {one.person: one for one in substitutes.values()}


def _must_be_theirs(who: Attendee, state: Presence) -> None:
    """A seat is given to a substitute, and back to its member, by acts of their own."""
    if who.replaced and state is not Presence.REPLACED:
        raise Refused("seat-replaced")
    if state is Presence.REPLACED and not who.replaced:
        raise Refused("wrong-input", field="state")


async def room_of(reading: Reading, meeting: Meeting, body: Body) -> Room:
    """The room as it is now."""
    members = await seated_in(reading, meeting)
    states = await states_now(reading, meeting.id)
    substitutes = await _substitutes(reading, meeting.id, states)
    seats = tuple(
        Seat(member, states.get(member.person, Presence.ABSENT), substitutes.get(member.person))
        for member in members
    )
    base = body.seats if body.quorum_base == "seats" and not meeting.group_id else len(members)
    heads = sum(seat.present for seat in seats)
    fraction = None if meeting.group_id else quorum_fraction(body)  # a group decides nothing
    return Room(
        seats, quorum(fraction, base, heads), body.seats, await _proxies(reading, meeting.id),
        await _recused(reading, meeting.id),
    )  # fmt: skip


async def states_now(reading: Reading, meeting: UUID) -> dict[UUID, Presence]:
    """The present state of everybody whose attendance was recorded."""
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
    return frozenset((item, person) for item, person in rows)


def meeting_day(meeting: Meeting) -> date:
    """The calendar day of the meeting, on its own clock: it decides who holds a seat."""
    return date.fromisoformat(meeting.starts_local[:10])
