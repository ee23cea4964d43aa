"""Two signatures on the minutes: each with an own key, in order, on the same bytes, and nothing afterwards."""

from __future__ import annotations

import asyncio
from functools import cache

import pytest

from meetings.after.minutes import edit_minutes, open_minutes, publish_minutes, refresh_minutes
from meetings.after.signing import check_minutes, minutes_pdf, sign_minutes
from meetings.pdf.authority import Authority, issue, make_authority
from meetings.pdf.workers import stop_workers
from meetings.rules.permissions import Actor
from meetings.storage.journal import verify_chain
from meetings.storage.tables import JournalRow, Minutes, MinutesSignature, Register
from tests.after.conftest import MORNING, Council, refused

WORD = "mật khẩu của khóa"


@pytest.fixture(scope="module", autouse=True)
def _worker():
    yield
    stop_workers()


@cache
def authority() -> Authority:
    return make_authority("Thử nghiệm", MORNING)


@cache
def key(name: str) -> bytes:
    return issue(authority(), name, "Hội đồng nhân dân", MORNING, WORD)


def give_key(council: Council, login: str, name: str = "") -> None:
    council.keys.mkdir(exist_ok=True)
    (council.keys / "anchors").mkdir(exist_ok=True)
    (council.keys / "anchors" / "demo.pem").write_bytes(authority().certificate)
    (council.keys / f"{login}.p12").write_bytes(key(name or council.actors[login].name))


async def drafted(council: Council) -> Minutes:
    meeting = await council.schedule()
    item = await council.item(meeting, "Chủ trương đầu tư")
    await council.begin(meeting)
    await council.take_up(item)
    await council.decide(item)
    await council.adjourn(meeting)
    return await council.only(Minutes)


async def sign(council: Council, minutes: Minutes, actor: Actor, role: str, word: str = WORD) -> Minutes:
    return await sign_minutes(council.store, actor, minutes.id, role, word, council.keys)


async def test_secretary_and_chair_sign_and_the_minutes_are_published(council: Council) -> None:
    minutes = await drafted(council)
    give_key(council, "secretary")
    give_key(council, "member0")
    first = await sign(council, minutes, council.secretary, "secretary")
    assert (first.state, first.number, first.symbol, first.year) == ("draft", 1, "01/BB-HĐND", 2026)
    async with refused("minutes-frozen"), council.store.work() as work:
        await edit_minutes(
            work, council.secretary, minutes.id, revision=first.revision, texts={"closing": "x"}
        )
    async with refused("minutes-frozen"), council.store.work() as work:
        await refresh_minutes(work, council.secretary, minutes.id)
    council.clock.later(minutes=3)
    second = await sign(council, minutes, council.chair, "chair")
    assert second.state == "signed"
    before, after = [await council.store.files.get(row.sha256 or "") for row in (first, second)]
    assert after.startswith(before), "a signature is only ever added"
    found = await check_minutes(council.store, second, council.keys)
    assert found.ok
    assert [(one.field, one.signer) for one in found.signatures] == [
        ("Secretary", "Trần Thị Ngọc Hạnh"), ("Chair", "Nguyễn Văn Thuận"),
    ]  # fmt: skip
    rows = sorted(await council.all(MinutesSignature), key=lambda row: row.signed_at)
    assert [(row.role, row.sha256) for row in rows] == [("secretary", first.sha256), ("chair", second.sha256)]
    async with council.store.work() as work:
        published = await publish_minutes(work, council.secretary, minutes.id)
    assert published.state == "published"
    pdf, opened = await minutes_pdf(council.store, council.members[2], minutes.meeting_id)
    assert pdf == await council.store.files.get(second.sha256 or "")
    assert [one.name for one in opened.signatures] == ["Trần Thị Ngọc Hạnh", "Nguyễn Văn Thuận"]
    async with council.store.reading() as reading:
        assert (await verify_chain(reading.session, minutes.meeting_id)).intact
    signed = [row.payload for row in await council.all(JournalRow) if row.event == "MinutesSigned"]
    assert [one["signer"] for one in signed] == ["Trần Thị Ngọc Hạnh", "Nguyễn Văn Thuận"]


async def test_what_is_refused_leaves_the_minutes_as_they_were(council: Council) -> None:
    minutes = await drafted(council)
    async with refused("key-missing"):
        await sign(council, minutes, council.secretary, "secretary")
    assert not await council.all(Register), "no key, no number"
    give_key(council, "secretary")
    give_key(council, "member0", "Một Người Khác")
    async with refused("signature-wrong-order"):
        await sign(council, minutes, council.chair, "chair")
    async with refused("forbidden"):
        await sign(council, minutes, council.chair, "secretary")
    async with refused("minutes-draft"):
        await sign(council, minutes, council.members[1], "chair")
    async with refused("signature-passphrase"):
        await sign(council, minutes, council.secretary, "secretary", "falsch")
    assert (await council.only(Minutes)).sha256 is None
    await sign(council, minutes, council.secretary, "secretary")
    assert (await council.only(Register)).last == 1, "a second attempt keeps the number"
    async with refused("signature-wrong-order"):
        await sign(council, minutes, council.secretary, "secretary")
    async with refused("signature-other-person"):
        await sign(council, minutes, council.chair, "chair")
    assert len(await council.all(MinutesSignature)) == 1


async def test_a_changed_file_is_not_signed_any_further(council: Council) -> None:
    minutes = await drafted(council)
    give_key(council, "secretary")
    give_key(council, "member0")
    signed = await sign(council, minutes, council.secretary, "secretary")
    file = council.store.files.path(signed.sha256 or "")
    file.write_bytes(file.read_bytes().replace(b"/Type", b"/Typo", 1))
    async with refused("minutes-file-changed"):
        await sign(council, minutes, council.chair, "chair")
    file.unlink()
    async with refused("minutes-file-changed"):
        await sign(council, minutes, council.chair, "chair")
    assert (await council.only(Minutes)).state == "draft"


async def test_two_attempts_at_once_leave_one_signature(council: Council) -> None:
    minutes = await drafted(council)
    give_key(council, "secretary")
    results = await asyncio.gather(
        *(sign(council, minutes, council.secretary, "secretary") for _ in range(3)), return_exceptions=True
    )
    assert sum(isinstance(result, Minutes) for result in results) == 1
    assert {getattr(result, "code", "") for result in results} <= {
        "",
        "minutes-changed",
        "signature-wrong-order",
        "busy",
    }
    assert len(await council.all(MinutesSignature)) == 1
    assert (await council.only(Register)).last == 1


async def test_what_the_secretary_writes_meanwhile_is_never_lost(council: Council) -> None:
    minutes = await drafted(council)
    give_key(council, "secretary")
    signing = asyncio.create_task(sign(council, minutes, council.secretary, "secretary"))
    for _ in range(200):
        await asyncio.sleep(0.005)
        if await council.all(Register):
            break
    async with council.store.work() as work:
        await edit_minutes(work, council.secretary, minutes.id, revision=0, texts={"closing": "Lời kết."})
    async with refused("minutes-changed"):
        await signing
    async with council.store.reading() as reading:
        opened = await open_minutes(reading, council.secretary, minutes.meeting_id)
    assert not opened.frozen
    assert any(block.text == "Lời kết." for block in opened.content.blocks)
