"""Idempotency-Key: a retry gets the first answer and acts once, also when both are sent at the same moment."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

from httpx import Response
from sqlalchemy import func, select

from meetings.storage.tables import Agency, Repeat
from tests.api.conftest import House
from tests.api.paper import a_pdf
from tests.support.council import begin_poll, begin_sitting, publish_sitting


async def _send(house: House, key: str, sent: Any, path: str = "/agencies", login: str = "admin") -> Response:
    return await house(login, "POST", path, json=sent, headers={"idempotency-key": key})


async def _agencies(house: House) -> int:
    async with house.store.reading() as reading:
        return int(await reading.session.scalar(select(func.count()).select_from(Agency)) or 0)


async def test_the_same_request_acts_once(each_house: House) -> None:
    house, before = each_house, await _agencies(each_house)
    first = await _send(house, "k", {"name": "Sở"})
    second = await _send(house, "k", {"name": "Sở"})
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert "idempotent-replayed" not in first.headers
    assert second.headers["idempotent-replayed"] == "true"
    assert await _agencies(house) == before + 1


async def test_at_the_same_moment(each_house: House) -> None:
    house, before = each_house, await _agencies(each_house)
    answers = await asyncio.gather(*(_send(house, "k", {"name": "Sở"}) for _ in range(5)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert await _agencies(house) == before + 1


async def test_another_request_is_refused(house: House) -> None:
    await _send(house, "k", {"name": "Sở"})
    for path, sent in (("/agencies", {"name": "Sở khác"}), ("/persons", {"name": "Sở"})):
        response = await _send(house, "k", sent, path)
        assert (response.status_code, response.json()["code"]) == (409, "repeat-differs")


async def test_a_key_belongs_to_its_sender(house: House) -> None:
    await _send(house, "k", {"name": "Sở"})
    sitting = await publish_sitting(house.store, house.council)
    answer = await _send(house, "k", {"title": "x"}, f"/meetings/{sitting.meeting}/items", "secretary")
    assert answer.status_code == 201


async def test_a_refused_request_is_judged_again(house: House) -> None:
    sitting = await publish_sitting(house.store, house.council)
    address = f"/meetings/{sitting.meeting}/call-to-order"
    first = await _send(house, "k", None, address, "chair")
    assert first.json()["code"] == "quorum-short"
    for delegate in range(6):
        await house.good(f"delegate{delegate:02}", "POST", f"/meetings/{sitting.meeting}/check-in")
    assert (await _send(house, "k", None, address, "chair")).is_success
    assert (await _send(house, "k", None, address, "chair")).is_success
    assert (await _send(house, "other", None, address, "chair")).json()["code"] == "not-now"


async def test_a_fault_keeps_neither_act_nor_answer(house: House, monkeypatch: Any) -> None:
    import meetings.api.council as council

    before = await _agencies(house)
    monkeypatch.setattr(council, "_agency", lambda row: 1 / 0)
    assert (await _send(house, "k", {"name": "Sở"})).json()["code"] == "failed"
    monkeypatch.undo()
    assert await _agencies(house) == before
    async with house.store.reading() as reading:
        assert not (await reading.session.scalars(select(Repeat))).all()
    assert (await _send(house, "k", {"name": "Sở"})).status_code == 201


async def test_a_key_has_a_form(house: House) -> None:
    for key in ("", "x" * 201):
        response = await _send(house, key, {"name": "Sở"})
        assert response.json()["code"] == "wrong-input"


async def test_papers_and_ballots_take_a_key(house: House) -> None:
    sitting = await begin_sitting(house.store, house.council)
    poll = await begin_poll(house.store, house.council, sitting)
    headers = {"idempotency-key": "k"}
    ballot = {"choice": "yes", "key": str(uuid4())}
    for _ in range(2):
        counted = await house.good("delegate01", "POST", f"/polls/{poll}/ballots", ballot, headers=headers)
        assert counted["counted"]
    papers = [
        await house.good(
            "secretary",
            "POST",
            f"/items/{sitting.item}/papers",
            files={"file": ("a.pdf", a_pdf("một"))},
            headers=headers,
        )
        for _ in range(2)
    ]
    assert papers[0] == papers[1]
    other = await house(
        "secretary",
        "POST",
        f"/items/{sitting.item}/papers",
        files={"file": ("a.pdf", a_pdf("hai"))},
        headers=headers,
    )
    assert other.json()["code"] == "repeat-differs"


async def test_nothing_is_kept_of_a_secret_ballot(each_house: House) -> None:
    """Whoever knows the key could try all choices against the hash of what was sent."""
    sitting = await begin_sitting(each_house.store, each_house.council)
    poll = await begin_poll(each_house.store, each_house.council, sitting, secret=True)
    ballot = {"choice": "yes", "key": str(uuid4())}
    receipts = [
        await each_house.good(
            "delegate01", "POST", f"/polls/{poll}/ballots", ballot, headers={"idempotency-key": "k"}
        )
        for _ in range(2)
    ]
    assert receipts[0] == receipts[1], "the ballot's own key finds its receipt"
    async with each_house.store.reading() as reading:
        assert not (await reading.session.scalars(select(Repeat))).all()
