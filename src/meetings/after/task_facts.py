"""From the stored rows of a task to the facts that `rules.tasks` judges: local days, reports and their verdicts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from meetings.rules.tasks import Report, TaskFacts
from meetings.storage.tables import Body, Task, TaskReport
from meetings.storage.unit_of_work import Reading

Day = Callable[[datetime], date]

WRITTEN = (TaskReport.written_at, TaskReport.verdict.is_(None), TaskReport.id)
"""The order in which reports were written; the one that waits is the last."""


def local_day(body: Body) -> Day:
    """Tells the day of a moment on the body's own calendar: a task is due at the end of a local day."""
    zone = ZoneInfo(body.timezone)
    return lambda moment: moment.astimezone(zone).date()


def facts_of(task: Task, reports: Iterable[TaskReport], day: Day) -> TaskFacts:
    """The facts of a task; `reports` are its own, in the order they were written."""
    written = list(reports)
    progress = [day(report.written_at) for report in written if report.kind == "progress"]
    return TaskFacts(
        assigned_on=day(task.assigned_at),
        due=task.due,
        accepted_on=day(task.accepted_at) if task.accepted_at else None,
        progressed_on=progress[-1] if progress else None,
        reports=tuple(_report(report, day) for report in written if report.kind == "done"),
        cancelled_on=day(task.cancelled_at) if task.cancelled_at else None,
    )


async def reports_of(reading: Reading, task: UUID) -> Sequence[TaskReport]:
    """Everything that was written about a task, in order."""
    return (
        await reading.session.scalars(select(TaskReport).where(TaskReport.task_id == task).order_by(*WRITTEN))
    ).all()


def _report(report: TaskReport, day: Day) -> Report:
    decided = day(report.decided_at) if report.decided_at else None
    return Report(
        reported_on=day(report.written_at),
        verified_on=decided if report.verdict == "verified" else None,
        returned_on=decided if report.verdict == "returned" else None,
    )
