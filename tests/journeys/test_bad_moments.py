"""What a delegate sees when the network or the server fails: the truth, and afterwards everything as before."""

from __future__ import annotations

import re
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path
from uuid import UUID

from playwright.async_api import Page, expect
from sqlalchemy import func, select

from meetings.app import make_store
from meetings.settings import read_settings
from meetings.storage.migrate import migrate
from meetings.storage.tables import Attendance, Ballot
from meetings.storage.unit_of_work import Store
from tests.support.browser import Desk
from tests.support.council import PASSWORD, Council, begin_poll, begin_sitting, make_council
from tests.support.programs import Server

LIVE = 10_000
"""Milliseconds in which a page has to notice, with room for a busy machine."""
Serve = Callable[..., Awaitable[Server]]


async def _open_poll(data: Path) -> tuple[Store, Council, UUID, UUID]:
    """A sitting of three with an open poll, in the server's data folder."""
    settings = read_settings({"MEETINGS_DATA_DIR": str(data)})
    await migrate(settings.database_url)
    store = make_store(settings)
    council = await make_council(store, seats=3)
    sitting = await begin_sitting(store, council)
    return store, council, sitting.meeting, await begin_poll(store, council, sitting)


async def _enter(desk: Desk, meeting: UUID) -> Page:
    page = await desk.page("tablet")
    await page.context.add_cookies([{"name": "meetings_language", "value": "en", "url": desk.base_url or ""}])
    await page.goto(f"/sign-in?next=/meetings/{meeting}/room")
    await page.get_by_label("Sign-in name").fill("delegate01")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.locator("[data-live-text]")).to_have_text("live", timeout=LIVE)
    return page


async def _ballots(store: Store) -> int:
    async with store.reading() as reading:
        return await reading.session.scalar(select(func.count()).select_from(Ballot)) or 0


async def test_a_silent_server_shows_and_heals_by_itself(serve: Serve, desk: Desk, tmp_path: Path) -> None:
    """The connection stays open, but nothing comes: the heartbeat's absence is what shows."""
    data = tmp_path / "house"
    store, _, meeting, _ = await _open_poll(data)
    server = await serve(data)
    desk.base_url = server.url
    page = await _enter(desk, meeting)
    server.running.process.send_signal(signal.SIGSTOP)
    try:
        await expect(page.locator("[data-live-text]")).to_have_text(
            re.compile("not live since"), timeout=LIVE
        )
    finally:
        server.running.process.send_signal(signal.SIGCONT)
    await expect(page.locator("[data-live-text]")).to_have_text("live", timeout=LIVE)
    async with store.reading() as reading:
        open_now = select(func.count()).select_from(Attendance).where(Attendance.until.is_(None))
        assert await reading.session.scalar(open_now) == 3, "a lost connection is not an absence"
    await store.close()


async def test_a_ballot_sent_without_a_network_waits_and_is_counted_once(
    serve: Serve, desk: Desk, tmp_path: Path
) -> None:
    data = tmp_path / "house"
    store, _, meeting, _ = await _open_poll(data)
    server = await serve(data)
    desk.base_url = server.url
    page = await _enter(desk, meeting)
    await page.context.set_offline(True)
    await page.locator(".choice__label", has_text="In favour").click()
    await page.get_by_role("button", name="Send: In favour").click()
    await expect(page.get_by_text(re.compile("Waiting to send since")).first).to_be_visible(timeout=LIVE)
    assert await _ballots(store) == 0
    await page.context.set_offline(False)
    await expect(page.get_by_text(re.compile(r"[2-9A-Z]{4}-[2-9A-Z]{4}")).first).to_be_visible(timeout=20_000)
    assert await _ballots(store) == 1
    await page.reload()
    await expect(page.get_by_text(re.compile(r"[2-9A-Z]{4}-[2-9A-Z]{4}")).first).to_be_visible()
    assert await _ballots(store) == 1
    desk.complaints[:] = [one for one in desk.complaints if "ERR_INTERNET_DISCONNECTED" not in one]
    await store.close()


async def test_a_restarted_server_finds_its_tablets_and_their_poll(
    serve: Serve, desk: Desk, tmp_path: Path
) -> None:
    data = tmp_path / "house"
    store, _, meeting, _ = await _open_poll(data)
    server = await serve(data)
    desk.base_url = server.url
    page = await _enter(desk, meeting)
    await page.locator(".choice__label", has_text="Against").click()
    server.running.process.kill()
    server.running.process.wait()
    await expect(page.locator("[data-live-text]")).to_have_text(re.compile("not live since"), timeout=LIVE)
    await serve(data, port=server.running.port)
    await expect(page.locator("[data-live-text]")).to_have_text("live", timeout=20_000)
    send = page.get_by_role("button", name="Send: Against")
    await expect(send).to_be_visible()
    await send.click()
    await expect(page.get_by_text(re.compile(r"[2-9A-Z]{4}-[2-9A-Z]{4}")).first).to_be_visible(timeout=LIVE)
    assert await _ballots(store) == 1
    desk.complaints.clear()
    await store.close()
