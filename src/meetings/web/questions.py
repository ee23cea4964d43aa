"""The page of the questions: slips are handed in, corrected, withdrawn; the secretary lists them for question time."""

import json
from collections.abc import Awaitable, Callable, Iterable
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy import select

from meetings import language
from meetings.before.scheduling import open_to
from meetings.before.visibility import unseen_items
from meetings.council.bodies import agencies
from meetings.during import questions
from meetings.during.attendance import OPEN_STATES
from meetings.during.question_record import (
    QuestionView,
    known_addressees,
    promises_of,
    question_for,
    questions_for,
)
from meetings.during.veil import stage_for
from meetings.language import N_
from meetings.rules.agenda import ItemKind
from meetings.rules.lifecycle import QuestionState
from meetings.rules.permissions import Actor, Right
from meetings.rules.questions import grouped
from meetings.rules.refusals import Refused
from meetings.rules.visibility import audience_of
from meetings.storage.tables import Item, Meeting, Question
from meetings.storage.unit_of_work import Reading, Work
from meetings.web.errors import STATUS, sentence
from meetings.web.forms import BLANK, Form, chosen_id, needed_id, sent_back, whole_number
from meetings.web.places import places_of
from meetings.web.question_views import addressee_options, state_chip
from meetings.web.render import DONE, done, fragment, page
from meetings.web.request import MeetingsRequest
from meetings.web.room_own import own_answer
from meetings.web.stage import live_of

LISTS = "during/questions_lists.html"
LABELS = {
    "addressee": ("addressee", N_("To whom")),
    "topic": ("topic", N_("Topic")),
    "text": ("text", N_("What is asked")),
    "agency": ("agency", N_("Agency")),
}


@get("/meetings/{meeting:uuid}/questions", opt={"permission": Right.ATTEND})
async def questions_page(request: MeetingsRequest, meeting: FromPath[UUID]) -> Response[str]:
    """One's own slips, the listed questions, and for those who keep the list all that was handed in."""
    return await _page(request, meeting)


async def _page(
    request: MeetingsRequest, meeting: UUID, form: Form = BLANK, refusal: Refused | None = None
) -> Response[str]:
    async with request.house.store.reading() as reading:
        found = await open_to(reading, request.actor, meeting)
        stage = await stage_for(reading, found, audience_of(request.actor, found.body_id, meeting))
        lists = await _lists(reading, request.actor, found)
    flashes = {"flashes": [("bad", sentence(refusal))]} if refusal and not form.errors else {}
    return page(
        request, "during/questions.html", status_code=STATUS.get(refusal.code, 409) if refusal else 200,
        title=found.title, meeting=meeting, seq=stage.seq, live=live_of(stage), form=form,
        meeting_pages=places_of(request.actor, found, "questions"), **lists, **flashes,
    )  # fmt: skip


@get("/meetings/{meeting:uuid}/questions/lists", opt={"permission": Right.ATTEND})
async def questions_lists(request: MeetingsRequest, meeting: FromPath[UUID]) -> Response[str]:
    """The lists alone, fetched anew when they change."""
    async with request.house.store.reading() as reading:
        lists = await _lists(reading, request.actor, await open_to(reading, request.actor, meeting))
    return fragment(request, LISTS, meeting=meeting, **lists)


async def _lists(reading: Reading, actor: Actor, meeting: Meeting) -> dict[str, Any]:
    seen = await questions_for(reading, actor, meeting)
    public = [one for one in seen if one.state in questions.PUBLIC]
    keeps = actor.may(Right.KEEP_FLOOR, body=meeting.body_id)
    taken = meeting.state in OPEN_STATES
    known = await known_addressees(reading, meeting.body_id)
    return {
        "held": meeting,
        "keeps": keeps,
        "person": str(actor.person),
        "may_submit": taken and actor.may(Right.TAKE_PART, body=meeting.body_id, meeting=meeting.id),
        "own_slips": [one for one in seen if one.asker == actor.person],
        "listed": [(under, grouped(of)) for under, of in await _by_item(reading, meeting, public)],
        "handed_in": grouped(one for one in seen if keeps and one.state == QuestionState.SUBMITTED),
        "owed": [one for one in seen if keeps and one.owed],
        "promises": [
            one
            for one in await promises_of(reading, meeting.id)
            if one.item not in await unseen_items(reading, actor, meeting)
        ],
        "items": await _items(reading, meeting.id),
        "agencies": [(agency.id, agency.name) for agency in await agencies(reading)],
        "addressees": addressee_options(known, grouped(public)),
        "chip": state_chip,
        "may_prepare": actor.may(Right.PREPARE, body=meeting.body_id),
    }


