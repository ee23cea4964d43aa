"""Substitutes, proxies and recusals change: from the attendance page, the cockpit, or the room for oneself."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from meetings.before.scheduling import open_to
from meetings.during.recusals import declare_recusal, lift_recusal
from meetings.during.stage import stage_of
from meetings.during.standing_in import approve_substitute, end_proxy, end_substitution, give_proxy
from meetings.rules.permissions import Right
from meetings.storage.unit_of_work import Work
from meetings.web.chair import show_board
from meetings.web.render import done, fragment
from meetings.web.request import MeetingsRequest, uuid_of
from meetings.web.room_own import own_answer
from meetings.web.standing_in import standing_in_part

SECTION = "during/attendance_standing_in.html"


@get("/meetings/{meeting:uuid}/attendance/standing-in", opt={"permission": Right.KEEP_ROLL})
async def standing_in_section(request: MeetingsRequest, meeting: FromPath[UUID]) -> Response[str]:
    """The section of the attendance page alone, fetched anew when something changes."""
    return await _section(request, meeting)


@post("/meetings/{meeting:uuid}/substitutes", opt={"permission": Right.KEEP_ROLL}, status_code=200)
async def substitute(request: MeetingsRequest, meeting: FromPath[UUID]) -> Response[str] | Redirect:
    """Approve a substitute for an absent member."""
    fields = await request.fields()

    async def act(work: Work) -> None:
        await approve_substitute(
            work, request.actor, meeting, member=uuid_of(fields.get("member", "")),
            substitute=uuid_of(fields.get("substitute", "")),
        )  # fmt: skip

    return await _acted(request, meeting, act, fields)


@post("/substitutions/{substitution:uuid}/end", opt={"permission": Right.KEEP_ROLL}, status_code=200)
async def end_substitute(request: MeetingsRequest, substitution: FromPath[UUID]) -> Response[str] | Redirect:
    """Give the seat back to its member."""
    async with request.house.store.work() as work:
        row = await end_substitution(work, request.actor, substitution)
    return await _answer(request, row.meeting_id, await request.fields())


@post("/meetings/{meeting:uuid}/proxies", opt={"permission": Right.ATTEND}, status_code=200)
async def proxy(request: MeetingsRequest, meeting: FromPath[UUID]) -> Response[str] | Redirect:
    """Give a proxy oneself, or enter one for a member."""
    fields = await request.fields()

    async def act(work: Work) -> None:
        await give_proxy(
            work, request.actor, meeting, holder=uuid_of(fields.get("holder", "")),
            giver=uuid_of(fields["giver"]) if fields.get("giver") else None,
        )  # fmt: skip

    return await _acted(request, meeting, act, fields)


@post("/proxies/{given:uuid}/end", opt={"permission": Right.ATTEND}, status_code=200)
async def end_given_proxy(request: MeetingsRequest, given: FromPath[UUID]) -> Response[str] | Redirect:
    """Take a proxy back or lay it down."""
    async with request.house.store.work() as work:
        row = await end_proxy(work, request.actor, given)
    return await _answer(request, row.meeting_id, await request.fields())


@post("/items/{item:uuid}/recusals", opt={"permission": Right.ATTEND}, status_code=200)
async def recuse_from(request: MeetingsRequest, item: FromPath[UUID]) -> Response[str] | Redirect:
    """Stand aside from an item, or have a member stand aside."""
    return await _recuse(request, item)


@post("/meetings/{meeting:uuid}/recusals", opt={"permission": Right.ATTEND}, status_code=200)
async def recuse(request: MeetingsRequest, meeting: FromPath[UUID]) -> Response[str] | Redirect:
    """Stand aside from an item that the form names."""
    return await _recuse(request, uuid_of((await request.fields()).get("item", "")))


@post("/recusals/{recusal:uuid}/lift", opt={"permission": Right.RUN_ROOM}, status_code=200)
async def lift(request: MeetingsRequest, recusal: FromPath[UUID]) -> Response[str] | Redirect:
    """The chair lets a member take part again."""
    async with request.house.store.work() as work:
        row = await lift_recusal(work, request.actor, recusal)
    return await _answer(request, row.meeting_id, await request.fields())


async def _recuse(request: MeetingsRequest, item: UUID) -> Response[str] | Redirect:
    fields = await request.fields()
    person = uuid_of(fields["person"]) if fields.get("person") else None
    async with request.house.store.work() as work:
        row = await declare_recusal(work, request.actor, item, person=person, reason=fields.get("reason", ""))
    return await _answer(request, row.meeting_id, fields)


async def _acted(
    request: MeetingsRequest, meeting: UUID, act: Callable[[Work], Awaitable[None]], fields: dict[str, str]
) -> Response[str] | Redirect:
    async with request.house.store.work() as work:
        await act(work)
    return await _answer(request, meeting, fields)


async def _answer(
    request: MeetingsRequest, meeting: UUID, fields: dict[str, str]
) -> Response[str] | Redirect:
    """Back to the part of the page that the form stands in: the room, the cockpit, or the attendance page."""
    place = fields.get("from", "attendance")
    if place == "room":
        return (
            await own_answer(request, meeting)
            if request.partial
            else done(f"/meetings/{meeting}/room", "saved")
        )
    if place == "chair":
        return await show_board(request, meeting)
    if request.partial:
        return await _section(request, meeting)
    return done(f"/meetings/{meeting}/attendance", "saved")


async def _section(request: MeetingsRequest, meeting: UUID) -> Response[str]:
    async with request.house.store.reading() as reading:
        found = await open_to(reading, request.actor, meeting)
        request.actor.must(Right.KEEP_ROLL, body=found.body_id)
        part = await standing_in_part(reading, await stage_of(reading, found))
    return fragment(request, SECTION, meeting=meeting, **part)


handlers = [
    standing_in_section, substitute, end_substitute, proxy, end_given_proxy, recuse_from, recuse, lift,
]  # fmt: skip
