"""Replies to the notice: from the letter's link, from the house, and the secretary's overview of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from meetings.before.guests import guests_of
from meetings.before.notice_document import notice_for
from meetings.before.reminding import remind_missing
from meetings.before.replies import (
    OwnReply,
    by_link,
    decide_substitute,
    own_reply,
    replies_of,
    reply,
    reply_by_link,
    shown_reply,
)
from meetings.before.scheduling import open_to
from meetings.before.substitutes import nameable
from meetings.language import N_
from meetings.pdf.notice import render as render_notice
from meetings.pdf.workers import in_worker
from meetings.rules.lifecycle import MeetingState
from meetings.rules.permissions import Right, must_be_insider
from meetings.rules.refusals import Refused
from meetings.storage.tables import Body, Meeting
from meetings.storage.unit_of_work import Reading
from meetings.web.errors import STATUS
from meetings.web.forms import BLANK, Form, chosen_id, sent_back
from meetings.web.places import places_of
from meetings.web.render import done, page
from meetings.web.request import MeetingsRequest, uuid_of

ANSWERS = {
    "accept": N_("Takes part"),
    "decline": N_("Does not take part"),
    "substitute": N_("Names a substitute"),
}
"""Answers as the overview calls them."""
OWN_ANSWERS = {
    "accept": N_("I take part"),
    "decline": N_("I do not take part"),
    "substitute": N_("I name a substitute"),
}
LABELS = {
    "answer": ("answer", N_("The answer")),
    "reason": ("reason", N_("The reason")),
    "substitute": ("substitute", N_("The substitute")),
}
SHUT = frozenset({"link-used"})


@dataclass(frozen=True, slots=True)
class Counts:
    """How many have answered what."""

    seats: int
    accept: int
    decline: int
    substitute: int
    missing: int


@get("/letters/reply/{row:uuid}/{code:str}", opt={"permission": Right.ANYONE})
async def letter_page(request: MeetingsRequest, row: FromPath[UUID], code: FromPath[str]) -> Response[str]:
    """What a letter's link opens. Looking uses nothing up: mail programs look at links by themselves."""
    return await _letter(request, row, code, BLANK)


@post("/letters/reply/{row:uuid}/{code:str}", opt={"permission": Right.ANYONE}, status_code=200)
async def letter_submit(request: MeetingsRequest, row: FromPath[UUID], code: FromPath[str]) -> Response[str]:
    """Reply without signing in."""
    sent = await request.fields()
    try:
        async with request.house.store.work() as work:
            kept = await reply_by_link(
                work, row, code, secret=request.house.settings.secret_key, answer=sent.get("answer", ""),
                reason=sent.get("reason", ""), substitute=chosen_id(sent.get("substitute", "")),
            )  # fmt: skip
    except Refused as refusal:
        if refusal.code in SHUT:
            raise
        return await _letter(
            request, row, code, _back(sent, refusal), status_code=STATUS.get(refusal.code, 409)
        )
    async with request.house.store.reading() as reading:
        own = await shown_reply(reading, kept)
    return page(
        request, "before/reply_letter.html", **_shown(own, BLANK, [], given=True), address="", csrf=""
    )


async def _letter(
    request: MeetingsRequest, row: UUID, code: str, form: Form, status_code: int = 200
) -> Response[str]:
    secret = request.house.settings.secret_key
    async with request.house.store.reading() as reading:
        own = await shown_reply(reading, await by_link(reading, row, code, secret=secret))
        free = await _free(reading, own)
    address = f"/letters/reply/{row}/{code}"
    shown = _shown(own, form, free)
    return page(
        request,
        "before/reply_letter.html",
        status_code=status_code,
        **shown,
        address=address,
        csrf=request.csrf,
    )


@get("/meetings/{meeting:uuid}/reply", opt={"permission": Right.ATTEND})
async def own_reply_page(request: MeetingsRequest, meeting: FromPath[UUID]) -> Response[str]:
    """One's own reply."""
    return await _own(request, meeting, BLANK)


@post("/meetings/{meeting:uuid}/reply", opt={"permission": Right.ATTEND}, status_code=200)
async def own_reply_submit(request: MeetingsRequest, meeting: FromPath[UUID]) -> Response[str] | Redirect:
    """Reply from the house."""
    sent = await request.fields()
    try:
        async with request.house.store.work() as work:
            await reply(work, request.actor, meeting, **_wanted(sent))
    except Refused as refusal:
        return await _own(request, meeting, _back(sent, refusal), STATUS.get(refusal.code, 409))
    return done(f"/meetings/{meeting}", "replied")


async def _own(request: MeetingsRequest, meeting: UUID, form: Form, status_code: int = 200) -> Response[str]:
    async with request.house.store.reading() as reading:
        held = await open_to(reading, request.actor, meeting)
        own = await own_reply(reading, request.actor.person, held)
        if own is None:
            raise Refused("reply-not-asked")
        free = await _free(reading, own)
    shown = _shown(own, form, free)
    return page(
        request, "before/reply.html", status_code=status_code, **shown,
        address=f"/meetings/{meeting}/reply", csrf=request.csrf, meeting_pages=places_of(request.actor, held, ""),
    )  # fmt: skip


