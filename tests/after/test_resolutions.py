"""An adopted motion becomes a resolution: drafted, divided, numbered without gaps, withdrawn."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from uuid import UUID

import pytest
from sqlalchemy import select

from meetings.after.follow_up import tasks_of_resolution
from meetings.after.resolutions import (
    clauses_of,
    issue_resolution,
    open_resolution,
    resolutions_for,
    withdraw_resolution,
    write_clauses,
)
from meetings.after.tasks import assign_task
from meetings.rules.refusals import Refused
from meetings.storage.journal import verify_chain
from meetings.storage.tables import Clause, JournalRow, Register, Resolution, Task
from tests.after.conftest import Council, refused


async def test_an_adopted_motion_becomes_a_draft_with_its_clauses(council: Council) -> None:
    draft = await council.resolution()
    assert (draft.state, draft.number, draft.symbol, draft.title) == ("draft", None, "", "Đường vành đai")
    async with council.store.reading() as reading:
        clauses = await clauses_of(reading, draft.id)
        drafted = await reading.session.scalar(
            select(JournalRow).where(JournalRow.event == "ResolutionDrafted")
        )
        assert (await verify_chain(reading.session, draft.meeting_id)).intact
    assert [clause.text for clause in clauses] == [
        "Thông qua chủ trương đầu tư.",
        "Giao Sở Xây dựng thực hiện.\nBáo cáo hằng quý.",
    ]
    assert drafted is not None
    assert drafted.payload["resolution"] == str(draft.id)


@pytest.mark.parametrize(("choices", "kind", "reference"), [
    ("nnnnn", "substantive", ""), ("yyyyy", "procedural", ""), ("yyyyy", "substantive", "2019-07-01"),
])  # fmt: skip
async def test_a_lost_a_procedural_and_an_imported_motion_make_none(
    council: Council, choices: str, kind: str, reference: str
) -> None:
    meeting = await council.schedule(reference=reference)
    item = await council.item(meeting, "Chương trình")
    await council.begin(meeting)
    await council.take_up(item)
    await council.decide(item, choices, kind=kind)
    assert not await council.all(Resolution)


async def test_only_the_secretary_writes_clauses_and_only_in_a_draft(council: Council) -> None:
    draft = await council.resolution()
    async with council.store.work() as work:
        written = await write_clauses(work, council.secretary, draft.id, ["Một", " ", "Hai", "Ba"])
    assert [(clause.position, clause.text) for clause in written] == [(0, "Một"), (1, "Hai"), (2, "Ba")]
    async with refused("forbidden"), council.store.work() as work:
        await write_clauses(work, council.chair, draft.id, ["Một"])
    async with council.store.work() as work:
        await assign_task(
            work, council.secretary, body=council.body, lead=council.agencies[0], clause=written[2].id
        )
    async with refused("clause-in-use"), council.store.work() as work:
        await write_clauses(work, council.secretary, draft.id, ["Một"])
    assert len(await council.all(Clause)) == 3
    async with council.store.work() as work:
        await issue_resolution(work, council.chair, draft.id)
    async with refused("resolution-issued"), council.store.work() as work:
        await write_clauses(work, council.secretary, draft.id, ["Một"])


async def test_numbers_run_without_gaps_when_many_are_issued_at_once(council: Council) -> None:
    first = await council.resolution()
    async with council.store.work() as work:
        for _ in range(19):
            work.session.add(
                Resolution(
                    id=work.new_id(), body_id=first.body_id, meeting_id=first.meeting_id, item_id=first.item_id,
                    motion_id=first.motion_id, poll_id=first.poll_id, title="Khác", text="", state="draft",
                    adopted_at=work.now,
                )
            )  # fmt: skip

    async def issue(resolution: UUID) -> None:
        for _ in range(20):
            with suppress(Refused):
                async with council.store.work() as work:
                    await issue_resolution(work, council.secretary, resolution)
                return

    await asyncio.gather(*(issue(row.id) for row in await council.all(Resolution)))
    issued = await council.all(Resolution)
    assert sorted(row.number or 0 for row in issued) == list(range(1, 21))
    assert {row.symbol for row in issued} >= {"01/NQ-HĐND", "09/NQ-HĐND", "20/NQ-HĐND"}
    assert (await council.only(Register)).last == 20
    async with council.store.reading() as reading:
        assert (await verify_chain(reading.session, first.meeting_id)).intact
        lines = await resolutions_for(reading, council.members[2])
    assert [line.symbol for line in lines][:2] == ["20/NQ-HĐND", "19/NQ-HĐND"]


async def test_a_refused_issue_takes_no_number_and_a_new_year_begins_at_one(council: Council) -> None:
    draft = await council.resolution()
    for actor in (council.officer, council.members[1]):
        with pytest.raises(Refused):
            async with council.store.work() as work:
                await issue_resolution(work, actor, draft.id)
    assert not await council.all(Register)
    council.clock.later(days=38)  # 24 November → 1 January, 08:10 in Vietnam
    async with council.store.work() as work:
        issued = await issue_resolution(work, council.chair, draft.id)
    assert (issued.year, issued.number, issued.symbol) == (2027, 1, "01/NQ-HĐND")
    async with refused("resolution-issued"), council.store.work() as work:
        await issue_resolution(work, council.chair, draft.id)


async def test_withdrawing_needs_a_reason_and_cancels_the_tasks(council: Council) -> None:
    draft = await council.resolution()
    async with council.store.work() as work:
        await assign_task(
            work,
            council.secretary,
            body=council.body,
            lead=council.agencies[0],
            resolution=draft.id,
            title="Làm",
        )
    async with refused("reason-missing"), council.store.work() as work:
        await withdraw_resolution(work, council.secretary, draft.id, reason=" ")
    async with council.store.work() as work:
        await withdraw_resolution(work, council.secretary, draft.id, reason="Bỏ phiếu lại")
    task = await council.only(Task)
    assert task.cancelled_at is not None
    assert task.cancel_reason == "Bỏ phiếu lại"
    async with refused("not-now"), council.store.work() as work:
        await issue_resolution(work, council.secretary, draft.id)


async def test_members_read_all_and_agencies_what_gave_them_a_task(council: Council) -> None:
    draft = await council.resolution()
    async with council.store.reading() as reading:
        opened = await open_resolution(reading, council.members[3], draft.id)
        with pytest.raises(Refused):
            await open_resolution(reading, council.officer, draft.id)
    assert opened.poll.outcome is not None
    assert opened.poll.outcome["adopted"]
    assert len(opened.clauses) == 2
    async with council.store.work() as work:
        await assign_task(
            work, council.chair, body=council.body, lead=council.agencies[1], cooperating=[council.agencies[0]],
            clause=opened.clauses[1].id,
        )  # fmt: skip
    async with council.store.reading() as reading:
        for agency in (council.officer, council.helper):
            assert (await open_resolution(reading, agency, draft.id)).resolution.id == draft.id
            assert [line.tasks for line in await resolutions_for(reading, agency)] == [1]
        (line,) = await tasks_of_resolution(reading, draft.id)
        assert not await resolutions_for(reading, council.chair, state="issued")
        assert len(await resolutions_for(reading, council.chair, words="VÀNH")) in (0, 1)
        assert len(await resolutions_for(reading, council.chair, words="vành đai")) == 1
    assert (line.task.title, line.source) == ("Giao Sở Xây dựng thực hiện.", "Đường vành đai")
