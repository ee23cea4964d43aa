"""What a ballot is: forms that are refused, marks that are refused, and one text for one meaning."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings.rules.ballot_forms import (
    LEVELS,
    RESERVED,
    Form,
    Kind,
    checked,
    form_as_data,
    form_from,
    kind_of,
    one_choice,
    poll_form,
    read,
    sent_with_form,
)
from meetings.rules.poll_kinds import ballot_paper, fits, rule_for
from meetings.rules.refusals import Refused
from meetings.rules.rule import THREE_CHOICES

SEVERAL = (Kind.ELECTION, Kind.CONFIDENCE, Kind.OPTIONS, Kind.RANKED)


def paper(kind: Kind, names: str = "ABCD", **more: Any) -> Form:
    return form_from(kind, {"options": [{"id": name, "label": f"Ông {name}"} for name in names]} | more)


def refused(form: Form, choice: object) -> str:
    with pytest.raises(Refused) as refusal:
        checked(form, choice)
    return refusal.value.code


def test_one_choice_is_its_code() -> None:
    form = one_choice(Kind.MOTION, THREE_CHOICES)
    assert checked(form, "yes") == read(form, "yes") == "yes"
    for wrong in ("maybe", ["yes"], {"yes": 1}, None, "", 1):
        assert refused(form, wrong) == "choice-unknown"


def test_an_election_takes_at_most_so_many_marks() -> None:
    form = paper(Kind.ELECTION, places=2)
    assert checked(form, ["C", "A"]) == checked(form, '["A","C"]') == '["A","C"]'
    assert checked(form, "B") == '["B"]'
    assert checked(form, []) == "[]"
    assert refused(form, ["A", "B", "C"]) == "too-many-marks"
    assert refused(form, ["A", "A"]) == "mark-twice"
    for wrong in (["X"], [1], {"A": "high"}, 3, "[", "null", '"A"', "[[]]", "9" * 5000):
        assert refused(form, wrong) == "choice-unknown"


def test_a_rating_has_one_level_for_a_person() -> None:
    form = paper(Kind.CONFIDENCE, "AB")
    assert checked(form, {"B": "low", "A": "high"}) == '{"A":"high","B":"low"}'
    assert checked(form, {}) == "{}"
    for wrong in ({"A": "good"}, {"X": "high"}, ["A"], "A", {"A": ["high"]}):
        assert refused(form, wrong) == "choice-unknown"


def test_options_are_one_or_some() -> None:
    form = paper(Kind.OPTIONS)
    assert checked(form, "A") == '["A"]'
    assert refused(form, []) == "too-few-marks"
    assert refused(form, ["A", "B"]) == "too-many-marks"
    assert checked(paper(Kind.OPTIONS, at_most=3), ["D", "A"]) == '["A","D"]'


def test_a_ranking_keeps_its_order_and_may_stop_early() -> None:
    form = paper(Kind.RANKED)
    assert checked(form, ["C", "A"]) == '["C","A"]'
    assert refused(form, ["C", "C"]) == "mark-twice"
    assert refused(form, []) == "too-few-marks"


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({}, "options"),
        ({"options": "A"}, "options"),
        ({"options": [{"id": "A", "label": " "}]}, "options"),
        ({"options": [{"id": "A b", "label": "A"}, {"id": "B", "label": "B"}]}, "options"),
        ({"options": [{"id": "A", "label": "A"}, {"id": "A", "label": "B"}]}, "options"),
        ({"options": [{"id": "A", "label": "A", "colour": "red"}, {"id": "B", "label": "B"}]}, "options"),
        ({"options": [{"id": str(n), "label": str(n)} for n in range(101)]}, "options"),
        ({"places": 0}, "places"),
        ({"places": 5}, "places"),
        ({"places": True}, "places"),
        ({"at_most": 9}, "at_most"),
        ({"by": "acclaim"}, "by"),
        ({"ties": "duel"}, "ties"),
        ({"seats": 3}, "seats"),
    ],
)
def test_a_wrong_form_is_refused_with_its_key(data: dict[str, Any], field: str) -> None:
    usual = {"options": [{"id": name, "label": name} for name in "ABCD"]}
    whole = data if "options" in data or not data else usual | data
    with pytest.raises(Refused) as refusal:
        form_from(Kind.ELECTION, whole)
    assert (refusal.value.code, refusal.value.facts["field"]) == ("form-invalid", field)


def test_ids_that_would_be_taken_for_other_numbers_are_refused() -> None:
    for name in RESERVED:
        with pytest.raises(Refused):
            form_from(Kind.ELECTION, {"options": [{"id": name, "label": "A"}]})


def test_lines_that_read_the_same_are_told_apart_by_their_note() -> None:
    twins = [{"id": "a", "label": "Nguyễn Văn An"}, {"id": "b", "label": "Nguyễn Văn An"}]
    with pytest.raises(Refused, match="read the same"):
        form_from(Kind.ELECTION, {"options": twins})
    twins[1] = {"id": "b", "label": "Nguyễn Văn An", "note": "Sở Y tế"}
    assert len(form_from(Kind.ELECTION, {"options": twins}).options) == 2


def test_a_kind_has_its_rules() -> None:
    with pytest.raises(Refused):
        kind_of("lottery")
    assert rule_for(Kind.ELECTION, None, None, "ubnd").code == "election-list"
    assert rule_for(Kind.MOTION, None, None, "ubnd").code == "ubnd"
    for kind, rule in (
        (Kind.MOTION, "election-list"),
        (Kind.CONFIDENCE, "ubnd"),
        (Kind.RANKED, "confidence-96"),
    ):
        assert not fits(kind, rule)
        with pytest.raises(Refused) as refusal:
            rule_for(kind, rule, None, "ubnd")
        assert refusal.value.code == "rule-not-for-kind"


def test_words_alone_become_options_with_ids() -> None:
    options = ["Ông A", {"label": "Bà B", "note": "Sở Y tế"}, {"id": "c2", "label": "Ông C"}]
    found = ballot_paper(Kind.ELECTION, {"options": options}, None)
    assert found is not None
    assert [one["id"] for one in found["options"]] == ["c1", "c3", "c2"]
    assert ballot_paper(Kind.MOTION, None, "motion") is None
    for kind, form, motion in (
        (Kind.MOTION, {"places": 1}, None),
        (Kind.ELECTION, {"options": ["A"]}, "motion"),
    ):
        with pytest.raises(Refused):
            ballot_paper(kind, form, motion)


def test_a_plain_form_sends_the_same() -> None:
    assert sent_with_form([("choice", "yes"), ("key", "k")]) == "yes"
    assert sent_with_form([("ballot", "election")]) == []
    assert sent_with_form([("ballot", "options"), ("mark", "A"), ("mark", "B")]) == ["A", "B"]
    ranks = [("ballot", "ranked"), ("rank-A", "2"), ("rank-B", ""), ("rank-C", "1")]
    assert sent_with_form(ranks) == ["C", "A"]
    rated = [("ballot", "confidence"), ("level-A", "high"), ("level-B", "")]
    assert sent_with_form(rated) == {"A": "high"}
    with pytest.raises(Refused, match="same number"):
        sent_with_form([("ballot", "ranked"), ("rank-A", "1"), ("rank-B", "01")])
    with pytest.raises(Refused):
        sent_with_form([("ballot", "ranked"), ("rank-A", "first")])


names = st.lists(st.sampled_from([f"c{n}" for n in range(12)]), min_size=2, max_size=12, unique=True)


@st.composite
def ballots(draw: st.DrawFn) -> tuple[Form, object]:
    """A form of any kind with several marks, and a ballot that it allows."""
    kind = draw(st.sampled_from(SEVERAL))
    options = draw(names)
    data = {
        "options": [{"id": one, "label": one} for one in options],
        "at_most": draw(st.integers(1, len(options))),
    }
    form = form_from(kind, data)
    if kind is Kind.CONFIDENCE:
        return form, draw(st.dictionaries(st.sampled_from(options), st.sampled_from(LEVELS)))
    least = 0 if kind is Kind.ELECTION else 1
    return form, draw(st.lists(st.sampled_from(options), min_size=least, max_size=form.at_most, unique=True))


@given(ballots())
def test_one_text_for_one_meaning(drawn: tuple[Form, object]) -> None:
    form, choice = drawn
    stored = checked(form, choice)
    assert checked(form, read(form, stored)) == stored
    assert checked(form, json.dumps(choice, indent=1)) == stored
    assert checked(form, stored) == stored
    assert poll_form(form.kind, form_as_data(form), ()) == form
