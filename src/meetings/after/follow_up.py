"""The follow-up board: the tasks a person may see, late ones first, and one task with everything that was written."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select

from meetings.after.task_facts import WRITTEN, facts_of, local_day, reports_of
from meetings.before.working_days import calendar_of
from meetings.rules.permissions import Actor, Right
from meetings.rules.refusals import Refused
from meetings.rules.tasks import (
    ACTS,
    Status,
    TaskCount,
    TaskFacts,
    TaskState,
    count_tasks,
    days_late,
    state_of,
    status_of,
)
from meetings.storage.tables import (
    Agency,
    Body,
    Clause,
    Person,
    Promise,
    Question,
    Resolution,
    Task,
    TaskCooperation,
    TaskReport,
)
from meetings.storage.unit_of_work import Reading

ORDER = (
    Status.OVERDUE,
    Status.NEAR_DUE,
    Status.WAITING,
    Status.NOT_STARTED,
    Status.IN_TIME,
    Status.SUSPENDED,
    Status.DONE_LATE,
    Status.DONE_ON_TIME,
    Status.DONE_NO_DUE,
    Status.CANCELLED,
)
"""What a board shows first."""


@dataclass(frozen=True, slots=True)
class Origin:
    """The question or the promise of a meeting that a task came from."""

    kind: str
    """`question`, `promise`."""
    id: UUID
    meeting: UUID
    who: str
    """Who asked, or who promised."""


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A task with what follows from its facts today."""

    task: Task
    lead: str
    cooperating: tuple[str, ...]
    agencies: frozenset[UUID]
    """The lead agency and those that help."""
    source: str
    """The resolution's symbol, or its title while it has none; empty for a task without one."""
    origin: Origin | None
    """None for a task given by hand or from a resolution."""
    facts: TaskFacts
    state: TaskState
    status: Status
    late: int
    """Days past due; 0 in time."""

    @property
    def overdue(self) -> bool:
        return self.status is Status.OVERDUE


@dataclass(frozen=True, slots=True)
class Board:
    """All tasks a person may see, and the figures of the sentence above them."""

    lines: tuple[TaskLine, ...]
    count: TaskCount
    overdue: int
    longest: int
    """Days by which the latest open task is late."""
    near: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Written:
    """A report with its author's name."""

    report: TaskReport
    author: str


@dataclass(frozen=True, slots=True)
class OpenTask:
    """One task as its page shows it; `acts` are what this reader can do now."""

    line: TaskLine
    body: Body
    resolution: Resolution | None
    clause: Clause | None
    assigned_by: str
    reports: tuple[Written, ...]
    acts: frozenset[str]
    today: date


@dataclass(frozen=True, slots=True)
class Moment:
    """A line of a task's timeline: what happened (an act), when, by whom where known, and the words."""

    act: str
    at: datetime
    who: str = ""
    text: str = ""
    percent: int | None = None


async def board_for(reading: Reading, actor: Actor, *, own: bool = False) -> Board:
    """The tasks the actor may see, late first; `own`: only those of the actor's agencies."""
    where = _of_agencies(actor) if own else _visible(actor)
    lines = await _lines(reading, where)
    open_late = [line.late for line in lines if line.overdue]
    return Board(
        lines=tuple(lines),
        count=count_tasks((line.facts for line in lines), reading.today),
        overdue=len(open_late),
        longest=max(open_late, default=0),
        near=sum(line.status is Status.NEAR_DUE for line in lines),
        waiting=sum(line.status is Status.WAITING for line in lines),
    )


async def tasks_of_resolution(reading: Reading, resolution: UUID) -> list[TaskLine]:
    """The tasks that came of a resolution, for whoever may read the resolution."""
    return await _lines(reading, Task.resolution_id == resolution)


async def open_task(reading: Reading, actor: Actor, task: UUID) -> OpenTask:
    """One task, if the actor may see it; otherwise `not-found`."""
    lines = await _lines(reading, (Task.id == task) & _visible(actor))
    if not lines:
        raise Refused("not-found")
    (line,) = lines
    body = await reading.get(Body, line.task.body_id)
    resolution = await reading.get(Resolution, line.task.resolution_id) if line.task.resolution_id else None
    clause = await reading.get(Clause, line.task.clause_id) if line.task.clause_id else None
    reports = await reports_of(reading, task)
    people = {line.task.assigned_by} | {report.written_by for report in reports}
    rows = await reading.session.execute(select(Person.id, Person.name).where(Person.id.in_(people)))
    names = dict(iter(rows))
    return OpenTask(
        line=line,
        body=body,
        resolution=resolution,
        clause=clause,
        assigned_by=names[line.task.assigned_by],
        reports=tuple(Written(report, names[report.written_by]) for report in reports),
        acts=_acts(actor, line),
        today=local_day(body)(reading.now),
    )


