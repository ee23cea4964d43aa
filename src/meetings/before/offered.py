"""Items that arise from what was before: the minutes of an earlier meeting to be adopted, a task that is still open."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, select

from meetings.before.agenda import preparing, put_item
from meetings.rules.events import ItemAdded
from meetings.rules.lifecycle import ItemState, MeetingState
from meetings.rules.permissions import Actor
from meetings.rules.refusals import Refused
from meetings.storage.tables import Item, Meeting, Task
from meetings.storage.unit_of_work import Reading, Work

GONE = (ItemState.WITHDRAWN, ItemState.POSTPONED, ItemState.REFERRED)
"""An item that left its agenda offers its matter again."""


async def put_minutes(
    work: Work, actor: Actor, meeting: UUID, *, of: UUID, title: str, after: UUID | None = None
) -> Item:
    """Put the minutes of an earlier meeting of the body up for adoption: at the end, or behind `after`."""
    held = await preparing(work, actor, meeting)
    earlier = await work.get(Meeting, of)
    if (
        earlier.body_id != held.body_id
        or earlier.state != MeetingState.ADJOURNED
        or earlier.starts_at >= held.starts_at
    ):
        raise Refused("minutes-not-adoptable")
    await _once(work, held, Item.adopts_id == of)
    item = await put_item(work, held, title=title, after=after)
    item.adopts_id = of
    return await _added(work, actor, item)


async def put_task(work: Work, actor: Actor, meeting: UUID, *, task: UUID, title: str) -> Item:
    """Put a task of the body that is not finished on the agenda as its last item."""
    held = await preparing(work, actor, meeting)
    kept = await work.get(Task, task)
    if kept.body_id != held.body_id:
        raise Refused("not-found")
    if kept.verified_at or kept.cancelled_at:
        raise Refused("not-now", state="verified" if kept.verified_at else "cancelled")
    await _once(work, held, Item.task_id == task)
    item = await put_item(work, held, title=title)
    item.task_id = task
    return await _added(work, actor, item)


async def minutes_waiting(reading: Reading, meeting: Meeting, *, limit: int = 3) -> Sequence[Meeting]:
    """The latest earlier meetings of the body whose minutes stand on no agenda for adoption."""
    waiting = select(Item.id).where(Item.adopts_id == Meeting.id, Item.state.not_in(GONE)).exists()
    query = (
        select(Meeting)
        .where(
            Meeting.body_id == meeting.body_id,
            Meeting.state == MeetingState.ADJOURNED,
            Meeting.starts_at < meeting.starts_at,
            Meeting.reference == "",
            ~waiting,
        )
        .order_by(Meeting.starts_at.desc(), Meeting.id)
        .limit(limit)
    )
    return (await reading.session.scalars(query)).all()


async def tasks_waiting(reading: Reading, meeting: Meeting, *, limit: int = 20) -> Sequence[Task]:
    """Open tasks of the body that this agenda does not name, the nearest due first, those without a day last."""
    named = select(Item.id).where(
        Item.meeting_id == meeting.id, Item.task_id == Task.id, Item.state.not_in(GONE)
    )
    query = (
        select(Task)
        .where(
            Task.body_id == meeting.body_id, Task.verified_at.is_(None), Task.cancelled_at.is_(None),
            ~named.exists(),
        )
        .order_by(Task.due.is_(None), Task.due, Task.assigned_at, Task.id)
        .limit(limit)
    )  # fmt: skip
    return (await reading.session.scalars(query)).all()


async def _once(work: Work, held: Meeting, same: ColumnElement[bool]) -> None:
    query = select(Item).where(Item.meeting_id == held.id, Item.state.not_in(GONE))
    found = await work.session.scalar(query.where(same).limit(1))
    if found is not None:
        raise Refused("item-twice", number=found.number)


async def _added(work: Work, actor: Actor, item: Item) -> Item:
    await work.session.flush()
    event = ItemAdded(item=str(item.id), title=item.title, number=item.number)
    await work.record(actor, event, meeting=item.meeting_id)
    return item
