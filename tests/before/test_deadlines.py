"""Deadlines, planned ends, rooms and conflicts of meetings, with the facts as they are stored."""

from __future__ import annotations

from collections.abc import Awaitable, Generator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from meetings.before.agenda import add_item
from meetings.before.conflicts import conflicts_of, plan_of
from meetings.before.deadlines import deadlines_of, set_deadlines
from meetings.before.papers import Checked, lay_paper, withdraw_paper
from meetings.before.rooms import RoomFacts, change_room, open_room, rooms
from meetings.before.scheduling import change_meeting, publish_meeting, schedule_meeting
from meetings.council.bodies import begin_membership, found_body
from meetings.rules.deadlines import Deadline, Duty
from meetings.rules.events import RoomChanged
from meetings.rules.refusals import Refused
from meetings.storage.tables import Body, JournalRow, Meeting
from meetings.storage.unit_of_work import Store
from tests.support.council import SINCE, Council, make_council


@contextmanager
def at(store: Store, day: str) -> Generator[None]:
    """At nine in the morning in Hà Nội."""
    clock, moment = store.clock, datetime.fromisoformat(f"{day}T02:00").replace(tzinfo=UTC)
    store.clock = lambda: moment
    try:
        yield
    finally:
        store.clock = clock


async def _refused(code: str, act: Awaitable[object]) -> Refused:
    with pytest.raises(Refused) as refusal:
        await act
    assert refusal.value.code == code
    return refusal.value


async def _scheduled(store: Store, council: Council, starts: str, **more: Any) -> Meeting:
    async with store.work() as work:
        meeting = await schedule_meeting(
            work,
            council["secretary"],
            body=council.body,
            title="Họp",
            starts=starts,
            **more,
        )
        await add_item(work, council["secretary"], meeting.id, title="Báo cáo")
    return meeting


async def _deadlines(store: Store, meeting: Meeting) -> dict[Duty, Deadline]:
    async with store.reading() as reading:
        kept = await reading.get(Meeting, meeting.id)
        body = await reading.get(Body, kept.body_id)
        found = await deadlines_of(reading, [(kept, body)])
    return {one.duty: one for one in found.get(meeting.id, [])}


async def test_a_notice_is_late_by_working_days_over_tet(store: Store) -> None:
    council = await make_council(store, seats=3)
    meeting = await _scheduled(store, council, "2026-02-24T08:00")
    with at(store, "2026-02-12"):
        assert (await _deadlines(store, meeting))[Duty.NOTICE] == Deadline(
            Duty.NOTICE, date(2026, 2, 12), None, 0
        )
    with at(store, "2026-02-13"):
        assert (await _deadlines(store, meeting))[Duty.NOTICE].late == 1
    with at(store, "2026-02-23"):
        async with store.work() as work:
            await publish_meeting(work, council["secretary"], meeting.id)
        assert (await _deadlines(store, meeting))[Duty.NOTICE].late == 2
    with at(store, "2026-03-30"):
        assert (await _deadlines(store, meeting))[Duty.NOTICE].late == 2, "what was sent stays as it was"


async def test_papers_count_from_their_first_version_until_they_are_withdrawn(store: Store) -> None:
    council = await make_council(store, seats=3)
    secretary = council["secretary"]
    meeting = await _scheduled(store, council, "2026-03-12T08:00")
    file = Checked("a.pdf", "0" * 64, 10, 1)
    async with store.work() as work:
        item = await add_item(work, secretary, meeting.id, title="Tờ trình")
    with at(store, "2026-03-09"):
        async with store.work() as work:
            early = await lay_paper(work, secretary, item.id, file, title="Sớm")
    with at(store, "2026-03-10"):
        async with store.work() as work:
            await lay_paper(work, secretary, item.id, file, paper=early.paper_id)
        assert (await _deadlines(store, meeting))[Duty.PAPERS].papers == 0
        async with store.work() as work:
            late = await lay_paper(work, secretary, item.id, file, title="Muộn")
    papers = (await _deadlines(store, meeting))[Duty.PAPERS]
    assert (papers.papers, papers.late) == (1, 1)
    async with store.work() as work:
        await withdraw_paper(work, secretary, late.paper_id)
    assert (await _deadlines(store, meeting))[Duty.PAPERS].papers == 0


async def test_a_body_has_its_own_periods(store: Store) -> None:
    council = await make_council(store, seats=3)
    meeting = await _scheduled(store, council, "2026-03-12T08:00")
    async with store.work() as work:
        await _refused("forbidden", set_deadlines(work, council["secretary"], council.body, {}))
        await set_deadlines(work, council["admin"], council.body, {"regular": {"notice_days": 5}})
        await set_deadlines(work, council["admin"], council.body, {"regular": {"papers_days": 0}})
    found = await _deadlines(store, meeting)
    assert found[Duty.NOTICE].due == date(2026, 3, 5)
    assert Duty.PAPERS not in found
    async with store.reading() as reading:
        body = await reading.get(Body, council.body)
        told = (
            await reading.session.scalars(
                select(JournalRow.payload).where(JournalRow.event == "DeadlinesSet")
            )
        ).all()
    assert body.deadlines == {"regular": {"notice_days": 5, "papers_days": 0}}
    assert [one["changes"]["regular"]["notice_days"] for one in told] == [5, 5]


