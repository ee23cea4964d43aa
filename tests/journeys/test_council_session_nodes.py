"""The three-hour session with sixty tablets on three processes behind the documented proxy; one dies amid a vote."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx

from tests.journeys.session_people import Session, prepare
from tests.journeys.session_whole import ANNOUNCED, sit
from tests.support.browser import Desk
from tests.support.cluster import KEY, three_nodes
from tests.support.programs import Server

Serve = Callable[..., Awaitable[Server]]


async def test_on_three_servers(
    serve: Serve, desk: Desk, postgresql_database_url: str, tmp_path: Path
) -> None:
    async with three_nodes(serve, postgresql_database_url, tmp_path) as served:
        council, meeting, items, motions, paper = await prepare(served.store, 60)
        desk.base_url = served.url

        async def crash() -> None:
            served.nodes[0].running.process.kill()

        async with httpx.AsyncClient(base_url=served.url, timeout=10) as api:
            session = Session(
                desk, served.store, council, served.url, KEY, 60, crash, meeting, items, motions, paper, api
            )
            assert await sit(session, tmp_path) == ANNOUNCED
