"""A work programme as it stands: each entry with its dossier, item and consultation, and the whole in numbers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, select

from meetings.before.programme_facts import may_read, must_read, period
from meetings.before.scheduling import sees
from meetings.before.working_days import calendar_of
from meetings.rules.consultations import ConsultationState
from meetings.rules.deadlines import periods_of
from meetings.rules.dossiers import DossierState
from meetings.rules.lifecycle import ItemState, MeetingState
from meetings.rules.permissions import Actor, Right, is_insider
from meetings.rules.visibility import audience_of, shows
from meetings.rules.work_programme import (
    ChangeKind,
    Course,
    EntryState,
    Figures,
    Period,
    Standing,
    figures,
    standing,
    submit_by,
)
from meetings.rules.working_days import YEARS, Calendar, working_days_late
from meetings.storage.tables import (
    Agency,
    Body,
    Consultation,
    Dossier,
    Item,
    Meeting,
    ProgrammeChange,
    ProgrammeCooperation,
    ProgrammeEntry,
    WorkProgramme,
)
from meetings.storage.unit_of_work import Reading

GONE = (ItemState.WITHDRAWN, ItemState.POSTPONED, ItemState.REFERRED)
"""An item that left its agenda no longer stands for its entry."""
ANSWERED = (ConsultationState.CLOSED, ConsultationState.ANNOUNCED)
NOT_ASKED = (ConsultationState.CONVERTED, ConsultationState.WITHDRAWN)
PRIVATE = (DossierState.DRAFT, DossierState.WITHDRAWN)
"""Of a dossier in these states only its agency knows, or nobody wants it any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An entry as this reader may know it."""

    entry: ProgrammeEntry
    period: Period
    standing: Standing
    agency: str
    """Who drafts; the body's name when its own office does."""
    cooperating: Sequence[str]
    helping: frozenset[UUID]
    submit_by: date
    changes: Sequence[ProgrammeChange]
    item: Item | None = None
    """With `meeting`: where it is dealt with, as far as the reader sees that."""
    meeting: Meeting | None = None
    dossier: Dossier | None = None
    """Only for those who may open it."""
    consultation: Consultation | None = None
    submission_late: int = 0
    """Working days by which its dossier is overdue; 0 when it is in, or has time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenProgramme:
    """A programme with its entries, the next due first; those of a quarter stand behind its last month."""

    body: Body
    programme: WorkProgramme
    lines: Sequence[Line]
    figures: Figures


async def programme_bodies(reading: Reading, actor: Actor) -> Sequence[Body]:
    """The bodies whose programme the actor writes, or may read once it is approved."""
    own = actor.bodies(Right.PREPARE) | actor.bodies(Right.TAKE_PART) | actor.bodies(Right.RUN_ROOM)
    query = select(Body)
    if not actor.may(Right.CARRY_OUT):
        query = query.where(Body.id.in_(own))
    else:
        approved = select(WorkProgramme.id).where(
            WorkProgramme.body_id == Body.id, WorkProgramme.approved_at.is_not(None)
        )
        query = query.where(Body.id.in_(own) | approved.exists())
    return (await reading.session.scalars(query.order_by(Body.parent_id.is_not(None), Body.name))).all()


async def years_of(reading: Reading, actor: Actor, body: UUID) -> Sequence[int]:
    """The years of which the actor may read the body's programme."""
    rows = await reading.session.scalars(
        select(WorkProgramme).where(WorkProgramme.body_id == body).order_by(WorkProgramme.year)
    )
    return [one.year for one in rows if may_read(actor, one)]


async def read_programme(reading: Reading, actor: Actor, body: UUID, year: int) -> OpenProgramme | None:
    """The programme of that year; None when there is none that this actor may read."""
    if year not in YEARS:
        return None
    query = select(WorkProgramme).where(WorkProgramme.body_id == body, WorkProgramme.year == year)
    programme = await reading.session.scalar(query)
    if programme is None or not may_read(actor, programme):
        return None
    return await open_programme(reading, actor, programme)


async def open_programme(reading: Reading, actor: Actor, programme: WorkProgramme) -> OpenProgramme:
    """It with all its entries, if the actor may read it; otherwise `not-found`."""
    must_read(actor, programme)
    body = await reading.get(Body, programme.body_id)
    lines = await _lines(reading, actor, body, ProgrammeEntry.programme_id == programme.id)
    return OpenProgramme(
        body=body, programme=programme, lines=lines, figures=figures(line.standing for line in lines)
    )


