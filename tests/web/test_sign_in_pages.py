"""Signing in over HTTP: fresh cookies, no fixation, guarded forms, safe ways back, headers on every answer."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import func, select

from meetings.app import create_app
from meetings.settings import read_settings
from meetings.storage.tables import SignIn
from meetings.storage.unit_of_work import Store
from meetings.web.request import COOKIE
from tests.support.council import PASSWORD, make_council


@pytest.fixture
async def stranger(store: Store, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A browser that nobody has signed in with, at a council of three."""
    await make_council(store, seats=3)
    settings = read_settings({"MEETINGS_DATA_DIR": str(tmp_path / "house")})
    transport = httpx.ASGITransport(app=create_app(settings, store))  # pyright: ignore[reportArgumentType]
    async with httpx.AsyncClient(transport=transport, base_url="http://house.example") as client:
        yield client


async def _token(client: httpx.AsyncClient) -> str:
    found = re.search(r'name="_csrf_token" value="([^"]+)"', (await client.get("/sign-in")).text)
    assert found is not None
    return found.group(1)


async def _sign_in(client: httpx.AsyncClient, password: str = PASSWORD, **more: str) -> httpx.Response:
    form = {"login": "delegate01", "password": password, "_csrf_token": await _token(client), **more}
    return await client.post("/sign-in", data=form)


async def test_a_fresh_cookie_at_every_sign_in_and_none_of_the_clients_own(
    stranger: httpx.AsyncClient,
) -> None:
    stranger.cookies.set(COOKIE, "a secret that the client invented", domain="house.example")
    first = await _sign_in(stranger)
    assert first.status_code == 303
    given = first.headers.get_list("set-cookie")
    cookie = next(one for one in given if one.startswith(COOKIE))
    assert "HttpOnly" in cookie
    assert "samesite=lax" in cookie.lower()
    assert "invented" not in cookie
    secret = cookie.split(";")[0]
    again = next(
        one for one in (await _sign_in(stranger)).headers.get_list("set-cookie") if one.startswith(COOKIE)
    )
    assert again.split(";")[0] != secret


async def test_signing_in_again_ends_the_sign_in_before(stranger: httpx.AsyncClient, store: Store) -> None:
    for _ in range(3):
        assert (await _sign_in(stranger)).status_code == 303
    async with store.reading() as reading:
        assert await reading.session.scalar(select(func.count()).select_from(SignIn)) == 1


async def test_many_guesses_at_the_same_moment_are_slowed_too(stranger: httpx.AsyncClient) -> None:
    form = {"login": "delegate01", "password": "not the password", "_csrf_token": await _token(stranger)}
    answers = await asyncio.gather(*(stranger.post("/sign-in", data=form) for _ in range(14)))
    assert sum("quá nhiều lần" in answer.text for answer in answers) == 4


async def test_signing_out_makes_the_cookie_worthless(stranger: httpx.AsyncClient, store: Store) -> None:
    await _sign_in(stranger)
    kept = dict(stranger.cookies)
    assert (await stranger.get("/")).status_code == 200
    token = re.search(r'data-token="([^"]+)"', (await stranger.get("/")).text)
    assert token is not None
    left = await stranger.post("/sign-out", data={"_csrf_token": token.group(1)})
    assert left.status_code == 303
    async with store.reading() as reading:
        assert await reading.session.scalar(select(func.count()).select_from(SignIn)) == 0
    back = await stranger.get("/", headers={"cookie": "; ".join(f"{k}={v}" for k, v in kept.items())})
    assert (back.status_code, back.headers["location"]) == (303, "/sign-in?next=/")


async def test_strangers_leave_nothing_in_the_database(stranger: httpx.AsyncClient, store: Store) -> None:
    for address in ("/", "/sign-in", "/meetings", "/nothing", "/static/css/meetings.css"):
        await stranger.get(address)
    async with store.reading() as reading:
        assert await reading.session.scalar(select(func.count()).select_from(SignIn)) == 0


async def test_a_wrong_password_says_so_and_guessing_is_slowed(stranger: httpx.AsyncClient) -> None:
    wrong = await _sign_in(stranger, "not the password")
    assert wrong.status_code == 401
    assert "chưa đúng" in wrong.text
    assert 'value="delegate01"' in wrong.text, "the name stays in the form"
    for _ in range(9):
        await _sign_in(stranger, "not the password")
    assert "quá nhiều lần" in (await _sign_in(stranger)).text, "even with the right password now"


async def test_a_form_without_its_token_is_refused(stranger: httpx.AsyncClient) -> None:
    refused = await stranger.post("/sign-in", data={"login": "delegate01", "password": PASSWORD})
    assert refused.status_code == 403
    assert COOKIE not in stranger.cookies


@pytest.mark.parametrize(
    "address", ["https://evil.example/", "//evil.example", "/\\evil.example", "/\t/evil.example", "evil"]
)
async def test_nobody_is_sent_elsewhere_after_signing_in(stranger: httpx.AsyncClient, address: str) -> None:
    answer = await _sign_in(stranger, next=address)
    assert answer.headers["location"] == "/"
    kept = await _sign_in(stranger, next="/meetings?page=2")
    assert kept.headers["location"] == "/meetings?page=2"


@pytest.mark.parametrize(
    "address", ["/sign-in", "/", "/nothing", "/api/v1/meetings", "/static/css/meetings.css"]
)
async def test_every_answer_carries_the_policy(stranger: httpx.AsyncClient, address: str) -> None:
    headers = (await stranger.get(address)).headers
    policy: dict[str, str] = {}
    for part in headers["content-security-policy"].split(";"):
        name, value = part.split(maxsplit=1)
        policy[name] = value
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert headers["x-content-type-options"] == "nosniff"


async def test_the_language_is_kept_and_leads_back(stranger: httpx.AsyncClient) -> None:
    assert 'lang="vi"' in (await stranger.get("/sign-in")).text
    answer = await stranger.get(
        "/language/en", headers={"referer": "http://house.example/sign-in?next=/meetings"}
    )
    assert answer.headers["location"] == "/sign-in?next=/meetings"
    page = (await stranger.get("/sign-in")).text
    assert 'lang="en"' in page
    assert "Password" in page
    away = await stranger.get("/language/vi", headers={"referer": "https://evil.example/x"})
    assert away.headers["location"] == "/"
    assert (await stranger.get("/language/xx")).status_code == 404


@pytest.mark.parametrize("address", ["/", "/sign-in", "/api/v1/meetings", "/api/v1/bodies"])
async def test_asking_for_the_methods_of_an_address_is_no_fault(
    stranger: httpx.AsyncClient, address: str
) -> None:
    answer = await stranger.options(address)
    assert (answer.status_code, "GET" in answer.headers["allow"]) == (204, True)
