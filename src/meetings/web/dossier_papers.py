"""The documents of a dossier: laid by who has it, read by who sees it; and how dossiers keep their time."""

from datetime import date
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from meetings.before.dossier_lists import open_dossier, punctuality
from meetings.before.dossier_papers import lay_dossier_paper, must_lay, take_out_paper
from meetings.before.paper_reading import CHECKED
from meetings.before.papers import Checked
from meetings.before.resumable import Purpose
from meetings.before.uploads import REQUEST_LIMIT
from meetings.exchange.file_answer import document
from meetings.rules.permissions import Right
from meetings.rules.refusals import Refused
from meetings.storage.tables import Dossier, DossierPaper
from meetings.web.dossier_words import taker_words
from meetings.web.dossiers import dossier_page
from meetings.web.file_intake import files_of, lay_each
from meetings.web.forms import chosen_id, day
from meetings.web.paper_files import sent
from meetings.web.render import done, page
from meetings.web.request import MeetingsRequest


@post(
    "/dossiers/{dossier:uuid}/papers",
    opt={"permission": Right.SIGNED_IN},
    status_code=200,
    request_max_body_size=REQUEST_LIMIT,
)
async def lay_submit(request: MeetingsRequest, dossier: FromPath[UUID]) -> Response[Any] | Redirect:
    """Add documents, or a new version of one. Each that is refused is named with its reason; the others are laid."""
    async with request.house.store.reading() as reading:
        await open_dossier(reading, request.actor, dossier)
        await must_lay(reading, request.actor, await reading.get(Dossier, dossier))
    form = await request.fields()
    try:
        files = await files_of(request, "files")
    except Refused as refusal:
        return await dossier_page(request, dossier, refusal, "papers")

    async def lay(checked: Checked) -> None:
        async with request.house.store.work() as work:
            await lay_dossier_paper(
                work, request.actor, dossier, checked, kind=form.get("kind", ""),
                replaces=chosen_id(form.get("replaces", "")),
            )  # fmt: skip

    refused = await lay_each(request, files, Purpose.DOSSIER, dossier, lay)
    if refused:
        return await dossier_page(request, dossier, part="papers", refused_files=refused)
    return done(f"/dossiers/{dossier}#papers", "laid")


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
    return sent(
        await document(
            request.house.store.files, kept.sha256, request.headers, filename=kept.filename, headers=CHECKED
        )
    )


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
