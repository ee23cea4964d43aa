"""The form of a meeting: scheduled, changed before it begins."""

from collections.abc import Mapping
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy import select

from meetings.before.rooms import rooms
from meetings.before.scheduling import change_meeting, schedule_meeting
from meetings.language import N_
from meetings.rules.permissions import Right
from meetings.rules.refusals import Refused
from meetings.storage.tables import Body
from meetings.web.deadline_words import no_meeting_hints
from meetings.web.forms import BLANK, Form, chosen_id, needed_id, sent_back
from meetings.web.meeting_warnings import end_of
from meetings.web.meetings import KINDS, open_meeting, status_of
from meetings.web.render import done, page
from meetings.web.request import MeetingsRequest

LABELS = {
    "body": ("body", N_("Body")),
    "title": ("title", N_("Title")),
    "starts": ("date", N_("The start")),
    "kind": ("kind", N_("Kind")),
    "ends": ("ends", N_("The planned end")),
    "room": ("room", N_("Room")),
}


@get("/meetings/new", opt={"permission": Right.PREPARE})
async def new_meeting(request: MeetingsRequest) -> Response[str]:
    """The form for a new meeting."""
    return await _new_form(request, BLANK)


@post("/meetings/new", opt={"permission": Right.PREPARE}, status_code=200)
async def new_meeting_submit(request: MeetingsRequest) -> Response[str] | Redirect:
    """Schedule the meeting, then go on to its agenda."""
    sent = await request.fields()
    try:
        if sent.get("kind", "regular") not in KINDS:
            raise Refused("wrong-input", field="kind")
        async with request.house.store.work() as work:
            meeting = await schedule_meeting(
                work, request.actor, body=needed_id(sent.get("body", ""), "body"), title=sent.get("title", ""),
                starts=_starts(sent), place=sent.get("place", ""), kind=sent.get("kind", "regular"),
                ends=end_of(_starts(sent), sent.get("ends", "")), room=chosen_id(sent.get("room", "")),
            )  # fmt: skip
    except Refused as refusal:
        return await _new_form(request, sent_back(sent, refusal, LABELS), status_of(refusal))
    return done(f"/meetings/{meeting.id}/agenda", "scheduled")


async def _new_form(request: MeetingsRequest, form: Form, status_code: int = 200) -> Response[str]:
    async with request.house.store.reading() as reading:
        preparing = request.actor.bodies(Right.PREPARE)
        bodies = (
            await reading.session.scalars(select(Body).where(Body.id.in_(preparing)).order_by(Body.name))
        ).all()
        halls = await rooms(reading)
    return page(
        request, "before/meeting_form.html", status_code=status_code, held=None, bodies=bodies, form=form,
        kinds=KINDS, halls=halls, hints=no_meeting_hints(), lines=[], clashes=[],
    )  # fmt: skip


@get("/meetings/{meeting:uuid}/edit", opt={"permission": Right.PREPARE})
async def edit_meeting(request: MeetingsRequest, meeting: FromPath[UUID]) -> Response[str]:
    """The form for a meeting that has not begun."""
    return await _edit_form(request, meeting, BLANK)


@post("/meetings/{meeting:uuid}/edit", opt={"permission": Right.PREPARE}, status_code=200)
async def edit_meeting_submit(request: MeetingsRequest, meeting: FromPath[UUID]) -> Response[str] | Redirect:
    """Correct title, start or place; after publication everybody is told."""
    sent = await request.fields()
    try:
        async with request.house.store.work() as work:
            await change_meeting(
                work, request.actor, meeting, title=sent.get("title", ""), starts=_starts(sent),
                place=sent.get("place", ""), ends=end_of(_starts(sent), sent["ends"]) if "ends" in sent else None,
                room=(chosen_id(sent["room"]) or "") if "room" in sent else None,
            )  # fmt: skip
    except Refused as refusal:
        return await _edit_form(request, meeting, sent_back(sent, refusal, LABELS), status_of(refusal))
    return done(f"/meetings/{meeting}", "saved")


async def _edit_form(
    request: MeetingsRequest, meeting: UUID, form: Form, status_code: int = 200
) -> Response[str]:
    async with request.house.store.reading() as reading:
        opened = await open_meeting(reading, request.actor, meeting)
        halls = await rooms(reading)
    request.actor.must(Right.PREPARE, body=opened.body.id)
    return page(
        request, "before/meeting_form.html", status_code=status_code, held=opened.meeting, bodies=[opened.body],
        form=form, kinds=KINDS, halls=halls, hints=[], lines=[], clashes=[],
    )  # fmt: skip


def _starts(sent: Mapping[str, str]) -> str:
    """Date and time as they stand in the form; midnight is never meant."""
    day, clock = sent.get("date", ""), sent.get("time", "")
    if not day or not clock:
        raise Refused("field-missing", field="starts")
    return f"{day}T{clock}"


handlers = [new_meeting, new_meeting_submit, edit_meeting, edit_meeting_submit]
