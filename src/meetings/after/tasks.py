"""Tasks: given to one lead agency, carried out, reported, verified or returned. States follow from what is stored."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select

from meetings.after.task_facts import facts_of, local_day, reports_of
from meetings.before.scheduling import checked_title
from meetings.council.telling import officers, tell
from meetings.language import N_
from meetings.rules.events import (
    ResolutionWithdrawn,
    TaskAccepted,
    TaskAssigned,
    TaskCancelled,
    TaskProgressed,
    TaskReported,
    TaskReturned,
    TaskVerified,
)
from meetings.rules.lifecycle import ResolutionState
from meetings.rules.permissions import Actor, Right
from meetings.rules.refusals import Refused
from meetings.rules.tasks import check_act
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
from meetings.storage.unit_of_work import Work

TEXT_LENGTH = 20_000

GIVEN = N_("New task for {agency}: {title}")
GIVEN_DUE = N_("New task for {agency}, due {due}: {title}")
HELP_WANTED = N_("{agency} leads a task that you help with: {title}")
DONE = N_("{agency} reports that this is done: {title}")
RETURNED = N_("The report was returned: {title} ({reason})")
CANCELLED = N_("This task is cancelled: {title} ({reason})")


async def assign_task(
    work: Work,
    actor: Actor,
    *,
    body: UUID,
    lead: UUID | None,
    title: str = "",
    text: str = "",
    cooperating: Iterable[UUID] = (),
    due: date | None = None,
    resolution: UUID | None = None,
    clause: UUID | None = None,
    meeting: UUID | None = None,
) -> Task:
    """Give a task to exactly one lead agency; others may help. From a clause, it takes the clause's words.

    `due` is a day of the body's own calendar; the task is due at its end. `meeting` is the one whose journal tells of
    it, where no resolution says so.
    """
    actor.must(Right.FOLLOW_UP, body=body)
    held = await work.get(Body, body)
    if lead is None:
        raise Refused("task-lead-missing")
    source = await _source(work, body, resolution, clause)
    text = _checked_text(text or (source.text if isinstance(source, Clause) else ""))
    helping = list(dict.fromkeys(agency for agency in cooperating if agency != lead))
    await _must_exist(work, [lead, *helping])
    task = Task(
        id=work.new_id(),
        body_id=held.id,
        resolution_id=_resolution_of(source),
        clause_id=clause,
        title=checked_title(title or _heading(text)),
        text=text,
        lead_id=lead,
        due=due,
        percent=0,
        assigned_by=actor.person,
        assigned_at=work.now,
    )
    work.session.add(task)
    await work.session.flush()
    work.session.add_all([TaskCooperation(task_id=task.id, agency_id=agency) for agency in helping])
    await work.session.flush()
    event = TaskAssigned(
        task=str(task.id),
        title=task.title,
        lead=str(lead),
        cooperating=[str(agency) for agency in helping],
        due=due.isoformat() if due else "",
        resolution=str(task.resolution_id) if task.resolution_id else "",
    )
    await work.record(actor, event, meeting=meeting or await _meeting_of(work, task))
    return task


async def accept_task(work: Work, actor: Actor, task: UUID) -> Task:
    """The lead agency takes the task on."""
    kept = await _carrying_out(work, actor, task, "accept")
    kept.accepted_at = work.now
    await work.record(actor, TaskAccepted(task=str(task)), meeting=await _meeting_of(work, kept))
    return kept


async def report_progress(work: Work, actor: Actor, task: UUID, *, percent: int, text: str) -> Task:
    """The lead agency says how far it is, from 0 to 100, and in words."""
    kept = await _carrying_out(work, actor, task, "progress")
    if not 0 <= percent <= 100:
        raise Refused("task-percent")
    report = await _write_report(work, actor, kept, "progress", percent, text)
    kept.percent, kept.started_at = percent, kept.started_at or work.now
    event = TaskProgressed(task=str(task), percent=percent, text=report.text)
    await work.record(actor, event, meeting=await _meeting_of(work, kept))
    return kept


async def report_done(work: Work, actor: Actor, task: UUID, *, text: str) -> Task:
    """The lead agency reports the task as done. The day of this report decides whether it was in time."""
    kept = await _carrying_out(work, actor, task, "report")
    report = await _write_report(work, actor, kept, "done", 100, text)
    kept.percent, kept.reported_at, kept.started_at = 100, work.now, kept.started_at or work.now
    event = TaskReported(task=str(task), report=str(report.id), text=report.text)
    await work.record(actor, event, meeting=await _meeting_of(work, kept))
    return kept


async def verify_task(work: Work, actor: Actor, task: UUID) -> Task:
    """The body's secretary or chair confirms the report; the task is done."""
    kept = await _following_up(work, actor, task, "verify")
    report = await _waiting_report(work, task)
    report.verdict, report.decided_at = "verified", work.now
    kept.verified_at = work.now
    await work.record(
        actor, TaskVerified(task=str(task), report=str(report.id)), meeting=await _meeting_of(work, kept)
    )
    return kept


