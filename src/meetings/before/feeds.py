"""Calendar feeds: a secret address that a person's own calendar program reads, until it is revoked."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

from sqlalchemy import func, select

from meetings.before.calendar import meetings_between
from meetings.council.persons import actors
from meetings.rules.events import FeedOpened, FeedRevoked
from meetings.rules.permissions import Actor, Right
from meetings.rules.refusals import Refused
from meetings.storage.tables import Account, Body, CalendarFeed, Meeting
from meetings.storage.unit_of_work import Reading, Work

MOST = 10
BACK, AHEAD = timedelta(days=90), timedelta(days=300)
"""What a feed tells: from three months ago for about ten months."""


async def open_feed(work: Work, actor: Actor, body: UUID | None = None) -> tuple[CalendarFeed, str]:
    """A new secret address, shown this once; of everything the person may see, or of one body."""
    actor.must(Right.ATTEND, body=body)
    used = await work.session.scalar(
        select(func.count())
        .select_from(CalendarFeed)
        .where(CalendarFeed.person_id == actor.person, CalendarFeed.revoked_at.is_(None))
    )
    if (used or 0) >= MOST:
        raise Refused("feed-limit", limit=MOST)
    secret = secrets.token_urlsafe(32)
    feed = CalendarFeed(
        id=work.new_id(), person_id=actor.person, body_id=body, secret_hash=_digest(secret), created_at=work.now
    )  # fmt: skip
    work.session.add(feed)
    await work.session.flush()
    await work.record(actor, FeedOpened(feed=str(feed.id), body=str(body) if body else ""))
    return feed, secret


async def revoke_feed(work: Work, actor: Actor, feed: UUID) -> None:
    """The address answers no more, at once. Only the person's own (`not-found`)."""
    kept = await work.locked(CalendarFeed, feed)
    if kept.person_id != actor.person or kept.revoked_at:
        raise Refused("not-found")
    kept.revoked_at = work.now
    await work.record(actor, FeedRevoked(feed=str(feed)))


async def feeds_of(reading: Reading, actor: Actor) -> Sequence[CalendarFeed]:
    """The person's own addresses that answer, the oldest first."""
    query = select(CalendarFeed).where(
        CalendarFeed.person_id == actor.person, CalendarFeed.revoked_at.is_(None)
    )
    return (await reading.session.scalars(query.order_by(CalendarFeed.created_at, CalendarFeed.id))).all()


async def feed_meetings(reading: Reading, secret: str) -> tuple[Body | None, Sequence[tuple[Meeting, Body]]]:
    """What stands behind a secret address today: the person's rights are asked at every reading.

    `not-found` for an address that never was, is revoked, or whose person's account is disabled. Drafts are never told.
    """
    feed = await reading.session.scalar(
        select(CalendarFeed).where(
            CalendarFeed.secret_hash == _digest(secret), CalendarFeed.revoked_at.is_(None)
        )
    )
    if feed is None:
        raise Refused("not-found")
    account = await reading.session.scalar(select(Account).where(Account.person_id == feed.person_id))
    known = await actors(reading, [account] if account else [], reading.today)
    actor = known.get(account.id) if account else None
    if actor is None or not actor.may(Right.ATTEND, body=feed.body_id):
        raise Refused("not-found")
    first, last = reading.today - BACK, reading.today + AHEAD
    pairs = await meetings_between(reading, actor, first, last, body=feed.body_id, drafts=False)
    return (await reading.get(Body, feed.body_id) if feed.body_id else None), pairs


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
