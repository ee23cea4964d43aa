"""A member stands aside from a consultation: no ballot, no papers.

Whether the base of the majority shrinks by those who stand aside is part of the voting rule.
"""

from __future__ import annotations

from uuid import UUID

from meetings.before.consultation_telling import tell_people
from meetings.before.opinions import drop_entered, replace_opinion
from meetings.language import N_
from meetings.rules.consultations import COMMENT_LENGTH, CONSULTATION
from meetings.rules.events import ConsultationRecusalDeclared, ConsultationRecusalLifted
from meetings.rules.lifecycle import next_state
from meetings.rules.permissions import Actor, Right, is_insider, must_be_insider
from meetings.rules.refusals import Refused
from meetings.storage.tables import Consultation, ConsultedMember, Person
from meetings.storage.unit_of_work import Work

STOOD_ASIDE = N_("You stand aside from the consultation “{title}”: {reason}")
ASKED_AGAIN = N_("Your written opinion is asked for again, until {starts}: {title}")


async def stand_aside(
    work: Work, actor: Actor, consultation: UUID, *, person: UUID | None = None, reason: str = ""
) -> ConsultedMember:
    """Declare a conflict of interest, or, as secretary or chair, have a member stand aside, with the reason.

    Until the opinions are counted. What the member had answered stays on record and counts for nothing. Refused:
    `not-on-roll`, `not-asked`, `recusal-standing`, `reason-missing`, `not-now`.
    """
    kept = await work.locked(Consultation, consultation)
    who = person or actor.person
    own, words = who == actor.person, reason.strip()
    if not own:
        must_be_insider(actor, kept.body_id)
    seat = await work.session.get(ConsultedMember, (consultation, who))
    if seat is None:
        known = is_insider(actor, kept.body_id) or actor.may(Right.TAKE_PART, body=kept.body_id)
        raise Refused(("not-on-roll" if own else "not-asked") if known else "not-found")
    next_state(CONSULTATION, kept.state, "recuse")
    name = (await work.get(Person, who)).name
    if seat.recused_at is not None:
        raise Refused("recusal-standing", name=name)
    if not own and not words:
        raise Refused("reason-missing")
    if len(words) > COMMENT_LENGTH:
        raise Refused("field-long", field="reason", limit=COMMENT_LENGTH)
    seat.recused_at, seat.recused_by, seat.recusal_reason = work.now, actor.person, words
    await replace_opinion(work, kept, who)
    await drop_entered(work, consultation, who)
    await work.session.flush()
    event = ConsultationRecusalDeclared(
        consultation=str(consultation), title=kept.title, person=str(who), person_name=name, reason=words, by_member=own
    )  # fmt: skip
    await work.record(actor, event)
    if not own:
        await tell_people(work, kept, [who], STOOD_ASIDE, reason=words)
    return seat


async def end_standing_aside(work: Work, actor: Actor, consultation: UUID, person: UUID) -> ConsultedMember:
    """The secretary or the chair asks the member after all; what was answered before has to be given anew."""
    kept = await work.locked(Consultation, consultation)
    must_be_insider(actor, kept.body_id)
    next_state(CONSULTATION, kept.state, "recuse")
    seat = await work.session.get(ConsultedMember, (consultation, person))
    if seat is None or seat.recused_at is None:
        raise Refused("not-found")
    seat.recused_at, seat.recused_by, seat.recusal_reason = None, None, ""
    await work.session.flush()
    name = (await work.get(Person, person)).name
    event = ConsultationRecusalLifted(
        consultation=str(consultation), title=kept.title, person=str(person), person_name=name
    )
    await work.record(actor, event)
    await tell_people(work, kept, [person], ASKED_AGAIN)
    return seat
