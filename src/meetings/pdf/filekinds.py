"""What an uploaded file is: by its first bytes, by what is inside it, and by its name. The three must agree."""

from __future__ import annotations

import io
import zipfile
from enum import StrEnum
from typing import Any

import puremagic

from meetings.rules.refusals import Refused


class FileKind(StrEnum):
    """The kinds of files that can be laid; the value is the usual ending."""

    PDF = "pdf"
    PNG = "png"
    JPEG = "jpg"
    DOCX = "docx"
    XLSX = "xlsx"
    PPTX = "pptx"
    ODT = "odt"
    ODS = "ods"
    ODP = "odp"
    DOC = "doc"
    XLS = "xls"
    PPT = "ppt"


PICTURES = frozenset({FileKind.PNG, FileKind.JPEG})
ZIPPED = frozenset({FileKind.DOCX, FileKind.XLSX, FileKind.PPTX, FileKind.ODT, FileKind.ODS, FileKind.ODP})
COMPOUND = frozenset({FileKind.DOC, FileKind.XLS, FileKind.PPT})
OFFICE = ZIPPED | COMPOUND
MEDIA_TYPES = {
    FileKind.PDF: "application/pdf",
    FileKind.PNG: "image/png",
    FileKind.JPEG: "image/jpeg",
    FileKind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    FileKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileKind.PPTX: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    FileKind.ODT: "application/vnd.oasis.opendocument.text",
    FileKind.ODS: "application/vnd.oasis.opendocument.spreadsheet",
    FileKind.ODP: "application/vnd.oasis.opendocument.presentation",
    FileKind.DOC: "application/msword",
    FileKind.XLS: "application/vnd.ms-excel",
    FileKind.PPT: "application/vnd.ms-powerpoint",
}
_BY_TYPE = {media_type: kind for kind, media_type in MEDIA_TYPES.items()}
_OTHER_ENDINGS = {"jpeg": FileKind.JPEG, "jpe": FileKind.JPEG, "jfif": FileKind.JPEG}
_MAIN_PARTS = {
    "word/document.xml": FileKind.DOCX,
    "xl/workbook.xml": FileKind.XLSX,
    "ppt/presentation.xml": FileKind.PPTX,
}
_STREAMS = {"WordDocument": FileKind.DOC, "Workbook": FileKind.XLS, "PowerPoint Document": FileKind.PPT}
_BLANK = b"\xef\xbb\xbf\r\n\t "
"""What some programs write before a PDF begins."""


def kind_of(filename: str, data: bytes) -> FileKind:
    """The kind of a file.

    Refused: `paper-kind` (nothing that can be laid), `paper-misnamed` (the name says something else than the content),
    `office-broken`, `office-encrypted`.
    """
    found = _by_content(data)
    named = _named(filename)
    if found is None:
        raise Refused("paper-kind" if named is None else "paper-misnamed")
    if named is not found:
        raise Refused("paper-misnamed")
    return found


def _named(filename: str) -> FileKind | None:
    ending = filename.rpartition(".")[2].lower()
    if ending in _OTHER_ENDINGS:
        return _OTHER_ENDINGS[ending]
    return FileKind(ending) if ending in tuple(FileKind) else None


def _by_content(data: bytes) -> FileKind | None:
    start = data[:1024].lstrip(_BLANK)
    try:
        matches: list[Any] = puremagic.magic_string(start)
    except (puremagic.PureError, ValueError):
        return None
    types: set[str] = {match.mime_type for match in matches}
    if MEDIA_TYPES[FileKind.DOCX] in types:
        return _zipped(data)
    if MEDIA_TYPES[FileKind.DOC] in types:
        return _compound(data)
    kinds = {_BY_TYPE[one] for one in types if one in _BY_TYPE} & {FileKind.PDF, *PICTURES}
    return kinds.pop() if len(kinds) == 1 else None


def _zipped(data: bytes) -> FileKind | None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            if "[Content_Types].xml" in names:
                kinds = {kind for part, kind in _MAIN_PARTS.items() if part in names}
                return kinds.pop() if len(kinds) == 1 else None
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 100:
                kind = _BY_TYPE.get(archive.read("mimetype").decode("ascii", "replace").strip())
                return kind if kind in ZIPPED else None
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, OSError, EOFError):
        raise Refused("office-broken") from None
    return None


def _compound(data: bytes) -> FileKind | None:
    found = streams(data)
    if "EncryptedPackage" in found:
        raise Refused("office-encrypted")
    kinds = {kind for name, kind in _STREAMS.items() if name in found}
    return kinds.pop() if len(kinds) == 1 else None


def streams(data: bytes) -> set[str]:
    """The names in a compound file's directory. Its entries have 128 bytes and never lie across two of its sectors."""
    found: set[str] = set()
    for place in range(512, len(data) - 127, 128):
        length = data[place + 64]
        if 2 < length <= 64 and data[place + 65] == 0 and data[place + 66] in (1, 2, 5):
            found.add(data[place : place + length - 2].decode("utf-16-le", "replace"))
    return found
