"""A part of the story by the interface alone: the work programme of a year, approved, changed and taken in hand."""

from __future__ import annotations

from typing import Any

from tests.api.conftest import House
from tests.api.story_dossiers import PROCEDURE


async def plan_the_year(house: House) -> None:
    """Entries are written, approved, moved with a reason, and become a dossier, an item, a consultation."""
    at = f"/bodies/{house.council.body}/programme"
    assert await house.refused("delegate01", "POST", at, {"year": 2093}) == "forbidden"
    programme = await house.good("secretary", "POST", at, {"year": 2093})
    assert (programme["year"], programme["approved_on"], programme["entries"]) == (2093, None, [])
    here = f"/programmes/{programme['id']}"
    agency = str(house.council.agency)
    plan = await _written(house, here, title="Quy hoạch", due="2093-03", agency=agency)
    asked = await _written(house, here, title="Giá nước", due="2093-Q2", form="consultation")
    report = await _written(house, here, title="Báo cáo", due="2093-06-15", form="report")
    slip = await _written(house, here, title="Nhầm", due="2093-Q4")
    removed = await house.good("secretary", "POST", f"{slip}/remove")
    assert removed == {"programme": programme["id"]}
    assert await house.refused("delegate01", "GET", f"{at}?year=2093") == "not-found"
    approval = {"number": "15/CTr-HĐND", "approved_on": "2092-12-20"}
    approved = await house.good("secretary", "POST", f"{here}/approve", approval)
    assert (approved["number"], len(approved["entries"])) == ("15/CTr-HĐND", 3)
    assert (await house.good("delegate01", "GET", f"{at}?year=2093"))["id"] == programme["id"]

    moved = {"title": "Quy hoạch", "due": "2093-04", "agency": agency, "reason": "Chờ thẩm định"}
    changed = await house.good("secretary", "PUT", plan, moved)
    assert (changed["due"], changed["changes"][0]["kind"]) == ("2093-04", "moved")
    assert await house.good("officer", "GET", plan) == changed

    body = str(house.council.body)
    procedure = await house.good("secretary", "POST", "/procedures", {"body": body, "procedure": PROCEDURE})
    dossier = await house.good("officer", "POST", f"{plan}/dossier", {"procedure": procedure["id"]})
    assert (await house.good("officer", "GET", f"/dossiers/{dossier['id']}"))["title"] == "Quy hoạch"
    sitting = {"body": body, "title": "Kỳ họp tháng 4", "starts": "2093-04-08T08:00:00+07:00"}
    meeting = (await house.good("secretary", "POST", "/meetings", sitting))["id"]
    other = await _written(house, here, title="Đầu tư công", due="2093-04", reason="Mới giao")
    item = await house.good("secretary", "POST", f"{other}/agenda", {"meeting": meeting})
    assert (await house.good("secretary", "GET", other))["item"] == item["id"]
    ballot = await house.good("secretary", "POST", f"{asked}/consultation", {"closes": "2093-05-20T17:00"})
    assert (await house.good("secretary", "GET", asked))["consultation"] == ballot["id"]
    done = await house.good("secretary", "POST", f"{report}/done", {"on": "2026-11-02"})
    assert (done["state"], done["done_on"]) == ("done", "2026-11-02")
    last = await _written(house, here, title="Bỏ", due="2093-Q4", reason="Mới giao")
    assert (await house.good("secretary", "POST", f"{last}/withdraw", {"reason": "Trùng"}))[
        "state"
    ] == "withdrawn"


async def _written(house: House, programme: str, **entry: Any) -> str:
    made = await house.good("secretary", "POST", f"{programme}/entries", entry)
    return f"/programme-entries/{made['id']}"
