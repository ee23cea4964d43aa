"""Who gets a ballot, and who may cast it for whom."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetings.rules.refusals import Refused
from meetings.rules.roll import RollCount, Voter, check_roll, count_roll, eligible, may_cast, participation

ROLL = (
    Voter("an", present=True),
    Voter("binh", present=True, remote=True, weight=2),
    Voter("chi", present=False),
    Voter("dung", present=False, admitted=True),
    Voter("em", present=False, proxy_holder="an"),
    Voter("giang", present=True, recused=True),
    Voter("hoa", present=False, proxy_holder="chi"),
    Voter("khoa", present=True, proxy_holder="an"),
    Voter("lan", present=False, proxy_holder="nobody"),
    Voter("minh", present=True, weight=0),
    Voter("nga", present=False, proxy_holder="giang"),
    Voter("oanh", present=False, recused=True, proxy_holder="an"),
)


def refusal(actor: str, for_person: str | None = None) -> str:
    with pytest.raises(Refused) as refused:
        may_cast(ROLL, actor, for_person)
    return refused.value.code


def test_who_gets_a_ballot() -> None:
    assert [voter.person for voter in eligible(ROLL)] == ["an", "binh", "dung", "em", "khoa"]


def test_one_casts_ones_own() -> None:
    assert may_cast(ROLL, "an").person == "an"
    assert may_cast(ROLL, "dung", "dung").person == "dung"
    assert refusal("chi") == "not-present"
    assert refusal("em") == "not-present"  # the holder has the ballot while the giver is away
    assert refusal("giang") == "recused"
    assert refusal("minh") == "not-on-roll"
    assert refusal("stranger") == "not-on-roll"


def test_proxies_go_one_level() -> None:
    assert may_cast(ROLL, "an", "em").person == "em"
    assert refusal("binh", "em") == "proxy-void"
    assert refusal("chi", "hoa") == "proxy-void"  # the holder is absent too
    assert refusal("an", "khoa") == "proxy-void"  # the giver is present
    assert refusal("an", "lan") == "proxy-void"
    assert refusal("giang", "nga") == "proxy-void"  # the holder is recused
    assert refusal("an", "oanh") == "recused"
    assert refusal("an", "binh") == "proxy-void"


def test_a_chain_of_proxies_is_void() -> None:
    chain = (
        Voter("a", present=False, proxy_holder="b"),
        Voter("b", present=False, proxy_holder="c"),
        Voter("c", present=True),
    )
    assert [voter.person for voter in eligible(chain)] == ["b", "c"]


def test_heads_and_weights() -> None:
    assert count_roll(ROLL) == RollCount(
        present=6,
        present_weight=6,
        remote=1,
        eligible=5,
        eligible_weight=6,
        recused=2,
        recused_weight=2,
        recused_present=1,
        recused_present_weight=1,
    )


def test_a_poll_needs_somebody() -> None:
    with pytest.raises(Refused) as refused:
        check_roll([Voter("a", present=False)], secret=False)
    assert refused.value.code == "roll-empty"
    check_roll([Voter("a", present=True, weight=2), Voter("b", present=True, weight=2)], secret=True)


people = st.sampled_from("abcdef")
rolls = st.lists(
    st.builds(
        Voter,
        people,
        present=st.booleans(),
        weight=st.integers(0, 3),
        proxy_holder=st.none() | people,
        recused=st.booleans(),
        admitted=st.booleans(),
    ),
    unique_by=lambda voter: voter.person,
    max_size=6,
)


def casts(roll: list[Voter], actor: str, person: str) -> bool:
    try:
        return may_cast(roll, actor, person).person == person
    except Refused:
        return False


@settings(max_examples=80, deadline=None)
@given(rolls)
def test_every_ballot_has_exactly_one_hand(roll: list[Voter]) -> None:
    people = [voter.person for voter in roll]
    by_hand = {person: [actor for actor in people if casts(roll, actor, person)] for person in people}
    assert {person for person, hands in by_hand.items() if hands} == {v.person for v in eligible(roll)}
    assert all(len(hands) <= 1 for hands in by_hand.values())
    counted = count_roll(roll)
    assert counted.recused_present <= counted.recused
    assert counted.present <= len(roll)


def test_absent_present_without_voting_and_abstaining_are_three_things() -> None:
    roll = [
        Voter("cast", present=True),
        Voter("silent", present=True),
        Voter("away", present=False),
        Voter("aside", present=True, recused=True),
        Voter("guest", present=True, weight=0),
        Voter("represented", present=False, proxy_holder="cast"),
        Voter("void", present=False, proxy_holder="away"),
        Voter("sitting", present=True, seat_of="member"),
    ]
    took_part = participation(roll, {"cast", "represented"})
    assert took_part == {
        "cast": "cast",
        "silent": "not_cast",
        "away": "absent",
        "aside": "recused",
        "guest": "no_vote",
        "represented": "cast",
        "void": "absent",
        "sitting": "not_cast",
    }
