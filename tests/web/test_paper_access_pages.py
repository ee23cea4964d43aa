"""The secretary's page on a paper's readers, as a browser without scripts uses it, and what readers then get."""

from __future__ import annotations

import pytest

from meetings.storage.unit_of_work import Store
from tests.support.council import Council, publish_sitting
from tests.support.papers import a_pdf
from tests.web import test_before_pages
from tests.web.test_before_pages import SignIn, laid

sign_in = test_before_pages.sign_in
council = test_before_pages.council


async def test_a_restricted_paper_is_marked_for_each_reader_and_its_openings_are_listed(
    store: Store, council: Council, sign_in: SignIn
) -> None:
    sitting = await publish_sitting(store, council)
    paper = await laid(store, council, sitting.item, a_pdf(2))
    here = f"/papers/{paper.id}"
    secretary, member, observer = [await sign_in(who) for who in ("secretary", "delegate01", "observer")]
    plain = await member.client.get(f"{here}/file")
    assert plain.headers["cache-control"] == "private, no-cache"
    await secretary.get(f"{here}/access")
    assert "Nguyễn Văn Đại Biểu 01" in secretary.words
    await secretary.post(f"{here}/access", level="restricted", readers="internal", download="")
    assert secretary.status == 200
    marked = await member.client.get(f"{here}/file")
    assert (marked.status_code, marked.headers["cache-control"]) == (200, "private, no-store")
    assert marked.content != plain.content
    await observer.get(here)
    assert observer.status == 404
    await member.get(f"{here}/access")
    assert member.status == 403


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"level": "secret"}, 422),
        ({"readers": "nobody"}, 422),
        ({"from_date": "0001-01-01"}, 422),
        ({"until_date": "9999-12-31"}, 422),
        ({"until_date": "31/12"}, 422),
        ({"from_date": "2026-11-25", "until_date": "2026-11-24"}, 409),
    ],
)
async def test_a_wrong_field_is_said_on_the_page_and_nothing_is_set(
    store: Store, council: Council, sign_in: SignIn, sent: dict[str, str], status: int
) -> None:
    sitting = await publish_sitting(store, council)
    paper = await laid(store, council, sitting.item, a_pdf())
    secretary = await sign_in("secretary")
    here = f"/papers/{paper.id}/access"
    await secretary.post(here, **({"level": "internal", "readers": "common", "download": "yes"} | sent))
    assert secretary.status == status
    await secretary.get(here)
    assert 'value="0001' not in secretary.html
    assert 'value="9999' not in secretary.html
    async with store.reading() as reading:
        kept = await reading.get(type(paper), paper.id)
    assert (kept.level, kept.readers, kept.shown_from, kept.shown_until) == ("internal", "common", None, None)
