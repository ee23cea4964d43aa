"""A file from outside is taken in: looked through, made harmless, turned into PDF, kept.

Whoever takes it in has asked first whether the sender may lay it. The bytes that are shown are always a PDF that does
nothing by itself; of what came otherwise the SHA-256 is kept, and of office files the file.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace

from meetings.before.papers import Checked, keep_upload
from meetings.pdf.cleaning import Cleaned, clean_pdf, picture_to_pdf
from meetings.pdf.filekinds import OFFICE, PICTURES, FileKind, kind_of
from meetings.pdf.office import converter, look_through, to_pdf
from meetings.pdf.workers import in_worker
from meetings.rules.file_names import file_name
from meetings.rules.refusals import Refused
from meetings.storage.files import Files
from meetings.storage.unit_of_work import Store

FILES_AT_ONCE = 60
"""Files of one form."""
REQUEST_LIMIT = 110 * 1024 * 1024
"""Bytes of one request with files. What is larger comes in pieces (`before.resumable`)."""
ENDINGS = (*(f".{kind}" for kind in FileKind), ".jpeg")


async def take_in(store: Store, filename: str, content: bytes) -> Checked:
    """Keep a file that may be laid as a paper, or refuse it with what is wrong with it (`rules.paper_refusals`)."""
    must_fit(store.files, len(content))
    filename = file_name(filename)
    kind, cleaned = await in_worker(_looked_through, filename, content)
    if kind in OFFICE:
        content, source = await to_pdf(kind, content), content
        cleaned = await in_worker(clean_pdf, content)
        await store.files.put(source)
    else:
        source = content
    shown = cleaned.content if cleaned is not None and cleaned.content is not None else content
    checked = await keep_upload(store, filename, shown, cleaned.pages if cleaned else 0)
    if shown is source:
        return checked
    return replace(
        checked,
        filename=checked.filename if kind is FileKind.PDF else f"{checked.filename.rpartition('.')[0]}.pdf",
        source_name="" if kind is FileKind.PDF else checked.filename,
        source_sha256=hashlib.sha256(source).hexdigest(),
        source_size=len(source),
        taken_out=" ".join(cleaned.taken_out) if cleaned and kind is FileKind.PDF else "",
    )


def must_fit(files: Files, size: int) -> None:
    """Refuse (`paper-large`) a file with more bytes than one may have."""
    if size > files.limit:
        raise Refused("paper-large", limit=files.limit // 1024 // 1024)


def _looked_through(filename: str, content: bytes) -> tuple[FileKind, Cleaned | None]:
    """In the worker process. Office files are only looked through; LibreOffice works outside of it."""
    kind = kind_of(filename, content)
    if kind in OFFICE:
        look_through(kind, content)
        return kind, None
    return kind, picture_to_pdf(content) if kind in PICTURES else clean_pdf(content)


def office_files_taken() -> bool:
    """Whether this machine can turn office files into PDF."""
    return converter() is not None
