"""The work programme of a body for a year: by quarter and month, in numbers; begun, approved, as a file."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.response import Redirect

from meetings.before.programme_files import FILE_LIMIT, export_programme, import_programme
from meetings.before.programme_reading import (
    Line,
    programme_bodies,
    read_programme,
    years_of,
)
from meetings.before.work_programme import approve_programme, begin_programme
from meetings.exchange.file_answer import disposition
from meetings.language import N_, current, gettext, text
from meetings.rules.permissions import Actor, Right
from meetings.rules.refusals import Refused
from meetings.rules.work_programme import EntryState, Period, Standing
from meetings.rules.working_days import YEARS
from meetings.storage.tables import Body, WorkProgramme
from meetings.storage.unit_of_work import Reading
from meetings.web.calendar_tabs import calendar_tabs
from meetings.web.errors import STATUS, sentence
from meetings.web.forms import BLANK, Form, chosen_id, day, needed_id, sent_back, whole_number
from meetings.web.programme_words import STATES, group_words, late_words, period_words, periods, told
from meetings.web.render import done, page
from meetings.web.request import MeetingsRequest

PLACE = "/calendar/programme"
SIGNED_IN = {"permission": Right.SIGNED_IN}
PREPARE = {"permission": Right.PREPARE}
LABELS = {
    "number": ("number", N_("Number of the document")),
    "approved_on": ("approved_on", N_("Day of the document")),
    "reason": ("reason", N_("Reason")),
    "file": ("file", N_("Table file")),
    "year": ("year", N_("Year")),
}


def _open(one: Standing) -> bool:
    return one.state not in (EntryState.DONE, EntryState.WITHDRAWN)


SHOWN: Mapping[str, tuple[str, Callable[[Standing], bool]]] = {
    "": (N_("All"), lambda one: True),
    "open": (N_("Open"), _open),
    "overdue": (N_("Late now"), lambda one: _open(one) and one.late > 0),
    "in-time": (N_("Done on time"), lambda one: one.state is EntryState.DONE and not one.late),
    "late": (N_("Done late"), lambda one: one.state is EntryState.DONE and one.late > 0),
    "moved": (N_("Moved"), lambda one: one.moved),
    "withdrawn": (N_("Withdrawn"), lambda one: one.state is EntryState.WITHDRAWN),
}
"""The figures of a programme, each of them a way to look at it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for."""

    body: str
    year: int
    period: str = ""
    show: str = ""

    def address(self, **other: str) -> str:
        """The same look with something else."""
        query = {"body": self.body, "year": str(self.year), "period": self.period, "show": self.show} | other
        return f"{PLACE}?{urlencode({name: value for name, value in query.items() if value})}"

    def shows(self, line: Line) -> bool:
        """Whether the chosen period and figure have this entry."""
        wanted = next((one for one in _looks(self.year) if one.code == self.period), None)
        fits = line.period.within(wanted.quarter, wanted.month) if wanted else True
        return fits and SHOWN[self.show][1](line.standing)


def _looks(year: int) -> Sequence[Period]:
    return [Period(year, quarter=one) for one in range(1, 5)] + [
        Period(year, month=one) for one in range(1, 13)
    ]


@get(PLACE, opt=SIGNED_IN)
async def programme_page(
    request: MeetingsRequest,
    year: FromQuery[str] = "",
    period: FromQuery[str] = "",
    show: FromQuery[str] = "",
    held_by: Annotated[str, QueryParameter(name="body")] = "",
) -> Response[str]:
    """A year of one body, narrowed to a quarter or month and to one of the figures."""
    return await _page(request, held_by, year, period, show)


async def _page(
    request: MeetingsRequest,
    held_by: str,
    year: str,
    period: str = "",
    show: str = "",
    refusal: Refused | None = None,
    form: Form = BLANK,
) -> Response[str]:
    actor = request.actor
    async with request.house.store.reading() as reading:
        bodies = await programme_bodies(reading, actor)
        body = _chosen(actor, bodies, held_by)
        years = await years_of(reading, actor, body.id) if body else ()
        asked = Asked(
            str(body.id) if body else "",
            _year(year, years, reading.today),
            period,
            show if show in SHOWN else "",
        )
        opened = await read_programme(reading, actor, body.id, asked.year) if body else None
        today = reading.today
    flashes = {"flashes": [("bad", sentence(refusal))]} if refusal else {}
    lines = opened.lines if opened else ()
    shown = [line for line in lines if asked.shows(line)]
    overdue = [line for line in lines if SHOWN["overdue"][1](line.standing)]
    return page(
        request, "before/work_programme.html", status_code=STATUS.get(refusal.code, 409) if refusal else 200,
        tabs=calendar_tabs(actor, "programme"), bodies=bodies, body=body, opened=opened, asked=asked, form=form,
        writes=body is not None and actor.may(Right.PREPARE, body=body.id), groups=_groups(lines, shown),
        figures=_figures(lines, asked), overdue=overdue, late_words=late_words, told=told, states=STATES,
        period_words=period_words, today=today, looks=periods(asked.year),
        previous=asked.address(year=str(asked.year - 1), period="", show=""),
        following=asked.address(year=str(asked.year + 1), period="", show=""), **flashes,
    )  # fmt: skip


def _groups(lines: Sequence[Line], shown: Sequence[Line]) -> Sequence[tuple[str, Sequence[tuple[int, Line]]]]:
    """Month by month, each quarter's own entries behind its months; numbers count through the whole programme."""
    numbers = {line.entry.id: number for number, line in enumerate(lines, 1)}
    return [
        (words, [(numbers[line.entry.id], line) for line in found])
        for words, found in groupby(shown, lambda line: group_words(line.period))
    ]


