"""The unit of work: everything a use case changes, committed together or not at all. Only this module commits.

`async with store.work() as work` may write; `async with store.reading() as reading` may not, and its type says so.
After a commit the store tells its listener what was recorded; nothing slow happens inside.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any, TypeVar
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from meetings.rules.events import Event
from meetings.rules.permissions import Actor
from meetings.rules.refusals import Refused
from meetings.storage.database import WRITING
from meetings.storage.files import Files
from meetings.storage.journal import HOUSE, Entry, locked_chain, sealed
from meetings.storage.many import insert_many
from meetings.storage.tables import JournalRow, Outbox, Table

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Recorded:
    """What one commit added to a chain: the events, and the stage number before and after."""

    chain: UUID
    stage_before: int
    stage: int
    events: tuple[Event, ...]


_JOURNAL: Any = JournalRow.__table__
RowT = TypeVar("RowT", bound=Table)
Consequence = Callable[["Work", Actor | None, Any], Awaitable[None]]
Listener = Callable[[Sequence[Recorded]], Awaitable[None]]


class Reading:
    """A consistent look at the database."""

    def __init__(self, session: AsyncSession, now: datetime, zone: tzinfo, files: Files) -> None:
        self.session = session
        self.now = now
        self.zone = zone
        """The house's own clock."""
        self.today = now.astimezone(zone).date()
        """The day on the house's own calendar."""
        self.files = files

    async def get(self, table: type[RowT], key: object) -> RowT:
        """The row with this id, or the refusal `not-found`."""
        row = await self.session.get(table, key)
        if row is None:
            raise Refused("not-found")
        return row


class Work(Reading):
    """A change in the making."""

    def __init__(
        self,
        session: AsyncSession,
        now: datetime,
        zone: tzinfo,
        files: Files,
        consequences: Mapping[type[Event], Sequence[Consequence]],
    ) -> None:
        super().__init__(session, now, zone, files)
        self._consequences = consequences
        self.recorded: dict[UUID, Recorded] = {}

    def new_id(self) -> UUID:
        """A random id, which tells nothing about time or order."""
        return uuid4()

    async def locked(self, table: type[RowT], key: UUID) -> RowT:
        """The row with this id, fresh and held against other writers, or the refusal `not-found`."""
        id_column: Any = table.__table__.c.id
        row = await self.session.scalar(
            select(table).where(id_column == key).with_for_update().execution_options(populate_existing=True)
        )
        if row is None:
            raise Refused("not-found")
        return row

    async def in_turn(self) -> None:
        """Wait for whoever else is changing what belongs to the whole house, and let the next one wait until the end.

        For tables whose keys are names or days: of two who enter the same one the second finds the first one's row.
        """
        await locked_chain(self.session, HOUSE)

    async def record(self, actor: Actor | None, event: Event, *, meeting: UUID | None = None) -> None:
        """Write an event to the meeting's journal (or the house's) and let its consequences follow."""
        await self.record_all([(actor.person if actor else None, event)], meeting=meeting)
        for follow in self._consequences.get(type(event), ()):
            await follow(self, actor, event)

    async def record_all(
        self, entries: Sequence[tuple[UUID | None, Event]], *, meeting: UUID | None = None
    ) -> None:
        """Write many events of one chain at once. Meant for ballots, which have no consequences of their own."""
        chain = meeting or HOUSE
        head = await locked_chain(self.session, chain)
        before = head.stage
        rows = sealed(head, self.now, [Entry(e.name, e.payload(), actor, e.stage) for actor, e in entries])
        await self.session.flush()
        await insert_many(self.session, _JOURNAL, rows)
        known = self.recorded.get(chain)
        events = tuple(event for _, event in entries)
        self.recorded[chain] = Recorded(
            chain,
            known.stage_before if known else before,
            head.stage,
            (known.events if known else ()) + events,
        )

    def post(
        self,
        kind: str,
        payload: dict[str, Any],
        *,
        due: datetime | None = None,
        about: UUID | None = None,
        to: UUID | None = None,
    ) -> None:
        """Put something into the outbox; it leaves after the commit, once, and not before `due`.

        `about` a meeting and `to` a person or guest: its secretary sees what became of the letter.
        """
        row = Outbox(
            id=uuid4(),
            kind=kind,
            payload=payload,
            created_at=self.now,
            due_at=due or self.now,
            attempts=0,
            about=about,
            to_id=to,
        )
        self.session.add(row)


CONTENDED = frozenset({"40001", "40P01", "55P03"})
"""PostgreSQL's codes for: not serializable, deadlock, lock not available."""


def _contended(failure: DBAPIError) -> bool:
    """Whether others were in the way, so that the same work may well succeed in a moment."""
    state = getattr(failure.orig, "sqlstate", None)
    return state in CONTENDED or "database is locked" in str(failure.orig)


def _system_clock() -> datetime:
    return datetime.now(UTC)


class Store:
    """The database and the files of one house, and the only way to them."""

    def __init__(
        self,
        engine: AsyncEngine,
        files: Files,
        *,
        zone: str = "Asia/Ho_Chi_Minh",
        consequences: Mapping[type[Event], Sequence[Consequence]] | None = None,
        clock: Callable[[], datetime] = _system_clock,
    ) -> None:
        self.engine = engine
        self.files = files
        self.clock = clock
        self.zone = ZoneInfo(zone)
        self._consequences = consequences or {}
        self._listeners: list[Listener] = []

    def listen(self, listener: Listener) -> None:
        """Call this after each commit that recorded something."""
        self._listeners.append(listener)

    @asynccontextmanager
    async def reading(self) -> AsyncGenerator[Reading]:
        """Look, without writing."""
        async with AsyncSession(self.engine, expire_on_commit=False) as session:
            yield Reading(session, self.clock(), self.zone, self.files)

    @asynccontextmanager
    async def work(self) -> AsyncGenerator[Work]:
        """Change something; commits at the end of the block, rolls back when the block raises."""
        engine = self.engine.execution_options(**WRITING)
        async with AsyncSession(engine, expire_on_commit=False) as session:
            work = Work(session, self.clock(), self.zone, self.files, self._consequences)
            try:
                await session.connection()
                yield work
                await session.commit()
            except DBAPIError as failure:
                await session.rollback()
                if _contended(failure):
                    raise Refused("busy") from failure
                raise
            except BaseException:
                await session.rollback()
                raise
        if work.recorded:
            await self._tell(tuple(work.recorded.values()))

    async def _tell(self, recorded: Sequence[Recorded]) -> None:
        """What is committed stays done: a listener that fails is logged, nobody is told that it was refused."""
        for listener in self._listeners:
            try:
                await listener(recorded)
            except Exception:
                log.exception("a listener failed after a commit")

    async def close(self) -> None:
        """Let go of every connection."""
        await self.engine.dispose()
