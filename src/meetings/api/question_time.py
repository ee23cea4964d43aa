"""Question time by the interface: the turns with their clocks, and what was promised."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from meetings.api.contract import (
    SECRETARY_OR_CHAIR,
    Answer,
    ApiRequest,
    Asked,
    Line,
    Prose,
    reads,
    writes,
)
from meetings.api.questions import AUTHOR, TAG
from meetings.api.repeats import written
from meetings.before.scheduling import open_to
from meetings.before.visibility import unseen_items
from meetings.during import question_time, written_answers
from meetings.during.question_record import PromiseFact, promises_of, question_for
from meetings.during.speakers import clock_of
from meetings.language import N_
from meetings.rules.permissions import Right
from meetings.storage import tables
from meetings.storage.unit_of_work import Work

HOLDER = N_("The speech that gives way: who has the floor, as the caller sees it.")


class Call(Asked):
    interrupts: Annotated[UUID | None, msgspec.Meta(description=HOLDER)] = None


class Opening(Asked):
    addressee: Line
    interrupts: Annotated[UUID | None, msgspec.Meta(description=HOLDER)] = None


class Turn(Answer):
    """A turn of question time; a speech with its clock."""

    speech: UUID
    question: UUID | None
    kind: str
    speaker: str
    state: str
    running_since: datetime | None
    seconds: int
    limit: int | None


class NewPromise(Asked):
    """`promised_by` is otherwise whoever the question is addressed to, or the person who enters it."""

    text: Prose
    agency: UUID
    due: date | None = None
    promised_by: Line = ""
    question: UUID | None = None


class Promise(Answer):
    """What was promised; `task` is what the agency got of it."""

    id: UUID
    item: UUID
    question: UUID | None
    promised_by: str
    text: str
    agency: UUID
    due: date | None
    recorded_at: datetime
    task: UUID | None


class Promises(Answer):
    items: list[Promise]


CallTurn = Callable[..., Awaitable[tables.Speech]]


def _turn(name: str, summary: str, use_case: CallTurn) -> HTTPRouteHandler:
    @writes(f"/questions/{{question_id:uuid}}/{name}", Right.KEEP_FLOOR, summary, TAG, who=SECRETARY_OR_CHAIR)
    async def handler(
        request: ApiRequest, question_id: FromPath[UUID], data: JSONBody[Call | None] = None
    ) -> Response[Turn]:
        async def act(work: Work) -> Turn:
            await question_for(work, request.actor, question_id)
            interrupts = data.interrupts if data else None
            return _as_turn(await use_case(work, request.actor, question_id, interrupts=interrupts))

        return await written(request, act)

    return handler


@writes(
    "/questions/{question_id:uuid}/follow-up-request", Right.ATTEND, N_("Ask to follow up"), TAG, who=AUTHOR
)
async def post_follow_up_request(request: ApiRequest, question_id: FromPath[UUID]) -> Response[Turn]:
    """While the question is in hand."""

    async def act(work: Work) -> Turn:
        await question_for(work, request.actor, question_id)
        return _as_turn(await question_time.ask_follow_up(work, request.actor, question_id))

    return await written(request, act)


@writes(
    "/items/{item_id:uuid}/opening-statement",
    Right.KEEP_FLOOR,
    N_("Let an addressee make an opening statement"),
    TAG,
    who=SECRETARY_OR_CHAIR,
)
async def post_opening(
    request: ApiRequest, item_id: FromPath[UUID], data: JSONBody[Opening]
) -> Response[Turn]:
    """Once, before the first answer."""

    async def act(work: Work) -> Turn:
        await open_to(work, request.actor, (await work.get(tables.Item, item_id)).meeting_id)
        return _as_turn(
            await question_time.open_answers(
                work, request.actor, item_id, data.addressee, interrupts=data.interrupts
            )
        )

    return await written(request, act)


@reads("/meetings/{meeting_id:uuid}/promises", Right.ATTEND, N_("List what was promised"), TAG)
async def list_promises(request: ApiRequest, meeting_id: FromPath[UUID]) -> Response[Promises]:
    """In the order in which it was written down."""
    async with request.house.store.reading() as reading:
        unseen = await unseen_items(reading, request.actor, await open_to(reading, request.actor, meeting_id))
        found = await promises_of(reading, meeting_id)
    return Response(Promises(items=[_promise(one) for one in found if one.item not in unseen]))


@writes(
    "/items/{item_id:uuid}/promises",
    Right.KEEP_FLOOR,
    N_("Write down a promise; it becomes a task"),
    TAG,
    status=201,
    who=SECRETARY_OR_CHAIR,
)
async def post_promise(
    request: ApiRequest, item_id: FromPath[UUID], data: JSONBody[NewPromise]
) -> Response[Promise]:
    """In an answer, or from the chair."""

    async def act(work: Work) -> Promise:
        under = await work.get(tables.Item, item_id)
        await open_to(work, request.actor, under.meeting_id)
        made = await written_answers.record_promise(
            work, request.actor, item_id, **msgspec.structs.asdict(data)
        )
        found = await promises_of(work, under.meeting_id)
        return _promise(next(one for one in found if one.id == made.id))

    return await written(request, act, status=201)


def _as_turn(speech: tables.Speech) -> Turn:
    clock = clock_of(speech)
    return Turn(
        speech=speech.id, question=speech.question_id, kind=speech.kind, speaker=speech.speaker, state=speech.state,
        running_since=clock.running_since, seconds=clock.seconds, limit=clock.allowed,
    )  # fmt: skip


def _promise(fact: PromiseFact) -> Promise:
    return Promise(
        id=fact.id, item=fact.item, question=fact.question, promised_by=fact.promised_by, text=fact.text,
        agency=fact.agency, due=fact.due, recorded_at=fact.recorded_at, task=fact.task,
    )  # fmt: skip


handlers = [
    _turn("ask", N_("Call the asker of a question"), question_time.put_question),
    _turn("answer", N_("Call the answer"), question_time.call_answer),
    _turn("follow-up", N_("Call the follow-up"), question_time.call_follow_up),
    post_follow_up_request,
    post_opening,
    list_promises,
    post_promise,
]
