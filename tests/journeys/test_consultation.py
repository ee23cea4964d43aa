"""A consultation in real browsers, from the secretary's draft to the announcement on the next agenda."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from playwright.async_api import Page, expect

from meetings.app import make_store
from meetings.before.agenda import add_item
from meetings.before.opinions import give_opinion
from meetings.before.scheduling import schedule_meeting
from meetings.settings import read_settings
from meetings.storage.migrate import migrate
from meetings.storage.tables import Consultation
from meetings.storage.unit_of_work import Store
from tests.api.paper import a_pdf
from tests.support.browser import Desk
from tests.support.council import PASSWORD, Council, make_council
from tests.support.programs import Server

LIVE = 30_000
"""Milliseconds in which a page asks again and the server's clock comes round, with room for a busy machine."""
QUESTION = "Ứng vốn sửa kè Bến Nước"


@dataclass
class Office:
    """A server with a small committee, and the people at their screens."""

    desk: Desk
    store: Store
    council: Council

    async def page(self, login: str, screen: str, path: str) -> Page:
        page = await self.desk.page(screen)
        url = self.desk.base_url or ""
        await page.context.add_cookies([{"name": "meetings_language", "value": "en", "url": url}])
        await page.goto(f"/sign-in?next={path}")
        await page.get_by_label("Sign-in name").fill(login)
        await page.get_by_label("Password").fill(PASSWORD)
        await page.get_by_role("button", name="Sign in").click()
        await expect(page.locator("h1")).to_be_visible()
        return page


@pytest.fixture
async def office(
    serve: Callable[..., Awaitable[Server]], desk: Desk, tmp_path: Path
) -> AsyncIterator[Office]:
    data = tmp_path / "house"
    settings = read_settings({"MEETINGS_DATA_DIR": str(data)})
    await migrate(settings.database_url)
    store = make_store(settings)
    try:
        council = await make_council(store, seats=5, rule="ubnd")
        desk.base_url = (await serve(data)).url
        yield Office(desk, store, council)
    finally:
        await store.close()


async def test_from_the_draft_to_the_announcement(office: Office) -> None:
    secretary = await office.page("secretary", "desktop", "/consultations")
    await secretary.get_by_role("link", name="Prepare a consultation").first.click()
    await secretary.get_by_label("The question").fill(QUESTION)
    await secretary.get_by_label("What is proposed").fill("Ứng 2 tỷ đồng từ dự phòng ngân sách.")
    await secretary.get_by_label("Deadline").fill("2090-11-27")
    await secretary.get_by_role("button", name="Save").click()
    await secretary.locator("input[type=file]").set_input_files(
        {"name": "Tờ trình.pdf", "mimeType": "application/pdf", "buffer": a_pdf("To trinh")}
    )
    await secretary.get_by_role("button", name="Lay the papers").click()
    await expect(secretary.get_by_role("link", name="Tờ trình")).to_be_visible()
    await secretary.get_by_role("button", name="Hand to the chair").click()
    await expect(secretary.get_by_text("The chair has been told.")).to_be_visible()

    chair = await office.page("delegate00", "tablet", "/")
    await chair.get_by_role("link", name=QUESTION).first.click()
    await chair.get_by_role("button", name="Ask the members").click()
    await chair.get_by_role("dialog").get_by_role("button", name="Ask the members").click()
    await expect(chair.get_by_text("0 of 5 opinions given")).to_be_visible()
    here = chair.url.partition("?")[0]
    consultation = UUID(here.rpartition("/")[2])

    member = await office.page("delegate01", "phone", "/")
    await member.get_by_role("link", name=QUESTION).first.click()
    await member.get_by_text("Agree with comments").first.click()
    await member.get_by_role("button", name="Send my opinion").click()
    await expect(member.get_by_text("This choice needs words").first).to_be_visible()
    await member.get_by_role("textbox").fill("Báo cáo tiến độ hằng tuần.")
    await member.get_by_role("button", name="Send my opinion").click()
    await expect(member.get_by_text("Your opinion is recorded.")).to_be_visible()
    await expect(chair.get_by_text("1 of 5 opinions given")).to_be_visible(timeout=LIVE)
    await expect(chair.get_by_text("Báo cáo tiến độ hằng tuần.")).to_be_visible()

    for who, choice in (("delegate00", "agree"), ("delegate02", "agree"), ("delegate03", "disagree")):
        async with office.store.work() as work:
            await give_opinion(work, office.council[who], consultation, choice=choice, key=uuid4())
    async with office.store.work() as work:
        (await work.locked(Consultation, consultation)).closes_at = work.now
    await expect(chair.get_by_text("Did not answer in time")).to_be_visible(timeout=LIVE)
    await expect(chair.locator("#consultation-answers .outcome__word")).to_have_text("Adopted")
    await member.reload()
    await expect(member.get_by_text("The chair announces the outcome at the next meeting.")).to_be_visible()
    await expect(member.locator(".outcome__word")).to_have_count(0)

    async with office.store.work() as work:
        meeting = await schedule_meeting(
            work,
            office.council["secretary"],
            body=office.council.body,
            title="Phiên họp",
            starts="2091-01-05T08:00",
        )
        await add_item(work, office.council["secretary"], meeting.id, title="Khai mạc")
    await secretary.goto(f"/meetings/{meeting.id}")
    await secretary.get_by_role("button", name="Publish").first.click()
    dialog = secretary.get_by_role("dialog")
    if await dialog.count():
        await dialog.get_by_role("button", name="Publish").click()
    await expect(secretary.get_by_text(f"Kết quả lấy ý kiến bằng phiếu: {QUESTION}")).to_be_visible()
    await member.reload()
    await expect(member.locator(".outcome__word")).to_have_text("Adopted")
    await member.get_by_role("link", name="Phiên họp, Item 2").click()
    await expect(member.get_by_text(f"Kết quả lấy ý kiến bằng phiếu: {QUESTION}")).to_be_visible()
