"""The outbox: what was decided inside a transaction and leaves the house after it, once.

A claim takes one row for a while; work that lasts renews it, and a claimer that dies gives it up by itself. Rows are
claimed by "not done", never by the highest id seen, because transactions do not commit in the order of their ids.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select, update

from meetings.storage.tables import Outbox
from meetings.storage.unit_of_work import Store

log = logging.getLogger(__name__)

CLAIM = timedelta(minutes=5)
RENEW = 60.0
"""Seconds after which a claim is renewed while its work lasts."""
ATTEMPTS = 8
"""After the eighth failure a row stays where it is, for the administrator."""


async def claim(store: Store, kind: str) -> tuple[UUID, dict[str, Any]] | None:
    """One due row of this kind, held for five minutes; None when nothing waits."""
    async with store.work() as work:
        due = (
            select(Outbox.id)
            .where(
                Outbox.kind == kind,
                Outbox.done_at.is_(None),
                Outbox.refused_at.is_(None),
                Outbox.due_at <= work.now,
                Outbox.attempts < ATTEMPTS,
                or_(Outbox.claimed_until.is_(None), Outbox.claimed_until < work.now),
            )
            .order_by(Outbox.due_at)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        taken = await work.session.execute(
            update(Outbox)
            .where(Outbox.id.in_(due.scalar_subquery()), Outbox.done_at.is_(None))
            .values(claimed_until=work.now + CLAIM, attempts=Outbox.attempts + 1)
            .returning(Outbox.id, Outbox.payload)
            .execution_options(synchronize_session=False)
        )
        row = taken.first()
        return (row.id, row.payload) if row else None


async def renew(store: Store, row: UUID) -> None:
    """Hold the row for another five minutes."""
    async with store.work() as work:
        await work.session.execute(
            update(Outbox)
            .where(Outbox.id == row, Outbox.done_at.is_(None))
            .values(claimed_until=work.now + CLAIM)
        )


@asynccontextmanager
async def holding(store: Store, row: UUID) -> AsyncGenerator[None]:
    """Hold a claimed row for as long as its work lasts: nobody else begins the same."""
    over = asyncio.Event()
    renewing = asyncio.create_task(_renew_until(over, store, row), name="claim")
    try:
        yield
    finally:
        over.set()
        await renewing


async def _renew_until(over: asyncio.Event, store: Store, row: UUID) -> None:
    while not over.is_set():
        with suppress(TimeoutError):
            await asyncio.wait_for(over.wait(), RENEW)
            return
        try:
            await renew(store, row)
        except Exception:
            log.exception("a claim could not be renewed; it is tried again")


async def finish(store: Store, row: UUID) -> None:
    """The row's content has left the house."""
    async with store.work() as work:
        await work.session.execute(
            update(Outbox).where(Outbox.id == row).values(done_at=work.now, claimed_until=None)
        )


async def postpone(store: Store, row: UUID, error: str) -> None:
    """Delivery failed: keep the reason, try again later and later."""
    async with store.work() as work:
        kept = await work.get(Outbox, row)
        kept.last_error = error[:500]
        kept.claimed_until = None
        kept.due_at = work.now + timedelta(seconds=30 * 2**kept.attempts)


async def refuse(store: Store, row: UUID, error: str) -> None:
    """The other side will never take it: keep the reason, and do not try again."""
    async with store.work() as work:
        kept = await work.get(Outbox, row)
        kept.last_error = error[:500]
        kept.claimed_until = None
        kept.refused_at = work.now
