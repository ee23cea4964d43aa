"""Files become papers: office files through LibreOffice, pictures as a page, and what came is kept on record."""

from __future__ import annotations

import hashlib
import io
import sys
import zipfile
from collections import Counter
from pathlib import Path

import pypdf
import pytest

from meetings.before.papers import lay_paper, open_paper
from meetings.before.uploads import take_in
from meetings.pdf import office
from meetings.rules.refusals import Refused
from meetings.storage.unit_of_work import Store
from tests.pdf.evil import ooxml, picture
from tests.pdf.test_inspect import ACTIVE, a_paper
from tests.support.council import make_council, publish_sitting
from tests.support.papers import a_pdf

STAND_IN = """#!{python}
import pathlib, sys, time
source = pathlib.Path(sys.argv[-1])
folder = pathlib.Path(sys.argv[sys.argv.index("--outdir") + 1])
assert source.read_bytes()[:2] == b"PK"
{act}
"""


def _program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, act: str) -> None:
    """A LibreOffice that does as it is told."""
    program = tmp_path / "bin" / "soffice"
    program.parent.mkdir()
    program.write_text(STAND_IN.format(python=sys.executable, act=act))
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent))


async def test_an_office_file_is_kept_and_shown_as_pdf(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = tmp_path / "shown.pdf"
    shown.write_bytes(a_pdf(3))
    _program(tmp_path, monkeypatch, f"(folder / 'paper.pdf').write_bytes(open({str(shown)!r}, 'rb').read())")
    council = await make_council(store, seats=3)
    sitting = await publish_sitting(store, council)
    source = ooxml("docx")
    file = await take_in(store, "Tờ trình.docx", source)
    async with store.work() as work:
        laid = await lay_paper(work, council["secretary"], sitting.item, file)
    async with store.reading() as reading:
        paper, version, _ = await open_paper(reading, council["delegate01"], laid.paper_id)
    assert (paper.title, version.filename, version.pages) == ("Tờ trình", "Tờ trình.pdf", 3)
    assert (version.source_name, version.source_size) == ("Tờ trình.docx", len(source))
    assert await store.files.get(version.source_sha256) == source
    assert await store.files.get(version.sha256) == shown.read_bytes()


@pytest.mark.parametrize(
    ("act", "code"),
    [
        ("sys.exit(1)", "office-not-converted"),
        ("time.sleep(60)", "office-not-converted"),
        ("(folder / 'paper.pdf').write_bytes(b'%PDF-1.7 nothing')", "paper-broken"),
    ],
)
async def test_a_conversion_that_fails_is_said(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, act: str, code: str
) -> None:
    monkeypatch.setattr(office, "SECONDS", 1)
    _program(tmp_path, monkeypatch, act)
    with pytest.raises(Refused) as refusal:
        await take_in(store, "a.docx", ooxml("docx"))
    assert refusal.value.code == code


async def test_without_libreoffice_the_clerk_is_told_what_to_do(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(Refused, match="Save it as PDF") as refusal:
        await take_in(store, "a.docx", ooxml("docx"))
    assert refusal.value.code == "office-not-here"


async def test_a_cleaned_paper_tells_what_was_taken_out_and_what_came(store: Store) -> None:
    data = a_paper(ACTIVE["script at opening"])
    file = await take_in(store, "Dự thảo.pdf", data)
    assert set(file.taken_out.split()) == {"actions", "scripts"}
    assert (file.filename, file.source_name) == ("Dự thảo.pdf", "")
    assert file.source_sha256 == hashlib.sha256(data).hexdigest() != file.sha256
    with pytest.raises(FileNotFoundError):
        await store.files.get(file.source_sha256)


async def test_a_picture_is_laid_as_a_page(store: Store) -> None:
    file = await take_in(store, "Sơ đồ.PNG", picture())
    assert (file.filename, file.source_name, file.pages) == ("Sơ đồ.pdf", "Sơ đồ.PNG", 1)
    assert (await store.files.get(file.sha256)).startswith(b"%PDF-")


async def test_libreoffice_itself_turns_a_document_into_pdf(store: Store) -> None:
    file = await take_in(store, "Tờ trình.odt", _document("Kính gửi Hội đồng nhân dân"))
    shown = pypdf.PdfReader(io.BytesIO(await store.files.get(file.sha256)))
    # The reader sorts letters by their fonts, of which a machine may need several.
    assert not Counter("KínhgửiHộiđồngnhândân") - Counter(shown.pages[0].extract_text())


def _document(text: str) -> bytes:
    """A whole OpenDocument text, as small as one can be."""
    head = '<?xml version="1.0"?><%s xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    head += 'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2">'
    name = "office:document-content"
    media = "application/vnd.oasis.opendocument.text"
    manifest = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    for path, kind in (("/", media), ("content.xml", "text/xml")):
        manifest += f'<manifest:file-entry manifest:full-path="{path}" manifest:media-type="{kind}"/>'
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("mimetype", media)
        body = f"<office:body><office:text><text:p>{text}</text:p></office:text></office:body>"
        archive.writestr("content.xml", head % name + body + f"</{name}>")
        archive.writestr("META-INF/manifest.xml", manifest + "</manifest:manifest>")
    return target.getvalue()
