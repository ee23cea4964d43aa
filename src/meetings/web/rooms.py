"""The rooms of the house: seats, equipment, what is planned there, when they are blocked; administrators keep them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy import select

from meetings.before.rooms import RoomFacts, change_room, open_room, rooms
from meetings.before.scheduling import sees
from meetings.during.seating import may_draw
from meetings.language import N_
from meetings.rules.lifecycle import MeetingState
from meetings.rules.permissions import Actor, Right
from meetings.rules.refusals import Refused
from meetings.storage.tables import Body, Meeting, Room
from meetings.storage.unit_of_work import Reading
from meetings.web.calendar_tabs import calendar_tabs, sees_rooms
from meetings.web.errors import STATUS
from meetings.web.forms import BLANK, Form, day, sent_back, whole_number
from meetings.web.render import done, page
from meetings.web.request import MeetingsRequest

ADMINISTER = {"permission": Right.ADMINISTER}
LABELS = {
    "name": ("name", N_("Name")),
    "seats": ("seats", N_("Seats")),
    "since": ("since", N_("Blocked from")),
    "until": ("until", N_("Blocked until")),
}
AHEAD = (MeetingState.DRAFT, MeetingState.PUBLISHED, MeetingState.IN_SESSION, MeetingState.RECESS)
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Booking:
    """A meeting that is planned in a room, as far as this reader may know of it."""

    starts: str
    title: str
    address: str


@dataclass(frozen=True, slots=True)
class Hall:
    """A room as the page shows it."""

    room: Room
    equipment: Sequence[str]
    blocked: bool
    """Blocked now or later."""
    bookings: Sequence[Booking]
    more: int
    plans: Sequence[tuple[str, str]]
    """Seating plans that the reader draws there: address and body."""


@get("/calendar/rooms", opt={"permission": Right.SIGNED_IN})
async def rooms_page(request: MeetingsRequest) -> Response[str]:
    """Every room with what is planned there."""
    actor = request.actor
    if not sees_rooms(actor):
        raise Refused("forbidden")
    async with request.house.store.reading() as reading:
        keeps = actor.may(Right.ADMINISTER)
        halls = [
            await _hall(reading, actor, room, planned)
            for room, planned in await _planned(reading, in_use=not keeps)
        ]
    return page(
        request, "before/rooms.html", halls=halls, may_administer=keeps, tabs=calendar_tabs(actor, "rooms")
    )


@get("/calendar/rooms/new", opt=ADMINISTER)
async def new_room(request: MeetingsRequest) -> Response[str]:
    """The form for a room."""
    return await _form(request, None, BLANK)


@post("/calendar/rooms/new", opt=ADMINISTER, status_code=200)
async def new_room_submit(request: MeetingsRequest) -> Response[str] | Redirect:
    """Open it."""
    sent = await request.fields()
    try:
        async with request.house.store.work() as work:
            await open_room(work, request.actor, _facts(sent))
    except Refused as refusal:
        return await _form(request, None, sent_back(sent, refusal, LABELS), STATUS.get(refusal.code, 409))
    return done("/calendar/rooms", "saved")


@get("/calendar/rooms/{room_id:uuid}", opt=ADMINISTER)
async def edit_room(request: MeetingsRequest, room_id: FromPath[UUID]) -> Response[str]:
    """The form with what is known."""
    return await _form(request, room_id, BLANK)


@post("/calendar/rooms/{room_id:uuid}", opt=ADMINISTER, status_code=200)
async def edit_room_submit(request: MeetingsRequest, room_id: FromPath[UUID]) -> Response[str] | Redirect:
    """Correct it, block it, give it up."""
    sent = await request.fields()
    try:
        async with request.house.store.work() as work:
            await change_room(work, request.actor, room_id, _facts(sent))
    except Refused as refusal:
        return await _form(request, room_id, sent_back(sent, refusal, LABELS), STATUS.get(refusal.code, 409))
    return done("/calendar/rooms", "saved")


async def _form(
    request: MeetingsRequest, room: UUID | None, form: Form, status_code: int = 200
) -> Response[str]:
    async with request.house.store.reading() as reading:
        kept = await reading.get(Room, room) if room else None
    return page(request, "before/room_form.html", status_code=status_code, room=kept, form=form)


def _facts(sent: Mapping[str, str]) -> RoomFacts:
    return RoomFacts(
        name=sent.get("name", ""), seats=whole_number(sent.get("seats", ""), "seats") or 0,
        equipment=sent.get("equipment", "").splitlines(), blocked_from=day(sent.get("since", ""), "since"),
        blocked_until=day(sent.get("until", ""), "until"), blocked_reason=sent.get("reason", ""),
        in_use=sent.get("given_up") != "yes",
    )  # fmt: skip


async def _planned(
    reading: Reading, *, in_use: bool
) -> Sequence[tuple[Room, Sequence[tuple[Meeting, Body]]]]:
    """Each room with the meetings that are still to come there."""
    found: defaultdict[UUID | None, list[tuple[Meeting, Body]]] = defaultdict(list)
    rows = await reading.session.execute(
        select(Meeting, Body)
        .join(Body, Body.id == Meeting.body_id)
        .where(
            Meeting.room_id.is_not(None),
            Meeting.state.in_(AHEAD),
            Meeting.starts_local >= reading.today.isoformat(),
        )
        .order_by(Meeting.starts_local, Meeting.id)
    )
    for meeting, body in rows:
        found[meeting.room_id].append((meeting, body))
    return [(room, found[room.id]) for room in await rooms(reading, in_use=in_use)]


async def _hall(reading: Reading, actor: Actor, room: Room, planned: Sequence[tuple[Meeting, Body]]) -> Hall:
    bodies = await reading.session.scalars(
        select(Body).where(Body.id.in_(actor.bodies(Right.ATTEND))).order_by(Body.name)
    )
    return Hall(
        room=room,
        equipment=room.equipment.splitlines(),
        blocked=bool(room.blocked_until and room.blocked_until >= reading.today),
        bookings=[_booking(actor, meeting, body) for meeting, body in planned[:SHOWN]],
        more=max(0, len(planned) - SHOWN),
        plans=[
            (f"/bodies/{body.id}/seating?place={quote(room.name)}", body.name)
            for body in bodies
            if may_draw(actor, body.id)
        ],
    )


def _booking(actor: Actor, meeting: Meeting, body: Body) -> Booking:
    """A draft of another body is told without its title."""
    if sees(actor, meeting):
        return Booking(meeting.starts_local, meeting.title, f"/meetings/{meeting.id}")
    return Booking(meeting.starts_local, body.name, "")


handlers = [rooms_page, new_room, new_room_submit, edit_room, edit_room_submit]
