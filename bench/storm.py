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

SIZES = (100, 500, 1_000, 2_000)
ROUNDS = 5
PEER = "python-socketio echo"
SECONDS = 900.0


def measure() -> list[Figure]:
    """On SQLite, and on PostgreSQL when MEETINGS_BENCH_POSTGRES names a server where databases may be made."""
    sizes = [int(size) for size in os.environ.get("MEETINGS_BENCH_VOTERS", "").split()] or SIZES
    stores: dict[str, str | None] = {"sqlite": None}
    if postgres := os.environ.get("MEETINGS_BENCH_POSTGRES"):
        stores["postgresql"] = postgres
    return [
        one
        for voters in sizes
        for database, address in stores.items()
        for one in asyncio.run(_measure(voters, database, address))
    ]


async def _measure(voters: int, database: str, postgres: str | None) -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="meetings-bench-") as named:
        folder = Path(named)
        async with house(folder, postgres) as made:
            council = await assemble(made.store, voters)
            # One more than is counted: the first round warms both servers.
            sitting = await begin_sitting(made.store, council, ROUNDS + 1)
            with meetings_server(made.settings, folder) as ours, peer("echo") as echo:
                task = {
                    "ports": {"meetings": ours.port, "echo": echo.port},
                    "processes": {"meetings": ours.process, "echo": echo.process},
                    "tokens": council.tokens,
                    "meeting": str(sitting.meeting),
                    "polls": [str(poll) for poll in sitting.polls],
                }
                done = await asyncio.to_thread(load, "storm_load", task, SECONDS)
            for poll, one in zip(sitting.polls, done["rounds"]["meetings"], strict=True):
                await check_ballots(made.store, sitting, UUID(str(poll)), one["receipts"])
    rounds = done["rounds"]
    return [
        *_figures(f"storm of {voters}, {database}", rounds["meetings"][1:], rounds["echo"][1:]),
        figure(
            f"storm of {voters}, {database}: memory for each delegate",
            [done["memory"]["meetings"]],
            "KB",
            "what the server grew by while the room came in, by the number of connections",
            {PEER: [done["memory"]["echo"]]},
        ),
    ]


def _figures(name: str, ours: Sequence[dict[str, Any]], bare: Sequence[dict[str, Any]]) -> list[Figure]:
    wanted = {
        "acknowledged p50": (
            lambda one: quantiles(one["acknowledged"], n=100, method="inclusive")[49],
            "half of the ballots are committed and acknowledged to their voters",
        ),
        "acknowledged p95": (
            lambda one: quantiles(one["acknowledged"], n=100, method="inclusive")[94],
            "95 of 100 ballots are committed and acknowledged to their voters",
        ),
        "all acknowledged": (lambda one: one["all"], "the last ballot is acknowledged"),
        "everybody knows": (lambda one: one["known"], "the last client has the final count"),
        "server CPU": (lambda one: one["cpu"], "processor time of the server for the whole round"),
    }
    figures: list[Figure] = []
    for what, (read, about) in wanted.items():
        mine, theirs = ([1000 * read(one) for one in side] for side in (ours, bare))
        figures.append(figure(f"{name}: {what}", mine, "ms", about, {PEER: theirs}))
        figures.append(
            figure(f"{name}, {PEER}: {what}", theirs, "ms", "the same by the peer, nothing stored")
        )
    return figures
