"""Lists page by cursor: everything once, in a stable order, whatever is added meanwhile."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from tests.api.conftest import House
from tests.support.council import publish_sitting


async def _pages(house: House, login: str, path: str, limit: int) -> list[list[Any]]:
    pages: list[list[Any]] = []
    cursor = None
    while True:
        asked = {"limit": limit} | ({"cursor": cursor} if cursor else {})
        answer = await house.good(login, "GET", path, params=asked)
        pages.append(answer["items"])
        cursor = answer["next"]
        if cursor is None:
            return pages


async def test_every_list_gives_everything_once(each_house: House) -> None:
    house = each_house
    sitting = await publish_sitting(house.store, house.council)
    for number in range(4):
        await house.good("admin", "POST", "/agencies", {"name": f"Sở {number}"})
        await house.good(
            "secretary", "POST", f"/meetings/{sitting.meeting}/items", {"title": f"Mục {number}"}
        )
        later = {
            "body": str(house.council.body),
            "title": f"Kỳ {number}",
            "starts": "2026-12-01T08:00:00+07:00",
        }
        await house.good("secretary", "POST", "/meetings", later)
        task = {"body": str(house.council.body), "lead": str(house.council.agency), "title": f"Việc {number}"}
        await house.good("secretary", "POST", "/tasks", task)
    paths = ("/bodies", "/persons", "/memberships", "/agencies", "/meetings", "/tasks")
    for path in (*paths, f"/meetings/{sitting.meeting}/items", f"/meetings/{sitting.meeting}/journal"):
        whole = (await house.good("secretary", "GET", path, params={"limit": 200}))["items"]
        assert whole
        for limit in (1, 3, len(whole)):
            pages = await _pages(house, "secretary", path, limit)
            assert [one for page in pages for one in page] == whole, path
            assert all(len(page) == limit for page in pages[:-1])
            assert pages[-1], "no page is empty"


async def test_the_orders(house: House) -> None:
    for name in ("Bình", "An", "Châu"):
        await house.good("admin", "POST", "/agencies", {"name": name})
        await house.good("admin", "POST", "/persons", {"name": f"Zzz {name}"})
    agencies = [one["name"] for one in (await house.good("admin", "GET", "/agencies"))["items"]]
    assert agencies[:3] == ["An", "Bình", "Châu"]
    persons = [one["name"] for one in (await house.good("admin", "GET", "/persons"))["items"]]
    assert [name for name in persons if name.startswith("Zzz")] == ["Zzz An", "Zzz Bình", "Zzz Châu"]


async def test_what_is_added_meanwhile_moves_nothing(house: House) -> None:
    first = await house.good("admin", "GET", "/persons?limit=3")
    await house.good("admin", "POST", "/persons", {"name": "Aaa"})
    second = await house.good("admin", "GET", "/persons", params={"limit": 200, "cursor": first["next"]})
    names = [one["id"] for one in (*first["items"], *second["items"])]
    assert len(names) == len(set(names))


STRANGE = base64.urlsafe_b64encode(b'["a", "b"]').decode()


@pytest.mark.parametrize("cursor", ["", "x", "💥", "W10=", "WyJhIl0=", STRANGE])
async def test_a_wrong_cursor_is_refused(house: House, cursor: str) -> None:
    for path in ("/bodies", "/memberships", "/meetings", "/tasks"):
        assert await house.refused("secretary", "GET", path, params={"cursor": cursor}) == "wrong-input"


@pytest.mark.parametrize("limit", ["0", "201", "-1", "x"])
async def test_a_wrong_limit_is_refused(house: House, limit: str) -> None:
    response = await house("secretary", "GET", "/bodies", params={"limit": limit})
    assert (response.status_code, response.json()["facts"]["field"]) == (422, "limit")
