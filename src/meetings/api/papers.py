"""Papers: laid under an item, version by version."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Response
from litestar.datastructures import UploadFile
from litestar.params import FromPath, FromQuery, MultipartBody
from litestar.response import File

from meetings.api.agenda import item_open_to
from meetings.api.contract import Answer, ApiRequest, reads, writes
from meetings.api.repeats import written
from meetings.before.papers import SIZE_LIMIT, lay_paper, open_paper
from meetings.before.uploads import take_in
from meetings.language import N_
from meetings.rules.permissions import Right
from meetings.rules.refusals import Refused
from meetings.storage.unit_of_work import Reading, Work

TAG = N_("Papers")
REQUEST_LIMIT = SIZE_LIMIT + 1024 * 1024
"""Bytes of one request with a paper."""


class Version(Answer):
    """`source_…`: the file it was made from, where the bytes that came are not the ones shown; `taken_out` of a PDF:
    `scripts`, `files`, `media`, `forms`, `actions`."""

    number: int
    filename: str
    sha256: str
    size: int
    pages: int
    laid_at: datetime
    source_name: str
    source_sha256: str
    taken_out: list[str]


class Paper(Answer):
    """A document laid before the meeting; `file` is the address of its newest version."""

    id: UUID
    item: UUID
    meeting: UUID
    title: str
    version: int
    withdrawn_at: datetime | None
    file: str
    versions: list[Version]


@dataclass
class Upload:
    """A PDF, an office file or a picture. Without a title the paper is called like its file."""

    file: UploadFile
    title: str = ""


@writes(
    "/items/{item_id:uuid}/papers",
    Right.PREPARE,
    N_("Lay a paper under an item"),
    TAG,
    status=201,
    request_max_body_size=REQUEST_LIMIT,
)
async def post_paper(
    request: ApiRequest, item_id: FromPath[UUID], data: MultipartBody[Upload]
) -> Response[Paper]:
    """The file is looked through first. It becomes a PDF that does nothing by itself, or is refused."""
    async with request.house.store.reading() as reading:
        _, meeting = await item_open_to(reading, request.actor, item_id)
        request.actor.must(Right.PREPARE, body=meeting.body_id)
    return await _lay(request, data, item_id, None)


@writes(
    "/papers/{paper_id:uuid}/versions",
    Right.PREPARE,
    N_("Lay a new version of a paper; earlier ones stay"),
    TAG,
    status=201,
    request_max_body_size=REQUEST_LIMIT,
)
async def post_version(
    request: ApiRequest, paper_id: FromPath[UUID], data: MultipartBody[Upload]
) -> Response[Paper]:
    """Nothing is silently replaced."""
    async with request.house.store.reading() as reading:
        kept, _, _ = await open_paper(reading, request.actor, paper_id)
        _, meeting = await item_open_to(reading, request.actor, kept.item_id)
        request.actor.must(Right.PREPARE, body=meeting.body_id)
    return await _lay(request, data, kept.item_id, paper_id)


@reads("/papers/{paper_id:uuid}", Right.ATTEND, N_("Read about a paper and its versions"), TAG)
async def get_paper(request: ApiRequest, paper_id: FromPath[UUID]) -> Response[Paper]:
    """The bytes are at the address in `file`."""
    async with request.house.store.reading() as reading:
        return Response(await _paper(reading, request, paper_id))


@reads(
    "/papers/{paper_id:uuid}/file",
    Right.ATTEND,
    N_("Read a paper’s file"),
    TAG,
    media_type="application/pdf",
)
async def get_file(
    request: ApiRequest, paper_id: FromPath[UUID], version: FromQuery[int | None] = None
) -> File:
    """The newest version unless another is named."""
    async with request.house.store.reading() as reading:
        _, wanted, _ = await open_paper(reading, request.actor, paper_id, version=version)
    return File(
        request.house.store.files.path(wanted.sha256),
        filename=wanted.filename,
        media_type="application/pdf",
        headers={"cache-control": "private, no-cache"},
    )


async def _lay(request: ApiRequest, data: Upload, item: UUID, paper: UUID | None) -> Response[Any]:
    content = await data.file.read()
    name = "".join(letter for letter in data.file.filename if letter.isprintable())
    checked = await take_in(request.house.store, name, content)
    if "\0" in data.title:
        raise Refused("wrong-input", field="title")

    async def act(work: Work) -> Paper:
        version = await lay_paper(work, request.actor, item, checked, title=data.title, paper=paper)
        return await _paper(work, request, version.paper_id)

    # The boundary of a form differs by each sending, what it carries does not.
    sent = f"{data.title}\0{checked.filename}\0{hashlib.sha256(content).hexdigest()}".encode()
    return await written(request, act, status=201, content=sent)


async def _paper(reading: Reading, request: ApiRequest, paper: UUID) -> Paper:
    kept, newest, versions = await open_paper(reading, request.actor, paper)
    return Paper(
        id=kept.id, item=kept.item_id, meeting=kept.meeting_id, title=kept.title, version=newest.number,
        withdrawn_at=kept.withdrawn_at, file=f"/api/v1/papers/{kept.id}/file?version={newest.number}",
        versions=[
            Version(
                number=one.number, filename=one.filename, sha256=one.sha256, size=one.size, pages=one.pages,
                laid_at=one.laid_at, source_name=one.source_name, source_sha256=one.source_sha256,
                taken_out=one.taken_out.split(),
            )
            for one in versions
        ],
    )  # fmt: skip


handlers = [post_paper, get_paper, get_file, post_version]
