"""Minutes as a document: form 1.9 (Biên bản) of Decree 30/2020/NĐ-CP, or a plain form in English.

The words of a form are the law's (or the plain form's), not a translator's, so they stand here and not in a
catalog. Everything else, down to the labels of a table, comes ready from the caller: nothing is decided or
counted here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from babel.dates import format_date
from reportlab.lib.enums import TA_LEFT
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import CondPageBreak, Flowable, KeepTogether, Paragraph, Spacer

from meetings.pdf import decree30, fonts
from meetings.pdf.archival import archival
from meetings.pdf.decree30 import BODY, HEADING, INDENT, WIDTH, Rendered, SignatureBlock, SignatureBox, Signer
from meetings.pdf.layout import Barred, Marked, Rule, balanced, clean, depths, figures, markup

SMALL = ParagraphStyle(
    "minutes-small", BODY, fontSize=13, leading=16, leftIndent=INDENT, firstLineIndent=0, spaceAfter=4
)
BOUND = ParagraphStyle("minutes-bound", BODY, leftIndent=INDENT, firstLineIndent=0, spaceBefore=2)
SUBHEADING = ParagraphStyle("minutes-subheading", HEADING, fontName=fonts.BOLD_ITALIC)
CAPTION = ParagraphStyle(
    "minutes-caption",
    BODY,
    fontName=fonts.ITALIC,
    fontSize=13,
    leading=16,
    alignment=TA_LEFT,
    firstLineIndent=0,
    leftIndent=INDENT,
    spaceAfter=2,
)


@dataclass(frozen=True, slots=True)
class Prose:
    """A paragraph; with `at` it begins with the time at which it happened."""

    text: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided, in the words of the record, with a bar beside it; `label` stands before it in
    bold."""

    text: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a poll: a caption, the head of the table and its rows, the first column words, the
    rest numbers."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Names:
    """Who made a choice, was absent, was recused: a label and the names in the order to be printed."""

    label: str
    names: tuple[str, ...]


Block = Prose | Decision | Figures | Names


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the proceedings, mostly an agenda item: `1. Thông qua chương trình`; `level` 0 is the
    outermost."""

    title: str
    blocks: tuple[Block, ...] = ()
    level: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MinutesDocument:
    """All that the minutes say. Times carry the offset of the place of the meeting and are printed as they
    are.

    The bytes of the rendered document depend on nothing else: the same record gives the same file, any
    time. `recorded` is the moment of the record, not of the rendering; a document without `number` or with
    `draft` says so.
    """

    issuing_body: str
    symbol: str
    meeting_name: str
    started: datetime
    place: str
    chair: str
    secretary: str
    recorded: datetime
    superior_body: str = ""
    number: int | None = None
    ended: datetime | None = None
    attendance: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()
    signers: tuple[Signer, ...] = ()
    recipients: tuple[str, ...] = ()
    archive: str = ""
    gathering: str = ""
    language: str = "vi"
    draft: bool = False


@dataclass(frozen=True, slots=True)
class _Form:
    kind: str
    number: str
    draft: str
    started: str
    place: str
    attendance: str
    chair: str
    secretary: str
    proceedings: str
    gathering: str
    closing: str
    recipients: str
    archive: str


_FORMS = {
    "vi": _Form(
        kind="BIÊN BẢN",
        number="Số: {number}",
        draft="DỰ THẢO",
        started="Thời gian bắt đầu:",
        place="Địa điểm:",
        attendance="Thành phần tham dự:",
        chair="Chủ trì (chủ tọa):",
        secretary="Thư ký (người ghi biên bản):",
        proceedings="Nội dung (theo diễn biến {gathering}):",
        gathering="Cuộc họp",
        closing="{gathering} kết thúc vào {moment}./.",
        recipients="Nơi nhận:",
        archive="Lưu: VT, Hồ sơ",
    ),
    "en": _Form(
        kind="MINUTES",
        number="No. {number}",
        draft="DRAFT",
        started="Started:",
        place="Place:",
        attendance="Attendance:",
        chair="Chair:",
        secretary="Secretary:",
        proceedings="Proceedings of {gathering}:",
        gathering="The meeting",
        closing="{gathering} closed at {moment}.",
        recipients="Distribution:",
        archive="File copy",
    ),
}


def render(document: MinutesDocument) -> Rendered:
    """The minutes as PDF with embedded fonts, bookmarks and honest dates, and the boxes for the
    signatures."""
    fonts.register()
    form = _FORMS[document.language]
    boxes: list[SignatureBox] = []
    story = [
        *_head(document, form),
        *_opening(document, form),
        *_proceedings(document, form),
        *_close(document, form, boxes),
    ]
    title = clean(f"{form.kind.capitalize()} {document.meeting_name}").replace("\n", " ")
    author = clean(document.issuing_body).replace("\n", " ")
    raw, pages = decree30.build(story, title=title, author=author, language=document.language)
    pdf = archival(raw, title=title, author=author, language=document.language, created=document.recorded)
    return Rendered(pdf, tuple(boxes), pages)


def _head(document: MinutesDocument, form: _Form) -> list[Flowable]:
    number = form.number.format(number=decree30.number_text(document.number, document.symbol))
    draft = form.draft if document.draft else ""
    if document.language == "vi":
        header = decree30.header(document.superior_body, document.issuing_body, number, draft=draft)
    else:
        header = _plain_header(document, number, draft)
    return [*header, *decree30.title(form.kind, document.meeting_name)]


def _plain_header(document: MinutesDocument, number: str, draft: str) -> list[Flowable]:
    """The same parts without the nation's name: the bodies, a rule, the number."""
    named = balanced(document.issuing_body.upper(), fonts.BOLD, 13, WIDTH)
    shown = (
        decree30.lines(document.superior_body.upper(), decree30.CENTRED, WIDTH)
        if document.superior_body
        else []
    )
    shown += [Paragraph(markup(line), decree30.CENTRED_BOLD) for line in named]
    shown += [Rule(0.4 * max(fonts.width(line, fonts.BOLD, 13) for line in named), gap=3), Spacer(1, 4)]
    below = (Paragraph(markup(line), decree30.CENTRED) for line in (number, draft) if line)
    return [*shown, *below, Spacer(1, 20)]


