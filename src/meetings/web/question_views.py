"""Questions in words: the states, question time as the room and the screen show it, and the chair's next act."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from meetings import language
from meetings.council.bodies import agencies
from meetings.during.attendance import OPEN_STATES
from meetings.during.own_room import OwnPart
from meetings.during.question_record import (
    QuestionTime,
    QuestionView,
    promises_of,
    question_time_of,
)
from meetings.during.speakers import HOLDING, clock_of
from meetings.during.stage import Stage
from meetings.language import N_
from meetings.rules.lifecycle import MeetingState, PollState, QuestionState
from meetings.rules.permissions import Actor, Right
from meetings.rules.questions import Group, Step, may_judge, same
from meetings.rules.speakers import SpeechKind, SpeechState
from meetings.storage.tables import Meeting, Speech
from meetings.storage.unit_of_work import Reading
from meetings.web.floor_views import KINDS, ClockView
from meetings.web.next_act import NextAct

STATES: Mapping[str, tuple[str, str, str]] = {
    QuestionState.SUBMITTED: (N_("Handed in"), "neutral", "send"),
    QuestionState.LISTED: (N_("Listed"), "neutral", "list"),
    QuestionState.PUT: (N_("Being put"), "accent", "circle-dot"),
    QuestionState.ANSWERED: (N_("Answered"), "good", "check"),
    QuestionState.WRITTEN: (N_("To be answered in writing"), "warn", "pen-line"),
    QuestionState.WITHDRAWN: (N_("Withdrawn"), "neutral", "undo-2"),
}
"""A question's state as a chip: word, tone, drawing."""

STEPS: Mapping[Step, tuple[str, str, str]] = {
    Step.ASK: (N_("Call the question"), "mic", N_("{asker} asks {addressee}.")),
    Step.ANSWER: (N_("Answer"), "message-square", N_("{addressee} answers {asker}.")),
    Step.FOLLOW_UP: (N_("Follow-up question"), "rotate-ccw", N_("{asker} wants to follow up.")),
    Step.ANSWERED: (N_("Answered"), "check", N_("Nobody follows up: the question of {asker} is done.")),
}
"""The chair's next act in question time: label, drawing, sentence."""

PRESSING = (PollState.DRAFT, PollState.OPEN, PollState.CLOSED)


@dataclass(frozen=True, slots=True)
class TurnView:
    """Whose turn it is on the question in hand."""

    kind_word: str
    name: str
    paused: bool
    running: bool
    """Whether the clock runs or only stands still; False once the turn is over."""
    clock: ClockView


@dataclass(frozen=True, slots=True)
class QuestionTimeView:
    """Question time as every screen shows it: nothing personal."""

    item: UUID
    addressee: str
    in_hand: QuestionView | None
    turn: TurnView | None
    groups: tuple[Group[QuestionView], ...]
    waiting: int
    follows_up: bool


def state_chip(state: str) -> tuple[str, str, str]:
    """A state's word in the reader's language, its tone and its drawing."""
    word, tone, drawing = STATES[QuestionState(state)]
    return language.gettext(word), tone, drawing


def question_time_view(now: QuestionTime) -> QuestionTimeView:
    """Question time in the language of the moment."""
    shown = now.turn or (now.speaking if now.speaking and now.speaking.kind == SpeechKind.ANSWER else None)
    return QuestionTimeView(
        item=now.item.id, addressee=now.addressee, in_hand=now.in_hand, turn=_turn(shown) if shown else None,
        groups=now.groups, waiting=len(now.waiting), follows_up=now.follow_up is not None,
    )  # fmt: skip


async def shared_questions(reading: Reading, meeting: Meeting) -> dict[str, Any]:
    """What the room's stage shows of question time, the same for all."""
    now = await question_time_of(reading, meeting)
    return {"question_time": question_time_view(now) if now else None, "question_chip": state_chip}


async def screen_part(reading: Reading, meeting: Meeting) -> dict[str, Any]:
    """What the room screen shows, for `during/screen_parts/question.html`. Shared by all."""
    return await shared_questions(reading, meeting)


