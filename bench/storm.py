"""Every member votes at once: how soon each ballot is acknowledged (after its commit), and everybody knows the count.

The same packets go to a stock python-socketio server that stores nothing, in turns with ours.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import quantiles
from typing import Any
from uuid import UUID

from bench.council import assemble, begin_sitting, check_ballots, house
from bench.figures import Figure, figure
from bench.programs import load, meetings_server, peer

VOTERS = 100
ROUNDS = 9
PEER = "python-socketio echo"
SECONDS = 240.0


def measure() -> list[Figure]:
    """On SQLite, and on PostgreSQL when MEETINGS_BENCH_POSTGRES names a server where databases may be made."""
    figures = asyncio.run(_measure("sqlite", None))
    postgres = os.environ.get("MEETINGS_BENCH_POSTGRES")
    if postgres:
        figures += asyncio.run(_measure("postgresql", postgres))
    return figures


async def _measure(database: str, postgres: str | None) -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="meetings-bench-") as named:
        folder = Path(named)
        async with house(folder, postgres) as made:
            council = await assemble(made.store, VOTERS)
            # One more than is counted: the first round warms both servers.
            sitting = await begin_sitting(made.store, council, ROUNDS + 1)
            with meetings_server(made.settings, folder) as port, peer("echo") as echo:
                task = {
                    "ports": {"meetings": port, "echo": echo},
                    "tokens": council.tokens,
                    "meeting": str(sitting.meeting),
                    "polls": [str(poll) for poll in sitting.polls],
                }
                rounds = await asyncio.to_thread(load, "storm_load", task, SECONDS)
            for poll, one in zip(sitting.polls, rounds["meetings"], strict=True):
                await check_ballots(made.store, sitting, UUID(str(poll)), one["receipts"])
    return _figures(database, rounds["meetings"][1:], rounds["echo"][1:])


def _figures(database: str, ours: Sequence[dict[str, Any]], bare: Sequence[dict[str, Any]]) -> list[Figure]:
    wanted = {
        "acknowledged p50": (
            lambda one: quantiles(one["acknowledged"], n=100, method="inclusive")[49],
            "half of the ballots are committed and acknowledged to their voters",
        ),
        "acknowledged p95": (
            lambda one: quantiles(one["acknowledged"], n=100, method="inclusive")[94],
            "95 of 100 ballots are committed and acknowledged to their voters",
        ),
        "all acknowledged": (lambda one: one["all"], "the last of 100 ballots is acknowledged"),
        "everybody knows": (lambda one: one["known"], "the last of 100 clients has the final count"),
    }
    figures: list[Figure] = []
    for name, (read, about) in wanted.items():
        mine, theirs = ([1000 * read(one) for one in side] for side in (ours, bare))
        figures.append(figure(f"storm {database}: {name}", mine, "ms", about, {PEER: theirs}))
        figures.append(
            figure(f"storm {database}, {PEER}: {name}", theirs, "ms", "the same by the peer, nothing stored")
        )
    return figures