def timeline(opened: OpenTask) -> list[Moment]:
    """What happened to a task, in order."""
    task = opened.line.task
    moments = [Moment("assign", task.assigned_at, opened.assigned_by)]
    if task.accepted_at:
        moments.append(Moment("accept", task.accepted_at, opened.line.lead))
    for written in opened.reports:
        report = written.report
        act = "report" if report.kind == "done" else "progress"
        moments.append(Moment(act, report.written_at, written.author, report.text, report.percent))
        if report.decided_at:
            verdict = "verify" if report.verdict == "verified" else "return"
            moments.append(Moment(verdict, report.decided_at, text=report.reason))
    if task.cancelled_at:
        moments.append(Moment("cancel", task.cancelled_at, text=task.cancel_reason))
    return sorted(moments, key=lambda moment: moment.at)


_CARRYING_OUT = frozenset({"accept", "progress", "report"})
_FOLLOWING_UP = frozenset({"verify", "return", "cancel"})


def _acts(actor: Actor, line: TaskLine) -> frozenset[str]:
    possible = {act for act, states in ACTS.items() if line.state in states}
    allowed: frozenset[str] = frozenset()
    if actor.may(Right.CARRY_OUT, agency=line.task.lead_id):
        allowed |= _CARRYING_OUT
    if actor.may(Right.FOLLOW_UP, body=line.task.body_id):
        allowed |= _FOLLOWING_UP
    return allowed & possible


def _visible(actor: Actor) -> ColumnElement[bool]:
    return or_(Task.body_id.in_(actor.bodies(Right.FOLLOW_UP)), _of_agencies(actor))


def _of_agencies(actor: Actor) -> ColumnElement[bool]:
    agencies = actor.agencies()
    helped = select(TaskCooperation.task_id).where(TaskCooperation.agency_id.in_(agencies))
    return or_(Task.lead_id.in_(agencies), Task.id.in_(helped))


async def _lines(reading: Reading, where: ColumnElement[bool]) -> list[TaskLine]:
    """Three queries, however many tasks there are."""
    query = (
        select(Task, Body, Agency.name, Resolution.symbol, Resolution.title, Question, Person.name, Promise)
        .join(Body, Body.id == Task.body_id)
        .join(Agency, Agency.id == Task.lead_id)
        .outerjoin(Resolution, Resolution.id == Task.resolution_id)
        .outerjoin(Question, Question.task_id == Task.id)
        .outerjoin(Person, Person.id == Question.asker_id)
        .outerjoin(Promise, Promise.task_id == Task.id)
        .where(where)
    )
    rows = (await reading.session.execute(query)).all()
    wanted = select(Task.id).where(where)
    helping = await _helping(reading, wanted)
    reports: defaultdict[UUID, list[TaskReport]] = defaultdict(list)
    written = select(TaskReport).where(TaskReport.task_id.in_(wanted))
    for report in await reading.session.scalars(written.order_by(*WRITTEN)):
        reports[report.task_id].append(report)
    calendar = await calendar_of(reading)
    lines: list[TaskLine] = []
    for task, body, lead, symbol, title, question, asker, promise in rows:
        day = local_day(body)
        today = day(reading.now)
        facts = facts_of(task, reports[task.id], day)
        lines.append(
            TaskLine(
                task=task,
                lead=lead,
                cooperating=tuple(name for _, name in helping[task.id]),
                agencies=frozenset((task.lead_id, *(agency for agency, _ in helping[task.id]))),
                source=symbol or title or "",
                origin=_origin(question, asker, promise),
                facts=facts,
                state=state_of(facts),
                status=status_of(facts, today, calendar),
                late=days_late(facts, today),
            )
        )
    return sorted(lines, key=_urgency)


def _origin(question: Question | None, asker: str | None, promise: Promise | None) -> Origin | None:
    if question is not None:
        return Origin("question", question.id, question.meeting_id, asker or "")
    if promise is not None:
        return Origin("promise", promise.id, promise.meeting_id, promise.promised_by)
    return None


async def _helping(reading: Reading, tasks: Select[Any]) -> defaultdict[UUID, list[tuple[UUID, str]]]:
    rows = await reading.session.execute(
        select(TaskCooperation.task_id, Agency.id, Agency.name)
        .join(Agency, Agency.id == TaskCooperation.agency_id)
        .where(TaskCooperation.task_id.in_(tasks))
        .order_by(Agency.name)
    )
    helping: defaultdict[UUID, list[tuple[UUID, str]]] = defaultdict(list)
    for task, agency, name in rows:
        helping[task].append((agency, name))
    return helping


def _urgency(line: TaskLine) -> tuple[int, int, date, str, str]:
    due = line.task.due or date.max
    return ORDER.index(line.status), -line.late, due, line.task.title, str(line.task.id)
