"""What goes wrong is said in a problem document with a stable code, and changes nothing."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from meetings.storage.tables import Repeat
from tests.api.conftest import House
from tests.api.paper import a_pdf
from tests.support.council import begin_poll, begin_sitting, publish_sitting


async def test_without_a_token_nothing_is_told_or_done(house: House) -> None:
    assert await house.refused("", "GET", "/bodies") == "sign-in-needed"
    response = await house("", "POST", "/bodies", json={"name": "x", "seats": 3})
    assert (response.status_code, response.json()["code"]) == (401, "sign-in-needed")
    assert response.headers["www-authenticate"] == "Bearer"
    unknown = await house("", "GET", "/bodies", headers={"authorization": "Bearer mt_unknown"})
    assert unknown.status_code == 401


async def test_a_reading_token_cannot_write(house: House) -> None:
    from meetings.council.sign_in import issue_token
    from meetings.storage.tables import Account

    async with house.store.work() as work:
        account = await work.get(Account, house.council["admin"].account)
        house.council.tokens["reader"] = await issue_token(work, account, name="reads", scopes="read")
    await house.good("reader", "GET", "/bodies")
    assert await house.refused("reader", "POST", "/agencies", {"name": "Sở"}) == "forbidden"


async def test_the_cookie_writes_only_with_its_form_token(house: House) -> None:
    from meetings.council.sign_in import begin_sign_in
    from meetings.storage.tables import Account
    from meetings.web.request import COOKIE

    async with house.store.work() as work:
        secret = await begin_sign_in(work, await work.get(Account, house.council["admin"].account))
    first = await house("", "GET", "/bodies", headers={"cookie": f"{COOKIE}={secret}"})
    assert first.is_success
    form = first.cookies["meetings_form"]
    cookies = {"cookie": f"{COOKIE}={secret}; meetings_form={form}"}
    refused = await house("", "POST", "/agencies", json={"name": "Sở A"}, headers=cookies)
    assert (refused.status_code, refused.json()["code"]) == (403, "form-expired")
    done = await house(
        "", "POST", "/agencies", json={"name": "Sở A"}, headers=cookies | {"x-csrftoken": form}
    )
    assert done.status_code == 201


@pytest.mark.parametrize(
    ("sent", "code", "field"),
    [
        ({"titel": "x"}, "wrong-input", "titel"),
        ({"title": 3}, "wrong-input", "title"),
        ({"title": "a\0b"}, "wrong-input", "title"),
        ({"title": "x" * 501}, "wrong-input", "title"),
        ({"title": "   "}, "field-missing", "title"),
        ({"starts": "2026-12-01T08:00:00"}, "wrong-input", "starts"),
        ({"starts": "0001-01-01T00:00:00+14:00"}, "date-wrong", "starts"),
        ({"starts": "tomorrow"}, "wrong-input", "starts"),
        ([], "wrong-input", "data"),
    ],
)
async def test_a_wrong_field_is_named(house: House, sent: Any, code: str, field: str) -> None:
    sitting = await publish_sitting(house.store, house.council)
    address = f"/meetings/{sitting.meeting}"
    before = await house.good("secretary", "GET", address)
    response = await house("secretary", "PATCH", address, json=sent)
    problem = response.json()
    assert (response.status_code, problem["code"], problem["facts"]["field"]) == (422, code, field)
    assert await house.good("secretary", "GET", address) == before


async def test_what_is_missing_is_named(house: House) -> None:
    problem = (await house("admin", "POST", "/bodies", json={"seats": 3})).json()
    assert (problem["code"], problem["facts"]["field"]) == ("field-missing", "name")


@pytest.mark.parametrize("content", [b'{"name"', b"\xff\xfe", b"name=x", b'{"name": "\\ud800"}'])
async def test_a_message_that_cannot_be_read(house: House, content: bytes) -> None:
    response = await house("admin", "POST", "/agencies", content=content)
    assert (response.status_code, response.json()["code"]) == (400, "malformed")


@pytest.mark.parametrize(
    ("path", "sent", "field"),
    [
        ("/bodies", {"name": "x", "seats": 3, "parent": str(uuid4())}, "parent"),
        ("/bodies", {"name": "x", "seats": 3, "timezone": "Asia/Nowhere"}, "timezone"),
        ("/bodies", {"name": "x", "seats": 3, "quorum": "3/2"}, "quorum"),
        ("/bodies", {"name": "x", "seats": 0}, "seats"),
        ("/memberships", {"body": str(uuid4()), "person": str(uuid4()), "since": "2026-01-01"}, "body"),
    ],
)
async def test_what_points_nowhere_is_named(house: House, path: str, sent: Any, field: str) -> None:
    problem = (await house("admin", "POST", path, json=sent)).json()
    assert (problem["code"], problem["facts"]["field"]) == ("wrong-input", field)


async def test_what_does_not_exist(house: House) -> None:
    for path in (
        "/nothing",
        "/meetings/not-an-id",
        f"/meetings/{uuid4()}",
        f"/polls/{uuid4()}",
        f"/tasks/{uuid4()}",
    ):
        assert await house.refused("secretary", "GET", path) == "not-found"


async def test_papers_are_looked_into(house: House) -> None:
    sitting = await publish_sitting(house.store, house.council)
    address = f"/items/{sitting.item}/papers"
    assert (
        await house.refused("secretary", "POST", address, files={"file": ("a.pdf", b"hello")})
        == "paper-misnamed"
    )
    assert (
        await house.refused("secretary", "POST", address, files={"file": ("a.pdf", b"%PDF-1.7\n")})
        == "paper-broken"
    )
    assert (
        await house.refused("secretary", "POST", address, data={"title": "x"}, files={"other": b""})
        == "field-missing"
    )


async def test_a_refusal_speaks_the_readers_language(house: House) -> None:
    response = await house("admin", "GET", f"/meetings/{uuid4()}", headers={"cookie": "meetings_language=vi"})
    assert response.json()["title"] != (await house("admin", "GET", f"/meetings/{uuid4()}")).json()["title"]


async def test_ballots_that_are_not_counted(house: House) -> None:
    sitting = await begin_sitting(house.store, house.council, present=7)
    poll = await begin_poll(house.store, house.council, sitting)
    address = f"/polls/{poll}/ballots"
    key = str(uuid4())
    assert (
        await house.refused("delegate01", "POST", address, {"choice": "maybe", "key": key})
        == "choice-unknown"
    )
    assert await house.refused("delegate01", "POST", address, {"choice": "yes", "key": "1"}) == "wrong-input"
    assert await house.refused("delegate08", "POST", address, {"choice": "yes", "key": key}) == "not-present"
    counted = await house.good("delegate01", "POST", address, {"choice": "yes", "key": key})
    assert await house.good("delegate01", "POST", address, {"choice": "yes", "key": key}) == counted
    assert await house.refused("delegate01", "POST", address, {"choice": "no", "key": key}) == "key-reused"
    other = {"choice": "yes", "key": str(uuid4())}
    assert await house.refused("delegate01", "POST", address, other) == "ballot-cast"
    represented = other | {"for": str(house.council["delegate02"].person)}
    assert await house.refused("delegate01", "POST", address, represented) == "proxy-void"
    await house.good("chair", "POST", f"/polls/{poll}/close")
    assert await house.refused("delegate03", "POST", address, {"choice": "yes", "key": key}) == "poll-late"


@pytest.mark.parametrize(
    ("method", "path", "sent", "code"),
    [
        ("GET", "/calendar?since=9999-12-01&until=9999-12-31", None, "wrong-input"),
        ("GET", "/calendar?since=0001-01-01&until=0001-01-31", None, "wrong-input"),
        ("PUT", "/papers/{paper}/access", {"shown_from": "0001-01-01T00:00:00+07:00"}, "date-wrong"),
        ("PUT", "/papers/{paper}/access", {"shown_until": "9999-12-31T23:59:59-07:00"}, "date-wrong"),
    ],
)
async def test_a_date_at_the_edge_of_time_is_a_wrong_field(
    house: House, method: str, path: str, sent: Any, code: str
) -> None:
    sitting = await publish_sitting(house.store, house.council)
    file = {"file": ("a.pdf", a_pdf("một"))}
    paper = await house.good("secretary", "POST", f"/items/{sitting.item}/papers", files=file)
    assert await house.refused("secretary", method, path.format(paper=paper["id"]), sent) == code


async def test_a_repeated_request_does_not_tell_a_secret_address_again(house: House) -> None:
    headers = {"idempotency-key": str(uuid4())}
    first = await house.good("delegate01", "POST", "/feeds", {}, headers=headers)
    again = await house.good("delegate01", "POST", "/feeds", {}, headers=headers)
    assert first["address"].endswith(".ics")
    assert again == first | {"address": None}
    secret = first["address"].rpartition("/")[2].removesuffix(".ics")
    async with house.store.reading() as reading:
        kept = (await reading.session.scalars(select(Repeat.body))).all()
    assert len(kept) == 1
    assert secret not in kept[0]
