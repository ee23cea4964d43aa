"""Polls: drafted, opened on a frozen roll, closed with their tally, announced. Casting is in `ballot_box`."""

from __future__ import annotations

import secrets
from uuid import UUID

from sqlalchemy import delete, func, insert, select

from meetings.during.attendance import room_of
from meetings.during.counting import count_poll
from meetings.during.drafting import draft_poll
from meetings.during.opening import open_poll
from meetings.rules.events import OutcomeAnnounced, PollAnnulled, PollClosed
from meetings.rules.lifecycle import POLL, PollState, next_state
from meetings.rules.permissions import Actor, Right
from meetings.rules.refusals import Refused
from meetings.rules.rule_data import stored_rule
from meetings.storage.tables import Body, Meeting, Poll, RollEntry, SecretBallot
from meetings.storage.unit_of_work import Reading, Work

__all__ = ["announce_outcome", "annul_poll", "cast_so_far", "close_poll", "draft_poll", "open_poll"]


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


async def _shuffle(work: Work, poll: UUID) -> None:
    """Write secret ballots anew in random order, so that transaction ids and page order tell nothing."""
    rows = (await work.session.scalars(select(SecretBallot.choice).where(SecretBallot.poll_id == poll))).all()
    choices = list(rows)
    secrets.SystemRandom().shuffle(choices)
    await work.session.execute(delete(SecretBallot).where(SecretBallot.poll_id == poll))
    if choices:
        fresh = [{"id": work.new_id(), "poll_id": poll, "choice": choice} for choice in choices]
        await work.session.execute(insert(SecretBallot), fresh)
