"""The pages around the calendar: deadlines, days, month, week and list, rooms, feeds."""

from __future__ import annotations

import re

from meetings.before.agenda import add_item
from meetings.before.rooms import RoomFacts, open_room
from meetings.before.scheduling import schedule_meeting
from meetings.storage.tables import Body, Meeting
from tests.web.test_during_pages import House, house

__all__ = ["house"]

DAY = "2031-03-12"


async def _scheduled(house: House, starts: str = f"{DAY}T08:00", **more: object) -> Meeting:
    secretary = house.council["secretary"]
    async with house.store.work() as work:
        meeting = await schedule_meeting(
            work,
            secretary,
            body=house.council.body,
            title="Họp ban",
            starts=starts,
            **more,  # type: ignore[arg-type]
        )
        await add_item(work, secretary, meeting.id, title="Báo cáo")
    return meeting


async def test_a_late_notice_is_told_to_those_who_prepare(house: House) -> None:
    meeting = await _scheduled(house, "2026-03-12T08:00")
    page = (await house.get("secretary", f"/meetings/{meeting.id}")).text
    assert re.search(r"The notice is late by \d+ working days: it was due by 9 Mar 2026\.", page)
    assert re.search(r"notice \d+ days late", await house.read("secretary", "/meetings"))
    await house.act("secretary", f"/meetings/{meeting.id}/publish")
    assert "working days late" in (await house.get("secretary", f"/meetings/{meeting.id}")).text
    assert "working days late" not in (await house.get("delegate01", f"/meetings/{meeting.id}")).text
    assert "days late" not in await house.read("delegate01", "/meetings")


async def test_a_meeting_in_good_time_says_only_what_is_due(house: House) -> None:
    meeting = await _scheduled(house)
    page = (await house.get("secretary", f"/meetings/{meeting.id}")).text
    assert "The notice is due by 7 Mar 2031." in page
    assert "warned__line--late" not in page
    assert "days late" not in await house.read("secretary", "/meetings")


async def test_the_new_meeting_form_asks_whether_one_is_needed_and_foresees(house: House) -> None:
    council = house.council
    async with house.store.work() as work:
        room = await open_room(work, council["admin"], RoomFacts(name="Phòng họp số 1", seats=4))
    page = await house.read("secretary", "/meetings/new")
    assert "Is a meeting needed?" in page
    assert "Phòng họp số 1, 4 seats" in page
    await _scheduled(house, room=room.id)
    asked = f"/meetings/clashes?body={council.body}&date={DAY}&time=09:00&room={room.id}"
    part = await house.read("secretary", asked)
    assert "At the same time" in part
    assert "the same room: Phòng họp số 1" in part
    assert "The notice is due by 7 Mar 2031." in part
    assert "members of both" in part
    tet = await house.read("secretary", f"/meetings/clashes?body={council.body}&date=2030-02-02&time=09:00")
    assert "2 Feb 2030 is not a working day: Tết Nguyên Đán." in tet
    assert await house.read("secretary", f"/meetings/clashes?body={council.body}&date=never&time=09:00") == ""
    assert (await house.get("foreign-secretary", asked)).status_code == 403
    small = f"/meetings/clashes?body={council.body}&date=2031-03-14&time=09:00&room={room.id}"
    assert "Phòng họp số 1 has 4 seats" in await house.read("secretary", small)


async def test_room_and_end_are_scheduled_and_changed(house: House) -> None:
    async with house.store.work() as work:
        room = await open_room(work, house.council["admin"], RoomFacts(name="Phòng họp số 1", seats=40))
    form = {"body": str(house.council.body), "title": "Họp", "date": DAY, "time": "08:00", "place": ""}
    refused = await house.post("secretary", "/meetings/new", None, **form, ends="07:30")
    assert refused.status_code in (409, 422)
    assert "The planned end comes after the start" in refused.text
    answer = await house.post("secretary", "/meetings/new", None, **form, ends="11:30", room=str(room.id))
    address = answer.headers["location"].partition("/agenda")[0]
    assert "08:00–11:30" in (await house.get("secretary", address)).text
    edit = await house.read("secretary", f"{address}/edit")
    assert "Phòng họp số 1" in edit
    await house.act(
        "secretary", f"{address}/edit", title="Họp", date=DAY, time="09:00", ends="", room="", place="X"
    )
    page = (await house.get("secretary", address)).text
    assert "11:30" not in page
    assert "Phòng họp số 1" not in page


async def test_an_administrator_sets_the_deadlines_of_a_body(house: House) -> None:
    address = f"/council/bodies/{house.council.body}/deadlines"
    assert (await house.get("secretary", address)).status_code == 403
    assert "Extraordinary" in await house.read("admin", address)
    await house.act("admin", address, **{"regular-notice_days": "5", "regular-papers_days": ""})
    async with house.store.reading() as reading:
        body = await reading.get(Body, house.council.body)
    assert body.deadlines == {"regular": {"notice_days": 5, "papers_days": 0}}
    wrong = await house.post("admin", address, None, **{"regular-notice_days": "300"})
    assert wrong.status_code == 422
    assert 'value="300"' in wrong.text
