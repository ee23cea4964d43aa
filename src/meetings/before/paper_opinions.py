"""An opinion on paper: a secretary writes down what a member answered, and it counts once a second person confirms it.

Members who do not use a device answer on the printed form; the scan may be kept with what was written down. Whoever
answers on a device meanwhile is not overruled: what was entered is dropped.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import aliased

from meetings.before.consultation_telling import insiders_of, tell_people
from meetings.before.opinions import (
    CONFIRMED,
    DROPPED,
    ENTERED,
    GivenAs,
    must_take,
    own_opinion,
    record_opinion,
)
from meetings.language import N_
from meetings.rules.consultations import CONSULTATION, checked_comment
from meetings.rules.events import PaperOpinionDropped, PaperOpinionEntered
from meetings.rules.lifecycle import next_state
from meetings.rules.majority import stored_rule
from meetings.rules.permissions import Actor, Right
from meetings.rules.refusals import Refused
from meetings.storage.tables import Consultation, ConsultedMember, EnteredOpinion, Person, WrittenOpinion
from meetings.storage.unit_of_work import Reading, Work

WAITS = N_("An opinion on paper waits for a second person to confirm it: {title}")
RECORDED = N_("Your opinion on paper is recorded: {title}")


@dataclass(frozen=True, slots=True)
class EnteredWaiting:
    """What was entered from paper and waits for a second person."""

    id: UUID
    person: UUID
    name: str
    choice: str
    comment: str
    scan: bool
    entered_by: UUID
    entered_name: str
    entered_at: datetime


async def may_enter(reading: Reading, actor: Actor, consultation: UUID) -> None:
    """Refuse whoever cannot write down opinions here, before a scan is taken in."""
    kept = await reading.get(Consultation, consultation)
    actor.must(Right.ENTER_BALLOTS, body=kept.body_id)
    next_state(CONSULTATION, kept.state, "give")


async def enter_opinion(
    work: Work,
    actor: Actor,
    consultation: UUID,
    *,
    person: UUID,
    choice: str,
    comment: str = "",
    scan: str | None = None,
) -> EnteredOpinion:
    """Write down what a member answered on paper, before the deadline. It does not count yet.

    `scan` is the SHA-256 of the kept scan, which is needed where only signed ballots count. Refused: `entered-own`,
    `not-asked`, `opinion-recused`, `poll-late`, `opinion-cast`, `entered-waits`, `opinion-scan` and those of the words.
    """
    kept = await work.locked(Consultation, consultation)
    actor.must(Right.ENTER_BALLOTS, body=kept.body_id)
    if person == actor.person:
        raise Refused("entered-own")
    seat = await work.session.get(ConsultedMember, (consultation, person))
    if seat is None:
        raise Refused("not-asked")
    must_take(kept, seat, work.now)
    words = checked_comment(stored_rule(kept.rule), choice, comment)
    name = (await work.get(Person, person)).name
    if await own_opinion(work, consultation, person) is not None:
        raise Refused("opinion-cast", name=name)
    if any(one.person == person for one in await entered_waiting(work, consultation)):
        raise Refused("entered-waits", name=name)
    if kept.signed and scan is None:
        raise Refused("opinion-scan", field="scan")
    row = EnteredOpinion(
        id=work.new_id(), consultation_id=consultation, person_id=person, choice=choice, comment=words,
        scan_sha256=scan, state=ENTERED, entered_by=actor.person, entered_at=work.now,
    )  # fmt: skip
    work.session.add(row)
    await work.session.flush()
    event = PaperOpinionEntered(
        consultation=str(consultation), title=kept.title, person=str(person), person_name=name, entered_name=actor.name
    )  # fmt: skip
    await work.record(actor, event)
    others = await insiders_of(work, kept) - {actor.person, person}
    await tell_people(work, kept, others, WAITS)
    return row


async def confirm_opinion(work: Work, actor: Actor, consultation: UUID, entered: UUID) -> WrittenOpinion:
    """A second person confirms what was entered: from now on it is an opinion like any other, marked as entered.

    What was entered in time may be confirmed after the deadline, until the opinions are counted. Refused:
    `second-person`, `entered-own`, `not-now`.
    """
    kept, row = await _decided(work, actor, consultation, entered)
    next_state(CONSULTATION, kept.state, "give")
    if actor.person == row.entered_by:
        raise Refused("second-person")
    if actor.person == row.person_id:
        raise Refused("entered-own")
    seat = await work.session.get(ConsultedMember, (consultation, row.person_id))
    if seat is None or seat.recused_at is not None:
        raise Refused("opinion-recused")
    row.state, row.decided_by, row.decided_at = CONFIRMED, actor.person, work.now
    given = GivenAs(
        file=row.scan_sha256, entered_by=row.entered_by, entered_name=(await work.get(Person, row.entered_by)).name,
        confirmed_by=actor.person, confirmed_name=actor.name,
    )  # fmt: skip
    opinion = await record_opinion(
        work, actor, kept, seat, choice=row.choice, comment=row.comment, key=row.id, given=given
    )
    await tell_people(work, kept, [row.person_id], RECORDED)
    return opinion


async def drop_opinion(work: Work, actor: Actor, consultation: UUID, entered: UUID) -> Consultation:
    """Take back what was entered before it counts: a slip of the pen, or a paper that is not in order."""
    kept, row = await _decided(work, actor, consultation, entered)
    row.state, row.decided_by, row.decided_at = DROPPED, actor.person, work.now
    name = (await work.get(Person, row.person_id)).name
    event = PaperOpinionDropped(
        consultation=str(consultation), title=kept.title, person=str(row.person_id), person_name=name,
        dropped_name=actor.name,
    )  # fmt: skip
    await work.record(actor, event)
    return kept


async def entered_waiting(reading: Reading, consultation: UUID) -> list[EnteredWaiting]:
    """What waits for a second person, in the order it was entered."""
    member, clerk = aliased(Person), aliased(Person)
    rows = await reading.session.execute(
        select(EnteredOpinion, member.name, clerk.name)
        .join(member, member.id == EnteredOpinion.person_id)
        .join(clerk, clerk.id == EnteredOpinion.entered_by)
        .where(EnteredOpinion.consultation_id == consultation, EnteredOpinion.state == ENTERED)
        .order_by(EnteredOpinion.entered_at, EnteredOpinion.id)
    )
    return [
        EnteredWaiting(
            row.id, row.person_id, name, row.choice, row.comment, row.scan_sha256 is not None, row.entered_by,
            entered_name, row.entered_at,
        )
        for row, name, entered_name in rows
    ]  # fmt: skip


async def _decided(
    work: Work, actor: Actor, consultation: UUID, entered: UUID
) -> tuple[Consultation, EnteredOpinion]:
    """What was entered, with its consultation, which is held first as everywhere."""
    kept = await work.locked(Consultation, consultation)
    actor.must(Right.ENTER_BALLOTS, body=kept.body_id)
    row = await work.locked(EnteredOpinion, entered)
    if row.consultation_id != consultation:
        raise Refused("not-found")
    if row.state != ENTERED:
        raise Refused("not-now", state=row.state)
    return kept, row
