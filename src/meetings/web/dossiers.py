"""Dossiers: the list, beginning one, and one dossier's page, where each who takes a step acts."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from meetings.before.dossier_agenda import (
    admit_late,
    is_late,
    meetings_for_dossier,
    put_on_agenda,
    refuse_late,
)
from meetings.before.dossier_lists import DossierLine, dossiers_for, open_dossier
from meetings.before.dossier_returns import take_off_agenda
from meetings.before.dossiers import (
    begin_dossier,
    change_dossier,
    give_opinion,
    pass_step,
    return_dossier,
    submit_dossier,
    withdraw_dossier,
)
from meetings.before.procedures import agency_names, catalogue
from meetings.before.programme_reading import expected_of, read_entry
from meetings.before.programme_work import begin_entry_dossier
from meetings.before.scheduling import must_see
from meetings.before.uploads import ENDINGS
from meetings.language import N_
from meetings.rules.dossiers import DossierState
from meetings.rules.permissions import Actor, Right
from meetings.rules.refusals import Refused
from meetings.storage.tables import DossierOpinion, Item, Meeting
from meetings.storage.unit_of_work import Work
from meetings.web.calendar_tabs import reads_programmes
from meetings.web.dossier_words import (
    KINDS,
    STATES,
    VERDICTS,
    days_words,
    late_words,
    lateness,
    outline,
    taker_words,
    way,
)
from meetings.web.errors import STATUS, sentence
from meetings.web.file_intake import NotTaken
from meetings.web.forms import BLANK, Form, chosen_id, needed_id, sent_back, whole_number
from meetings.web.programme_words import period_words
from meetings.web.render import done, page
from meetings.web.request import MeetingsRequest

LABELS = {
    "title": ("title", N_("Title of the item")),
    "text": ("text", N_("What the body is asked to do")),
    "procedure": ("procedure", N_("Procedure")),
    "agency": ("agency", N_("Submitting agency")),
    "verdict": ("verdict", N_("Verdict")),
    "meeting": ("meeting", N_("Meeting")),
}
UNDER_WAY = (DossierState.RUNNING, DossierState.RETURNED, DossierState.AWAITING_CHAIR)
SHOWN: dict[str, tuple[str, Callable[[DossierLine], bool]]] = {
    "": (N_("All"), lambda line: True),
    "mine": (N_("Waiting for me"), lambda line: line.mine),
    "late": (N_("Late"), lambda line: line.late > 0),
    "open": (N_("Under way"), lambda line: line.dossier.state in UNDER_WAY),
    "accepted": (N_("Accepted"), lambda line: line.dossier.state == DossierState.ACCEPTED),
    "scheduled": (N_("On an agenda"), lambda line: line.dossier.state == DossierState.SCHEDULED),
}


@get("/dossiers", opt={"permission": Right.SIGNED_IN})
async def dossier_list(request: MeetingsRequest, show: FromQuery[str] = "") -> Response[str]:
    """What waits for the reader first, then what is late, each late step named."""
    async with request.house.store.reading() as reading:
        lines = await dossiers_for(reading, request.actor)
        expected = await expected_of(reading, request.actor)
    chosen = show if show in SHOWN else ""
    views = [
        (f"/dossiers?show={name}" if name else "/dossiers", label, name == chosen, sum(map(fits, lines)))
        for name, (label, fits) in SHOWN.items()
    ]
    shown = [line for line in lines if SHOWN[chosen][1](line)]
    return page(
        request, "before/dossiers.html", lines=lines, views=views, shown=[(line, lateness(line)) for line in shown],
        late=sum(line.late > 0 for line in lines), states=STATES, taker_words=taker_words, late_words=late_words,
        may_begin=request.actor.may(Right.CARRY_OUT), expected=expected, period_words=period_words,
        reads_programmes=reads_programmes(request.actor),
    )  # fmt: skip


@get("/dossiers/new", opt={"permission": Right.CARRY_OUT})
async def new_dossier(
    request: MeetingsRequest, procedure: FromQuery[str] = "", entry: FromQuery[str] = ""
) -> Response[str]:
    """The form for a draft; for an entry of the work programme with its words."""
    planned = chosen_id(entry)
    if planned is None:
        return await _new_page(request, Form({"procedure": procedure}) if procedure else BLANK)
    async with request.house.store.reading() as reading:
        line, _, _ = await read_entry(reading, request.actor, planned)
    words = {"entry": entry, "title": line.entry.title, "presenter": line.entry.supervisor}
    return await _new_page(request, Form(words))


@post("/dossiers/new", opt={"permission": Right.CARRY_OUT}, status_code=200)
async def new_dossier_submit(request: MeetingsRequest) -> Response[str] | Redirect:
    """Begin the draft; its documents are laid on its own page."""
    sent = await request.fields()
    try:
        async with request.house.store.work() as work:
            procedure = needed_id(sent.get("procedure", ""), "procedure")
            words = {name: sent.get(name, "") for name in ("title", "text", "presenter")}
            planned = chosen_id(sent.get("entry", ""))
            if planned:
                dossier = await begin_entry_dossier(
                    work, request.actor, entry=planned, procedure=procedure, **words
                )
            else:
                agency = needed_id(sent.get("agency", ""), "agency")
                dossier = await begin_dossier(
                    work, request.actor, procedure=procedure, agency=agency, **words
                )
    except Refused as refusal:
        return await _new_page(request, sent_back(sent, refusal, LABELS), STATUS.get(refusal.code, 409))
    return done(f"/dossiers/{dossier.id}", "dossier-begun")


async def _new_page(request: MeetingsRequest, form: Form, status_code: int = 200) -> Response[str]:
    async with request.house.store.reading() as reading:
        lines = [line for line in await catalogue(reading, request.actor) if line.row.in_use]
        names = await agency_names(reading)
    own = request.actor.agencies()
    return page(
        request, "before/dossier_new.html", status_code=status_code, form=form,
        procedures=[(str(line.row.id), f"{line.row.name} ({outline(line.procedure)})") for line in lines],
        agencies=[(str(agency), name) for agency, name in names.items() if agency in own],
    )  # fmt: skip


@get("/dossiers/{dossier:uuid}", opt={"permission": Right.SIGNED_IN})
async def read_dossier(request: MeetingsRequest, dossier: FromPath[UUID]) -> Response[str]:
    """One dossier: where it is, its documents, what happened, and what this reader can do now."""
    return await dossier_page(request, dossier)


async def dossier_page(
    request: MeetingsRequest,
    dossier: UUID,
    refusal: Refused | None = None,
    part: str = "",
    sent: dict[str, str] | None = None,
    refused_files: Sequence[NotTaken] = (),
) -> Response[str]:
    """The page of a dossier, with a refused form as it was sent."""
    async with request.house.store.reading() as reading:
        opened = await open_dossier(reading, request.actor, dossier)
        kept = opened.line.dossier
        held = await reading.get(Meeting, kept.meeting_id) if kept.meeting_id else None
        item = await reading.session.get(Item, kept.item_id) if kept.item_id else None
        meetings: list[tuple[Meeting, bool]] = []
        if "schedule" in opened.acts:
            offered = await meetings_for_dossier(reading, kept)
            lateness_of = [(one, await is_late(reading, kept, one)) for one in offered]
            meetings = [(one, late) for one, late in lateness_of if late or not one.agenda_frozen_at]
    form = sent_back(sent or {}, refusal, LABELS) if refusal else BLANK
    flashes = {"flashes": [("bad", sentence(refusal))]} if refusal else {}
    return page(
        request, "before/dossier.html", status_code=STATUS.get(refusal.code, 409) if refusal else 200, opened=opened,
        line=opened.line, dossier=kept, acts=opened.acts, state=STATES[DossierState(kept.state)],
        steps=way(opened.line), late=lateness(opened.line), held=held if held and _seen(request.actor, held) else None,
        item=item, meetings=meetings, kinds=KINDS, verdicts=VERDICTS, form=form, part=part, taker_words=taker_words,
        days=days_words, late_words=late_words, refused_files=refused_files,
        endings=",".join(ENDINGS), **flashes,
    )  # fmt: skip


def _seen(actor: Actor, meeting: Meeting) -> bool:
    try:
        must_see(actor, meeting)
    except Refused:
        return False
    return True


Act = Callable[[Work, Actor, UUID, dict[str, str]], Awaitable[object]]


async def _act(
    request: MeetingsRequest, dossier: UUID, part: str, code: str, act: Act, thing: UUID | None = None
) -> Response[Any] | Redirect:
    sent = await request.fields()
    try:
        async with request.house.store.work() as work:
            await act(work, request.actor, thing or dossier, sent)
    except Refused as refusal:
        if refusal.code in ("not-found", "sign-in-needed"):
            raise
        return await dossier_page(request, dossier, refusal, part, sent)
    return done(f"/dossiers/{dossier}", code)


@post("/dossiers/{dossier:uuid}/change", opt={"permission": Right.CARRY_OUT}, status_code=200)
async def change_submit(request: MeetingsRequest, dossier: FromPath[UUID]) -> Response[Any] | Redirect:
    """The agency changes its words."""

    async def act(work: Work, actor: Actor, one: UUID, sent: dict[str, str]) -> object:
        words = {name: sent.get(name, "") for name in ("title", "text", "presenter")}
        return await change_dossier(work, actor, one, **words)

    return await _act(request, dossier, "change", "saved", act)


@post("/dossiers/{dossier:uuid}/submit", opt={"permission": Right.CARRY_OUT}, status_code=200)
async def submit_submit(request: MeetingsRequest, dossier: FromPath[UUID]) -> Response[Any] | Redirect:
    """The agency hands it in."""
    return await _act(
        request,
        dossier,
        "submit",
        "dossier-submitted",
        lambda work, actor, one, _: submit_dossier(work, actor, one),
    )


@post("/dossiers/{dossier:uuid}/pass", opt={"permission": Right.SIGNED_IN}, status_code=200)
async def pass_submit(request: MeetingsRequest, dossier: FromPath[UUID]) -> Response[Any] | Redirect:
    """The step is done."""
    return await _act(
        request, dossier, "pass", "step-passed",
        lambda work, actor, one, sent: pass_step(work, actor, one, note=sent.get("note", "")),
    )  # fmt: skip


@post("/dossiers/{dossier:uuid}/return", opt={"permission": Right.SIGNED_IN}, status_code=200)
async def return_submit(request: MeetingsRequest, dossier: FromPath[UUID]) -> Response[Any] | Redirect:
    """Back to an earlier step or to the agency, with a reason."""

    async def act(work: Work, actor: Actor, one: UUID, sent: dict[str, str]) -> object:
        to = whole_number(sent.get("to", ""), "to")
        if to is None:
            raise Refused("dossier-return-to")
        return await return_dossier(work, actor, one, to=to, reason=sent.get("reason", ""))

    return await _act(request, dossier, "return", "dossier-returned", act)


@post("/dossiers/{dossier:uuid}/withdraw", opt={"permission": Right.CARRY_OUT}, status_code=200)
async def withdraw_submit(request: MeetingsRequest, dossier: FromPath[UUID]) -> Response[Any] | Redirect:
    """The agency takes it back for good."""
    return await _act(
        request, dossier, "withdraw", "withdrawn",
        lambda work, actor, one, sent: withdraw_dossier(work, actor, one, reason=sent.get("reason", "")),
    )  # fmt: skip


@post("/dossiers/opinions/{opinion:uuid}", opt={"permission": Right.SIGNED_IN}, status_code=200)
async def opinion_submit(request: MeetingsRequest, opinion: FromPath[UUID]) -> Response[Any] | Redirect:
    """An opinion is given."""
    async with request.house.store.reading() as reading:
        dossier = (await reading.get(DossierOpinion, opinion)).dossier_id
        await open_dossier(reading, request.actor, dossier)

    async def act(work: Work, actor: Actor, one: UUID, sent: dict[str, str]) -> object:
        if not sent.get("verdict"):
            raise Refused("field-missing", field="verdict")
        return await give_opinion(work, actor, one, verdict=sent["verdict"], text=sent.get("text", ""))

    return await _act(request, dossier, f"opinion-{opinion}", "dossier-opinion", act, opinion)


@post("/dossiers/{dossier:uuid}/agenda", opt={"permission": Right.PREPARE}, status_code=200)
async def agenda_submit(request: MeetingsRequest, dossier: FromPath[UUID]) -> Response[Any] | Redirect:
    """Onto an agenda; a late one waits for the chair."""

    async def act(work: Work, actor: Actor, one: UUID, sent: dict[str, str]) -> object:
        meeting = needed_id(sent.get("meeting", ""), "meeting")
        return await put_on_agenda(work, actor, one, meeting, reason=sent.get("reason", ""))

    answer = await _act(request, dossier, "agenda", "saved", act)
    sent = await request.fields()
    if isinstance(answer, Redirect) and sent.get("from") == "agenda":
        return done(f"/meetings/{needed_id(sent.get('meeting', ''), 'meeting')}/agenda", "saved")
    return answer


@post("/dossiers/{dossier:uuid}/take-off", opt={"permission": Right.PREPARE}, status_code=200)
async def take_off_submit(request: MeetingsRequest, dossier: FromPath[UUID]) -> Response[Any] | Redirect:
    """Off an agenda that is not published yet."""
    return await _act(
        request, dossier, "take-off", "saved",
        lambda work, actor, one, sent: take_off_agenda(work, actor, one, reason=sent.get("reason", "")),
    )  # fmt: skip


@post("/dossiers/{dossier:uuid}/admit", opt={"permission": Right.RUN_ROOM}, status_code=200)
async def admit_submit(request: MeetingsRequest, dossier: FromPath[UUID]) -> Response[Any] | Redirect:
    """The chair admits a late one."""
    return await _act(
        request,
        dossier,
        "admit",
        "dossier-admitted",
        lambda work, actor, one, _: admit_late(work, actor, one),
    )


@post("/dossiers/{dossier:uuid}/refuse-late", opt={"permission": Right.RUN_ROOM}, status_code=200)
async def refuse_late_submit(request: MeetingsRequest, dossier: FromPath[UUID]) -> Response[Any] | Redirect:
    """The chair does not admit it."""
    return await _act(
        request, dossier, "refuse-late", "saved",
        lambda work, actor, one, sent: refuse_late(work, actor, one, reason=sent.get("reason", "")),
    )  # fmt: skip


handlers = [
    dossier_list, new_dossier, new_dossier_submit, read_dossier, change_submit, submit_submit, pass_submit,
    return_submit, withdraw_submit, opinion_submit, agenda_submit, take_off_submit, admit_submit,
    refuse_late_submit,
]  # fmt: skip