async def read_entry(reading: Reading, actor: Actor, entry: UUID) -> tuple[Line, WorkProgramme, Body]:
    """One entry with its programme; otherwise `not-found`."""
    kept = await reading.get(ProgrammeEntry, entry)
    programme = await reading.get(WorkProgramme, kept.programme_id)
    must_read(actor, programme)
    body = await reading.get(Body, programme.body_id)
    (line,) = await _lines(reading, actor, body, ProgrammeEntry.id == entry)
    return line, programme, body


async def expected_of(reading: Reading, actor: Actor) -> list[tuple[Line, Body]]:
    """The entries whose dossier the actor's agencies still owe, the most urgent first."""
    approved = select(WorkProgramme.id).where(WorkProgramme.approved_at.is_not(None))
    own = ProgrammeEntry.agency_id.in_(actor.agencies()) & ProgrammeEntry.programme_id.in_(approved)
    named = select(ProgrammeEntry.programme_id).where(own)
    bodies = select(Body).where(Body.id.in_(select(WorkProgramme.body_id).where(WorkProgramme.id.in_(named))))
    found: list[tuple[Line, Body]] = []
    for body in (await reading.session.scalars(bodies)).all():
        its = select(WorkProgramme.id).where(WorkProgramme.body_id == body.id)
        lines = await _lines(reading, actor, body, own & ProgrammeEntry.programme_id.in_(its))
        found += [(line, body) for line in lines if line.standing.state is EntryState.PLANNED]
    return sorted(found, key=lambda one: (one[0].submit_by, one[0].entry.title))


@dataclass(frozen=True, slots=True)
class _Linked:
    """What points at some entries."""

    items: Mapping[UUID, Sequence[tuple[Item, Meeting]]]
    dossiers: Mapping[UUID, Sequence[Dossier]]
    consultations: Mapping[UUID, Sequence[Consultation]]
    changes: Mapping[UUID, Sequence[ProgrammeChange]]
    helping: Mapping[UUID, Sequence[tuple[UUID, str]]]


async def _lines(reading: Reading, actor: Actor, body: Body, which: ColumnElement[bool]) -> list[Line]:
    query = select(ProgrammeEntry, Agency.name).outerjoin(Agency, Agency.id == ProgrammeEntry.agency_id)
    rows = (await reading.session.execute(query.where(which))).all()
    linked = await _linked(reading, select(ProgrammeEntry.id).where(which))
    calendar, zone = await calendar_of(reading), ZoneInfo(body.timezone)
    judge = _Judge(actor, body, calendar, zone, reading.now.astimezone(zone).date())
    lines = [judge.line(entry, agency or body.name, linked) for entry, agency in rows]
    return sorted(lines, key=lambda line: (_place(line.period), line.entry.position))


def _place(due: Period) -> tuple[int, int, date]:
    """Months in their order, then what is due some time in the quarter."""
    quarter, month = due.part_of_year
    return quarter, month or 13, due.last


T = TypeVar("T")


def _by_entry(rows: Iterable[T], entry: Callable[[T], UUID | None]) -> Mapping[UUID, Sequence[T]]:
    found: dict[UUID, list[T]] = defaultdict(list)
    for row in rows:
        if (key := entry(row)) is not None:
            found[key].append(row)
    return found


async def _linked(reading: Reading, entries: Select[UUID]) -> _Linked:
    session = reading.session
    items = await session.execute(
        select(Item, Meeting)
        .join(Meeting, Meeting.id == Item.meeting_id)
        .where(Item.programme_entry_id.in_(entries), Meeting.state != MeetingState.CANCELLED)
        .order_by(Meeting.starts_at, Item.id)
    )
    dossiers = await session.scalars(
        select(Dossier).where(Dossier.programme_entry_id.in_(entries)).order_by(Dossier.begun_at)
    )
    consultations = await session.scalars(
        select(Consultation)
        .where(Consultation.programme_entry_id.in_(entries))
        .order_by(Consultation.drafted_at)
    )
    changes = await session.scalars(
        select(ProgrammeChange)
        .where(ProgrammeChange.entry_id.in_(entries))
        .order_by(ProgrammeChange.entry_id, ProgrammeChange.number)
    )
    helping = await session.execute(
        select(ProgrammeCooperation.entry_id, Agency.id, Agency.name)
        .join(Agency, Agency.id == ProgrammeCooperation.agency_id)
        .where(ProgrammeCooperation.entry_id.in_(entries))
        .order_by(Agency.name)
    )
    return _Linked(
        items=_by_entry(((item, held) for item, held in items), lambda one: one[0].programme_entry_id),
        dossiers=_by_entry(dossiers, lambda one: one.programme_entry_id),
        consultations=_by_entry(consultations, lambda one: one.programme_entry_id),
        changes=_by_entry(changes, lambda one: one.entry_id),
        helping={
            entry: [(agency, name) for _, agency, name in rows]
            for entry, rows in _by_entry(((e, a, n) for e, a, n in helping), lambda one: one[0]).items()
        },
    )


