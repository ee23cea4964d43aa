"""Somebody acts for a member who is away: a substitute who sits in the seat, or another member with a proxy.

Both need the body's rules to allow them. A poll that is open keeps the roll it was opened with.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from meetings.before.substitutes import free_persons
from meetings.during.attendance import (
    OPEN_STATES,
    Attendee,
    Room,
    attendees_of,
    must_be_open,
    new_interval,
    set_state,
)
from meetings.rules.attendance import PRESENT, Presence, Source
from meetings.rules.events import (
    ProxyEnded,
    ProxyGiven,
    SubstituteAgreed,
    SubstituteApproved,
    SubstituteEnded,
)
from meetings.rules.permissions import Actor, Right
from meetings.rules.refusals import Refused
from meetings.rules.room_rules import room_rules
from meetings.storage.tables import (
    Account,
    Attendance,
    Body,
    Meeting,
    Person,
    Proxy,
    Substitution,
)
from meetings.storage.unit_of_work import Reading, Work


@dataclass(frozen=True, slots=True)
class StandIn:
    """A substitute or a proxy that has not ended: for whom, and who acts."""

    id: UUID
    person: UUID
    """The member whose seat or ballot it is."""
    name: str
    by: UUID
    by_name: str


async def approve_substitute(
    work: Work, actor: Actor, meeting: UUID, *, member: UUID, substitute: UUID
) -> Substitution:
    """Let a person with an account sit and vote in an absent member's seat for this meeting.

    The member's state becomes `replaced` and a proxy given before ends. The substitute is not present by that: the
    own attendance is recorded like everybody's.
    """
    held = await work.locked(Meeting, meeting)
    actor.must(Right.KEEP_ROLL, body=held.body_id)
    must_be_open(held)
    if not room_rules((await work.get(Body, held.body_id)).room_rules).substitutes:
        raise Refused("substitutes-off")
    attendees = await attendees_of(work, held)
    absent = attendees.get(member)
    if absent is None or await _is_substitute(work, meeting, member):
        raise Refused("not-a-member")
    if absent.replaced:
        raise Refused("seat-replaced")
    await _must_be_away(work, meeting, absent)
    coming = await _free_substitute(work, held, attendees, substitute)
    row = Substitution(
        id=work.new_id(), meeting_id=meeting, member_id=member, substitute_id=substitute, approved_by=actor.person,
        approved_at=work.now,
    )  # fmt: skip
    work.session.add(row)
    await work.session.flush()
    for given in await _proxies_given(work, meeting, member):
        await _end_proxy(work, actor, given)
    replaced = Attendee(member, absent.name, replaced=True)
    await set_state(work, actor, held, replaced, Presence.REPLACED, Source.SECRETARY)
    event = SubstituteApproved(
        member=str(member),
        member_name=absent.name,
        substitute=str(substitute),
        substitute_name=coming.name,
    )
    await work.record(actor, event, meeting=meeting)
    return row


async def seat_agreed(work: Work, actor: Actor | None, event: SubstituteAgreed) -> None:
    """Consequence of the chair's agreement before the meeting: the substitute sits in the member's seat."""
    if actor is not None:
        await approve_substitute(
            work, actor, UUID(event.meeting), member=UUID(event.member), substitute=UUID(event.substitute)
        )


async def end_substitution(work: Work, actor: Actor, substitution: UUID) -> Substitution:
    """Give the seat back: the substitute has left, and the member is absent until recorded otherwise."""
    row = await work.get(Substitution, substitution)
    held = await work.locked(Meeting, row.meeting_id)
    actor.must(Right.KEEP_ROLL, body=held.body_id)
    must_be_open(held)
    row = await work.locked(Substitution, substitution)
    if row.ended_at is not None:
        raise Refused("not-found")
    row.ended_at = work.now
    open_now = await work.session.scalars(
        select(Attendance).where(
            Attendance.meeting_id == held.id,
            Attendance.person_id.in_((row.member_id, row.substitute_id)),
            Attendance.until.is_(None),
        )
    )
    for interval in open_now:
        interval.until = work.now
    work.session.add(new_interval(work, actor, held, row.member_id, Presence.ABSENT, Source.SECRETARY))
    await work.session.flush()
    names = await _names(work, row.member_id, row.substitute_id)
    event = SubstituteEnded(
        member=str(row.member_id),
        member_name=names[row.member_id],
        substitute=str(row.substitute_id),
        substitute_name=names[row.substitute_id],
    )
    await work.record(actor, event, meeting=held.id)
    return row


async def give_proxy(
    work: Work, actor: Actor, meeting: UUID, *, holder: UUID, giver: UUID | None = None
) -> Proxy:
    """Let another member cast one's ballot while one is away; the secretary or the chair may enter it for a member.

    It works while the giver is absent and the holder present, and is void otherwise. One level, and at most as many
    for one holder as the body's rules say.
    """
    held = await work.locked(Meeting, meeting)
    of = giver or actor.person
    if of != actor.person:
        actor.must(Right.KEEP_ROLL, body=held.body_id)
    must_be_open(held)
    rules = room_rules((await work.get(Body, held.body_id)).room_rules)
    if not rules.proxies:
        raise Refused("proxies-off")
    people = await attendees_of(work, held)
    if of not in people or holder not in people:
        raise Refused("not-a-member")
    if of == holder:
        raise Refused("proxy-self")
    for one in (of, holder):
        if people[one].replaced or await _is_substitute(work, meeting, one):
            raise Refused("seat-replaced")
    await _must_be_one_level(work, meeting, of, holder, people, rules.proxies_per_holder)
    proxy = Proxy(
        id=work.new_id(), meeting_id=meeting, giver_id=of, holder_id=holder, given_by=actor.person, given_at=work.now
    )  # fmt: skip
    work.session.add(proxy)
    await work.session.flush()
    event = ProxyGiven(
        giver=str(of), giver_name=people[of].name, holder=str(holder), holder_name=people[holder].name
    )
    await work.record(actor, event, meeting=meeting)
    return proxy


async def end_proxy(work: Work, actor: Actor, proxy: UUID) -> Proxy:
    """Take a proxy back, or lay it down: the giver, the holder, the secretary or the chair."""
    row = await work.get(Proxy, proxy)
    held = await work.locked(Meeting, row.meeting_id)
    if actor.person not in (row.giver_id, row.holder_id):
        actor.must(Right.KEEP_ROLL, body=held.body_id)
    must_be_open(held)
    row = await work.locked(Proxy, proxy)
    if row.ended_at is not None:
        raise Refused("not-found")
    await _end_proxy(work, actor, row)
    return row


async def substitutes_in(reading: Reading, meeting: UUID) -> list[StandIn]:
    """The substitutes of a meeting, in the order in which the members' names are read."""
    member, substitute = aliased(Person), aliased(Person)
    rows = await reading.session.execute(
        select(Substitution.id, member.id, member.name, substitute.id, substitute.name)
        .join(member, member.id == Substitution.member_id)
        .join(substitute, substitute.id == Substitution.substitute_id)
        .where(Substitution.meeting_id == meeting, Substitution.ended_at.is_(None))
        .order_by(member.sort_key, member.id)
    )
    return [StandIn(*row) for row in rows]


