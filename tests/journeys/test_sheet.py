"""The ballot is handed out: it is on the tablet although the tablet could not ask for it, and casts like any other."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx
from playwright.async_api import expect
from sqlalchemy import select

from meetings.app import make_store
from meetings.settings import read_settings
from meetings.storage.migrate import migrate
from meetings.storage.tables import Ballot
from tests.support.browser import Desk
from tests.support.council import PASSWORD, begin_sitting, make_council
from tests.support.programs import Server

LIVE = 10_000


async def test_a_ballot_shows_before_the_tablet_has_asked_for_it(
    serve: Callable[..., Awaitable[Server]], desk: Desk, tmp_path: Path
) -> None:
    data = tmp_path / "house"
    settings = read_settings({"MEETINGS_DATA_DIR": str(data)})
    await migrate(settings.database_url)
    store = make_store(settings)
    council = await make_council(store, seats=3)
    sitting = await begin_sitting(store, council)
    server = await serve(data)
    desk.base_url = server.url
    page = await desk.page("tablet")
    await page.context.add_cookies([{"name": "meetings_language", "value": "en", "url": server.url}])
    await page.goto(f"/sign-in?next=/meetings/{sitting.meeting}/room")
    await page.get_by_label("Sign-in name").fill("delegate01")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.locator("[data-live-text]")).to_have_text("live", timeout=LIVE)
    await page.route("**/room/ballot", lambda route: route.abort())

    bearer = {"authorization": f"Bearer {council.tokens['chair']}"}
    async with httpx.AsyncClient(base_url=f"{server.url}/api/v1", headers=bearer) as chair:
        drafted = await chair.post(f"/items/{sitting.item}/polls", json={"motion": str(sitting.motion)})
        (await chair.post(f"/polls/{drafted.json()['id']}/open")).raise_for_status()

    await page.locator(".choice__label", has_text="In favour").click(timeout=LIVE)
    await page.get_by_role("button", name="Send: In favour").click()
    await expect(page.locator(".ballot-state--counted")).to_be_visible(timeout=LIVE)
    await page.unroute("**/room/ballot")
    await expect(page.locator("[data-live-text]")).to_have_text("live", timeout=LIVE)
    await expect(page.locator(".ballot-state--counted")).to_be_visible()
    async with store.reading() as reading:
        kept = (await reading.session.scalars(select(Ballot))).one()
        assert (kept.person_id, kept.choice) == (council["delegate01"].person, "yes")
    await store.close()
