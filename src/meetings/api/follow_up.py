"""What follows from a meeting: resolutions, and the tasks that agencies carry out and report on."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody
from sqlalchemy import select

from meetings.after import tasks
from meetings.after.follow_up import TaskLine, board_for
from meetings.after.follow_up import open_task as read_task
from meetings.after.resolutions import open_resolution, resolutions_for
from meetings.api.contract import Answer, ApiRequest, Asked, Line, Prose, Reason, reads, writes
from meetings.api.lists import LIMIT, Cursor, Limit, OfBody, cut_whole, place_of
from meetings.api.repeats import written
from meetings.language import N_
from meetings.rules.permissions import Actor, Right
from meetings.storage import tables
from meetings.storage.unit_of_work import Reading, Work

TAG = N_("Follow-up")
WHOLE = 100_000
"""Resolutions that one reader may see at most."""


class ResolutionLine(Answer):
    """An adopted motion as a document; `symbol` is its official number once it is issued."""

    id: UUID
    symbol: str
    title: str
    state: str
    body: str
    meeting: str
    tasks: int
    adopted_at: datetime
    issued_at: datetime | None


class Resolutions(Answer):
    items: list[ResolutionLine]
    next: str | None


class ClauseLine(Answer):
    id: UUID
    number: int
    text: str


class Resolution(Answer):
    """A resolution in full; tasks can be given from its clauses."""

    id: UUID
    body: UUID
    meeting: UUID
    item: UUID
    poll: UUID
    symbol: str
    title: str
    text: str
    state: str
    adopted_at: datetime
    issued_at: datetime | None
    clauses: list[ClauseLine]


class Task(Answer):
    """What an agency has to do. `state` and `status` follow from what was reported and from the day of asking."""

    id: UUID
    body: UUID
    resolution: UUID | None
    clause: UUID | None
    title: str
    text: str
    lead: UUID
    lead_name: str
    cooperating: list[UUID]
    due: date | None
    percent: int
    state: str
    status: str
    days_late: int
    assigned_at: datetime
    accepted_at: datetime | None
    reported_at: datetime | None
    verified_at: datetime | None
    cancelled_at: datetime | None


class Tasks(Answer):
    items: list[Task]
    next: str | None


class ReportLine(Answer):
    """What an agency wrote: progress, or that the task is done; and what was said to it."""

    id: UUID
    kind: str
    percent: int
    text: str
    author: str
    written_at: datetime
    verdict: str | None
    reason: str
    decided_at: datetime | None


class OpenTask(Task):
    """A task with everything that was written; `acts` are what the reader can do now."""

    reports: list[ReportLine]
    acts: list[str]


class NewTask(Asked):
    """To one lead agency; others may help. From a clause, the task takes the clause's words."""

    body: UUID
    lead: UUID | None = None
    title: Line = ""
    text: Prose = ""
    cooperating: Annotated[list[UUID], msgspec.Meta(max_length=200)] = msgspec.field(
        default_factory=list[UUID]
    )
    due: date | None = None
    resolution: UUID | None = None
    clause: UUID | None = None


class Progress(Asked):
    """From 0 to 100, and in words."""

    percent: int
    text: Prose


class Report(Asked):
    """That the task is done."""

    text: Prose


@reads("/resolutions", Right.SIGNED_IN, N_("List the resolutions by the moment of their adoption"), TAG)
async def list_resolutions(
    request: ApiRequest, of_body: OfBody = None, cursor: Cursor = None, limit: Limit = LIMIT
) -> Response[Resolutions]:
    """Members read all of their body, agencies those that gave them a task."""
    place = place_of(cursor, _moment, UUID)
    async with request.house.store.reading() as reading:
        rows = await resolutions_for(reading, request.actor, body=of_body, limit=WHOLE)
    page, following = cut_whole(rows, limit, lambda row: (row.adopted_at, row.id), place)
    lines = [
        ResolutionLine(
            id=row.id, symbol=row.symbol, title=row.title, state=row.state, body=row.body, meeting=row.meeting,
            tasks=row.tasks, adopted_at=row.adopted_at, issued_at=row.issued_at,
        )
        for row in page
    ]  # fmt: skip
    return Response(Resolutions(items=lines, next=following))


@reads("/resolutions/{resolution_id:uuid}", Right.SIGNED_IN, N_("Read a resolution and its clauses"), TAG)
async def get_resolution(request: ApiRequest, resolution_id: FromPath[UUID]) -> Response[Resolution]:
    """If it is open to the reader."""
    async with request.house.store.reading() as reading:
        opened = await open_resolution(reading, request.actor, resolution_id)
    row = opened.resolution
    return Response(
        Resolution(
            id=row.id, body=row.body_id, meeting=row.meeting_id, item=row.item_id, poll=row.poll_id, symbol=row.symbol,
            title=row.title, text=row.text, state=row.state, adopted_at=row.adopted_at, issued_at=row.issued_at,
            clauses=[ClauseLine(id=one.id, number=one.position + 1, text=one.text) for one in opened.clauses],
        )
    )  # fmt: skip


@reads("/tasks", Right.SIGNED_IN, N_("List the tasks by the moment they were assigned"), TAG)
async def list_tasks(request: ApiRequest, cursor: Cursor = None, limit: Limit = LIMIT) -> Response[Tasks]:
    """Those who follow up see their body's, agencies their own."""
    place = place_of(cursor, _moment, UUID)
    async with request.house.store.reading() as reading:
        board = await board_for(reading, request.actor)
        page, following = cut_whole(
            board.lines, limit, lambda line: (line.task.assigned_at, line.task.id), place
        )
        helping = await _helping(reading, [line.task.id for line in page])
    return Response(
        Tasks(items=[Task(**_facts(line, helping[line.task.id])) for line in page], next=following)
    )