@dataclass(frozen=True, slots=True)
class _Judge:
    """Says how entries stand, for one reader on one day."""

    actor: Actor
    body: Body
    calendar: Calendar
    zone: ZoneInfo
    today: date

    def line(self, entry: ProgrammeEntry, agency: str, linked: _Linked) -> Line:
        due = period(entry)
        items = linked.items.get(entry.id, ())
        dossiers = [one for one in linked.dossiers.get(entry.id, ()) if one.state not in PRIVATE]
        asked = [one for one in linked.consultations.get(entry.id, ()) if one.state not in NOT_ASKED]
        changes = linked.changes.get(entry.id, ())
        live = [(item, held) for item, held in items if item.state not in GONE]
        course = Course(
            last=due.last, withdrawn=entry.withdrawn_at is not None, done=self._done(entry, live, asked),
            under_way=any(self._known(held) for _, held in live)
            or any(one.state == ConsultationState.OPEN for one in asked),
            prepared=bool(live or dossiers or asked),
            moved=any(one.kind == ChangeKind.MOVED for one in changes),
        )  # fmt: skip
        last_day = entry.submit_by or self._submit_by(due)
        helping = linked.helping.get(entry.id, ())
        line = Line(
            entry=entry, period=due, standing=standing(course, self.today, self.calendar), agency=agency,
            cooperating=[name for _, name in helping], helping=frozenset(one for one, _ in helping),
            submit_by=last_day, changes=changes,
            dossier=next((one for one in reversed(linked.dossiers.get(entry.id, ())) if self._opens(one)), None),
            consultation=next((one for one in reversed(asked) if self._sees_asked(one)), None),
        )  # fmt: skip
        seen = next(((item, held) for item, held in reversed(live) if self._sees(item, held)), None)
        if seen:
            line = replace(line, item=seen[0], meeting=seen[1])
        if line.standing.state is EntryState.PLANNED and entry.agency_id:
            line = replace(line, submission_late=working_days_late(last_day, self.today, self.calendar))
        return line

    def _done(
        self,
        entry: ProgrammeEntry,
        items: Sequence[tuple[Item, Meeting]],
        asked: Sequence[Consultation],
    ) -> date | None:
        """The first day on which it was done in whatever way."""
        moments = [item.concluded_at for item, _ in items if item.state == ItemState.CONCLUDED]
        moments += [one.closed_at for one in asked if one.state in ANSWERED]
        days = [self._day(moment) for moment in moments if moment]
        return min([*days, *([entry.done_on] if entry.done_on else [])], default=None)

    def _day(self, moment: datetime) -> date:
        return moment.astimezone(self.zone).date()

    def _submit_by(self, due: Period) -> date:
        return submit_by(due, periods_of(self.body.deadlines, "regular").papers_days, self.calendar)

    def _known(self, held: Meeting) -> bool:
        """Whether the reader may know that a meeting deals with it: drafts are the secretariat's."""
        return held.state != MeetingState.DRAFT or self.actor.may(Right.PREPARE, body=self.body.id)

    def _sees(self, item: Item, held: Meeting) -> bool:
        return sees(self.actor, held) and shows(
            item.visibility, audience_of(self.actor, held.body_id, held.id)
        )

    def _opens(self, dossier: Dossier) -> bool:
        if dossier.state == DossierState.WITHDRAWN:
            return False
        if self.actor.may(Right.CARRY_OUT, agency=dossier.agency_id):
            return True
        return dossier.submitted_at is not None and is_insider(self.actor, dossier.body_id)

    def _sees_asked(self, one: Consultation) -> bool:
        if one.state == ConsultationState.DRAFT:
            return is_insider(self.actor, one.body_id)
        return self.actor.may(Right.ATTEND, body=one.body_id)
