"""A council session of three hours in two minutes: four browsers, up to sixty tablets, every kind of vote.

The same story on three server processes behind the documented proxy, of which one is killed amid a vote, and on one
process with SQLite, which is killed and started again. At its end the numbers that the projector, a delegate's tablet
and the cockpit showed at each announcement are those of the journal, of the record counted again, and of the minutes.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx

from meetings.app import make_store
from meetings.settings import read_settings
from meetings.storage.journal import verify_chain
from meetings.storage.migrate import migrate
from tests.journeys import session_story as story
from tests.journeys import session_votes as votes
from tests.journeys.session_numbers import counted_by_the_command
from tests.journeys.session_people import Session, prepare, sit_down
from tests.support.browser import Desk
from tests.support.cluster import KEY, three_nodes
from tests.support.programs import Server
from tests.support.tablets import switch_off

Serve = Callable[..., Awaitable[Server]]
POLLS = 9
"""Announced in the story: an amendment and its motion, a group, one by the clock, a roll call, a secret one, an
election, a rating. The ninth was annulled."""


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
            await _sit(session, tmp_path)


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
        await _sit(session, tmp_path)
    await store.close()


async def _sit(session: Session, folder: Path) -> None:
    await sit_down(session)
    for part in (
        story.arrive, story.question_time, story.papers, story.speakers, votes.amendment, votes.main_motion,
        story.recess, votes.consent, votes.timed, votes.roll_call, votes.secret, votes.election, votes.confidence,
        story.adjourn,
    ):  # fmt: skip
        await part(session)
    await switch_off(list(session.tablets.values()))
    for page in session.pages.values():
        await page.context.close()
    await _compare(session, folder)
    lost = ("WebSocket", "ERR_CONNECTION", "ERR_EMPTY_RESPONSE", "Failed to fetch")
    session.desk.complaints[:] = [
        one for one in session.desk.complaints if not any(word in one for word in lost)
    ]


async def _compare(session: Session, folder: Path) -> None:
    journal = await _journal(session)
    announced = [row["payload"]["poll"] for row in journal if row["event"] == "OutcomeAnnounced"]
    assert announced == list(session.numbers.shown)
    assert len(announced) == POLLS - 1
    minutes = await session.good("secretary", "GET", f"{session.address}/minutes")
    told = " ".join(" ".join([passage["text"], *passage["lines"]]) for passage in minutes["passages"])
    for poll in announced:
        record = await session.good("observer", "GET", f"/polls/{poll}/record")
        session.numbers.compare(poll, record, journal)
        counted_by_the_command(record, folder)
        assert session.numbers.shown[poll]["sentence"] in told
    async with session.store.reading() as reading:
        assert (await verify_chain(reading.session, session.meeting)).intact


async def _journal(session: Session) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    cursor = ""
    while True:
        page = await session.good("secretary", "GET", f"{session.address}/journal?limit=200{cursor}")
        assert page["intact"]
        rows += page["items"]
        if page["next"] is None:
            return rows
        cursor = f"&cursor={page['next']}"
