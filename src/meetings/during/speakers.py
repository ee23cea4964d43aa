"""Speeches and their clocks: called, paused, resumed, stopped. The same for speakers on the list and in question time.

One person has the floor at a time. Calling somebody while another speaks names whom it interrupts: so nobody is cut off
by a chair who looked away, and of two chairs who call at the same moment one wins and the other is told. A point of
order or a question to the speaker halts the speaker's clock; any other call ends the speech.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select

from meetings.during.questions import told as told_of_question
from meetings.during.recusals import is_recused
from meetings.rules.clocks import Clock
from meetings.rules.events import (
    ItemConcluded,
    ItemPostponed,
    ItemReferred,
    ItemWithdrawn,
    MeetingRecessed,
    QuestionListed,
    RecusalDeclared,
    RequestsLapsed,
    SpeakerCalled,
    SpeakerPassedOver,
    SpeakingTimeAdded,
    SpeechEnded,
    SpeechPaused,
    SpeechResumed,
)
from meetings.rules.events.floor import SpeechEvent
from meetings.rules.lifecycle import QUESTION, MeetingState, next_state
from meetings.rules.permissions import Actor, Right
from meetings.rules.refusals import Refused
from meetings.rules.room_rules import LIMIT
from meetings.rules.speakers import INTERRUPTING, SPEECH, SpeechKind, SpeechState
from meetings.storage.tables import Item, Meeting, Question, Speech
from meetings.storage.unit_of_work import Reading, Work

HOLDING = (SpeechState.SPEAKING, SpeechState.PAUSED)
CHAIRS_TURNS = (SpeechKind.ASK, SpeechKind.ANSWER)
"""Turns nobody asks for."""
EventT = TypeVar("EventT", bound=SpeechEvent)


def clock_of(speech: Speech) -> Clock:
    """The clock of a speech as a value."""
    return Clock(
        seconds=speech.seconds, running_since=speech.running_since, limit=speech.limit, added=speech.added
    )


async def start_speech(work: Work, actor: Actor, speech: UUID, *, interrupts: UUID | None = None) -> Speech:
    """Give somebody the floor; the clock runs from now.

    `interrupts` is the speech that gives way; the act is refused (`floor-taken`) when another one has the floor by
    then, or when one has it and nothing was named.
    """
    held, called, item = await _on_the_floor(work, actor, speech)
    state = next_state(SPEECH, called.state, "call")
    if held.state != MeetingState.IN_SESSION:
        raise Refused("meeting-not-running")
    if held.current_item_id != item.id:
        raise Refused("item-not-open")
    if called.person_id and await is_recused(work, item.id, called.person_id):
        raise Refused("floor-recused", name=called.speaker)
    holders = await holders_of(work, held.id)
    _must_give_way(holders, interrupts)
    for at, holder in enumerate(holders):
        if called.kind in INTERRUPTING and (at > 0 or holder.kind not in INTERRUPTING):
            await _pause(work, actor, holder, item)
        else:
            await _end(work, actor, holder, item)
    called.state, called.called_at, called.running_since = state, work.now, work.now
    await work.record(actor, told(SpeakerCalled, called, item, limit=called.limit), meeting=held.id)
    return called


async def pause_speech(work: Work, actor: Actor, speech: UUID) -> Speech:
    """Halt the clock; the speaker keeps the floor."""
    _, paused, item = await _on_the_floor(work, actor, speech)
    next_state(SPEECH, paused.state, "pause")
    await _pause(work, actor, paused, item)
    return paused


async def resume_speech(work: Work, actor: Actor, speech: UUID) -> Speech:
    """Let the speaker go on; refused (`floor-taken`) while somebody else speaks."""
    held, resumed, item = await _on_the_floor(work, actor, speech)
    state = next_state(SPEECH, resumed.state, "resume")
    if held.state != MeetingState.IN_SESSION:
        raise Refused("meeting-not-running")
    for holder in await holders_of(work, held.id):
        if holder.state == SpeechState.SPEAKING:
            raise Refused("floor-taken", name=holder.speaker)
    resumed.state, resumed.running_since = state, work.now
    event = told(SpeechResumed, resumed, item, seconds=resumed.seconds)
    await work.record(actor, event, meeting=held.id)
    return resumed


async def stop_speech(work: Work, actor: Actor, speech: UUID) -> Speech:
    """The speech is over."""
    _, stopped, item = await _on_the_floor(work, actor, speech)
    next_state(SPEECH, stopped.state, "stop")
    await _end(work, actor, stopped, item)
    return stopped


async def pass_over(work: Work, actor: Actor, speech: UUID) -> Speech:
    """Called, but not there: no time is counted, and the request waits again behind the others. Returns the new one.

    A turn of question time that only the chair gives, to ask or to answer, does not wait: the chair calls it again,
    and a question that was not asked goes back to the list.
    """
    held, passed, item = await _on_the_floor(work, actor, speech)
    passed.state = next_state(SPEECH, passed.state, "pass")
    passed.running_since, passed.seconds, passed.ended_at, passed.place = None, 0, work.now, None
    if passed.kind in CHAIRS_TURNS:
        await work.session.flush()
        await work.record(actor, told(SpeakerPassedOver, passed, item), meeting=held.id)
        if passed.kind == SpeechKind.ASK and passed.question_id:
            await _return_question(work, actor, passed.question_id)
        return passed
    again = Speech(
        id=work.new_id(), meeting_id=held.id, item_id=item.id, person_id=passed.person_id, speaker=passed.speaker,
        group=passed.group, kind=passed.kind, stance=passed.stance, category=passed.category,
        question_id=passed.question_id, note=passed.note, state=SpeechState.ASKED, asked_at=work.now,
        limit=passed.limit, seconds=0, added=0,
    )  # fmt: skip
    work.session.add(again)
    await work.session.flush()
    await work.record(actor, told(SpeakerPassedOver, passed, item), meeting=held.id)
    return again


async def _return_question(work: Work, actor: Actor, question: UUID) -> None:
    """A question whose asker was not there is as it was before it was called: listed, or answered already."""
    kept = await work.locked(Question, question)
    answers = select(Speech.id).where(
        Speech.question_id == question, Speech.kind == SpeechKind.ANSWER, Speech.state == SpeechState.SPOKEN
    )
    answered = await work.session.scalar(answers.limit(1)) is not None
    kept.state = next_state(QUESTION, kept.state, "answer" if answered else "return")
    if answered:
        kept.answered_at = work.now
    else:
        kept.put_at = None
        listed = await told_of_question(work, QuestionListed, kept, text=kept.text)
        await work.record(actor, listed, meeting=kept.meeting_id)


async def add_time(work: Work, actor: Actor, speech: UUID, seconds: int) -> Speech:
    """Give a speaker more time than the standing orders do. Refused where there is no limit to add to."""
    held, given, item = await _on_the_floor(work, actor, speech)
    if given.state not in (SpeechState.ASKED, *HOLDING):
        raise Refused("not-now", state=given.state)
    if given.limit is None or not 0 < seconds <= LIMIT or given.added + seconds > LIMIT:
        raise Refused("wrong-input", field="seconds")
    given.added += seconds
    await work.record(actor, told(SpeakingTimeAdded, given, item, added=given.added), meeting=held.id)
    return given


async def holders_of(reading: Reading, meeting: UUID) -> Sequence[Speech]:
    """Who has the floor: the one who speaks or spoke last, then those whose speech was interrupted."""
    query = select(Speech).where(Speech.meeting_id == meeting, Speech.state.in_(HOLDING))
    return (await reading.session.scalars(query.order_by(Speech.called_at.desc(), Speech.id))).all()


async def pause_in_recess(work: Work, actor: Actor | None, event: MeetingRecessed) -> None:
    """A recess halts the clock of whoever speaks."""
    for holder in await holders_of(work, UUID(event.meeting)):
        if holder.state == SpeechState.SPEAKING:
            await _pause(work, actor, holder, await work.get(Item, holder.item_id))


async def end_with_item(
    work: Work, actor: Actor | None, event: ItemConcluded | ItemPostponed | ItemReferred | ItemWithdrawn
) -> None:
    """When an item ends, its speakers end with it, and whoever still waited no longer does."""
    item = await work.get(Item, UUID(event.item))
    query = select(Speech).where(Speech.item_id == item.id, Speech.state.in_((SpeechState.ASKED, *HOLDING)))
    open_ones = (await work.session.scalars(query.order_by(Speech.asked_at, Speech.id))).all()
    for holder in open_ones:
        if holder.state in HOLDING:
            await _end(work, actor, holder, item)
    await _lapse(work, actor, item, [one for one in open_ones if one.state == SpeechState.ASKED])


async def end_with_recusal(work: Work, actor: Actor | None, event: RecusalDeclared) -> None:
    """Who stands aside from an item does not speak on it any more."""
    item = await work.get(Item, UUID(event.item))
    query = select(Speech).where(
        Speech.item_id == item.id,
        Speech.person_id == UUID(event.person),
        Speech.state.in_((SpeechState.ASKED, *HOLDING)),
    )
    own = (await work.session.scalars(query.order_by(Speech.asked_at, Speech.id))).all()
    for holder in own:
        if holder.state in HOLDING:
            await _end(work, actor, holder, item)
    await _lapse(work, actor, item, [one for one in own if one.state == SpeechState.ASKED])


def told(event: type[EventT], speech: Speech, item: Item, **facts: Any) -> EventT:
    """An event of a speech with the names of the moment."""
    return event(
        item=str(item.id), number=item.number, speech=str(speech.id), speaker=speech.speaker, group=speech.group,
        kind=speech.kind, stance=speech.stance, category=speech.category, **facts,
    )  # fmt: skip


async def keeper(work: Work, actor: Actor, meeting: UUID) -> Meeting:
    """The meeting, held against other writers, for one who keeps the list of speakers."""
    held = await work.locked(Meeting, meeting)
    actor.must(Right.KEEP_FLOOR, body=held.body_id)
    return held


async def _on_the_floor(work: Work, actor: Actor, speech: UUID) -> tuple[Meeting, Speech, Item]:
    held = await keeper(work, actor, (await work.get(Speech, speech)).meeting_id)
    found = await work.locked(Speech, speech)
    return held, found, await work.get(Item, found.item_id)


def _must_give_way(holders: Sequence[Speech], interrupts: UUID | None) -> None:
    holder = holders[0] if holders else None
    if holder is not None and holder.id != interrupts:
        raise Refused("floor-taken", name=holder.speaker)


async def _pause(work: Work, actor: Actor | None, speech: Speech, item: Item) -> None:
    if speech.state == SpeechState.PAUSED:
        return
    speech.seconds, speech.running_since = clock_of(speech).used(work.now), None
    speech.state = next_state(SPEECH, speech.state, "pause")
    event = told(SpeechPaused, speech, item, seconds=speech.seconds)
    await work.record(actor, event, meeting=speech.meeting_id)


async def _end(work: Work, actor: Actor | None, speech: Speech, item: Item) -> None:
    speech.seconds, speech.running_since = clock_of(speech).used(work.now), None
    speech.state, speech.ended_at = next_state(SPEECH, speech.state, "stop"), work.now
    event = told(SpeechEnded, speech, item, seconds=speech.seconds)
    await work.record(actor, event, meeting=speech.meeting_id)


async def _lapse(work: Work, actor: Actor | None, item: Item, waiting: Sequence[Speech]) -> None:
    if not waiting:
        return
    for one in waiting:
        one.state, one.ended_at = next_state(SPEECH, one.state, "lapse"), work.now
    names = [one.speaker for one in waiting]
    event = RequestsLapsed(item=str(item.id), number=item.number, speakers=names)
    await work.record(actor, event, meeting=item.meeting_id)
