"""The minutes tell what the journal holds, keep the secretary's words, and freeze."""

from __future__ import annotations

import pytest

from meetings.after.minutes import (
    OpenMinutes,
    add_passage,
    edit_minutes,
    open_minutes,
    publish_minutes,
    refresh_minutes,
)
from meetings.after.minutes_document import minutes_document, sentence
from meetings.after.resolutions import issue_resolution
from meetings.after.signing import minutes_pdf
from meetings.after.tasks import assign_task
from meetings.during.agenda_changes import postpone
from meetings.during.attendance import Presence, record_attendance
from meetings.during.proceedings import recess, resume
from meetings.language import in_language
from meetings.pdf.minutes import Decision, Figures, Names
from meetings.rules.minutes import Block
from meetings.storage.tables import JournalRow, Minutes, Resolution
from tests.after.conftest import Council, refused


async def held(council: Council) -> OpenMinutes:
    """A meeting with a recess, a vote, a secret vote, somebody who leaves, and an item put off."""
    meeting = await council.schedule()
    first = await council.item(meeting, "Chủ trương đầu tư", presenter="Giám đốc Sở")
    gathering = await council.item(meeting, "Các báo cáo")
    second = await council.item(meeting, "Báo cáo thu chi", parent=gathering)
    third = await council.item(meeting, "Quy hoạch")
    await council.begin(meeting)
    await council.take_up(first)
    await council.decide(first, "yyyn-")
    council.clock.later(minutes=5)
    async with council.store.work() as work:
        await record_attendance(work, council.secretary, meeting, council.members[4].person, Presence.OUT)
        await recess(work, council.chair, meeting)
    council.clock.later(minutes=15)
    async with council.store.work() as work:
        await resume(work, council.chair, meeting)
    await council.take_up(second)
    await council.decide(second, "ynna", secret=True)
    async with council.store.work() as work:
        await postpone(work, council.chair, third, reason="thiếu hồ sơ")
    await council.adjourn(meeting)
    async with council.store.reading() as reading:
        return await open_minutes(reading, council.secretary, meeting)


def words(opened: OpenMinutes, block_id: str) -> str:
    with in_language("en"):
        return sentence(block(opened, block_id))


def block(opened: OpenMinutes, block_id: str) -> Block:
    return next(block for block in opened.content.blocks if block.id.startswith(block_id))


async def test_the_minutes_hold_the_numbers_of_the_journal(council: Council) -> None:
    opened = await held(council)
    assert opened.chair == "Nguyễn Văn Thuận"
    assert opened.secretary == "Trần Thị Ngọc Hạnh"
    assert words(opened, "begun") == "Began at 08:00 on 24/11/2026."
    assert words(opened, "ended") == "The meeting ended at 09:40 on 24/11/2026."
    assert words(opened, "quorum") == "5 of 5 members present; the quorum of 4 was met."
    assert words(opened, "recess:") == "Recess from 08:15 to 08:30; 4 members present afterwards."
    attendance = {row.label: (row.count, row.names) for row in block(opened, "attendance").rows}
    assert attendance["Present"][0] == 4
    assert attendance["Left before the end"] == (1, "Võ Hữu Thỏa (08:00–08:15)")
    polls = [block for block in opened.content.blocks if block.code.startswith("vote-") and block.rows]
    assert [[row.count for row in poll.rows] for poll in polls] == [[3, 1, 0], [1, 2, 1]]
    assert polls[0].rows[1].names == "Đặng Kỳ Xuân"
    assert not any(row.names for row in polls[1].rows), "a secret vote has no names"
    assert polls[0].facts["not_cast"] == 1
    announced = [row.payload for row in await council.all(JournalRow) if row.event == "OutcomeAnnounced"]
    outcomes = [block for block in opened.content.blocks if block.id.startswith("outcome:")]
    assert [dict(outcome.facts) for outcome in outcomes] == [payload["facts"] for payload in announced]
    order = [
        block.id.partition(":")[0]
        for block in opened.content.blocks
        if block.code in ("item", "recess-present")
    ]
    assert order == ["item", "recess", "item", "item", "item"]
    postponed = [
        words(opened, block.id) for block in opened.content.blocks if block.code.startswith("item-post")
    ]
    assert postponed == ["Postponed: thiếu hồ sơ"]
    gathering = [block for block in opened.content.blocks if block.code == "item-not-taken-up"]
    assert len(gathering) == 1, "only the item that was put off; the one that gathers others was dealt with"


