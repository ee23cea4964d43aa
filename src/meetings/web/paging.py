"""The chair or the presenter shows a page to everybody; the form stands in the room (`room_own`)."""

from uuid import UUID

from litestar import Response, post
from litestar.params import FromPath
from litestar.response import Redirect

from meetings.during.paging import follow_page, stop_paging
from meetings.rules.permissions import Right
from meetings.web.forms import needed_id, whole_number
from meetings.web.request import MeetingsRequest
from meetings.web.room_own import own_answer


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
        return await own_answer(request, meeting)
    return Redirect(f"/meetings/{meeting}/room", status_code=303)


handlers = [follow]
