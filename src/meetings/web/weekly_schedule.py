"""The weekly schedule: days by part of the day for a body, or for all one belongs to; writing, publishing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.response import Redirect
from sqlalchemy import select

from meetings.before.days import marks_between
from meetings.before.schedule_document import schedule_pdf
from meetings.before.schedule_words import FIELDS, MARKS, PARTS, time_of, told
from meetings.before.weekly_schedule import (
    EntryFacts,
    Week,
    anchor,
    change_entry,
    publish_week,
    read_entry,
    read_week,
    remove_entry,
    write_entry,
)
from meetings.language import N_, date_text, gettext, text, weekday_text
from meetings.rules.permissions import Actor, Right
from meetings.rules.refusals import Refused
from meetings.rules.weekly_schedule import Change, DayPart, Marked, monday_of
from meetings.rules.working_days import SATURDAY, DayKind
from meetings.storage.tables import Body, DayMark, ScheduleEntry
from meetings.storage.unit_of_work import Reading
from meetings.web.calendar import WEEK, shown_day
from meetings.web.calendar_tabs import calendar_tabs
from meetings.web.errors import STATUS, sentence
from meetings.web.forms import BLANK, Form, day, needed_id, sent_back
from meetings.web.render import done, page
from meetings.web.request import MeetingsRequest

PREPARE = {"permission": Right.PREPARE}
ALL = "all"
"""In the address: every body one belongs to, instead of one."""
LABELS = {name: (name, label) for name, label in FIELDS.items()} | {
    "body": ("body", N_("Body")),
    "day": ("day", N_("Day")),
    "part": ("part", N_("Part of the day")),
    "starts": ("starts", N_("From")),
    "ends": ("ends", N_("Until")),
}
TONES: Mapping[str, str] = {
    Change.ADDED: "accent",
    Change.CHANGED: "warn",
    Change.MOVED: "warn",
    Change.LEFT: "neutral",
    Change.REMOVED: "bad",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line as the page shows it."""

    id: str
    body: str
    time: str
    texts: Mapping[str, str]
    address: str
    """The meeting, or for secretaries the entry; empty where there is nothing to open."""
    change: str
    mark: str
    tone: str
    told: Sequence[str]
    """What was published instead, or where the line went."""
    gone: bool


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a day with its lines; `add` is where an entry is written."""

    name: str
    rows: Sequence[Row]
    add: str


@dataclass(frozen=True, slots=True)
class PlanDay:
    """A day of the week; one that is off and empty has no parts."""

    day: date
    name: str
    today: bool
    off: bool
    mark: str
    parts: Sequence[Part]
    add: str

    @property
    def height(self) -> int:
        """Rows of the table."""
        return sum(max(1, len(part.rows)) for part in self.parts) or 1


@get("/calendar/schedule", opt={"permission": Right.ATTEND})
async def schedule_page(
    request: MeetingsRequest,
    on: FromQuery[str] = "",
    held_by: Annotated[str, QueryParameter(name="body")] = "",
) -> Response[str]:
    """A week: of one body, or of all the reader belongs to."""
    return await _page(request, on, held_by)


async def _page(
    request: MeetingsRequest, on: str, held_by: str, refusal: Refused | None = None
) -> Response[str]:
    actor = request.actor
    async with request.house.store.reading() as reading:
        bodies = await _bodies(reading, actor, Right.ATTEND)
        chosen = _chosen(actor, bodies, held_by)
        monday = monday_of(shown_day(on, reading.today))
        sunday = monday + timedelta(days=6)
        weeks = [await read_week(reading, actor, one.id, monday) for one in chosen]
        marks = {mark.day: mark for mark in await marks_between(reading, monday, sunday)}
        today = reading.today
    only = weeks[0] if len(weeks) == 1 else None
    writes = only is not None and actor.may(Right.PREPARE, body=only.body.id)
    asked = str(only.body.id) if only else ALL
    flashes = {"flashes": [("bad", sentence(refusal))]} if refusal else {}
    return page(
        request, "before/weekly_schedule.html", status_code=STATUS.get(refusal.code, 409) if refusal else 200,
        tabs=calendar_tabs(actor, "schedule"), bodies=bodies, only=only, asked=asked, writes=writes, all=ALL,
        heading=text(WEEK, number=monday.isocalendar().week, first=date_text(monday), last=date_text(sunday)),
        days=[_day(monday + timedelta(days=ahead), weeks, writes, today, marks) for ahead in range(7)],
        monday=monday, fields=FIELDS, over=today > sunday, here=_address(asked, monday),
        previous=_address(asked, monday - timedelta(days=7)), today=_address(asked, today),
        following=_address(asked, monday + timedelta(days=7)),
        untold=[_row(one, only, writes) for one in only.untold] if only else (), **flashes,
    )  # fmt: skip


@get("/calendar/schedule.pdf", opt={"permission": Right.ATTEND})
async def schedule_file(
    request: MeetingsRequest,
    on: FromQuery[str] = "",
    held_by: Annotated[str, QueryParameter(name="body")] = "",
) -> Response[bytes]:
    """The week of one body as it hangs in the office, to be read, printed or kept."""
    store = request.house.store
    async with store.reading() as reading:
        today = reading.today
    body = needed_id(held_by, "body")
    content, name = await schedule_pdf(store, request.actor, body, shown_day(on, today))
    headers = {"content-disposition": f'inline; filename="{name}"', "cache-control": "private, no-cache"}
    return Response(content, media_type="application/pdf", headers=headers)


@get("/calendar/schedule/new", opt=PREPARE)
async def new_entry(
    request: MeetingsRequest,
    on: FromQuery[str] = "",
    part: FromQuery[str] = "",
    held_by: Annotated[str, QueryParameter(name="body")] = "",
) -> Response[str]:
    """The form for an entry."""
    return await _form(request, None, Form({"day": on, "part": part, "body": held_by}))


@post("/calendar/schedule/new", opt=PREPARE, status_code=200)
async def new_entry_submit(request: MeetingsRequest) -> Response[str] | Redirect:
    """Write it."""
    sent = await request.fields()
    try:
        async with request.house.store.work() as work:
            body = needed_id(sent.get("body", ""), "body")
            kept = await write_entry(work, request.actor, body, _facts(sent))
    except Refused as refusal:
        return await _form(request, None, sent_back(sent, refusal, LABELS), STATUS.get(refusal.code, 409))
    return done(_address(str(kept.body_id), kept.day), "saved")


@get("/calendar/schedule/entries/{entry:uuid}", opt=PREPARE)
async def edit_entry(request: MeetingsRequest, entry: FromPath[UUID]) -> Response[str]:
    """The form with what stands there."""
    return await _form(request, entry, BLANK)


@post("/calendar/schedule/entries/{entry:uuid}", opt=PREPARE, status_code=200)
async def edit_entry_submit(request: MeetingsRequest, entry: FromPath[UUID]) -> Response[str] | Redirect:
    """Correct it."""
    sent = await request.fields()
    try:
        async with request.house.store.work() as work:
            kept = await change_entry(work, request.actor, entry, _facts(sent))
    except Refused as refusal:
        return await _form(request, entry, sent_back(sent, refusal, LABELS), STATUS.get(refusal.code, 409))
    return done(_address(str(kept.body_id), kept.day), "saved")


@post("/calendar/schedule/entries/{entry:uuid}/remove", opt=PREPARE, status_code=200)
async def remove_submit(request: MeetingsRequest, entry: FromPath[UUID]) -> Redirect:
    """Take it out."""
    async with request.house.store.work() as work:
        kept = await remove_entry(work, request.actor, entry)
    return done(_address(str(kept.body_id), kept.day), "removed")


@post("/calendar/schedule/publish", opt=PREPARE, status_code=200)
async def publish_submit(request: MeetingsRequest) -> Response[str] | Redirect:
    """Publish the week, or tell its changes."""
    sent = await request.fields()
    on, held_by = sent.get("on", ""), sent.get("body", "")
    try:
        async with request.house.store.work() as work:
            monday = day(on, "day")
            if monday is None:
                raise Refused("field-missing", field="day")
            await publish_week(work, request.actor, needed_id(held_by, "body"), monday)
    except Refused as refusal:
        if refusal.code == "forbidden":
            raise
        return await _page(request, on, held_by, refusal)
    return done(_address(held_by, monday), "published")


async def _form(
    request: MeetingsRequest, entry: UUID | None, form: Form, status_code: int = 200
) -> Response[str]:
    async with request.house.store.reading() as reading:
        kept = await read_entry(reading, request.actor, entry) if entry else None
        bodies = await _bodies(reading, request.actor, Right.PREPARE)
        today = reading.today
    back = _address(str(kept.body_id), kept.day) if kept else "/calendar/schedule"
    return page(
        request, "before/schedule_entry.html", status_code=status_code, kept=kept, form=form, back=back,
        options=[(str(one.id), one.name) for one in bodies],
        stands=_standing(kept, today), parts=[(code, gettext(word)) for code, word in PARTS.items()],
    )  # fmt: skip


def _standing(kept: ScheduleEntry | None, today: date) -> Mapping[str, Any]:
    """What the inputs say before anything was typed."""
    names = ("part", "starts", "ends", *FIELDS)
    if kept is None:
        return dict.fromkeys(names, "") | {"day": today}
    return {name: getattr(kept, name) for name in names} | {"day": kept.day}


def _facts(sent: Mapping[str, str]) -> EntryFacts:
    on = day(sent.get("day", ""), "day")
    if on is None:
        raise Refused("field-missing", field="day")
    texts = {name: sent.get(name, "") for name in ("part", "starts", "ends", *FIELDS)}
    return EntryFacts(day=on, **texts)


async def _bodies(reading: Reading, actor: Actor, right: Right) -> Sequence[Body]:
    query = (
        select(Body).where(Body.id.in_(actor.bodies(right))).order_by(Body.parent_id.is_not(None), Body.name)
    )
    return (await reading.session.scalars(query)).all()


def _chosen(actor: Actor, bodies: Sequence[Body], held_by: str) -> Sequence[Body]:
    """The body of the address; else the one that the reader writes for, else all."""
    if held_by == ALL:
        return bodies
    found = [one for one in bodies if str(one.id) == held_by]
    return found or [one for one in bodies if actor.may(Right.PREPARE, body=one.id)][:1] or bodies


def _address(body: str, on: date) -> str:
    return f"/calendar/schedule?{urlencode({'body': body, 'on': on.isoformat()})}"


def _day(
    on: date, weeks: Sequence[Week], writes: bool, today: date, marks: Mapping[date, DayMark]
) -> PlanDay:
    kept = marks.get(on)
    kind = kept.kind if kept else ""
    off = kind == DayKind.OFF or (on.weekday() >= SATURDAY and kind != DayKind.WORKED)
    rows: dict[str, list[Row]] = {part: [] for part in PARTS}
    lines = [(one, week) for week in weeks for one in week.lines if one.line.day == on.isoformat()]
    for one, week in sorted(lines, key=lambda pair: (pair[0].line.starts, pair[0].gone)):
        rows[one.line.part].append(_row(one, week, writes, named=len(weeks) > 1))
    add = f"/calendar/schedule/new?{urlencode({'body': weeks[0].body.id, 'on': on})}" if writes else ""
    shown = [part for part in PARTS if rows[part] or (part != DayPart.EVENING and not off)]
    return PlanDay(
        day=on, name=weekday_text(on), today=on == today, off=off, add=add,
        mark=kept.name if kept and kind != DayKind.PROPOSED else "",
        parts=[Part(gettext(PARTS[one]), rows[one], f"{add}&part={one}" if add else "") for one in shown],
    )  # fmt: skip


def _row(one: Marked, week: Week, writes: bool, *, named: bool = False) -> Row:
    line = one.line
    kind, _, key = line.key.partition(":")
    address = f"/meetings/{key}" if kind == "meeting" else ""
    if kind == "entry" and writes and not one.gone:
        address = f"/calendar/schedule/entries/{key}"
    return Row(
        id=anchor(line) if not one.gone else "", body=week.body.name if named else "",
        time=time_of(line.starts, line.ends), texts={name: getattr(line, name) for name in FIELDS}, address=address,
        change=one.change, mark=gettext(MARKS[one.change]) if one.change in MARKS else "",
        tone=TONES.get(one.change, ""), told=told(one), gone=one.gone,
    )  # fmt: skip


handlers = [
    schedule_page, schedule_file, new_entry, new_entry_submit, edit_entry, edit_entry_submit, remove_submit,
    publish_submit,
]  # fmt: skip
