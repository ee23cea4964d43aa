"""Small papers with real-looking Vietnamese text, in the form of Decree 30/2020/NĐ-CP."""

from __future__ import annotations

from datetime import datetime

from reportlab.platypus import Flowable, Paragraph

from meetings.demo import people
from meetings.pdf import decree30, fonts

TEXT = """
Thực hiện chương trình công tác năm 2026, cơ quan trình đã phối hợp với các sở, ngành và Ủy ban nhân dân
các phường rà soát, đánh giá tình hình thực hiện và xây dựng nội dung trình Hội đồng nhân dân thành phố
xem xét, quyết định.

Trong mười tháng đầu năm, tổng thu ngân sách trên địa bàn đạt 84,5% dự toán; chi đầu tư phát triển đạt
61,2% kế hoạch. Một số dự án chậm tiến độ do vướng mắc về giải phóng mặt bằng và giá vật liệu xây dựng
tăng.

Cơ quan trình kiến nghị điều chỉnh giảm dự toán của các dự án không còn khả năng giải ngân trong năm, bổ
sung cho các công trình trường học, trạm y tế và hạ tầng thoát nước có khả năng hấp thụ vốn ngay.

Việc điều chỉnh không làm thay đổi tổng mức đầu tư công trung hạn và bảo đảm đúng nguyên tắc, tiêu chí
phân bổ vốn đã được Hội đồng nhân dân thành phố thông qua.
"""
PARAGRAPHS = [" ".join(part.split()) for part in TEXT.split("\n\n")]
SYMBOLS = {"Tờ trình": "TTr", "Dự thảo nghị quyết": "NQ-HĐND"}
"""Everything else is a report (BC); Decree 30/2020/NĐ-CP, Appendix III."""
HEADINGS = ("Sự cần thiết", "Tình hình thực hiện", "Nội dung đề xuất", "Tổ chức thực hiện", "Kiến nghị")


def paper(kind: str, subject: str, author: str, at: datetime, parts: int = 3) -> bytes:
    """A paper of a kind (`Tờ trình`, `Báo cáo thẩm tra` …) with so many parts, somewhat under a page each."""
    fonts.register()
    place_and_day = f"{people.CITY}, {decree30.day_text(at.date())}"
    story: list[Flowable] = [
        *decree30.header("", author, f"Số:        /{SYMBOLS.get(kind, 'BC')}", place_and_day),
        *decree30.title(kind.upper(), subject),
    ]
    for number in range(1, parts + 1):
        story.append(Paragraph(f"{number}. {HEADINGS[(number - 1) % len(HEADINGS)]}", decree30.HEADING))
        story += [Paragraph(text, decree30.BODY) for text in PARAGRAPHS]
    pdf, _ = decree30.build(story, title=f"{kind} {subject}", author=author, language="vi")
    return pdf
