"""The form of a meeting: scheduled, from a template or as a copy of another one, changed before it begins."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from meetings.before.copying import copy_meeting, open_source
from meetings.before.meeting_templates import open_template, templates_for
from meetings.before.rooms import rooms
from meetings.before.scheduling import change_meeting, local_start, schedule_meeting
from meetings.before.template_use import fill_agenda, title_for
from meetings.language import N_, current
from meetings.rules.meeting_templates import placeholders
from meetings.rules.permissions import Actor, Right
from meetings.rules.refusals import Refused
from meetings.storage.tables import Meeting, MeetingTemplate
from meetings.storage.unit_of_work import Work
from meetings.web.deadline_words import no_meeting_hints
from meetings.web.forms import BLANK, Form, chosen_id, needed_id, sent_back
from meetings.web.meeting_templates import prepared_bodies
from meetings.web.meeting_warnings import end_of
from meetings.web.meetings import KINDS, open_meeting, status_of
from meetings.web.render import done, page
from meetings.web.request import MeetingsRequest
from meetings.web.session_choice import choose_session, chosen_now, session_choices

LABELS = {
    "body": ("body", N_("Body")),
    "title": ("title", N_("Title")),
    "starts": ("date", N_("The start")),
    "kind": ("kind", N_("Kind")),
    "ends": ("ends", N_("The planned end")),
    "room": ("room", N_("Room")),
    "session": ("session", N_("Council session")),
}


@get("/meetings/new", opt={"permission": Right.PREPARE})
async def new_meeting(request: MeetingsRequest) -> Response[str]:
    """The form for a new meeting; filled from a `template`, or from the meeting that is copied (`copy`)."""
    template, copied = (chosen_id(request.query_params.get(name, "")) for name in ("template", "copy"))
    form = BLANK
    async with request.house.store.reading() as reading:
        if template is not None:
            form = from_template(await open_template(reading, request.actor, template))
        elif copied is not None:
            form = from_meeting(await open_source(reading, request.actor, copied))
    return await _new_form(request, form)


@post("/meetings/new", opt={"permission": Right.PREPARE}, status_code=200)
async def new_meeting_submit(request: MeetingsRequest) -> Response[str] | Redirect:
    """Schedule the meeting, then go on to its agenda; from a template or as a copy it has one already."""
    sent = await request.fields()
    try:
        async with request.house.store.work() as work:
            meeting = await _scheduled(work, request.actor, sent)
            await choose_session(work, request.actor, meeting, sent.get("session", ""))
    except Refused as refusal:
        return await _new_form(request, sent_back(sent, refusal, LABELS), status_of(refusal))
    patterned = sent.get("template") or sent.get("copy")
    return done(f"/meetings/{meeting.id}/agenda", "drafted" if patterned else "scheduled")


async def _scheduled(work: Work, actor: Actor, sent: Mapping[str, str]) -> Meeting:
    body, kind, starts = needed_id(sent.get("body", ""), "body"), sent.get("kind", "regular"), _starts(sent)
    ends, room, public = (
        end_of(starts, sent.get("ends", "")),
        chosen_id(sent.get("room", "")),
        bool(sent.get("public")),
    )
    title, source = sent.get("title", ""), chosen_id(sent.get("copy", ""))
    if source is not None:
        return await copy_meeting(
            work, actor, source, title=title, starts=starts, ends=ends, place=sent.get("place", ""),
            room=room or "", public=public, papers=bool(sent.get("papers")),
        )  # fmt: skip
    if kind not in KINDS:
        raise Refused("wrong-input", field="kind")
    template = chosen_id(sent.get("template", ""))
    if template is not None:
        actor.must(Right.PREPARE, body=body)
        title = await title_for(work, body, kind, title, local_start(starts))
    meeting = await schedule_meeting(
        work, actor, body=body, title=title, starts=starts, place=sent.get("place", ""), kind=kind, ends=ends,
        room=room, public=public,
    )  # fmt: skip
    if template is not None:
        await fill_agenda(work, actor, meeting, template)
    return meeting


async def _new_form(request: MeetingsRequest, form: Form, status_code: int = 200) -> Response[str]:
    template, source = chosen_id(form.value("template")), chosen_id(form.value("copy"))
    async with request.house.store.reading() as reading:
        bodies = await prepared_bodies(reading, request.actor)
        halls = await rooms(reading)
        templates = await templates_for(reading, request.actor)
        copied = await open_source(reading, request.actor, source) if source else None
        sessions = await session_choices(reading, request.actor)
    chosen = next((one for one in templates if one.row.id == template), None)
    if copied is not None or chosen is not None:
        body = copied.body_id if copied else chosen.row.body_id if chosen else None
        bodies = [one for one in bodies if one.id == body]
    return page(
        request, "before/meeting_form.html", status_code=status_code, held=None, bodies=bodies, form=form,
        kinds=KINDS, halls=halls, hints=no_meeting_hints(), lines=[], clashes=[], templates=templates, chosen=chosen,
        copied=copied, words=", ".join(placeholders(current())), sessions=sessions, session="",
    )  # fmt: skip


def from_template(row: MeetingTemplate) -> Form:
    """The form as a template fills it; its placeholders are filled when the meeting is scheduled."""
    end = datetime.combine(date.min, time.fromisoformat(row.begins)) + timedelta(minutes=row.minutes or 0)
    same_day = row.minutes and end.date() == date.min
    return Form(
        {
            "template": str(row.id), "body": str(row.body_id), "title": row.title, "time": row.begins,
            "ends": f"{end:%H:%M}" if same_day else "", "room": str(row.room_id or ""), "place": row.place,
            "kind": row.kind, "public": "yes" if row.public else "",
        }
    )  # fmt: skip


def from_meeting(source: Meeting) -> Form:
    """The form as the meeting to be copied fills it: everything but the day."""
    return Form(
        {
            "copy": str(source.id), "body": str(source.body_id), "title": source.title,
            "time": source.starts_local[11:], "ends": source.ends_local[11:], "room": str(source.room_id or ""),
            "place": source.place, "kind": source.kind, "public": "yes" if source.public else "",
        }
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
            kept = await change_meeting(
                work, request.actor, meeting, title=sent.get("title", ""), starts=_starts(sent),
                place=sent.get("place", ""), ends=end_of(_starts(sent), sent["ends"]) if "ends" in sent else None,
                room=(chosen_id(sent["room"]) or "") if "room" in sent else None,
            )  # fmt: skip
            if "session" in sent:
                await choose_session(work, request.actor, kept, sent["session"])
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
        sessions = await session_choices(reading, request.actor, opened.meeting)
    return page(
        request, "before/meeting_form.html", status_code=status_code, held=opened.meeting, bodies=[opened.body],
        form=form, kinds=KINDS, halls=halls, hints=[], lines=[], clashes=[], templates=[], chosen=None, copied=None,
        words="", sessions=sessions, session=chosen_now(opened.meeting),
    )  # fmt: skip


def _starts(sent: Mapping[str, str]) -> str:
    """Date and time as they stand in the form; midnight is never meant."""
    day, clock = sent.get("date", ""), sent.get("time", "")
    if not day or not clock:
        raise Refused("field-missing", field="starts")
    return f"{day}T{clock}"


handlers = [new_meeting, new_meeting_submit, edit_meeting, edit_meeting_submit]
