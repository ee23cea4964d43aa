"""A part of the story by the interface alone: a meeting with a recess, and items that go elsewhere."""

from __future__ import annotations

from typing import Any

from tests.api.conftest import PREFIX, House
from tests.api.paper import a_pdf


async def run_the_course(house: House) -> None:
    """Standing orders, an urgent item, pages for everyone, a recess, items postponed and referred, the forecast."""
    await _standing_orders(house)
    later = await _meeting(house, "Kỳ họp sau", "2027-01-12T08:00:00+07:00")
    meeting = await _meeting(house, "Kỳ họp có tạm nghỉ", "2026-12-20T08:00:00+07:00")
    at = f"/meetings/{meeting}"
    titles = {"Khai mạc": 5, "Dự án": 40, "Bế mạc": 10}
    items = [
        (await house.good("secretary", "POST", f"{at}/items", {"title": title, "minutes_planned": minutes}))["id"]
        for title, minutes in titles.items()
    ]  # fmt: skip
    paper = await _paper(house, items[1])
    await house.good("secretary", "POST", f"{at}/publish")
    for delegate in house.council.delegates:
        await house.good("secretary", "PUT", f"{at}/attendance/{delegate.person}", {"state": "in"})
    await house.good("chair", "POST", f"{at}/call-to-order")
    first = await house.good("chair", "POST", f"/items/{items[0]}/take-up", {"in_hand": None})
    assert (first["state"], first["urgent"], first["spent_seconds"]) == ("taken_up", False, 0)
    sent = {"title": "Ứng phó bão", "reason": "Bão đổ bộ", "minutes_planned": 15}
    urgent = await house.good("chair", "POST", f"{at}/urgent", sent)
    assert (urgent["number"], urgent["urgent"]) == ("1a", True)
    assert await house.refused("secretary", "POST", f"{at}/urgent", sent) == "forbidden"
    await house.good("chair", "POST", f"/items/{items[1]}/take-up", {"in_hand": items[0]})
    stale = await house.refused("chair", "POST", f"/items/{items[2]}/take-up", {"in_hand": items[0]})
    assert stale == "in-hand-changed"
    await _pages(house, at, paper)
    await _recess(house, at)
    await _elsewhere(house, at, items[1], urgent["id"], later)


async def _standing_orders(house: House) -> None:
    body = f"/bodies/{house.council.body}"
    before = await house.good("delegate01", "GET", body)
    assert (before["room_rules"]["ask_seconds"], before["room_rules"]["queue"]) == (60, "asked")
    changed = await house.good("admin", "PATCH", body, {"room_rules": {"ask_seconds": 90}})
    assert changed["room_rules"]["ask_seconds"] == 90
    wrong = await house.refused("admin", "PATCH", body, {"room_rules": {"queue": "loudest"}})
    assert wrong == "wrong-input"
    assert await house.refused("chair", "PATCH", body, {"room_rules": {}}) == "forbidden"
    await house.good("admin", "PATCH", body, {"room_rules": {"ask_seconds": 60}})


async def _meeting(house: House, title: str, starts: str) -> str:
    sent = {"body": str(house.council.body), "title": title, "starts": starts}
    return str((await house.good("secretary", "POST", "/meetings", sent))["id"])


async def _paper(house: House, item: str) -> str:
    files = {"file": ("to-trinh.pdf", a_pdf("project"), "application/pdf")}
    laid = await house.good("secretary", "POST", f"/items/{item}/papers", files=files)
    return str(laid["id"])


async def _pages(house: House, at: str, paper: str) -> None:
    await house.good("chair", "POST", f"{at}/follow", {"paper": paper, "page": 1})
    beyond = await house.refused("secretary", "POST", f"{at}/follow", {"paper": paper, "page": 2})
    assert beyond == "wrong-input"
    assert await house.refused("delegate01", "POST", f"{at}/follow", {"paper": paper}) == "forbidden"
    await house.good("chair", "POST", f"{at}/follow", {})


async def _recess(house: House, at: str) -> None:
    assert await house.refused("chair", "POST", f"{at}/recess/extend") == "not-now"
    begun = await house.good("chair", "POST", f"{at}/recess", {"minutes": 15})
    longer = await house.good("chair", "POST", f"{at}/recess/extend")
    assert begun["recess_until"] < longer["recess_until"]
    assert (await house.good("chair", "POST", f"{at}/resume"))["recess_until"] is None
    over = await house.refused("chair", "POST", f"{at}/recess", {"until": "2020-01-01T08:00:00+07:00"})
    assert over == "recess-time"


async def _elsewhere(house: House, at: str, item: str, urgent: str, later: str) -> None:
    now: dict[str, Any] = await house.good("delegate01", "GET", at)
    assert set(now["forecast"]) == {"ends", "planned_end", "late_minutes", "items_without_time"}
    assert now["forecast"]["planned_end"] == "2026-12-20T08:55:00+07:00"
    postponed = await house.good(
        "chair", "POST", f"/items/{item}/postpone", {"reason": "Chưa đủ hồ sơ", "meeting": later}
    )
    assert (postponed["state"], postponed["postponed_to"]) == ("postponed", later)
    (there,) = (await house.good("secretary", "GET", f"/meetings/{later}/items"))["items"]
    assert (there["continues"], there["papers"][0]["version"]) == (item, 1)
    referred = await house.good(
        "chair", "POST", f"/items/{urgent}/refer", {"to": "Ban Đô thị", "reason": "Thẩm tra"}
    )
    assert (referred["state"], referred["referred_to"]) == ("referred", "Ban Đô thị")
    await house.good("chair", "POST", f"{at}/adjourn")
    assert await house.refused("chair", "POST", f"{at}/adjourn") == "meeting-adjourned"
    assert (await house.good("delegate01", "GET", at))["forecast"] is None
    assert f"{PREFIX}{at}" in {path for _, path in house.called}
