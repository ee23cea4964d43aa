"""An entry of the work programme is taken in hand: as an agenda item, as an agency's dossier, or asked in writing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select

from meetings.before.agenda import preparing, put_item
from meetings.before.consultation_drafts import draft_consultation
from meetings.before.dossiers import begin_dossier
from meetings.before.programme_facts import agencies_named
from meetings.rules.consultations import ConsultationState
from meetings.rules.dossiers import DossierState
from meetings.rules.events import ItemAdded, ItemContinued
from meetings.rules.lifecycle import ItemState, MeetingState
from meetings.rules.permissions import Actor, Right
from meetings.rules.refusals import Refused
from meetings.rules.work_programme import Form
from meetings.storage.tables import (
    Consultation,
    Dossier,
    Item,
    Meeting,
    ProgrammeEntry,
    WorkProgramme,
)
from meetings.storage.unit_of_work import Reading, Work

GONE = (ItemState.WITHDRAWN, ItemState.POSTPONED, ItemState.REFERRED)
NOT_ASKED = (ConsultationState.CONVERTED, ConsultationState.WITHDRAWN)
OFFERED = 20
"""So many entries an agenda offers at once."""


async def put_entry_on_agenda(work: Work, actor: Actor, meeting: UUID, *, entry: UUID) -> Item:
    """Put an entry on the agenda of a meeting of its body, as its last item; whoever leads it presents it.

    Refused: `programme-not-approved`, `programme-entry-over`, `programme-entry-form`, and `programme-entry-taken` when
    a dossier brings it, or it is on an agenda already.
    """
    held = await preparing(work, actor, meeting)
    kept = await _free(work, entry)
    if (await work.get(WorkProgramme, kept.programme_id)).body_id != held.body_id:
        raise Refused("not-found")
    if kept.form != Form.MEETING:
        raise Refused("programme-entry-form")
    named = await agencies_named(work, [kept.agency_id] if kept.agency_id else [])
    item = await put_item(
        work, held, title=kept.title, presenter=kept.supervisor or next(iter(named.values()), "")
    )
    item.programme_entry_id = entry
    await work.session.flush()
    event = ItemAdded(item=str(item.id), title=item.title, number=item.number)
    await work.record(actor, event, meeting=held.id)
    return item


async def begin_entry_dossier(
    work: Work, actor: Actor, *, entry: UUID, procedure: UUID, title: str, text: str = "", presenter: str = ""
) -> Dossier:
    """The agency that leads an entry begins its dossier; when that is accepted, it brings the entry onto an agenda.

    Refused: `programme-entry-lead`, and as for the agenda.
    """
    lead = (await work.get(ProgrammeEntry, entry)).agency_id
    if lead is None or not actor.may(Right.CARRY_OUT, agency=lead):
        raise Refused("programme-entry-lead")
    kept = await _free(work, entry)
    dossier = await begin_dossier(
        work, actor, procedure=procedure, agency=lead, title=title, text=text, presenter=presenter
    )
    if dossier.body_id != (await work.get(WorkProgramme, kept.programme_id)).body_id:
        raise Refused("wrong-input", field="procedure")
    dossier.programme_entry_id = entry
    await work.session.flush()
    return dossier


async def ask_entry_in_writing(work: Work, actor: Actor, *, entry: UUID, closes: str) -> Consultation:
    """Draft the written consultation of an entry; question, papers and members follow on its own page."""
    programme = await work.get(WorkProgramme, (await work.get(ProgrammeEntry, entry)).programme_id)
    actor.must(Right.PREPARE, body=programme.body_id)
    kept = await _free(work, entry)
    drafted = await draft_consultation(work, actor, body=programme.body_id, title=kept.title, closes=closes)
    drafted.programme_entry_id = entry
    await work.session.flush()
    return drafted


async def entries_waiting(reading: Reading, meeting: Meeting) -> Sequence[ProgrammeEntry]:
    """What the approved programmes of the body plan for the month of a meeting or earlier and nobody has taken up."""
    first = date.fromisoformat(f"{meeting.starts_local[:7]}-01")
    following = (first + timedelta(days=31)).replace(day=1)
    query = (
        select(ProgrammeEntry)
        .join(WorkProgramme, WorkProgramme.id == ProgrammeEntry.programme_id)
        .where(
            WorkProgramme.body_id == meeting.body_id,
            WorkProgramme.approved_at.is_not(None),
            ProgrammeEntry.form == Form.MEETING,
            ProgrammeEntry.due_from < following,
            ProgrammeEntry.withdrawn_at.is_(None),
            ProgrammeEntry.done_on.is_(None),
            ~_taken(),
        )
        .order_by(ProgrammeEntry.due_until, ProgrammeEntry.position, ProgrammeEntry.id)
        .limit(OFFERED)
    )
    return (await reading.session.scalars(query)).all()


async def meetings_for_entry(reading: Reading, programme: WorkProgramme) -> Sequence[Meeting]:
    """The drafts onto whose agenda an entry can be put by one touch, the next one first."""
    query = (
        select(Meeting)
        .where(
            Meeting.body_id == programme.body_id,
            Meeting.state == MeetingState.DRAFT,
            Meeting.agenda_frozen_at.is_(None),
        )
        .order_by(Meeting.starts_at, Meeting.id)
    )
    return (await reading.session.scalars(query)).all()


async def go_with_item(work: Work, actor: Actor | None, event: ItemContinued) -> None:
    """Consequence of an item that is dealt with at a later meeting: it deals with the same entry there."""
    before, item = await work.get(Item, UUID(event.from_item)), await work.get(Item, UUID(event.item))
    item.programme_entry_id = before.programme_entry_id


async def _free(work: Work, entry: UUID) -> ProgrammeEntry:
    """The locked entry, approved, to be dealt with, and taken up nowhere; the programme is locked first."""
    programme = await work.locked(WorkProgramme, (await work.get(ProgrammeEntry, entry)).programme_id)
    kept = await work.locked(ProgrammeEntry, entry)
    if programme.approved_at is None:
        raise Refused("programme-not-approved")
    if kept.withdrawn_at or kept.done_on:
        raise Refused("programme-entry-over")
    if await work.session.scalar(select(ProgrammeEntry.id).where(ProgrammeEntry.id == entry, _taken())):
        raise Refused("programme-entry-taken")
    return kept


def _taken() -> ColumnElement[bool]:
    """Whether an item of a meeting, a dossier or a consultation deals with it, or did."""
    item = (
        select(Item.id)
        .join(Meeting, Meeting.id == Item.meeting_id)
        .where(
            and_(Item.programme_entry_id == ProgrammeEntry.id, Item.state.not_in(GONE)),
            Meeting.state != MeetingState.CANCELLED,
        )
    )
    dossier = select(Dossier.id).where(
        Dossier.programme_entry_id == ProgrammeEntry.id, Dossier.state != DossierState.WITHDRAWN
    )
    asked = select(Consultation.id).where(
        Consultation.programme_entry_id == ProgrammeEntry.id, Consultation.state.not_in(NOT_ASKED)
    )
    return item.exists() | dossier.exists() | asked.exists()
