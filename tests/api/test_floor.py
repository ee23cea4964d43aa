"""The floor over HTTP: the same use cases as the pages, told as data."""

from __future__ import annotations

from uuid import uuid4

from tests.api.conftest import House
from tests.support.council import Sitting, begin_sitting


async def _begun(house: House) -> tuple[Sitting, str]:
    sitting = await begin_sitting(house.store, house.council)
    return sitting, f"/meetings/{sitting.meeting}/floor"


async def test_a_debate(each_house: House) -> None:
    house = each_house
    sitting, floor = await _begun(house)
    empty = await house.good("delegate01", "GET", floor)
    assert (empty["speaking"], empty["queue"], empty["closed"]) == (None, [], False)
    asked = await house.good("delegate01", "POST", f"{floor}/requests", {"kind": "speech", "stance": "for"})
    assert (asked["place"], asked["wait"]) == (1, 0)
    speech = asked["speech"]
    await house.good("secretary", "POST", f"{floor}/speakers", {"name": "Ông Khách"})
    called = await house.good("chair", "POST", f"/speeches/{speech}/call")
    assert called["speaking"]["id"] == speech
    assert called["speaking"]["running_since"]
    assert called["speaking"]["limit"] == 600
    [guest] = called["queue"]
    assert guest["person"] is None
    assert guest["wait"] > 500
    taken = await house.refused("secretary", "POST", f"/speeches/{guest['id']}/call", {})
    assert taken == "floor-taken"
    await house.good("chair", "POST", f"/speeches/{speech}/time", {"seconds": 60})
    paused = await house.good("chair", "POST", f"/speeches/{speech}/pause")
    assert paused["speaking"]["running_since"] is None
    assert paused["speaking"]["added"] == 60
    await house.good("chair", "POST", f"/speeches/{speech}/resume")
    both = await house.good("chair", "POST", f"/speeches/{guest['id']}/call", {"interrupts": speech})
    assert both["speaking"]["name"] == "Ông Khách"
    await house.good("chair", "POST", f"/speeches/{guest['id']}/pass")
    [again] = (await house.good("delegate01", "GET", floor))["queue"]
    assert again["id"] != guest["id"]
    given = await house.good("observer", "GET", f"/meetings/{sitting.meeting}/speeches")
    assert [(one["speaker"][-2:], one["stance"]) for one in given["speeches"]] == [("01", "for")]


async def test_the_list_and_the_groups(house: House) -> None:
    sitting, floor = await _begun(house)
    item = f"/items/{sitting.item}/floor"
    assert (await house.good("chair", "POST", f"{item}/last-call"))["last_call"] is True
    assert (await house.good("chair", "POST", f"{item}/close"))["closed"] is True
    assert await house.refused("delegate01", "POST", f"{floor}/requests", {}) == "floor-closed"
    assert (await house.good("secretary", "POST", f"{item}/reopen"))["closed"] is False
    first = await house.good("delegate01", "POST", f"{floor}/requests", {})
    second = await house.good("delegate02", "POST", f"{floor}/requests", {})
    moved = await house.good("secretary", "POST", f"/speeches/{second['speech']}/move", {"place": 1})
    assert [one["id"] for one in moved["queue"]] == [second["speech"], first["speech"]]
    times = {"initial": {"Tổ 1": 600}, "added": {"Tổ 1": 30}}
    [group] = (await house.good("chair", "POST", f"{item}/groups", times))["groups"]
    assert (group["initial"], group["added"], group["seconds"]) == (600, 30, 0)
    gone = await house.good("delegate01", "POST", f"/speeches/{first['speech']}/withdraw")
    assert [one["id"] for one in gone["queue"]] == [second["speech"]]


async def test_who_may_keep_the_floor(house: House) -> None:
    _, floor = await _begun(house)
    speech = (await house.good("delegate01", "POST", f"{floor}/requests", {}))["speech"]
    for act, sent in (("call", None), ("pause", None), ("time", {"seconds": 9}), ("move", {"place": 1})):
        path = f"/speeches/{speech}/{act}"
        assert await house.refused("delegate02", "POST", path, sent) == "forbidden", act
        assert await house.refused("foreign-secretary", "POST", path, sent) == "not-found", act
    assert await house.refused("delegate02", "POST", f"/speeches/{speech}/withdraw") == "forbidden"
    assert await house.refused("observer", "POST", f"{floor}/requests", {}) == "not-a-member"
    assert await house.refused("stranger", "GET", floor) == "not-found"
    assert await house.refused("chair", "POST", f"/speeches/{uuid4()}/call") == "not-found"
    assert await house.refused("chair", "POST", f"/speeches/{speech}/move", {"place": 0}) == "wrong-input"
