"""Members give their written opinion; the chair and the secretaries see who has not."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, func, select, update

from meetings.rules.consultations import CONSULTATION, checked_comment, counted
from meetings.rules.events import WrittenOpinionGiven
from meetings.rules.lifecycle import next_state
from meetings.rules.majority import stored_rule
from meetings.rules.permissions import Actor, Right, is_insider
from meetings.rules.receipts import NUMBERS, receipt_of
from meetings.rules.refusals import Refused
from meetings.rules.tally import Tally
from meetings.storage.tables import Consultation, ConsultedMember, EnteredOpinion, Person, WrittenOpinion
from meetings.storage.unit_of_work import Reading, Work

ENTERED, CONFIRMED, DROPPED = "entered", "confirmed", "dropped"


@dataclass(frozen=True, slots=True)
class Answer:
    """A member of the roll, and the opinion that counts: empty where none was given."""

    person: UUID
    name: str
    weight: int
    recused: bool
    """Whether the member stands aside, and so has no ballot."""
    recusal_reason: str
    choice: str
    comment: str
    cast_at: datetime | None
    revision: int
    opinion: UUID | None
    on_paper: bool
    """Whether it was entered from paper, by one person and confirmed by another."""
    file: bool
    """Whether there is a file of it: the signed ballot, or the scan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenAs:
    """How an opinion came in: the signed ballot's file, or who wrote down and confirmed what stood on paper."""

    file: str | None = None
    entered_by: UUID | None = None
    entered_name: str = ""
    confirmed_by: UUID | None = None
    confirmed_name: str = ""


ON_DEVICE = GivenAs()


async def give_opinion(
    work: Work,
    actor: Actor,
    consultation: UUID,
    *,
    choice: str,
    comment: str = "",
    key: UUID,
    signed: str | None = None,
) -> WrittenOpinion:
    """Give one's opinion, or another one in its place until the deadline. Nobody gives it for somebody else.

    The same key again gives the same receipt, and a repeat never counts twice. `signed` is the SHA-256 of the signed
    ballot (`before.signed_opinions`). Refused: `not-on-roll`, `opinion-recused`, `not-now`, `poll-late`,
    `choice-unknown`, `opinion-words`, `key-reused`, `opinion-unsigned`.
    """
    kept = await work.locked(Consultation, consultation)
    seat = await own_seat(work, actor, kept)
    words = checked_comment(stored_rule(kept.rule), choice, comment)
    repeated = await opinion_of_key(work, seat, key, choice, words)
    if repeated is not None:
        return repeated
    must_take(kept, seat, work.now)
    if kept.signed and signed is None:
        raise Refused("opinion-unsigned")
    await drop_entered(work, consultation, actor.person)
    return await record_opinion(
        work, actor, kept, seat, choice=choice, comment=words, key=key, given=GivenAs(file=signed)
    )


async def own_seat(reading: Reading, actor: Actor, kept: Consultation) -> ConsultedMember:
    """The actor's line on the roll; `not-on-roll`, or `not-found` for those who know nothing of it."""
    seat = await reading.session.get(ConsultedMember, (kept.id, actor.person))
    if seat is None:
        known = is_insider(actor, kept.body_id) or actor.may(Right.TAKE_PART, body=kept.body_id)
        raise Refused("not-on-roll" if known else "not-found")
    return seat


def must_take(kept: Consultation, seat: ConsultedMember, now: datetime) -> None:
    """Refuse an opinion that is out of time, or of a member who stands aside."""
    next_state(CONSULTATION, kept.state, "give")
    if now >= kept.closes_at:
        raise Refused("poll-late")
    if seat.recused_at is not None:
        raise Refused("opinion-recused")


async def opinion_of_key(
    reading: Reading, seat: ConsultedMember, key: UUID, choice: str, words: str
) -> WrittenOpinion | None:
    """What this key gave already; refused (`key-reused`) when it said something else."""
    given = await reading.session.scalar(
        select(WrittenOpinion).where(
            WrittenOpinion.consultation_id == seat.consultation_id,
            WrittenOpinion.person_id == seat.person_id,
            WrittenOpinion.key == str(key),
        )
    )
    if given is not None and (given.choice, given.comment) != (choice, words):
        raise Refused("key-reused")
    return given


async def record_opinion(
    work: Work,
    actor: Actor,
    kept: Consultation,
    seat: ConsultedMember,
    *,
    choice: str,
    comment: str,
    key: UUID,
    given: GivenAs = ON_DEVICE,
) -> WrittenOpinion:
    """Write the opinion that counts from now on; the earlier one is kept as replaced. The caller has checked all."""
    last = await work.session.scalar(
        select(func.max(WrittenOpinion.revision)).where(
            WrittenOpinion.consultation_id == kept.id, WrittenOpinion.person_id == seat.person_id
        )
    )
    await replace_opinion(work, kept, seat.person_id)
    opinion = WrittenOpinion(
        id=work.new_id(), consultation_id=kept.id, person_id=seat.person_id, revision=(last or 0) + 1, choice=choice,
        comment=comment, weight=seat.weight, cast_at=work.now, key=str(key),
        receipt=receipt_of(secrets.randbelow(NUMBERS)), file_sha256=given.file, entered_by=given.entered_by,
        confirmed_by=given.confirmed_by,
    )  # fmt: skip
    work.session.add(opinion)
    kept.cast += 1
    await work.session.flush()
    event = WrittenOpinionGiven(
        consultation=str(kept.id), title=kept.title, voter=str(seat.person_id), choice=choice, comment=comment,
        revision=opinion.revision, receipt=opinion.receipt, file=given.file or "", entered_by=given.entered_name,
        confirmed_by=given.confirmed_name,
    )  # fmt: skip
    await work.record(actor, event)
    return opinion


async def replace_opinion(work: Work, kept: Consultation, person: UUID) -> None:
    """The opinion that counted until now does not any longer; it stays on record."""
    earlier = await own_opinion(work, kept.id, person)
    if earlier is not None:
        earlier.replaced_at = work.now
        kept.cast -= 1
        await work.session.flush()


async def drop_entered(work: Work, consultation: UUID, person: UUID | None = None) -> None:
    """What was entered from paper and not yet confirmed no longer waits: of one member, or of all."""
    waiting = update(EnteredOpinion).where(
        EnteredOpinion.consultation_id == consultation, EnteredOpinion.state == ENTERED
    )
    if person is not None:
        waiting = waiting.where(EnteredOpinion.person_id == person)
    await work.session.execute(waiting.values(state=DROPPED, decided_at=work.now))


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
            ConsultedMember.recused_at.is_not(None),
            ConsultedMember.recusal_reason,
            func.coalesce(WrittenOpinion.choice, ""),
            func.coalesce(WrittenOpinion.comment, ""),
            WrittenOpinion.cast_at,
            func.coalesce(WrittenOpinion.revision, 0),
            WrittenOpinion.id,
            WrittenOpinion.entered_by.is_not(None),
            WrittenOpinion.file_sha256.is_not(None),
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
    """The numbers as they stand, among those who have a ballot."""
    rule = stored_rule(consultation.rule)
    ballots = [(one.choice, one.weight) for one in answers if one.choice]
    return counted(rule, ballots, [one.weight for one in answers if not one.recused])


def missing_among(answers: Sequence[Answer]) -> list[Answer]:
    """Those whose ballot has not come, in the order names are read."""
    return [one for one in answers if not one.choice and not one.recused]


def aside_among(answers: Sequence[Answer]) -> list[Answer]:
    """Those who stand aside, in the order names are read."""
    return [one for one in answers if one.recused]
