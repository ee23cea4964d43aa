"""A look into an uploaded PDF before it is laid before anybody: it opens, it is open to all, and it does
nothing.

Nothing is changed here; `meetings.pdf.cleaning` makes a harmless copy, which is looked through in the same way.
Run it in the worker process; the file comes from outside.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass

import pikepdf

from meetings.pdf.layout import clean
from meetings.rules.refusals import Refused

MAX_BYTES = 100 * 1024 * 1024
MAX_OBJECTS = 500_000

ACTIVE_KEYS = frozenset({"/JS", "/JavaScript", "/AA", "/XFA", "/EmbeddedFiles", "/EF", "/RichMediaContent"})
ACTIVE_ACTIONS = frozenset(
    {
        "/JavaScript",
        "/Launch",
        "/SubmitForm",
        "/ImportData",
        "/GoToE",
        "/Rendition",
        "/Movie",
        "/Sound",
        "/RichMediaExecute",
    }
)
ACTIVE_KINDS = frozenset({"/RichMedia", "/Movie", "/Screen", "/Sound", "/FileAttachment"})


@dataclass(frozen=True, slots=True)
class Inspected:
    """What a paper says about itself: its pages and the title in its properties ("" when it has none)."""

    pages: int
    title: str


def inspect(data: bytes, *, limit: int = MAX_BYTES) -> Inspected:
    """Pages and title of an acceptable PDF.

    Refused: `paper-large`, `paper-not-pdf`, `paper-broken`, `paper-encrypted`, `paper-active-content`. An
    opening action that only turns to a page is harmless and common, so it passes; scripts, programs, forms
    that send, embedded files and media do not, wherever in the file they hide.
    """
    if len(data) > limit:
        raise Refused("paper-large", limit=limit // (1024 * 1024))
    if not data.lstrip(b"\xef\xbb\xbf\r\n\t ").startswith(b"%PDF-"):
        raise Refused("paper-not-pdf")
    try:
        with pikepdf.open(io.BytesIO(data), suppress_warnings=True) as document:
            return _inspected(document, data)
    except pikepdf.PasswordError:
        raise Refused("paper-encrypted") from None
    except (
        pikepdf.PdfError,
        ValueError,
        TypeError,
        KeyError,
        IndexError,
        AttributeError,
        RuntimeError,
        MemoryError,
    ):
        # What a damaged file raises depends on where the damage is.
        raise Refused("paper-broken") from None


def _inspected(document: pikepdf.Pdf, data: bytes) -> Inspected:
    if document.is_encrypted:
        raise Refused("paper-encrypted")
    if document.get_warnings() and b"%%EOF" not in data[-2048:]:
        raise Refused("paper-broken")
    pages = len(document.pages)
    if pages == 0 or len(document.objects) > MAX_OBJECTS:
        raise Refused("paper-broken")
    for found in dictionaries(document):
        if _is_active(found):
            raise Refused("paper-active-content")
    title = str(document.docinfo.get("/Title", "")) if "/Info" in document.trailer else ""
    return Inspected(pages, " ".join(clean(title).split()))


def _is_active(found: pikepdf.Dictionary) -> bool:
    keys = set(found.keys())
    if keys & ACTIVE_KEYS:
        return True
    if "/OpenAction" in keys and not only_turns_a_page(found["/OpenAction"]):
        return True
    named = {
        str(found[key])
        for key in ("/S", "/Subtype", "/Type")
        if key in keys and isinstance(found[key], pikepdf.Name)
    }
    return bool(named & (ACTIVE_ACTIONS | ACTIVE_KINDS)) or "/EmbeddedFile" in named


def only_turns_a_page(action: object) -> bool:
    if isinstance(action, pikepdf.Dictionary):
        return str(action.get("/S", "")) == "/GoTo" and "/Next" not in action
    return isinstance(action, pikepdf.Array | pikepdf.String | pikepdf.Name)


def _is_direct(value: object) -> bool:
    # Numbers and truth values arrive as Python's own; indirect objects are visited from the file's own list.
    return isinstance(value, pikepdf.Object) and not value.is_indirect


def dictionaries(document: pikepdf.Pdf) -> Iterator[pikepdf.Dictionary]:
    """Every dictionary of the file, nested ones and those in object streams too, each once."""
    waiting: list[pikepdf.Object] = [*document.objects, document.trailer]
    while waiting:
        thing = waiting.pop()
        if isinstance(thing, pikepdf.Stream):
            thing = thing.stream_dict
        if isinstance(thing, pikepdf.Dictionary):
            yield thing
            inside = [value for _, value in thing.items()]
        elif isinstance(thing, pikepdf.Array):
            inside = list(thing)
        else:
            continue
        waiting += [value for value in inside if _is_direct(value)]
