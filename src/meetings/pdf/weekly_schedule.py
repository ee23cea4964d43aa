"""The schedule of a week (lịch công tác tuần) as it hangs in an office: days by part of the day on A4 sideways.

Header, number line and signature as Decree 30/2020/NĐ-CP has them; the words of the form stand here, those of the
entries come with the document. What changed since the week was published is marked.
"""

# The libraries tell few of their types.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from babel.dates import format_date
from reportlab.lib.enums import TA_CENTER
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, KeepTogether, Paragraph, Spacer, Table

from meetings.pdf import decree30, fonts
from meetings.pdf.archival import archival
from meetings.pdf.decree30 import SIDEWAYS
from meetings.pdf.layout import Rule, balanced, clean, markup

WIDTHS = tuple(column * mm for column in (25, 17, 25, 68, 31, 34, 28, 29))
"""Day, part, time, content, chair, attendees, place, preparation and notes: together the width of the sheet."""
PADDING = 3
TOGETHER = 300
"""Points: the lines of a day stay on one page up to this height."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleRow:
    """A line. `mark` says that it changed since the publication, `told` what was published instead."""

    time: str
    title: str
    chair: str = ""
    attendees: str = ""
    place: str = ""
    notes: tuple[str, ...] = ()
    mark: str = ""
    told: tuple[str, ...] = ()
    gone: bool = False
    """No longer held at this place: struck through."""


@dataclass(frozen=True, slots=True)
class SchedulePart:
    """Morning, afternoon or evening; without rows it is free."""

    name: str
    rows: tuple[ScheduleRow, ...]


@dataclass(frozen=True, slots=True)
class ScheduleDay:
    """A day of the week; `mark` names a day off or a swapped one."""

    day: date
    name: str
    mark: str
    parts: tuple[SchedulePart, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleDocument:
    """All that the printed schedule says. `issued`, with its offset, is the last publication; `draft` before any."""

    issuing_body: str
    symbol: str
    """What stands behind the number, `LCT-UBND`; the number is given by the register of outgoing documents."""
    monday: date
    sunday: date
    days: tuple[ScheduleDay, ...]
    issued: datetime
    superior_body: str = ""
    town: str = ""
    signer_post: tuple[str, ...] = ()
    signer: str = ""
    draft: bool = False
    language: str = "vi"


@dataclass(frozen=True, slots=True)
class _Form:
    kind: str
    subject: str
    number: str
    draft: str
    head: tuple[str, ...]
    recipients: str
    concerned: str
    archive: str


_FORMS = {
    "vi": _Form(
        kind="LỊCH CÔNG TÁC TUẦN",
        subject="Tuần {week} năm {year} (từ ngày {first} đến ngày {last})",
        number="Số: {number}",
        draft="DỰ THẢO",
        head=(
            "Thứ, ngày", "Buổi", "Giờ", "Nội dung công việc", "Chủ trì", "Thành phần", "Địa điểm",
            "Chuẩn bị, ghi chú",
        ),
        recipients="Nơi nhận:",
        concerned="Như thành phần",
        archive="Lưu: VT",
    ),
    "en": _Form(
        kind="WEEKLY SCHEDULE",
        subject="Week {week} of {year} ({first} to {last})",
        number="No. {number}",
        draft="DRAFT",
        head=("Day", "Part", "Time", "Content", "Chair", "Attendees", "Place", "Preparation, notes"),
        recipients="Distribution:",
        concerned="Those named above",
        archive="File copy",
    ),
}  # fmt: skip


def _style(name: str, font: str = fonts.REGULAR, **more: Any) -> ParagraphStyle:
    return ParagraphStyle(name, fontName=font, bulletFontName=font, fontSize=11, leading=13.2, **more)


CELL = _style("cell")
HEAD = _style("cell-head", fonts.BOLD, alignment=TA_CENTER)
MIDDLE = _style("cell-middle", alignment=TA_CENTER)


def render(document: ScheduleDocument) -> bytes:
    """The schedule as PDF with embedded fonts; the same schedule gives the same bytes."""
    fonts.register()
    form = _FORMS[document.language]
    story = [*_head(document, form), _table(document, form), *_close(document, form)]
    title = clean(f"{form.kind.capitalize()}: {_subject(document, form)}").replace("\n", " ")
    author = clean(document.issuing_body).replace("\n", " ")
    raw, _ = decree30.build(story, title=title, author=author, language=document.language, sheet=SIDEWAYS)
    return archival(raw, title=title, author=author, language=document.language, created=document.issued)


def _subject(document: ScheduleDocument, form: _Form) -> str:
    week = document.monday.isocalendar()
    return form.subject.format(
        week=week.week,
        year=week.year,
        first=f"{document.monday:%d/%m/%Y}",
        last=f"{document.sunday:%d/%m/%Y}",
    )


def _head(document: ScheduleDocument, form: _Form) -> list[Flowable]:
    number = form.number.format(number=decree30.number_text(None, document.symbol))
    draft = form.draft if document.draft else ""
    subject = decree30.title(form.kind, _subject(document, form), SIDEWAYS)
    if document.language == "vi":
        day = decree30.day_text(document.issued)
        placed = f"{document.town}, {day}" if document.town else day
        return [
            *decree30.header(document.superior_body, document.issuing_body, number, placed, draft, SIDEWAYS),
            *subject,
        ]
    named = balanced(document.issuing_body.upper(), fonts.BOLD, 13, SIDEWAYS.width)
    shown: list[Flowable] = [Paragraph(markup(line), decree30.CENTRED_BOLD) for line in named]
    shown += [Rule(0.4 * max(fonts.width(line, fonts.BOLD, 13) for line in named), gap=3), Spacer(1, 4)]
    issued = format_date(document.issued, "d MMMM y", locale="en_GB")
    placed = f"{document.town}, {issued}" if document.town else issued
    shown += [Paragraph(markup(line), decree30.CENTRED) for line in (number, placed, draft) if line]
    return [*shown, Spacer(1, 20), *subject]


def _table(document: ScheduleDocument, form: _Form) -> Table:
    """One row for each line. Cells are not joined, because a joined one cannot go on on the next page."""
    cells: list[list[Any]] = [[Paragraph(markup(word), HEAD) for word in form.head]]
    style: list[tuple[Any, ...]] = [
        ("FONT", (0, 0), (-1, -1), fonts.REGULAR, 11),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("VALIGN", (0, 0), (-1, 0), "MIDDLE"),
        ("BOX", (0, 0), (-1, -1), 0.7, "black"),
        ("LINEBEFORE", (1, 0), (-1, -1), 0.5, "black"),
        *((side, (0, 0), (-1, -1), PADDING) for side in ("LEFTPADDING", "RIGHTPADDING", "TOPPADDING")),
        ("BOTTOMPADDING", (0, 0), (-1, -1), PADDING + 1),
    ]
    for day in document.days:
        first = len(cells)
        style.append(("LINEABOVE", (0, first), (-1, first), 0.7, "black"))
        for part in day.parts or (SchedulePart("", ()),):
            style.append(("LINEABOVE", (1, len(cells)), (-1, len(cells)), 0.5, "black"))
            for row in part.rows or (None,):
                named = len(cells) == first
                opening = row is None or row is part.rows[0]
                style.append(("LINEABOVE", (2, len(cells)), (-1, len(cells)), 0.5, "black"))
                cells.append([_day(day) if named else "", _middle(part.name if opening else ""), *_line(row)])
        if _height(cells[first:]) <= TOGETHER:
            style.append(("NOSPLIT", (0, first), (-1, len(cells) - 1)))
    return Table(cells, colWidths=WIDTHS, repeatRows=1, splitInRow=1, style=style, spaceAfter=4)


def _day(day: ScheduleDay) -> Paragraph:
    words = [f"<b>{markup(day.name)}</b>", f"{day.day:%d/%m}"]
    if day.mark:
        words.append(f"<i>{markup(day.mark)}</i>")
    return Paragraph("<br/>".join(words), MIDDLE)


def _middle(text: str) -> Paragraph:
    return Paragraph(markup(text), MIDDLE)


def _line(row: ScheduleRow | None) -> list[Paragraph]:
    """The cells from the time on."""
    if row is None:
        return [_middle(""), *(Paragraph("", CELL) for _ in WIDTHS[3:])]
    struck = ("<strike>", "</strike>") if row.gone else ("", "")
    content = struck[0] + markup(row.title) + struck[1]
    if row.mark:
        content = f"<b><i>[{markup(row.mark)}]</i></b> {content}"
    content += "".join(f"<br/><i>{markup(words)}</i>" for words in row.told)
    texts = [row.chair, row.attendees, row.place, "\n".join(row.notes)]
    return [
        Paragraph(struck[0] + markup(row.time) + struck[1], MIDDLE),
        Paragraph(content, CELL),
        *(Paragraph(markup(one), CELL) for one in texts),
    ]


def _height(rows: list[list[Any]]) -> float:
    """How high these rows will be."""
    return sum(
        max(
            cell.wrap(wide - 2 * PADDING, 1e6)[1] if isinstance(cell, Paragraph) else 0
            for cell, wide in zip(row, WIDTHS, strict=True)
        )
        + 2 * PADDING
        + 1
        for row in rows
    )


def _close(document: ScheduleDocument, form: _Form) -> list[Flowable]:
    """Recipients on the left, the signature on the right; never apart."""
    column = SIDEWAYS.width / 2
    left = decree30.recipients(form.recipients, [form.concerned], form.archive)
    right = decree30.signed_by(document.signer_post, document.signer, column)
    return [KeepTogether([decree30.columns([[left, right]], (column, column))])]
