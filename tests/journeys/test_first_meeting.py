"""The first meeting, end to end: secretary, chair, delegate and agency officer in four browsers, and the room screen.

From the agenda draft to signed minutes and a verified task, through the pages only. The words clicked on are the
English ones, which are the message ids.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

from playwright.async_api import Page, expect

from meetings.app import make_store
from meetings.pdf.authority import issue, make_authority
from meetings.settings import read_settings
from meetings.storage.migrate import migrate
from tests.support.browser import Desk
from tests.support.council import PASSWORD, Council, make_council
from tests.support.papers import a_pdf
from tests.support.programs import COMMAND, Server

TEXT = "Điều 1. Điều chỉnh dự toán.\nĐiều 2. Giao Phòng Hạ tầng chủ trì thực hiện trước ngày 15/12/2026."
PASSPHRASE = "khóa ký thử nghiệm"
LIVE = 5_000
"""Milliseconds that a screen may take to follow by itself on a busy machine."""


async def _prepare(data: Path) -> Council:
    """A council of three and signing keys for the secretary and the chair, in the server's data folder."""
    settings = read_settings({"MEETINGS_DATA_DIR": str(data)})
    await migrate(settings.database_url)
    store = make_store(settings)
    council = await make_council(store, seats=3)
    await store.close()
    now = datetime.now(UTC)
    authority = make_authority("Tổ chức chứng thực thử nghiệm", now)
    anchors = settings.keys_dir / "anchors"
    anchors.mkdir(parents=True)
    (anchors / "test.pem").write_bytes(authority.certificate)
    for login in ("secretary", "delegate00"):
        key = issue(authority, council[login].name, "HĐND phường Bến Nước", now, PASSPHRASE)
        (settings.keys_dir / f"{login}.p12").write_bytes(key)
    return council


async def _sign_in(desk: Desk, screen: str, login: str) -> Page:
    page = await desk.page(screen)
    await page.context.add_cookies([{"name": "meetings_language", "value": "en", "url": desk.base_url or ""}])
    await page.goto("/sign-in")
    await page.get_by_label("Sign-in name").fill(login)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()
    await expect(page).to_have_url(re.compile("/$"))
    return page


async def _press(page: Page, name: str) -> None:
    """A button that has just changed does not count a touch that was meant for the one before it."""
    button = page.get_by_role("button", name=name, exact=True).first
    await expect(button).not_to_have_attribute("data-fresh", "", timeout=LIVE)
    await button.click()


async def _confirm(page: Page, name: str) -> None:
    """A button that asks, and its answer."""
    await _press(page, name)
    await page.get_by_role("dialog").locator("button[type=submit]").click()


async def _write_agenda(page: Page, tmp_path: Path) -> str:
    """Step 1: scheduled, written, reordered, with a paper and a motion, published. Gives the meeting's address."""
    await page.goto("/meetings/new")
    await page.get_by_label("Title").fill("Kỳ họp chuyên đề tháng 11")
    await page.get_by_label("Date").fill("2026-11-24")
    await page.get_by_label("Begins").fill("08:00")
    await page.get_by_label("Place").fill("Hội trường lớn")
    await _press(page, "Schedule")
    await expect(page.get_by_role("heading", name="Write the agenda")).to_be_visible()
    address = re.sub(r"/agenda.*", "", page.url)
    for title in ("Điều chỉnh dự toán ngân sách năm 2026", "Khai mạc", "Bế mạc"):
        await page.goto(f"{address}/agenda")
        await page.get_by_label("Title").fill(title)
        await _press(page, "Add the item")
        await expect(page.get_by_role("link", name=title).first).to_be_visible()
    await page.goto(f"{address}/agenda")
    await _press(page, "Move up: Khai mạc")
    await expect(page.locator("#agenda-editor")).to_contain_text(
        re.compile(r"1\s*Khai mạc.*2\s*Điều chỉnh", re.DOTALL)
    )
    await page.get_by_role("link", name="Điều chỉnh dự toán").first.click()
    paper = tmp_path / "Tờ trình số 12.pdf"
    paper.write_bytes(a_pdf(pages=3))
    await page.locator("input[type=file][name=files]").set_input_files(paper)
    await _press(page, "Lay the papers")
    await expect(page.get_by_role("link", name="Tờ trình số 12").first).to_be_visible()
    await page.get_by_text("Add a motion").click()
    await page.get_by_label("The question").fill("Nghị quyết điều chỉnh dự toán ngân sách năm 2026")
    await page.get_by_label("Text to be adopted").fill(TEXT)
    await _press(page, "Add the motion")
    await expect(page.get_by_text("Poll 1").first).to_be_visible()
    await _confirm(page, "Publish")
    await expect(page.get_by_text("Published").first).to_be_visible()
    return address


