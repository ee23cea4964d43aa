"""The meeting pack: made once for all who may read the same, with bookmarks and labels, checked at the door."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pypdf
import pytest
from reportlab.pdfgen.canvas import Canvas
from sqlalchemy import func, select

from meetings.before.agenda import agenda_of, show_item
from meetings.before.packs import PackMaker, PackState, ask_for_pack, pack_for, ready_pack
from meetings.before.papers import keep_upload, lay_paper, withdraw_paper
from meetings.during.recusals import declare_recusal
from meetings.pdf.workers import stop_workers
from meetings.rules.permissions import Actor
from meetings.rules.refusals import Refused
from meetings.rules.visibility import Visibility
from meetings.storage.tables import JournalRow, Outbox, Paper
from meetings.storage.unit_of_work import Store
from tests.support.council import Council, Sitting, begin_sitting, make_council, publish_sitting


@pytest.fixture
async def council(store: Store) -> Council:
    return await make_council(store)


@pytest.fixture(autouse=True)
def no_worker_is_left() -> Any:
    yield
    stop_workers()


def pdf(*pages: str) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out)
    for page in pages:
        canvas.drawString(72, 700, page)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


async def lay(store: Store, council: Council, item: UUID, title: str, *pages: str) -> UUID:
    checked = await keep_upload(store, f"{title}.pdf", pdf(*pages), len(pages))
    async with store.work() as work:
        return (await lay_paper(work, council["secretary"], item, checked, title=title)).paper_id


async def made(store: Store, actor: Actor, meeting: UUID) -> pypdf.PdfReader:
    async with store.work() as work:
        await ask_for_pack(work, actor, meeting, language="en")
    while await PackMaker(store).make_one():
        pass
    async with store.reading() as reading:
        pack = await ready_pack(reading, actor, meeting, language="en")
        read = pypdf.PdfReader(io.BytesIO(await reading.files.get(pack.sha256)))
        assert (pack.pages, pack.done) == (len(read.pages), pack.total)
    return read


def words(read: pypdf.PdfReader) -> list[str]:
    return [page.extract_text() for page in read.pages]


def outline(entries: Sequence[Any]) -> list[Any]:
    return [outline(one) if isinstance(one, list) else one.title for one in entries]


async def with_papers(store: Store, council: Council) -> tuple[Sitting, list[UUID]]:
    sitting = await publish_sitting(store, council)
    async with store.reading() as reading:
        opening, budget = await agenda_of(reading, sitting.meeting)
    papers = [
        await lay(store, council, opening.id, "Chương trình", "programme one"),
        await lay(store, council, budget.id, "Tờ trình", "statement one", "statement two"),
        await lay(store, council, budget.id, "Dự thảo", "draft one"),
    ]
    return sitting, papers


async def test_the_pack_has_the_agenda_in_front_and_every_paper_in_its_place(
    store: Store, council: Council
) -> None:
    sitting, _ = await with_papers(store, council)
    read = await made(store, council["delegate01"], sitting.meeting)
    front, *behind = words(read)
    assert [page.strip() for page in behind] == [
        "programme one",
        "statement one",
        "statement two",
        "draft one",
    ]
    for text in ("Kỳ họp thứ nhất", "Hội trường lớn", "Khai mạc", "Tờ trình", "p. 2", "p. 3", "p. 5"):
        assert text in front
    assert outline(read.outline) == [
        "Agenda",
        "1. Khai mạc", ["Chương trình"],
        "2. Điều chỉnh dự toán ngân sách năm 2026", ["Tờ trình", "Dự thảo"],
    ]  # fmt: skip
    assert read.page_labels == ["i", "1.1·1", "2.1·1", "2.1·2", "2.2·1"]
    assert read.metadata is not None
    assert "Kỳ họp thứ nhất" in str(read.metadata.title)


async def test_who_may_read_the_same_gets_the_same_pack(store: Store, council: Council) -> None:
    sitting, _ = await with_papers(store, council)
    asked: set[UUID] = set()
    for login in ("delegate01", "delegate02", "secretary", "observer"):
        async with store.work() as work:
            asked.add((await ask_for_pack(work, council[login], sitting.meeting, language="vi")).id)
    assert len(asked) == 1
    async with store.reading() as reading:
        waiting = await reading.session.scalar(
            select(func.count()).select_from(Outbox).where(Outbox.kind == "pack")
        )
        told = await reading.session.scalar(
            select(func.count()).select_from(JournalRow).where(JournalRow.event == "PackAsked")
        )
    assert (waiting, told) == (1, 1)


async def test_two_who_ask_at_the_same_moment_get_one_pack(store: Store, council: Council) -> None:
    sitting, _ = await with_papers(store, council)

    async def ask(login: str) -> UUID:
        async with store.work() as work:
            return (await ask_for_pack(work, council[login], sitting.meeting, language="vi")).id

    logins = [f"delegate{number:02}" for number in range(1, 7)]
    assert len(set(await asyncio.gather(*map(ask, logins)))) == 1


async def test_who_stands_aside_gets_a_pack_without_those_papers_and_no_longer_the_other(
    store: Store, council: Council
) -> None:
    sitting = await begin_sitting(store, council)
    await lay(store, council, sitting.item, "Tờ trình", "statement one")
    aside, other = council["delegate01"], council["delegate02"]
    assert "statement one" in "".join(words(await made(store, aside, sitting.meeting)))
    async with store.work() as work:
        await declare_recusal(work, aside, sitting.item, reason="Người thân nhận thầu")
    async with store.reading() as reading:
        with pytest.raises(Refused) as refused:
            await ready_pack(reading, aside, sitting.meeting, language="en")
    assert refused.value.code == "pack-not-ready"
    text = "".join(words(await made(store, aside, sitting.meeting)))
    assert "statement one" not in text
    assert "Tờ trình" not in text
    assert "stand aside" in text
    assert "statement one" in "".join(words(await made(store, other, sitting.meeting)))


async def test_an_internal_item_is_in_the_members_pack_and_not_in_the_observers(
    store: Store, council: Council
) -> None:
    sitting, _ = await with_papers(store, council)
    async with store.work() as work:
        await show_item(work, council["secretary"], sitting.item, visibility=Visibility.INTERNAL)
    member = words(await made(store, council["delegate01"], sitting.meeting))
    observer = words(await made(store, council["observer"], sitting.meeting))
    assert "statement one" in "".join(member)
    assert "Điều chỉnh dự toán" in member[0]
    assert [page.strip() for page in observer[1:]] == ["programme one"]
    assert "Điều chỉnh dự toán" not in observer[0]


async def test_a_new_version_and_a_withdrawal_make_another_pack(store: Store, council: Council) -> None:
    sitting, papers = await with_papers(store, council)
    member = council["delegate01"]
    await made(store, member, sitting.meeting)
    checked = await keep_upload(store, "new.pdf", pdf("statement anew"), 1)
    async with store.work() as work:
        item = (await work.get(Paper, papers[1])).item_id
        await lay_paper(work, council["secretary"], item, checked, paper=papers[1])
        await withdraw_paper(work, council["secretary"], papers[0])
    async with store.reading() as reading:
        assert await pack_for(reading, member, sitting.meeting, language="en") is None
    assert [page.strip() for page in words(await made(store, member, sitting.meeting))[1:]] == [
        "statement anew",
        "draft one",
    ]


async def test_a_paper_that_cannot_be_read_is_named_in_front(store: Store, council: Council) -> None:
    sitting, _ = await with_papers(store, council)
    checked = await keep_upload(store, "broken.pdf", b"%PDF-1.7 broken", 3)
    async with store.work() as work:
        await lay_paper(work, council["secretary"], sitting.item, checked, title="Phụ lục hỏng")
    front = words(await made(store, council["delegate01"], sitting.meeting))[0]
    assert "Phụ lục hỏng" in front
    assert "could not be put in" in " ".join(front.split())


async def test_a_pack_that_failed_can_be_asked_for_again(
    store: Store, council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    sitting, _ = await with_papers(store, council)
    member = council["delegate01"]
    async with store.work() as work:
        await ask_for_pack(work, member, sitting.meeting, language="en")

    async def lost(*_: object) -> None:
        raise Refused("document-failed")

    with monkeypatch.context() as broken:
        broken.setattr("meetings.before.packs.in_worker", lost)
        assert await PackMaker(store).make_one()
    async with store.reading() as reading:
        pack = await pack_for(reading, member, sitting.meeting, language="en")
    assert pack is not None
    assert pack.state == PackState.FAILED
    assert len((await made(store, member, sitting.meeting)).pages) == 5


async def test_only_who_may_see_the_meeting_asks(store: Store, council: Council) -> None:
    sitting, _ = await with_papers(store, council)
    for act in (ask_for_pack, pack_for, ready_pack):
        async with store.work() as work:
            with pytest.raises(Refused) as refused:
                await act(work, council["stranger"], sitting.meeting, language="vi")
        assert refused.value.code == "not-found"


async def test_the_maker_wakes_when_a_pack_is_asked_for(
    store: Store, council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    sitting, _ = await with_papers(store, council)
    looked, made_one = asyncio.Event(), asyncio.Event()
    stock = PackMaker.make_one

    async def watched(maker: PackMaker) -> bool:
        made = await stock(maker)
        (made_one if made else looked).set()
        return made

    monkeypatch.setattr(PackMaker, "make_one", watched)
    making = asyncio.create_task(PackMaker(store).make_always())
    try:
        async with asyncio.timeout(10):
            await looked.wait()
            async with store.work() as work:
                await ask_for_pack(work, council["delegate01"], sitting.meeting, language="vi")
            await made_one.wait()
    finally:
        making.cancel()
    async with store.reading() as reading:
        assert (
            await ready_pack(reading, council["delegate01"], sitting.meeting, language="vi")
        ).state == PackState.READY
