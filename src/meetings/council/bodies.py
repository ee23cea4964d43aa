"""Bodies, the seats in them, and the agencies that carry out what they decide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import or_, select

from meetings.rules.events import AgencyFounded, BodyFounded, MembershipBegun, RoomRulesSet
from meetings.rules.majority import rule_from
from meetings.rules.permissions import Actor, Right
from meetings.rules.poll_kinds import may_be_usual
from meetings.rules.refusals import Refused
from meetings.rules.room_rules import all_data, as_data, room_rules
from meetings.rules.rule import Base
from meetings.storage.tables import Agency, Body, Membership, Person, RoleGrant
from meetings.storage.unit_of_work import Reading, Work

SYMBOL_LENGTH = 32


@dataclass(frozen=True, slots=True)
class Member:
    """A person with a seat on a given day."""

    person: UUID
    name: str
    sort_key: str
    weight: int
    group: str
    area: str


async def found_body(
    work: Work,
    actor: Actor | None,
    *,
    name: str,
    seats: int,
    kind: str = "council",
    parent: UUID | None = None,
    symbol: str = "",
    superior: str = "",
    town: str = "",
    quorum: str = "2/3",
    quorum_base: str = "seats",
    default_rule: str = "hdnd-resolution",
    timezone: str = "Asia/Ho_Chi_Minh",
    language: str = "vi",
    chair_title: str = "",
    secretary_title: str = "",
    book: str | None = None,
) -> Body:
    """A new council, committee or board. `actor` is None only for the program's own set-up."""
    if actor is not None:
        actor.must(Right.ADMINISTER)
    if not name.strip():
        raise Refused("field-missing", field="name")
    if seats < 1:
        raise Refused("wrong-input", field="seats")
    if len(symbol) > SYMBOL_LENGTH:
        raise Refused("field-long", field="symbol", limit=SYMBOL_LENGTH)
    _check_quorum(quorum, quorum_base)
    rule_from(default_rule)
    if not may_be_usual(default_rule):
        raise Refused("rule-not-usual", rule=default_rule)
    _check_zone(timezone)
    if parent is not None and await work.session.get(Body, parent) is None:
        raise Refused("wrong-input", field="parent")
    body = Body(
        id=work.new_id(),
        parent_id=parent,
        name=name.strip(),
        kind=kind,
        symbol=symbol,
        superior=superior,
        town=town,
        seats=seats,
        quorum=quorum,
        quorum_base=quorum_base,
        default_rule=default_rule,
        timezone=timezone,
        language=language,
        chair_title=chair_title,
        secretary_title=secretary_title,
        book=book,
    )
    work.session.add(body)
    await work.session.flush()
    await work.record(actor, BodyFounded(body=str(body.id), name_of_body=body.name, seats=seats))
    return body


async def set_room_rules(work: Work, actor: Actor, body: UUID, data: Mapping[str, Any]) -> Body:
    """Change what a body's standing orders say about the room; what is left out stays.

    The names and values are those of `rules.room_rules`; refused (`wrong-input`, naming the field) where they are not.
    Nothing is recorded when nothing changes.
    """
    actor.must(Right.ADMINISTER)
    kept = await work.locked(Body, body)
    before = room_rules(kept.room_rules)
    after = room_rules({**as_data(before), **data})
    told, was = all_data(after), all_data(before)
    changes = {name: value for name, value in told.items() if value != was[name]}
    if changes:
        kept.room_rules = as_data(after)
        await work.record(actor, RoomRulesSet(body=str(body), name_of_body=kept.name, changes=dict(changes)))
    return kept


async def begin_membership(
    work: Work,
    actor: Actor | None,
    *,
    body: UUID,
    person: UUID,
    since: date,
    until: date | None = None,
    weight: int = 1,
    group: str = "",
    area: str = "",
) -> Membership:
    """Give a person a seat from one day until another (inclusive; None: for the rest of the term)."""
    if actor is not None:
        actor.must(Right.ADMINISTER)
    if until is not None and until < since:
        raise Refused("wrong-input", field="until")
    if await work.session.get(Body, body) is None:
        raise Refused("wrong-input", field="body")
    if await work.session.get(Person, person) is None:
        raise Refused("wrong-input", field="person")
    await _must_be_free(work, body, person, since, until)
    membership = Membership(
        id=work.new_id(),
        body_id=body,
        person_id=person,
        since=since,
        until=until,
        weight=weight,
        group=group,
        area=area,
    )
    work.session.add(membership)
    await work.session.flush()
    await work.record(
        actor,
        MembershipBegun(
            membership=str(membership.id),
            person=str(person),
            body=str(body),
            since=since.isoformat(),
            until=until.isoformat() if until else "",
        ),
    )
    return membership


