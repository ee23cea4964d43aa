"""A consultation is opened on the chair's word, extended, closed by its deadline, or withdrawn.

The law leaves it to the chair whether members are asked in writing (see `rules.consultations`): secretaries draft and
hand over, the chair opens, gives more time, and withdraws what is open.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from meetings.before.consultation_drafts import deadline
from meetings.before.opinions import answers_of, count_of, missing_among
from meetings.council.bodies import holders, members_in_office
from meetings.council.telling import tell
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
from meetings.rules.permissions import Actor, Right, Role, must_be_insider
from meetings.rules.refusals import Refused
from meetings.storage.tables import Body, Consultation, ConsultationPaper, ConsultedMember, Person
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
    await _tell(work, kept, (member.person for member in asked), ASKED)
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
    await _tell(work, kept, await _roll(work, consultation), EXTENDED, reason=reason.strip())
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
    """Close and count before the deadline, once everybody has answered (`answers-missing` otherwise)."""
    kept = await work.locked(Consultation, consultation)
    actor.must(Right.RUN_ROOM, body=kept.body_id)
    next_state(CONSULTATION, kept.state, "close")
    missing = missing_among(await answers_of(work, consultation))
    if missing and work.now < kept.closes_at:
        raise Refused("answers-missing", count=len(missing))
    await _close(work, actor, kept)
    return kept


async def close_on_time(work: Work, consultation: UUID) -> Consultation | None:
    """Close a consultation whose deadline is over, and count; None if that is done already."""
    kept = await work.locked(Consultation, consultation)
    if not closing_due(work, kept):
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
    event = ConsultationWithdrawn(consultation=str(kept.id), title=kept.title, reason=kept.reason)
    await work.record(actor, event)
    await tell_no_longer(work, kept)
    return kept


async def tell_no_longer(work: Work, kept: Consultation) -> None:
    """Tell those who had been asked that they are no longer, with the reason."""
    people = await _roll(work, kept.id) if kept.opened_at else [kept.drafted_by]
    await _tell(work, kept, people, NO_LONGER_ASKED, reason=kept.reason)


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
    await _tell(work, kept, (one.person for one in missing), REMINDED)


async def _close(work: Work, actor: Actor | None, kept: Consultation) -> None:
    """Count, once: a ballot is either in or late. The chair and the secretaries are told who is missing."""
    answers = await answers_of(work, kept.id)
    count, rule = count_of(kept, answers), stored_rule(kept.rule)
    own = next((one.choice for one in answers if one.person == kept.chair_id and one.choice), None)
    outcome = outcome_of(
        rule, seats=kept.seats or 0, in_office=kept.in_office or 0, count=count, chair_choice=own
    )
    missing = missing_among(answers)
    kept.state, kept.closed_at, kept.cast = ConsultationState.CLOSED, work.now, count.cast
    kept.tally = {
        "weights": dict(count.weights), "heads": dict(count.heads), "yes": count.count("yes"), "no": count.count("no"),
        "abstain": count.count("abstain"), "cast": count.cast, "not_cast": count.not_cast,
        "not_cast_weight": count.not_cast_weight,
    }  # fmt: skip
    kept.outcome = {
        "code": outcome.code.value, "adopted": outcome.adopted, "reason": outcome.reason, "facts": dict(outcome.facts),
        "percent": outcome.percent, "base": outcome.base,
    }  # fmt: skip
    event = ConsultationClosed(
        consultation=str(kept.id), title=kept.title, cast=count.cast, not_cast=count.not_cast,
        code=outcome.code.value, reason=outcome.reason, facts=dict(outcome.facts), choices=dict(count.weights),
        missing=[str(one.person) for one in missing], by_clock=actor is None,
    )  # fmt: skip
    await work.record(actor, event)
    inside = [
        *await holders(work, kept.body_id, Role.CHAIR),
        *await holders(work, kept.body_id, Role.SECRETARY),
    ]
    names = ", ".join(one.name for one in missing) or "–"
    await _tell(work, kept, {one.id for one in inside}, CLOSED, cast=str(count.cast), missing=names)


async def _roll(work: Work, consultation: UUID) -> list[UUID]:
    query = select(ConsultedMember.person_id).where(ConsultedMember.consultation_id == consultation)
    return list(await work.session.scalars(query))


async def _tell(work: Work, kept: Consultation, people: Iterable[UUID], message: str, **more: Any) -> None:
    """`starts` is what messages call a local time that is written out for the reader: here the deadline."""
    body = await work.get(Body, kept.body_id)
    rows = await work.session.scalars(
        select(Person).where(Person.id.in_(list(people))).order_by(Person.sort_key)
    )
    facts = {"title": kept.title, "starts": kept.closes_local} | more
    await tell(work, rows, message, facts, f"/consultations/{kept.id}", body.language)
