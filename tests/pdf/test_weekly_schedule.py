"""The printed schedule of a week: sideways, every Vietnamese letter readable, changes marked, however long it gets."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pikepdf

from meetings.pdf.weekly_schedule import ScheduleDay, ScheduleDocument, SchedulePart, ScheduleRow, render
from tests.pdf import tools

MONDAY = date(2026, 11, 23)
LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxyàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ"
ROW = ScheduleRow(
    time="08:00–11:30", title="Phiên họp thường kỳ tháng 11", chair="Nguyễn Văn Thuận", attendees="Thành viên Ủy ban",
    place="Phòng họp số 1", notes=("Văn phòng", "Xe 51A"),
)  # fmt: skip
LEFT = replace(
    ROW, time="14:00", title="Kiểm tra kè", mark="Chuyển đi", told=("nay là Thứ Năm 26/11",), gone=True
)
NAMES = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật")
DAYS = tuple(
    ScheduleDay(
        MONDAY + timedelta(days=ahead), name, "Nghỉ bù" if ahead == 4 else "",
        (SchedulePart("Sáng", (ROW,)), SchedulePart("Chiều", (LEFT,))) if ahead < 5 else (),
    )
    for ahead, name in enumerate(NAMES)
)  # fmt: skip
WEEK = ScheduleDocument(
    issuing_body="Ủy ban nhân dân thành phố Bến Nước", superior_body="Ủy ban nhân dân tỉnh Mẫu", town="Bến Nước",
    symbol="LCT-UBND", monday=MONDAY, sunday=MONDAY + timedelta(days=6), days=DAYS,
    issued=datetime(2026, 11, 20, 16, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh")), signer_post=("Chủ tịch",),
    signer="Nguyễn Văn Thuận",
)  # fmt: skip


def sizes(pdf: bytes) -> set[tuple[int, int]]:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return {(round(float(page.mediabox[2])), round(float(page.mediabox[3]))) for page in document.pages}


def flowing(text: str) -> str:
    return " ".join(text.split())


def test_it_has_the_usual_parts_on_a4_sideways(tmp_path: Path) -> None:
    pdf = render(WEEK)
    assert pdf == render(WEEK)
    assert sizes(pdf) == {(842, 595)}
    text = flowing(tools.text(pdf, tmp_path, "-layout"))
    for part in (
        "ỦY BAN NHÂN DÂN TỈNH MẪU", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Số: /LCT-UBND",
        "Bến Nước, ngày 20 tháng 11 năm 2026", "LỊCH CÔNG TÁC TUẦN",
        "Tuần 48 năm 2026 (từ ngày 23/11/2026 đến ngày 29/11/2026)", "08:00–11:30", "Thứ Hai", "Chủ Nhật", "Nghỉ bù",
        "[Chuyển đi] Kiểm tra kè", "nay là Thứ Năm 26/11", "CHỦ TỊCH", "- Lưu: VT.",
    ):  # fmt: skip
        assert part in text
    assert "DỰ THẢO" not in text
    assert "DỰ THẢO" in tools.text(render(replace(WEEK, draft=True)), tmp_path)
    assert all(embedded for _, embedded, _ in tools.fonts(pdf, tmp_path))


def test_all_vietnamese_letters_can_be_read_from_it_and_nothing_is_too_long(tmp_path: Path) -> None:
    long = replace(ROW, title=f"{LETTERS} {LETTERS.upper()}", attendees="Ơ" * 500, place="Hội trường " * 45)
    day = replace(DAYS[0], parts=(SchedulePart("Sáng", (long,) * 6),))
    pdf = render(replace(WEEK, days=(day, *DAYS[1:]), language="en"))
    assert sizes(pdf) == {(842, 595)}
    text = "".join(tools.text(pdf, tmp_path).split())
    assert set(LETTERS) | set(LETTERS.upper()) <= set(text)
    assert text.count("Ơ") == 6 * (500 + 1)
    assert "WEEKLYSCHEDULE" in text
