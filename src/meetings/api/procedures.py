"""The catalogue of internal procedures. A procedure has the same shape here as in its file: agencies by name."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response
from litestar.params import FromPath, JSONBody

from meetings.api.contract import Answer, ApiRequest, Asked, Line, Short, reads, writes
from meetings.api.lists import LIMIT, Cursor, Limit, cut_whole, place_of
from meetings.api.repeats import written
from meetings.before import procedures
from meetings.language import N_
from meetings.rules.permissions import Actor, Right
from meetings.rules.procedures import FORMAT, data_of, with_agencies
from meetings.storage.unit_of_work import Reading, Work

TAG = N_("Dossiers")
Lines = Annotated[list[Line], msgspec.Meta(max_length=50)]


class OpinionAsked(Asked):
    """An opinion that is asked for while a step lasts; `agency` only where it is `by` one."""

    topic: Line
    by: Short
    days: int
    agency: Line = ""


class Step(Asked):
    """`by`: `submitter`, `agency` (named in `agency`), `secretariat` or `chair`. `days` are working days."""

    name: Line
    by: Short
    days: int
    agency: Line = ""
    inputs: Lines = msgspec.field(default_factory=list[str])
    outputs: Lines = msgspec.field(default_factory=list[str])
    opinions: Annotated[list[OpinionAsked], msgspec.Meta(max_length=20)] = msgspec.field(
        default_factory=list[OpinionAsked]
    )


class ProcedureFile(Asked):
    """What the file of a procedure holds. `level`: `province`, `department`, `district` or `commune`."""

    name: Line
    level: Short
    field: Line
    steps: Annotated[list[Step], msgspec.Meta(max_length=40)]
    code: Line = ""
    inter_level: bool = False
    format: Short = FORMAT


class NewProcedure(Asked):
    """In a body's catalogue."""

    body: UUID
    procedure: ProcedureFile


class ChangedProcedure(Asked):
    """Takes the place of the version before; dossiers under way keep theirs."""

    procedure: ProcedureFile


class ProcedureLine(Answer):
    """`days` when every step takes all its time; `running`: dossiers under way."""

    id: UUID
    body: UUID
    code: str
    name: str
    level: str
    field: str
    inter_level: bool
    steps: int
    days: int
    version: int
    in_use: bool
    running: int
    changed_at: datetime


class Procedures(Answer):
    items: list[ProcedureLine]
    next: str | None


class Procedure(ProcedureLine):
    """With the whole procedure, as its file has it."""

    procedure: ProcedureFile


@reads("/procedures", Right.SIGNED_IN, N_("List the procedures that dossiers follow"), TAG)
async def list_procedures(
    request: ApiRequest, cursor: Cursor = None, limit: Limit = LIMIT
) -> Response[Procedures]:
    """The body's secretariat and chair see all of theirs, agencies those in use."""
    place = place_of(cursor, str, UUID)
    async with request.house.store.reading() as reading:
        lines = await procedures.catalogue(reading, request.actor)
    page, following = cut_whole(lines, limit, lambda line: (line.row.name, line.row.id), place)
    return Response(Procedures(items=[_line(line) for line in page], next=following))


@reads("/procedures/{procedure_id:uuid}", Right.SIGNED_IN, N_("Read a procedure"), TAG)
async def get_procedure(request: ApiRequest, procedure_id: FromPath[UUID]) -> Response[Procedure]:
    """If it is open to the reader."""
    async with request.house.store.reading() as reading:
        return Response(await _procedure(reading, request.actor, procedure_id))


@writes("/procedures", Right.PREPARE, N_("Write a procedure"), TAG, status=201)
async def post_procedure(request: ApiRequest, data: JSONBody[NewProcedure]) -> Response[Procedure]:
    """Its agencies are found by their names."""

    async def act(work: Work) -> Procedure:
        content = msgspec.json.encode(_asked(data.procedure))
        row = await procedures.import_procedure(work, request.actor, data.body, content)
        return await _procedure(work, request.actor, row.id)

    return await written(request, act, status=201)


@writes("/procedures/{procedure_id:uuid}", Right.PREPARE, N_("Change a procedure"), TAG, method="put")
async def put_procedure(
    request: ApiRequest, procedure_id: FromPath[UUID], data: JSONBody[ChangedProcedure]
) -> Response[Procedure]:
    """Its version counts up."""

    async def act(work: Work) -> Procedure:
        line = await procedures.open_procedure(work, request.actor, procedure_id)
        content = msgspec.json.encode(_asked(data.procedure))
        await procedures.import_procedure(
            work, request.actor, line.row.body_id, content, procedure=procedure_id
        )
        return await _procedure(work, request.actor, procedure_id)

    return await written(request, act)


@writes("/procedures/{procedure_id:uuid}/retire", Right.PREPARE, N_("Take a procedure out of use"), TAG)
async def post_retire(request: ApiRequest, procedure_id: FromPath[UUID]) -> Response[Procedure]:
    """Dossiers under way go on."""

    async def act(work: Work) -> Procedure:
        await procedures.open_procedure(work, request.actor, procedure_id)
        await procedures.retire_procedure(work, request.actor, procedure_id)
        return await _procedure(work, request.actor, procedure_id)

    return await written(request, act)


def _asked(procedure: ProcedureFile) -> object:
    return msgspec.to_builtins(procedure)


def _line(line: procedures.ProcedureLine) -> ProcedureLine:
    row = line.row
    return ProcedureLine(
        id=row.id, body=row.body_id, code=row.code, name=row.name, level=row.level, field=row.field,
        inter_level=row.inter_level, steps=len(line.procedure.steps), days=line.procedure.days, version=row.version,
        in_use=row.in_use, running=line.running, changed_at=row.changed_at,
    )  # fmt: skip


async def _procedure(reading: Reading, actor: Actor, procedure: UUID) -> Procedure:
    line = await procedures.open_procedure(reading, actor, procedure)
    names = await procedures.agency_names(reading)
    named = data_of(with_agencies(line.procedure, lambda agency: names[UUID(agency)]))
    return Procedure(
        **msgspec.structs.asdict(_line(line)), procedure=msgspec.convert(named, type=ProcedureFile)
    )


handlers = [list_procedures, get_procedure, post_procedure, put_procedure, post_retire]
