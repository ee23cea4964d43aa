"""The notice of a meeting as a document: form 1.7 (Giấy mời) of Decree 30/2020/NĐ-CP, or a plain form in English.

The words of a form are the law's (or the plain form's), so they stand here and not in a catalogue.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from babel.dates import format_date
from reportlab.platypus import Flowable, KeepTogether, Paragraph, Spacer

from meetings.pdf import decree30, fonts
from meetings.pdf.archival import archival
from meetings.pdf.decree30 import BODY, WIDTH
from meetings.pdf.layout import Rule, balanced, clean, markup


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeDocument:
    """All that a notice says. Times carry the offset of the place of the meeting and are printed as they are."""

    issuing_body: str
    symbol: str
    """What stands behind the number, `GM-HĐND`; the number itself is given by the register of outgoing documents."""
    meeting_name: str
    invited: str
    """Whom it invites: a person with office, or the members."""
    chair: str
    starts: datetime
    place: str
    issued: datetime
    superior_body: str = ""
    ends: datetime | None = None
    agenda: tuple[str, ...] = ()
    reply_by: datetime | None = None
    signer_post: tuple[str, ...] = ()
    signer: str = ""
    archive: str = ""
    cancelled: bool = False
    language: str = "vi"


@dataclass(frozen=True, slots=True)
class _Form:
    kind: str
    number: str
    subject: str
    invites: str
    to: str
    chair: str
    starts: str
    until: str
    place: str
    agenda: str
    reply: str
    closing: str
    cancelled: str
    recipients: str
    as_above: str
    archive: str


_FORMS = {
    "vi": _Form(
        kind="GIẤY MỜI",
        number="Số: {number}",
        subject="Dự {name}",
        invites="{body} trân trọng kính mời: {invited}",
        to="Tới dự: {name}",
        chair="Chủ trì: {chair}",
        starts="Thời gian: {moment}",
        until="{moment}; dự kiến kết thúc lúc {end}",
        place="Địa điểm: {place}",
        agenda="Nội dung:",
        reply="Đề nghị trả lời việc tham dự trước {moment}.",
        closing="{body} kính mời và đề nghị tham dự đúng thành phần, đúng giờ./.",
        cancelled="ĐÃ HỦY",
        recipients="Nơi nhận:",
        as_above="Như trên",
        archive="Lưu: VT",
    ),
    "en": _Form(
        kind="NOTICE OF MEETING",
        number="No. {number}",
        subject="{name}",
        invites="{body} has the honour to invite: {invited}",
        to="To: {name}",
        chair="Chair: {chair}",
        starts="Time: {moment}",
        until="{moment}, planned to end at {end}",
        place="Place: {place}",
        agenda="Agenda:",
        reply="A reply is requested by {moment}.",
        closing="You are requested to attend in time.",
        cancelled="CANCELLED",
        recipients="Distribution:",
        as_above="As above",
        archive="File copy",
    ),
}


def render(document: NoticeDocument) -> bytes:
    """The notice as PDF with embedded fonts; the same notice gives the same bytes."""
    fonts.register()
    form = _FORMS[document.language]
    story = [*_head(document, form), *_call(document, form), *_close(document, form)]
    title = clean(f"{form.kind.capitalize()} {document.meeting_name}").replace("\n", " ")
    author = clean(document.issuing_body).replace("\n", " ")
    raw, _ = decree30.build(story, title=title, author=author, language=document.language)
    return archival(raw, title=title, author=author, language=document.language, created=document.issued)


def _head(document: NoticeDocument, form: _Form) -> list[Flowable]:
    number = form.number.format(number=decree30.number_text(None, document.symbol))
    draft = form.cancelled if document.cancelled else ""
    subject = decree30.title(form.kind, form.subject.format(name=document.meeting_name))
    if document.language == "vi":
        day = decree30.day_text(document.issued)
        return [*decree30.header(document.superior_body, document.issuing_body, number, day, draft), *subject]
    named = balanced(document.issuing_body.upper(), fonts.BOLD, 13, WIDTH)
    shown: list[Flowable] = [Paragraph(markup(line), decree30.CENTRED_BOLD) for line in named]
    shown += [Rule(0.4 * max(fonts.width(line, fonts.BOLD, 13) for line in named), gap=3), Spacer(1, 4)]
    issued = format_date(document.issued, "d MMMM y", locale="en_GB")
    shown += [Paragraph(markup(line), decree30.CENTRED) for line in (number, issued, draft) if line]
    return [*shown, Spacer(1, 20), *subject]


def _call(document: NoticeDocument, form: _Form) -> list[Flowable]:
    when = _moment(document.starts, document.language)
    if document.ends is not None:
        when = form.until.format(moment=when, end=_end(document))
    lines = [
        form.invites.format(body=document.issuing_body, invited=document.invited),
        form.to.format(name=document.meeting_name),
        form.chair.format(chair=document.chair) if document.chair else "",
        form.starts.format(moment=when),
        form.place.format(place=document.place) if document.place else "",
        form.agenda if document.agenda else "",
        *document.agenda,
    ]
    return [Paragraph(markup(line), BODY) for line in lines if line]


def _close(document: NoticeDocument, form: _Form) -> list[Flowable]:
    """The last sentences, then recipients on the left and the signature on the right; never on a page alone."""
    story: list[Flowable] = []
    if document.reply_by is not None:
        moment = _moment(document.reply_by, document.language)
        story.append(Paragraph(markup(form.reply.format(moment=moment)), BODY))
    story.append(Paragraph(markup(form.closing.format(body=document.issuing_body)), BODY))
    left = decree30.recipients(form.recipients, [form.as_above], document.archive or form.archive)
    column = WIDTH / 2
    right = decree30.signed_by(document.signer_post, document.signer, column)
    return [KeepTogether([*story, Spacer(1, 6), decree30.columns([[left, right]], (column, column))])]


def _moment(moment: datetime, language: str) -> str:
    if language == "vi":
        weekday = format_date(moment, "EEEE", locale="vi").lower()
        return f"{decree30.hour_text(moment)}, {weekday}, {decree30.day_text(moment)}"
    return f"{moment:%H:%M}, {format_date(moment, 'EEEE d MMMM y', locale='en_GB')}"


def _end(document: NoticeDocument) -> str:
    """The planned end: the hour alone on the day of the start."""
    end = document.ends or document.starts
    if end.date() != document.starts.date():
        return _moment(end, document.language)
    return decree30.hour_text(end) if document.language == "vi" else f"{end:%H:%M}"
