"""A part of the story by the interface alone: the notice, replies, guests, and how one is told."""

from __future__ import annotations

from meetings.storage.tables import Body
from tests.api.conftest import House


async def call_and_answer(house: House) -> None:
    """A meeting is published, members reply, guests are invited, a substitute is refused and agreed to."""
    sent = {
        "body": str(house.council.body),
        "title": "Họp về nước sạch",
        "starts": "2091-03-01T08:00:00+07:00",
    }
    meeting = (await house.good("secretary", "POST", "/meetings", sent))["id"]
    here = f"/meetings/{meeting}"
    item = (await house.good("secretary", "POST", f"{here}/items", {"title": "Nước sạch"}))["id"]
    guests = {
        "guests": [{"name": "Bà Khách", "email": "khach@example.invalid"}],
        "item": item,
        "group": "Tổ 3",
    }
    assert await house.refused("chair", "POST", f"{here}/guests", guests) == "forbidden"
    (guest,) = (await house.good("secretary", "POST", f"{here}/guests", guests))["guests"]
    assert (guest["letter"], guest["number"], guest["opened"]) == ("later", "1", False)
    await house.good("secretary", "POST", f"{here}/publish")
    await _replied(house, here)
    await _stood_in_for(house, here)
    told = await house.good("chair", "GET", f"{here}/guests")
    assert told["guests"][0]["letter"] == "waiting"
    await house.good("secretary", "POST", f"/guests/{guest['id']}/write")
    left = await house.good("secretary", "POST", f"/guests/{guest['id']}/withdraw")
    assert left["guests"] == []
    document = await house("delegate01", "GET", f"{here}/notice.pdf")
    assert document.content[:5] == b"%PDF-"
    await _told(house)


async def _replied(house: House, here: str) -> None:
    assert (
        await house.refused("delegate01", "POST", f"{here}/reply", {"answer": "decline"}) == "reason-missing"
    )
    own = await house.good("delegate01", "POST", f"{here}/reply", {"answer": "decline", "reason": "Ốm"})
    assert own["answer"] == "decline"
    assert await house.refused("delegate01", "GET", f"{here}/replies") == "forbidden"
    told = await house.good("secretary", "POST", f"{here}/replies/remind")
    assert told["notice"]["kind"] == "call"
    found = {one["name"]: one for one in (await house.good("secretary", "GET", f"{here}/replies"))["replies"]}
    assert [one["reason"] for one in found.values() if one["answer"] == "decline"] == ["Ốm"]
    deciding = f"/replies/{own['id']}/substitute"
    assert await house.refused("secretary", "POST", deciding, {"agree": True}) == "forbidden"
    assert await house.refused("chair", "POST", deciding, {"agree": True}) == "substitute-decided"


async def _stood_in_for(house: House, here: str) -> None:
    stranger = str(house.council["stranger"].person)
    naming = {"answer": "substitute", "reason": "Ốm", "substitute": stranger}
    assert await house.refused("delegate02", "POST", f"{here}/reply", naming) == "substitutes-off"
    async with house.store.work() as work:
        body = await work.locked(Body, house.council.body)
        rules, body.room_rules = (
            body.room_rules,
            {**(body.room_rules or {}), "substitutes": True, "any_substitute": True},
        )
    own = await house.good("delegate02", "POST", f"{here}/reply", naming)
    assert own["substitute_state"] == "proposed"
    decided = await house.good("chair", "POST", f"/replies/{own['id']}/substitute", {"agree": True})
    assert decided["substitute_state"] == "approved"
    (seat,) = (await house.good("stranger", "GET", f"{here}/standing-in"))["substitutes"]
    assert seat["substitute"] == stranger
    async with house.store.work() as work:
        (await work.locked(Body, house.council.body)).room_rules = rules


async def _told(house: House) -> None:
    news = (await house.good("delegate02", "GET", "/notifications"))["items"]
    assert any("Họp về nước sạch" in one["text"] and not one["read"] for one in news)
    await house.good("delegate02", "POST", "/notifications/read")
    assert all(one["read"] for one in (await house.good("delegate02", "GET", "/notifications"))["items"])
    wanted = {"quiet_from": "22:00", "quiet_until": "06:00", "digest": True, "digest_at": "06:30"}
    assert await house.good("delegate02", "PUT", "/telling", wanted) == wanted
    assert await house.good("delegate02", "GET", "/telling") == wanted
    address = {"endpoint": "https://fcm.googleapis.com/fcm/send/abc", "p256dh": "k", "auth": "a"}
    await house.good("delegate02", "POST", "/push-addresses", address)
    away = address | {"endpoint": "https://10.0.0.1/x"}
    assert await house.refused("delegate02", "POST", "/push-addresses", away) == "push-address"
    await house.good("delegate02", "POST", "/push-addresses/end", {"endpoint": address["endpoint"]})
