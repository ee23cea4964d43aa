"""Recesses with an end; items that are postponed to a meeting, referred, or added as urgent; two chairs at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from meetings.before.agenda import add_item, agenda_of
from meetings.before.papers import Checked, lay_paper, leaves_of, withdraw_paper
from meetings.before.scheduling import publish_meeting, schedule_meeting
from meetings.council.bodies import set_room_rules
from meetings.during.agenda_changes import add_urgent, later_meetings, postpone, refer, withdraw
from meetings.during.forecast import forecast_of, spent
from meetings.during.proceedings import (
    Seen,
    adjourn,
    call_to_order,
    conclude,
    extend_recess,
    recess,
    resume,
    take_up,
)
from meetings.during.voting import annul_poll
from meetings.rules.refusals import Refused
from meetings.rules.room_rules import DEFAULT, room_rules
from meetings.storage.journal import HOUSE
from meetings.storage.tables import Body, Item, JournalRow, Meeting
from meetings.storage.unit_of_work import Store, Work
from tests.support.council import (
    Council,
    Sitting,
    begin_poll,
    begin_sitting,
    make_council,
    publish_sitting,
    seat,
)

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
Act = Callable[[Work], Awaitable[Any]]


class Clock:
    """A clock that the test moves by hand."""

    def __init__(self, store: Store) -> None:
        self.now = NOW
        store.clock = lambda: self.now

    def pass_minutes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)


async def do(store: Store, act: Act) -> Any:
    async with store.work() as work:
        return await act(work)


async def refused(store: Store, code: str, act: Act) -> None:
    with pytest.raises(Refused) as refusal:
        await do(store, act)
    assert refusal.value.code == code


async def meeting_of(store: Store, meeting: UUID) -> Meeting:
    async with store.reading() as reading:
        return await reading.get(Meeting, meeting)


async def item_of(store: Store, item: UUID) -> Item:
    async with store.reading() as reading:
        return await reading.get(Item, item)


async def payloads(store: Store, chain: UUID, event: str) -> list[dict[str, Any]]:
    async with store.reading() as reading:
        query = select(JournalRow.payload).where(JournalRow.chain_id == chain, JournalRow.event == event)
        return list((await reading.session.scalars(query.order_by(JournalRow.seq))).all())


async def next_meeting(store: Store, council: Council, starts: str = "2026-12-08T08:00") -> UUID:
    """A draft of the same body, with two items."""
    secretary = council["secretary"]
    async with store.work() as work:
        meeting = await schedule_meeting(
            work, secretary, body=council.body, title="Kỳ họp sau", starts=starts
        )
        for title in ("Khai mạc", "Bế mạc"):
            await add_item(work, secretary, meeting.id, title=title)
    return meeting.id


async def test_a_recess_has_an_end_that_can_be_moved(store: Store) -> None:
    clock = Clock(store)
    council = await make_council(store, seats=3)
    sitting = await begin_sitting(store, council)
    chair, meeting = council["chair"], sitting.meeting
    await refused(store, "not-now", lambda work: extend_recess(work, chair, meeting))
    await refused(store, "recess-time", lambda work: recess(work, chair, meeting, until=NOW))
    await refused(store, "wrong-input", lambda work: recess(work, chair, meeting, minutes=0))
    held = await do(store, lambda work: recess(work, chair, meeting, minutes=15))
    assert held.recess_until == NOW + timedelta(minutes=15)
    clock.pass_minutes(5)
    await refused(store, "recess-changed", lambda work: extend_recess(work, chair, meeting, seen=NOW))
    held = await do(store, lambda work: extend_recess(work, chair, meeting, seen=held.recess_until))
    assert held.recess_until == NOW + timedelta(minutes=20)
    clock.pass_minutes(60)
    held = await do(store, lambda work: extend_recess(work, chair, meeting))
    assert held.recess_until == clock.now + timedelta(minutes=5)
    held = await do(store, lambda work: resume(work, chair, meeting))
    assert (held.state, held.recess_until) == ("in_session", None)
    assert [one["until"] for one in await payloads(store, meeting, "MeetingRecessed")] == [
        "2026-11-24T09:15:00+07:00"
    ]
    assert len(await payloads(store, meeting, "RecessExtended")) == 2
    await refused(store, "forbidden", lambda work: extend_recess(work, council["secretary"], meeting))


async def test_the_clock_of_an_item_rests_in_a_recess(store: Store) -> None:
    clock = Clock(store)
    council = await make_council(store, seats=3)
    sitting = await begin_sitting(store, council)
    chair, item = council["chair"], sitting.item
    clock.pass_minutes(10)
    await do(store, lambda work: recess(work, chair, sitting.meeting))
    clock.pass_minutes(30)
    await do(store, lambda work: resume(work, chair, sitting.meeting))
    clock.pass_minutes(7)
    assert spent(await item_of(store, item), clock.now) == 17 * 60
    await do(store, lambda work: postpone(work, chair, item))
    clock.pass_minutes(5)
    await do(store, lambda work: take_up(work, chair, item))
    clock.pass_minutes(1)
    await do(store, lambda work: conclude(work, chair, item))
    clock.pass_minutes(9)
    kept = await item_of(store, item)
    assert (spent(kept, clock.now), kept.running_since) == (18 * 60, None)


async def test_the_end_is_foretold_from_the_agenda(store: Store) -> None:
    clock = Clock(store)
    council = await make_council(store, seats=3)
    sitting = await publish_sitting(store, council)
    secretary, chair = council["secretary"], council["chair"]
    async with store.reading() as reading:
        meeting = await reading.get(Meeting, sitting.meeting)
        assert await forecast_of(reading, meeting) is None
    clock.now = meeting.starts_at
    last = await do(
        store, lambda work: add_item(work, secretary, sitting.meeting, title="Cuối", minutes_planned=20)
    )
    await do(
        store, lambda work: add_item(work, secretary, sitting.meeting, title="Bế mạc", minutes_planned=10)
    )
    await seat(store, council, sitting.meeting, 3)

    await do(store, lambda work: call_to_order(work, chair, sitting.meeting))
    await do(store, lambda work: take_up(work, chair, last.id))
    clock.pass_minutes(35)
    async with store.reading() as reading:
        seen = await forecast_of(reading, await reading.get(Meeting, sitting.meeting))
    assert seen is not None
    assert (seen.planned_end, seen.ends, seen.late, seen.without_time) == (
        meeting.starts_at + timedelta(minutes=30), meeting.starts_at + timedelta(minutes=45), 15, 2,
    )  # fmt: skip


async def test_an_item_is_postponed_to_a_named_meeting_with_its_papers(store: Store) -> None:
    council = await make_council(store, seats=3)
    sitting = await begin_sitting(store, council)
    chair, secretary = council["chair"], council["secretary"]
    file = Checked(filename="to-trinh.pdf", sha256="a" * 64, size=1200, pages=4)
    async with store.work() as work:
        laid = await lay_paper(work, secretary, sitting.item, file, title="Tờ trình")
        await lay_paper(
            work, secretary, sitting.item, replace(file, sha256="b" * 64, pages=5), paper=laid.paper_id
        )
        gone = await lay_paper(work, secretary, sitting.item, replace(file, sha256="c" * 64), title="Cũ")
        await withdraw_paper(work, secretary, gone.paper_id)
    target = await next_meeting(store, council)
    earlier = await next_meeting(store, council, "2026-11-01T08:00")
    async with store.work() as work:
        foreign = await schedule_meeting(
            work,
            council["foreign-secretary"],
            body=council.other_body,
            title="Khác",
            starts="2026-12-08T08:00",
        )
    for wrong in (sitting.meeting, earlier, foreign.id):
        await refused(
            store,
            "meeting-not-later",
            lambda work, wrong=wrong: postpone(work, chair, sitting.item, to=wrong),
        )
    async with store.reading() as reading:
        held = await reading.get(Meeting, sitting.meeting)
        assert [one.id for one in await later_meetings(reading, held)] == [target]
    await do(store, lambda work: postpone(work, chair, sitting.item, reason="Chưa đủ hồ sơ", to=target))
    async with store.reading() as reading:
        agenda = await agenda_of(reading, target)
        carried = agenda[-1]
        papers = (await leaves_of(reading, target))[carried.id]
    kept = await item_of(store, sitting.item)
    assert (kept.state, kept.postponed_to_id) == ("postponed", target)
    assert (carried.number, carried.title, carried.continues_id) == ("3", kept.title, kept.id)
    assert [(leaf.title, leaf.version, leaf.sha256, leaf.pages) for leaf in papers] == [
        ("Tờ trình", 1, "b" * 64, 5)
    ]
    (told,) = await payloads(store, sitting.meeting, "ItemPostponed")
    assert (told["reason"], told["to"], told["to_number"]) == ("Chưa đủ hồ sơ", str(target), "3")
    assert (told["to_starts"], told["motions"]) == ("2026-12-08T08:00", ["Nghị quyết về dự toán"])
    (there,) = await payloads(store, target, "ItemContinued")
    assert (there["from_number"], there["from_title"]) == ("2", "Kỳ họp thứ nhất")
    await refused(store, "item-elsewhere", lambda work: take_up(work, chair, sitting.item))


async def test_an_item_is_referred_with_a_reason(store: Store) -> None:
    council = await make_council(store, seats=3)
    sitting = await begin_sitting(store, council)
    chair = council["chair"]

    def referring(to: str, reason: str) -> Act:
        return lambda work: refer(work, chair, sitting.item, to=to, reason=reason)

    await refused(store, "field-missing", referring(" ", "Cần thẩm tra"))
    await refused(store, "reason-missing", referring("Ban Pháp chế", " "))
    await refused(store, "field-long", referring("x" * 501, "Cần thẩm tra"))
    poll = await begin_poll(store, council, sitting)
    await refused(store, "item-open-poll", referring("Ban Pháp chế", "Cần thẩm tra"))

    await do(store, lambda work: annul_poll(work, chair, poll, reason="Nhầm"))
    await do(store, referring("Ban  Pháp chế", "Cần thẩm tra"))
    kept = await item_of(store, sitting.item)
    assert (kept.state, kept.referred_to, kept.running_since) == ("referred", "Ban Pháp chế", None)
    assert (await meeting_of(store, sitting.meeting)).current_item_id is None
    (told,) = await payloads(store, sitting.meeting, "ItemReferred")
    assert (told["to"], told["reason"]) == ("Ban Pháp chế", "Cần thẩm tra")
    await refused(store, "not-now", lambda work: take_up(work, chair, sitting.item))


async def test_an_urgent_item_gets_a_letter_behind_the_item_in_hand(store: Store) -> None:
    council = await make_council(store, seats=3)
    sitting = await begin_sitting(store, council)
    chair, secretary, meeting = council["chair"], council["secretary"], sitting.meeting
    await do(store, lambda work: add_item(work, secretary, meeting, title="Bế mạc"))
    await refused(
        store, "reason-missing", lambda work: add_urgent(work, chair, meeting, title="Bão", reason="")
    )
    await refused(
        store, "forbidden", lambda work: add_urgent(work, secretary, meeting, title="Bão", reason="Gấp")
    )
    item = await do(store, lambda work: add_urgent(work, chair, meeting, title="Bão số 9", reason="Gấp"))
    assert (item.number, item.urgent) == ("2a", True)
    async with store.reading() as reading:
        first, *_ = await agenda_of(reading, meeting)
    second = await do(
        store, lambda work: add_urgent(work, chair, meeting, title="Lũ", reason="Gấp", after=first.id)
    )
    assert second.number == "1a"
    async with store.reading() as reading:
        assert [one.number for one in await agenda_of(reading, meeting)] == ["1", "1a", "2", "2a", "3"]
    assert [one["reason"] for one in await payloads(store, meeting, "UrgentItemAdded")] == ["Gấp", "Gấp"]
    await do(store, lambda work: adjourn(work, chair, meeting))
    await refused(store, "not-now", lambda work: add_urgent(work, chair, meeting, title="Muộn", reason="Gấp"))


async def at_once(store: Store, *acts: Act) -> list[str]:
    """What each of two hands is told that act at the same moment."""

    async def one(act: Act) -> str:
        try:
            await do(store, act)
        except Refused as refusal:
            return refusal.code
        return "done"

    return list(await asyncio.gather(*(one(act) for act in acts)))


async def test_two_chairs_who_turn_to_different_items_pass_none_over(store: Store) -> None:
    council = await make_council(store, seats=3)
    sitting = await begin_sitting(store, council)
    chair, seen = council["chair"], Seen(sitting.item)
    third, fourth = [
        (
            await do(
                store, lambda work, title=title: add_item(work, council["secretary"], sitting.meeting, title=title)
            )
        ).id
        for title in ("Ba", "Bốn")
    ]  # fmt: skip
    answers = await at_once(
        store,
        lambda work: take_up(work, chair, third, seen=seen),
        lambda work: take_up(work, chair, fourth, seen=seen),
    )
    assert sorted(answers) == ["done", "in-hand-changed"]
    states = [(await item_of(store, one)).state for one in (third, fourth)]
    assert sorted(states) == ["planned", "taken_up"]


async def test_the_same_button_pressed_twice_acts_once(store: Store) -> None:
    council = await make_council(store, seats=3)
    sitting = await begin_sitting(store, council)
    chair, meeting = council["chair"], sitting.meeting
    item = await do(store, lambda work: add_item(work, council["secretary"], meeting, title="Ba"))
    seen = Seen(sitting.item)
    await at_once(store, *(lambda work: take_up(work, chair, item.id, seen=seen) for _ in range(4)))
    assert len(await payloads(store, meeting, "ItemTakenUp")) == 2
    held = await do(store, lambda work: recess(work, chair, meeting, minutes=10))
    answers = await at_once(
        store, *(lambda work: extend_recess(work, chair, meeting, seen=held.recess_until) for _ in range(2))
    )
    assert sorted(answers) == ["done", "recess-changed"]
    assert sorted(await at_once(store, *(lambda work: adjourn(work, chair, meeting) for _ in range(3)))) == [
        "done",
        "meeting-adjourned",
        "meeting-adjourned",
    ]


async def test_two_who_postpone_to_each_others_meeting_do_not_wait_for_ever(store: Store) -> None:
    council = await make_council(store, seats=3)
    sitting = await begin_sitting(store, council)
    target = await next_meeting(store, council)
    answers = await at_once(
        store,
        *(lambda work: postpone(work, council["chair"], sitting.item, to=target) for _ in range(2)),
        lambda work: publish_meeting(work, council["secretary"], target),
    )
    assert sorted(answers) == ["done", "done", "not-now"]
    async with store.reading() as reading:
        assert len(await agenda_of(reading, target)) == 3


async def test_standing_orders_are_set_and_told(store: Store) -> None:
    council = await make_council(store, seats=3)
    admin = council["admin"]
    await do(
        store, lambda work: set_room_rules(work, admin, council.body, {"proxies": True, "ask_seconds": 90})
    )
    await do(store, lambda work: set_room_rules(work, admin, council.body, {"proxies": True}))
    await do(
        store, lambda work: set_room_rules(work, admin, council.body, {"ask_seconds": DEFAULT.ask_seconds})
    )
    async with store.reading() as reading:
        kept = (await reading.get(Body, council.body)).room_rules
    assert kept == {"proxies": True}
    assert room_rules(kept).proxies
    told = await payloads(store, HOUSE, "RoomRulesSet")
    assert [one["changes"] for one in told] == [
        {"proxies": True, "ask_seconds": 90}, {"ask_seconds": DEFAULT.ask_seconds},
    ]  # fmt: skip
    await refused(store, "wrong-input", lambda work: set_room_rules(work, admin, council.body, {"x": 1}))
    await refused(
        store,
        "forbidden",
        lambda work: set_room_rules(work, council["chair"], council.body, {"proxies": False}),
    )


async def test_whoever_sets_an_item_aside_may_do_so(store: Store) -> None:
    council = await make_council(store, seats=3)
    sitting: Sitting = await publish_sitting(store, council)
    for who in ("delegate01", "observer", "foreign-secretary"):
        actor = council[who]
        await refused(
            store,
            "forbidden",
            lambda work, actor=actor: refer(work, actor, sitting.item, to="Ban", reason="R"),
        )
    target = await next_meeting(store, council)
    await do(store, lambda work: postpone(work, council["secretary"], sitting.item, to=target))
    await do(store, lambda work: withdraw(work, council["secretary"], sitting.item))
    assert (await item_of(store, sitting.item)).state == "withdrawn"
