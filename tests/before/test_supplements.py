"""A published agenda is frozen, changes by numbered supplements, and members confirm having read it."""

from __future__ import annotations

from collections.abc import Awaitable

import pytest
from sqlalchemy import select

from meetings.before.agenda import add_item, agenda_of, change_item, move_item
from meetings.before.papers import keep_upload, lay_paper
from meetings.before.scheduling import publish_meeting, schedule_meeting
from meetings.before.supplements import (
    confirm_reading,
    freeze_agenda,
    issue_supplement,
    readers_of,
    release_agenda,
    supplements_of,
)
from meetings.during.agenda_changes import withdraw
from meetings.during.proceedings import call_to_order
from meetings.rules.refusals import Refused
from meetings.storage.tables import Meeting, Notification
from meetings.storage.unit_of_work import Store
from tests.support.council import Council, Sitting, make_council, publish_sitting, seat


async def _told(store: Store, council: Council, sitting: Sitting, who: str = "delegate01") -> list[str]:
    async with store.reading() as reading:
        held = await reading.get(Meeting, sitting.meeting)
        views = await supplements_of(reading, council[who], held)
    return [
        " ".join((
            f"{view.number}{'' if view.issued else '?'}", change.kind, change.number,
            f"{change.field}{change.before}>{change.after}",
        ))
        for view in views
        for change in view.changes
    ]  # fmt: skip


async def _refused(code: str, store: Store, act: Awaitable[object]) -> None:
    with pytest.raises(Refused) as refusal:
        await act
    assert refusal.value.code == code


async def test_changes_are_collected_and_told_under_one_number(store: Store) -> None:
    council = await make_council(store, seats=3)
    secretary = council["secretary"]
    sitting = await publish_sitting(store, council)
    assert await _told(store, council, sitting) == []
    async with store.work() as work:
        await _refused(
            "supplement-empty", store, issue_supplement(work, secretary, sitting.meeting, reason="x")
        )
    async with store.work() as work:
        await change_item(work, secretary, sitting.item, presenter="Bà Lan")
        await change_item(work, secretary, sitting.item, presenter="Ông Minh")
        await add_item(work, secretary, sitting.meeting, title="Đất đai")
        file = await keep_upload(store, "To-trinh.pdf", b"%PDF-1.7", 2)
        await lay_paper(work, secretary, sitting.item, file)
    assert await _told(store, council, sitting) == [
        "1? changed 2 presenter>Ông Minh", "1? added 3 >", "1? paper-laid 2 >1",
    ]  # fmt: skip
    async with store.work() as work:
        issued = await issue_supplement(work, secretary, sitting.meeting, reason="Việc gấp")
    assert (issued.number, issued.issued_by) == (1, secretary.person)
    async with store.work() as work:
        await withdraw(work, secretary, sitting.item)
    assert await _told(store, council, sitting) == [
        "2? withdrawn 2 >", "1 changed 2 presenter>Ông Minh", "1 added 3 >", "1 paper-laid 2 >1",
    ]  # fmt: skip
    async with store.reading() as reading:
        rows = await reading.session.scalars(
            select(Notification).where(Notification.person_id == council["delegate01"].person)
        )
        facts = [row.facts for row in rows if "items" in row.facts]
    assert [(fact["number"], fact["items"].startswith("2 Điều chỉnh")) for fact in facts] == [(1, True)]


async def test_inside_the_notice_period_a_reason_is_needed(store: Store) -> None:
    council = await make_council(store, seats=3)
    secretary = council["secretary"]
    async with store.work() as work:
        day = work.today.isoformat()
        meeting = await schedule_meeting(
            work, secretary, body=council.body, title="Phiên họp", starts=f"{day}T23:30"
        )
        await add_item(work, secretary, meeting.id, title="Khai mạc")
    async with store.work() as work:
        await publish_meeting(work, secretary, meeting.id)
    async with store.work() as work:
        await add_item(work, secretary, meeting.id, title="Đất đai")
    async with store.work() as work:
        await _refused("supplement-late", store, issue_supplement(work, secretary, meeting.id))
    async with store.work() as work:
        row = await issue_supplement(work, secretary, meeting.id, reason="Bão số 9")
    assert row.late_days >= 1
    assert row.reason == "Bão số 9"


async def test_what_was_not_issued_goes_out_when_the_meeting_is_called_to_order(store: Store) -> None:
    council = await make_council(store, seats=3)
    sitting = await publish_sitting(store, council)
    async with store.work() as work:
        await change_item(work, council["secretary"], sitting.item, title="Dự toán 2027")
    await seat(store, council, sitting.meeting, 3)
    async with store.work() as work:
        await call_to_order(work, council["chair"], sitting.meeting)
    (line,) = await _told(store, council, sitting)
    assert line.startswith("1 changed 2 title")
    async with store.work() as work:
        await change_item(work, council["secretary"], sitting.item, title="Dự toán 2028")
    assert await _told(store, council, sitting) == [line]


async def test_a_frozen_agenda_stays_until_the_chair_releases_it(store: Store) -> None:
    council = await make_council(store, seats=3)
    secretary = council["secretary"]
    sitting = await publish_sitting(store, council)
    async with store.work() as work:
        await freeze_agenda(work, secretary, sitting.meeting)
    async with store.reading() as reading:
        first, second = await agenda_of(reading, sitting.meeting)
    for act in (
        lambda work: add_item(work, secretary, sitting.meeting, title="Đất đai"),
        lambda work: change_item(work, secretary, first.id, title="Khác"),
        lambda work: move_item(work, secretary, second.id, parent=None, position=0),
    ):
        async with store.work() as work:
            await _refused("agenda-frozen", store, act(work))
    async with store.work() as work:
        file = await keep_upload(store, "To-trinh.pdf", b"%PDF-1.7", 2)
        await lay_paper(work, secretary, first.id, file)
    async with store.work() as work:
        await _refused("forbidden", store, release_agenda(work, secretary, sitting.meeting, reason="x"))
    async with store.work() as work:
        await _refused(
            "reason-missing", store, release_agenda(work, council["chair"], sitting.meeting, reason=" ")
        )
    async with store.work() as work:
        await release_agenda(work, council["chair"], sitting.meeting, reason="Bổ sung nội dung")
    async with store.work() as work:
        await change_item(work, secretary, first.id, title="Khác")


async def test_readers_confirm_each_state_of_the_agenda_once(store: Store) -> None:
    council = await make_council(store, seats=3)
    secretary, reader = council["secretary"], council["delegate01"]
    sitting = await publish_sitting(store, council)
    async with store.work() as work:
        assert await confirm_reading(work, reader, sitting.meeting) == 0
        assert await confirm_reading(work, reader, sitting.meeting) == 0
        await _refused("forbidden", store, confirm_reading(work, council["stranger"], sitting.meeting))
    async with store.work() as work:
        await change_item(work, secretary, sitting.item, title="Dự toán 2027")
    async with store.work() as work:
        await issue_supplement(work, secretary, sitting.meeting, reason="Sửa tên")
    async with store.work() as work:
        assert await confirm_reading(work, reader, sitting.meeting) == 1
    async with store.reading() as reading:
        held = await reading.get(Meeting, sitting.meeting)
        readers = await readers_of(reading, secretary, held)
        await _refused("forbidden", store, readers_of(reading, reader, held))
    assert [sorted(one.read) for one in readers] == [[], [0, 1], []]
