"""Consultations: the list, drafting, the page with question, papers and ballot, and what the chair sees of it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy import select

from meetings.before.consultation_agenda import meetings_ahead
from meetings.before.consultation_drafts import (
    change_consultation,
    draft_consultation,
    drafted,
    lay_consultation_paper,
    remove_consultation_paper,
)
from meetings.before.consultation_reading import consultation_paper, consultations_for, read_consultation
from meetings.before.opinions import missing_among
from meetings.before.paper_reading import CHECKED
from meetings.before.papers import Checked
from meetings.before.resumable import Purpose
from meetings.before.signed_opinions import can_sign
from meetings.before.uploads import REQUEST_LIMIT
from meetings.exchange.file_answer import document
from meetings.language import N_
from meetings.rules.consultations import ConsultationState
from meetings.rules.permissions import Right
from meetings.rules.refusals import Refused
from meetings.storage.tables import Body, Meeting
from meetings.web.consultation_views import (
    STATES,
    acts_for,
    choices_of,
    entered_of,
    number_of,
    numbers_of,
    voices_of,
)
from meetings.web.errors import STATUS, sentence
from meetings.web.file_intake import files_of, lay_each
from meetings.web.forms import BLANK, Form, needed_id, sent_back
from meetings.web.paper_files import sent as answered
from meetings.web.render import done, fragment, page
from meetings.web.request import MeetingsRequest

LABELS = {
    "body": ("body", N_("Body")),
    "title": ("title", N_("The question")),
    "text": ("text", N_("What is proposed")),
    "deadline": ("date", N_("The deadline")),
    "files": ("files", N_("Papers")),
    "comments": ("comment", N_("Comments")),
    "choice": ("choice", N_("Your opinion")),
    "reason": ("reason", N_("Reason")),
    "meeting": ("meeting", N_("Meeting")),
    "person": ("person", N_("Member")),
    "scan": ("scan", N_("Scan of the paper")),
    "passphrase": ("passphrase", N_("Passphrase of your signing key")),
}
ENDED = (ConsultationState.ANNOUNCED, ConsultationState.CONVERTED, ConsultationState.WITHDRAWN)


@get("/consultations", opt={"permission": Right.ATTEND})
async def consultation_list(request: MeetingsRequest) -> Response[str]:
    """What waits for one's own opinion, what is open, what is being prepared, and what is over."""
    async with request.house.store.reading() as reading:
        lines = await consultations_for(reading, request.actor)
    rising = list(reversed(lines))
    return page(
        request, "before/consultations.html", states=STATES,
        owed=[one for one in rising if one.waits],
        running=[one for one in rising if one.consultation.state == ConsultationState.OPEN and not one.waits],
        drafts=[one for one in rising if one.consultation.state == ConsultationState.DRAFT],
        closed=[one for one in lines if one.consultation.state == ConsultationState.CLOSED],
        ended=[one for one in lines if one.consultation.state in ENDED],
        may_draft=request.actor.may(Right.PREPARE),
    )  # fmt: skip


@get("/consultations/new", opt={"permission": Right.PREPARE})
async def new_consultation(request: MeetingsRequest) -> Response[str]:
    """The form for a new consultation."""
    return await _new_form(request, BLANK)


@post("/consultations/new", opt={"permission": Right.PREPARE}, status_code=200)
async def new_consultation_submit(request: MeetingsRequest) -> Response[str] | Redirect:
    """Draft it, then go on to its papers."""
    sent = await request.fields()
    try:
        async with request.house.store.work() as work:
            kept = await draft_consultation(
                work, request.actor, body=needed_id(sent.get("body", ""), "body"), title=sent.get("title", ""),
                text=sent.get("text", ""), closes=closes_in(sent), signed="signed" in sent,
            )  # fmt: skip
    except Refused as refusal:
        return await _new_form(request, sent_back(sent, _placed(refusal), LABELS), _status(refusal))
    return done(f"/consultations/{kept.id}", "consultation-drafted")


