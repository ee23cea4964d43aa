"""Question time from the cockpit and the secretary's page: the turns, the word on an answer, promises."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from litestar import Response, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from meetings.during import question_time, written_answers
from meetings.during.question_record import question_for
from meetings.rules.permissions import Actor, Right
from meetings.rules.refusals import Refused
from meetings.storage.tables import Promise, Question, Speech
from meetings.storage.unit_of_work import Work
from meetings.web.chair import act as act_from_cockpit
from meetings.web.forms import day, needed_id
from meetings.web.render import done
from meetings.web.request import MeetingsRequest
from meetings.web.room_own import own_answer

Act = Callable[[Work, Actor, UUID], Awaitable[Question | Speech | Promise]]
TURNS: dict[str, Callable[..., Awaitable[Speech]]] = {
    "ask": question_time.put_question,
    "answer": question_time.call_answer,
    "follow-up": question_time.call_follow_up,
}
CLOSING: dict[str, Act] = {
    "answered": question_time.finish_question,
    "in-writing": written_answers.order_in_writing,
}


async def _kept(request: MeetingsRequest, act: Act, subject: UUID) -> Response[str] | Redirect:
    """Do it, then show where it was done: the cockpit for who runs the meeting, else the page of the questions."""
    fields = await request.fields()
    if request.actor.may(Right.RUN_ROOM) and fields.get("back") != "questions":
        return await act_from_cockpit(request, act, subject)
    async with request.house.store.work() as work:
        changed = await act(work, request.actor, subject)
    return done(f"/meetings/{changed.meeting_id}/questions", "saved")


@post(
    [f"/questions/{{question:uuid}}/{turn}" for turn in TURNS],
    opt={"permission": Right.KEEP_FLOOR},
    status_code=200,
)
async def call_turn(
    request: MeetingsRequest, question: FromPath[UUID], interrupts: FromQuery[UUID | None] = None
) -> Response[str] | Redirect:
    """Ask, answer, follow up. `interrupts` is who has the floor on the page where the button was pressed."""
    use_case = TURNS[request.url.path.rsplit("/", 1)[1]]

    async def act(work: Work, actor: Actor, subject: UUID) -> Speech:
        return await use_case(work, actor, subject, interrupts=interrupts)

    return await _kept(request, act, question)


@post(
    [f"/questions/{{question:uuid}}/{act}" for act in CLOSING],
    opt={"permission": Right.KEEP_FLOOR},
    status_code=200,
)
async def close_question(request: MeetingsRequest, question: FromPath[UUID]) -> Response[str] | Redirect:
    """Asked and answered, or to be answered in writing."""
    return await _kept(request, CLOSING[request.url.path.rsplit("/", 1)[1]], question)


@post("/items/{item:uuid}/opening-statement", opt={"permission": Right.KEEP_FLOOR}, status_code=200)
async def open_answers(
    request: MeetingsRequest, item: FromPath[UUID], interrupts: FromQuery[UUID | None] = None
) -> Response[str] | Redirect:
    """An addressee speaks on all the questions to them before the first answer."""
    addressee = (await request.fields()).get("addressee", "")

    async def act(work: Work, actor: Actor, subject: UUID) -> Speech:
        return await question_time.open_answers(work, actor, subject, addressee, interrupts=interrupts)

    return await _kept(request, act, item)


@post("/items/{item:uuid}/promises", opt={"permission": Right.KEEP_FLOOR}, status_code=200)
async def record_promise(request: MeetingsRequest, item: FromPath[UUID]) -> Response[str] | Redirect:
    """Write down what was promised; the agency gets the task."""
    sent = await request.fields()
    question = needed_id(sent["question"], "question") if sent.get("question") else None

    async def act(work: Work, actor: Actor, subject: UUID) -> Promise:
        return await written_answers.record_promise(
            work, actor, subject, text=sent.get("text", ""), agency=needed_id(sent.get("agency", ""), "agency"),
            due=day(sent.get("due", ""), "due"), promised_by=sent.get("promised_by", ""), question=question,
        )  # fmt: skip

    return await _kept(request, act, item)


@post("/questions/{question:uuid}/verdict", opt={"permission": Right.ATTEND}, status_code=200)
async def judge_answer(request: MeetingsRequest, question: FromPath[UUID]) -> Response[str] | Redirect:
    """Satisfied or not: by the asker in the room (`back` is `room`), or entered for them."""
    sent = await request.fields()
    if sent.get("satisfied") not in ("yes", "no"):
        raise Refused("wrong-input", field="satisfied")

    async def act(work: Work, actor: Actor, subject: UUID) -> Question:
        await question_for(work, actor, subject)
        satisfied = sent["satisfied"] == "yes"
        return await written_answers.judge_answer(work, actor, subject, satisfied=satisfied)

    return await (
        _own(request, act, question) if sent.get("back") == "room" else _kept(request, act, question)
    )


@post("/questions/{question:uuid}/follow-up-request", opt={"permission": Right.ATTEND}, status_code=200)
async def ask_follow_up(request: MeetingsRequest, question: FromPath[UUID]) -> Response[str] | Redirect:
    """The asker wants to follow up, with one touch."""

    async def act(work: Work, actor: Actor, subject: UUID) -> Speech:
        await question_for(work, actor, subject)
        return await question_time.ask_follow_up(work, actor, subject)

    return await _own(request, act, question)


async def _own(request: MeetingsRequest, act: Act, question: UUID) -> Response[str] | Redirect:
    async with request.house.store.work() as work:
        changed = await act(work, request.actor, question)
    if not request.partial:
        return Redirect(f"/meetings/{changed.meeting_id}/room#question", status_code=303)
    return await own_answer(request, changed.meeting_id)


handlers = [call_turn, close_question, open_answers, record_promise, judge_answer, ask_follow_up]
