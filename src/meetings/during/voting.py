"""Polls: drafted, opened on a frozen roll, closed with their tally, announced, annulled. Casting is in `ballot_box`."""

from __future__ import annotations

import secrets
from uuid import UUID

from sqlalchemy import delete, func, insert, select

from meetings.during.attendance import room_of
from meetings.during.counting import count_poll
from meetings.during.drafting import draft_poll
from meetings.during.entered_ballots import check_none_waits, drop_all
from meetings.during.opening import acting_for, open_poll, poll_of_chair
from meetings.rules.events import OutcomeAnnounced, PollAnnulled, PollClosed
from meetings.rules.lifecycle import POLL, PollState, next_state
from meetings.rules.permissions import Actor
from meetings.rules.polls import TEST, Method, ends
from meetings.rules.refusals import Refused
from meetings.rules.rule_data import stored_rule
from meetings.storage.tables import Body, Meeting, Poll, RollEntry, SecretBallot
from meetings.storage.unit_of_work import Reading, Work

__all__ = ["announce_outcome", "annul_poll", "cast_so_far", "close_poll", "draft_poll", "open_poll"]


async def close_poll(work: Work, actor: Actor, poll: UUID) -> Poll:
    """Close for good and tally in the same transaction: a ballot is either in or late, never between.

    A show of hands is closed once its counts are confirmed.
    """
    kept, meeting = await poll_of_chair(work, actor, poll)
    state = next_state(POLL, kept.state, "close")
    if kept.method == Method.HANDS and not (kept.counts or {}).get("confirmed_by"):
        raise Refused("counts-unconfirmed")
    await check_none_waits(work, poll)
    kept.state = state
    await _close(work, actor, kept, meeting, by_clock=False)
    return kept


async def close_on_time(work: Work, poll: UUID) -> Poll | None:
    """Close a poll whose time and grace are over, on the word of the chair who set it; None if that is done already.

    A ballot that nobody has confirmed by then is dropped: the time was announced.
    """
    kept = await work.locked(Poll, poll)
    over = kept.state == PollState.OPEN and kept.closes_at and ends(kept.closes_at, kept.grace) < work.now
    if not over or kept.kind == TEST:
        return None
    meeting = await work.locked(Meeting, kept.meeting_id)
    actor = await acting_for(work, kept.timed_by_id)
    kept.state = next_state(POLL, kept.state, "close")
    await drop_all(work, actor, kept)
    await _close(work, actor, kept, meeting, by_clock=True)
    return kept


async def announce_outcome(work: Work, actor: Actor, poll: UUID) -> Poll:
    """Say the outcome aloud: it appears on every screen, and what follows from it follows now."""
    kept, meeting = await poll_of_chair(work, actor, poll)
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
        lines=outcome.get("lines", []),
    )
    await work.record(actor, event, meeting=meeting.id)
    return kept


async def annul_poll(work: Work, actor: Actor, poll: UUID, *, reason: str) -> Poll:
    """Declare a poll void, before its outcome is announced or after; its ballots stay on record and count for nothing.

    What an announced outcome brought about is undone with it, and what cannot be undone refuses: a resolution that
    is issued, a text that later votes were built on.
    """
    kept, meeting = await poll_of_chair(work, actor, poll)
    if not reason.strip():
        raise Refused("reason-missing")
    state, announced = next_state(POLL, kept.state, "annul"), kept.state == PollState.ANNOUNCED
    if kept.state in (PollState.DRAFT, PollState.OPEN):
        kept.cast = await cast_so_far(work, poll)
        await drop_all(work, actor, kept)
    if kept.secret and kept.state == PollState.OPEN:
        await _shuffle(work, poll)
    kept.state, kept.annulled_at, kept.annulled_reason = state, work.now, reason.strip()
    event = PollAnnulled(
        poll=str(poll), item=str(kept.item_id), reason=reason.strip(), title=kept.title, announced=announced
    )
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


async def _close(work: Work, actor: Actor | None, kept: Poll, meeting: Meeting, *, by_clock: bool) -> None:
    rule = stored_rule(kept.rule)
    body = await work.get(Body, meeting.body_id)
    present = (await room_of(work, meeting, body)).present
    kept.closed_at, kept.present_close, kept.calling_id = work.now, present, None
    counted, outcome = await count_poll(work, kept, rule)
    kept.cast, kept.tally, kept.outcome = counted["cast"], counted, outcome
    if kept.secret:
        await _shuffle(work, kept.id)
    event = PollClosed(
        poll=str(kept.id), cast=counted["cast"], not_cast=counted["not_cast"], present=present, by_clock=by_clock
    )  # fmt: skip
    await work.record(actor, event, meeting=meeting.id)


async def _shuffle(work: Work, poll: UUID) -> None:
    """Write secret ballots anew in random order, so that transaction ids and page order tell nothing."""
    rows = (await work.session.scalars(select(SecretBallot.choice).where(SecretBallot.poll_id == poll))).all()
    choices = list(rows)
    secrets.SystemRandom().shuffle(choices)
    await work.session.execute(delete(SecretBallot).where(SecretBallot.poll_id == poll))
    if choices:
        fresh = [{"id": work.new_id(), "poll_id": poll, "choice": choice} for choice in choices]
        await work.session.execute(insert(SecretBallot), fresh)
