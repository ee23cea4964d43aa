"""Attendance in a real browser: the list by keyboard, a correction, the code from the screen to the telephone."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Page, expect
from sqlalchemy import select

from meetings.app import make_store
from meetings.rules.arrival import code_of, window_of
from meetings.settings import Settings, read_settings
from meetings.storage.migrate import migrate
from meetings.storage.tables import Attendance
from meetings.storage.unit_of_work import Store
from tests.support.browser import Desk
from tests.support.council import PASSWORD, Council, Sitting, begin_sitting, make_council, publish_sitting
from tests.support.programs import Server

LIVE = 10_000
"""Milliseconds in which a page has to notice, with room for a busy machine."""


@dataclass
class Door:
    """A council on a server, and browsers for its people."""

    desk: Desk
    store: Store
    council: Council
    settings: Settings

    async def page(self, login: str, address: str, screen: str = "tablet") -> Page:
        page = await self.desk.page(screen)
        url = self.desk.base_url or ""
        await page.context.add_cookies([{"name": "meetings_language", "value": "en", "url": url}])
        await page.goto(f"/sign-in?next={address}")
        await page.get_by_label("Sign-in name").fill(login)
        await page.get_by_label("Password").fill(PASSWORD)
        await page.get_by_role("button", name="Sign in").click()
        await page.wait_for_url(f"**{address}")  # with its scripts
        return page

    async def recorded(self, sitting: Sitting) -> dict[str, tuple[str, str]]:
        """State and source of the current interval by sign-in name."""
        names = {actor.person: login for login, actor in self.council.people.items() if login != "chair"}
        async with self.store.reading() as reading:
            rows = await reading.session.scalars(
                select(Attendance).where(Attendance.meeting_id == sitting.meeting, Attendance.until.is_(None))
            )
            return {names[row.person_id]: (row.state, row.source) for row in rows}


@pytest.fixture
async def door(serve: Callable[..., Awaitable[Server]], desk: Desk, tmp_path: Path) -> AsyncIterator[Door]:
    data = tmp_path / "house"
    settings = read_settings({"MEETINGS_DATA_DIR": str(data)})
    await migrate(settings.database_url)
    store = make_store(settings)
    try:
        council = await make_council(store, seats=5)
        desk.base_url = (await serve(data)).url
        yield Door(desk, store, council, settings)
    finally:
        await store.close()


async def test_the_list_is_kept_by_keyboard(door: Door) -> None:
    sitting = await publish_sitting(door.store, door.council)
    page = await door.page("secretary", f"/meetings/{sitting.meeting}/attendance/list", "desktop")
    search = page.get_by_role("searchbox", name="Find a name")
    await search.fill("dai bieu 01")
    await expect(page.locator("[data-door]:visible")).to_have_count(1)
    await search.press("Enter")
    await page.keyboard.press("4")
    await search.fill("")
    await search.press("Enter")
    for key in ("1", "4", "2", "1"):
        await page.keyboard.press(key)
    await page.get_by_role("button", name="Record the list").first.click()
    await expect(page.get_by_text("Saved.")).to_be_visible()
    states = {
        login: state for login, (state, source) in (await door.recorded(sitting)).items() if source == "door"
    }
    assert states == {"delegate00": "in", "delegate01": "excused", "delegate02": "remote", "delegate03": "in"}


async def test_a_correction_in_the_dialog(door: Door) -> None:
    sitting = await begin_sitting(door.store, door.council)
    page = await door.page("secretary", f"/meetings/{sitting.meeting}/attendance")
    await expect(page.locator("[data-live-text]")).to_have_text("live", timeout=LIVE)
    name = door.council["delegate01"].name
    await page.get_by_role("link", name=name).click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_text("Correct this entry").click()
    form = dialog.locator(".entry form")
    await form.get_by_label("Recorded rightly").select_option("excused")
    await form.get_by_label("To", exact=False).last.fill("2020-01-01T08:00")
    await form.get_by_label("Reason of the correction").fill("Ốm")
    await form.get_by_role("button", name="Correct").click()
    await expect(page.get_by_text("Something in this form is not right")).to_be_visible()
    await form.locator("[name=until]").fill("")
    await form.get_by_role("button", name="Correct").click()
    await expect(page.locator(".entry--struck")).to_contain_text("Ốm")
    cell = page.locator(f"#person-{door.council['delegate01'].person}")
    await expect(cell).to_contain_text("Excused", timeout=LIVE)


async def test_from_the_screen_to_the_telephone(door: Door) -> None:
    sitting = await publish_sitting(door.store, door.council)
    screen = await door.page("observer", f"/meetings/{sitting.meeting}/screen?show=welcome", "projector")
    await expect(screen.locator("#screen-code svg")).to_be_visible()
    async with door.store.reading() as reading:
        code = code_of(door.settings.secret_key, str(sitting.meeting), window_of(reading.now))
    phone = await door.page("delegate02", f"/meetings/{sitting.meeting}/arrive/{code}", "phone")
    await phone.get_by_role("button", name="Check in").click()
    await expect(phone.get_by_role("status")).to_contain_text("You are recorded as present")
    await phone.get_by_role("link", name="To the meeting room").click()
    await expect(phone).to_have_url(re.compile(r"/room$"))
    await expect(screen.locator(".screen")).to_contain_text("1 of 5 present", timeout=LIVE)
    assert await door.recorded(sitting) == {"delegate02": ("in", "code")}
