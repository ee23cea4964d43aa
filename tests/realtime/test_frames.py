"""Ready packets say what the stock manager would say, and a slow connection holds nobody up."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
import socketio
from socketio import packet

from meetings.realtime.frames import ReadyManager, hand_over

PACKET = {"poll": "p", "seq": 4, "cast": 2, "title": "Tờ trình “số 7”"}


class Wire:
    """An ASGI connection that notes what it is given."""

    def __init__(self) -> None:
        self.sent: list[Any] = []
        self.writable = asyncio.Event()
        self.writable.set()

    async def send(self, message: dict[str, Any]) -> None:
        await self.writable.wait()
        self.sent.append(message)


async def room_of(manager: Any, wires: list[Wire]) -> Any:
    """A server whose connections are these wires, all in one room."""
    sio: Any = socketio.AsyncServer(async_mode="asgi", client_manager=manager)
    manager.set_server(sio)
    for number, wire in enumerate(wires):
        sio.environ[f"e{number}"] = {"asgi.send": wire.send}
        sid = await manager.connect(f"e{number}", "/")
        manager.basic_enter_room(sid, "/", "hall")
    return sio


async def test_the_text_is_the_stock_packet(monkeypatch: pytest.MonkeyPatch) -> None:
    stock: list[str] = []
    sio = await room_of(socketio.AsyncManager(), [Wire()])

    async def keep(_connection: str, made: Any) -> None:
        stock.append(made.encode())

    monkeypatch.setattr(sio.eio, "send_packet", keep)
    await sio.manager.emit("poll", PACKET, "/", room="hall")

    wires = [Wire(), Wire()]
    sio = await room_of(ReadyManager(), wires)
    await sio.manager.emit("poll", PACKET, "/", room="hall")
    assert [one["text"] for wire in wires for one in wire.sent] == stock * 2
    assert sio.packet_class(encoded_packet=stock[0][1:]).packet_type == packet.EVENT


async def test_a_slow_connection_misses_a_packet_and_nobody_waits() -> None:
    slow, quick = Wire(), Wire()
    slow.writable.clear()
    sio = await room_of(ReadyManager(), [slow, quick])
    await sio.manager.emit("poll", PACKET, "/", room="hall")
    assert (len(slow.sent), len(quick.sent)) == (0, 1)
    slow.writable.set()
    await sio.manager.emit("poll", PACKET | {"seq": 5}, "/", room="hall")
    assert [len(slow.sent), len(quick.sent)] == [1, 2]


async def test_a_broken_connection_harms_nobody() -> None:
    async def broken(_message: dict[str, Any]) -> None:
        raise OSError("gone")

    assert hand_over(broken, {}) is False
    wire = Wire()
    sio = await room_of(ReadyManager(), [Wire(), wire])
    sio.environ["e0"]["asgi.send"] = broken
    await sio.manager.emit("head", PACKET, "/", room="hall")
    assert len(wire.sent) == 1
