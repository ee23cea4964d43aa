"""The reader's name on every page of a restricted paper: who passes a copy on passes the name on with it.

Run it in the worker process.
"""

# ReportLab tells few of its types.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

import io

import pikepdf
from reportlab.pdfgen.canvas import Canvas

from meetings.pdf import fonts
from meetings.pdf.layout import clean

GREY = 0.35
DENSITY = 0.13
ANGLE = 30
"""Degrees; a line across the page lies over every paragraph."""


def marked(data: bytes, reader: str, line: str) -> bytes:
    """A copy with the reader's name across each page, and a line with name and time at its foot."""
    target = io.BytesIO()
    stamps: dict[tuple[float, float], pikepdf.Pdf] = {}
    with pikepdf.open(io.BytesIO(data), suppress_warnings=True) as document:
        for page in document.pages:
            left, bottom, right, top = (float(side) for side in page.trimbox)
            size = (right - left, top - bottom)
            if size not in stamps:
                stamps[size] = pikepdf.open(io.BytesIO(_stamp(size, clean(reader), clean(line))))
            page.add_overlay(stamps[size].pages[0], pikepdf.Rectangle(left, bottom, right, top))
        if "/Info" in document.trailer:
            document.docinfo["/Subject"] = clean(line)
        document.save(target)
    return target.getvalue()


def _stamp(size: tuple[float, float], reader: str, line: str) -> bytes:
    fonts.register()
    width, height = size
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=size, invariant=1)
    canvas.saveState()
    canvas.setFillGray(GREY, DENSITY)
    length = max(1.0, fonts.width(reader, fonts.BOLD, 10))
    letters = min(46.0, max(14.0, 10 * (width * 0.8) / length))
    canvas.setFont(fonts.BOLD, letters)
    for part in (0.22, 0.5, 0.78):
        canvas.saveState()
        canvas.translate(width / 2, height * part)
        canvas.rotate(ANGLE)
        canvas.drawCentredString(0, 0, reader)
        canvas.restoreState()
    canvas.restoreState()
    canvas.setFillGray(GREY, 0.85)
    canvas.setFont(fonts.REGULAR, 7.5)
    canvas.drawCentredString(width / 2, 10, line)
    canvas.showPage()
    canvas.save()
    return target.getvalue()
