"""The three agendas of the story: held two weeks ago, in session now, due tomorrow."""

from __future__ import annotations

from dataclasses import dataclass

from meetings.demo import people

STANDING = "Thường trực Hội đồng nhân dân"
"""Whoever moves what is only about the council's own procedure."""


@dataclass(frozen=True, slots=True)
class Text:
    """A motion as it stands on the agenda; the executive board moves it unless somebody else is named."""

    title: str
    text: str = ""
    kind: str = "substantive"
    mover: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """One item of the story: what stands on the agenda, what is moved, and how the council voted."""

    title: str
    presenter: str = ""
    minutes: int = 20
    papers: tuple[tuple[str, int], ...] = ()
    motions: tuple[Text, ...] = ()
    questions: bool = False
    """Question time."""
    against: int = 0
    abstain: int = 0
    silent: int = 0


PROGRAMME = Text("Thông qua chương trình kỳ họp", kind="procedural", mover=STANDING)

PAST = (
    Point("Khai mạc, thông qua chương trình kỳ họp", minutes=15, motions=(PROGRAMME,)),
    Point(
        "Điều chỉnh kế hoạch đầu tư công năm 2026", "Sở Tài chính", 40, (("Tờ trình", 4), ("Báo cáo thẩm tra", 2)),
        (
            Text(
                "Nghị quyết về điều chỉnh kế hoạch đầu tư công năm 2026",
                "Điều 1. Điều chỉnh kế hoạch đầu tư công năm 2026 của thành phố theo các phụ lục kèm theo.\n"
                "Điều 2. Giao Sở Tài chính chủ trì, phối hợp với Sở Xây dựng phân bổ chi tiết vốn điều chỉnh cho "
                "từng dự án.\n"
                "Điều 3. Giao Ban Quản lý dự án đầu tư xây dựng báo cáo tiến độ giải ngân hằng tháng.",
            ),
        ),
        against=2, abstain=1,
    ),
    Point(
        "Mức hỗ trợ học phí năm học 2026 - 2027", "Sở Giáo dục và Đào tạo", 30, (("Tờ trình", 3),),
        (
            Text(
                "Nghị quyết quy định mức hỗ trợ học phí năm học 2026 - 2027",
                "Điều 1. Quy định mức hỗ trợ học phí đối với trẻ em mầm non và học sinh phổ thông trên địa bàn "
                "thành phố.\n"
                "Điều 2. Giao Sở Giáo dục và Đào tạo hướng dẫn các trường thực hiện.\n"
                "Điều 3. Giao Sở Y tế phối hợp khám sức khỏe học sinh đầu năm học.",
            ),
        ),
        silent=1,
    ),
    Point(
        "Đặt tên 12 tuyến đường mới", "Sở Văn hóa, Thể thao và Du lịch", 30, (("Tờ trình", 3),),
        (Text("Nghị quyết về đặt tên 12 tuyến đường", "Điều 1. Đặt tên 12 tuyến đường theo danh mục kèm theo."),),
        against=21, abstain=6,
    ),
    Point("Chất vấn và trả lời chất vấn", minutes=45, questions=True),
    Point("Lấy phiếu tín nhiệm đối với người giữ chức vụ do Hội đồng nhân dân bầu", STANDING, 30),
    Point(
        "Thông qua chương trình giám sát và danh sách đoàn giám sát", STANDING, 10,
        motions=(
            Text("Chương trình giám sát quý IV năm 2026", kind="procedural", mover=STANDING),
            Text("Danh sách Đoàn giám sát về quản lý chợ", kind="procedural", mover=STANDING),
        ),
    ),
    Point("Bế mạc", minutes=10),
)  # fmt: skip

NOW = (
    Point("Khai mạc, thông qua chương trình kỳ họp", minutes=10, motions=(PROGRAMME,)),
    Point("Bầu bổ sung hai Ủy viên Ban Đô thị", STANDING, 10, (("Tờ trình", 1),)),
    Point(
        "Đề án thu gom, phân loại chất thải rắn tại nguồn giai đoạn 2026 - 2030", "Sở Nông nghiệp và Môi trường", 45,
        (("Tờ trình", 4), ("Dự thảo nghị quyết", 2), ("Báo cáo thẩm tra", 2)),
        (
            Text(
                "Nghị quyết thông qua Đề án thu gom, phân loại chất thải rắn tại nguồn giai đoạn 2026 - 2030",
                "Điều 1. Thông qua Đề án thu gom, phân loại chất thải rắn tại nguồn giai đoạn 2026 - 2030.\n"
                "Điều 2. Giao Sở Nông nghiệp và Môi trường chủ trì, phối hợp với Ủy ban nhân dân các phường thực hiện.",
            ),
            Text(
                "Nghị quyết về hỗ trợ thiết bị phân loại rác tại hộ gia đình",
                "Điều 1. Hỗ trợ một lần 300.000 đồng cho mỗi hộ nghèo để mua thiết bị phân loại rác tại nguồn.\n"
                "Điều 2. Kinh phí lấy từ nguồn sự nghiệp môi trường của thành phố.\n"
                "Điều 3. Ủy ban nhân dân thành phố tổ chức thực hiện.",
            ),
        ),
    ),
    Point("Chất vấn và trả lời chất vấn về môi trường đô thị", minutes=40, questions=True),
    Point(
        "Giá dịch vụ trông giữ xe, danh mục công trình thoát nước; bế mạc", "Sở Xây dựng", 30, (("Tờ trình", 2),),
        (
            Text(
                "Nghị quyết quy định giá dịch vụ trông giữ xe",
                "Điều 1. Quy định giá dịch vụ trông giữ xe trên địa bàn thành phố.",
            ),
            Text(
                "Nghị quyết về danh mục công trình thoát nước ưu tiên năm 2027",
                "Điều 1. Ban hành danh mục 14 công trình thoát nước ưu tiên đầu tư năm 2027.\n"
                "Điều 2. Giao Sở Xây dựng tổ chức thực hiện.",
            ),
        ),
    ),
)  # fmt: skip

