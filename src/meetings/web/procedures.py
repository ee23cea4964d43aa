"""The catalogue of internal procedures and its editor, for a body's secretariat; agencies read it."""

import re
from collections import Counter
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from sqlalchemy import select

from meetings import language
from meetings.before.procedures import (
    FILE_LIMIT,
    agency_names,
    catalogue,
    export_procedure,
    import_procedure,
    open_procedure,
    retire_procedure,
    write_procedure,
)
from meetings.rules.permissions import Right
from meetings.rules.procedures import By, Level
from meetings.rules.refusals import Refused
from meetings.storage.tables import Body
from meetings.web.dossier_words import LEVELS, TAKERS, days_words, outline, taker_words
from meetings.web.errors import STATUS, sentence
from meetings.web.forms import needed_id
from meetings.web.procedure_form import AGENCY, Draft, changed, draft_of, procedure_from, typed
from meetings.web.render import done, page
from meetings.web.request import MeetingsRequest

PLACE = "/dossiers/procedures"


@get(PLACE, opt={"permission": Right.SIGNED_IN})
async def procedure_list(
    request: MeetingsRequest, level: FromQuery[str] = "", field: FromQuery[str] = ""
) -> Response[str]:
    """The catalogue, by level and field."""
    async with request.house.store.reading() as reading:
        lines = await catalogue(reading, request.actor)
    levels = Counter(line.row.level for line in lines)
    chosen = [line for line in lines if level in ("", line.row.level)]
    fields = Counter(line.row.field for line in chosen)
    shown = [line for line in chosen if field in ("", line.row.field)]
    return page(
        request, "before/procedures.html", lines=shown, levels=[(one, LEVELS[one], levels[one]) for one in Level
        if levels[one]], fields=sorted(fields.items()), level=level, field=field, count=len(lines), words=LEVELS,
        outline=outline, may_write=request.actor.may(Right.PREPARE),
    )  # fmt: skip


@get(PLACE + "/{procedure:uuid}", opt={"permission": Right.SIGNED_IN})
async def read_procedure(request: MeetingsRequest, procedure: FromPath[UUID]) -> Response[str]:
    """One procedure: who takes which step and how long it may last."""
    async with request.house.store.reading() as reading:
        line = await open_procedure(reading, request.actor, procedure)
        names = await agency_names(reading)

    def who(taker: Any) -> str:
        return taker_words(taker.by, names.get(UUID(taker.agency), "") if taker.agency else "")

    return page(
        request, "before/procedure.html", line=line, row=line.row, procedure=line.procedure, who=who, words=LEVELS,
        days=days_words, outline=outline, may_write=request.actor.may(Right.PREPARE, body=line.row.body_id),
        may_begin=line.row.in_use and request.actor.may(Right.CARRY_OUT),
    )  # fmt: skip


@get(PLACE + "/{procedure:uuid}/file", opt={"permission": Right.SIGNED_IN})
async def procedure_file(request: MeetingsRequest, procedure: FromPath[UUID]) -> Response[bytes]:
    """The procedure as a file, to be taken into another house."""
    async with request.house.store.reading() as reading:
        content = await export_procedure(reading, request.actor, procedure)
        line = await open_procedure(reading, request.actor, procedure)
    name = re.sub(r"[^A-Za-z0-9-]+", "-", line.row.code).strip("-") or "procedure"
    headers = {"content-disposition": f'attachment; filename="{name}.json"', "cache-control": "no-store"}
    return Response(content, media_type="application/json", headers=headers)


@get(PLACE + "/new", opt={"permission": Right.PREPARE})
async def new_procedure(request: MeetingsRequest) -> Response[str]:
    """An empty procedure with one step."""
    return await _editor(request, Draft(), None)


@get(PLACE + "/{procedure:uuid}/edit", opt={"permission": Right.PREPARE})
async def edit_procedure(request: MeetingsRequest, procedure: FromPath[UUID]) -> Response[str]:
    """A procedure to be changed."""
    async with request.house.store.reading() as reading:
        line = await open_procedure(reading, request.actor, procedure)
    request.actor.must(Right.PREPARE, body=line.row.body_id)
    return await _editor(request, draft_of(line.procedure), procedure, body=str(line.row.body_id))


@post(PLACE + "/new", opt={"permission": Right.PREPARE}, status_code=200)
async def new_procedure_submit(request: MeetingsRequest) -> Response[Any] | Redirect:
    """Keep the new procedure, or do what another button asks for."""
    return await _sent(request, None)


