"""A member's written opinion as a document: the form "Phiếu lấy ý kiến" in the look of Decree 30/2020/NĐ-CP.

Empty it is printed, filled in and signed by hand; filled in it is signed with the member's key. The words of the form
stand here, those of the question come with the document.
"""

# The libraries tell few of their types.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from babel.dates import format_date
from reportlab.platypus import Flowable, KeepTogether, Paragraph, Spacer, Table

from meetings.pdf import decree30, fonts
from meetings.pdf.archival import archival
from meetings.pdf.decree30 import BODY, WIDTH, Rendered, SignatureBlock, SignatureBox, SignatureField, Signer
from meetings.pdf.layout import Rule, balanced, clean, markup
from meetings.pdf.signing import SignerFacts, prepare, sign

BOX = 16
DOTTED = "." * 110
"""A line to write on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionBallot:
    """All that a ballot says. Times carry the offset of the body. Without a `choice` it is to be filled in by hand."""

    issuing_body: str
    symbol: str
    number: int | None
    question: str
    text: str
    member: str
    deadline: datetime
    choices: tuple[tuple[str, str], ...]
    """Code and words of each choice, in the body's language."""
    given: datetime
    """When it is signed; of the empty form when it is printed."""
    superior_body: str = ""
    town: str = ""
    choice: str = ""
    comment: str = ""
    language: str = "vi"


@dataclass(frozen=True, slots=True)
class _Form:
    kind: str
    number: str
    member: str
    deadline: str
    proposed: str
    opinion: str
    comment: str
    post: str
    back: str


_FORMS = {
    "vi": _Form(
        kind="PHIẾU LẤY Ý KIẾN",
        number="Số: {number}",
        member="Họ và tên thành viên được lấy ý kiến: {name}",
        deadline="Đề nghị gửi lại phiếu trước {moment}.",
        proposed="Nội dung:",
        opinion="Ý kiến của thành viên (đánh dấu X vào một ô):",
        comment="Ý kiến cụ thể:",
        post="Thành viên",
        back="Phiếu đã ký được gửi lại {body}.",
    ),
    "en": _Form(
        kind="WRITTEN OPINION",
        number="No. {number}",
        member="Member asked: {name}",
        deadline="Please return this ballot before {moment}.",
        proposed="What is proposed:",
        opinion="Opinion of the member (mark one box with X):",
        comment="Comments:",
        post="Member",
        back="The signed ballot goes back to {body}.",
    ),
}


def render(ballot: OpinionBallot) -> Rendered:
    """The ballot with room for one signature; the same ballot gives the same bytes."""
    fonts.register()
    form = _FORMS[ballot.language]
    boxes: list[SignatureBox] = []
    story = [
        *_head(ballot, form),
        *_question(ballot, form),
        *_opinion(ballot, form),
        *_close(ballot, form, boxes),
    ]
    title = clean(f"{form.kind.capitalize()}: {ballot.question}").replace("\n", " ")
    author = clean(ballot.issuing_body).replace("\n", " ")
    raw, pages = decree30.build(story, title=title, author=author, language=ballot.language)
    finished = archival(raw, title=title, author=author, language=ballot.language, created=ballot.given)
    return Rendered(finished, tuple(boxes), pages)


def blank(ballot: OpinionBallot) -> bytes:
    """The form to be printed and filled in by hand."""
    return render(ballot).pdf


def signed(
    ballot: OpinionBallot, pkcs12: bytes, passphrase: str, facts: SignerFacts, timestamp_url: str | None
) -> bytes:
    """The ballot, signed with its member's key; refused as `pdf.signing.sign` says."""
    prepared = prepare(render(ballot))
    return sign(prepared, SignatureField.MEMBER, pkcs12, passphrase, facts, timestamp_url=timestamp_url)


