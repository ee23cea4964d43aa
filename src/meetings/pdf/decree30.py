"""The page and the parts of an administrative document after Decree 30/2020/NĐ-CP, Appendix I.

Page geometry, type, the header (components 1 to 3), the signature block (7) and the list of recipients (9b)
are the same for minutes, resolutions and notices; a module per kind of document puts them together. Sizes
and styles are the decree's; a comment names the component ("ô") where that helps.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import partial
from typing import Any

from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate, Paragraph, Spacer, Table

from meetings.pdf import fonts
from meetings.pdf.layout import Rule, balanced, markup

LEFT, RIGHT, TOP, BOTTOM = 30 * mm, 15 * mm, 20 * mm, 20 * mm
WIDTH = A4[0] - LEFT - RIGHT


@dataclass(frozen=True, slots=True)
class Sheet:
    """An A4 page of the decree with its margins, in points; wide tables lie on it sideways (Appendix I, section I)."""

    size: tuple[float, float]
    left: float
    right: float

    @property
    def width(self) -> float:
        """Of the lines of text."""
        return self.size[0] - self.left - self.right


UPRIGHT = Sheet(A4, LEFT, RIGHT)
SIDEWAYS = Sheet(landscape(A4), 20 * mm, 20 * mm)
INDENT = 12.7 * mm
NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
# Room for the handwritten signature, and for the seal that overlaps its left third.
SIGNATURE_HEIGHT = 26 * mm
SIGNATURE_WIDTH = 66 * mm
_NATION_COLUMN = 97 * mm


def _style(
    name: str, size: float, font: str = fonts.REGULAR, leading: float | None = None, **more: Any
) -> ParagraphStyle:
    return ParagraphStyle(
        name, fontName=font, bulletFontName=font, fontSize=size, leading=leading or size * 1.2, **more
    )


BODY = _style(
    "body",
    14,
    leading=18,
    alignment=TA_JUSTIFY,
    firstLineIndent=INDENT,
    spaceAfter=6,
    allowWidows=0,
    allowOrphans=0,
)
HEADING = _style("heading", 14, fonts.BOLD, leading=18, firstLineIndent=INDENT, spaceBefore=4, spaceAfter=6)
CENTRED = _style("centred", 13, leading=16, alignment=TA_CENTER)
CENTRED_BOLD = _style("centred-bold", 13, fonts.BOLD, leading=16, alignment=TA_CENTER)
TITLE = _style("title", 14, fonts.BOLD, leading=18, alignment=TA_CENTER)
RECIPIENTS_HEAD = _style("recipients-head", 12, fonts.BOLD_ITALIC, leading=15)
RECIPIENTS = _style("recipients", 11, leading=13.5)


class SignatureField(StrEnum):
    """A place for a signature, fixed before the first one is given. The order here is the order of
    signing."""

    SECRETARY = "Secretary"
    CHAIR = "Chair"
    MEMBER = "Member"
    """On a written opinion, which nobody else signs."""


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs where: the lines of the post (`("TM. HỘI ĐỒNG NHÂN DÂN", "CHỦ TỊCH")`) and the bare name."""

    field: SignatureField
    post: tuple[str, ...]
    name: str


@dataclass(frozen=True, slots=True)
class SignatureBox:
    """Where a signature will appear: page from 0, corners in points from the lower left of the page."""

    field: SignatureField
    label: str
    page: int
    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True, slots=True)
class Rendered:
    """A finished document without signatures, and the places kept free for them."""

    pdf: bytes
    boxes: tuple[SignatureBox, ...]
    pages: int


def number_text(number: int | None, symbol: str) -> str:
    """`05/BB-HĐND`: numbers below ten get a leading zero; a draft has none yet and keeps room for it (ô
    3)."""
    return f"{number:02d}/{symbol}" if number else "\N{NO-BREAK SPACE}" * 6 + f"/{symbol}"


def day_text(day: date) -> str:
    """`ngày 05 tháng 02 năm 2026`: a leading zero for days below ten and for months 1 and 2 only (ô 4)."""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def hour_text(moment: datetime) -> str:
    """`08 giờ 05 phút`, on the clock of the given time."""
    return f"{moment.hour:02d} giờ {moment.minute:02d} phút"


def header(
    superior: str,
    issuer: str,
    number_line: str,
    place_and_day: str = "",
    draft: str = "",
    sheet: Sheet = UPRIGHT,
) -> list[Flowable]:
    """Components 1 to 4: the bodies with the number on the left, the nation with its motto on the right."""
    nation_width = max(_NATION_COLUMN, sheet.width / 2)
    left_width = sheet.width - nation_width
    bodies: list[Flowable] = []
    if superior:
        bodies += lines(superior.upper(), CENTRED, left_width)
    named = balanced(issuer.upper(), fonts.BOLD, 13, left_width)
    bodies += [Paragraph(markup(line), CENTRED_BOLD) for line in named]
    bodies.append(Rule(0.4 * max(fonts.width(line, fonts.BOLD, 13) for line in named), gap=3))
    nation: list[Flowable] = [
        Paragraph(NATION, CENTRED_BOLD),
        Paragraph(MOTTO, TITLE),
        Rule(fonts.width(MOTTO, fonts.BOLD, 14), gap=1),
    ]
    number: list[Flowable] = [Spacer(1, 4), Paragraph(markup(number_line), CENTRED)]
    if draft:
        number += [Spacer(1, 4), Paragraph(markup(draft), CENTRED_BOLD)]
    placed = _style("place", 14, fonts.ITALIC, alignment=TA_CENTER)
    day: list[Flowable] = [Spacer(1, 4), Paragraph(markup(place_and_day), placed)] if place_and_day else []
    return [columns([[bodies, nation], [number, day]], (left_width, nation_width)), Spacer(1, 20)]


