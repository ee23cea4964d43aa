"""What holds for every rule, every body and every set of ballots."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from meetings.rules.majority import PRESETS, Rule, needed, rule_as_data, rule_from, stored_rule
from meetings.rules.outcome import REASONS, Figures, OutcomeCode, decide, percent
from meetings.rules.quorum import quorum
from meetings.rules.rule import THREE_CHOICES, Base, Tie
from meetings.rules.tally import Tally, tally
from tests.rules.polls import figures

quick = settings(max_examples=60, deadline=None)


@st.composite
def fractions(draw: st.DrawFn) -> Fraction:
    denominator = draw(st.integers(1, 12))
    return Fraction(draw(st.integers(1, denominator)), denominator)


@st.composite
def rules(draw: st.DrawFn, tie: Tie | None = None) -> Rule:
    if draw(st.booleans()):
        found = draw(st.sampled_from(sorted(PRESETS.keys() - {"ubnd-written"})))
        if tie is None or PRESETS[found].tie is tie:
            return PRESETS[found]
    majority = draw(fractions())
    chosen = tie or draw(st.sampled_from(Tie))
    if chosen is Tie.CHAIR:
        majority = min(majority, Fraction(1, 2))
    return Rule(
        code="custom",
        majority=majority,
        strict=draw(st.booleans()) and majority < 1,
        base=draw(st.sampled_from(Base)),
        tie=chosen,
        tie_requires_all_voted=draw(st.booleans()),
        quorum=draw(st.none() | fractions()),
        quorum_base=draw(st.sampled_from([Base.SEATS, Base.IN_OFFICE])),
        recused_shrink_base=draw(st.booleans()),
        present_at=draw(st.sampled_from(["open", "close"])),
    )


ballot_lists = st.lists(st.tuples(st.sampled_from(["yes", "no", "abstain"]), st.integers(1, 5)), max_size=40)
chairs = st.sampled_from([None, "yes", "no", "abstain"])


def counted(ballots: list[tuple[str, int]], silent: int = 0) -> Tally:
    weight = sum(weight for _, weight in ballots) + silent
    return tally(ballots, len(ballots) + silent, weight, THREE_CHOICES)


def body(rule: Rule, heads: int, vacant: int = 0) -> Figures:
    return figures(rule, heads + vacant, heads, in_office=heads)


@quick
@given(ballot_lists, st.randoms(use_true_random=False))
def test_the_order_of_ballots_does_not_matter(ballots: list[tuple[str, int]], chance: Random) -> None:
    shuffled = list(ballots)
    chance.shuffle(shuffled)
    assert counted(ballots) == counted(shuffled)


@quick
@given(ballot_lists, st.integers(0, 10))
def test_choices_and_not_cast_add_up_to_the_eligible(ballots: list[tuple[str, int]], silent: int) -> None:
    seen = counted(ballots, silent)
    assert sum(seen.heads.values()) + seen.not_cast == seen.eligible == len(ballots) + silent
    assert sum(seen.weights.values()) + seen.not_cast_weight == seen.eligible_weight
    assert seen.count("yes") + seen.count("no") + seen.count("abstain") == seen.cast_weight


@quick
@given(rules(), st.integers(0, 25), st.integers(0, 25), st.integers(0, 10), st.integers(1, 10), chairs)
def test_one_more_yes_never_turns_adopted_into_not_adopted(
    rule: Rule, yes: int, no: int, abstain: int, silent: int, chair: str | None
) -> None:
    heads = yes + no + abstain + silent
    ballots = [("yes", 1)] * yes + [("no", 1)] * no + [("abstain", 1)] * abstain
    before = decide(rule, body(rule, heads), counted(ballots, silent), chair)
    after = decide(rule, body(rule, heads), counted([*ballots, ("yes", 1)], silent - 1), chair)
    the_exception = before.reason == "tie-chair-yes" and rule.base is not Base.DECIDED
    if before.adopted and not the_exception:
        assert after.adopted


@quick
@given(rules(tie=Tie.FAILS), st.integers(0, 25), st.integers(1, 25), st.integers(0, 10))
def test_a_changed_mind_in_favour_never_hurts(rule: Rule, yes: int, no: int, abstain: int) -> None:
    heads = yes + no + abstain
    ballots = [("yes", 1)] * yes + [("no", 1)] * no + [("abstain", 1)] * abstain
    changed = [("yes", 1)] * (yes + 1) + [("no", 1)] * (no - 1) + [("abstain", 1)] * abstain
    if decide(rule, body(rule, heads), counted(ballots)).adopted:
        assert decide(rule, body(rule, heads), counted(changed)).adopted


def test_the_exception_a_tie_under_the_chair_with_a_wide_base() -> None:
    """10–10 of 24 passes with the chair by the law's wording; one more in favour, 11–10, is less than half."""
    rule = PRESETS["ubnd"]
    tie = decide(rule, body(rule, 24), counted([("yes", 1)] * 10 + [("no", 1)] * 10, 4), "yes")
    more = decide(rule, body(rule, 24), counted([("yes", 1)] * 11 + [("no", 1)] * 10, 3), "yes")
    assert tie.adopted
    assert more.code is OutcomeCode.NOT_ADOPTED


