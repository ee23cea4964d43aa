"""The room as each person meets it: what is the same for all is looked at once for each stage number, and what is one
person's own once for all who ask at the same moment.

Five hundred tablets ask whenever the stage changes. Nothing is remembered of a person, and the right to see the meeting
is looked at for every question.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from meetings.before.agenda import agenda_of
from meetings.before.papers import Leaf, leaves_of
from meetings.before.scheduling import must_see
from meetings.before.visibility import must_be_let_in
from meetings.during.attendance import OPEN_STATES, Attendee, Room, attendees_of, room_of, states_now
from meetings.during.desk import Desk, desk_at, lines_on, shown_poll
from meetings.during.floor import FloorNow, FloorRows, floor_at, floor_rows
from meetings.during.motion_polls import seconders_of, voted_motions
from meetings.during.motions import motions_of
from meetings.during.question_record import QuestionTime, known_addressees, question_time_of
from meetings.during.roll_calls import Called, told_calls
from meetings.during.stage import StagePoll, as_stage_polls, recounted, votes_by_proxy
from meetings.during.standing_in import StandIn, proxies_in
from meetings.rules.attendance import Presence
from meetings.rules.permissions import Actor
from meetings.rules.refusals import Refused
from meetings.rules.visibility import Audience
from meetings.storage.gathered import Gathered
from meetings.storage.journal import HOUSE
from meetings.storage.tables import Body, Chain, Item, Meeting, Motion, Poll, Question
from meetings.storage.unit_of_work import Reading, Store

Asked = tuple[UUID, UUID]
"""A meeting and a person."""
Number = tuple[int, int, dict[str, Any] | None]
"""What names the facts of a meeting: its stage number, the length of the house's journal, the standing orders."""
KEPT = 50
"""So many meetings are kept at their last number."""


@dataclass(frozen=True, slots=True)
class RoomFacts:
    """What is the same for everybody at one stage number: nothing of one person's own, nothing in any language."""

    body: Body
    item: Item | None
    room: Room
    attendees: Mapping[UUID, Attendee]
    states: Mapping[UUID, Presence]
    floor: FloorRows | None
    motions: Sequence[Motion]
    seconders: Mapping[UUID, str]
    voted: frozenset[UUID]
    """Motions on which a vote was opened once."""
    questions: QuestionTime | None
    agenda: Sequence[Item]
    leaves: Sequence[Leaf]
    """The papers of the item in hand."""
    proxies: Sequence[StandIn]
    poll: Poll | None
    """The poll that desks show."""
    shown: StagePoll | None
    by_proxy: int
    called: Sequence[Called]

    def presence(self, person: UUID) -> Presence | None:
        """A state of attendance; None for somebody who has no seat that day and sits in nobody's."""
        return self.states.get(person, Presence.ABSENT) if person in self.attendees else None

    def seated(self, person: UUID) -> bool:
        """Whether somebody speaks from a seat: the own one, or that of the member whose substitute this is."""
        return any(
            person == seat.member.person or (seat.substitute is not None and person == seat.substitute.person)
            for seat in self.room.seats
        )

    def aside(self, person: UUID) -> bool:
        """Whether somebody stands aside from the item in hand."""
        return self.item is not None and (self.item.id, person) in self.room.recused

    def one_ballot(self, person: UUID) -> bool:
        """Whether a vote that opens can bring this person the own ballot and no other: who has nobody's proxy, and a
        seat with a vote.
        """
        holds = person in self.room.proxies.values()
        return not holds and all(
            seat.member.weight >= 1 for seat in self.room.seats if seat.member.person == person
        )


@dataclass(frozen=True, slots=True)
class OwnPart:
    """What the parts of the room beside the ballot are made of, for one person."""

    meeting: Meeting
    facts: RoomFacts
    floor: FloorNow
    slips: int
    """How many questions the person has handed in."""
    addressees: Sequence[str]


@dataclass(frozen=True, slots=True)
class OwnDesk:
    """What a person's desk is made of."""

    meeting: Meeting
    facts: RoomFacts
    desk: Desk


@dataclass(frozen=True, slots=True)
class _Seen:
    meeting: Meeting
    facts: RoomFacts


