"""Members are asked for their written opinion outside a meeting. All of it stands in the house's own chain."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from meetings.rules.events.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class _OfConsultation(Event):
    stage: ClassVar[bool] = False
    consultation: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultationDrafted(_OfConsultation):
    body: str
    closes: str
    """Local time of the body, without offset."""
    zone: str
    signed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultationChanged(_OfConsultation):
    changes: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultationPaperLaid(_OfConsultation):
    paper: str
    paper_title: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultationPaperRemoved(_OfConsultation):
    paper: str
    paper_title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultationHandedToChair(_OfConsultation):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultationOpened(_OfConsultation):
    number: int
    year: int
    rule: str
    seats: int
    in_office: int
    eligible: int
    closes: str
    papers: list[str]
    """SHA-256 of the files that the opinions are about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenOpinionGiven(_OfConsultation):
    voter: str
    choice: str
    comment: str
    revision: int
    receipt: str
    file: str = ""
    """SHA-256 of the signed ballot, or of the scan of the one on paper."""
    entered_by: str = ""
    confirmed_by: str = ""
    """Names of the two who entered what stood on paper; empty for an opinion given on a device."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperOpinionEntered(_OfConsultation):
    """What a member answered on paper was written down; it waits for a second person. The choice is told then."""

    person: str
    person_name: str
    entered_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperOpinionDropped(_OfConsultation):
    person: str
    person_name: str
    dropped_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultationRecusalDeclared(_OfConsultation):
    """A member stands aside: no ballot, no papers. An opinion given before counts for nothing."""

    person: str
    person_name: str
    reason: str
    by_member: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultationRecusalLifted(_OfConsultation):
    person: str
    person_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingOpinionsReminded(_OfConsultation):
    missing: int
    by_clock: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultationExtended(_OfConsultation):
    closes: str
    before: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultationClosed(_OfConsultation):
    cast: int
    not_cast: int
    code: str
    reason: str
    facts: dict[str, int | str]
    choices: dict[str, int]
    missing: list[str]
    """The members whose ballot had not come by the deadline."""
    recused: list[str] = field(default_factory=list[str])
    """The members who stood aside."""
    by_clock: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultationPutOnAgenda(_OfConsultation):
    """Its outcome is an item of a meeting, which announces it."""

    meeting: str
    item: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultationAnnounced(_OfConsultation):
    meeting: str
    item: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultationConverted(_OfConsultation):
    """The matter is an item of a meeting instead."""

    meeting: str
    item: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultationWithdrawn(_OfConsultation):
    reason: str
