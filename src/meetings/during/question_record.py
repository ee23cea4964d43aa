"""Questions as they are read: the slips somebody may see, question time as it stands, and the facts for the minutes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select, true

from meetings.before.visibility import unseen_items
from meetings.during.questions import HEARD, ORDER, PUBLIC
from meetings.during.speakers import HOLDING, clock_of
from meetings.rules.agenda import ItemKind
from meetings.rules.lifecycle import QuestionState
from meetings.rules.permissions import Actor, Right
from meetings.rules.questions import Group, Step, grouped, next_step, same
from meetings.rules.refusals import Refused
from meetings.rules.speakers import SpeechKind, SpeechState
from meetings.storage.tables import Agency, Item, Meeting, Person, Promise, Question, Speech
from meetings.storage.unit_of_work import Reading


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question with the names around it."""

    id: UUID
    meeting: UUID
    item: UUID | None
    asker: UUID
    asker_name: str
    addressee: str
    agency: UUID | None
    agency_name: str
    topic: str
    text: str
    position: int
    state: str
    submitted_at: datetime
    put_at: datetime | None
    answered_at: datetime | None
    satisfied: bool | None
    task: UUID | None

    @property
    def owed(self) -> bool:
        """Whether a written answer is owed that no agency has been given yet."""
        return self.state == QuestionState.WRITTEN and self.task is None


@dataclass(frozen=True, slots=True)
class QuestionTime:
    """Question time of one item. Nothing in here depends on who looks."""

    item: Item
    questions: tuple[QuestionView, ...]
    turns: Mapping[UUID, tuple[Speech, ...]]
    """The called turns of each question, in order."""
    in_hand: QuestionView | None
    """The question that was put last and is not closed."""
    addressee: str
    """Who is questioned now; empty before the first act."""
    speaking: Speech | None
    """Who has the floor, in question time or from the list of speakers."""
    follow_up: Speech | None
    """The asker's wish to follow up the question in hand."""
    step: Step | None
    target: QuestionView | None
    """The question that the step is about."""
    opened: frozenset[str]
    """Who has answered or made an opening statement, as compared."""

    @property
    def groups(self) -> tuple[Group[QuestionView], ...]:
        return grouped(self.questions)

    @property
    def waiting(self) -> tuple[QuestionView, ...]:
        return tuple(one for one in self.questions if one.state == QuestionState.LISTED)

    @property
    def turn(self) -> Speech | None:
        """The turn of the question in hand that was called last."""
        turns = self.turns.get(self.in_hand.id, ()) if self.in_hand else ()
        return turns[-1] if turns else None


@dataclass(frozen=True, slots=True)
class TurnFact:
    """A turn for the minutes; seconds as the clock stood at its end."""

    kind: SpeechKind
    speaker: str
    called_at: datetime | None
    seconds: int


@dataclass(frozen=True, slots=True)
class PromiseFact:
    """A promise with the agency that keeps it."""

    id: UUID
    item: UUID
    question: UUID | None
    promised_by: str
    text: str
    agency: UUID
    agency_name: str
    due: date | None
    recorded_at: datetime
    task: UUID | None


@dataclass(frozen=True, slots=True)
class QuestionFact:
    """A question for the minutes: the words, the turns, what was promised, and what became of it."""

    question: QuestionView
    turns: tuple[TurnFact, ...]
    promises: tuple[PromiseFact, ...]


async def questions_for(reading: Reading, actor: Actor, meeting: Meeting) -> list[QuestionView]:
    """The questions of a meeting that the actor may see: all of them for those who keep the list."""
    seen: ColumnElement[bool] = or_(Question.state.in_(PUBLIC), Question.asker_id == actor.person)
    if actor.may(Right.KEEP_FLOOR, body=meeting.body_id):
        seen = true()
    unseen = await unseen_items(reading, actor, meeting)
    views = await _views(reading, Question.meeting_id == meeting.id, seen)
    return [view for view in views if view.item not in unseen]


async def question_for(reading: Reading, actor: Actor, question: UUID) -> QuestionView:
    """One question, if the actor may see it; otherwise `not-found`."""
    found = await reading.get(Question, question)
    meeting = await reading.get(Meeting, found.meeting_id)
    seen = await questions_for(reading, actor, meeting)
    view = next((one for one in seen if one.id == question), None)
    if view is None or not actor.may(Right.ATTEND, body=meeting.body_id, meeting=meeting.id):
        raise Refused("not-found")
    return view


async def question_time_of(reading: Reading, meeting: Meeting) -> QuestionTime | None:
    """Question time as it stands; None unless an item of question time is in hand."""
    item = await reading.session.get(Item, meeting.current_item_id) if meeting.current_item_id else None
    if item is None or item.kind != ItemKind.QUESTIONS:
        return None
    questions = await _views(reading, Question.item_id == item.id, Question.state.in_(PUBLIC))
    query = select(Speech).where(Speech.item_id == item.id).order_by(Speech.called_at, Speech.asked_at)
    speeches = (await reading.session.scalars(query)).all()
    called = [one for one in speeches if one.state in HEARD]
    turns: defaultdict[UUID, list[Speech]] = defaultdict(list)
    for one in called:
        if one.question_id is not None:
            turns[one.question_id].append(one)
    in_hand = _in_hand(questions, called)
    follow_up = next(
        (
            one
            for one in speeches
            if in_hand and one.question_id == in_hand.id and one.state == SpeechState.ASKED
        ),
        None,
    )
    addressee = in_hand.addressee if in_hand else _last_addressee(questions, called)
    target = in_hand or _following(questions, addressee)
    kinds = [SpeechKind(one.kind) for one in turns.get(target.id, [])] if target and in_hand else []
    holders = [one for one in called if one.state in HOLDING]
    return QuestionTime(
        item=item, questions=tuple(questions), turns={key: tuple(rows) for key, rows in turns.items()},
        in_hand=in_hand, addressee=addressee, speaking=holders[-1] if holders else None, follow_up=follow_up,
        step=next_step(kinds, follows_up=follow_up is not None) if target else None, target=target,
        opened=frozenset(same(one.speaker) for one in called if one.kind == SpeechKind.ANSWER),
    )  # fmt: skip


