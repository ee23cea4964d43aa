"""Two meetings at one time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from meetings.rules.conflicts import ASSUMED, Clash, Sitting, conflicts, overlap

START = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
people = st.frozensets(st.sampled_from("abcde"), max_size=4)


@st.composite
def sittings(draw: st.DrawFn, name: str) -> Sitting:
    starts = START + timedelta(minutes=30 * draw(st.integers(0, 12)))
    length = draw(st.one_of(st.none(), st.integers(1, 8)))
    return Sitting(
        id=name, starts=starts, ends=starts + timedelta(minutes=30 * length) if length else None,
        room=draw(st.sampled_from(["", "r1", "r2"])), chairs=draw(people), members=draw(people),
    )  # fmt: skip


@given(sittings("one"), sittings("other"))
def test_a_conflict_is_one_for_both(one: Sitting, other: Sitting) -> None:
    here, there = conflicts(one, [other]), conflicts(other, [one])
    assert [found.clashes for found in here] == [found.clashes for found in there]
    if here:
        assert overlap(one, other)


@given(sittings("one"), sittings("other"))
def test_whoever_is_needed_twice_is_named_once(one: Sitting, other: Sitting) -> None:
    if not overlap(one, other):
        return
    both = (one.chairs | one.members) & (other.chairs | other.members)
    (clashes,) = [found.clashes for found in conflicts(one, [other])] or [{}]
    chairs, members = clashes.get(Clash.CHAIR, frozenset()), clashes.get(Clash.MEMBERS, frozenset())
    assert chairs | members == both
    assert not chairs & members


def test_one_after_the_other_is_no_conflict() -> None:
    first = Sitting(id="1", starts=START, ends=START + timedelta(hours=2), room="r", members=frozenset("a"))
    second = Sitting(id="2", starts=START + timedelta(hours=2), room="r", members=frozenset("a"))
    assert not conflicts(first, [second, first])


def test_without_a_planned_end_three_hours_are_taken() -> None:
    first = Sitting(id="1", starts=START, room="r")
    during = Sitting(id="2", starts=START + ASSUMED - timedelta(minutes=1), room="r")
    behind = Sitting(id="3", starts=START + ASSUMED, room="r")
    assert [found.other for found in conflicts(first, [behind, during])] == ["2"]
