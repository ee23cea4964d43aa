"""The pages of this room, driven as a browser without scripts would: read, send the form, follow the redirect."""

from __future__ import annotations

import re
from contextlib import AsyncExitStack
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from meetings.after.resolutions import clauses_of
from meetings.app import create_app
from meetings.council.sign_in import begin_sign_in
from meetings.pdf.workers import stop_workers
from meetings.rules import events
from meetings.rules.events import Event
from meetings.settings import read_settings
from meetings.storage.tables import Account, Minutes, Resolution, Task
from meetings.web.journal_sentences import SENTENCES
from meetings.web.request import COOKIE
from tests.after.conftest import Council
from tests.after.test_signing import WORD, drafted, give_key


class Reader:
    """One signed-in person's browser."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client
        self.html = ""
        self.status = 0

    async def get(self, address: str) -> str:
        return self._took(await self.client.get(address))

    async def post(self, address: str, **fields: object) -> str:
        token = self.client.cookies.get("meetings_form", "")
        data = {name.replace("__", ":"): value for name, value in fields.items()} | {"_csrf_token": token}
        return self._took(await self.client.post(address, data=data))

    def _took(self, response: httpx.Response) -> str:
        self.status, self.html = response.status_code, response.text
        return self.html


@pytest.fixture(scope="module", autouse=True)
def _worker():
    yield
    stop_workers()


@pytest.fixture
async def sign_in(council: Council):
    """`await sign_in("secretary")` gives that person's browser, in English."""
    settings = read_settings(
        {
            "MEETINGS_DATA_DIR": str(council.keys.parent),
            "MEETINGS_KEYS_DIR": str(council.keys),
            "MEETINGS_SECRET_KEY": "x" * 32,
        }
    )
    app: Any = create_app(settings, council.store)
    async with AsyncExitStack() as stack:

        async def open_browser(login: str) -> Reader:
            async with council.store.work() as work:
                account = await work.session.scalar(select(Account).where(Account.login == login))
                assert account is not None
                secret = await begin_sign_in(work, account)
            client = httpx.AsyncClient(
                transport=httpx.ASGITransport(app), base_url="http://testserver", follow_redirects=True,
                cookies={COOKIE: secret, "meetings_language": "en"},
            )  # fmt: skip
            reader = Reader(await stack.enter_async_context(client))
            await reader.get("/tasks")
            return reader

        yield open_browser


def words(html: str) -> str:
    main = html[html.index("<main") :]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


async def test_a_resolution_from_its_clauses_to_a_verified_task(council: Council, sign_in) -> None:
    draft = await council.resolution()
    secretary = await sign_in("secretary")
    assert "Đường vành đai" in words(await secretary.get("/resolutions"))
    address = f"/resolutions/{draft.id}"
    assert "Article 2." in words(await secretary.get(address))
    assert "5 of 5 seats" in words(secretary.html)
    await secretary.get(f"{address}/clauses")
    await secretary.post(
        f"{address}/clauses", clause=["Thông qua chủ trương.", "", "Giao Sở Xây dựng lập dự án."]
    )
    assert "Giao Sở Xây dựng lập dự án." in words(secretary.html)
    await secretary.post(f"{address}/issue")
    assert "01/NQ-HĐND" in words(secretary.html)
    async with council.store.reading() as reading:
        clauses = await clauses_of(reading, draft.id)
    await secretary.get(f"/tasks/new?resolution={draft.id}&clause={clauses[1].id}")
    fields = {"resolution": str(draft.id), "clause": str(clauses[1].id), "body": str(council.body)}
    await secretary.post("/tasks/new", **fields, title="", due="2026-12-01", lead="")
    assert secretary.status == 422
    assert "A task needs one lead agency." in words(secretary.html)
    await secretary.post(
        "/tasks/new", **fields, due="2026-12-01", lead=str(council.agencies[0]), cooperating=[str(council.agencies[1])]
    )  # fmt: skip
    assert "The task is assigned." in secretary.html
    task = f"/tasks/{(await council.only(Task)).id}"
    officer = await sign_in("officer")
    assert "None of 1 tasks is late." in words(await officer.get("/tasks"))
    await officer.get(task)
    await officer.post(f"{task}/accept")
    await officer.post(f"{task}/progress", percent="140", text="x")
    assert officer.status == 422
    await officer.post(f"{task}/progress", percent="40", text="Đã khảo sát")
    assert "Đã khảo sát" in words(officer.html)
    await officer.post(f"{task}/report", text="Đã trình")
    assert "Waiting for verification" in words(officer.html)
    await secretary.get(task)
    await secretary.post(f"{task}/return", reason="")
    assert secretary.status == 422
    await secretary.post(f"{task}/return", reason="Thiếu bản vẽ")
    await officer.get(task)
    await officer.post(f"{task}/report", text="Đã bổ sung")
    await secretary.get(task)
    await secretary.post(f"{task}/verify")
    assert "Done on time" in words(secretary.html)
    helper = await sign_in("helper")
    assert task in await helper.get("/tasks")
    assert "Thiếu bản vẽ" in words(await helper.get(task))


