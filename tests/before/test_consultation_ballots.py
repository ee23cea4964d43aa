"""Opinions on paper with a second person, signed opinions, and members who stand aside."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from meetings.before.consultation_agenda import told_outcome
from meetings.before.consultation_clock import keep_deadlines
from meetings.before.consultation_drafts import draft_consultation, lay_consultation_paper
from meetings.before.consultation_reading import (
    consultation_paper,
    opinion_file,
    opinions_owed,
    read_consultation,
)
from meetings.before.consultation_recusals import end_standing_aside, stand_aside
from meetings.before.consultations import close_consultation, open_consultation
from meetings.before.opinions import answers_of, give_opinion
from meetings.before.paper_opinions import confirm_opinion, drop_opinion, enter_opinion, entered_waiting
from meetings.before.papers import keep_upload
from meetings.before.signed_opinions import blank_form, can_sign, give_signed_opinion
from meetings.cli import main
from meetings.language import in_language
from meetings.pdf.authority import issue, make_authority
from meetings.pdf.workers import stop_workers
from meetings.rules.refusals import Refused
from meetings.storage.tables import Consultation, JournalRow, Notification, WrittenOpinion
from meetings.storage.unit_of_work import Store, Work
from tests.pdf import tools
from tests.support.council import Council, make_council

NOON = datetime(2026, 11, 23, 5, tzinfo=UTC)
LATE = datetime(2026, 11, 27, 10, tzinfo=UTC)
"""The deadline: 17:00 in the council's zone."""
WORD = "mật khẩu"


class Clock:
    def __init__(self, store: Store) -> None:
        self.now = NOON
        store.clock = lambda: self.now


@pytest.fixture
def clock(store: Store) -> Clock:
    return Clock(store)


@pytest.fixture(scope="module", autouse=True)
async def _worker() -> AsyncIterator[None]:
    yield
    stop_workers()


async def _opened(store: Store, council: Council, *, signed: bool = False) -> UUID:
    async with store.work() as work:
        kept = await draft_consultation(
            work, council["secretary"], body=council.body, title="Ứng vốn sửa kè", closes="2026-11-27T17:00",
            text="Đồng ý ứng 2 tỷ đồng.", signed=signed,
        )  # fmt: skip
    file = await keep_upload(store, "Tờ trình.pdf", b"%PDF-1", 2)
    async with store.work() as work:
        await lay_consultation_paper(work, council["secretary"], kept.id, file)
        await open_consultation(work, council["chair"], kept.id)
    return kept.id


async def _refused(code: str, store: Store, act: Callable[[Work], Awaitable[Any]]) -> None:
    with pytest.raises(Refused) as refusal:
        async with store.work() as work:
            await act(work)
    assert refusal.value.code == code


async def _give(store: Store, council: Council, consultation: UUID, **choices: str) -> None:
    for who, choice in choices.items():
        async with store.work() as work:
            await give_opinion(work, council[who], consultation, choice=choice, comment="Vì lũ", key=uuid4())


