"""A part of the story by the interface alone: arriving, corrections, substitutes, proxies, standing aside."""

from __future__ import annotations

from typing import Any

from meetings.rules.arrival import code_of, window_of
from meetings.storage.tables import Body
from tests.api.conftest import House


async def come_and_go(house: House, meeting: str, item: str) -> None:
    """Afterwards everybody is where they were before."""
    before = await house.good("observer", "GET", f"/meetings/{meeting}/attendance")
    await _rules(house, {"substitutes": True, "proxies": True})
    await _corrected(house, meeting)
    await _replaced(house, meeting)
    await _represented(house, meeting)
    await _aside(house, meeting, item)
    await _rules(house, None)
    after = await house.good("observer", "GET", f"/meetings/{meeting}/attendance")
    assert after == before
    for name in ("substitutes", "proxies", "recusals"):
        assert (await house.good("observer", "GET", f"/meetings/{meeting}/standing-in"))[name] == []


async def _rules(house: House, rules: dict[str, Any] | None) -> None:
    async with house.store.work() as work:
        (await work.locked(Body, house.council.body)).room_rules = rules


def _id(house: House, login: str) -> str:
    return str(house.council[login].person)


async def _corrected(house: House, meeting: str) -> None:
    person = _id(house, "delegate08")
    async with house.store.reading() as reading:
        minute = window_of(reading.now)
    code = code_of(house.app.state.house.settings.secret_key, meeting, minute)
    address = f"/meetings/{meeting}/arrive"
    assert await house.refused("delegate08", "POST", address, {"code": "old"}) == "code-old"
    assert await house.refused("observer", "POST", address, {"code": code}) == "forbidden"
    room = await house.good("delegate08", "POST", address, {"code": code})
    assert room["counts"]["in"] == 6
    history = f"/meetings/{meeting}/attendance/{person}"
    (entry,) = (await house.good("delegate08", "GET", history))["entries"]
    assert (entry["state"], entry["source"], entry["until"]) == ("in", "code", None)
    assert await house.refused("delegate01", "GET", history) == "forbidden"
    wrong = {"reason": "Nhầm người", "wrong": entry["id"]}
    right = {"state": "absent", "since": entry["since"]}
    corrections = f"{history}/corrections"
    assert await house.refused("delegate08", "POST", corrections, wrong) == "forbidden"
    zoneless = wrong | {"right": right | {"since": "2026-01-01T08:00:00"}}
    assert await house.refused("secretary", "POST", corrections, zoneless) == "wrong-input"
    late = right | {"since": "2031-01-01T08:00:00+07:00"}
    assert (
        await house.refused("secretary", "POST", corrections, wrong | {"right": late}) == "attendance-outside"
    )
    told = await house.good("secretary", "POST", corrections, wrong | {"right": right})
    struck = [one for one in told["entries"] if one["struck_at"]]
    assert [(one["state"], one["struck_reason"]) for one in struck] == [("in", "Nhầm người")]
    states = {_id(house, "delegate01"): "in", person: "absent"}
    room = await house.good("secretary", "PUT", f"/meetings/{meeting}/attendance", {"states": states})
    assert room["quorum"]["present"] == 6


async def _replaced(house: House, meeting: str) -> None:
    member, officer = _id(house, "delegate06"), _id(house, "officer")
    assert await house.refused("officer", "GET", f"/meetings/{meeting}/attendance") == "forbidden"
    wanted = {"member": member, "substitute": officer}
    standing = await house.good("secretary", "POST", f"/meetings/{meeting}/substitutes", wanted)
    (row,) = standing["substitutes"]
    assert (row["member"], row["substitute"]) == (member, officer)
    room = await house.good("officer", "POST", f"/meetings/{meeting}/check-in")
    (seat,) = [one for one in room["people"] if one["person"] == member]
    assert (seat["state"], seat["substitute"], seat["present"]) == ("replaced", officer, True)
    assert room["quorum"]["present"] == 7
    await house.good("chair", "POST", f"/substitutions/{row['id']}/end")
    assert await house.refused("officer", "GET", f"/meetings/{meeting}/attendance") == "forbidden"


async def _represented(house: House, meeting: str) -> None:
    holder = _id(house, "delegate01")
    given = await house.good("delegate07", "POST", f"/meetings/{meeting}/proxies", {"holder": holder})
    (row,) = given["proxies"]
    assert (row["giver"], row["holder"], row["works"]) == (_id(house, "delegate07"), holder, True)
    assert await house.refused("delegate02", "POST", f"/proxies/{row['id']}/end") == "forbidden"
    await house.good("delegate01", "POST", f"/proxies/{row['id']}/end")


async def _aside(house: House, meeting: str, item: str) -> None:
    person = _id(house, "delegate03")
    standing = await house.good("delegate03", "POST", f"/items/{item}/recusals")
    (row,) = standing["recusals"]
    assert (row["item"], row["person"], row["reason"]) == (item, person, "")
    papers = {
        login: next(one["papers"] for one in await _items(house, login, meeting) if one["id"] == item)
        for login in ("delegate02", "delegate03")
    }
    assert papers["delegate02"]
    assert not papers["delegate03"]
    paper = papers["delegate02"][0]["id"]
    assert await house.refused("delegate03", "GET", f"/papers/{paper}/file") == "recused"
    assert await house.refused("secretary", "POST", f"/recusals/{row['id']}/lift") == "forbidden"
    told = await house.good("observer", "GET", f"/items/{item}/attendance")
    assert told == {"item": item, "people": []}
    await house.good("chair", "POST", f"/recusals/{row['id']}/lift")


async def _items(house: House, login: str, meeting: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await house.good(login, "GET", f"/meetings/{meeting}/items"))["items"]
    return found
