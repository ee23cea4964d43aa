"""The bare servers beside which Meetings is measured, served with the same uvicorn options. They store nothing.

python -m bench.peers echo|hello --port PORT
"""

import sys
from collections import Counter
from typing import Any

import socketio
import uvicorn
from litestar import Litestar, MediaType, get

from meetings.app import SERVING

ANSWER = {"counted": True, "at": "2026-11-24T01:00:00.000000+00:00", "receipt": "2345-6789"}
"""As large as a real acknowledgement."""


def echo() -> Any:
    """A stock python-socketio server: each cast is answered at once; the last of a room's tells everybody, once."""
    sio: Any = socketio.AsyncServer(async_mode="asgi", transports=["websocket"])
    cast: Counter[str] = Counter()

    async def enter(sid: str, packet: dict[str, Any]) -> dict[str, Any]:
        await sio.enter_room(sid, packet["meeting"])
        return {}

    async def take(_sid: str, packet: dict[str, Any]) -> dict[str, Any]:
        poll = packet["poll"]
        cast[poll] += 1
        if cast[poll] == packet["of"]:
            numbers = {"poll": poll, "seq": 1, "state": "open", "cast": cast[poll], "eligible": cast[poll]}
            sio.start_background_task(sio.emit, "poll", numbers | {"not_cast": 0}, room=packet["meeting"])
        return ANSWER

    sio.on("enter", enter)
    sio.on("cast", take)
    return socketio.ASGIApp(sio)


@get("/", media_type=MediaType.TEXT)
async def greet() -> str:
    """The least that Litestar can answer."""
    return "hello"


def hello() -> Litestar:
    """A bare Litestar."""
    return Litestar([greet], openapi_config=None)


if __name__ == "__main__":
    app = {"echo": echo, "hello": hello}[sys.argv[1]]()
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[3]), **SERVING)
