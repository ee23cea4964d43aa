"""Who may be named as a substitute before a meeting: the same persons in a letter, in the house, by the interface."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import Select, or_, select

from meetings.council.bodies import committees_of
from meetings.rules.room_rules import room_rules
from meetings.storage.tables import Account, Body, Meeting, Membership, Person, RoleGrant, Substitution
from meetings.storage.unit_of_work import Reading


def free_persons(held: Meeting) -> Select[Person]:
    """Persons with an account, without a seat in the body, and not sitting in a seat of this meeting already."""
    day = date.fromisoformat(held.starts_local[:10])
    seated = select(Membership.person_id).where(
        Membership.body_id == held.body_id,
        Membership.since <= day,
        or_(Membership.until.is_(None), Membership.until >= day),
    )
    sitting = select(Substitution.substitute_id).where(
        Substitution.meeting_id == held.id, Substitution.ended_at.is_(None)
    )
    return (
        select(Person)
        .join(Account, Account.person_id == Person.id)
        .where(Account.disabled.is_(False), Person.id.not_in(seated), Person.id.not_in(sitting))
        .order_by(Person.sort_key, Person.id)
    )


async def nameable(reading: Reading, held: Meeting) -> Sequence[Person]:
    """Who a member may name, in the order names are read; nobody where the standing orders know no substitutes.

    Unless the standing orders take anybody with an account: who holds a role or a seat in the body, in the one above
    it, or in a committee. A letter is opened without signing in, and is no list of everybody in the house.
    """
    body = await reading.get(Body, held.body_id)
    rules = room_rules(body.room_rules)
    if not rules.substitutes:
        return []
    query = free_persons(held)
    if not rules.any_substitute:
        query = query.where(Person.id.in_(await _near(reading, body, held)))
    return (await reading.session.scalars(query)).all()


async def _near(reading: Reading, body: Body, held: Meeting) -> frozenset[UUID]:
    day = date.fromisoformat(held.starts_local[:10])
    family = [body.id, *(one.id for one in await committees_of(reading, body.id))]
    family += [body.parent_id] if body.parent_id else []
    roles = await reading.session.scalars(select(RoleGrant.person_id).where(RoleGrant.body_id.in_(family)))
    seats = await reading.session.scalars(
        select(Membership.person_id).where(
            Membership.body_id.in_(family),
            Membership.since <= day,
            or_(Membership.until.is_(None), Membership.until >= day),
        )
    )
    return frozenset([*roles, *seats])
