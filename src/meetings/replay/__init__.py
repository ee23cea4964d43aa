"""A council's own past, voted again: every recorded roll call of a book as a live poll through the real server.

For councils that want to try the voting on their own record before they trust it. The database is thrown away.
"""

from __future__ import annotations

import tempfile
from collections.abc import AsyncGenerator, Iterable

from meetings.exchange.book import Book
from meetings.replay.chamber import Chamber
from meetings.replay.verdict import Figures, Verdict
from meetings.rules.refusals import Refused
from meetings.settings import read_settings

__all__ = ["Figures", "Verdict", "replay_book"]


async def replay_book(book: Book, only: Iterable[str] = ()) -> AsyncGenerator[Verdict]:
    """Hold every recorded roll call again (or only those named) and compare, one verdict after the other."""
    wanted = frozenset(only)
    items = (item for meeting in book.meetings for item in meeting.items)
    references = {item.reference for item in items if item.vote or item.unread_vote}
    for reference in wanted - references:
        raise Refused("replay-unknown", reference=reference)
    with tempfile.TemporaryDirectory(prefix="meetings-replay-") as folder:
        settings = read_settings({"MEETINGS_DATA_DIR": folder, "MEETINGS_LOCALE": "en"})
        async with Chamber.opened(book, settings) as chamber:
            for meeting in book.meetings:
                items = [item for item in meeting.items if not wanted or item.reference in wanted]
                async for verdict in chamber.hold(meeting, items):
                    yield verdict
