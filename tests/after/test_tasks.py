"""A task's way: assigned, accepted, reported, returned, verified, cancelled; who is told, and what the board says."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import select

from meetings.after.follow_up import board_for, open_task, timeline
from meetings.after.tasks import (
    accept_task,
    assign_task,
    cancel_task,
    report_done,
    report_progress,
    return_task,
    verify_task,
)
from meetings.language import in_language, text
from meetings.rules.permissions import Actor
from meetings.rules.refusals import Refused
from meetings.rules.tasks import Leaf, Status, TaskState
from meetings.storage.journal import HOUSE
from meetings.storage.tables import JournalRow, Notification, Outbox, Task
from tests.after.conftest import Council, refused

DUE = date(2026, 12, 1)


async def assigned(council: Council, **more: object) -> UUID:
    facts: dict[str, object] = {
        "body": council.body, "lead": council.agencies[0], "title": "Báo cáo tiến độ", "due": DUE,
        "cooperating": [council.agencies[1], council.agencies[0], council.agencies[1]],
    }  # fmt: skip
    async with council.store.work() as work:
        return (await assign_task(work, council.secretary, **(facts | more))).id  # type: ignore[arg-type]


async def state(council: Council, task: UUID) -> TaskState:
    async with council.store.reading() as reading:
        return (await open_task(reading, council.secretary, task)).line.state


async def told(council: Council, actor: Actor) -> list[str]:
    async with council.store.reading() as reading:
        rows = await reading.session.scalars(
            select(Notification).where(Notification.person_id == actor.person)
        )
        with in_language("vi"):
            return [text(row.message, **row.facts) for row in rows]


async def test_a_task_from_the_first_report_to_its_verification(council: Council) -> None:
    task = await assigned(council)
    assert await state(council, task) is TaskState.ASSIGNED
    async with council.store.work() as work:
        await accept_task(work, council.officer, task)
    assert await state(council, task) is TaskState.ACCEPTED
    async with council.store.work() as work:
        await report_progress(work, council.officer, task, percent=40, text="Đã khảo sát")
    assert await state(council, task) is TaskState.IN_PROGRESS
    council.clock.later(days=7)  # the first of December: the last day in time
    async with council.store.work() as work:
        await report_done(work, council.officer, task, text="Xong")
    assert await state(council, task) is TaskState.REPORTED
    council.clock.later(days=30)
    async with council.store.work() as work:
        await verify_task(work, council.chair, task)
    async with council.store.reading() as reading:
        opened = await open_task(reading, council.secretary, task)
        board = await board_for(reading, council.officer)
    assert opened.line.status is Status.DONE_ON_TIME
    assert (opened.line.lead, opened.line.cooperating) == ("Sở Xây dựng", ("Sở Tài chính",))
    assert [(moment.act, moment.percent) for moment in timeline(opened)] == [
        ("assign", None), ("accept", None), ("progress", 40), ("report", 100), ("verify", None),
    ]  # fmt: skip
    assert board.count.leaves[Leaf.DONE_ON_TIME] == 1
    events = [row.event for row in await council.all(JournalRow) if row.chain_id == HOUSE][-5:]
    assert events == ["TaskAssigned", "TaskAccepted", "TaskProgressed", "TaskReported", "TaskVerified"]


async def test_a_returned_report_does_not_stop_the_clock(council: Council) -> None:
    task = await assigned(council)
    async with council.store.work() as work:
        await accept_task(work, council.officer, task)
        await report_done(work, council.officer, task, text="Xong")
    async with refused("reason-missing"), council.store.work() as work:
        await return_task(work, council.secretary, task, reason="")
    async with council.store.work() as work:
        await return_task(work, council.secretary, task, reason="Thiếu số liệu")
    council.clock.later(days=10)
    async with council.store.reading() as reading:
        opened = await open_task(reading, council.officer, task)
        board = await board_for(reading, council.officer)
    assert opened.line.state is TaskState.RETURNED
    assert (opened.line.status, opened.line.late) == (Status.OVERDUE, 3)
    assert (board.overdue, board.longest) == (1, 3)
    assert "report" in opened.acts
    async with council.store.work() as work:
        await report_done(work, council.officer, task, text="Bổ sung")
        await verify_task(work, council.secretary, task)
    async with council.store.reading() as reading:
        assert (await open_task(reading, council.officer, task)).line.status is Status.DONE_LATE


async def test_who_is_told(council: Council) -> None:
    task = await assigned(council)
    async with council.store.work() as work:
        await accept_task(work, council.officer, task)
        await report_done(work, council.officer, task, text="Xong")
        await return_task(work, council.chair, task, reason="Thiếu")
        await cancel_task(work, council.chair, task, reason="Trùng")
    assert len(await told(council, council.officer)) == 3
    assert any("01/12/2026" in sentence for sentence in await told(council, council.officer))
    assert len(await told(council, council.helper)) == 2
    assert len(await told(council, council.secretary)) == 1
    letters = [row.payload for row in await council.all(Outbox)]
    assert sorted(letter["to"] for letter in letters) == (
        ["helper@example.vn"] * 2 + ["officer@example.vn"] * 3 + ["secretary@example.vn"]
    )
    assert {letter["link"] for letter in letters} == {f"/tasks/{task}"}


async def test_only_the_lead_agency_carries_out_and_only_the_body_follows_up(council: Council) -> None:
    task = await assigned(council)
    for actor in (council.helper, council.secretary, council.members[1]):
        async with refused("forbidden"), council.store.work() as work:
            await accept_task(work, actor, task)
    async with council.store.work() as work:
        await accept_task(work, council.officer, task)
        await report_done(work, council.officer, task, text="Xong")
    for actor in (council.officer, council.helper, council.members[1]):
        async with refused("forbidden"), council.store.work() as work:
            await verify_task(work, actor, task)
        async with refused("forbidden"), council.store.work() as work:
            await assign_task(work, actor, body=council.body, lead=council.agencies[0], title="Việc")


@pytest.mark.parametrize(("change", "code"), [
    ({"lead": None}, "task-lead-missing"),
    ({"lead": UUID(int=7)}, "wrong-input"),
    ({"cooperating": [UUID(int=7)]}, "wrong-input"),
    ({"title": " "}, "field-missing"),
    ({"clause": UUID(int=7)}, "not-found"),
    ({"resolution": UUID(int=7)}, "not-found"),
])  # fmt: skip
async def test_a_task_that_cannot_be_given(council: Council, change: dict[str, object], code: str) -> None:
    async with refused(code):
        await assigned(council, **change)
    assert not await council.all(Task)


async def test_acts_at_the_wrong_time_are_refused(council: Council) -> None:
    task = await assigned(council)
    for act in (
        lambda work: report_done(work, council.officer, task, text="Xong"),
        lambda work: report_progress(work, council.officer, task, percent=1, text="x"),
        lambda work: verify_task(work, council.secretary, task),
    ):
        async with refused("not-now"), council.store.work() as work:
            await act(work)
    async with council.store.work() as work:
        await accept_task(work, council.officer, task)
    for percent, words, code in (
        (101, "x", "task-percent"),
        (-1, "x", "task-percent"),
        (5, " ", "report-empty"),
    ):
        async with refused(code), council.store.work() as work:
            await report_progress(work, council.officer, task, percent=percent, text=words)


async def test_the_board_shows_the_latest_first_and_only_to_those_concerned(council: Council) -> None:
    for title, due in (("b", date(2026, 11, 20)), ("a", date(2026, 11, 10)), ("c", DUE), ("d", None)):
        await assigned(council, title=title, due=due, cooperating=[])
    await assigned(council, title="e", lead=council.agencies[1], due=date(2026, 11, 23), cooperating=[])
    async with council.store.reading() as reading:
        board = await board_for(reading, council.chair)
        assert [line.task.title for line in board.lines] == ["a", "b", "e", "c", "d"]
        assert (board.overdue, board.longest, board.count.total) == (3, 14, 5)
        assert [line.task.title for line in (await board_for(reading, council.officer)).lines] == list("abcd")
        assert not (await board_for(reading, council.members[1])).lines
        assert not (await board_for(reading, council.chair, own=True)).lines
        with pytest.raises(Refused):
            await open_task(reading, council.members[1], board.lines[0].task.id)


async def test_a_task_is_due_at_the_end_of_its_local_day(council: Council) -> None:
    task = await assigned(council, due=date(2026, 11, 24))
    council.clock.later(hours=15, minutes=59)  # 23:59 in Vietnam
    async with council.store.reading() as reading:
        assert (await open_task(reading, council.officer, task)).line.late == 0
    council.clock.later(minutes=1)
    async with council.store.reading() as reading:
        assert (await open_task(reading, council.officer, task)).line.late == 1
