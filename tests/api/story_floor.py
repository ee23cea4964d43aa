"""A part of the story by the interface alone: the list of speakers, and a debate."""

from __future__ import annotations

from tests.api.conftest import House


async def keep_the_list(house: House, meeting: str, item: str) -> None:
    """Nobody waits at the end."""
    floor, of_item = f"/meetings/{meeting}/floor", f"/items/{item}/floor"
    assert (await house.good("chair", "POST", f"{of_item}/last-call"))["last_call"] is True
    assert (await house.good("chair", "POST", f"{of_item}/close"))["closed"] is True
    assert await house.refused("delegate01", "POST", f"{floor}/requests", {}) == "floor-closed"
    assert (await house.good("secretary", "POST", f"{of_item}/reopen"))["closed"] is False
    first = await house.good("delegate01", "POST", f"{floor}/requests", {})
    second = await house.good("delegate02", "POST", f"{floor}/requests", {})
    moved = await house.good("secretary", "POST", f"/speeches/{second['speech']}/move", {"place": 1})
    assert [one["id"] for one in moved["queue"]] == [second["speech"], first["speech"]]
    times = {"initial": {"Tổ 1": 600}, "added": {"Tổ 1": 30}}
    [group] = (await house.good("chair", "POST", f"{of_item}/groups", times))["groups"]
    assert (group["initial"], group["added"], group["seconds"]) == (600, 30, 0)
    gone = await house.good("delegate01", "POST", f"/speeches/{first['speech']}/withdraw")
    assert [one["id"] for one in gone["queue"]] == [second["speech"]]
    assert (await house.good("delegate02", "POST", f"/speeches/{second['speech']}/withdraw"))["queue"] == []


async def debate(house: House, meeting: str) -> None:
    """A member speaks and is interrupted by a guest."""
    floor = f"/meetings/{meeting}/floor"
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
    await house.good("chair", "POST", f"/speeches/{again['id']}/call")
    ended = await house.good("chair", "POST", f"/speeches/{again['id']}/stop")
    assert (ended["speaking"], ended["queue"]) == (None, [])
    given = await house.good("observer", "GET", f"/meetings/{meeting}/speeches")
    told = {(one["speaker"], one["stance"]) for one in given["speeches"]}
    assert (house.council["delegate01"].name, "for") in told
