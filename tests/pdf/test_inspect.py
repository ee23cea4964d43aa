"""Papers from outside: what is laid before a meeting opens, is open to all, and does nothing by itself."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, String

from meetings.pdf.inspect import inspect
from meetings.pdf.minutes import render
from meetings.rules.refusals import REFUSALS, Refused
from tests.pdf.conftest import Signed
from tests.pdf.samples import minutes


def _script() -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def a_paper(change: Callable[[Pdf], object] | None = None, **options: object) -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as paper:
        paper.add_blank_page()
        paper.add_blank_page()
        if change is not None:
            change(paper)
        paper.save(out, **options)  # type: ignore[arg-type]
    return out.getvalue()


def _refused(data: bytes, **options: int) -> str:
    with pytest.raises(Refused) as error:
        inspect(data, **options)
    assert error.value.code in REFUSALS
    return error.value.code


def test_an_ordinary_paper_tells_its_pages_and_title() -> None:
    found = inspect(a_paper(lambda paper: paper.docinfo.update({"/Title": String("Tờ trình\nsố 12 ")})))
    assert (found.pages, found.title) == (2, "Tờ trình số 12")
    assert inspect(a_paper()).title == ""


def test_our_own_documents_pass(signed: Signed) -> None:
    assert inspect(render(minutes()).pdf).title.startswith("Biên bản")
    assert inspect(signed.twice).pages == 3


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 docx", b"<html>%PDF-1.7</html>", b"GIF89a%PDF-1.4"])
def test_other_files_are_refused(data: bytes) -> None:
    assert _refused(data) == "paper-not-pdf"


def test_damaged_and_cut_papers_are_refused() -> None:
    whole = render(minutes()).pdf
    for data in (b"%PDF-1.7\nnothing", whole[:300], whole[:20_000]):
        assert _refused(data) == "paper-broken"


def test_large_papers_are_refused() -> None:
    assert _refused(a_paper(), limit=100) == "paper-large"


@pytest.mark.parametrize("user", ["", "secret"])
def test_encrypted_papers_are_refused(user: str) -> None:
    assert _refused(a_paper(encryption=pikepdf.Encryption(owner="owner", user=user))) == "paper-encrypted"


def _set(path: str, made: Callable[[], object]) -> Callable[[Pdf], object]:
    """Made anew for each paper: a direct object belongs to one."""

    def change(paper: Pdf) -> None:
        paper.Root[path] = made()

    return change


def _annotation(**parts: Any) -> Callable[[Pdf], object]:
    def change(paper: Pdf) -> None:
        made: dict[str, Any] = {name: part() if callable(part) else part for name, part in parts.items()}
        note = Dictionary(Type=Name.Annot, Rect=Array([0, 0, 9, 9]), **made)
        paper.pages[1].Annots = Array([paper.make_indirect(note)])

    return change


def _nested(paper: Pdf) -> None:
    deep = Dictionary(A=_script())
    for _ in range(60):
        deep = Dictionary(Inner=Array([deep, 1]))
    paper.pages[0].PieceInfo = Dictionary(Some=Dictionary(Private=deep))


def _in_a_stream(paper: Pdf) -> None:
    stream = paper.make_stream(b"q Q")
    stream["/Extra"] = Dictionary(Hidden=Array([_script()]))
    paper.pages[0].Contents = stream


def _attached(paper: Pdf) -> None:
    paper.attachments["virus.exe"] = b"MZ"


ACTIVE: dict[str, Callable[[Pdf], object]] = {
    "script at opening": _set("/OpenAction", _script),
    "page turn then script": _set(
        "/OpenAction", lambda: Dictionary(S=Name.GoTo, D=String("x"), Next=_script())
    ),
    "script names": _set(
        "/Names", lambda: Dictionary(JavaScript=Dictionary(Names=Array([String("a"), _script()])))
    ),
    "additional actions": _set(
        "/AA", lambda: Dictionary(WC=Dictionary(S=Name.URI, URI=String("http://a.b")))
    ),
    "dynamic form": _set("/AcroForm", lambda: Dictionary(Fields=Array(), XFA=Array([String("template")]))),
    "program": _annotation(Subtype=Name.Link, A=lambda: Dictionary(S=Name.Launch, F=String("cmd.exe"))),
    "form that sends": _annotation(
        Subtype=Name.Link, A=lambda: Dictionary(S=Name.SubmitForm, F=String("http://a.b"))
    ),
    "media": _annotation(Subtype=Name.RichMedia),
    "attached to a page": _annotation(Subtype=Name.FileAttachment),
    "script deep inside": _nested,
    "script in a stream's dictionary": _in_a_stream,
    "embedded file": _attached,
}


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "object streams"])
@pytest.mark.parametrize("what", ACTIVE)
def test_active_content_is_refused_wherever_it_hides(what: str, packed: bool) -> None:
    mode = pikepdf.ObjectStreamMode.generate if packed else pikepdf.ObjectStreamMode.disable
    assert _refused(a_paper(ACTIVE[what], object_stream_mode=mode)) == "paper-active-content"


def test_a_name_written_in_hexadecimal_is_the_same_name() -> None:
    plain = a_paper(_set("/OpenAction", _script), object_stream_mode=pikepdf.ObjectStreamMode.disable)
    hidden = plain.replace(b"/JavaScript", b"/J#61v#61Script").replace(b"/JS", b"/#4aS")
    assert hidden != plain
    assert _refused(hidden) == "paper-active-content"


@pytest.mark.parametrize(
    "harmless",
    [
        _set("/OpenAction", lambda: Array([0, Name.Fit])),
        _set("/OpenAction", lambda: Dictionary(S=Name.GoTo, D=Array([0, Name.Fit]))),
        _annotation(Subtype=Name.Link, A=lambda: Dictionary(S=Name.URI, URI=String("https://example.org"))),
        _annotation(Subtype=Name.Text, Contents=String("a note")),
    ],
)
def test_links_and_opening_pages_pass(harmless: Callable[[Pdf], object]) -> None:
    assert inspect(a_paper(harmless)).pages == 2
