"""The work programme of a body: written by its secretariat, approved as a whole, changed with a reason from then on.

A draft is the secretariat's alone and its entries may be taken out. After the approval members, chairs and agencies
read it; every entry that is added, moved, changed or withdrawn keeps why, and the agencies it names are told at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, or_, select

from meetings.before.programme_facts import (
    TEXTS,
    address_of,
    agencies_named,
    concerned,
    cooperating,
    period,
    told_as,
)
from meetings.council.telling import officers, tell
from meetings.exchange.programme_file import period_text
from meetings.language import N_
from meetings.rules.consultations import ConsultationState
from meetings.rules.events import (
    ProgrammeApproved,
    ProgrammeBegun,
    ProgrammeEntryChanged,
    ProgrammeEntryDone,
    ProgrammeEntryRemoved,
    ProgrammeEntryWithdrawn,
    ProgrammeEntryWritten,
)
from meetings.rules.permissions import Actor, Right
from meetings.rules.refusals import Refused
from meetings.rules.work_programme import ChangeKind, Form, Period
from meetings.rules.working_days import YEARS
from meetings.storage.tables import (
    Body,
    Consultation,
    Item,
    ProgrammeChange,
    ProgrammeCooperation,
    ProgrammeEntry,
    WorkProgramme,
)
from meetings.storage.unit_of_work import Work

LENGTH = 500
MOST = 1000
"""So many entries a programme has."""
ANSWERED = (ConsultationState.CLOSED, ConsultationState.ANNOUNCED)
APPROVED = N_("The work programme {year} of {body} is approved (no. {number}). Entries for {agency}: {count}")
TOLD = {
    ChangeKind.ADDED: N_("Work programme of {body}: “{title}” was added. {reason}"),
    ChangeKind.MOVED: N_("Work programme of {body}: “{title}” is due {time} now. {reason}"),
    ChangeKind.CHANGED: N_("Work programme of {body}: “{title}” was changed. {reason}"),
    ChangeKind.WITHDRAWN: N_("Work programme of {body}: “{title}” was withdrawn. {reason}"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryFacts:
    """What an entry says. Without an agency the body's own office drafts it."""

    title: str
    due: Period
    form: str = Form.MEETING
    agency: UUID | None = None
    cooperating: frozenset[UUID] = frozenset()
    supervisor: str = ""
    submit_by: date | None = None
    basis: str = ""
    note: str = ""


async def begin_programme(work: Work, actor: Actor, body: UUID, year: int) -> WorkProgramme:
    """An empty programme for a year. Refused: `programme-there`."""
    actor.must(Right.PREPARE, body=body)
    if year not in YEARS:
        raise Refused("wrong-input", field="year")
    kept = await work.locked(Body, body)
    query = select(WorkProgramme.id).where(WorkProgramme.body_id == body, WorkProgramme.year == year)
    if await work.session.scalar(query) is not None:
        raise Refused("programme-there", year=year)
    programme = WorkProgramme(
        id=work.new_id(), body_id=body, year=year, number="", begun_by=actor.person, begun_at=work.now
    )
    work.session.add(programme)
    await work.session.flush()
    event = ProgrammeBegun(body=str(body), name_of_body=kept.name, programme=str(programme.id), year=year)
    await work.record(actor, event)
    return programme


async def approve_programme(
    work: Work, actor: Actor, programme: UUID, *, number: str, approved_on: date
) -> WorkProgramme:
    """It was issued as a document: from now on it is read by all concerned, and its agencies are told.

    Refused: `not-now` a second time, `programme-empty`, `field-missing` without a number.
    """
    kept, body = await _held(work, actor, programme)
    if kept.approved_at:
        raise Refused("not-now", state="approved")
    if approved_on.year not in YEARS:
        raise Refused("date-wrong", field="approved_on")
    entries = (
        await work.session.scalars(select(ProgrammeEntry).where(ProgrammeEntry.programme_id == programme))
    ).all()
    if not entries:
        raise Refused("programme-empty")
    kept.number = _line(number, "number")
    if not kept.number:
        raise Refused("field-missing", field="number")
    kept.approved_on, kept.approved_at, kept.approved_by = approved_on, work.now, actor.person
    event = ProgrammeApproved(
        programme=str(programme), name_of_body=body.name, year=kept.year, number=kept.number,
        approved_on=approved_on.isoformat(), entries=len(entries),
    )  # fmt: skip
    await work.record(actor, event)
    counts: dict[UUID, int] = {}
    for entry in entries:
        for agency in await concerned(work, entry):
            counts[agency] = counts.get(agency, 0) + 1
    names = await agencies_named(work, counts)
    for agency in sorted(counts, key=lambda one: names[one]):
        facts = {
            "year": str(kept.year), "body": body.name, "number": kept.number, "agency": names[agency],
            "count": str(counts[agency]),
        }  # fmt: skip
        await tell(work, await officers(work, [agency]), APPROVED, facts, address_of(kept), body.language)
    return kept


