"""A part of the story by the interface alone: a motion is moved, seconded, amended, divided, grouped, withdrawn."""

from __future__ import annotations

from typing import Any

from meetings.storage.tables import Body
from tests.api.conftest import House

TEXT = "Điều 1. Thông qua quy chế.\nĐiều 2. Công khai."


async def deliberate(house: House, meeting: str, item: str) -> None:
    """On an item that is in hand from then on; nothing of it is left to be voted on."""
    await house.good("chair", "POST", f"/items/{item}/take-up")
    await _seconding(house, True)
    main = await _moved(house, "secretary", item, {"title": "Quy chế", "text": TEXT, "mover": "Ban Pháp chế"})
    wanted = {"title": "Sửa", "text": TEXT.replace("Công khai", "Đăng công báo"), "amends": main["id"]}
    amendment = await _moved(house, "delegate01", item, wanted)
    assert (main["state"], amendment["state"], amendment["kind"]) == ("moved", "proposed", "amendment")
    assert amendment["mover"] == house.council["delegate01"].name
    address = f"/motions/{amendment['id']}"
    assert await house.refused("delegate01", "POST", f"{address}/second") == "motion-own"
    seconded = await house.good("delegate02", "POST", f"{address}/second")
    assert (seconded["state"], seconded["seconder"]) == ("moved", house.council["delegate02"].name)
    read = await house.good("observer", "GET", address)
    assert read == seconded
    assert [piece for piece in read["difference"] if piece["kind"] != "same"] == [
        {"kind": "removed", "text": "Công khai"}, {"kind": "added", "text": "Đăng công báo"},
    ]  # fmt: skip
    again = await house.good("delegate01", "POST", f"{address}/reword", {"text": f"{TEXT}\nĐiều 3. Hết."})
    assert again["difference"][-1]["kind"] == "added"
    assert (await house.good("chair", "POST", f"{address}/place", {"position": 0}))["position"] == 0
    parts = {"parts": [{"title": f"Phần {n}", "text": line} for n, line in enumerate(TEXT.split("\n"), 1)]}
    divide = f"/motions/{main['id']}/divide"
    assert await house.refused("chair", "POST", divide, parts) == "amendments-first"
    await house.good("delegate01", "POST", f"{address}/withdraw", {"reason": "Đã thống nhất"})
    whole = await house.good("chair", "POST", divide, parts)
    assert (whole["state"], len(whole["parts"])) == ("divided", 2)
    await _grouped(house, meeting, whole["parts"])
    await _seconding(house, False)


async def _grouped(house: House, meeting: str, parts: list[str]) -> None:
    group = await house.good("secretary", "POST", f"/meetings/{meeting}/consent", {"motions": parts})
    assert (group["motions"], group["state"]) == (parts, "draft")
    taken = {"motion": parts[0], "asked_by": "Đại biểu 03"}
    left = await house.good("chair", "POST", f"/polls/{group['poll']}/take-out", taken)
    assert left["motions"] == parts[1:]
    for part in parts:
        await house.good("chair", "POST", f"/motions/{part}/withdraw")
    assert (await house.good("chair", "GET", f"/polls/{group['poll']}"))["state"] == "annulled"


async def _moved(house: House, login: str, item: str, sent: dict[str, Any]) -> dict[str, Any]:
    answer = await house.good(login, "POST", f"/items/{item}/motions", sent)
    return dict(answer)


async def _seconding(house: House, asked: bool) -> None:
    async with house.store.work() as work:
        (await work.get(Body, house.council.body)).room_rules = {"seconding": True} if asked else {}