async def return_task(work: Work, actor: Actor, task: UUID, *, reason: str) -> Task:
    """The report is not enough, and why. The due date stays: a returned report does not stop the clock."""
    kept = await _following_up(work, actor, task, "return")
    if not reason.strip():
        raise Refused("reason-missing")
    report = await _waiting_report(work, task)
    report.verdict, report.reason, report.decided_at = "returned", _checked_text(reason), work.now
    kept.reported_at, kept.returned_at = None, work.now
    event = TaskReturned(task=str(task), report=str(report.id), reason=report.reason)
    await work.record(actor, event, meeting=await _meeting_of(work, kept))
    return kept


async def cancel_task(work: Work, actor: Actor, task: UUID, *, reason: str) -> Task:
    """Take a task back, with a reason that the agencies are told. It counts in no figure any more."""
    kept = await _following_up(work, actor, task, "cancel")
    if not reason.strip():
        raise Refused("reason-missing")
    await _cancel(work, actor, kept, reason=_checked_text(reason))
    return kept


async def cancel_with_resolution(work: Work, actor: Actor | None, event: ResolutionWithdrawn) -> None:
    """Consequence of withdrawing a draft resolution: what is still open of its tasks is cancelled."""
    rows = await work.session.scalars(
        select(Task)
        .where(
            Task.resolution_id == UUID(event.resolution),
            Task.cancelled_at.is_(None),
            Task.verified_at.is_(None),
        )
        .order_by(Task.assigned_at, Task.id)
    )
    for task in list(rows):
        await _cancel(work, actor, task, reason=event.reason)


async def tell_agencies(work: Work, actor: Actor | None, event: TaskAssigned) -> None:
    """Consequence of assigning: the officers of the lead agency and of those that help are told."""
    task = await work.get(Task, UUID(event.task))
    agency = await work.get(Agency, task.lead_id)
    facts = {"agency": agency.name, "title": task.title} | ({"due": event.due} if event.due else {})
    lead = await officers(work, [task.lead_id])
    await tell(work, lead, GIVEN_DUE if event.due else GIVEN, facts, _link(task))
    told = {person.id for person in lead}
    helping = [one for one in await officers(work, map(UUID, event.cooperating)) if one.id not in told]
    await tell(work, helping, HELP_WANTED, {"agency": agency.name, "title": task.title}, _link(task))


async def tell_assigner(work: Work, actor: Actor | None, event: TaskReported) -> None:
    """Consequence of a report that a task is done: who gave the task is told."""
    task = await work.get(Task, UUID(event.task))
    agency = await work.get(Agency, task.lead_id)
    assigner = await work.get(Person, task.assigned_by)
    await tell(work, [assigner], DONE, {"agency": agency.name, "title": task.title}, _link(task))


async def tell_lead(work: Work, actor: Actor | None, event: TaskReturned) -> None:
    """Consequence of returning a report: the lead agency's officers are told why."""
    task = await work.get(Task, UUID(event.task))
    lead = await officers(work, [task.lead_id])
    await tell(work, lead, RETURNED, {"title": task.title, "reason": event.reason}, _link(task))


