"""The chair calls to order, takes up items, recesses, adjourns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from meetings.during.attendance import room_of
from meetings.during.device_tests import hold_test
from meetings.during.motion_polls import concerns
from meetings.rules.events import (
    ItemConcluded,
    ItemTakenUp,
    MeetingAdjourned,
    MeetingCalledToOrder,
    MeetingRecessed,
    MeetingResumed,
    RecessExtended,
)
from meetings.rules.lifecycle import ITEM, MEETING, MeetingState, PollState, next_state
from meetings.rules.permissions import Actor, Right
from meetings.rules.polls import TEST
from meetings.rules.quorum import check_quorum
from meetings.rules.refusals import Refused
from meetings.rules.timing import recess_end, seconds_spent
from meetings.rules.visibility import Visibility
from meetings.storage.tables import Body, Item, Meeting, Poll
from meetings.storage.unit_of_work import Work

UNFINISHED = (PollState.OPEN, PollState.CLOSED)
EXTENSION: Final = 5
"""Minutes by which a recess is usually extended."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Which item somebody saw in hand (None: none) when pressing a button."""

    in_hand: UUID | None


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


async def recess(
    work: Work, actor: Actor, meeting: UUID, *, minutes: int | None = None, until: datetime | None = None
) -> Meeting:
    """Interrupt the meeting, for so many minutes, until a time, or without a planned end; not while a poll is open."""
    held = await _running_it(work, actor, meeting)
    state = next_state(MEETING, held.state, "recess")
    if await unfinished_poll(work, meeting):
        raise Refused("meeting-open-poll")
    ends = recess_end(work.now, minutes=minutes, until=until)
    held.state, held.recess_until = state, ends
    if held.current_item_id:
        _stop(work, await work.get(Item, held.current_item_id))
    event = MeetingRecessed(meeting=str(meeting), until=_on_the_clock(held, ends) if ends else "")
    await work.record(actor, event, meeting=meeting)
    return held


async def extend_recess(
    work: Work, actor: Actor, meeting: UUID, *, minutes: int = EXTENSION, seen: datetime | None = None
) -> Meeting:
    """Let a recess last so many minutes more, counted from now when its end has passed.

    `seen` is the end that the chair saw: refused (`recess-changed`) when another chair has moved it since.
    """
    held = await _running_it(work, actor, meeting)
    if held.state != MeetingState.RECESS:
        raise Refused("not-now", state=held.state)
    if seen is not None and held.recess_until != seen:
        raise Refused("recess-changed")
    ends = recess_end(max(work.now, held.recess_until or work.now), minutes=minutes)
    held.recess_until = recess_end(work.now, until=ends)
    event = RecessExtended(meeting=str(meeting), until=_on_the_clock(held, held.recess_until or work.now))
    await work.record(actor, event, meeting=meeting)
    return held


async def resume(work: Work, actor: Actor, meeting: UUID) -> Meeting:
    """Go on after a recess, at its planned end or before."""
    held = await _running_it(work, actor, meeting)
    held.state, held.recess_until = next_state(MEETING, held.state, "resume"), None
    if held.current_item_id:
        (await work.get(Item, held.current_item_id)).running_since = work.now
    room = await room_of(work, held, await work.get(Body, held.body_id))
    await work.record(actor, MeetingResumed(meeting=str(meeting), present=room.present), meeting=meeting)
    return held


async def adjourn(work: Work, actor: Actor, meeting: UUID) -> Meeting:
    """End the meeting for good; the item in hand is concluded with it. The minutes are drafted by themselves."""
    await hold_test(work, meeting)
    held = await _running_it(work, actor, meeting)
    if held.state == MeetingState.ADJOURNED:
        raise Refused("meeting-adjourned")
    state = next_state(MEETING, held.state, "adjourn")
    if await unfinished_poll(work, meeting):
        raise Refused("meeting-open-poll")
    if held.current_item_id:
        await _conclude(work, actor, held, await work.get(Item, held.current_item_id))
    held.state, held.adjourned_at, held.recess_until = state, work.now, None
    room = await room_of(work, held, await work.get(Body, held.body_id))
    await work.record(actor, MeetingAdjourned(meeting=str(meeting), present=room.present), meeting=meeting)
    return held


async def take_up(work: Work, actor: Actor, item: UUID, *, seen: Seen | None = None) -> Item:
    """Turn to an item. The item in hand is concluded first, unless a poll on it is unfinished.

    `seen` tells which item the chair saw in hand: refused (`in-hand-changed`) when another chair has turned to
    something else since, so that no item is passed over by two hands on one button.
    """
    held = await _running_it(work, actor, (await work.get(Item, item)).meeting_id)
    wanted = await work.locked(Item, item)
    if held.state != MeetingState.IN_SESSION:
        raise Refused("meeting-not-running")
    if held.current_item_id == item:
        return wanted
    if seen is not None and seen.in_hand != held.current_item_id:
        raise Refused("in-hand-changed")
    state = next_state(ITEM, wanted.state, "take-up")
    if wanted.visibility == Visibility.HIDDEN:
        raise Refused("item-hidden")
    if wanted.postponed_to_id:
        raise Refused("item-elsewhere", title=(await work.get(Meeting, wanted.postponed_to_id)).title)
    if held.current_item_id:
        await _conclude(work, actor, held, await work.get(Item, held.current_item_id))
    wanted.state, wanted.taken_up_at = state, wanted.taken_up_at or work.now
    wanted.running_since = work.now
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


async def _conclude(work: Work, actor: Actor, held: Meeting, item: Item) -> None:
    state = next_state(ITEM, item.state, "conclude")
    if await unfinished_poll(work, held.id, item.id):
        raise Refused("item-open-poll")
    item.state, item.concluded_at = state, work.now
    let_go(work, held, item)
    await work.record(actor, ItemConcluded(item=str(item.id), number=item.number), meeting=held.id)


def let_go(work: Work, held: Meeting, item: Item) -> None:
    """The item is in hand no more: its clock stops, and nobody pages its papers for the others."""
    _stop(work, item)
    if held.current_item_id == item.id:
        held.current_item_id = None
        held.followed_paper_id = held.followed_page = held.followed_by = None


def _stop(work: Work, item: Item) -> None:
    item.spent_seconds = seconds_spent(item.spent_seconds, item.running_since, work.now)
    item.running_since = None


def _on_the_clock(held: Meeting, moment: datetime) -> str:
    return moment.astimezone(ZoneInfo(held.timezone)).isoformat(timespec="seconds")


async def _running_it(work: Work, actor: Actor, meeting: UUID) -> Meeting:
    held = await work.locked(Meeting, meeting)
    actor.must(Right.RUN_ROOM, body=held.body_id)
    return held


async def unfinished_poll(work: Work, meeting: UUID, item: UUID | None = None) -> bool:
    """Whether a poll of the meeting, or of one item, is open or waits to be announced."""
    query = (
        select(Poll.id)
        .where(Poll.meeting_id == meeting, Poll.state.in_(UNFINISHED), Poll.kind != TEST)
        .limit(1)
    )
    if item is not None:
        query = query.where(concerns(item))
    return await work.session.scalar(query) is not None