async def _read_and_check_in(page: Page, address: str) -> None:
    """Step 2: the next meeting, its agenda, a paper in the page, checked in."""
    await page.goto("/")
    await page.get_by_role("link", name="Kỳ họp chuyên đề tháng 11").first.click()
    await expect(page).to_have_url(re.compile(re.escape(address)))
    await page.get_by_role("link", name="Tờ trình số 12").first.click()
    await expect(page.locator("canvas").first).to_be_visible()
    await page.goto(address)
    await _press(page, "Check in")
    await expect(page.get_by_text("You are recorded as present.").first).to_be_visible()


async def _choose(page: Page, choice: str) -> None:
    await page.locator(".choice__label", has_text=choice).click()
    await page.get_by_role("button", name=f"Send: {choice}").click()


async def test_the_first_meeting(serve: Callable[..., Awaitable[Server]], desk: Desk, tmp_path: Path) -> None:
    data = tmp_path / "house"
    await _prepare(data)
    server = await serve(data)
    desk.base_url = server.url
    secretary = await _sign_in(desk, "desktop", "secretary")
    chair = await _sign_in(desk, "tablet", "delegate00")
    delegate = await _sign_in(desk, "tablet", "delegate01")
    officer = await _sign_in(desk, "phone", "officer")

    address = await _write_agenda(secretary, tmp_path)
    await _read_and_check_in(delegate, address)
    await _vote_in_the_room(desk, chair, delegate, secretary, address)
    await _follow_up(secretary, officer, chair)
    await _sign_the_minutes(desk, secretary, chair, address, server, tmp_path)

    await secretary.goto(f"{address}/journal")
    await expect(secretary.get_by_text(re.compile("intact")).first).to_be_visible()
    checked = _run(server, "journal", "verify")
    assert checked.returncode == 0, checked.stderr
    assert "BROKEN" not in checked.stdout + checked.stderr


async def _vote_in_the_room(desk: Desk, chair: Page, delegate: Page, secretary: Page, address: str) -> None:
    """Step 3: quorum refused and met; the ballot appears by itself, is counted; the outcome is everywhere."""
    screen = await chair.context.new_page()
    await screen.goto(f"{address}/screen")
    await chair.goto(f"{address}/chair")
    await expect(chair.get_by_text(re.compile("There is no quorum")).first).to_be_visible()
    await chair.goto(address)
    await _press(chair, "Check in")
    await chair.goto(f"{address}/chair")
    await _press(chair, "Call to order")
    await _press(chair, "Take up item 1")
    await delegate.goto(f"{address}/room")
    await expect(delegate.get_by_text("Khai mạc").first).to_be_visible()
    await _press(chair, "Take up item 2")
    await expect(delegate.get_by_text("Điều chỉnh dự toán").first).to_be_visible(timeout=LIVE)
    await expect(screen.get_by_text("Điều chỉnh dự toán").first).to_be_visible(timeout=LIVE)

    await _press(chair, "Open the vote")
    await expect(delegate.locator(".ballot .choice")).to_have_count(3, timeout=LIVE)
    await _choose(delegate, "In favour")
    await expect(delegate.get_by_text(re.compile(r"[2-9A-Z]{4}-[2-9A-Z]{4}")).first).to_be_visible(
        timeout=LIVE
    )
    await expect(chair.locator('[data-number="cast"]').first).to_have_text("1", timeout=LIVE)

    own = await chair.context.new_page()
    await own.goto(f"{address}/room")
    await _choose(own, "In favour")
    await expect(chair.locator('[data-number="cast"]').first).to_have_text("2", timeout=LIVE)
    await own.close()
    # The last ballot changes the button under the finger: it no longer asks who is missing.
    await expect(chair.get_by_text("Everybody has voted.")).to_be_visible(timeout=LIVE)
    await _press(chair, "Close the vote")
    await expect(chair.get_by_text(re.compile("Adopted: 2 of 3 seats")).first).to_be_visible(timeout=LIVE)
    await expect(delegate.get_by_text(re.compile("Adopted: 2 of 3"))).to_have_count(0)
    await _press(chair, "Announce the outcome")
    for page in (delegate, screen, chair):
        await expect(page.get_by_text(re.compile("Adopted: 2 of 3 seats")).first).to_be_visible(timeout=LIVE)
    await screen.close()
    await _press(chair, "Take up item 3")
    last = chair.locator(".next-act__sentence", has_text="Every item has been dealt with")
    await expect(last).to_be_visible(timeout=LIVE)
    await _confirm(chair, "Adjourn the meeting")
    await expect(chair.get_by_text(re.compile("adjourned|over")).first).to_be_visible(timeout=LIVE)


