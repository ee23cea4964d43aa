"""A poll is opened: its roll is frozen from the room as it is, and the figures of that moment are kept."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import insert, select

from meetings.council.persons import actors
from meetings.during.attendance import room_of
from meetings.during.device_tests import hold_with_test
from meetings.during.motion_polls import check_may_open, motions_of_poll
from meetings.during.roll import roll_line, roll_of
from meetings.rules.events import PollNotOpened, PollOpened
from meetings.rules.lifecycle import POLL, MeetingState, PollState, next_state
from meetings.rules.permissions import Actor, Right
from meetings.rules.polls import TEST, Method, check_times
from meetings.rules.quorum import check_quorum
from meetings.rules.recount import quorum_of
from meetings.rules.refusals import Refused
from meetings.rules.roll import check_roll, count_roll
from meetings.rules.room_rules import room_rules
from meetings.rules.rule_data import stored_rule
from meetings.storage.tables import Account, Body, Meeting, Poll, RollEntry
from meetings.storage.unit_of_work import Work

LONGEST = 24 * 60 * 60
"""Seconds that a vote may be open by the clock."""


async def open_poll(work: Work, actor: Actor, poll: UUID, *, seconds: int | None = None) -> Poll:
    """Freeze the roll and open the poll. Refused without quorum, or while the item is not in hand.

    With `seconds` it closes by itself after so long.
    """
    kept = await hold_with_test(work, poll)
    meeting = await work.locked(Meeting, kept.meeting_id)
    actor.must(Right.RUN_ROOM, body=meeting.body_id)
    if seconds is not None and not 0 < seconds <= LONGEST:
        raise Refused("poll-times")
    closes_at = work.now + timedelta(seconds=seconds) if seconds else kept.closes_at
    next_state(POLL, kept.state, "open")
    check_times(work.now, None, closes_at, kept.method)
    await _check_may_begin(work, kept, meeting)
    if seconds:
        kept.closes_at, kept.timed_by_id = closes_at, actor.person
    await _open(work, actor, kept, meeting, by_clock=False)
    return kept


async def open_on_time(work: Work, poll: UUID) -> Poll | None:
    """Open a poll whose moment has come, on the word of the chair who set it; None if that is done already.

    What the rules refuse then is kept in the journal, and the poll waits for the chair's hand.
    """
    kept = await hold_with_test(work, poll)
    meeting = await work.locked(Meeting, kept.meeting_id)
    if kept.state != PollState.DRAFT or kept.opens_at is None or kept.opens_at > work.now:
        return None
    if meeting.state in (MeetingState.ADJOURNED, MeetingState.CANCELLED):
        kept.opens_at = None
        return None
    actor = await acting_for(work, kept.timed_by_id)
    try:
        if actor is None or not actor.may(Right.RUN_ROOM, body=meeting.body_id):
            raise Refused("forbidden")
        check_times(work.now, None, kept.closes_at, kept.method)
        await _check_may_begin(work, kept, meeting)
        await _open(work, actor, kept, meeting, by_clock=True)
    except Refused as refused:
        kept.opens_at = None
        facts = {name: str(value) for name, value in refused.facts.items()}
        event = PollNotOpened(poll=str(poll), title=kept.title, refusal=refused.code, facts=facts)
        await work.record(actor, event, meeting=meeting.id)
    return kept


async def poll_of_chair(work: Work, actor: Actor, poll: UUID) -> tuple[Poll, Meeting]:
    """The poll and its meeting, both held, for the chair; a test of the devices is no vote (`test-poll`)."""
    kept = await work.locked(Poll, poll)
    meeting = await work.locked(Meeting, kept.meeting_id)
    actor.must(Right.RUN_ROOM, body=meeting.body_id)
    if kept.kind == TEST:
        raise Refused("test-poll")
    return kept, meeting


async def acting_for(work: Work, person: UUID | None) -> Actor | None:
    """The person on whose word something happens by itself."""
    accounts = (await work.session.scalars(select(Account).where(Account.person_id == person))).all()
    found = await actors(work, accounts, work.today)
    return next(iter(found.values()), None)


async def _check_may_begin(work: Work, kept: Poll, meeting: Meeting) -> None:
    if meeting.state != MeetingState.IN_SESSION:
        raise Refused("meeting-not-running")
    if meeting.current_item_id != kept.item_id:
        raise Refused("item-not-open")
    await _no_other_poll(work, kept)
    await check_may_open(work, kept)


async def _open(work: Work, actor: Actor | None, kept: Poll, meeting: Meeting, *, by_clock: bool) -> None:
    """Everything is checked before anything is written."""
    body = await work.get(Body, meeting.body_id)
    room = await room_of(work, meeting, body)
    put = {motion.item_id for motion in await motions_of_poll(work, kept)}
    voters = roll_of(room, kept.item_id, *put)
    check_roll(voters, secret=kept.secret, hands=kept.method == Method.HANDS)
    counted = count_roll(voters)
    at_opening = quorum_of(stored_rule(kept.rule), body.seats, len(room.seats), counted.present)
    check_quorum(at_opening)
    kept.state = next_state(POLL, kept.state, "open")
    kept.opened_at, kept.chair_id = work.now, actor.person if actor else kept.timed_by_id
    kept.grace = room_rules(body.room_rules).grace_seconds if kept.closes_at else 0
    kept.seats, kept.in_office, kept.present_open = body.seats, len(room.seats), counted.present
    kept.eligible, kept.eligible_weight = counted.eligible, counted.eligible_weight
    await work.session.flush()
    await work.session.execute(insert(RollEntry), [roll_line(kept.id, voter) for voter in voters])
    event = PollOpened(
        poll=str(kept.id),
        item=str(kept.item_id),
        title=kept.title,
        seats=body.seats,
        in_office=len(room.seats),
        present=counted.present,
        eligible=counted.eligible,
        quorum_needed=at_opening.needed,
        method=kept.method,
        closes_at=kept.closes_at.isoformat() if kept.closes_at else "",
        by_clock=by_clock,
    )
    await work.record(actor, event, meeting=meeting.id)


async def _no_other_poll(work: Work, poll: Poll) -> None:
    other = await work.session.scalar(
        select(Poll.id)
        .where(
            Poll.meeting_id == poll.meeting_id,
            Poll.state.in_((PollState.OPEN, PollState.CLOSED)),
            Poll.kind != TEST,
            Poll.id != poll.id,
        )
        .limit(1)
    )
    if other is not None:
        raise Refused("meeting-open-poll")