TOMORROW = (
    Point("Khai mạc, thông qua chương trình kỳ họp", minutes=15),
    Point(
        "Dự toán ngân sách và phân bổ ngân sách năm 2027", "Sở Tài chính", 60,
        (("Tờ trình", 5), ("Dự thảo nghị quyết", 2), ("Báo cáo thẩm tra", 3)),
        (
            Text(
                "Nghị quyết về dự toán và phân bổ ngân sách thành phố năm 2027",
                "Điều 1. Quyết định dự toán và phân bổ ngân sách thành phố năm 2027.",
            ),
        ),
    ),
    Point(
        "Chương trình phát triển nhà ở xã hội đến năm 2030", "Sở Xây dựng", 40, (("Tờ trình", 4),),
        (
            Text(
                "Nghị quyết thông qua Chương trình phát triển nhà ở xã hội đến năm 2030",
                "Điều 1. Thông qua Chương trình phát triển nhà ở xã hội đến năm 2030.",
            ),
        ),
    ),
    Point("Chương trình giám sát của Hội đồng nhân dân năm 2027", STANDING, 20, (("Báo cáo", 2),)),
    Point("Bế mạc", minutes=10),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Slip:
    """A question slip: who asks whom, about what."""

    asker: str
    addressee: str
    agency: str
    topic: str
    text: str
    listed: bool = True


ENVIRONMENT = "Ông Khổng Văn Rạng, Giám đốc Sở Nông nghiệp và Môi trường"
BUILDING = "Ông Bành Văn Thuận, Giám đốc Sở Xây dựng"
HEALTH = "Bà Triệu Thị Sâm, Giám đốc Sở Y tế"
OFFICE = "Bà Phí Thị Nhàn, Chánh Văn phòng Ủy ban nhân dân thành phố"

ASKED_THEN = (
    Slip(
        "delegate07", BUILDING, "SXD", "Dự án chậm tiến độ",
        "Vì sao ba dự án đường gom khu công nghiệp chậm hơn một năm, và trách nhiệm thuộc về ai?",
    ),
    Slip(
        "delegate22", HEALTH, "SYT", "Thuốc bảo hiểm y tế",
        "Người dân phường Gò Mây phản ánh trạm y tế thường xuyên thiếu thuốc. Khi nào tình trạng này chấm dứt?",
    ),
    Slip(
        "delegate31", OFFICE, "VP", "Công khai mức hỗ trợ học phí",
        "Mức hỗ trợ học phí của từng trường được công khai ở đâu, ai cập nhật và khi nào?",
    ),
)  # fmt: skip
"""Of the meeting that is over: answered; answered with a promise; not reached, so owed in writing."""

ASKED_NOW = (
    Slip(
        "delegate05", ENVIRONMENT, "SNNMT", "Bãi rác Đồng Lúa",
        "Bãi rác Đồng Lúa quá tải từ năm 2024, nước rỉ rác chảy ra kênh. Bao giờ đóng bãi và xử lý xong?",
    ),
    Slip(
        "delegate14", ENVIRONMENT, "SNNMT", "Bãi rác Đồng Lúa",
        "Kết quả quan trắc nước ngầm quanh bãi rác có được công bố cho người dân không?",
    ),
    Slip(
        "delegate33", BUILDING, "SXD", "Ngập úng sau mưa",
        "Đường Hàng Dừa ngập sau mỗi trận mưa lớn dù đã nâng cấp cống năm ngoái. Nguyên nhân và giải pháp?",
    ),
    Slip(
        "delegate18", BUILDING, "SXD", "Bãi đỗ xe tạm",
        "Có bao nhiêu bãi trông giữ xe tạm trên vỉa hè đang hoạt động không phép?",
    ),
    Slip(
        "delegate09", ENVIRONMENT, "SNNMT", "Thu gom rác ban đêm",
        "Vì sao xe thu gom rác ở phường Cầu Tre vẫn chạy vào giờ cao điểm?",
        listed=False,
    ),
    Slip(
        "delegate27", BUILDING, "SXD", "Cây xanh đường phố",
        "Kế hoạch trồng bù cây xanh bị chặt khi làm đường vành đai đến đâu?",
        listed=False,
    ),
)  # fmt: skip

BETTER_MONTHLY = (
    "Báo cáo giải ngân trước ngày 10 hằng tháng",
    "báo cáo tiến độ giải ngân hằng tháng.",
    "báo cáo tiến độ giải ngân trước ngày 10 hằng tháng và công khai trên cổng thông tin điện tử.",
)
"""An amendment to the resolution of the finished meeting: its title, the words that go, the words that come."""

MORE_SUPPORT = (
    "Mở rộng đối tượng và nâng mức hỗ trợ",
    "300.000 đồng cho mỗi hộ nghèo",
    "500.000 đồng cho mỗi hộ nghèo, hộ cận nghèo",
)
"""An amendment that waits in the meeting in session."""

RATED = (
    (people.CHAIR, "Chủ tịch Hội đồng nhân dân"),
    (people.DELEGATES[9], "Trưởng Ban Kinh tế - Ngân sách"),
    (people.DELEGATES[36], "Trưởng Ban Đô thị"),
)
"""Whose confidence was rated, with the office."""

CANDIDATES = (people.DELEGATES[3], people.DELEGATES[5], people.DELEGATES[7])
"""For the two seats in the urban committee; all three sit in no committee."""