async def _follow_up(secretary: Page, officer: Page, chair: Page) -> None:
    """Step 4: the draft resolution came by itself; issued, a clause becomes a task; reported and verified."""
    await secretary.goto("/resolutions")
    await secretary.get_by_role("link", name="Nghị quyết điều chỉnh dự toán").first.click()
    await _confirm(secretary, "Issue")
    await expect(secretary.get_by_text("01/NQ-HĐND").first).to_be_visible()
    await secretary.get_by_role("link", name="Assign a task from this").nth(1).click()
    await secretary.get_by_label("Lead agency").select_option(label="Phòng Hạ tầng")
    await secretary.get_by_label("Due date").fill("2026-12-15")
    await _press(secretary, "Assign the task")
    await officer.goto("/tasks")
    await officer.get_by_role("link", name=re.compile("Phòng Hạ tầng|Giao")).first.click()
    task = officer.url
    await _press(officer, "Accept the task")
    await officer.locator("#report-text").fill("Đã thực hiện xong, có biên bản nghiệm thu.")
    await _press(officer, "Report as done")
    await expect(officer.get_by_text("Đã thực hiện xong").first).to_be_visible()
    await chair.goto(task)
    await _press(chair, "Verify")
    await expect(chair.get_by_text("Verified").first).to_be_visible()


async def _sign_the_minutes(
    desk: Desk, secretary: Page, chair: Page, address: str, server: Server, tmp_path: Path
) -> None:
    """Step 5: drafted from the journal, edited, signed twice; two validators agree, and refuse one changed byte."""
    await secretary.goto(f"{address}/minutes")
    await expect(secretary.get_by_text(re.compile("Adopted: 2 of 3 seats")).first).to_be_visible()
    await secretary.locator(".minutes__prose textarea").first.fill(
        "Đại biểu thảo luận, nhất trí với tờ trình."
    )
    await _press(secretary, "Save the minutes")
    for page in (secretary, chair):
        await page.goto(f"{address}/minutes")
        await page.get_by_label("Passphrase of your signing key").fill(PASSPHRASE)
        await _press(page, "Sign")
        await expect(page.get_by_text("Signed.").first).to_be_visible(timeout=20_000)
    await secretary.goto(f"{address}/minutes")
    await _confirm(secretary, "Publish")

    response = await secretary.request.get(f"{address}/minutes.pdf")
    pdf = tmp_path / "minutes.pdf"
    pdf.write_bytes(await response.body())
    good = _run(server, "verify", str(pdf), "--json")
    assert good.returncode == 0, good.stdout + good.stderr
    signatures = json.loads(good.stdout)["signatures"]
    assert [one["field"] for one in signatures] == ["Secretary", "Chair"]
    assert _pdfsig(pdf).count("Signature is Valid") == 2

    content = bytearray(pdf.read_bytes())
    content[len(content) // 3] ^= 1
    pdf.write_bytes(content)
    assert _run(server, "verify", str(pdf)).returncode == 1
    assert _pdfsig(pdf).count("Signature is Valid") < 2


def _pdfsig(pdf: Path) -> str:
    """The independent validator is judged by its words; its exit status is 0 even for a broken file."""
    return subprocess.run(["pdfsig", str(pdf)], capture_output=True, text=True, check=False).stdout


def _run(server: Server, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The `meetings` command beside the running server, on its data."""
    return subprocess.run(
        [COMMAND, *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={"MEETINGS_DATA_DIR": str(server.data), "PATH": "/usr/bin:/bin"},
    )
