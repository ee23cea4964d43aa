"""The seating plan of a body in one room: drawn once, used by every meeting there; and who sits where right now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from meetings.council.bodies import Member, members_in_office
from meetings.during.attendance import Presence, Room
from meetings.during.speakers import HOLDING
from meetings.during.stage import Stage, StagePoll
from meetings.rules.events import SeatingPlanSaved
from meetings.rules.lifecycle import MeetingState, PollState
from meetings.rules.permissions import Actor, Right
from meetings.rules.refusals import Refused
from meetings.rules.seating import (
    Furniture,
    Place,
    Plan,
    as_data,
    laid_out,
    seated_by_group,
    seated_by_name,
    seating,
)
from meetings.rules.speakers import SpeechState
from meetings.storage.tables import Body, Meeting, Membership, RollEntry, SeatingPlan, Speech
from meetings.storage.unit_of_work import Reading, Work

PLACE_LENGTH = 200
SHOWN = (MeetingState.PUBLISHED, MeetingState.IN_SESSION, MeetingState.RECESS)
"""Meetings whose screens may show the plan at this moment."""


def may_draw(actor: Actor, body: UUID) -> bool:
    """Secretaries of the body draw its plans, and administrators."""
    return actor.may(Right.PREPARE, body=body) or actor.may(Right.ADMINISTER)


async def save_plan(
    work: Work, actor: Actor, body: UUID, *, place: str, plan: Mapping[str, Any]
) -> SeatingPlan:
    """Keep the plan of this body in this room; one that was there is replaced.

    Refuses what is no plan (see `rules.seating`) and somebody who has never had a seat in the body (`not-a-member`).
    """
    if not may_draw(actor, body):
        raise Refused("forbidden")
    place = checked_place(place)
    checked = seating(plan)
    await work.locked(Body, body)
    await _must_be_members(work, body, checked)
    kept = await saved_plan(work, body, place)
    if kept is None:
        kept = SeatingPlan(id=work.new_id(), body_id=body, place=place)
        work.session.add(kept)
    kept.plan, kept.saved_by, kept.saved_at = as_data(checked), actor.person, work.now
    await work.session.flush()
    assigned = sum(bool(one.person) for one in checked.places)
    event = SeatingPlanSaved(body=str(body), place=place, places=len(checked.places), assigned=assigned)
    await work.record(actor, event)
    shown = select(Meeting.id).where(Meeting.body_id == body, Meeting.state.in_(SHOWN)).order_by(Meeting.id)
    for meeting in (await work.session.scalars(shown)).all():
        await work.record(actor, event, meeting=meeting)
    return kept


def checked_place(place: str) -> str:
    """The name of a room on one line, as meetings name their place; it may be empty."""
    place = " ".join(place.split())
    if len(place) > PLACE_LENGTH:
        raise Refused("field-long", field="place", limit=PLACE_LENGTH)
    return place


async def _must_be_members(reading: Reading, body: UUID, plan: Plan) -> None:
    seated = {UUID(place.person) for place in plan.places if place.person}
    query = select(Membership.person_id).where(Membership.body_id == body, Membership.person_id.in_(seated))
    if seated - set((await reading.session.scalars(query)).all()):
        raise Refused("not-a-member")


async def plans_of(reading: Reading, body: UUID) -> Sequence[SeatingPlan]:
    """Every plan of a body by the name of the room."""
    query = select(SeatingPlan).where(SeatingPlan.body_id == body).order_by(SeatingPlan.place)
    return (await reading.session.scalars(query)).all()


async def saved_plan(reading: Reading, body: UUID, place: str) -> SeatingPlan | None:
    """The plan of this body in exactly this room."""
    query = select(SeatingPlan).where(SeatingPlan.body_id == body, SeatingPlan.place == place)
    return await reading.session.scalar(query)


async def plan_of(reading: Reading, meeting: Meeting) -> Plan | None:
    """The plan of the room a meeting is held in; where none was drawn, the one of the body's that was saved last."""
    kept = await saved_plan(reading, meeting.body_id, " ".join(meeting.place.split()))
    if kept is None:
        query = select(SeatingPlan).where(SeatingPlan.body_id == meeting.body_id)
        kept = await reading.session.scalar(query.order_by(SeatingPlan.saved_at.desc()).limit(1))
    return seating(kept.plan) if kept else None


