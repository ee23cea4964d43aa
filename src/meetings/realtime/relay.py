"""The only module that emits. After a commit it tells the rooms what changed; every two seconds, that they are live.

Socket.IO delivers at most once, so nothing here is the truth: each packet carries the stage number, a client that sees
a gap fetches the page part anew, and the heartbeat is read from the database so that a deaf server shows.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from meetings.during.counting import by_choice
from meetings.during.paging import followed
from meetings.during.stage import told_tally
from meetings.language import LANGUAGES
from meetings.realtime.frames import ReadyManager
from meetings.rules.events import AttendanceRecorded, BallotCast, Event, PollOpened
from meetings.rules.polls import TEST, Method
from meetings.rules.visibility import Audience, shows
from meetings.storage.journal import HOUSE
from meetings.storage.tables import Chain, Item, Meeting, Poll, RollEntry
from meetings.storage.unit_of_work import Recorded, Store

log = logging.getLogger(__name__)

PATIENCE = 5.0
"""Seconds until a hint that does not get through to Redis is given up."""
HEARTBEAT = 2.0
"""Seconds between two `head` packets."""
COALESCE = 0.1
"""At most ten number packets a second for one poll."""
FIRST = 0.0001
"""Seconds for each follower that the first number of a poll waits: in a storm it would only be in the ballots’ way."""
SHARE = 10
"""And in a large room so few that telling them takes less than a tenth of the time: ballots come first."""


Sheets = Callable[[UUID], Awaitable[Mapping[str, str]]]
"""The ballot of a poll as a page part, by language: the same for all. Empty where tablets ask for theirs."""


def meeting_room(meeting: UUID | str) -> str:
    """The room of everybody who follows a meeting."""
    return f"meeting:{meeting}"


def sheet_room(meeting: UUID | str, language: str) -> str:
    """Those of them who hear of internal items, by the language they read."""
    return f"sheet:{meeting}:{language}"


@dataclass(slots=True)
class _Count:
    """The telling of one poll's numbers: ballots since the last packet, and how many were missing then."""

    since: int = 0
    missing: int | None = None
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    last: asyncio.Event = field(default_factory=asyncio.Event)
    """Everybody has voted: do not wait."""

    @property
    def complete(self) -> bool:
        return self.missing is not None and self.since >= self.missing


