"""Delegates' devices without a browser: they come back by themselves and send a ballot until it is acknowledged."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import socketio
from socketio.exceptions import SocketIOError

PATIENCE = 30
make_client: Any = socketio.AsyncClient


class Tablet:
    """A delegate's device in one meeting."""

    def __init__(self, url: str, token: str, meeting: UUID) -> None:
        self._url = url
        self._token = token
        self._meeting = str(meeting)
        self.entered = asyncio.Event()
        self.seq = 0
        self.cast_heard = 0
        self.client: Any = make_client(reconnection_delay=0.1, reconnection_delay_max=0.5)
        self.client.on("connect", self._enter)
        self.client.on("disconnect", self._leave)
        self.client.on("poll", self._count)
        for event in ("changed", "head"):
            self.client.on(event, self._advance)

    async def _enter(self) -> None:
        answer = await self.client.call("enter", {"meeting": self._meeting})
        self.seq = answer["seq"]
        self.entered.set()

    async def _leave(self, *_reason: object) -> None:
        self.entered.clear()

    async def _advance(self, packet: dict[str, Any]) -> None:
        self.seq = max(self.seq, packet["seq"])

    async def _count(self, packet: dict[str, Any]) -> None:
        self.cast_heard = packet["cast"]

    async def switch_on(self) -> None:
        await self.client.connect(self._url, auth={"token": self._token}, transports=["websocket"])
        await self.entered.wait()

    async def ask(self, event: str, packet: dict[str, Any]) -> dict[str, Any]:
        """Sends until there is an answer; what is sent must be harmless when it arrives twice."""
        while True:
            await self.entered.wait()
            try:
                answer: dict[str, Any] = await self.client.call(event, packet, timeout=5)
            except SocketIOError:
                continue
            if answer.get("refused") != "busy":
                return answer

    async def cast(self, poll: str, choice: Any, represented: str | None = None) -> dict[str, Any]:
        packet = {"poll": poll, "choice": choice, "key": str(uuid4())}
        return await self.ask("cast", packet | ({"for": represented} if represented else {}))


async def switch_off(tablets: list[Tablet]) -> None:
    await asyncio.gather(*(tablet.client.disconnect() for tablet in tablets))


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not condition():
            await asyncio.sleep(0.05)
