"""How dossiers, their runs, opinions and documents are told."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from meetings.api.contract import Answer
from meetings.before import dossier_lists
from meetings.before.dossier_lists import open_dossier
from meetings.rules.permissions import Actor
from meetings.storage import tables
from meetings.storage.unit_of_work import Reading


class DossierLine(Answer):
    """`state`: `draft`, `running`, `returned`, `accepted`, `awaiting_chair`, `scheduled`, `withdrawn`.

    `step` is the number of the step it is at, else 0; `due` its last day; `days_late` working days that the step or an
    opinion is late; `mine`: it waits for the reader.
    """

    id: UUID
    body: UUID
    agency: UUID
    agency_name: str
    procedure: UUID
    procedure_name: str
    title: str
    state: str
    step: int
    step_name: str
    due: date | None
    days_late: int
    mine: bool
    meeting: UUID | None
    item: UUID | None
    begun_at: datetime
    submitted_at: datetime | None
    accepted_at: datetime | None


class Dossiers(Answer):
    items: list[DossierLine]
    next: str | None


class Opinion(Answer):
    """`taker`: `agency`, `secretariat` or `chair`; `closed_on`: its step ended without it."""

    id: UUID
    topic: str
    taker: str
    agency: UUID | None
    due: date
    days_late: int
    verdict: str
    text: str
    given_by: str
    given_on: date | None
    closed_on: date | None


class Run(Answer):
    """One time at a step. `outcome`: `passed`, `returned`, `withdrawn`, empty while it lasts."""

    number: int
    name: str
    taker: str
    agency: UUID | None
    begun_on: date
    due: date
    ended_on: date | None
    ended_by: str
    days_used: int
    days_late: int
    outcome: str
    returned_to: int | None
    note: str
    opinions: list[Opinion]


class DossierPaper(Answer):
    """A document; `kind`: `statement`, `draft`, `opinion` or `annex`; `file` is where its bytes are."""

    id: UUID
    kind: str
    title: str
    version: int
    filename: str
    sha256: str
    size: int
    pages: int
    laid_at: datetime
    file: str


class Dossier(DossierLine):
    """With its words, documents and course; `acts` are what the reader can do now."""

    text: str
    presenter: str
    reason: str
    papers: list[DossierPaper]
    runs: list[Run]
    acts: list[str]


def dossier_line(line: dossier_lists.DossierLine) -> dict[str, Any]:
    """The fields of a line."""
    row, run = line.dossier, line.run
    return {
        "id": row.id, "body": row.body_id, "agency": row.agency_id, "agency_name": line.agency,
        "procedure": row.procedure_id, "procedure_name": line.procedure.name, "title": row.title, "state": row.state,
        "step": row.step, "step_name": run.row.name if run else "", "due": run.row.due if run else None,
        "days_late": line.late, "mine": line.mine,
        "meeting": row.meeting_id, "item": row.item_id if row.meeting_id else None,
        "begun_at": row.begun_at, "submitted_at": row.submitted_at, "accepted_at": row.accepted_at,
    }  # fmt: skip


async def dossier_in_full(reading: Reading, actor: Actor, dossier: UUID) -> Dossier:
    """Everything about one dossier that is open to the actor."""
    opened = await open_dossier(reading, actor, dossier)
    row = opened.line.dossier
    return Dossier(
        **dossier_line(opened.line), text=row.text, presenter=row.presenter, reason=row.reason,
        papers=[paper_of(paper) for paper in opened.papers], runs=[_run(run) for run in opened.runs],
        acts=sorted(opened.acts),
    )  # fmt: skip


def paper_of(row: tables.DossierPaper) -> DossierPaper:
    """A document as it stands."""
    return DossierPaper(
        id=row.id, kind=row.kind, title=row.title, version=row.number, filename=row.filename, sha256=row.sha256,
        size=row.size, pages=row.pages, laid_at=row.laid_at, file=f"/api/v1/dossier-papers/{row.id}/file",
    )  # fmt: skip


def _run(run: dossier_lists.RunLine) -> Run:
    row = run.row
    return Run(
        number=row.number, name=row.name, taker=row.taker, agency=row.agency_id, begun_on=row.begun_on, due=row.due,
        ended_on=row.ended_on, ended_by=run.ended_by, days_used=run.used, days_late=run.late, outcome=row.outcome,
        returned_to=row.returned_to, note=row.note, opinions=[_opinion(one) for one in run.opinions],
    )  # fmt: skip


def _opinion(one: dossier_lists.OpinionLine) -> Opinion:
    row = one.row
    return Opinion(
        id=row.id, topic=row.topic, taker=row.taker, agency=row.agency_id, due=row.due, days_late=one.late,
        verdict=row.verdict, text=row.text, given_by=one.given_by, given_on=row.given_on, closed_on=row.closed_on,
    )  # fmt: skip
