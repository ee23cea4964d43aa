"""Polls: drafted, opened on a frozen roll, closed with their tally, announced. Casting is in `ballot_box`."""

from __future__ import annotations

import secrets
from uuid import UUID

from sqlalchemy import delete, func, insert, select

from meetings.before.scheduling import checked_title
from meetings.during.attendance import meeting_day, room_of
from meetings.during.counting import count_poll
from meetings.during.motion_polls import check_may_open, motions_of_poll, must_wait
from meetings.during.roll import roll_line, roll_of
from meetings.rules.events import OutcomeAnnounced, PollAnnulled, PollClosed, PollDrafted, PollOpened
from meetings.rules.lifecycle import POLL, MeetingState, PollState, next_state
from meetings.rules.majority import check_in_force, rule_from
from meetings.rules.permissions import Actor, Right
from meetings.rules.quorum import check_quorum
from meetings.rules.recount import quorum_of
from meetings.rules.refusals import Refused
from meetings.rules.roll import check_roll, count_roll
from meetings.rules.rule_data import rule_as_data, stored_rule
from meetings.storage.tables import Body, Item, Meeting, Motion, Poll, RollEntry, SecretBallot
from meetings.storage.unit_of_work import Reading, Work


async def draft_poll(
    work: Work,
    actor: Actor,
    item: UUID,
    *,
    title: str = "",
    motion: UUID | None = None,
    rule: object = None,
    choices: object = None,
    secret: bool = False,
) -> Poll:
    """Prepare a poll on an item, usually on its motion. `rule` is a preset's code or a rule object."""
    under = await work.get(Item, item)
    meeting = await work.locked(Meeting, under.meeting_id)
    _must_run_or_prepare(actor, meeting)
    if meeting.state in (MeetingState.ADJOURNED, MeetingState.CANCELLED):
        raise Refused("not-now", state=meeting.state)
    body = await work.get(Body, meeting.body_id)
    wanted = rule_from(rule or body.default_rule, choices)
    if not meeting.reference:  # a record of the past was decided under whatever rule it names
        check_in_force(wanted, meeting_day(meeting))
    on = await _motion(work, item, motion)
    count = await work.session.scalar(
        select(func.count()).select_from(Poll).where(Poll.meeting_id == meeting.id)
    )
    poll = Poll(
        id=work.new_id(),
        meeting_id=meeting.id,
        item_id=item,
        motion_id=motion,
        number=(count or 0) + 1,
        title=checked_title(title or (on.title if on else under.title)),
        rule=rule_as_data(wanted),
        secret=secret,
        state=PollState.DRAFT,
        cast=0,
    )
    work.session.add(poll)
    await work.session.flush()
    event = PollDrafted(poll=str(poll.id), item=str(item), title=poll.title, rule=poll.rule, secret=secret)
    await work.record(actor, event, meeting=meeting.id)
    return poll


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


async def close_poll(work: Work, actor: Actor, poll: UUID) -> Poll:
    """Close for good and tally in the same transaction: a ballot is either in or late, never between."""
    kept = await work.locked(Poll, poll)
    meeting = await work.get(Meeting, kept.meeting_id)
    actor.must(Right.RUN_ROOM, body=meeting.body_id)
    kept.state = next_state(POLL, kept.state, "close")
    rule = stored_rule(kept.rule)
    body = await work.get(Body, meeting.body_id)
    present = (await room_of(work, meeting, body)).present
    kept.closed_at, kept.present_close = work.now, present
    counted, outcome = await count_poll(work, kept, rule)
    kept.cast, kept.tally, kept.outcome = counted["cast"], counted, outcome
    if kept.secret:
        await _shuffle(work, poll)
    event = PollClosed(poll=str(poll), cast=counted["cast"], not_cast=counted["not_cast"], present=present)
    await work.record(actor, event, meeting=meeting.id)
    return kept


async def announce_outcome(work: Work, actor: Actor, poll: UUID) -> Poll:
    """Say the outcome aloud: it appears on every screen, and what follows from it follows now."""
    kept = await work.locked(Poll, poll)
    meeting = await work.locked(Meeting, kept.meeting_id)
    actor.must(Right.RUN_ROOM, body=meeting.body_id)
    kept.state = next_state(POLL, kept.state, "announce")
    kept.announced_at = work.now
    outcome, counted = kept.outcome or {}, kept.tally or {}
    event = OutcomeAnnounced(
        poll=str(poll),
        item=str(kept.item_id),
        title=kept.title,
        code=outcome["code"],
        adopted=outcome["adopted"],
        reason=outcome["reason"],
        facts=outcome["facts"],
        choices=counted["weights"],
        not_cast=counted["not_cast"],
        percent=outcome["percent"],
    )
    await work.record(actor, event, meeting=meeting.id)
    return kept


async def annul_poll(work: Work, actor: Actor, poll: UUID, *, reason: str) -> Poll:
    """Declare a poll void before its outcome is announced; its ballots stay on record and count for nothing."""
    kept = await work.locked(Poll, poll)
    meeting = await work.locked(Meeting, kept.meeting_id)
    actor.must(Right.RUN_ROOM, body=meeting.body_id)
    if not reason.strip():
        raise Refused("reason-missing")
    if kept.state == PollState.ANNOUNCED:
        raise Refused("poll-announced")
    kept.state, kept.cast = next_state(POLL, kept.state, "annul"), await cast_so_far(work, poll)
    if kept.secret:
        await _shuffle(work, poll)
    event = PollAnnulled(poll=str(poll), item=str(kept.item_id), reason=reason.strip())
    await work.record(actor, event, meeting=meeting.id)
    return kept


async def cast_so_far(reading: Reading, poll: UUID) -> int:
    """How many ballots are in: heads, without what they say."""
    query = (
        select(func.count())
        .select_from(RollEntry)
        .where(RollEntry.poll_id == poll, RollEntry.receipt.is_not(None))
    )
    return await reading.session.scalar(query) or 0


async def _motion(work: Work, item: UUID, motion: UUID | None) -> Motion | None:
    if motion is None:
        return None
    on = await work.session.get(Motion, motion)
    if on is None or on.item_id != item:
        raise Refused("motion-unknown")
    must_wait(on)
    return on


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


async def _shuffle(work: Work, poll: UUID) -> None:
    """Write secret ballots anew in random order, so that transaction ids and page order tell nothing."""
    rows = (await work.session.scalars(select(SecretBallot.choice).where(SecretBallot.poll_id == poll))).all()
    choices = list(rows)
    secrets.SystemRandom().shuffle(choices)
    await work.session.execute(delete(SecretBallot).where(SecretBallot.poll_id == poll))
    if choices:
        fresh = [{"id": work.new_id(), "poll_id": poll, "choice": choice} for choice in choices]
        await work.session.execute(insert(SecretBallot), fresh)


def _must_run_or_prepare(actor: Actor, meeting: Meeting) -> None:
    if not (
        actor.may(Right.RUN_ROOM, body=meeting.body_id) or actor.may(Right.PREPARE, body=meeting.body_id)
    ):
        raise Refused("forbidden")
