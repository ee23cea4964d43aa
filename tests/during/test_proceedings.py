"""The chair's acts, and who may do them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import select

from meetings.during.agenda_changes import postpone, withdraw
from meetings.during.attendance import Presence, check_in, record_attendance, room_of
from meetings.during.motions import move_motion
from meetings.during.proceedings import (
    adjourn,
    call_to_order,
    conclude,
    recess,
    resume,
    take_up,
)
from meetings.rules.refusals import Refused
from meetings.storage.tables import Attendance, Body, Item, JournalRow, Meeting
from meetings.storage.unit_of_work import Store, Work
from tests.support.council import begin_poll, begin_sitting, make_council, publish_sitting, seat


async def _refused(
    store: Store, code: str, act: Callable[[Work], Awaitable[object]], **facts: object
) -> None:
    with pytest.raises(Refused) as refusal:
        async with store.work() as work:
            await act(work)
    assert refusal.value.code == code
    assert facts.items() <= refusal.value.facts.items()


async def test_without_a_quorum_the_meeting_does_not_begin(store: Store) -> None:
    council = await make_council(store, seats=9)
    sitting = await publish_sitting(store, council)
    await seat(store, council, sitting.meeting, 5)
    await _refused(
        store,
        "quorum-short",
        lambda work: call_to_order(work, council["chair"], sitting.meeting),
        present=5,
        needed=6,
    )
    await seat(store, council, sitting.meeting, 6, Presence.REMOTE)
    async with store.work() as work:
        meeting = await call_to_order(work, council["chair"], sitting.meeting)
    assert meeting.state == "in_session"


async def test_attendance_is_kept_as_intervals_and_doing_it_again_changes_nothing(store: Store) -> None:
    council = await make_council(store, seats=3)
    sitting = await publish_sitting(store, council)
    delegate, secretary = council["delegate01"], council["secretary"]
    for _ in range(2):
        async with store.work() as work:
            await check_in(work, delegate, sitting.meeting)
    async with store.work() as work:
        await record_attendance(work, secretary, sitting.meeting, delegate.person, Presence.OUT)
    async with store.reading() as reading:
        rows = (await reading.session.scalars(select(Attendance).order_by(Attendance.since))).all()
        assert [(row.state, row.source, row.until is None) for row in rows] == [
            ("in", "self", False),
            ("out", "secretary", True),
        ]
        assert rows[0].until == rows[1].since
        meeting = await reading.get(Meeting, sitting.meeting)
        room = await room_of(reading, meeting, await reading.get(Body, council.body))
        assert (room.present, room.counts()["out"], room.counts()["absent"]) == (0, 1, 2)
    await _refused(store, "not-a-member", lambda work: check_in(work, council["secretary"], sitting.meeting))
    await _refused(store, "not-a-member", lambda work: check_in(work, council["stranger"], sitting.meeting))
    await _refused(
        store,
        "forbidden",
        lambda work: record_attendance(work, delegate, sitting.meeting, delegate.person, Presence.IN),
    )


async def test_items_follow_one_another_and_adjourning_concludes_the_last(store: Store) -> None:
    council = await make_council(store, seats=3)
    sitting = await begin_sitting(store, council)
    chair = council["chair"]
    async with store.reading() as reading:
        items = (await reading.session.scalars(select(Item).order_by(Item.position))).all()
    first = next(item for item in items if item.id != sitting.item)
    async with store.work() as work:
        await take_up(work, chair, first.id)
    async with store.reading() as reading:
        assert (await reading.get(Item, sitting.item)).state == "concluded"
    async with store.work() as work:
        await recess(work, chair, sitting.meeting)
    await _refused(store, "meeting-not-running", lambda work: take_up(work, chair, sitting.item))
    async with store.work() as work:
        await resume(work, chair, sitting.meeting)
        await adjourn(work, chair, sitting.meeting)
    async with store.reading() as reading:
        assert (await reading.get(Item, first.id)).state == "concluded"
        meeting = await reading.get(Meeting, sitting.meeting)
        assert (meeting.state, meeting.current_item_id) == ("adjourned", None)
        names = (
            await reading.session.scalars(
                select(JournalRow.event)
                .where(JournalRow.chain_id == sitting.meeting)
                .order_by(JournalRow.seq)
            )
        ).all()
    tail = [name for name in names if name != "AttendanceRecorded"]
    assert tail[tail.index("MeetingCalledToOrder") :][:8] == [
        "MeetingCalledToOrder",
        "ItemTakenUp",
        "ItemConcluded",
        "ItemTakenUp",
        "MeetingRecessed",
        "MeetingResumed",
        "ItemConcluded",
        "MeetingAdjourned",
    ]


async def test_an_unfinished_poll_holds_the_meeting(store: Store) -> None:
    council = await make_council(store, seats=3)
    sitting = await begin_sitting(store, council)
    chair = council["chair"]
    await begin_poll(store, council, sitting)
    await _refused(store, "meeting-open-poll", lambda work: recess(work, chair, sitting.meeting))
    await _refused(store, "meeting-open-poll", lambda work: adjourn(work, chair, sitting.meeting))
    await _refused(store, "item-open-poll", lambda work: conclude(work, chair, sitting.item))
    await _refused(store, "item-open-poll", lambda work: postpone(work, chair, sitting.item))
    async with store.reading() as reading:
        assert (await reading.get(Meeting, sitting.meeting)).state == "in_session"
        assert (await reading.get(Item, sitting.item)).state == "taken_up"


async def test_items_are_postponed_and_withdrawn(store: Store) -> None:
    council = await make_council(store, seats=3)
    sitting = await begin_sitting(store, council)
    chair = council["chair"]
    async with store.work() as work:
        await postpone(work, chair, sitting.item, reason="Chưa đủ hồ sơ")
    await _refused(store, "not-now", lambda work: conclude(work, chair, sitting.item))
    async with store.reading() as reading:
        assert (await reading.get(Item, sitting.item)).state == "postponed"
        assert (await reading.get(Meeting, sitting.meeting)).current_item_id is None
    async with store.work() as work:
        await take_up(work, chair, sitting.item)
        await withdraw(work, chair, sitting.item)
    await _refused(store, "not-now", lambda work: take_up(work, chair, sitting.item))
    async with store.reading() as reading:
        assert (await reading.get(Item, sitting.item)).state == "withdrawn"


async def test_until_the_call_to_order_the_secretary_sets_items_aside(store: Store) -> None:
    council = await make_council(store, seats=3)
    sitting = await publish_sitting(store, council)
    for who in ("delegate01", "observer", "foreign-secretary"):
        await _refused(store, "forbidden", lambda work, who=who: withdraw(work, council[who], sitting.item))
    async with store.work() as work:
        await postpone(work, council["secretary"], sitting.item, reason="Chưa đủ hồ sơ")
        kept = await withdraw(work, council["secretary"], sitting.item, reason="Người trình rút")
    assert (kept.state, kept.number) == ("withdrawn", "2")
    await _refused(store, "not-now", lambda work: withdraw(work, council["secretary"], sitting.item))


async def test_two_who_set_an_item_aside_at_once_do_it_once(store: Store) -> None:
    council = await make_council(store, seats=3)
    sitting = await publish_sitting(store, council)

    async def set_aside() -> str:
        try:
            async with store.work() as work:
                await withdraw(work, council["secretary"], sitting.item)
        except Refused as refusal:
            return refusal.code
        return "done"

    answers = await asyncio.gather(*(set_aside() for _ in range(8)))
    assert sorted(answers) == ["done", *["not-now"] * 7]


@pytest.mark.parametrize(
    "who", ["delegate01", "secretary", "observer", "admin", "officer", "foreign-secretary"]
)
async def test_only_the_chair_runs_the_room(store: Store, who: str) -> None:
    council = await make_council(store, seats=3)
    sitting = await begin_sitting(store, council)
    actor = council[who]
    for act in (
        lambda work: call_to_order(work, actor, sitting.meeting),
        lambda work: recess(work, actor, sitting.meeting),
        lambda work: resume(work, actor, sitting.meeting),
        lambda work: adjourn(work, actor, sitting.meeting),
        lambda work: take_up(work, actor, sitting.item),
        lambda work: conclude(work, actor, sitting.item),
        lambda work: postpone(work, actor, sitting.item),
        lambda work: withdraw(work, actor, sitting.item),
    ):
        await _refused(store, "forbidden", act)


async def test_two_chairs_at_once_one_wins(store: Store) -> None:
    council = await make_council(store, seats=3)
    sitting = await publish_sitting(store, council)
    await seat(store, council, sitting.meeting, 3)

    async def call() -> str:
        try:
            async with store.work() as work:
                await call_to_order(work, council["chair"], sitting.meeting)
        except Refused as refusal:
            return refusal.code
        return "done"

    assert sorted(await asyncio.gather(call(), call())) == ["done", "not-now"]


async def test_a_motion_needs_a_title_and_a_known_kind(store: Store) -> None:
    council = await make_council(store, seats=3)
    sitting = await publish_sitting(store, council)
    secretary = council["secretary"]
    await _refused(store, "field-missing", lambda work: move_motion(work, secretary, sitting.item, title=" "))
    await _refused(
        store, "wrong-input", lambda work: move_motion(work, secretary, sitting.item, title="X", kind="magic")
    )
    early = council["delegate01"]
    await _refused(
        store, "meeting-not-running", lambda work: move_motion(work, early, sitting.item, title="X")
    )
    outside = council["observer"]
    await _refused(store, "forbidden", lambda work: move_motion(work, outside, sitting.item, title="X"))
