"""The meeting pack: asked for on its page, which shows how far it is, and fetched there."""

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from meetings import language
from meetings.before.packs import ask_for_pack, pack_for, ready_pack
from meetings.before.paper_reading import CHECKED
from meetings.before.scheduling import open_to
from meetings.exchange.file_answer import document
from meetings.rules.permissions import Right
from meetings.storage.tables import Meeting
from meetings.storage.unit_of_work import Reading
from meetings.web.paper_files import sent
from meetings.web.render import fragment, page
from meetings.web.request import MeetingsRequest

MEGABYTE = 1024 * 1024


async def _facts(reading: Reading, request: MeetingsRequest, meeting: UUID) -> dict[str, Any]:
    held: Meeting = await open_to(reading, request.actor, meeting)
    pack = await pack_for(reading, request.actor, meeting, language=language.current())
    return {"held": held, "pack": pack, "megabytes": max(1, round(pack.size / MEGABYTE)) if pack else 0}


@get("/meetings/{meeting:uuid}/pack", opt={"permission": Right.ATTEND})
async def pack_page(request: MeetingsRequest, meeting: FromPath[UUID]) -> Response[str]:
    """What the pack is, and how far it is."""
    async with request.house.store.reading() as reading:
        facts = await _facts(reading, request, meeting)
    return page(request, "before/pack.html", **facts)


@get("/meetings/{meeting:uuid}/pack/state", opt={"permission": Right.ATTEND})
async def pack_state(request: MeetingsRequest, meeting: FromPath[UUID]) -> Response[str]:
    """The part that asks for itself again until the pack is ready."""
    async with request.house.store.reading() as reading:
        facts = await _facts(reading, request, meeting)
    return fragment(request, "before/pack_state.html", **facts)


@post("/meetings/{meeting:uuid}/pack", opt={"permission": Right.ATTEND}, status_code=200)
async def ask(request: MeetingsRequest, meeting: FromPath[UUID]) -> Response[str] | Redirect:
    """Ask for the pack of what one may read."""
    async with request.house.store.work() as work:
        await ask_for_pack(work, request.actor, meeting, language=language.current())
    if not request.partial:
        return Redirect(f"/meetings/{meeting}/pack", status_code=303)
    async with request.house.store.reading() as reading:
        facts = await _facts(reading, request, meeting)
    return fragment(request, "before/pack_state.html", **facts)


@get("/meetings/{meeting:uuid}/pack.pdf", opt={"permission": Right.ATTEND})
async def pack_file(request: MeetingsRequest, meeting: FromPath[UUID]) -> Response[Any]:
    """The finished pack of what one may read now."""
    store = request.house.store
    async with store.reading() as reading:
        held = await open_to(reading, request.actor, meeting)
        pack = await ready_pack(reading, request.actor, meeting, language=language.current())
    return sent(
        await document(
            store.files,
            pack.sha256,
            request.headers,
            filename=f"{held.title[:80]}.pdf",
            download=True,
            headers=CHECKED,
        )
    )


handlers = [pack_page, pack_state, ask, pack_file]
