"""The tablets of `bench.opening`: connected and entered, each notes when the ballot of a poll reaches it."""

from __future__ import annotations

import asyncio
import json
import sys
from time import perf_counter
from typing import Any

import aiohttp
import socketio
import uvloop

PATIENCE = 60


class Tablet:
    """One client, which notes when a ballot is handed out."""

    def __init__(self, token: str) -> None:
        self.token = token
        self.client: Any = socketio.AsyncClient(reconnection=False)
        self.client.on("sheet", self._take)
        self.taken = asyncio.Event()
        self.at = 0.0

    async def _take(self, _packet: dict[str, Any]) -> None:
        self.at = perf_counter()
        self.taken.set()


async def run(task: dict[str, Any]) -> list[list[float]]:
    """For each poll, seconds from the chair's act until each tablet has the ballot."""
    url = f"http://127.0.0.1:{task['port']}"
    tablets = [Tablet(token) for token in task["tokens"]]
    for tablet in tablets:
        await tablet.client.connect(url, auth={"token": tablet.token}, transports=["websocket"])
        await tablet.client.call("enter", {"meeting": task["meeting"]}, timeout=PATIENCE)
    rounds: list[list[float]] = []
    bearer = {"authorization": f"Bearer {task['tokens'][0]}"}
    async with aiohttp.ClientSession(f"{url}/api/v1/", headers=bearer, raise_for_status=True) as chair:
        for poll in task["polls"]:
            for tablet in tablets:
                tablet.taken.clear()
            began = perf_counter()
            await chair.post(f"polls/{poll}/open")
            async with asyncio.timeout(PATIENCE):
                await asyncio.gather(*(tablet.taken.wait() for tablet in tablets))
            rounds.append([tablet.at - began for tablet in tablets])
            for act in ("close", "announce"):
                await chair.post(f"polls/{poll}/{act}")
    await asyncio.gather(*(tablet.client.disconnect() for tablet in tablets))
    return rounds


if __name__ == "__main__":
    print(json.dumps(uvloop.run(run(json.load(sys.stdin)))))
