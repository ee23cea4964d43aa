"""A full room: how soon the ballot is on the last tablet after a poll opens, and all are back after a restart."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench.council import assemble, begin_sitting, house
from bench.figures import Figure, figure
from bench.programs import load, meetings_server

TABLETS = 500
ROUNDS = 5
SECONDS = 300.0


def measure() -> list[Figure]:
    """On SQLite, with 500 tablets."""
    return asyncio.run(_measure())


async def _measure() -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="meetings-bench-") as named:
        folder = Path(named)
        async with house(folder) as made:
            council = await assemble(made.store, TABLETS)
            sitting = await begin_sitting(made.store, council, ROUNDS + 1)
            task = {
                "tokens": council.tokens,
                "meeting": str(sitting.meeting),
                "polls": [str(poll) for poll in sitting.polls],
            }
            with meetings_server(made.settings, folder) as ours:
                opened = await asyncio.to_thread(load, "opening_load", {**task, "port": ours.port}, SECONDS)
            back: list[float] = []
            port = ours.port
            for _ in range(ROUNDS):
                with meetings_server(made.settings, folder, port) as ours:
                    back.append(
                        await asyncio.to_thread(load, "comeback_load", {**task, "port": ours.port}, SECONDS)
                    )
    return [*_opening(opened[1:]), figure("room of 500: back after a restart", back, "s",
            "from the first answer of the new process until the last tablet has entered the meeting")]  # fmt: skip


def _opening(rounds: Sequence[Sequence[float]]) -> list[Figure]:
    """The last tablet of each round, and 95 of 100 of all."""
    last = [1000 * max(one) for one in rounds]
    p95 = [1000 * sorted(one)[int(len(one) * 0.95) - 1] for one in rounds]
    about = "from the chair’s act until the ballot is on {} of 500 tablets"
    return [
        figure("room of 500: ballot on the tablets, p95", p95, "ms", about.format("475")),
        figure("room of 500: ballot on the last tablet", last, "ms", about.format("the last")),
    ]
