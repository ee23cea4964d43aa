"""The three agendas of the story: held two weeks ago, in session now, due tomorrow."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Point:
    """One item of the story: what stands on the agenda, what is moved, and how the council voted."""

    title: str
    presenter: str = ""
    minutes: int = 20
    papers: tuple[tuple[str, int], ...] = ()
    motion: str = ""
    text: str = ""
    against: int = 0
    abstain: int = 0
    silent: int = 0


PAST = (
    Point("Khai mạc, thông qua chương trình kỳ họp", minutes=15),
    Point(
        "Điều chỉnh kế hoạch đầu tư công năm 2026", "Sở Tài chính", 40, (("Tờ trình", 4), ("Báo cáo thẩm tra", 2)),
        "Nghị quyết về điều chỉnh kế hoạch đầu tư công năm 2026",
        "Điều 1. Điều chỉnh kế hoạch đầu tư công năm 2026 của thành phố theo các phụ lục kèm theo.\n"
        "Điều 2. Giao Sở Tài chính chủ trì, phối hợp với Sở Xây dựng phân bổ chi tiết vốn điều chỉnh cho từng dự án.\n"
        "Điều 3. Giao Ban Quản lý dự án đầu tư xây dựng báo cáo tiến độ giải ngân hằng tháng.",
        against=2, abstain=1,
    ),
    Point(
        "Mức hỗ trợ học phí năm học 2026 - 2027", "Sở Giáo dục và Đào tạo", 30, (("Tờ trình", 3),),
        "Nghị quyết quy định mức hỗ trợ học phí năm học 2026 - 2027",
        "Điều 1. Quy định mức hỗ trợ học phí đối với trẻ em mầm non và học sinh phổ thông trên địa bàn thành phố.\n"
        "Điều 2. Giao Sở Giáo dục và Đào tạo hướng dẫn các trường thực hiện.\n"
        "Điều 3. Giao Sở Y tế phối hợp khám sức khỏe học sinh đầu năm học.",
        silent=1,
    ),
    Point(
        "Đặt tên 12 tuyến đường mới", "Sở Văn hóa, Thể thao và Du lịch", 30, (("Tờ trình", 3),),
        "Nghị quyết về đặt tên 12 tuyến đường", "Điều 1. Đặt tên 12 tuyến đường theo danh mục kèm theo.",
        against=21, abstain=6,
    ),
    Point("Bế mạc", minutes=10),
)  # fmt: skip

NOW = (
    Point("Khai mạc", minutes=10),
    Point(
        "Báo cáo kết quả giải quyết kiến nghị của cử tri", "Văn phòng Ủy ban nhân dân thành phố", 30, (("Báo cáo", 3),)
    ),
    Point(
        "Đề án thu gom, phân loại chất thải rắn tại nguồn giai đoạn 2026 - 2030", "Sở Nông nghiệp và Môi trường", 45,
        (("Tờ trình", 4), ("Dự thảo nghị quyết", 2), ("Báo cáo thẩm tra", 2)),
        "Nghị quyết thông qua Đề án thu gom, phân loại chất thải rắn tại nguồn giai đoạn 2026 - 2030",
        "Điều 1. Thông qua Đề án thu gom, phân loại chất thải rắn tại nguồn giai đoạn 2026 - 2030.\n"
        "Điều 2. Giao Sở Nông nghiệp và Môi trường chủ trì, phối hợp với Ủy ban nhân dân các phường thực hiện.",
    ),
    Point(
        "Giá dịch vụ trông giữ xe trên địa bàn thành phố", "Sở Xây dựng", 30, (("Tờ trình", 2),),
        "Nghị quyết quy định giá dịch vụ trông giữ xe",
        "Điều 1. Quy định giá dịch vụ trông giữ xe trên địa bàn thành phố.",
    ),
    Point("Bế mạc", minutes=10),
)  # fmt: skip

TOMORROW = (
    Point("Khai mạc, thông qua chương trình kỳ họp", minutes=15),
    Point(
        "Dự toán ngân sách và phân bổ ngân sách năm 2027", "Sở Tài chính", 60,
        (("Tờ trình", 5), ("Dự thảo nghị quyết", 2), ("Báo cáo thẩm tra", 3)),
        "Nghị quyết về dự toán và phân bổ ngân sách thành phố năm 2027",
        "Điều 1. Quyết định dự toán và phân bổ ngân sách thành phố năm 2027.",
    ),
    Point(
        "Chương trình phát triển nhà ở xã hội đến năm 2030", "Sở Xây dựng", 40, (("Tờ trình", 4),),
        "Nghị quyết thông qua Chương trình phát triển nhà ở xã hội đến năm 2030",
        "Điều 1. Thông qua Chương trình phát triển nhà ở xã hội đến năm 2030.",
    ),
    Point(
        "Chương trình giám sát của Hội đồng nhân dân năm 2027", "Thường trực Hội đồng nhân dân", 20, (("Báo cáo", 2),)
    ),
    Point("Bế mạc", minutes=10),
)  # fmt: skip
