"""Consultations as the interface tells them: their shapes, and who is told what."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar.datastructures import UploadFile

from meetings.api.contract import Answer, Asked, Line, Prose
from meetings.before.consultation_reading import OpenedConsultation, read_consultation
from meetings.before.opinions import count_of
from meetings.language import gettext, text
from meetings.rules.consultations import ConsultationState
from meetings.rules.majority import stored_rule
from meetings.rules.outcome import REASONS
from meetings.rules.permissions import Actor
from meetings.storage.unit_of_work import Reading

LocalTime = Annotated[str, msgspec.Meta(max_length=32, pattern=r"^[^\x00]*$")]


class ConsultationLine(Answer):
    id: UUID
    body: UUID
    number: str
    """`03/2026`; empty while it is a draft."""
    title: str
    state: ConsultationState
    closes: str
    """Local time of the body, without offset; `closes_at` is the same moment."""
    closes_at: datetime
    waits: bool
    """Whether the reader's own opinion is missing."""


class ConsultationList(Answer):
    items: list[ConsultationLine]
    next: str | None


class ConsultationFile(Answer):
    id: UUID
    title: str
    filename: str
    sha256: str
    size: int
    pages: int
    file: str


class Option(Answer):
    code: str
    label: str


class OwnOpinion(Answer):
    choice: str
    comment: str
    at: datetime
    receipt: str
    revision: int
    on_paper: bool
    """Entered by the secretariat from paper, and confirmed by a second person."""
    file: str | None
    """The signed ballot, or the scan."""


class Opinion(Answer):
    """One member's answer, as the chair and the secretaries see it; `choice` is null where none has come.

    Who stands aside (`recused`) has no ballot.
    """

    person: UUID
    name: str
    recused: bool
    reason: str
    """Why the member stands aside."""
    choice: str | None
    comment: str
    at: datetime | None
    on_paper: bool
    file: str | None


class Entered(Answer):
    """What was entered from paper and waits for a second person."""

    id: UUID
    person: UUID
    name: str
    choice: str
    comment: str
    file: str | None
    entered_by: UUID
    entered_at: datetime


class ConsultationOutcome(Answer):
    adopted: bool
    code: str
    reason: str
    percent: str


class Consultation(ConsultationLine):
    text: str
    choices: list[Option]
    papers: list[ConsultationFile]
    opened_at: datetime | None
    closed_at: datetime | None
    seats: int | None
    own: OwnOpinion | None
    tally: dict[str, int] | None
    """Weights by choice. To the chair and the secretaries as they stand, to members with the published announcement."""
    not_cast: int | None
    outcome: ConsultationOutcome | None
    signed: bool
    """Whether only signed opinions count."""
    stands_aside: bool
    """Whether the reader does: no ballot, no papers."""
    aside: list[str] | None
    """Names of those who stood aside, with the outcome."""
    opinions: list[Opinion] | None
    """To the chair and the secretaries, as is `entered`."""
    entered: list[Entered] | None
    meeting: UUID | None
    item: UUID | None
    reason: str


class NewConsultation(Asked):
    body: UUID
    title: Line
    closes: LocalTime
    text: Prose = ""
    signed: bool = False


class ConsultationChange(Asked):
    title: Line | None = None
    closes: LocalTime | None = None
    text: Prose | None = None
    signed: bool | None = None


class GivenOpinion(Asked):
    choice: Line
    key: UUID
    comment: Prose = ""


class SignedOpinion(Asked):
    """The passphrase opens the member's key for this one call and is kept nowhere."""

    choice: Line
    key: UUID
    passphrase: Line
    comment: Prose = ""


class Aside(Asked):
    """Without a person it is the sender who stands aside; for another a reason is needed."""

    person: UUID | None = None
    reason: Prose = ""


class Extension(Asked):
    closes: LocalTime
    reason: Prose


class OntoAgenda(Asked):
    meeting: UUID


class Conversion(Asked):
    meeting: UUID
    reason: Prose


@dataclass
class Laid:
    file: UploadFile
    title: str = ""


@dataclass
class OnPaper:
    """`scan` may be left out where no signature is asked for."""

    person: UUID
    choice: str
    comment: str = ""
    scan: UploadFile | None = None


def number_of(number: int | None, year: int | None) -> str:
    return f"{number:02d}/{year}" if number else ""


async def told(reading: Reading, actor: Actor, consultation: UUID) -> Consultation:
    opened = await read_consultation(reading, actor, consultation)
    kept, own = opened.consultation, opened.own
    tally, missing = _tally(opened)
    outcome = kept.outcome if opened.told else None
    return Consultation(
        id=kept.id, body=kept.body_id, number=number_of(kept.number, kept.year), title=kept.title, text=kept.text,
        state=ConsultationState(kept.state), closes=kept.closes_local, closes_at=kept.closes_at,
        waits=kept.state == ConsultationState.OPEN and opened.asked and not opened.aside and own is None,
        choices=[Option(code=one.code, label=gettext(one.label)) for one in stored_rule(kept.rule).choices],
        papers=[
            ConsultationFile(
                id=one.id, title=one.title, filename=one.filename, sha256=one.sha256, size=one.size, pages=one.pages,
                file=f"/api/v1/consultations/{kept.id}/papers/{one.id}/file",
            )
            for one in opened.papers
        ],
        opened_at=kept.opened_at, closed_at=kept.closed_at, seats=kept.seats,
        own=OwnOpinion(
            choice=own.choice, comment=own.comment, at=own.cast_at, receipt=own.receipt, revision=own.revision,
            on_paper=own.entered_by is not None, file=_file(kept.id, own.id if own.file_sha256 else None),
        ) if own else None,
        tally=tally, not_cast=missing,
        outcome=ConsultationOutcome(
            adopted=outcome["adopted"], code=outcome["code"], percent=outcome["percent"],
            reason=text(REASONS[outcome["reason"]], **outcome["facts"]),
        ) if outcome else None,
        signed=kept.signed, stands_aside=opened.aside,
        aside=list(kept.tally.get("aside", ())) if opened.told and kept.tally else None,
        opinions=[
            Opinion(
                person=one.person, name=one.name, recused=one.recused, reason=one.recusal_reason,
                choice=one.choice or None, comment=one.comment, at=one.cast_at, on_paper=one.on_paper,
                file=_file(kept.id, one.opinion if one.file else None),
            )
            for one in opened.answers
        ] if opened.insider else None,
        entered=[
            Entered(
                id=one.id, person=one.person, name=one.name, choice=one.choice, comment=one.comment,
                file=_file(kept.id, one.id if one.scan else None), entered_by=one.entered_by, entered_at=one.entered_at,
            )
            for one in opened.entered
        ] if opened.insider else None,
        meeting=opened.meeting.id if opened.meeting else None, item=opened.item.id if opened.item else None,
        reason=kept.reason,
    )  # fmt: skip


def _file(consultation: UUID, opinion: UUID | None) -> str | None:
    return f"/api/v1/consultations/{consultation}/opinions/{opinion}/file" if opinion else None


def _tally(opened: OpenedConsultation) -> tuple[dict[str, int] | None, int | None]:
    kept = opened.consultation
    if opened.told and kept.tally:
        return dict(kept.tally["weights"]), kept.tally["not_cast"]
    if opened.insider and kept.state == ConsultationState.OPEN:
        count = count_of(kept, opened.answers)
        return dict(count.weights), count.not_cast
    return None, None
