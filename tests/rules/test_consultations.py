"""Written opinions: the outcome by the committee's rule, the deadline, the reminder, the words beside a choice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings.rules.consultations import (
    CONSULTATION,
    ConsultationState,
    check_deadline,
    checked_comment,
    counted,
    outcome_of,
    remind_at,
)
from meetings.rules.lifecycle import acts, next_state
from meetings.rules.majority import PRESETS
from meetings.rules.refusals import Refused

RULE = PRESETS["ubnd-written"]
NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)


def _outcome(
    seats: int, numbers: tuple[int, int, int, int], chair: str | None = None, missing: int = 0
) -> tuple[str, str]:
    choices = ("agree", "agree-comments", "disagree", "other")
    ballots = [(choice, 1) for choice, heads in zip(choices, numbers, strict=True) for _ in range(heads)]
    count = counted(RULE, ballots, [1] * (len(ballots) + missing))
    outcome = outcome_of(RULE, seats=seats, in_office=seats, count=count, chair_choice=chair)
    return outcome.code, outcome.percent


@pytest.mark.parametrize(
    ("seats", "numbers", "chair", "wanted"),
    [
        (27, (20, 5, 0, 0), None, ("adopted", "92.59")),
        (25, (10, 3, 12, 0), None, ("adopted", "52.00")),
        (24, (8, 4, 9, 3), None, ("not_adopted", "50.00")),
        (24, (10, 2, 12, 0), "agree-comments", ("adopted", "50.00")),
        (24, (12, 0, 12, 0), "disagree", ("not_adopted", "50.00")),
        (24, (12, 0, 12, 0), "other", ("undecided", "50.00")),
        (24, (6, 0, 6, 0), None, ("undecided", "25.00")),
        (24, (0, 0, 0, 0), None, ("not_adopted", "0.00")),
    ],
)
def test_more_than_half_of_all_members_decide(
    seats: int, numbers: tuple[int, int, int, int], chair: str | None, wanted: tuple[str, str]
) -> None:
    assert _outcome(seats, numbers, chair, missing=seats - sum(numbers)) == wanted


@given(
    st.lists(st.sampled_from(["agree", "agree-comments", "disagree", "other"]), max_size=30),
    st.integers(0, 20),
    st.randoms(use_true_random=False),
)
def test_the_order_of_opinions_never_matters_and_agreeing_never_hurts(
    choices: list[str], missing: int, chance: Random
) -> None:
    seats = len(choices) + missing + 1
    ballots = [(choice, 1) for choice in choices]
    shuffled = list(ballots)
    chance.shuffle(shuffled)
    weights = [1] * seats
    first, second = counted(RULE, ballots, weights), counted(RULE, shuffled, weights)
    assert first == second
    assert sum(first.heads.values()) + first.not_cast == seats
    before = outcome_of(RULE, seats=seats, in_office=seats, count=first, chair_choice=None)
    more = counted(RULE, [*ballots, ("agree", 1)], weights)
    after = outcome_of(RULE, seats=seats, in_office=seats, count=more, chair_choice=None)
    assert not before.adopted or after.adopted


@given(st.integers(1, 60 * 24 * 60))
def test_the_reminder_lies_between_the_opening_and_the_deadline(minutes: int) -> None:
    closes = NOW + timedelta(minutes=minutes)
    reminder = remind_at(NOW, closes)
    assert NOW < reminder < closes
    assert closes - reminder <= timedelta(days=1)
    if minutes >= 2 * 24 * 60:
        assert closes - reminder == timedelta(days=1)


def test_a_deadline_lies_ahead_and_an_extension_behind_it() -> None:
    check_deadline(NOW, NOW + timedelta(minutes=1))
    for closes, later_than, code in (
        (NOW, None, "deadline-past"),
        (NOW + timedelta(hours=1), NOW + timedelta(hours=1), "deadline-not-later"),
        (NOW - timedelta(hours=1), NOW - timedelta(hours=2), "deadline-past"),
    ):
        with pytest.raises(Refused) as refusal:
            check_deadline(NOW, closes, later_than=later_than)
        assert refusal.value.code == code


@pytest.mark.parametrize(
    ("choice", "comment", "code"),
    [
        ("agree-comments", "  ", "opinion-words"),
        ("other", "", "opinion-words"),
        ("yes", "", "choice-unknown"),
        ("agree", "x" * 20_001, "field-long"),
    ],
)
def test_some_choices_need_words(choice: str, comment: str, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        checked_comment(RULE, choice, comment)
    assert refusal.value.code == code


def test_words_lose_their_blank_ends() -> None:
    assert checked_comment(RULE, "disagree", "") == ""
    assert checked_comment(RULE, "other", " Cần họp \n") == "Cần họp"


def test_what_is_counted_is_neither_reopened_nor_withdrawn() -> None:
    assert acts(CONSULTATION, ConsultationState.CLOSED) == ("put-on-agenda", "announce", "convert")
    for ended in (ConsultationState.ANNOUNCED, ConsultationState.CONVERTED, ConsultationState.WITHDRAWN):
        assert acts(CONSULTATION, ended) == ()
    with pytest.raises(Refused) as refusal:
        next_state(CONSULTATION, ConsultationState.CLOSED, "extend")
    assert refusal.value.code == "not-now"
