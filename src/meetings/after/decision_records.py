"""What came of a meeting's items as the minutes tell it: resolutions, and the tasks that were given for them."""

from __future__ import annotations

from collections import defaultdict
from uuid import UUID

from sqlalchemy import select

from meetings.rules.lifecycle import ResolutionState
from meetings.rules.record import ResolutionRecord, TaskRecord
from meetings.storage.tables import Agency, Resolution, Task, TaskCooperation
from meetings.storage.unit_of_work import Reading


async def resolutions_of_record(reading: Reading, meeting: UUID) -> defaultdict[UUID, list[ResolutionRecord]]:
    """Resolutions by item, those that were taken back left out."""
    rows = await reading.session.scalars(
        select(Resolution)
        .where(Resolution.meeting_id == meeting, Resolution.state != ResolutionState.WITHDRAWN)
        .order_by(Resolution.adopted_at, Resolution.id)
    )
    resolutions: defaultdict[UUID, list[ResolutionRecord]] = defaultdict(list)
    for one in rows:
        resolutions[one.item_id].append(ResolutionRecord(str(one.id), one.title, one.symbol))
    return resolutions


async def tasks_of_record(reading: Reading, meeting: UUID) -> defaultdict[UUID, list[TaskRecord]]:
    """Tasks by the item of their resolution, those that were cancelled left out."""
    of_meeting = select(Task.id).join(Resolution, Resolution.id == Task.resolution_id)
    of_meeting = of_meeting.where(Resolution.meeting_id == meeting)
    helping: defaultdict[UUID, list[str]] = defaultdict(list)
    rows = await reading.session.execute(
        select(TaskCooperation.task_id, Agency.name)
        .join(Agency, Agency.id == TaskCooperation.agency_id)
        .where(TaskCooperation.task_id.in_(of_meeting))
        .order_by(Agency.name)
    )
    for task, name in rows:
        helping[task].append(name)
    tasks: defaultdict[UUID, list[TaskRecord]] = defaultdict(list)
    given = await reading.session.execute(
        select(Task, Resolution.item_id, Agency.name)
        .join(Resolution, Resolution.id == Task.resolution_id)
        .join(Agency, Agency.id == Task.lead_id)
        .where(Resolution.meeting_id == meeting, Task.cancelled_at.is_(None))
        .order_by(Task.assigned_at, Task.id)
    )
    for task, item, lead in given:
        record = TaskRecord(
            id=str(task.id), title=task.title, lead=lead, cooperating=tuple(helping[task.id]), due=task.due
        )
        tasks[item].append(record)
    return tasks
