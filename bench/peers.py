"""The bare servers beside which Meetings is measured, served with the same uvicorn options. They store nothing.

python -m bench.peers echo|hello --port PORT
"""

import asyncio
import sys
from collections import Counter
from typing import Any

import socketio
import uvicorn
from litestar import Litestar, MediaType, get

from meetings.app import SERVING
from meetings.realtime.relay import COALESCE

ANSWER = {"counted": True, "at": "2026-11-24T01:00:00.000000+00:00", "receipt": "2345-6789"}
"""As large as a real acknowledgement."""


def echo() -> Any:
    """A stock python-socketio server: each cast is answered at once; the room hears the count ten times a second."""
    sio: Any = socketio.AsyncServer(async_mode="asgi", transports=["websocket"])
    cast: Counter[str] = Counter()
    told: Counter[str] = Counter()

    async def tell(poll: str, packet: dict[str, Any]) -> None:
        while told[poll] < cast[poll]:
            told[poll] = cast[poll]
            numbers = {"poll": poll, "seq": 1, "state": "open", "cast": cast[poll], "eligible": packet["of"]}
            await sio.emit("poll", numbers | {"not_cast": packet["of"] - cast[poll]}, room=packet["meeting"])
            for _ in range(20):  # the last ballot's number goes out at once, as ours does
                if cast[poll] < packet["of"]:
                    await asyncio.sleep(COALESCE / 20)

    async def enter(sid: str, packet: dict[str, Any]) -> dict[str, Any]:
        await sio.enter_room(sid, packet["meeting"])
        return {}

    async def take(_sid: str, packet: dict[str, Any]) -> dict[str, Any]:
        poll = packet["poll"]
        cast[poll] += 1
        if cast[poll] == 1:
            sio.start_background_task(tell, poll, packet)
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
