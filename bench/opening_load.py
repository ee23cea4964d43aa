"""The tablets of `bench.opening`: connected and entered, each notes when the ballot of a poll reaches it."""

from __future__ import annotations

import asyncio
import json
import sys
from time import perf_counter
from typing import Any

import aiohttp
import uvloop

from bench.tablet import PATIENCE, Tablet


class Desk:
    """One member’s tablet, which notes when a ballot is handed out."""

    def __init__(self) -> None:
        self.tablet = Tablet(self._hear)
        self.taken = asyncio.Event()
        self.at = 0.0

    def _hear(self, text: str) -> None:
        if text.startswith('["sheet"'):
            self.at = perf_counter()
            self.taken.set()


async def run(task: dict[str, Any]) -> list[list[float]]:
    """For each poll, seconds from the chair's act until each tablet has the ballot."""
    url = f"http://127.0.0.1:{task['port']}"
    desks = [Desk() for _ in task["tokens"]]
    rounds: list[list[float]] = []
    bearer = {"authorization": f"Bearer {task['tokens'][0]}"}
    async with (
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session,
        aiohttp.ClientSession(f"{url}/api/v1/", headers=bearer, raise_for_status=True) as chair,
    ):
        for desk, token in zip(desks, task["tokens"], strict=True):
            await desk.tablet.connect(session, url, token)
            await desk.tablet.enter(task["meeting"])
        for poll in task["polls"]:
            for desk in desks:
                desk.taken.clear()
            began = perf_counter()
            await chair.post(f"polls/{poll}/open")
            async with asyncio.timeout(PATIENCE):
                await asyncio.gather(*(desk.taken.wait() for desk in desks))
            rounds.append([desk.at - began for desk in desks])
            for act in ("close", "announce"):
                await chair.post(f"polls/{poll}/{act}")
        await asyncio.gather(*(desk.tablet.close() for desk in desks))
    return rounds


if __name__ == "__main__":
    print(json.dumps(uvloop.run(run(json.load(sys.stdin)))))