async def _new_form(request: MeetingsRequest, form: Form, status_code: int = 200) -> Response[str]:
    async with request.house.store.reading() as reading:
        wanted = request.actor.bodies(Right.PREPARE)
        found = await reading.session.scalars(select(Body).where(Body.id.in_(wanted)).order_by(Body.name))
        bodies = found.all()
    return page(
        request, "before/consultation_form.html", status_code=status_code, kept=None, bodies=bodies, form=form
    )


@get("/consultations/{consultation:uuid}/edit", opt={"permission": Right.PREPARE})
async def edit_consultation(request: MeetingsRequest, consultation: FromPath[UUID]) -> Response[str]:
    """The form for a draft."""
    return await _edit_form(request, consultation, BLANK)


@post("/consultations/{consultation:uuid}/edit", opt={"permission": Right.PREPARE}, status_code=200)
async def edit_consultation_submit(
    request: MeetingsRequest, consultation: FromPath[UUID]
) -> Response[str] | Redirect:
    """Correct the draft."""
    sent = await request.fields()
    try:
        async with request.house.store.work() as work:
            await change_consultation(
                work, request.actor, consultation, title=sent.get("title", ""), text=sent.get("text", ""),
                closes=closes_in(sent), signed="signed" in sent,
            )  # fmt: skip
    except Refused as refusal:
        return await _edit_form(
            request, consultation, sent_back(sent, _placed(refusal), LABELS), _status(refusal)
        )
    return done(f"/consultations/{consultation}", "saved")


async def _edit_form(
    request: MeetingsRequest, consultation: UUID, form: Form, status_code: int = 200
) -> Response[str]:
    async with request.house.store.reading() as reading:
        opened = await read_consultation(reading, request.actor, consultation)
    request.actor.must(Right.PREPARE, body=opened.body.id)
    return page(
        request, "before/consultation_form.html", status_code=status_code, kept=opened.consultation,
        bodies=[opened.body], form=form,
    )  # fmt: skip


@get("/consultations/{consultation:uuid}", opt={"permission": Right.ATTEND})
async def read_one(request: MeetingsRequest, consultation: FromPath[UUID]) -> Response[str]:
    """One consultation, with the reader's own ballot."""
    return await consultation_page(request, consultation)


async def consultation_page(
    request: MeetingsRequest,
    consultation: UUID,
    refusal: Refused | None = None,
    part: str = "",
    sent: dict[str, str] | None = None,
) -> Response[str]:
    """The page; after a refused act with the reason, and what was typed in the `part` of the page it came from."""
    facts = await _facts(request, consultation)
    form = sent_back(sent or {}, _placed(refusal), LABELS) if refusal else BLANK
    flashes = {"flashes": [("bad", sentence(refusal))]} if refusal and form.error() else {}
    return page(
        request, "before/consultation.html", status_code=_status(refusal) if refusal else 200, form=form, part=part,
        key=(sent or {}).get("key") or str(uuid4()), **facts, **flashes,
    )  # fmt: skip


@get("/consultations/{consultation:uuid}/answers", opt={"permission": Right.ATTEND})
async def answers_now(request: MeetingsRequest, consultation: FromPath[UUID]) -> Response[str]:
    """The numbers and names as they stand, for the chair and the secretaries; open pages ask for them again."""
    facts = await _facts(request, consultation)
    if not facts["opened"].insider:
        raise Refused("forbidden")
    return fragment(request, "before/consultation_answers.html", **facts)


async def _facts(request: MeetingsRequest, consultation: UUID) -> dict[str, Any]:
    async with request.house.store.reading() as reading:
        opened = await read_consultation(reading, request.actor, consultation)
        possible = acts_for(request.actor, opened)
        ahead: Sequence[Meeting] = ()
        if "convert" in possible:
            ahead = await meetings_ahead(reading, opened.body.id)
        keyed = opened.consultation.signed and await can_sign(
            reading, request.actor, request.house.settings.keys_dir
        )
    labels = {code: label for code, label, _ in choices_of(opened)}
    return {
        "opened": opened, "kept": opened.consultation, "acts": possible, "ahead": ahead,
        "choices": choices_of(opened), "own_choice": labels.get(opened.own.choice, "") if opened.own else "",
        "numbers": numbers_of(opened), "voices": voices_of(opened), "state": STATES[opened.consultation.state],
        "number": number_of(opened), "keyed": keyed, "entered": entered_of(opened, request.actor),
        "enterable": [one for one in missing_among(opened.answers) if one.person != request.actor.person],
    }  # fmt: skip


