"""An agency's dossier through four steps, in browsers: one return, one late step over Tết, and onto an agenda.

The clock is the test's: the days are those around Tết 2026, when nobody works from 16 to 20 February.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from playwright.async_api import Page, expect
from sqlalchemy import select

from meetings.app import create_app, serving
from meetings.before.agenda import add_item
from meetings.before.scheduling import schedule_meeting
from meetings.council.sign_in import begin_sign_in
from meetings.settings import read_settings
from meetings.storage.tables import Account
from meetings.storage.unit_of_work import Store
from meetings.web.request import COOKIE
from tests.support.browser import Desk, accessibility
from tests.support.council import Council, make_council
from tests.support.papers import a_pdf

TITLE = "Phân bổ vốn đầu tư công năm 2026"


@dataclass
class House:
    """The program in this process, so that its clock can be set."""

    store: Store
    council: Council
    desk: Desk
    url: str

    def on(self, day: str) -> None:
        """It is nine in the morning of that day in Vietnam."""
        moment = datetime.fromisoformat(f"{day}T02:00+00:00")
        self.store.clock = lambda: moment

    async def page(self, login: str, address: str, screen: str = "tablet") -> Page:
        """A browser of this person at an address, signed in today."""
        async with self.store.work() as work:
            account = await work.session.scalar(select(Account).where(Account.login == login))
            assert account is not None
            secret = await begin_sign_in(work, account)
        page = await self.desk.page(screen)
        cookies = {COOKIE: secret, "meetings_language": "en"}
        await page.context.add_cookies(
            [{"name": name, "value": value, "url": self.url} for name, value in cookies.items()]
        )
        await page.goto(address)
        return page


@pytest.fixture
async def house(sqlite_database_url: str, tmp_path: Path, desk: Desk) -> AsyncIterator[House]:
    settings = {
        "MEETINGS_DATA_DIR": str(tmp_path), "MEETINGS_DATABASE_URL": sqlite_database_url,
        "MEETINGS_SECRET_KEY": "a key for tests that nobody has",
    }  # fmt: skip
    app = create_app(read_settings(settings))
    async with serving(app, host="127.0.0.1", port=0) as url:
        store: Store = app.state.house.store
        desk.base_url = url
        yield House(store, await make_council(store, seats=3), desk, url)
        await desk.close()  # a page whose server is gone complains


async def test_four_steps_a_return_and_a_late_step_over_tet(house: House, tmp_path: Path) -> None:
    house.on("2026-02-09")
    await write_procedure(house)
    house.on("2026-02-10")
    address = await submit(house, tmp_path)
    house.on("2026-02-11")
    await step_done(await house.page("secretary", address))
    house.on("2026-02-12")
    await send_back(await house.page("officer2", address))
    house.on("2026-02-13")
    await submit_again(await house.page("officer", address), tmp_path)
    house.on("2026-02-25")
    secretary = await house.page("secretary", "/dossiers?show=late")
    await expect(secretary.get_by_text("No dossier is in this view.")).to_be_visible()
    house.on("2026-03-04")
    secretary = await house.page("secretary", "/dossiers?show=late")
    late = "Step 2 “Thẩm định” with Phòng Tài chính is late: 3 working days."
    await expect(secretary.get_by_text(late)).to_be_visible()
    await give_opinion(await house.page("secretary", address))
    for login, screen in (("officer2", "desktop"), ("officer", "phone"), ("delegate00", "tablet")):
        await step_done(await house.page(login, address, screen))
    await onto_agenda(house, address)
    await figures(house)


async def write_procedure(house: House) -> None:
    """The clerk's editor: a step more at a time, an opinion beside the second, one step moved to its place."""
    page = await house.page("secretary", "/dossiers/procedures/new", "desktop")
    await page.get_by_label("Name of the procedure").fill("Trình nghị quyết đầu tư công")
    await page.get_by_label("Field", exact=True).fill("Đầu tư công")
    steps = (
        ("Tiếp nhận", "Secretariat", 2), ("Thông qua", "Chair", 2), ("Thẩm định", "Phòng Tài chính", 5),
        ("Tiếp thu, giải trình", "Submitting agency", 3),
    )  # fmt: skip
    for place, (name, who, days) in enumerate(steps):
        if place:
            await page.get_by_role("button", name="Add a step").click()
        step = page.get_by_role("group", name=f"Step {place + 1}")
        await step.get_by_label("What is done").fill(name)
        await step.get_by_label("Who takes it").select_option(label=who)
        await step.get_by_label("Working days").fill(str(days))
    for place in (2, 3):
        await page.get_by_role("group", name=f"Step {place}").get_by_role("button", name="Later").click()
    second = page.get_by_role("group", name="Step 2")
    await second.get_by_role("button", name="Ask for an opinion").click()
    opinion = second.get_by_role("group", name="Opinion 1")
    await opinion.get_by_label("Opinion on").fill("Pháp lý")
    await opinion.get_by_label("From whom").select_option(label="Secretariat")
    await opinion.get_by_label("Working days").fill("3")
    assert not await accessibility(page)
    await page.get_by_role("button", name="Save the procedure").click()
    await expect(page.get_by_text("4 steps · 12 working days")).to_be_visible()
    named = await page.locator(".procedure__steps .row__title").all_inner_texts()
    assert named == ["Tiếp nhận", "Thẩm định", "Tiếp thu, giải trình", "Thông qua"]


