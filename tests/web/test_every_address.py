"""Every address of the house, asked for with every id there is: none tells a reader of an item that is not for them.

A page that is added later is asked like the others.
"""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import select

from meetings.app import create_app
from meetings.before.agenda import change_item
from meetings.before.supplements import issue_supplement
from meetings.during.drafting import draft_poll
from meetings.during.opening import open_poll
from meetings.during.speaking_list import ask_to_speak
from meetings.settings import read_settings
from meetings.storage.migrate import migrate
from meetings.storage.tables import Body, Item, Meeting, Motion, Paper, Poll
from tests.support.council import make_council
from tests.web.test_item_visibility import SEES, TITLES, Hall

TABLES = {"meeting": Meeting, "item": Item, "motion": Motion, "poll": Poll, "paper": Paper, "body": Body}
HALL = re.compile(r"/public|/screen\b|/seats$")
"""What strangers and the projector show."""


async def test_no_address_tells_of_an_item_that_is_not_for_its_reader(tmp_path: Path) -> None:
    settings = read_settings({"MEETINGS_DATA_DIR": str(tmp_path), "MEETINGS_SECRET_KEY": "x" * 32})
    await migrate(settings.database_url)
    app: Any = create_app(settings)
    store = app.state.house.store
    hall = Hall(store, await make_council(store, seats=3))
    await hall.build()
    chair, secretary = hall.council["chair"], hall.council["secretary"]
    async with store.work() as work:
        for item in hall.items.values():
            await change_item(work, secretary, item, presenter="Bà Lan")
        await issue_supplement(work, secretary, hall.meeting, reason="X")
    await hall.turn_to("internal")
    async with store.work() as work:
        motions = {row.item_id: row.id for row in await work.session.scalars(select(Motion))}
        await ask_to_speak(work, hall.council["delegate01"], hall.meeting, "speech")
        item = hall.items["internal"]
        await open_poll(work, chair, (await draft_poll(work, chair, item, motion=motions[item])).id)
    addresses = await _addresses(app, hall)
    for login in ("delegate01", "observer"):
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://testserver",
            headers={"authorization": f"Bearer {hall.council.tokens[login]}"},
        ) as client:  # fmt: skip
            answered = 0
            for address in addresses:
                response = await client.get(address)
                answered += response.status_code == 200
                told = {kind for kind, title in TITLES.items() if title in response.text}
                assert told <= ({"common"} if HALL.search(address) else SEES[login]), (login, address)
            assert answered > 60, login
    await store.close()


async def _addresses(app: Any, hall: Hall) -> list[str]:
    """Each with every fitting combination of ids; what names something else is left out."""
    known: dict[str, list[str]] = {"person": [str(hall.council["delegate01"].person)]}
    async with hall.store.reading() as reading:
        for name, table in TABLES.items():
            ids = [str(row) for row in await reading.session.scalars(select(table.id))]
            known |= {name: ids, f"{name}_id": ids}
    found: list[str] = []
    for route in app.routes:
        names = re.findall(r"{(\w+)}", route.path_format)
        if "GET" in getattr(route, "methods", ()) and all(name in known for name in names):
            every = product(*(known[name] for name in names))
            found += [route.path_format.format(**dict(zip(names, ids, strict=True))) for ids in every]
    return found
