"""A council in session for a journey: who sits where, four browsers, the others' tablets, and the interface."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
from playwright.async_api import Locator, Page, Request, expect
from sqlalchemy import select

from meetings.before.agenda import add_item
from meetings.before.papers import keep_upload, lay_paper
from meetings.before.scheduling import publish_meeting, schedule_meeting
from meetings.during.motions import move_motion
from meetings.storage.tables import Body, Membership
from meetings.storage.unit_of_work import Store
from tests.journeys.session_numbers import Numbers
from tests.support.browser import Desk
from tests.support.council import PASSWORD, Council, make_council
from tests.support.papers import a_pdf
from tests.support.tablets import Tablet, until

LIVE = 15_000
"""Milliseconds in which a page has to notice, with room for a busy machine."""
PATIENCE = 30
TOUCHES = 4
TEXT = (
    "Điều 1. Phê duyệt kế hoạch đầu tư công năm 2027 với tổng vốn 120 tỷ đồng.\n"
    "Điều 2. Giao Phòng Hạ tầng tổ chức thực hiện."
)
AMENDED = TEXT.replace("120 tỷ đồng", "135 tỷ đồng")
STANDING_ORDERS: dict[str, Any] = {
    "proxies": True, "seconding": True, "queue": "groups", "group_seconds": 900, "speech_seconds": 300,
    "grace_seconds": 1, "warn_seconds": 20,
}  # fmt: skip
AGENDA = (
    ("opening", "Khai mạc kỳ họp", "regular"),
    ("questions", "Chất vấn và trả lời chất vấn", "questions"),
    ("plan", "Kế hoạch đầu tư công năm 2027", "regular"),
    ("bills", "Các tờ trình chuyên ngành", "regular"),
    ("rules", "Quy chế làm việc của Hội đồng nhân dân", "regular"),
    ("posts", "Công tác nhân sự", "regular"),
    ("trust", "Lấy phiếu tín nhiệm", "regular"),
)
MOTIONS = (
    ("plan", "plan", "Nghị quyết về kế hoạch đầu tư công năm 2027", TEXT),
    ("fees", "bills", "Nghị quyết về mức thu học phí", "Điều 1. Mức thu học phí năm học 2027."),
    ("names", "bills", "Nghị quyết về đặt tên đường", "Điều 1. Đặt tên bảy tuyến đường."),
    ("water", "bills", "Nghị quyết về giá nước sạch", "Điều 1. Giá nước sạch sinh hoạt."),
    ("rules", "rules", "Nghị quyết ban hành Quy chế làm việc", "Điều 1. Ban hành Quy chế làm việc."),
    ("leave", "posts", "Nghị quyết miễn nhiệm Ủy viên thường trực", "Điều 1. Miễn nhiệm."),
)


@dataclass
class Session:
    """Seats by number: 0 the chair, 1 the delegate with a browser, then the simulated ones, and the last four:
    one comes late, one is excused and has given a proxy, one stays away, one has no device."""

    desk: Desk
    store: Store
    council: Council
    url: str
    secret: str
    simulated: int
    crash: Callable[[], Awaitable[None]]
    """Loses a server process; where it was the only one, it is started again."""
    meeting: UUID
    items: dict[str, UUID]
    motions: dict[str, UUID]
    paper: UUID
    api: httpx.AsyncClient
    tablets: dict[str, Tablet] = field(default_factory=dict[str, Tablet])
    pages: dict[str, Page] = field(default_factory=dict[str, Page])
    numbers: Numbers = field(default_factory=Numbers)

    @property
    def seats(self) -> int:
        return self.simulated + 6

    @property
    def crowd(self) -> list[str]:
        return [login_of(number) for number in range(2, self.simulated + 2)]

    @property
    def late(self) -> str:
        return login_of(self.simulated + 2)

    @property
    def giver(self) -> str:
        return login_of(self.simulated + 3)

    @property
    def no_device(self) -> str:
        return login_of(self.simulated + 5)

    @property
    def holder(self) -> str:
        return self.crowd[1]

    @property
    def aside(self) -> str:
        return self.crowd[3]

    @property
    def chair(self) -> Page:
        return self.pages["chair"]

    @property
    def secretary(self) -> Page:
        return self.pages["secretary"]

    @property
    def delegate(self) -> Page:
        return self.pages["delegate"]

    @property
    def screen(self) -> Page:
        return self.pages["screen"]

    @property
    def address(self) -> str:
        return f"/meetings/{self.meeting}"

    def person(self, login: str) -> str:
        return str(self.council[login].person)

    async def ask(self, login: str, method: str, path: str, body: Any = None) -> httpx.Response:
        """Through the interface; a server that dies amid a request makes it be sent again under the same key."""
        headers = {
            "authorization": f"Bearer {self.council.tokens[login]}", "idempotency-key": str(uuid4()),
            "accept-language": "en",
        }  # fmt: skip
        async with asyncio.timeout(PATIENCE):
            while True:
                try:
                    answer = await self.api.request(method, f"/api/v1{path}", json=body, headers=headers)
                except httpx.TransportError:
                    continue
                if answer.status_code not in (502, 503, 504):
                    return answer

    async def good(self, login: str, method: str, path: str, body: Any = None) -> Any:
        answer = await self.ask(login, method, path, body)
        assert answer.is_success, f"{method} {path}: {answer.text}"
        return answer.json()

    async def refused(self, login: str, method: str, path: str, body: Any = None) -> str:
        answer = await self.ask(login, method, path, body)
        assert not answer.is_success, f"{method} {path} was not refused"
        return str(answer.json()["code"])

    async def form(self, path: str, **fields: str) -> None:
        """The chair's browser sends a form without its page: what is pressed many times over."""
        token = await self.chair.locator("input[name=_csrf_token]").first.get_attribute("value")
        answer = await self.chair.request.post(
            path, form={"_csrf_token": token or "", **fields}, max_redirects=0
        )
        assert answer.status == 303, f"{path}: {answer.status} {await answer.text()}"

    async def follow(self) -> None:
        """Until every tablet knows of the stage as it is now."""
        number = (await self.tablets[login_of(0)].ask("enter", {"meeting": str(self.meeting)}))["seq"]
        await until(lambda: all(tablet.seq >= number for tablet in self.tablets.values()))

    async def all_live(self) -> None:
        for page in self.pages.values():
            await live(page)

    async def picture(self, name: str, *roles: str) -> None:
        """Kept in the folder that MEETINGS_SHOTS names."""
        folder = os.environ.get("MEETINGS_SHOTS")
        for role in (roles or tuple(self.pages)) if folder else ():
            await self.pages[role].screenshot(
                path=Path(folder or ".") / f"{name}-{role}.png", animations="disabled"
            )