async def _must_be_free(work: Work, body: UUID, person: UUID, since: date, until: date | None) -> None:
    """A person has one seat in a body at a time: a roll names each voter once."""
    await work.locked(Body, body)
    query = select(Membership.id).where(
        Membership.body_id == body,
        Membership.person_id == person,
        or_(Membership.until.is_(None), Membership.until >= since),
    )
    if until is not None:
        query = query.where(Membership.since <= until)
    if await work.session.scalar(query.limit(1)):
        raise Refused("seat-held")


async def found_agency(work: Work, actor: Actor | None, *, name: str, short_name: str = "") -> Agency:
    """A new agency that can lead or help with tasks."""
    if actor is not None:
        actor.must(Right.ADMINISTER)
    name = " ".join(name.split())
    if not name:
        raise Refused("field-missing", field="name")
    if await work.session.scalar(select(Agency.id).where(Agency.name == name)):
        raise Refused("agency-name-taken", name=name)
    agency = Agency(id=work.new_id(), name=name, short_name=short_name)
    work.session.add(agency)
    await work.session.flush()
    await work.record(actor, AgencyFounded(agency=str(agency.id), name_of_agency=name))
    return agency


async def members_in_office(reading: Reading, body: UUID, day: date) -> list[Member]:
    """Everybody with a valid seat on that day, in the order names are read.

    Within one look they are read once: the parts of a page ask for them one after the other, and each tablet of a full
    room asks for the page.
    """
    if isinstance(reading, Work):  # seats may change meanwhile
        return await _seated(reading, body, day)
    known: dict[tuple[str, UUID, date], list[Member]] = reading.session.info
    key = ("members", body, day)
    if key not in known:
        known[key] = await _seated(reading, body, day)
    return list(known[key])


async def _seated(reading: Reading, body: UUID, day: date) -> list[Member]:
    rows = await reading.session.execute(
        select(Person.id, Person.name, Person.sort_key, Membership.weight, Membership.group, Membership.area)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.body_id == body,
            Membership.since <= day,
            or_(Membership.until.is_(None), Membership.until >= day),
        )
        .order_by(Person.sort_key, Person.id)
    )
    return [Member(*row) for row in rows]


async def holders(reading: Reading, body: UUID, role: str) -> list[Person]:
    """The persons who hold a role in a body, in the order names are read."""
    rows = await reading.session.scalars(
        select(Person)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(RoleGrant.body_id == body, RoleGrant.role == role)
        .order_by(Person.sort_key, Person.id)
    )
    return list(rows)


async def committees_of(reading: Reading, body: UUID) -> Sequence[Body]:
    """The bodies that belong to a body, and those beside it under the same one, by name."""
    parent = select(Body.parent_id).where(Body.id == body).scalar_subquery()
    query = select(Body).where(Body.id != body, or_(Body.parent_id == body, Body.parent_id == parent))
    return (await reading.session.scalars(query.order_by(Body.name))).all()


async def agencies(reading: Reading) -> Sequence[Agency]:
    """Every agency by name."""
    return (await reading.session.scalars(select(Agency).order_by(Agency.name))).all()


def quorum_fraction(body: Body) -> Fraction | None:
    """The body's own quorum for calling to order; None when it has none."""
    return Fraction(body.quorum) if body.quorum else None


def _check_quorum(quorum: str, base: str) -> None:
    """Empty for none, or a fraction of the seats or of the members in office, at most all of them."""
    try:
        fits = not quorum or 0 < Fraction(quorum) <= 1
    except (ValueError, ZeroDivisionError):
        fits = False
    if not fits:
        raise Refused("wrong-input", field="quorum")
    if base not in (Base.SEATS, Base.IN_OFFICE):
        raise Refused("wrong-input", field="quorum_base")


def _check_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as unknown:
        raise Refused("wrong-input", field="timezone") from unknown
