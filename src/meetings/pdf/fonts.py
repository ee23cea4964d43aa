"""The typeface of our documents: Tinos, which has the widths of Times New Roman and every Vietnamese letter.

The four files come from their npm package at set-up and are embedded as subsets, so a document looks the same
everywhere and its text can be copied out letter by letter.
"""

# pyright: reportUnknownMemberType=false

from __future__ import annotations

from functools import cache

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from meetings import resources

REGULAR = "Tinos"
BOLD = "Tinos-Bold"
ITALIC = "Tinos-Italic"
BOLD_ITALIC = "Tinos-BoldItalic"


@cache
def register() -> None:
    """Make the four faces known to ReportLab; the first document of a process pays some 30 ms."""
    cuts = {REGULAR: "regular", BOLD: "bold", ITALIC: "italic", BOLD_ITALIC: "bold_italic"}
    files = resources.tinos_fonts()
    for name, cut in cuts.items():
        # asciiReadable=0 keeps ASCII letters in the subset too: no letter depends on a font of the reader's.
        pdfmetrics.registerFont(TTFont(name, str(files[cut]), asciiReadable=0))
    pdfmetrics.registerFontFamily(REGULAR, REGULAR, BOLD, ITALIC, BOLD_ITALIC)


def width(text: str, font: str, size: float) -> float:
    """The width of a line of text in points."""
    register()
    return float(pdfmetrics.stringWidth(text, font, size))
