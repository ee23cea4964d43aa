"""The meeting pack: the agenda and the papers one may read, as one PDF made in the background."""

from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Response
from litestar.params import FromPath

from meetings import language
from meetings.api.contract import Answer, ApiRequest, reads, writes
from meetings.api.papers import TAG, sent
from meetings.api.repeats import written
from meetings.before.packs import ask_for_pack, pack_for, ready_pack
from meetings.before.paper_reading import CHECKED
from meetings.exchange.file_answer import document
from meetings.language import N_
from meetings.rules.permissions import Right
from meetings.rules.refusals import Refused
from meetings.storage import tables
from meetings.storage.unit_of_work import Work


class Pack(Answer):
    """`state` is `waiting`, `making`, `ready` or `failed`; `done` of `total` papers are in. `file` once it is ready."""

    state: str
    done: int
    total: int
    pages: int
    size: int
    asked_at: datetime
    file: str | None


def _shape(kept: tables.Pack) -> Pack:
    return Pack(
        state=kept.state,
        done=kept.done,
        total=kept.total,
        pages=kept.pages,
        size=kept.size,
        asked_at=kept.asked_at,
        file=f"/api/v1/meetings/{kept.meeting_id}/pack.pdf" if kept.state == "ready" else None,
    )


@writes("/meetings/{meeting_id:uuid}/pack", Right.ATTEND, N_("Ask for the meeting pack"), TAG)
async def post_pack(request: ApiRequest, meeting_id: FromPath[UUID]) -> Response[Pack]:
    """The pack of what one may read: the one that exists, or a new one that is made in the background."""

    async def act(work: Work) -> Pack:
        return _shape(await ask_for_pack(work, request.actor, meeting_id, language=language.current()))

    return await written(request, act)


@reads("/meetings/{meeting_id:uuid}/pack", Right.ATTEND, N_("Read how far the meeting pack is"), TAG)
async def get_pack(request: ApiRequest, meeting_id: FromPath[UUID]) -> Response[Pack]:
    """`pack-not-ready` when nobody has asked for it since the last change."""
    async with request.house.store.reading() as reading:
        kept = await pack_for(reading, request.actor, meeting_id, language=language.current())
    if kept is None:
        raise Refused("pack-not-ready")
    return Response(_shape(kept))


@reads(
    "/meetings/{meeting_id:uuid}/pack.pdf",
    Right.ATTEND,
    N_("Read the meeting pack"),
    TAG,
    media_type="application/pdf",
)
async def get_pack_file(request: ApiRequest, meeting_id: FromPath[UUID]) -> Response[Any]:
    """As it was made for what one may read now."""
    async with request.house.store.reading() as reading:
        kept = await ready_pack(reading, request.actor, meeting_id, language=language.current())
    files = request.house.store.files
    return sent(
        await document(
            files, kept.sha256, request.headers, filename="pack.pdf", download=True, headers=CHECKED
        )
    )


handlers = [post_pack, get_pack, get_pack_file]
