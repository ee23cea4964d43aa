"""The whole program on a port of its own, in this process, and people who follow a meeting over Socket.IO."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import socketio
import uvicorn
from litestar import Litestar
from sqlalchemy import select

from meetings.council.sign_in import begin_sign_in
from meetings.realtime.server import Realtime
from meetings.storage.tables import Account
from meetings.storage.unit_of_work import Store
from meetings.web.request import COOKIE
from tests.support.council import Council, make_council
from tests.support.processes import free_port

PATIENCE = 10


@dataclass
class Follower:
    """A client that remembers what it was told."""

    client: socketio.AsyncClient
    packets: list[tuple[str, dict[str, Any]]] = field(default_factory=list[tuple[str, dict[str, Any]]])
    told: asyncio.Event = field(default_factory=asyncio.Event)

    async def ask(self, event: str, packet: object = None) -> Any:
        return await self.client.call(event, packet, timeout=PATIENCE)

    async def enter(self, meeting: UUID) -> dict[str, Any]:
        answer: dict[str, Any] = await self.ask("enter", {"meeting": str(meeting)})
        return answer

    async def cast(self, poll: UUID, choice: str, key: object = None, **more: object) -> dict[str, Any]:
        packet = {"poll": str(poll), "choice": choice, "key": str(key or uuid4()), **more}
        answer: dict[str, Any] = await self.ask("cast", packet)
        return answer

    def heard(self, event: str) -> list[dict[str, Any]]:
        return [packet for name, packet in self.packets if name == event]

    async def until(self, fits: Callable[[Follower], bool]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not fits(self):
                self.told.clear()
                await self.told.wait()

    def hear(self, event: str) -> Callable[[dict[str, Any]], None]:
        def remember(packet: dict[str, Any]) -> None:
            self.packets.append((event, packet))
            self.told.set()

        return remember


@dataclass
class Live:
    """The running program with a small council."""

    app: Litestar
    url: str
    council: Council
    followers: AsyncExitStack

    @property
    def store(self) -> Store:
        store: Store = self.app.state.house.store
        return store

    @property
    def realtime(self) -> Realtime:
        realtime: Realtime = self.app.state.house.realtime
        return realtime

    async def follower(self, login: str = "", **connecting: Any) -> Follower:
        """A connected client, by access token unless something else is given."""
        follower = Follower(socketio.AsyncClient(reconnection=False))
        for event in ("changed", "head", "poll", "follow"):
            follower.client.on(event, follower.hear(event))
        if login:
            connecting["auth"] = {"token": self.council.tokens[login]}
        await follower.client.connect(self.url, transports=["websocket"], **connecting)
        self.followers.push_async_callback(follower.client.disconnect)
        return follower

    async def cookie(self, login: str) -> str:
        """The secret of a new sign-in."""
        async with self.store.work() as work:
            account = await work.session.scalar(select(Account).where(Account.login == login))
            assert account is not None
            return await begin_sign_in(work, account)

    async def browser(self, login: str) -> tuple[Follower, str]:
        """A client as a browser connects: by sign-in cookie."""
        secret = await self.cookie(login)
        return await self.follower(headers={"Cookie": f"{COOKIE}={secret}"}), secret


@asynccontextmanager
async def running(database_url: str, folder: Path, *, seats: int = 9, **more: str) -> AsyncGenerator[Live]:
    """The program, served until the block ends."""
    from meetings.app import create_app
    from meetings.settings import read_settings

    settings = {"MEETINGS_DATA_DIR": str(folder), "MEETINGS_DATABASE_URL": database_url}
    settings |= {f"MEETINGS_{name}": value for name, value in more.items()}
    app = create_app(read_settings({**settings, "MEETINGS_SECRET_KEY": "a key for tests that nobody has"}))
    port = free_port()
    server = uvicorn.Server(
        uvicorn.Config(
            app, port=port, ws="websockets-sansio", ws_per_message_deflate=False, log_level="error",
            lifespan="on", timeout_graceful_shutdown=2,
        )
    )  # fmt: skip
    serving = asyncio.create_task(server._serve())
    while not server.started:
        await asyncio.sleep(0.02)
        assert not serving.done(), "the server gave up"
    try:
        async with AsyncExitStack() as followers:
            council = await make_council(app.state.house.store, seats=seats)
            yield Live(app, f"http://127.0.0.1:{port}", council, followers)
    finally:
        server.should_exit = True
        await serving


@pytest.fixture
async def live(sqlite_database_url: str, tmp_path: Path) -> AsyncIterator[Live]:
    """On SQLite: a council of nine."""
    async with running(sqlite_database_url, tmp_path) as live:
        yield live


@pytest.fixture
async def full_house(database_url: str, tmp_path: Path) -> AsyncIterator[Live]:
    """On SQLite and again on PostgreSQL: a council of thirty."""
    async with running(database_url, tmp_path, seats=30) as live:
        yield live
