"""The minutes and the journal of a meeting with everything in it: each fact once, as the records have it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from meetings.after.journal import journal_of
from meetings.after.minutes import OpenMinutes, open_minutes, refresh_minutes
from meetings.after.minutes_document import row_texts, sentence
from meetings.after.signing import minutes_pdf
from meetings.during.attendance import Presence
from meetings.during.corrections import TrueInterval, correct_attendance, history_of
from meetings.during.poll_record import record_of_poll
from meetings.language import in_language
from meetings.rules.lifecycle import PollState
from meetings.rules.minutes import Block, Kind
from meetings.storage.tables import Body, JournalRow, Poll
from meetings.web.journal_sentences import told
from tests.after.conftest import Council
from tests.after.full_meeting import BUILDER, FullMeeting
from tests.pdf import tools


async def opened_of(council: Council, meeting: UUID) -> OpenMinutes:
    async with council.store.reading() as reading:
        return await open_minutes(reading, council.secretary, meeting)


def words(blocks: Sequence[Block], language: str = "en") -> list[str]:
    with in_language(language):
        return [
            line
            for block in blocks
            if block.kind is not Kind.PROSE
            for line in (sentence(block), *row_texts(block))
        ]


def squeezed(text: str) -> str:
    return "".join(text.split())


async def test_a_meeting_with_everything_reaches_its_minutes(council: Council) -> None:
    meeting = await FullMeeting(council).held()
    opened = await opened_of(council, meeting)
    check_sentences(opened)
    await check_numbers(council, opened)
    await check_journal(council, meeting)
    await check_correction(council, opened)


def check_sentences(opened: OpenMinutes) -> None:
    """Each fact in a sentence, in both languages."""
    ids = [block.id for block in opened.content.blocks]
    assert len(set(ids)) == len(ids)
    said = words(opened.content.blocks)
    for line in (
        "Replaced: 1 (Đặng Kỳ Xuân)",
        "Hồ Sỹ Đức, in the seat of Đặng Kỳ Xuân.",
        "The ballot of Võ Hữu Thỏa is cast by Lê Quốc Bảo, by proxy.",
        "Phạm Thị Liễu stands aside from this item: người nhà dự thầu",
        "08:13: Lê Quốc Bảo – Speech (For), 3:05.",
        "08:17: Bà Đỗ Thị Khách – Speech (Against), 1:02.",
        "08:19: Phạm Thị Liễu – Point of order (Đóng danh sách), 0:20.",
        "Motion by Lê Quốc Bảo, seconded by Phạm Thị Liễu: Xây đường",
        "Amendment by Phạm Thị Liễu, seconded by Lê Quốc Bảo: Tăng vốn",
        "Instead of “Điều 1. Giao 12 tỷ đồng.”: “Điều 1. Giao 15 tỷ đồng.”",
        "The text now reads: Điều 1. Giao 15 tỷ đồng.\nĐiều 2. Hoàn thành trong năm 2026.",
        "Vote no. 2, by roll call, on “Xây đường”: 4 with a ballot, 4 answered, 0 did not.",
        "Ballots held by proxy (holder in brackets): Võ Hữu Thỏa (Lê Quốc Bảo).",
        "The motion was withdrawn: đã gộp",
        "Nobody seconded it; it was not put.",
        "Divided into 2 parts, which are put one by one.",
        "Adopted in its parts.",
        "Recess from 08:35 to 08:45; 4 members present afterwards.",
        f"Lê Quốc Bảo asks {BUILDER}: Vì sao đường chưa xong?",
        f"08:58: {BUILDER} – Answer, 2:30.",
        f"{BUILDER} promised: Thông xe trước Tết. (Sở Xây dựng, due 31 Jan 2027)",
        "Asked and answered; the asker is not satisfied with the answer.",
        f"Question of Lê Quốc Bảo to {BUILDER}, not called: Bao giờ có đèn?",
        "To be answered in writing by Sở Xây dựng.",
        "Lê An: High confidence 2 (40.00%), Confidence 1 (20.00%), Low confidence 1 (20.00%), No mark 1",
        "Lê An: 3, 75.00% (Lê Quốc Bảo, Hồ Sỹ Đức, Nguyễn Văn Thuận)",
        "Rule: those with the most votes, at most 1.",
        "Count 1: Lê An 3, Trần Bé 2. Elected: Lê An.",
        "It continues as item 1 of “Kỳ họp thứ 13” at 13:30 on 10 Dec 2026.",
        "Referred to Ban Pháp chế: cần thẩm tra",
        "Urgent item, put on the agenda by the chair: bão số 9",
        "Came when the item had begun: Võ Hữu Thỏa.",
        "Casting vote of Nguyễn Văn Thuận: In favour.",
        "The announced outcome was annulled at 09:35: đếm nhầm",
        "It is repeated by vote no. 11.",
        "It repeats vote no. 10.",
        "Adopted together with others in vote no. 12.",
        "One vote on several motions: Một; Hai.",
        "Admitted after the opening: Võ Hữu Thỏa.",
        "Entered by Trần Thị Ngọc Hạnh for members without a device, confirmed by Nguyễn Văn Thuận: Phạm Thị Liễu.",
    ):
        assert line in said, line
    assert not any("device" in line and "test" in line for line in said)
    assert not any("{" in line or "word_" in line for line in words(opened.content.blocks, "vi"))


async def check_numbers(council: Council, opened: OpenMinutes) -> None:
    """The numbers are those of the poll records; the test of the devices is no vote."""
    blocks = {block.id: block for block in opened.content.blocks}
    async with council.store.reading() as reading:
        polls = (
            await reading.session.scalars(select(Poll).where(Poll.meeting_id == opened.meeting.id))
        ).all()
        tests = [poll for poll in polls if poll.kind == "test"]
        held = [poll for poll in polls if poll.state == PollState.ANNOUNCED]
        records = {poll.id: await record_of_poll(reading, council.secretary, poll.id) for poll in held}
    assert tests
    assert len(held) == 11
    assert not any(f"poll:{poll.id}" in blocks for poll in tests)
    for poll in held:
        record, block = records[poll.id], blocks[f"poll:{poll.id}"]
        tally, outcome = record["tally"], record["outcome"]
        assert block.facts["number"] == record["number"]
        assert [block.facts[name] for name in ("eligible", "cast", "not_cast")] == [
            record["eligible"],
            tally["cast"],
            tally["not_cast"],
        ]
        assert blocks[f"outcome:{poll.id}"].facts == outcome["facts"]
        if outcome.get("lines"):
            first = "high" if poll.kind == "confidence" else "votes"
            assert [row.count for row in block.rows] == [line[first] for line in outcome["lines"]]
        else:
            assert [row.count for row in block.rows] == list(tally["weights"].values())
        named = [name for row in block.rows for name in row.names.split(", ") if name]
        if poll.secret or poll.method == "hands":
            assert not named
        else:
            assert len(named) == tally["cast"]


async def check_journal(council: Council, meeting: UUID) -> None:
    """Every event in words, without a code, and nothing secret."""
    async with council.store.reading() as reading:
        journal = await journal_of(reading, council.secretary, meeting, limit=1000)
    assert len(journal.lines) == len(
        [row for row in await council.all(JournalRow) if row.chain_id == meeting]
    )
    for language in ("en", "vi"):
        with in_language(language):
            said = {line.seq: told(line, journal) for line in journal.lines}
        for line in journal.lines:
            sentence_told = said[line.seq]
            assert sentence_told != line.event
            assert not any(mark in sentence_told for mark in ("{", "}", "[", '"', "_", "  ")), sentence_told
    with in_language("en"):
        said_in_english = [told(line, journal) for line in journal.lines]
    for wanted in (
        "Item 5 referred to Ban Pháp chế. cần thẩm tra",
        "The vote on “Giơ tay” was annulled after its announcement: đếm nhầm",
        "Võ Hữu Thỏa: Absent with excuse (ốm)",
    ):
        assert wanted in said_in_english
    assert any(line.startswith("Nguyễn Văn Thuận voted “Lê An, Trần Bé”.") for line in said_in_english)
    secret = [line for line in journal.lines if line.event == "BallotCast" and not line.payload["voter"]]
    assert not any(line.payload["choice"] for line in secret)


async def check_correction(council: Council, opened: OpenMinutes) -> None:
    """What is corrected after the adjournment comes in when the draft is refreshed."""
    meeting = opened.meeting.id
    assert "Võ Hữu Thỏa (09:32–09:40, 09:41–10:45)" in words(opened.content.blocks)[4]
    late = council.members[4].person
    async with council.store.reading() as reading:
        entries = await history_of(reading, meeting, late)
    gone = next(entry for entry in entries if entry.state is Presence.OUT)
    async with council.store.work() as work:
        await correct_attendance(
            work, council.secretary, meeting, late, reason="chỉ nghe điện thoại tại chỗ", wrong=gone.id,
            right=TrueInterval(state=Presence.IN, since=gone.since, until=gone.until),
        )  # fmt: skip
        await refresh_minutes(work, council.secretary, opened.minutes.id)
    fresh = await opened_of(council, meeting)
    assert "Võ Hữu Thỏa (09:32–10:45)" in words(fresh.content.blocks)[4]


async def test_the_printed_minutes_say_it_too(council: Council, tmp_path: Path) -> None:
    meeting = await FullMeeting(council).held()
    for language in ("vi", "en"):
        async with council.store.work() as work:
            (await work.get(Body, council.body)).language = language
        opened = await opened_of(council, meeting)
        pdf, _ = await minutes_pdf(council.store, council.secretary, meeting)
        # a sentence may run over a page, whose number would stand in it
        printed = squeezed(re.sub(r"\f\d+\n", "", tools.text(pdf, tmp_path, "-raw")))
        said = words([block for block in opened.content.blocks if block.item and not block.rows], language)
        assert len(said) > 80
        assert not [one for one in said if squeezed(one) not in printed]
