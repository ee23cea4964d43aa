"""Who sees which consultation, and what of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, select

from meetings.before.consultation_agenda import papers_of
from meetings.before.opinions import Answer, answers_of, own_opinion
from meetings.before.paper_opinions import EnteredWaiting, entered_waiting
from meetings.before.visibility import unseen_items
from meetings.rules.consultations import ConsultationState
from meetings.rules.permissions import Actor, Right, is_insider
from meetings.rules.refusals import Refused
from meetings.storage.tables import (
    Body,
    Consultation,
    ConsultationPaper,
    ConsultedMember,
    EnteredOpinion,
    Item,
    Meeting,
    WrittenOpinion,
)
from meetings.storage.unit_of_work import Reading

SHOWN = 500


@dataclass(frozen=True, slots=True)
class OpenedConsultation:
    """A consultation as one reader may see it."""

    consultation: Consultation
    body: Body
    papers: Sequence[ConsultationPaper]
    insider: bool
    asked: bool
    """Whether this reader stands on its roll."""
    aside: bool
    """Whether this reader stands aside: no ballot, no papers."""
    over: bool
    """Whether the deadline has passed: nothing comes in any more, though the count may wait for a second person."""
    own: WrittenOpinion | None
    answers: Sequence[Answer]
    """Everybody with their opinion; empty for those who neither run nor prepare the body's business."""
    entered: Sequence[EnteredWaiting]
    """What came on paper and waits for a second person, for those who run or prepare the body's business."""
    item: Item | None
    meeting: Meeting | None
    """Where the outcome is announced, or the matter went; None while that meeting is a draft others do not see."""
    told: bool
    """Whether this reader may see the outcome: members do once it stands on an agenda that they have."""


def sees(actor: Actor, kept: Consultation, *, asked: bool) -> bool:
    """Drafts are for the secretariat and the chair; what was asked is for the members, and for those on the roll."""
    if is_insider(actor, kept.body_id):
        return True
    return kept.opened_at is not None and (asked or actor.may(Right.TAKE_PART, body=kept.body_id))


async def read_consultation(reading: Reading, actor: Actor, consultation: UUID) -> OpenedConsultation:
    """The consultation if the actor may see it; otherwise `not-found`, which tells nothing about its existence."""
    kept = await reading.get(Consultation, consultation)
    seat = await reading.session.get(ConsultedMember, (consultation, actor.person))
    asked, aside = seat is not None, seat is not None and seat.recused_at is not None
    if not sees(actor, kept, asked=asked):
        raise Refused("not-found")
    insider = is_insider(actor, kept.body_id)
    item = await reading.session.get(Item, kept.item_id) if kept.item_id else None
    meeting = await reading.get(Meeting, item.meeting_id) if item else None
    hidden = await _hidden(reading, actor, meeting, item)
    counted = kept.outcome is not None and kept.state != ConsultationState.CONVERTED
    return OpenedConsultation(
        consultation=kept,
        body=await reading.get(Body, kept.body_id),
        papers=() if aside else await papers_of(reading, consultation),
        insider=insider,
        asked=asked,
        aside=aside,
        over=reading.now >= kept.closes_at,
        own=await own_opinion(reading, consultation, actor.person),
        answers=await answers_of(reading, consultation) if insider else (),
        entered=await entered_waiting(reading, consultation) if insider else (),
        item=None if hidden else item,
        meeting=None if hidden else meeting,
        told=counted and (insider or (meeting is not None and not hidden)),
    )


async def _hidden(reading: Reading, actor: Actor, meeting: Meeting | None, item: Item | None) -> bool:
    """Whether this reader does not see the item yet: its meeting is not published, or it is not for this reader."""
    if meeting is None or item is None or is_insider(actor, meeting.body_id):
        return False
    return meeting.published_at is None or item.id in await unseen_items(reading, actor, meeting)


async def consultation_paper(
    reading: Reading, actor: Actor, consultation: UUID, paper: UUID
) -> tuple[Consultation, ConsultationPaper]:
    """One of its papers, for whoever may see it."""
    opened = await read_consultation(reading, actor, consultation)
    found = next((one for one in opened.papers if one.id == paper), None)
    if found is None:
        raise Refused("not-found")
    return opened.consultation, found


async def opinion_file(reading: Reading, actor: Actor, consultation: UUID, opinion: UUID) -> tuple[str, str]:
    """The SHA-256 of a signed ballot or of a scan, and a name for it: for the member, the chair and the secretaries.

    What waits for a second person is named by the id of what was entered, and for the two who decide on it.
    """
    kept = await reading.get(Consultation, consultation)
    given = await reading.session.get(WrittenOpinion, opinion)
    entered = await reading.session.get(EnteredOpinion, opinion)
    found = given or entered
    insider = is_insider(actor, kept.body_id)
    own = given is not None and given.person_id == actor.person
    sha256 = given.file_sha256 if given else entered.scan_sha256 if entered else None
    if found is None or found.consultation_id != consultation or sha256 is None or not (insider or own):
        raise Refused("not-found")
    number = f"{kept.number:02d}-{kept.year}" if kept.number else str(kept.year)
    return sha256, f"phieu-lay-y-kien-{number}.pdf"


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of the list: what is asked, of which body, and what this reader did."""

    consultation: Consultation
    body: Body
    asked: bool
    """Whether this reader has a ballot: asked, and not standing aside."""
    answered: bool

    @property
    def waits(self) -> bool:
        """Whether this reader's opinion is still missing."""
        return self.consultation.state == ConsultationState.OPEN and self.asked and not self.answered


async def consultations_for(
    reading: Reading, actor: Actor, *, body: UUID | None = None, open_only: bool = False
) -> list[Listed]:
    """The consultations this person may see, the latest deadline first."""
    asked = and_(
        ConsultedMember.consultation_id == Consultation.id, ConsultedMember.person_id == actor.person
    )
    given = and_(
        WrittenOpinion.consultation_id == Consultation.id,
        WrittenOpinion.person_id == actor.person,
        WrittenOpinion.replaced_at.is_(None),
    )
    inside = actor.bodies(Right.PREPARE) | actor.bodies(Right.RUN_ROOM)
    query = (
        select(Consultation, Body, ConsultedMember.person_id, ConsultedMember.recused_at, WrittenOpinion.id)
        .join(Body, Body.id == Consultation.body_id)
        .outerjoin(ConsultedMember, asked)
        .outerjoin(WrittenOpinion, given)
        .where(
            Consultation.body_id.in_(inside)
            | (
                Consultation.opened_at.is_not(None)
                & (
                    ConsultedMember.person_id.is_not(None)
                    | Consultation.body_id.in_(actor.bodies(Right.TAKE_PART))
                )
            )
        )
        .order_by(Consultation.closes_at.desc(), Consultation.id)
        .limit(SHOWN)
    )
    if body is not None:
        query = query.where(Consultation.body_id == body)
    if open_only:
        query = query.where(Consultation.state == ConsultationState.OPEN)
    rows = (await reading.session.execute(query)).all()
    return [Listed(row[0], row[1], bool(row[2]) and row[3] is None, bool(row[4])) for row in rows]


async def opinions_owed(reading: Reading, actor: Actor) -> list[Listed]:
    """The open consultations in which this person's opinion is missing, the nearest deadline first."""
    found = [one for one in await consultations_for(reading, actor, open_only=True) if one.waits]
    return sorted(found, key=lambda one: one.consultation.closes_at)
