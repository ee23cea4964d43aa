"""Documents that the tests of this folder share: the minutes of an invented city council."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from meetings.pdf.decree30 import SignatureField, Signer
from meetings.pdf.minutes import Decision, Figures, MinutesDocument, Names, Prose, Section

VIETNAM = timezone(timedelta(hours=7))
SECRETARY = "Trần Thị Ngọc Hạnh"
CHAIR = "Nguyễn Văn Thuận"
LETTERS = (
    "aàáảãạăằắẳẵặâầấẩẫậbcdđeèéẻẽẹêềếểễệghiìíỉĩịklmnoòóỏõọôồốổỗộơờớởỡợpqrstuùúủũụưừứửữựvxyỳýỷỹỵ"
    "AÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬBCDĐEÈÉẺẼẸÊỀẾỂỄỆGHIÌÍỈĨỊKLMNOÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢPQRSTUÙÚỦŨỤƯỪỨỬỮỰVXYỲÝỶỸỴ"
)
POLL = Figures(
    "Kết quả biểu quyết (quá nửa tổng số đại biểu):",
    ("Nội dung", "Số đại biểu", "Tỷ lệ (%)"),
    (
        ("Tổng số đại biểu Hội đồng nhân dân", "50", "100,00"),
        ("Có mặt khi biểu quyết", "47", "94,00"),
        ("Tán thành", "41", "82,00"),
        ("Không tán thành", "4", "8,00"),
        ("Không biểu quyết", "2", "4,00"),
    ),
)
DISCUSSION = (
    "Đại biểu Lê Quốc Bảo đề nghị làm rõ nguồn vốn đối ứng và tiến độ giải phóng mặt bằng đoạn qua phường "
    "Hòa Khánh; cho rằng việc kéo dài thời gian thực hiện làm tăng tổng mức đầu tư.\n"
    "Giám đốc Sở Xây dựng giải trình: đã bàn giao 87% mặt bằng, phần còn lại hoàn thành trước ngày "
    "30 tháng 6 năm 2027."
)


def minutes(items: int = 3, **changes: object) -> MinutesDocument:
    """Minutes of a meeting with so many items; anything can be put differently by name."""
    facts: dict[str, object] = {
        "superior_body": "",
        "issuing_body": "Hội đồng nhân dân thành phố An Hải",
        "number": 5,
        "symbol": "BB-HĐND",
        "meeting_name": "Kỳ họp thứ 12 Hội đồng nhân dân thành phố An Hải khóa X, nhiệm kỳ 2026 - 2031",
        "started": datetime(2026, 12, 5, 8, 0, tzinfo=VIETNAM),
        "ended": datetime(2026, 12, 5, 11, 35, tzinfo=VIETNAM),
        "recorded": datetime(2026, 12, 5, 11, 40, tzinfo=VIETNAM),
        "place": "Hội trường tầng 2, trụ sở Hội đồng nhân dân thành phố, số 42 đường Bạch Đằng",
        "attendance": (
            "- Có mặt: 47/50 đại biểu Hội đồng nhân dân, đủ số đại biểu theo quy định để tiến hành kỳ họp;",
            "- Vắng mặt có lý do: 03 đại biểu (Phạm Thị Bích Liễu, Võ Hữu Thỏa, Đặng Kỳ Xuân);",
            "- Đại biểu mời dự: đại diện Ủy ban nhân dân, Ủy ban Mặt trận Tổ quốc Việt Nam thành phố.",
        ),
        "chair": f"Ông {CHAIR}, Chủ tịch Hội đồng nhân dân thành phố",
        "secretary": f"Bà {SECRETARY}, Thư ký kỳ họp",
        "sections": tuple(item for number in range(1, items + 1) for item in _item(number)),
        "signers": (
            Signer(SignatureField.SECRETARY, ("Thư ký",), SECRETARY),
            Signer(SignatureField.CHAIR, ("Chủ tọa",), CHAIR),
        ),
        "recipients": (
            "Đại biểu Hội đồng nhân dân thành phố",
            "Ủy ban nhân dân thành phố",
            "Văn phòng Đoàn đại biểu Quốc hội",
        ),
    }
    return MinutesDocument(**(facts | changes))  # type: ignore[arg-type]


def _item(number: int) -> tuple[Section, ...]:
    opened = datetime(2026, 12, 5, 8 + number % 3, 5 * number % 60, tzinfo=VIETNAM)
    return (
        Section(
            f"{number}. Chủ trương đầu tư dự án đường vành đai phía Tây, giai đoạn {number}",
            (
                Prose("Giám đốc Sở Tài chính trình bày Tờ trình của Ủy ban nhân dân thành phố.", at=opened),
                Prose(DISCUSSION),
                POLL,
                Names(
                    "Không tán thành (4):", ("Bùi Thị Yến", "Hồ Sỹ Đức", "Mạc Văn Ước", "Trương Quỳnh Như")
                ),
                Decision(
                    f"Thông qua Nghị quyết về chủ trương đầu tư dự án đường vành đai, giai đoạn {number}; "
                    "giao Ủy ban nhân dân thành phố tổ chức thực hiện.",
                    "Hội đồng nhân dân quyết nghị:",
                ),
            ),
        ),
    )
