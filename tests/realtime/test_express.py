"""The express lane answers what Socket.IO answers: the same frames, with `MEETINGS_EXPRESS` on and off."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

import aiohttp
import pytest
from sqlalchemy import select

from meetings.realtime.express import Lane
from meetings.realtime.server import Realtime
from meetings.rules.permissions import Actor
from meetings.storage.tables import Ballot
from meetings.web.request import COOKIE
from tests.realtime.conftest import PATIENCE, Live, running
from tests.support import databases
from tests.support.council import begin_poll, begin_sitting

KEY = "6f9619ff-8b86-4d01-b42d-00c04fc964ff"
VARIES = re.compile(r'(?<="at":")[^"]*|(?<="receipt":")[^"]*|(?<="sid":")[^"]*|\d\d/\d\d/\d{4}, \d\d:\d\d')
"""What no two servers say alike."""


def cast_of(poll: UUID, *, choice: Any = "yes", key: Any = KEY, **more: Any) -> str:
    return json.dumps({"poll": str(poll), "choice": choice, "key": key, **more})


Script = Callable[[UUID], list[str | bytes]]
OTHER = KEY.replace("6f", "7f")
SCRIPTS: dict[str, Script] = {
    "a ballot": lambda poll: [f'421["cast",{cast_of(poll)}]'],
    "the same key twice": lambda poll: [f'421["cast",{cast_of(poll)}]', f'422["cast",{cast_of(poll)}]'],
    "the key with another choice": lambda poll: [
        f'421["cast",{cast_of(poll)}]',
        f'422["cast",{cast_of(poll, choice="no")}]',
    ],
    "two ballots": lambda poll: [f'421["cast",{cast_of(poll)}]', f'422["cast",{cast_of(poll, key=OTHER)}]'],
    "a ballot, then something quick": lambda poll: [
        f'421["cast",{cast_of(poll)}]',
        '422["no-such-event",{}]',
    ],
    "no acknowledgement asked": lambda poll: [
        f'42["cast",{cast_of(poll)}]',
        f'422["cast",{cast_of(poll)}]',
    ],
    "leading zeros": lambda poll: [f'42007["cast",{cast_of(poll)}]'],
    "digits of another script": lambda poll: [f'42\u0663["cast",{cast_of(poll)}]'],
    "a long number": lambda poll: [f'42{"9" * 15}["cast",{cast_of(poll)}]', f'42{"9" * 40}["cast",{{}}]'],
    "with a namespace": lambda poll: [f'42/,1["cast",{cast_of(poll)}]'],
    "in a namespace that is none": lambda poll: [f'42/x,1["cast",{cast_of(poll)}]'],
    "with a space": lambda poll: [f'421[ "cast", {cast_of(poll)} ]'],
    "wrong in every way": lambda poll: [
        '421["cast"]',
        '422["cast",null]',
        '423["cast",[]]',
        '424["cast",{}]',
        f'425["cast",{cast_of(poll)},1]',
        f'426["cast",{cast_of(poll, choice=7)}]',
        f'427["cast",{cast_of(poll, key=7)}]',
        f'428["cast",{cast_of(poll, key="short")}]',
        f'429["cast",{cast_of(poll, choice="perhaps")}]',
        f'4210["cast",{cast_of(poll, **{"for": "x"})}]',
        f'4211["cast",{cast_of(UUID(int=1))}]',
    ],
    "too deep": lambda poll: [
        f'421["cast",{{"poll":{"[" * 990}{"]" * 990},"choice":"yes","key":"{KEY}"}}]',
    ],
    "another event": lambda _poll: ['421["no-such-event",{}]', '422["castle",{}]', "423[7,{}]"],
    "binary": lambda poll: [
        '451-1["cast",{"_placeholder":true,"num":0}]',
        b"\x00\x01",
        f'422["cast",{cast_of(poll)}]',
    ],
    "a stray binary frame": lambda _poll: [b"\x00\x01"],
    "no JSON": lambda poll: ['421["cast",{', f'422["cast",{cast_of(poll)}]'],
    "too long": lambda poll: [f'421["cast",{cast_of(poll, choice="x" * 70_000)}]'],
    "after leaving": lambda poll: [DOOR, "41", f'421["cast",{cast_of(poll)}]', DOOR],
    "before the door": lambda poll: [f'421["cast",{cast_of(poll)}]', DOOR],
    "again at the door": lambda poll: [DOOR, DOOR, f'421["cast",{cast_of(poll)}]'],
}
DOOR = "40"
"""Stands for the greeting with the voter's token; scripts without it are said after it."""


def at_the_door(frames: list[str | bytes]) -> list[str | bytes]:
    return frames if DOOR in frames else [DOOR, *frames]


LAST = "4299999"
"""Asks for something at the end, so that everything before it is answered first."""


async def ended(socket: aiohttp.ClientWebSocketResponse) -> list[str]:
    """What is told until the last question is answered or the connection closes."""
    told: list[str] = []
    async with asyncio.timeout(PATIENCE):
        async for message in socket:
            text = str(message.data)
            if text.startswith("42"):  # heartbeats and numbers come when they come
                continue
            told.append(VARIES.sub("…", text))
            if text.startswith("4399999"):
                return told
    return [*told, f"closed {socket.close_code}"]


