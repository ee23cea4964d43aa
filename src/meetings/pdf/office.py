"""Office files: looked through without opening them, then turned into PDF by LibreOffice where it is installed.

Run as a program (`python -m meetings.pdf.office LIMIT_MB SECONDS PROGRAM…`) it becomes that program with less memory
and time than the server has.
"""

from __future__ import annotations

import asyncio
import io
import os
import re
import resource
import shutil
import signal
import sys
import tempfile
import zipfile
from contextlib import suppress
from pathlib import Path, PurePosixPath

from meetings.pdf.filekinds import COMPOUND, FileKind, streams
from meetings.rules.refusals import Refused

MAX_PARTS = 5_000
MAX_UNPACKED = 512 * 1024 * 1024
MAX_RATIO = 200
"""So many times larger than packed a part may be, once it is larger than `FREE`."""
FREE = 10 * 1024 * 1024
MAX_XML = 64 * 1024 * 1024

PROGRAMS = ("soffice", "libreoffice")
MEMORY_MB = 4096
SECONDS = 90
"""For one file. A statement with many tables takes LibreOffice ten seconds on a slow machine."""

_MACROS = re.compile(
    r"(^|/)(vbaProject\.bin|vbaData\.xml|activeX/|macrosheets/|Basic/|Scripts/)|\.(exe|dll|js|vbs|hta|jar)$",
    re.IGNORECASE,
)
_EMBEDDED = re.compile(r"(^|/)(embeddings/.*\.bin|ObjectReplacements/.*\.bin)$", re.IGNORECASE)
_OUTSIDE = re.compile(rb'<Relationship\b[^>]*TargetMode\s*=\s*["\']External["\'][^>]*>', re.IGNORECASE)
_LINK = re.compile(rb'Type\s*=\s*["\'][^"\']*/hyperlink["\']', re.IGNORECASE)
_LOADED = re.compile(
    rb'<(?:draw:image|draw:object|draw:object-ole|draw:plugin|draw:applet|text:section-source|table:table-source)\b'
    rb'[^>]*xlink:href\s*=\s*["\'](?:[a-z][a-z0-9+.-]*:|//|\\\\)', re.IGNORECASE,
)  # fmt: skip
_SCRIPTED = re.compile(rb"<script:event-listener\b|<office:script\b", re.IGNORECASE)
_DECLARED = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
_MACRO_STREAMS = frozenset({"_VBA_PROJECT", "_VBA_PROJECT_CUR", "Macros", "VBA", "\x01Ole10Native"})


def look_through(kind: FileKind, data: bytes) -> None:
    """Refuse an office file that could do something, or that is not what its size promises.

    Refused: `office-broken`, `office-encrypted`, `office-active-content`, `office-swollen`, `office-reaches-out`.
    """
    if kind in COMPOUND:
        found = streams(data)
        if found & _MACRO_STREAMS:
            raise Refused("office-active-content")
        return
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _look_into(archive)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, EOFError, RuntimeError):
        raise Refused("office-broken") from None


def _look_into(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    _check_sizes(parts)
    for part in parts:
        if part.flag_bits & 1:
            raise Refused("office-encrypted")
        if ".." in PurePosixPath(part.filename).parts or part.filename.startswith(("/", "\\")):
            raise Refused("office-broken")
        if _MACROS.search(part.filename) or _EMBEDDED.search(part.filename):
            raise Refused("office-active-content")
    for part in parts:
        _look_at_part(archive, part)


def _check_sizes(parts: list[zipfile.ZipInfo]) -> None:
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise Refused("office-swollen")
    end = 0
    for part in sorted(parts, key=lambda part: part.header_offset):
        if part.header_offset < end:  # parts that share their bytes unpack to many times the file
            raise Refused("office-swollen")
        end = part.header_offset + part.compress_size
        if part.file_size > max(FREE, part.compress_size * MAX_RATIO):
            raise Refused("office-swollen")


def _look_at_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    name = part.filename.lower()
    if not name.endswith((".xml", ".rels", ".rdf", ".vml")):
        if name.endswith(".zip"):
            raise Refused("office-swollen")
        return
    if part.file_size > MAX_XML:
        raise Refused("office-swollen")
    text = archive.read(part)
    if text[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = text.decode("utf-16", "replace").encode()
    if _DECLARED.search(text):
        raise Refused("office-reaches-out")
    if name == "meta-inf/manifest.xml" and b"encryption-data" in text:
        raise Refused("office-encrypted")
    if _SCRIPTED.search(text):
        raise Refused("office-active-content")
    if name.endswith(".rels"):
        if any(not _LINK.search(found) for found in _OUTSIDE.findall(text)):
            raise Refused("office-reaches-out")
    elif _LOADED.search(text):
        raise Refused("office-reaches-out")


_converting = asyncio.Semaphore(1)
"""LibreOffice takes half a gigabyte: one file after the other."""


def converter() -> str | None:
    """The LibreOffice of this machine, if it has one."""
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


async def to_pdf(kind: FileKind, data: bytes) -> bytes:
    """An office file that was looked through, as PDF.

    Refused: `office-not-here` (no LibreOffice), `office-not-converted` (it failed or took more than `SECONDS`).
    """
    program = converter()
    if program is None:
        raise Refused("office-not-here")
    async with _converting:
        with tempfile.TemporaryDirectory(prefix="meetings-office-") as named:
            folder = Path(named)
            source, target = folder / f"paper.{kind}", folder / "paper.pdf"
            await asyncio.to_thread(source.write_bytes, data)
            await _run(program, folder, source)
            if not target.exists():
                raise Refused("office-not-converted")
            return await asyncio.to_thread(target.read_bytes)


async def _run(program: str, folder: Path, source: Path) -> None:
    """A profile of its own for each file: nothing is left behind, and macros are off in a new one."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "meetings.pdf.office", str(MEMORY_MB), str(SECONDS), program,
        f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore", "--nolockcheck",
        "--convert-to", "pdf", "--outdir", str(folder), str(source),
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
        cwd=folder, env={"PATH": os.environ.get("PATH", ""), "HOME": str(folder), "LANG": "C.UTF-8"},
        start_new_session=True,
    )  # fmt: skip
    try:
        await asyncio.wait_for(process.wait(), SECONDS)
    except TimeoutError:
        raise Refused("office-not-converted") from None
    finally:
        with suppress(ProcessLookupError):  # LibreOffice starts processes of its own
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()


def _become(arguments: list[str]) -> None:
    memory, seconds, program, *rest = arguments
    size = int(memory) * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds)))
    os.execv(program, [program, *rest])  # noqa: S606 - a shell is what this must not be


if __name__ == "__main__":
    _become(sys.argv[1:])
