"""Question slips (phiếu chất vấn): handed in, corrected, put in order and listed for question time.

Until it is listed a slip is seen by its author and by those who keep the list. Whoever answers may have no account: the
slip names them in words, and an agency behind them gets the tasks.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select

from meetings.during.attendance import OPEN_STATES
from meetings.rules.agenda import ItemKind
from meetings.rules.events import (
    AnsweringAgencyNamed,
    ItemContinued,
    QuestionChanged,
    QuestionListed,
    QuestionSubmitted,
    QuestionTakenOff,
    QuestionWithdrawn,
)
from meetings.rules.events.questions import QuestionEvent
from meetings.rules.lifecycle import QUESTION, ItemState, QuestionState, next_state
from meetings.rules.permissions import Actor, Right
from meetings.rules.questions import (
    ADDRESSEE_LENGTH,
    TOPIC_LENGTH,
    checked_line,
    checked_text,
    moved,
    same,
)
from meetings.rules.refusals import Refused
from meetings.rules.speakers import SpeechKind, SpeechState
from meetings.storage.tables import Agency, Item, Meeting, Person, Question, Speech
from meetings.storage.unit_of_work import Reading, Work

HEARD = (SpeechState.SPEAKING, SpeechState.PAUSED, SpeechState.SPOKEN)
ITEM_STATES = (ItemState.PLANNED, ItemState.TAKEN_UP, ItemState.POSTPONED)
PUBLIC = (QuestionState.LISTED, QuestionState.PUT, QuestionState.ANSWERED, QuestionState.WRITTEN)
"""What everybody sees who attends."""
ORDER = (Question.position, Question.submitted_at, Question.id)
EventT = TypeVar("EventT", bound=QuestionEvent)


async def submit_question(
    work: Work,
    actor: Actor,
    meeting: UUID,
    *,
    addressee: str,
    text: str,
    topic: str = "",
    agency: UUID | None = None,
) -> Question:
    """A member hands in a slip. Without an agency it takes the one that earlier slips to the same addressee name."""
    held = await work.locked(Meeting, meeting)
    actor.must(Right.TAKE_PART, body=held.body_id, meeting=meeting)
    if held.state not in OPEN_STATES:
        raise Refused("not-now", state=held.state)
    named = checked_line(addressee, "addressee", ADDRESSEE_LENGTH)
    question = Question(
        id=work.new_id(), meeting_id=meeting, asker_id=actor.person, addressee=named,
        agency_id=await _agency(work, agency) or await _agency_behind(work, held.body_id, named),
        topic=checked_line(topic, "topic", TOPIC_LENGTH, needed=False), text=checked_text(text), position=0,
        state=QuestionState.SUBMITTED, submitted_at=work.now,
    )  # fmt: skip
    work.session.add(question)
    await work.session.flush()
    await work.record(actor, QuestionSubmitted(question=str(question.id)), meeting=meeting)
    return question


async def change_question(
    work: Work,
    actor: Actor,
    question: UUID,
    *,
    addressee: str | None = None,
    topic: str | None = None,
    text: str | None = None,
    agency: UUID | None = None,
    place: int | None = None,
) -> Question:
    """Correct a slip: its author while nobody has listed it, those who keep the list everything but its text.

    `place` (1 is first) is among the listed questions to the same addressee. None leaves a field as it is.
    """
    held, kept = await held_question(work, question)
    keeps = actor.may(Right.KEEP_FLOOR, body=held.body_id)
    own = kept.asker_id == actor.person
    if not keeps and not own:
        raise Refused("forbidden")
    if kept.state == QuestionState.WITHDRAWN or (not keeps and kept.state != QuestionState.SUBMITTED):
        raise Refused("not-now", state=kept.state)
    if text is not None and text.strip() != kept.text and (not own or kept.state != QuestionState.SUBMITTED):
        raise Refused("question-words")
    if place is not None and (not keeps or kept.state != QuestionState.LISTED):
        raise Refused("not-now", state=kept.state)
    named = None if addressee is None else checked_line(addressee, "addressee", ADDRESSEE_LENGTH)
    subject = None if topic is None else checked_line(topic, "topic", TOPIC_LENGTH, needed=False)
    worded = None if text is None else checked_text(text)
    behind = await _agency(work, agency)
    if behind is not None and kept.task_id is not None and behind != kept.agency_id:
        raise Refused("question-task")
    kept.addressee = named if named is not None else kept.addressee
    kept.topic = subject if subject is not None else kept.topic
    kept.text = worded if worded is not None else kept.text
    newly = behind is not None and behind != kept.agency_id
    kept.agency_id = behind or kept.agency_id
    if place is not None:
        await _move(work, kept, place)
    open_to_all = kept.state in PUBLIC
    event = QuestionChanged(
        question=str(question), addressee=kept.addressee if open_to_all else "",
        topic=kept.topic if open_to_all else "", place=place or 0,
    )  # fmt: skip
    await work.record(actor, event, meeting=held.id)
    if newly and kept.state == QuestionState.WRITTEN:
        facts = {"agency": str(kept.agency_id), "agency_name": await agency_name(work, kept.agency_id)}
        named_event = await told(work, AnsweringAgencyNamed, kept, **facts)
        await work.record(actor, named_event, meeting=held.id)
    return kept


async def withdraw_question(work: Work, actor: Actor, question: UUID) -> Question:
    """The author takes it back before it is put."""
    held, kept = await held_question(work, question)
    if kept.asker_id != actor.person:
        raise Refused("forbidden")
    listed = kept.state == QuestionState.LISTED
    kept.state = next_state(QUESTION, kept.state, "withdraw")
    event = QuestionWithdrawn(
        question=str(question), asker_name=await _name(work, kept.asker_id) if listed else "",
        addressee=kept.addressee if listed else "",
    )  # fmt: skip
    await work.record(actor, event, meeting=held.id)
    return kept


async def list_questions(
    work: Work, actor: Actor, meeting: UUID, questions: Iterable[UUID], *, item: UUID
) -> list[Question]:
    """Put slips on the list of an item of question time, at its end; from then on everybody reads them."""
    held = await _keeping(work, actor, meeting)
    if held.state not in OPEN_STATES:  # nobody would owe an answer to it any more
        raise Refused("not-now", state=held.state)
    under = await work.get(Item, item)
    if under.meeting_id != meeting:
        raise Refused("item-unknown")
    if under.kind != ItemKind.QUESTIONS:
        raise Refused("question-item")
    if under.state not in ITEM_STATES:
        raise Refused("not-now", state=under.state)
    listed = [await _of_meeting(work, question, meeting) for question in dict.fromkeys(questions)]
    if not listed:
        raise Refused("field-missing", field="question")
    states = [next_state(QUESTION, one.state, "list") for one in listed]
    last = max((one.position for one in await _listed(work, item)), default=0)
    for at, (one, state) in enumerate(zip(listed, states, strict=True), start=1):
        one.state, one.item_id, one.position = state, item, last + at
        await work.record(actor, await told(work, QuestionListed, one, text=one.text), meeting=held.id)
    return listed


async def unlist_question(work: Work, actor: Actor, question: UUID) -> Question:
    """Take it off the list; it is a slip again."""
    held, kept = await held_question(work, question)
    actor.must(Right.KEEP_FLOOR, body=held.body_id)
    state = next_state(QUESTION, kept.state, "unlist")
    event = await told(work, QuestionTakenOff, kept)
    kept.state, kept.item_id, kept.position = state, None, 0
    await work.record(actor, event, meeting=held.id)
    return kept


async def go_with_item(work: Work, actor: Actor | None, event: ItemContinued) -> None:
    """Consequence of question time that goes on in a later meeting: what is listed and was not put is listed there."""
    there = await work.get(Item, UUID(event.item))
    for question in await _listed(work, UUID(event.from_item)):
        question.meeting_id, question.item_id = there.meeting_id, there.id
        listed = await told(work, QuestionListed, question, text=question.text)
        await work.record(actor, listed, meeting=there.meeting_id)


async def turns_of(reading: Reading, question: UUID) -> list[SpeechKind]:
    """The turns of a question that were called, in order."""
    query = select(Speech.kind).where(Speech.question_id == question, Speech.state.in_(HEARD))
    return [SpeechKind(kind) for kind in await reading.session.scalars(query.order_by(Speech.called_at))]


async def told(work: Work, event: type[EventT], question: Question, **facts: Any) -> EventT:
    """An event of a question with the names of the moment."""
    item = await work.get(Item, question.item_id) if question.item_id else None
    return event(
        question=str(question.id), item=str(item.id) if item else "", number=item.number if item else "",
        asker=str(question.asker_id), asker_name=await _name(work, question.asker_id), addressee=question.addressee,
        topic=question.topic, **facts,
    )  # fmt: skip


async def _move(work: Work, question: Question, place: int) -> None:
    """Reorder the listed questions to one addressee; they share out the positions they have."""
    if question.item_id is None:
        raise Refused("not-now", state=question.state)
    group = [
        one
        for one in await _listed(work, question.item_id)
        if same(one.addressee) == same(question.addressee)
    ]
    positions = sorted(one.position for one in group)
    found = {str(one.id): one for one in group}
    order = moved([str(one.id) for one in group], str(question.id), place)
    for one, position in zip(order, positions, strict=True):
        found[one].position = position
    await work.session.flush()


async def _listed(reading: Reading, item: UUID) -> Sequence[Question]:
    query = select(Question).where(Question.item_id == item, Question.state == QuestionState.LISTED)
    return (await reading.session.scalars(query.order_by(*ORDER))).all()


async def _keeping(work: Work, actor: Actor, meeting: UUID) -> Meeting:
    held = await work.locked(Meeting, meeting)
    actor.must(Right.KEEP_FLOOR, body=held.body_id)
    return held


async def held_question(work: Work, question: UUID) -> tuple[Meeting, Question]:
    """A question and its meeting, both held against other writers."""
    held = await work.locked(Meeting, (await work.get(Question, question)).meeting_id)
    return held, await work.locked(Question, question)


async def _of_meeting(work: Work, question: UUID, meeting: UUID) -> Question:
    found = await work.locked(Question, question)
    if found.meeting_id != meeting:
        raise Refused("not-found")
    return found


async def _name(reading: Reading, person: UUID) -> str:
    return (await reading.get(Person, person)).name


async def _agency(work: Work, agency: UUID | None) -> UUID | None:
    if agency is not None and await work.session.get(Agency, agency) is None:
        raise Refused("wrong-input", field="agency")
    return agency


async def agency_name(reading: Reading, agency: UUID | None) -> str:
    """The name of an agency, empty for none."""
    return (await reading.get(Agency, agency)).name if agency else ""


async def _agency_behind(reading: Reading, body: UUID, addressee: str) -> UUID | None:
    """The agency that the newest slip to the same addressee in this body names."""
    rows = await reading.session.execute(
        select(Question.addressee, Question.agency_id)
        .join(Meeting, Meeting.id == Question.meeting_id)
        .where(Meeting.body_id == body, Question.agency_id.is_not(None))
        .order_by(Question.submitted_at.desc(), Question.id)
    )
    return next((agency for named, agency in rows if same(named) == same(addressee)), None)
