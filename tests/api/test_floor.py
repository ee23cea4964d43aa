"""The floor over HTTP: the same use cases as the pages, told as data."""

from __future__ import annotations

from uuid import uuid4

from tests.api.conftest import House
from tests.api.story_floor import debate, keep_the_list
from tests.support.council import Sitting, begin_sitting


async def _begun(house: House) -> tuple[Sitting, str]:
    sitting = await begin_sitting(house.store, house.council)
    return sitting, f"/meetings/{sitting.meeting}/floor"


async def test_a_debate(each_house: House) -> None:
    sitting, _ = await _begun(each_house)
    await debate(each_house, str(sitting.meeting))


async def test_the_list_and_the_groups(house: House) -> None:
    sitting, _ = await _begun(house)
    await keep_the_list(house, str(sitting.meeting), str(sitting.item))


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