def _figures(lines: Sequence[Line], asked: Asked) -> Sequence[tuple[str, str, bool, int]]:
    period = Asked(asked.body, asked.year, asked.period)
    within = [line.standing for line in lines if period.shows(line)]
    return [
        (asked.address(show=name), gettext(label), name == asked.show, sum(map(fits, within)))
        for name, (label, fits) in SHOWN.items()
    ]


def _chosen(actor: Actor, bodies: Sequence[Body], held_by: str) -> Body | None:
    found = [one for one in bodies if str(one.id) == held_by]
    own = [one for one in bodies if actor.may(Right.PREPARE, body=one.id)]
    return next(iter([*found, *own, *bodies]), None)


def _year(wanted: str, years: Sequence[int], today: date) -> int:
    """The year of the address; else this one, or the nearest before it that has a programme."""
    if wanted.isascii() and wanted.isdigit() and len(wanted) == len("2026") and int(wanted) in YEARS:
        return int(wanted)
    if today.year in years:
        return today.year
    return max((one for one in years if one < today.year), default=today.year)


@post(PLACE, opt=PREPARE, status_code=200)
async def begin_submit(request: MeetingsRequest) -> Response[str] | Redirect:
    """Begin the programme of a year."""
    sent = await request.fields()
    held_by, year = sent.get("body", ""), sent.get("year", "")
    try:
        async with request.house.store.work() as work:
            body = needed_id(held_by, "body")
            await begin_programme(work, request.actor, body, whole_number(year, "year") or 0)
    except Refused as refusal:
        return await _shown_again(request, held_by, year, refusal)
    return done(Asked(held_by, int(year)).address(), "programme-begun")


@post(PLACE + "/{programme:uuid}/approve", opt=PREPARE, status_code=200)
async def approve_submit(request: MeetingsRequest, programme: FromPath[UUID]) -> Response[str] | Redirect:
    """It was issued."""
    sent = await request.fields()
    kept = await _kept(request, programme)
    try:
        on = day(sent.get("approved_on", ""), "approved_on")
        if on is None:
            raise Refused("field-missing", field="approved_on")
        async with request.house.store.work() as work:
            await approve_programme(
                work, request.actor, programme, number=sent.get("number", ""), approved_on=on
            )
    except Refused as refusal:
        return await _shown_again(request, str(kept.body_id), str(kept.year), refusal)
    return done(Asked(str(kept.body_id), kept.year).address(), "programme-approved")


@get(PLACE + "/{programme:uuid}/file", opt=SIGNED_IN)
async def programme_file(request: MeetingsRequest, programme: FromPath[UUID]) -> Response[bytes]:
    """The programme as a table file, in the reader's language."""
    async with request.house.store.reading() as reading:
        kept = await reading.get(WorkProgramme, programme)
        content = await export_programme(reading, request.actor, programme, current())
        body = await reading.get(Body, kept.body_id)
    name = text(N_("Work programme {year} - {body}"), year=kept.year, body=body.name)
    headers = {"content-disposition": disposition(f"{name}.csv", download=True), "cache-control": "no-store"}
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)


@get(PLACE + "/{programme:uuid}/import", opt=PREPARE)
async def import_page(request: MeetingsRequest, programme: FromPath[UUID]) -> Response[str]:
    """The form for a table file."""
    return await _import_page(request, programme, BLANK)


@post(PLACE + "/{programme:uuid}/import", opt=PREPARE, status_code=200, request_max_body_size=2 * FILE_LIMIT)
async def import_submit(request: MeetingsRequest, programme: FromPath[UUID]) -> Response[str] | Redirect:
    """Add its entries, all or none."""
    sent: Mapping[str, Any] = dict(await request.form())
    file, reason = sent.get("file"), str(sent.get("reason", ""))
    kept = await _kept(request, programme)
    try:
        if not isinstance(file, UploadFile) or not file.filename:
            raise Refused("field-missing", field="file")
        content = await file.read()
        async with request.house.store.work() as work:
            await import_programme(work, request.actor, programme, content, reason=reason)
    except Refused as refusal:
        if refusal.code == "forbidden":
            raise
        form = sent_back({"reason": reason}, refusal, LABELS)
        return await _import_page(request, programme, form, STATUS.get(refusal.code, 409))
    return done(Asked(str(kept.body_id), kept.year).address(), "saved")


async def _import_page(
    request: MeetingsRequest, programme: UUID, form: Form, status_code: int = 200
) -> Response[str]:
    kept = await _kept(request, programme)
    return page(
        request, "before/programme_import.html", status_code=status_code, kept=kept, form=form,
        back=Asked(str(kept.body_id), kept.year).address(),
    )  # fmt: skip


async def _kept(request: MeetingsRequest, programme: UUID) -> WorkProgramme:
    """The programme, for who writes it."""
    async with request.house.store.reading() as reading:
        return await written_by(reading, request.actor, programme)


async def written_by(reading: Reading, actor: Actor, programme: UUID) -> WorkProgramme:
    """A programme that the actor writes; otherwise refused."""
    kept = await reading.get(WorkProgramme, programme)
    actor.must(Right.PREPARE, body=kept.body_id)
    return kept


async def _shown_again(request: MeetingsRequest, held_by: str, year: str, refusal: Refused) -> Response[str]:
    if refusal.code == "forbidden" or not chosen_id(held_by):
        raise refusal
    return await _page(request, held_by, year, refusal=_named(refusal))


def _named(refusal: Refused) -> Refused:
    """A refusal in the words of the dialog that was sent."""
    name = str(refusal.facts.get("field", ""))
    if name not in LABELS:
        return refusal
    return Refused(refusal.code, **refusal.facts | {"field": gettext(LABELS[name][1])})


handlers = [
    programme_page, begin_submit, approve_submit, programme_file, import_page, import_submit,
]  # fmt: skip
