"""The page of the meeting pack, as a browser without scripts uses it, and the JSON interface beside it."""

from __future__ import annotations

from io import BytesIO

import pypdf
import pytest

from meetings.before.packs import PackMaker
from meetings.storage.unit_of_work import Store
from tests.support.council import Council, publish_sitting
from tests.support.papers import a_pdf
from tests.web import test_before_pages
from tests.web.test_before_pages import SignIn, laid

sign_in = test_before_pages.sign_in
council = test_before_pages.council


async def test_a_member_asks_for_the_pack_and_fetches_it(
    store: Store, council: Council, sign_in: SignIn
) -> None:
    sitting = await publish_sitting(store, council)
    await laid(store, council, sitting.item, a_pdf(3))
    member = await sign_in("delegate01")
    here = f"/meetings/{sitting.meeting}"
    assert f'href="{here}/pack"' in await member.get(here)
    await member.get(f"{here}/pack")
    assert "Make the pack" in member.words
    await member.get(f"{here}/pack.pdf")
    assert member.status == 409
    await member.post(f"{here}/pack")
    assert member.status == 200
    assert "waits for its turn" in member.words
    assert 'hx-trigger="load delay:1s"' in member.html
    assert await PackMaker(store).make_one()
    await member.get(f"{here}/pack/state")
    assert "4 pages" in member.words
    assert "hx-trigger" not in member.html
    answer = await member.client.get(f"{here}/pack.pdf")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.headers["cache-control"] == "private, no-cache"
    assert len(pypdf.PdfReader(BytesIO(answer.content)).pages) == 4


@pytest.mark.parametrize(("login", "status"), [("stranger", 404), ("officer", 403)])
async def test_the_pack_is_not_for_others(
    store: Store, council: Council, sign_in: SignIn, login: str, status: int
) -> None:
    sitting = await publish_sitting(store, council)
    other = await sign_in(login)
    for address in ("pack", "pack/state", "pack.pdf"):
        await other.get(f"/meetings/{sitting.meeting}/{address}")
        assert other.status == status, address
    await other.post(f"/meetings/{sitting.meeting}/pack")
    assert other.status == status


async def test_the_interface_tells_how_far_the_pack_is(
    store: Store, council: Council, sign_in: SignIn
) -> None:
    sitting = await publish_sitting(store, council)
    await laid(store, council, sitting.item, a_pdf(2))
    client = (await sign_in("observer")).client
    here = f"/api/v1/meetings/{sitting.meeting}/pack"
    bearer = {"authorization": f"Bearer {council.tokens['observer']}"}
    nothing = await client.get(here, headers=bearer)
    assert (nothing.status_code, nothing.json()["code"]) == (409, "pack-not-ready")
    asked = (await client.post(here, headers=bearer)).json()
    assert (asked["state"], asked["done"], asked["total"], asked["file"]) == ("waiting", 0, 1, None)
    assert await PackMaker(store).make_one()
    ready = (await client.get(here, headers=bearer)).json()
    assert (ready["state"], ready["done"], ready["pages"], ready["file"]) == ("ready", 1, 3, f"{here}.pdf")
    assert (await client.get(ready["file"], headers=bearer)).content.startswith(b"%PDF")
