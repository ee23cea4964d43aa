"""The record of proceedings: append-only rows, each sealed into the hash of the next.

A row's hash is SHA-256 over the RFC 8785 form of its header, which names the previous hash and the SHA-256 of the
payload. A payload's personal text can therefore be erased later while the chain still verifies.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID

import orjson
import rfc8785
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from meetings.storage.tables import Chain, JournalRow

HOUSE = UUID(int=0)
"""The chain for everything that happens outside a meeting."""
FORMAT = 1
START = "0" * 64
EXACT = 2**53 - 1
"""Beyond it, JSON numbers are not exact everywhere."""
BREATH = 50
"""Rows that are recomputed at a stretch, before others have their turn on the event loop."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One event about to be written: its name, its payload, and who acted (None: the program itself)."""

    event: str
    payload: dict[str, Any]
    actor: UUID | None
    stage: bool


def canonical(data: object) -> bytes:
    """RFC 8785 JSON. Without floats and with plain keys, sorted JSON is that already, and forty times as fast."""
    return (
        orjson.dumps(data, option=orjson.OPT_SORT_KEYS) if _plain(data) else rfc8785.dumps(cast("Any", data))
    )


def _plain(data: object) -> bool:
    if data is None or isinstance(data, str | bool):
        return True
    if isinstance(data, int):
        return -EXACT <= data <= EXACT
    if isinstance(data, dict):
        found = cast("dict[object, object]", data)
        return all(isinstance(key, str) and key.isascii() for key in found) and all(
            map(_plain, found.values())
        )
    return isinstance(data, list) and all(map(_plain, cast("list[object]", data)))


def payload_hash(payload: dict[str, Any]) -> str:
    """SHA-256 of the payload's canonical JSON."""
    return hashlib.sha256(canonical(payload)).hexdigest()


def row_hash(
    previous: str, chain: UUID, seq: int, at: datetime, actor: UUID | None, event: str, payload: str
) -> str:
    """The hash that seals one row to the one before it. Its header is plain in any case (`canonical`)."""
    header = {
        "format": FORMAT,
        "previous": previous,
        "chain": str(chain),
        "seq": seq,
        "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": str(actor) if actor else None,
        "event": event,
        "payload": payload,
    }
    return hashlib.sha256(orjson.dumps(header, option=orjson.OPT_SORT_KEYS)).hexdigest()


async def locked_chain(session: AsyncSession, chain: UUID) -> Chain:
    """The chain's head, held against other writers until the end of the transaction."""
    head = await session.scalar(select(Chain).where(Chain.id == chain).with_for_update())
    if head is None:
        head = Chain(id=chain, seq=0, stage=0, head=START)
        session.add(head)
        await session.flush()
    return head


def sealed(head: Chain, at: datetime, entries: Sequence[Entry]) -> list[dict[str, Any]]:
    """The rows for these entries, as columns; moves the head on."""
    rows: list[dict[str, Any]] = []
    chain, seq, last = head.id, head.seq, head.head
    for seq, entry in enumerate(entries, head.seq + 1):
        inner = payload_hash(entry.payload)
        last = row_hash(last, chain, seq, at, entry.actor, entry.event, inner)
        rows.append(
            {
                "chain_id": chain,
                "seq": seq,
                "at": at,
                "actor_id": entry.actor,
                "event": entry.event,
                "payload": entry.payload,
                "payload_hash": inner,
                "hash": last,
            }
        )
    head.seq, head.head = seq, last
    head.stage += sum(entry.stage for entry in entries)
    return rows


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a recount of a chain found. `broken_at` is the first row that does not fit; None: all fit."""

    chain: UUID
    rows: int
    head: str
    broken_at: int | None

    @property
    def intact(self) -> bool:
        return self.broken_at is None


async def verify_chain(session: AsyncSession, chain: UUID) -> Verdict:
    """Recompute every hash of a chain, in order, and compare the last with the kept head."""
    previous, count = START, 0
    rows = await session.stream_scalars(
        select(JournalRow).where(JournalRow.chain_id == chain).order_by(JournalRow.seq)
    )
    async for row in rows:
        count += 1
        if count % BREATH == 0:
            await asyncio.sleep(0)
        inner = payload_hash(row.payload)
        expected = row_hash(previous, chain, count, row.at, row.actor_id, row.event, inner)
        if row.seq != count or row.payload_hash != inner or row.hash != expected:
            return Verdict(chain, count, previous, broken_at=count)
        previous = row.hash
    head = await session.get(Chain, chain)
    kept = (head.seq, head.head) if head else (0, START)
    return Verdict(chain, count, previous, broken_at=None if kept == (count, previous) else count + 1)
