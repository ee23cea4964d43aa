"""Procedures and dossiers: on the house's own chain, until a dossier comes onto an agenda."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from meetings.rules.events.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcedureWritten(Event):
    """A procedure is new or changed; `version` counts its changes."""

    stage: ClassVar[bool] = False
    procedure: str
    title: str
    version: int
    steps: int
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcedureRetired(Event):
    stage: ClassVar[bool] = False
    procedure: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierBegun(Event):
    stage: ClassVar[bool] = False
    dossier: str
    title: str
    procedure: str
    agency_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierChanged(Event):
    stage: ClassVar[bool] = False
    dossier: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierSubmitted(Event):
    stage: ClassVar[bool] = False
    dossier: str
    title: str
    procedure: str
    agency_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierStepBegun(Event):
    """The dossier is at a step; opinions are asked for at the same moment."""

    stage: ClassVar[bool] = False
    dossier: str
    title: str
    number: int
    step: str
    run: str
    due: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierStepPassed(Event):
    stage: ClassVar[bool] = False
    dossier: str
    title: str
    number: int
    step: str
    late: int
    """Working days beyond the step's last day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierReturned(Event):
    """`to` is the number of an earlier step, 0 for the agency that submitted it."""

    stage: ClassVar[bool] = False
    dossier: str
    title: str
    number: int
    to: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionGiven(Event):
    stage: ClassVar[bool] = False
    dossier: str
    title: str
    topic: str
    verdict: str
    by: str
    """The name of the agency, or of the body whose secretariat speaks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierPaperLaid(Event):
    stage: ClassVar[bool] = False
    dossier: str
    title: str
    version: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierPaperTaken(Event):
    """A document was taken out of the dossier; its bytes stay on record."""

    stage: ClassVar[bool] = False
    dossier: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierAccepted(Event):
    stage: ClassVar[bool] = False
    dossier: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierWithdrawn(Event):
    stage: ClassVar[bool] = False
    dossier: str
    title: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LateDossierProposed(Event):
    """The secretariat asks the chair to admit it to a meeting whose agenda stands."""

    stage: ClassVar[bool] = False
    dossier: str
    title: str
    meeting: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LateDossierRefused(Event):
    stage: ClassVar[bool] = False
    dossier: str
    title: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierCameBack(Event):
    """Its item or its meeting came to nothing: it is accepted as before, and waits for another agenda."""

    stage: ClassVar[bool] = False
    dossier: str
    title: str
    reason: str
    """Why the item left the agenda; may be empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierScheduled(Event):
    """On the meeting's own chain, behind the event of its item. `late`: the chair admitted it."""

    stage: ClassVar[bool] = False
    dossier: str
    title: str
    item: str
    number: str
    agency_name: str
    late: bool