async def test_a_meeting_that_is_moved_keeps_its_length(store: Store) -> None:
    council = await make_council(store, seats=3)
    secretary = council["secretary"]
    meeting = await _scheduled(store, council, "2026-03-12T08:00", ends="2026-03-12T11:30")
    async with store.work() as work:
        kept = await change_meeting(work, secretary, meeting.id, starts="2026-03-13T13:30")
        assert (kept.ends_local, kept.ends_at) == ("2026-03-13T17:00", datetime(2026, 3, 13, 10, tzinfo=UTC))
        await _refused("end-wrong", change_meeting(work, secretary, meeting.id, ends="2026-03-13T13:30"))
        await _refused("end-wrong", change_meeting(work, secretary, meeting.id, ends="2026-03-15T13:30"))
    async with store.work() as work:
        kept = await change_meeting(work, secretary, meeting.id, ends="")
        assert (kept.ends_local, kept.ends_at) == ("", None)


async def test_an_end_in_summer_time_is_that_of_the_zone(store: Store) -> None:
    council = await make_council(store, seats=3)
    async with store.work() as work:
        body = await work.get(Body, council.body)
        body.timezone = "Europe/Berlin"
    meeting = await _scheduled(store, council, "2026-10-24T22:00", ends="2026-10-25T04:00")
    assert meeting.ends_at is not None
    assert meeting.ends_at - meeting.starts_at == timedelta(hours=7), "the clock is put back at three"


async def test_a_blocked_room_refuses(store: Store) -> None:
    council = await make_council(store, seats=3)
    admin, secretary = council["admin"], council["secretary"]
    facts = RoomFacts(name="Hội trường A", seats=120, equipment=["Máy chiếu", " "])
    async with store.work() as work:
        await _refused("forbidden", open_room(work, secretary, facts))
        room = await open_room(work, admin, facts)
        await _refused("room-name-taken", open_room(work, admin, facts))
    blocked = replace(
        facts, blocked_from=date(2026, 3, 10), blocked_until=date(2026, 3, 12), blocked_reason="Sửa chữa"
    )
    async with store.work() as work:
        await _refused(
            "reason-missing", change_room(work, admin, room.id, replace(blocked, blocked_reason=""))
        )
        await _refused(
            "wrong-input", change_room(work, admin, room.id, replace(blocked, blocked_until=date(2026, 3, 9)))
        )
    meeting = await _scheduled(store, council, "2026-03-13T08:00", room=room.id)
    assert (meeting.place, meeting.room_id) == ("Hội trường A", room.id)
    async with store.work() as work:
        await change_room(work, admin, room.id, blocked)
        await change_room(work, admin, room.id, blocked)
    refusal = await _refused("room-blocked", _scheduled(store, council, "2026-03-12T08:00", room=room.id))
    assert refusal.facts["reason"] == "Sửa chữa"
    async with store.work() as work:
        await _refused("room-blocked", change_meeting(work, secretary, meeting.id, starts="2026-03-11T08:00"))
    async with store.work() as work:
        kept = await change_meeting(work, secretary, meeting.id, title="Họp khác", room=room.id)
        assert kept.title == "Họp khác"
        kept = await change_meeting(work, secretary, meeting.id, room="")
        assert (kept.room_id, kept.place) == (None, "Hội trường A")
    async with store.work() as work:
        await change_room(work, admin, room.id, replace(facts, in_use=False))
        assert not await rooms(work)
    await _refused("wrong-input", _scheduled(store, council, "2026-04-01T08:00", room=room.id))
    async with store.reading() as reading:
        told = await reading.session.scalars(
            select(JournalRow).where(JournalRow.event == RoomChanged.__name__)
        )
        assert len(told.all()) == 2


async def test_conflicts_across_bodies_are_told_and_drafts_of_others_stay_unnamed(store: Store) -> None:
    council = await make_council(store, seats=3)
    secretary, foreign = council["secretary"], council["foreign-secretary"]
    async with store.work() as work:
        room = await open_room(work, council["admin"], RoomFacts(name="Phòng 1", seats=20))
        member = council["delegate01"]
        await begin_membership(work, None, body=council.other_body, person=member.person, since=SINCE)
    meeting = await _scheduled(store, council, "2026-03-12T08:00", ends="2026-03-12T10:00", room=room.id)
    async with store.work() as work:
        other = await schedule_meeting(
            work, foreign, body=council.other_body, title="Họp kín", starts="2026-03-12T09:00", room=room.id
        )
        behind = await schedule_meeting(
            work, foreign, body=council.other_body, title="Họp sau", starts="2026-03-12T10:00", room=room.id
        )
        third = await found_body(work, None, name="Ban khác", seats=2)
    async with store.reading() as reading:
        (found,) = await conflicts_of(reading, secretary, plan_of(await reading.get(Meeting, meeting.id)))
        assert (found.meeting, found.title) == (None, "")
        assert (found.room, found.members) == ("Phòng 1", [member.name])
        seen = await conflicts_of(reading, foreign, plan_of(await reading.get(Meeting, behind.id)))
        assert [one.title for one in seen] == ["Họp kín"]
        assert seen[0].meeting == other.id
        alone = replace(
            plan_of(await reading.get(Meeting, meeting.id)), body=third.id, room=None, meeting=None
        )
        assert not await conflicts_of(reading, secretary, alone)
