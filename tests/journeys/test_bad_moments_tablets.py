"""What happens to people with tablets: impatient fingers, a second tab or device, sleep, no network, a wrong clock."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import httpx
import pytest
from playwright.async_api import BrowserContext, Page, WebSocketRoute, expect
from sqlalchemy import func, select

from meetings.app import make_store
from meetings.council.sign_in import begin_sign_in
from meetings.settings import read_settings
from meetings.storage.migrate import migrate
from meetings.storage.tables import Account, Ballot, Speech
from meetings.storage.unit_of_work import Store
from meetings.web.request import COOKIE
from tests.support import programs
from tests.support.browser import Desk
from tests.support.council import Council, Sitting, begin_sitting, make_council

LIVE = 10_000
"""Milliseconds in which a page has to notice, with room for a busy machine."""
RECEIPT = re.compile(r"[2-9A-Z]{4}-[2-9A-Z]{4}")
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
AN_HOUR_FAST = """
const Right = Date;
globalThis.Date = class extends Right {
  constructor(...given) { given.length ? super(...given) : super(Right.now() + 3600e3); }
  static now() { return Right.now() + 3600e3; }
};
"""
PEOPLE = {"options": [{"id": name, "label": f"Ông {name}"} for name in "ABC"]}


@dataclass
class House:
    """One server and one council for all these tests; each has a sitting of its own."""

    url: str
    store: Store
    council: Council


@pytest.fixture(scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    data = tmp_path_factory.mktemp("tablets")
    settings = read_settings({"MEETINGS_DATA_DIR": str(data)})
    await migrate(settings.database_url)
    store = make_store(settings)
    council = await make_council(store, seats=4)
    server = await programs.serve(data)
    yield House(server.url, store, council)
    server.stop()
    await store.close()


@dataclass
class Chamber:
    """A sitting, its tablets, and the others who act through the interface."""

    house: House
    desk: Desk
    sitting: Sitting
    api: httpx.AsyncClient

    async def tablet(self, login: str, script: str = "") -> Page:
        """A tablet in the room, signed in and live."""
        context = await self.desk.context("tablet", base_url=self.house.url)
        async with self.house.store.work() as work:
            account = await work.session.scalar(select(Account).where(Account.login == login))
            assert account is not None
            secret = await begin_sign_in(work, account)
        cookies = {COOKIE: secret, "meetings_language": "en"}
        await context.add_cookies(
            [{"name": name, "value": value, "url": self.house.url} for name, value in cookies.items()]
        )
        if script:
            await context.add_init_script(script)
        return await self.room(context)

    async def room(self, context: BrowserContext) -> Page:
        page = await context.new_page()
        await page.goto(f"/meetings/{self.sitting.meeting}/room")
        await expect(page.locator("[data-live-text]")).to_have_text("live", timeout=LIVE)
        return page

    async def act(self, method: str, path: str, **body: Any) -> dict[str, Any]:
        answer = await self.api.request(method, path, json=body)
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found

    async def open_poll(self, **how: Any) -> UUID:
        how = how if "kind" in how else {"motion": str(self.sitting.motion)} | how
        drafted = await self.act("POST", f"/items/{self.sitting.item}/polls", **how)
        await self.act("POST", f"/polls/{drafted['id']}/open")
        return UUID(drafted["id"])

    async def others_come_and_go(self, times: int) -> None:
        person = self.house.council["delegate03"].person
        for turn in range(times):
            state = "out" if turn % 2 == 0 else "in"
            await self.act("PUT", f"/meetings/{self.sitting.meeting}/attendance/{person}", state=state)

    async def ballots(self, poll: UUID) -> int:
        async with self.house.store.reading() as reading:
            query = select(func.count()).select_from(Ballot).where(Ballot.poll_id == poll)
            return await reading.session.scalar(query) or 0


@pytest.fixture
async def chamber(house: House, desk: Desk) -> AsyncIterator[Chamber]:
    sitting = await begin_sitting(house.store, house.council)
    bearer = {"authorization": f"Bearer {house.council.tokens['chair']}"}
    async with httpx.AsyncClient(base_url=f"{house.url}/api/v1", headers=bearer, timeout=30) as api:
        yield Chamber(house, desk, sitting, api)
    without = ("ERR_INTERNET_DISCONNECTED", "Failed to fetch")
    desk.complaints[:] = [one for one in desk.complaints if not any(word in one for word in without)]


async def choose(page: Page, choice: str) -> None:
    await page.locator(".choice__label", has_text=choice).click(timeout=LIVE)


async def present(page: Page, count: int) -> None:
    await expect(page.locator("#live-strip")).to_contain_text(f"{count} present", timeout=LIVE)


async def test_ten_taps_on_a_slow_server_are_one_ballot(chamber: Chamber) -> None:
    """The server hears nothing until everybody has lost patience, and then hears it twice."""
    poll = await chamber.open_poll()
    page = await chamber.tablet("delegate01")
    held: list[tuple[WebSocketRoute, str | bytes]] = []

    def between(route: WebSocketRoute) -> None:
        server = route.connect_to_server()
        route.on_message(
            lambda message: (
                held.append((server, message)) if '"cast"' in str(message) else server.send(message)
            )
        )

    await page.route_web_socket(re.compile("socket.io"), between)
    await page.reload()
    await expect(page.locator("[data-live-text]")).to_have_text("live", timeout=LIVE)
    await choose(page, "In favour")
    await page.get_by_role("button", name="Send: In favour").evaluate(
        "button => { for (let tap = 0; tap < 10; tap += 1) { button.click(); button.form.requestSubmit(); } }"
    )
    await expect(page.locator(".ballot-state--sending, .ballot-state--waiting")).to_be_visible(timeout=LIVE)
    assert len(held) == 1
    assert await chamber.ballots(poll) == 0
    for server, message in held * 2:
        server.send(message)
    await expect(page.locator(".ballot-state--counted")).to_contain_text(RECEIPT, timeout=LIVE)
    assert await chamber.ballots(poll) == 1


async def test_a_half_filled_ballot_and_a_half_written_question_survive_others(chamber: Chamber) -> None:
    await chamber.open_poll(kind="confidence", form=PEOPLE, title="Lấy phiếu tín nhiệm")
    page = await chamber.tablet("delegate01")
    await page.locator(".level--high").first.click()
    await page.locator(".level--low").nth(2).click()
    await page.locator("form[id^=slip] textarea").evaluate(
        "field => { field.value = 'Vì sao'; field.dispatchEvent(new Event('input', {bubbles: true})); }"
    )
    await chamber.others_come_and_go(21)
    await present(page, 3)
    assert await page.locator(".rating input:checked").evaluate_all("all => all.map(one => one.value)") == [
        "high",
        "low",
    ]
    await expect(page.locator("[data-marks] [data-send]")).to_have_text("Send: 2 of 3 rated")
    await expect(page.locator("form[id^=slip] textarea")).to_have_value("Vì sao")


async def test_a_half_written_motion_survives_others(chamber: Chamber) -> None:
    page = await chamber.tablet("delegate01")
    await page.goto(f"/items/{chamber.sitting.item}/motions/new")
    await page.locator("input[name=title]").fill("Bổ sung biên chế")
    await page.locator("textarea[name=text]").fill("Điều 1. Bổ sung")
    await chamber.others_come_and_go(3)
    await chamber.open_poll()
    await expect(page.locator(".choice__label", has_text="In favour")).to_be_visible(timeout=LIVE)
    await expect(page.locator("input[name=title]")).to_have_value("Bổ sung biên chế")
    await expect(page.locator("textarea[name=text]")).to_have_value("Điều 1. Bổ sung")


async def test_two_tabs_of_one_person_cast_one_ballot(chamber: Chamber) -> None:
    poll = await chamber.open_poll()
    first = await chamber.tablet("delegate01")
    second = await chamber.room(first.context)
    await choose(second, "Against")
    await choose(first, "In favour")
    await first.get_by_role("button", name="Send: In favour").click()
    await expect(first.locator(".ballot-state--counted")).to_contain_text(RECEIPT, timeout=LIVE)
    await chamber.others_come_and_go(1)
    await expect(second.locator(".ballot-state--counted")).to_contain_text("In favour", timeout=LIVE)
    assert await chamber.ballots(poll) == 1


async def test_a_second_device_is_told_that_the_ballot_is_in(chamber: Chamber) -> None:
    poll = await chamber.open_poll()
    tablet, other = await chamber.tablet("delegate01"), await chamber.tablet("delegate01")
    await choose(tablet, "In favour")
    await choose(other, "Against")
    await tablet.get_by_role("button", name="Send: In favour").click()
    await expect(tablet.locator(".ballot-state--counted")).to_contain_text(RECEIPT, timeout=LIVE)
    await other.get_by_role("button", name="Send: Against").click()
    await expect(other.locator(".ballot-state--refused")).to_be_visible(timeout=LIVE)
    assert await chamber.ballots(poll) == 1


async def test_a_tablet_that_slept_catches_up_on_waking(chamber: Chamber) -> None:
    page = await chamber.tablet("delegate01")
    devtools = await page.context.new_cdp_session(page)
    await devtools.send("Page.setWebLifecycleState", {"state": "frozen"})
    await chamber.open_poll()
    await chamber.others_come_and_go(1)
    await devtools.send("Page.setWebLifecycleState", {"state": "active"})
    await choose(page, "In favour")
    await present(page, 3)
    await page.get_by_role("button", name="Send: In favour").click()
    await expect(page.locator(".ballot-state--counted")).to_contain_text(RECEIPT, timeout=LIVE)


async def test_airplane_mode_while_asking_for_the_floor(chamber: Chamber) -> None:
    """It is said that nothing was sent, and the second touch asks once."""
    page = await chamber.tablet("delegate01")
    await page.get_by_text("Ask for the floor").click()
    await page.context.set_offline(True)
    await page.get_by_role("button", name="Against").click()
    await expect(page.locator("#toasts")).to_be_visible(timeout=LIVE)
    await page.context.set_offline(False)
    await expect(page.locator("[data-live-text]")).to_have_text("live", timeout=LIVE)
    await page.get_by_role("button", name="Against").click()
    await expect(page.locator(".own-floor").first).to_contain_text("You are next", timeout=LIVE)
    async with chamber.house.store.reading() as reading:
        asked = select(func.count()).select_from(Speech).where(Speech.meeting_id == chamber.sitting.meeting)
        assert await reading.session.scalar(asked) == 1


async def test_a_clock_that_is_an_hour_fast_shows_the_right_times(chamber: Chamber) -> None:
    page = await chamber.tablet("delegate01", AN_HOUR_FAST)
    closes = datetime.now(UTC) + timedelta(minutes=20)
    await chamber.open_poll(closes_at=closes.isoformat())
    await choose(page, "In favour")
    await expect(page.locator("#desk [data-limit]").first).to_have_text(
        re.compile(r"^(20:00|19:\d\d)$"), timeout=LIVE
    )
    around = "|".join(f"{datetime.now(HANOI) + timedelta(minutes=minute):%H:%M}" for minute in (-1, 0, 1))
    await page.context.set_offline(True)
    await page.get_by_role("button", name="Send: In favour").click()
    await expect(page.locator("[data-live-text]")).to_have_text(
        re.compile(f"not live since ({around})"), timeout=LIVE
    )
    await expect(page.locator(".ballot-state--waiting")).to_contain_text(
        re.compile(f"since ({around})"), timeout=LIVE
    )
    await page.context.set_offline(False)
    await expect(page.locator(".ballot-state--counted")).to_contain_text(RECEIPT, timeout=20_000)


async def test_signed_out_in_another_tab_nothing_personal_stays(chamber: Chamber) -> None:
    await chamber.open_poll()
    page = await chamber.tablet("delegate01")
    await choose(page, "In favour")
    other = await page.context.new_page()
    await other.goto("/")
    await other.locator("form[action='/sign-out']").evaluate("form => form.requestSubmit()")
    await expect(page.get_by_label("Password")).to_be_visible(timeout=LIVE)
    text = await page.locator("body").inner_text()
    assert "Đại Biểu 01" not in text
    assert "In favour" not in text
    await page.go_back()
    assert "Đại Biểu 01" not in await page.locator("body").inner_text()


SUBSCRIBED = """
const subscription = { unsubscribe: async () => { localStorage.setItem("push", "ended"); } };
const worker = { pushManager: { getSubscription: async () => subscription } };
if (navigator.serviceWorker) navigator.serviceWorker.getRegistration = async () => worker;
"""


async def test_who_signs_out_takes_no_messages_on_this_device_any_more(chamber: Chamber) -> None:
    page = await chamber.tablet("delegate01", SUBSCRIBED)
    await page.locator("form[action='/sign-out']").evaluate("form => form.requestSubmit()")
    await expect(page.get_by_label("Password")).to_be_visible(timeout=LIVE)
    assert await page.evaluate("localStorage.getItem('push')") == "ended"
