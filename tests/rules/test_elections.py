"""Elections with rounds and lots, confidence ratings with their published figures, options by votes or by rule."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings.rules.ballot_forms import LEVELS, Form, Kind, checked, form_from
from meetings.rules.elections import decide_marks
from meetings.rules.majority import PRESETS
from meetings.rules.marks import Marks, count_marks, keys_of
from meetings.rules.outcome import PLANS, REASONS, Outcome, OutcomeCode
from meetings.rules.poll_kinds import plan_for
from meetings.rules.rule import Base
from tests.rules.polls import figures

LIST = PRESETS["election-list"]
RATING = PRESETS["confidence-96"]


def paper(kind: Kind, names: str, **more: Any) -> Form:
    return form_from(kind, {"options": [{"id": name, "label": name} for name in names]} | more)


def marked(form: Form, votes: dict[str, int], cast: int, eligible: int | None = None) -> Marks:
    """Ballots of which so many bear each mark, dealt round so that none has more than it must; the rest are blank."""
    papers: list[list[str]] = [[] for _ in range(cast)]
    dealt = 0
    for name, number in votes.items():
        for place in range(dealt, dealt + number):
            papers[place % cast].append(name)
        dealt += number
    return count_marks(
        form, [(checked(form, marks), 1) for marks in papers], eligible or cast, eligible or cast
    )


def elected(form: Form, votes: dict[str, int], seats: int = 95, present: int = 90, **more: Any) -> Outcome:
    return decide_marks(form, LIST, figures(LIST, seats, present), marked(form, votes, present), **more)


def names(outcome: Outcome) -> list[object]:
    return [line["id"] for line in outcome.lines if line.get("elected")]


def sentence(outcome: Outcome) -> str:
    return REASONS[outcome.reason].format(**outcome.facts)


def test_elected_with_more_than_half_of_all_seats_in_the_order_of_votes() -> None:
    outcome = elected(paper(Kind.ELECTION, "ABCD", places=2, at_most=4), {"A": 48, "B": 90, "C": 60, "D": 47})
    assert (outcome.code, names(outcome)) == (OutcomeCode.ELECTED, ["B", "C"])
    assert sentence(outcome) == "Elected: B, C. Each needed 48 votes of 95."
    assert [line["percent"] for line in outcome.lines] == ["94.74", "63.16", "50.53", "49.47"]
    assert outcome.next_form is None


def test_too_few_votes_ask_for_another_round_among_the_others() -> None:
    outcome = elected(paper(Kind.ELECTION, "ABC", places=2), {"A": 60, "B": 47, "C": 40})
    assert (outcome.code, names(outcome)) == (OutcomeCode.ANOTHER_ROUND, ["A"])
    assert outcome.next_form is not None
    following = form_from(Kind.ELECTION, outcome.next_form)
    assert [option.id for option in following.options] == ["B", "C"]
    assert (following.places, following.at_most) == (1, 1)
    again = elected(following, {"B": 50, "C": 30})
    assert (again.code, names(again)) == (OutcomeCode.ELECTED, ["B"])


def test_a_tie_for_the_last_place_elects_none_of_the_tied() -> None:
    form = paper(Kind.ELECTION, "ABC", places=2, at_most=3)
    outcome = elected(form, {"A": 70, "B": 60, "C": 60})
    assert (outcome.code, outcome.reason, names(outcome)) == ("another_round", "another-round-tie", ["A"])
    assert outcome.next_form is not None
    assert [option["id"] for option in outcome.next_form["options"]] == ["B", "C"]  # type: ignore[index]
    assert "between B, C with 60 votes each" in sentence(outcome)


def test_lots_settle_a_tie() -> None:
    form = paper(Kind.ELECTION, "ABC", places=2, at_most=3, ties="lots")
    votes = {"A": 70, "B": 60, "C": 60}
    assert elected(form, votes).code == OutcomeCode.TIED
    drawn = elected(form, votes, lots=["C"])
    assert (drawn.code, drawn.reason, names(drawn)) == ("elected", "elected-lots", ["A", "C"])
    assert elected(form, votes, lots=["A"]).code == OutcomeCode.TIED  # lots between others say nothing


def test_a_tie_that_everybody_survives_is_none() -> None:
    outcome = elected(paper(Kind.ELECTION, "ABC", places=2, at_most=3), {"A": 60, "B": 60, "C": 30})
    assert (outcome.code, names(outcome)) == (OutcomeCode.ELECTED, ["A", "B"])


def test_nobody_reaches_the_majority() -> None:
    outcome = elected(paper(Kind.ELECTION, "AB"), {"A": 47, "B": 30})
    assert (outcome.code, outcome.adopted, outcome.reason) == ("another_round", False, "another-round-none")
    assert sentence(outcome) == "Nobody reached 48 votes of 95. Another round is needed."


def test_more_places_than_candidates_are_left_open() -> None:
    form = replace(paper(Kind.ELECTION, "AB", places=2), places=3)
    outcome = elected(form, {"A": 60, "B": 50})
    assert (outcome.reason, outcome.facts["open"]) == ("elected-short", 1)


def test_blank_ballots_are_cast_and_elect_nobody() -> None:
    form = paper(Kind.ELECTION, "AB")
    counted = marked(form, {"A": 30}, cast=40, eligible=45)
    assert (counted.blank, counted.not_cast) == (10, 5)
    cast = replace(LIST, base=Base.CAST, quorum=None)
    decided = replace(cast, base=Base.DECIDED)
    assert decide_marks(form, cast, figures(cast, 95, 45), counted).base == 40
    assert decide_marks(form, decided, figures(decided, 95, 45), counted).base == 30


def test_without_quorum_nothing_is_decided() -> None:
    for kind in (Kind.ELECTION, Kind.CONFIDENCE, Kind.OPTIONS):
        form = paper(kind, "AB")
        counted = count_marks(form, [], 60, 60)
        outcome = decide_marks(form, LIST, figures(LIST, 95, 64, present_at_close=60), counted)
        assert (outcome.code, outcome.reason) == (OutcomeCode.NO_QUORUM, "no-quorum-close")


def rated(high: int, medium: int, low: int, returned: int) -> Outcome:
    form = paper(Kind.CONFIDENCE, "A")
    levels = ["high"] * high + ["medium"] * medium + ["low"] * low
    ballots = [(checked(form, {"A": level}), 1) for level in levels] + [("{}", 1)] * (returned - len(levels))
    counted = count_marks(form, ballots, returned, returned)
    return decide_marks(form, RATING, figures(RATING, 95, 90), counted)


@pytest.mark.parametrize(
    ("marks", "shares", "consequence", "reason"),
    [
        ((75, 8, 4, 88), ("85.23", "9.09", "4.55"), "none", "rated-none"),
        ((19, 2, 25, 47), ("40.43", "4.26", "53.19"), "may_resign", "rated-resign"),
        ((10, 20, 60, 90), ("11.11", "22.22", "66.67"), "dismissal", "rated-dismissal"),
        ((30, 15, 45, 90), ("33.33", "16.67", "50.00"), "none", "rated-none"),
    ],
)
def test_ratings_are_shares_of_the_ballots_returned(
    marks: tuple[int, int, int, int], shares: tuple[str, ...], consequence: str, reason: str
) -> None:
    outcome = rated(*marks)
    (line,) = outcome.lines
    assert (outcome.code, outcome.reason, outcome.base) == (OutcomeCode.RATED, reason, marks[3])
    assert tuple(line[f"{level}_percent"] for level in LEVELS) == shares
    assert line["consequence"] == consequence
    assert line["unmarked"] == marks[3] - sum(marks[:3])


def test_each_person_has_a_consequence_of_the_own() -> None:
    form = paper(Kind.CONFIDENCE, "ABC")
    ballots = [
        (checked(form, {"A": "low" if n < 6 else "high", "B": "low" if n < 7 else "high"}), 1)
        for n in range(10)
    ]
    outcome = decide_marks(form, RATING, figures(RATING, 12, 10), count_marks(form, ballots, 10, 10))
    assert outcome.reason == "rated-both"
    assert (outcome.facts["may_resign"], outcome.facts["dismissal"]) == ("A", "B")
    assert outcome.lines[2]["unmarked"] == 10
    assert (
        decide_marks(form, RATING, figures(RATING, 12, 10), count_marks(form, [], 10, 10)).reason
        == "rated-nobody"
    )


def chosen(votes: dict[str, int], **more: Any) -> Outcome:
    form = paper(Kind.OPTIONS, "ABC", **more)
    ballots = [(checked(form, [name]), 1) for name, number in votes.items() for _ in range(number)]
    rule = replace(PRESETS["absolute_majority"], quorum=None)
    return decide_marks(form, rule, figures(rule, 20, 18), count_marks(form, ballots, 18, 18))


def test_options_by_most_votes_or_by_the_rule() -> None:
    votes = {"A": 8, "B": 7, "C": 3}
    assert sentence(chosen(votes)) == "Chosen: A, with 8 of 18 ballots (44.44%)."
    assert chosen(votes, by="majority").code == OutcomeCode.NOT_ADOPTED
    assert sentence(chosen({"A": 11, "B": 7}, by="majority")).startswith(
        "Chosen: A, with 11 votes of 20 (55.00%); 11"
    )
    assert names(chosen(votes, places=2)) == ["A", "B"]
    tied = chosen({"A": 7, "B": 7})
    assert (tied.code, tied.adopted, names(tied)) == (OutcomeCode.TIED, False, [])
    assert names(chosen({"A": 9, "B": 3, "C": 3}, places=2)) == ["A"]
    assert chosen({}).reason == "chosen-nobody"


def test_the_plan_says_what_each_kind_needs() -> None:
    here = figures(LIST, 95, 90)
    said = plan_for(paper(Kind.ELECTION, "ABC", places=2), LIST, here)
    assert PLANS[said.code].format(**said.facts) == (
        "90 members get a ballot with 3 candidates for 2 places and may mark 2; 48 votes of 95 elect."
    )
    ranked = plan_for(paper(Kind.RANKED, "ABC", places=2), PRESETS["ranked"], here)
    assert ranked.facts["needed"] == 31
    for kind, more in ((Kind.CONFIDENCE, {}), (Kind.OPTIONS, {}), (Kind.OPTIONS, {"by": "majority"})):
        found = plan_for(paper(kind, "ABC", **more), LIST, here)
        assert PLANS[found.code].format(**found.facts).startswith("90 members")


@st.composite
def polls(draw: st.DrawFn) -> tuple[Form, list[tuple[str, int]]]:
    kind = draw(st.sampled_from((Kind.ELECTION, Kind.OPTIONS, Kind.CONFIDENCE)))
    form = paper(kind, "ABCDE"[: draw(st.integers(2, 5))], places=draw(st.integers(1, 2)), at_most=2)
    ids = sorted(form.ids)
    if kind is Kind.CONFIDENCE:
        choice: Any = st.dictionaries(st.sampled_from(ids), st.sampled_from(LEVELS))
    else:
        choice = st.lists(st.sampled_from(ids), min_size=kind is Kind.OPTIONS, max_size=2, unique=True)
    cast = draw(st.lists(st.tuples(choice, st.integers(1, 3)), max_size=30))
    return form, [(checked(form, marks), weight) for marks, weight in cast]


@given(polls(), st.randoms(use_true_random=False))
def test_the_order_of_ballots_says_nothing_and_no_mark_is_lost(
    drawn: tuple[Form, list[tuple[str, int]]], random: Any
) -> None:
    form, ballots = drawn
    weight = sum(weight for _, weight in ballots)
    counted = count_marks(form, ballots, len(ballots) + 3, weight + 3)
    shuffled = list(ballots)
    random.shuffle(shuffled)
    assert count_marks(form, shuffled, len(ballots) + 3, weight + 3) == counted
    assert counted.cast + counted.not_cast == counted.eligible
    assert set(counted.heads) == set(keys_of(form))
    assert max(counted.heads.values()) <= counted.cast - counted.blank
    rule = replace(LIST, quorum=None)
    here = figures(rule, len(ballots) + 3, len(ballots))
    outcome = decide_marks(form, rule, here, counted)
    assert REASONS[outcome.reason].format(**outcome.facts)
    assert sum(bool(line.get("elected")) for line in outcome.lines) <= form.places
    if form.kind is Kind.ELECTION:
        votes = counted.weights
        lowest = min((votes[str(one)] for one in names(outcome)), default=0)
        assert (
            all(votes[str(line["id"])] <= lowest for line in outcome.lines if not line["elected"])
            or not lowest
        )