async def talk(live: Live, login: str, frames: list[str | bytes]) -> list[str]:
    """Say these frames without waiting between them; gives everything that is answered."""
    door = "40" + json.dumps({"token": live.council.tokens[login]})
    last = f'{LAST}["no-such-event",{{}}]'
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(f"{live.url}/socket.io/?EIO=4&transport=websocket", compress=0) as socket,
    ):
        await socket.receive_str()
        for frame in [*(door if frame == DOOR else frame for frame in frames), last]:
            await (socket.send_bytes(frame) if isinstance(frame, bytes) else socket.send_str(frame))
        return await ended(socket)


async def all_of_them(url: str, folder: Path, express: str) -> tuple[dict[str, list[str]], int]:
    """What every script is answered, and how many ballots were counted."""
    answers: dict[str, list[str]] = {}
    async with running(url, folder, seats=len(SCRIPTS) + 2, EXPRESS=express) as live:
        sitting = await begin_sitting(live.store, live.council)
        poll = await begin_poll(live.store, live.council, sitting)
        for number, (name, script) in enumerate(SCRIPTS.items(), 1):
            answers[name] = await talk(live, f"delegate{number:02}", at_the_door(script(poll)))
        answers["by an observer"] = await talk(live, "observer", [DOOR, f'421["cast",{cast_of(poll)}]'])
        tally = await (await live.follower("observer")).enter(sitting.meeting)
        return answers, tally["polls"][0]["cast"]


async def test_the_answers_are_the_same_with_and_without_the_lane(
    sqlite_template: Path, tmp_path: Path
) -> None:
    found: dict[str, tuple[dict[str, list[str]], int]] = {}
    for express in ("on", "off"):
        folder = tmp_path / express
        folder.mkdir()
        url = databases.copied(sqlite_template, folder / "meetings.sqlite3")
        found[express] = await all_of_them(url, folder, express)
    (on, counted), (off, stock) = found["on"], found["off"]
    assert {name: told for name, told in on.items() if told != off[name]} == {}, off
    assert counted == stock > 5, "both have counted the same ballots"


@pytest.mark.parametrize(("express", "taken"), [("on", 1), ("off", 0)])
async def test_the_lane_takes_ballots_and_the_setting_switches_it_off(
    sqlite_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, express: str, taken: int
) -> None:
    tasked: list[str] = []
    stock = Realtime._cast

    async def counting(self: Realtime, actor: Actor, data: Mapping[str, Any], sid: str) -> dict[str, Any]:
        tasked.append(sid)
        return await stock(self, actor, data, sid)

    monkeypatch.setattr(Realtime, "_cast", counting)
    async with running(sqlite_database_url, tmp_path, EXPRESS=express) as live:
        poll = await begin_poll(live.store, live.council, await begin_sitting(live.store, live.council))
        told = await talk(live, "delegate01", [DOOR, f'421["cast",{cast_of(poll)}]'])
    assert told[1].startswith('431[{"counted":true')
    assert len(tasked) == 1 - taken


async def test_a_ballot_after_signing_out_is_not_counted(live: Live) -> None:
    poll = await begin_poll(live.store, live.council, await begin_sitting(live.store, live.council))
    secret = await live.cookie("delegate01")
    async with (
        aiohttp.ClientSession(headers={"Cookie": f"{COOKIE}={secret}"}) as session,
        session.ws_connect(f"{live.url}/socket.io/?EIO=4&transport=websocket", compress=0) as socket,
    ):
        await socket.receive_str()
        await socket.send_str("40")
        assert (await socket.receive_str()).startswith("40")
        await live.realtime.sign_out(secret)
        for frame in (f'421["cast",{cast_of(poll)}]', "40", f'{LAST}["no-such-event",{{}}]'):
            await socket.send_str(frame)
        told = await ended(socket)
    assert told[0] == "41"
    assert not [text for text in told if text.startswith("431")]
    async with live.store.reading() as reading:
        assert not (await reading.session.scalars(select(Ballot))).all()


class Slow:
    """A connection whose client reads nothing until it is told to."""

    def __init__(self, frames: list[str]) -> None:
        self.frames = frames
        self.sent: list[str] = []
        self.reads = asyncio.Event()

    async def receive(self) -> dict[str, Any]:
        await asyncio.sleep(0)
        return {"type": "websocket.receive", "text": self.frames.pop(0)}

    async def send(self, message: dict[str, Any]) -> None:
        await self.reads.wait()
        self.sent.append(message["text"])


async def test_an_acknowledgement_waits_for_a_slow_client_and_the_next_packet_for_it() -> None:
    answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    slow = Slow(['421["cast",{}]', "3"])
    lane = Lane(
        slow.receive, slow.send, lambda _sid, _data: answer, lambda _sid, _done: {"counted": True}, 1000
    )
    lane.sid = "s"
    following = asyncio.create_task(lane.receive())
    answer.set_result(None)
    for _ in range(10):
        await asyncio.sleep(0)
    assert not following.done()
    slow.reads.set()
    assert (await following)["text"] == "3"
    assert slow.sent == ['431[{"counted":true}]']
