"""Two procedures and four dossiers: one under way in time, one late, one returned, one accepted."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

from sqlalchemy import select

from meetings.before.dossier_papers import lay_dossier_paper
from meetings.before.dossiers import begin_dossier, give_opinion, pass_step, return_dossier, submit_dossier
from meetings.before.papers import keep_upload
from meetings.before.procedures import write_procedure
from meetings.demo import people
from meetings.demo.papers import paper
from meetings.demo.telling import Telling
from meetings.pdf.inspect import inspect
from meetings.rules.procedures import procedure_of
from meetings.storage.tables import DossierOpinion

KINDS = {"Tờ trình": "statement", "Dự thảo nghị quyết": "draft"}


def _agency(telling: Telling, short: str) -> dict[str, Any]:
    return {"by": "agency", "agency": str(telling.city.agencies[short])}


def _resolution(telling: Telling) -> dict[str, Any]:
    return {
        "code": "QT-HĐND-01",
        "name": "Trình Hội đồng nhân dân ban hành nghị quyết",
        "level": "province",
        "field": "Văn bản quy phạm pháp luật",
        "inter_level": True,
        "steps": [
            {
                "name": "Tiếp nhận, kiểm tra hồ sơ", "by": "secretariat", "days": 2,
                "inputs": ["Tờ trình", "Dự thảo nghị quyết"], "outputs": ["Phiếu tiếp nhận"],
            },
            {
                "name": "Thẩm định", **_agency(telling, "VP"), "days": 7,
                "outputs": ["Báo cáo thẩm định"],
                "opinions": [
                    {"topic": "Pháp lý", **_agency(telling, "STP"), "days": 5},
                    {"topic": "Tài chính", **_agency(telling, "STC"), "days": 5},
                ],
            },
            {"name": "Tiếp thu, giải trình", "by": "submitter", "days": 3, "outputs": ["Dự thảo đã chỉnh lý"]},
            {"name": "Cho phép trình", "by": "chair", "days": 2},
        ],
    }  # fmt: skip


def _report(telling: Telling) -> dict[str, Any]:
    return {
        "code": "QT-HĐND-02",
        "name": "Trình báo cáo chuyên đề",
        "level": "province",
        "field": "Báo cáo",
        "steps": [
            {"name": "Tiếp nhận", "by": "secretariat", "days": 1, "inputs": ["Báo cáo"]},
            {"name": "Rà soát số liệu", **_agency(telling, "VP"), "days": 3},
        ],
    }


async def prepare_dossiers(telling: Telling) -> None:
    """The secretariat's catalogue, and what agencies have submitted in the last weeks."""
    secretary, chair = telling.city["secretary"], telling.city["chair"]
    telling.at(-60, 9)
    async with telling.store.work() as work:
        council = telling.city.council
        resolution = await write_procedure(work, secretary, council, procedure_of(_resolution(telling)))
        report = await write_procedure(work, secretary, council, procedure_of(_report(telling)))
    office, finance = telling.city["agency1"], telling.city["agency2"]
    telling.at(-41, 9)
    done = await _submit(
        telling, "agency4", "SGDĐT", resolution.id, "Chính sách hỗ trợ giáo viên mầm non năm 2027"
    )
    await _pass(telling, -40, "secretary", done)
    await _opinion(
        telling, -36, done, "Tài chính", "comments", "Bổ sung nguồn kinh phí từng năm vào khoản 2 Điều 3."
    )
    telling.at(-30, 10)
    for actor, day in ((office, -30), (telling.city["agency4"], -27), (chair, -26)):
        telling.at(day, 10)
        async with telling.store.work() as work:
            await pass_step(work, actor, done)
    telling.at(-19, 9)
    late = await _submit(
        telling, "agency3", "SXD", resolution.id, "Bảng giá dịch vụ thoát nước đô thị năm 2027"
    )
    await _pass(telling, -18, "secretary", late)
    telling.at(-8, 9)
    back = await _submit(telling, "agency5", "SYT", resolution.id, "Mức hỗ trợ nhân viên y tế phường")
    telling.at(-7, 15)
    async with telling.store.work() as work:
        await return_dossier(
            work, secretary, back, to=0, reason="Thiếu phụ lục dự kiến kinh phí theo từng phường."
        )
    telling.at(-2, 9)
    await _submit(telling, "agency2", "STC", report.id, "Báo cáo tình hình nợ đọng xây dựng cơ bản")
    telling.at(-1, 9)
    async with telling.store.work() as work:
        await begin_dossier(
            work, finance, procedure=resolution.id, agency=telling.city.agencies["STC"],
            title="Phân bổ dự phòng ngân sách quý I năm 2027",
        )  # fmt: skip


async def _submit(telling: Telling, login: str, agency: str, procedure: UUID, title: str) -> UUID:
    actor = telling.city[login]
    async with telling.store.work() as work:
        dossier = await begin_dossier(
            work, actor, procedure=procedure, agency=telling.city.agencies[agency], title=title,
            text="Kính trình Hội đồng nhân dân thành phố xem xét, quyết định.",
        )  # fmt: skip
    for name, kind in KINDS.items():
        content = await asyncio.to_thread(paper, name, f"Về {title[0].lower()}{title[1:]}", people.COMMITTEE,
                                          telling.moment, 2)  # fmt: skip
        file = await keep_upload(telling.store, f"{name}.pdf", content, inspect(content).pages)
        async with telling.store.work() as work:
            await lay_dossier_paper(work, actor, dossier.id, file, kind=kind, title=name)
    async with telling.store.work() as work:
        await submit_dossier(work, actor, dossier.id)
    return dossier.id


async def _pass(telling: Telling, day: int, login: str, dossier: UUID) -> None:
    telling.at(day, 10)
    async with telling.store.work() as work:
        await pass_step(work, telling.city[login], dossier)


async def _opinion(telling: Telling, day: int, dossier: UUID, topic: str, verdict: str, text: str) -> None:
    telling.at(day, 14)
    async with telling.store.work() as work:
        asked = await work.session.scalar(
            select(DossierOpinion.id).where(
                DossierOpinion.dossier_id == dossier, DossierOpinion.topic == topic
            )
        )
        if asked is not None:
            await give_opinion(work, telling.city["agency2"], asked, verdict=verdict, text=text)
