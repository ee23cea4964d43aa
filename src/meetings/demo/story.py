"""What happened in the demo city: a meeting held and signed, one in session, one due tomorrow, tasks in every state.

Everything goes through the use cases, with the clock set to the day it happened, so the journal, the minutes and the
board are what a real year would have left.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import select

from meetings.after.minutes import blocks_of, edit_minutes, publish_minutes
from meetings.after.resolutions import issue_resolution
from meetings.after.signing import sign_minutes
from meetings.after.tasks import accept_task, assign_task, report_done, report_progress, verify_task
from meetings.before.agenda import add_item
from meetings.before.papers import keep_upload, lay_paper
from meetings.before.scheduling import publish_meeting, schedule_meeting
from meetings.demo import people
from meetings.demo.papers import paper
from meetings.demo.points import NOW, PAST, TOMORROW, Point
from meetings.demo.settling import PASSWORD, City
from meetings.during.attendance import Presence, check_in, record_attendance
from meetings.during.ballot_box import BallotBox
from meetings.during.motions import motions_of, move_motion
from meetings.during.proceedings import adjourn, call_to_order, take_up
from meetings.during.voting import announce_outcome, close_poll, draft_poll, open_poll
from meetings.pdf.inspect import inspect
from meetings.rules.permissions import Actor
from meetings.rules.refusals import Refused
from meetings.storage.tables import Clause, Item, Minutes, Resolution
from meetings.storage.unit_of_work import Store

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
DISCUSSION = (
    "Các đại biểu thảo luận, cơ bản nhất trí với tờ trình và báo cáo thẩm tra; "
    "đề nghị làm rõ tiến độ thực hiện."
)


class Teller:
    """Tells the story, moving the store's clock along."""

    def __init__(self, store: Store, city: City, keys_dir: Path, now: datetime) -> None:
        self._store = store
        self._city = city
        self._keys_dir = keys_dir
        self._now = now.astimezone(ZONE).replace(second=0, microsecond=0)
        self._moment = self._now

    async def tell(self) -> dict[str, UUID]:
        """All of it; the meetings by what they are: `past`, `running`, `tomorrow`."""
        clock, self._store.clock = self._store.clock, self._clock
        try:
            past = await self._past()
            await self._tasks(past)
            tomorrow = await self._published(
                "Kỳ họp thứ ba (kỳ họp thường lệ cuối năm)", 1, TOMORROW, notice=6
            )
            running = await self._running()
        finally:
            self._store.clock = clock
        return {"past": past, "running": running, "tomorrow": tomorrow}

    def _clock(self) -> datetime:
        return self._moment

    def _at(self, days: int, hour: int, minute: int = 0) -> None:
        self._moment = (self._now + timedelta(days=days)).replace(hour=hour, minute=minute)

    def _later(self, minutes: int = 1) -> None:
        self._moment += timedelta(minutes=minutes)

    async def _published(self, title: str, day: int, points: Sequence[Point], *, notice: int) -> UUID:
        """A meeting so many days from now at 08:00, published `notice` days before."""
        secretary = self._city["secretary"]
        self._at(day - notice - 2, 9)
        starts = (self._now + timedelta(days=day)).strftime("%Y-%m-%dT08:00")
        async with self._store.work() as work:
            meeting = await schedule_meeting(
                work, secretary, body=self._city.council, title=title, starts=starts,
                place="Hội trường lớn, Trung tâm Hội nghị thành phố",
            )  # fmt: skip
        for point in points:
            self._later(3)
            await self._write(meeting.id, point)
        self._at(day - notice, 16)
        async with self._store.work() as work:
            await publish_meeting(work, secretary, meeting.id)
        return meeting.id

    async def _write(self, meeting: UUID, point: Point) -> None:
        secretary = self._city["secretary"]
        files = [(kind, await self._paper(kind, point, parts)) for kind, parts in point.papers]
        async with self._store.work() as work:
            item = await add_item(
                work,
                secretary,
                meeting,
                title=point.title,
                presenter=point.presenter,
                minutes_planned=point.minutes,
            )
            if point.motion:
                await move_motion(
                    work, secretary, item.id, title=point.motion, text=point.text, mover=people.COMMITTEE
                )
        for kind, content in files:
            pages = inspect(content).pages
            checked = await keep_upload(self._store, f"{kind}.pdf", content, pages)
            async with self._store.work() as work:
                await lay_paper(work, secretary, item.id, checked, title=kind)

    async def _paper(self, kind: str, point: Point, parts: int) -> bytes:
        subject = point.title[0].lower() + point.title[1:]
        subject = subject.removeprefix("báo cáo ") if kind == "Báo cáo" else f"Về {subject}"
        subject = subject[0].upper() + subject[1:]
        return await asyncio.to_thread(paper, kind, subject, people.COMMITTEE, self._moment, parts)

    async def _past(self) -> UUID:
        meeting = await self._published("Kỳ họp thứ hai (kỳ họp chuyên đề)", -14, PAST, notice=8)
        chair = self._city["chair"]
        self._at(-14, 7, 30)
        await self._attend(meeting, self._city.delegates[:45], excused=self._city.delegates[45:47])
        self._at(-14, 8, 2)
        async with self._store.work() as work:
            await call_to_order(work, chair, meeting)
        box = BallotBox(self._store)
        box.open()
        async with self._store.reading() as reading:
            items = (
                await reading.session.scalars(
                    select(Item).where(Item.meeting_id == meeting).order_by(Item.position)
                )
            ).all()
        for item, point in zip(items, PAST, strict=True):
            await self._deal_with(box, item.id, point)
        await box.shut()
        async with self._store.work() as work:
            await adjourn(work, chair, meeting)
        await self._minutes(meeting)
        return meeting

    async def _attend(self, meeting: UUID, present: Sequence[Actor], excused: Sequence[Actor] = ()) -> None:
        async with self._store.work() as work:
            for actor in (self._city["chair"], *present):
                await check_in(work, actor, meeting)
            for actor in excused:
                await record_attendance(
                    work, self._city["secretary"], meeting, actor.person, Presence.EXCUSED
                )

    async def _deal_with(self, box: BallotBox, item: UUID, point: Point) -> None:
        chair = self._city["chair"]
        async with self._store.work() as work:
            taken = await take_up(work, chair, item)
        if point.motion:
            self._later(point.minutes)
            async with self._store.work() as work:
                motion = next(one for one in await motions_of(work, taken.meeting_id) if one.item_id == item)
                poll = await draft_poll(work, chair, item, motion=motion.id)
                await open_poll(work, chair, poll.id)
            self._later()
            await self._ballots(box, poll.id, point)
            self._later()
            async with self._store.work() as work:
                await close_poll(work, chair, poll.id)
                await announce_outcome(work, chair, poll.id)
        self._later(max(2, point.minutes // 4))

    async def _ballots(self, box: BallotBox, poll: UUID, point: Point) -> None:
        voters = [self._city["chair"], *self._city.delegates[: 45 - point.silent]]
        choices = ["no"] * point.against + ["abstain"] * point.abstain
        choices = ["yes"] * (len(voters) - len(choices)) + choices
        await asyncio.gather(
            *(
                box.cast(voter, poll, choice, str(uuid4()))
                for voter, choice in zip(voters, choices, strict=True)
            )
        )

    async def _minutes(self, meeting: UUID) -> None:
        """Edited and signed the next day, published."""
        secretary, chair = self._city["secretary"], self._city["chair"]
        self._at(-13, 9)
        async with self._store.work() as work:
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
        await sign_minutes(self._store, secretary, minutes.id, "secretary", PASSWORD, self._keys_dir)
        self._at(-13, 15)
        await sign_minutes(self._store, chair, minutes.id, "chair", PASSWORD, self._keys_dir)
        async with self._store.work() as work:
            await publish_minutes(work, secretary, minutes.id)

    async def _tasks(self, meeting: UUID) -> None:
        """Resolutions issued; of their clauses: done on time, done late, late and open, waiting, running."""
        chair, secretary, agencies = self._city["chair"], self._city["secretary"], self._city.agencies
        self._at(-12, 10)
        async with self._store.work() as work:
            drafts = (
                await work.session.scalars(
                    select(Resolution).where(Resolution.meeting_id == meeting).order_by(Resolution.adopted_at)
                )
            ).all()
            for draft in drafts:
                await issue_resolution(work, chair, draft.id)
            clauses = {
                (resolution.id, clause.position): clause.id
                for resolution in drafts
                for clause in await work.session.scalars(
                    select(Clause).where(Clause.resolution_id == resolution.id)
                )
            }
        first, second = drafts[0].id, drafts[1].id
        today = self._now.date()
        plan = (
            (
                first,
                1,
                "STC",
                "Phân bổ chi tiết vốn điều chỉnh cho từng dự án",
                today - timedelta(days=4),
                "agency2",
            ),
            (first, 2, "BQLDA", "Báo cáo tiến độ giải ngân hằng tháng", today - timedelta(days=3), ""),
            (
                first,
                1,
                "SXD",
                "Rà soát các dự án chậm tiến độ do giải phóng mặt bằng",
                today + timedelta(days=21),
                "agency3",
            ),
            (
                second,
                1,
                "SGDĐT",
                "Hướng dẫn các trường thực hiện mức hỗ trợ học phí",
                today - timedelta(days=6),
                "agency4",
            ),
            (
                second,
                2,
                "SYT",
                "Phối hợp khám sức khỏe học sinh đầu năm học",
                today + timedelta(days=2),
                "agency5",
            ),
            (second, 1, "VP", "Theo dõi việc công khai mức hỗ trợ trên cổng thông tin", None, "agency1"),
        )
        tasks: dict[str, tuple[UUID, str]] = {}
        for resolution, position, agency, title, due, officer in plan:
            async with self._store.work() as work:
                task = await assign_task(
                    work, secretary, body=self._city.council, lead=agencies[agency], title=title, due=due,
                    resolution=resolution, clause=clauses.get((resolution, position)),
                    cooperating=[agencies["VP"]] if agency != "VP" else [],
                )  # fmt: skip
            tasks[agency] = (task.id, officer)
        await self._carry_out(tasks, chair)

    async def _carry_out(self, tasks: dict[str, tuple[UUID, str]], chair: Actor) -> None:
        done = {"STC": (-5, True), "SGDĐT": (-3, True), "SYT": (-1, False)}
        for agency, (task, officer) in tasks.items():
            if not officer:
                continue
            actor = self._city[officer]
            self._at(-11, 9)
            async with self._store.work() as work:
                await accept_task(work, actor, task)
            self._at(-8, 14)
            async with self._store.work() as work:
                await report_progress(
                    work, actor, task, percent=40, text="Đã ban hành kế hoạch, phân công đơn vị thực hiện."
                )
            if agency not in done:
                continue
            day, verified = done[agency]
            self._at(day, 15)
            async with self._store.work() as work:
                await report_done(
                    work, actor, task, text="Đã hoàn thành, có văn bản báo cáo kết quả kèm theo."
                )
            if verified:
                self._later(120)
                async with self._store.work() as work:
                    await verify_task(work, chair, task)

    async def _running(self) -> UUID:
        """In session since a while ago: the third item in hand, its motion ready to be voted on."""
        meeting = await self._published("Kỳ họp chuyên đề về môi trường đô thị", 0, NOW, notice=7)
        chair = self._city["chair"]
        self._moment = self._now - timedelta(minutes=58)
        await self._attend(meeting, self._city.delegates[1:40])
        self._later(5)
        async with self._store.reading() as reading:
            items = (
                await reading.session.scalars(
                    select(Item).where(Item.meeting_id == meeting).order_by(Item.position)
                )
            ).all()
        async with self._store.work() as work:
            await call_to_order(work, chair, meeting)
        for item, minutes in zip(items[:3], (2, 6, 22), strict=True):
            async with self._store.work() as work:
                await take_up(work, chair, item.id)
            self._later(minutes)
        return meeting
