"""Questions to those who answer for a field (chất vấn): slips, question time, written answers, promises."""

from collections.abc import Awaitable, Callable
from datetime import datetime
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
from meetings.api.lists import LIMIT, Cursor, Limit, cut, place_of
from meetings.api.repeats import written
from meetings.before.scheduling import open_to
from meetings.during import question_time, questions, written_answers
from meetings.during.question_record import (
    QuestionView,
    question_for,
    questions_for,
)
from meetings.language import N_
from meetings.rules.permissions import Actor, Right
from meetings.storage import tables
from meetings.storage.unit_of_work import Work

TAG = N_("Questions")
AUTHOR = N_("For its author.")
AUTHOR_OR_CLERK = N_("For its author until it is listed; for the secretaries and the chair of the body.")
ASKER_OR_CLERK = N_("For the asker, for the secretaries and the chair of the body.")


class Question(Answer):
    """A question slip. `addressee` is name and office as written; `agency` stands behind it and gets the tasks.
    `task` is the written answer that is owed."""

    id: UUID
    meeting: UUID
    item: UUID | None
    asker: UUID
    asker_name: str
    addressee: str
    agency: UUID | None
    topic: str
    text: str
    position: int
    state: str
    submitted_at: datetime
    put_at: datetime | None
    answered_at: datetime | None
    satisfied: bool | None
    task: UUID | None


class Questions(Answer):
    items: list[Question]
    next: str | None


class NewQuestion(Asked):
    """Without `agency` it takes the one that earlier questions to the same addressee name."""

    addressee: Line
    text: Prose
    topic: Line = ""
    agency: UUID | None = None


class QuestionChange(Asked):
    """What is left out stays. `place` (1 is first) is among the listed questions to the same addressee."""

    addressee: Line | None = None
    topic: Line | None = None
    text: Prose | None = None
    agency: UUID | None = None
    place: Annotated[int, msgspec.Meta(ge=1, le=10_000)] | None = None


class Listing(Asked):
    """Under an item of question time."""

    item: UUID


class Verdict(Asked):
    satisfied: bool


@reads("/meetings/{meeting_id:uuid}/questions", Right.ATTEND, N_("List the questions of a meeting"), TAG)
async def list_questions(
    request: ApiRequest, meeting_id: FromPath[UUID], cursor: Cursor = None, limit: Limit = LIMIT
) -> Response[Questions]:
    """In order. Slips that are not listed are told to their authors, the secretaries and the chair."""
    place = place_of(cursor, UUID)
    async with request.house.store.reading() as reading:
        seen = await questions_for(reading, request.actor, await open_to(reading, request.actor, meeting_id))
    begin = next((at + 1 for at, one in enumerate(seen) if place and one.id == place[0]), 0)
    page, following = cut(seen[begin : begin + limit + 1], limit, lambda one: (one.id,))
    return Response(Questions(items=[_question(one) for one in page], next=following))


@reads("/questions/{question_id:uuid}", Right.ATTEND, N_("Read a question"), TAG)
async def get_question(request: ApiRequest, question_id: FromPath[UUID]) -> Response[Question]:
    """As far as it is open."""
    async with request.house.store.reading() as reading:
        return Response(_question(await question_for(reading, request.actor, question_id)))


@writes("/meetings/{meeting_id:uuid}/questions", Right.TAKE_PART, N_("Hand in a question"), TAG, status=201)
async def post_question(
    request: ApiRequest, meeting_id: FromPath[UUID], data: JSONBody[NewQuestion]
) -> Response[Question]:
    """From the publication until the adjournment."""

    async def act(work: Work) -> Question:
        await open_to(work, request.actor, meeting_id)
        made = await questions.submit_question(
            work, request.actor, meeting_id, addressee=data.addressee, text=data.text, topic=data.topic,
            agency=data.agency,
        )  # fmt: skip
        return _question(await question_for(work, request.actor, made.id))

    return await written(request, act, status=201)


