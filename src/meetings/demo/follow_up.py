"""What came after the meeting that is over: signed minutes, issued resolutions, tasks in every state."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from meetings.after.minutes import blocks_of, edit_minutes, publish_minutes
from meetings.after.resolutions import issue_resolution
from meetings.after.signing import sign_minutes
from meetings.after.tasks import accept_task, assign_task, report_done, report_progress, verify_task
from meetings.demo.settling import PASSWORD
from meetings.demo.telling import Telling
from meetings.rules.refusals import Refused
from meetings.storage.tables import Clause, Minutes, Resolution, Task

DISCUSSION = (
    "Các đại biểu thảo luận, cơ bản nhất trí với tờ trình và báo cáo thẩm tra; "
    "đề nghị làm rõ tiến độ thực hiện."
)
OFFICERS = {"VP": "agency1", "STC": "agency2", "SXD": "agency3", "SGDĐT": "agency4", "SYT": "agency5"}
"""Who acts for an agency in the story, by its short name; others have not looked at their task yet."""


async def write_minutes(telling: Telling, meeting: UUID, keys_dir: Path) -> None:
    """Edited and signed the next day, published."""
    store, secretary, chair = telling.store, telling.city["secretary"], telling.city["chair"]
    telling.at(-13, 9)
    async with store.work() as work:
        minutes = await work.session.scalar(select(Minutes).where(Minutes.meeting_id == meeting))
        if minutes is None:
            raise Refused("minutes-none")
        prose = [block.id for block in blocks_of(minutes).blocks if block.id.endswith(":discussion")]
        await edit_minutes(
            work,
            secretary,
            minutes.id,
            revision=minutes.revision,
            texts=dict.fromkeys(prose[1:4], DISCUSSION),
        )
    await sign_minutes(store, secretary, minutes.id, "secretary", PASSWORD, keys_dir)
    telling.at(-13, 15)
    await sign_minutes(store, chair, minutes.id, "chair", PASSWORD, keys_dir)
    async with store.work() as work:
        await publish_minutes(work, secretary, minutes.id)


async def follow_up(telling: Telling, meeting: UUID) -> None:
    """Resolutions issued, and tasks in every state: done on time, done late, late and open, waiting, running."""
    await _assign(telling, meeting, await _issue(telling, meeting))
    async with telling.store.reading() as reading:
        leads = dict((await reading.session.execute(select(Task.lead_id, Task.id))).all())
    done = {"STC": (-5, True), "SGDĐT": (-3, True), "SYT": (-1, False)}
    for agency, officer in OFFICERS.items():
        await _carry_out(telling, leads[telling.city.agencies[agency]], officer, done.get(agency))


async def _issue(telling: Telling, meeting: UUID) -> list[dict[int, UUID]]:
    """The clauses of both resolutions by their number, the older resolution first."""
    telling.at(-12, 10)
    async with telling.store.work() as work:
        drafts = (
            await work.session.scalars(
                select(Resolution).where(Resolution.meeting_id == meeting).order_by(Resolution.adopted_at)
            )
        ).all()
        clauses: list[dict[int, UUID]] = []
        for draft in drafts:
            await issue_resolution(work, telling.city["chair"], draft.id)
            rows = await work.session.scalars(select(Clause).where(Clause.resolution_id == draft.id))
            clauses.append({clause.position: clause.id for clause in rows})
    return clauses


async def _assign(telling: Telling, meeting: UUID, clauses: list[dict[int, UUID]]) -> None:
    """Four tasks of the resolutions; a promise and a written answer became tasks by themselves."""
    city, today = telling.city, telling.now.date()
    async with telling.store.work() as work:
        resolutions = (
            await work.session.scalars(
                select(Resolution.id).where(Resolution.meeting_id == meeting).order_by(Resolution.adopted_at)
            )
        ).all()
        for number, position, agency, title, due in _plan(today):
            await assign_task(
                work, city["secretary"], body=city.council, lead=city.agencies[agency], title=title, due=due,
                resolution=resolutions[number], clause=clauses[number].get(position),
                cooperating=[city.agencies["VP"]],
            )  # fmt: skip


def _plan(today: date) -> tuple[tuple[int, int, str, str, date], ...]:
    return (
        (0, 1, "STC", "Phân bổ chi tiết vốn điều chỉnh cho từng dự án", today - timedelta(days=4)),
        (0, 2, "BQLDA", "Báo cáo tiến độ giải ngân trước ngày 10 hằng tháng", today - timedelta(days=3)),
        (1, 1, "SGDĐT", "Hướng dẫn các trường thực hiện mức hỗ trợ học phí", today - timedelta(days=6)),
        (1, 2, "SYT", "Phối hợp khám sức khỏe học sinh đầu năm học", today + timedelta(days=2)),
    )


async def _carry_out(telling: Telling, task: UUID, officer: str, done: tuple[int, bool] | None) -> None:
    """Accepted, reported on; and `done` on a day, verified or not."""
    actor = telling.city[officer]
    telling.at(-11, 9)
    async with telling.store.work() as work:
        await accept_task(work, actor, task)
    telling.at(-8, 14)
    async with telling.store.work() as work:
        await report_progress(
            work, actor, task, percent=40, text="Đã ban hành kế hoạch, phân công đơn vị thực hiện."
        )
    if done is None:
        return
    day, verified = done
    telling.at(day, 15)
    async with telling.store.work() as work:
        await report_done(work, actor, task, text="Đã hoàn thành, có văn bản báo cáo kết quả kèm theo.")
    if verified:
        telling.later(120)
        async with telling.store.work() as work:
            await verify_task(work, telling.city["chair"], task)
