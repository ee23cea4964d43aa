"""Of a work programme: who reads it, when an entry is due, whom it names, what it says in words."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from meetings.rules.permissions import Actor, Right
from meetings.rules.refusals import Refused
from meetings.rules.work_programme import Period
from meetings.storage.tables import Agency, ProgrammeCooperation, ProgrammeEntry, WorkProgramme
from meetings.storage.unit_of_work import Reading

TEXTS = ("title", "supervisor", "basis", "note")
"""The fields of an entry that are a line of words."""


def must_read(actor: Actor, programme: WorkProgramme) -> None:
    """Refuse (`not-found`) unless the actor writes it, or it is approved and concerns the actor."""
    if not may_read(actor, programme):
        raise Refused("not-found")


def may_read(actor: Actor, programme: WorkProgramme) -> bool:
    """The secretariat always; members, chairs and agencies once it is approved; observers never."""
    if actor.may(Right.PREPARE, body=programme.body_id):
        return True
    return programme.approved_at is not None and (
        actor.may(Right.CARRY_OUT)
        or any(actor.may(right, body=programme.body_id) for right in (Right.TAKE_PART, Right.RUN_ROOM))
    )


def period(entry: ProgrammeEntry) -> Period:
    """When an entry is due."""
    return Period(entry.due_until.year, entry.quarter, entry.month, entry.day)


def address_of(programme: WorkProgramme) -> str:
    """Where it is read."""
    return f"/calendar/programme?body={programme.body_id}&year={programme.year}"


async def cooperating(reading: Reading, entry: UUID) -> frozenset[UUID]:
    """The agencies that help."""
    rows = await reading.session.scalars(
        select(ProgrammeCooperation.agency_id).where(ProgrammeCooperation.entry_id == entry)
    )
    return frozenset(rows)


async def concerned(reading: Reading, entry: ProgrammeEntry) -> frozenset[UUID]:
    """The agencies that an entry names."""
    helping = await cooperating(reading, entry.id)
    return helping | {entry.agency_id} if entry.agency_id else helping


async def told_as(reading: Reading, entry: ProgrammeEntry, helping: Iterable[UUID]) -> dict[str, str]:
    """What an entry says, field by field, with agencies by name: kept with a change."""
    helped = sorted((await agencies_named(reading, helping)).values())
    lead = await agencies_named(reading, [entry.agency_id] if entry.agency_id else [])
    return {
        **{name: str(getattr(entry, name)) for name in TEXTS},
        "form": entry.form,
        "due": period(entry).code,
        "agency": next(iter(lead.values()), ""),
        "cooperating": "; ".join(helped),
        "submit_by": entry.submit_by.isoformat() if entry.submit_by else "",
    }


async def agencies_named(reading: Reading, agencies: Iterable[UUID]) -> dict[UUID, str]:
    """The names of these agencies; one that is unknown is missing."""
    rows = await reading.session.execute(select(Agency.id, Agency.name).where(Agency.id.in_(list(agencies))))
    return dict(iter(rows))
