"""The pages of dossiers and procedures, as a browser without scripts uses them."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import select

from meetings.storage.tables import Dossier, ProcedureRow
from meetings.storage.unit_of_work import Store
from tests.before.test_dossiers import (
    at,
    lay,
    make_dossier,
    make_procedure,
    meeting_of,
    passed,
    to_acceptance,
)
from tests.support.council import Council
from tests.web.test_before_pages import SignIn, _worker, council, pdf, sign_in

__all__ = ["_worker", "council", "sign_in"]


def step(place: int, **more: Any) -> dict[str, Any]:
    """The fields of one step of the editor."""
    fields = {"name": "Thẩm định", "who": "secretariat", "days": 3, "inputs": "", "outputs": ""} | more
    return {f"step-{place}-{name}": value for name, value in fields.items()}


HEAD: dict[str, Any] = {
    "name": "Trình nghị quyết",
    "code": "QT-09",
    "level": "province",
    "field": "Tài chính",
}


async def test_a_clerk_writes_a_procedure_without_scripts(
    store: Store, council: Council, sign_in: SignIn
) -> None:
    secretary = await sign_in("secretary")
    await secretary.get("/dossiers/procedures/new")
    body = re.search(r'name="body" value="([^"]+)"', secretary.html)
    assert body is not None
    sent: dict[str, Any] = HEAD | {"body": body[1], **step(0)}
    await secretary.post("/dossiers/procedures/new", **sent, do="add")
    assert 'name="step-1-name"' in secretary.html
    assert 'value="Thẩm định"' in secretary.html, "what was typed stays"
    sent |= step(1, name="Thông qua", who="chair", days=2)
    await secretary.post("/dossiers/procedures/new", **sent, do="opinion-0")
    assert 'name="step-0-opinion-0-topic"' in secretary.html
    await secretary.post("/dossiers/procedures/new", **sent, do="down-0")
    assert secretary.html.index("Thông qua") < secretary.html.index("Thẩm định")
    asked: dict[str, Any] = {"step-0-opinion-0-topic": "Tài chính", "step-0-opinion-0-days": ""}
    asked["step-0-opinion-0-who"] = f"agency:{council.agency}"
    await secretary.post("/dossiers/procedures/new", **sent, **asked, do="save")
    assert secretary.status == 409
    assert "Step 1.1 needs its time" in secretary.words
    await secretary.post(
        "/dossiers/procedures/new", **sent, **asked | {"step-0-opinion-0-days": "2"}, do="save"
    )
    assert "2 steps · 5 working days" in secretary.words
    assert "Opinion on Tài chính: Phòng Hạ tầng, 2 working days" in secretary.words
    address = secretary.address.partition("?")[0]
    officer = await sign_in("officer")
    assert "Begin a dossier" in await officer.get(address)
    await officer.get(f"{address}/edit")
    assert officer.status == 403
    await secretary.get(f"{address}/edit")
    await secretary.post(f"{address}/edit", **sent | {"name": "Trình nghị quyết (sửa)"}, do="remove-1")
    assert "Thông qua" not in secretary.html
    one: dict[str, Any] = HEAD | {"body": body[1], "inter_level": "yes", **step(0)}
    await secretary.post(f"{address}/edit", **one, do="save")
    assert "across levels" in secretary.words
    async with store.reading() as reading:
        row = await reading.session.scalar(select(ProcedureRow))
        assert row is not None
        assert (row.version, len(row.data["steps"])) == (2, 1)
    await secretary.post(f"{address}/retire")
    assert "Not in use" in secretary.words
    await officer.get(address)
    assert officer.status == 404


async def test_a_procedure_goes_out_and_comes_in_as_a_file(
    store: Store, council: Council, sign_in: SignIn
) -> None:
    row = await make_procedure(store, council)
    secretary = await sign_in("secretary")
    response = await secretary.client.get(f"/dossiers/procedures/{row.id}/file")
    assert response.headers["content-disposition"] == 'attachment; filename="QT-01.json"'
    file = ("QT-01.json", response.content, "application/json")
    await secretary.get("/dossiers/procedures/import")
    await secretary.post("/dossiers/procedures/import", files={"file": file}, body=council.body)
    assert "Thẩm định" in secretary.words
    await secretary.get("/dossiers/procedures?level=province&field=Tài chính - Ngân sách")
    assert secretary.words.count("Trình ban hành nghị quyết") == 2
    await secretary.post(
        "/dossiers/procedures/import",
        files={"file": ("x.json", b"PK", "application/json")},
        body=council.body,
    )
    assert "not a procedure file" in secretary.words


async def test_a_dossier_from_its_draft_to_the_agenda(
    store: Store, council: Council, sign_in: SignIn
) -> None:
    procedure = await make_procedure(store, council)
    officer, secretary = await sign_in("officer"), await sign_in("secretary")
    await officer.get(f"/dossiers/new?procedure={procedure.id}")
    await officer.post("/dossiers/new", procedure=procedure.id, agency=council.agency, title="")
    assert officer.status == 422
    await officer.post(
        "/dossiers/new", procedure=procedure.id, agency=council.agency, title="Dự toán năm 2027"
    )
    address = officer.address.partition("?")[0]
    here = address.removeprefix("http://testserver")
    await secretary.get(here)
    assert secretary.status == 404, "a draft is the agency's own"
    await officer.post(f"{here}/submit")
    assert "needs a statement or a draft" in officer.words
    files = [
        ("files", ("to-trinh.pdf", pdf(2), "application/pdf")),
        ("files", ("x.pdf", b"MZ", "application/pdf")),
    ]
    await officer.post(f"{here}/papers", files=files, kind="statement")
    assert "x.pdf" in officer.words
    assert "Statement · 2 pages" in officer.words, "the good one is laid"
    await officer.post(f"{here}/submit")
    assert "1. Tiếp nhận" in officer.words
    await officer.post(f"{here}/papers", files=files[:1], kind="annex")
    assert officer.status == 403
    await secretary.get("/dossiers?show=mine")
    assert "Dự toán năm 2027" in secretary.words
    await secretary.post(f"{here}/return", to="0", reason="Thiếu phụ lục")
    assert "Returned to the agency" in secretary.words
    await officer.get(here)
    assert "Thiếu phụ lục" in officer.words
    await officer.post(f"{here}/change", title="Dự toán ngân sách năm 2027", text="Xem xét", presenter="")
    await officer.post(f"{here}/submit")
    await secretary.post(f"{here}/pass", note="Đủ hồ sơ")
    opinion = re.search(r"/dossiers/opinions/([0-9a-f-]+)", secretary.html)
    assert opinion is not None
    await secretary.post(f"/dossiers/opinions/{opinion[1]}", verdict="comments", text="")
    assert "Say in words" in secretary.words
    await secretary.post(f"/dossiers/opinions/{opinion[1]}", verdict="comments", text="Sửa Điều 2")
    assert "Sửa Điều 2" in secretary.words
    await secretary.post(f"{here}/pass")
    assert secretary.status == 403
    meeting = await meeting_of(store, council, "2037-01-05T08:00")
    finance, chair = await sign_in("officer2"), await sign_in("delegate00")
    await finance.get(here)
    own = re.search(r"/dossiers/opinions/([0-9a-f-]+)", finance.html)
    assert own is not None
    await finance.post(f"/dossiers/opinions/{own[1]}", verdict="agree")
    await finance.post(f"{here}/pass")
    await officer.post(f"{here}/pass")
    await chair.post(f"{here}/pass")
    await secretary.get(f"/meetings/{meeting}/agenda")
    assert "Accepted dossiers Dự toán ngân sách năm 2027 Phòng Hạ tầng" in secretary.words
    await secretary.post(f"{here}/agenda", meeting=meeting, **{"from": "agenda"})
    assert secretary.address.partition("?")[0].endswith(f"/meetings/{meeting}/agenda")
    assert "Accepted dossiers" not in secretary.words
    assert "2 Dự toán ngân sách năm 2027" in secretary.numbered()
    await secretary.get(here)
    assert "Item 2 of “Kỳ họp”" in secretary.words
    await secretary.post(f"{here}/take-off", reason="")
    assert secretary.status == 422
    await secretary.post(f"{here}/take-off", reason="Nhầm phiên")
    assert "Not on that agenda Nhầm phiên" in secretary.words
    await secretary.get(f"/meetings/{meeting}/agenda")
    assert "Accepted dossiers Dự toán ngân sách năm 2027" in secretary.words
    assert "Withdrawn · Phòng Hạ tầng · Hidden" in secretary.words
    await secretary.get("/dossiers/figures")
    assert "Phòng Tài chính 2 0 100" in secretary.words


async def test_late_steps_and_opinions_are_named(store: Store, council: Council, sign_in: SignIn) -> None:
    at(store, "2026-02-11")
    dossier = await make_dossier(store, council, (await make_procedure(store, council)).id)
    await passed(store, council["secretary"], dossier)
    at(store, "2026-02-26")
    secretary = await sign_in("secretary")
    await secretary.get("/dossiers?show=late")
    assert "1 dossier is late" in secretary.words
    assert "Step 2 “Thẩm định” with Phòng Tài chính is late: 1 working day." in secretary.words
    assert "The opinion on Pháp lý from Secretariat is late: 4 working days." in secretary.words


async def test_the_chair_admits_a_late_dossier(store: Store, council: Council, sign_in: SignIn) -> None:
    dossier = await make_dossier(store, council, (await make_procedure(store, council)).id)
    await to_acceptance(store, council, dossier)
    meeting = await meeting_of(store, council, "2037-01-05T08:00", published=True)
    secretary, chair = await sign_in("secretary"), await sign_in("delegate00")
    await secretary.get(f"/dossiers/{dossier}")
    assert "late: the chair decides" in secretary.words
    await secretary.post(f"/dossiers/{dossier}/agenda", meeting=meeting, reason="")
    assert "say why it is late" in secretary.words
    await secretary.post(f"/dossiers/{dossier}/agenda", meeting=meeting, reason="Vốn mới giao")
    await chair.get(f"/dossiers/{dossier}")
    assert "Admit to the agenda" in chair.words
    assert "Vốn mới giao" in chair.words
    await chair.post(f"/dossiers/{dossier}/refuse-late", reason="")
    assert chair.status == 422
    await chair.post(f"/dossiers/{dossier}/admit")
    assert "Item 2 of “Kỳ họp”" in chair.words
    async with store.reading() as reading:
        assert (await reading.get(Dossier, dossier)).state == "scheduled"


async def test_documents_are_read_by_who_sees_the_dossier(
    store: Store, council: Council, sign_in: SignIn
) -> None:
    dossier = await make_dossier(store, council, (await make_procedure(store, council)).id)
    paper = await lay(store, council["secretary"], dossier, "opinion")
    secretary, finance, member = [await sign_in(login) for login in ("secretary", "officer2", "delegate01")]
    response = await secretary.client.get(f"/dossiers/papers/{paper}/file")
    assert response.content.startswith(b"%PDF-")
    for stranger in (finance, member):
        await stranger.get(f"/dossiers/papers/{paper}/file")
        assert stranger.status == 404
        await stranger.post(f"/dossiers/papers/{paper}/take-out")
        assert stranger.status == 404
    await secretary.post(f"/dossiers/papers/{paper}/take-out")
    assert "opinion" not in secretary.words.partition("Documents")[2].partition("What happened")[0]
    await member.get("/dossiers")
    assert "No dossiers" in member.words
    assert 'href="/dossiers"' not in member.html.partition("<main")[0], (
        "the rail leads there who has to do with them"
    )
