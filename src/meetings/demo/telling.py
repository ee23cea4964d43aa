"""The means of the story: a clock that is set to the moment something happened, and meetings as they are prepared."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from meetings.before.agenda import add_item, agenda_of
from meetings.before.council_sessions import put_into_session
from meetings.before.papers import keep_upload, lay_paper
from meetings.before.scheduling import open_to_public, publish_meeting, schedule_meeting
from meetings.demo import people
from meetings.demo.papers import paper
from meetings.demo.points import Point
from meetings.demo.settling import HALL, City
from meetings.during.motions import move_motion
from meetings.pdf.inspect import inspect
from meetings.rules.agenda import ItemKind
from meetings.storage.tables import Item
from meetings.storage.unit_of_work import Store

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
LENGTH = timedelta(hours=3, minutes=30)
"""How long a meeting is planned to last."""


class Telling:
    """The city's store, and the moment at which the story is."""

    def __init__(self, store: Store, city: City, now: datetime) -> None:
        self.store = store
        self.city = city
        self.now = now.astimezone(ZONE).replace(second=0, microsecond=0)
        self.moment = self.now
        self.hall: UUID | None = None
        """The room that the council meets in."""

    def clock(self) -> datetime:
        """What the store takes for the present."""
        return self.moment

    def at(self, days: int, hour: int, minute: int = 0) -> None:
        """Go to a day, counted from today."""
        self.moment = (self.now + timedelta(days=days)).replace(hour=hour, minute=minute)

    def ago(self, minutes: float) -> None:
        """Go to so many minutes before the demo is started."""
        self.moment = self.now - timedelta(minutes=minutes)

    def later(self, minutes: float = 1) -> None:
        """Let time pass."""
        self.moment += timedelta(minutes=minutes)

    async def items(self, meeting: UUID) -> list[Item]:
        """The agenda of a meeting in order."""
        async with self.store.reading() as reading:
            return await agenda_of(reading, meeting)

    async def publish(
        self,
        title: str,
        day: int,
        points: Sequence[Point],
        *,
        notice: int,
        running: bool = False,
        session: UUID | None = None,
    ) -> UUID:
        """A meeting so many days from now at 08:00, published `notice` days before; a sitting of a council session.

        The one that is `running` began within the last hour, and is open to the public.
        """
        secretary = self.city["secretary"]
        self.at(day - notice - 2, 9)
        begun = self.now - timedelta(minutes=55)
        hour = begun.replace(minute=begun.minute // 5 * 5) if running else self.now.replace(hour=8, minute=0)
        begins = hour + timedelta(days=day)
        starts, ends = (moment.strftime("%Y-%m-%dT%H:%M") for moment in (begins, begins + LENGTH))
        async with self.store.work() as work:
            meeting = await schedule_meeting(
                work, secretary, body=self.city.council, title=title, starts=starts, ends=ends, place=HALL,
                room=self.hall,
            )  # fmt: skip
            if session:
                await put_into_session(work, secretary, meeting.id, session)
        for point in points:
            self.later(3)
            await self._write(meeting.id, point)
        self.at(day - notice, 16)
        async with self.store.work() as work:
            await publish_meeting(work, secretary, meeting.id)
            if running:
                await open_to_public(work, secretary, meeting.id, public=True)
        return meeting.id

    async def _write(self, meeting: UUID, point: Point) -> None:
        secretary = self.city["secretary"]
        files = [(kind, await self._paper(kind, point, parts)) for kind, parts in point.papers]
        async with self.store.work() as work:
            item = await add_item(
                work, secretary, meeting, title=point.title, presenter=point.presenter,
                minutes_planned=point.minutes,
                kind=ItemKind.QUESTIONS if point.questions else ItemKind.REGULAR,
            )  # fmt: skip
        for motion in point.motions:
            self.later()
            async with self.store.work() as work:
                await move_motion(
                    work, secretary, item.id, title=motion.title, text=motion.text, kind=motion.kind,
                    mover=motion.mover or people.COMMITTEE,
                )  # fmt: skip
        for kind, content in files:
            pages = inspect(content).pages
            checked = await keep_upload(self.store, f"{kind}.pdf", content, pages)
            async with self.store.work() as work:
                await lay_paper(work, secretary, item.id, checked, title=kind)

    async def _paper(self, kind: str, point: Point, parts: int) -> bytes:
        subject = point.title[0].lower() + point.title[1:]
        subject = subject.removeprefix("báo cáo ") if kind == "Báo cáo" else f"Về {subject}"
        subject = subject[0].upper() + subject[1:]
        return await asyncio.to_thread(paper, kind, subject, people.COMMITTEE, self.moment, parts)
