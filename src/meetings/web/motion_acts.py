"""Motions move: from the room by members, from the cockpit and their own page by the chair and the secretaries."""

import re
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from meetings import language
from meetings.before.scheduling import open_to
from meetings.before.visibility import must_see_item
from meetings.during.amendments import place_amendment, reword_motion
from meetings.during.consent import draft_consent, take_out
from meetings.during.divisions import divide_motion
from meetings.during.motions import AMENDMENT, move_motion, second_motion, withdraw_motion
from meetings.during.stage import stage_of
from meetings.during.voting import draft_poll
from meetings.language import N_
from meetings.rules.permissions import Right, is_insider
from meetings.rules.refusals import Refused
from meetings.storage.tables import Item, Meeting, Motion, Poll
from meetings.storage.unit_of_work import Reading, Work
from meetings.web.chair import rules_in_force, show_board
from meetings.web.forms import BLANK, Form, chosen_id, sent_back
from meetings.web.motions import cockpit_part, motions_board
from meetings.web.places import places_of
from meetings.web.render import done, fragment, page
from meetings.web.request import MeetingsRequest, uuid_of
from meetings.web.room import desk_part
from meetings.web.room_own import own_answer
from meetings.web.stage import live_of

BOARD = "during/motions_board.html"
FORM = "during/motion_form.html"
LABELS = {"title": ("title", N_("Title")), "text": ("text", N_("Text"))}
PART_BREAK = re.compile(r"\n\s*\n")


@get("/meetings/{meeting:uuid}/motions", opt={"permission": Right.ATTEND})
async def motions_page(request: MeetingsRequest, meeting: FromPath[UUID]) -> Response[str]:
    """Every motion of the meeting with the acts of the chair and the secretaries."""
    async with request.house.store.reading() as reading:
        board = await _clerks_board(reading, request, meeting)
        stage = await stage_of(reading, board["held"])
    return page(
        request, "during/motions.html", title=language.gettext(N_("Motions")), meeting=meeting, seq=stage.seq,
        live=live_of(stage), meeting_pages=places_of(request.actor, board["held"], "motions"), **board,
    )  # fmt: skip


@get("/meetings/{meeting:uuid}/motions/board", opt={"permission": Right.ATTEND})
async def motions_part(request: MeetingsRequest, meeting: FromPath[UUID]) -> Response[str]:
    """The list alone, fetched anew when something changes."""
    async with request.house.store.reading() as reading:
        board = await _clerks_board(reading, request, meeting)
    return fragment(request, BOARD, meeting=meeting, **board)


@get("/items/{item:uuid}/motions/new", opt={"permission": Right.ATTEND})
async def motion_form(
    request: MeetingsRequest, item: FromPath[UUID], amends: FromQuery[UUID | None] = None
) -> Response[str]:
    """Word a motion, or an amendment: the text to be changed stands there already."""
    return await _form(request, item, amends=amends)


@post("/items/{item:uuid}/motions/new", opt={"permission": Right.ATTEND}, status_code=200)
async def motion_submit(request: MeetingsRequest, item: FromPath[UUID]) -> Response[str] | Redirect:
    """Move it."""
    sent = await request.fields()
    amends = chosen_id(sent.get("amends", ""))
    try:
        async with request.house.store.work() as work:
            moved = await move_motion(
                work, request.actor, item, title=sent.get("title", ""), text=sent.get("text", ""),
                kind=sent.get("kind", "substantive"), mover=sent.get("mover", ""), amends=amends,
            )  # fmt: skip
    except Refused as refusal:
        return await _form(request, item, amends=amends, form=_again(sent, refusal))
    return done(_back(moved.meeting_id, sent), "saved")


@get("/motions/{motion:uuid}/reword", opt={"permission": Right.ATTEND})
async def reword_form(request: MeetingsRequest, motion: FromPath[UUID]) -> Response[str]:
    """Word an amendment anew on the text as it reads now."""
    async with request.house.store.reading() as reading:
        kept = await reading.get(Motion, motion)
    return await _form(request, kept.item_id, amends=kept.amends_id, rewords=kept)


