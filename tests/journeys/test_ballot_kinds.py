"""Ballots with several marks in a real browser: marked by touch, stopped at the limit, sent once, never redrawn."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from playwright.async_api import Page, expect
from sqlalchemy import select

from meetings.app import make_store
from meetings.during.attendance import Presence, record_attendance
from meetings.during.voting import announce_outcome, close_poll, draft_poll, open_poll
from meetings.settings import read_settings
from meetings.storage.migrate import migrate
from meetings.storage.tables import SecretBallot
from tests.journeys.test_floor import LIVE, Chamber
from tests.support.browser import Desk
from tests.support.council import begin_sitting, make_council
from tests.support.programs import Server

NAMES = ["Trần Thị Hoa", "Lê Văn Sơn", "Phạm Văn Hải", "Võ Thị Sáu"]


@pytest.fixture
async def chamber(
    serve: Callable[..., Awaitable[Server]], desk: Desk, tmp_path: Path
) -> AsyncIterator[Chamber]:
    data = tmp_path / "house"
    settings = read_settings({"MEETINGS_DATA_DIR": str(data)})
    await migrate(settings.database_url)
    store = make_store(settings)
    try:
        council = await make_council(store, seats=4)
        sitting = await begin_sitting(store, council, present=3)
        desk.base_url = (await serve(data)).url
        yield Chamber(desk, store, council, sitting)
    finally:
        await store.close()


async def put(chamber: Chamber, kind: str, **form: Any) -> UUID:
    async with chamber.store.work() as work:
        poll = await draft_poll(
            work, chamber.council["chair"], chamber.sitting.item, title="Bầu", kind=kind, secret=True,
            form={"options": NAMES} | form, rule={"majority": "1/2", "base": "cast"} if kind != "confidence" else None,
        )  # fmt: skip
        await open_poll(work, chamber.council["chair"], poll.id)
    return poll.id


async def count(chamber: Chamber, poll: UUID) -> None:
    async with chamber.store.work() as work:
        await close_poll(work, chamber.council["chair"], poll)
        await announce_outcome(work, chamber.council["chair"], poll)


async def counted(page: Page) -> None:
    await expect(page.locator(".ballot-state--counted")).to_be_visible(timeout=LIVE)


async def test_an_election_by_touch(chamber: Chamber) -> None:
    page = await chamber.page("delegate01", "room")
    poll = await put(chamber, "election", places=2)
    send = page.locator("[data-send]")
    await expect(send).to_have_text("Send a blank ballot", timeout=LIVE)
    await page.get_by_text("Trần Thị Hoa").click()
    await page.get_by_text("Phạm Văn Hải").click()
    await expect(page.get_by_text("2 of at most 2 marked")).to_be_visible()
    await expect(page.get_by_label("Lê Văn Sơn")).to_be_disabled()
    async with chamber.store.work() as work:  # what others do does not touch a half-filled ballot
        person = chamber.council["delegate03"].person
        await record_attendance(
            work, chamber.council["secretary"], chamber.sitting.meeting, person, Presence.IN
        )
    await expect(page.locator(".live")).to_contain_text("4", timeout=LIVE)
    await expect(send).to_have_text("Send: 2 marked")
    await page.get_by_text("Trần Thị Hoa").click()
    await expect(page.get_by_label("Lê Văn Sơn")).to_be_enabled()
    await page.get_by_text("Lê Văn Sơn").click()
    await send.click()
    await counted(page)
    async with chamber.store.reading() as reading:
        assert await reading.session.scalar(select(SecretBallot.choice)) == '["c2","c3"]'
    await count(chamber, poll)
    await expect(page.locator(".outcome__word")).to_have_text("Elected", timeout=LIVE)
    await expect(page.locator(".candidate--elected")).to_have_count(2)


async def test_a_confidence_ballot_by_keyboard_and_touch(chamber: Chamber) -> None:
    page = await chamber.page("delegate01", "room")
    poll = await put(chamber, "confidence")
    people = page.locator(".rating")
    await expect(people).to_have_count(4, timeout=LIVE)
    await people.nth(0).locator(".level--high").click()
    await people.nth(1).locator(".level--low").click()
    await people.nth(1).locator(".level--low").click()  # a second touch takes it away
    await people.nth(2).get_by_role("radio", name="High confidence").focus()
    await page.keyboard.press("ArrowRight")
    await expect(page.locator("[data-send]")).to_have_text("Send: 2 of 4 rated")
    await page.locator("[data-send]").click()
    await counted(page)
    async with chamber.store.reading() as reading:
        assert await reading.session.scalar(select(SecretBallot.choice)) == '{"c1":"high","c3":"medium"}'
    await count(chamber, poll)
    await expect(page.locator(".ratings tbody tr")).to_have_count(4, timeout=LIVE)


async def test_a_ranking_is_numbered_by_touch(chamber: Chamber) -> None:
    page = await chamber.page("delegate01", "room")
    await put(chamber, "ranked")
    send = page.locator("[data-send]")
    await expect(send).to_be_disabled(timeout=LIVE)
    for name in ("Phạm Văn Hải", "Trần Thị Hoa", "Lê Văn Sơn"):
        await page.locator(".mark__name", has_text=name).click()
    await page.get_by_label("Place of Lê Văn Sơn").select_option("1")
    await page.locator(".mark__name", has_text="Trần Thị Hoa").click()
    await expect(send).to_have_text("Send: 2 of 4 numbered")
    await send.click()
    await counted(page)
    async with chamber.store.reading() as reading:
        assert await reading.session.scalar(select(SecretBallot.choice)) == '["c2","c3"]'


async def test_the_preview_follows_the_form_and_leaves_the_dialog_open(chamber: Chamber) -> None:
    page = await chamber.page("delegate00", "chair")
    await page.get_by_role("button", name="Another vote").click()
    dialog = page.locator("#dialog-vote")
    await dialog.get_by_label("Kind of vote").select_option("election")
    await dialog.locator("#options-vote").fill("\n".join(NAMES))
    await dialog.get_by_label("Places to fill").fill("2")
    await expect(dialog.locator(".preview")).to_contain_text("4 candidates for 2 places", timeout=LIVE)
    await dialog.get_by_role("button", name="Prepare the vote").click()
    await expect(dialog).to_be_hidden(timeout=LIVE)
    await expect(page.locator(".next-act")).to_contain_text("3 votes of 4 elect", timeout=LIVE)
