"""The floor in real browsers: two touches to ask, clocks that do not believe the tablet, the list arranged by hand."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from playwright.async_api import Page, expect

from meetings.app import make_store
from meetings.during.speakers import start_speech
from meetings.during.speaking_list import ask_to_speak
from meetings.settings import read_settings
from meetings.storage.migrate import migrate
from meetings.storage.unit_of_work import Store
from tests.support.browser import Desk
from tests.support.council import PASSWORD, Council, Sitting, begin_sitting, make_council
from tests.support.programs import Server

LIVE = 10_000
"""Milliseconds in which a page has to notice, with room for a busy machine."""
AN_HOUR_FAST = """
const Right = Date;
globalThis.Date = class extends Right {
  constructor(...given) { given.length ? super(...given) : super(Right.now() + 3600e3); }
  static now() { return Right.now() + 3600e3; }
};
"""


@dataclass
class Chamber:
    """A sitting on a server, and the people who act beside the browsers."""

    desk: Desk
    store: Store
    council: Council
    sitting: Sitting

    async def page(self, login: str, path: str, script: str = "") -> Page:
        page = await self.desk.page("tablet")
        url = self.desk.base_url or ""
        await page.context.add_cookies([{"name": "meetings_language", "value": "en", "url": url}])
        if script:
            await page.context.add_init_script(script)
        await page.goto(f"/sign-in?next=/meetings/{self.sitting.meeting}/{path}")
        await page.get_by_label("Sign-in name").fill(login)
        await page.get_by_label("Password").fill(PASSWORD)
        await page.get_by_role("button", name="Sign in").click()
        await expect(page.locator("[data-live-text]")).to_have_text("live", timeout=LIVE)
        return page

    async def ask(self, login: str) -> UUID:
        async with self.store.work() as work:
            place = await ask_to_speak(work, self.council[login], self.sitting.meeting, "speech")
        return place.speech

    async def call(self, speech: UUID) -> None:
        async with self.store.work() as work:
            await start_speech(work, self.council["chair"], speech)


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
        sitting = await begin_sitting(store, council)
        desk.base_url = (await serve(data)).url
        yield Chamber(desk, store, council, sitting)
    finally:
        await store.close()


async def test_two_touches_ask_and_the_clock_does_not_believe_the_tablet(chamber: Chamber) -> None:
    page = await chamber.page("delegate01", "room", AN_HOUR_FAST)
    floor = page.locator("#floor")
    await floor.get_by_text("Ask for the floor").click()
    await floor.get_by_role("button", name="Against").click()
    await expect(floor).to_contain_text("You are next", timeout=LIVE)
    await expect(floor).to_contain_text("Speech · Against")
    chair = await chamber.page("delegate00", "chair")
    await chair.get_by_role("button", name="Call Nguyễn Văn Đại Biểu 01").click()
    await expect(chair.locator(".speaking__name")).to_have_text("Nguyễn Văn Đại Biểu 01", timeout=LIVE)
    await expect(floor).to_contain_text("You have the floor", timeout=LIVE)
    await expect(floor.locator(".own-floor__clock")).to_have_text(
        re.compile(r"^(10:0|9:5|9:4)\d?$"), timeout=LIVE
    )
    await chair.locator("button:not([data-fresh])", has_text="Pause").click()
    await expect(floor).to_contain_text("halted", timeout=LIVE)


async def test_what_one_is_choosing_stays_unfolded_while_others_speak(chamber: Chamber) -> None:
    page = await chamber.page("delegate01", "room")
    await page.locator("#floor").get_by_text("Ask for the floor").click()
    await chamber.call(await chamber.ask("delegate02"))
    await expect(page.locator("#live-strip")).to_contain_text("Đại Biểu 02", timeout=LIVE)
    await expect(page.locator("#floor").get_by_role("button", name="Point of order")).to_be_visible()
    await page.locator("#floor").get_by_role("button", name="Point of order").click()
    await expect(page.locator("#floor")).to_contain_text("You are next", timeout=LIVE)
    await expect(page.locator("#floor").get_by_role("button", name="Reply")).to_be_hidden()


async def test_the_list_is_arranged_by_keyboard_and_by_dragging(chamber: Chamber) -> None:
    for login in ("delegate01", "delegate02", "delegate03"):
        await chamber.ask(login)
    page = await chamber.page("secretary", "floor")
    names = page.locator("[data-speakers] .row__title")
    await expect(names).to_have_text([re.compile(f"0{number}$") for number in (1, 2, 3)])
    await page.get_by_role("button", name="Nguyễn Văn Đại Biểu 01: one place down").press("Enter")
    await expect(names).to_have_text([re.compile(f"0{number}$") for number in (2, 1, 3)], timeout=LIVE)
    handles = page.locator("[data-handle]")
    await handles.nth(2).hover()
    await page.mouse.down()
    box = await handles.nth(0).bounding_box()
    assert box is not None
    await page.mouse.move(box["x"] + 10, box["y"] + box["height"] / 2, steps=20)
    for step in range(200):
        await page.mouse.move(box["x"] + 10, box["y"] + 4 + step % 3)
        if (await names.first.inner_text()).endswith("03"):
            break
    await page.mouse.up()
    await expect(names).to_have_text([re.compile(f"0{number}$") for number in (3, 2, 1)], timeout=LIVE)
    await page.reload()
    await expect(names).to_have_text([re.compile(f"0{number}$") for number in (3, 2, 1)])


async def test_a_name_is_typed_and_the_form_is_empty_again(chamber: Chamber) -> None:
    page = await chamber.page("secretary", "floor")
    await page.get_by_label("Name").fill("Giám đốc Sở Tài chính")
    await page.get_by_role("button", name="Put on the list").click()
    await expect(page.locator("[data-speakers] .row__title")).to_have_text(
        ["Giám đốc Sở Tài chính"], timeout=LIVE
    )
    await expect(page.get_by_label("Name")).to_have_value("")