async def proxies_in(reading: Reading, meeting: UUID) -> list[StandIn]:
    """The proxies of a meeting, in the order in which the givers' names are read."""
    giver, holder = aliased(Person), aliased(Person)
    rows = await reading.session.execute(
        select(Proxy.id, giver.id, giver.name, holder.id, holder.name)
        .join(giver, giver.id == Proxy.giver_id)
        .join(holder, holder.id == Proxy.holder_id)
        .where(Proxy.meeting_id == meeting, Proxy.ended_at.is_(None))
        .order_by(giver.sort_key, giver.id)
    )
    return [StandIn(*row) for row in rows]


def proxy_works(room: Room, proxy: StandIn) -> bool:
    """Whether the holder would get the giver's ballot now."""
    seats = {seat.member.person: seat for seat in room.seats}
    giver, holder = seats.get(proxy.person), seats.get(proxy.by)
    return (
        giver is not None
        and holder is not None
        and giver.substitute is None
        and holder.substitute is None
        and not giver.present
        and holder.present
    )


async def possible_substitutes(reading: Reading, held: Meeting) -> Sequence[Person]:
    """Persons who could be approved: with an account, without a seat, not sitting in one already."""
    return (await reading.session.scalars(free_persons(held))).all()


def allows(body: Body, held: Meeting) -> tuple[bool, bool]:
    """Whether substitutes and proxies can be entered now."""
    rules = room_rules(body.room_rules)
    is_open = held.state in OPEN_STATES
    return is_open and rules.substitutes, is_open and rules.proxies


