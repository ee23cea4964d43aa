"""Who is told of a consultation, and how."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import select

from meetings.council.bodies import holders
from meetings.council.telling import tell
from meetings.rules.permissions import Role
from meetings.storage.tables import Body, Consultation, ConsultedMember, Person
from meetings.storage.unit_of_work import Reading, Work


async def roll_of(reading: Reading, consultation: UUID) -> list[UUID]:
    """Everybody who was asked and has not stood aside."""
    query = select(ConsultedMember.person_id).where(
        ConsultedMember.consultation_id == consultation, ConsultedMember.recused_at.is_(None)
    )
    return list(await reading.session.scalars(query))


async def insiders_of(reading: Reading, kept: Consultation) -> set[UUID]:
    """The chair and the secretaries of the body that asks."""
    inside = [
        *await holders(reading, kept.body_id, Role.CHAIR),
        *await holders(reading, kept.body_id, Role.SECRETARY),
    ]
    return {one.id for one in inside}


async def tell_people(
    work: Work, kept: Consultation, people: Iterable[UUID], message: str, **more: Any
) -> None:
    """`starts` is what messages call a local time that is written out for the reader: here the deadline."""
    body = await work.get(Body, kept.body_id)
    rows = await work.session.scalars(
        select(Person).where(Person.id.in_(list(people))).order_by(Person.sort_key)
    )
    facts = {"title": kept.title, "starts": kept.closes_local} | more
    await tell(work, rows, message, facts, f"/consultations/{kept.id}", body.language)