def title(kind: str, subject: str, sheet: Sheet = UPRIGHT) -> list[Flowable]:
    """Component 5a: the kind of document in capitals, its subject below, and a rule of a third to half a
    line."""
    named = balanced(subject, fonts.BOLD, 14, sheet.width * 0.9)
    shown: list[Flowable] = [Paragraph(markup(line), TITLE) for line in named]
    longest = max((fonts.width(line, fonts.BOLD, 14) for line in named), default=0)
    return [Paragraph(markup(kind), TITLE), *shown, Rule(longest * 0.4, gap=3), Spacer(1, 14)]


def recipients(head: str, names: Sequence[str], archive: str) -> list[Flowable]:
    """Component 9b: bold italic head, one line each ending in `;`, the archive's line last ending in a
    full stop."""
    listed = [f"- {name.strip().rstrip(';.')};" for name in names] + [f"- {archive.strip().rstrip(';.')}."]
    return [
        Spacer(1, 10),
        Paragraph(markup(head), RECIPIENTS_HEAD),
        *(Paragraph(markup(line), RECIPIENTS) for line in listed),
    ]


def lines(text: str, style: ParagraphStyle, width: float) -> list[Flowable]:
    """A centred text broken into lines of about the same length."""
    return [Paragraph(markup(line), style) for line in balanced(text, style.fontName, style.fontSize, width)]


def columns(rows: list[list[list[Flowable]]], widths: tuple[float, float]) -> Table:
    """Flowables side by side, without lines."""
    whole = ((0, 0), (-1, -1))
    paddings = ("LEFTPADDING", "RIGHTPADDING", "TOPPADDING", "BOTTOMPADDING")
    # A table names the font of its cells to the page even when they hold no text of their own.
    style = [
        ("FONT", *whole, fonts.REGULAR, 13),
        ("VALIGN", *whole, "TOP"),
        *((padding, *whole, 0) for padding in paddings),
    ]
    return Table(rows, colWidths=widths, style=style)


def signed_by(post: Sequence[str], name: str, width: float) -> list[Flowable]:
    """Components 7a to 7c of a document that is signed by hand: the post, room for the signature, the name."""
    shown: list[Flowable] = [Spacer(1, 10)]
    for line in post:
        shown += lines(line.upper(), TITLE, width)
    return [*shown, Spacer(1, SIGNATURE_HEIGHT), Paragraph(markup(name), TITLE)]


class SignatureBlock(Flowable):
    """Components 7a to 7c side by side, in the order given from left to right; notes where each
    signature goes."""

    def __init__(self, signers: Sequence[Signer], boxes: list[SignatureBox], width: float = WIDTH) -> None:
        super().__init__()
        self.signers = signers
        self.boxes = boxes
        self.width = width
        self._column = width / max(len(signers), 1)
        self._posts = [
            [line for post in signer.post for line in balanced(post.upper(), fonts.BOLD, 14, self._column)]
            for signer in signers
        ]
        self._head = 18 * max((len(post) for post in self._posts), default=0)
        self.height = self._head + SIGNATURE_HEIGHT + 8 + 18

    def wrap(self, aW: float, aH: float) -> tuple[float, float]:  # noqa: N803 (ReportLab's name)
        return self.width, self.height

    def draw(self) -> None:
        canvas: Canvas = self.canv
        for column, (signer, post) in enumerate(zip(self.signers, self._posts, strict=True)):
            middle = (column + 0.5) * self._column
            canvas.setFont(fonts.BOLD, 14)
            for index, line in enumerate(post):
                canvas.drawCentredString(middle, self.height - 14 - 18 * index, line)
            bottom = self.height - self._head - 4 - SIGNATURE_HEIGHT
            canvas.drawCentredString(middle, bottom - 16, signer.name)
            left, below = canvas.absolutePosition(middle - SIGNATURE_WIDTH / 2, bottom)
            corners = (left, below, left + SIGNATURE_WIDTH, below + SIGNATURE_HEIGHT)
            page = canvas.getPageNumber() - 1
            self.boxes.append(
                SignatureBox(signer.field, " ".join(signer.post), page, *(round(c, 2) for c in corners))
            )


def build(
    story: list[Flowable], *, title: str, author: str, language: str, sheet: Sheet = UPRIGHT
) -> tuple[bytes, int]:
    """The story on pages of the decree: no number on page 1, Arabic numbers in the top margin from page 2."""
    fonts.register()
    out = io.BytesIO()
    document = BaseDocTemplate(
        out,
        pagesize=sheet.size,
        invariant=1,
        initialFontName=fonts.REGULAR,
        lang=language,
        displayDocTitle=True,
        title=title,
        author=author,
    )
    frame = Frame(
        sheet.left,
        BOTTOM,
        sheet.width,
        sheet.size[1] - TOP - BOTTOM,
        leftPadding=0,
        rightPadding=0,
        topPadding=0,
        bottomPadding=0,
    )
    document.addPageTemplates(PageTemplate("page", [frame], onPage=_page_number))
    # The template passes everything but the version on, and PDF/A-2 builds on 1.7.
    canvas: Callable[..., Canvas] = partial(Canvas, pdfVersion=(1, 7))
    document.build(story, canvasmaker=canvas)
    return out.getvalue(), document.page


def _page_number(canvas: Canvas, document: BaseDocTemplate) -> None:
    page = canvas.getPageNumber()
    if page > 1:
        width, height = document.pagesize
        canvas.setFont(fonts.REGULAR, 13)
        canvas.drawCentredString(width / 2, height - 13 * mm, str(page))