async def _must_be_away(work: Work, meeting: UUID, member: Attendee) -> None:
    state = await work.session.scalar(
        select(Attendance.state).where(
            Attendance.meeting_id == meeting,
            Attendance.person_id == member.person,
            Attendance.until.is_(None),
        )
    )
    if state in PRESENT:
        raise Refused("member-present", name=member.name)


async def _free_substitute(
    work: Work, held: Meeting, attendees: dict[UUID, Attendee], substitute: UUID
) -> Person:
    coming = await work.session.get(Person, substitute)
    account = await work.session.scalar(
        select(Account.id).where(Account.person_id == substitute, Account.disabled.is_(False))
    )
    if coming is None or account is None:
        raise Refused("substitute-account")
    if await _is_substitute(work, held.id, substitute):
        raise Refused("substitute-taken", name=coming.name)
    if substitute in attendees:
        raise Refused("substitute-member")
    return coming


async def _is_substitute(work: Work, meeting: UUID, person: UUID) -> bool:
    found = await work.session.scalar(
        select(Substitution.id).where(
            Substitution.meeting_id == meeting,
            Substitution.substitute_id == person,
            Substitution.ended_at.is_(None),
        )
    )
    return found is not None


async def _must_be_one_level(
    work: Work, meeting: UUID, giver: UUID, holder: UUID, people: dict[UUID, Attendee], limit: int
) -> None:
    if await _proxies_given(work, meeting, giver):
        raise Refused("proxy-given", name=people[giver].name)
    if await _proxies_given(work, meeting, holder) or await _held_by(work, meeting, giver):
        raise Refused("proxy-chain")
    if limit and await _held_by(work, meeting, holder) >= limit:
        raise Refused("proxy-limit", name=people[holder].name, limit=limit)


async def _proxies_given(work: Work, meeting: UUID, giver: UUID) -> Sequence[Proxy]:
    rows = await work.session.scalars(
        select(Proxy).where(Proxy.meeting_id == meeting, Proxy.giver_id == giver, Proxy.ended_at.is_(None))
    )
    return rows.all()


async def _held_by(work: Work, meeting: UUID, holder: UUID) -> int:
    count = select(func.count()).select_from(Proxy)
    held = count.where(Proxy.meeting_id == meeting, Proxy.holder_id == holder, Proxy.ended_at.is_(None))
    return await work.session.scalar(held) or 0


async def _end_proxy(work: Work, actor: Actor, row: Proxy) -> None:
    row.ended_at = work.now
    await work.session.flush()
    names = await _names(work, row.giver_id, row.holder_id)
    event = ProxyEnded(
        giver=str(row.giver_id),
        giver_name=names[row.giver_id],
        holder=str(row.holder_id),
        holder_name=names[row.holder_id],
    )
    await work.record(actor, event, meeting=row.meeting_id)


async def _names(work: Work, *persons: UUID) -> dict[UUID, str]:
    rows = await work.session.execute(select(Person.id, Person.name).where(Person.id.in_(persons)))
    return dict(rows.all())
