"""Seating plans are kept by body and room; the live map says who is there, asks, speaks and has voted, never how."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from meetings.before.scheduling import open_to_anybody, open_to_public, public_meetings, schedule_meeting
from meetings.during.attendance import Presence, record_attendance
from meetings.during.ballot_box import BallotBox
from meetings.during.seating import SeatMap, plan_of, plans_of, ready_made, save_plan, seats_now
from meetings.during.stage import stage_number, stage_of
from meetings.rules.refusals import Refused
from meetings.rules.seating import as_data
from meetings.storage.tables import JournalRow, Meeting, Speech
from meetings.storage.unit_of_work import Store
from tests.support.council import Council, begin_poll, begin_sitting, make_council, publish_sitting

HALL = "Hội trường lớn"


@pytest.fixture
async def council(store: Store) -> Council:
    return await make_council(store)


async def drawn(
    store: Store, council: Council, place: str = HALL, login: str = "secretary"
) -> dict[str, Any]:
    """A hemicycle for everybody, in the order of names."""
    async with store.work() as work:
        plan = as_data(await ready_made(work, council.body, layout="hemicycle"))
        await save_plan(work, council[login], council.body, place=place, plan=plan)
    return plan


async def seat_map(store: Store, meeting: UUID) -> SeatMap:
    async with store.reading() as reading:
        found = await seats_now(reading, await stage_of(reading, await reading.get(Meeting, meeting)))
    assert found is not None
    return found


async def test_a_plan_is_drawn_once_and_replaced_when_it_is_saved_again(
    store: Store, council: Council
) -> None:
    plan = await drawn(store, council)
    await drawn(store, council, login="admin")
    async with store.reading() as reading:
        kept = await plans_of(reading, council.body)
    assert [(one.place, one.plan, one.saved_by) for one in kept] == [(HALL, plan, council["admin"].person)]
    assert [place["person"] for place in plan["places"]] == [str(actor.person) for actor in council.delegates]


@pytest.mark.parametrize("login", ["chair", "delegate01", "observer", "foreign-secretary", "officer"])
async def test_only_the_secretary_and_administrators_draw(store: Store, council: Council, login: str) -> None:
    with pytest.raises(Refused) as refused:
        await drawn(store, council, login=login)
    assert refused.value.code == "forbidden"
    async with store.reading() as reading:
        assert not await plans_of(reading, council.body)


async def test_nobody_from_elsewhere_gets_a_place(store: Store, council: Council) -> None:
    plan = {"width": 200, "height": 200, "places": [{"id": "a", "x": 50, "y": 50, "label": "1"}]}
    plan["places"][0]["person"] = str(council["stranger"].person)  # type: ignore[index]
    with pytest.raises(Refused) as refused:
        async with store.work() as work:
            await save_plan(work, council["secretary"], council.body, place="", plan=plan)
    assert refused.value.code == "not-a-member"


async def test_a_meeting_takes_the_plan_of_its_room_or_else_the_newest(
    store: Store, council: Council
) -> None:
    meeting = (await publish_sitting(store, council)).meeting
    async with store.work() as work:
        other = await schedule_meeting(
            work,
            council["secretary"],
            body=council.body,
            title="Họp",
            starts="2026-12-01T08:00",
            place="Nơi khác",
        )
        assert await plan_of(work, other) is None
    small = {"width": 100, "height": 100, "places": []}
    async with store.work() as work:
        await save_plan(work, council["secretary"], council.body, place="Phòng nhỏ", plan=small)
    async with store.reading() as reading:
        assert (await plan_of(reading, other)) == (
            await plan_of(reading, await reading.get(Meeting, meeting))
        )
    plan = await drawn(store, council, place=f"  {HALL} ")
    async with store.reading() as reading:
        found = await plan_of(reading, await reading.get(Meeting, meeting))
    assert found is not None
    assert as_data(found) == plan


async def test_saving_shows_on_the_screens_of_the_meetings_that_run(store: Store, council: Council) -> None:
    meeting = (await publish_sitting(store, council)).meeting
    async with store.reading() as reading:
        before = await stage_number(reading, meeting)
    await drawn(store, council)
    async with store.reading() as reading:
        assert await stage_number(reading, meeting) == before + 1
        rows = select(JournalRow.payload).where(JournalRow.event == "SeatingPlanSaved")
        payloads = (await reading.session.scalars(rows)).all()
    told = {"body": str(council.body), "place": HALL, "places": 9, "assigned": 9}
    assert payloads == [told, told]


@pytest.mark.parametrize("secret", [False, True])
async def test_the_map_shows_attendance_the_floor_and_participation(
    store: Store, council: Council, secret: bool
) -> None:
    await drawn(store, council)
    sitting = await begin_sitting(store, council, present=7)
    async with store.work() as work:
        for number, state in ((1, "asked"), (2, "speaking")):
            person = council.delegates[number]
            work.session.add(
                Speech(
                    id=work.new_id(), meeting_id=sitting.meeting, item_id=sitting.item, person_id=person.person,
                    speaker=person.name, kind="speech", state=state, asked_at=work.now,
                )
            )  # fmt: skip
        await record_attendance(
            work, council["secretary"], sitting.meeting, council.delegates[7].person, Presence.REMOTE
        )
    poll = await begin_poll(store, council, sitting, secret=secret)
    box = BallotBox(store)
    box.open()
    await box.cast(council.delegates[3], poll, "no", "00000000-0000-4000-8000-000000000001")
    await box.shut()
    shown = await seat_map(store, sitting.meeting)
    assert [one.name for one in shown.sittings] == [actor.name for actor in council.delegates]
    assert [one.state for one in shown.sittings] == [Presence.IN] * 7 + [Presence.REMOTE, Presence.ABSENT]
    assert [one.asking for one in shown.sittings].index(True) == 1
    assert [one.speaking for one in shown.sittings].index(True) == 2
    assert [one.voted for one in shown.sittings].index(True) == 3
    assert {what: shown.count(what) for what in ("in", "remote", "absent", "asking", "speaking", "voted")} == {
        "in": 7, "remote": 1, "absent": 1, "asking": 1, "speaking": 1, "voted": 1,
    }  # fmt: skip
    assert shown.polling is not None
    assert shown.polling.id == poll


async def test_a_public_meeting_is_open_to_anybody_from_its_publication(
    store: Store, council: Council
) -> None:
    async with store.work() as work:
        draft = await schedule_meeting(
            work, council["secretary"], body=council.body, title="Họp", starts="2026-12-01T08:00"
        )
    with pytest.raises(Refused, match="cannot be done now"):
        async with store.work() as work:
            await open_to_public(work, council["secretary"], draft.id, public=True)
    meeting = (await publish_sitting(store, council)).meeting
    with pytest.raises(Refused, match="rights"):
        async with store.work() as work:
            await open_to_public(work, council["chair"], meeting, public=True)
    async with store.reading() as reading:
        assert not await public_meetings(reading)
        with pytest.raises(Refused, match="nothing at this address"):
            await open_to_anybody(reading, meeting)
    for _ in range(2):
        async with store.work() as work:
            await open_to_public(work, council["secretary"], meeting, public=True)
    async with store.reading() as reading:
        assert [one.id for one, _ in await public_meetings(reading)] == [meeting]
        assert (await open_to_anybody(reading, meeting)).id == meeting
        rows = select(JournalRow.event).where(JournalRow.event == "MeetingOpenedToPublic")
        assert len((await reading.session.scalars(rows)).all()) == 1
    async with store.work() as work:
        await open_to_public(work, council["secretary"], meeting, public=False)
    async with store.reading() as reading:
        assert not await public_meetings(reading)
