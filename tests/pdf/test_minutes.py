"""The minutes as a document: the form of the decree, letters that can be copied out, and the same bytes every time."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import time
import unicodedata
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pikepdf
import pypdf
import pytest

from meetings.pdf.decree30 import WIDTH, SignatureField, day_text, number_text
from meetings.pdf.layout import balanced, depths
from meetings.pdf.minutes import Decision, Figures, MinutesDocument, Names, Prose, Section, render
from tests.pdf import tools
from tests.pdf.samples import CHAIR, LETTERS, SECRETARY, minutes

FORM = (
    "Thời gian bắt đầu: 08 giờ 00 phút, ngày 05 tháng 12 năm 2026",
    "Địa điểm: ",
    "Thành phần tham dự:",
    f"Chủ trì (chủ tọa): Ông {CHAIR}",
    f"Thư ký (người ghi biên bản): Bà {SECRETARY}",
    "Nội dung (theo diễn biến cuộc họp):",
    "1. Chủ trương",
    "Cuộc họp kết thúc vào 11 giờ 35 phút, ngày 05 tháng 12 năm 2026./.",
    "THƯ KÝ",
    "Nơi nhận:",
    "- Lưu: VT, Hồ sơ.",
)


def _letters() -> MinutesDocument:
    words = " ".join(LETTERS[start : start + 6] for start in range(0, len(LETTERS), 6))
    figures = Figures(
        "Bảng chữ", ("Chữ", "Số"), ((LETTERS[:30], "1.234"), ("<b>không phải thẻ</b> & ký tự", "5"))
    )
    blocks = (
        Prose(words),
        Decision(words, "Quyết nghị:"),
        figures,
        Names("Tên:", ("Đỗ Ngọc Ỷ", "Lê Hoàng Ẩn")),
    )
    return minutes(0, sections=(Section("1. Chữ cái", blocks),))


def _squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("reader", ["pdftotext", "pypdf"])
def test_every_vietnamese_letter_can_be_copied_out(reader: str, tmp_path: Path) -> None:
    pdf = render(_letters()).pdf
    if reader == "pdftotext":
        text = tools.text(pdf, tmp_path)
    else:
        text = "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)
    assert _squeezed(text).count(LETTERS) == 2
    assert LETTERS[:30] in text
    assert "<b>không phải thẻ</b> & ký tự" in text
    assert unicodedata.is_normalized("NFC", text)


def test_letters_sent_in_parts_are_printed_whole(tmp_path: Path) -> None:
    apart = unicodedata.normalize("NFD", "Phường Hòa Khánh, đường Ngũ Hành Sơn")
    text = tools.text(render(minutes(0, place=apart)).pdf, tmp_path)
    assert "Phường Hòa Khánh, đường Ngũ Hành Sơn" in text


def test_all_fonts_are_embedded_subsets_of_one_family(tmp_path: Path) -> None:
    found = tools.fonts(render(minutes()).pdf, tmp_path)
    assert len(found) == 4
    assert all(embedded and subset and "+Tinos-" in name for name, embedded, subset in found)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_same_record_gives_the_same_bytes(language: str) -> None:
    document = minutes(4, language=language)
    assert render(document).pdf == render(document).pdf
    assert render(document).pdf != render(replace(document, number=6)).pdf


def test_another_process_gives_the_same_bytes() -> None:
    script = (
        "import sys; from hashlib import sha256; from meetings.pdf.minutes import render; "
        "from tests.pdf.samples import minutes; print(sha256(render(minutes()).pdf).hexdigest())"
    )
    root = Path(__file__).parents[2]
    environment = os.environ | {
        "PYTHONHASHSEED": "7",
        "PYTHONPATH": f"{root / 'src'}{os.pathsep}{root}",
        "TZ": "America/Lima",
    }
    command = [sys.executable, "-c", script]
    other = subprocess.run(
        command, env=environment, cwd=root, capture_output=True, text=True, check=True, timeout=60
    )
    assert other.stdout.strip() == sha256(render(minutes()).pdf).hexdigest()


def test_the_parts_stand_in_the_order_of_form_1_9(tmp_path: Path) -> None:
    text = tools.text(render(minutes()).pdf, tmp_path)
    places = [text.find(part) for part in FORM]
    assert all(place >= 0 for place in places), dict(zip(FORM, places, strict=True))
    assert places == sorted(places)
    for header in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Số: 05/BB-HĐND",
        "BIÊN BẢN",
    ):
        assert 0 <= text.find(header) < places[0]


def _words(pdf: bytes, folder: Path, page: int) -> list[tuple[str, float, float, float, float]]:
    box = tools.text(pdf, folder, "-bbox", "-f", str(page), "-l", str(page))
    row = re.compile(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>')
    return [(word, *(float(number) for number in corners)) for *corners, word in row.findall(box)]  # type: ignore[misc]


def test_page_numbers_stand_centred_in_the_top_margin_from_page_two(tmp_path: Path) -> None:
    pdf = render(minutes(4)).pdf
    first = _words(pdf, tmp_path, 1)
    assert min(top for _, _, top, _, _ in first) > 56
    for page in (2, 3):
        word, left, top, right, bottom = _words(pdf, tmp_path, page)[0]
        assert (word, round((left + right) / 2)) == (str(page), 298)
        assert 20 < top < bottom < 57


def test_text_keeps_the_margins_of_the_decree(tmp_path: Path) -> None:
    words = _words(render(minutes(4)).pdf, tmp_path, 2)[1:]
    millimetre = 72 / 25.4
    assert min(word[1] for word in words) >= 30 * millimetre - 0.5
    assert max(word[3] for word in words) <= (210 - 15) * millimetre + 0.5
    assert min(word[2] for word in words) >= 20 * millimetre - 1
    assert max(word[4] for word in words) <= (297 - 20) * millimetre + 1


def test_secretary_signs_left_and_chair_right_above_their_names(tmp_path: Path) -> None:
    rendered = render(minutes(2))
    secretary, chair = rendered.boxes
    assert (secretary.field, chair.field) == (SignatureField.SECRETARY, SignatureField.CHAIR)
    assert secretary.right < chair.left
    words = _words(rendered.pdf, tmp_path, rendered.pages)
    height = 841.89
    hanh = next(word for word in words if word[0] == "Hạnh")
    assert secretary.left < hanh[1] < secretary.right
    assert height - secretary.bottom <= hanh[2] < height - secretary.bottom + 20


def test_properties_and_outline_come_from_the_record() -> None:
    pdf = render(minutes(3)).pdf
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert str(document.docinfo["/CreationDate"]) == "D:20261205114000+07'00'"
        assert str(document.docinfo["/Title"]).startswith("Biên bản Kỳ họp thứ 12")
        assert str(document.Root.Lang) == "vi"
        assert document.pdf_version == "1.7"
        with document.open_outline() as outline:
            titles = [item.title for item in outline.root]
        with document.open_metadata() as metadata:
            assert metadata.pdfa_status == "2U"
            assert metadata["xmp:CreateDate"] == "2026-12-05T11:40:00+07:00"
    assert [title[:2] for title in titles] == ["1.", "2.", "3."]


def test_a_draft_says_so_and_has_no_number(tmp_path: Path) -> None:
    text = tools.text(render(minutes(1, number=None, draft=True, ended=None)).pdf, tmp_path)
    assert "DỰ THẢO" in text
    assert re.search(r"^Số:$", text, re.MULTILINE)
    assert re.search(r"^/BB-HĐND$", text, re.MULTILINE)
    assert "kết thúc" not in text


def test_the_english_form_is_plain(tmp_path: Path) -> None:
    text = tools.text(render(minutes(1, language="en")).pdf, tmp_path)
    assert "CỘNG HÒA" not in text
    for part in (
        "MINUTES",
        "No. 05/BB-HĐND",
        "Started: 08:00, 5 December 2026",
        "The meeting closed at 11:35, 5 December 2026.",
    ):
        assert part in text


def test_a_hundred_items_take_half_a_second(tmp_path: Path) -> None:
    render(minutes(1))
    document = minutes(100)
    started = time.process_time()
    rendered = render(document)
    assert time.process_time() - started < 2
    assert rendered.pages > 40
    assert len(rendered.pdf) < 400_000


def test_numbers_and_days_have_the_decrees_zeros() -> None:
    day = minutes().started
    assert number_text(5, "BB-HĐND") == "05/BB-HĐND"
    assert number_text(133, "NQ-HĐND") == "133/NQ-HĐND"
    assert day_text(day.replace(day=5, month=2)) == "ngày 05 tháng 02 năm 2026"
    assert day_text(day.replace(day=15, month=6)) == "ngày 15 tháng 6 năm 2026"


def test_lines_of_a_title_are_balanced_and_keep_words_together() -> None:
    lines = balanced("HỘI ĐỒNG NHÂN DÂN THÀNH PHỐ AN HẢI", "Tinos-Bold", 13, 190)
    assert lines == ["HỘI ĐỒNG NHÂN DÂN", "THÀNH PHỐ AN HẢI"]
    assert balanced("Ngắn", "Tinos-Bold", 13, WIDTH) == ["Ngắn"]


def test_bookmarks_never_skip_a_level() -> None:
    assert depths([1, 0, 2, 2, 1, 0]) == [0, 0, 1, 2, 1, 0]
