"""Question time: grouping, the order by hand, and what follows the turns so far."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings.rules.lifecycle import QUESTION, QuestionState, acts, next_state
from meetings.rules.questions import (
    Step,
    checked_line,
    checked_text,
    grouped,
    may_judge,
    moved,
    next_step,
    same,
)
from meetings.rules.refusals import Refused
from meetings.rules.speakers import SpeechKind


@dataclass(frozen=True)
class Slip:
    addressee: str
    topic: str
    position: int


ADDRESSEES = st.sampled_from(
    ["Giám đốc Sở A", " giám đốc  sở a ", "GIÁM ĐỐC SỞ A", "Giám đốc Sở B", "Chủ tịch"]
)
SLIPS = st.lists(
    st.builds(Slip, ADDRESSEES, st.sampled_from(["", "Đường", "đường ", "Trường"]), st.integers())
)
TURNS = st.lists(
    st.sampled_from([SpeechKind.ASK, SpeechKind.ANSWER, SpeechKind.FOLLOW_UP, SpeechKind.QUESTION])
)


@given(SLIPS)
def test_every_slip_stands_once_in_the_group_of_its_addressee(slips: list[Slip]) -> None:
    groups = grouped(slips)
    places = {id(slip): place for place, slip in enumerate(slips)}
    kept = [slip for group in groups for slip in group.questions]
    assert sorted(map(id, kept)) == sorted(map(id, slips))
    assert len({same(group.addressee) for group in groups}) == len(groups)
    for group in groups:
        assert {same(slip.addressee) for slip in group.questions} == {same(group.addressee)}
        assert group.addressee == group.questions[0].addressee
        assert len({same(topic) for topic, _ in group.topics}) == len(group.topics)
        for topic, questions in group.topics:
            order = [places[id(slip)] for slip in questions]
            assert order == sorted(order)
            assert {same(slip.topic) for slip in questions} == {same(topic)}


@given(st.lists(st.text(min_size=1), min_size=1, unique=True), st.data())
def test_moving_keeps_everybody_elses_order(order: list[str], data: st.DataObject) -> None:
    chosen = data.draw(st.sampled_from(order))
    place = data.draw(st.integers(-2, len(order) + 2))
    after = moved(order, chosen, place)
    assert [one for one in after if one != chosen] == [one for one in order if one != chosen]
    assert after.index(chosen) == min(max(place, 1), len(order)) - 1


def test_moving_what_is_not_there_is_refused() -> None:
    with pytest.raises(Refused):
        moved(["a"], "b", 1)


@given(TURNS, st.booleans())
def test_whatever_was_said_last_wants_an_answer_and_an_answer_closes(
    turns: list[SpeechKind], follows_up: bool
) -> None:
    step = next_step(turns, follows_up=follows_up)
    if not turns:
        assert step is Step.ASK
    elif turns[-1] is SpeechKind.ANSWER:
        assert step is (Step.FOLLOW_UP if follows_up else Step.ANSWERED)
    else:
        assert step is Step.ANSWER


@given(TURNS)
def test_an_answer_is_judged_only_once_there_is_one(turns: list[SpeechKind]) -> None:
    assert may_judge(QuestionState.PUT, turns) == (SpeechKind.ANSWER in turns)
    assert may_judge(QuestionState.ANSWERED, turns)
    for state in (
        QuestionState.SUBMITTED,
        QuestionState.LISTED,
        QuestionState.WRITTEN,
        QuestionState.WITHDRAWN,
    ):
        assert not may_judge(state, turns)


def test_a_question_ends_answered_owed_in_writing_or_withdrawn() -> None:
    state = QUESTION.start
    for act, after in (
        ("list", "listed"),
        ("unlist", "submitted"),
        ("list", "listed"),
        ("put", "put"),
        ("answer", "answered"),
        ("put", "put"),
        ("answer", "answered"),
        ("answer-in-writing", "written"),
    ):
        state = next_state(QUESTION, state, act)
        assert state == after
    assert acts(QUESTION, QuestionState.WRITTEN) == ()
    assert acts(QUESTION, QuestionState.WITHDRAWN) == ()
    with pytest.raises(Refused):
        next_state(QUESTION, QuestionState.PUT, "withdraw")
    with pytest.raises(Refused):
        next_state(QUESTION, QuestionState.SUBMITTED, "put")


def test_lines_and_texts_are_trimmed_and_limited() -> None:
    assert checked_line("  Giám đốc\n Sở A ", "addressee", 20) == "Giám đốc Sở A"
    assert checked_line(" ", "topic", 20, needed=False) == ""
    assert checked_text(" Vì sao? \n Khi nào? ") == "Vì sao? \n Khi nào?"
    for wrong in (lambda: checked_line("x" * 21, "addressee", 20), lambda: checked_line("", "addressee", 20)):
        with pytest.raises(Refused):
            wrong()
    with pytest.raises(Refused):
        checked_text("x" * 5001)
