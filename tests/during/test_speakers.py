"""Asking for the floor, calling, and the clocks, on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from meetings.during import proceedings, speakers, speaking_list
from meetings.during.agenda_changes import refer
from meetings.during.attendance import Presence, record_attendance
from meetings.during.floor import FloorNow, floor_as_data, floor_of, speeches_of
from meetings.during.recusals import declare_recusal
from meetings.during.standing_in import approve_substitute
from meetings.rules.refusals import Refused
from meetings.rules.room_rules import as_data, room_rules
from meetings.storage.tables import Body, Item, JournalRow, Meeting, Membership, Speech
from meetings.storage.unit_of_work import Store, Work
from tests.support.council import Council, Sitting, begin_sitting, make_council, seat


class Room:
    """A sitting whose time the test moves."""

    def __init__(self, store: Store, council: Council, sitting: Sitting) -> None:
        self.store, self.council, self.sitting = store, council, sitting
        self.now = store.clock()
        store.clock = lambda: self.now

    def wait(self, seconds: int) -> datetime:
        self.now += timedelta(seconds=seconds)
        return self.now

    async def act(self, act: Callable[[Work], Awaitable[Any]]) -> Any:
        async with self.store.work() as work:
            return await act(work)

    async def refused(self, code: str, act: Callable[[Work], Awaitable[Any]]) -> None:
        with pytest.raises(Refused) as refusal:
            await self.act(act)
        assert refusal.value.code == code

    async def ask(self, login: str, kind: str = "speech", **facts: str) -> UUID:
        self.wait(1)
        place = await self.act(
            lambda work: speaking_list.ask_to_speak(
                work, self.council[login], self.sitting.meeting, kind, **facts
            )
        )
        return place.speech

    async def call(self, speech: UUID, interrupts: UUID | None = None, login: str = "chair") -> None:
        await self.act(
            lambda work: speakers.start_speech(work, self.council[login], speech, interrupts=interrupts)
        )

    async def speech(self, speech: UUID) -> Speech:
        async with self.store.reading() as reading:
            return await reading.get(Speech, speech)

    async def floor(self) -> FloorNow:
        async with self.store.reading() as reading:
            meeting = await reading.get(Meeting, self.sitting.meeting)
            return await floor_of(reading, meeting, await reading.get(Body, meeting.body_id))

    async def names(self) -> list[str]:
        return [one.name[-2:] for one in (await self.floor()).queue]

    async def events(self) -> list[str]:
        async with self.store.reading() as reading:
            rows = await reading.session.scalars(
                select(JournalRow).where(JournalRow.chain_id == self.sitting.meeting).order_by(JournalRow.seq)
            )
            return [row.event for row in rows]

    async def order(self, **rules: Any) -> None:
        async with self.store.work() as work:
            body = await work.get(Body, self.council.body)
            body.room_rules = as_data(room_rules(rules))


@pytest.fixture
async def room(store: Store) -> Room:
    council = await make_council(store, seats=6)
    return Room(store, council, await begin_sitting(store, council))


async def test_a_request_tells_its_place_and_the_wait(room: Room) -> None:
    first = await room.ask("delegate01")
    await room.call(first)
    room.wait(120)
    await room.ask("delegate02")
    room.wait(1)
    place = await room.act(
        lambda work: speaking_list.ask_to_speak(
            work, room.council["delegate03"], room.sitting.meeting, "speech"
        )
    )
    assert (place.place, place.wait) == (2, 600 - 122 + 600)
    assert await room.names() == ["02", "03"]


async def test_who_may_ask(room: Room) -> None:
    def ask(login: str, kind: str = "speech", **facts: str) -> Callable[[Work], Awaitable[Any]]:
        return lambda work: speaking_list.ask_to_speak(
            work, room.council[login], room.sitting.meeting, kind, **facts
        )

    await room.refused("not-a-member", ask("secretary"))
    await room.refused("not-a-member", ask("stranger"))
    await room.refused("wrong-input", ask("delegate01", "song"))
    await room.refused("wrong-input", ask("delegate01", "reply", stance="for"))
    await room.ask("delegate01", stance="for")
    await room.refused("floor-asked", ask("delegate01"))
    await room.ask("delegate01", "order")
    await room.act(
        lambda work: declare_recusal(work, room.council["delegate02"], room.sitting.item, reason="kin")
    )
    await room.refused("recused", ask("delegate02"))
    await seat(room.store, room.council, room.sitting.meeting, 2, Presence.OUT)
    await room.refused("floor-absent", ask("delegate01", "reply"))


async def test_a_closed_list_takes_points_of_order_only(room: Room) -> None:
    chair, item = room.council["chair"], room.sitting.item
    await room.act(lambda work: speaking_list.make_last_call(work, chair, item))
    await room.ask("delegate01")
    await room.act(lambda work: speaking_list.close_list(work, chair, item))
    await room.refused(
        "floor-closed",
        lambda work: speaking_list.ask_to_speak(
            work, room.council["delegate02"], room.sitting.meeting, "speech"
        ),
    )
    await room.ask("delegate02", "order")
    await room.act(lambda work: speaking_list.add_speaker(work, chair, room.sitting.meeting, "Ông Khách Mời"))
    assert await room.names() == ["02", "01", "ời"]
    floor = await room.floor()
    assert floor.closed
    assert floor.last_call
    await room.act(lambda work: speaking_list.reopen_list(work, chair, item))
    await room.ask("delegate03")
    floor = await room.floor()
    assert not floor.closed
    assert not floor.last_call


async def test_withdrawing(room: Room) -> None:
    first, _ = await room.ask("delegate01"), await room.ask("delegate01", "order")
    second = await room.ask("delegate02")
    await room.refused(
        "forbidden", lambda work: speaking_list.withdraw_request(work, room.council["delegate03"], second)
    )
    await room.act(lambda work: speaking_list.withdraw_request(work, room.council["secretary"], second))
    taken = await room.act(
        lambda work: speaking_list.withdraw_own(work, room.council["delegate01"], room.sitting.meeting)
    )
    assert taken == 2
    assert await room.names() == []
    await room.refused(
        "not-now", lambda work: speaking_list.withdraw_request(work, room.council["delegate01"], first)
    )


async def test_a_speech_from_the_call_to_the_end(room: Room) -> None:
    chair = room.council["chair"]
    speech = await room.ask("delegate01", stance="against")
    await room.call(speech)
    room.wait(60)
    await room.act(lambda work: speakers.pause_speech(work, chair, speech))
    room.wait(500)
    await room.act(lambda work: speakers.resume_speech(work, chair, speech))
    room.wait(30)
    await room.act(lambda work: speakers.add_time(work, chair, speech, 60))
    now = (await room.floor()).speaking
    assert now is not None
    assert now.clock.remaining(room.now) == 600 + 60 - 90
    await room.act(lambda work: speakers.stop_speech(work, chair, speech))
    kept = await room.speech(speech)
    assert (kept.state, kept.seconds, kept.running_since, kept.added) == ("spoken", 90, None, 60)
    async with room.store.reading() as reading:
        facts = await speeches_of(reading, await reading.get(Meeting, room.sitting.meeting))
    assert [(one.speaker[-2:], one.kind, one.stance, one.seconds, one.item) for one in facts] == [
        ("01", "speech", "against", 90, room.sitting.item)
    ]
    assert [name for name in await room.events() if name.startswith("Spe")] == [
        "SpeakerCalled", "SpeechPaused", "SpeechResumed", "SpeakingTimeAdded", "SpeechEnded",
    ]  # fmt: skip
    await room.refused("not-now", lambda work: speakers.stop_speech(work, chair, speech))


async def test_calling_the_next_ends_the_speech_that_is_named(room: Room) -> None:
    first, second, third = [await room.ask(f"delegate0{one}") for one in (1, 2, 3)]
    await room.call(first)
    await room.refused("floor-taken", lambda work: speakers.start_speech(work, room.council["chair"], second))
    room.wait(10)
    await room.call(second, interrupts=first)
    assert (await room.speech(first)).state == "spoken"
    assert (await room.speech(first)).seconds == 10
    await room.refused(
        "floor-taken",
        lambda work: speakers.start_speech(work, room.council["chair"], third, interrupts=first),
    )


async def test_a_point_of_order_halts_the_speaker(room: Room) -> None:
    chair = room.council["chair"]
    speech, order = await room.ask("delegate01"), await room.ask("delegate02", "order")
    await room.call(speech)
    room.wait(30)
    await room.call(order, interrupts=speech)
    floor = await room.floor()
    assert floor.speaking is not None
    assert floor.speaking.name.endswith("02")
    assert [one.name[-2:] for one in floor.interrupted] == ["01"]
    await room.refused("floor-taken", lambda work: speakers.resume_speech(work, chair, speech))
    room.wait(20)
    await room.act(lambda work: speakers.stop_speech(work, chair, order))
    await room.act(lambda work: speakers.resume_speech(work, chair, speech))
    room.wait(5)
    assert (await room.speech(order)).seconds == 20
    now = (await room.floor()).speaking
    assert now is not None
    assert now.clock.used(room.now) == 35


async def test_who_is_not_there_waits_again_at_the_end(room: Room) -> None:
    first = await room.ask("delegate01")
    await room.ask("delegate02")
    await room.call(first)
    room.wait(5)
    await room.act(lambda work: speakers.pass_over(work, room.council["chair"], first))
    await room.ask("delegate03")
    assert await room.names() == ["02", "03", "01"]
    assert (await room.speech(first)).seconds == 0
    assert (await room.floor()).speaking is None


async def test_moving_by_hand_and_what_follows(room: Room) -> None:
    one, two, three = [await room.ask(f"delegate0{n}") for n in (1, 2, 3)]
    await room.act(lambda work: speaking_list.move_request(work, room.council["secretary"], three, 1))
    assert await room.names() == ["03", "01", "02"]
    await room.act(lambda work: speaking_list.move_request(work, room.council["secretary"], one, 9))
    assert await room.names() == ["03", "02", "01"]
    await room.call(three)
    assert await room.names() == ["02", "01"]
    await room.refused(
        "forbidden", lambda work: speaking_list.move_request(work, room.council["delegate01"], two, 2)
    )
    await room.refused(
        "not-now", lambda work: speaking_list.move_request(work, room.council["chair"], three, 1)
    )


async def test_put_on_the_list_by_name(room: Room) -> None:
    secretary, meeting = room.council["secretary"], room.sitting.meeting
    member = await room.act(
        lambda work: speaking_list.add_speaker(work, secretary, meeting, " nguyễn văn  đại biểu 04 ")
    )
    assert member.person_id == room.council["delegate04"].person
    guest = await room.act(lambda work: speaking_list.add_speaker(work, secretary, meeting, "Giám đốc Sở"))
    assert guest.person_id is None
    await room.refused(
        "floor-asked", lambda work: speaking_list.add_speaker(work, secretary, meeting, "Giám đốc Sở")
    )
    await room.refused("field-missing", lambda work: speaking_list.add_speaker(work, secretary, meeting, " "))
    await room.refused(
        "field-long", lambda work: speaking_list.add_speaker(work, secretary, meeting, "x" * 201)
    )
    await room.refused(
        "forbidden", lambda work: speaking_list.add_speaker(work, room.council["delegate01"], meeting, "X")
    )
    await room.call(guest.id, login="secretary")


async def test_the_group_with_the_smallest_share_is_next(room: Room) -> None:
    async with room.store.work() as work:
        for seat_row in await work.session.scalars(select(Membership)):
            person = next(one for one in room.council.people.values() if one.person == seat_row.person_id)
            seat_row.group = "Tổ A" if person.name.endswith(("01", "02")) else "Tổ B"
    await room.order(queue="groups", group_seconds=900)
    first = await room.ask("delegate01")
    await room.call(first)
    room.wait(100)
    await room.act(lambda work: speakers.stop_speech(work, room.council["chair"], first))
    await room.ask("delegate02")
    await room.ask("delegate03")
    assert await room.names() == ["03", "02"]
    secretary, item = room.council["secretary"], room.sitting.item
    await room.act(lambda work: speaking_list.set_group_times(work, secretary, item, {"Tổ A": 1800}))
    added = await room.act(lambda work: speaking_list.add_group_time(work, secretary, item, "Tổ A", 60))
    assert added == 60
    clocks = {group.name: group.clock for group in (await room.floor()).groups}
    assert clocks["Tổ A"].remaining(room.now) == 1800 + 60 - 100
    assert clocks["Tổ B"].remaining(room.now) == 900
    await room.refused(
        "wrong-input", lambda work: speaking_list.set_group_times(work, secretary, item, {"Tổ A": -1})
    )


async def test_a_concluded_item_ends_its_speakers(room: Room) -> None:
    chair = room.council["chair"]
    speech, waiting = await room.ask("delegate01"), await room.ask("delegate02")
    await room.call(speech)
    room.wait(40)
    await room.act(lambda work: proceedings.conclude(work, chair, room.sitting.item))
    assert (await room.speech(speech)).seconds == 40
    assert (await room.speech(speech)).state == "spoken"
    assert (await room.speech(waiting)).state == "lapsed"
    assert (await room.events())[-3:] == ["ItemConcluded", "SpeechEnded", "RequestsLapsed"]
    await room.refused(
        "item-not-open",
        lambda work: speaking_list.ask_to_speak(
            work, room.council["delegate03"], room.sitting.meeting, "speech"
        ),
    )


async def test_a_referred_item_ends_its_speakers(room: Room) -> None:
    speech = await room.ask("delegate01")
    await room.call(speech)
    room.wait(7)
    await room.act(
        lambda work: refer(
            work, room.council["chair"], room.sitting.item, to="Ban Pháp chế", reason="xem lại"
        )
    )
    assert ((await room.speech(speech)).state, (await room.speech(speech)).seconds) == ("spoken", 7)


async def test_a_recess_halts_the_clock_and_the_end_of_the_meeting_ends_it(room: Room) -> None:
    chair, meeting = room.council["chair"], room.sitting.meeting
    speech, waiting = await room.ask("delegate01"), await room.ask("delegate02")
    await room.call(speech)
    room.wait(15)
    await room.act(lambda work: proceedings.recess(work, chair, meeting))
    assert (await room.speech(speech)).state == "paused"
    room.wait(900)
    await room.refused("meeting-not-running", lambda work: speakers.resume_speech(work, chair, speech))
    await room.refused(
        "meeting-not-running", lambda work: speakers.start_speech(work, chair, waiting, interrupts=speech)
    )
    await room.act(lambda work: proceedings.adjourn(work, chair, meeting))
    assert (await room.speech(speech)).state == "spoken"
    assert (await room.speech(speech)).seconds == 15
    assert (await room.speech(waiting)).state == "lapsed"


async def test_who_stands_aside_leaves_the_list(room: Room) -> None:
    waiting = await room.ask("delegate01")
    await room.act(
        lambda work: declare_recusal(work, room.council["delegate01"], room.sitting.item, reason="kin")
    )
    assert (await room.speech(waiting)).state == "lapsed"
    await room.refused(
        "floor-recused",
        lambda work: speaking_list.add_speaker(
            work, room.council["chair"], room.sitting.meeting, room.council["delegate01"].name
        ),
    )


async def test_a_substitute_speaks_in_the_seat_and_its_group(room: Room) -> None:
    await room.order(substitutes=True)
    member, officer = room.council["delegate02"], room.council["officer"]
    secretary, meeting = room.council["secretary"], room.sitting.meeting
    async with room.store.work() as work:
        for seat_row in await work.session.scalars(
            select(Membership).where(Membership.person_id == member.person)
        ):
            seat_row.group = "Tổ B"
        await record_attendance(work, secretary, meeting, member.person, Presence.EXCUSED)
        await approve_substitute(work, secretary, meeting, member=member.person, substitute=officer.person)
    await room.refused(
        "floor-absent", lambda work: speaking_list.ask_to_speak(work, officer, meeting, "speech")
    )
    await room.act(lambda work: record_attendance(work, secretary, meeting, officer.person, Presence.IN))
    speech = await room.speech(await room.ask("officer"))
    assert (speech.person_id, speech.group) == (officer.person, "Tổ B")
    await room.refused(
        "floor-absent", lambda work: speaking_list.ask_to_speak(work, member, meeting, "speech")
    )


async def test_of_two_chairs_who_call_at_once_one_wins(room: Room) -> None:
    first, second = await room.ask("delegate01"), await room.ask("delegate02")

    async def call(login: str, speech: UUID) -> str:
        try:
            await room.call(speech, login=login)
        except Refused as refusal:
            return refusal.code
        return "done"

    answers = await asyncio.gather(call("chair", first), call("secretary", second))
    assert sorted(answers) == ["done", "floor-taken"]
    answers = await asyncio.gather(call("chair", first), call("secretary", second))
    assert "done" not in answers
    states = sorted([(await room.speech(first)).state, (await room.speech(second)).state])
    assert states == ["asked", "speaking"]


async def test_asking_twice_at_once_asks_once(room: Room) -> None:
    async def ask() -> str:
        try:
            await room.ask("delegate01")
        except Refused as refusal:
            return refusal.code
        return "done"

    assert sorted(await asyncio.gather(ask(), ask())) == ["done", "floor-asked"]


async def test_the_floor_as_data_is_absolute(room: Room) -> None:
    speech = await room.ask("delegate01", stance="for")
    await room.ask("delegate02")
    await room.call(speech)
    before = floor_as_data(await room.floor())
    room.wait(77)
    assert floor_as_data(await room.floor()) == before
    assert before["speaking"]["running_since"]
    assert before["speaking"]["stance"] == "for"
    assert [one["name"][-2:] for one in before["queue"]] == ["02"]
    async with room.store.reading() as reading:
        item = await reading.get(Item, room.sitting.item)
    assert before["closed"] is (item.speakers_closed_at is not None)
