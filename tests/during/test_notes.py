"""The secretaries' notes under an item, on both databases: kept, put together, taken into the minutes."""

from __future__ import annotations

import asyncio

import pytest

from meetings.after.minutes import blocks_of, open_minutes
from meetings.during.notes import note_of, notes_of, write_note
from meetings.during.proceedings import adjourn
from meetings.rules.refusals import Refused
from meetings.storage.unit_of_work import Store
from tests.support.council import Council, Sitting, begin_sitting, make_council


async def prepared(store: Store) -> tuple[Council, Sitting]:
    council = await make_council(store, seats=5)
    return council, await begin_sitting(store, council)


async def writes(
    store: Store, council: Council, sitting: Sitting, text: str, revision: int, base: str | None = None
) -> tuple[str, int]:
    async with store.work() as work:
        kept = await write_note(
            work, council["secretary"], sitting.item, text=text, revision=revision, base=base
        )
        return kept.text, kept.revision


async def test_a_note_is_kept_by_revision(store: Store) -> None:
    council, sitting = await prepared(store)
    assert await writes(store, council, sitting, "Đại biểu hỏi về tiến độ.", 0) == (
        "Đại biểu hỏi về tiến độ.",
        1,
    )
    assert await writes(store, council, sitting, "Đại biểu hỏi về tiến độ.", 1) == (
        "Đại biểu hỏi về tiến độ.",
        1,
    )
    with pytest.raises(Refused, check=lambda wrong: wrong.code == "note-changed"):
        await writes(store, council, sitting, "Khác.", 0)
    async with store.reading() as reading:
        _, kept = await note_of(reading, council["secretary"], sitting.item)
        assert kept is not None
        assert (kept.text, kept.revision) == ("Đại biểu hỏi về tiến độ.", 1)
        with pytest.raises(Refused, check=lambda wrong: wrong.code == "forbidden"):
            await note_of(reading, council["delegate01"], sitting.item)


async def test_two_secretaries_at_the_same_moment_lose_nothing(store: Store) -> None:
    council, sitting = await prepared(store)
    await writes(store, council, sitting, "Chung.", 0)
    wanted = [f"Chung.\nDòng {number}." for number in range(6)]
    await asyncio.gather(*(writes(store, council, sitting, text, 1, "Chung.") for text in wanted))
    async with store.reading() as reading:
        text = (await notes_of(reading, sitting.meeting))[sitting.item]
    assert sorted(text.split("\n")) == ["Chung.", *(f"Dòng {number}." for number in range(6))]


async def test_the_draft_of_the_minutes_begins_with_the_notes(store: Store) -> None:
    council, sitting = await prepared(store)
    await writes(store, council, sitting, "Chủ tọa kết luận: giao Phòng Hạ tầng.", 0)
    async with store.work() as work:
        await adjourn(work, council["chair"], sitting.meeting)
    async with store.reading() as reading:
        opened = await open_minutes(reading, council["secretary"], sitting.meeting)
    texts = {block.id: block.text for block in blocks_of(opened.minutes).blocks}
    assert texts[f"item:{sitting.item}:discussion"] == "Chủ tọa kết luận: giao Phòng Hạ tầng."
    with pytest.raises(Refused, check=lambda wrong: wrong.code == "notes-over"):
        await writes(store, council, sitting, "Muộn.", 1)
