"""Papers for tests."""

from __future__ import annotations

from io import BytesIO

from reportlab.pdfgen.canvas import Canvas


def a_pdf(pages: int = 1, text: str = "Tờ trình") -> bytes:
    """A harmless PDF with so many pages."""
    out = BytesIO()
    canvas = Canvas(out)
    for number in range(1, pages + 1):
        canvas.drawString(72, 720, f"{text.encode('ascii', 'ignore').decode()} {number}")
        canvas.showPage()
    canvas.save()
    return out.getvalue()