@writes(
    "/questions/{question_id:uuid}",
    Right.ATTEND,
    N_("Correct a question, name the agency, move it"),
    TAG,
    method="patch",
    who=AUTHOR_OR_CLERK,
)
async def patch_question(
    request: ApiRequest, question_id: FromPath[UUID], data: JSONBody[QuestionChange]
) -> Response[Question]:
    """Its text is its author's alone."""

    async def act(work: Work) -> Question:
        await question_for(work, request.actor, question_id)
        await questions.change_question(work, request.actor, question_id, **msgspec.structs.asdict(data))
        return _question(await question_for(work, request.actor, question_id))

    return await written(request, act)


@writes(
    "/questions/{question_id:uuid}/list",
    Right.KEEP_FLOOR,
    N_("List a question for question time"),
    TAG,
    who=SECRETARY_OR_CHAIR,
)
async def post_list(
    request: ApiRequest, question_id: FromPath[UUID], data: JSONBody[Listing]
) -> Response[Question]:
    """From then on everybody reads it who attends."""

    async def act(work: Work) -> Question:
        found = await question_for(work, request.actor, question_id)
        await questions.list_questions(work, request.actor, found.meeting, [question_id], item=data.item)
        return _question(await question_for(work, request.actor, question_id))

    return await written(request, act)


@writes(
    "/questions/{question_id:uuid}/satisfied",
    Right.ATTEND,
    N_("Say whether the answer was enough"),
    TAG,
    who=ASKER_OR_CLERK,
)
async def post_satisfied(
    request: ApiRequest, question_id: FromPath[UUID], data: JSONBody[Verdict]
) -> Response[Question]:
    """Once there is an answer."""

    async def act(work: Work) -> Question:
        await question_for(work, request.actor, question_id)
        await written_answers.judge_answer(work, request.actor, question_id, satisfied=data.satisfied)
        return _question(await question_for(work, request.actor, question_id))

    return await written(request, act)


Act = Callable[[Work, Actor, UUID], Awaitable[tables.Question]]


def _act(name: str, right: Right, summary: str, who: str, use_case: Act) -> HTTPRouteHandler:
    @writes(f"/questions/{{question_id:uuid}}/{name}", right, summary, TAG, who=who)
    async def handler(request: ApiRequest, question_id: FromPath[UUID]) -> Response[Question]:
        async def act(work: Work) -> Question:
            await question_for(work, request.actor, question_id)
            await use_case(work, request.actor, question_id)
            return _question(await question_for(work, request.actor, question_id))

        return await written(request, act)

    return handler


def _question(view: QuestionView) -> Question:
    return Question(
        id=view.id, meeting=view.meeting, item=view.item, asker=view.asker, asker_name=view.asker_name,
        addressee=view.addressee, agency=view.agency, topic=view.topic, text=view.text, position=view.position,
        state=view.state, submitted_at=view.submitted_at, put_at=view.put_at, answered_at=view.answered_at,
        satisfied=view.satisfied, task=view.task,
    )  # fmt: skip


handlers = [
    list_questions,
    get_question,
    post_question,
    patch_question,
    _act("withdraw", Right.ATTEND, N_("Withdraw a question"), AUTHOR, questions.withdraw_question),
    post_list,
    _act(
        "unlist", Right.KEEP_FLOOR, N_("Take a question off the list"), SECRETARY_OR_CHAIR, questions.unlist_question
    ),
    _act(
        "answered", Right.KEEP_FLOOR, N_("Close a question as answered"), SECRETARY_OR_CHAIR,
        question_time.finish_question,
    ),
    post_satisfied,
    _act(
        "in-writing", Right.KEEP_FLOOR, N_("Have a question answered in writing"), SECRETARY_OR_CHAIR,
        written_answers.order_in_writing,
    ),
]  # fmt: skip