@post(PLACE + "/{procedure:uuid}/edit", opt={"permission": Right.PREPARE}, status_code=200)
async def edit_procedure_submit(
    request: MeetingsRequest, procedure: FromPath[UUID]
) -> Response[Any] | Redirect:
    """Keep the changed procedure, or do what another button asks for."""
    return await _sent(request, procedure)


async def _sent(request: MeetingsRequest, procedure: UUID | None) -> Response[Any] | Redirect:
    sent = await request.fields()
    draft, act = typed(sent), sent.get("do", "save")
    if act != "save":
        return await _editor(request, draft, procedure, body=sent.get("body", ""), look=changed(draft, act))
    try:
        async with request.house.store.work() as work:
            row = await write_procedure(
                work, request.actor, needed_id(sent.get("body", ""), "body"), procedure_from(draft),
                procedure=procedure,
            )  # fmt: skip
    except Refused as refusal:
        return await _editor(request, draft, procedure, body=sent.get("body", ""), refusal=refusal)
    return done(f"{PLACE}/{row.id}", "saved")


async def _editor(
    request: MeetingsRequest,
    draft: Draft,
    procedure: UUID | None,
    *,
    body: str = "",
    look: int | None = None,
    refusal: Refused | None = None,
) -> Response[str]:
    async with request.house.store.reading() as reading:
        bodies = await _bodies(reading.session, request)
        names = await agency_names(reading)
    takers = [(one.value, language.gettext(TAKERS[one])) for one in (By.SUBMITTER, By.SECRETARIAT, By.CHAIR)]
    takers += [(f"{AGENCY}{agency}", name) for agency, name in names.items()]
    return page(
        request, "before/procedure_form.html", status_code=STATUS.get(refusal.code, 409) if refusal else 200,
        draft=draft, procedure=procedure, bodies=bodies, body=body, look=look, takers=takers,
        levels=[(one.value, language.gettext(label)) for one, label in LEVELS.items()],
        wrong=sentence(refusal) if refusal else "", where=str(refusal.facts.get("where", "")) if refusal else "",
    )  # fmt: skip


async def _bodies(session: Any, request: MeetingsRequest) -> list[tuple[str, str]]:
    wanted = request.actor.bodies(Right.PREPARE)
    rows = await session.execute(select(Body.id, Body.name).where(Body.id.in_(wanted)).order_by(Body.name))
    return [(str(body), name) for body, name in rows.all()]


@get(PLACE + "/import", opt={"permission": Right.PREPARE})
async def import_page(request: MeetingsRequest) -> Response[str]:
    """The form for a procedure's file."""
    return await _import_page(request, None)


@post(
    PLACE + "/import",
    opt={"permission": Right.PREPARE},
    status_code=200,
    request_max_body_size=2 * FILE_LIMIT,
)
async def import_submit(request: MeetingsRequest) -> Response[str] | Redirect:
    """Take a procedure from a file into the catalogue."""
    sent = await request.form()
    file = sent.get("file")
    try:
        if not isinstance(file, UploadFile) or not file.filename:
            raise Refused("field-missing", field="file")
        content = await file.read()
        async with request.house.store.work() as work:
            body = needed_id(str(sent.get("body", "")), "body")
            row = await import_procedure(work, request.actor, body, content)
    except Refused as refusal:
        return await _import_page(request, refusal)
    return done(f"{PLACE}/{row.id}", "saved")


async def _import_page(request: MeetingsRequest, refusal: Refused | None) -> Response[str]:
    async with request.house.store.reading() as reading:
        bodies = await _bodies(reading.session, request)
    return page(
        request, "before/procedure_import.html", status_code=STATUS.get(refusal.code, 409) if refusal else 200,
        bodies=bodies, wrong=sentence(refusal) if refusal else "",
    )  # fmt: skip


@post(PLACE + "/{procedure:uuid}/retire", opt={"permission": Right.PREPARE}, status_code=200)
async def retire_submit(request: MeetingsRequest, procedure: FromPath[UUID]) -> Redirect:
    """Take a procedure out of use."""
    async with request.house.store.work() as work:
        await retire_procedure(work, request.actor, procedure)
    return done(f"{PLACE}/{procedure}", "saved")


handlers = [
    procedure_list, new_procedure, new_procedure_submit, import_page, import_submit, read_procedure, procedure_file,
    edit_procedure, edit_procedure_submit, retire_submit,
]  # fmt: skip
