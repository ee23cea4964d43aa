"""The cases that must hold: every row of the table in the voting design, and the published counts behind it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from meetings.rules.confidence import Consequence, rate
from meetings.rules.majority import PRESETS, needed
from meetings.rules.outcome import (
    ANNULLED,
    PLANS,
    REASONS,
    Figures,
    OutcomeCode,
    Weights,
    decide,
    percent,
    plan,
)
from meetings.rules.quorum import check_quorum, quorum
from meetings.rules.refusals import Refused
from meetings.rules.roll import Voter, check_roll
from meetings.rules.rule import Base
from meetings.rules.tally import tally
from tests.rules.polls import counted, figures, result


@pytest.mark.parametrize(
    ("rule", "seats", "present", "votes", "chair", "code", "shown"),
    [
        ("hdnd-resolution", 95, 91, (90, 0, 1, 0), None, "adopted", "94.74"),
        ("hdnd-resolution", 95, 64, (48, 16, 0, 0), None, "adopted", "50.53"),
        ("hdnd-resolution", 95, 64, (47, 17, 0, 0), None, "not_adopted", "49.47"),
        ("hdnd-removal", 95, 90, (63, 27, 0, 0), None, "not_adopted", "66.32"),
        ("hdnd-removal", 95, 90, (64, 26, 0, 0), None, "adopted", "67.37"),
        ("hdnd-resolution", 50, 34, (25, 5, 4, 0), None, "not_adopted", "50.00"),
        ("ubnd", 24, 24, (12, 12, 0, 0), "yes", "adopted", "50.00"),
        ("ubnd", 24, 24, (12, 12, 0, 0), "no", "not_adopted", "50.00"),
        ("ubnd", 24, 24, (10, 9, 5, 0), "yes", "not_adopted", "41.67"),
        ("ubnd", 24, 20, (10, 10, 0, 0), "yes", "adopted", "41.67"),
        ("ubnd", 27, 25, (25, 0, 0, 0), "yes", "adopted", "92.59"),
        ("absolute_majority", 63, 51, (25, 25, 1, 0), "yes", "not_adopted", "39.68"),
    ],
)
def test_cases_that_must_hold(
    rule: str, seats: int, present: int, votes: tuple[int, ...], chair: str | None, code: str, shown: str
) -> None:
    outcome = result(rule, seats, present, *votes, chair=chair)
    assert outcome.code == code
    assert outcome.adopted is (code == "adopted")
    assert outcome.percent == shown
    assert outcome.base == seats
    assert REASONS[outcome.reason].format(**outcome.facts)


def test_no_quorum_does_not_open() -> None:
    short = quorum(PRESETS["hdnd-resolution"].quorum, 95, 63)
    assert (short.present, short.needed, short.met) == (63, 64, False)
    with pytest.raises(Refused) as refused:
        check_quorum(short)
    assert refused.value.code == "quorum-short"
    assert refused.value.facts == {"present": 63, "needed": 64}
    check_quorum(quorum(PRESETS["hdnd-resolution"].quorum, 95, 64))


def test_quorum_lost_before_closing() -> None:
    outcome = result("hdnd-resolution", 95, 64, 60, present_at_close=63, not_cast=4)
    assert outcome.code is OutcomeCode.NO_QUORUM
    assert not outcome.adopted
    assert (outcome.facts["present"], outcome.facts["quorum"], outcome.facts["yes"]) == (63, 64, 60)
    assert outcome.reason == "no-quorum-close"
    opened_short = result("hdnd-resolution", 95, 63, 60, present_at_close=64, not_cast=4)
    assert opened_short.reason == "no-quorum-open"


def test_strict_reading_of_a_tie() -> None:
    strict = replace(PRESETS["ubnd"], tie_requires_all_voted=True)
    below_half = result(strict, 24, 20, 10, 10, chair="yes")
    assert (below_half.code, below_half.reason) == (OutcomeCode.NOT_ADOPTED, "tie-not-all-voted")
    assert result(strict, 24, 24, 12, 12, chair="yes").adopted
    plurality = replace(PRESETS["plurality"], tie_requires_all_voted=True)
    assert not result(plurality, 24, 20, 9, 9, 2, chair="yes").adopted
    assert result(plurality, 24, 20, 10, 10, chair="yes").adopted


def test_a_tie_without_the_chairs_side_is_left_open() -> None:
    silent = result("ubnd", 24, 23, 11, 11, not_cast=1)
    assert (silent.code, silent.reason) == (OutcomeCode.UNDECIDED, "tie-chair-silent")
    abstained = result("ubnd", 24, 23, 11, 11, 1, chair="abstain")
    assert (abstained.code, abstained.reason) == (OutcomeCode.UNDECIDED, "tie-chair-abstained")
    secret = result("ubnd", 24, 24, 12, 12, chair="yes", secret=True)
    assert (secret.code, secret.reason) == (OutcomeCode.TIED, "tie-secret")
    assert not secret.adopted


def test_nobody_takes_a_side() -> None:
    for rule in PRESETS.values():
        outcome = result(rule, 30, 30, 0, 0, 30)
        assert (outcome.code, outcome.reason) == (OutcomeCode.NOT_ADOPTED, "nobody")
    assert result("plurality", 30, 30, 0, 0, 0, 30).percent == "—"


def test_four_of_the_committee_are_remote() -> None:
    rule = PRESETS["ubnd"]
    body = figures(rule, 27, 25, remote=4)
    assert decide(rule, body, counted(rule, 25), "yes").adopted
    assert plan(rule, body).facts["remote"] == 4


def test_short_council_decides_by_those_left() -> None:
    assert result("hdnd-short", 95, 60, 41, 19, in_office=60).adopted
    exactly = result("hdnd-short", 95, 60, 40, 20, in_office=60)
    assert (exactly.code, exactly.base, exactly.percent) == (OutcomeCode.NOT_ADOPTED, 60, "66.67")


def test_two_thirds_of_cast() -> None:
    assert result("two_thirds", 63, 40, 20, 5, 5).adopted
    assert not result("two_thirds", 63, 40, 19, 5, 6).adopted
    assert result("two_thirds", 63, 32, 1).adopted
    assert quorum(PRESETS["two_thirds"].quorum, 63, 31).needed == 32


def test_written_opinions_with_comments_count_in_favour() -> None:
    rule = PRESETS["ubnd-written"]
    ballots = [("agree", 1)] * 9 + [("agree-comments", 1)] * 4 + [("disagree", 1)] * 8 + [("other", 1)] * 3
    seen = tally(ballots, 24, 24, rule.choices)
    assert (seen.count("yes"), seen.count("no"), seen.count("abstain")) == (13, 8, 3)
    assert decide(rule, figures(rule, 24, 0), seen).adopted


def test_weights_count_for_the_majority_and_rule_out_secrecy() -> None:
    rule = PRESETS["plurality"]
    weights = Weights(seats=4, in_office=4, present=4)
    seen = tally([("yes", 3), ("no", 1)], 2, 4, rule.choices)
    outcome = decide(rule, figures(rule, 2, 2, weights=weights), seen)
    assert outcome.adopted
    assert outcome.percent == "75.00"
    assert (seen.heads["yes"], seen.weights["yes"]) == (1, 3)
    roll = [Voter("a", present=True, weight=3), Voter("b", present=True)]
    check_roll(roll, secret=False)
    with pytest.raises(Refused) as refused:
        check_roll(roll, secret=True)
    assert refused.value.code == "weights-reveal"


def test_recusal_shrinks_the_base_only_where_the_rule_says() -> None:
    rule = PRESETS["hdnd-resolution"]
    assert result(rule, 50, 48, 25, recused=2).percent == "50.00"
    shrinking = replace(rule, recused_shrink_base=True)
    shrunk = result(shrinking, 50, 48, 25, recused=2)
    assert (shrunk.base, shrunk.adopted) == (48, True)
    present = replace(shrinking, base=Base.PRESENT, quorum=None)
    body = figures(present, 50, 40, recused=3, recused_present=2)
    assert decide(present, body, counted(present, 20)).base == 38


def test_a_base_in_office_or_present() -> None:
    present = replace(PRESETS["absolute_majority"], base=Base.PRESENT)
    assert result(present, 63, 41, 21, 20).adopted
    assert not result(present, 63, 42, 21, 21).adopted
    in_office = replace(present, base=Base.IN_OFFICE)
    assert result(in_office, 63, 41, 31, 10, in_office=61).adopted


@pytest.mark.parametrize(
    ("seats", "quorum_of", "half", "two_thirds"),
    [(95, 64, 48, 64), (25, 17, 13, 17), (27, 18, 14, 18), (478, 319, 240, 319)],
)
def test_thresholds(seats: int, quorum_of: int, half: int, two_thirds: int) -> None:
    assert quorum(Fraction(2, 3), seats, 0).needed == quorum_of
    assert needed(PRESETS["hdnd-resolution"], seats) == half
    assert needed(PRESETS["hdnd-removal"], seats) == two_thirds


@pytest.mark.parametrize(
    ("part", "base", "shown"),
    [
        (90, 95, "94.74"),
        (458, 478, "95.82"),
        (459, 478, "96.03"),
        (72, 94, "76.60"),
        (187, 481, "38.88"),
        (229, 481, "47.61"),
        (728, 24321, "2.99"),
        (13119, 15533, "84.46"),
        (1, 8, "12.50"),
        (1, 800, "0.13"),
        (3, 3, "100.00"),
        (0, 7, "0.00"),
        (0, 0, "—"),
    ],
)
def test_published_percentages(part: int, base: int, shown: str) -> None:
    assert percent(part, base) == shown


def test_confidence_ratings() -> None:
    hanoi = rate(88, 75, 8, 4)
    assert (hanoi.high_percent, hanoi.medium_percent, hanoi.low_percent) == ("85.23", "9.09", "4.55")
    assert (hanoi.unmarked, hanoi.consequence) == (1, Consequence.NONE)
    vinh_phuc = rate(47, 19, 2, 25)
    assert (vinh_phuc.high_percent, vinh_phuc.medium_percent, vinh_phuc.low_percent) == (
        "40.43",
        "4.26",
        "53.19",
    )
    assert (vinh_phuc.unmarked, vinh_phuc.consequence) == (1, Consequence.MAY_RESIGN)
    assert rate(90, 30, 0, 60).consequence is Consequence.DISMISSAL
    assert rate(90, 31, 0, 59).consequence is Consequence.MAY_RESIGN
    assert rate(90, 45, 0, 45).consequence is Consequence.NONE
    assert rate(0, 0, 0, 0).low_percent == "—"
    with pytest.raises(ValueError, match="marks on 3 ballots"):
        rate(3, 2, 2, 0)


def test_plans_say_what_is_needed() -> None:
    rule = PRESETS["hdnd-resolution"]
    seats = plan(rule, figures(rule, 50, 41))
    assert PLANS[seats.code].format(**seats.facts) == (
        "41 members get a ballot; 26 votes in favour are needed of 50 seats."
    )
    plurality = PRESETS["plurality"]
    decided = plan(plurality, figures(plurality, 50, 41), eligible=40, eligible_weight=40)
    assert decided.facts["needed"] == 21
    two_thirds = PRESETS["two_thirds"]
    cast = plan(two_thirds, figures(two_thirds, 50, 41))
    assert (cast.facts["base"], cast.facts["needed"]) == (41, 28)
    for base in Base:
        of_base = replace(rule, base=base)
        shown = plan(of_base, figures(of_base, 50, 41))
        assert "{" not in PLANS[shown.code].format(**shown.facts)


def test_annulled_is_an_outcome_too() -> None:
    assert ANNULLED.code is OutcomeCode.ANNULLED
    assert REASONS[ANNULLED.reason]


def test_every_sentence_on_a_motion_can_be_filled() -> None:
    rule = PRESETS["ubnd"]
    body: Figures = figures(rule, 24, 24)
    facts = decide(rule, body, counted(rule, 12, 12), "yes").facts
    of_motions = ("adopted-", "not_adopted-", "tie-", "no-quorum-", "published-", "nobody", "annulled")
    sentences = [sentence for reason, sentence in REASONS.items() if reason.startswith(of_motions)]
    assert sentences
    for sentence in sentences:
        assert "{" not in sentence.format(**facts)
