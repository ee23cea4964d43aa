"""A part of the story by the interface alone: a dossier from its draft through its procedure onto an agenda."""

from __future__ import annotations

from typing import Any

from tests.api.conftest import House
from tests.api.paper import a_pdf

PROCEDURE: dict[str, Any] = {
    "name": "Trình nghị quyết",
    "level": "province",
    "field": "Tài chính",
    "steps": [
        {"name": "Tiếp nhận", "by": "secretariat", "days": 2},
        {
            "name": "Thẩm định", "by": "agency", "agency": "Phòng Tài chính", "days": 5,
            "opinions": [{"topic": "Pháp lý", "by": "secretariat", "days": 3}],
        },
    ],
}  # fmt: skip


async def submit_and_decide(house: House) -> None:
    """One return, an opinion, and the chair's word on a late one."""
    procedure = await _catalogued(house)
    here = await _begun(house, procedure)
    await _walked(house, here)
    meeting = await _published(house)
    late = {"meeting": meeting, "reason": "Vốn mới giao"}
    assert await house.refused("secretary", "POST", f"{here}/agenda", {"meeting": meeting}) == "dossier-late"
    assert (await house.good("secretary", "POST", f"{here}/agenda", late))["state"] == "awaiting_chair"
    assert (await house.good("chair", "POST", f"{here}/refuse-late", {"reason": "Sau"}))[
        "state"
    ] == "accepted"
    draft = await _meeting(house, "2092-05-07T08:00:00+07:00")
    await house.good("secretary", "POST", f"{here}/agenda", {"meeting": draft})
    off = await house.good("secretary", "POST", f"{here}/take-off", {"reason": "Nhầm phiên"})
    assert (off["state"], off["meeting"], off["item"]) == ("accepted", None, None)
    await house.good("secretary", "POST", f"{here}/agenda", late)
    admitted = await house.good("chair", "POST", f"{here}/admit")
    assert (admitted["state"], admitted["meeting"]) == ("scheduled", meeting)
    items = (await house.good("delegate01", "GET", f"/meetings/{meeting}/items"))["items"]
    assert [(item["title"], item["urgent"], len(item["papers"])) for item in items] == [
        ("Khai mạc", False, 0), ("Dự toán", True, 1),
    ]  # fmt: skip
    other = await _begun(house, procedure)
    gone = await house.good("officer", "POST", f"{other}/withdraw", {"reason": "Không cần"})
    assert gone["acts"] == []
    figures = await house.good("secretary", "GET", "/dossier-figures")
    assert {line["name"]: line["in_time"] for line in figures["takers"]} == {
        "Phòng Tài chính": 1, "secretariat": 3,
    }  # fmt: skip
    assert figures["steps"][0]["share"] == "100.00"
    retired = await house.good("secretary", "POST", f"/procedures/{procedure}/retire")
    assert retired["in_use"] is False


async def _catalogued(house: House) -> str:
    body = str(house.council.body)
    wrong = PROCEDURE | {"steps": [PROCEDURE["steps"][1] | {"agency": "Sở Không Có"}]}
    refused = await house.refused("secretary", "POST", "/procedures", {"body": body, "procedure": wrong})
    assert refused == "procedure-agency"
    made = await house.good("secretary", "POST", "/procedures", {"body": body, "procedure": PROCEDURE})
    assert (made["version"], made["days"]) == (1, 7)
    here = f"/procedures/{made['id']}"
    changed = await house.good("secretary", "PUT", here, {"procedure": made["procedure"] | {"code": "QT-1"}})
    assert (changed["version"], changed["code"]) == (2, "QT-1")
    read = await house.good("officer", "GET", here)
    assert read["procedure"]["steps"][1]["agency"] == "Phòng Tài chính"
    listed = await house.good("officer", "GET", "/procedures")
    assert [line["id"] for line in listed["items"]] == [made["id"]]
    return str(made["id"])


async def _begun(house: House, procedure: str) -> str:
    sent = {"procedure": procedure, "agency": str(house.council.agency), "title": "Dự toán"}
    made = await house.good("officer", "POST", "/dossiers", sent)
    here = f"/dossiers/{made['id']}"
    assert await house.refused("secretary", "GET", here) == "not-found"
    changed = await house.good("officer", "PATCH", here, {"presenter": "Ông Vũ"})
    assert (changed["title"], changed["presenter"]) == ("Dự toán", "Ông Vũ")
    assert await house.good("officer", "GET", here) == changed
    return here


async def _laid(house: House, here: str, name: str, **fields: str) -> dict[str, Any]:
    file = {"file": (f"{name}.pdf", a_pdf(name + str(fields)), "application/pdf")}
    return dict(await house.good("officer", "POST", f"{here}/papers", files=file, data=fields))


async def _walked(house: House, here: str) -> None:
    statement = await _laid(house, here, "to-trinh", kind="statement")
    newer = await _laid(house, here, "moi", replaces=statement["id"])
    assert (newer["version"], newer["title"], newer["kind"]) == (2, "to-trinh", "statement")
    annex = await _laid(house, here, "phu-luc", kind="annex")
    response = await house("officer", "GET", f"/dossier-papers/{annex['id']}/file")
    assert response.content.startswith(b"%PDF-")
    await house.good("officer", "POST", f"/dossier-papers/{annex['id']}/take-out")
    submitted = await house.good("officer", "POST", f"{here}/submit")
    assert (submitted["state"], submitted["step_name"]) == ("running", "Tiếp nhận")
    back = await house.good("secretary", "POST", f"{here}/return", {"reason": "Thiếu"})
    assert (back["state"], back["reason"]) == ("returned", "Thiếu")
    await house.good("officer", "POST", f"{here}/submit")
    second = await house.good("secretary", "POST", f"{here}/pass", {"note": "Đủ"})
    assert second["step"] == 2
    assert await house.refused("officer2", "POST", f"{here}/pass") == "opinions-missing"
    asked = second["runs"][-1]["opinions"][0]
    given = await house.good("secretary", "POST", f"/dossier-opinions/{asked['id']}", {"verdict": "agree"})
    assert given["runs"][-1]["opinions"][0]["verdict"] == "agree"
    accepted = await house.good("officer2", "POST", f"{here}/pass")
    assert (accepted["state"], accepted["mine"]) == ("accepted", False)
    listed = await house.good("secretary", "GET", "/dossiers")
    assert [(line["title"], line["mine"]) for line in listed["items"]] == [("Dự toán", True)]


async def _meeting(house: House, starts: str) -> str:
    sent = {"body": str(house.council.body), "title": "Kỳ họp sau", "starts": starts}
    return str((await house.good("secretary", "POST", "/meetings", sent))["id"])


async def _published(house: House) -> str:
    meeting = await _meeting(house, "2091-05-07T08:00:00+07:00")
    await house.good("secretary", "POST", f"/meetings/{meeting}/items", {"title": "Khai mạc"})
    await house.good("secretary", "POST", f"/meetings/{meeting}/publish")
    return meeting
