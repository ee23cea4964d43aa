"""The express lane: ballots are taken off a websocket before Socket.IO spends a task, a timer and a queue on each.

It stands between the web server and Socket.IO as plain ASGI and touches nothing private of the library. Only a cast in
its usual form is taken, one at a time for each connection; everything else, and whatever would be refused on sight,
goes on to Socket.IO as if the lane were not there (docs/adr/0014-express-lane.md).
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any

import orjson

from meetings.realtime.frames import MESSAGE, hand_over

LANE = "meetings.lane"
"""Where an ASGI scope keeps its lane."""

_CAST = re.compile(MESSAGE + r'2(0|[1-9][0-9]{0,14})\["cast",')
"""The number as Socket.IO would write it again: no leading zeros, no digits of other scripts."""
_ACK = MESSAGE + "3"

Message = Any
"""An ASGI message; the web server, Litestar and Engine.IO type it each in their own way."""
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Take = Callable[[str, Mapping[str, Any]], asyncio.Future[Any] | None]
"""Puts a ballot of a client into the box; None when Socket.IO should see the packet instead."""
Tell = Callable[[str, asyncio.Future[Any]], Mapping[str, Any]]
"""What a client is answered once its ballot is committed or refused."""


class Lane:
    """One websocket. `sid` is known from the moment that Socket.IO lets its client in."""

    __slots__ = ("_limit", "_receive", "_send", "_take", "_tell", "_waiting", "sid")

    def __init__(self, receive: Receive, send: Send, take: Take, tell: Tell, limit: int) -> None:
        self._receive, self._send, self._take, self._tell = receive, send, take, tell
        self._limit = limit
        self._waiting: asyncio.Future[Any] | None = None
        """A ballot on its way, then its acknowledgement: what comes after it waits, as it would in Socket.IO."""
        self.sid: str | None = None

    async def receive(self) -> Message:
        """The next message that is for Socket.IO."""
        while True:
            message = await self._receive()
            while self._waiting is not None:
                await asyncio.wait([self._waiting])
            text: str | None = message.get("text")
            if text is None or self.sid is None or len(text) > self._limit:
                return message
            found = _CAST.match(text)
            if found is None or not self._taken(self.sid, found[1], text[found.end(1) :]):
                return message

    def _taken(self, sid: str, ack: str, text: str) -> bool:
        try:
            packet = orjson.loads(text)
        except orjson.JSONDecodeError:
            return False
        if len(packet) != 2 or not isinstance(packet[1], dict):
            return False
        answer = self._take(sid, packet[1])
        if answer is None:
            return False
        self._waiting = answer
        answer.add_done_callback(lambda done: self._answer(sid, ack, done))
        return True

    def _answer(self, sid: str, ack: str, done: asyncio.Future[Any]) -> None:
        self._waiting = None
        text = f"{_ACK}{ack}[{orjson.dumps(self._tell(sid, done)).decode()}]"
        message: Message = {"type": "websocket.send", "bytes": None, "text": text}
        if not hand_over(self._send, message):
            self._waiting = asyncio.ensure_future(self._send_later(message))

    async def _send_later(self, message: Message) -> None:
        """The client is slow, or gone: an acknowledgement waits for it, unlike a number."""
        try:
            with suppress(Exception):
                await self._send(message)
        finally:
            self._waiting = None