async def _by_item(
    reading: Reading, meeting: Meeting, public: Iterable[QuestionView]
) -> list[tuple[Item | None, list[QuestionView]]]:
    """The questions under each item of question time, in the order of the agenda; then those that were never listed."""
    rows = await reading.session.scalars(
        select(Item).where(Item.meeting_id == meeting.id).order_by(Item.position)
    )
    found: list[tuple[Item | None, list[QuestionView]]] = [(item, []) for item in rows]
    found.append((None, []))
    under = {item.id if item else None: of for item, of in found}
    for one in public:
        under[one.item].append(one)
    return [(item, of) for item, of in found if of]


async def _items(reading: Reading, meeting: UUID) -> list[Item]:
    """The items of question time that questions can be listed under."""
    rows = await reading.session.scalars(
        select(Item)
        .where(
            Item.meeting_id == meeting,
            Item.kind == ItemKind.QUESTIONS,
            Item.state.in_(questions.ITEM_STATES),
        )
        .order_by(Item.position)
    )
    return list(rows)


@post("/meetings/{meeting:uuid}/questions", opt={"permission": Right.TAKE_PART}, status_code=200)
async def submit_question(request: MeetingsRequest, meeting: FromPath[UUID]) -> Response[str] | Redirect:
    """Hand in a slip, here or in the room (`back` is `room`)."""
    sent = await request.fields()
    in_room = sent.get("back") == "room"
    try:
        async with request.house.store.work() as work:
            await open_to(work, request.actor, meeting)
            await questions.submit_question(
                work, request.actor, meeting, addressee=sent.get("addressee", ""), text=sent.get("text", ""),
                topic=sent.get("topic", ""), agency=chosen_id(sent.get("agency", "")),
            )  # fmt: skip
    except Refused as refusal:
        if in_room:
            raise
        return await _page(request, meeting, sent_back(sent, refusal, LABELS), refusal)
    if in_room and request.partial:
        answer = await own_answer(request, meeting)
        toast = {"toast": {"kind": "good", "text": language.gettext(DONE["handed-in"])}}
        answer.headers["hx-trigger"] = json.dumps(toast)
        return answer
    return done(f"/meetings/{meeting}/{'room' if in_room else 'questions'}", "handed-in")


Act = Callable[[Work, Actor, UUID], Awaitable[Question]]


async def _act(request: MeetingsRequest, question: UUID, code: str, act: Act) -> Response[str] | Redirect:
    async with request.house.store.reading() as reading:
        meeting = (await question_for(reading, request.actor, question)).meeting
    try:
        async with request.house.store.work() as work:
            await act(work, request.actor, question)
    except Refused as refusal:
        return await _page(request, meeting, refusal=refusal)
    return done(f"/meetings/{meeting}/questions", code)


@post("/questions/{question:uuid}/edit", opt={"permission": Right.ATTEND}, status_code=200)
async def change_question(request: MeetingsRequest, question: FromPath[UUID]) -> Response[str] | Redirect:
    """Correct a slip, name the agency, move it; what the form does not have stays."""
    sent = await request.fields()

    async def act(work: Work, actor: Actor, subject: UUID) -> Question:
        return await questions.change_question(
            work, actor, subject, addressee=sent.get("addressee"), topic=sent.get("topic"), text=sent.get("text"),
            agency=chosen_id(sent.get("agency", "")), place=whole_number(sent.get("place", ""), "place"),
        )  # fmt: skip

    return await _act(request, question, "saved", act)


@post("/questions/{question:uuid}/withdraw", opt={"permission": Right.ATTEND}, status_code=200)
async def withdraw_question(request: MeetingsRequest, question: FromPath[UUID]) -> Response[str] | Redirect:
    """The author takes it back."""
    return await _act(request, question, "withdrawn", questions.withdraw_question)


@post("/questions/{question:uuid}/unlist", opt={"permission": Right.KEEP_FLOOR}, status_code=200)
async def unlist_question(request: MeetingsRequest, question: FromPath[UUID]) -> Response[str] | Redirect:
    """Off the list again."""
    return await _act(request, question, "saved", questions.unlist_question)


@post("/meetings/{meeting:uuid}/questions/list", opt={"permission": Right.KEEP_FLOOR}, status_code=200)
async def list_questions(request: MeetingsRequest, meeting: FromPath[UUID]) -> Response[str] | Redirect:
    """Put the ticked slips on the list of an item of question time."""
    form = await request.form()
    ticked = [one for one in form.getall("question", []) if isinstance(one, str)]
    try:
        async with request.house.store.work() as work:
            await questions.list_questions(
                work, request.actor, meeting, [needed_id(one, "question") for one in ticked],
                item=needed_id((await request.fields()).get("item", ""), "item"),
            )  # fmt: skip
    except Refused as refusal:
        return await _page(request, meeting, refusal=refusal)
    return done(f"/meetings/{meeting}/questions", "listed")


handlers = [
    questions_page, questions_lists, submit_question, change_question, withdraw_question, unlist_question,
    list_questions,
]  # fmt: skip
