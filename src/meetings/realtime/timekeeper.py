"""The clock of the polls: what a chair has timed happens by itself, in one process or in several, also after a restart.

Each act claims its poll by the change of its state under the poll's lock, so of several processes one does it and the
others find it done. Between looks nothing is kept in memory: a server that starts late does what is overdue at once.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from uuid import UUID

from meetings.during.opening import open_on_time
from meetings.during.poll_times import call_on_time, due, what_is_due
from meetings.during.voting import close_on_time
from meetings.rules.refusals import Refused
from meetings.storage.tables import Poll
from meetings.storage.unit_of_work import Store, Work

log = logging.getLogger(__name__)

LOOK = 0.5
"""Seconds between two looks at the clock."""
ACTS: dict[str, Callable[[Work, UUID], Awaitable[Poll | None]]] = {
    "open": open_on_time,
    "close": close_on_time,
    "call": call_on_time,
}


class Timekeeper:
    """One per process."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._watching: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to watch; what is overdue happens at the first look."""
        self._watching = asyncio.create_task(self._watch(), name="timekeeper")

    async def stop(self) -> None:
        """Watch no longer."""
        if self._watching is not None:
            self._watching.cancel()
            with suppress(asyncio.CancelledError):
                await self._watching

    async def _watch(self) -> None:
        while True:
            try:
                await keep_time(self._store)
            except Exception:
                log.exception("the clock of the polls failed; it is looked at again")
            await asyncio.sleep(LOOK)


async def keep_time(store: Store) -> list[tuple[str, UUID]]:
    """Do whatever is due at this moment; gives what this process did."""
    async with store.reading() as reading:
        waiting = [(await what_is_due(reading, poll), poll) for poll in await due(reading)]
    done: list[tuple[str, UUID]] = []
    for act, poll in waiting:
        if not act:
            continue
        try:
            async with store.work() as work:
                changed = await ACTS[act](work, poll)
        except Refused as refused:  # busy: tried again at the next look
            log.info("poll %s: %s was refused: %s", poll, act, refused.code)
            continue
        except Exception:  # the clock of the other polls goes on
            log.exception("poll %s: %s failed; it is tried again", poll, act)
            continue
        if changed is not None:
            done.append((act, poll))
    return done
