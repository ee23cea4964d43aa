"""Members give their written opinion; the chair and the secretaries see who has not."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, func, select

from meetings.rules.consultations import CONSULTATION, checked_comment, counted
from meetings.rules.events import WrittenOpinionGiven
from meetings.rules.lifecycle import next_state
from meetings.rules.majority import stored_rule
from meetings.rules.permissions import Actor, Right, is_insider
from meetings.rules.receipts import NUMBERS, receipt_of
from meetings.rules.refusals import Refused
from meetings.rules.tally import Tally
from meetings.storage.tables import Consultation, ConsultedMember, Person, WrittenOpinion
from meetings.storage.unit_of_work import Reading, Work


@dataclass(frozen=True, slots=True)
class Answer:
    """A member of the roll, and the opinion that counts: empty where none was given."""

    person: UUID
    name: str
    weight: int
    choice: str
    comment: str
    cast_at: datetime | None
    revision: int


async def give_opinion(
    work: Work, actor: Actor, consultation: UUID, *, choice: str, comment: str = "", key: UUID
) -> WrittenOpinion:
    """Give one's opinion, or another one in its place until the deadline. Nobody gives it for somebody else.

    The same key again gives the same receipt, and a repeat never counts twice. Refused: `not-on-roll`, `not-now`,
    `poll-late`, `choice-unknown`, `opinion-words`, `key-reused`.
    """
    kept = await work.locked(Consultation, consultation)
    seat = await work.session.get(ConsultedMember, (consultation, actor.person))
    if seat is None:
        known = is_insider(actor, kept.body_id) or actor.may(Right.TAKE_PART, body=kept.body_id)
        raise Refused("not-on-roll" if known else "not-found")
    earlier = await work.session.scalars(
        select(WrittenOpinion)
        .where(WrittenOpinion.consultation_id == consultation, WrittenOpinion.person_id == actor.person)
        .order_by(WrittenOpinion.revision)
    )
    given = list(earlier)
    rule = stored_rule(kept.rule)
    words = checked_comment(rule, choice, comment)
    for one in given:
        if one.key == str(key):
            if (one.choice, one.comment) != (choice, words):
                raise Refused("key-reused")
            return one
    next_state(CONSULTATION, kept.state, "give")
    if work.now >= kept.closes_at:
        raise Refused("poll-late")
    for one in given:
        one.replaced_at = one.replaced_at or work.now
    opinion = WrittenOpinion(
        id=work.new_id(), consultation_id=consultation, person_id=actor.person, revision=len(given) + 1,
        choice=choice, comment=words, weight=seat.weight, cast_at=work.now, key=str(key),
        receipt=receipt_of(secrets.randbelow(NUMBERS)),
    )  # fmt: skip
    work.session.add(opinion)
    kept.cast += not given
    await work.session.flush()
    event = WrittenOpinionGiven(
        consultation=str(consultation), title=kept.title, voter=str(actor.person), choice=choice, comment=words,
        revision=opinion.revision, receipt=opinion.receipt,
    )  # fmt: skip
    await work.record(actor, event)
    return opinion


async def own_opinion(reading: Reading, consultation: UUID, person: UUID) -> WrittenOpinion | None:
    """The opinion of one's own that counts."""
    return await reading.session.scalar(
        select(WrittenOpinion).where(
            WrittenOpinion.consultation_id == consultation,
            WrittenOpinion.person_id == person,
            WrittenOpinion.replaced_at.is_(None),
        )
    )


async def answers_of(reading: Reading, consultation: UUID) -> Sequence[Answer]:
    """Everybody on the roll, in the order names are read, with the opinion that counts."""
    rows = await reading.session.execute(
        select(
            Person.id,
            Person.name,
            ConsultedMember.weight,
            func.coalesce(WrittenOpinion.choice, ""),
            func.coalesce(WrittenOpinion.comment, ""),
            WrittenOpinion.cast_at,
            func.coalesce(WrittenOpinion.revision, 0),
        )
        .join(ConsultedMember, ConsultedMember.person_id == Person.id)
        .outerjoin(
            WrittenOpinion,
            and_(
                WrittenOpinion.consultation_id == ConsultedMember.consultation_id,
                WrittenOpinion.person_id == ConsultedMember.person_id,
                WrittenOpinion.replaced_at.is_(None),
            ),
        )
        .where(ConsultedMember.consultation_id == consultation)
        .order_by(Person.sort_key, Person.id)
    )
    return [Answer(*row) for row in rows]


def count_of(consultation: Consultation, answers: Sequence[Answer]) -> Tally:
    """The numbers as they stand."""
    rule = stored_rule(consultation.rule)
    ballots = [(one.choice, one.weight) for one in answers if one.choice]
    return counted(rule, ballots, [one.weight for one in answers])


def missing_among(answers: Sequence[Answer]) -> list[Answer]:
    """Those whose ballot has not come, in the order names are read."""
    return [one for one in answers if not one.choice]
