"""The documents of a dossier: laid by who has it, read by who sees it; and how dossiers keep their time."""

import unicodedata
from datetime import date
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.datastructures import ETag, UploadFile
from litestar.params import FromPath, FromQuery
from litestar.response import File, Redirect

from meetings.before.dossier_lists import open_dossier, punctuality
from meetings.before.dossier_papers import lay_dossier_paper, must_lay, take_out_paper
from meetings.before.papers import Checked, keep_upload
from meetings.pdf.inspect import inspect
from meetings.pdf.workers import in_worker
from meetings.rules.permissions import Right
from meetings.rules.refusals import Refused
from meetings.storage.tables import Dossier, DossierPaper
from meetings.web.dossier_words import taker_words
from meetings.web.dossiers import dossier_page
from meetings.web.errors import sentence
from meetings.web.forms import chosen_id, day
from meetings.web.papers import CHECKED, UPLOAD_LIMIT
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
    refused: list[tuple[str, str]] = []
    for file in files:
        try:
            checked = await _checked(request, file)
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


async def _checked(request: MeetingsRequest, file: UploadFile) -> Checked:
    """The file's bytes, looked through in a process of its own and kept."""
    content = await file.read()
    found = await in_worker(inspect, content)
    return await keep_upload(request.house.store, _name(file), content, found.pages)


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
async def dossier_file(request: MeetingsRequest, paper: FromPath[UUID]) -> File:
    """A document's bytes, for whoever sees the dossier."""
    async with request.house.store.reading() as reading:
        kept = await reading.get(DossierPaper, paper)
        await open_dossier(reading, request.actor, kept.dossier_id)
        path = reading.files.path(kept.sha256)
    return File(
        path, filename=kept.filename, media_type="application/pdf", content_disposition_type="inline",
        etag=ETag(value=kept.sha256), headers={"cache-control": CHECKED, "vary": "cookie"},
    )  # fmt: skip


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
