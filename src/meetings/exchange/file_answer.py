"""The bytes of a document as an answer over HTTP: whole, or the part that was asked for (RFC 9110, one range)."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from meetings.storage.files import Files

SANDBOX = "sandbox; default-src 'none'"
"""For files that are saved. One that is shown would not open: browsers show PDF with a program of their own."""
_RANGE = re.compile(r"bytes=(?=\d|-\d)(\d{0,15})-(\d{0,15})")


@dataclass(frozen=True, slots=True)
class FileAnswer:
    """What goes back to the reader. `body` comes a stretch at a time where the file is kept."""

    body: bytes | AsyncGenerator[bytes]
    headers: Mapping[str, str]
    status: int = 200
    media_type: str = "application/pdf"


async def document(
    files: Files,
    sha256: str,
    asked: Mapping[str, str],
    *,
    filename: str,
    media_type: str = "application/pdf",
    download: bool = False,
    headers: Mapping[str, str],
) -> FileAnswer:
    """A kept file, by the headers that asked for it (names in small letters).

    What the browser has is not sent again; a part is sent when it still has the same file.
    """
    size = await files.size(sha256)
    tag = f'"{sha256}"'
    sent = {"etag": tag, "accept-ranges": "bytes", **headers}
    if tag in [one.strip() for one in asked.get("if-none-match", "").split(",")]:
        return FileAnswer(b"", sent, 304)
    sent["content-disposition"] = disposition(filename, download=download)
    if download:
        sent["content-security-policy"] = SANDBOX
    wanted = asked.get("range", "") if asked.get("if-range", tag) == tag else ""
    part = _part(wanted, size)
    if part is None:
        return FileAnswer(b"", sent | {"content-range": f"bytes */{size}"}, 416)
    start, length = part
    sent["content-length"] = str(length)
    body = files.stream(sha256, start, length)
    if not _RANGE.fullmatch(wanted):
        return FileAnswer(body, sent, 200, media_type)
    sent["content-range"] = f"bytes {start}-{start + length - 1}/{size}"
    return FileAnswer(body, sent, 206, media_type)


def disposition(filename: str, *, download: bool) -> str:
    """The header that says whether a file is shown or saved, and under which name."""
    return f"{'attachment' if download else 'inline'}; filename*=utf-8''{quote(filename)}"


def _part(asked: str, size: int) -> tuple[int, int] | None:
    """Start and length; None for a part that is not there. A range that is no single one is answered in whole."""
    found = _RANGE.fullmatch(asked)
    if found is None:
        return 0, size
    first, last = found.groups()
    if not first:
        length = min(int(last), size)
        return (size - length, length) if length else None
    start = int(first)
    end = min(int(last), size - 1) if last else size - 1
    if start >= size or end < start:
        return None
    return start, end - start + 1
