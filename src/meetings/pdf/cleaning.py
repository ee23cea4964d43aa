"""A file from outside becomes a PDF that does nothing by itself; what was taken out of it is told.

Run it in the worker process. A PDF that was harmless stays as it is, byte for byte, and so do its signatures.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import pikepdf
from PIL import Image, ImageOps, UnidentifiedImageError

from meetings.pdf.inspect import (
    ACTIVE_ACTIONS,
    ACTIVE_KEYS,
    ACTIVE_KINDS,
    Inspected,
    dictionaries,
    inspect,
    only_turns_a_page,
)
from meetings.rules.refusals import Refused

MEGAPIXELS = 60
LONGEST = 3508
"""Dots of the longer side of a picture's page: A4 at 300 dots an inch."""
A4 = (8.27, 11.69)


class TakenOut(StrEnum):
    """What a cleaned PDF had and has no more."""

    SCRIPTS = "scripts"
    FILES = "files"
    MEDIA = "media"
    FORMS = "forms"
    ACTIONS = "actions"


_OF_KEY = {
    "/JS": TakenOut.SCRIPTS, "/JavaScript": TakenOut.SCRIPTS, "/AA": TakenOut.ACTIONS, "/XFA": TakenOut.FORMS,
    "/EmbeddedFiles": TakenOut.FILES, "/EF": TakenOut.FILES, "/RichMediaContent": TakenOut.MEDIA,
}  # fmt: skip
_OF_ACTION = {
    "/JavaScript": TakenOut.SCRIPTS, "/Launch": TakenOut.ACTIONS, "/SubmitForm": TakenOut.FORMS,
    "/ImportData": TakenOut.FORMS, "/GoToE": TakenOut.FILES,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A PDF as it may be laid. `content` is None where the bytes that came are kept as they are."""

    content: bytes | None
    pages: int
    title: str
    taken_out: tuple[str, ...]


def clean_pdf(data: bytes) -> Cleaned:
    """The PDF without what acts by itself. Refused like `inspect`; what cannot be cleaned is refused too."""
    try:
        found = inspect(data)
    except Refused as refusal:
        if refusal.code != "paper-active-content":
            raise
    else:
        return Cleaned(None, found.pages, found.title, ())
    taken_out: set[TakenOut] = set()
    target = io.BytesIO()
    try:
        with pikepdf.open(io.BytesIO(data), suppress_warnings=True) as document:
            for page in document.pages:
                taken_out |= _without_active_notes(page.obj)
            for one in list(dictionaries(document)):
                taken_out |= _made_harmless(one)
            document.remove_unreferenced_resources()
            document.save(target, linearize=True)
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError, RuntimeError, MemoryError):
        raise Refused("paper-active-content") from None
    content = target.getvalue()
    proven: Inspected = inspect(content)
    return Cleaned(content, proven.pages, proven.title, tuple(sorted(taken_out)))


def _without_active_notes(page: Any) -> set[TakenOut]:
    notes = page.get("/Annots")
    if not isinstance(notes, pikepdf.Array):
        return set()
    kept = [note for note in notes if not _names(note, "/Subtype") & ACTIVE_KINDS]
    if len(kept) == len(notes):
        return set()
    page["/Annots"] = pikepdf.Array(kept)
    return {TakenOut.MEDIA}


def _made_harmless(one: pikepdf.Dictionary) -> set[TakenOut]:
    taken_out: set[TakenOut] = set()
    for key in ACTIVE_KEYS & set(one.keys()):
        del one[key]
        taken_out.add(_OF_KEY[key])
    if "/OpenAction" in one and not only_turns_a_page(one["/OpenAction"]):
        del one["/OpenAction"]
        taken_out.add(TakenOut.ACTIONS)
    named = _names(one, "/S", "/Subtype", "/Type")
    active = named & (ACTIVE_ACTIONS | ACTIVE_KINDS | {"/EmbeddedFile"})
    if active:
        for key in list(one.keys()):
            if key != "/Length":
                del one[key]
        taken_out |= {_OF_ACTION.get(name, TakenOut.MEDIA) for name in active - {"/EmbeddedFile"}}
    return taken_out


def _names(one: Any, *keys: str) -> set[str]:
    if not isinstance(one, pikepdf.Dictionary):
        return set()
    return {str(one[key]) for key in keys if key in one and isinstance(one[key], pikepdf.Name)}


def picture_to_pdf(data: bytes) -> Cleaned:
    """A picture drawn anew on a page: nothing but its dots is taken over. Refused: `picture-broken`."""
    target = io.BytesIO()
    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as image:
            if image.width * image.height > MEGAPIXELS * 1_000_000:
                raise Refused("picture-broken", limit=MEGAPIXELS)
            drawn = _flat(ImageOps.exif_transpose(image))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise Refused("picture-broken", limit=MEGAPIXELS) from None
    drawn.thumbnail((LONGEST, LONGEST))
    sides = sorted(drawn.size)
    dots = max(side / length for side, length in zip(sides, A4, strict=True))
    drawn.save(target, "PDF", resolution=max(dots, 72), quality=88)
    return Cleaned(target.getvalue(), 1, "", ())


def _flat(image: Image.Image) -> Image.Image:
    """On white paper, where it is transparent."""
    if image.mode in ("RGB", "L"):
        return image
    paper = Image.new("RGB", image.size, "white")
    clear = image.convert("RGBA")
    paper.paste(clear, mask=clear.getchannel("A"))
    return paper