async def test_minutes_are_written_signed_checked_and_published(council: Council, sign_in) -> None:
    minutes = await drafted(council)
    give_key(council, "secretary")
    give_key(council, "member0")
    address = f"/meetings/{minutes.meeting_id}/minutes"
    secretary, chair, member = [await sign_in(login) for login in ("secretary", "member0", "member2")]
    await member.get(address)
    assert member.status == 409
    assert "The minutes are still being written." in words(member.html)
    await secretary.get(address)
    assert "5 of 5 members present" in words(secretary.html)
    await secretary.post(address, revision="0", text__closing="Cảm ơn các đại biểu.")
    assert "Cảm ơn các đại biểu." in secretary.html
    await secretary.post(address, revision="0", text__closing="Khác")
    assert secretary.status == 409
    assert ">\nKhác</textarea>" in secretary.html, "what was typed is not lost"
    assert "Now kept in the minutes: Cảm ơn các đại biểu." in words(secretary.html)
    await secretary.post(address, revision="1", text__closing="Cảm ơn các đại biểu.", passage="opening")
    assert "Added by the secretary" in secretary.html
    await secretary.post(f"{address}/refresh")
    await secretary.post(f"{address}/sign", role="secretary", passphrase="sai")
    assert secretary.status == 422
    assert "The passphrase of the signing key is not right." in secretary.html
    await secretary.post(f"{address}/sign", role="secretary", passphrase=WORD)
    assert "01/BB-HĐND" in words(secretary.html)
    assert "Checked: all signatures are intact and trusted" in words(secretary.html)
    await chair.get(address)
    await chair.post(f"{address}/sign", role="chair", passphrase=WORD)
    assert chair.html.count("signature--signed") == 2
    await secretary.post(f"{address}/publish")
    assert (await council.only(Minutes)).state == "published"
    await member.get(address)
    assert member.status == 200
    assert "Cảm ơn các đại biểu." in words(member.html)
    assert "<textarea" not in member.html
    pdf = await member.client.get(f"{address}.pdf")
    assert pdf.content.startswith(b"%PDF")
    assert pdf.headers["content-disposition"] == 'inline; filename="minutes-2026-01.pdf"'


async def test_the_journal_tells_every_event_and_hides_open_choices(council: Council, sign_in) -> None:
    minutes = await drafted(council)
    member = await sign_in("member2")
    told = words(await member.get(f"/meetings/{minutes.meeting_id}/journal"))
    assert "The chain is intact" in told
    assert "Lê Quốc Bảo voted “In favour”." in told
    assert "Outcome announced: Đường vành đai. Adopted: 5 of 5 seats in favour" in told
    officer = await sign_in("officer")
    await officer.get(f"/meetings/{minutes.meeting_id}/journal")
    assert officer.status == 403


def test_every_event_has_its_sentence() -> None:
    known = {
        name for name, kind in vars(events).items() if isinstance(kind, type) and issubclass(kind, Event)
    } - {"Event"}
    assert set(SENTENCES) == known


async def test_a_stranger_sees_neither_register_nor_board(council: Council, sign_in) -> None:
    await council.resolution()
    helper = await sign_in("helper")
    assert "No resolutions yet" in words(await helper.get("/resolutions"))
    assert "No tasks" in words(await helper.get("/tasks"))
    draft = await council.only(Resolution)
    await helper.get(f"/resolutions/{draft.id}")
    assert helper.status == 404
    member = await sign_in("member2")
    await member.get(f"/resolutions/{draft.id}")
    assert "Issue" not in words(member.html)
    await member.post(f"/resolutions/{draft.id}/issue")
    assert member.status == 403
