"""The single transferable vote: a count by hand, the winners another program finds, ties that say how they broke."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from meetings.rules.ballot_forms import Kind, checked, form_from
from meetings.rules.majority import PRESETS
from meetings.rules.marks import count_marks
from meetings.rules.outcome import REASONS, OutcomeCode
from meetings.rules.ranked import UNIT, decide_ranked, quota, told, transfer
from tests.rules.polls import figures

COUNTS = Path(__file__).parent / "ranked_counts.json"
"""Forty random elections without decisive ties, and who is elected in them according to VoteKit 3.5.0."""

Papers = list[tuple[tuple[str, ...], int]]


def papers(*lines: tuple[str, int]) -> Papers:
    return [(tuple(order), number) for order, number in lines]


def test_a_count_done_by_hand() -> None:
    # 23 ballots for 3 places: the quota is 6, and half of each ballot that elected C goes on.
    count = transfer("ABCDE", 3, papers(("AB", 4), ("BA", 2), ("CDA", 8), ("CE", 4), ("D", 1), ("E", 4)))
    assert count.quota == 6
    first = count.rounds[0]
    assert {one: told(votes) for one, votes in first.votes.items()} == {
        "A": "4",
        "B": "2",
        "C": "12",
        "D": "1",
        "E": "4",
    }
    assert first.elected == ("C",)
    second = count.rounds[1]  # each of C's twelve ballots goes on at a half
    assert {one: told(votes) for one, votes in second.votes.items()} == {
        "A": "4",
        "B": "2",
        "C": "6",
        "D": "5",
        "E": "6",
    }
    assert second.elected == ("E",)
    assert second.excluded == "B"
    third = count.rounds[2]
    assert told(third.votes["A"]) == "6"
    assert count.elected == ("C", "E", "A")


def test_what_is_cut_off_is_never_lost_from_sight() -> None:
    count = transfer("ABC", 2, papers(("AB", 4), ("AC", 3), ("B", 1), ("C", 2)))
    assert count.quota == 4
    second = count.rounds[1]  # the surplus is 3 of 7 votes: each ballot goes on at 0.42857
    assert told(second.votes["B"]) == "2.71428"
    assert told(second.votes["C"]) == "3.28571"
    assert told(second.exhausted) == "0.00001"


def test_a_tie_is_broken_by_an_earlier_count_and_then_by_the_ballot() -> None:
    earlier = transfer("ABCD", 1, papers(("A", 5), ("B", 4), ("C", 3), ("DC", 1)))
    assert [(stage.excluded, stage.tie) for stage in earlier.rounds] == [
        ("D", ""),
        ("C", "earlier"),
        ("B", ""),
        ("", ""),
    ]
    never = transfer("ABC", 1, papers(("A", 3), ("B", 2), ("C", 2)))
    assert (never.rounds[0].excluded, never.rounds[0].tie) == ("C", "ballot")
    assert transfer("ACB", 1, papers(("A", 3), ("B", 2), ("C", 2))).rounds[0].excluded == "B"


def test_fewer_candidates_than_places_are_all_elected() -> None:
    assert set(
        transfer(
            "AB",
            2,
            papers(
                ("A", 3),
            ),
        ).elected
    ) == {"A", "B"}
    assert transfer("AB", 1, []).elected == ()


def test_the_same_winners_as_another_program() -> None:
    for recorded in json.loads(COUNTS.read_text()):
        candidates = [str(number) for number in range(1, recorded["candidates"] + 1)]
        ballots = [(tuple(order.split()), number) for order, number in recorded["ballots"].items()]
        count = transfer(candidates, recorded["places"], ballots)
        assert sorted(count.elected) == recorded["elected"].split()


def test_the_outcome_says_how() -> None:
    form = form_from(
        Kind.RANKED, {"options": [{"id": one, "label": f"Bà {one}"} for one in "ABC"], "places": 1}
    )
    ballots = [(checked(form, list(order)), 1) for order in ("ABC", "AC", "BA", "BA", "CB")]
    counted = count_marks(form, ballots, 7, 7)
    rule = PRESETS["ranked"]
    outcome = decide_ranked(form, figures(rule, 9, 7), counted, ballots)
    assert (outcome.code, outcome.reason) == (OutcomeCode.ELECTED, "ranked-elected")
    assert REASONS[outcome.reason].format(**outcome.facts) == (
        "Elected by ranked votes: Bà B. The quota was 3 votes; counts: 2."
    )
    assert [(line["id"], line["votes"], line["final"]) for line in outcome.lines] == [
        ("B", 2, "3"),
        ("A", 2, "2"),
        ("C", 1, "0"),
    ]
    nobody = decide_ranked(form, figures(rule, 9, 7), count_marks(form, [], 7, 7), [])
    assert nobody.reason == "ranked-nobody"


orders = st.lists(
    st.permutations("ABCDE").flatmap(lambda p: st.integers(1, 5).map(lambda n: tuple(p[:n]))), max_size=40
)


@given(orders, st.integers(1, 4), st.randoms(use_true_random=False))
def test_every_vote_is_somewhere_and_order_says_nothing(
    drawn: list[tuple[str, ...]], places: int, random: Any
) -> None:
    count = transfer("ABCDE", places, [(order, 1) for order in drawn])
    shuffled = list(drawn)
    random.shuffle(shuffled)
    assert transfer("ABCDE", places, [(order, 1) for order in shuffled]) == count
    for stage in count.rounds:
        assert sum(stage.votes.values()) + stage.exhausted == len(drawn) * UNIT
        assert min(stage.votes.values()) >= 0
    assert len(set(count.elected)) == len(count.elected) == (places if drawn else 0)
    first = [order[0] for order in drawn]
    for one in set(first):
        if first.count(one) >= quota(len(drawn), places):
            assert one in count.elected  # so many first preferences elect at once
