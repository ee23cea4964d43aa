"""Ready packets: what a whole room hears is encoded once and handed to each connection without a task or a queue.

The stock manager makes one task for each client and packet, and a queue hands it on. Here the encoded text goes
straight to the connection's ASGI `send`, which does not wait unless the client is slow. A slow client misses the
packet: what rooms hear are numbers and hints, the next one replaces them, and the heartbeat shows what was missed.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Iterable
from typing import TYPE_CHECKING, Any, cast

import socketio
from socketio import packet

MESSAGE = "4"
"""Engine.IO's prefix of a message in a text frame."""

if TYPE_CHECKING:  # the library has no types

    class _Manager: ...

    class _RedisManager(_Manager):
        def __init__(self, url: str) -> None: ...
else:
    _Manager, _RedisManager = socketio.AsyncManager, socketio.AsyncRedisManager


class ReadyManager(_Manager):
    """The stock manager of clients and rooms, with its own way of telling a room."""

    rooms: dict[str, Any]
    server: Any
    get_participants: Callable[[str, str | None], Iterable[tuple[str, str]]]

    async def emit(
        self,
        event: str,
        data: Any,
        namespace: str,
        room: str | None = None,
        skip_sid: Any = None,
        callback: Any = None,
        to: str | None = None,
        **kwargs: Any,
    ) -> None:
        """Tell a room of this process. What needs an answer or leaves somebody out goes the stock way."""
        room = to or room
        if callback is not None or skip_sid:
            stock: Any = super()
            await stock.emit(event, data, namespace, room, skip_sid, callback, **kwargs)
            return
        if namespace not in self.rooms:
            return
        made: str = self.server.packet_class(packet.EVENT, namespace=namespace, data=[event, data]).encode()
        message: dict[str, Any] = {"type": "websocket.send", "bytes": None, "text": MESSAGE + made}
        environments: dict[str, dict[str, Any]] = self.server.environ
        for _, connection in list(self.get_participants(namespace, room)):
            environment = environments.get(connection)
            if environment is not None:
                hand_over(environment["asgi.send"], message)


class ReadyRedisManager(_RedisManager, ReadyManager):
    """Several processes: packets travel through Redis, and each process tells its own clients."""


def hand_over(send: Callable[[dict[str, Any]], Awaitable[None]], message: dict[str, Any]) -> bool:
    """Write a message now, or leave it: false when the connection would have had to wait, or is gone."""
    writing = cast("Coroutine[Any, Any, None]", send(message))
    try:
        writing.send(None)
    except StopIteration:
        return True
    except Exception:
        return False
    writing.close()
    return False
