"""The chair calls to order, takes up items, recesses, adjourns."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from meetings.during.attendance import room_of
from meetings.rules.events import (
    ItemConcluded,
    ItemPostponed,
    ItemTakenUp,
    ItemWithdrawn,
    MeetingAdjourned,
    MeetingCalledToOrder,
    MeetingRecessed,
    MeetingResumed,
)
from meetings.rules.lifecycle import ITEM, MEETING, MeetingState, PollState, next_state
from meetings.rules.permissions import Actor, Right
from meetings.rules.quorum import check_quorum
from meetings.rules.refusals import Refused
from meetings.storage.tables import Body, Item, Meeting, Poll
from meetings.storage.unit_of_work import Work

UNFINISHED = (PollState.OPEN, PollState.CLOSED)


async def call_to_order(work: Work, actor: Actor, meeting: UUID) -> Meeting:
    """Begin the meeting. Refused (`quorum-short`) while too few members are present."""
    held = await _running_it(work, actor, meeting)
    state = next_state(MEETING, held.state, "call-to-order")
    room = await room_of(work, held, await work.get(Body, held.body_id))
    check_quorum(room.quorum)
    held.state, held.called_at = state, work.now
    event = MeetingCalledToOrder(
        meeting=str(meeting),
        present=room.present,
        quorum_needed=room.quorum.needed,
        quorum_base=room.quorum.base,
    )
    await work.record(actor, event, meeting=meeting)
    return held


async def recess(work: Work, actor: Actor, meeting: UUID) -> Meeting:
    """Interrupt the meeting; refused while a poll is open."""
    held = await _running_it(work, actor, meeting)
    state = next_state(MEETING, held.state, "recess")
    if await _unfinished_poll(work, meeting):
        raise Refused("meeting-open-poll")
    held.state = state
    await work.record(actor, MeetingRecessed(meeting=str(meeting)), meeting=meeting)
    return held


async def resume(work: Work, actor: Actor, meeting: UUID) -> Meeting:
    """Go on after a recess."""
    held = await _running_it(work, actor, meeting)
    held.state = next_state(MEETING, held.state, "resume")
    room = await room_of(work, held, await work.get(Body, held.body_id))
    await work.record(actor, MeetingResumed(meeting=str(meeting), present=room.present), meeting=meeting)
    return held


async def adjourn(work: Work, actor: Actor, meeting: UUID) -> Meeting:
    """End the meeting for good; the item in hand is concluded with it. The minutes are drafted by themselves."""
    held = await _running_it(work, actor, meeting)
    state = next_state(MEETING, held.state, "adjourn")
    if await _unfinished_poll(work, meeting):
        raise Refused("meeting-open-poll")
    if held.current_item_id:
        await _conclude(work, actor, held, await work.get(Item, held.current_item_id))
    held.state, held.adjourned_at = state, work.now
    room = await room_of(work, held, await work.get(Body, held.body_id))
    await work.record(actor, MeetingAdjourned(meeting=str(meeting), present=room.present), meeting=meeting)
    return held


async def take_up(work: Work, actor: Actor, item: UUID) -> Item:
    """Turn to an item. The item in hand is concluded first, unless a poll on it is unfinished."""
    held = await _running_it(work, actor, (await work.get(Item, item)).meeting_id)
    wanted = await work.locked(Item, item)
    if held.state != MeetingState.IN_SESSION:
        raise Refused("meeting-not-running")
    if held.current_item_id == item:
        return wanted
    state = next_state(ITEM, wanted.state, "take-up")
    if held.current_item_id:
        await _conclude(work, actor, held, await work.get(Item, held.current_item_id))
    wanted.state, wanted.taken_up_at = state, wanted.taken_up_at or work.now
    held.current_item_id = item
    event = ItemTakenUp(item=str(item), number=wanted.number, title=wanted.title)
    await work.record(actor, event, meeting=held.id)
    return wanted


async def conclude(work: Work, actor: Actor, item: UUID) -> Item:
    """Finish the item in hand."""
    held = await _running_it(work, actor, (await work.get(Item, item)).meeting_id)
    kept = await work.locked(Item, item)
    await _conclude(work, actor, held, kept)
    return kept


async def postpone(work: Work, actor: Actor, item: UUID, *, reason: str = "") -> Item:
    """Put an item off to a later meeting."""
    return await _set_aside(work, actor, item, "postpone", reason)


async def withdraw(work: Work, actor: Actor, item: UUID, *, reason: str = "") -> Item:
    """Take an item off the agenda of a published meeting; it stays on it, struck through."""
    return await _set_aside(work, actor, item, "withdraw", reason)


async def _set_aside(work: Work, actor: Actor, item: UUID, act: str, reason: str) -> Item:
    held = await work.locked(Meeting, (await work.get(Item, item)).meeting_id)
    _must_set_aside(actor, held)
    kept = await work.locked(Item, item)
    state = next_state(ITEM, kept.state, act)
    if await _unfinished_poll(work, held.id, item):
        raise Refused("item-open-poll")
    kept.state = state
    if held.current_item_id == item:
        held.current_item_id = None
    event = (ItemPostponed if act == "postpone" else ItemWithdrawn)(
        item=str(item), number=kept.number, reason=reason.strip()
    )
    await work.record(actor, event, meeting=held.id)
    return kept


def _must_set_aside(actor: Actor, held: Meeting) -> None:
    """Until the meeting is called to order the secretary may, too; from then on the agenda is the chair's."""
    prepares = held.state == MeetingState.PUBLISHED and actor.may(Right.PREPARE, body=held.body_id)
    if not prepares:
        actor.must(Right.RUN_ROOM, body=held.body_id)
    if held.state not in (MeetingState.PUBLISHED, MeetingState.IN_SESSION, MeetingState.RECESS):
        raise Refused("not-now", state=held.state)


async def _conclude(work: Work, actor: Actor, held: Meeting, item: Item) -> None:
    state = next_state(ITEM, item.state, "conclude")
    if await _unfinished_poll(work, held.id, item.id):
        raise Refused("item-open-poll")
    item.state, item.concluded_at = state, work.now
    if held.current_item_id == item.id:
        held.current_item_id = None
    await work.record(actor, ItemConcluded(item=str(item.id), number=item.number), meeting=held.id)


async def _running_it(work: Work, actor: Actor, meeting: UUID) -> Meeting:
    held = await work.locked(Meeting, meeting)
    actor.must(Right.RUN_ROOM, body=held.body_id)
    return held


async def _unfinished_poll(work: Work, meeting: UUID, item: UUID | None = None) -> bool:
    query = select(Poll.id).where(Poll.meeting_id == meeting, Poll.state.in_(UNFINISHED)).limit(1)
    if item is not None:
        query = query.where(Poll.item_id == item)
    return await work.session.scalar(query) is not None
