"""A draft agenda is put in order by the rules of its body."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from meetings.before.agenda import arrange_all, preparing
from meetings.rules.events import AgendaOrdered
from meetings.rules.lifecycle import MeetingState
from meetings.rules.ordering import Criterion, Matter, criteria_of, ordered
from meetings.rules.permissions import Actor
from meetings.rules.refusals import Refused
from meetings.storage.tables import Body, Item, Meeting, Motion
from meetings.storage.unit_of_work import Work


async def order_agenda(
    work: Work, actor: Actor, meeting: UUID, *, criteria: Sequence[str] | None = None
) -> Meeting:
    """Put a draft agenda in order. `criteria` become the rules of the body; without them its own ones count.

    Refused once the meeting is published: members have the numbers.
    """
    held = await preparing(work, actor, meeting)
    if held.state != MeetingState.DRAFT:
        raise Refused("not-now", state=held.state)
    body = await work.get(Body, held.body_id)
    if criteria is not None:
        body = await work.locked(Body, held.body_id)
        body.agenda_order = [str(one) for one in criteria_of(criteria)]
    wanted: tuple[Criterion, ...] = criteria_of(body.agenda_order or [])
    if not wanted:
        raise Refused("order-missing")
    matters = await _matters(work, meeting)
    await arrange_all(work, meeting, lambda entries: ordered(entries, matters, wanted))
    event = AgendaOrdered(meeting=str(meeting), criteria=[str(one) for one in wanted])
    await work.record(actor, event, meeting=meeting)
    return held


async def _matters(work: Work, meeting: UUID) -> dict[str, Matter]:
    deciding = set(await work.session.scalars(select(Motion.item_id).where(Motion.meeting_id == meeting)))
    items = await work.session.scalars(select(Item).where(Item.meeting_id == meeting))
    return {
        str(item.id): Matter(
            adopts=item.adopts_id is not None,
            continued=item.continues_id is not None or item.task_id is not None,
            decides=item.id in deciding,
            kind=item.kind,
            visibility=item.visibility,
            minutes=item.minutes_planned,
            presenter=item.presenter,
        )
        for item in items
    }
