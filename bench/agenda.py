"""An agenda of 200 items, read by a signed-in delegate: requests per second beside a bare Litestar hello."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from bench.council import assemble, house, publish_agenda
from bench.figures import Figure, figure
from bench.programs import load, meetings_server, peer

PEER = "litestar hello"
SEATS = 5
SECONDS = 120.0


def measure() -> list[Figure]:
    """On SQLite; every request is authenticated by its cookie."""
    return asyncio.run(_measure())


async def _measure() -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="meetings-bench-") as named:
        folder = Path(named)
        async with house(folder) as made:
            council = await assemble(made.store, SEATS)
            meeting = await publish_agenda(made.store, council)
            with meetings_server(made.settings, folder) as ours, peer("hello") as hello:
                task = {
                    "port": ours.port,
                    "cookie": council.cookie,
                    "hello": hello.port,
                    "meeting": str(meeting),
                }
                found = await asyncio.to_thread(load, "agenda_load", task, SECONDS)
    rates = found["rates"]
    bare = {PEER: rates["hello"]}
    return [
        figure("agenda: page", rates["page"], "requests/s", "the whole page, 200 items, for one delegate", bare),
        figure(
            "agenda: unchanged", rates["unchanged"], "requests/s", "the shared part with If-None-Match: 304", bare
        ),
        figure(f"agenda: {PEER}", rates["hello"], "requests/s", "five bytes from a bare Litestar"),
        figure("agenda: page size", [found["bytes"] / 1024], "KB", "the page's HTML, not compressed"),
        figure("agenda: first", [1000 * found["first"]], "ms", "the first time: read, rendered, then kept"),
    ]  # fmt: skip