async def tell_of_cancelling(work: Work, actor: Actor | None, event: TaskCancelled) -> None:
    """Consequence of cancelling a task: the officers of every agency on it are told."""
    task = await work.get(Task, UUID(event.task))
    helping = await work.session.scalars(
        select(TaskCooperation.agency_id).where(TaskCooperation.task_id == task.id)
    )
    people = await officers(work, [task.lead_id, *helping])
    await tell(work, people, CANCELLED, {"title": task.title, "reason": event.reason}, _link(task))


def _link(task: Task) -> str:
    return f"/tasks/{task.id}"


async def _source(
    work: Work, body: UUID, resolution: UUID | None, clause: UUID | None
) -> Clause | Resolution | None:
    """Where a task comes from; the resolution is held, so that nobody withdraws it at the same moment."""
    found = await work.session.get(Clause, clause) if clause else None
    if clause and (found is None or (resolution and found.resolution_id != resolution)):
        raise Refused("not-found")
    wanted = found.resolution_id if found else resolution
    if wanted is None:
        return None
    kept = await work.locked(Resolution, wanted)
    if kept.body_id != body:
        raise Refused("not-found")
    if kept.state == ResolutionState.WITHDRAWN:
        raise Refused("not-now", state=kept.state)
    return found or kept


def _resolution_of(source: Clause | Resolution | None) -> UUID | None:
    if isinstance(source, Clause):
        return source.resolution_id
    return source.id if source else None


async def _must_exist(work: Work, agencies: Sequence[UUID]) -> None:
    known = set(await work.session.scalars(select(Agency.id).where(Agency.id.in_(agencies))))
    if not known.issuperset(agencies):
        raise Refused("wrong-input", field="lead" if agencies[0] not in known else "cooperating")


async def _meeting_of(work: Work, task: Task) -> UUID | None:
    """The journal that a task belongs to: its resolution's, question's or promise's meeting, or the house's."""
    if task.resolution_id is not None:
        return (await work.get(Resolution, task.resolution_id)).meeting_id
    asked = select(Question.meeting_id).where(Question.task_id == task.id)
    promised = select(Promise.meeting_id).where(Promise.task_id == task.id)
    return await work.session.scalar(asked.union(promised).limit(1))


async def _carrying_out(work: Work, actor: Actor, task: UUID, act: str) -> Task:
    kept = await work.locked(Task, task)
    actor.must(Right.CARRY_OUT, agency=kept.lead_id)
    return await _checked(work, kept, act)


async def _following_up(work: Work, actor: Actor, task: UUID, act: str) -> Task:
    kept = await work.locked(Task, task)
    actor.must(Right.FOLLOW_UP, body=kept.body_id)
    return await _checked(work, kept, act)


async def _checked(work: Work, task: Task, act: str) -> Task:
    body = await work.get(Body, task.body_id)
    check_act(facts_of(task, await reports_of(work, task.id), local_day(body)), act)
    return task


async def _write_report(
    work: Work, actor: Actor, task: Task, kind: str, percent: int, text: str
) -> TaskReport:
    if not text.strip():
        raise Refused("report-empty")
    report = TaskReport(
        id=work.new_id(),
        task_id=task.id,
        kind=kind,
        percent=percent,
        text=_checked_text(text),
        written_by=actor.person,
        written_at=work.now,
    )
    work.session.add(report)
    await work.session.flush()
    return report


async def _waiting_report(work: Work, task: UUID) -> TaskReport:
    report = await work.session.scalar(
        select(TaskReport).where(
            TaskReport.task_id == task, TaskReport.kind == "done", TaskReport.verdict.is_(None)
        )
    )
    if report is None:
        raise Refused("not-found")
    return report


async def _cancel(work: Work, actor: Actor | None, task: Task, *, reason: str) -> None:
    task.cancelled_at, task.cancel_reason = work.now, reason
    await work.record(
        actor, TaskCancelled(task=str(task.id), reason=reason), meeting=await _meeting_of(work, task)
    )


def _checked_text(text: str) -> str:
    if len(text) > TEXT_LENGTH:
        raise Refused("field-long", field="text", limit=TEXT_LENGTH)
    return text.strip()


def _heading(text: str) -> str:
    """A clause's first line as a title, cut at a word."""
    line = text.strip().partition("\n")[0].strip()
    return line if len(line) <= 200 else line[:199].rpartition(" ")[0] + "…"
