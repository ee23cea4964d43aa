"""The voters of `bench.storm`: one Socket.IO client each, all in this process, on both servers in turns."""

from __future__ import annotations

import asyncio
import gc
import json
import sys
from pathlib import Path
from time import perf_counter
from typing import Any
from uuid import uuid4

import aiohttp
import uvloop

from bench.tablet import PATIENCE, Tablet

PAUSE = 0.3
"""Seconds between two rounds, so that what a round has left to say is said."""


class Voter:
    """One member’s tablet, which notes when it hears the final count of the poll it votes in."""

    def __init__(self, voters: int) -> None:
        self.tablet = Tablet(self._hear)
        self.known = asyncio.Event()
        self.known_at = 0.0
        self._poll = ""
        self._final = f'"cast":{voters},'

    def expect(self, poll: str) -> None:
        """Listen for this poll from now on."""
        self._poll = poll
        self.known.clear()

    def _hear(self, text: str) -> None:
        if self._final in text and self._poll in text and not self.known.is_set():
            self.known_at = perf_counter()
            self.known.set()

    async def cast(self, packet: dict[str, Any]) -> tuple[float, dict[str, Any]]:
        """Seconds until the acknowledgement, and the acknowledgement."""
        began = perf_counter()
        answer = await self.tablet.call("cast", packet)
        return perf_counter() - began, answer


class Hall:
    """All voters of one server."""

    def __init__(self, port: int, process: int, tokens: list[str], meeting: str) -> None:
        self._url = f"http://127.0.0.1:{port}"
        self._process = process
        self._tokens = tokens
        self._meeting = meeting
        self.voters = [Voter(len(tokens)) for _ in tokens]

    async def enter(self, session: aiohttp.ClientSession) -> float:
        """Connect one after the other and enter the meeting. Gives what the server grew by for each, in KB."""
        before = resident(self._process)
        for voter, token in zip(self.voters, self._tokens, strict=True):
            await voter.tablet.connect(session, self._url, token)
            await voter.tablet.enter(self._meeting)
        return (resident(self._process) - before) / len(self.voters)

    async def storm(self, poll: str) -> dict[str, Any]:
        """Everybody casts at once, then waits for the final count."""
        packets = [
            {
                "poll": poll,
                "choice": "yes",
                "key": str(uuid4()),
                "of": len(self.voters),
                "meeting": self._meeting,
            }
            for _ in self.voters
        ]
        for voter in self.voters:
            voter.expect(poll)
        worked = processor_time(self._process)
        began = perf_counter()
        casts = zip(self.voters, packets, strict=True)
        answers = await asyncio.gather(*(voter.cast(packet) for voter, packet in casts))
        ended = perf_counter()
        refused = [answer for _, answer in answers if answer.get("counted") is not True]
        if refused:
            raise SystemExit(f"{len(refused)} ballots were not counted, the first: {refused[0]}")
        async with asyncio.timeout(PATIENCE):
            await asyncio.gather(*(voter.known.wait() for voter in self.voters))
        return {
            "acknowledged": [seconds for seconds, _ in answers],
            "all": ended - began,
            "known": max(voter.known_at for voter in self.voters) - began,
            "cpu": processor_time(self._process) - worked,
            "receipts": [answer["receipt"] for _, answer in answers],
        }

    async def leave(self) -> None:
        """Close every connection."""
        await asyncio.gather(*(voter.tablet.close() for voter in self.voters))


def resident(process: int) -> int:
    """Memory of a process that is really in use, in KB."""
    line = next(line for line in Path(f"/proc/{process}/status").read_text().splitlines() if "VmRSS" in line)
    return int(line.split()[1])


def processor_time(process: int) -> float:
    """Seconds of processor time that a process has taken, by the scheduler: the clock of ticks is too coarse here."""
    threads = Path(f"/proc/{process}/task").glob("*/schedstat")
    return sum(int(thread.read_text().split()[0]) for thread in threads) / 1e9


async def run(task: dict[str, Any]) -> dict[str, Any]:
    """A round on each server in turns, as many as there are polls; the chair opens and closes over the interface."""
    halls = {
        name: Hall(port, task["processes"][name], task["tokens"], task["meeting"])
        for name, port in task["ports"].items()
    }
    rounds: dict[str, list[dict[str, Any]]] = {name: [] for name in halls}
    api = f"http://127.0.0.1:{task['ports']['meetings']}/api/v1/"
    bearer = {"authorization": f"Bearer {task['tokens'][0]}"}
    async with (
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session,
        aiohttp.ClientSession(api, headers=bearer, raise_for_status=True) as chair,
    ):
        memory = {name: await hall.enter(session) for name, hall in halls.items()}
        gc.collect()
        gc.freeze()
        for poll in task["polls"]:
            await chair.post(f"polls/{poll}/open")
            for name, hall in halls.items():
                await asyncio.sleep(PAUSE)
                rounds[name].append(await hall.storm(poll))
            for act in ("close", "announce"):
                await chair.post(f"polls/{poll}/{act}")
        for hall in halls.values():
            await hall.leave()
    return {"rounds": rounds, "memory": memory}


if __name__ == "__main__":
    print(json.dumps(uvloop.run(run(json.load(sys.stdin)))))