def login_of(number: int) -> str:
    return f"delegate{number:02}"


async def live(page: Page) -> None:
    await expect(page.locator("[data-live-text]").first).to_have_text("live", timeout=LIVE)


async def press(page: Page | Locator, name: str) -> None:
    button = page.get_by_role("button", name=name, exact=True).first
    await expect(button).not_to_have_attribute("data-fresh", "", timeout=LIVE)
    await button.click()


async def act(where: Page | Locator, name: str) -> None:
    """A button that does something; whoever presses it looks at what became of it before pressing the next."""
    page = where if isinstance(where, Page) else where.page
    await acted(page, where.get_by_role("button", name=name, exact=True).first)


async def acted(page: Page, button: Locator) -> None:
    """A button that has just changed does not count a touch that was meant for the one before: one looks, and presses
    again when nothing was sent."""
    sent: asyncio.Queue[Request] = asyncio.Queue()

    def hear(request: Request) -> None:
        if request.method == "POST":
            sent.put_nowait(request)

    page.on("request", hear)
    try:
        for _ in range(TOUCHES):
            await expect(button).to_be_visible(timeout=LIVE)
            await expect(button).not_to_have_attribute("data-fresh", "", timeout=LIVE)
            await button.click()
            try:
                request = await asyncio.wait_for(sent.get(), 2)
            except TimeoutError:
                continue
            answer = await request.response()
            assert answer is not None
            assert answer.ok, f"{answer.url}: {answer.status} {await answer.text()}"
            await expect(page.locator("form.htmx-request")).to_have_count(0, timeout=LIVE)
            return
    finally:
        page.remove_listener("request", hear)
    raise AssertionError("the button was pressed in vain")


