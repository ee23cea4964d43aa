"""The pages around the calendar: deadlines, days, month, week and list, rooms, feeds."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from ical.calendar_stream import IcsCalendarStream
from ical.event import Event
from sqlalchemy import select

from meetings.before.agenda import add_item
from meetings.before.rooms import RoomFacts, open_room
from meetings.before.scheduling import cancel_meeting, change_meeting, publish_meeting, schedule_meeting
from meetings.storage.tables import Account, Body, Meeting, Membership, Room
from tests.support.council import SINCE
from tests.web.test_during_pages import House, house

__all__ = ["house"]

DAY = "2031-03-12"


async def _scheduled(house: House, starts: str = f"{DAY}T08:00", **more: Any) -> Meeting:
    secretary = house.council["secretary"]
    async with house.store.work() as work:
        meeting = await schedule_meeting(
            work,
            secretary,
            body=house.council.body,
            title="Họp ban",
            starts=starts,
            **more,
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


# The calendar


async def test_month_week_and_list_show_a_meeting_on_its_local_day(house: House) -> None:
    meeting = await _scheduled(house, f"{DAY}T23:30", ends="2031-03-13T00:30", place="Phòng 1")
    for view, wanted in (
        ("month", "23:30 Họp ban"),
        ("week", "23:30–00:30 Họp ban"),
        ("list", "23:30–00:30"),
    ):
        assert wanted in await house.read("secretary", f"/calendar?view={view}&on={DAY}")
        assert "Họp ban" not in await house.read("delegate01", f"/calendar?view={view}&on={DAY}"), "a draft"
    await house.act("secretary", f"/meetings/{meeting.id}/publish")
    week = (await house.get("delegate01", f"/calendar?view=week&on={DAY}")).text
    cells = week.split('<li class="week__day')
    assert len(cells) == 8
    assert [f"/meetings/{meeting.id}" in cell for cell in cells[1:]] == [day == 2 for day in range(7)]
    assert "Week 11 (from 10 Mar 2031 to 16 Mar 2031)" in week
    assert "Họp ban" not in await house.read("stranger", f"/calendar?view=month&on={DAY}")
    assert "Họp ban" not in await house.read("admin", f"/calendar?view=month&on={DAY}")


async def test_the_calendar_is_filtered_and_moved_through(house: House) -> None:
    council = house.council
    meeting = await _scheduled(house)
    await house.act("secretary", f"/meetings/{meeting.id}/publish")
    here = f"/calendar?view=month&on={DAY}"
    assert "Họp ban" in await house.read("secretary", here)
    assert "Họp ban" not in await house.read("secretary", f"{here}&mine=yes"), "the secretary has no seat"
    assert "Họp ban" in await house.read("delegate01", f"{here}&mine=yes")
    assert "Họp ban" in await house.read("delegate01", f"{here}&body={council.body}")
    page = (await house.get("delegate01", f"{here}&mine=yes")).text
    assert 'rel="next" href="/calendar?view=month&amp;on=2031-04-01&amp;mine=yes"' in page
    assert 'rel="prev" href="/calendar?view=month&amp;on=2031-02-01&amp;mine=yes"' in page
    assert "March 2031" in page


@pytest.mark.parametrize("on", ["", "never", "0001-01-01", "9999-12-31", "1990-01-01", "2200-12-31"])
async def test_any_day_of_an_address_gives_a_page(house: House, on: str) -> None:
    for view in ("month", "week", "list"):
        assert (await house.get("delegate01", f"/calendar?view={view}&on={on}")).status_code == 200
    assert (await house.get("delegate01", "/calendar?view=year")).status_code in (400, 422)


async def test_days_off_are_named_in_the_calendar(house: House) -> None:
    february = (await house.get("delegate01", "/calendar?view=month&on=2030-02-04")).text
    assert "Tết Nguyên Đán" in february
    assert february.count("month__day--off") >= 5 + 4 + 4
    worked = (await house.get("delegate01", "/calendar?view=week&on=2026-08-22")).text
    assert worked.count("week__day--off") == 1, "the Saturday is worked"
    assert "Làm bù" in worked


# The table of days


async def test_an_administrator_keeps_the_table_of_days(house: House) -> None:
    assert (await house.get("secretary", "/calendar/days")).status_code == 403
    assert (
        await house.post("secretary", "/calendar/days", None, day=DAY, kind="off", name="x")
    ).status_code == 403
    page = await house.read("admin", "/calendar/days?year=2030")
    assert "Tết Nguyên Đán" in page
    assert "Not confirmed yet" in page
    page = await house.act("admin", "/calendar/days", act="confirm", year="2030")
    assert "Not confirmed yet" not in page
    page = await house.act(
        "admin", "/calendar/days", day="2030-03-12", kind="off", name="Ngày hội", year="2030"
    )
    assert "Ngày hội" in page
    assert "Expected" in page
    wrong = await house.post(
        "admin", "/calendar/days", None, day="2030-03-12", kind="worked", name="Làm bù", year="2030"
    )
    assert wrong.status_code in (409, 422)
    assert "Only a Saturday or Sunday" in wrong.text
    page = await house.act("admin", "/calendar/days", act="remove", day="2030-03-12", year="2030")
    assert "Ngày hội" not in page
    assert "No day is marked" in await house.read("admin", "/calendar/days?year=2040")
    assert "Giỗ Tổ" in await house.act("admin", "/calendar/days", act="fill", year="2040")
    unknown = await house.post("admin", "/calendar/days", None, act="fill", year="2150")
    assert "are not known" in unknown.text


# Rooms


async def test_rooms_are_opened_blocked_and_shown_with_what_is_planned(house: House) -> None:
    assert (await house.get("delegate01", "/calendar/rooms")).status_code == 403
    assert (await house.get("secretary", "/calendar/rooms/new")).status_code == 403
    form = {"name": "Hội trường A", "seats": "120", "equipment": "Máy chiếu\nMicro"}
    page = await house.act("admin", "/calendar/rooms/new", **form)
    assert "Hội trường A" in page
    again = await house.post("admin", "/calendar/rooms/new", None, **form)
    assert "already a room named Hội trường A" in again.text
    async with house.store.reading() as reading:
        (room,) = (await reading.session.scalars(select(Room))).all()
    await _scheduled(house, room=room.id)
    seen = await house.read("secretary", "/calendar/rooms")
    assert "Họp ban" in seen
    assert "Máy chiếu" in seen
    foreign = await house.read("foreign-secretary", "/calendar/rooms")
    assert "Họp ban" not in foreign, "a draft of another body"
    assert "Wednesday 12 March 2031, 08:00" in foreign
    blocked = await house.act(
        "admin",
        f"/calendar/rooms/{room.id}",
        **form,
        since="2031-04-01",
        until="2031-04-03",
        reason="Sửa chữa",
    )
    assert "Blocked from 1 Apr 2031 until 3 Apr 2031" in blocked
    asked = {"body": str(house.council.body), "title": "Họp", "date": "2031-04-02", "time": "08:00"}
    refused = await house.post("secretary", "/meetings/new", None, **asked, room=str(room.id))
    assert "Hội trường A is blocked from 1 Apr 2031 until 3 Apr 2031: Sửa chữa" in refused.text


# Feeds


def _address(page: str) -> str:
    found = re.search(r'value="http://[^/]+(/feeds/[\w-]+\.ics)"', page)
    assert found
    return found[1]


async def test_a_feed_is_read_by_another_library_until_it_is_revoked(house: House) -> None:
    long = "Kỳ họp chuyên đề về điều chỉnh kế hoạch đầu tư công trung hạn, giai đoạn 2026–2030; " * 3
    today = date.today()
    first, second = (f"{today + timedelta(days=ahead)}T08:00" for ahead in (10, 20))
    shown = await _scheduled(house, first, ends=f"{first[:10]}T11:30", place="Hội trường A")
    called_off, draft = await _scheduled(house, second), await _scheduled(house, second)
    async with house.store.work() as work:
        secretary = house.council["secretary"]
        await change_meeting(work, secretary, shown.id, title=long)
        await publish_meeting(work, secretary, shown.id)
        await publish_meeting(work, secretary, called_off.id)
        await cancel_meeting(work, secretary, called_off.id, reason="Bão")
    made = await house.post("secretary", "/calendar/feeds", None, body="")
    address = _address(made.text)
    assert address not in await house.read("secretary", "/calendar/feeds"), "shown once"
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(house.app), base_url="http://testserver"
    ) as outside:
        answer = await outside.get(address)
        assert answer.headers["content-type"].startswith("text/calendar")
        assert all(len(line) <= 75 for line in answer.content.split(b"\r\n")), "folded by octets"
        events = {event.summary: event for event in _parsed(answer.text)}
        assert len(events) == 2, "no draft"
        event = events[" ".join(long.split())]
        assert event.dtstart == datetime.fromisoformat(first).replace(tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
        assert event.computed_duration == timedelta(hours=3, minutes=30)
        assert event.location == "Hội trường A"
        assert events["Họp ban"].status == "CANCELLED"
        assert draft.id != called_off.id
        assert (await outside.get(address.replace(".ics", ""))).status_code == 404
        assert (await outside.get("/feeds/nobody.ics")).status_code == 404
        page = (await house.get("secretary", "/calendar/feeds")).text
        found = re.search(r"/calendar/feeds/[0-9a-f-]+/revoke", page)
        assert found
        assert (await house.post("delegate01", found[0])).status_code == 404
        await house.act("secretary", found[0])
        assert (await outside.get(address)).status_code == 404


def _parsed(text: str) -> list[Event]:
    """By a second iCalendar library."""
    return list(IcsCalendarStream.calendar_from_ics(text).events)


async def test_a_feed_follows_the_rights_of_its_owner(house: House) -> None:
    council = house.council
    meeting = await _scheduled(house, f"{date.today() + timedelta(days=10)}T08:00")
    await house.act("secretary", f"/meetings/{meeting.id}/publish")
    assert (await house.get("officer", "/calendar/feeds")).status_code == 403
    foreign = await house.post("delegate01", "/calendar/feeds", None, body=str(council.other_body))
    assert foreign.status_code == 403
    address = _address((await house.post("delegate01", "/calendar/feeds", None, body=str(council.body))).text)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(house.app), base_url="http://testserver"
    ) as outside:
        assert "Họp ban" in (await outside.get(address)).text
        async with house.store.work() as work:
            seat = await work.session.scalar(
                select(Membership).where(Membership.person_id == council["delegate01"].person)
            )
            assert seat is not None
            seat.until = SINCE
        assert (await outside.get(address)).status_code == 404
        mine = _address((await house.post("delegate02", "/calendar/feeds", None, body="")).text)
        async with house.store.work() as work:
            account = await work.session.scalar(select(Account).where(Account.login == "delegate02"))
            assert account is not None
            account.disabled = True
        assert (await outside.get(mine)).status_code == 404