async def questions_of(reading: Reading, meeting: UUID) -> list[QuestionFact]:
    """Every question of a meeting that was open to all, for the minutes: in the order they were put, then as listed."""
    views = await _views(reading, Question.meeting_id == meeting, Question.state.in_(PUBLIC))
    query = select(Speech).where(
        Speech.meeting_id == meeting, Speech.question_id.is_not(None), Speech.state.in_(HEARD)
    )
    turns: defaultdict[UUID | None, list[TurnFact]] = defaultdict(list)
    for row in await reading.session.scalars(query.order_by(Speech.called_at, Speech.id)):
        seconds = clock_of(row).used(reading.now)
        turns[row.question_id].append(TurnFact(SpeechKind(row.kind), row.speaker, row.called_at, seconds))
    promises: defaultdict[UUID | None, list[PromiseFact]] = defaultdict(list)
    for promise in await promises_of(reading, meeting):
        promises[promise.question].append(promise)
    put = sorted((one for one in views if one.put_at), key=lambda one: (str(one.put_at), one.position))
    return [
        QuestionFact(one, tuple(turns[one.id]), tuple(promises[one.id]))
        for one in (*put, *(one for one in views if not one.put_at))
    ]


async def promises_of(reading: Reading, meeting: UUID) -> list[PromiseFact]:
    """Everything that was promised in a meeting, in order; those that answered no question too."""
    rows = await reading.session.execute(
        select(Promise, Agency.name)
        .join(Agency, Agency.id == Promise.agency_id)
        .where(Promise.meeting_id == meeting)
        .order_by(Promise.recorded_at, Promise.id)
    )
    return [
        PromiseFact(
            one.id, one.item_id, one.question_id, one.promised_by, one.text, one.agency_id, name, one.due,
            one.recorded_at, one.task_id,
        )
        for one, name in rows
    ]  # fmt: skip


async def known_addressees(reading: Reading, body: UUID) -> list[str]:
    """Those to whom questions were open in this body, each spelling once, by name."""
    query = (
        select(Question.addressee)
        .join(Meeting, Meeting.id == Question.meeting_id)
        .where(Meeting.body_id == body, Question.state.in_(PUBLIC))
        .group_by(Question.addressee)
        .order_by(func.max(Question.submitted_at).desc())
    )
    found: dict[str, str] = {}
    for named in await reading.session.scalars(query):
        found.setdefault(same(named), named)
    return sorted(found.values())


def question_time_as_data(now: QuestionTime | None) -> dict[str, Any] | None:
    """Question time as plain data, all of it absolute; the clock is the floor's."""
    if now is None:
        return None
    return {
        "item": str(now.item.id),
        "question": str(now.in_hand.id) if now.in_hand else None,
        "addressee": now.addressee,
        "turn": now.turn.kind if now.turn else None,
        "waiting": len(now.waiting),
    }


async def _views(reading: Reading, *where: ColumnElement[bool]) -> list[QuestionView]:
    rows = await reading.session.execute(
        select(Question, Person.name, Agency.name)
        .join(Person, Person.id == Question.asker_id)
        .outerjoin(Agency, Agency.id == Question.agency_id)
        .where(*where)
        .order_by(*ORDER)
    )
    return [
        QuestionView(
            one.id, one.meeting_id, one.item_id, one.asker_id, asker, one.addressee, one.agency_id, agency or "",
            one.topic, one.text, one.position, one.state, one.submitted_at, one.put_at, one.answered_at,
            one.satisfied, one.task_id,
        )
        for one, asker, agency in rows
    ]  # fmt: skip


def _in_hand(questions: Sequence[QuestionView], called: Sequence[Speech]) -> QuestionView | None:
    put = {one.id: one for one in questions if one.state == QuestionState.PUT}
    latest = (put[one.question_id] for one in reversed(called) if one.question_id and one.question_id in put)
    return next(latest, next(iter(put.values()), None))


def _last_addressee(questions: Iterable[QuestionView], called: Sequence[Speech]) -> str:
    """Whom the last turn questioned."""
    named = {one.id: one.addressee for one in questions}
    for one in reversed(called):
        if one.question_id and one.question_id in named:
            return named[one.question_id]
        if one.kind == SpeechKind.ANSWER:
            return one.speaker
    return ""


def _following(questions: Sequence[QuestionView], addressee: str) -> QuestionView | None:
    """The next listed question: of the one who is questioned now, else of the first group that has one."""
    waiting = [one for one in questions if one.state == QuestionState.LISTED]
    ordered = [one for group in grouped(waiting) for one in group.questions]
    own = [one for one in ordered if same(one.addressee) == same(addressee)]
    return next(iter(own or ordered), None)
