"""This year's work programme of the council: approved last December, some of it done, moved, late or still to come."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from meetings.before.work_programme import (
    EntryFacts,
    approve_programme,
    begin_programme,
    change_entry,
    finish_entry,
    withdraw_entry,
    write_entry,
)
from meetings.demo.telling import Telling
from meetings.rules.work_programme import Form, Period
from meetings.storage.tables import ProgrammeEntry

RESOLUTION = "Nghị quyết về chương trình giám sát của Hội đồng nhân dân thành phố"


async def plan_the_year(telling: Telling) -> None:
    """Nine entries, one added, one moved and one withdrawn since the approval; some are done, one late."""
    secretary, year = telling.city["secretary"], telling.now.year
    _go_to(telling, date(year - 1, 12, 15))
    async with telling.store.work() as work:
        programme = await begin_programme(work, secretary, telling.city.council, year)
        entries = [
            await write_entry(work, secretary, programme.id, facts) for facts in _planned(telling, year)
        ]
    _go_to(telling, date(year - 1, 12, 20))
    async with telling.store.work() as work:
        on = date(year - 1, 12, 20)
        await approve_programme(work, secretary, programme.id, number="27/CTr-HĐND", approved_on=on)
    await _since_then(telling, programme.id, entries)


def _planned(telling: Telling, year: int) -> list[EntryFacts]:
    """Around the month in which the demo is opened, within its year."""

    def month(ahead: int) -> Period:
        return Period(year, month=min(12, max(1, telling.now.month + ahead)))

    def agency(*names: str) -> frozenset[UUID]:
        return frozenset(telling.city.agencies[name] for name in names)

    def lead(name: str) -> UUID:
        return telling.city.agencies[name]

    economy, society = "Trưởng Ban Kinh tế - Ngân sách", "Trưởng Ban Văn hóa - Xã hội"
    return [
        EntryFacts(
            title="Báo cáo kết quả giải quyết kiến nghị cử tri", due=month(-3), form=Form.REPORT, agency=lead("VP"),
            supervisor="Phó Chủ tịch Hội đồng nhân dân", basis=RESOLUTION,
        ),
        EntryFacts(
            title="Giám sát việc sử dụng đất công tại các phường", due=month(-2), form=Form.REPORT,
            cooperating=agency("STC"), supervisor=economy, basis=RESOLUTION,
        ),
        EntryFacts(
            title="Quy định mức thu phí tham quan di tích", due=month(-1), agency=lead("STC"),
            cooperating=agency("STP", "VP"), supervisor=economy, basis="Luật Phí và lệ phí",
        ),
        EntryFacts(
            title="Chính sách hỗ trợ giáo viên mầm non", due=month(0), agency=lead("SGDĐT"),
            cooperating=agency("STC", "STP"), supervisor=society, basis="Kết luận của Thường trực Thành ủy",
        ),
        EntryFacts(
            title="Cho ý kiến về danh mục dự án thu hồi đất bổ sung", due=month(0), form=Form.CONSULTATION,
            agency=lead("STC"), supervisor=economy, basis="Luật Đất đai",
        ),
        EntryFacts(
            title="Dự toán ngân sách thành phố năm sau", due=month(-1), agency=lead("STC"), cooperating=agency("VP"),
            supervisor="Chủ tịch Hội đồng nhân dân", basis="Luật Ngân sách nhà nước",
        ),
        EntryFacts(
            title="Rà soát các nghị quyết hết hiệu lực", due=Period(year, quarter=4), agency=lead("STP"),
            cooperating=agency("VP"), supervisor="Trưởng Ban Pháp chế",
        ),
        EntryFacts(
            title="Khảo sát chợ đêm Bến Nước", due=month(1), form=Form.REPORT, supervisor=economy,
        ),
    ]  # fmt: skip


async def _since_then(telling: Telling, programme: UUID, entries: list[ProgrammeEntry]) -> None:
    """What was done, and what changed."""
    secretary = telling.city["secretary"]
    planned = _planned(telling, telling.now.year)
    report, supervision, _, _, _, budget, _, market = entries
    telling.at(-50, 9)
    async with telling.store.work() as work:
        await finish_entry(work, secretary, report.id, on=min(report.due_until, work.today))
        late = min(supervision.due_until + timedelta(days=4), work.today)
        await finish_entry(work, secretary, supervision.id, on=late)
        await withdraw_entry(
            work, secretary, market.id, reason="Lồng ghép vào đợt khảo sát kè sông đoạn Bến Nước"
        )
    telling.at(-30, 15)
    moved = replace(planned[5], due=Period(telling.now.year, month=12))
    extra = EntryFacts(
        title="Đặt tên đường trong khu đô thị mới", due=Period(telling.now.year, month=12), agency=planned[6].agency,
        supervisor="Trưởng Ban Văn hóa - Xã hội", basis="Tờ trình của Ủy ban nhân dân thành phố",
    )  # fmt: skip
    async with telling.store.work() as work:
        await change_entry(
            work, secretary, budget.id, moved, reason="Chờ Thủ tướng Chính phủ giao dự toán chính thức"
        )
        await write_entry(
            work, secretary, programme, extra, reason="Theo đề nghị của Ủy ban nhân dân thành phố"
        )


def _go_to(telling: Telling, day: date) -> None:
    telling.at((day - telling.now.date()).days, 9)