@quick
@given(rules(), ballot_lists, st.integers(0, 8), chairs, st.booleans(), st.integers(0, 4))
def test_every_outcome_has_a_sentence_with_its_numbers(
    rule: Rule, ballots: list[tuple[str, int]], silent: int, chair: str | None, secret: bool, vacant: int
) -> None:
    seen = counted(ballots, silent)
    outcome = decide(rule, body(rule, len(ballots) + silent, vacant), seen, chair, secret)
    assert "{" not in REASONS[outcome.reason].format(**outcome.facts)
    assert outcome.adopted is (outcome.code is OutcomeCode.ADOPTED)
    assert (outcome.facts["yes"], outcome.facts["no"]) == (seen.count("yes"), seen.count("no"))
    assert outcome.percent == outcome.facts["percent"] == percent(seen.count("yes"), outcome.base)
    if secret:
        assert outcome.code is not OutcomeCode.UNDECIDED
        assert outcome == decide(rule, body(rule, len(ballots) + silent, vacant), seen, None, secret)


@quick
@given(fractions(), st.booleans(), st.integers(0, 2000))
def test_needed_is_the_smallest_that_passes(majority: Fraction, strict: bool, base: int) -> None:
    rule = Rule(code="custom", majority=majority, strict=strict, base=Base.SEATS)

    def passes(yes: int) -> bool:
        return yes > base * majority if strict else yes >= base * majority

    least = needed(rule, base)
    assert least >= 1
    assert passes(least)
    assert least == 1 or not passes(least - 1)


@quick
@given(st.none() | fractions(), st.integers(0, 1000), st.integers(0, 1000))
def test_quorum_is_met_exactly_from_the_share_on(share: Fraction | None, base: int, present: int) -> None:
    found = quorum(share, base, present)
    assert found.met is (share is None or present >= share * base)
    assert found.met is (present >= found.needed)


@quick
@given(st.integers(0, 5000), st.integers(1, 5000))
def test_percent_is_half_up(part: int, base: int) -> None:
    exact = Fraction(part * 10_000, base)
    half_up = (exact + Fraction(1, 2)).__floor__()
    assert Decimal(percent(part, base)) * 100 == half_up
    if base in (2, 4, 5, 8, 10, 16, 20, 32, 40, 50, 64, 80, 100, 125, 160, 200, 1000):
        quantum = (Decimal(part) * 100 / base).quantize(Decimal("0.01"), ROUND_HALF_UP)
        assert Decimal(percent(part, base)) == quantum


@quick
@given(rules())
def test_a_rule_survives_being_stored(rule: Rule) -> None:
    assert stored_rule(rule_as_data(rule)) == rule
    assert rule_from(rule_as_data(rule)) == rule