async def confirm(page: Page, name: str) -> None:
    """A button that asks, and its answer."""
    await press(page, name)
    await page.get_by_role("dialog").locator("button[type=submit]").last.click()


async def sees(page: Page, selector: str, text: Any) -> None:
    await expect(page.locator(selector).first).to_contain_text(text, timeout=LIVE)


async def shows(page: Page, text: Any) -> None:
    await expect(page.get_by_text(text).first).to_be_visible(timeout=LIVE)


async def gather(acts: Iterable[Awaitable[Any]]) -> list[Any]:
    return list(await asyncio.gather(*acts))


async def prepare(
    store: Store, simulated: int
) -> tuple[Council, UUID, dict[str, UUID], dict[str, UUID], UUID]:
    """The council with three groups and its standing orders; a published meeting with papers and motions."""
    council = await make_council(store, seats=simulated + 6)
    secretary = council["secretary"]
    file = await keep_upload(store, "plan.pdf", a_pdf(9, "Ke hoach dau tu cong"), 9)
    items: dict[str, UUID] = {}
    motions: dict[str, UUID] = {}
    async with store.work() as work:
        body = await work.get(Body, council.body)
        body.language, body.room_rules = "en", STANDING_ORDERS
        rows = await work.session.scalars(
            select(Membership).where(Membership.body_id == council.body).order_by(Membership.id)
        )
        for place, row in enumerate(rows):
            row.group = f"Tổ {place % 3 + 1}"
        meeting = await schedule_meeting(
            work, secretary, body=council.body, title="Kỳ họp thứ mười hai", starts="2026-11-24T08:00",
            place="Hội trường lớn",
        )  # fmt: skip
        for name, title, kind in AGENDA:
            item = await add_item(work, secretary, meeting.id, title=title, kind=kind, minutes_planned=20)
            items[name] = item.id
        for name, under, title, text in MOTIONS:
            motion = await move_motion(work, secretary, items[under], title=title, text=text)
            motions[name] = motion.id
        laid = await lay_paper(work, secretary, items["plan"], file, title="Tờ trình về kế hoạch đầu tư công")
        await publish_meeting(work, secretary, meeting.id)
    return council, meeting.id, items, motions, laid.paper_id


async def sign_in(session: Session, role: str, login: str, screen: str, path: str) -> None:
    page = await session.desk.page(screen)
    await page.context.add_cookies([{"name": "meetings_language", "value": "en", "url": session.url}])
    await page.goto(f"/sign-in?next={session.address}/{path}")
    await page.get_by_label("Sign-in name").fill(login)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()
    await page.wait_for_url(f"**{session.address}/{path}")
    session.pages[role] = page


async def sit_down(session: Session) -> None:
    """Four browsers, and a tablet for everybody who votes without one of them."""
    for role, login, screen, path in (
        ("chair", login_of(0), "tablet", "chair"),
        ("secretary", "secretary", "desktop", "attendance/list"),
        ("delegate", login_of(1), "tablet", "room"),
        ("screen", "observer", "projector", "screen"),
    ):
        await sign_in(session, role, login, screen, path)
    for login in (login_of(0), *session.crowd):
        session.tablets[login] = Tablet(session.url, session.council.tokens[login], session.meeting)
    await gather(tablet.switch_on() for tablet in session.tablets.values())
