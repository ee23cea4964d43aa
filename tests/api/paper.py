"""A small PDF with a word on it."""

from __future__ import annotations

from io import BytesIO

from reportlab.pdfgen.canvas import Canvas


def a_pdf(word: str) -> bytes:
    """The same bytes for the same word."""
    kept = BytesIO()
    canvas = Canvas(kept, invariant=1)
    canvas.drawString(72, 720, word)
    canvas.showPage()
    canvas.save()
    return kept.getvalue()
