"""A dossier goes through its procedure: submitted by an agency, passed on step by step, returned, accepted.

Lock order: the dossier first, then the meeting it comes to.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from meetings.before.agenda import TEXT_LENGTH
from meetings.before.scheduling import checked_title
from meetings.before.working_days import calendar_of
from meetings.rules.dossiers import (
    DOSSIER,
    WRITABLE,
    Asked,
    DossierState,
    PaperKind,
    Verdict,
    check_opinions,
    check_return,
    days_late,
    last_day,
    next_step,
)
from meetings.rules.events import (
    DossierAccepted,
    DossierBegun,
    DossierChanged,
    DossierReturned,
    DossierStepBegun,
    DossierStepPassed,
    DossierSubmitted,
    DossierWithdrawn,
    OpinionGiven,
)
from meetings.rules.lifecycle import next_state
from meetings.rules.permissions import Actor, Right
from meetings.rules.procedures import By, Procedure, Taker, procedure_of
from meetings.rules.refusals import Refused
from meetings.storage.tables import (
    Agency,
    Body,
    Dossier,
    DossierOpinion,
    DossierPaper,
    DossierRun,
    ProcedureRow,
)
from meetings.storage.unit_of_work import Reading, Work


async def begin_dossier(
    work: Work,
    actor: Actor,
    *,
    procedure: UUID,
    agency: UUID,
    title: str,
    text: str = "",
    presenter: str = "",
) -> Dossier:
    """A draft, seen by its agency alone until it is submitted."""
    actor.must(Right.CARRY_OUT, agency=agency)
    row = await work.get(ProcedureRow, procedure)
    if not row.in_use:
        raise Refused("procedure-retired")
    dossier = Dossier(
        id=work.new_id(),
        body_id=row.body_id,
        procedure_id=row.id,
        procedure_version=row.version,
        procedure=row.data,
        agency_id=agency,
        title=checked_title(title),
        text=checked_text(text),
        presenter=checked_text(presenter),
        state=DossierState.DRAFT,
        step=0,
        resume_at=1,
        reason="",
        begun_by=actor.person,
        begun_at=work.now,
    )
    work.session.add(dossier)
    await work.session.flush()
    event = DossierBegun(
        dossier=str(dossier.id),
        title=dossier.title,
        procedure=row.name,
        agency_name=await _name(work, agency),
    )
    await work.record(actor, event)
    return dossier


async def change_dossier(
    work: Work,
    actor: Actor,
    dossier: UUID,
    *,
    title: str | None = None,
    text: str | None = None,
    presenter: str | None = None,
) -> Dossier:
    """The agency changes its words while the dossier is with it."""
    kept = await work.locked(Dossier, dossier)
    actor.must(Right.CARRY_OUT, agency=kept.agency_id)
    if kept.state not in WRITABLE:
        raise Refused("not-now", state=kept.state)
    if title is not None:
        kept.title = checked_title(title)
    if text is not None:
        kept.text = checked_text(text)
    if presenter is not None:
        kept.presenter = checked_text(presenter)
    await work.record(actor, DossierChanged(dossier=str(dossier), title=kept.title))
    return kept


async def submit_dossier(work: Work, actor: Actor, dossier: UUID) -> Dossier:
    """Hand it in. The first time it takes the procedure as it stands now; after a return it goes on where it was."""
    kept = await work.locked(Dossier, dossier)
    actor.must(Right.CARRY_OUT, agency=kept.agency_id)
    state = next_state(DOSSIER, kept.state, "submit")
    if not await _has_substance(work, dossier):
        raise Refused("dossier-papers")
    if kept.submitted_at is None:
        row = await work.get(ProcedureRow, kept.procedure_id)
        if not row.in_use:
            raise Refused("procedure-retired")
        kept.procedure, kept.procedure_version = row.data, row.version
        kept.submitted_at = work.now
    kept.state, kept.reason = state, ""
    event = DossierSubmitted(
        dossier=str(dossier), title=kept.title, procedure=procedure_of(kept.procedure).name,
        agency_name=await _name(work, kept.agency_id),
    )  # fmt: skip
    await work.record(actor, event)
    await _begin_run(work, actor, kept, kept.resume_at)
    return kept


async def pass_step(work: Work, actor: Actor, dossier: UUID, *, note: str = "") -> Dossier:
    """Who takes the step is done with it. After the last step the dossier is accepted.

    Refused (`opinions-missing`) while an opinion may still come in time.
    """
    kept, run = await _in_hand(work, dossier)
    must_take(actor, kept, run.taker, run.agency_id)
    today = await local_today(work, kept)
    opinions = await opinions_of(work, run.id)
    check_opinions([Asked(one.topic, one.due, bool(one.verdict)) for one in opinions], today)
    procedure = procedure_of(kept.procedure)
    following = next_step(procedure, run.number)
    kept.state = next_state(DOSSIER, kept.state, "pass" if following else "accept")
    await _end_run(work, actor, run, opinions, today, "passed", note)
    late = days_late(run.due, today, today, await calendar_of(work))
    event = DossierStepPassed(
        dossier=str(dossier), title=kept.title, number=run.number, step=run.name, late=late
    )
    await work.record(actor, event)
    if following:
        await _begin_run(work, actor, kept, following)
        return kept
    kept.step, kept.accepted_at = 0, work.now
    await work.record(actor, DossierAccepted(dossier=str(dossier), title=kept.title))
    return kept


async def return_dossier(work: Work, actor: Actor, dossier: UUID, *, to: int, reason: str) -> Dossier:
    """Send it back, with a reason: to an earlier step, or (`to` 0) to the agency, which submits it again.

    By who takes the step; the body's secretariat may call it back from any step.
    """
    kept, run = await _in_hand(work, dossier)
    if not actor.may(Right.PREPARE, body=kept.body_id):
        must_take(actor, kept, run.taker, run.agency_id)
    check_return(run.number, to)
    if not reason.strip():
        raise Refused("reason-missing")
    kept.state = next_state(DOSSIER, kept.state, "step-back" if to else "return")
    today = await local_today(work, kept)
    kept.reason = checked_text(reason)
    run.returned_to = to
    await _end_run(work, actor, run, await opinions_of(work, run.id), today, "returned", kept.reason)
    event = DossierReturned(
        dossier=str(dossier), title=kept.title, number=run.number, to=to, reason=kept.reason
    )
    await work.record(actor, event)
    if to:
        await _begin_run(work, actor, kept, to)
    else:
        kept.step, kept.resume_at = 0, run.number
    return kept


async def give_opinion(
    work: Work, actor: Actor, opinion: UUID, *, verdict: str, text: str = ""
) -> DossierOpinion:
    """An opinion on a dossier, once. Whoever does not simply agree says what should change."""
    kept, _ = await _in_hand(work, (await work.get(DossierOpinion, opinion)).dossier_id)
    asked = await work.locked(DossierOpinion, opinion)
    must_take(actor, kept, asked.taker, asked.agency_id)
    if asked.verdict:
        raise Refused("opinion-given")
    if asked.closed_on is not None:
        raise Refused("not-now", state=kept.state)
    if verdict not in tuple(Verdict):
        raise Refused("wrong-input", field="verdict")
    if verdict != Verdict.AGREE and not text.strip():
        raise Refused("verdict-text")
    asked.verdict, asked.text = Verdict(verdict), checked_text(text)
    asked.given_by, asked.given_at, asked.given_on = actor.person, work.now, await local_today(work, kept)
    by = await _name(work, asked.agency_id) if asked.agency_id else (await work.get(Body, kept.body_id)).name
    event = OpinionGiven(dossier=str(kept.id), title=kept.title, topic=asked.topic, verdict=verdict, by=by)
    await work.record(actor, event)
    return asked


async def withdraw_dossier(work: Work, actor: Actor, dossier: UUID, *, reason: str) -> Dossier:
    """The agency takes it back for good, with a reason. One that is on an agenda is withdrawn there instead."""
    kept = await work.locked(Dossier, dossier)
    actor.must(Right.CARRY_OUT, agency=kept.agency_id)
    if not reason.strip():
        raise Refused("reason-missing")
    state = next_state(DOSSIER, kept.state, "withdraw")
    if kept.state == DossierState.RUNNING:
        run = await run_in_hand(work, dossier)
        today = await local_today(work, kept)
        await _end_run(work, actor, run, await opinions_of(work, run.id), today, "withdrawn", "")
    kept.state, kept.step, kept.reason, kept.meeting_id = state, 0, checked_text(reason), None
    await work.record(actor, DossierWithdrawn(dossier=str(dossier), title=kept.title, reason=kept.reason))
    return kept


def may_take(actor: Actor, dossier: Dossier, taker: str, agency: UUID | None) -> bool:
    """Whether the actor acts for whom a step or an opinion belongs to."""
    if taker == By.SECRETARIAT:
        return actor.may(Right.PREPARE, body=dossier.body_id)
    if taker == By.CHAIR:
        return actor.may(Right.RUN_ROOM, body=dossier.body_id)
    return agency is not None and actor.may(Right.CARRY_OUT, agency=agency)


def must_take(actor: Actor, dossier: Dossier, taker: str, agency: UUID | None) -> None:
    """Refuse (`forbidden`) unless the actor acts for whom it belongs to."""
    if not may_take(actor, dossier, taker, agency):
        raise Refused("forbidden")


async def run_in_hand(reading: Reading, dossier: UUID) -> DossierRun:
    """The run that a dossier under way is in."""
    found = await reading.session.scalar(
        select(DossierRun).where(DossierRun.dossier_id == dossier, DossierRun.ended_at.is_(None))
    )
    if found is None:
        raise Refused("not-found")
    return found


async def opinions_of(reading: Reading, run: UUID) -> Sequence[DossierOpinion]:
    """The opinions asked for in one run."""
    rows = await reading.session.scalars(
        select(DossierOpinion).where(DossierOpinion.run_id == run).order_by(DossierOpinion.position)
    )
    return rows.all()


async def local_today(reading: Reading, dossier: Dossier) -> date:
    """Today on the calendar of the body that the dossier is for."""
    body = await reading.get(Body, dossier.body_id)
    return reading.now.astimezone(ZoneInfo(body.timezone)).date()


def checked_text(text: str) -> str:
    """A text without blank ends, or the refusal `field-long`."""
    if len(text) > TEXT_LENGTH:
        raise Refused("field-long", field="text", limit=TEXT_LENGTH)
    return text.strip()


async def _in_hand(work: Work, dossier: UUID) -> tuple[Dossier, DossierRun]:
    kept = await work.locked(Dossier, dossier)
    if kept.state != DossierState.RUNNING:
        raise Refused("not-now", state=kept.state)
    return kept, await run_in_hand(work, dossier)


async def _begin_run(work: Work, actor: Actor, kept: Dossier, number: int) -> None:
    """The dossier is at a step from now on; the opinions of the step are asked for at the same moment."""
    procedure: Procedure = procedure_of(kept.procedure)
    step = procedure.step(number)
    calendar, today = await calendar_of(work), await local_today(work, kept)
    runs = await work.session.scalar(select(func.count()).where(DossierRun.dossier_id == kept.id))
    taker, agency = _taker(kept, step.taker)
    run = DossierRun(
        id=work.new_id(),
        dossier_id=kept.id,
        order=runs or 0,
        number=number,
        name=step.name,
        taker=taker,
        agency_id=agency,
        begun_at=work.now,
        begun_on=today,
        due=last_day(today, step.days, calendar),
        outcome="",
        note="",
    )
    work.session.add(run)
    await work.session.flush()
    for place, one in enumerate(step.opinions):
        giver, of_agency = _taker(kept, one.taker)
        work.session.add(
            DossierOpinion(
                id=work.new_id(), dossier_id=kept.id, run_id=run.id, position=place, topic=one.topic, taker=giver,
                agency_id=of_agency, begun_on=today, due=last_day(today, one.days, calendar), verdict="", text="",
            )
        )  # fmt: skip
    kept.step = number
    await work.session.flush()
    event = DossierStepBegun(
        dossier=str(kept.id), title=kept.title, number=number, step=step.name, run=str(run.id),
        due=run.due.isoformat(),
    )  # fmt: skip
    await work.record(actor, event)


async def _end_run(
    work: Work,
    actor: Actor,
    run: DossierRun,
    opinions: Sequence[DossierOpinion],
    today: date,
    outcome: str,
    note: str,
) -> None:
    run.ended_at, run.ended_on, run.ended_by = work.now, today, actor.person
    run.outcome, run.note = outcome, checked_text(note)
    for one in opinions:
        if not one.verdict:
            one.closed_on = today
    await work.session.flush()


def _taker(kept: Dossier, taker: Taker) -> tuple[str, UUID | None]:
    """Who acts in this dossier: the submitting agency is an agency like any other."""
    match taker.by:
        case By.SUBMITTER:
            return By.AGENCY.value, kept.agency_id
        case By.AGENCY:
            return By.AGENCY.value, UUID(taker.agency)
        case _:
            return taker.by.value, None


async def _has_substance(work: Work, dossier: UUID) -> bool:
    found = select(DossierPaper.id).where(
        DossierPaper.dossier_id == dossier,
        DossierPaper.kind.in_((PaperKind.STATEMENT, PaperKind.DRAFT)),
        DossierPaper.replaced_at.is_(None),
        DossierPaper.withdrawn_at.is_(None),
    )
    return await work.session.scalar(found.limit(1)) is not None


async def _name(work: Work, agency: UUID) -> str:
    return (await work.get(Agency, agency)).name