class Relay:
    """Speaks to the rooms."""

    def __init__(self, sio: Any, store: Store) -> None:
        self._sio = sio
        """A socketio.AsyncServer; the library has no types."""
        self._store = store
        self._counts: dict[UUID, _Count] = {}
        """What is known of the polls whose numbers are being told."""
        self._tasks: set[asyncio.Task[None]] = set()

        self.sheets: Sheets | None = None
        """Set by the house, which has the templates."""

    def start(self) -> None:
        """Begin the heartbeat."""
        self._keep(asyncio.create_task(self._beat(), name="heartbeat"))

    async def stop(self) -> None:
        """End the heartbeat and whatever waits to be sent."""
        for task in tuple(self._tasks):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def announce(self, recorded: Sequence[Recorded]) -> None:
        """After a commit: one packet for each meeting whose stage advanced."""
        for record in recorded:
            if record.chain == HOUSE:
                continue
            for event in record.events:
                if (
                    isinstance(event, BallotCast) and event.entered_by
                ):  # the box tells of those that it took itself
                    await self.counted(record.chain, UUID(event.poll), 1)
            if record.stage == record.stage_before:
                continue
            changes = [event for event in record.events if event.stage]
            packet = {
                "meeting": str(record.chain),
                "seq": record.stage,
                "prev": record.stage_before,
                "what": " ".join(dict.fromkeys(event.what for event in changes)),
                "id": _subject(changes[0]),
                "crowd": len(self._followers(record.chain)),
            }
            if whose := _only_about(changes):
                packet["person"] = whose
            opened = [e for e in changes if isinstance(e, PollOpened) and e.method == Method.ELECTRONIC]
            if opened:
                packet["sheet"] = opened[0].poll
                self._keep(asyncio.create_task(self._hand_out(record.chain, UUID(opened[0].poll))))
            self._tell("changed", packet, record.chain)

    async def _hand_out(self, meeting: UUID, poll: UUID) -> None:
        """The ballot itself goes to every tablet: five hundred that ask for it at once would wait for each other."""
        sheets: Mapping[str, str] = await self.sheets(poll) if self.sheets else {}
        for language, html in sheets.items():
            packet = {"meeting": str(meeting), "poll": str(poll), "html": html}
            await self._emit("sheet", packet, sheet_room(meeting, language))

    def _followers(self, meeting: UUID) -> list[object]:
        return list(self._sio.manager.get_participants("/", meeting_room(meeting)))

    async def paged(self, meeting: Meeting) -> None:
        """Tell the room which page is shown to those who follow. The heartbeat heals a lost packet."""
        page = followed(meeting)
        packet = {"meeting": str(meeting.id), "follow": page.packet() if page else None}
        self._tell("follow", packet, meeting.id)

    async def counted(self, meeting: UUID, poll: UUID, ballots: int) -> None:
        """So many more ballots were counted: tell it ten times a second, and the last one at once."""
        count = self._counts.get(poll)
        if count is None:
            count = self._counts[poll] = _Count()
            self._keep(asyncio.create_task(self._tell_numbers(meeting, poll, count), name="numbers"))
        count.since += ballots
        count.changed.set()
        if count.complete:
            count.last.set()

    async def _tell_numbers(self, meeting: UUID, poll: UUID, count: _Count) -> None:
        try:
            rest = min(COALESCE, FIRST * len(self._followers(meeting)))
            while True:
                with suppress(TimeoutError):
                    await asyncio.wait_for(count.last.wait(), rest)
                count.last.clear()
                if not count.changed.is_set():
                    return
                count.changed.clear()
                count.since = 0
                began = monotonic()
                count.missing = await self._send_numbers(meeting, poll)
                rest = max(COALESCE, SHARE * (monotonic() - began))
        finally:
            del self._counts[poll]

    async def _send_numbers(self, meeting: UUID, poll: UUID) -> int:
        """Tells those who may know of the poll; gives how many ballots are missing still."""
        cast = (
            select(func.count())
            .where(RollEntry.poll_id == Poll.id, RollEntry.receipt.is_not(None))
            .correlate(Poll)
            .scalar_subquery()
        )
        query = select(Poll, Chain.stage, cast, Item.visibility).join(Chain, Chain.id == Poll.meeting_id)
        query = query.join(Item, Item.id == Poll.item_id).where(Poll.id == poll)
        async with self._store.reading() as reading:
            kept, stage, given, visibility = (await reading.session.execute(query)).one()
            told = await told_tally(reading, kept)
        missing = (kept.eligible or 0) - given
        packet: dict[str, Any] = {
            "poll": str(poll),
            "seq": stage,
            "state": kept.state,
            "cast": given,
            "eligible": kept.eligible,
            "not_cast": missing,
        }
        if told is not None:
            packet["tally"] = by_choice(told)
        common = kept.kind == TEST or shows(visibility, Audience.ANYBODY)
        sheets = [sheet_room(meeting, language) for language in LANGUAGES]
        for room in [meeting_room(meeting)] if common else sheets:
            await self._emit("poll", packet, room)
        return missing

    def _tell(self, event: str, packet: dict[str, Any], meeting: UUID) -> None:
        """Own clients hear it now, in order; the other processes through Redis, which nobody waits for."""
        self._keep(
            asyncio.create_task(self._emit(event, packet, meeting_room(meeting)), name=f"tell {event}")
        )

    async def _emit(self, event: str, packet: dict[str, Any], room: str) -> None:
        try:
            await asyncio.wait_for(self._sio.emit(event, packet, room=room), PATIENCE)
        except TimeoutError:
            log.warning("Redis does not answer: the other servers learn of it by their heartbeat")

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(HEARTBEAT)
            try:
                await self._send_heads()
            except Exception:
                log.exception("heartbeat failed; the screens will say that they are not live")

    async def _send_heads(self) -> None:
        rooms = [room for room in self._local_rooms() if room.startswith("meeting:")]
        if not rooms:
            return
        meetings = [UUID(room.removeprefix("meeting:")) for room in rooms]
        async with self._store.reading() as reading:
            rows = await reading.session.execute(
                select(Chain.stage, Meeting)
                .join(Meeting, Meeting.id == Chain.id)
                .where(Chain.id.in_(meetings))
            )
            heads = rows.all()
        for stage, meeting in heads:
            packet: dict[str, Any] = {
                "meeting": str(meeting.id),
                "seq": stage,
                "at": self._store.clock().isoformat(),
            }
            page = followed(meeting)
            await self._emit_here(
                "head", packet | ({"follow": page.packet()} if page else {}), meeting_room(meeting.id)
            )

    def _local_rooms(self) -> list[str]:
        rooms: dict[str, dict[str | None, object]] = self._sio.manager.rooms
        return [room for room in rooms.get("/", {}) if room is not None]

    async def _emit_here(self, event: str, packet: dict[str, Any], room: str) -> None:
        """To this process's own clients only: a heartbeat through Redis would say nothing about this process."""
        await ReadyManager.emit(self._sio.manager, event, packet, "/", room=room)

    def _keep(self, task: asyncio.Task[None]) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _only_about(changes: Sequence[Event]) -> str:
    """The one person whose attendance was recorded, if that is all: nobody else's own part of a page changes."""
    people = {event.person if isinstance(event, AttendanceRecorded) else "" for event in changes}
    return people.pop() if len(people) == 1 else ""


def _subject(event: Event) -> str:
    payload = event.payload()
    for name in ("poll", "item", "person", "meeting", "resolution", "task", "minutes"):
        if payload.get(name):
            return str(payload[name])
    return ""
