"""The documents of a dossier, version by version."""

import hashlib
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from litestar import Response
from litestar.datastructures import UploadFile
from litestar.params import FromPath, MultipartBody

from meetings.api.contract import ApiRequest, reads, writes
from meetings.api.dossier_shapes import DossierPaper, paper_of
from meetings.api.papers import sent as answered
from meetings.api.repeats import written
from meetings.before.dossier_lists import open_dossier
from meetings.before.dossier_papers import lay_dossier_paper, must_lay, take_out_paper
from meetings.before.paper_reading import CHECKED
from meetings.before.uploads import REQUEST_LIMIT, take_in
from meetings.exchange.file_answer import document
from meetings.language import N_
from meetings.rules.permissions import Right
from meetings.storage import tables
from meetings.storage.unit_of_work import Work

TAG = N_("Dossiers")
KEEPER = N_("For the agency while it has the dossier, then for whoever takes the step.")


@dataclass
class DossierUpload:
    """A file; `kind`: `statement`, `draft`, `opinion` or `annex`. `replaces`: the document it is a new version of."""

    file: UploadFile
    kind: str = "annex"
    title: str = ""
    replaces: UUID | None = None


@writes(
    "/dossiers/{dossier_id:uuid}/papers",
    Right.SIGNED_IN,
    N_("Lay a document of a dossier"),
    TAG,
    status=201,
    who=KEEPER,
    request_max_body_size=REQUEST_LIMIT,
)
async def post_dossier_paper(
    request: ApiRequest, dossier_id: FromPath[UUID], data: MultipartBody[DossierUpload]
) -> Response[DossierPaper]:
    """The file is looked into first and made harmless; what is no PDF is turned into one."""
    async with request.house.store.reading() as reading:
        opened = await open_dossier(reading, request.actor, dossier_id)
        await must_lay(reading, request.actor, opened.line.dossier)
    content = await data.file.read()
    title = data.title.replace("\0", "")
    checked = await take_in(request.house.store, data.file.filename, content)

    async def act(work: Work) -> DossierPaper:
        paper = await lay_dossier_paper(
            work, request.actor, dossier_id, checked, kind=data.kind, title=title, replaces=data.replaces
        )
        return paper_of(paper)

    # the boundary of a form differs by each sending, what it carries does not
    sent = f"{data.kind}\0{title}\0{data.replaces}\0{checked.filename}\0{hashlib.sha256(content).hexdigest()}"
    return await written(request, act, status=201, content=sent.encode())


@writes(
    "/dossier-papers/{paper_id:uuid}/take-out",
    Right.SIGNED_IN,
    N_("Take a document out of a dossier"),
    TAG,
    who=KEEPER,
)
async def post_take_out(request: ApiRequest, paper_id: FromPath[UUID]) -> Response[Any]:
    """Its versions stay on record."""

    async def act(work: Work) -> DossierPaper:
        await open_dossier(work, request.actor, (await work.get(tables.DossierPaper, paper_id)).dossier_id)
        return paper_of(await take_out_paper(work, request.actor, paper_id))

    return await written(request, act)


@reads(
    "/dossier-papers/{paper_id:uuid}/file",
    Right.SIGNED_IN,
    N_("Read a document’s file"),
    TAG,
    media_type="application/pdf",
)
async def get_dossier_file(request: ApiRequest, paper_id: FromPath[UUID]) -> Response[Any]:
    """For whoever sees the dossier."""
    async with request.house.store.reading() as reading:
        kept = await reading.get(tables.DossierPaper, paper_id)
        await open_dossier(reading, request.actor, kept.dossier_id)
    return answered(
        await document(
            request.house.store.files, kept.sha256, request.headers, filename=kept.filename, headers=CHECKED
        )
    )


handlers = [post_dossier_paper, post_take_out, get_dossier_file]
