"""The room screen on the projector: one thing at a time. Its bytes are shared; there is nothing to press."""

from typing import Any
from uuid import UUID

from litestar import Response, get
from litestar.params import FromPath
from markupsafe import Markup

from meetings.before.scheduling import open_to
from meetings.during.stage import stage_of
from meetings.rules.permissions import Right
from meetings.storage.tables import Meeting
from meetings.storage.unit_of_work import Reading
from meetings.web.render import page, shared_bytes
from meetings.web.request import MeetingsRequest
from meetings.web.stage import live_of, poll_view, shared_key, shared_part

NOW = "during/screen_now.html"


@get("/meetings/{meeting:uuid}/screen", opt={"permission": Right.ATTEND})
async def screen_page(request: MeetingsRequest, meeting: FromPath[UUID]) -> Response[str]:
    """The page for the projector, opened by anybody who may attend."""
    async with request.house.store.reading() as reading:
        found = await open_to(reading, request.actor, meeting)
        key = await shared_key(reading, found, "screen", counting=True)
        shared = await _now(reading, found)
    middle = Markup(shared_bytes(request, NOW, key, shared))  # noqa: S704 - our own template's text
    return page(
        request, "during/screen.html", title=found.title, meeting=meeting, seq=key[1], now=middle,
        live=live_of(shared["stage"]),
    )  # fmt: skip


@get("/meetings/{meeting:uuid}/screen/now", opt={"permission": Right.ATTEND})
async def screen_now(request: MeetingsRequest, meeting: FromPath[UUID]) -> Response[str]:
    """What the screen shows at this moment."""
    return await shared_part(request, meeting, NOW, _now, "screen", counting=True)


async def _now(reading: Reading, meeting: Meeting) -> dict[str, Any]:
    stage = await stage_of(reading, meeting)
    return {"stage": stage, "poll": poll_view(stage.latest) if stage.latest else None}


handlers = [screen_page, screen_now]