@post("/motions/{motion:uuid}/reword", opt={"permission": Right.ATTEND}, status_code=200)
async def reword_submit(request: MeetingsRequest, motion: FromPath[UUID]) -> Response[str] | Redirect:
    """Take the new words."""
    sent = await request.fields()
    try:
        async with request.house.store.work() as work:
            kept = await reword_motion(work, request.actor, motion, text=sent.get("text", ""))
    except Refused as refusal:
        async with request.house.store.reading() as reading:
            kept = await reading.get(Motion, motion)
        return await _form(
            request, kept.item_id, amends=kept.amends_id, rewords=kept, form=_again(sent, refusal)
        )
    return done(_back(kept.meeting_id, sent), "saved")


@post("/motions/{motion:uuid}/second", opt={"permission": Right.ATTEND}, status_code=200)
async def second(request: MeetingsRequest, motion: FromPath[UUID]) -> Response[str] | Redirect:
    """Second it oneself, or record who did by word of mouth."""
    fields = await request.fields()
    person = chosen_id(fields.get("person", ""))
    return await _acted(request, lambda work: second_motion(work, request.actor, motion, person=person))


@post("/motions/{motion:uuid}/withdraw", opt={"permission": Right.ATTEND}, status_code=200)
async def withdraw(request: MeetingsRequest, motion: FromPath[UUID]) -> Response[str] | Redirect:
    """Take it back."""
    reason = (await request.fields()).get("reason", "")
    return await _acted(request, lambda work: withdraw_motion(work, request.actor, motion, reason=reason))


@post("/motions/{motion:uuid}/place", opt={"permission": Right.ATTEND}, status_code=200)
async def place(request: MeetingsRequest, motion: FromPath[UUID]) -> Response[str] | Redirect:
    """Put an amendment one place earlier or later."""
    step = -1 if (await request.fields()).get("move") == "up" else 1

    async def act(work: Work) -> Motion:
        kept = await work.get(Motion, motion)
        await place_amendment(work, request.actor, motion, position=max(0, kept.position + step))
        return kept

    return await _acted(request, act)


@post("/motions/{motion:uuid}/divide", opt={"permission": Right.ATTEND}, status_code=200)
async def divide(request: MeetingsRequest, motion: FromPath[UUID]) -> Response[str] | Redirect:
    """Divide it where the text has empty lines."""
    text = (await request.fields()).get("text", "").replace("\r\n", "\n")
    texts = [part.strip() for part in PART_BREAK.split(text) if part.strip()]

    async def act(work: Work) -> Motion:
        whole = await work.get(Motion, motion)
        titled = [
            (language.text(N_("{title} (part {number})"), title=whole.title, number=number), part)
            for number, part in enumerate(texts, start=1)
        ]
        await divide_motion(work, request.actor, motion, titled)
        return whole

    return await _acted(request, act)


@post("/motions/{motion:uuid}/put", opt={"permission": Right.ATTEND}, status_code=200)
async def put(request: MeetingsRequest, motion: FromPath[UUID]) -> Response[str] | Redirect:
    """Prepare the vote on it by the body's usual rule."""

    async def act(work: Work) -> Motion:
        kept = await work.get(Motion, motion)
        await draft_poll(work, request.actor, kept.item_id, motion=motion)
        return kept

    return await _acted(request, act)


@post("/meetings/{meeting:uuid}/consent", opt={"permission": Right.ATTEND}, status_code=200)
async def consent(request: MeetingsRequest, meeting: FromPath[UUID]) -> Response[str] | Redirect:
    """Prepare one vote on the motions that were marked."""
    fields = await request.fields()
    marked = [uuid_of(name.removeprefix("motion-")) for name in fields if name.startswith("motion-")]
    return await _acted(
        request,
        lambda work: draft_consent(
            work, request.actor, meeting, marked, title=fields.get("title", ""), rule=fields.get("rule") or None,
            secret=fields.get("secret") == "yes",
        ),
    )  # fmt: skip


