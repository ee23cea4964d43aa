"""Guests without an account: inviting them, and the one page that they see."""

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.datastructures import Cookie
from litestar.params import FromPath
from litestar.response import Redirect

from meetings.before.agenda import agenda_of
from meetings.before.guests import (
    Visit,
    earlier_groups,
    invite_guests,
    letter_for,
    open_letter,
    read_guests,
    reply_as_guest,
    visit,
    withdraw_guest,
    write_again,
)
from meetings.before.notice_document import notice_for_guest
from meetings.before.scheduling import open_to
from meetings.language import N_, speak
from meetings.pdf.notice import render as render_notice
from meetings.pdf.workers import in_worker
from meetings.rules.lifecycle import MeetingState
from meetings.rules.permissions import Right
from meetings.rules.refusals import Refused
from meetings.rules.visibility import Audience
from meetings.storage.tables import Guest
from meetings.web.errors import STATUS
from meetings.web.forms import BLANK, Form, chosen_id, sent_back
from meetings.web.places import places_of
from meetings.web.render import done, page
from meetings.web.replies import pdf_answer
from meetings.web.request import MeetingsRequest

GUEST_COOKIE = "meetings_guest"
LABELS = {
    "name": ("guests", N_("The name")),
    "answer": ("answer", N_("The answer")),
    "reason": ("reason", N_("The reason")),
}
SHUT = frozenset({"link-used", "guest-cancelled", "guest-over"})
ANSWERS = {"accept": N_("I take part"), "decline": N_("I do not take part")}


@get("/letters/guest/{row:uuid}/{code:str}", opt={"permission": Right.ANYONE})
async def guest_letter(request: MeetingsRequest, row: FromPath[UUID], code: FromPath[str]) -> Response[str]:
    """What a guest's link leads to: one button. Looking uses nothing up."""
    async with request.house.store.reading() as reading:
        held = await letter_for(reading, row, code, secret=request.house.settings.secret_key)
        guest = await reading.get(Guest, row)
    return page(
        request,
        "before/guest_letter.html",
        guest=guest,
        held=held,
        csrf=request.csrf,
        address=f"/letters/guest/{row}/{code}",
    )


@post("/letters/guest/{row:uuid}/{code:str}", opt={"permission": Right.ANYONE}, status_code=200)
async def guest_letter_taken(request: MeetingsRequest, row: FromPath[UUID], code: FromPath[str]) -> Redirect:
    """Take the link: this browser is the guest's from now on."""
    house = request.house
    async with house.store.work() as work:
        _, secret = await open_letter(work, row, code, secret=house.settings.secret_key)
    cookie = Cookie(
        key=GUEST_COOKIE, value=secret, httponly=True, samesite="lax", path="/guest", max_age=90 * 24 * 3600,
        secure=house.settings.secure_cookies,
    )  # fmt: skip
    return Redirect("/guest", status_code=303, cookies=[cookie])


@get("/guest", opt={"permission": Right.ANYONE})
async def guest_page(request: MeetingsRequest) -> Response[str]:
    """The meeting and the guest's own item."""
    return await _guest_page(request, BLANK)


@get("/guest/notice.pdf", opt={"permission": Right.ANYONE})
async def guest_notice(request: MeetingsRequest) -> Response[bytes]:
    """The notice as a document, addressed to the guest."""
    async with request.house.store.reading() as reading:
        document = await notice_for_guest(reading, await visit(reading, _cookie(request)))
    return pdf_answer(await in_worker(render_notice, document))


@post("/guest/reply", opt={"permission": Right.ANYONE}, status_code=200)
async def guest_reply(request: MeetingsRequest) -> Response[str] | Redirect:
    """A guest takes part or does not."""
    sent = await request.fields()
    try:
        async with request.house.store.work() as work:
            await reply_as_guest(
                work, _cookie(request), answer=sent.get("answer", ""), reason=sent.get("reason", "")
            )
    except Refused as refusal:
        if refusal.code in SHUT:
            raise
        form = sent_back(sent, refusal, LABELS)
        return await _guest_page(request, form, STATUS.get(refusal.code, 409))
    return done("/guest", "replied")


