"""Files that mean harm, and their harmless brothers, made here so that nothing dangerous rests in the repository."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping
from zlib import crc32

from PIL import Image

TYPES = "[Content_Types].xml"
MAIN = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}
ODF = {
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
}
RELATION = '<Relationships><Relationship Id="r1" Type="http://x/%s" Target="%s" TargetMode="External"/></Relationships>'


def zipped(parts: Mapping[str, str | bytes], *, packed: bool = True) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def ooxml(ending: str, **parts: str | bytes) -> bytes:
    """A Word, Excel or PowerPoint file; further parts by name, `__` for `/`."""
    named = {name.replace("__", "/"): content for name, content in parts.items()}
    return zipped({TYPES: "<Types/>", MAIN[ending]: "<document/>", **named})


def odf(ending: str, **parts: str | bytes) -> bytes:
    named = {name.replace("__", "/"): content for name, content in parts.items()}
    return zipped({"mimetype": ODF[ending], "content.xml": "<office:document-content/>", **named})


def compound(*streams: str) -> bytes:
    """The beginning of an old Office file: a header and a directory with these names."""
    directory = b""
    for name in ("Root Entry", *streams):
        coded = name.encode("utf-16-le") + b"\0\0"
        directory += coded.ljust(64, b"\0") + struct.pack("<HB", len(coded), 2) + b"\0" * 61
    return bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 504 + directory.ljust(1024, b"\0")


def swollen(megabytes: int) -> bytes:
    return ooxml("docx", word__media__a=b"\0" * (megabytes * 1024 * 1024))


def overlapping(copies: int = 200) -> bytes:
    """Many names in the directory that all point at the same packed bytes."""
    content = b"x" * 1000
    local = struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, 0, 0, 0, crc32(content), 1000, 1000, 5, 0)
    body = local + b"first" + content
    names = [TYPES, MAIN["docx"], *(f"n{number}" for number in range(copies))]
    directory = b"".join(
        struct.pack("<4s6H3L5H2L", b"PK\1\2", 20, 20, 0, 0, 0, 0, crc32(content), 1000, 1000,
                    len(name), 0, 0, 0, 0, 0, 0) + name.encode()
        for name in names
    )  # fmt: skip
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, len(names), len(names), len(directory), len(body), 0)
    return body + directory + end


def picture(ending: str = "png", size: tuple[int, int] = (40, 20), mode: str = "RGB") -> bytes:
    target = io.BytesIO()
    Image.new(mode, size, 200 if mode == "L" else None).save(target, {"png": "PNG", "jpg": "JPEG"}[ending])
    return target.getvalue()


EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
XXE = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'
LAUGHS = '<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><a>&c;</a>'
REFUSED: dict[str, tuple[str, bytes, str]] = {
    "program": ("a.exe", b"MZ" + b"\0" * 200, "paper-kind"),
    "program called PDF": ("a.pdf", b"MZ" + b"\0" * 200, "paper-misnamed"),
    "program called Word": ("a.docx", b"\x7fELF" + b"\0" * 200, "paper-misnamed"),
    "script": ("a.js", b"alert(1)", "paper-kind"),
    "page": ("a.html", b"<html><script>alert(1)</script></html>", "paper-kind"),
    "page called PDF": ("a.pdf", b"<html><script>alert(1)</script></html>", "paper-misnamed"),
    "page before a PDF": ("a.pdf", b"<html>%PDF-1.7</html>", "paper-misnamed"),
    "picture with a script": ("a.svg", SVG, "paper-kind"),
    "picture with a script called PNG": ("a.png", SVG, "paper-misnamed"),
    "virus pattern": ("a.com", EICAR, "paper-kind"),
    "virus pattern called PDF": ("a.pdf", EICAR, "paper-misnamed"),
    "rich text": ("a.rtf", b"{\\rtf1{\\object\\objocx}}", "paper-kind"),
    "no ending": ("paper", b"hello", "paper-kind"),
    "nothing at all": ("a.pdf", b"", "paper-misnamed"),
    "double ending": ("a.pdf.exe", b"MZ" + b"\0" * 200, "paper-kind"),
    "PDF called Word": ("a.docx", b"%PDF-1.7\n", "paper-misnamed"),
    "PDF called program": ("a.exe", b"%PDF-1.7\n", "paper-misnamed"),
    "Word called Excel": ("a.xlsx", ooxml("docx"), "paper-misnamed"),
    "Word with macros by its ending": ("a.docm", ooxml("docx"), "paper-misnamed"),
    "archive": ("a.zip", zipped({"a.txt": "a"}), "paper-kind"),
    "archive called Word": ("a.docx", zipped({"a.txt": "a"}), "paper-misnamed"),
    "two documents in one": ("a.docx", ooxml("docx", **{MAIN["xlsx"]: b"<a/>"}), "paper-misnamed"),
    "damaged archive": ("a.docx", ooxml("docx")[:60], "office-broken"),
    "archive without an end": ("a.docx", b"PK\3\4" + b"\0" * 300, "office-broken"),
    "other type in OpenDocument": ("a.odt", odf("ods"), "paper-misnamed"),
    "macros in Word": ("a.docx", ooxml("docx", **{"word/vbaProject.bin": b"x"}), "office-active-content"),
    "macros in Excel": ("a.xlsx", ooxml("xlsx", **{"xl/VBAPROJECT.BIN": b"x"}), "office-active-content"),
    "macro sheet": ("a.xlsx", ooxml("xlsx", xl__macrosheets__s=b"x"), "office-active-content"),
    "ActiveX": ("a.pptx", ooxml("pptx", ppt__activeX__a=b"x"), "office-active-content"),
    "embedded program": ("a.docx", ooxml("docx", **{"word/embeddings/oleObject1.bin": b"x"}), "office-active-content"),
    "program inside": ("a.docx", ooxml("docx", **{"word/media/a.exe": b"MZ"}), "office-active-content"),
    "Basic in OpenDocument": ("a.odt", odf("odt", Basic__Standard=b"x"), "office-active-content"),
    "Python in OpenDocument": ("a.ods", odf("ods", Scripts__python=b"x"), "office-active-content"),
    "event in OpenDocument": (
        "a.odt", odf("odt", **{"styles.xml": "<a><script:event-listener/></a>"}), "office-active-content",
    ),
    "template from elsewhere": (
        "a.docx", ooxml("docx", **{"word/_rels/a.rels": RELATION % ("attachedTemplate", "http://e.vil/a.dotm")}),
        "office-reaches-out",
    ),
    "picture from elsewhere": (
        "a.docx", ooxml("docx", **{"word/_rels/a.rels": RELATION % ("image", "\\\\e\\a.png")}), "office-reaches-out",
    ),
    "picture from elsewhere in OpenDocument": (
        "a.odt", odf("odt", **{"more.xml": '<draw:image a="b" xlink:href="http://e/a"/>'}), "office-reaches-out",
    ),
    "sheet from elsewhere": (
        "a.ods", odf("ods", **{"more.xml": '<table:table-source xlink:href="file:///etc/a"/>'}), "office-reaches-out",
    ),
    "external entity": ("a.docx", ooxml("docx", **{"word/more.xml": XXE}), "office-reaches-out"),
    "external entity in UTF-16": (
        "a.docx", ooxml("docx", **{"word/more.xml": XXE.encode("utf-16")}), "office-reaches-out",
    ),
    "laughing entities": ("a.odt", odf("odt", **{"more.xml": LAUGHS}), "office-reaches-out"),
    "way out of the folder": ("a.docx", ooxml("docx", **{"../../etc/passwd": b"x"}), "office-broken"),
    "absolute name": ("a.docx", ooxml("docx", **{"/etc/passwd": b"x"}), "office-broken"),
    "packed bomb": ("a.docx", swollen(60), "office-swollen"),
    "parts that share their bytes": ("a.docx", overlapping(), "office-swollen"),
    "archive in an archive": ("a.docx", ooxml("docx", **{"word/a.zip": zipped({"a": b"a"})}), "office-swollen"),
    "too many parts": ("a.docx", ooxml("docx", **{f"word/{n}": b"" for n in range(5_001)}), "office-swollen"),
    "protected Word": ("a.docx", compound("EncryptedPackage", "EncryptionInfo"), "office-encrypted"),
    "protected OpenDocument": (
        "a.odt", odf("odt", **{"META-INF/manifest.xml": "<manifest:encryption-data/>"}), "office-encrypted",
    ),
    "macros in old Word": ("a.doc", compound("WordDocument", "Macros"), "office-active-content"),
    "macros in old Excel": ("a.xls", compound("Workbook", "_VBA_PROJECT_CUR"), "office-active-content"),
    "program in old PowerPoint": ("a.ppt", compound("PowerPoint Document", "\x01Ole10Native"), "office-active-content"),
    "compound file of another program": ("a.doc", compound("Installer"), "paper-misnamed"),
    "damaged picture": ("a.png", bytes.fromhex("89504e470d0a1a0a") + b"\0" * 60, "picture-broken"),
    "picture with too many dots": ("a.png", picture(size=(9000, 9000), mode="L"), "picture-broken"),
    "cut picture": ("a.jpg", picture("jpg", (400, 400))[:300], "picture-broken"),
}  # fmt: skip
TAKEN: dict[str, tuple[str, bytes]] = {
    **{f"{one} file": (f"Tờ trình số 12.{one}", ooxml(one)) for one in MAIN},
    **{f"{one} file": (f"báo cáo.{one}", odf(one)) for one in ODF},
    "old Word file": ("a.doc", compound("WordDocument")),
    "old Excel file": ("a.xls", compound("Workbook")),
    "old PowerPoint file": ("a.ppt", compound("PowerPoint Document")),
    "ending in capitals": ("A.DOCX", ooxml("docx")),
    "a link": (
        "a.docx",
        ooxml("docx", **{"word/_rels/a.rels": RELATION % ("hyperlink", "https://example.org")}),
    ),
    "a picture inside": ("a.odt", odf("odt", **{"more.xml": '<draw:image xlink:href="Pictures/a.png"/>'})),
    "a chart's own sheet": ("a.docx", ooxml("docx", **{"word/embeddings/sheet.xlsx": b"PK"})),
}
