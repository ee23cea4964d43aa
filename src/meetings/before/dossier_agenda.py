"""An accepted dossier becomes an agenda item with its papers; when the agenda stands already, by the chair's act."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import select

from meetings.before.agenda import put_item
from meetings.before.dossier_papers import dossier_papers
from meetings.before.dossiers import checked_text, local_today
from meetings.before.papers import Checked, put_paper
from meetings.before.working_days import calendar_of
from meetings.rules.deadlines import periods_of
from meetings.rules.dossiers import DOSSIER, DossierState
from meetings.rules.events import (
    DossierScheduled,
    ItemAdded,
    LateDossierProposed,
    LateDossierRefused,
    UrgentItemAdded,
)
from meetings.rules.lifecycle import MeetingState, next_state
from meetings.rules.permissions import Actor, Right
from meetings.rules.refusals import Refused
from meetings.rules.working_days import add_working_days
from meetings.storage.tables import Agency, Body, Dossier, Meeting
from meetings.storage.unit_of_work import Reading, Work

OPEN = (MeetingState.DRAFT, MeetingState.PUBLISHED, MeetingState.IN_SESSION, MeetingState.RECESS)
"""Meetings onto whose agenda something may still come."""


async def put_on_agenda(
    work: Work, actor: Actor, dossier: UUID, meeting: UUID, *, reason: str = ""
) -> Dossier:
    """The secretariat puts an accepted dossier onto the agenda of one of its body's meetings.

    In time it becomes an item with its papers at once. When the agenda is published, or the last day for papers is
    over, it waits for the chair, with the reason why it is late (refused, `dossier-late`, without one). Onto a frozen
    agenda it comes by the chair's act alone (`agenda-frozen`).
    """
    kept = await work.locked(Dossier, dossier)
    actor.must(Right.PREPARE, body=kept.body_id)
    held = await _open_meeting(work, kept, meeting)
    if not await is_late(work, kept, held):
        if held.agenda_frozen_at:
            raise Refused("agenda-frozen")
        kept.state = next_state(DOSSIER, kept.state, "schedule")
        return await _schedule(work, actor, kept, held)
    state = next_state(DOSSIER, kept.state, "ask-chair")
    if not reason.strip():
        raise Refused("dossier-late")
    kept.state, kept.reason, kept.meeting_id = state, checked_text(reason), held.id
    event = LateDossierProposed(
        dossier=str(dossier), title=kept.title, meeting=str(held.id), reason=kept.reason
    )
    await work.record(actor, event)
    return kept


async def admit_late(work: Work, actor: Actor, dossier: UUID) -> Dossier:
    """The chair admits a late dossier: it becomes an urgent item of the agenda, behind the others."""
    kept, held = await _awaiting(work, actor, dossier)
    kept.state = next_state(DOSSIER, kept.state, "schedule")
    return await _schedule(work, actor, kept, held)


async def refuse_late(work: Work, actor: Actor, dossier: UUID, *, reason: str) -> Dossier:
    """The chair does not admit it, with a reason; it stays accepted and may come onto a later agenda."""
    kept, _ = await _awaiting(work, actor, dossier)
    if not reason.strip():
        raise Refused("reason-missing")
    kept.state = next_state(DOSSIER, kept.state, "refuse-late")
    kept.reason, kept.meeting_id = checked_text(reason), None
    await work.record(actor, LateDossierRefused(dossier=str(dossier), title=kept.title, reason=kept.reason))
    return kept


async def meetings_for_dossier(reading: Reading, dossier: Dossier) -> list[Meeting]:
    """The meetings onto whose agenda it may come, the next one first."""
    rows = await reading.session.scalars(
        select(Meeting)
        .where(Meeting.body_id == dossier.body_id, Meeting.state.in_(OPEN), Meeting.reference == "")
        .order_by(Meeting.starts_at, Meeting.id)
    )
    return list(rows)


async def dossiers_waiting(reading: Reading, held: Meeting) -> list[tuple[Dossier, str, bool]]:
    """The accepted dossiers of a meeting's body with their agencies, the oldest first; whether each would be late."""
    rows = await reading.session.execute(
        select(Dossier, Agency.name)
        .join(Agency, Agency.id == Dossier.agency_id)
        .where(Dossier.body_id == held.body_id, Dossier.state == DossierState.ACCEPTED)
        .order_by(Dossier.accepted_at, Dossier.id)
    )
    return [(dossier, agency, await is_late(reading, dossier, held)) for dossier, agency in rows.all()]


async def is_late(reading: Reading, dossier: Dossier, held: Meeting) -> bool:
    """Whether the agenda is published, or papers for that meeting would come after their last day."""
    if held.state != MeetingState.DRAFT:
        return True
    body = await reading.get(Body, held.body_id)
    periods = periods_of(body.deadlines, held.kind)
    day = date.fromisoformat(held.starts_local[:10])
    due = add_working_days(day, -periods.papers_days, await calendar_of(reading))
    return periods.papers_days > 0 and await local_today(reading, dossier) > due


async def _awaiting(work: Work, actor: Actor, dossier: UUID) -> tuple[Dossier, Meeting]:
    kept = await work.locked(Dossier, dossier)
    actor.must(Right.RUN_ROOM, body=kept.body_id)
    if kept.state != DossierState.AWAITING_CHAIR or kept.meeting_id is None:
        raise Refused("not-now", state=kept.state)
    return kept, await work.locked(Meeting, kept.meeting_id)


async def _open_meeting(work: Work, kept: Dossier, meeting: UUID) -> Meeting:
    held = await work.locked(Meeting, meeting)
    if held.body_id != kept.body_id:
        raise Refused("dossier-meeting")
    if held.state not in OPEN:
        raise Refused("not-now", state=held.state)
    return held


async def _schedule(work: Work, actor: Actor, kept: Dossier, held: Meeting) -> Dossier:
    if held.state not in OPEN:
        raise Refused("not-now", state=held.state)
    late = kept.meeting_id is not None  # the chair was asked
    urgent = held.state != MeetingState.DRAFT
    agency = await work.get(Agency, kept.agency_id)
    item = await put_item(
        work, held, title=kept.title, text=kept.text, presenter=kept.presenter or agency.name, urgent=urgent
    )
    kept.meeting_id, kept.item_id = held.id, item.id
    item.programme_entry_id = kept.programme_entry_id
    named = {"item": str(item.id), "title": item.title, "number": item.number}
    added = UrgentItemAdded(**named, reason=kept.reason) if urgent else ItemAdded(**named)
    await work.record(actor, added, meeting=held.id)
    event = DossierScheduled(**named, dossier=str(kept.id), agency_name=agency.name, late=late)
    await work.record(actor, event, meeting=held.id)
    for paper in await dossier_papers(work, kept.id):
        await put_paper(work, actor, item, Checked.of(paper), title=paper.title)
    return kept
