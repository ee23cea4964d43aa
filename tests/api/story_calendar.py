"""A part of the story by the interface alone: days, rooms, planned ends, deadlines, conflicts, calendar addresses."""

from __future__ import annotations

from tests.api.conftest import House


async def keep_the_calendar(house: House) -> None:
    """What an administrator keeps, what a secretary plans by it, what a member subscribes to."""
    await _days(house)
    room = await _rooms(house)
    await _planned(house, room)
    await _feeds(house)


async def _days(house: House) -> None:
    festival = {"kind": "off", "name": "Ngày hội", "confirmed": True}
    assert await house.refused("secretary", "PUT", "/days/2031-03-12", festival) == "forbidden"
    marked = await house.good("admin", "PUT", "/days/2031-03-12", festival)
    assert marked == festival | {"day": "2031-03-12"}
    worked = {"kind": "worked", "name": "Làm bù"}
    assert await house.refused("admin", "PUT", "/days/2031-03-12", worked) == "day-marked-wrong"
    span = {"since": "2031-03-01", "until": "2031-03-31"}
    seen = await house.good("officer", "GET", "/calendar", params=span)
    assert (seen["days"], seen["meetings"]) == ([marked], [])
    await house.good("admin", "POST", "/days/2031-03-12/unmark")
    assert await house.refused("admin", "POST", "/days/2031-03-12/unmark") == "not-found"
    assert (await house.good("admin", "POST", "/days/fill", {"year": 2036}))["days"] > 10
    assert (await house.good("admin", "POST", "/days/fill", {"year": 2036}))["days"] == 0
    assert (await house.good("admin", "POST", "/days/confirm", {"year": 2036}))["days"] > 10
    assert await house.refused("admin", "POST", "/days/fill", {"year": 2150}) == "year-unknown"
    span = {"since": "2031-03-01", "until": "2033-03-01"}
    assert await house.refused("officer", "GET", "/calendar", params=span) == "wrong-input"


async def _rooms(house: House) -> str:
    facts = {"name": "Phòng họp số 1", "seats": 4, "equipment": ["Máy chiếu"]}
    assert await house.refused("secretary", "POST", "/rooms", facts) == "forbidden"
    room = await house.good("admin", "POST", "/rooms", facts)
    assert await house.refused("admin", "POST", "/rooms", facts) == "room-name-taken"
    days = {"blocked_from": "2031-04-01", "blocked_until": "2031-04-03", "blocked_reason": "Sửa chữa"}
    blocked = await house.good("admin", "PATCH", f"/rooms/{room['id']}", days)
    assert blocked == room | days
    assert (await house.good("officer", "GET", "/rooms"))["items"] == [blocked]
    return str(room["id"])


async def _planned(house: House, room: str) -> None:
    body = str(house.council.body)
    periods = {"deadlines": {"regular": {"notice_days": 5}}}
    assert await house.refused("secretary", "PATCH", f"/bodies/{body}", periods) == "forbidden"
    kept = await house.good("admin", "PATCH", f"/bodies/{body}", periods)
    assert kept["deadlines"]["regular"] == {"notice_days": 5, "papers_days": 3, "conclusions_days": 5}
    wanted = {
        "body": body, "title": "Họp", "starts": "2031-04-02T08:00:00+07:00", "room": room,
        "ends": "2031-04-02T11:30:00+07:00",
    }  # fmt: skip
    assert await house.refused("secretary", "POST", "/meetings", wanted) == "room-blocked"
    wanted |= {"starts": "2031-04-04T08:00:00+07:00"}
    assert await house.refused("secretary", "POST", "/meetings", wanted) == "end-wrong"
    meeting = await house.good(
        "secretary", "POST", "/meetings", wanted | {"ends": "2031-04-04T11:30:00+07:00"}
    )
    assert (meeting["ends"], meeting["room"]) == ("2031-04-04T11:30:00+07:00", room)
    assert meeting["place"] == "Phòng họp số 1"
    second = await house.good("secretary", "POST", "/meetings", wanted | {"ends": None})
    address = f"/meetings/{meeting['id']}"
    seen = await house.good("secretary", "GET", f"{address}/warnings")
    # 1 April 2031 is Giỗ Tổ
    assert seen["deadlines"][0] == {
        "duty": "notice",
        "due": "2031-03-27",
        "done": None,
        "late": 0,
        "papers": 0,
    }
    (conflict,) = seen["conflicts"]
    assert (conflict["meeting"], conflict["room"]) == (second["id"], "Phòng họp số 1")
    assert len(conflict["chairs"]) == 1
    freed = await house.good("secretary", "PATCH", address, {"ends": None, "room": None})
    assert (freed["ends"], freed["room"]) == (None, None)
    for one in (meeting, second):
        await house.good("secretary", "POST", f"/meetings/{one['id']}/cancel", {"reason": "Thử"})


async def _feeds(house: House) -> None:
    assert await house.refused("officer", "POST", "/feeds", {}) == "forbidden"
    made = await house.good("delegate01", "POST", "/feeds", {"body": str(house.council.body)})
    address = "/feeds/" + made.pop("address").rpartition("/")[2]
    assert (await house.client.get(address)).text.startswith("BEGIN:VCALENDAR")
    assert (await house.good("delegate01", "GET", "/feeds"))["items"] == [made]
    assert await house.refused("delegate02", "POST", f"/feeds/{made['id']}/revoke") == "not-found"
    await house.good("delegate01", "POST", f"/feeds/{made['id']}/revoke")
    assert (await house.client.get(address)).status_code == 404
