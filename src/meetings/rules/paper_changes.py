"""The text of a paper as it is compared with its earlier version, and the places in which the two differ.

A page breaks its lines where there is room, so another printer or one word more moves every break behind it. Lines are
therefore laid together first and parted where the text itself ends a sentence or begins an article, a point, a heading.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any

from meetings.rules.differences import Paragraph

AROUND = 1
"""Unchanged sentences that are shown before and behind a change."""
_PAGE_NUMBER = re.compile(r"(?:trang|page)?[\s\-–—]*\d{1,4}(?:\s*/\s*\d{1,4})?[\s\-–—]*", re.IGNORECASE)
_BEGINS = re.compile(
    r"(?:Điều|Chương|Mục|Phần|Khoản|Article|Chapter|Section)\s+[\dIVXLC]+[.:]?\s"
    r"|[IVXLC]{1,5}\.\s|\d{1,3}(?:\.\d{1,3})*[.)]\s|[a-zđ][.)]\s|[-–•*+]\s"
)
_SENTENCE_ENDS = re.compile(r"(?<=[.;:!?…\x1f])\s+(?=\S)")
_SHORT = Fraction(3, 5)
"""Of the longest line: only the last word of a paragraph or a heading leaves so much room."""
_ENDED = "\x1f"
"""Stands behind a short line while sentences are parted."""
_BLANKS = re.compile(r"\s+")


class Compared(StrEnum):
    """How the comparison of a version with the one before it ended."""

    CHANGED = "changed"
    SAME = "same"
    """The words are the same; pictures or the layout may differ."""
    NO_TEXT = "no-text"
    """One of the two has no text at all: a scan."""
    LONG = "long"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence with what comes in and what goes out, behind so many that are left out."""

    skipped: int
    paragraph: Paragraph

    def data(self) -> dict[str, Any]:
        """As it is kept."""
        return {
            "skipped": self.skipped,
            "pieces": [{"kind": piece.kind.value, "text": piece.text} for piece in self.paragraph.pieces],
        }


def running_text(pages: Sequence[str]) -> str:
    """The text of a document, a sentence or heading a line, whatever lines and pages it was printed on."""
    parts: list[str] = []
    ended = True
    lines = [line for page in pages for line in _lines(page)]
    full = max(map(len, lines), default=0)
    for line in lines:
        if ended or _BEGINS.match(line) or _is_heading(line):
            parts.append(line)
        else:
            parts[-1] += f" {line}"
        ended = _is_heading(line)
        if len(line) < _SHORT * full:
            parts[-1] += _ENDED
    return "\n".join(sentence for part in parts for sentence in _sentences(part))


def _sentences(part: str) -> list[str]:
    """A line that was left short ends what it says where a capital letter follows; the number in front stays."""
    begins = _BEGINS.match(part)
    number = begins[0] if begins else ""
    ends = [end.end() for end in _SENTENCE_ENDS.finditer(part, len(number)) if _may_begin(part[end.end()])]
    places = [0, *ends, len(part)]
    return [part[start:end].replace(_ENDED, "").strip() for start, end in itertools.pairwise(places)]


def _may_begin(letter: str) -> bool:
    return letter.isupper() or letter.isdigit() or letter in '-–•+*“"('


def _lines(page: str) -> list[str]:
    """The printed lines without blanks; page numbers at top and foot are left out."""
    clean = unicodedata.normalize("NFC", page).replace("\u00ad", "").replace(_ENDED, "")
    lines = [line for line in (_BLANKS.sub(" ", one).strip() for one in clean.splitlines()) if line]
    while lines and _PAGE_NUMBER.fullmatch(lines[0]):
        del lines[0]
    while lines and _PAGE_NUMBER.fullmatch(lines[-1]):
        del lines[-1]
    return lines


def _is_heading(line: str) -> bool:
    return line.isupper() and len(line) > 3


def is_blank(page: str) -> bool:
    """Whether a page has no text to compare: an empty one, or the picture of one."""
    return not any(letter.isalnum() for line in _lines(page) for letter in line)


def passages(paragraphs: Iterable[Paragraph]) -> Iterator[Passage]:
    """What changed, with a little of what stands around it."""
    lines = list(paragraphs)
    near = {
        place
        for at, line in enumerate(lines)
        if line.changed
        for place in range(at - AROUND, at + AROUND + 1)
    }
    skipped = 0
    for place, line in enumerate(lines):
        if place in near:
            yield Passage(skipped, line)
            skipped = 0
        else:
            skipped += 1
