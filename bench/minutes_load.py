"""One process of `bench.minutes`: renders the same minutes twice and says what it took."""

from __future__ import annotations

import json
import resource
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path
from time import perf_counter

from meetings.pdf.decree30 import SignatureField, Signer
from meetings.pdf.minutes import Decision, Figures, MinutesDocument, Names, Prose, Section, render

VIETNAM = timezone(timedelta(hours=7))
POLL = Figures(
    "Kết quả biểu quyết (quá nửa tổng số đại biểu):",
    ("Nội dung", "Số đại biểu", "Tỷ lệ (%)"),
    (
        ("Tổng số đại biểu Hội đồng nhân dân", "50", "100,00"),
        ("Đương nhiệm", "50", "100,00"),
        ("Có mặt khi biểu quyết", "47", "94,00"),
        ("Đã biểu quyết", "46", "92,00"),
        ("Tán thành", "41", "82,00"),
        ("Không tán thành", "3", "6,00"),
        ("Không có ý kiến", "2", "4,00"),
        ("Không biểu quyết", "1", "2,00"),
    ),
)


def document(items: int) -> MinutesDocument:
    """Minutes of a long day."""
    return MinutesDocument(
        issuing_body="Hội đồng nhân dân thành phố An Hải",
        number=5,
        symbol="BB-HĐND",
        meeting_name="Kỳ họp thứ 12 Hội đồng nhân dân thành phố An Hải khóa X",
        started=datetime(2026, 12, 5, 8, 0, tzinfo=VIETNAM),
        ended=datetime(2026, 12, 5, 18, 30, tzinfo=VIETNAM),
        recorded=datetime(2026, 12, 5, 18, 40, tzinfo=VIETNAM),
        place="Hội trường tầng 2, trụ sở Hội đồng nhân dân thành phố",
        chair="Ông Nguyễn Văn Thuận",
        secretary="Bà Trần Thị Ngọc Hạnh",
        attendance=("- Có mặt: 47/50 đại biểu, đủ số đại biểu theo quy định để tiến hành kỳ họp.",),
        sections=tuple(section(number) for number in range(1, items + 1)),
        signers=(
            Signer(SignatureField.SECRETARY, ("Thư ký",), "Trần Thị Ngọc Hạnh"),
            Signer(SignatureField.CHAIR, ("Chủ tọa",), "Nguyễn Văn Thuận"),
        ),
    )


def section(number: int) -> Section:
    """One item: what was said, the table of its poll, the names of the minority, the decision."""
    return Section(
        f"{number}. Chủ trương đầu tư dự án đường vành đai phía Tây, giai đoạn {number}",
        (
            Prose(
                "Giám đốc Sở Tài chính trình bày Tờ trình của Ủy ban nhân dân thành phố; đại biểu Lê Quốc Bảo "
                "đề nghị làm rõ nguồn vốn đối ứng và tiến độ giải phóng mặt bằng."
            ),
            POLL,
            Names("Không tán thành (3):", ("Bùi Thị Yến", "Hồ Sỹ Đức", "Trương Quỳnh Như")),
            Decision(f"Thông qua Nghị quyết về chủ trương đầu tư, giai đoạn {number}.", "Quyết nghị:"),
        ),
    )


def memory(line: str) -> float:
    """MB now (`VmRSS`) or at most (`VmHWM`). Linux counts a parent's peak into a child's `ru_maxrss`, so its own
    account comes first."""
    status = Path("/proc/self/status")
    if status.exists():
        found = next(text for text in status.read_text().splitlines() if text.startswith(line + ":"))
        return int(found.split()[1]) / 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


def main(items: int) -> dict[str, float]:
    """Render twice."""
    before = memory("VmRSS")
    minutes = document(items)
    began = perf_counter()
    render(minutes)
    between = perf_counter()
    rendered = render(minutes)
    ended = perf_counter()
    peak = memory("VmHWM")
    return {
        "first": between - began,
        "again": ended - between,
        "peak": peak,
        "rendering": peak - before,
        "kilobytes": len(rendered.pdf) / 1024,
        "pages": rendered.pages,
    }


if __name__ == "__main__":
    print(json.dumps(main(json.load(sys.stdin)["items"])))
