"""A consultation meets the agenda: its outcome is announced at the next meeting, or the matter goes to one instead."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select

from meetings.before.agenda import put_item
from meetings.before.consultations import tell_no_longer
from meetings.before.opinions import drop_entered
from meetings.before.papers import Checked, lay_paper
from meetings.language import N_, date_text, in_language, text
from meetings.rules.consultations import CONSULTATION, ConsultationState
from meetings.rules.events import (
    ConsultationAnnounced,
    ConsultationConverted,
    ConsultationPutOnAgenda,
    ItemAdded,
    ItemConcluded,
    ItemContinued,
    ItemPostponed,
    ItemReferred,
    ItemRemoved,
    ItemWithdrawn,
    MeetingAdjourned,
    MeetingCancelled,
    MeetingPublished,
)
from meetings.rules.lifecycle import MeetingState, next_state
from meetings.rules.majority import stored_rule
from meetings.rules.outcome import REASONS
from meetings.rules.permissions import Actor, Right
from meetings.rules.refusals import Refused
from meetings.storage.tables import Body, Consultation, ConsultationPaper, Item, Meeting
from meetings.storage.unit_of_work import Reading, Work

ANNOUNCED = N_("Outcome of the written consultation: {title}")
COUNTED = N_("Opinions were asked for until {day}: {cast} were given, {not_cast} were not.")
LINE = N_("{choice}: {count}")
ASIDE = N_("Stood aside: {names}")
AHEAD = frozenset({MeetingState.DRAFT, MeetingState.PUBLISHED})
"""Meetings whose agenda still takes an announcement."""


async def announce_on_publishing(work: Work, actor: Actor | None, event: MeetingPublished) -> None:
    """Consequence of publishing: what the body was asked in writing since its last meeting is announced at this one."""
    meeting = await work.get(Meeting, UUID(event.meeting))
    if meeting.reference:
        return  # taken over from a book: nothing follows from it
    waiting = await work.session.scalars(
        select(Consultation)
        .where(
            Consultation.body_id == meeting.body_id,
            Consultation.state == ConsultationState.CLOSED,
            Consultation.item_id.is_(None),
        )
        .order_by(Consultation.closed_at, Consultation.id)
        .with_for_update()
    )
    for kept in waiting.all():
        await _announce(work, actor, kept, meeting)


async def put_on_agenda(work: Work, actor: Actor, consultation: UUID, meeting: UUID) -> Item:
    """Put the announcement on the agenda of a meeting of the same body that has not begun, once."""
    held = await work.locked(Meeting, meeting)
    kept = await work.locked(Consultation, consultation)
    actor.must(Right.PREPARE, body=kept.body_id)
    next_state(CONSULTATION, kept.state, "put-on-agenda")
    _check_free(kept, held)
    return await _announce(work, actor, kept, held)


async def announce_with_item(work: Work, actor: Actor | None, event: ItemConcluded) -> None:
    """Consequence of concluding the item under which an outcome was announced."""
    kept = await work.session.scalar(
        select(Consultation).where(
            Consultation.item_id == UUID(event.item), Consultation.state == ConsultationState.CLOSED
        )
    )
    if kept is None:
        return
    item = await work.get(Item, UUID(event.item))
    kept.state = next_state(CONSULTATION, kept.state, "announce")
    kept.ended_at = work.now
    told = ConsultationAnnounced(
        consultation=str(kept.id), title=kept.title, meeting=str(item.meeting_id), item=str(item.id)
    )
    await work.record(actor, told)


async def wait_again(
    work: Work, actor: Actor | None, event: ItemRemoved | ItemWithdrawn | ItemPostponed | ItemReferred
) -> None:
    """Consequence of an item that will not be dealt with: its outcome waits for the next meeting again."""
    await _free(work, Consultation.item_id == UUID(event.item))


async def wait_after_meeting(
    work: Work, actor: Actor | None, event: MeetingCancelled | MeetingAdjourned
) -> None:
    """Consequence of a meeting that ends without announcing an outcome on its agenda: the next one does."""
    items = select(Item.id).where(Item.meeting_id == UUID(event.meeting))
    await _free(work, Consultation.item_id.in_(items))


async def go_with_item(work: Work, actor: Actor | None, event: ItemContinued) -> None:
    """Consequence of an item that is dealt with at a later meeting: its outcome is announced there."""
    moved = await work.get(Item, UUID(event.item))
    kept = await work.session.scalar(
        select(Consultation).where(
            Consultation.item_id == moved.continues_id, Consultation.state == ConsultationState.CLOSED
        )
    )
    if kept is not None:
        kept.item_id = moved.id


async def _free(work: Work, under: ColumnElement[bool]) -> None:
    waiting = select(Consultation).where(under, Consultation.state == ConsultationState.CLOSED)
    for kept in (await work.session.scalars(waiting)).all():
        kept.item_id = None


async def convert_consultation(
    work: Work, actor: Actor, consultation: UUID, meeting: UUID, *, reason: str
) -> Item:
    """Deal with the matter at a meeting instead: question, text and papers become an item of its agenda.

    The secretary does it, with a reason that those who were asked are told. Opinions that were given stay on record
    and count for nothing; an outcome that is on an agenda already is announced, not converted.
    """
    held = await work.locked(Meeting, meeting)
    kept = await work.locked(Consultation, consultation)
    actor.must(Right.PREPARE, body=kept.body_id)
    state, asked = next_state(CONSULTATION, kept.state, "convert"), kept.state == ConsultationState.OPEN
    _check_free(kept, held)
    if not reason.strip():
        raise Refused("reason-missing")
    item = await put_item(work, held, title=kept.title, text=kept.text)
    item.programme_entry_id = kept.programme_entry_id
    await work.record(
        actor, ItemAdded(item=str(item.id), title=item.title, number=item.number), meeting=held.id
    )
    for paper in await papers_of(work, consultation):
        await lay_paper(work, actor, item.id, Checked.of(paper), title=paper.title)
    kept.state, kept.item_id, kept.ended_at, kept.reason = state, item.id, work.now, reason.strip()
    event = ConsultationConverted(
        consultation=str(kept.id),
        title=kept.title,
        meeting=str(held.id),
        item=str(item.id),
        reason=kept.reason,
    )
    await work.record(actor, event)
    await drop_entered(work, consultation)
    if asked:
        await tell_no_longer(work, kept)
    return item


async def papers_of(reading: Reading, consultation: UUID) -> Sequence[ConsultationPaper]:
    """The papers in their order."""
    query = select(ConsultationPaper).where(ConsultationPaper.consultation_id == consultation)
    return (await reading.session.scalars(query.order_by(ConsultationPaper.position))).all()


async def meetings_ahead(reading: Reading, body: UUID) -> Sequence[Meeting]:
    """The body's meetings whose agenda can still take an item, the nearest first."""
    query = select(Meeting).where(Meeting.body_id == body, Meeting.state.in_(AHEAD))
    return (await reading.session.scalars(query.order_by(Meeting.starts_at, Meeting.id))).all()


