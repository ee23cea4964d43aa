"""A consultation is opened on the chair's word, extended, closed by its deadline, or withdrawn.

The law leaves it to the chair whether members are asked in writing (see `rules.consultations`): secretaries draft and
hand over, the chair opens, gives more time, and withdraws what is open.
"""

from __future__ import annotations

from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from meetings.before.consultation_drafts import deadline
from meetings.before.consultation_telling import insiders_of, roll_of, tell_people
from meetings.before.opinions import answers_of, aside_among, count_of, drop_entered, missing_among
from meetings.before.paper_opinions import entered_waiting
from meetings.council.bodies import members_in_office
from meetings.language import N_
from meetings.rules.consultations import (
    CONSULTATION,
    ConsultationState,
    check_deadline,
    outcome_of,
    remind_at,
)
from meetings.rules.events import (
    ConsultationClosed,
    ConsultationExtended,
    ConsultationOpened,
    ConsultationWithdrawn,
    MissingOpinionsReminded,
)
from meetings.rules.lifecycle import next_state
from meetings.rules.majority import check_in_force, stored_rule
from meetings.rules.permissions import Actor, Right, must_be_insider
from meetings.rules.refusals import Refused
from meetings.rules.result_data import outcome_as_data, tally_as_data
from meetings.storage.tables import Body, Consultation, ConsultationPaper, ConsultedMember
from meetings.storage.unit_of_work import Reading, Work

ASKED = N_("Your written opinion is asked for until {starts}: {title}")
REMINDED = N_("Your written opinion is still missing. The deadline is {starts}: {title}")
EXTENDED = N_("The deadline for written opinions is now {starts}: {title}. {reason}")
CLOSED = N_("The consultation is closed: {title}. Opinions given: {cast}; missing: {missing}")
NO_LONGER_ASKED = N_("Written opinions are no longer asked for: {title} ({reason})")


async def open_consultation(work: Work, actor: Actor, consultation: UUID) -> Consultation:
    """Ask the members: the chair decides. The roll, the rule, the question and the papers are fixed from here on.

    Refused: `deadline-past`, `roll-empty`, `rule-not-in-force`.
    """
    kept = await work.locked(Consultation, consultation)
    actor.must(Right.RUN_ROOM, body=kept.body_id)
    state = next_state(CONSULTATION, kept.state, "open")
    check_deadline(work.now, kept.closes_at)
    body = await work.locked(Body, kept.body_id)
    today = work.now.astimezone(ZoneInfo(kept.timezone)).date()
    rule = stored_rule(kept.rule)
    check_in_force(rule, today)
    seated = await members_in_office(work, body.id, today)
    asked = [member for member in seated if member.weight > 0]
    if not asked:
        raise Refused("roll-empty")
    for member in asked:
        work.session.add(
            ConsultedMember(consultation_id=consultation, person_id=member.person, weight=member.weight)
        )
    last = await work.session.scalar(
        select(func.max(Consultation.number)).where(
            Consultation.body_id == body.id, Consultation.year == today.year
        )
    )
    kept.state, kept.opened_at, kept.chair_id = state, work.now, actor.person
    kept.seats, kept.in_office = body.seats, len(seated)
    number = (last or 0) + 1
    kept.year, kept.number = today.year, number
    await work.session.flush()
    papers = await work.session.scalars(
        select(ConsultationPaper.sha256)
        .where(ConsultationPaper.consultation_id == consultation)
        .order_by(ConsultationPaper.position)
    )
    event = ConsultationOpened(
        consultation=str(kept.id), title=kept.title, number=number, year=today.year, rule=rule.code,
        seats=kept.seats, in_office=kept.in_office, eligible=len(asked), closes=kept.closes_local, papers=list(papers),
    )  # fmt: skip
    await work.record(actor, event)
    await tell_people(work, kept, (member.person for member in asked), ASKED)
    return kept


async def extend_consultation(
    work: Work, actor: Actor, consultation: UUID, *, closes: str, reason: str
) -> Consultation:
    """Give the members more time, with the reason that they are told; never less than they were promised."""
    kept = await work.locked(Consultation, consultation)
    actor.must(Right.RUN_ROOM, body=kept.body_id)
    next_state(CONSULTATION, kept.state, "extend")
    if not reason.strip():
        raise Refused("reason-missing")
    local, at = deadline(closes, kept.timezone)
    check_deadline(work.now, at, later_than=kept.closes_at)
    before, kept.closes_local, kept.closes_at, kept.reminded_at = kept.closes_local, local, at, None
    event = ConsultationExtended(
        consultation=str(kept.id), title=kept.title, closes=local, before=before, reason=reason.strip()
    )
    await work.record(actor, event)
    await tell_people(work, kept, await roll_of(work, consultation), EXTENDED, reason=reason.strip())
    return kept


async def remind_missing(work: Work, actor: Actor, consultation: UUID) -> Consultation:
    """Remind those whose ballot has not come, by hand."""
    kept = await work.locked(Consultation, consultation)
    must_be_insider(actor, kept.body_id)
    next_state(CONSULTATION, kept.state, "give")
    await _remind(work, actor, kept)
    return kept


