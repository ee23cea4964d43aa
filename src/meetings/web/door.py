"""The door: the code on the room screen, and the page it leads to, where one tap checks a member in."""

from typing import Any
from uuid import UUID

import segno
from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from markupsafe import Markup

from meetings.before.scheduling import open_to
from meetings.during.attendance import own_attendee
from meetings.during.corrections import history_of
from meetings.during.door import arrive, check_arrival, shows_code
from meetings.rules.arrival import code_of, window_of
from meetings.rules.attendance import PRESENT
from meetings.rules.lifecycle import MeetingState
from meetings.rules.permissions import Right
from meetings.rules.refusals import Refused
from meetings.storage.tables import Meeting
from meetings.storage.unit_of_work import Reading
from meetings.web.errors import STATUS, sentence
from meetings.web.render import page, shared_bytes, shared_fragment
from meetings.web.request import MeetingsRequest

CODE = "during/screen_parts/code.html"
PAGE = "during/arrive.html"
UNSET = "http://127.0.0.1:8000"
"""The public address of a house that has not set one; no telephone could follow it."""


async def screen_code(request: MeetingsRequest, reading: Reading, meeting: Meeting) -> Markup:
    """The code for the room screen as a live region of its own; it fetches itself anew, so it must stand beside the
    kept bytes of the screen and never within them. Empty where the body's rules or the hour offer no code."""
    key, shown = await _code(request, reading, meeting)
    return Markup(shared_bytes(request, CODE, key, shown))  # noqa: S704 - our own template's text


@get("/meetings/{meeting:uuid}/screen/code", opt={"permission": Right.ATTEND})
async def code_part(request: MeetingsRequest, meeting: FromPath[UUID]) -> Response[str]:
    """The code of this minute; the same bytes for every screen."""
    async with request.house.store.reading() as reading:
        found = await open_to(reading, request.actor, meeting)
        key, shown = await _code(request, reading, found)
    return shared_fragment(request, CODE, key, shown)


async def _code(
    request: MeetingsRequest, reading: Reading, meeting: Meeting
) -> tuple[list[object], dict[str, Any]]:
    offered = await shows_code(reading, meeting)
    window = window_of(reading.now) if offered else 0
    house = _house_address(request)
    code = code_of(request.house.settings.secret_key, str(meeting.id), window)
    address = f"{house}/meetings/{meeting.id}/arrive/{code}" if offered else ""
    large = meeting.state == MeetingState.PUBLISHED
    key: list[object] = [str(meeting.id), "code", window, large, house.replace('"', "")]
    return key, {"meeting": meeting, "offered": offered, "drawing": _drawing(address), "large": large}


def _drawing(address: str) -> Markup:
    if not address:
        return Markup()
    drawn = segno.make(address, micro=False, error="m").svg_inline(omitsize=True, border=2, light="#fff")
    return Markup(drawn)  # noqa: S704 - drawn from an address of this house


def _house_address(request: MeetingsRequest) -> str:
    public = request.house.settings.public_url
    return str(request.base_url).rstrip("/") if public == UNSET else public


@get("/meetings/{meeting:uuid}/arrive/{code:str}", opt={"permission": Right.SIGNED_IN})
async def arrive_page(
    request: MeetingsRequest, meeting: FromPath[UUID], code: FromPath[str]
) -> Response[str]:
    """What the code leads to: one button, or why there is none."""
    async with request.house.store.reading() as reading:
        held = await open_to(reading, request.actor, meeting)
        since = await _present_since(reading, held, request.actor.person)
        refusal: Refused | None = None
        if since is None:
            try:
                await check_arrival(
                    reading, request.actor, held, code, secret=request.house.settings.secret_key
                )
            except Refused as refused:
                refusal = refused
    return _page(request, held, code, since, refusal)


@post("/meetings/{meeting:uuid}/arrive/{code:str}", opt={"permission": Right.SIGNED_IN}, status_code=200)
async def arrive_submit(
    request: MeetingsRequest, meeting: FromPath[UUID], code: FromPath[str]
) -> Response[str] | Redirect:
    """Check in with the code; the code is looked at again, it may have changed meanwhile."""
    async with request.house.store.reading() as reading:
        held = await open_to(reading, request.actor, meeting)
    try:
        async with request.house.store.work() as work:
            await arrive(work, request.actor, meeting, code, secret=request.house.settings.secret_key)
    except Refused as refusal:
        return _page(request, held, code, None, refusal)
    return Redirect(f"/meetings/{meeting}/arrive", status_code=303)


@get("/meetings/{meeting:uuid}/arrive", opt={"permission": Right.SIGNED_IN})
async def arrived(request: MeetingsRequest, meeting: FromPath[UUID]) -> Response[str]:
    """Says in large words whether this person is recorded as present."""
    async with request.house.store.reading() as reading:
        held = await open_to(reading, request.actor, meeting)
        await own_attendee(reading, request.actor, held)
        since = await _present_since(reading, held, request.actor.person)
    return _page(request, held, "", since, None)


async def _present_since(reading: Reading, held: Meeting, person: UUID) -> Any:
    """When this person's present state began; None when not recorded as present."""
    entries = await history_of(reading, held.id, person)
    return next((entry.since for entry in entries if entry.until is None and entry.state in PRESENT), None)


def _page(
    request: MeetingsRequest, held: Meeting, code: str, since: Any, refusal: Refused | None
) -> Response[str]:
    status = STATUS.get(refusal.code, 409) if refusal else 200
    return page(
        request, PAGE, status_code=status, held=held, code=code, since=since,
        refusal=sentence(refusal) if refusal else "",
    )  # fmt: skip


handlers = [code_part, arrive_page, arrive_submit, arrived]