async def write_entry(
    work: Work, actor: Actor, programme: UUID, facts: EntryFacts, *, reason: str = ""
) -> ProgrammeEntry:
    """A new entry; in an approved programme with the reason why it is added (refused without: `reason-missing`)."""
    kept, body = await _held(work, actor, programme)
    why = checked_reason(kept, reason)
    entry = await put_entry(work, actor, kept, facts)
    event = ProgrammeEntryWritten(
        programme=str(programme), name_of_body=body.name, year=kept.year, entry=str(entry.id), title=entry.title,
        due_until=entry.due_until.isoformat(), reason=why,
    )  # fmt: skip
    await work.record(actor, event)
    if kept.approved_at:
        await keep_change(work, actor, kept, body, entry, ChangeKind.ADDED, {}, why)
    return entry


async def put_entry(work: Work, actor: Actor, kept: WorkProgramme, facts: EntryFacts) -> ProgrammeEntry:
    """Put an entry into a locked programme; the caller has asked whether it may be, and records it."""
    query = select(func.count(), func.max(ProgrammeEntry.position)).where(
        ProgrammeEntry.programme_id == kept.id
    )
    there, last = (await work.session.execute(query)).one()
    if there >= MOST:
        raise Refused("programme-full", limit=MOST)
    columns, helping = await _checked(work, kept.year, facts)
    entry = ProgrammeEntry(
        id=work.new_id(),
        programme_id=kept.id,
        position=(last or 0) + 1,
        written_by=actor.person,
        written_at=work.now,
        **columns,
    )
    work.session.add(entry)
    await work.session.flush()
    work.session.add_all([ProgrammeCooperation(entry_id=entry.id, agency_id=one) for one in helping])
    await work.session.flush()
    return entry


async def change_entry(
    work: Work, actor: Actor, entry: UUID, facts: EntryFacts, *, reason: str = ""
) -> ProgrammeEntry:
    """Correct an entry. After the approval it needs a reason, and what it said before stays visible.

    Refused (`programme-entry-over`) once it is withdrawn or was said to be done.
    """
    kept, programme, body = await _open(work, actor, entry)
    why = checked_reason(programme, reason)
    columns, helping = await _checked(work, programme.year, facts)
    helped = await cooperating(work, entry)
    before, touched = await told_as(work, kept, helped), {*await concerned(work, kept)}
    for name, value in columns.items():
        setattr(kept, name, value)
    await work.session.execute(delete(ProgrammeCooperation).where(ProgrammeCooperation.entry_id == entry))
    work.session.add_all([ProgrammeCooperation(entry_id=entry, agency_id=one) for one in helping])
    await work.session.flush()
    after = await told_as(work, kept, helping)
    changes = {name: [words, after[name]] for name, words in before.items() if words != after[name]}
    if not changes:
        return kept
    event = ProgrammeEntryChanged(
        programme=str(programme.id), name_of_body=body.name, year=programme.year, entry=str(entry), title=kept.title,
        changes=changes, reason=why,
    )  # fmt: skip
    await work.record(actor, event)
    if programme.approved_at:
        kind = ChangeKind.MOVED if "due" in changes else ChangeKind.CHANGED
        was = {name: words[0] for name, words in changes.items()}
        await keep_change(work, actor, programme, body, kept, kind, was, why, touched)
    return kept


async def remove_entry(work: Work, actor: Actor, entry: UUID) -> WorkProgramme:
    """Take an entry out of a draft. Refused (`programme-approved`) after the approval: it is withdrawn instead."""
    kept, programme, body = await _open(work, actor, entry)
    if programme.approved_at:
        raise Refused("programme-approved")
    await work.session.execute(delete(ProgrammeCooperation).where(ProgrammeCooperation.entry_id == entry))
    await work.session.delete(kept)
    event = ProgrammeEntryRemoved(
        programme=str(programme.id), name_of_body=body.name, year=programme.year, entry=str(entry), title=kept.title
    )  # fmt: skip
    await work.record(actor, event)
    return programme


async def withdraw_entry(work: Work, actor: Actor, entry: UUID, *, reason: str) -> ProgrammeEntry:
    """It is not dealt with, and why; it stays in the programme, struck through. A draft's is taken out instead."""
    kept, programme, body = await _open(work, actor, entry)
    if not programme.approved_at:
        raise Refused("not-now", state="draft")
    why = checked_reason(programme, reason)
    kept.withdrawn_at = work.now
    event = ProgrammeEntryWithdrawn(
        programme=str(programme.id), name_of_body=body.name, year=programme.year, entry=str(entry), title=kept.title,
        reason=why,
    )  # fmt: skip
    await work.record(actor, event)
    await keep_change(work, actor, programme, body, kept, ChangeKind.WITHDRAWN, {}, why)
    return kept


