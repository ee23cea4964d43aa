"""A part of the story by the interface alone: a term, a session of it, its groups and sittings."""

from __future__ import annotations

from tests.api.conftest import House


async def hold_a_session(house: House) -> None:
    """Planned, filled with sittings, convened; a plan is given up; a meeting goes out of the session and back."""
    at = f"/bodies/{house.council.body}"
    wanted = {"name": "Khóa XVI", "since": "2029-03-15", "until": "2034-03-14"}
    assert await house.refused("secretary", "POST", f"{at}/terms", wanted) == "forbidden"
    term = await house.good("admin", "POST", f"{at}/terms", wanted | {"name": "XVI"})
    changed = await house.good("admin", "PATCH", f"/terms/{term['id']}", {"name": "Khóa XVI"})
    assert changed == term | {"name": "Khóa XVI"}
    assert (await house.good("observer", "GET", f"{at}/terms"))["items"] == [changed]
    days = {"since": "2031-12-09", "until": "2031-12-10"}
    assert await house.refused("delegate01", "POST", f"{at}/council-sessions", days) == "forbidden"
    session = await house.good("secretary", "POST", f"{at}/council-sessions", days)
    assert (session["number"], session["state"], session["term"]) == (1, "planned", term["id"])
    address = f"/council-sessions/{session['id']}"
    assert await house.refused("delegate01", "GET", address) == "not-found"
    assert not (await house.good("delegate01", "GET", f"{at}/council-sessions"))["items"]
    place = await house.good("secretary", "PATCH", address, {"place": "Hội trường"})
    assert (place["place"], place["number"], place["kind"]) == ("Hội trường", 1, "regular")
    groups = (await house.good("secretary", "POST", f"{address}/groups", {"count": 2}))["items"]
    assert [len(group["members"]) for group in groups] == [5, 4]
    moved = groups[1]["members"][:1]
    set_ = await house.good(
        "secretary", "PUT", f"/discussion-groups/{groups[0]['id']}",
        {"members": groups[0]["members"] + moved, "chair": moved[0], "place": "Phòng 1"},
    )  # fmt: skip
    assert [len(group["members"]) for group in set_["items"]] == [6, 3]
    sittings = [
        {"day": "2031-12-09", "part": "morning"}, {"day": "2031-12-09", "part": "afternoon", "kind": "group"},
    ]  # fmt: skip
    made = await house.good("secretary", "POST", f"{address}/sittings", {"sittings": sittings})
    assert len(made["meetings"]) == 3
    assert (await house.good("secretary", "POST", f"{address}/convene"))["state"] == "convened"
    seen = await house.good("delegate01", "GET", address)
    assert (seen["sittings"], [group["place"] for group in seen["groups"]]) == ([], ["Phòng 1", ""])
    (listed,) = (await house.good("delegate01", "GET", f"{at}/council-sessions"))["items"]
    assert listed == {name: seen[name] for name in listed}
    first = f"/meetings/{made['meetings'][0]}/session"
    assert (await house.good("secretary", "POST", f"{first}/leave"))["session"] is None
    back = await house.good("secretary", "PUT", first, {"session": session["id"]})
    assert (back["session"], back["sitting"]) == (session["id"], "plenary")
    told = (await house.good("secretary", "GET", address))["sittings"]
    assert [(one["sitting"], one["number"], one["group"]) for one in told] == [
        ("plenary", 1, None), ("group", None, 1), ("group", None, 2),
    ]  # fmt: skip
    other = await house.good("secretary", "POST", f"{at}/council-sessions", days | {"number": 9})
    dropped = await house.good("secretary", "POST", f"/council-sessions/{other['id']}/drop")
    assert dropped == {"id": other["id"]}
