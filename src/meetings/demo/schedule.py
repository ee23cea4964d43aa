"""This week's schedule of the council: entries beside its meetings, published last Friday, changed since."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from meetings.before.weekly_schedule import EntryFacts, change_entry, publish_week, write_entry
from meetings.demo.telling import Telling
from meetings.rules.weekly_schedule import monday_of


async def plan_the_week(telling: Telling) -> None:
    """Five entries; one moved and one added after the publication, both told."""
    secretary, council = telling.city["secretary"], telling.city.council
    monday = monday_of(telling.now.date())
    briefing = EntryFacts(
        day=monday, starts="08:00", ends="09:00", title="Giao ban Thường trực Hội đồng nhân dân", chair="Chủ tịch",
        attendees="Thường trực, Văn phòng", place="Phòng họp số 2", prepared_by="Văn phòng",
    )  # fmt: skip
    citizens = EntryFacts(
        day=monday + timedelta(days=3), starts="08:00", ends="11:00", title="Tiếp công dân định kỳ", chair="Chủ tịch",
        attendees="Đại diện các Ban, Thanh tra thành phố", place="Trụ sở Tiếp công dân", prepared_by="Văn phòng",
    )  # fmt: skip
    visit = EntryFacts(
        day=monday + timedelta(days=2), starts="14:00", title="Khảo sát tiến độ xây dựng kè sông đoạn Bến Nước",
        chair="Trưởng Ban Kinh tế - Ngân sách", attendees="Ban Kinh tế - Ngân sách, Sở Xây dựng", place="Bến Nước",
        prepared_by="Ban Kinh tế - Ngân sách", note="Xe 16 chỗ, khởi hành 13:30",
    )  # fmt: skip
    voters = EntryFacts(
        day=monday + timedelta(days=4), part="evening", title="Tiếp xúc cử tri theo tổ dân phố",
        chair="Tổ trưởng Tổ đại biểu số 3", attendees="Tổ đại biểu số 3", place="Nhà văn hóa phường",
        prepared_by="Ủy ban Mặt trận Tổ quốc phường",
    )  # fmt: skip
    telling.at((monday - telling.now.date()).days - 3, 15)
    async with telling.store.work() as work:
        moved = [
            await write_entry(work, secretary, council, one) for one in (briefing, visit, citizens, voters)
        ][1]
        await publish_week(work, secretary, council, monday)
    telling.at((monday - telling.now.date()).days, 7)
    async with telling.store.work() as work:
        await change_entry(
            work, secretary, moved.id, replace(visit, day=visit.day + timedelta(days=2), starts="09:00")
        )
        wreath = replace(
            briefing, day=monday + timedelta(days=5), starts="07:00", ends="", title="Viếng Nghĩa trang Liệt sĩ",
            attendees="Đại biểu Hội đồng nhân dân thành phố", place="Nghĩa trang Liệt sĩ thành phố",
        )  # fmt: skip
        await write_entry(work, secretary, council, wreath)
        await publish_week(work, secretary, council, monday)
