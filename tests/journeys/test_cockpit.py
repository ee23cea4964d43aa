"""The chair's agenda column under the finger: a double touch acts once, what is unfolded stays."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

from playwright.async_api import Page, expect
from sqlalchemy import select

from meetings.app import make_store
from meetings.before.agenda import add_item, agenda_of
from meetings.during.attendance import Presence, record_attendance
from meetings.during.proceedings import call_to_order, take_up
from meetings.during.voting import draft_poll
from meetings.settings import read_settings
from meetings.storage.migrate import migrate
from meetings.storage.tables import JournalRow
from meetings.storage.unit_of_work import Store
from tests.support.browser import Desk, accessibility
from tests.support.council import PASSWORD, Council, Sitting, make_council, publish_sitting, seat
from tests.support.programs import Server

LIVE = 10_000
Serve = Callable[..., Awaitable[Server]]


async def _prepare(data: Path) -> tuple[Store, Council, Sitting]:
    """A meeting in session with four items, none in hand."""
    settings = read_settings({"MEETINGS_DATA_DIR": str(data)})
    await migrate(settings.database_url)
    store = make_store(settings)
    council = await make_council(store, seats=3)
    sitting = await publish_sitting(store, council)
    await seat(store, council, sitting.meeting, 3)
    async with store.work() as work:
        for title in ("Quy hoạch", "Bế mạc"):
            await add_item(work, council["secretary"], sitting.meeting, title=title, minutes_planned=20)
        await call_to_order(work, council["chair"], sitting.meeting)
    return store, council, sitting


async def _cockpit(desk: Desk, sitting: Sitting, *, scripts: bool = True) -> Page:
    page = await desk.page("tablet", java_script_enabled=scripts)
    await page.context.add_cookies([{"name": "meetings_language", "value": "en", "url": desk.base_url or ""}])
    await page.goto(f"/sign-in?next=/meetings/{sitting.meeting}/chair")
    await page.get_by_label("Sign-in name").fill("delegate00")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()
    if scripts:
        await expect(page.locator("[data-live-text]")).to_have_text("live", timeout=LIVE)
    return page


async def test_the_agenda_under_the_finger(serve: Serve, desk: Desk, tmp_path: Path) -> None:
    data = tmp_path / "house"
    store, council, sitting = await _prepare(data)
    server = await serve(data)
    desk.base_url = server.url
    page = await _cockpit(desk, sitting)
    async with store.reading() as reading:
        first, _, third, _ = [item.id for item in await agenda_of(reading, sitting.meeting)]

    await page.locator("#next-button").dblclick()
    await expect(page.locator(f"#item-{first}")).to_have_attribute("aria-current", "step", timeout=LIVE)
    await page.reload()
    await expect(page.locator(f"#item-{first}")).to_have_attribute("aria-current", "step", timeout=LIVE)
    async with store.reading() as reading:
        taken = select(JournalRow.seq).where(JournalRow.event == "ItemTakenUp")
        assert len((await reading.session.scalars(taken)).all()) == 1
    assert not await accessibility(page)

    await page.get_by_role("button", name="Take up item 3").first.click()
    await page.get_by_text("1 item is dealt with").click()
    await expect(page.locator(f"#item-{first}")).to_be_visible()
    async with store.work() as work:
        delegate = council["delegate02"].person
        await record_attendance(work, council["secretary"], sitting.meeting, delegate, Presence.OUT)
    await expect(page.locator("[data-live-text]")).to_have_text("live", timeout=LIVE)
    await expect(page.locator(".cockpit__people")).to_contain_text("2", timeout=LIVE)
    await expect(page.locator(f"#item-{first}")).to_be_visible()

    await page.get_by_role("link", name="More on item 3").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("Quy hoạch")
    assert not await accessibility(page)
    await dialog.get_by_label("Reason").fill("Chưa đủ hồ sơ")
    await dialog.get_by_role("button", name="Postpone").click()
    await expect(dialog).to_be_hidden()
    await expect(page.locator(f"#item-{third}")).to_contain_text("Postponed", timeout=LIVE)

    await page.get_by_role("link", name="Urgent item").click()
    await dialog.get_by_label("Title").fill("Ứng phó bão")
    await dialog.get_by_label("Why it is urgent").fill("Bão đổ bộ")
    await dialog.get_by_role("button", name="Add the urgent item").click()
    await expect(page.locator(".cockpit__agenda")).to_contain_text("Ứng phó bão", timeout=LIVE)
    await page.get_by_role("button", name="Recess", exact=True).click()
    await page.get_by_role("radio", name="10 minutes").check()
    await page.get_by_role("button", name="Begin the recess").click()
    await expect(page.locator(".recess-end__clock")).to_contain_text("9:", timeout=LIVE)
    await page.get_by_role("button", name="5 minutes more").click()
    await expect(page.locator(".recess-end__clock")).to_contain_text("14:", timeout=LIVE)
    await store.close()


WATCH_FRESH = """() => {
  window.pale = [];
  new MutationObserver((changes) => {
    for (const { target } of changes) {
      if (!target.hasAttribute("data-fresh")) continue;
      const pale = getComputedStyle(target).opacity < 1;
      window.pale.push([target.textContent.trim(), target.getAttribute("aria-disabled"), pale]);
    }
  }).observe(document.body, { subtree: true, attributeFilter: ["data-fresh"] });
}"""
"""Notes each button that is new under the finger, as it looks at that moment."""


async def _prepared(store: Store, council: Council, sitting: Sitting) -> None:
    async with store.work() as work:
        await take_up(work, council["chair"], sitting.item)
        await draft_poll(work, council["chair"], sitting.item, motion=sitting.motion, changeable=True)


async def test_the_chair_opens_a_vote_and_casts_the_own_ballot(
    serve: Serve, desk: Desk, tmp_path: Path
) -> None:
    data = tmp_path / "house"
    store, council, sitting = await _prepare(data)
    await _prepared(store, council, sitting)
    desk.base_url = (await serve(data)).url
    page = await _cockpit(desk, sitting)
    await page.evaluate(WATCH_FRESH)
    await page.get_by_role("button", name="Open the vote").click()
    await expect(page.locator("#own-ballot")).to_be_visible(timeout=LIVE)
    await page.wait_for_function("window.pale.some(([words]) => words === 'Close the vote')")
    assert ["Close the vote", "true", True] in await page.evaluate("window.pale")
    await expect(page.locator("#cockpit [data-fresh], #cockpit [aria-disabled]")).to_have_count(0)
    assert not await accessibility(page)

    own = page.locator("#own-ballot")
    await own.locator(".choice__label", has_text="In favour").click()
    assert not await accessibility(page)
    await own.get_by_role("button", name="Send: In favour").click()
    await expect(own).to_contain_text("counted at", timeout=LIVE)
    await expect(page.locator(".stage-poll .cast__figures")).to_have_text("1 of 3 ballots cast", timeout=LIVE)

    plain = await _cockpit(desk, sitting, scripts=False)
    own = plain.locator("#own-ballot")
    await expect(own).to_contain_text("In favour")
    await own.locator(".choice__label", has_text="Against").click()
    await own.get_by_role("button", name="Send: Against").click()
    assert plain.url.split("?")[0].endswith(f"/meetings/{sitting.meeting}/chair")
    await expect(own.locator(".own-ballot__counted")).to_contain_text("Against")
    await store.close()


async def test_a_rule_that_the_list_cuts_stands_below_in_full(
    serve: Serve, desk: Desk, tmp_path: Path
) -> None:
    data = tmp_path / "house"
    store, council, sitting = await _prepare(data)
    async with store.work() as work:
        await take_up(work, council["chair"], sitting.item)
    desk.base_url = (await serve(data)).url
    page = await _cockpit(desk, sitting)
    rules = page.locator("#rule-next")
    words = page.locator("#kind-form-next .rule-words")
    labels = await rules.locator("option").all_text_contents()
    longest = max(labels, key=len)
    await rules.select_option(label=longest)
    await expect(words).to_have_text(longest)
    await rules.select_option("custom")
    await expect(words).to_be_hidden()
    await store.close()
