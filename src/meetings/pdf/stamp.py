"""How a signature looks on the page: blue, calm, and no more than the decree asks for.

The decree wants the picture of the handwritten signature in blue; without a picture the name and the time
stand there. Drawn by ReportLab because the signing library's own text stamps break with our typeface
(letters apart, no PDF/A).
"""

# The libraries tell few of their types.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

import io
import uuid
from datetime import datetime
from typing import Any, cast

from PIL import UnidentifiedImageError
from pyhanko.pdf_utils.content import PdfContent
from pyhanko.pdf_utils.layout import AxisAlignment, BoxConstraints, InnerScaling, Margins, SimpleBoxLayoutRule
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.stamp import StaticStampStyle
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from meetings.pdf import fonts
from meetings.pdf.layout import balanced, clean
from meetings.rules.refusals import Refused

BLUE = (0.04, 0.18, 0.55)
_WORDS = {"vi": ("Ký số bởi", "Thời gian ký"), "en": ("Digitally signed by", "Signed at")}


def stamp_style(
    name: str,
    title: str,
    signed_at: datetime,
    language: str,
    size: tuple[float, float],
    picture: bytes | None,
) -> StaticStampStyle:
    """The appearance for a box of this size in points; refused `signature-picture` when the picture is
    no image."""
    page = draw(name, title, signed_at, language, size, picture)
    layout = SimpleBoxLayoutRule(
        x_align=AxisAlignment.ALIGN_MID,
        y_align=AxisAlignment.ALIGN_MID,
        margins=Margins(0, 0, 0, 0),
        inner_content_scaling=InnerScaling.STRETCH_FILL,
    )
    return StaticStampStyle(
        background=_Page(page), background_layout=layout, background_opacity=1.0, border_width=0
    )


def draw(
    name: str,
    title: str,
    signed_at: datetime,
    language: str,
    size: tuple[float, float],
    picture: bytes | None,
) -> bytes:
    """The appearance as a PDF of one page."""
    fonts.register()
    out = io.BytesIO()
    first_font = cast(Any, fonts.REGULAR)  # a name, whatever the library's stubs say
    canvas = Canvas(out, pagesize=size, invariant=1, initialFontName=first_font, pdfVersion=(1, 7))
    if picture is None:
        _words(canvas, name, title, signed_at, language, size)
    else:
        _picture(canvas, picture, size)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def _words(
    canvas: Canvas, name: str, title: str, signed_at: datetime, language: str, size: tuple[float, float]
) -> None:
    by, at = _WORDS[language]
    width, height = size
    moment = f"{signed_at:%d/%m/%Y %H:%M:%S} {signed_at:%z}"
    lines = [(fonts.ITALIC, 9.5, by)]
    lines += [(fonts.BOLD, 12, line) for line in balanced(name, fonts.BOLD, 12, width - 14)]
    lines += [(fonts.REGULAR, 9.5, line) for line in balanced(title, fonts.REGULAR, 9.5, width - 14)]
    lines.append((fonts.REGULAR, 9.5, f"{at}: {moment[:-2]}:{moment[-2:]}"))
    total = sum(points * 1.3 for _, points, _ in lines)
    shrink = min(1.0, (height - 6) / total)
    canvas.setFillColorRGB(*BLUE)
    canvas.setStrokeColorRGB(*BLUE)
    canvas.setLineWidth(1)
    down = (height + total * shrink) / 2
    longest = max(fonts.width(line, font, points) for font, points, line in lines) * shrink
    left = max(4, (width - longest - 8) / 2)
    canvas.line(left, down, left, height - down)
    for font, points, line in lines:
        down -= points * 1.3 * shrink
        canvas.setFont(font, points * shrink)
        canvas.drawString(left + 8, down + points * 0.35 * shrink, clean(line))


def _picture(canvas: Canvas, picture: bytes, size: tuple[float, float]) -> None:
    try:
        image = ImageReader(io.BytesIO(picture))
        canvas.drawImage(image, 0, 0, *size, mask="auto", preserveAspectRatio=True, anchor="c")
    except (OSError, ValueError, SyntaxError, UnidentifiedImageError) as broken:
        raise Refused("signature-picture") from broken


class _Page(PdfContent):
    """The drawn page as something the library can put into a signature field."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.page = page

    def render(self) -> bytes:
        form = self._ensure_writer.import_page_as_xobject(PdfFileReader(io.BytesIO(self.page)))
        name = f"/Stamp{uuid.uuid4().hex}"
        self.resources.xobject[name] = form
        left, bottom, right, top = cast(dict[str, list[float]], form.get_object())["/BBox"]
        self.box = BoxConstraints(width=abs(right - left), height=abs(top - bottom))
        return f"{name} Do".encode()
