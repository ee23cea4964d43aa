"""What can be read about dossiers: the list with what is late, one dossier with its course, the figures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select

from meetings.before.dossier_papers import dossier_papers
from meetings.before.dossiers import local_today, may_take
from meetings.before.working_days import calendar_of
from meetings.rules.dossiers import DossierState, Figures, Timed, days_late, days_used, figures
from meetings.rules.lifecycle import MeetingState
from meetings.rules.permissions import Actor, Right, is_insider
from meetings.rules.procedures import By, Procedure, procedure_of
from meetings.rules.refusals import Refused
from meetings.rules.working_days import Calendar
from meetings.storage.tables import (
    Agency,
    Body,
    Dossier,
    DossierOpinion,
    DossierPaper,
    DossierRun,
    Meeting,
    Person,
)
from meetings.storage.unit_of_work import Reading


@dataclass(frozen=True, slots=True)
class OpinionLine:
    """An opinion of a run. `late`: working days after its last day on which it came, or is missing."""

    row: DossierOpinion
    who: str
    late: int
    mine: bool
    given_by: str = ""


@dataclass(frozen=True, slots=True)
class RunLine:
    """One time at a step. `who` is an agency's name; empty for the secretariat and the chair."""

    row: DossierRun
    who: str
    late: int
    used: int
    opinions: Sequence[OpinionLine] = ()
    ended_by: str = ""


@dataclass(frozen=True, slots=True)
class DossierLine:
    """A dossier in the list. `run` is where it is; `mine`: it waits for the reader."""

    dossier: Dossier
    body: str
    agency: str
    procedure: Procedure
    run: RunLine | None
    mine: bool

    @property
    def late(self) -> int:
        """Working days that its step, or an opinion of it, is late by now."""
        if self.run is None:
            return 0
        missing = [one.late for one in self.run.opinions if not one.row.verdict]
        return max([self.run.late, *missing])


@dataclass(frozen=True, slots=True)
class OpenDossier:
    """One dossier with everything that happened to it."""

    line: DossierLine
    runs: Sequence[RunLine]
    papers: Sequence[DossierPaper]
    acts: frozenset[str]
    """What the reader can do now: `write`, `submit`, `pass`, `return`, `lay`, `withdraw`, `schedule`, `take-off`,
    `admit`."""


def sees(actor: Actor, dossier: Dossier, named: frozenset[UUID]) -> bool:
    """Its agency always; the body's secretariat and chair, and agencies that a step `named`, once it is submitted."""
    if actor.may(Right.CARRY_OUT, agency=dossier.agency_id):
        return True
    inside = is_insider(actor, dossier.body_id) and dossier.submitted_at is not None
    return inside or bool(named & actor.agencies())


async def dossiers_for(reading: Reading, actor: Actor, *, body: UUID | None = None) -> list[DossierLine]:
    """Every dossier that the actor may see: what waits for them first, then the late ones, then the newest."""
    query = (
        select(Dossier, Body.name, Agency.name)
        .join(Body, Body.id == Dossier.body_id)
        .join(Agency, Agency.id == Dossier.agency_id)
        .where(_open_to(actor))
        .order_by(Dossier.begun_at.desc(), Dossier.id)
    )
    if body is not None:
        query = query.where(Dossier.body_id == body)
    rows = (await reading.session.execute(query)).all()
    running = [row[0].id for row in rows if row[0].state == DossierState.RUNNING]
    current = {line.row.dossier_id: line for line in await _runs(reading, actor, running, current=True)}
    lines = [_line(actor, one, of, by, current.get(one.id)) for one, of, by in rows]
    return sorted(lines, key=lambda line: (not line.mine, -line.late))


