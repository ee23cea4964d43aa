"""A part of the story by the interface alone: a published agenda that changes, and who has read it."""

from __future__ import annotations

from tests.api.conftest import House


async def change_the_agenda(house: House) -> None:
    """A supplement inside the notice period, its readers, and a freeze that the chair lifts."""
    body = {
        "body": str(house.council.body),
        "title": "Phiên có bổ sung",
        "starts": "2026-11-20T08:00:00+07:00",
    }
    at = f"/meetings/{(await house.good('secretary', 'POST', '/meetings', body))['id']}"
    item = await house.good("secretary", "POST", f"{at}/items", {"title": "Giá đất"})
    await house.good("secretary", "POST", f"{at}/order", {"criteria": ["decisions", "short"]})
    assert await house.refused("secretary", "POST", f"{at}/order", {"criteria": ["x"]}) == "wrong-input"
    await house.good("secretary", "POST", f"{at}/publish")
    assert (
        await house.refused("secretary", "POST", f"{at}/supplements", {"reason": "x"}) == "supplement-empty"
    )
    assert (await house.good("delegate01", "POST", f"{at}/read"))["supplement"] == 0
    await house.good("secretary", "PATCH", f"/items/{item['id']}", {"title": "Bảng giá đất"})
    (waiting,) = (await house.good("delegate01", "GET", f"{at}/supplements"))["items"]
    (change,) = waiting["changes"]
    assert (waiting["number"], waiting["issued_at"]) == (1, None)
    assert (change["kind"], change["field"], change["before"], change["after"]) == (
        "changed", "title", "Giá đất", "Bảng giá đất",
    )  # fmt: skip
    assert await house.refused("delegate01", "POST", f"{at}/supplements", {}) == "forbidden"
    assert await house.refused("secretary", "POST", f"{at}/supplements", {}) == "supplement-late"
    issued = await house.good("secretary", "POST", f"{at}/supplements", {"reason": "Sửa tên"})
    assert issued["supplement"] == 1
    await house.good("delegate01", "POST", f"{at}/read")
    readers = (await house.good("secretary", "GET", f"{at}/readers"))["items"]
    assert [[one["supplement"] for one in reader["confirmed"]] for reader in readers].count([0, 1]) == 1
    assert await house.refused("delegate01", "GET", f"{at}/readers") == "forbidden"
    assert (await house.good("secretary", "POST", f"{at}/freeze"))["agenda_frozen_at"]
    assert (
        await house.refused("secretary", "PATCH", f"/items/{item['id']}", {"title": "x"}) == "agenda-frozen"
    )
    released = await house.good("chair", "POST", f"{at}/release", {"reason": "Bổ sung"})
    assert released["agenda_frozen_at"] is None
    hidden = await house.good("secretary", "POST", f"{at}/items", {"title": "Nghỉ", "visibility": "hidden"})
    assert (hidden["number"], hidden["visibility"], hidden["adopts"], hidden["task"]) == (
        "",
        "hidden",
        None,
        None,
    )
    assert await house.refused("delegate01", "GET", f"/items/{hidden['id']}/attendance") == "not-found"
    shown = await house.good("secretary", "PATCH", f"/items/{hidden['id']}", {"visibility": "internal"})
    assert shown["number"] == "2"
    missing = {"title": "Biên bản", "adopts": at.rsplit("/", 1)[1]}
    assert await house.refused("secretary", "POST", f"{at}/items", missing) == "minutes-not-adoptable"
