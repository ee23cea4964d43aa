"""Seating plan, room screens and the public page in real browsers: nothing cut off, nothing barred."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from meetings.app import make_store
from meetings.before.scheduling import open_to_public
from meetings.during.seating import plans_of, ready_made, save_plan
from meetings.during.speakers import start_speech
from meetings.during.speaking_list import ask_to_speak
from meetings.during.voting import announce_outcome, close_poll
from meetings.rules.seating import as_data
from meetings.settings import read_settings
from meetings.storage.migrate import migrate
from meetings.storage.tables import Item, Meeting
from meetings.storage.unit_of_work import Store
from tests.support.browser import Desk, accessibility
from tests.support.council import PASSWORD, Council, Sitting, begin_poll, begin_sitting, make_council
from tests.support.programs import Server

LIVE = 10_000
"""Milliseconds in which a page has to notice, with room for a busy machine."""
LONG = ("Nghị quyết về việc điều chỉnh, bổ sung kế hoạch đầu tư công trung hạn giai đoạn 2026 – 2030 " * 3)[
    :240
]
PROJECTORS = ((1280, 720), (1920, 1080), (3840, 2160))
SHOWS = ("auto", "now", "speakers", "agenda", "seats", "poll", "quorum", "welcome")


@dataclass
class Hall:
    """A sitting on a server, with a seating plan, open to the public."""

    desk: Desk
    store: Store
    council: Council
    sitting: Sitting

    async def page(
        self, login: str, path: str, screen: str = "tablet", *, large: bool = False, **options: Any
    ) -> Page:
        page = await self.desk.page(screen, **options)
        url = self.desk.base_url or ""
        await page.context.add_cookies([{"name": "meetings_language", "value": "en", "url": url}])
        if large:
            await page.context.add_cookies([{"name": "meetings_type", "value": "large", "url": url}])
        await page.goto(f"/sign-in?next={path}")
        await page.get_by_label("Sign-in name").fill(login)
        await page.get_by_label("Password").fill(PASSWORD)
        await page.get_by_role("button", name="Sign in").click()
        await page.wait_for_url(lambda found: "sign-in" not in found)
        return page

    @property
    def seating(self) -> str:
        return f"/bodies/{self.council.body}/seating"

    @property
    def meeting(self) -> str:
        return f"/meetings/{self.sitting.meeting}"

    async def speaks(self, login: str) -> None:
        async with self.store.work() as work:
            place = await ask_to_speak(work, self.council[login], self.sitting.meeting, "speech")
            await start_speech(work, self.council["chair"], place.speech)

    async def long_titles(self) -> None:
        async with self.store.work() as work:
            (await work.locked(Meeting, self.sitting.meeting)).title = LONG
            (await work.locked(Item, self.sitting.item)).title = LONG


@pytest.fixture
async def hall(serve: Callable[..., Awaitable[Server]], desk: Desk, tmp_path: Path) -> AsyncIterator[Hall]:
    data = tmp_path / "house"
    settings = read_settings({"MEETINGS_DATA_DIR": str(data)})
    await migrate(settings.database_url)
    store = make_store(settings)
    try:
        council = await make_council(store, seats=9)
        sitting = await begin_sitting(store, council)
        async with store.work() as work:
            plan = as_data(await ready_made(work, council.body, layout="hemicycle"))
            await save_plan(work, council["secretary"], council.body, place="Hội trường lớn", plan=plan)
            await open_to_public(work, council["secretary"], sitting.meeting, public=True)
        desk.base_url = (await serve(data)).url
        yield Hall(desk, store, council, sitting)
    finally:
        await store.close()


async def _where(page: Page, number: int) -> tuple[int, int]:
    row = page.locator("[data-seat]").nth(number)
    x, y = row.locator("[name=seat-x]"), row.locator("[name=seat-y]")
    return int(await x.input_value()), int(await y.input_value())


async def _drag(page: Page, seat: Locator, dx: int, dy: int) -> None:
    box = await seat.locator(".seat__body").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    await page.mouse.move(x, y)
    await page.mouse.down()
    await page.mouse.move(x + dx, y + dy, steps=4)
    await page.mouse.up()


async def test_a_plan_is_drawn_by_mouse_and_by_keys(hall: Hall) -> None:
    page = await hall.page("secretary", hall.seating, "desktop")
    drawing = page.get_by_role("group", name="Seating plan")
    first = drawing.get_by_role("button", name="Seat 1,")
    await expect(page.locator("[data-table]")).not_to_have_attribute("open", "")
    before = await _where(page, 0)
    await _drag(page, first, 0, 60)
    moved = await _where(page, 0)
    assert moved[1] > before[1]
    assert moved[0] % 12 == moved[1] % 12 == 0
    await expect(first).to_be_focused()
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("Shift+ArrowDown")
    assert await _where(page, 0) == (moved[0] + 12, moved[1] + 1)
    await expect(page.locator("[data-said]")).to_contain_text("Seat 1:")
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("Who sits here").first).to_be_focused()
    await page.keyboard.type("")
    await page.locator("#chosen-who").fill("")
    await page.keyboard.press("Enter")
    await expect(drawing.get_by_role("button", name="Seat 1, free")).to_be_focused()
    await drawing.get_by_role("button", name="Seat 9,").focus()
    await page.keyboard.press("Delete")
    await expect(page.locator("[data-seat]")).to_have_count(8)
    await page.locator("[data-stage]").get_by_role("button", name="Seat", exact=True).click()
    await page.locator("#chosen-label").fill("VIP")
    await page.locator("[data-stage]").get_by_role("button", name="Table").click()
    await page.get_by_role("button", name="Save").first.click()
    await expect(page.get_by_text("Saved.")).to_be_visible()
    async with hall.store.reading() as reading:
        (kept,) = await plans_of(reading, hall.council.body)
    places = kept.plan["places"]
    assert [place["label"] for place in places] == [*"12345678", "VIP"]
    assert (places[0]["x"], places[0]["y"], places[0].get("person")) == (moved[0] + 12, moved[1] + 1, None)
    assert [one["kind"] for one in kept.plan["furniture"]] == ["podium", "table"]


async def test_places_on_one_another_show_before_they_are_refused(hall: Hall) -> None:
    page = await hall.page("secretary", hall.seating, "desktop")
    one, other = page.locator("[data-seat]").nth(0), page.locator("[data-seat]").nth(1)
    await page.locator("[data-table] summary").click()
    for name in ("seat-x", "seat-y"):
        value = await one.locator(f"[name={name}]").input_value()
        await other.locator(f"[name={name}]").fill(value)
    await expect(page.locator("[data-drawing] .is-wrong")).to_have_count(2)
    await page.get_by_role("button", name="Save").first.click()
    await expect(page.get_by_text("The places 1 and 2 lie on one another.")).to_be_visible()


async def test_no_page_bars_anybody(hall: Hall) -> None:
    await hall.speaks("delegate01")
    await begin_poll(hall.store, hall.council, hall.sitting)
    secretary = await hall.page("secretary", hall.seating, "desktop")
    wrong: dict[str, list[str]] = {hall.seating: await accessibility(secretary)}
    pages = [
        (secretary, f"{hall.meeting}/screens"),
        (secretary, f"/public/{hall.sitting.meeting}"),
        (secretary, "/public"),
    ]
    pages += [(secretary, f"{hall.meeting}/screen?show={show}") for show in SHOWS]
    chair = await hall.page("delegate00", "/", large=True)
    pages += [(chair, f"{hall.meeting}/chair"), (chair, f"{hall.meeting}/room")]
    for page, address in pages:
        await page.goto(address)
        wrong[address] = await accessibility(page)
    assert not {address: found for address, found in wrong.items() if found}


@pytest.mark.parametrize("size", PROJECTORS)
async def test_the_longest_titles_fit_every_screen(hall: Hall, size: tuple[int, int]) -> None:
    await hall.long_titles()
    page = await hall.page("observer", "/", viewport={"width": size[0], "height": size[1]})

    async def fits() -> None:
        cut: dict[str, list[str]] = {}
        for show in SHOWS:
            await page.goto(f"{hall.meeting}/screen?show={show}")
            cut[show] = await page.evaluate(
                """() => { const main = document.querySelector('.screen-page__main').getBoundingClientRect();
                return [...document.querySelectorAll('.screen, .screen *, .screen-code')].filter((one) => {
                  const box = one.getBoundingClientRect();
                  return box.height && !one.closest('.hidden, [hidden]')
                    && (box.bottom > main.bottom + 1 || box.top < main.top - 1 || box.right > innerWidth + 1);
                }).map((one) => one.className.baseVal ?? one.className) }"""
            )
        assert not {show: over for show, over in cut.items() if over}

    await fits()
    await hall.speaks("delegate01")
    await fits()
    poll = await begin_poll(hall.store, hall.council, hall.sitting)
    await fits()
    async with hall.store.work() as work:
        await close_poll(work, hall.council["chair"], poll)
        await announce_outcome(work, hall.council["chair"], poll)
    await fits()


@pytest.mark.parametrize(("width", "height"), [(1180, 820), (360, 780)])
async def test_large_type_keeps_the_layout(hall: Hall, width: int, height: int) -> None:
    await begin_poll(hall.store, hall.council, hall.sitting)
    page = await hall.page("delegate00", "/", large=True, viewport={"width": width, "height": height})
    addresses = (
        "/",
        hall.meeting,
        f"{hall.meeting}/room",
        f"{hall.meeting}/chair",
        f"/public/{hall.sitting.meeting}",
    )
    for address in addresses:
        await page.goto(address)
        assert await page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)") >= 20
        assert await page.evaluate("document.documentElement.scrollWidth") <= width, address


async def test_what_matters_is_said_once_and_the_focus_stays(hall: Hall) -> None:
    page = await hall.page("delegate01", f"{hall.meeting}/room")
    await expect(page.locator("[data-live-text]")).to_have_text("live", timeout=LIVE)
    voice = page.locator("#announcements")
    await expect(voice).to_be_empty()
    summary = page.locator("#floor summary").first
    await summary.focus()
    poll = await begin_poll(hall.store, hall.council, hall.sitting)
    await expect(voice).to_have_text("A vote is open: Nghị quyết về dự toán", timeout=LIVE)
    await expect(summary).to_be_focused()
    async with hall.store.work() as work:
        await close_poll(work, hall.council["chair"], poll)
    await expect(voice).to_have_text("The vote is closed: Nghị quyết về dự toán", timeout=LIVE)
    await hall.speaks("delegate01")
    await expect(voice).to_have_text("You have the floor", timeout=LIVE)


async def test_the_chairs_focus_stays_while_others_act(hall: Hall) -> None:
    page = await hall.page("delegate00", f"{hall.meeting}/chair")
    await expect(page.locator("[data-live-text]")).to_have_text("live", timeout=LIVE)
    button = page.locator("#cockpit").get_by_role("button", name="Recess").first
    await button.focus()
    await hall.speaks("delegate01")
    await expect(page.locator("#cockpit")).to_contain_text("Has the floor", timeout=LIVE)
    await expect(button).to_be_focused()


async def test_the_public_page_follows_without_signing_in(hall: Hall) -> None:
    page = await hall.desk.page("phone")
    await page.context.add_cookies(
        [{"name": "meetings_language", "value": "en", "url": hall.desk.base_url or ""}]
    )
    await page.goto(f"/public/{hall.sitting.meeting}")
    await hall.speaks("delegate01")
    await expect(page.locator("#public-now")).to_contain_text("Nguyễn Văn Đại Biểu 01", timeout=2 * LIVE)
    async with page.expect_response(lambda answer: answer.url.endswith("/now") and answer.status == 304):
        pass
    async with hall.store.work() as work:
        await open_to_public(work, hall.council["secretary"], hall.sitting.meeting, public=False)
    await expect(page.locator("#public-now")).to_have_count(0, timeout=2 * LIVE)


async def test_the_map_fills_the_projector(hall: Hall) -> None:
    page = await hall.page("secretary", f"{hall.meeting}/screen?show=seats", "projector")
    drawn = await page.evaluate(
        """() => {
             const boxes = [...document.querySelectorAll(".seats__plan .seat, .seats__plan .piece")]
               .map(one => one.getBoundingClientRect());
             const edge = (side, pick) => pick(...boxes.map(box => box[side]));
             const plan = document.querySelector(".seats").getBoundingClientRect();
             const key = document.querySelector(".seats__key").getBoundingClientRect();
             const name = document.querySelector(".seat__name");
             return {
               wide: (edge("right", Math.max) - edge("left", Math.min)) / (plan.width - key.width),
               high: (edge("bottom", Math.max) - edge("top", Math.min)) / plan.height,
               inside: edge("top", Math.min) >= plan.top - 1 && edge("bottom", Math.max) <= plan.bottom + 1,
               name: parseFloat(getComputedStyle(name).fontSize) * name.getScreenCTM().a,
             };
           }"""
    )
    assert drawn["inside"]
    assert max(drawn["wide"], drawn["high"]) > 0.85
    assert drawn["name"] > 1080 / 40, "a name is at least a fortieth of the screen high"


async def test_the_sheet_stands_on_the_bar_of_a_phone(hall: Hall) -> None:
    await begin_poll(hall.store, hall.council, hall.sitting)
    page = await hall.page("delegate01", f"{hall.meeting}/room", "phone")
    await expect(page.locator(".ballot__hint")).to_be_visible(timeout=LIVE)
    assert await page.evaluate(
        """() => {
             const bar = document.querySelector(".rail").getBoundingClientRect();
             const sheet = document.querySelector(".room__desk");
             const gap = bar.top - sheet.getBoundingClientRect().bottom;
             const [, depth] = /0px ([0-9.]+)px 0px 0px/.exec(getComputedStyle(sheet).boxShadow) ?? [0, 0];
             return gap <= depth;
           }"""
    )


async def test_the_styleguide_bars_nobody(hall: Hall) -> None:
    page = await hall.desk.page("desktop")
    await page.goto(f"{hall.desk.base_url}/styleguide")
    await expect(page.locator("[data-marks]")).to_have_count(4)
    assert not await accessibility(page)
