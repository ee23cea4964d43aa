"""A part of the story by the interface alone: a week of the body, published, changed, told again."""

from __future__ import annotations

from tests.api.conftest import House


async def plan_a_week(house: House) -> None:
    """An entry is written, moved and taken out; the members see each change against what was published."""
    at = f"/bodies/{house.council.body}/schedule"
    wanted = {"day": "2031-03-11", "title": "Tiếp công dân", "starts": "14:00"}
    assert await house.refused("delegate01", "POST", at, wanted) == "forbidden"
    week = {"on": "2031-03-12"}
    assert await house.refused("secretary", "POST", f"{at}/publish", week) == "week-empty"
    entry = await house.good("secretary", "POST", at, wanted)
    assert (entry["part"], entry["starts"]) == ("afternoon", "14:00")
    read = f"{at}?on=2031-03-16"
    assert not (await house.good("delegate01", "GET", read))["lines"]
    published = await house.good("secretary", "POST", f"{at}/publish", week)
    assert (published["monday"], published["number"]) == ("2031-03-10", 1)
    changed = await house.good(
        "secretary", "PATCH", f"/schedule-entries/{entry['id']}", {"day": "2031-03-13", "place": "Phòng 2"}
    )
    assert (changed["title"], changed["starts"]) == ("Tiếp công dân", "14:00"), "what is left out stays"
    seen = await house.good("delegate01", "GET", read)
    assert [(line["day"], line["change"]) for line in seen["lines"]] == [
        ("2031-03-11", "left"),
        ("2031-03-13", "moved"),
    ]
    assert seen["lines"][1]["was"] == {"day": "2031-03-11", "place": ""}
    assert not seen["untold"]
    assert len((await house.good("secretary", "GET", read))["untold"]) == 1
    file = await house.good("delegate01", "GET", f"{at}.pdf?on=2031-03-12")
    assert file.content.startswith(b"%PDF")
    await house.good("secretary", "POST", f"/schedule-entries/{entry['id']}/remove")
    assert (await house.good("secretary", "POST", f"{at}/publish", week))["number"] == 2
    assert await house.refused("secretary", "POST", f"{at}/publish", week) == "week-unchanged"
    (gone,) = (await house.good("delegate01", "GET", read))["lines"]
    assert gone["change"] == "removed"
