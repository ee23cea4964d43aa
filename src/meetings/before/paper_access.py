"""How far a paper may go is set by the secretary; who has opened it is kept."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4
from weakref import WeakKeyDictionary

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from meetings.before.papers import access_of
from meetings.rules.events import PaperAccessSet
from meetings.rules.paper_access import Access, checked_access
from meetings.rules.permissions import Actor, Right
from meetings.rules.refusals import Refused
from meetings.storage.gathered import Gathered
from meetings.storage.tables import Meeting, Paper, PaperOpening, PaperVersion, Person
from meetings.storage.unit_of_work import Reading, Store, Work


async def set_access(work: Work, actor: Actor, paper: UUID, access: Access) -> Paper:
    """Set level, readers, time and handing out of a paper; it holds for all its versions, from now on."""
    meeting = await work.locked(Meeting, (await work.get(Paper, paper)).meeting_id)
    actor.must(Right.PREPARE, body=meeting.body_id)
    kept = await work.locked(Paper, paper)
    if kept.withdrawn_at:
        raise Refused("not-found")
    checked_access(access)
    if access == access_of(kept):
        return kept
    kept.level, kept.readers, kept.download = access.level, access.readers, access.download
    kept.shown_from, kept.shown_until = access.shown_from, access.shown_until
    event = PaperAccessSet(
        item=str(kept.item_id), paper=str(paper), title=kept.title, level=kept.level, readers=kept.readers,
        download=kept.download, shown_from=_told(kept.shown_from), shown_until=_told(kept.shown_until),
    )  # fmt: skip
    await work.record(actor, event, meeting=meeting.id)
    return kept


def _told(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


_Opened = tuple[UUID, UUID, bool]
"""Version, person, whether the file was handed out."""
_books: WeakKeyDictionary[Store, Gathered[_Opened, bool]] = WeakKeyDictionary()


async def note_opening(
    store: Store, person: UUID, version: UUID, *, downloaded: bool = False, part: bool = False
) -> None:
    """Keep that somebody opened a version. When it returns, it is on record.

    Whoever opens at the same moment is written down with the others: a room that turns to a paper is one commit.
    A `part` of a file counts once: browsers fetch a long file in many.
    """
    if part and await _has_opened(store, person, version):
        return
    book = _books.get(store)
    if book is None:

        async def write(opened: Collection[_Opened]) -> Mapping[_Opened, bool]:
            return await _write_down(store, opened)

        book = _books[store] = Gathered(write)
    await book.ask((version, person, downloaded))


async def _has_opened(store: Store, person: UUID, version: UUID) -> bool:
    async with store.reading() as reading:
        found = select(PaperOpening.id).where(
            PaperOpening.version_id == version, PaperOpening.person_id == person
        )
        return await reading.session.scalar(found) is not None


async def _write_down(store: Store, opened: Collection[_Opened]) -> Mapping[_Opened, bool]:
    async with store.work() as work:
        for version, person, downloaded in sorted(opened):
            await work.session.execute(_upsert(work, store, version, person, downloaded=downloaded))
    return dict.fromkeys(opened, True)


def _upsert(work: Work, store: Store, version: UUID, person: UUID, *, downloaded: bool) -> Any:
    table: Any = PaperOpening.__table__
    insert = sqlite.insert if store.engine.dialect.name == "sqlite" else postgresql.insert
    changed: dict[str, Any] = {"last_at": work.now, "times": table.c.times + 1}
    if downloaded:
        changed["downloaded_at"] = work.now
    row = insert(table).values(
        id=uuid4(), version_id=version, person_id=person, first_at=work.now, last_at=work.now, times=1,
        downloaded_at=work.now if downloaded else None,
    )  # fmt: skip
    return row.on_conflict_do_update(index_elements=["version_id", "person_id"], set_=changed)


async def openings_of(reading: Reading, actor: Actor, paper: UUID) -> Sequence[tuple[PaperOpening, int, str]]:
    """Who has opened which version of a paper, for those who prepare the meeting: the last to open it first."""
    kept = await reading.get(Paper, paper)
    meeting = await reading.get(Meeting, kept.meeting_id)
    actor.must(Right.PREPARE, body=meeting.body_id)
    rows = await reading.session.execute(
        select(PaperOpening, PaperVersion.number, Person.name)
        .join(PaperVersion, PaperVersion.id == PaperOpening.version_id)
        .join(Person, Person.id == PaperOpening.person_id)
        .where(PaperVersion.paper_id == paper)
        .order_by(PaperOpening.last_at.desc(), Person.name)
    )
    return [(row[0], row[1], row[2]) for row in rows]
