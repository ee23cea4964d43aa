"""The secretary at the desk with the keyboard alone, and two of them in one note."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

from playwright.async_api import Page, expect

from meetings.app import make_store
from meetings.council.persons import grant_role
from meetings.rules.permissions import Role
from meetings.settings import read_settings
from meetings.storage.migrate import migrate
from meetings.storage.tables import Note
from tests.support.browser import Desk, accessibility
from tests.support.council import PASSWORD, begin_sitting, make_council
from tests.support.programs import Server

LIVE = 10_000
Serve = Callable[..., Awaitable[Server]]


async def _enter(desk: Desk, login: str, address: str) -> Page:
    page = await desk.page("desktop")
    await page.context.add_cookies([{"name": "meetings_language", "value": "en", "url": desk.base_url or ""}])
    await page.goto(f"/sign-in?next={address}")
    await page.get_by_label("Sign-in name").fill(login)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.locator("[data-live-text]")).to_have_text("live", timeout=LIVE)
    return page


async def test_the_desk_by_keys_and_two_in_one_note(serve: Serve, desk: Desk, tmp_path: Path) -> None:
    data = tmp_path / "house"
    settings = read_settings({"MEETINGS_DATA_DIR": str(data)})
    await migrate(settings.database_url)
    store = make_store(settings)
    council = await make_council(store, seats=5)
    sitting = await begin_sitting(store, council)
    async with store.work() as work:
        second = council["delegate04"].person
        await grant_role(work, None, person=second, role=Role.SECRETARY, body=council.body)
    server = await serve(data)
    desk.base_url = server.url
    address = f"/meetings/{sitting.meeting}/desk"
    page = await _enter(desk, "secretary", address)
    other = await _enter(desk, "delegate04", address)
    assert not await accessibility(page)

    await page.keyboard.press("?")
    await expect(page.locator("#dialog-keys")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.locator("#dialog-keys")).to_be_hidden()

    person = council["delegate03"].person
    await page.keyboard.press("/")
    await page.keyboard.type("bieu 03")
    await page.keyboard.press("Enter")
    await expect(page.locator(f"#person-{person}")).to_be_focused()
    await page.keyboard.press("3")
    await expect(page.locator(f"#person-{person}.person--out")).to_be_visible(timeout=LIVE)
    await expect(page.locator("#desk-journal .journal__row").first).to_contain_text("03", timeout=LIVE)

    await page.keyboard.press("n")
    await page.keyboard.type("One asks about 1 road.")
    await expect(page.locator("[data-notes-state]")).to_contain_text("Kept at", timeout=LIVE)
    note = other.locator(".notes__text")
    await note.fill("Another hand.")
    await expect(other.locator("[data-notes-state]")).to_contain_text("Another secretary", timeout=LIVE)
    await expect(note).to_have_value("Another hand.\nOne asks about 1 road.")
    async with store.reading() as reading:
        assert (await reading.get(Note, sitting.item)).text == "Another hand.\nOne asks about 1 road."

    await page.keyboard.press("Escape")
    await page.keyboard.press("s")
    await page.wait_for_url(f"**/meetings/{sitting.meeting}/floor")
    await store.close()
