"""Everyone to page 7: the chair turns the pages, tablets that follow turn with them; one touch leaves and rejoins."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from uuid import UUID

from playwright.async_api import Page, expect

from meetings.app import make_store
from meetings.before.agenda import agenda_of
from meetings.before.papers import keep_upload, lay_paper
from meetings.during.proceedings import take_up
from meetings.settings import read_settings
from meetings.storage.migrate import migrate
from meetings.storage.unit_of_work import Store
from tests.support.browser import Desk, accessibility
from tests.support.council import PASSWORD, Council, Sitting, begin_sitting, make_council
from tests.support.papers import a_pdf
from tests.support.programs import Server

LIVE = 10_000
"""Milliseconds in which a page has to follow, with room for a busy machine."""
Serve = Callable[..., Awaitable[Server]]


async def _room(desk: Desk, meeting: UUID, login: str) -> Page:
    page = await desk.page("tablet")
    await page.context.add_cookies([{"name": "meetings_language", "value": "en", "url": desk.base_url or ""}])
    await page.goto(f"/sign-in?next=/meetings/{meeting}/room")
    await page.get_by_label("Sign-in name").fill(login)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()
    await _live(page)
    return page


async def _live(page: Page) -> None:
    await expect(page.locator("[data-live-text]")).to_have_text("live", timeout=LIVE)
    await expect(page.locator("[data-count]")).not_to_have_text("–", timeout=LIVE)


async def _on(page: Page, number: int) -> None:
    await expect(page.locator("[data-number-input]")).to_have_value(str(number), timeout=LIVE)


async def _turn_to(page: Page, number: int) -> None:
    await page.locator("[data-number-input]").fill(str(number))
    await page.locator("[data-number-input]").press("Enter")
    await _on(page, number)


async def _prepare(data: Path) -> tuple[Store, Council, Sitting]:
    """A sitting whose item in hand has two papers of nine pages."""
    settings = read_settings({"MEETINGS_DATA_DIR": str(data)})
    await migrate(settings.database_url)
    store = make_store(settings)
    council = await make_council(store, seats=3)
    sitting = await begin_sitting(store, council)
    for title in ("Statement", "Draft"):
        file = await keep_upload(store, f"{title}.pdf", a_pdf(9, title), 9)
        async with store.work() as work:
            await lay_paper(work, council["secretary"], sitting.item, file, title=title)
    return store, council, sitting


async def test_tablets_follow_the_chair_leave_and_rejoin(serve: Serve, desk: Desk, tmp_path: Path) -> None:
    data = tmp_path / "house"
    store, _, sitting = await _prepare(data)
    server = await serve(data)
    desk.base_url = server.url
    chair = await _room(desk, sitting.meeting, "delegate00")
    tablet = await _room(desk, sitting.meeting, "delegate01")
    await expect(tablet.locator("[data-paging]")).to_have_count(0)

    await _turn_to(chair, 7)
    await _on(tablet, 1)
    await chair.get_by_role("button", name="Show this page to everyone").click()
    await _on(tablet, 7)
    await expect(tablet.get_by_text("Page 7 is shown to everyone")).to_be_visible()
    await expect(tablet.get_by_text("You follow")).to_be_visible()
    await chair.get_by_role("button", name="Next page").click()
    await _on(tablet, 8)

    # paging on one's own leaves silently, one touch rejoins
    await tablet.get_by_role("button", name="Previous page").click()
    await expect(tablet.get_by_role("button", name="Follow again")).to_be_visible()
    await _turn_to(chair, 3)
    await expect(tablet.get_by_text("Page 3 is shown to everyone")).to_be_visible()
    await _on(tablet, 7)
    await tablet.get_by_role("button", name="Follow again").click()
    await _on(tablet, 3)
    await tablet.get_by_role("button", name="Read on my own").click()
    await _turn_to(chair, 5)
    await expect(tablet.get_by_text("Page 5 is shown to everyone")).to_be_visible()
    await _on(tablet, 3)

    # the choice is this browser's and outlives a reload; whoever comes later follows from the start
    await tablet.reload()
    await _live(tablet)
    await expect(tablet.get_by_role("button", name="Follow again")).to_be_visible()
    await _on(tablet, 1)
    late = await _room(desk, sitting.meeting, "delegate02")
    await _on(late, 5)
    await tablet.get_by_role("button", name="Follow again").click()
    await _on(tablet, 5)

    # another paper of the item takes everybody along, too
    await chair.get_by_role("link", name="Draft").click()
    await _live(chair)
    await _turn_to(chair, 2)
    await expect(late.locator("#stage .papers--tabs [aria-current]")).to_contain_text("Draft", timeout=LIVE)
    await _on(late, 2)

    # nobody is taken along any more when the chair stops, or the item is done
    await chair.get_by_role("button", name="Stop showing pages").click()
    await expect(late.locator(".follow")).to_be_hidden(timeout=LIVE)
    await store.close()


async def test_turning_a_page_refetches_nothing(serve: Serve, desk: Desk, tmp_path: Path) -> None:
    data = tmp_path / "house"
    store, council, sitting = await _prepare(data)
    server = await serve(data)
    desk.base_url = server.url
    chair = await _room(desk, sitting.meeting, "delegate00")
    tablet = await _room(desk, sitting.meeting, "delegate01")
    asked: list[str] = []
    tablet.on("request", lambda request: asked.append(request.url))
    await chair.get_by_role("button", name="Show this page to everyone").click()
    for number in (4, 6, 9):
        await _turn_to(chair, number)
        await _on(tablet, number)
    assert not [url for url in asked if "/room" in url or "/live" in url or "/file" in url]
    async with store.work() as work:
        await take_up(work, council["chair"], await _first_item(store, sitting))
    await chair.reload()
    await expect(chair.locator("[data-paging]")).to_have_count(0)
    await store.close()


async def _first_item(store: Store, sitting: Sitting) -> UUID:
    async with store.reading() as reading:
        return next(item.id for item in await agenda_of(reading, sitting.meeting) if item.id != sitting.item)


async def test_the_row_of_papers_shows_that_it_goes_on(serve: Serve, desk: Desk, tmp_path: Path) -> None:
    data = tmp_path / "house"
    store, council, sitting = await _prepare(data)
    desk.base_url = (await serve(data)).url
    tablet = await _room(desk, sitting.meeting, "delegate01")
    on, back = tablet.locator("[data-turn='1']"), tablet.locator("[data-turn='-1']")
    await expect(on).to_be_hidden()

    for number in range(3, 7):
        title = f"Báo cáo thẩm tra số {number}"
        file = await keep_upload(store, f"{title}.pdf", a_pdf(1, title), 1)
        async with store.work() as work:
            await lay_paper(work, council["secretary"], sitting.item, file, title=title)
    last = tablet.locator("[data-leaves]").get_by_role("link", name="số 6")
    await expect(on).to_be_visible(timeout=LIVE)
    await expect(last).not_to_be_in_viewport()
    await expect(back).to_be_hidden()
    assert not await accessibility(tablet)
    await on.click()
    await expect(back).to_be_visible()
    await on.evaluate(
        "async (one) => { while (!one.hidden) { one.click(); await new Promise(requestAnimationFrame); } }"
    )
    await expect(last).to_be_in_viewport(ratio=0.99)

    await last.click()
    await expect(last).to_have_attribute("aria-current", "true", timeout=LIVE)
    await expect(last).to_be_in_viewport(ratio=0.99)
    await store.close()
