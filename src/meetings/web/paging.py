"""The part of the room from which the chair or the presenter shows a page to everybody."""

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from meetings.before.papers import leaves_of
from meetings.before.scheduling import open_to
from meetings.during.paging import RUNNING, follow_page, followed, may_page, stop_paging
from meetings.during.recusals import is_recused
from meetings.rules.permissions import Actor, Right
from meetings.storage.tables import Meeting
from meetings.storage.unit_of_work import Reading
from meetings.web.forms import needed_id, whole_number
from meetings.web.render import fragment
from meetings.web.request import MeetingsRequest

PAGING = "during/room_paging.html"


async def paging_part(reading: Reading, actor: Actor, meeting: Meeting) -> dict[str, Any]:
    """The papers of the item in hand, for whoever may page them for the others; personal."""
    item = meeting.current_item_id
    pages = meeting.state in RUNNING and item and await may_page(reading, actor, meeting)
    if pages and item and await is_recused(reading, item, actor.person):
        pages = False
    shown = (await leaves_of(reading, meeting.id)).get(item, []) if pages and item else []
    return {
        "paging_leaves": shown,
        "paging_choices": [(str(leaf.paper), leaf.title) for leaf in shown],
        "paging_now": followed(meeting),
        "paging_person": str(actor.person),
    }


@get("/meetings/{meeting:uuid}/room/paging", opt={"permission": Right.ATTEND})
async def room_paging(request: MeetingsRequest, meeting: FromPath[UUID]) -> Response[str]:
    """Fetched anew when another item is taken up."""
    async with request.house.store.reading() as reading:
        found = await open_to(reading, request.actor, meeting)
        part = await paging_part(reading, request.actor, found)
    return fragment(request, PAGING, meeting=meeting, **part)


@post("/meetings/{meeting:uuid}/follow", opt={"permission": Right.ATTEND}, status_code=200)
async def follow(request: MeetingsRequest, meeting: FromPath[UUID]) -> Response[str] | Redirect:
    """Show a page to everybody who follows, or page for nobody any more (without a page)."""
    sent = await request.fields()
    page = whole_number(sent.get("page", ""), "page")
    async with request.house.store.work() as work:
        if page is None or sent.get("act") == "stop":
            held = await stop_paging(work, request.actor, meeting)
        else:
            paper = needed_id(sent.get("paper", ""), "file")
            held = await follow_page(work, request.actor, meeting, paper, page)
    await request.house.realtime.relay.paged(held)
    if request.partial:
        async with request.house.store.reading() as reading:
            part = await paging_part(reading, request.actor, held)
        return fragment(request, PAGING, meeting=meeting, **part)
    return Redirect(f"/meetings/{meeting}/room", status_code=303)


handlers = [room_paging, follow]
