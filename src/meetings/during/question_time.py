"""Question time: the chair calls question by question, and each is asked, answered and followed up.

Every turn is a speech with its clock; the acts on clocks are those of all speeches (`during/speakers.py`). Calling a
turn names the speech that it ends, as calling a speaker does.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from meetings.during.questions import HEARD, held_question, told, turns_of
from meetings.during.recusals import is_recused
from meetings.during.speakers import HOLDING, start_speech, stop_speech
from meetings.during.speakers import told as told_of_speech
from meetings.during.speaking_list import is_present
from meetings.rules.agenda import ItemKind
from meetings.rules.events import FloorRequested, QuestionAnswered, QuestionPut, RequestsLapsed
from meetings.rules.lifecycle import QUESTION, MeetingState, QuestionState, next_state
from meetings.rules.permissions import Actor, Right
from meetings.rules.questions import same
from meetings.rules.refusals import Refused
from meetings.rules.room_rules import room_rules
from meetings.rules.speakers import SPEECH, SpeechKind, SpeechState, limit_of
from meetings.storage.tables import Body, Item, Meeting, Person, Question, Speech
from meetings.storage.unit_of_work import Reading, Work


async def put_question(work: Work, actor: Actor, question: UUID, *, interrupts: UUID | None = None) -> Speech:
    """Call the asker of a listed question; the clock for asking runs from now."""
    held, kept, item = await _in_hand(work, actor, question)
    kept.state = next_state(QUESTION, kept.state, "put")
    kept.put_at, kept.answered_at, kept.satisfied = kept.put_at or work.now, None, None
    await work.record(actor, await told(work, QuestionPut, kept, text=kept.text), meeting=held.id)
    asker = await work.get(Person, kept.asker_id)
    turn = await _turn(work, held, item, SpeechKind.ASK, asker.name, asker.id, kept.id)
    return await start_speech(work, actor, turn.id, interrupts=interrupts)


async def call_answer(work: Work, actor: Actor, question: UUID, *, interrupts: UUID | None = None) -> Speech:
    """Let the addressee answer a question that was put, as often as it is needed."""
    held, kept, item = await _in_hand(work, actor, question)
    _must_be_put(kept)
    turn = await _turn(work, held, item, SpeechKind.ANSWER, kept.addressee, None, kept.id)
    return await start_speech(work, actor, turn.id, interrupts=interrupts)


async def call_follow_up(
    work: Work, actor: Actor, question: UUID, *, interrupts: UUID | None = None
) -> Speech:
    """Let the asker follow up, whether it was asked for on the tablet or by a raised hand."""
    held, kept, item = await _in_hand(work, actor, question)
    _must_be_put(kept)
    turn = await waiting_follow_up(work, question)
    if turn is None:
        asker = await work.get(Person, kept.asker_id)
        turn = await _turn(work, held, item, SpeechKind.FOLLOW_UP, asker.name, asker.id, kept.id)
    return await start_speech(work, actor, turn.id, interrupts=interrupts)


async def ask_follow_up(work: Work, actor: Actor, question: UUID) -> Speech:
    """The asker wants to follow up, while the question is in hand; once until it is called."""
    held, kept = await held_question(work, question)
    if kept.asker_id != actor.person:
        raise Refused("forbidden")
    item = _must_run(held, kept)
    _must_be_put(kept)
    if await waiting_follow_up(work, question) is not None:
        raise Refused("floor-asked")
    if not await is_present(work, held, actor.person):
        raise Refused("floor-absent")
    if await is_recused(work, item, actor.person):
        raise Refused("recused")
    under = await work.get(Item, item)
    asker = await work.get(Person, actor.person)
    turn = await _turn(work, held, under, SpeechKind.FOLLOW_UP, asker.name, asker.id, kept.id)
    event = told_of_speech(FloorRequested, turn, under, person=str(asker.id))
    await work.record(actor, event, meeting=held.id)
    return turn


async def open_answers(
    work: Work, actor: Actor, item: UUID, addressee: str, *, interrupts: UUID | None = None
) -> Speech:
    """Let an addressee make an opening statement on all the questions to them, once, before the first answer."""
    held = await work.locked(Meeting, (await work.get(Item, item)).meeting_id)
    actor.must(Right.KEEP_FLOOR, body=held.body_id)
    under = await work.get(Item, item)
    if under.kind != ItemKind.QUESTIONS:
        raise Refused("question-item")
    if held.current_item_id != item:
        raise Refused("item-not-open")
    questions = await work.session.scalars(select(Question).where(Question.item_id == item))
    named = next((one.addressee for one in questions if same(one.addressee) == same(addressee)), None)
    if named is None:
        raise Refused("wrong-input", field="addressee")
    answered = select(Speech.speaker).where(
        Speech.item_id == item, Speech.kind == SpeechKind.ANSWER, Speech.state.in_(HEARD)
    )
    if same(named) in map(same, await work.session.scalars(answered)):
        raise Refused("question-opened", name=named)
    turn = await _turn(work, held, under, SpeechKind.ANSWER, named, None, None)
    return await start_speech(work, actor, turn.id, interrupts=interrupts)


async def finish_question(work: Work, actor: Actor, question: UUID) -> Question:
    """Close a question that was put and answered; whoever still speaks on it ends."""
    held, kept, _ = await _in_hand(work, actor, question)
    state = next_state(QUESTION, kept.state, "answer")
    if SpeechKind.ANSWER not in await turns_of(work, question):
        raise Refused("question-unanswered")
    await end_turns(work, actor, kept)
    kept.state, kept.answered_at = state, work.now
    await work.record(actor, await told(work, QuestionAnswered, kept), meeting=held.id)
    return kept


async def end_turns(work: Work, actor: Actor, question: Question) -> None:
    """End the turn that runs on a question, and let a follow-up that waits lapse."""
    query = select(Speech).where(Speech.question_id == question.id)
    for speech in (await work.session.scalars(query.where(Speech.state.in_(HOLDING)))).all():
        await stop_speech(work, actor, speech.id)
    waiting = await waiting_follow_up(work, question.id)
    if waiting is not None:
        waiting.state, waiting.ended_at = next_state(SPEECH, waiting.state, "lapse"), work.now
        item = await work.get(Item, waiting.item_id)
        lapsed = RequestsLapsed(item=str(item.id), number=item.number, speakers=[waiting.speaker])
        await work.record(actor, lapsed, meeting=question.meeting_id)


async def waiting_follow_up(reading: Reading, question: UUID) -> Speech | None:
    """The asker's wish to follow up that was not called yet."""
    return await reading.session.scalar(
        select(Speech)
        .where(
            Speech.question_id == question,
            Speech.kind == SpeechKind.FOLLOW_UP,
            Speech.state == SpeechState.ASKED,
        )
        .order_by(Speech.asked_at, Speech.id)
        .limit(1)
    )


