"""The council's term, its second session that is over, and its third: three sittings and two discussions in groups."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from meetings.before.agenda import add_item
from meetings.before.council_sessions import (
    Wanted,
    convene_session,
    plan_session,
    plan_sittings,
    put_into_session,
)
from meetings.before.council_terms import open_term
from meetings.before.discussion_groups import GroupFacts, change_group, form_groups, views_of_groups
from meetings.before.scheduling import publish_meeting
from meetings.before.session_facts import SessionFacts
from meetings.demo.settling import HALL, TERM
from meetings.demo.telling import Telling
from meetings.rules.council_sessions import SessionKind, SittingKind
from meetings.rules.weekly_schedule import DayPart
from meetings.storage.tables import Meeting

YEARS = timedelta(days=5 * 365)
ROOMS = ("Phòng họp số 1, Trụ sở HĐND", "Phòng họp số 2, Trụ sở HĐND")
IN_GROUPS = (
    ("Kế hoạch phát triển kinh tế - xã hội năm tới", 60),
    ("Dự toán thu, chi ngân sách và phân bổ ngân sách năm tới", 60),
)
NEXT_MORNING = (
    ("Báo cáo kết quả thảo luận tổ", 20),
    ("Giải trình, tiếp thu ý kiến thảo luận", 30),
    ("Thảo luận tại hội trường về kế hoạch và ngân sách năm tới", 90),
)


async def plan_sessions(telling: Telling, past: UUID) -> UUID:
    """The term with the meeting that is over as its second session; the third one was convened nine days ago."""
    city, today = telling.city, telling.now.date()
    telling.at(-14, 12)
    async with telling.store.work() as work:
        await open_term(
            work, city["admin"], city.council, name="Khóa XVI", since=today - TERM, until=today - TERM + YEARS
        )
        held = today - timedelta(days=14)
        second = await plan_session(
            work, city["secretary"], city.council,
            SessionFacts(number=2, kind=SessionKind.THEMATIC, since=held, until=held, place=HALL),
        )  # fmt: skip
        await convene_session(work, city["secretary"], second.id)
        await put_into_session(work, city["secretary"], past, second.id)
    telling.at(-9, 15)
    async with telling.store.work() as work:
        third = await plan_session(
            work, city["secretary"], city.council,
            SessionFacts(
                since=today + timedelta(days=1), until=today + timedelta(days=2), place=HALL,
                note="Đại biểu mang theo máy tính bảng và thẻ đại biểu. Tài liệu có trong chương trình từng phiên.",
            ),
        )  # fmt: skip
        await convene_session(work, city["secretary"], third.id)
    return third.id


async def fill_session(telling: Telling, session: UUID) -> None:
    """Beside tomorrow's sitting: two groups in the afternoon, two sittings on the day after; the last is a draft."""
    secretary, today = telling.city["secretary"], telling.now.date()
    telling.at(-5, 9)
    async with telling.store.work() as work:
        await form_groups(work, secretary, session, len(ROOMS))
        for view, room in zip(await views_of_groups(work, session), ROOMS, strict=True):
            people = [person for person, _ in view.members]
            facts = GroupFacts(place=room, chair=people[0], secretary=people[1], members=people)
            await change_group(work, secretary, view.group.id, facts)
        first, second = today + timedelta(days=1), today + timedelta(days=2)
        *groups, morning, _ = await plan_sittings(
            work, secretary, session,
            [
                Wanted(day=first, part=DayPart.AFTERNOON, kind=SittingKind.GROUP),
                Wanted(day=second, part=DayPart.MORNING),
                Wanted(day=second, part=DayPart.AFTERNOON),
            ],
        )  # fmt: skip
    for meeting in groups:
        await _publish(telling, meeting, IN_GROUPS)
    await _publish(telling, morning, NEXT_MORNING)


async def _publish(telling: Telling, meeting: Meeting, items: tuple[tuple[str, int], ...]) -> None:
    secretary = telling.city["secretary"]
    telling.later(10)
    async with telling.store.work() as work:
        for title, minutes in items:
            await add_item(work, secretary, meeting.id, title=title, minutes_planned=minutes)
        await publish_meeting(work, secretary, meeting.id)
