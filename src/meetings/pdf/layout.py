"""Small pieces of a page that know nothing of any decree: clean text, balanced lines, rules, bookmarks,
figures."""

# pyright: reportUnknownMemberType=false

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from html import escape
from typing import Any

from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph, Table

from meetings.pdf import fonts

HAIRLINE = 0.6
# Words that a title keeps on one line, and any other word by itself.
_UNBROKEN = re.compile(
    r"(?:hội đồng|nhân dân|thành phố|ủy ban|thường trực|văn phòng|quốc hội|kỳ họp|phiên họp|nhiệm kỳ"
    r"|khóa \w+|thứ \w+|\d+ [-–] \d+)[,.;:]?(?!\S)|\S+",
    re.IGNORECASE,
)


def clean(text: str) -> str:
    """Composed letters (some keyboards send them in parts) and no control characters."""
    composed = unicodedata.normalize("NFC", text)
    return "".join(
        letter for letter in composed if letter in "\n\t" or unicodedata.category(letter)[0] != "C"
    )


def markup(text: str) -> str:
    """Text as it stands, safe from being read as markup; line breaks are kept."""
    return escape(clean(text), quote=False).strip("\n").replace("\n", "<br/>")


def balanced(text: str, font: str, size: float, width: float) -> list[str]:
    """As few lines as fit, of about the same length, as names of bodies and titles are set."""
    found: list[str] = []
    for part in clean(text).split("\n"):
        words = _UNBROKEN.findall(part)
        whole = _wrapped(words, font, size, width)
        low, high = 0.0, width
        while len(whole) > 1 and high - low > 2:
            middle = (low + high) / 2
            if len(_wrapped(words, font, size, middle)) > len(whole):
                low = middle
            else:
                high = middle
        found += _wrapped(words, font, size, high)
    return found


def _wrapped(words: Sequence[str], font: str, size: float, width: float) -> list[str]:
    found: list[str] = []
    for word in words:
        longer = f"{found[-1]} {word}" if found else word
        if found and fonts.width(longer, font, size) <= width:
            found[-1] = longer
        else:
            found.append(word)
    return found


class Rule(Flowable):
    """A centred hairline, `gap` points below what stands above it."""

    def __init__(self, length: float, gap: float) -> None:
        super().__init__()
        self.length = length
        self.gap = gap

    def wrap(self, aW: float, aH: float) -> tuple[float, float]:  # noqa: N803 (ReportLab's name)
        self.width = aW
        return aW, self.gap + 2

    def draw(self) -> None:
        start = (self.width - self.length) / 2
        self.canv.setLineWidth(HAIRLINE)
        self.canv.line(start, 2, start + self.length, 2)


class Marked(Paragraph):
    """A heading that is also a bookmark: its label, its key in the document, its depth from 0."""

    bookmark: tuple[str, str, int] | None = None

    def split(self, aW: float, aH: float) -> list[Flowable]:  # noqa: N803 (ReportLab's name)
        parts = super().split(aW, aH)
        if parts and isinstance(parts[0], Marked):
            parts[0].bookmark = self.bookmark
        return parts

    def draw(self) -> None:
        if self.bookmark is not None:
            label, key, depth = self.bookmark
            canvas: Canvas = self.canv
            canvas.bookmarkHorizontal(key, 0, self.height)
            canvas.addOutlineEntry(label, key, depth)
        super().draw()


class Barred(Paragraph):
    """A paragraph with a bar on its left: words and numbers that come from the record and are bound to it."""

    def draw(self) -> None:
        canvas: Canvas = self.canv
        canvas.setLineWidth(1.6)
        bar = self.style.leftIndent - 8
        canvas.line(bar, 1, bar, self.height - 2)
        super().draw()


def depths(levels: Sequence[int]) -> list[int]:
    """Bookmark depths from heading levels: never more than one step down at a time, as outlines demand."""
    found: list[int] = []
    for level in levels:
        found.append(min(level, found[-1] + 1 if found else 0))
    return found


def figures(
    columns: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float], size: float = 12
) -> Table:
    """A table of plain strings, which is quick: words on the left, numbers on the right, the head on
    every page."""
    font = [fonts.BOLD] + [fonts.REGULAR] * len(rows)
    cells = [
        [
            "\n".join(_wrapped(clean(cell).split(), face, size, wide - 10))
            for cell, wide in zip(row, widths, strict=True)
        ]
        for face, row in zip(font, [columns, *rows], strict=True)
    ]
    return Table(
        cells, colWidths=widths, repeatRows=1, style=_figures_style(size), spaceBefore=2, spaceAfter=8
    )


def _figures_style(size: float) -> list[tuple[Any, ...]]:
    return [
        ("FONT", (0, 0), (-1, 0), fonts.BOLD, size, size * 1.2),
        ("FONT", (0, 1), (-1, -1), fonts.REGULAR, size, size * 1.2),
        ("ALIGN", (1, 0), (-1, -1), "RIGHT"),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("LEFTPADDING", (0, 0), (-1, -1), 5),
        ("RIGHTPADDING", (0, 0), (-1, -1), 5),
        ("TOPPADDING", (0, 0), (-1, -1), 2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
        ("GRID", (0, 0), (-1, -1), 0.5, "black"),
    ]
