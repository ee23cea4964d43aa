"""A tablet that costs next to nothing: Socket.IO over a bare websocket, so that the server is what is measured."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from itertools import count
from typing import Any

import aiohttp

PATIENCE = 120
"""Seconds until a connection or an answer is given up."""


class Tablet:
    """One connection. `hear` is called with the text of each event, `["name",{…}]`, as it comes in."""

    def __init__(self, hear: Callable[[str], None] | None = None) -> None:
        self._hear = hear
        self._answers: dict[str, asyncio.Future[str]] = {}
        self._numbers = count()
        self._reading: asyncio.Task[None] | None = None
        self._socket: aiohttp.ClientWebSocketResponse

    async def connect(self, session: aiohttp.ClientSession, url: str, token: str) -> None:
        """Open the websocket and say who is there."""
        async with asyncio.timeout(PATIENCE):
            self._socket = await session.ws_connect(f"{url}/socket.io/?EIO=4&transport=websocket", compress=0)
            await self._socket.receive_str()
            await self._socket.send_str("40" + json.dumps({"token": token}))
            answer = await self._socket.receive_str()
        if not answer.startswith("40"):
            raise SystemExit(f"a tablet was not let in: {answer}")
        self._reading = asyncio.create_task(self._read())

    async def enter(self, meeting: str) -> None:
        """Follow a meeting."""
        answer = await self.call("enter", {"meeting": meeting})
        if "refused" in answer:
            raise SystemExit(f"a tablet was not let in: {answer}")

    async def call(self, event: str, packet: Mapping[str, Any]) -> Any:
        """Say something and wait for the answer."""
        number = str(next(self._numbers))
        answer = self._answers[number] = asyncio.get_running_loop().create_future()
        await self._socket.send_str(f"42{number}{json.dumps([event, packet], separators=(',', ':'))}")
        async with asyncio.timeout(PATIENCE):
            return json.loads(await answer)[0]

    async def close(self) -> None:
        """Hang up."""
        await self._socket.close()
        if self._reading is not None:
            await self._reading

    async def _read(self) -> None:
        async for message in self._socket:
            text: str = message.data
            if text.startswith("43"):
                number, bracket, rest = text[2:].partition("[")
                self._answers.pop(number).set_result(bracket + rest)
            elif text.startswith("42"):
                if self._hear is not None:
                    self._hear(text[2:])
            elif text == "2":
                await self._socket.send_str("3")
