"""Pages that the chair or the presenter shows to everybody who follows."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from meetings.before.papers import Checked, lay_paper, withdraw_paper
from meetings.during.paging import follow_page, followed, may_page, stop_paging
from meetings.during.proceedings import conclude
from meetings.rules.refusals import Refused
from meetings.storage.tables import Chain, Item, JournalRow, Meeting
from meetings.storage.unit_of_work import Store
from tests.support.council import Council, Sitting, begin_sitting, make_council, publish_sitting

FILE = Checked(filename="to-trinh.pdf", sha256="a" * 64, size=1200, pages=4)


async def lay(store: Store, council: Council, sitting: Sitting) -> UUID:
    async with store.work() as work:
        laid = await lay_paper(work, council["secretary"], sitting.item, FILE, title="Tờ trình")
    return laid.paper_id


async def show(store: Store, council: Council, who: str, sitting: Sitting, paper: UUID, page: int) -> str:
    try:
        async with store.work() as work:
            await follow_page(work, council[who], sitting.meeting, paper, page)
    except Refused as refusal:
        return refusal.code
    return "done"


async def shown(store: Store, sitting: Sitting) -> tuple[UUID, int, UUID] | None:
    async with store.reading() as reading:
        page = followed(await reading.get(Meeting, sitting.meeting))
    return (page.paper, page.page, page.by) if page else None


async def test_the_chair_pages_without_a_trace_in_the_journal(store: Store) -> None:
    council = await make_council(store, seats=3)
    sitting = await begin_sitting(store, council)
    paper = await lay(store, council, sitting)

    async def trace() -> tuple[int, int]:
        async with store.reading() as reading:
            rows = select(func.count()).select_from(JournalRow)
            stage = select(Chain.stage).where(Chain.id == sitting.meeting)
            return await reading.session.scalar(rows) or 0, await reading.session.scalar(stage) or 0

    before = await trace()
    for page in (2, 4, 3):
        assert await show(store, council, "chair", sitting, paper, page) == "done"
    assert await shown(store, sitting) == (paper, 3, council["chair"].person)
    assert await trace() == before
    for page in (0, 5):
        assert await show(store, council, "chair", sitting, paper, page) == "wrong-input"
    assert await show(store, council, "chair", sitting, uuid4(), 1) == "not-found"
    async with store.work() as work:
        await stop_paging(work, council["chair"], sitting.meeting)
    assert await shown(store, sitting) is None


async def test_nobody_is_taken_along_when_the_item_is_done(store: Store) -> None:
    council = await make_council(store, seats=3)
    sitting = await begin_sitting(store, council)
    paper = await lay(store, council, sitting)
    await show(store, council, "chair", sitting, paper, 2)
    async with store.work() as work:
        await conclude(work, council["chair"], sitting.item)
    assert await shown(store, sitting) is None
    async with store.work() as work:
        await withdraw_paper(work, council["secretary"], paper)
    assert await show(store, council, "secretary", sitting, paper, 2) == "not-found"


@pytest.mark.parametrize(
    ("who", "answer"),
    [
        ("delegate01", "done"),
        ("delegate02", "forbidden"),
        ("secretary", "done"),
        ("observer", "forbidden"),
        ("stranger", "not-found"),
        ("foreign-secretary", "not-found"),
    ],
)
async def test_the_presenter_pages_too(store: Store, who: str, answer: str) -> None:
    council = await make_council(store, seats=3)
    sitting = await begin_sitting(store, council)
    paper = await lay(store, council, sitting)
    async with store.work() as work:
        item = await work.locked(Item, sitting.item)
        item.presenter = f"Ông {council['delegate01'].name}, Trưởng ban"
    assert await show(store, council, who, sitting, paper, 2) == answer


async def test_before_the_meeting_nothing_is_shown(store: Store) -> None:
    council = await make_council(store, seats=3)
    sitting = await publish_sitting(store, council)
    paper = await lay(store, council, sitting)
    assert await show(store, council, "chair", sitting, paper, 1) == "meeting-not-running"
    async with store.reading() as reading:
        held = await reading.get(Meeting, sitting.meeting)
        assert not await may_page(reading, council["delegate01"], held)
