"""The catalogue of internal procedures: written by a body's secretariat, handed on as files."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from meetings.rules.dossiers import DossierState
from meetings.rules.events import ProcedureRetired, ProcedureWritten
from meetings.rules.permissions import Actor, Right, is_insider
from meetings.rules.procedures import Procedure, data_of, procedure_of, with_agencies
from meetings.rules.refusals import Refused
from meetings.storage.tables import Agency, Body, Dossier, ProcedureRow
from meetings.storage.unit_of_work import Reading, Work

FILE_LIMIT = 1024 * 1024
"""Bytes of a procedure's file."""
UNDER_WAY = (DossierState.RUNNING, DossierState.RETURNED)


@dataclass(frozen=True, slots=True)
class ProcedureLine:
    """A procedure in the catalogue; `running` dossiers are under way in it."""

    row: ProcedureRow
    body: str
    procedure: Procedure
    running: int


async def write_procedure(
    work: Work, actor: Actor, body: UUID, wanted: Procedure, *, procedure: UUID | None = None
) -> ProcedureRow:
    """A new procedure, or a new version of one. Dossiers under way keep the version they were submitted under."""
    actor.must(Right.PREPARE, body=body)
    await work.get(Body, body)
    row = await work.locked(ProcedureRow, procedure) if procedure else None
    if row is not None and row.body_id != body:
        raise Refused("not-found")
    await _must_know(work, wanted)
    if row is None:
        row = ProcedureRow(id=work.new_id(), body_id=body, version=0, in_use=True)
        work.session.add(row)
    elif not row.in_use:
        raise Refused("procedure-retired")
    row.code, row.name, row.field = wanted.code, wanted.name, wanted.field
    row.level, row.inter_level, row.data = wanted.level.value, wanted.inter_level, data_of(wanted)
    row.version, row.changed_at = row.version + 1, work.now
    await work.session.flush()
    event = ProcedureWritten(
        procedure=str(row.id), title=row.name, version=row.version, steps=len(wanted.steps), days=wanted.days
    )
    await work.record(actor, event)
    return row


async def retire_procedure(work: Work, actor: Actor, procedure: UUID) -> ProcedureRow:
    """No new dossier follows it any more; those under way go on."""
    row = await work.locked(ProcedureRow, procedure)
    actor.must(Right.PREPARE, body=row.body_id)
    if not row.in_use:
        raise Refused("procedure-retired")
    row.in_use = False
    await work.record(actor, ProcedureRetired(procedure=str(row.id), title=row.name))
    return row


async def import_procedure(
    work: Work, actor: Actor, body: UUID, content: bytes, *, procedure: UUID | None = None
) -> ProcedureRow:
    """A procedure from a file, or a new version of one. Its agencies are found by name.

    Refuses (`procedure-agency`) the name of an agency that this house does not have.
    """
    actor.must(Right.PREPARE, body=body)
    if len(content) > FILE_LIMIT:
        raise Refused("procedure-file")
    try:
        data = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as wrong:
        raise Refused("procedure-file") from wrong
    known = {name: str(agency) for agency, name in (await agency_names(work)).items()}

    def id_of(name: str) -> str:
        if name not in known:
            raise Refused("procedure-agency", name=name)
        return known[name]

    wanted = with_agencies(procedure_of(data), id_of)
    return await write_procedure(work, actor, body, wanted, procedure=procedure)


async def export_procedure(reading: Reading, actor: Actor, procedure: UUID) -> bytes:
    """The procedure as a file (JSON, UTF-8); agencies are written by name."""
    line = await open_procedure(reading, actor, procedure)
    names = await agency_names(reading)
    named = with_agencies(line.procedure, lambda agency: names[UUID(agency)])
    return (json.dumps(data_of(named), ensure_ascii=False, indent=2) + "\n").encode()


async def open_procedure(reading: Reading, actor: Actor, procedure: UUID) -> ProcedureLine:
    """One procedure, if the actor may see it: the body's secretariat and chair, and agencies while it is in use."""
    row = await reading.get(ProcedureRow, procedure)
    if not (is_insider(actor, row.body_id) or (row.in_use and actor.may(Right.CARRY_OUT))):
        raise Refused("not-found")
    body = await reading.get(Body, row.body_id)
    return ProcedureLine(row, body.name, procedure_of(row.data), await _running(reading, row.id))


async def catalogue(reading: Reading, actor: Actor) -> Sequence[ProcedureLine]:
    """Every procedure that the actor may see, by level and field, those in use first."""
    inside = actor.bodies(Right.PREPARE) | actor.bodies(Right.RUN_ROOM)
    seen = ProcedureRow.body_id.in_(inside)
    if actor.may(Right.CARRY_OUT):
        seen = seen | ProcedureRow.in_use
    rows = await reading.session.execute(
        select(ProcedureRow, Body.name)
        .join(Body, Body.id == ProcedureRow.body_id)
        .where(seen)
        .order_by(ProcedureRow.in_use.desc(), ProcedureRow.field, ProcedureRow.name, ProcedureRow.id)
    )
    counted = await reading.session.execute(
        select(Dossier.procedure_id, func.count())
        .where(Dossier.state.in_(UNDER_WAY))
        .group_by(Dossier.procedure_id)
    )
    running = dict(iter(counted))
    return [
        ProcedureLine(row, body, procedure_of(row.data), running.get(row.id, 0)) for row, body in rows.all()
    ]


async def agency_names(reading: Reading) -> dict[UUID, str]:
    """Every agency by its id, in the order of their names."""
    rows = await reading.session.execute(select(Agency.id, Agency.name).order_by(Agency.name))
    return dict(iter(rows))


async def _running(reading: Reading, procedure: UUID) -> int:
    query = select(func.count()).where(Dossier.procedure_id == procedure, Dossier.state.in_(UNDER_WAY))
    return await reading.session.scalar(query) or 0


async def _must_know(work: Work, wanted: Procedure) -> None:
    known = {str(agency) for agency in await agency_names(work)}
    for agency in sorted(wanted.agencies()):
        if agency not in known:
            raise Refused("procedure-agency", name=agency)
