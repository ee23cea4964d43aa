"""The text of a paper as it is compared, and the places that are shown."""

from __future__ import annotations

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings.rules.differences import Kind, differences, paragraphs
from meetings.rules.paper_changes import is_blank, passages, running_text

PARAGRAPH = (
    "Trong mười tháng đầu năm, tổng thu ngân sách trên địa bàn đạt 84,5% dự toán; chi đầu tư phát triển đạt 61,2% "
    "kế hoạch. Ủy ban nhân dân đề nghị điều chỉnh dự toán của các dự án không còn khả năng giải ngân trong năm."
)
PAPER = ["TỜ TRÌNH", "Điều 1. Điều chỉnh dự toán. Giao Ủy ban thực hiện.", "a) Phường Vân Giang", PARAGRAPH]


def _printed(width: int, lines: int) -> list[str]:
    """The paper as a printer breaks it, a page number at each foot."""
    printed = [line for paragraph in PAPER for line in textwrap.wrap(paragraph, width)]
    pages = [printed[start : start + lines] for start in range(0, len(printed), lines)]
    return ["\r\n".join([*page, f"- {number} -"]) for number, page in enumerate(pages, 1)]


@given(st.integers(60, 110), st.integers(2, 9))
def test_where_lines_and_pages_break_makes_no_difference(width: int, lines: int) -> None:
    first, second = _printed(84, 20), _printed(width, lines)
    assert running_text(second).split() == running_text(first).split()
    found = list(passages(paragraphs(differences(running_text(first), running_text(second)))))
    words = [
        piece.text.strip("¶") for one in found for piece in one.paragraph.pieces if piece.kind != Kind.SAME
    ]
    assert not any(words)


def test_sentences_articles_and_headings_stand_apart() -> None:
    assert running_text(_printed(84, 20)).splitlines() == [
        "TỜ TRÌNH",
        "Điều 1. Điều chỉnh dự toán.",
        "Giao Ủy ban thực hiện.",
        "a) Phường Vân Giang",
        PARAGRAPH[: PARAGRAPH.index(" Ủy")],
        PARAGRAPH[PARAGRAPH.index("Ủy") :],
    ]


def test_a_change_is_shown_with_its_neighbours_and_what_is_left_out_is_counted() -> None:
    old = "\n".join(f"Câu {number}." for number in range(20))
    new = old.replace("Câu 5.", "Câu năm.").replace("Câu 15.", "Câu mười lăm.")
    shown = list(passages(paragraphs(differences(old, new))))
    assert [one.skipped for one in shown] == [4, 0, 0, 7, 0, 0]
    assert shown[1].data() == {
        "skipped": 0,
        "pieces": [
            {"kind": "same", "text": "Câu "}, {"kind": "removed", "text": "5"}, {"kind": "added", "text": "năm"},
            {"kind": "same", "text": "."},
        ],
    }  # fmt: skip
    assert list(passages(paragraphs(differences(old, old)))) == []


@pytest.mark.parametrize(
    ("page", "blank"), [("", True), ("\r\n 12 \r\n", True), ("Trang 3/9", True), ("Điều", False)]
)
def test_a_page_with_nothing_but_its_number_is_blank(page: str, blank: bool) -> None:
    assert is_blank(page) is blank


def test_a_text_that_was_written_anew_goes_out_and_comes_in_as_a_whole() -> None:
    old, new = (" ".join(f"{word}{number}" for number in range(2500)) for word in ("cũ", "mới"))
    assert [piece.kind for piece in differences(old, new)] == [Kind.REMOVED, Kind.ADDED]
