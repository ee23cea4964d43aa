"""A part of the story by the interface alone: questions are handed in, listed, put and answered; a promise is kept."""

from __future__ import annotations

from typing import Any

from tests.api.conftest import House

ADDRESSEE = "Ông Trần Văn Xây, Giám đốc Sở Xây dựng"


async def question_time(house: House, meeting: str) -> None:
    """On an item of its own, concluded at the end."""
    item = await house.good(
        "secretary", "POST", f"/meetings/{meeting}/items", {"title": "Chất vấn", "kind": "questions"}
    )
    assert item["kind"] == "questions"
    first, second = [await _slip(house, meeting, login) for login in ("delegate01", "delegate02")]
    listed = await house.good("observer", "GET", f"/meetings/{meeting}/questions")
    assert listed == {"items": [], "next": None}
    assert await house.refused("delegate02", "GET", f"/questions/{first['id']}") == "not-found"
    await _arranged(house, item["id"], first, second)
    await house.good("chair", "POST", f"/items/{item['id']}/take-up")
    await _turns(house, item["id"], f"/questions/{first['id']}")
    await _promised(house, meeting, item["id"], first["id"])
    await house.good("chair", "POST", f"/questions/{second['id']}/in-writing")
    await house.good("chair", "POST", f"/items/{item['id']}/conclude")
    read = await house.good("observer", "GET", f"/questions/{second['id']}")
    assert read["state"] == "written"
    task = await house.good("officer", "GET", f"/tasks/{read['task']}")
    assert task["title"] == "Answer in writing: Hạ tầng"


async def _slip(house: House, meeting: str, login: str) -> dict[str, Any]:
    sent = {"addressee": ADDRESSEE, "text": f"Câu hỏi của {login}", "topic": "Hạ tầng"}
    made = await house.good(login, "POST", f"/meetings/{meeting}/questions", sent)
    assert (made["state"], made["asker_name"]) == ("submitted", house.council[login].name)
    return dict(made)


async def _arranged(house: House, item: str, first: dict[str, Any], second: dict[str, Any]) -> None:
    address = f"/questions/{second['id']}"
    agency = str(house.council.agency)
    assert (await house.good("secretary", "PATCH", address, {"agency": agency}))["agency"] == agency
    for question in (first, second):
        await house.good("secretary", "POST", f"/questions/{question['id']}/list", {"item": item})
    await house.good("secretary", "POST", f"{address}/unlist")
    await house.good("secretary", "POST", f"{address}/list", {"item": item})
    moved = await house.good("chair", "PATCH", address, {"place": 1})
    assert moved["position"] == 1
    third = await _slip(house, first["meeting"], "delegate03")
    withdrawn = await house.good("delegate03", "POST", f"/questions/{third['id']}/withdraw")
    assert withdrawn["state"] == "withdrawn"


async def _turns(house: House, item: str, address: str) -> None:
    opening = await house.good("chair", "POST", f"/items/{item}/opening-statement", {"addressee": ADDRESSEE})
    assert (opening["kind"], opening["limit"], opening["question"]) == ("answer", 300, None)
    assert await house.refused("chair", "POST", f"{address}/ask") == "floor-taken"
    speech = opening["speech"]
    for turn, limit in (("ask", 60), ("answer", 180)):
        called = await house.good("chair", "POST", f"{address}/{turn}", {"interrupts": speech})
        assert (called["kind"], called["limit"], called["state"]) == (turn, limit, "speaking")
        speech = called["speech"]
    asked = await house.good("delegate01", "POST", f"{address}/follow-up-request")
    assert asked["state"] == "asked"
    called = await house.good("secretary", "POST", f"{address}/follow-up", {"interrupts": speech})
    assert called["speech"] == asked["speech"]
    await house.good("chair", "POST", f"{address}/answer", {"interrupts": called["speech"]})
    assert (await house.good("chair", "POST", f"{address}/answered"))["state"] == "answered"
    judged = await house.good("delegate01", "POST", f"{address}/satisfied", {"satisfied": True})
    assert judged["satisfied"] is True


async def _promised(house: House, meeting: str, item: str, question: str) -> None:
    sent = {
        "text": "Hoàn thành trong quý I", "agency": str(house.council.agency), "due": "2027-03-31",
        "question": question,
    }  # fmt: skip
    promise = await house.good("secretary", "POST", f"/items/{item}/promises", sent)
    assert (promise["promised_by"], promise["due"]) == (ADDRESSEE, "2027-03-31")
    assert (await house.good("observer", "GET", f"/meetings/{meeting}/promises"))["items"] == [promise]
    task = await house.good("officer", "GET", f"/tasks/{promise['task']}")
    assert (task["title"], task["due"]) == ("Hoàn thành trong quý I", "2027-03-31")