@get("/meetings/{meeting:uuid}/notice.pdf", opt={"permission": Right.ATTEND})
async def notice_pdf(request: MeetingsRequest, meeting: FromPath[UUID]) -> Response[bytes]:
    """The notice as a document (form 1.7), for this reader."""
    async with request.house.store.reading() as reading:
        held = await open_to(reading, request.actor, meeting)
        document = await notice_for(reading, request.actor, held)
    return pdf_answer(await in_worker(render_notice, document))


def pdf_answer(content: bytes) -> Response[bytes]:
    """A notice to be looked at; it names its reader and is kept by nobody between."""
    headers = {"content-disposition": 'inline; filename="notice.pdf"', "cache-control": "no-store"}
    return Response(content, media_type="application/pdf", headers=headers)


@get("/meetings/{meeting:uuid}/replies", opt={"permission": Right.ATTEND})
async def replies_page(request: MeetingsRequest, meeting: FromPath[UUID]) -> Response[str]:
    """Who takes part, who does not and why, whose letter did not arrive, which substitute waits for the chair."""
    async with request.house.store.reading() as reading:
        held = await open_to(reading, request.actor, meeting)
        must_be_insider(request.actor, held.body_id)
        return await _overview(request, reading, held)


@post("/meetings/{meeting:uuid}/replies", opt={"permission": Right.PREPARE}, status_code=200)
async def enter_reply(request: MeetingsRequest, meeting: FromPath[UUID]) -> Redirect:
    """Enter what a member said on the telephone or on paper."""
    sent = await request.fields()
    async with request.house.store.work() as work:
        await reply(work, request.actor, meeting, member=uuid_of(sent.get("member", "")), **_wanted(sent))
    return done(f"/meetings/{meeting}/replies", "saved")


@post("/meetings/{meeting:uuid}/replies/remind", opt={"permission": Right.PREPARE}, status_code=200)
async def remind(request: MeetingsRequest, meeting: FromPath[UUID]) -> Redirect:
    """Ask everybody again who has not replied."""
    async with request.house.store.work() as work:
        await remind_missing(work, request.actor, meeting)
    return done(f"/meetings/{meeting}/replies", "asked-again")


@post("/replies/{row:uuid}/substitute", opt={"permission": Right.RUN_ROOM}, status_code=200)
async def substitute_decision(request: MeetingsRequest, row: FromPath[UUID]) -> Redirect:
    """The chair agrees to a substitute or does not."""
    sent = await request.fields()
    async with request.house.store.work() as work:
        kept = await decide_substitute(work, request.actor, row, agree=sent.get("agree") == "yes")
    return done(f"/meetings/{kept.meeting_id}/replies", "saved")


async def _overview(request: MeetingsRequest, reading: Reading, held: Meeting) -> Response[str]:
    rows = await replies_of(reading, held.id)
    body = await reading.get(Body, held.body_id)
    actor = request.actor

    def count(answer: str) -> int:
        return sum(row.answer == answer for row in rows)

    counts = Counts(len(rows), count("accept"), count("decline"), count("substitute"), count(""))
    return page(
        request, "before/replies.html", held=held, body=body, replies=rows, counts=counts, answers=ANSWERS,
        guests=await guests_of(reading, held.id), may_prepare=actor.may(Right.PREPARE, body=held.body_id),
        may_run=actor.may(Right.RUN_ROOM, body=held.body_id), open=held.state == MeetingState.PUBLISHED,
        meeting_pages=places_of(actor, held, "replies"),
    )  # fmt: skip


async def _free(reading: Reading, own: OwnReply) -> list[tuple[UUID, str]]:
    """Who could be named as substitute."""
    return [(one.id, one.name) for one in await nameable(reading, own.meeting)] if own.open else []


def _shown(own: OwnReply, form: Form, free: list[tuple[UUID, str]], *, given: bool = False) -> dict[str, Any]:
    answers = {code: word for code, word in OWN_ANSWERS.items() if code != "substitute" or free}
    return {"own": own, "form": form, "free": free, "answers": answers, "words": OWN_ANSWERS, "given": given}


def _wanted(sent: Mapping[str, str]) -> dict[str, Any]:
    return {
        "answer": sent.get("answer", ""),
        "reason": sent.get("reason", ""),
        "substitute": chosen_id(sent.get("substitute", "")),
    }


def _back(sent: Mapping[str, str], refusal: Refused) -> Form:
    if refusal.code == "reason-missing":
        refusal = Refused("field-missing", field="reason")
    return sent_back(sent, refusal, LABELS)


handlers = [
    notice_pdf, letter_page, letter_submit, own_reply_page, own_reply_submit, replies_page, enter_reply, remind,
    substitute_decision,
]  # fmt: skip
