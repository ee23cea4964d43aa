"""A council session of three hours in two minutes: four browsers, twelve tablets, every kind of vote, on one server.

The process, with SQLite, is killed amid a vote and started again. At the end the numbers that the projector, a
delegate's tablet and the cockpit showed at each announcement are those of the journal, of the record counted again,
and of the minutes. `test_council_session_nodes` is the same story with sixty tablets on three processes.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx

from meetings.app import make_store
from meetings.settings import read_settings
from meetings.storage.migrate import migrate
from tests.journeys.session_people import Session, prepare
from tests.journeys.session_whole import ANNOUNCED, sit
from tests.support.browser import Desk
from tests.support.programs import Server

Serve = Callable[..., Awaitable[Server]]


async def test_on_one_server(serve: Serve, desk: Desk, tmp_path: Path) -> None:
    data = tmp_path / "house"
    data.mkdir()
    settings = read_settings({"MEETINGS_DATA_DIR": str(data)})
    await migrate(settings.database_url)
    store = make_store(settings)
    council, meeting, items, motions, paper = await prepare(store, 12)
    server = await serve(data)
    desk.base_url = server.url

    async def crash() -> None:
        server.running.process.kill()
        server.running.process.wait()
        await serve(data, port=server.running.port)

    async with httpx.AsyncClient(base_url=server.url, timeout=10) as api:
        session = Session(
            desk,
            store,
            council,
            server.url,
            settings.secret_key,
            12,
            crash,
            meeting,
            items,
            motions,
            paper,
            api,
        )
        assert await sit(session, tmp_path) == ANNOUNCED
    await store.close()
