"""Two server processes on one PostgreSQL and one Redis: what happens at one is seen at the other."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import socketio
from sqlalchemy import func, select

from meetings.app import make_store
from meetings.settings import read_settings
from meetings.storage.tables import Ballot
from tests.support.council import Council, begin_sitting, make_council
from tests.support.programs import Server

KEY = "a secret key of the test, long enough to be one"


class Follower:
    """A client that keeps what it hears."""

    def __init__(self, server: Server, token: str) -> None:
        self._server = server
        self._token = token
        self.client: Any = socketio.AsyncClient()
        self.heard: asyncio.Queue[tuple[str, dict[str, Any]]] = asyncio.Queue()
        self.client.on("*", self._hear)

    async def _hear(self, event: str, packet: dict[str, Any]) -> None:
        await self.heard.put((event, packet))

    async def enter(self, meeting: UUID) -> dict[str, Any]:
        await self.client.connect(self._server.url, auth={"token": self._token}, transports=["websocket"])
        return await self.client.call("enter", {"meeting": str(meeting)})

    async def until(self, event: str, **facts: object) -> dict[str, Any]:
        """The next such packet with these facts."""
        async with asyncio.timeout(10):
            while True:
                name, packet = await self.heard.get()
                if name == event and facts.items() <= packet.items():
                    return packet


async def test_a_vote_across_two_servers(
    serve: Callable[..., Awaitable[Server]], postgresql_database_url: str, redis_url: str, tmp_path: Path
) -> None:
    settings = {
        "DATABASE_URL": postgresql_database_url,
        "SECRET_KEY": KEY,
        "FILES_URL": str(tmp_path / "files"),
    }
    store = make_store(read_settings({f"MEETINGS_{name}": value for name, value in settings.items()}))
    council: Council = await make_council(store, seats=4)
    sitting = await begin_sitting(store, council)
    one, two = [await serve(REDIS_URL=redis_url, **settings) for _ in range(2)]
    here, there = Follower(one, council.tokens["delegate01"]), Follower(two, council.tokens["delegate02"])
    first, second = await here.enter(sitting.meeting), await there.enter(sitting.meeting)
    assert first == second

    async with httpx.AsyncClient(headers={"authorization": f"Bearer {council.tokens['chair']}"}) as chair:

        async def act(server: Server, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
            answer = await chair.post(f"{server.url}/api/v1/{path}", json=body)
            assert answer.is_success, answer.text
            return answer.json()

        poll = await act(one, f"items/{sitting.item}/polls", {"motion": str(sitting.motion)})
        await act(one, f"polls/{poll['id']}/open")
        opened = await there.until("changed", id=poll["id"], what="poll")
        assert opened["seq"] == (await here.until("changed", seq=opened["seq"]))["seq"]
        key = str(uuid4())
        ballot = {"poll": poll["id"], "choice": "yes", "key": key}
        counted = await here.client.call("cast", ballot)
        assert counted["counted"]
        await there.until("poll", poll=poll["id"], cast=1)
        await there.client.call("cast", {**ballot, "key": str(uuid4())})
        await here.until("poll", poll=poll["id"], cast=2)
        await act(two, f"polls/{poll['id']}/close")
        announced = await act(two, f"polls/{poll['id']}/announce")
        assert announced["tally"]["yes"] == 2
        await here.until("changed", id=poll["id"], seq=opened["seq"] + 2)
    async with store.reading() as reading:
        assert await reading.session.scalar(select(func.count()).select_from(Ballot)) == 2
    for follower in (here, there):
        await follower.client.disconnect()
    await store.close()