class OwnRooms:
    """One per process."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._kept: dict[UUID, tuple[Number, RoomFacts]] = {}
        self._parts = Gathered(self._look_at_parts)
        self._desks = Gathered(self._look_at_desks)

    async def part(self, actor: Actor, meeting: UUID) -> OwnPart:
        """The room beside the ballot; `not-found` for somebody who may not see the meeting.

        Not to be asked while one's own reading is open: whoever waits here must hold no connection.
        """
        found = await self._parts.ask((meeting, actor.person))
        if found is None:
            raise Refused("not-found")
        must_see(actor, found.meeting)
        must_be_let_in(actor, found.meeting, found.facts.item)
        return found

    async def desk(self, actor: Actor, meeting: UUID) -> OwnDesk:
        """The ballot's side, asked in the same way."""
        found = await self._desks.ask((meeting, actor.person))
        if found is None:
            raise Refused("not-found")
        must_see(actor, found.meeting)
        must_be_let_in(actor, found.meeting, found.facts.item)
        return found

    async def _look_at_parts(self, asked: Collection[Asked]) -> Mapping[Asked, OwnPart]:
        async with self._store.reading() as reading:
            seen = await self._seen(reading, asked)
            slips = await _slips(reading, asked)
            bodies = {one.meeting.body_id for one in seen.values() if one.meeting.state in OPEN_STATES}
            addressees = {body: await known_addressees(reading, body) for body in bodies}
            floors = {
                key: floor_at(one.facts.floor, one.facts.body, reading.now) for key, one in seen.items()
            }
        return {
            (meeting, person): OwnPart(
                one.meeting, one.facts, floors[meeting], slips.get((meeting, person), 0),
                addressees.get(one.meeting.body_id, ()),
            )
            for meeting, person in asked if (one := seen.get(meeting))
        }  # fmt: skip

    async def _look_at_desks(self, asked: Collection[Asked]) -> Mapping[Asked, OwnDesk]:
        async with self._store.reading() as reading:
            seen = await self._seen(reading, asked)
            polls = {
                key: await recounted(reading, one.facts.poll, one.facts.shown)
                for key, one in seen.items()
                if one.facts.poll is not None and one.facts.shown is not None
            }
            lines = await lines_on(reading, polls.values(), {person for _, person in asked})
        found: dict[Asked, OwnDesk] = {}
        for meeting, person in asked:
            if meeting not in seen:
                continue
            one, poll, desk = seen[meeting], polls.get(meeting), Desk(None, None, ())
            if poll is not None and one.facts.poll is not None:
                called = one.facts.poll.missing_called_at is not None
                desk = desk_at(poll, lines.get((poll.id, person), ()), person, called=called)
            found[meeting, person] = OwnDesk(one.meeting, one.facts, desk)
        return found

    async def _seen(self, reading: Reading, asked: Collection[Asked]) -> dict[UUID, _Seen]:
        """The meetings as they are, with the facts of their numbers.

        Seats and names change in the house's own journal, which has a number of its own. The numbers are read first,
        so no fact is older than its number.
        """
        house = select(Chain.stage).where(Chain.id == HOUSE).scalar_subquery()
        rows = await reading.session.execute(
            select(Meeting, Chain.stage, house, Body.room_rules)
            .join(Body, Body.id == Meeting.body_id)
            .outerjoin(Chain, Chain.id == Meeting.id)
            .where(Meeting.id.in_({meeting for meeting, _ in asked}))
        )
        seen: dict[UUID, _Seen] = {}
        for meeting, stage, house_stage, rules in rows.all():
            number = (stage or 0, house_stage or 0, rules)
            kept = self._kept.get(meeting.id)
            if kept is None or kept[0] != number:
                kept = number, await room_facts(reading, meeting)
                if len(self._kept) >= KEPT:
                    self._kept.clear()
                self._kept[meeting.id] = kept
            seen[meeting.id] = _Seen(meeting, kept[1])
        return seen


async def room_facts(reading: Reading, meeting: Meeting) -> RoomFacts:
    """The facts as they are now."""
    body = await reading.get(Body, meeting.body_id)
    item = await reading.session.get(Item, meeting.current_item_id) if meeting.current_item_id else None
    motions = await motions_of(reading, meeting.id)
    poll = await shown_poll(reading, meeting)
    shown = (await as_stage_polls(reading, [poll], insider=False))[0] if poll else None
    return RoomFacts(
        body=body,
        item=item,
        room=await room_of(reading, meeting, body),
        attendees=await attendees_of(reading, meeting),
        states=await states_now(reading, meeting.id),
        floor=await floor_rows(reading, meeting, body, item),
        motions=motions,
        seconders=await seconders_of(reading, motions),
        voted=await voted_motions(reading, meeting.id),
        questions=await question_time_of(reading, meeting),
        agenda=await agenda_of(reading, meeting.id, audience=Audience.MEMBERS),
        leaves=(await leaves_of(reading, meeting.id, Audience.INSIDERS)).get(item.id, []) if item else [],
        proxies=await proxies_in(reading, meeting.id),
        poll=poll,
        shown=shown,
        by_proxy=await votes_by_proxy(reading, shown),
        called=await told_calls(reading, poll) if poll else (),
    )


async def _slips(reading: Reading, asked: Collection[Asked]) -> dict[Asked, int]:
    """How many questions each has handed in."""
    rows = await reading.session.execute(
        select(Question.meeting_id, Question.asker_id, func.count())
        .where(
            Question.meeting_id.in_({meeting for meeting, _ in asked}),
            Question.asker_id.in_({person for _, person in asked}),
        )
        .group_by(Question.meeting_id, Question.asker_id)
    )
    return {(meeting, person): count for meeting, person, count in rows}
