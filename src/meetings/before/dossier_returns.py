"""A dossier whose item will not be dealt with comes back: it is accepted as before and waits for another agenda.

A postponed item continues at the later meeting, and its dossier goes with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, select

from meetings.before.agenda import show_item
from meetings.rules.dossiers import DOSSIER, DossierState
from meetings.rules.events import (
    DossierCameBack,
    DossierScheduled,
    ItemContinued,
    ItemPostponed,
    ItemReferred,
    ItemRemoved,
    ItemTakenUp,
    ItemWithdrawn,
    MeetingAdjourned,
    MeetingCancelled,
)
from meetings.rules.lifecycle import ITEM, ItemState, MeetingState, next_state
from meetings.rules.permissions import Actor, Right
from meetings.rules.refusals import Refused
from meetings.rules.visibility import Visibility
from meetings.storage.tables import Agency, Dossier, Item, Meeting
from meetings.storage.unit_of_work import Work

WAITING = (DossierState.ACCEPTED, DossierState.AWAITING_CHAIR)


async def take_off_agenda(work: Work, actor: Actor, dossier: UUID, *, reason: str) -> Dossier:
    """The secretariat takes a dossier off an agenda that is not published, with a reason.

    The item stays on record, withdrawn and hidden. Refused (`item-in-use`) while other items stand below it; once the
    agenda is published the item is withdrawn there instead (`not-now`).
    """
    kept = await work.locked(Dossier, dossier)
    actor.must(Right.PREPARE, body=kept.body_id)
    if kept.state != DossierState.SCHEDULED or kept.meeting_id is None or kept.item_id is None:
        raise Refused("not-now", state=kept.state)
    held = await work.locked(Meeting, kept.meeting_id)
    if held.state != MeetingState.DRAFT:
        raise Refused("not-now", state=held.state)
    if not reason.strip():
        raise Refused("reason-missing")
    below = select(Item.id).where(Item.parent_id == kept.item_id).limit(1)
    if await work.session.scalar(below) is not None:
        raise Refused("item-in-use")
    number = (await work.get(Item, kept.item_id)).number
    item = await show_item(work, actor, kept.item_id, visibility=Visibility.HIDDEN)
    item.state = next_state(ITEM, item.state, "withdraw")
    event = ItemWithdrawn(item=str(item.id), number=number, reason=reason.strip())
    await work.record(actor, event, meeting=held.id)
    return kept


async def come_back(
    work: Work, actor: Actor | None, event: ItemRemoved | ItemWithdrawn | ItemPostponed | ItemReferred
) -> None:
    """Consequence of an item that leaves its agenda."""
    reason = "" if isinstance(event, ItemRemoved) else event.reason
    for kept in await _scheduled(work, Dossier.item_id == UUID(event.item)):
        later = isinstance(
            event, ItemPostponed
        )  # put off without a day: it may still be taken up in this meeting
        await _back(work, actor, kept, reason, kept.item_id if later else None)


async def come_back_after_meeting(
    work: Work, actor: Actor | None, event: MeetingCancelled | MeetingAdjourned
) -> None:
    """Consequence of a meeting that ends: what was not dealt with, or not admitted yet, waits for another agenda."""
    meeting = UUID(event.meeting)
    reason = ""
    items = select(Item.id).where(Item.meeting_id == meeting)
    if isinstance(event, MeetingCancelled):
        published = (await work.get(Meeting, meeting)).published_at is not None
        reason = (
            event.reason if published else ""
        )  # a draft and why it came to nothing are the secretariat's own
    else:
        items = items.where(Item.state == ItemState.PLANNED)
    undone = (Dossier.state == DossierState.SCHEDULED) & Dossier.item_id.in_(items)
    asked = (Dossier.state == DossierState.AWAITING_CHAIR) & (Dossier.meeting_id == meeting)
    for kept in await _held(work, undone | asked):
        await _back(work, actor, kept, reason, None)


async def go_with_item(work: Work, actor: Actor | None, event: ItemContinued) -> None:
    """Consequence of an item that is dealt with at a later meeting: its dossier is on that agenda now."""
    item = await work.get(Item, UUID(event.item))
    for kept in await _scheduled(work, Dossier.item_id == UUID(event.from_item)):
        await _on_agenda(work, actor, kept, item)


async def taken_up_again(work: Work, actor: Actor | None, event: ItemTakenUp) -> None:
    """Consequence of taking up an item that had been put off without a day: its dossier is dealt with after all."""
    under = (Dossier.item_id == UUID(event.item)) & Dossier.state.in_(WAITING)
    for kept in await _held(work, under):
        kept.state, kept.reason = next_state(DOSSIER, kept.state, "schedule"), ""
        await _on_agenda(work, actor, kept, await work.get(Item, UUID(event.item)))


async def _back(work: Work, actor: Actor | None, kept: Dossier, reason: str, item: UUID | None) -> None:
    kept.state = next_state(DOSSIER, kept.state, "come-back")
    kept.meeting_id, kept.item_id, kept.reason = None, item, reason
    await work.record(actor, DossierCameBack(dossier=str(kept.id), title=kept.title, reason=reason))


async def _on_agenda(work: Work, actor: Actor | None, kept: Dossier, item: Item) -> None:
    kept.meeting_id, kept.item_id = item.meeting_id, item.id
    event = DossierScheduled(
        dossier=str(kept.id), title=kept.title, item=str(item.id), number=item.number, late=False,
        agency_name=(await work.get(Agency, kept.agency_id)).name,
    )  # fmt: skip
    await work.record(actor, event, meeting=item.meeting_id)


async def _scheduled(work: Work, where: ColumnElement[bool]) -> Sequence[Dossier]:
    return await _held(work, (Dossier.state == DossierState.SCHEDULED) & where)


async def _held(work: Work, where: ColumnElement[bool]) -> Sequence[Dossier]:
    return (await work.session.scalars(select(Dossier).where(where).with_for_update())).all()
