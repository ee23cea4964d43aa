"""When a poll opens and closes by itself, and calling those whose ballot is missing."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, select

from meetings.during.desk import not_voted
from meetings.during.opening import LONGEST, acting_for, poll_of_chair
from meetings.rules.events import MissingCalled, PollTimesSet
from meetings.rules.lifecycle import PollState
from meetings.rules.permissions import Actor
from meetings.rules.polls import Method, check_times, ends
from meetings.rules.refusals import Refused
from meetings.rules.room_rules import room_rules
from meetings.storage.tables import Body, Meeting, Poll
from meetings.storage.unit_of_work import Reading, Work


async def set_times(
    work: Work,
    actor: Actor,
    poll: UUID,
    *,
    opens_at: datetime | None = None,
    closes_at: datetime | None = None,
) -> Poll:
    """Set when a prepared poll opens and closes by itself, or when an open one closes; None: by hand."""
    kept, meeting = await poll_of_chair(work, actor, poll)
    if kept.state == PollState.OPEN:
        opens_at = None
    elif kept.state != PollState.DRAFT:
        raise Refused("not-now", state=kept.state)
    check_times(work.now, opens_at, closes_at, kept.method)
    await _set(
        work, actor, kept, meeting, opens_at if kept.state == PollState.DRAFT else kept.opens_at, closes_at
    )
    return kept


async def extend(work: Work, actor: Actor, poll: UUID, *, seconds: int) -> Poll:
    """Give an open vote so many seconds more than it had; one without an end so many from now."""
    kept, meeting = await poll_of_chair(work, actor, poll)
    if kept.state != PollState.OPEN:
        raise Refused("not-now", state=kept.state)
    if not 0 < seconds <= LONGEST:
        raise Refused("poll-times")
    closes_at = max(kept.closes_at or work.now, work.now) + timedelta(seconds=seconds)
    check_times(work.now, None, closes_at, kept.method)
    await _set(work, actor, kept, meeting, kept.opens_at, closes_at)
    return kept


async def call_missing(work: Work, actor: Actor, poll: UUID) -> Poll:
    """Call those who have not voted on their own screens: they see that they are called, nobody else sees who."""
    kept, meeting = await poll_of_chair(work, actor, poll)
    if kept.state != PollState.OPEN or kept.method != Method.ELECTRONIC:
        raise Refused("not-now", state=kept.state)
    await _call(work, actor, kept, meeting)
    return kept


async def call_on_time(work: Work, poll: UUID) -> Poll | None:
    """So many seconds before the end as the body's rules say, call those whose ballot is missing, once."""
    kept = await work.locked(Poll, poll)
    meeting = await work.locked(Meeting, kept.meeting_id)
    if kept.state != PollState.OPEN or kept.closes_at is None or kept.missing_called_at is not None:
        return None
    if work.now < await _warned_at(work, meeting, kept.closes_at):
        return None
    await _call(work, await acting_for(work, kept.timed_by_id), kept, meeting)
    return kept


async def due(reading: Reading) -> list[UUID]:
    """Polls for which the clock may have something to do now or soon: prepared or open ones with a time."""
    query = select(Poll.id).where(
        or_(
            (Poll.state == PollState.DRAFT) & (Poll.opens_at <= reading.now),
            (Poll.state == PollState.OPEN) & Poll.closes_at.is_not(None),
        )
    )
    return list((await reading.session.scalars(query)).all())


async def what_is_due(reading: Reading, poll: UUID) -> str:
    """`open`, `close`, `call`, or nothing."""
    kept = await reading.get(Poll, poll)
    if kept.state == PollState.DRAFT:
        return "open" if kept.opens_at is not None and kept.opens_at <= reading.now else ""
    if kept.state != PollState.OPEN or kept.closes_at is None:
        return ""
    if ends(kept.closes_at, kept.grace) < reading.now:
        return "close"
    if kept.missing_called_at is not None:
        return ""
    meeting = await reading.get(Meeting, kept.meeting_id)
    return "call" if reading.now >= await _warned_at(reading, meeting, kept.closes_at) else ""


async def _warned_at(reading: Reading, meeting: Meeting, closes_at: datetime) -> datetime:
    body = await reading.get(Body, meeting.body_id)
    return closes_at - timedelta(seconds=room_rules(body.room_rules).warn_seconds)


async def _call(work: Work, actor: Actor | None, kept: Poll, meeting: Meeting) -> None:
    kept.missing_called_at = work.now
    missing = len(await not_voted(work, kept.id))
    if missing:
        event = MissingCalled(poll=str(kept.id), title=kept.title, missing=missing)
        await work.record(actor, event, meeting=meeting.id)


async def _set(
    work: Work,
    actor: Actor,
    kept: Poll,
    meeting: Meeting,
    opens_at: datetime | None,
    closes_at: datetime | None,
) -> None:
    body = await work.get(Body, meeting.body_id)
    kept.opens_at, kept.closes_at, kept.timed_by_id = opens_at, closes_at, actor.person
    kept.grace = room_rules(body.room_rules).grace_seconds if closes_at else 0
    kept.missing_called_at = None
    event = PollTimesSet(
        poll=str(kept.id),
        title=kept.title,
        opens_at=opens_at.isoformat() if opens_at and kept.state == PollState.DRAFT else "",
        closes_at=closes_at.isoformat() if closes_at else "",
        grace=kept.grace,
    )
    await work.record(actor, event, meeting=meeting.id)
