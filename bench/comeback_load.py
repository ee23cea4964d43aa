"""The tablets of `bench.opening` after a restart: all connect and enter at once, from the server's first answer on."""

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


async def run(task: dict[str, Any]) -> float:
    """Seconds from the server's first answer until the last tablet has entered."""
    url = f"http://127.0.0.1:{task['port']}"

    async def come_back(token: str) -> None:
        client: Any = socketio.AsyncClient(reconnection=False)
        await client.connect(url, auth={"token": token}, transports=["websocket"], wait_timeout=PATIENCE)
        answer = await client.call("enter", {"meeting": task["meeting"]}, timeout=PATIENCE)
        if "refused" in answer:
            raise SystemExit(f"a tablet was not let in: {answer}")
        clients.append(client)

    clients: list[Any] = []
    async with aiohttp.ClientSession() as session:
        await session.get(f"{url}/sign-in")
    began = perf_counter()
    await asyncio.gather(*(come_back(token) for token in task["tokens"]))
    took = perf_counter() - began
    await asyncio.gather(*(client.disconnect() for client in clients))
    return took


if __name__ == "__main__":
    print(json.dumps(uvloop.run(run(json.load(sys.stdin)))))
