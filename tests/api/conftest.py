"""The whole program in this process, with a small council in its database; everybody calls it by token."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from httpx import ASGITransport, AsyncClient, Response
from litestar import Litestar

from tests.support.council import Council, make_council

PREFIX = "/api/v1"


@dataclass
class House:
    """The running program. `await house("secretary", "POST", "/meetings", json={…})` calls it."""

    app: Litestar
    client: AsyncClient
    council: Council
    folder: Path
    called: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    """Method and address of every call that was answered well."""

    @property
    def store(self) -> Any:
        return self.app.state.house.store

    async def __call__(self, login: str, method: str, path: str, **request: Any) -> Response:
        headers = {"accept-language": "en", "cookie": "meetings_language=en"} | request.pop("headers", {})
        if login:
            headers["authorization"] = f"Bearer {self.council.tokens[login]}"
        self.client.cookies.clear()
        response = await self.client.request(method, PREFIX + path, headers=headers, **request)
        if response.is_success:
            self.called.append((method, response.request.url.path))
        return response

    async def good(self, login: str, method: str, path: str, json: Any = None, **request: Any) -> Any:
        """The answer's JSON; anything but success fails the test with the problem."""
        response = await self(login, method, path, json=json, **request)
        assert response.is_success, f"{method} {path}: {response.status_code} {response.text}"
        return (
            response.json() if response.headers["content-type"].startswith("application/json") else response
        )

    async def refused(self, login: str, method: str, path: str, json: Any = None, **request: Any) -> str:
        """The stable code of a refusal, which must be a problem document."""
        response = await self(login, method, path, json=json, **request)
        assert not response.is_success, f"{method} {path}: {response.status_code} {response.text}"
        assert response.headers["content-type"] == "application/problem+json"
        problem = response.json()
        assert problem["status"] == response.status_code
        assert problem["title"]
        assert problem["type"] == f"urn:meetings:refusal:{problem['code']}"
        return str(problem["code"])


@asynccontextmanager
async def _living(app: Litestar) -> AsyncGenerator[None]:
    """The program's life in a task of its own: fixtures begin and end in different ones."""
    begun, ending = asyncio.Event(), asyncio.Event()

    async def live() -> None:
        async with app.lifespan():
            begun.set()
            await ending.wait()

    life = asyncio.create_task(live())
    waiting = asyncio.create_task(begun.wait())
    await asyncio.wait((life, waiting), return_when=asyncio.FIRST_COMPLETED)
    try:
        yield
    finally:
        ending.set()
        await life


@asynccontextmanager
async def _house(database_url: str, folder: Path) -> AsyncGenerator[House]:
    from meetings.app import create_app
    from meetings.settings import read_settings

    settings = read_settings(
        {
            "MEETINGS_DATA_DIR": str(folder),
            "MEETINGS_DATABASE_URL": database_url,
            "MEETINGS_SECRET_KEY": "a key for tests that nobody else has",
        }
    )
    app = create_app(settings)
    transport = ASGITransport(app, raise_app_exceptions=False)  # type: ignore[arg-type]
    async with _living(app), AsyncClient(transport=transport, base_url="http://house.invalid") as client:
        yield House(app, client, await make_council(app.state.house.store), folder)


@pytest.fixture
async def house(sqlite_database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    """On SQLite."""
    async with _house(sqlite_database_url, tmp_path) as house:
        yield house


@pytest.fixture
async def each_house(database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    """On SQLite and again on PostgreSQL."""
    async with _house(database_url, tmp_path) as house:
        yield house