async def ready_made(
    reading: Reading, body: UUID, *, layout: str, count: int = 0, order: str = "names"
) -> Plan:
    """A ready-made plan for the members in office, or for `count` places; they sit by `names`, by `groups` or not."""
    members = await members_in_office(reading, body, reading.today)
    return arranged(laid_out(layout, count or max(1, len(members))), members, order)


def arranged(plan: Plan, members: Sequence[Member], order: str) -> Plan:
    """The members put on the places of a plan: by `names`, by `groups`; with any other word nobody moves."""
    if order == "names":
        return seated_by_name(plan, [str(member.person) for member in members])
    if order == "groups":
        return seated_by_group(plan, [(str(member.person), member.group) for member in members])
    return plan


@dataclass(frozen=True, slots=True)
class Sitting:
    """One place at this moment. How anybody voted is not in here, only whether a ballot was counted."""

    place: Place
    name: str
    """Who sits here, a substitute by the own name; empty for a free place."""
    state: Presence | None
    asking: bool
    speaking: bool
    voted: bool


@dataclass(frozen=True, slots=True)
class SeatMap:
    """The room as it is now."""

    width: int
    height: int
    sittings: tuple[Sitting, ...]
    furniture: tuple[Furniture, ...]
    polling: StagePoll | None
    """The open poll whose participation the places show."""

    def count(self, what: str) -> int:
        """Places that are `asking`, `speaking`, `voted`, or in a state of attendance."""
        if what in ("asking", "speaking", "voted"):
            return sum(bool(getattr(one, what)) for one in self.sittings)
        return sum(one.state is not None and one.state.value == what for one in self.sittings)


async def seats_now(reading: Reading, stage: Stage) -> SeatMap | None:
    """Who sits where, with attendance, the floor and participation; None where no plan was drawn."""
    plan = await plan_of(reading, stage.meeting)
    if plan is None:
        return None
    floor = await _floor(reading, stage)
    polling = next((poll for poll in stage.polls if poll.state == PollState.OPEN), None)
    voted = await _participation(reading, polling.id) if polling else frozenset[UUID]()
    known = _people(stage.room)
    sittings = tuple(_sitting(place, known, floor, voted) for place in plan.places)
    return SeatMap(plan.width, plan.height, sittings, plan.furniture, polling)


People = Mapping[UUID, tuple[str, Presence, UUID]]
"""By member: the name of whoever sits there, the state, and that person's id."""


def _people(room: Room) -> People:
    return {
        seat.member.person: (
            seat.substitute.name if seat.substitute else seat.member.name, seat.sitting, seat.voter
        )
        for seat in room.seats
    }  # fmt: skip


def _sitting(place: Place, known: People, floor: Mapping[UUID, str], voted: frozenset[UUID]) -> Sitting:
    found = known.get(UUID(place.person)) if place.person else None
    if found is None:
        return Sitting(place, "", None, asking=False, speaking=False, voted=False)
    name, state, person = found
    return Sitting(
        place, name, state, asking=floor.get(person) == SpeechState.ASKED, speaking=floor.get(person) in HOLDING,
        voted=person in voted,
    )  # fmt: skip


async def _floor(reading: Reading, stage: Stage) -> dict[UUID, str]:
    """Who has asked for the floor on the item in hand, and who has it; nobody where the floor is not told."""
    if stage.floor.item is None:
        return {}
    rows = await reading.session.execute(
        select(Speech.person_id, Speech.state).where(
            Speech.item_id == stage.floor.item,
            Speech.state.in_((SpeechState.ASKED, *HOLDING)),
            Speech.person_id.is_not(None),
        )
    )
    states: dict[UUID, str] = {}
    for person, state in rows:
        if person is not None and states.get(person) in (None, SpeechState.ASKED):
            states[person] = state
    return states


async def _participation(reading: Reading, poll: UUID) -> frozenset[UUID]:
    """Whose ballot was counted: the receipt on the roll says so, in a secret poll too."""
    query = select(RollEntry.person_id).where(RollEntry.poll_id == poll, RollEntry.receipt.is_not(None))
    return frozenset((await reading.session.scalars(query)).all())