def _head(ballot: OpinionBallot, form: _Form) -> list[Flowable]:
    number = form.number.format(number=decree30.number_text(ballot.number, ballot.symbol))
    if ballot.language == "vi":
        day = decree30.day_text(ballot.given)
        placed = f"{ballot.town}, {day}" if ballot.town else day
        return [
            *decree30.header(ballot.superior_body, ballot.issuing_body, number, placed),
            *decree30.title(form.kind, ballot.question),
        ]
    named = balanced(ballot.issuing_body.upper(), fonts.BOLD, 13, WIDTH)
    shown: list[Flowable] = [Paragraph(markup(line), decree30.CENTRED_BOLD) for line in named]
    shown += [Rule(0.4 * max(fonts.width(line, fonts.BOLD, 13) for line in named), gap=3), Spacer(1, 4)]
    given = format_date(ballot.given, "d MMMM y", locale="en_GB")
    shown += [Paragraph(markup(line), decree30.CENTRED) for line in (number, given)]
    return [*shown, Spacer(1, 20), *decree30.title(form.kind, ballot.question)]


def _question(ballot: OpinionBallot, form: _Form) -> list[Flowable]:
    said = [form.member.format(name=ballot.member)]
    if ballot.text:
        said += [form.proposed, *(line for line in ballot.text.splitlines() if line.strip())]
    if not ballot.choice:
        said.append(form.deadline.format(moment=_moment(ballot.deadline, ballot.language)))
    return [Paragraph(markup(line), BODY) for line in said]


def _opinion(ballot: OpinionBallot, form: _Form) -> list[Flowable]:
    """A box for each choice, then the words beside it, or lines to write them on."""
    words = ballot.comment.splitlines() if ballot.choice else [DOTTED] * 4
    shown: list[Flowable] = [
        Paragraph(markup(form.opinion), BODY),
        *(_choice(label, marked=code == ballot.choice) for code, label in ballot.choices),
        Spacer(1, 6),
    ]
    if words:
        shown.append(Paragraph(markup(form.comment), BODY))
    return [*shown, *(Paragraph(markup(line), BODY) for line in words if line.strip())]


def _choice(label: str, *, marked: bool) -> Table:
    style: list[tuple[Any, ...]] = [
        ("FONT", (0, 0), (-1, -1), fonts.REGULAR, 14),
        ("FONT", (0, 0), (0, 0), fonts.BOLD, 12),
        ("BOX", (0, 0), (0, 0), 0.8, "black"),
        ("ALIGN", (0, 0), (0, 0), "CENTER"),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        *(
            (side, (0, 0), (0, 0), 0)
            for side in ("LEFTPADDING", "RIGHTPADDING", "TOPPADDING", "BOTTOMPADDING")
        ),
        ("LEFTPADDING", (1, 0), (1, 0), 10),
    ]
    return Table(
        [["X" if marked else "", clean(label)]],
        colWidths=(BOX, WIDTH - decree30.INDENT * 2 - BOX),
        rowHeights=(BOX,),
        style=style,
        spaceBefore=2,
        spaceAfter=6,
    )


def _close(ballot: OpinionBallot, form: _Form, boxes: list[SignatureBox]) -> list[Flowable]:
    """Where it goes back on the left, the signature on the right."""
    column = WIDTH / 2
    signer = Signer(SignatureField.MEMBER, (form.post,), ballot.member)
    back: list[Flowable] = []
    if not ballot.choice:
        back = [
            Spacer(1, 4),
            Paragraph(markup(form.back.format(body=ballot.issuing_body)), decree30.RECIPIENTS),
        ]
    block = decree30.columns([[back, [SignatureBlock((signer,), boxes, column)]]], (column, column))
    return [KeepTogether([Spacer(1, 10), block])]


def _moment(moment: datetime, language: str) -> str:
    if language == "vi":
        return f"{decree30.hour_text(moment)}, {decree30.day_text(moment)}"
    return f"{moment:%H:%M}, {format_date(moment, 'd MMMM y', locale='en_GB')}"
