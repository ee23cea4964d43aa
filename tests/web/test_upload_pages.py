"""Files in pieces as a browser sends them (tus 1.0.0), and what the form they were chosen in makes of them."""

from __future__ import annotations

import base64
from uuid import uuid4

from sqlalchemy import func, select

from meetings.before.resumable import begin_upload
from meetings.storage.tables import Paper, PaperVersion, Upload
from meetings.storage.unit_of_work import Store
from tests.support.council import Council, publish_sitting
from tests.web import test_before_pages
from tests.web.test_before_pages import Reader, SignIn, laid, pdf

sign_in = test_before_pages.sign_in
council = test_before_pages.council
NAME = base64.b64encode("Tờ trình.pdf".encode()).decode()


def _headers(reader: Reader, **more: object) -> dict[str, str]:
    token = reader.client.cookies.get("meetings_form") or ""
    named = {name.replace("_", "-"): str(value) for name, value in more.items()}
    return {"tus-resumable": "1.0.0", "x-csrftoken": token} | named


def _piece(reader: Reader, offset: object) -> dict[str, str]:
    return _headers(reader, upload_offset=offset, content_type="application/offset+octet-stream")


async def test_a_file_that_came_in_pieces_is_laid_by_the_form(
    store: Store, council: Council, sign_in: SignIn
) -> None:
    sitting = await publish_sitting(store, council)
    secretary, chair = await sign_in("secretary"), await sign_in("delegate00")
    content, ask = pdf(3), secretary.client
    here = f"/uploads/item/{sitting.item}"
    options = await ask.options(here)
    assert (options.status_code, options.headers["tus-extension"]) == (204, "creation,expiration,termination")
    assert options.headers["tus-max-size"] == str(store.files.limit)
    begun = await ask.post(
        here, headers=_headers(secretary, upload_length=len(content), upload_metadata=f"filename {NAME}")
    )
    assert (begun.status_code, begun.headers["tus-resumable"]) == (201, "1.0.0")
    upload = begun.headers["location"]
    first = await ask.patch(upload, headers=_piece(secretary, 0), content=content[:300])
    assert (first.status_code, first.headers["upload-offset"]) == (204, "300")
    twice = await ask.patch(upload, headers=_piece(secretary, 0), content=content[:300])
    assert (twice.status_code, twice.headers["tus-resumable"]) == (409, "1.0.0")
    state = await ask.head(upload, headers=_headers(secretary))
    assert (state.status_code, state.headers["upload-offset"], state.headers["upload-length"]) == (
        200, "300", str(len(content)),
    )  # fmt: skip
    assert (await chair.client.head(upload, headers=_headers(chair))).status_code == 404
    assert (await chair.client.delete(upload, headers=_headers(chair))).status_code == 404
    await secretary.post(f"/items/{sitting.item}/papers", uploaded=upload.rpartition("/")[2])
    assert "This file has not come in whole." in secretary.words
    async with store.work() as work:
        again = await begin_upload(
            work, council["secretary"], "item", sitting.item, filename="Tờ trình.pdf", size=len(content)
        )
    upload = f"/uploads/{again.id}"
    await ask.patch(upload, headers=_piece(secretary, 0), content=content)
    await secretary.post(f"/items/{sitting.item}/papers", uploaded=again.id)
    assert secretary.status == 200
    async with store.reading() as reading:
        assert await reading.session.scalar(select(PaperVersion.size)) == len(content)
        assert await reading.session.scalar(select(Paper.title)) == "Tờ trình"
        assert await reading.session.scalar(select(func.count()).select_from(Upload)) == 0


async def test_what_the_protocol_does_not_allow_is_refused(
    store: Store, council: Council, sign_in: SignIn
) -> None:
    sitting = await publish_sitting(store, council)
    secretary, member = await sign_in("secretary"), await sign_in("delegate01")
    here, ask = f"/uploads/item/{sitting.item}", secretary.client
    wanted = _headers(secretary, upload_length=4)
    assert (await ask.post(here, headers=wanted | {"tus-resumable": "0.2.2"})).status_code == 412
    assert (await ask.post(here, headers=wanted | {"upload-length": "-1"})).status_code == 400
    assert (await ask.post(here, headers=wanted | {"upload-metadata": "filename %%"})).status_code == 400
    large = await ask.post(here, headers=wanted | {"upload-length": str(store.files.limit + 1)})
    assert (large.status_code, large.text) == (413, "This file is larger than 100 MB.")
    assert (await ask.post(f"/uploads/item/{uuid4()}", headers=wanted)).status_code == 404
    forbidden = await member.client.post(here, headers=_headers(member, upload_length=4))
    assert forbidden.status_code == 403
    upload = (await ask.post(here, headers=wanted)).headers["location"]
    plain = _piece(secretary, 0) | {"content-type": "application/octet-stream"}
    assert (await ask.patch(upload, headers=plain, content=b"%PDF")).status_code == 415
    assert (await ask.patch(upload, headers=_piece(secretary, 0), content=b"%PDF-")).status_code == 413
    assert (await ask.delete(upload, headers=_headers(secretary))).status_code == 204
    assert (await ask.head(upload, headers=_headers(secretary))).status_code == 404


async def test_the_same_file_is_told_and_may_be_laid_all_the_same(
    store: Store, council: Council, sign_in: SignIn
) -> None:
    sitting = await publish_sitting(store, council)
    content = pdf(2)
    paper = await laid(store, council, sitting.item, content)
    secretary = await sign_in("secretary")
    await secretary.post(
        f"/papers/{paper.id}/versions", files=[("file", ("Mới.pdf", content, "application/pdf"))]
    )
    assert "already here as “Tờ trình 214” (item 2, version 1)" in secretary.words
    async with store.reading() as reading:
        kept = await reading.session.scalar(select(PaperVersion.id))
    again = f"/items/{sitting.item}/papers/again"
    await secretary.post(again, kept=kept, title="Mới.pdf", paper="")
    assert secretary.status == 200
    async with store.reading() as reading:
        titles = await reading.session.scalars(select(Paper.title).order_by(Paper.position))
        assert list(titles) == ["Tờ trình 214", "Mới"]


async def test_the_page_of_a_new_version_shows_what_changed(
    store: Store, council: Council, sign_in: SignIn
) -> None:
    sitting = await publish_sitting(store, council)
    paper = await laid(store, council, sitting.item, pdf(2))
    secretary, member = await sign_in("secretary"), await sign_in("delegate01")
    await member.get(f"/papers/{paper.id}/changes")
    assert member.status == 404
    files = [("file", ("Tờ trình.pdf", pdf(3), "application/pdf"))]
    await secretary.post(f"/papers/{paper.id}/versions", files=files)
    await member.get(f"/papers/{paper.id}")
    assert f"/papers/{paper.id}/changes?version=2" in member.html
    await member.get(f"/papers/{paper.id}/changes?version=2")
    assert "Nothing can be compared" in member.words
    assert "Copy of" not in member.words
    await secretary.post(f"/papers/{paper.id}/access", level="restricted", readers="common", download="")
    await member.get(f"/papers/{paper.id}/changes")
    assert "Copy of Nguyễn Văn Đại Biểu 01" in member.words