async def open_dossier(reading: Reading, actor: Actor, dossier: UUID) -> OpenDossier:
    """One dossier, if the actor may see it; otherwise `not-found`."""
    kept = await reading.get(Dossier, dossier)
    runs = await _runs(reading, actor, [dossier])
    agencies = {run.row.agency_id for run in runs} | {
        one.row.agency_id for run in runs for one in run.opinions
    }
    if not sees(actor, kept, frozenset(agency for agency in agencies if agency)):
        raise Refused("not-found")
    body, agency = await reading.get(Body, kept.body_id), await reading.get(Agency, kept.agency_id)
    current = next((run for run in runs if run.row.ended_at is None), None)
    line = _line(actor, kept, body.name, agency.name, current)
    acts = _acts(actor, line) | await _acts_on_draft(reading, actor, kept)
    return OpenDossier(line, runs, await dossier_papers(reading, dossier), acts)


async def _acts_on_draft(reading: Reading, actor: Actor, kept: Dossier) -> frozenset[str]:
    """Off an agenda that is not published by the secretariat's own hand."""
    if kept.state != DossierState.SCHEDULED or not actor.may(Right.PREPARE, body=kept.body_id):
        return frozenset()
    held = await reading.session.get(Meeting, kept.meeting_id)
    return frozenset({"take-off"} if held and held.state == MeetingState.DRAFT else ())


@dataclass(frozen=True, slots=True)
class Punctuality:
    """How dossiers keep their time, by step of a procedure and by who takes it; opinions count with their agency."""

    steps: Sequence[Figures[tuple[str, int, str]]]
    """Keys: procedure, number and name of the step."""
    takers: Sequence[Figures[tuple[str, str]]]
    """Keys: `agency`, `secretariat` or `chair`, and the agency's name."""


async def punctuality(reading: Reading, actor: Actor, *, since: date, until: date) -> Punctuality:
    """The figures of all dossiers that the actor may see, for what began from `since` to `until` (inclusive)."""
    rows = (await reading.session.execute(select(Dossier).where(_open_to(actor)))).scalars().all()
    names = {row.id: procedure_of(row.procedure).name for row in rows}
    runs = [run for run in await _runs(reading, actor, list(names)) if since <= run.row.begun_on <= until]
    kept = [run for run in runs if run.row.outcome != "withdrawn"]
    steps = [
        Timed((names[run.row.dossier_id], run.row.number, run.row.name), _ended(run), run.late, run.used)
        for run in kept
    ]
    takers = [Timed((run.row.taker, run.who), _ended(run), run.late, run.used) for run in kept]
    calendar = await calendar_of(reading)
    for run in kept:
        # an opinion that was cut short by a return is nobody's fault
        counted = [one for one in run.opinions if one.row.verdict or one.row.closed_on is None or one.late]
        takers += [
            Timed((one.row.taker, one.who), one.row.verdict != "" or one.row.closed_on is not None, one.late,
                  days_used(one.row.begun_on, one.row.given_on or one.row.closed_on, reading.today, calendar))
            for one in counted
        ]  # fmt: skip
    return Punctuality(
        sorted(figures(steps), key=lambda line: line.key),
        sorted(figures(takers), key=lambda line: (line.key[0] != By.AGENCY, line.key)),
    )


def _ended(run: RunLine) -> bool:
    return run.row.ended_on is not None


def _open_to(actor: Actor) -> ColumnElement[bool]:
    inside = actor.bodies(Right.PREPARE) | actor.bodies(Right.RUN_ROOM)
    own = actor.agencies()
    at_step = select(DossierRun.dossier_id).where(DossierRun.agency_id.in_(own))
    asked = select(DossierOpinion.dossier_id).where(DossierOpinion.agency_id.in_(own))
    return or_(
        Dossier.agency_id.in_(own),
        Dossier.body_id.in_(inside) & Dossier.submitted_at.is_not(None),
        Dossier.id.in_(at_step),
        Dossier.id.in_(asked),
    )


def _line(actor: Actor, dossier: Dossier, body: str, agency: str, run: RunLine | None) -> DossierLine:
    return DossierLine(
        dossier, body, agency, procedure_of(dossier.procedure), run, _waits(actor, dossier, run)
    )


