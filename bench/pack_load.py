"""The reader of `bench.pack`: asks for the agenda without a pause, alone and while a pack is made."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from statistics import quantiles
from time import perf_counter
from typing import Any

import aiohttp
import uvloop

ALONE = 200
"""Requests before the pack is asked for."""
LOOK = 0.1
"""Seconds between two looks at how far it is, and at the memory."""


def resident(process: int) -> float:
    """MB in use; 0 for a process that is gone."""
    status = Path(f"/proc/{process}/status")
    try:
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
    except (OSError, StopIteration):
        return 0.0
    return int(line.split()[1]) / 1024


def workers(process: int) -> list[int]:
    """The processes that this one has started."""
    return [
        int(child)
        for task in Path(f"/proc/{process}/task").iterdir()
        for child in (task / "children").read_text().split()
    ]


async def run(task: dict[str, Any]) -> dict[str, float]:
    """The figures, as `bench.pack` names them."""
    address = f"http://127.0.0.1:{task['port']}"
    pack = f"{address}/api/v1/meetings/{task['meeting']}/pack"
    bearer = {"authorization": f"Bearer {task['token']}"}
    async with aiohttp.ClientSession(raise_for_status=True) as session:

        async def agenda() -> float:
            began = perf_counter()
            async with session.get(
                f"{address}/meetings/{task['meeting']}", headers={"cookie": task["cookie"]}
            ) as got:
                await got.read()
            return 1000 * (perf_counter() - began)

        async def told(method: str) -> dict[str, Any]:
            async with session.request(method, pack, headers=bearer) as answer:
                found: dict[str, Any] = await answer.json()
                return found

        for _ in range(20):
            await agenda()
        before = [await agenda() for _ in range(ALONE)]
        server, worker, during = resident(task["process"]), 0.0, list[float]()
        ended = asyncio.Event()

        async def read_on() -> None:
            while not ended.is_set():
                during.append(await agenda())

        began = perf_counter()
        await told("POST")
        reading = asyncio.create_task(read_on())
        grown, state = 0.0, await told("GET")
        while state["state"] not in ("ready", "failed"):
            await asyncio.sleep(LOOK)
            grown = max(grown, resident(task["process"]) - server)
            worker = max([worker, *(resident(child) for child in workers(task["process"]))])
            state = await told("GET")
        seconds = perf_counter() - began
        ended.set()
        await reading
    if state["state"] != "ready":
        raise SystemExit("the pack failed")
    p95 = [quantiles(times, n=100, method="inclusive")[94] for times in (before, during)]
    return {
        "seconds": seconds,
        "worker": worker,
        "server": grown,
        "before": p95[0],
        "during": p95[1],
        "size": state["size"],
    }


if __name__ == "__main__":
    print(json.dumps(uvloop.run(run(json.load(sys.stdin)))))
