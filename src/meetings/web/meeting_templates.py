"""Templates of a body's meetings: the list, what a template says beside its agenda, saving a meeting as one."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy import select

from meetings.before.guests import Invited, read_guests
from meetings.before.meeting_templates import (
    TemplateFacts,
    open_template,
    remove_template,
    templates_for,
    write_template,
)
from meetings.before.rooms import rooms
from meetings.before.series import series_for
from meetings.before.template_items import guests_of_template
from meetings.before.template_saving import save_as_template
from meetings.language import N_, current, gettext
from meetings.rules.meeting_templates import pattern, placeholders
from meetings.rules.permissions import Actor, Right
from meetings.rules.refusals import Refused
from meetings.storage.tables import Body, Meeting, MeetingTemplate
from meetings.storage.unit_of_work import Reading
from meetings.web.forms import BLANK, Form, chosen_id, needed_id, sent_back, whole_number
from meetings.web.meetings import KINDS, status_of
from meetings.web.render import done, page
from meetings.web.request import MeetingsRequest
from meetings.web.series_words import rule_text

PREPARE = {"permission": Right.PREPARE}
HOME = "/meetings/templates"
LABELS = {
    "body": ("body", N_("Body")),
    "name": ("name", N_("Name of the template")),
    "title": ("title", N_("Usual title")),
    "kind": ("kind", N_("Kind")),
    "begins": ("begins", N_("Begins")),
    "length": ("length", N_("Length in minutes")),
    "room": ("room", N_("Room")),
    "guests": ("guests", N_("Always invited")),
}


@get(HOME, opt=PREPARE)
async def template_list(request: MeetingsRequest) -> Response[str]:
    """The templates and the series of the bodies whose meetings one prepares."""
    async with request.house.store.reading() as reading:
        lines = await templates_for(reading, request.actor)
        series = await series_for(reading, request.actor)
    told = [(line, pattern(line.row.title), rule_text(line.rule)) for line in series]
    several = len(request.actor.bodies(Right.PREPARE)) > 1
    return page(
        request, "before/meeting_templates.html", lines=lines, series=told, kinds=KINDS, several=several
    )


@get(f"{HOME}/new", opt=PREPARE)
async def new_template(request: MeetingsRequest) -> Response[str]:
    """The form for a template without an agenda yet."""
    return await _form(request, None, BLANK)


@post(f"{HOME}/new", opt=PREPARE, status_code=200)
async def new_template_submit(request: MeetingsRequest) -> Response[str] | Redirect:
    """Write it, then go on to its agenda."""
    sent = await request.fields()
    try:
        async with request.house.store.work() as work:
            body = needed_id(sent.get("body", ""), "body")
            row = await write_template(work, request.actor, body, _facts(sent))
    except Refused as refusal:
        return await _form(request, None, sent_back(sent, refusal, LABELS), status_of(refusal))
    return done(f"{HOME}/{row.id}", "template-written")


@get(f"{HOME}/{{template:uuid}}/facts", opt=PREPARE)
async def edit_template(request: MeetingsRequest, template: FromPath[UUID]) -> Response[str]:
    """The form with what is known."""
    return await _form(request, template, BLANK)


@post(f"{HOME}/{{template:uuid}}/facts", opt=PREPARE, status_code=200)
async def edit_template_submit(
    request: MeetingsRequest, template: FromPath[UUID]
) -> Response[str] | Redirect:
    """What it says from now on."""
    sent = await request.fields()
    try:
        async with request.house.store.work() as work:
            row = await open_template(work, request.actor, template)
            await write_template(work, request.actor, row.body_id, _facts(sent), template=template)
    except Refused as refusal:
        return await _form(request, template, sent_back(sent, refusal, LABELS), status_of(refusal))
    return done(f"{HOME}/{template}", "saved")


@post(f"{HOME}/{{template:uuid}}/remove", opt=PREPARE, status_code=200)
async def remove_template_submit(request: MeetingsRequest, template: FromPath[UUID]) -> Redirect:
    """It is offered no more."""
    async with request.house.store.work() as work:
        await remove_template(work, request.actor, template)
    return done(HOME, "removed")


@get("/meetings/{meeting:uuid}/template", opt=PREPARE)
async def save_form(request: MeetingsRequest, meeting: FromPath[UUID]) -> Response[str]:
    """Before a meeting is saved as a template: its name, and what goes into it."""
    return await _save_form(request, meeting, BLANK)


@post("/meetings/{meeting:uuid}/template", opt=PREPARE, status_code=200)
async def save_submit(request: MeetingsRequest, meeting: FromPath[UUID]) -> Response[str] | Redirect:
    """Save it, then show the template."""
    sent = await request.fields()
    try:
        async with request.house.store.work() as work:
            row = await save_as_template(work, request.actor, meeting, name=sent.get("name", ""))
    except Refused as refusal:
        return await _save_form(request, meeting, sent_back(sent, refusal, LABELS), status_of(refusal))
    return done(f"{HOME}/{row.id}", "template-written")


async def _save_form(
    request: MeetingsRequest, meeting: UUID, form: Form, status_code: int = 200
) -> Response[str]:
    async with request.house.store.reading() as reading:
        held = await reading.get(Meeting, meeting)
    request.actor.must(Right.PREPARE, body=held.body_id)
    return page(request, "before/template_save.html", status_code=status_code, held=held, form=form)


async def _form(
    request: MeetingsRequest, template: UUID | None, form: Form, status_code: int = 200
) -> Response[str]:
    async with request.house.store.reading() as reading:
        row = await open_template(reading, request.actor, template) if template else None
        bodies = await prepared_bodies(reading, request.actor)
        halls = await rooms(reading)
    return page(
        request, "before/template_form.html", status_code=status_code, row=row, bodies=bodies, form=form, kinds=KINDS,
        halls=halls, words=", ".join(placeholders(current())),
        guests=guest_lines(guests_of_template(row)) if row else "",
    )  # fmt: skip


async def prepared_bodies(reading: Reading, actor: Actor) -> Sequence[Body]:
    """The bodies whose meetings this person prepares, by name."""
    query = select(Body).where(Body.id.in_(actor.bodies(Right.PREPARE))).order_by(Body.name)
    return (await reading.session.scalars(query)).all()


def template_facts(row: MeetingTemplate, body: Body, room: str) -> list[tuple[str, Any]]:
    """What a template says, as terms and values for its page."""
    length = f"{row.minutes // 60}:{row.minutes % 60:02}" if row.minutes else ""
    guests = "; ".join(one.name for one in guests_of_template(row))
    told = [
        (gettext(N_("Body")), body.name),
        (gettext(N_("Usual title")), row.title),
        (gettext(N_("Kind")), gettext(KINDS.get(row.kind, row.kind))),
        (gettext(N_("Begins")), row.begins + (f" ({length})" if length else "")),
        (gettext(N_("Place")), row.place or room),
        (gettext(N_("Open to the public")), gettext(N_("From the publication on")) if row.public else ""),
        (gettext(N_("Always invited")), guests),
    ]
    return [(term, value) for term, value in told if value]


def guest_lines(guests: Sequence[Invited]) -> str:
    """Guests as they are typed: one a line, name; office; mail address."""
    return "\n".join("; ".join(filter(None, (one.name, one.post, one.email))) for one in guests)


def _facts(sent: Mapping[str, str]) -> TemplateFacts:
    return TemplateFacts(
        name=sent.get("name", ""), title=sent.get("title", ""), kind=sent.get("kind", "regular"),
        place=sent.get("place", ""), room=chosen_id(sent.get("room", "")), begins=sent.get("begins", ""),
        minutes=whole_number(sent.get("length", ""), "length"), public=bool(sent.get("public")),
        guests=read_guests(sent.get("guests", "")),
    )  # fmt: skip


handlers = [
    template_list,
    new_template,
    new_template_submit,
    edit_template,
    edit_template_submit,
    remove_template_submit,
    save_form,
    save_submit,
]