def _waits(actor: Actor, dossier: Dossier, run: RunLine | None) -> bool:
    match dossier.state:
        case DossierState.DRAFT | DossierState.RETURNED:
            return actor.may(Right.CARRY_OUT, agency=dossier.agency_id)
        case DossierState.RUNNING if run is not None:
            asked = any(one.mine and not one.row.verdict for one in run.opinions)
            return asked or may_take(actor, dossier, run.row.taker, run.row.agency_id)
        case DossierState.ACCEPTED:
            return actor.may(Right.PREPARE, body=dossier.body_id)
        case DossierState.AWAITING_CHAIR:
            return actor.may(Right.RUN_ROOM, body=dossier.body_id)
        case _:
            return False


def _acts(actor: Actor, line: DossierLine) -> frozenset[str]:
    dossier, run = line.dossier, line.run
    owns = actor.may(Right.CARRY_OUT, agency=dossier.agency_id)
    prepares = actor.may(Right.PREPARE, body=dossier.body_id)
    with_agency = dossier.state in (DossierState.DRAFT, DossierState.RETURNED)
    takes = run is not None and may_take(actor, dossier, run.row.taker, run.row.agency_id)
    found = {
        "write": owns and with_agency,
        "submit": owns and with_agency,
        "lay": (owns and with_agency) or takes,
        "pass": takes,
        "return": run is not None and (takes or prepares),
        "withdraw": owns and dossier.state not in (DossierState.SCHEDULED, DossierState.WITHDRAWN),
        "schedule": prepares and dossier.state == DossierState.ACCEPTED,
        "admit": dossier.state == DossierState.AWAITING_CHAIR
        and actor.may(Right.RUN_ROOM, body=dossier.body_id),
    }
    return frozenset(act for act, possible in found.items() if possible)


async def _runs(
    reading: Reading, actor: Actor, dossiers: Sequence[UUID], *, current: bool = False
) -> list[RunLine]:
    """The runs of these dossiers with their opinions, in the order in which they happened."""
    if not dossiers:
        return []
    query = (
        select(DossierRun, Dossier, Agency.name, Person.name)
        .join(Dossier, Dossier.id == DossierRun.dossier_id)
        .outerjoin(Agency, Agency.id == DossierRun.agency_id)
        .outerjoin(Person, Person.id == DossierRun.ended_by)
        .where(DossierRun.dossier_id.in_(dossiers))
        .order_by(DossierRun.dossier_id, DossierRun.order)
    )
    if current:
        query = query.where(DossierRun.ended_at.is_(None))
    rows = (await reading.session.execute(query)).all()
    calendar = await calendar_of(reading)
    todays = {
        body: await local_today(reading, one)
        for body, one in {row[1].body_id: row[1] for row in rows}.items()
    }
    opinions = await _opinions(reading, actor, [row[0].id for row in rows], calendar, todays)
    return [
        RunLine(
            row=run, who=who or "", late=days_late(run.due, run.ended_on, todays[dossier.body_id], calendar),
            used=days_used(run.begun_on, run.ended_on, todays[dossier.body_id], calendar),
            opinions=opinions.get(run.id, ()), ended_by=ended_by or "",
        )
        for run, dossier, who, ended_by in rows
    ]  # fmt: skip


async def _opinions(
    reading: Reading, actor: Actor, runs: Sequence[UUID], calendar: Calendar, todays: dict[UUID, date]
) -> dict[UUID, list[OpinionLine]]:
    rows = await reading.session.execute(
        select(DossierOpinion, Dossier, Agency.name, Person.name)
        .join(Dossier, Dossier.id == DossierOpinion.dossier_id)
        .outerjoin(Agency, Agency.id == DossierOpinion.agency_id)
        .outerjoin(Person, Person.id == DossierOpinion.given_by)
        .where(DossierOpinion.run_id.in_(runs))
        .order_by(DossierOpinion.position)
    )
    found: dict[UUID, list[OpinionLine]] = defaultdict(list)
    for row, dossier, who, given_by in rows.all():
        today = todays[dossier.body_id]
        late = days_late(row.due, row.given_on or row.closed_on, today, calendar)
        mine = may_take(actor, dossier, row.taker, row.agency_id)
        found[row.run_id].append(OpinionLine(row, who or "", late, mine, given_by or ""))
    return found