@post("/polls/{poll:uuid}/take-out", opt={"permission": Right.ATTEND}, status_code=200)
async def take_one_out(request: MeetingsRequest, poll: FromPath[UUID]) -> Response[str] | Redirect:
    """Take a motion out of a group."""
    fields = await request.fields()
    motion = uuid_of(fields.get("motion", ""))
    asked_by = fields.get("asked_by", "")
    return await _acted(request, lambda work: take_out(work, request.actor, poll, motion, asked_by=asked_by))


async def _acted(
    request: MeetingsRequest, act: Callable[[Work], Awaitable[Motion | Poll]]
) -> Response[str] | Redirect:
    """Do it, then show the part of the page that the form stands in: the room, the cockpit, or the motions' page."""
    fields = await request.fields()
    async with request.house.store.work() as work:
        meeting = (await act(work)).meeting_id
    if fields.get("from") == "chair":
        return await show_board(request, meeting)
    if not request.partial:
        return done(_back(meeting, fields), "saved")
    if fields.get("from") == "room":
        return await own_answer(request, meeting)
    async with request.house.store.reading() as reading:
        board = await _clerks_board(reading, request, meeting)
    return fragment(request, BOARD, meeting=meeting, **board)


def _back(meeting: UUID, fields: dict[str, str]) -> str:
    places = {"chair": "chair", "motions": "motions"}
    return f"/meetings/{meeting}/{places.get(fields.get('from', ''), 'room')}"


async def _clerks_board(reading: Reading, request: MeetingsRequest, meeting: UUID) -> dict[str, Any]:
    found = await open_to(reading, request.actor, meeting)
    if not is_insider(request.actor, found.body_id):
        raise Refused("forbidden")
    stage = await stage_of(reading, found)
    in_hand = await cockpit_part(reading, request.actor, stage)
    board = await motions_board(reading, found)
    return {**in_hand, **board, "held": found, "stage": stage, "rules": rules_in_force(stage), "next": None}


async def _form(
    request: MeetingsRequest,
    item: UUID,
    *,
    amends: UUID | None,
    rewords: Motion | None = None,
    form: Form = BLANK,
) -> Response[str]:
    async with request.house.store.reading() as reading:
        under = await reading.get(Item, item)
        found: Meeting = await open_to(reading, request.actor, under.meeting_id)
        await must_see_item(reading, request.actor, item)
        changed = await reading.get(Motion, amends) if amends else None
        if (
            changed is not None and changed.item_id != item
        ):  # its text may be of a meeting that is not for this reader
            raise Refused("motion-unknown")
        stage = await stage_of(reading, found)
    desk = desk_part(await request.house.rooms.desk(request.actor, found.id), request.actor)
    title = _title(changed, rewords)
    return page(
        request, FORM, status_code=422 if form.errors else 200, meeting=found.id, seq=stage.seq,
        live=live_of(stage), title=title, under=under, changed=changed, rewords=rewords, form=form,
        clerk=is_insider(request.actor, found.body_id), place=request.query_params.get("from", form.value("from")),
        address=f"/motions/{rewords.id}/reword" if rewords else f"/items/{item}/motions/new",
        kinds=[
            ("substantive", language.gettext(N_("Substantive: adopted, it becomes a resolution"))),
            ("procedural", language.gettext(N_("Procedural: how the meeting goes on"))),
        ],
        suggested=language.text(N_("Amendment: {title}"), title=changed.title) if changed else "",
        amendment=AMENDMENT, **desk,
    )  # fmt: skip


def _again(sent: dict[str, str], refusal: Refused) -> Form:
    """The form with what was written in it; who has no business here is told so instead."""
    if refusal.code in ("forbidden", "not-found"):
        raise refusal
    return sent_back(sent, refusal, LABELS)


def _title(changed: Motion | None, rewords: Motion | None) -> str:
    if rewords:
        return language.gettext(N_("Word the amendment anew"))
    return language.gettext(N_("Move an amendment") if changed else N_("Move a motion"))


handlers = [
    motions_page, motions_part, motion_form, motion_submit, reword_form, reword_submit, second,
    withdraw, place, divide, put, consent, take_one_out,
]  # fmt: skip