def _opening(document: MinutesDocument, form: _Form) -> list[Flowable]:
    story: list[Flowable] = [
        _paragraph(f"{form.started} {_moment(document.started, document.language)}"),
        _paragraph(f"{form.place} {document.place}"),
        _paragraph(form.attendance),
    ]
    story += [_paragraph(text) for text in document.attendance]
    story.append(_paragraph(f"{form.chair} {document.chair}"))
    story.append(_paragraph(f"{form.secretary} {document.secretary}"))
    gathering = document.gathering or form.gathering
    inside = gathering[:1].lower() + gathering[1:]
    story.append(_paragraph(form.proceedings.format(gathering=inside)))
    return story


def _proceedings(document: MinutesDocument, form: _Form) -> list[Flowable]:
    story: list[Flowable] = []
    levels = depths([section.level for section in document.sections])
    for index, (section, depth) in enumerate(zip(document.sections, levels, strict=True), 1):
        heading = Marked(markup(section.title), HEADING if section.level == 0 else SUBHEADING)
        heading.bookmark = (clean(section.title).replace("\n", " "), f"item-{index}", depth)
        # Room for the heading and three lines; "keep with next" would push a long table to a new page.
        story += [CondPageBreak(4 * BODY.leading), heading]
        for block in section.blocks:
            story += _block(block, document.language)
    return story


def _block(block: Block, language: str) -> list[Flowable]:
    match block:
        case Prose(text, at):
            return [*_paragraphs(text, _hour(at, language) if at else "")]
        case Decision(text, label):
            lead = f"<b>{markup(label)}</b> " if label else ""
            return [Barred(lead + markup(text), BOUND)]
        case Figures(caption, columns, rows):
            numbers = min(len(columns) - 1, 4)
            widths = [WIDTH - INDENT - numbers * 30 * mm, *[30 * mm] * numbers]
            table = figures(columns, rows, widths)
            table.hAlign = "RIGHT"
            # The figures of one poll stay on one page; a long table breaks between its rows.
            room = CondPageBreak(20 * (2 + min(len(rows), 12)))
            return [room, *([Paragraph(markup(caption), CAPTION)] if caption else []), table]
        case Names(label, names):
            return [Paragraph(f"<b>{markup(label)}</b> {markup('; '.join(names))}.", SMALL)]


def _close(document: MinutesDocument, form: _Form, boxes: list[SignatureBox]) -> list[Flowable]:
    """The closing sentence, the signatures and the recipients stay together: no page of signatures alone."""
    story: list[Flowable] = []
    if document.ended is not None:
        moment = _moment(document.ended, document.language)
        story.append(
            _paragraph(form.closing.format(gathering=document.gathering or form.gathering, moment=moment))
        )
    if document.signers:
        story += [Spacer(1, 12), SignatureBlock(document.signers, boxes)]
    if document.recipients or document.archive:
        story += decree30.recipients(form.recipients, document.recipients, document.archive or form.archive)
    return [KeepTogether(story)]


def _paragraph(text: str) -> Paragraph:
    return Paragraph(markup(text), BODY)


def _paragraphs(text: str, lead: str) -> Iterable[Flowable]:
    """One paragraph for each line that the secretary wrote; empty lines are only habit."""
    written = [line for line in text.split("\n") if line.strip()] or [""]
    for first, line in zip([lead, *[""] * (len(written) - 1)], written, strict=True):
        yield Paragraph((f"<i>{markup(first)}:</i> " if first else "") + markup(line), BODY)


def _moment(moment: datetime, language: str) -> str:
    if language == "vi":
        return f"{decree30.hour_text(moment)}, {decree30.day_text(moment)}"
    return f"{_hour(moment, language)}, {format_date(moment, 'd MMMM y', locale='en_GB')}"


def _hour(moment: datetime, language: str) -> str:
    return decree30.hour_text(moment) if language == "vi" else f"{moment:%H:%M}"
