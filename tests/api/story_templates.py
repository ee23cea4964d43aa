"""A part of the story by the interface alone: a template, meetings made from it, a copy, a series."""

from __future__ import annotations

from typing import Any

from tests.api.conftest import House
from tests.api.paper import a_pdf

CONTENT: dict[str, Any] = {
    "name": "Phiên thường kỳ", "title": "Phiên họp tháng {month}/{year}", "begins": "08:00", "minutes": 120,
    "guests": [{"name": "Cụ Lão", "post": "Trưởng ban", "email": "lao@example.invalid"}],
    "items": [
        {"title": "Khai mạc", "minutes_planned": 5},
        {
            "title": "Xem xét", "motions": [{"rule": "hdnd-resolution"}],
            "items": [{"title": "Thảo luận", "visibility": "internal"}],
        },
    ],
}  # fmt: skip
RULE = {"first": "2031-03-12", "every": "month-weekday", "count": 3}


async def repeat_meetings(house: House) -> None:
    """The secretary alone; what came from a template, a copy or a series is an ordinary draft."""
    body, meeting = await _from_template(house)
    await _copied(house, meeting)
    await _series(house, body)


async def _from_template(house: House) -> tuple[str, dict[str, Any]]:
    body = f"/bodies/{house.council.body}"
    assert await house.refused("chair", "POST", f"{body}/meeting-templates", CONTENT) == "forbidden"
    wrong = CONTENT | {"title": "Họp {tuần}"}
    assert (
        await house.refused("secretary", "POST", f"{body}/meeting-templates", wrong) == "placeholder-unknown"
    )
    kept = await house.good("secretary", "POST", f"{body}/meeting-templates", CONTENT)
    (line,) = (await house.good("secretary", "GET", f"{body}/meeting-templates"))["items"]
    assert (line["name"], line["items"]) == (CONTENT["name"], 3)
    at = f"/meeting-templates/{kept['id']}"
    read = await house.good("secretary", "GET", at)
    assert await house.good("secretary", "PUT", at, read["template"]) == read, "what is read can be sent back"
    meeting = await house.good("secretary", "POST", f"{at}/meetings", {"starts": "2031-03-05T08:00:00+07:00"})
    assert (meeting["title"], meeting["state"], meeting["ends"]) == (
        "Phiên họp tháng 3/2031", "draft", "2031-03-05T10:00:00+07:00",
    )  # fmt: skip
    items = (await house.good("secretary", "GET", f"/meetings/{meeting['id']}/items"))["items"]
    assert [(one["number"], one["title"]) for one in items] == [
        ("1", "Khai mạc"), ("2", "Xem xét"), ("2.1", "Thảo luận"),
    ]  # fmt: skip
    assert [len(one["motions"]) for one in items] == [0, 1, 0]
    saved = await house.good("secretary", "POST", f"/meetings/{meeting['id']}/template", {"name": "Khác"})
    assert saved["template"]["items"][1]["motions"][0]["rule"] == "hdnd-resolution"
    await house.good("secretary", "POST", f"/meeting-templates/{saved['id']}/remove")
    assert await house.refused("secretary", "GET", f"/meeting-templates/{saved['id']}") == "not-found"
    return body, meeting | {"item": items[0]["id"], "template": kept["id"]}


async def _copied(house: House, meeting: dict[str, Any]) -> None:
    paper = await house.good(
        "secretary",
        "POST",
        f"/items/{meeting['item']}/papers",
        files={"file": ("Tờ trình.pdf", a_pdf("một"))},
    )
    wanted = {"starts": "2031-04-02T14:00:00+07:00", "title": "Họp tháng 4", "papers": True}
    copy = await house.good("secretary", "POST", f"/meetings/{meeting['id']}/copy", wanted)
    assert copy["ends"] == "2031-04-02T16:00:00+07:00"
    items = (await house.good("secretary", "GET", f"/meetings/{copy['id']}/items"))["items"]
    (taken,) = items[0]["papers"]
    told = await house.good("secretary", "GET", f"/papers/{taken['id']}")
    assert (told["copied_from"], told["versions"][0]["sha256"]) == (
        paper["id"],
        paper["versions"][0]["sha256"],
    )
    assert not any(one["motions"] for one in items)


async def _series(house: House, body: str) -> None:
    wanted = {"title": "Phiên số {number}", "rule": RULE, "begins": "08:00", "ends": "10:00"}
    days = (await house.good("secretary", "POST", f"{body}/series/foresee", wanted))["days"]
    assert [one["day"] for one in days] == ["2031-03-12", "2031-04-09", "2031-05-14"]
    series = await house.good("secretary", "POST", f"{body}/series", wanted | {"without": ["2031-04-09"]})
    assert [one["starts"] for one in series["meetings"]] == ["2031-03-12T08:00", "2031-05-14T08:00"]
    at = f"/series/{series['id']}"
    assert await house.good("secretary", "GET", at) == series
    assert await house.refused("delegate01", "GET", at) == "forbidden"
    changed = await house.good(
        "secretary", "POST", f"{at}/change", {"since": "2031-05-01", "begins": "14:00"}
    )
    assert changed["meetings"][1]["starts"] == "2031-05-14T14:00"
    meeting = await house.good("secretary", "GET", f"/meetings/{changed['meetings'][1]['id']}")
    assert (meeting["series"], meeting["ends"]) == (series["id"], "2031-05-14T16:00:00+07:00")
    ended = await house.good("secretary", "POST", f"{at}/end", {"since": "2031-03-01", "reason": "Hợp nhất"})
    assert {one["state"] for one in ended["meetings"]} == {"cancelled"}
    (line,) = (await house.good("secretary", "GET", f"{body}/series"))["items"]
    assert (line["drafts"], line["meetings"]) == (0, 2)
    late = {"since": "2031-03-01", "place": "Phòng 2"}
    assert await house.refused("secretary", "POST", f"{at}/change", late) == "series-settled"