def own_questions(part: OwnPart, actor: Actor) -> dict[str, Any]:
    """One person's part in question time: the own question in hand, the follow-up, the word on the answer."""
    now = part.facts.questions
    running = now is not None and part.meeting.state == MeetingState.IN_SESSION
    own = now.in_hand if now and now.in_hand and now.in_hand.asker == actor.person else None
    answered = [
        one for one in (now.questions if now else ())
        if now and one.asker == actor.person and may_judge(one.state, _kinds(now, one)) and not _speaks(now, one)
    ]  # fmt: skip
    return {
        "own_question": own if running else None,
        "own_follow_up": now.follow_up if now and own else None,
        "own_answers": answered if running else [],
    }


def own_slips(part: OwnPart, actor: Actor) -> dict[str, Any]:
    """What the form for a slip needs, and how many slips the person has handed in."""
    meeting = part.meeting
    return {
        "slips_taken": meeting.state in OPEN_STATES
        and actor.may(Right.TAKE_PART, body=meeting.body_id, meeting=meeting.id),
        "slips": part.slips,
        "addressees": part.addressees,
    }


async def cockpit_part(reading: Reading, actor: Actor, stage: Stage) -> dict[str, Any]:
    """Question time in the cockpit's middle. Its next act takes the place of the meeting's, unless a vote presses."""
    now = stage.questions
    if now is None:
        return {"question_time": None}
    part: dict[str, Any] = {
        "question_time": question_time_view(now),
        "question_chip": state_chip,
        "question_holder": now.speaking.id if now.speaking else None,
        "question_target": now.target,
        "question_put": [
            one for one in now.questions if one.state == QuestionState.PUT and one != now.in_hand
        ],
        "question_step": now.step,
        "question_judged": _judged(now),
        "unopened": [group.addressee for group in now.groups if same(group.addressee) not in now.opened],
        "promises": [one for one in await promises_of(reading, stage.meeting.id) if one.item == now.item.id],
        "agencies": [(agency.id, agency.name) for agency in await agencies(reading)],
    }
    presses = any(poll.state in PRESSING for poll in stage.item_polls)
    if stage.meeting.state == MeetingState.IN_SESSION and now.step and now.target and not presses:
        part["next"] = next_question_act(now.step, now.target, now.speaking)
    return part


def next_question_act(step: Step, question: QuestionView, speaking: Speech | None) -> NextAct:
    """The large button of question time. It names who has the floor on the page where it is pressed."""
    label, drawing, sentence = STEPS[step]
    ends = f"?interrupts={speaking.id}" if speaking is not None and step is not Step.ANSWERED else ""
    return NextAct(
        f"question-{step}", language.gettext(label), f"/questions/{question.id}/{step}{ends}", drawing,
        language.text(sentence, asker=question.asker_name, addressee=question.addressee),
    )  # fmt: skip


def addressee_options(known: Sequence[str], groups: Sequence[Group[QuestionView]]) -> list[str]:
    """Whom one can choose: those of earlier meetings and of this one, each once."""
    found = {same(one): one for one in known}
    found |= {same(group.addressee): group.addressee for group in groups}
    return sorted(found.values())


def _turn(speech: Speech) -> TurnView:
    clock = clock_of(speech)
    since = clock.running_since.isoformat() if clock.running_since else ""
    return TurnView(
        kind_word=language.gettext(KINDS[SpeechKind(speech.kind)]), name=speech.speaker,
        paused=speech.state == SpeechState.PAUSED, running=speech.state != SpeechState.SPOKEN,
        clock=ClockView(since, clock.seconds, clock.allowed or 0),
    )  # fmt: skip


def _judged(now: QuestionTime) -> QuestionView | None:
    """The question whose answer the asker may be asked about: the one in hand, else the last that was answered."""
    if now.in_hand is not None:
        return now.in_hand if may_judge(now.in_hand.state, _kinds(now, now.in_hand)) else None
    answered = [one for one in now.questions if one.state == QuestionState.ANSWERED and one.answered_at]
    return max(answered, key=lambda one: str(one.answered_at), default=None)


def _speaks(now: QuestionTime, question: QuestionView) -> bool:
    """Whether a turn of the question still runs."""
    return any(turn.state in HOLDING for turn in now.turns.get(question.id, ()))


def _kinds(now: QuestionTime, question: QuestionView) -> list[SpeechKind]:
    return [SpeechKind(turn.kind) for turn in now.turns.get(question.id, ())]
