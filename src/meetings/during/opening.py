"""A poll is opened: its roll is frozen from the room as it is, and the figures of that moment are kept."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import insert, select

from meetings.during.attendance import room_of
from meetings.during.motion_polls import check_may_open, motions_of_poll
from meetings.during.roll import roll_line, roll_of
from meetings.rules.events import PollOpened
from meetings.rules.lifecycle import POLL, MeetingState, PollState, next_state
from meetings.rules.permissions import Actor, Right
from meetings.rules.quorum import check_quorum
from meetings.rules.recount import quorum_of
from meetings.rules.refusals import Refused
from meetings.rules.roll import check_roll, count_roll
from meetings.rules.rule_data import stored_rule
from meetings.storage.tables import Body, Meeting, Poll, RollEntry
from meetings.storage.unit_of_work import Work


async def open_poll(work: Work, actor: Actor, poll: UUID) -> Poll:
    """Freeze the roll and open the poll. Refused without quorum, or while the item is not in hand."""
    kept = await work.locked(Poll, poll)
    meeting = await work.locked(Meeting, kept.meeting_id)
    actor.must(Right.RUN_ROOM, body=meeting.body_id)
    state = next_state(POLL, kept.state, "open")
    if meeting.state != MeetingState.IN_SESSION:
        raise Refused("meeting-not-running")
    if meeting.current_item_id != kept.item_id:
        raise Refused("item-not-open")
    await _no_other_poll(work, kept)
    await check_may_open(work, kept)
    body = await work.get(Body, meeting.body_id)
    room = await room_of(work, meeting, body)
    put = {motion.item_id for motion in await motions_of_poll(work, kept)}
    voters = roll_of(room, kept.item_id, *put)
    check_roll(voters, secret=kept.secret)
    rule = stored_rule(kept.rule)
    counted = count_roll(voters)
    at_opening = quorum_of(rule, body.seats, len(room.seats), counted.present)
    check_quorum(at_opening)
    kept.state, kept.opened_at, kept.chair_id = state, work.now, actor.person
    kept.seats, kept.in_office, kept.present_open = body.seats, len(room.seats), counted.present
    kept.eligible, kept.eligible_weight = counted.eligible, counted.eligible_weight
    await work.session.flush()
    await work.session.execute(insert(RollEntry), [roll_line(poll, voter) for voter in voters])
    event = PollOpened(
        poll=str(poll),
        item=str(kept.item_id),
        title=kept.title,
        seats=body.seats,
        in_office=len(room.seats),
        present=counted.present,
        eligible=counted.eligible,
        quorum_needed=at_opening.needed,
    )
    await work.record(actor, event, meeting=meeting.id)
    return kept


async def _no_other_poll(work: Work, poll: Poll) -> None:
    other = await work.session.scalar(
        select(Poll.id)
        .where(
            Poll.meeting_id == poll.meeting_id,
            Poll.state.in_((PollState.OPEN, PollState.CLOSED)),
            Poll.id != poll.id,
        )
        .limit(1)
    )
    if other is not None:
        raise Refused("meeting-open-poll")
