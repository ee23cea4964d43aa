"""The secretary's page on a paper's readers: how far it may go, and who has opened it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from meetings.before.paper_access import openings_of, set_access
from meetings.before.papers import access_of, open_paper
from meetings.language import N_
from meetings.rules.paper_access import Access
from meetings.rules.permissions import Right
from meetings.rules.refusals import Refused
from meetings.storage.tables import Item, Meeting, Paper
from meetings.web.errors import STATUS
from meetings.web.forms import BLANK, Form, sent_back
from meetings.web.paper_words import LEVEL_HINTS, READERS
from meetings.web.render import done, page
from meetings.web.request import MeetingsRequest

LABELS = {
    "level": ("level", N_("Level")),
    "readers": ("readers", N_("Readers")),
    "shown_from": ("from_date", N_("Open from")),
    "shown_until": ("until_date", N_("Open until")),
}


@get("/papers/{paper:uuid}/access", opt={"permission": Right.PREPARE})
async def access_page(request: MeetingsRequest, paper: FromPath[UUID]) -> Response[str]:
    """Level, readers, time, and the list of those who opened it."""
    return await _page(request, paper)


@post("/papers/{paper:uuid}/access", opt={"permission": Right.PREPARE}, status_code=200)
async def access_submit(request: MeetingsRequest, paper: FromPath[UUID]) -> Response[str] | Redirect:
    """Set how far the paper may go."""
    sent = await request.fields()
    async with request.house.store.reading() as reading:
        kept, _, _ = await open_paper(reading, request.actor, paper)
        zone = ZoneInfo((await reading.get(Meeting, kept.meeting_id)).timezone)
    try:
        access = Access(
            sent.get("level", ""), sent.get("readers", ""), bool(sent.get("download")),
            _moment(sent, "from", "shown_from", "00:00", zone), _moment(sent, "until", "shown_until", "23:59", zone),
        )  # fmt: skip
        async with request.house.store.work() as work:
            await set_access(work, request.actor, paper, access)
    except Refused as refusal:
        return await _page(request, paper, sent_back(sent, refusal, LABELS), STATUS.get(refusal.code, 409))
    return done(f"/papers/{paper}/access", "saved")


async def _page(
    request: MeetingsRequest, paper: UUID, form: Form = BLANK, status: int = 200
) -> Response[str]:
    async with request.house.store.reading() as reading:
        openings = await openings_of(reading, request.actor, paper)
        kept, _, versions = await open_paper(reading, request.actor, paper)
        item = await reading.get(Item, kept.item_id)
        held = await reading.get(Meeting, kept.meeting_id)
    return page(
        request, "before/paper_access.html", status_code=status, paper=kept, item=item, held=held, form=form,
        access=access_of(kept), openings=openings, newest=versions[-1].number, levels=list(LEVEL_HINTS.items()),
        readers=list(READERS.items()), times=_times(kept, ZoneInfo(held.timezone)),
    )  # fmt: skip


def _times(paper: Paper, zone: ZoneInfo) -> dict[str, str]:
    """The window as its four inputs have it, on the meeting's clock."""
    times: dict[str, str] = {}
    for name, moment in (("from", paper.shown_from), ("until", paper.shown_until)):
        local = moment.astimezone(zone) if moment else None
        times[f"{name}_date"] = f"{local:%Y-%m-%d}" if local else ""
        times[f"{name}_time"] = f"{local:%H:%M}" if local else ""
    return times


def _moment(sent: Mapping[str, Any], name: str, field: str, hour: str, zone: ZoneInfo) -> datetime | None:
    day = sent.get(f"{name}_date", "")
    if not day:
        return None
    try:
        return datetime.fromisoformat(f"{day}T{sent.get(f'{name}_time') or hour}").replace(tzinfo=zone)
    except ValueError as wrong:
        raise Refused("date-wrong", field=field) from wrong


handlers = [access_page, access_submit]
