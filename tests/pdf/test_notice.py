"""The notice as a document: form 1.7 of Decree 30, one reader's items, the same bytes every time."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from meetings.pdf.notice import NoticeDocument, render
from tests.pdf import tools

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NOTICE = NoticeDocument(
    issuing_body="Hội đồng nhân dân phường Bến Nước",
    superior_body="",
    symbol="GM-HĐND",
    meeting_name="Kỳ họp thứ nhất",
    invited="Bà Nguyễn Thị Khách, Chủ tịch Hội Nông dân",
    chair="Nguyễn Văn Đại Biểu",
    starts=datetime(2026, 11, 24, 8, 0, tzinfo=ZONE),
    ends=datetime(2026, 11, 24, 11, 30, tzinfo=ZONE),
    place="Hội trường lớn",
    issued=datetime(2026, 11, 9, 9, 0, tzinfo=ZONE),
    agenda=("1. Khai mạc", "2. Điều chỉnh dự toán ngân sách năm 2026"),
    reply_by=datetime(2026, 11, 23, 8, 0, tzinfo=ZONE),
    signer_post=("TM. Thường trực Hội đồng nhân dân", "Chủ tịch"),
    signer="Nguyễn Văn Đại Biểu",
)


def flowing(text: str) -> str:
    return " ".join(text.split())


def test_it_has_the_parts_of_form_1_7(tmp_path: Path) -> None:
    text = flowing(tools.text(render(NOTICE), tmp_path, "-layout"))
    for part in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "/GM-HĐND",
        "ngày 09 tháng 11 năm 2026",
        "GIẤY MỜI",
        "trân trọng kính mời: Bà Nguyễn Thị Khách, Chủ tịch Hội Nông dân",
        "Tới dự: Kỳ họp thứ nhất",
        "Chủ trì: Nguyễn Văn Đại Biểu",
        "Thời gian: 08 giờ 00 phút, thứ ba, ngày 24 tháng 11 năm 2026; dự kiến kết thúc lúc 11 giờ 30 phút",
        "Địa điểm: Hội trường lớn",
        "2. Điều chỉnh dự toán ngân sách năm 2026",
        "Đề nghị trả lời việc tham dự trước 08 giờ 00 phút, thứ hai, ngày 23 tháng 11 năm 2026.",
        "CHỦ TỊCH",
        "- Lưu: VT.",
    ):
        assert part in text
    assert "ĐÃ HỦY" not in text
    assert all(embedded for _, embedded, _ in tools.fonts(render(NOTICE), tmp_path))


def test_the_same_notice_gives_the_same_bytes_and_another_reader_another_name(tmp_path: Path) -> None:
    assert render(NOTICE) == render(NOTICE)
    other = render(replace(NOTICE, invited="Ông Trần Văn B", cancelled=True))
    text = flowing(tools.text(other, tmp_path))
    assert "Ông Trần Văn B" in text
    assert "ĐÃ HỦY" in text


@pytest.mark.parametrize("ends", [None, datetime(2026, 11, 25, 17, 0, tzinfo=ZONE)])
def test_an_english_body_writes_english(tmp_path: Path, ends: datetime | None) -> None:
    text = flowing(tools.text(render(replace(NOTICE, language="en", ends=ends)), tmp_path, "-layout"))
    assert "NOTICE OF MEETING" in text
    assert "Time: 08:00, Tuesday 24 November 2026" in text
    assert ("planned to end at 17:00, Wednesday 25 November 2026" in text) == (ends is not None)
