"""The pages of replies and guests: with and without signing in."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select

from meetings.app import create_app
from meetings.council.sign_in import begin_sign_in
from meetings.exchange.letters import reply_link
from meetings.pdf.workers import stop_workers
from meetings.settings import Settings, read_settings
from meetings.storage.tables import Account, Body, Guest, Outbox, PushAddress
from meetings.storage.unit_of_work import Store
from meetings.web.request import COOKIE
from tests.support.council import Council, make_council, publish_sitting
from tests.web.test_before_pages import Reader

SignIn = Callable[[str], Awaitable[Reader]]


@pytest.fixture(scope="module", autouse=True)
def _worker() -> Iterator[None]:
    yield
    stop_workers()


@pytest.fixture
async def council(store: Store) -> Council:
    return await make_council(store, seats=3)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return read_settings({"MEETINGS_DATA_DIR": str(tmp_path), "MEETINGS_SECRET_KEY": "x" * 32})


@pytest.fixture
async def sign_in(store: Store, settings: Settings) -> AsyncIterator[SignIn]:
    """`await sign_in("secretary")` gives that person's browser, `await sign_in("")` a stranger's."""
    app: Any = create_app(settings, store)
    async with AsyncExitStack() as stack:

        async def open_browser(login: str) -> Reader:
            cookies = {"meetings_language": "en"}
            if login:
                async with store.work() as work:
                    account = await work.session.scalar(select(Account).where(Account.login == login))
                    assert account is not None
                    cookies[COOKIE] = await begin_sign_in(work, account)
            client = httpx.AsyncClient(
                transport=httpx.ASGITransport(app),
                base_url="http://testserver",
                follow_redirects=True,
                cookies=cookies,
            )
            reader = Reader(await stack.enter_async_context(client))
            await reader.get("/" if login else "/sign-in")
            return reader

        yield open_browser


async def link_to(store: Store, settings: Settings, to: UUID) -> str:
    async with store.reading() as reading:
        query = select(Outbox.payload).where(Outbox.to_id == to, Outbox.kind == "mail")
        letter = (await reading.session.scalars(query.order_by(Outbox.created_at.desc()))).first()
    assert letter is not None
    return reply_link(letter["reply"], settings).removeprefix(settings.public_url)


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


async def test_a_letters_link_takes_the_reply_without_signing_in(
    store: Store, council: Council, sign_in: SignIn, settings: Settings
) -> None:
    sitting = await publish_sitting(store, council)
    link = await link_to(store, settings, council["delegate01"].person)
    stranger = await sign_in("")
    assert "Kỳ họp thứ nhất" in await stranger.get(link)
    assert "I name a substitute" not in stranger.html
    await stranger.post(link, answer="decline", reason="")
    assert stranger.status == 422
    assert "The reason is missing." in words(stranger.html)
    await stranger.post(link, answer="decline", reason="Công tác xa")
    assert "Your reply is recorded" in words(stranger.html)
    await stranger.get(link)
    assert stranger.status == 409
    assert "This link has been used" in words(stranger.html)
    await stranger.get(f"/letters/reply/{sitting.meeting}/abc")
    assert "This link has been used" in words(stranger.html)
    secretary = await sign_in("secretary")
    overview = words(await secretary.get(f"/meetings/{sitting.meeting}/replies"))
    assert "0 of 3 take part, 1 do not, 0 name a substitute, 2 have not replied." in overview
    assert "Công tác xa" in overview
    member = await sign_in("delegate02")
    await member.get(f"/meetings/{sitting.meeting}/replies")
    assert member.status == 403


async def test_a_member_replies_in_the_house_and_the_chair_agrees(
    store: Store, council: Council, sign_in: SignIn
) -> None:
    async with store.work() as work:
        (await work.locked(Body, council.body)).room_rules = {"substitutes": True, "any_substitute": True}
    sitting = await publish_sitting(store, council)
    member = await sign_in("delegate01")
    assert "Please reply to the notice" in words(await member.get(f"/meetings/{sitting.meeting}"))
    await member.get(f"/meetings/{sitting.meeting}/reply")
    await member.post(
        f"/meetings/{sitting.meeting}/reply",
        answer="substitute",
        reason="Ốm",
        substitute=council["stranger"].person,
    )
    assert "Your reply: substitute Đỗ Người Ngoài" in words(member.html)
    observer = await sign_in("observer")
    assert "Please reply" not in await observer.get(f"/meetings/{sitting.meeting}")
    await observer.get(f"/meetings/{sitting.meeting}/reply")
    assert observer.status == 409
    chair = await sign_in("delegate00")
    page = await chair.get(f"/meetings/{sitting.meeting}/replies")
    found = re.search(r'action="(/replies/[0-9a-f-]+/substitute)"', page)
    assert found is not None
    await chair.post(found[1], agree="yes")
    assert "the chair has agreed" in words(chair.html)
    stand_in = await sign_in("stranger")
    await stand_in.get(f"/meetings/{sitting.meeting}")
    assert stand_in.status == 200
    journal = words(await chair.get(f"/meetings/{sitting.meeting}/journal"))
    assert "does not take part and names Đỗ Người Ngoài as substitute." in journal
    assert "The notice sent to 5 persons." in journal
    assert "Ốm" not in journal


async def test_the_secretary_enters_replies_and_asks_again(
    store: Store, council: Council, sign_in: SignIn
) -> None:
    sitting = await publish_sitting(store, council)
    secretary = await sign_in("secretary")
    address = f"/meetings/{sitting.meeting}/replies"
    await secretary.post(address, member=council["delegate01"].person, answer="accept", reason="")
    assert "1 of 3 take part" in words(secretary.html)
    await secretary.post(f"{address}/remind")
    assert "asked again" in words(secretary.html)
    chair = await sign_in("delegate00")
    await chair.post(f"{address}/remind")
    assert chair.status == 403
    assert "Your reply is missing" in await chair.get("/")


async def test_a_guest_opens_the_link_once_and_replies(
    store: Store, council: Council, sign_in: SignIn, settings: Settings
) -> None:
    sitting = await publish_sitting(store, council)
    secretary = await sign_in("secretary")
    await secretary.get(f"/meetings/{sitting.meeting}/guests/new")
    await secretary.post(
        f"/meetings/{sitting.meeting}/guests", guests="Bà Khách; Hội; không@", item="", group=""
    )
    assert "is not a mail address" in words(secretary.html)
    await secretary.post(
        f"/meetings/{sitting.meeting}/guests",
        guests="Bà Khách; Hội Nông dân; khach@example.invalid",
        item=sitting.item,
        group="Hội Nông dân",
    )
    assert "Bà Khách" in words(secretary.html)
    async with store.reading() as reading:
        guest = await reading.session.scalar(select(Guest))
    assert guest is not None
    link = await link_to(store, settings, guest.id)
    visitor, other = await sign_in(""), await sign_in("")
    await other.get(link)
    await visitor.get(link)
    await visitor.post(link)
    assert visitor.address.endswith("/guest")
    shown = words(visitor.html)
    assert "Điều chỉnh dự toán ngân sách năm 2026" in shown
    assert "Khai mạc" not in shown
    await other.post(link)
    assert "This link has been used" in words(other.html)
    await other.get("/guest")
    assert "This link has been used" in words(other.html)
    await visitor.post("/guest/reply", answer="accept", reason="")
    assert "Your reply is recorded" in words(visitor.html)
    for address in (f"/meetings/{sitting.meeting}", "/meetings", f"/api/v1/meetings/{sitting.meeting}"):
        await visitor.get(address)
        assert visitor.status in (200, 401)
        assert "Khai mạc" not in visitor.html
    notice = await visitor.client.get("/guest/notice.pdf")
    assert (notice.status_code, notice.content[:5]) == (200, b"%PDF-")
    assert (await other.client.get("/guest/notice.pdf")).status_code == 409
    member = await sign_in("delegate01")
    notice = await member.client.get(f"/meetings/{sitting.meeting}/notice.pdf")
    assert (notice.status_code, notice.content[:5]) == (200, b"%PDF-")
    await secretary.post(f"/guests/{guest.id}/withdraw")
    assert "No guests are invited." in words(secretary.html)
    await visitor.get("/guest")
    assert "This link has been used" in words(visitor.html)


async def test_one_chooses_how_to_be_told_and_opens_ones_own_messages(
    store: Store, council: Council, sign_in: SignIn
) -> None:
    sitting = await publish_sitting(store, council)
    member, other = await sign_in("delegate01"), await sign_in("delegate02")
    page = await member.get("/notifications")
    found = re.search(r'action="(/notifications/[0-9a-f-]+/open)"', page)
    assert found is not None
    await other.post(found[1])
    assert other.status == 404
    await member.post(found[1])
    assert member.address.endswith(f"/meetings/{sitting.meeting}")
    await member.post("/notifications/choices", quiet_from="22:00", quiet_until="", digest_at="07:00")
    assert "The time is missing." in words(member.html)
    await member.post("/notifications/choices", quiet_from="abc", quiet_until="06:00", digest_at="07:00")
    assert member.status == 422
    await member.post(
        "/notifications/choices", quiet_from="22:00", quiet_until="06:00", digest="yes", digest_at="06:30"
    )
    assert 'value="06:30"' in member.html
    assert re.search(r'name="digest"[^>]*checked', member.html)


async def test_a_browser_is_taken_for_messages_from_known_services_only(
    store: Store, council: Council, sign_in: SignIn
) -> None:
    member = await sign_in("delegate01")
    good = {"endpoint": "https://fcm.googleapis.com/fcm/send/abc", "p256dh": "k", "auth": "a"}
    await member.post("/notifications/push", **good)
    assert member.status == 200
    await member.post("/notifications/push", **(good | {"endpoint": "http://10.0.0.1/x"}))
    assert member.status == 409
    async with store.reading() as reading:
        (row,) = (await reading.session.scalars(select(PushAddress))).all()
    assert row.person_id == council["delegate01"].person
    other = await sign_in("delegate02")
    await other.post("/notifications/push/end", endpoint=good["endpoint"])
    async with store.reading() as reading:
        assert len((await reading.session.scalars(select(PushAddress))).all()) == 1
    await member.post("/notifications/push/end", endpoint=good["endpoint"])
    async with store.reading() as reading:
        assert (await reading.session.scalars(select(PushAddress))).all() == []
    worker = await (await sign_in("")).client.get("/push-worker.js")
    assert worker.headers["content-type"].startswith("text/javascript")