async def finish_entry(work: Work, actor: Actor, entry: UUID, *, on: date) -> ProgrammeEntry:
    """Say that an entry was done on a day: a report that was noted, or what was dealt with outside this house."""
    kept, programme, body = await _open(work, actor, entry)
    if not programme.approved_at:
        raise Refused("programme-not-approved")
    if on.year not in YEARS:
        raise Refused("date-wrong", field="day")
    if on > work.today:
        raise Refused("programme-day-ahead")
    kept.done_on = on
    event = ProgrammeEntryDone(
        programme=str(programme.id), name_of_body=body.name, year=programme.year, entry=str(entry), title=kept.title,
        on=on.isoformat(),
    )  # fmt: skip
    await work.record(actor, event)
    return kept


def checked_reason(programme: WorkProgramme, reason: str) -> str:
    """The reason that an approved programme asks for; a draft needs none."""
    if not programme.approved_at:
        return ""
    why = _line(reason, "reason")
    if not why:
        raise Refused("reason-missing")
    return why


async def keep_change(
    work: Work,
    actor: Actor,
    programme: WorkProgramme,
    body: Body,
    entry: ProgrammeEntry,
    kind: ChangeKind,
    was: Mapping[str, str],
    reason: str,
    also: Iterable[UUID] = (),
) -> None:
    """Keep a change of an approved programme and tell the agencies that the entry names, and `also` those it named."""
    query = select(func.count()).where(ProgrammeChange.entry_id == entry.id)
    change = ProgrammeChange(
        id=work.new_id(), entry_id=entry.id, number=(await work.session.scalar(query) or 0) + 1, kind=kind,
        was=dict(was), reason=reason, made_by=actor.person, made_at=work.now,
    )  # fmt: skip
    work.session.add(change)
    await work.session.flush()
    facts = {
        "body": body.name, "title": entry.title, "reason": reason,
        "time": period_text(period(entry), body.language),
    }  # fmt: skip
    told = await officers(work, {*await concerned(work, entry), *also})
    await tell(work, told, TOLD[kind], facts, f"/calendar/programme/entries/{entry.id}", body.language)


async def _held(work: Work, actor: Actor, programme: UUID) -> tuple[WorkProgramme, Body]:
    kept = await work.locked(WorkProgramme, programme)
    actor.must(Right.PREPARE, body=kept.body_id)
    return kept, await work.get(Body, kept.body_id)


async def _open(work: Work, actor: Actor, entry: UUID) -> tuple[ProgrammeEntry, WorkProgramme, Body]:
    """The programme is locked before its entry: whoever approves it waits, or is waited for."""
    programme, body = await _held(work, actor, (await work.get(ProgrammeEntry, entry)).programme_id)
    kept = await work.locked(ProgrammeEntry, entry)
    concluded = select(Item.id).where(Item.programme_entry_id == entry, Item.concluded_at.is_not(None))
    answered = select(Consultation.id).where(
        Consultation.programme_entry_id == entry, Consultation.state.in_(ANSWERED)
    )
    dealt_with = await work.session.scalar(select(or_(concluded.exists(), answered.exists())))
    if kept.withdrawn_at or kept.done_on or dealt_with:
        raise Refused("programme-entry-over")
    return kept, programme, body


async def _checked(work: Work, year: int, facts: EntryFacts) -> tuple[dict[str, Any], frozenset[UUID]]:
    """The columns of an entry, and who co-operates: agencies of this house, without the one that leads."""
    due = facts.due
    if due.year != year:
        raise Refused("programme-time", year=year)
    if facts.form not in tuple(Form):
        raise Refused("wrong-input", field="form")
    texts = {name: _line(getattr(facts, name), name) for name in TEXTS}
    if not texts["title"]:
        raise Refused("field-missing", field="title")
    if facts.submit_by and facts.submit_by.year not in YEARS:
        raise Refused("date-wrong", field="submit_by")
    helping = facts.cooperating - {facts.agency}
    named = {*helping, *([facts.agency] if facts.agency else [])}
    if len(await agencies_named(work, named)) != len(named):
        raise Refused("not-found")
    columns = texts | {
        "form": facts.form, "quarter": due.quarter, "month": due.month, "day": due.day, "due_from": due.first,
        "due_until": due.last, "agency_id": facts.agency, "submit_by": facts.submit_by,
    }  # fmt: skip
    return columns, frozenset(helping)


def _line(text: str, field: str) -> str:
    line = " ".join(text.split())
    if len(line) > LENGTH:
        raise Refused("field-long", field=field, limit=LENGTH)
    return line
