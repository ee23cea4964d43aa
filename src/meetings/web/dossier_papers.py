"""The documents of a dossier: laid by who has it, read by who sees it; and how dossiers keep their time."""

import unicodedata
from datetime import date
from typing import Any
from urllib.parse import quote
from uuid import UUID

from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Stream

from meetings.before.dossier_lists import open_dossier, punctuality
from meetings.before.dossier_papers import lay_dossier_paper, must_lay, take_out_paper
from meetings.before.uploads import FILES_AT_ONCE, take_in
from meetings.rules.permissions import Right
from meetings.rules.refusals import Refused
from meetings.storage.tables import Dossier, DossierPaper
from meetings.web.dossier_words import taker_words
from meetings.web.dossiers import dossier_page
from meetings.web.errors import sentence
from meetings.web.forms import chosen_id, day
from meetings.web.papers import UPLOAD_LIMIT
from meetings.web.render import done, page
from meetings.web.request import MeetingsRequest


@post(
    "/dossiers/{dossier:uuid}/papers",
    opt={"permission": Right.SIGNED_IN},
    status_code=200,
    request_max_body_size=UPLOAD_LIMIT,
)
async def lay_submit(request: MeetingsRequest, dossier: FromPath[UUID]) -> Response[Any] | Redirect:
    """Add documents, or a new version of one. Each that is refused is named with its reason; the others are laid."""
    async with request.house.store.reading() as reading:
        await open_dossier(reading, request.actor, dossier)
        await must_lay(reading, request.actor, await reading.get(Dossier, dossier))
    form = await request.form()
    files = [file for file in form.getall("files", []) if isinstance(file, UploadFile) and file.filename]
    if not files:
        return await dossier_page(request, dossier, Refused("field-missing", field="files"), "papers")
    if len(files) > FILES_AT_ONCE:
        return await dossier_page(request, dossier, Refused("papers-many", limit=FILES_AT_ONCE), "papers")
    refused: list[tuple[str, str]] = []
    for file in files:
        try:
            checked = await take_in(request.house.store, _name(file), await file.read())
            async with request.house.store.work() as work:
                await lay_dossier_paper(
                    work, request.actor, dossier, checked, kind=str(form.get("kind", "")),
                    replaces=chosen_id(str(form.get("replaces", ""))),
                )  # fmt: skip
        except Refused as refusal:
            refused.append((_name(file), sentence(refusal)))
    if refused:
        return await dossier_page(request, dossier, part="papers", refused_files=refused)
    return done(f"/dossiers/{dossier}#papers", "laid")


def _name(file: UploadFile) -> str:
    """The file's name with composed letters: some systems send the marks of Vietnamese letters apart."""
    return unicodedata.normalize("NFC", file.filename.replace("\\", "/").rsplit("/", 1)[-1])


@post("/dossiers/papers/{paper:uuid}/take-out", opt={"permission": Right.SIGNED_IN}, status_code=200)
async def take_out_submit(request: MeetingsRequest, paper: FromPath[UUID]) -> Response[Any] | Redirect:
    """Take a document out."""
    async with request.house.store.reading() as reading:
        dossier = (await reading.get(DossierPaper, paper)).dossier_id
        await open_dossier(reading, request.actor, dossier)
    try:
        async with request.house.store.work() as work:
            await take_out_paper(work, request.actor, paper)
    except Refused as refusal:
        return await dossier_page(request, dossier, refusal)
    return done(f"/dossiers/{dossier}#papers", "removed")


@get("/dossiers/papers/{paper:uuid}/file", opt={"permission": Right.SIGNED_IN})
async def dossier_file(request: MeetingsRequest, paper: FromPath[UUID]) -> Response[Any]:
    """A document's bytes, for whoever sees the dossier."""
    async with request.house.store.reading() as reading:
        kept = await reading.get(DossierPaper, paper)
        await open_dossier(reading, request.actor, kept.dossier_id)
    files = request.house.store.files
    headers = {
        "etag": f'"{kept.sha256}"', "cache-control": "private, no-cache", "vary": "cookie",
        "content-disposition": f"inline; filename*=utf-8''{quote(kept.filename)}",
    }  # fmt: skip
    if request.headers.get("if-none-match") == headers["etag"]:
        return Response(b"", status_code=304, headers=headers)
    size = await files.size(kept.sha256)
    return Stream(files.stream(kept.sha256, 0, size), media_type="application/pdf", headers=headers)


@get("/dossiers/figures", opt={"permission": Right.SIGNED_IN})
async def dossier_figures(
    request: MeetingsRequest, since: FromQuery[str] = "", until: FromQuery[str] = ""
) -> Response[str]:
    """On time by step and by agency, for what began in a period: this year unless another is asked for."""
    async with request.house.store.reading() as reading:
        first = _day(since) or reading.today.replace(month=1, day=1)
        last = _day(until) or reading.today
        found = await punctuality(reading, request.actor, since=first, until=last)
    return page(
        request, "before/dossier_figures.html", found=found, since=first, until=last, taker_words=taker_words
    )


def _day(text: str) -> date | None:
    try:
        return day(text, "since")
    except Refused:
        return None


handlers = [lay_submit, take_out_submit, dossier_file, dossier_figures]
