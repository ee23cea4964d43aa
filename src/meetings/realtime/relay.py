"""The only module that emits. After a commit it tells the rooms what changed; every two seconds, that they are live.

Socket.IO delivers at most once, so nothing here is the truth: each packet carries the stage number, a client that sees
a gap fetches the page part anew, and the heartbeat is read from the database so that a deaf server shows.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from typing import Any
from uuid import UUID

import socketio
from sqlalchemy import select

from meetings.during.voting import cast_so_far
from meetings.rules.events import Event
from meetings.storage.journal import HOUSE
from meetings.storage.tables import Chain, Poll
from meetings.storage.unit_of_work import Recorded, Store

log = logging.getLogger(__name__)

HEARTBEAT = 2.0
"""Seconds between two `head` packets."""
COALESCE = 0.1
"""At most ten number packets a second for one poll."""


def meeting_room(meeting: UUID | str) -> str:
    """The room of everybody who follows a meeting."""
    return f"meeting:{meeting}"


class Relay:
    """Speaks to the rooms."""

    def __init__(self, sio: Any, store: Store) -> None:
        self._sio = sio
        """A socketio.AsyncServer; the library has no types."""
        self._store = store
        self._dirty: set[tuple[UUID, UUID]] = set()
        self._tasks: set[asyncio.Task[None]] = set()

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
            if record.chain == HOUSE or record.stage == record.stage_before:
                continue
            changes = [event for event in record.events if event.stage]
            packet = {
                "meeting": str(record.chain),
                "seq": record.stage,
                "prev": record.stage_before,
                "what": " ".join(dict.fromkeys(event.what for event in changes)),
                "id": _subject(changes[0]),
            }
            await self._sio.emit("changed", packet, room=meeting_room(record.chain))

    async def counted(self, meeting: UUID, poll: UUID) -> None:
        """Ballots were counted: send the new number at once, then at most ten times a second."""
        if (meeting, poll) in self._dirty:
            return
        self._dirty.add((meeting, poll))
        self._keep(asyncio.create_task(self._numbers(meeting, poll)))

    async def _numbers(self, meeting: UUID, poll: UUID) -> None:
        try:
            await self._send_numbers(meeting, poll)
            await asyncio.sleep(COALESCE)
        finally:
            self._dirty.discard((meeting, poll))
        await self._send_numbers(meeting, poll)

    async def _send_numbers(self, meeting: UUID, poll: UUID) -> None:
        async with self._store.reading() as reading:
            kept = await reading.get(Poll, poll)
            stage = await reading.session.scalar(select(Chain.stage).where(Chain.id == meeting))
            cast = await cast_so_far(reading, poll)
        packet: dict[str, Any] = {
            "poll": str(poll),
            "seq": stage or 0,
            "state": kept.state,
            "cast": cast,
            "eligible": kept.eligible,
            "not_cast": (kept.eligible or 0) - cast,
        }
        await self._sio.emit("poll", packet, room=meeting_room(meeting))

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(HEARTBEAT)
            try:
                await self._send_heads()
            except Exception:
                log.exception("heartbeat failed; the screens will say that they are not live")

    async def _send_heads(self) -> None:
        followed = [room for room in self._local_rooms() if room.startswith("meeting:")]
        if not followed:
            return
        meetings = [UUID(room.removeprefix("meeting:")) for room in followed]
        async with self._store.reading() as reading:
            rows = await reading.session.execute(select(Chain.id, Chain.stage).where(Chain.id.in_(meetings)))
            heads = rows.all()
        for meeting, stage in heads:
            await self._emit_here("head", {"meeting": str(meeting), "seq": stage}, meeting_room(meeting))

    def _local_rooms(self) -> list[str]:
        rooms: dict[str, dict[str | None, object]] = self._sio.manager.rooms
        return [room for room in rooms.get("/", {}) if room is not None]

    async def _emit_here(self, event: str, packet: dict[str, Any], room: str) -> None:
        """To this process's own clients only: a heartbeat through Redis would say nothing about this process."""
        await socketio.AsyncManager.emit(self._sio.manager, event, packet, "/", room=room)

    def _keep(self, task: asyncio.Task[None]) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _subject(event: Event) -> str:
    payload = event.payload()
    for name in ("poll", "item", "person", "meeting", "resolution", "task", "minutes"):
        if payload.get(name):
            return str(payload[name])
    return ""
