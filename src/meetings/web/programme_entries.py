"""One entry of a work programme: what it says, how it stands, what changed; writing it, taking it in hand."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from meetings.before.procedures import agency_names
from meetings.before.programme_reading import Line, read_entry
from meetings.before.programme_work import ask_entry_in_writing, meetings_for_entry, put_entry_on_agenda
from meetings.before.work_programme import (
    EntryFacts,
    change_entry,
    finish_entry,
    remove_entry,
    withdraw_entry,
    write_entry,
)
from meetings.language import N_, gettext
from meetings.rules.permissions import Actor, Right
from meetings.rules.refusals import Refused
from meetings.rules.work_programme import EntryState, Period, period_from, period_of
from meetings.rules.work_programme import Form as Dealt
from meetings.storage.tables import Body, WorkProgramme
from meetings.storage.unit_of_work import Work
from meetings.web.consultations import closes_in
from meetings.web.dossier_words import STATES as DOSSIER_STATES
from meetings.web.errors import STATUS, sentence
from meetings.web.forms import BLANK, Form, chosen_id, day, needed_id, sent_back
from meetings.web.programme_words import FORMS, STATES, late_words, period_words, periods, told
from meetings.web.render import done, page
from meetings.web.request import MeetingsRequest
from meetings.web.work_programme import PLACE, PREPARE, SIGNED_IN, Asked, written_by

ENTRIES = PLACE + "/entries/{entry:uuid}"
HELPS = "with-"
LABELS = {
    "title": ("title", N_("Content")),
    "form": ("form", N_("How it is dealt with")),
    "due": ("due", N_("Due time")),
    "day": ("day", N_("On a day")),
    "supervisor": ("supervisor", N_("In charge")),
    "submit_by": ("submit_by", N_("Last day for the dossier")),
    "basis": ("basis", N_("Basis")),
    "note": ("note", N_("Note")),
    "reason": ("reason", N_("Reason")),
    "meeting": ("meeting", N_("Meeting")),
    "deadline": ("deadline", N_("The deadline")),
}


@get(PLACE + "/{programme:uuid}/new", opt=PREPARE)
async def new_entry(
    request: MeetingsRequest, programme: FromPath[UUID], due: FromQuery[str] = ""
) -> Response[str]:
    """The form for an entry."""
    return await _form(request, programme, None, Form({"due": due}) if due else BLANK)


@post(PLACE + "/{programme:uuid}/new", opt=PREPARE, status_code=200)
async def new_entry_submit(request: MeetingsRequest, programme: FromPath[UUID]) -> Response[str] | Redirect:
    """Write it."""
    sent = await request.fields()
    try:
        async with request.house.store.work() as work:
            kept = await written_by(work, request.actor, programme)
            facts = _facts(sent, kept.year)
            entry = await write_entry(work, request.actor, programme, facts, reason=sent.get("reason", ""))
    except Refused as refusal:
        if refusal.code == "forbidden":
            raise
        return await _form(request, programme, None, _sent_back(sent, refusal), STATUS.get(refusal.code, 409))
    return done(f"{PLACE}/entries/{entry.id}", "saved")


@get(ENTRIES + "/edit", opt=PREPARE)
async def edit_entry(request: MeetingsRequest, entry: FromPath[UUID]) -> Response[str]:
    """The form with what stands there."""
    return await _edit(request, entry, BLANK)


@post(ENTRIES + "/edit", opt=PREPARE, status_code=200)
async def edit_entry_submit(request: MeetingsRequest, entry: FromPath[UUID]) -> Response[str] | Redirect:
    """Correct it."""
    sent = await request.fields()
    try:
        async with request.house.store.work() as work:
            _, programme, _ = await read_entry(work, request.actor, entry)
            facts = _facts(sent, programme.year)
            await change_entry(work, request.actor, entry, facts, reason=sent.get("reason", ""))
    except Refused as refusal:
        if refusal.code == "forbidden":
            raise
        return await _edit(request, entry, _sent_back(sent, refusal), STATUS.get(refusal.code, 409))
    return done(f"{PLACE}/entries/{entry}", "saved")


async def _edit(request: MeetingsRequest, entry: UUID, form: Form, status_code: int = 200) -> Response[str]:
    async with request.house.store.reading() as reading:
        line, programme, _ = await read_entry(reading, request.actor, entry)
    return await _form(request, programme.id, line, form, status_code)


async def _form(
    request: MeetingsRequest, programme: UUID, line: Line | None, form: Form, status_code: int = 200
) -> Response[str]:
    async with request.house.store.reading() as reading:
        kept = await written_by(reading, request.actor, programme)
        body = await reading.get(Body, kept.body_id)
        agencies = await agency_names(reading)
    helping = line.helping if line else frozenset[UUID]()
    return page(
        request, "before/programme_entry_form.html", status_code=status_code, kept=kept, body=body, line=line,
        form=form, periods=periods(kept.year), forms=[(code, gettext(word)) for code, word in FORMS.items()],
        agencies=[(str(one), name) for one, name in agencies.items()], place=PLACE,
        helps=[
            (f"{HELPS}{one}", name, form.checked(f"{HELPS}{one}", one in helping)) for one, name in agencies.items()
        ],
        stands=_standing(line), back=Asked(str(kept.body_id), kept.year).address(),
    )  # fmt: skip


def _standing(line: Line | None) -> Mapping[str, object]:
    """What the inputs say before anything was typed."""
    if line is None:
        return dict.fromkeys(
            ("title", "agency", "due", "day", "supervisor", "submit_by", "basis", "note"), ""
        ) | {"form": Dealt.MEETING}
    entry, due = line.entry, line.period
    month = Period(due.year, month=due.day.month) if due.day else due
    return {
        "title": entry.title, "agency": entry.agency_id or "", "due": month.code, "day": due.day or "",
        "supervisor": entry.supervisor, "submit_by": entry.submit_by or "", "basis": entry.basis, "note": entry.note,
        "form": entry.form,
    }  # fmt: skip


def _facts(sent: Mapping[str, str], year: int) -> EntryFacts:
    if not sent.get("due"):
        raise Refused("field-missing", field="due")
    due, on = period_from(sent["due"]), day(sent.get("day", ""), "day")
    if on is not None:
        if not due.first <= on <= due.last:
            raise Refused("programme-day-outside")
        due = period_of(year, None, None, on)
    helping = (chosen_id(name.removeprefix(HELPS)) for name in sent if name.startswith(HELPS))
    return EntryFacts(
        title=sent.get("title", ""), due=due, form=sent.get("form", ""), agency=chosen_id(sent.get("agency", "")),
        cooperating=frozenset(one for one in helping if one), supervisor=sent.get("supervisor", ""),
        submit_by=day(sent.get("submit_by", ""), "submit_by"), basis=sent.get("basis", ""), note=sent.get("note", ""),
    )  # fmt: skip


def _sent_back(sent: Mapping[str, str], refusal: Refused) -> Form:
    """What belongs to the time or the reason without naming an input is shown there."""
    place = {"programme-day-outside": "day", "reason-missing": "reason"}.get(refusal.code)
    return Form(sent, {place: sentence(refusal)}) if place else sent_back(sent, refusal, LABELS)


@get(ENTRIES, opt=SIGNED_IN)
async def entry_page(request: MeetingsRequest, entry: FromPath[UUID]) -> Response[str]:
    """One entry, and what this reader can do with it now."""
    return await _page(request, entry)


async def _page(request: MeetingsRequest, entry: UUID, refusal: Refused | None = None) -> Response[str]:
    async with request.house.store.reading() as reading:
        line, programme, body = await read_entry(reading, request.actor, entry)
        acts = _acts(request.actor, line, programme)
        meetings = await meetings_for_entry(reading, programme) if "agenda" in acts else ()
        today = reading.today
    flashes = {"flashes": [("bad", sentence(refusal))]} if refusal else {}
    return page(
        request, "before/programme_entry.html", status_code=STATUS.get(refusal.code, 409) if refusal else 200,
        line=line, programme=programme, body=body, acts=acts, meetings=meetings, period_words=period_words,
        state=STATES[line.standing.state], late=late_words(line), told=told(line), forms=FORMS, place=PLACE,
        dossier_states=DOSSIER_STATES, today=today, back=Asked(str(body.id), programme.year).address(), **flashes,
    )  # fmt: skip


def _acts(actor: Actor, line: Line, programme: WorkProgramme) -> frozenset[str]:
    """What this reader can do with an entry now."""
    state, approved = line.standing.state, programme.approved_at is not None
    if state in (EntryState.DONE, EntryState.WITHDRAWN):
        return frozenset()
    found: set[str] = set()
    free = approved and state is EntryState.PLANNED and line.dossier is None and line.consultation is None
    if actor.may(Right.PREPARE, body=programme.body_id):
        found |= {"change", *(("withdraw", "finish") if approved else ("remove",))}
        if free:
            found |= {"ask"} if line.entry.form == Dealt.CONSULTATION else set()
            found |= {"agenda"} if line.entry.form == Dealt.MEETING else set()
    if free and line.entry.agency_id and actor.may(Right.CARRY_OUT, agency=line.entry.agency_id):
        found.add("dossier")
    return frozenset(found)


Act = Callable[[Work, Actor, dict[str, str]], Awaitable[str]]


async def _act(request: MeetingsRequest, entry: UUID, code: str, act: Act) -> Response[str] | Redirect:
    """What the act says is where one goes next."""
    sent = await request.fields()
    try:
        async with request.house.store.work() as work:
            where = await act(work, request.actor, sent)
    except Refused as refusal:
        if refusal.code in ("forbidden", "not-found"):
            raise
        name = LABELS.get(str(refusal.facts.get("field", "")))
        named = Refused(refusal.code, **refusal.facts | {"field": gettext(name[1])}) if name else refusal
        return await _page(request, entry, named)
    return done(where, code)


@post(ENTRIES + "/remove", opt=PREPARE, status_code=200)
async def remove_submit(request: MeetingsRequest, entry: FromPath[UUID]) -> Response[str] | Redirect:
    """Take it out of a draft."""

    async def act(work: Work, actor: Actor, sent: dict[str, str]) -> str:
        programme = await remove_entry(work, actor, entry)
        return Asked(str(programme.body_id), programme.year).address()

    return await _act(request, entry, "removed", act)


@post(ENTRIES + "/withdraw", opt=PREPARE, status_code=200)
async def withdraw_submit(request: MeetingsRequest, entry: FromPath[UUID]) -> Response[str] | Redirect:
    """It is not dealt with."""

    async def act(work: Work, actor: Actor, sent: dict[str, str]) -> str:
        await withdraw_entry(work, actor, entry, reason=sent.get("reason", ""))
        return f"{PLACE}/entries/{entry}"

    return await _act(request, entry, "withdrawn", act)


@post(ENTRIES + "/finish", opt=PREPARE, status_code=200)
async def finish_submit(request: MeetingsRequest, entry: FromPath[UUID]) -> Response[str] | Redirect:
    """It was done."""

    async def act(work: Work, actor: Actor, sent: dict[str, str]) -> str:
        on: date | None = day(sent.get("day", ""), "day")
        if on is None:
            raise Refused("field-missing", field="day")
        await finish_entry(work, actor, entry, on=on)
        return f"{PLACE}/entries/{entry}"

    return await _act(request, entry, "saved", act)


@post(ENTRIES + "/agenda", opt=PREPARE, status_code=200)
async def agenda_submit(request: MeetingsRequest, entry: FromPath[UUID]) -> Response[str] | Redirect:
    """Put it on the agenda of a draft."""

    async def act(work: Work, actor: Actor, sent: dict[str, str]) -> str:
        meeting = needed_id(sent.get("meeting", ""), "meeting")
        await put_entry_on_agenda(work, actor, meeting, entry=entry)
        return f"/meetings/{meeting}/agenda"

    return await _act(request, entry, "put-on-agenda", act)


@post(ENTRIES + "/ask", opt=PREPARE, status_code=200)
async def ask_submit(request: MeetingsRequest, entry: FromPath[UUID]) -> Response[str] | Redirect:
    """Draft its written consultation."""

    async def act(work: Work, actor: Actor, sent: dict[str, str]) -> str:
        asked = await ask_entry_in_writing(work, actor, entry=entry, closes=closes_in(sent))
        return f"/consultations/{asked.id}"

    return await _act(request, entry, "consultation-drafted", act)


handlers = [
    new_entry, new_entry_submit, edit_entry, edit_entry_submit, entry_page, remove_submit, withdraw_submit,
    finish_submit, agenda_submit, ask_submit,
]  # fmt: skip