async def remind_on_time(work: Work, consultation: UUID) -> Consultation | None:
    """A day before the deadline remind those whose ballot has not come, once; None if that is done already."""
    kept = await work.locked(Consultation, consultation)
    if not reminder_due(work, kept):
        return None
    await _remind(work, None, kept)
    return kept


async def close_consultation(work: Work, actor: Actor, consultation: UUID) -> Consultation:
    """Close and count before the deadline, once everybody has answered (`answers-missing` otherwise).

    Refused (`entered-left`) while an opinion that came on paper waits for a second person.
    """
    kept = await work.locked(Consultation, consultation)
    actor.must(Right.RUN_ROOM, body=kept.body_id)
    next_state(CONSULTATION, kept.state, "close")
    waiting = await entered_waiting(work, consultation)
    if waiting:
        raise Refused("entered-left", name=waiting[0].name)
    missing = missing_among(await answers_of(work, consultation))
    if missing and work.now < kept.closes_at:
        raise Refused("answers-missing", count=len(missing))
    await _close(work, actor, kept)
    return kept


async def close_on_time(work: Work, consultation: UUID) -> Consultation | None:
    """Close a consultation whose deadline is over, and count; None if that is done already.

    What came on paper in time and was entered is not lost: the count waits until a second person has decided on it.
    """
    kept = await work.locked(Consultation, consultation)
    if not closing_due(work, kept) or await entered_waiting(work, consultation):
        return None
    await _close(work, None, kept)
    return kept


async def withdraw_consultation(work: Work, actor: Actor, consultation: UUID, *, reason: str) -> Consultation:
    """Give a consultation up: a draft by a secretary or the chair, an open one by the chair.

    Those who were asked are told why; of a draft whoever wrote it.
    """
    kept = await work.locked(Consultation, consultation)
    if kept.state == ConsultationState.DRAFT:
        must_be_insider(actor, kept.body_id)
    else:
        actor.must(Right.RUN_ROOM, body=kept.body_id)
    state = next_state(CONSULTATION, kept.state, "withdraw")
    if not reason.strip():
        raise Refused("reason-missing")
    kept.state, kept.ended_at, kept.reason = state, work.now, reason.strip()
    await drop_entered(work, consultation)
    event = ConsultationWithdrawn(consultation=str(kept.id), title=kept.title, reason=kept.reason)
    await work.record(actor, event)
    await tell_no_longer(work, kept)
    return kept


async def tell_no_longer(work: Work, kept: Consultation) -> None:
    """Tell those who had been asked that they are no longer, with the reason."""
    people = await roll_of(work, kept.id) if kept.opened_at else [kept.drafted_by]
    await tell_people(work, kept, people, NO_LONGER_ASKED, reason=kept.reason)


def reminder_due(reading: Reading, kept: Consultation) -> bool:
    """Whether the missing are to be reminded now."""
    if kept.state != ConsultationState.OPEN or kept.reminded_at is not None or kept.opened_at is None:
        return False
    return remind_at(kept.opened_at, kept.closes_at) <= reading.now < kept.closes_at


def closing_due(reading: Reading, kept: Consultation) -> bool:
    """Whether the deadline is over."""
    return kept.state == ConsultationState.OPEN and kept.closes_at <= reading.now


async def _remind(work: Work, actor: Actor | None, kept: Consultation) -> None:
    kept.reminded_at = work.now
    missing = missing_among(await answers_of(work, kept.id))
    if not missing:
        return
    event = MissingOpinionsReminded(
        consultation=str(kept.id), title=kept.title, missing=len(missing), by_clock=actor is None
    )
    await work.record(actor, event)
    await tell_people(work, kept, (one.person for one in missing), REMINDED)


async def _close(work: Work, actor: Actor | None, kept: Consultation) -> None:
    """Count, once: a ballot is either in or late. The chair and the secretaries are told who is missing."""
    answers = await answers_of(work, kept.id)
    count, rule = count_of(kept, answers), stored_rule(kept.rule)
    own = next((one.choice for one in answers if one.person == kept.chair_id and one.choice), None)
    aside, missing = aside_among(answers), missing_among(answers)
    outcome = outcome_of(
        rule, seats=kept.seats or 0, in_office=kept.in_office or 0, count=count, chair_choice=own,
        recused=len(aside),
    )  # fmt: skip
    kept.state, kept.closed_at, kept.cast = ConsultationState.CLOSED, work.now, count.cast
    kept.tally = tally_as_data(count) | {"aside": [one.name for one in aside]}
    kept.outcome = outcome_as_data(outcome)
    event = ConsultationClosed(
        consultation=str(kept.id), title=kept.title, cast=count.cast, not_cast=count.not_cast,
        code=outcome.code.value, reason=outcome.reason, facts=dict(outcome.facts), choices=dict(count.weights),
        missing=[str(one.person) for one in missing], recused=[str(one.person) for one in aside],
        by_clock=actor is None,
    )  # fmt: skip
    await work.record(actor, event)
    names = ", ".join(one.name for one in missing) or "–"
    await tell_people(work, kept, await insiders_of(work, kept), CLOSED, cast=str(count.cast), missing=names)
