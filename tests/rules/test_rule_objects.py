"""Rules from outside: presets by code, custom objects key by key."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetings.rules.majority import (
    PRESETS,
    SOURCES,
    check_in_force,
    in_force,
    rule_as_data,
    rule_from,
    stored_rule,
)
from meetings.rules.refusals import Refused
from meetings.rules.rule import THREE_CHOICES, Base, Choice, Tie

CUSTOM: dict[str, object] = {
    "majority": "1/2",
    "strict": True,
    "base": "seats",
    "tie": "fails",
    "tie_requires_all_voted": False,
    "quorum": "2/3",
    "quorum_base": "seats",
    "present_at": "open",
    "recused_shrink_base": False,
}


def refusal(value: object, choices: object = None) -> tuple[str, object]:
    with pytest.raises(Refused) as refused:
        rule_from(value, choices)
    return refused.value.code, refused.value.facts.get("field")


def test_presets_are_found_by_code_and_survive_storage() -> None:
    for code, rule in PRESETS.items():
        assert rule_from(code) is rule
        assert rule_from(rule_as_data(rule)) == rule
        assert rule.code == code
        assert rule.source == SOURCES[code]
        assert rule.source
    assert refusal("hdnd") == ("rule-unknown", None)


def test_a_custom_object_says_everything() -> None:
    rule = rule_from(CUSTOM)
    assert (rule.code, rule.majority, rule.quorum) == ("custom", Fraction(1, 2), Fraction(2, 3))
    assert (rule.base, rule.tie, rule.choices) == (Base.SEATS, Tie.FAILS, THREE_CHOICES)
    assert rule_from({"majority": "2/3", "base": "cast", "strict": False}).quorum is None
    assert rule_from(CUSTOM | {"quorum": None}).quorum is None


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("majority", "0/2"),
        ("majority", "3/2"),
        ("majority", "1/0"),
        ("majority", "-1/2"),
        ("majority", "1 / 2"),
        ("majority", "½"),
        ("majority", "١/٢"),
        ("majority", "50%"),
        ("majority", 0.5),
        ("majority", 1),
        ("majority", None),
        ("majority", ["1", "2"]),
        ("strict", "yes"),
        ("strict", 1),
        ("strict", None),
        ("base", "everyone"),
        ("base", None),
        ("base", ["seats"]),
        ("tie", "coin"),
        ("tie", None),
        ("tie_requires_all_voted", 0),
        ("quorum", "4/3"),
        ("quorum", "0/3"),
        ("quorum", 0.66),
        ("quorum", False),
        ("quorum_base", "present"),
        ("quorum_base", "cast"),
        ("present_at", "noon"),
        ("present_at", ["open"]),
        ("recused_shrink_base", "false"),
        ("quota", "1/2"),
        ("valid_from", "yesterday"),
        ("valid_from", 20260101),
        ("choices", "yes"),
        ("choices", []),
        ("source", "x" * 501),
    ],
)
def test_what_is_wrong_is_named(key: str, value: object) -> None:
    assert refusal(CUSTOM | {key: value}) == ("rule-invalid", key)


def test_what_makes_no_sense_is_refused() -> None:
    assert refusal({"majority": "1/1", "base": "seats"}) == ("rule-invalid", "strict")
    assert rule_from({"majority": "1/1", "base": "seats", "strict": False}).majority == 1
    assert refusal(CUSTOM | {"majority": "2/3", "tie": "chair"}) == ("rule-invalid", "tie")
    assert refusal({"base": "seats"}) == ("rule-invalid", "majority")
    assert refusal({"majority": "1/2"}) == ("rule-invalid", "base")
    for no_rule in (None, 3, ["plurality"], b"plurality"):
        assert refusal(no_rule) == ("rule-invalid", "rule")
    assert refusal(CUSTOM | {7: 1}) == ("rule-invalid", "7")


def test_a_presets_name_is_not_for_other_rules() -> None:
    data = rule_as_data(PRESETS["hdnd-resolution"])
    assert refusal(data | {"majority": "1/10"}) == ("rule-invalid", "code")
    assert refusal(data | {"code": "hdnd"})[0] == "rule-unknown"
    assert stored_rule(data | {"majority": "1/10"}).majority == Fraction(1, 10)


def test_choices() -> None:
    worded = rule_from("plurality", [{"code": "yes", "label": "Oui"}, {"code": "no", "label": "Non"}])
    assert [choice.label for choice in worded.choices] == ["Oui", "Non"]
    assert rule_from(rule_as_data(worded)) == worded
    assert rule_from("plurality", ["yes", "no"]).choices == THREE_CHOICES[:2]
    own = rule_from(CUSTOM, [{"code": "keep", "label": "Keep it", "counts_as": "yes"}, "no"])
    assert own.choices[0] == Choice("keep", "Keep it", "yes")
    assert own.side("keep") == "yes"
    with pytest.raises(Refused) as refused:
        own.side("abstain")
    assert refused.value.code == "choice-unknown"


@pytest.mark.parametrize(
    "choices",
    [
        "yes",
        ["yes"],
        ["yes", "yes", "no"],
        ["yes", "abstain"],
        ["no", "abstain"],
        ["yes", "no", "maybe"],
        ["yes", "no", 3],
        [{"code": "yes", "counts_as": "no"}, "no"],
        [{"code": "yes", "label": ""}, "no"],
        [{"code": "yes", "label": 3}, "no"],
        [{"code": "yes", "colour": "green"}, "no"],
        [{"label": "Yes"}, "no"],
        [{"code": "a b", "counts_as": "yes"}, "no"],
        ["yes", "no", *({"code": f"c{count}", "counts_as": "abstain"} for count in range(19))],
    ],
)
def test_wrong_choices_are_refused(choices: object) -> None:
    code, field = refusal(CUSTOM, choices)
    assert code == "rule-invalid"
    assert field in ("choices", "colour")


def test_a_presets_choices_are_not_added_to() -> None:
    more = ["yes", "no", {"code": "later", "counts_as": "abstain"}]
    assert refusal("hdnd-resolution", more) == ("rule-invalid", "choices")
    assert rule_from(CUSTOM, more).choices[2].counts_as == "abstain"


def test_dates_in_force() -> None:
    short = PRESETS["hdnd-short"]
    assert not in_force(short, date(2025, 2, 28))
    assert in_force(short, date(2025, 3, 1))
    check_in_force(PRESETS["plurality"], date(1900, 1, 1))
    with pytest.raises(Refused) as refused:
        check_in_force(short, date(2024, 1, 1))
    assert refused.value.code == "rule-not-in-force"
    ended = stored_rule(CUSTOM | {"valid_until": "2025-06-15"})
    assert in_force(ended, date(2025, 6, 15))
    assert not in_force(ended, date(2025, 6, 16))


json = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


def attempted(value: object, choices: object) -> Refused | None:
    try:
        rule_from(value, choices)
    except Refused as refused:
        return refused
    return None


@settings(max_examples=150, deadline=None)
@given(json | st.dictionaries(st.sampled_from([*CUSTOM, "choices", "code"]), json, max_size=6), json)
def test_whatever_arrives_is_a_rule_or_a_refusal(value: object, choices: object) -> None:
    for attempt in (value, CUSTOM | value if isinstance(value, dict) else value):
        refused = attempted(attempt, choices)
        if refused is not None:
            assert refused.code in ("rule-invalid", "rule-unknown")
            assert refused.facts.keys() <= {"field", "rule"}


def test_a_choice_has_a_code_that_a_ballot_can_carry() -> None:
    def choices(code: str) -> list[object]:
        return [{"code": code, "counts_as": "yes", "label": "Có"}, "no"]

    assert refusal("plurality", choices("a" * 33)) == ("rule-invalid", "choices")
    assert rule_from(CUSTOM, choices("a" * 32)).choices[0].code == "a" * 32
