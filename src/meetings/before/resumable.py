"""Large files come in pieces, so that a lost connection costs a piece and not the file (the protocol: `web.uploads`).

Whoever begins is asked for the right to lay the file first. What has come rests beside the documents, for this person
alone and at most for a day, and is laid like any other file when it is whole.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, func, select

from meetings.before.consultation_drafts import drafted
from meetings.before.dossier_lists import open_dossier
from meetings.before.dossier_papers import must_lay
from meetings.before.papers import may_be_laid_under
from meetings.before.uploads import FILES_AT_ONCE, must_fit
from meetings.rules.file_names import file_name
from meetings.rules.permissions import Actor
from meetings.rules.refusals import Refused
from meetings.storage.tables import Dossier, Item, Paper, Upload
from meetings.storage.unit_of_work import Reading, Store, Work

log = logging.getLogger(__name__)

KEPT_FOR = timedelta(days=1)
LOOK = 600.0
"""Seconds between two looks for what has expired."""


class Purpose(StrEnum):
    """What a file is laid under."""

    ITEM = "item"
    PAPER = "paper"
    """As its next version."""
    DOSSIER = "dossier"
    CONSULTATION = "consultation"


async def begin_upload(
    work: Work, actor: Actor, purpose: str, target: UUID, *, filename: str, size: int
) -> Upload:
    """Take in a file of this size, piece by piece.

    Refused like the laying itself to whoever may not lay it; `paper-large`; `papers-many` for so many at once.
    """
    await _must_be_allowed(work, actor, purpose, target)
    must_fit(work.files, size)
    begun = await work.session.scalar(
        select(func.count())
        .select_from(Upload)
        .where(Upload.person_id == actor.person, Upload.expires_at > work.now)
    )
    if (begun or 0) >= FILES_AT_ONCE:
        raise Refused("papers-many", limit=FILES_AT_ONCE)
    upload = Upload(
        id=work.new_id(), person_id=actor.person, purpose=purpose, target_id=target, filename=file_name(filename),
        size=size, received=0, pieces={"pieces": []}, expires_at=work.now + KEPT_FOR,
    )  # fmt: skip
    work.session.add(upload)
    await work.session.flush()
    return upload


async def _must_be_allowed(work: Work, actor: Actor, purpose: str, target: UUID) -> None:
    match purpose:
        case Purpose.ITEM:
            await may_be_laid_under(work, actor, await work.get(Item, target))
        case Purpose.PAPER:
            await may_be_laid_under(
                work, actor, await work.get(Item, (await work.get(Paper, target)).item_id)
            )
        case Purpose.DOSSIER:
            await open_dossier(work, actor, target)
            await must_lay(work, actor, await work.get(Dossier, target))
        case Purpose.CONSULTATION:
            await drafted(work, actor, target)
        case _:
            raise Refused("not-found")


async def own_upload(reading: Reading, actor: Actor, upload: UUID) -> Upload:
    """How far one's own upload is; `not-found` for everybody else and after a day."""
    kept = await reading.session.get(Upload, upload)
    if kept is None or kept.person_id != actor.person or kept.expires_at <= reading.now:
        raise Refused("not-found")
    return kept


async def add_piece(store: Store, actor: Actor, upload: UUID, offset: int, content: bytes) -> int:
    """Keep a piece that begins at `offset`; gives where the next one begins.

    Refused: `upload-offset` when it does not begin where the last one ended, `upload-long` beyond the whole.
    """
    async with store.reading() as reading:
        _must_continue(await own_upload(reading, actor, upload), offset, content)
    piece = uuid4()
    await store.files.put_piece(upload, piece, content)
    try:
        async with store.work() as work:
            kept = await work.locked(Upload, upload)
            _must_continue(kept, offset, content)  # of two who send the same piece, one goes on
            kept.pieces = {"pieces": [*_pieces(kept), str(piece)]}
            kept.received += len(content)
            return kept.received
    except Refused as refusal:
        if refusal.code == "not-found":  # ended in the meantime
            await store.files.drop_pieces(upload)
        raise


def _must_continue(kept: Upload, offset: int, content: bytes) -> None:
    if kept.received != offset:
        raise Refused("upload-offset", offset=kept.received)
    if offset + len(content) > kept.size:
        raise Refused("upload-long")


def _pieces(kept: Upload) -> Sequence[Any]:
    return kept.pieces["pieces"]


async def whole_file(
    store: Store, actor: Actor, upload: UUID, purpose: Purpose, target: UUID
) -> tuple[str, bytes]:
    """Name and bytes of one's own upload that was begun for this and is whole; otherwise `upload-unfinished`."""
    async with store.reading() as reading:
        kept = await own_upload(reading, actor, upload)
        if (kept.purpose, kept.target_id) != (purpose, target):
            raise Refused("not-found")
    if kept.received != kept.size:
        raise Refused("upload-unfinished")
    return kept.filename, await store.files.joined(upload, [UUID(one) for one in _pieces(kept)])


async def end_upload(store: Store, actor: Actor, upload: UUID) -> None:
    """Let go of one's own upload and all that came of it."""
    async with store.work() as work:
        await own_upload(work, actor, upload)
        await work.session.execute(delete(Upload).where(Upload.id == upload))
    await store.files.drop_pieces(upload)


async def drop_expired(store: Store) -> int:
    """Let go of what has waited for more than a day; how many uploads that were."""
    async with store.reading() as reading:
        query = select(Upload.id).where(Upload.expires_at <= reading.now)
        expired = (await reading.session.scalars(query)).all()
    for upload in expired:
        await store.files.drop_pieces(upload)
        async with store.work() as work:
            await work.session.execute(delete(Upload).where(Upload.id == upload))
    return len(expired)


async def drop_expired_always(store: Store) -> None:
    """For as long as the server runs."""
    while True:
        try:
            await drop_expired(store)
        except Exception:
            log.exception("uploads that have expired could not be removed; it is tried again")
        await asyncio.sleep(LOOK)