async def _guest_page(request: MeetingsRequest, form: Form, status_code: int = 200) -> Response[str]:
    async with request.house.store.reading() as reading:
        seen = await visit(reading, _cookie(request))
    if "meetings_language" not in request.cookies:
        speak(seen.guest.language, request.house.settings.timezone)
    return page(
        request, "before/guest.html", status_code=status_code, seen=seen, form=form, answers=ANSWERS,
        open=_open(seen), csrf=request.csrf,
    )  # fmt: skip


def _open(seen: Visit) -> bool:
    return seen.meeting.state == MeetingState.PUBLISHED


def _cookie(request: MeetingsRequest) -> str:
    return request.cookies.get(GUEST_COOKIE, "")


@get("/meetings/{meeting:uuid}/guests/new", opt={"permission": Right.PREPARE})
async def new_guests(request: MeetingsRequest, meeting: FromPath[UUID]) -> Response[str]:
    """The form for inviting guests."""
    return await _form(request, meeting, BLANK)


@post("/meetings/{meeting:uuid}/guests", opt={"permission": Right.PREPARE}, status_code=200)
async def invite(request: MeetingsRequest, meeting: FromPath[UUID]) -> Response[str] | Redirect:
    """Invite guests, one a line."""
    sent = await request.fields()
    try:
        async with request.house.store.work() as work:
            await invite_guests(
                work, request.actor, meeting, read_guests(sent.get("guests", "")),
                item=chosen_id(sent.get("item", "")), group=sent.get("group", ""),
            )  # fmt: skip
    except Refused as refusal:
        form = sent_back(sent, refusal, LABELS)
        return await _form(request, meeting, form, STATUS.get(refusal.code, 409))
    return done(f"/meetings/{meeting}/replies#guests-title", "invited")


async def _form(request: MeetingsRequest, meeting: UUID, form: Form, status_code: int = 200) -> Response[Any]:
    group = request.query_params.get("group", "")
    async with request.house.store.reading() as reading:
        held = await open_to(reading, request.actor, meeting)
        request.actor.must(Right.PREPARE, body=held.body_id)
        items = [
            (item.id, f"{item.number} {item.title}")
            for item in await agenda_of(reading, meeting, audience=Audience.MEMBERS)
        ]
        groups = await earlier_groups(reading, held)
    lines = "\n".join(f"{one.name}; {one.post}; {one.email}" for one in groups.get(group, []))
    return page(
        request, "before/guest_form.html", status_code=status_code, held=held, items=items, groups=groups,
        group=group if group in groups else "", lines=lines, form=form,
        meeting_pages=places_of(request.actor, held, ""),
    )  # fmt: skip


@post("/guests/{guest:uuid}/withdraw", opt={"permission": Right.PREPARE}, status_code=200)
async def withdraw(request: MeetingsRequest, guest: FromPath[UUID]) -> Redirect:
    """No longer invited."""
    async with request.house.store.work() as work:
        row = await withdraw_guest(work, request.actor, guest)
    return done(f"/meetings/{row.meeting_id}/replies#guests-title", "withdrawn")


@post("/guests/{guest:uuid}/write", opt={"permission": Right.PREPARE}, status_code=200)
async def write(request: MeetingsRequest, guest: FromPath[UUID]) -> Redirect:
    """Another letter with a new link."""
    async with request.house.store.work() as work:
        row = await write_again(work, request.actor, guest)
    return done(f"/meetings/{row.meeting_id}/replies#guests-title", "written")


handlers = [
    guest_letter, guest_letter_taken, guest_page, guest_notice, guest_reply, new_guests, invite, withdraw, write,
]  # fmt: skip
