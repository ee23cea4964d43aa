"""Meetings in a person's own calendar: secret addresses made, shown once, revoked; and the feed behind them."""

from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy import select

from meetings.before.feeds import feed_meetings, feeds_of, open_feed, revoke_feed
from meetings.exchange.feed import Entry, feed
from meetings.language import N_, gettext
from meetings.rules.lifecycle import MeetingState
from meetings.rules.permissions import Right
from meetings.rules.refusals import Refused
from meetings.storage.tables import Body, Meeting
from meetings.web.calendar_tabs import calendar_tabs
from meetings.web.errors import STATUS, sentence
from meetings.web.forms import chosen_id
from meetings.web.render import done, page
from meetings.web.request import MeetingsRequest

ALL = N_("Meetings")


@get("/calendar/feeds", opt={"permission": Right.ATTEND})
async def feeds_page(request: MeetingsRequest) -> Response[str]:
    """The person's own addresses, and a form for another one."""
    return await _page(request)


@post("/calendar/feeds", opt={"permission": Right.ATTEND}, status_code=200)
async def make_feed(request: MeetingsRequest) -> Response[str]:
    """Make an address; this page shows it, no later one does."""
    sent = await request.fields()
    try:
        async with request.house.store.work() as work:
            _, secret = await open_feed(work, request.actor, chosen_id(sent.get("body", "")))
    except Refused as refusal:
        flashes = [("bad", sentence(refusal))]
        return await _page(request, status_code=STATUS.get(refusal.code, 409), flashes=flashes)
    return await _page(request, made=address_of(request.house.settings.public_url, secret))


@post("/calendar/feeds/{feed_id:uuid}/revoke", opt={"permission": Right.ATTEND}, status_code=200)
async def end_feed(request: MeetingsRequest, feed_id: FromPath[UUID]) -> Redirect:
    """The address answers no more."""
    async with request.house.store.work() as work:
        await revoke_feed(work, request.actor, feed_id)
    return done("/calendar/feeds", "saved")


async def _page(
    request: MeetingsRequest, made: str = "", status_code: int = 200, **more: Any
) -> Response[str]:
    actor = request.actor
    async with request.house.store.reading() as reading:
        query = select(Body).where(Body.id.in_(actor.bodies(Right.ATTEND))).order_by(Body.name)
        bodies = (await reading.session.scalars(query)).all()
        kept = await feeds_of(reading, actor)
    names = {body.id: body.name for body in bodies}
    return page(
        request, "before/feeds.html", status_code=status_code, made=made, bodies=bodies,
        feeds=[(one, names.get(one.body_id, "") if one.body_id else "") for one in kept],
        subscribe="webcal:" + made.partition(":")[2] if made else "", tabs=calendar_tabs(actor, "feeds"), **more,
    )  # fmt: skip


def address_of(public_url: str, secret: str) -> str:
    """Where a calendar program reads."""
    return f"{public_url}/feeds/{secret}.ics"


@get("/feeds/{name:str}", opt={"permission": Right.ANYONE})
async def read_feed(request: MeetingsRequest, name: FromPath[str]) -> Response[bytes]:
    """What the owner of this address may see today, as iCalendar."""
    secret, dot, kind = name.rpartition(".")
    if not dot or kind != "ics":
        raise Refused("not-found")
    async with request.house.store.reading() as reading:
        body, pairs = await feed_meetings(reading, secret)
        now = reading.now
    public = request.house.settings.public_url
    entries = [_entry(meeting, held_by, public) for meeting, held_by in pairs]
    content = feed(
        body.name if body else gettext(ALL), entries, host=urlsplit(public).hostname or "localhost", now=now
    )
    return Response(
        content, media_type="text/calendar; charset=utf-8",
        headers={"cache-control": "private, no-cache", "content-disposition": 'inline; filename="meetings.ics"'},
    )  # fmt: skip


def _entry(meeting: Meeting, body: Body, public: str) -> Entry:
    return Entry(
        id=str(meeting.id), title=meeting.title, body=body.name, place=meeting.place, starts=meeting.starts_local,
        ends=meeting.ends_local, zone=meeting.timezone, cancelled=meeting.state == MeetingState.CANCELLED,
        link=f"{public}/meetings/{meeting.id}",
    )  # fmt: skip


handlers = [feeds_page, make_feed, end_feed, read_feed]