async def test_what_came_on_paper_counts_once_a_second_person_confirms_it(store: Store, clock: Clock) -> None:
    council = await make_council(store, seats=3)
    one = await _opened(store, council)
    secretary, chair, member = council["secretary"], council["chair"], council["delegate01"]
    scan = (await keep_upload(store, "Phiếu.pdf", b"%PDF-scan", 1)).sha256

    async def enter(work: Work, who: str = "delegate01", choice: str = "agree", by: str = "secretary") -> Any:
        return await enter_opinion(
            work, council[by], one, person=council[who].person, choice=choice, scan=scan
        )

    for code, act in (
        ("forbidden", lambda work: enter(work, by="delegate02")),
        ("not-asked", lambda work: enter(work, who="secretary", by="chair")),
        ("entered-own", lambda work: enter(work, who="delegate00", by="chair")),
        ("opinion-words", lambda work: enter(work, choice="other")),
    ):
        await _refused(code, store, act)
    async with store.work() as work:
        first = await enter(work)
    await _refused("entered-waits", store, enter)
    for code, actor in (("second-person", secretary), ("forbidden", member)):
        await _refused(code, store, lambda work, actor=actor: confirm_opinion(work, actor, one, first.id))
    async with store.work() as work:
        assert await opinion_file(work, chair, one, first.id) == (scan, "phieu-lay-y-kien-01-2026.pdf")
        await drop_opinion(work, secretary, one, first.id)
    await _refused("not-now", store, lambda work: confirm_opinion(work, chair, one, first.id))
    async with store.work() as work:
        await enter(work)
        other = await enter(work, who="delegate02", choice="disagree")
    await _give(store, council, one, delegate00="agree", delegate02="agree")
    await _refused("not-now", store, lambda work: confirm_opinion(work, chair, one, other.id))
    await _refused("opinion-cast", store, lambda work: enter(work, who="delegate02"))
    await _refused("entered-left", store, lambda work: close_consultation(work, chair, one))

    clock.now = LATE
    await _refused("poll-late", store, enter)
    assert await keep_deadlines(store) == [], "the count waits for what came in time"
    async with store.work() as work:
        (waiting,) = await entered_waiting(work, one)
        opinion = await confirm_opinion(work, chair, one, waiting.id)
    assert (opinion.entered_by, opinion.confirmed_by) == (secretary.person, chair.person)
    assert await keep_deadlines(store) == [("close", one)]
    async with store.reading() as reading:
        kept = await reading.get(Consultation, one)
        assert kept.tally is not None
        assert (kept.cast, kept.tally["yes"], kept.tally["not_cast"]) == (3, 3, 0)
        seen = {answer.person: (answer.on_paper, answer.file) for answer in await answers_of(reading, one)}
        assert seen[member.person] == (True, True)
        assert seen[council["delegate02"].person] == (False, False)
        assert (await opinion_file(reading, member, one, opinion.id))[0] == scan
        for stranger in ("delegate02", "observer", "foreign-secretary"):
            with pytest.raises(Refused):
                await opinion_file(reading, council[stranger], one, opinion.id)
        told = await reading.session.scalars(
            select(Notification.person_id).where(Notification.message.startswith("Your opinion on paper"))
        )
        assert list(told) == [member.person]
        rows = await reading.session.scalars(
            select(JournalRow.payload)
            .where(JournalRow.event == "WrittenOpinionGiven")
            .order_by(JournalRow.seq)
        )
        assert [(row["entered_by"], row["confirmed_by"]) for row in rows][-1] == (secretary.name, chair.name)


async def test_who_stands_aside_has_no_ballot_and_no_papers(store: Store, clock: Clock) -> None:
    council = await make_council(store, seats=4)
    one = await _opened(store, council)
    member, other = council["delegate01"], council["delegate02"]
    await _give(store, council, one, delegate00="agree", delegate01="agree", delegate03="agree")
    async with store.work() as work:
        await enter_opinion(work, council["secretary"], one, person=other.person, choice="disagree")
        await stand_aside(work, member, one, reason="Em trai là nhà thầu")

    async def aside(work: Work, by: str, who: str, reason: str = "Có liên quan") -> Any:
        return await stand_aside(work, council[by], one, person=council[who].person, reason=reason)

    for code, act in (
        ("recusal-standing", lambda work: stand_aside(work, member, one)),
        ("forbidden", lambda work: aside(work, "delegate03", "delegate02")),
        ("reason-missing", lambda work: aside(work, "secretary", "delegate02", " ")),
        ("not-asked", lambda work: aside(work, "chair", "secretary")),
        ("not-on-roll", lambda work: stand_aside(work, council["secretary"], one)),
        ("not-found", lambda work: stand_aside(work, council["stranger"], one)),
        (
            "opinion-recused",
            lambda work: give_opinion(work, member, one, choice="agree", key=uuid4()),
        ),
        ("forbidden", lambda work: end_standing_aside(work, member, one, member.person)),
    ):
        await _refused(code, store, act)
    async with store.work() as work:
        await aside(work, "secretary", "delegate02")
        assert await entered_waiting(work, one) == [], "what was entered for that member waits no longer"
    async with store.reading() as reading:
        seen = await read_consultation(reading, member, one)
        assert (seen.aside, seen.own, list(seen.papers)) == (True, None, [])
        whole = await read_consultation(reading, council["delegate03"], one)
        with pytest.raises(Refused):
            await consultation_paper(reading, member, one, whole.papers[0].id)
        assert await opinions_owed(reading, other) == []
    async with store.work() as work:
        await end_standing_aside(work, council["chair"], one, other.person)
        assert len(await opinions_owed(work, other)) == 1
    await _give(store, council, one, delegate02="disagree")
    async with store.work() as work:
        kept = await close_consultation(work, council["chair"], one)
    assert kept.tally is not None
    assert kept.outcome is not None
    assert (kept.cast, kept.tally["not_cast"], kept.tally["aside"]) == (3, 0, [member.name])
    assert (kept.outcome["code"], kept.outcome["base"]) == ("not_adopted", 4), (
        "the base stays: 2 of 4 is no majority"
    )
    with in_language("vi"):
        assert f"Không tham gia: {member.name}" in told_outcome(kept)
    await _refused("not-now", store, lambda work: stand_aside(work, other, one))


