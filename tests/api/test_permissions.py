"""Who may call what: every role against the routes of a meeting's life, and everybody against foreign things."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from meetings.before.consultation_drafts import draft_consultation
from meetings.before.consultations import open_consultation
from meetings.during.questions import submit_question
from tests.api.conftest import House
from tests.support.council import begin_poll, begin_sitting, publish_sitting

ROLES = ("delegate01", "secretary", "chair", "officer", "admin", "observer", "stranger", "foreign-secretary")
"""`chair` is a delegate as well; the last two belong to another body."""
INSIDE = {"delegate01", "secretary", "chair", "observer"}
KEEPERS = {"secretary", "chair"}
MEMBERS = {"delegate01", "chair"}

READS = {
    "/bodies": set(ROLES),
    "/persons": set(ROLES),
    "/memberships": set(ROLES),
    "/agencies": set(ROLES),
    "/resolutions": set(ROLES),
    "/tasks": set(ROLES),
    "/procedures": set(ROLES),
    "/dossiers": set(ROLES),
    "/dossier-figures": set(ROLES),
    "/rooms": set(ROLES),
    "/calendar?since=2031-03-01&until=2031-03-31": set(ROLES),
    "/feeds": set(ROLES) - {"officer", "admin"},
    "/meetings/{meeting}/warnings": KEEPERS,
    "/meetings/{meeting}": INSIDE,
    "/meetings/{meeting}/items": INSIDE,
    "/meetings/{meeting}/attendance": INSIDE,
    "/meetings/{meeting}/standing-in": INSIDE,
    "/items/{item}/attendance": INSIDE,
    "/meetings/{meeting}/attendance/{person}": KEEPERS,
    "/polls/{poll}": INSIDE,
    "/polls/{poll}/entered-ballots": KEEPERS,
    "/meetings/{meeting}/device-test": KEEPERS,
    "/motions/{motion}": INSIDE,
    "/meetings/{meeting}/questions": INSIDE,
    "/meetings/{meeting}/promises": INSIDE,
    "/questions/{question}": KEEPERS,
    "/consultations/{consultation}": INSIDE - {"observer"},
    "/meetings/{meeting}/journal": INSIDE - {"observer"},
}
WRITES: dict[tuple[str, str], tuple[Any, set[str]]] = {
    ("POST", "/bodies"): ({"name": "x", "seats": 3}, {"admin"}),
    ("POST", "/persons"): ({"name": "x"}, {"admin"}),
    ("POST", "/memberships"): ({"body": "{body}", "person": "{person}", "since": "2020-01-01"}, {"admin"}),
    ("POST", "/agencies"): ({"name": "x"}, {"admin"}),
    ("POST", "/meetings"): (
        {"body": "{body}", "title": "x", "starts": "2026-12-01T08:00:00+07:00"},
        {"secretary"},
    ),
    ("PATCH", "/meetings/{meeting}"): ({}, {"secretary"}),
    ("POST", "/meetings/{meeting}/publish"): (None, {"secretary"}),
    ("POST", "/meetings/{meeting}/cancel"): ({"reason": "x"}, {"secretary"}),
    ("POST", "/meetings/{meeting}/recess"): (None, {"chair"}),
    ("POST", "/meetings/{meeting}/adjourn"): (None, {"chair"}),
    ("POST", "/meetings/{meeting}/recess/extend"): (None, {"chair"}),
    ("POST", "/meetings/{meeting}/urgent"): ({"title": "x", "reason": "x"}, {"chair"}),
    ("POST", "/meetings/{meeting}/follow"): ({}, KEEPERS),
    ("POST", "/items/{item}/refer"): ({"to": "x", "reason": "x"}, {"chair"}),
    ("POST", "/meetings/{meeting}/items"): ({"title": "x"}, {"secretary"}),
    ("PATCH", "/items/{item}"): ({"title": "x"}, {"secretary"}),
    ("POST", "/items/{item}/conclude"): (None, {"chair"}),
    ("POST", "/items/{item}/withdraw"): (None, {"chair"}),
    ("POST", "/items/{item}/motions"): ({"title": "x"}, KEEPERS | MEMBERS),
    ("POST", "/motions/{motion}/second"): (None, MEMBERS),
    ("POST", "/motions/{motion}/withdraw"): (None, KEEPERS),
    ("POST", "/motions/{motion}/reword"): ({"text": "x"}, KEEPERS),
    ("POST", "/motions/{motion}/place"): ({"position": 0}, KEEPERS),
    ("POST", "/motions/{motion}/divide"): ({"parts": []}, KEEPERS),
    ("POST", "/meetings/{meeting}/consent"): ({"motions": []}, KEEPERS),
    ("POST", "/polls/{poll}/take-out"): ({"motion": "{motion}"}, KEEPERS),
    ("POST", "/items/{item}/polls"): ({}, KEEPERS),
    ("PUT", "/meetings/{meeting}/attendance/{person}"): ({"state": "in"}, KEEPERS),
    ("PUT", "/meetings/{meeting}/attendance"): ({"states": {}}, KEEPERS),
    ("POST", "/meetings/{meeting}/attendance/{person}/corrections"): ({"reason": "x"}, KEEPERS),
    ("POST", "/meetings/{meeting}/substitutes"): (
        {"member": "{person}", "substitute": "{person}"},
        KEEPERS,
    ),
    ("POST", "/meetings/{meeting}/proxies"): ({"holder": "{person}"}, INSIDE),
    ("POST", "/items/{item}/recusals"): (None, INSIDE),
    ("POST", "/meetings/{meeting}/arrive"): ({"code": "x"}, MEMBERS),
    ("POST", "/meetings/{meeting}/check-in"): (None, MEMBERS),
    ("POST", "/polls/{poll}/ballots"): ({"choice": "yes", "key": "{key}"}, MEMBERS),
    ("POST", "/polls/{poll}/open"): (None, {"chair"}),
    ("POST", "/polls/{poll}/close"): (None, {"chair"}),
    ("POST", "/polls/{poll}/announce"): (None, {"chair"}),
    ("POST", "/polls/{poll}/annul"): ({"reason": "x"}, {"chair"}),
    ("POST", "/polls/{poll}/times"): ({}, {"chair"}),
    ("POST", "/polls/{poll}/extend"): ({"seconds": 30}, {"chair"}),
    ("POST", "/polls/{poll}/call-missing"): (None, {"chair"}),
    ("POST", "/polls/{poll}/call-next"): (None, {"chair"}),
    ("POST", "/polls/{poll}/casting-vote"): ({"choice": "yes"}, {"chair"}),
    ("POST", "/polls/{poll}/repeat"): (None, {"chair"}),
    ("POST", "/polls/{poll}/admit"): ({"person": "{person}"}, {"chair"}),
    ("POST", "/polls/{poll}/counts"): ({"counts": {}}, KEEPERS),
    ("POST", "/polls/{poll}/confirm-counts"): (None, KEEPERS),
    ("POST", "/polls/{poll}/send-back-counts"): (None, KEEPERS),
    ("POST", "/polls/{poll}/entered-ballots"): ({"person": "{person}", "choice": "yes"}, KEEPERS),
    ("POST", "/meetings/{meeting}/device-test"): (None, KEEPERS),
    ("POST", "/meetings/{meeting}/questions"): ({"addressee": "x", "text": "x"}, MEMBERS),
    ("PATCH", "/questions/{question}"): ({"topic": "x"}, KEEPERS),
    ("POST", "/questions/{question}/withdraw"): (None, set()),
    ("POST", "/questions/{question}/list"): ({"item": "{item}"}, KEEPERS),
    ("POST", "/questions/{question}/unlist"): (None, KEEPERS),
    ("POST", "/questions/{question}/ask"): (None, KEEPERS),
    ("POST", "/questions/{question}/answer"): (None, KEEPERS),
    ("POST", "/questions/{question}/follow-up-request"): (None, set()),
    ("POST", "/questions/{question}/satisfied"): ({"satisfied": True}, KEEPERS),
    ("POST", "/items/{item}/opening-statement"): ({"addressee": "x"}, KEEPERS),
    ("POST", "/items/{item}/promises"): ({"text": "x", "agency": "{agency}"}, KEEPERS),
    ("POST", "/questions/{question}/in-writing"): (None, KEEPERS),
    ("POST", "/consultations"): (
        {"body": "{body}", "title": "x", "closes": "2091-01-01T08:00"},
        {"secretary"},
    ),
    ("PATCH", "/consultations/{consultation}"): ({"title": "x"}, {"secretary"}),
    ("POST", "/consultations/{consultation}/hand"): (None, {"secretary"}),
    ("POST", "/consultations/{consultation}/open"): (None, {"chair"}),
    ("POST", "/consultations/{consultation}/opinion"): ({"choice": "agree", "key": "{key}"}, MEMBERS),
    ("POST", "/consultations/{consultation}/remind"): (None, KEEPERS),
    ("POST", "/consultations/{consultation}/extend"): (
        {"closes": "2091-02-01T08:00", "reason": "x"},
        {"chair"},
    ),
    ("POST", "/consultations/{consultation}/close"): (None, {"chair"}),
    ("POST", "/consultations/{consultation}/agenda"): ({"meeting": "{meeting}"}, {"secretary"}),
    ("POST", "/consultations/{consultation}/convert"): (
        {"meeting": "{meeting}", "reason": "x"},
        {"secretary"},
    ),
    ("POST", "/consultations/{consultation}/withdraw"): ({"reason": "x"}, {"chair"}),
    ("PATCH", "/bodies/{body}"): ({"deadlines": {}}, {"admin"}),
    ("PUT", "/days/2031-03-12"): ({"kind": "off", "name": "x"}, {"admin"}),
    ("POST", "/days/2031-01-01/unmark"): (None, {"admin"}),
    ("POST", "/days/fill"): ({"year": 2036}, {"admin"}),
    ("POST", "/days/confirm"): ({"year": 2036}, {"admin"}),
    ("POST", "/rooms"): ({"name": "x", "seats": 3}, {"admin"}),
    ("POST", "/feeds"): ({"body": "{body}"}, INSIDE),
    ("POST", "/tasks"): ({"body": "{body}", "lead": "{agency}", "title": "x"}, KEEPERS),
}
DENIED = {"forbidden", "not-found"}


class _Places(dict[str, str]):
    def fill(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {name: self.fill(one) for name, one in value.items()}
        return value.format(**self, key=uuid4()) if isinstance(value, str) else value


async def _places(house: House) -> _Places:
    sitting = await begin_sitting(house.store, house.council)
    poll = await begin_poll(house.store, house.council, sitting)
    return _Places(
        meeting=str(sitting.meeting),
        item=str(sitting.item),
        poll=str(poll),
        motion=str(sitting.motion),
        question=str(await _slip(house, sitting.meeting)),
        consultation=str(await _asked(house)),
        body=str(house.council.body),
        agency=str(house.council.agency),
        person=str(house.council["delegate02"].person),
    )


async def _slip(house: House, meeting: UUID) -> UUID:
    """A question slip of another member, not listed."""
    async with house.store.work() as work:
        slip = await submit_question(
            work, house.council["delegate03"], meeting, addressee="Giám đốc Sở Xây dựng", text="Khi nào?"
        )
    return slip.id


async def _asked(house: House) -> UUID:
    """An open consultation."""
    async with house.store.work() as work:
        kept = await draft_consultation(
            work, house.council["secretary"], body=house.council.body, title="Kè", closes="2091-01-01T08:00"
        )
        await open_consultation(work, house.council["chair"], kept.id)
    return kept.id


@pytest.mark.parametrize("role", ROLES)
async def test_what_a_role_may_read(house: House, role: str) -> None:
    places = await _places(house)
    for path, allowed in READS.items():
        response = await house(role, "GET", places.fill(path))
        code = "" if response.is_success else response.json()["code"]
        assert (code not in DENIED) == (role in allowed), f"{role}: {path}: {response.status_code} {code}"


@pytest.mark.parametrize("role", ROLES)
async def test_what_a_role_may_do(house: House, role: str) -> None:
    """Whoever lacks the right is denied; whoever has it is served, or refused for another reason."""
    places = await _places(house)
    for (method, path), (sent, allowed) in WRITES.items():
        response = await house(role, method, places.fill(path), json=places.fill(sent))
        code = "" if response.is_success else response.json()["code"]
        assert (code not in DENIED) == (role in allowed), (
            f"{role}: {method} {path}: {response.status_code} {code}"
        )


@pytest.mark.parametrize("role", ["stranger", "foreign-secretary"])
async def test_foreign_things_do_not_exist(house: House, role: str) -> None:
    """Who holds the right elsewhere is not even told that there is something here."""
    places = await _places(house)
    for path in (
        "/meetings/{meeting}",
        "/meetings/{meeting}/items",
        "/polls/{poll}",
        "/meetings/{meeting}/attendance",
    ):
        assert await house.refused(role, "GET", places.fill(path)) == "not-found"
    if role == "foreign-secretary":
        for path in ("/meetings/{meeting}/publish", "/items/{item}/conclude", "/polls/{poll}/close"):
            assert await house.refused(role, "POST", places.fill(path)) == "not-found"
        sent = places.fill({"body": "{body}", "title": "x", "starts": "2026-12-01T08:00:00+07:00"})
        assert await house.refused(role, "POST", "/meetings", sent) == "forbidden"
    else:
        sent = places.fill({"choice": "yes", "key": "{key}"})
        assert await house.refused(role, "POST", places.fill("/polls/{poll}/ballots"), sent) == "not-found"


async def test_tasks_are_for_their_agencies_and_their_body(house: House) -> None:
    sent = {"body": str(house.council.body), "lead": str(house.council.agency), "title": "Việc"}
    task = await house.good("chair", "POST", "/tasks", sent)
    address = f"/tasks/{task['id']}"
    for role in ("secretary", "chair", "officer"):
        await house.good(role, "GET", address)
    for role in ("officer2", "delegate01", "foreign-secretary", "admin"):
        assert await house.refused(role, "GET", address) == "not-found"
    assert await house.refused("officer2", "POST", f"{address}/accept") == "not-found"
    assert (
        await house.refused("foreign-secretary", "POST", f"{address}/cancel", {"reason": "x"}) == "not-found"
    )
    assert await house.refused("secretary", "POST", f"{address}/accept") == "forbidden"
    assert await house.refused("officer", "POST", f"{address}/verify") == "forbidden"


async def test_before_the_meeting_the_secretary_sets_items_aside(house: House) -> None:
    sitting = await publish_sitting(house.store, house.council)
    address = f"/items/{sitting.item}/postpone"
    assert await house.refused("foreign-secretary", "POST", address) == "not-found"
    assert await house.refused("delegate01", "POST", address) == "forbidden"
    assert (await house.good("secretary", "POST", address, {"reason": "x"}))["state"] == "postponed"
