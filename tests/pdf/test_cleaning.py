"""Files from outside: what is refused and with which words, what is taken out, what is left alone."""

from __future__ import annotations

import io

import pikepdf
import pytest
from PIL import Image

from meetings.pdf.cleaning import clean_pdf, picture_to_pdf
from meetings.pdf.filekinds import OFFICE, PICTURES, kind_of
from meetings.pdf.inspect import inspect
from meetings.pdf.minutes import render
from meetings.pdf.office import look_through
from meetings.rules.refusals import REFUSALS, Refused
from tests.pdf.conftest import Signed
from tests.pdf.evil import REFUSED, TAKEN, picture
from tests.pdf.samples import minutes
from tests.pdf.test_inspect import ACTIVE, a_paper


def _take(filename: str, content: bytes) -> None:
    kind = kind_of(filename, content)
    if kind in OFFICE:
        look_through(kind, content)
    elif kind in PICTURES:
        picture_to_pdf(content)
    else:
        clean_pdf(content)


@pytest.mark.parametrize("what", REFUSED)
def test_what_means_harm_is_refused(what: str) -> None:
    filename, content, code = REFUSED[what]
    with pytest.raises(Refused) as refusal:
        _take(filename, content)
    assert refusal.value.code == code
    assert code in REFUSALS


@pytest.mark.parametrize("what", TAKEN)
def test_ordinary_office_files_pass(what: str) -> None:
    _take(*TAKEN[what])


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "object streams"])
@pytest.mark.parametrize("what", ACTIVE)
def test_what_acts_by_itself_is_taken_out_and_told(what: str, packed: bool) -> None:
    mode = pikepdf.ObjectStreamMode.generate if packed else pikepdf.ObjectStreamMode.disable
    cleaned = clean_pdf(a_paper(ACTIVE[what], object_stream_mode=mode))
    assert cleaned.content is not None
    assert cleaned.taken_out
    assert inspect(cleaned.content).pages == cleaned.pages == 2
    for word in (b"JavaScript", b"app.alert", b"cmd.exe", b"EmbeddedFile", b"XFA"):
        assert word not in cleaned.content


def test_everything_at_once_is_taken_out() -> None:
    def all_of_it(paper: pikepdf.Pdf) -> None:
        for change in ACTIVE.values():
            change(paper)

    cleaned = clean_pdf(a_paper(all_of_it))
    assert set(cleaned.taken_out) <= {"actions", "files", "forms", "media", "scripts"}
    assert "scripts" in cleaned.taken_out


def test_a_harmless_paper_stays_byte_for_byte(signed: Signed) -> None:
    for data in (render(minutes()).pdf, signed.twice, a_paper()):
        cleaned = clean_pdf(data)
        assert (cleaned.content, cleaned.taken_out) == (None, ())


def test_what_is_no_whole_pdf_is_still_refused() -> None:
    for data, code in ((b"%PDF-1.7\n", "paper-broken"), (b"", "paper-not-pdf")):
        with pytest.raises(Refused) as refusal:
            clean_pdf(data)
        assert refusal.value.code == code


@pytest.mark.parametrize(("ending", "mode"), [("png", "RGB"), ("png", "RGBA"), ("png", "P"), ("jpg", "L")])
def test_a_picture_becomes_a_page_without_what_hid_in_it(ending: str, mode: str) -> None:
    data = picture(ending, mode=mode) + b"<script>alert(1)</script>"
    cleaned = picture_to_pdf(data)
    assert cleaned.content is not None
    assert b"script" not in cleaned.content
    assert inspect(cleaned.content).pages == 1


def test_a_large_picture_fits_on_a_sheet() -> None:
    wide = io.BytesIO()
    Image.new("RGB", (6000, 3000), "teal").save(wide, "JPEG")
    cleaned = picture_to_pdf(wide.getvalue())
    with pikepdf.open(io.BytesIO(cleaned.content or b"")) as paper:
        _, _, width, height = (float(side) for side in paper.pages[0].mediabox)
    assert width <= 842 + 1
    assert height <= 595 + 1
