"""Papers: laid under an item, version by version."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Response
from litestar.datastructures import UploadFile
from litestar.params import FromPath, FromQuery, JSONBody, MultipartBody
from litestar.response import Stream

from meetings.api.agenda import item_open_to
from meetings.api.contract import Answer, ApiRequest, Asked, Short, reads, writes
from meetings.api.repeats import written
from meetings.before.duplicates import lay_new
from meetings.before.paper_access import openings_of, set_access
from meetings.before.paper_reading import paper_bytes
from meetings.before.papers import lay_paper, open_paper
from meetings.before.uploads import REQUEST_LIMIT, take_in
from meetings.exchange.file_answer import FileAnswer
from meetings.language import N_
from meetings.rules import paper_access
from meetings.rules.paper_access import Level
from meetings.rules.permissions import Right
from meetings.rules.refusals import Refused
from meetings.rules.visibility import Visibility
from meetings.storage.unit_of_work import Reading, Work

TAG = N_("Papers")
Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class Access(Answer):
    """`level`: `internal`, `restricted` or `confidential`; `readers`: `common` (everybody who attends), `internal`
    (members) or `hidden` (who prepares and runs the meeting). Only who prepares reads it outside of its time."""

    level: str
    readers: str
    download: bool
    shown_from: datetime | None
    shown_until: datetime | None


class NewAccess(Asked):
    """As in `Access`; what is left out becomes the usual."""

    level: Short = Level.INTERNAL
    readers: Short = Visibility.COMMON
    download: bool = True
    shown_from: Moment | None = None
    shown_until: Moment | None = None


class Opening(Answer):
    """That a person opened a version; `downloaded_at` when the file was taken along."""

    person: UUID
    name: str
    version: int
    first_at: datetime
    last_at: datetime
    times: int
    downloaded_at: datetime | None


class Openings(Answer):
    openings: list[Opening]


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
    copied_from: UUID | None
    """The paper of an earlier meeting whose file it shows."""
    file: str
    access: Access
    versions: list[Version]


@dataclass
class Upload:
    """A PDF, an office file or a picture. Without a title the paper is called like its file. `again`: lay it although
    the same file lies before the meeting already (`paper-already`)."""

    file: UploadFile
    title: str = ""
    again: bool = False


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
) -> Response[Any]:
    """The newest version unless another is named. One that is not handed out as a file is read in the application."""
    async with request.house.store.reading() as reading:
        kept, wanted, _ = await open_paper(reading, request.actor, paper_id, version=version)
    answer = await paper_bytes(request.house.store, request.actor, kept, wanted, request.headers, taken=True)
    return sent(answer)


def sent(answer: FileAnswer) -> Response[Any]:
    """A document as a program gets it."""
    more: Any = {"status_code": answer.status, "headers": answer.headers, "media_type": answer.media_type}
    return Response(answer.body, **more) if isinstance(answer.body, bytes) else Stream(answer.body, **more)


@writes("/papers/{paper_id:uuid}/access", Right.PREPARE, N_("Set how far a paper may go"), TAG, method="put")
async def put_access(
    request: ApiRequest, paper_id: FromPath[UUID], data: JSONBody[NewAccess]
) -> Response[Paper]:
    """It holds for all versions, from now on."""

    async def act(work: Work) -> Paper:
        access = paper_access.Access(
            data.level, data.readers, data.download, data.shown_from, data.shown_until
        )
        await set_access(work, request.actor, paper_id, access)
        return await _paper(work, request, paper_id)

    return await written(request, act)


@reads("/papers/{paper_id:uuid}/openings", Right.PREPARE, N_("List who has opened a paper"), TAG)
async def get_openings(request: ApiRequest, paper_id: FromPath[UUID]) -> Response[Openings]:
    """The last to open it first."""
    async with request.house.store.reading() as reading:
        rows = await openings_of(reading, request.actor, paper_id)
    return Response(
        Openings(
            openings=[
                Opening(
                    person=row.person_id, name=name, version=number, first_at=row.first_at, last_at=row.last_at,
                    times=row.times, downloaded_at=row.downloaded_at,
                )
                for row, number, name in rows
            ]
        )
    )  # fmt: skip


async def _lay(request: ApiRequest, data: Upload, item: UUID, paper: UUID | None) -> Response[Any]:
    content = await data.file.read()
    checked = await take_in(request.house.store, data.file.filename, content)
    if "\0" in data.title:
        raise Refused("wrong-input", field="title")

    async def act(work: Work) -> Paper:
        lay = lay_paper if data.again else lay_new
        version = await lay(work, request.actor, item, checked, title=data.title, paper=paper)
        return await _paper(work, request, version.paper_id)

    # The boundary of a form differs by each sending, what it carries does not.
    sent = f"{data.title}\0{checked.filename}\0{hashlib.sha256(content).hexdigest()}".encode()
    return await written(request, act, status=201, content=sent)


async def _paper(reading: Reading, request: ApiRequest, paper: UUID) -> Paper:
    kept, newest, versions = await open_paper(reading, request.actor, paper)
    return Paper(
        id=kept.id, item=kept.item_id, meeting=kept.meeting_id, title=kept.title, version=newest.number,
        withdrawn_at=kept.withdrawn_at, copied_from=kept.copied_from_id,
        file=f"/api/v1/papers/{kept.id}/file?version={newest.number}",
        access=Access(
            level=kept.level, readers=kept.readers, download=kept.download, shown_from=kept.shown_from,
            shown_until=kept.shown_until,
        ),
        versions=[
            Version(
                number=one.number, filename=one.filename, sha256=one.sha256, size=one.size, pages=one.pages,
                laid_at=one.laid_at, source_name=one.source_name, source_sha256=one.source_sha256,
                taken_out=one.taken_out.split(),
            )
            for one in versions
        ],
    )  # fmt: skip


handlers = [post_paper, get_paper, get_file, post_version, put_access, get_openings]