async def _in_hand(work: Work, actor: Actor, question: UUID) -> tuple[Meeting, Question, Item]:
    held, kept = await held_question(work, question)
    actor.must(Right.KEEP_FLOOR, body=held.body_id)
    return held, kept, await work.get(Item, _must_run(held, kept))


def _must_run(held: Meeting, question: Question) -> UUID:
    """The item of question time, which has to be in hand."""
    if held.state != MeetingState.IN_SESSION:
        raise Refused("meeting-not-running")
    if question.item_id is None:
        raise Refused("not-now", state=question.state)
    if held.current_item_id != question.item_id:
        raise Refused("item-not-open")
    return question.item_id


def _must_be_put(question: Question) -> None:
    if question.state != QuestionState.PUT:
        raise Refused("not-now", state=question.state)


async def _turn(
    work: Work,
    held: Meeting,
    item: Item,
    kind: SpeechKind,
    speaker: str,
    person: UUID | None,
    question: UUID | None,
) -> Speech:
    """A turn that can be called; one on no single question is an opening statement. It uses no group's time."""
    rules = room_rules((await work.get(Body, held.body_id)).room_rules)
    limit = limit_of(rules, kind) if question else rules.opening_seconds or None
    turn = Speech(
        id=work.new_id(), meeting_id=held.id, item_id=item.id, person_id=person, speaker=speaker, group="",
        kind=kind, stance="", category="", question_id=question, note="", state=SpeechState.ASKED,
        asked_at=work.now, limit=limit, seconds=0, added=0,
    )  # fmt: skip
    work.session.add(turn)
    await work.session.flush()
    return turn
