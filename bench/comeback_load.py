"""The tablets of `bench.opening` after a restart: all connect and enter at once, from the server's first answer on."""

from __future__ import annotations

import asyncio
import json
import sys
from time import perf_counter
from typing import Any

import aiohttp
import uvloop

from bench.tablet import Tablet


async def run(task: dict[str, Any]) -> float:
    """Seconds from the server's first answer until the last tablet has entered."""
    url = f"http://127.0.0.1:{task['port']}"

    async def come_back(token: str) -> None:
        tablet = Tablet()
        await tablet.connect(session, url, token)
        await tablet.enter(task["meeting"])
        tablets.append(tablet)

    tablets: list[Tablet] = []
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        await session.get(f"{url}/sign-in")
        began = perf_counter()
        await asyncio.gather(*(come_back(token) for token in task["tokens"]))
        took = perf_counter() - began
        await asyncio.gather(*(tablet.close() for tablet in tablets))
    return took


if __name__ == "__main__":
    print(json.dumps(uvloop.run(run(json.load(sys.stdin)))))
