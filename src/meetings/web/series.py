"""Meetings that are repeated: the rule, its days with what stands in their way, and the drafts of a series together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from meetings.before.meeting_templates import open_template, templates_for
from meetings.before.rooms import rooms
from meetings.before.series import (
    Foreseen,
    SeriesFacts,
    begin_series,
    change_series,
    end_series,
    foresee_series,
    open_series,
)
from meetings.language import N_, current, date_text, long_date_text, text
from meetings.rules.lifecycle import MeetingState
from meetings.rules.meeting_templates import pattern, placeholders
from meetings.rules.permissions import Right
from meetings.rules.refusals import Refused
from meetings.rules.series import MOST, DaysOff, Every, Recurrence, recurrence_of
from meetings.storage.tables import Body
from meetings.web.deadline_words import Clashing, clash_lines
from meetings.web.forms import BLANK, Form, chosen_id, day, needed_id, sent_back, whole_number
from meetings.web.meeting_templates import prepared_bodies
from meetings.web.meetings import KINDS, status_of
from meetings.web.render import done, page
from meetings.web.request import MeetingsRequest
from meetings.web.scheduling import from_template
from meetings.web.series_words import days_off_options, every_options, rule_text

PREPARE = {"permission": Right.PREPARE}
HOME = "/meetings/series"
LABELS = {
    "body": ("body", N_("Body")),
    "title": ("title", N_("Title")),
    "first": ("first", N_("First day")),
    "every": ("every", N_("Repeated")),
    "interval": ("interval", N_("Every how many weeks or months")),
    "until": ("until", N_("Last day")),
    "count": ("count", N_("Number of meetings")),
    "begins": ("begins", N_("Begins")),
    "ends": ("ends", N_("Ends")),
    "room": ("room", N_("Room")),
    "since": ("since", N_("From this day on")),
}


@dataclass(frozen=True, slots=True)
class DayView:
    """A day of a series that is about to be made; `note` says what moved it."""

    day: date
    words: str
    note: str
    blocked: bool
    taken: bool
    clashes: Sequence[Clashing]


@get(f"{HOME}/new", opt=PREPARE)
async def new_series(request: MeetingsRequest) -> Response[str]:
    """The form; filled from a template where one is named."""
    template = chosen_id(request.query_params.get("template", ""))
    form = BLANK
    if template is not None:
        async with request.house.store.reading() as reading:
            form = from_template(await open_template(reading, request.actor, template))
    return await _form(request, form)


@post(f"{HOME}/new", opt=PREPARE, status_code=200)
async def new_series_submit(request: MeetingsRequest) -> Response[str] | Redirect:
    """First the days are shown with what stands in their way; what was seen is then made."""
    sent = await request.fields()
    try:
        body, facts = needed_id(sent.get("body", ""), "body"), _facts(sent)
        async with request.house.store.reading() as reading:
            seen = await foresee_series(reading, request.actor, body, facts)
        shown = " ".join(one.day.isoformat() for one in seen)
        if sent.get("step") != "make" or sent.get("shown") != shown:
            return await _form(request, Form(sent), seen=seen, shown=shown)
        without = [one.day for one in seen if not sent.get(f"take-{one.day.isoformat()}")]
        async with request.house.store.work() as work:
            row, _ = await begin_series(work, request.actor, body, facts, without=without)
    except Refused as refusal:
        return await _form(request, sent_back(sent, refusal, LABELS), status_code=status_of(refusal))
    return done(f"{HOME}/{row.id}", "series-begun")


async def _form(
    request: MeetingsRequest,
    form: Form,
    *,
    seen: Sequence[Foreseen] = (),
    shown: str = "",
    status_code: int = 200,
) -> Response[str]:
    async with request.house.store.reading() as reading:
        bodies = await prepared_bodies(reading, request.actor)
        halls = await rooms(reading)
        templates = await templates_for(reading, request.actor)
    again = form.value("shown") == shown
    return page(
        request, "before/series_form.html", status_code=status_code, form=form, bodies=bodies, halls=halls,
        templates=templates, kinds=KINDS, every=every_options(), days_off=days_off_options(),
        words=", ".join(placeholders(current())), shown=shown, most=MOST,
        days=[_view(one, not again or bool(form.value(f"take-{one.day.isoformat()}"))) for one in seen],
    )  # fmt: skip


def _view(one: Foreseen, taken: bool) -> DayView:
    moved = one.day != one.ruled
    note = text(N_("instead of {day}, a day off"), day=date_text(one.ruled)) if moved else ""
    return DayView(
        one.day,
        long_date_text(one.day),
        note,
        one.blocked,
        taken and not one.blocked,
        clash_lines(one.in_the_way),
    )


@get(f"{HOME}/{{series:uuid}}", opt=PREPARE)
async def series_page(request: MeetingsRequest, series: FromPath[UUID]) -> Response[str]:
    """The meetings of a series, and its drafts to change or cancel from a day on."""
    return await _page(request, series)


@post(f"{HOME}/{{series:uuid}}/change", opt=PREPARE, status_code=200)
async def change_submit(request: MeetingsRequest, series: FromPath[UUID]) -> Response[str] | Redirect:
    """What is left empty stays as it is."""
    sent = await request.fields()
    try:
        async with request.house.store.work() as work:
            await change_series(
                work, request.actor, series, since=_since(sent), title=sent.get("title") or None,
                begins=sent.get("begins") or None, ends=sent.get("ends") or None, place=sent.get("place") or None,
                room=chosen_id(sent.get("room", "")),
            )  # fmt: skip
    except Refused as refusal:
        return await _page(request, series, "change", sent_back(sent, refusal, LABELS), refusal)
    return done(f"{HOME}/{series}", "series-changed")


@post(f"{HOME}/{{series:uuid}}/end", opt=PREPARE, status_code=200)
async def end_submit(request: MeetingsRequest, series: FromPath[UUID]) -> Response[str] | Redirect:
    """Cancel the drafts from a day on."""
    sent = await request.fields()
    try:
        async with request.house.store.work() as work:
            await end_series(work, request.actor, series, since=_since(sent), reason=sent.get("reason", ""))
    except Refused as refusal:
        return await _page(request, series, "end", sent_back(sent, refusal, LABELS), refusal)
    return done(f"{HOME}/{series}", "series-ended")


async def _page(
    request: MeetingsRequest,
    series: UUID,
    which: str = "",
    form: Form = BLANK,
    refusal: Refused | None = None,
) -> Response[str]:
    async with request.house.store.reading() as reading:
        row, meetings = await open_series(reading, request.actor, series)
        body = await reading.get(Body, row.body_id)
        halls = await rooms(reading)
    drafts = [one.starts_local[:10] for one in meetings if one.state == MeetingState.DRAFT]
    return page(
        request, "before/series.html", status_code=status_of(refusal) if refusal else 200, row=row, body=body,
        name=pattern(row.title),
        rule=rule_text(recurrence_of(row.rule)), meetings=meetings, halls=halls, which=which, form=form,
        since=[(one, long_date_text(date.fromisoformat(one))) for one in dict.fromkeys(drafts)],
        words=", ".join(placeholders(current())),
    )  # fmt: skip


def _since(sent: Mapping[str, str]) -> date:
    found = day(sent.get("since", ""), "since")
    if found is None:
        raise Refused("field-missing", field="since")
    return found


def _facts(sent: Mapping[str, str]) -> SeriesFacts:
    first = day(sent.get("date", ""), "first")
    if first is None:
        raise Refused("field-missing", field="first")
    every, off = sent.get("every", Every.WEEK), sent.get("days_off", DaysOff.SKIP)
    if every not in tuple(Every):
        raise Refused("wrong-input", field="every")
    if off not in tuple(DaysOff):
        raise Refused("wrong-input", field="days_off")
    return SeriesFacts(
        title=sent.get("title", ""), kind=sent.get("kind", "regular"), begins=sent.get("time", ""),
        ends=sent.get("ends", ""), place=sent.get("place", ""), room=chosen_id(sent.get("room", "")),
        public=bool(sent.get("public")), template=chosen_id(sent.get("template", "")),
        rule=Recurrence(
            first=first, every=Every(every), interval=whole_number(sent.get("interval", ""), "interval") or 1,
            until=day(sent.get("until", ""), "until"), count=whole_number(sent.get("count", ""), "count"),
            days_off=DaysOff(off),
        ),
    )  # fmt: skip


handlers = [new_series, new_series_submit, series_page, change_submit, end_submit]