def _check_free(kept: Consultation, held: Meeting) -> None:
    if kept.item_id is not None:
        raise Refused("consultation-on-agenda")
    if held.body_id != kept.body_id or held.state not in AHEAD:
        raise Refused("meeting-not-ahead")
    if held.agenda_frozen_at:
        raise Refused("agenda-frozen")


async def _announce(work: Work, actor: Actor | None, kept: Consultation, meeting: Meeting) -> Item:
    body = await work.get(Body, kept.body_id)
    with in_language(body.language, body.timezone):
        title, told = text(ANNOUNCED, title=kept.title)[:500], told_outcome(kept)
    item = await put_item(work, meeting, title=title, text=told)
    kept.item_id = item.id
    await work.record(
        actor, ItemAdded(item=str(item.id), title=title, number=item.number), meeting=meeting.id
    )
    event = ConsultationPutOnAgenda(
        consultation=str(kept.id), title=kept.title, meeting=str(meeting.id), item=str(item.id)
    )
    await work.record(actor, event)
    return item


def told_outcome(kept: Consultation) -> str:
    """The outcome as the chair reads it out, in the language of the moment: the sentence, then the numbers."""
    outcome, tally = kept.outcome or {}, kept.tally or {}
    day = date_text(datetime.fromisoformat(kept.closes_local).date())
    rule = stored_rule(kept.rule)
    lines = [
        text(REASONS[outcome["reason"]], **outcome["facts"]),
        text(COUNTED, day=day, cast=tally["cast"], not_cast=tally["not_cast"]),
    ]
    lines += [
        text(LINE, choice=text(choice.label), count=tally["weights"][choice.code]) for choice in rule.choices
    ]
    if tally.get("aside"):
        lines.append(text(ASIDE, names=", ".join(tally["aside"])))
    return "\n".join(lines)