async def test_a_signed_opinion_is_a_document_that_can_be_checked(
    store: Store, clock: Clock, tmp_path: Path
) -> None:
    council = await make_council(store, seats=3)
    one = await _opened(store, council, signed=True)
    member, key = council["delegate01"], uuid4()
    keys = tmp_path / "keys"
    (keys / "anchors").mkdir(parents=True)
    authority = make_authority("Thử nghiệm", NOON)
    (keys / "anchors" / "test.pem").write_bytes(authority.certificate)
    (keys / "delegate01.p12").write_bytes(issue(authority, member.name, "Ủy ban", NOON, WORD))

    async def sign(
        who: str = "delegate01", word: str = WORD, choice: str = "agree-comments"
    ) -> WrittenOpinion:
        return await give_signed_opinion(
            store, council[who], one, choice=choice, comment="Báo cáo hằng tuần", key=key, passphrase=word,
            keys_dir=keys,
        )  # fmt: skip

    await _refused(
        "opinion-unsigned", store, lambda work: give_opinion(work, member, one, choice="agree", key=uuid4())
    )
    await _refused(
        "opinion-scan",
        store,
        lambda work: enter_opinion(work, council["secretary"], one, person=member.person, choice="agree"),
    )
    for code, more in (
        ("signature-passphrase", {"word": "sai"}),
        ("opinion-key-missing", {"who": "delegate02"}),
        ("not-on-roll", {"who": "secretary"}),
    ):
        with pytest.raises(Refused) as refusal:
            await sign(**more)
        assert refusal.value.code == code
    given = await sign()
    assert (await sign()).receipt == given.receipt, "the same key signs nothing again"
    async with store.reading() as reading:
        assert await can_sign(reading, member, keys)
        assert not await can_sign(reading, council["delegate02"], keys)
        sha256, name = await opinion_file(reading, member, one, given.id)
    pdf = await store.files.get(sha256)
    file = tmp_path / name
    file.write_bytes(pdf)
    anchor = str(keys / "anchors" / "test.pem")
    checked = await asyncio.to_thread(
        CliRunner().invoke, main, ["verify", str(file), "--trust", anchor], env={"MEETINGS_DATA_DIR": str(tmp_path)}
    )  # fmt: skip
    assert checked.exit_code == 0, checked.output
    assert f"Member: {member.name}" in checked.output
    text = " ".join(tools.text(pdf, tmp_path).split())
    for part in ("PHIẾU LẤY Ý KIẾN", "Ứng vốn sửa kè", "Báo cáo hằng tuần", "Đồng ý và có ý kiến", "01/PLYK"):
        assert part in text
    form, _ = await blank_form(store, council["delegate02"], one)
    empty = tools.text(form, tmp_path)
    assert council["delegate02"].name in empty
    assert "17 giờ 00 phút, ngày 27 tháng 11 năm 2026" in " ".join(empty.split())
    clock.now = LATE
    with pytest.raises(Refused) as refusal:
        await blank_form(store, council["delegate02"], one)
    assert refusal.value.code == "poll-late"
