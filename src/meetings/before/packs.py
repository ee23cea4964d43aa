"""The meeting pack: asked for, made in the background, fetched. Each person gets what that person may read.

A pack is named by its contents: who may see the same gets the same file, and a paper that is laid anew or withheld
makes another pack. It is checked again at the door: what one may no longer see is not handed out (`pack-not-ready`).
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import tempfile
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select

from meetings.before.agenda import agenda_of
from meetings.before.papers import leaves_of, recused_from
from meetings.before.scheduling import open_to
from meetings.language import N_, gettext, in_language, long_datetime_text, plural, text
from meetings.pdf.pack import Front, PackItem, PackPaper, bind, join
from meetings.pdf.workers import in_worker
from meetings.rules.events import PackAsked
from meetings.rules.permissions import Actor
from meetings.rules.refusals import Refused
from meetings.rules.visibility import audience_of
from meetings.storage.journal import canonical
from meetings.storage.outbox import claim, finish, holding
from meetings.storage.tables import Body, Meeting, Pack
from meetings.storage.unit_of_work import Reading, Recorded, Store, Work

log = logging.getLogger(__name__)

FORMAT = 1
"""Another number makes every pack anew."""
CHUNK = 10
"""Papers that are joined at a stretch; other documents have their turn in between."""
LOOK = 15.0
"""Seconds after which a pack that another process was asked for is found at the latest."""
HEADING = N_("Meeting pack")
AGENDA = N_("Agenda")
ASIDE = N_("You stand aside from this item: its papers are left out.")
APART = N_("Further papers of this item are read in the application only.")
UNREADABLE = N_("could not be put in; read it in the application")
PAGE = N_("p. {page}")
MINUTES = (N_("{count} minute"), N_("{count} minutes"))


class PackState(StrEnum):
    WAITING = "waiting"
    MAKING = "making"
    READY = "ready"
    FAILED = "failed"


async def contents_for(reading: Reading, actor: Actor, meeting: UUID, language: str) -> dict[str, Any]:
    """What this person finds in the pack now: the agenda, and the papers that are open to that person."""
    held = await open_to(reading, actor, meeting)
    leaves = await leaves_of(reading, meeting, audience_of(actor, held.body_id, meeting))
    aside = await recused_from(reading, actor.person, meeting=meeting)
    items = [
        {
            "number": item.number,
            "title": item.title,
            "presenter": item.presenter,
            "minutes": item.minutes_planned,
            "aside": item.id in aside,
            "papers": [
                {"title": leaf.title, "sha256": leaf.sha256}
                for leaf in leaves.get(item.id, [])
                if item.id not in aside and leaf.access.packed
            ],
            "apart": item.id not in aside and any(not leaf.access.packed for leaf in leaves.get(item.id, [])),
        }
        for item in await agenda_of(reading, meeting, audience=audience_of(actor, held.body_id, meeting))
    ]
    return {
        "format": FORMAT,
        "language": language,
        "body": (await reading.get(Body, held.body_id)).name,
        "title": held.title,
        "starts": held.starts_local,
        "place": held.place,
        "items": items,
    }


async def ask_for_pack(work: Work, actor: Actor, meeting: UUID, *, language: str) -> Pack:
    """The pack of what one may read: the one that exists, or a new one that is made in the background."""
    contents = await contents_for(work, actor, meeting, language)
    if not contents["items"]:
        raise Refused("agenda-empty")
    kept = await _pack_of(work, meeting, contents)
    if kept is None:
        await work.locked(Meeting, meeting)  # of two who ask at the same moment, one makes it
        kept = await _pack_of(work, meeting, contents)
    if kept is not None and kept.state != PackState.FAILED:
        return kept
    if kept is None:
        kept = Pack(
            id=work.new_id(), meeting_id=meeting, key=_key(contents), contents=contents,
            total=sum(len(item["papers"]) for item in contents["items"]), asked_by=actor.person, asked_at=work.now,
        )  # fmt: skip
        work.session.add(kept)
    kept.state, kept.done = PackState.WAITING, 0
    await work.session.flush()
    work.post("pack", {"pack": str(kept.id)})
    await work.record(actor, PackAsked(meeting=str(meeting), papers=kept.total), meeting=meeting)
    return kept


async def pack_for(reading: Reading, actor: Actor, meeting: UUID, *, language: str) -> Pack | None:
    """The pack of what this person may read now, however far it is; None when nobody has asked for it."""
    return await _pack_of(reading, meeting, await contents_for(reading, actor, meeting, language))


async def ready_pack(reading: Reading, actor: Actor, meeting: UUID, *, language: str) -> Pack:
    """The finished pack, or `pack-not-ready`: not asked for, not finished, or overtaken by a change."""
    kept = await pack_for(reading, actor, meeting, language=language)
    if kept is None or kept.state != PackState.READY:
        raise Refused("pack-not-ready")
    return kept


async def _pack_of(reading: Reading, meeting: UUID, contents: dict[str, Any]) -> Pack | None:
    found: Pack | None = await reading.session.scalar(
        select(Pack).where(Pack.meeting_id == meeting, Pack.key == _key(contents))
    )
    return found


def _key(contents: dict[str, Any]) -> str:
    return hashlib.sha256(canonical(contents)).hexdigest()


class PackMaker:
    """Makes what was asked for, one pack after the other. One runs in each process of the server."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._asked = asyncio.Event()
        store.listen(self._hear)

    async def _hear(self, recorded: Sequence[Recorded]) -> None:
        if any(isinstance(event, PackAsked) for one in recorded for event in one.events):
            self._asked.set()

    async def make_always(self) -> None:
        """Until the server ends."""
        while True:
            try:
                if await self.make_one():
                    continue
            except Exception:
                log.exception("a meeting pack could not be made")
            try:
                await asyncio.wait_for(self._asked.wait(), LOOK)
            except TimeoutError:
                continue
            finally:
                self._asked.clear()

    async def make_one(self) -> bool:
        """Make one pack that waits; false when none does."""
        claimed = await claim(self._store, "pack")
        if claimed is None:
            return False
        row, asked = claimed
        pack = UUID(asked["pack"])
        try:
            async with holding(self._store, row):
                await self._make(pack)
        except Exception:
            log.exception("meeting pack %s failed", pack)
            async with self._store.work() as work:
                (await work.locked(Pack, pack)).state = PackState.FAILED
        await finish(self._store, row)
        return True

    async def _make(self, pack: UUID) -> None:
        async with self._store.work() as work:
            kept = await work.locked(Pack, pack)
            kept.state = PackState.MAKING
            contents: dict[str, Any] = kept.contents
        papers = [paper["sha256"] for item in contents["items"] for paper in item["papers"]]
        with tempfile.TemporaryDirectory(prefix="meetings-pack-") as named:
            folder = Path(named)
            chunks: list[str] = []
            counts: list[int] = []
            for start in range(0, len(papers), CHUNK):
                chunks.append(str(folder / f"{start}.pdf"))
                async with self._store.files.at_hand(papers[start : start + CHUNK]) as paths:
                    counts += await in_worker(join, [str(path) for path in paths], chunks[-1])
                async with self._store.work() as work:
                    (await work.locked(Pack, pack)).done = len(counts)
            bound = folder / "pack.pdf"
            pages, size = await in_worker(bind, _front(contents), chunks, counts, str(bound))
            sha256 = await self._store.files.put_file(bound)
        async with self._store.work() as work:
            kept = await work.locked(Pack, pack)
            kept.sha256, kept.size, kept.pages = sha256, size, pages
            kept.state, kept.done, kept.ended_at = PackState.READY, kept.total, work.now


def _front(contents: dict[str, Any]) -> Front:
    with in_language(contents["language"]):
        return Front(
            language=contents["language"],
            body=contents["body"],
            heading=gettext(HEADING),
            title=contents["title"],
            facts=tuple(
                filter(
                    None, (long_datetime_text(datetime.fromisoformat(contents["starts"])), contents["place"])
                )
            ),
            items=tuple(_item(item) for item in contents["items"]),
            page_word=gettext(PAGE),
            agenda_word=gettext(AGENDA),
        )


def _item(item: dict[str, Any]) -> PackItem:
    minutes = item["minutes"]
    quiet = [item["presenter"], plural(*MINUTES, minutes) if minutes else ""]
    lines = [
        " · ".join(filter(None, quiet)),
        text(ASIDE) if item["aside"] else "",
        text(APART) if item.get("apart") else "",
    ]
    papers = tuple(PackPaper(paper["title"], gettext(UNREADABLE)) for paper in item["papers"])
    return PackItem(item["number"], item["title"], tuple(filter(None, lines)), papers)
