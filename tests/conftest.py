"""Fixtures for every test. One event loop serves the whole run (see pyproject.toml).

- `database_url`: a migrated database of one's own, on SQLite and again on PostgreSQL; `store` stands on it.
- `redis_url`: a Redis of one's own, emptied for each test.
- `serve`, `server`, `demo`: the real program in a process.
- `desk`: browsers; `await desk.page("tablet")`, or `tablet`, `phone`, `desktop` for a page at once.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import Browser, Page
from redis.asyncio import Redis

from tests.support import databases, programs
from tests.support.browser import Desk, chromium
from tests.support.postgres import Postgres
from tests.support.processes import free_port, program, start
from tests.support.programs import Server

if TYPE_CHECKING:
    from meetings.storage.unit_of_work import Store


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what drives a browser, and runs it last: a broken rule should show first."""
    for item in items:
        if {"desk", "tablet", "phone", "desktop"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.browser)
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


# Databases


@pytest.fixture(scope="session")
async def postgres() -> AsyncIterator[Postgres]:
    """The run's own PostgreSQL, with a migrated template."""
    from meetings.storage.migrate import migrate

    cluster = Postgres()
    try:
        cluster.start()
        await cluster.make_template(migrate)
        yield cluster
    finally:
        cluster.stop()


@pytest.fixture(scope="session")
async def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    from meetings.storage.migrate import migrate

    file = tmp_path_factory.mktemp("template") / "meetings.sqlite3"
    await migrate(databases.sqlite_url(file))
    return file


@pytest.fixture
def sqlite_database_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A migrated SQLite database of one's own."""
    return databases.copied(sqlite_template, tmp_path / "meetings.sqlite3")


@pytest.fixture
async def postgresql_database_url(postgres: Postgres) -> AsyncIterator[str]:
    """A migrated PostgreSQL database of one's own."""
    url = await postgres.new_database()
    yield url
    await postgres.drop(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A migrated database of one's own; the test runs on each kind, PostgreSQL starts when first needed."""
    return str(request.getfixturevalue(f"{request.param}_database_url"))


@pytest.fixture
async def store(database_url: str, tmp_path: Path) -> AsyncIterator[Store]:
    """The house's storage with the table of consequences, as the program puts it together."""
    from meetings.life import CONSEQUENCES
    from meetings.storage.database import make_engine
    from meetings.storage.files import Files
    from meetings.storage.unit_of_work import Store

    store = Store(make_engine(database_url), Files(tmp_path / "files"), consequences=CONSEQUENCES)
    yield store
    await store.close()


@pytest.fixture(scope="session")
async def _redis(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    port = free_port()
    folder = tmp_path_factory.mktemp("redis")
    command = [program("redis-server", package="redis-server"), "--port", str(port), "--bind", "127.0.0.1"]
    running = start([*command, "--save", "", "--dir", folder], port, folder / "log")
    try:
        await running.wait_until_it_listens()
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        running.stop()


@pytest.fixture
async def redis_url(_redis: str) -> str:
    """A Redis of the run's own, empty."""
    client = Redis.from_url(_redis)
    await client.flushall()
    await client.aclose()
    return _redis


# The real program


@pytest.fixture
async def serve(tmp_path: Path) -> AsyncIterator[Callable[..., Awaitable[Server]]]:
    """Starts servers that end with the test: `await serve(DATABASE_URL=url, REDIS_URL=redis_url)`."""
    servers: list[Server] = []

    async def start_one(data: Path | None = None, port: int | None = None, **settings: str) -> Server:
        data = data or tmp_path / f"server-{len(servers)}"
        data.mkdir(parents=True, exist_ok=True)
        servers.append(await programs.serve(data, port, **settings))
        return servers[-1]

    yield start_one
    for server in servers:
        server.stop()


@pytest.fixture
async def server(serve: Callable[..., Awaitable[Server]]) -> Server:
    """An empty house on SQLite."""
    return await serve()


@pytest.fixture(scope="session")
async def demo(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Server]:
    """The demo council, served once for the whole run; tests that spoil it start their own."""
    running = await programs.demo(tmp_path_factory.mktemp("demo"))
    yield running
    running.stop()


# Browsers


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


@pytest.fixture
async def desk(browser: Browser) -> AsyncIterator[Desk]:
    """Opens browsers of several people; set `desk.base_url` first to use short addresses."""
    desk = Desk(browser)
    yield desk
    await desk.close()
    assert not desk.complaints, "the browser's console complained: " + "; ".join(desk.complaints)


@pytest.fixture
async def tablet(desk: Desk) -> Page:
    """A delegate's tablet, 1180 × 820, touch, Vietnamese."""
    return await desk.page("tablet")


@pytest.fixture
async def phone(desk: Desk) -> Page:
    return await desk.page("phone")


@pytest.fixture
async def desktop(desk: Desk) -> Page:
    return await desk.page("desktop")