async def submit(house: House, tmp_path: Path) -> str:
    page = await house.page("officer", "/dossiers/new")
    await page.get_by_label("Procedure").select_option(index=1)
    await page.get_by_label("Title of the item").fill(TITLE)
    await page.get_by_role("button", name="Begin the dossier").click()
    for kind, name in (("Statement", "to-trinh"), ("Draft resolution or decision", "du-thao")):
        await lay(page, tmp_path, kind, name)
    await page.get_by_role("button", name="Submit the dossier").click()
    await expect(page.get_by_text("The dossier is submitted.")).to_be_visible()
    return re.sub(r"\?.*", "", page.url)


async def lay(page: Page, tmp_path: Path, kind: str, name: str) -> None:
    file = tmp_path / f"{name}.pdf"
    file.write_bytes(a_pdf(2, name))
    await page.get_by_label("What they are").select_option(label=kind)
    await page.locator("#f-files").set_input_files(file)
    await page.get_by_role("button", name="Lay the documents").click()
    await expect(page.get_by_role("link", name=name)).to_be_visible()


async def step_done(page: Page) -> None:
    await page.get_by_role("button", name="The step is done").first.click()
    await page.get_by_role("dialog").locator("button[type=submit]").click()
    await expect(page.get_by_text("The step is done.", exact=True)).to_be_visible()


async def send_back(page: Page) -> None:
    await page.get_by_label("What is missing").fill("Thiếu phụ lục danh mục dự án")
    await page.get_by_role("button", name="Return the dossier").click()
    await expect(page.get_by_text("The agency has been told why.")).to_be_visible()


async def submit_again(page: Page, tmp_path: Path) -> None:
    await expect(page.get_by_text("Thiếu phụ lục danh mục dự án").first).to_be_visible()
    await lay(page, tmp_path, "Annex", "phu-luc")
    await page.get_by_role("button", name="Submit the dossier").click()
    await expect(page.locator(".steps__step--now")).to_contain_text("2. Thẩm định")
    await expect(page.locator(".steps__step--now")).to_contain_text("27 Feb 2026")


async def give_opinion(page: Page) -> None:
    await expect(
        page.get_by_text("The opinion on Pháp lý from Secretariat is late: 5 working days.")
    ).to_be_visible()
    await page.get_by_role("radio", name="Agrees with comments").check()
    await page.get_by_label("In words").fill("Sửa căn cứ pháp lý tại Điều 1")
    assert not await accessibility(page)
    await page.get_by_role("button", name="Give the opinion").click()
    await expect(page.get_by_text("Sửa căn cứ pháp lý tại Điều 1")).to_be_visible()


async def onto_agenda(house: House, address: str) -> None:
    secretary = house.council["secretary"]
    async with house.store.work() as work:
        meeting = await schedule_meeting(
            work, secretary, body=house.council.body, title="Kỳ họp tháng 4", starts="2026-04-21T08:00"
        )
        await add_item(work, secretary, meeting.id, title="Khai mạc")
    page = await house.page("secretary", address)
    await page.get_by_label("Meeting", exact=True).select_option(index=0)
    await page.get_by_role("button", name="Put onto the agenda").click()
    await page.get_by_role("link", name="Item 2 of “Kỳ họp tháng 4”").click()
    item = page.locator(".agenda__item", has_text=TITLE)
    await expect(item).to_contain_text("Phòng Hạ tầng")
    for name in ("to-trinh", "du-thao", "phu-luc"):
        await expect(item.get_by_role("link", name=name)).to_be_visible()


async def figures(house: House) -> None:
    page = await house.page("secretary", "/dossiers/figures", "desktop")
    row = page.get_by_role("row", name=re.compile("2. Thẩm định"))
    assert (await row.get_by_role("cell").all_inner_texts())[:3] == ["1", "1", "50.0%"]
    assert not await accessibility(page)
