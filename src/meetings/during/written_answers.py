"""What becomes of an answer: the asker's word on it, the written answer that is owed, and what was promised."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from meetings.during.question_time import end_turns
from meetings.during.questions import ORDER, agency_name, held_question, told, turns_of
from meetings.rules.events import (
    AnswerJudged,
    ItemConcluded,
    MeetingAdjourned,
    PromiseMade,
    WrittenAnswerOwed,
)
from meetings.rules.lifecycle import QUESTION, ItemState, MeetingState, QuestionState, next_state
from meetings.rules.permissions import Actor, Right
from meetings.rules.questions import ADDRESSEE_LENGTH, checked_line, checked_text, may_judge
from meetings.rules.refusals import Refused
from meetings.storage.tables import Agency, Item, Meeting, Promise, Question
from meetings.storage.unit_of_work import Work


async def judge_answer(work: Work, actor: Actor, question: UUID, *, satisfied: bool) -> Question:
    """The asker says whether the answer was enough; the secretary or the chair may enter it."""
    held, kept = await held_question(work, question)
    if kept.asker_id != actor.person:
        actor.must(Right.KEEP_FLOOR, body=held.body_id)
    if not may_judge(kept.state, await turns_of(work, question)):
        raise Refused("question-unanswered")
    if kept.satisfied == satisfied:
        return kept
    kept.satisfied = satisfied
    await work.record(actor, await told(work, AnswerJudged, kept, satisfied=satisfied), meeting=held.id)
    return kept


async def order_in_writing(work: Work, actor: Actor, question: UUID) -> Question:
    """It is to be answered in writing: for want of time, or because the answer was not enough."""
    held, kept = await held_question(work, question)
    actor.must(Right.KEEP_FLOOR, body=held.body_id)
    next_state(QUESTION, kept.state, "answer-in-writing")
    await end_turns(work, actor, kept)
    await _owe(work, actor, kept, ordered=True)
    return kept


async def owe_unanswered_of_item(work: Work, actor: Actor | None, event: ItemConcluded) -> None:
    """Consequence of concluding question time: what was listed and not answered is owed in writing."""
    await _owe_all(work, actor, Question.item_id == UUID(event.item))


async def owe_unanswered(work: Work, actor: Actor | None, event: MeetingAdjourned) -> None:
    """Consequence of the adjournment: the same for items that were never concluded."""
    await _owe_all(work, actor, Question.meeting_id == UUID(event.meeting))


async def record_promise(
    work: Work,
    actor: Actor,
    item: UUID,
    *,
    text: str,
    agency: UUID,
    due: date | None = None,
    promised_by: str = "",
    question: UUID | None = None,
) -> Promise:
    """Write down what was promised in an answer or from the chair; it becomes the agency's task by itself.

    `promised_by` is otherwise whoever the question is addressed to, or the person who enters it.
    """
    under = await work.get(Item, item)
    held = await work.locked(Meeting, under.meeting_id)
    actor.must(Right.KEEP_FLOOR, body=held.body_id)
    if held.state not in (MeetingState.IN_SESSION, MeetingState.RECESS):
        raise Refused("meeting-not-running")
    if under.state not in (ItemState.TAKEN_UP, ItemState.CONCLUDED):
        raise Refused("item-not-open")
    asked = await work.get(Question, question) if question else None
    if asked is not None and asked.item_id != item:
        raise Refused("not-found")
    if await work.session.get(Agency, agency) is None:
        raise Refused("wrong-input", field="agency")
    by = promised_by.strip() or (asked.addressee if asked else actor.name)
    promise = Promise(
        id=work.new_id(), meeting_id=held.id, item_id=item, question_id=question,
        promised_by=checked_line(by, "promised_by", ADDRESSEE_LENGTH), text=checked_text(text), agency_id=agency,
        due=due, recorded_at=work.now,
    )  # fmt: skip
    work.session.add(promise)
    await work.session.flush()
    event = PromiseMade(
        promise=str(promise.id), item=str(item), number=under.number, question=str(question) if question else "",
        promised_by=promise.promised_by, text=promise.text, agency=str(agency),
        agency_name=await agency_name(work, agency), due=due.isoformat() if due else "",
    )  # fmt: skip
    await work.record(actor, event, meeting=held.id)
    return promise


async def _owe_all(work: Work, actor: Actor | None, where: Any) -> None:
    query = select(Question).where(where, Question.state.in_((QuestionState.LISTED, QuestionState.PUT)))
    for question in (await work.session.scalars(query.order_by(*ORDER))).all():
        await _owe(work, actor, question, ordered=False)


async def _owe(work: Work, actor: Actor | None, question: Question, *, ordered: bool) -> None:
    question.state = next_state(QUESTION, question.state, "answer-in-writing")
    event = await told(
        work, WrittenAnswerOwed, question, text=question.text, ordered=ordered,
        agency=str(question.agency_id) if question.agency_id else "",
        agency_name=await agency_name(work, question.agency_id),
    )  # fmt: skip
    await work.record(actor, event, meeting=question.meeting_id)