@reads("/tasks/{task_id:uuid}", Right.SIGNED_IN, N_("Read a task and its reports"), TAG)
async def get_task(request: ApiRequest, task_id: FromPath[UUID]) -> Response[OpenTask]:
    """If it is open to the reader."""
    async with request.house.store.reading() as reading:
        return Response(await _task(reading, request.actor, task_id))


@writes("/tasks", Right.FOLLOW_UP, N_("Give a task to a lead agency"), TAG, status=201)
async def post_task(request: ApiRequest, data: JSONBody[NewTask]) -> Response[OpenTask]:
    """By hand, or from a resolution's clause."""

    async def act(work: Work) -> OpenTask:
        task = await tasks.assign_task(work, request.actor, **msgspec.structs.asdict(data))
        return await _task(work, request.actor, task.id)

    return await written(request, act, status=201)


UseCase = Callable[..., Awaitable[tables.Task]]


def _act(name: str, right: Right, summary: str, use_case: UseCase) -> HTTPRouteHandler:
    @writes(f"/tasks/{{task_id:uuid}}/{name}", right, summary, TAG)
    async def handler(request: ApiRequest, task_id: FromPath[UUID]) -> Response[OpenTask]:
        return await _written(request, task_id, use_case)

    return handler


@writes(
    "/tasks/{task_id:uuid}/progress", Right.CARRY_OUT, N_("Say how far a task is, in percent and words"), TAG
)
async def post_progress(
    request: ApiRequest, task_id: FromPath[UUID], data: JSONBody[Progress]
) -> Response[OpenTask]:
    """The lead agency does."""
    return await _written(request, task_id, tasks.report_progress, percent=data.percent, text=data.text)


@writes("/tasks/{task_id:uuid}/report", Right.CARRY_OUT, N_("Report a task as done"), TAG)
async def post_report(
    request: ApiRequest, task_id: FromPath[UUID], data: JSONBody[Report]
) -> Response[OpenTask]:
    """The day of the report decides whether it was in time."""
    return await _written(request, task_id, tasks.report_done, text=data.text)


@writes("/tasks/{task_id:uuid}/return", Right.FOLLOW_UP, N_("Return a report, and say why"), TAG)
async def post_return(
    request: ApiRequest, task_id: FromPath[UUID], data: JSONBody[Reason]
) -> Response[OpenTask]:
    """The due date stays."""
    return await _written(request, task_id, tasks.return_task, reason=data.reason)


@writes("/tasks/{task_id:uuid}/cancel", Right.FOLLOW_UP, N_("Take a task back, and say why"), TAG)
async def post_cancel(
    request: ApiRequest, task_id: FromPath[UUID], data: JSONBody[Reason]
) -> Response[OpenTask]:
    """The agencies are told."""
    return await _written(request, task_id, tasks.cancel_task, reason=data.reason)


async def _written(request: ApiRequest, task: UUID, use_case: UseCase, **facts: Any) -> Response[Any]:
    async def act(work: Work) -> OpenTask:
        await read_task(work, request.actor, task)
        await use_case(work, request.actor, task, **facts)
        return await _task(work, request.actor, task)

    return await written(request, act)


async def _task(reading: Reading, actor: Actor, task: UUID) -> OpenTask:
    opened = await read_task(reading, actor, task)
    helping = await _helping(reading, [task])
    reports = [
        ReportLine(
            id=one.report.id, kind=one.report.kind, percent=one.report.percent, text=one.report.text, author=one.author,
            written_at=one.report.written_at, verdict=one.report.verdict, reason=one.report.reason,
            decided_at=one.report.decided_at,
        )
        for one in opened.reports
    ]  # fmt: skip
    return OpenTask(**_facts(opened.line, helping[task]), reports=reports, acts=sorted(opened.acts))


async def _helping(reading: Reading, wanted: Iterable[UUID]) -> defaultdict[UUID, list[UUID]]:
    rows = await reading.session.execute(
        select(tables.TaskCooperation.task_id, tables.TaskCooperation.agency_id)
        .where(tables.TaskCooperation.task_id.in_(list(wanted)))
        .order_by(tables.TaskCooperation.agency_id)
    )
    helping: defaultdict[UUID, list[UUID]] = defaultdict(list)
    for task, agency in rows:
        helping[task].append(agency)
    return helping


def _facts(line: TaskLine, helping: list[UUID]) -> dict[str, Any]:
    row = line.task
    return {
        "id": row.id, "body": row.body_id, "resolution": row.resolution_id, "clause": row.clause_id,
        "title": row.title, "text": row.text, "lead": row.lead_id, "lead_name": line.lead, "cooperating": helping,
        "due": row.due, "percent": row.percent, "state": line.state.value, "status": line.status.value,
        "days_late": line.late, "assigned_at": row.assigned_at, "accepted_at": row.accepted_at,
        "reported_at": row.reported_at, "verified_at": row.verified_at, "cancelled_at": row.cancelled_at,
    }  # fmt: skip


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment


handlers = [
    list_resolutions,
    get_resolution,
    list_tasks,
    post_task,
    get_task,
    _act("accept", Right.CARRY_OUT, N_("Take a task on"), tasks.accept_task),
    post_progress,
    post_report,
    _act("verify", Right.FOLLOW_UP, N_("Confirm a report; the task is done"), tasks.verify_task),
    post_return,
    post_cancel,
]
