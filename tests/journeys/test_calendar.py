"""The calendar by touch, and the form that says at once what a date, a time and a room would mean."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from pathlib import Path

from playwright.async_api import Page, expect

from meetings.app import make_store
from meetings.before.agenda import add_item
from meetings.before.rooms import RoomFacts, open_room
from meetings.before.scheduling import publish_meeting, schedule_meeting
from meetings.settings import read_settings
from meetings.storage.migrate import migrate
from tests.support.browser import Desk, accessibility
from tests.support.council import PASSWORD, make_council
from tests.support.programs import Server

Serve = Callable[..., Awaitable[Server]]


async def _prepare(data: Path) -> None:
    """A published meeting on 12 March 2031 in a room of the house."""
    settings = read_settings({"MEETINGS_DATA_DIR": str(data)})
    await migrate(settings.database_url)
    store = make_store(settings)
    council = await make_council(store, seats=3)
    secretary = council["secretary"]
    async with store.work() as work:
        room = await open_room(work, council["admin"], RoomFacts(name="Phòng họp số 1", seats=20))
        meeting = await schedule_meeting(
            work, secretary, body=council.body, title="Họp ban", starts="2031-03-12T08:00", room=room.id
        )
        await add_item(work, secretary, meeting.id, title="Báo cáo")
        await publish_meeting(work, secretary, meeting.id)
    await store.close()


async def _signed_in(desk: Desk, screen: str, login: str, address: str) -> Page:
    page = await desk.page(screen)
    await page.context.add_cookies([{"name": "meetings_language", "value": "en", "url": desk.base_url or ""}])
    await page.goto(f"/sign-in?next={address}")
    await page.get_by_label("Sign-in name").fill(login)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()
    return page


async def test_a_member_taps_from_the_month_to_the_meeting(desk: Desk, serve: Serve, tmp_path: Path) -> None:
    data = tmp_path / "house"
    data.mkdir()
    await _prepare(data)
    server = await serve(data)
    desk.base_url = server.url

    phone = await _signed_in(desk, "phone", "delegate01", "/calendar")
    await phone.goto("/calendar?view=month&on=2031-02-10")
    await phone.get_by_role("link", name="Later").tap()
    await expect(phone.get_by_role("heading", name="March 2031")).to_be_visible()
    await expect(phone).to_have_url(re.compile(r"on=2031-03-01"))
    await phone.get_by_role("link", name="12 March 2031, 1 meeting").tap()
    await expect(phone.get_by_role("heading", name="Week 11")).to_be_visible()
    assert not await accessibility(phone)
    await phone.evaluate("window.same = true")
    await phone.get_by_label("Only where I sit or chair").check()
    await expect(phone.get_by_role("link", name="Later")).to_have_attribute("href", re.compile("mine=yes"))
    assert await phone.evaluate("window.same"), "only the calendar was renewed"
    await phone.get_by_role("link", name="Họp ban").tap()
    await expect(phone.get_by_role("heading", name="Họp ban", level=1)).to_be_visible()
    await phone.close()

    form = await _signed_in(desk, "tablet", "secretary", "/meetings/new")
    await form.get_by_label("Date").fill("2031-03-12")
    await form.get_by_label("Room").select_option(label="Phòng họp số 1, 20 seats")
    foreseen = form.locator("#foreseen")
    await expect(foreseen).to_contain_text("At the same time")
    await expect(foreseen).to_contain_text("the same room: Phòng họp số 1")
    await form.get_by_label("Date").fill("2030-02-04")
    await form.get_by_label("Title").focus()
    await expect(foreseen).to_contain_text("4 Feb 2030 is not a working day")
    await expect(foreseen).not_to_contain_text("At the same time")
    assert not await accessibility(form)