async def test_an_imported_meeting_gets_no_minutes(council: Council) -> None:
    meeting = await council.schedule(reference="2019-07-01")
    await council.item(meeting, "Chương trình")
    await council.begin(meeting)
    await council.adjourn(meeting)
    assert not await council.all(Minutes)
    async with council.store.reading() as reading, refused("minutes-none"):
        await open_minutes(reading, council.secretary, meeting)


async def test_the_secretary_writes_prose_and_a_second_editor_is_told(council: Council) -> None:
    opened = await held(council)
    prose = next(block.id for block in opened.content.blocks if block.code == "prose-discussion")
    async with council.store.work() as work:
        kept = await edit_minutes(
            work,
            council.secretary,
            opened.minutes.id,
            revision=0,
            texts={prose: "Đại biểu hỏi.\r\nĐã trả lời. "},
        )
    assert kept.revision == 1
    for actor, revision, block_id, code in (
        (council.secretary, 0, prose, "minutes-changed"),
        (council.secretary, 1, "quorum", "minutes-bound"),
        (council.chair, 1, prose, "forbidden"),
    ):
        async with refused(code), council.store.work() as work:
            await edit_minutes(work, actor, opened.minutes.id, revision=revision, texts={block_id: "x"})
    async with council.store.work() as work:
        again = await edit_minutes(
            work,
            council.secretary,
            opened.minutes.id,
            revision=1,
            texts={prose: "Đại biểu hỏi.\nĐã trả lời."},
        )
        assert again.revision == 1, "the same words change nothing"
        more = await add_passage(work, council.secretary, opened.minutes.id, revision=1, after=prose)
    assert more.revision == 2
    async with refused("minutes-unsigned"), council.store.work() as work:
        await publish_minutes(work, council.secretary, opened.minutes.id)


async def test_refreshing_keeps_every_word_and_takes_what_was_issued_since(council: Council) -> None:
    opened = await held(council)
    async with council.store.work() as work:
        await edit_minutes(
            work, council.secretary, opened.minutes.id, revision=0, texts={"closing": "Cảm ơn."}
        )
    resolution = await council.only(Resolution)
    async with council.store.work() as work:
        await issue_resolution(work, council.chair, resolution.id)
        await assign_task(
            work, council.chair, body=council.body, lead=council.agencies[0], title="Lập dự án",
            cooperating=[council.agencies[1]], resolution=resolution.id,
        )  # fmt: skip
        await refresh_minutes(work, council.secretary, opened.minutes.id)
    async with council.store.reading() as reading:
        fresh = await open_minutes(reading, council.chair, opened.meeting.id)
    assert fresh.minutes.revision == 2
    assert block(fresh, "closing").text == "Cảm ơn."
    assert words(fresh, "resolution:") == "Resolution 01/NQ-HĐND: Đường vành đai"
    assert words(fresh, "task:") == "Sở Xây dựng carries out, together with Sở Tài chính: Lập dự án."


async def test_members_do_not_read_a_draft(council: Council) -> None:
    opened = await held(council)
    async with council.store.reading() as reading:
        async with refused("minutes-draft"):
            await open_minutes(reading, council.members[1], opened.meeting.id)
        async with refused("not-found"):
            await open_minutes(reading, council.officer, opened.meeting.id)


async def test_minutes_wait_for_the_adjournment(council: Council) -> None:
    meeting = await council.schedule()
    async with council.store.reading() as reading, refused("minutes-early"):
        await open_minutes(reading, council.secretary, meeting)


@pytest.mark.parametrize("language", ["vi", "en"])
async def test_the_document_says_what_the_blocks_say(council: Council, language: str) -> None:
    opened = await held(council)
    opened.body.language = language
    document = minutes_document(opened)
    assert (document.number, document.symbol, document.draft) == (None, "BB-HĐND", True)
    assert (document.started.hour, document.ended and document.ended.minute) == (8, 40)
    assert [section.level for section in document.sections] == [0, 0, 1, 0]
    blocks = [block for section in document.sections for block in section.blocks]
    figures = [block for block in blocks if isinstance(block, Figures)]
    assert [[row[1] for row in one.rows] for one in figures] == [["3", "1", "0"], ["1", "2", "1"]]
    assert [one.names for one in blocks if isinstance(one, Names)][1] == ("Đặng Kỳ Xuân",)
    assert any(isinstance(one, Decision) and "60,00" in one.text for one in blocks) == (language == "vi")
    pdf, _ = await minutes_pdf(council.store, council.secretary, opened.meeting.id)
    assert pdf.startswith(b"%PDF-1.7")