@get("/consultations/{consultation:uuid}/papers/{paper:uuid}", opt={"permission": Right.ATTEND})
async def read_consultation_paper(
    request: MeetingsRequest, consultation: FromPath[UUID], paper: FromPath[UUID]
) -> Response[str]:
    """A paper in the page."""
    async with request.house.store.reading() as reading:
        kept, found = await consultation_paper(reading, request.actor, consultation, paper)
    return page(request, "before/consultation_paper.html", kept=kept, paper=found)


@get("/consultations/{consultation:uuid}/papers/{paper:uuid}/file", opt={"permission": Right.ATTEND})
async def consultation_file(
    request: MeetingsRequest, consultation: FromPath[UUID], paper: FromPath[UUID]
) -> Response[Any]:
    """The PDF itself; what the browser has is not sent again."""
    store = request.house.store
    async with store.reading() as reading:
        _, found = await consultation_paper(reading, request.actor, consultation, paper)
    return answered(
        await document(store.files, found.sha256, request.headers, filename=found.filename, headers=CHECKED)
    )


@post(
    "/consultations/{consultation:uuid}/papers",
    opt={"permission": Right.PREPARE},
    status_code=200,
    request_max_body_size=REQUEST_LIMIT,
)
async def lay_submit(request: MeetingsRequest, consultation: FromPath[UUID]) -> Response[str] | Redirect:
    """Lay files before those who will be asked; the right is asked before any byte is looked at."""
    try:
        async with request.house.store.work() as work:
            await drafted(work, request.actor, consultation)
        files = await files_of(request, "files")

        async def lay(checked: Checked) -> None:
            async with request.house.store.work() as work:
                await lay_consultation_paper(work, request.actor, consultation, checked)

        for refused in await lay_each(request, files, Purpose.CONSULTATION, consultation, lay):
            raise refused.refusal
    except Refused as refusal:
        refusal.facts.setdefault("field", "files")
        return await consultation_page(request, consultation, refusal, "papers")
    return done(f"/consultations/{consultation}#papers", "laid")


@post(
    "/consultations/{consultation:uuid}/papers/{paper:uuid}/remove",
    opt={"permission": Right.PREPARE},
    status_code=200,
)
async def remove_submit(
    request: MeetingsRequest, consultation: FromPath[UUID], paper: FromPath[UUID]
) -> Response[str] | Redirect:
    """Take a paper away from a draft."""
    try:
        async with request.house.store.work() as work:
            await remove_consultation_paper(work, request.actor, consultation, paper)
    except Refused as refusal:
        return await consultation_page(request, consultation, refusal)
    return done(f"/consultations/{consultation}#papers", "removed")


def closes_in(sent: dict[str, str]) -> str:
    """Date and time as they stand in the form."""
    if not sent.get("date") or not sent.get("time"):
        raise Refused("field-missing", field="deadline")
    return f"{sent['date']}T{sent['time']}"


def _placed(refusal: Refused) -> Refused:
    """What is said of the deadline or of missing words belongs to its input."""
    places = {"deadline-past": "deadline", "deadline-not-later": "deadline", "opinion-words": "comments"}
    if refusal.code in places:
        refusal.facts.setdefault("field", places[refusal.code])
    if refusal.code == "reason-missing":
        refusal.facts.setdefault("field", "reason")
    return refusal


def _status(refusal: Refused) -> int:
    return STATUS.get(refusal.code, 409)


handlers = [
    consultation_list, new_consultation, new_consultation_submit, edit_consultation, edit_consultation_submit,
    read_one, answers_now, read_consultation_paper, consultation_file, lay_submit, remove_submit,
]  # fmt: skip
