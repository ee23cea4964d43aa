"""Tasks: the board, giving one, and one task's page, where the agency reports and the body verifies."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from sqlalchemy import select

from meetings.after.follow_up import Board, OpenTask, TaskLine, board_for, open_task, timeline
from meetings.after.resolutions import open_resolution
from meetings.after.tasks import (
    accept_task,
    assign_task,
    cancel_task,
    report_done,
    report_progress,
    return_task,
    verify_task,
)
from meetings.council.bodies import agencies
from meetings.language import N_
from meetings.rules.permissions import Actor, Right
from meetings.rules.refusals import Refused
from meetings.rules.tasks import STATUSES, Status
from meetings.storage.tables import Body, Task
from meetings.storage.unit_of_work import Work
from meetings.web.errors import STATUS, sentence
from meetings.web.forms import BLANK, Form, chosen_id, day, needed_id, sent_back, whole_number
from meetings.web.render import done, page
from meetings.web.request import MeetingsRequest
from meetings.web.task_words import DONE, TONES, board_sentence, lateness_of, source_words, task_rows

LABELS = {
    "title": ("title", N_("Task")),
    "text": ("text", N_("What is to be done")),
    "lead": ("lead", N_("Lead agency")),
    "cooperating": ("cooperating", N_("Cooperating agencies")),
    "due": ("due", N_("Due date")),
    "body": ("body", N_("Body")),
    "percent": ("percent", N_("Progress in percent")),
}
SHOWN: dict[str, tuple[str, Callable[[TaskLine], bool]]] = {
    "": (N_("All"), lambda line: True),
    "late": (N_("Late"), lambda line: line.overdue),
    "waiting": (N_("To verify"), lambda line: line.status is Status.WAITING),
    "open": (N_("Unfinished"), lambda line: line.status not in DONE and line.status is not Status.CANCELLED),
    "done": (N_("Done"), lambda line: line.status in DONE),
}
MOMENTS = {
    "assign": (N_("Assigned"), "clipboard-list"),
    "accept": (N_("Accepted"), "user-check"),
    "progress": (N_("Progress"), "circle-dot"),
    "report": (N_("Reported as done"), "send"),
    "verify": (N_("Verified"), "badge-check"),
    "return": (N_("Returned"), "undo-2"),
    "cancel": (N_("Cancelled"), "x"),
}
"""Act → its word and its drawing in the timeline."""


@get("/tasks", opt={"permission": Right.SIGNED_IN})
async def task_board(request: MeetingsRequest, show: FromQuery[str] = "") -> Response[str]:
    """The board: the sentence that counts, then the tasks, late ones first."""
    actor = request.actor
    async with request.house.store.reading() as reading:
        board = await board_for(reading, actor)
    chosen = show if show in SHOWN else ""
    lines = [line for line in board.lines if SHOWN[chosen][1](line)]
    return page(
        request, "after/tasks.html", board=board, headline=board_sentence(board), show=chosen,
        views=_views(board, chosen), rows=task_rows(lines), may_assign=actor.may(Right.FOLLOW_UP),
        own=bool(actor.agencies()) and not actor.may(Right.FOLLOW_UP),
    )  # fmt: skip


def _views(board: Board, chosen: str) -> list[tuple[str, str, bool, int]]:
    return [
        (
            f"/tasks?show={name}" if name else "/tasks",
            label,
            name == chosen,
            sum(fits(one) for one in board.lines),
        )
        for name, (label, fits) in SHOWN.items()
    ]


@get("/tasks/new", opt={"permission": Right.FOLLOW_UP})
async def new_task(
    request: MeetingsRequest, resolution: FromQuery[UUID | None] = None, clause: FromQuery[UUID | None] = None
) -> Response[str]:
    """The form for a task: by hand, from a resolution, or from one of its clauses."""
    return await _assign_page(request, resolution, clause, BLANK)


@post("/tasks/new", opt={"permission": Right.FOLLOW_UP}, status_code=200)
async def new_task_submit(request: MeetingsRequest) -> Response[str] | Redirect:
    """Give the task; the agencies are told by themselves."""
    sent = await request.fields()
    helping = [one for one in (await request.form()).getall("cooperating", []) if isinstance(one, str)]
    resolution, clause = chosen_id(sent.get("resolution", "")), chosen_id(sent.get("clause", ""))
    try:
        async with request.house.store.work() as work:
            task = await assign_task(
                work, request.actor, body=needed_id(sent.get("body", ""), "body"),
                lead=chosen_id(sent.get("lead", "")), title=sent.get("title", ""), text=sent.get("text", ""),
                cooperating=[needed_id(one, "cooperating") for one in helping], due=day(sent.get("due", ""), "due"),
                resolution=resolution, clause=clause,
            )  # fmt: skip
    except Refused as refusal:
        refusal.facts.setdefault("field", "lead" if refusal.code == "task-lead-missing" else "")
        form = sent_back(sent, refusal, LABELS)
        return await _assign_page(request, resolution, clause, form, helping, STATUS.get(refusal.code, 409))
    return done(
        f"/resolutions/{task.resolution_id}#tasks" if task.resolution_id else f"/tasks/{task.id}", "assigned"
    )


async def _assign_page(
    request: MeetingsRequest,
    resolution: UUID | None,
    clause: UUID | None,
    form: Form,
    helping: list[str] | None = None,
    status_code: int = 200,
) -> Response[str]:
    actor = request.actor
    async with request.house.store.reading() as reading:
        source = await open_resolution(reading, actor, resolution) if resolution else None
        wanted = {source.body.id} if source else actor.bodies(Right.FOLLOW_UP)
        found = await reading.session.scalars(select(Body).where(Body.id.in_(wanted)).order_by(Body.name))
        bodies = found.all()
        leads = await agencies(reading)
    if source:
        actor.must(Right.FOLLOW_UP, body=source.body.id)
    chosen = next((one for one in source.clauses if one.id == clause), None) if source else None
    return page(
        request, "after/assign.html", status_code=status_code, source=source, clause=chosen, bodies=bodies,
        agencies=leads, form=form, helping=helping or [],
    )  # fmt: skip


@get("/tasks/{task:uuid}", opt={"permission": Right.SIGNED_IN})
async def read_task(request: MeetingsRequest, task: FromPath[UUID]) -> Response[str]:
    """One task: its facts, what happened, and what this reader can do now."""
    return await _task_page(request, task)


async def _task_page(
    request: MeetingsRequest,
    task: UUID,
    refusal: Refused | None = None,
    part: str = "",
    sent: dict[str, str] | None = None,
) -> Response[str]:
    async with request.house.store.reading() as reading:
        opened = await open_task(reading, request.actor, task)
    form = sent_back(sent or {}, refusal, LABELS) if refusal else BLANK
    flashes = {"flashes": [("bad", sentence(refusal))]} if refusal else {}
    return page(
        request, "after/task.html", status_code=STATUS.get(refusal.code, 409) if refusal else 200, opened=opened,
        task=opened.line.task, state=_state(opened), note=lateness_of(opened.line)[0] if opened.line.late else "",
        words_of_source=source_words(opened.line),
        origin_opens=request.actor.may(Right.ATTEND, body=opened.body.id), moments=timeline(opened),
        words=MOMENTS, form=form, part=part, **flashes,
    )  # fmt: skip


def _state(opened: OpenTask) -> tuple[str, str, str]:
    status = opened.line.status
    return STATUSES[status], *TONES[status]


Act = Callable[[Work, Actor, UUID, dict[str, str]], Awaitable[Task]]


async def _act(
    request: MeetingsRequest, task: UUID, part: str, code: str, act: Act
) -> Response[Any] | Redirect:
    sent = await request.fields()
    try:
        async with request.house.store.work() as work:
            await act(work, request.actor, task, sent)
    except Refused as refusal:
        if refusal.code == "task-percent":
            refusal.facts["field"] = "percent"
        return await _task_page(request, task, refusal, part, sent)
    return done(f"/tasks/{task}", code)


@post("/tasks/{task:uuid}/accept", opt={"permission": Right.CARRY_OUT}, status_code=200)
async def accept_submit(request: MeetingsRequest, task: FromPath[UUID]) -> Response[Any] | Redirect:
    """The lead agency takes the task on."""
    return await _act(
        request, task, "accept", "accepted", lambda work, actor, one, _: accept_task(work, actor, one)
    )


@post("/tasks/{task:uuid}/progress", opt={"permission": Right.CARRY_OUT}, status_code=200)
async def progress_submit(request: MeetingsRequest, task: FromPath[UUID]) -> Response[Any] | Redirect:
    """The lead agency says how far it is."""

    async def act(work: Work, actor: Actor, one: UUID, sent: dict[str, str]) -> Task:
        percent = whole_number(sent.get("percent", ""), "percent")
        if percent is None:
            raise Refused("task-percent")
        return await report_progress(work, actor, one, percent=percent, text=sent.get("text", ""))

    return await _act(request, task, "progress", "reported", act)


@post("/tasks/{task:uuid}/report", opt={"permission": Right.CARRY_OUT}, status_code=200)
async def report_submit(request: MeetingsRequest, task: FromPath[UUID]) -> Response[Any] | Redirect:
    """The lead agency reports the task as done."""
    return await _act(
        request, task, "report", "reported",
        lambda work, actor, one, sent: report_done(work, actor, one, text=sent.get("text", "")),
    )  # fmt: skip


@post("/tasks/{task:uuid}/verify", opt={"permission": Right.FOLLOW_UP}, status_code=200)
async def verify_submit(request: MeetingsRequest, task: FromPath[UUID]) -> Response[Any] | Redirect:
    """The body confirms the report."""
    return await _act(
        request, task, "verify", "verified", lambda work, actor, one, _: verify_task(work, actor, one)
    )


@post("/tasks/{task:uuid}/return", opt={"permission": Right.FOLLOW_UP}, status_code=200)
async def return_submit(request: MeetingsRequest, task: FromPath[UUID]) -> Response[Any] | Redirect:
    """The body sends the report back, with a reason."""
    return await _act(
        request, task, "return", "returned",
        lambda work, actor, one, sent: return_task(work, actor, one, reason=sent.get("reason", "")),
    )  # fmt: skip


@post("/tasks/{task:uuid}/cancel", opt={"permission": Right.FOLLOW_UP}, status_code=200)
async def cancel_submit(request: MeetingsRequest, task: FromPath[UUID]) -> Response[Any] | Redirect:
    """The body takes the task back, with a reason."""
    return await _act(
        request, task, "cancel", "task-cancelled",
        lambda work, actor, one, sent: cancel_task(work, actor, one, reason=sent.get("reason", "")),
    )  # fmt: skip


handlers = [
    task_board, new_task, new_task_submit, read_task, accept_submit, progress_submit, report_submit, verify_submit,
    return_submit, cancel_submit,
]  # fmt: skip
