"""Intervals of attendance: the state at a moment, presence per item, and what may be recorded."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings.rules.arrival import WINDOW, code_of, is_code, window_of
from meetings.rules.attendance import (
    PRESENT,
    Interval,
    Part,
    Presence,
    check_interval,
    part_of,
    present_at,
    seconds_present,
    state_at,
    totals,
)
from meetings.rules.refusals import Refused

EIGHT = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return EIGHT + timedelta(minutes=minutes)


@st.composite
def days(draw: st.DrawFn) -> list[Interval]:
    """One person’s day: intervals with gaps, the last one perhaps without an end, and some struck ones."""
    edges = sorted(draw(st.sets(st.integers(0, 240), min_size=0, max_size=10)))
    whole = [
        Interval(draw(st.sampled_from(Presence)), at(since), at(until))
        for since, until in zip(edges[::2], edges[1::2], strict=False)
    ]
    if len(edges) % 2:
        whole.append(Interval(draw(st.sampled_from(Presence)), at(edges[-1])))
    struck = draw(st.lists(st.tuples(st.sampled_from(Presence), st.integers(0, 240)), max_size=3))
    return whole + [Interval(state, at(since), at(since + 30), struck=True) for state, since in struck]


minutes = st.integers(-10, 260)


@given(days(), minutes)
def test_a_struck_interval_says_nothing(day: list[Interval], moment: int) -> None:
    assert state_at(day, at(moment)) is state_at([one for one in day if not one.struck], at(moment))


@given(days(), minutes)
def test_the_order_of_intervals_does_not_matter(day: list[Interval], moment: int) -> None:
    assert state_at(day, at(moment)) is state_at(day[::-1], at(moment))


@given(days(), minutes)
def test_outside_every_interval_one_is_absent(day: list[Interval], moment: int) -> None:
    if not any(one.covers(at(moment)) for one in day):
        assert state_at(day, at(moment)) is Presence.ABSENT


@given(days(), st.integers(0, 120), st.integers(1, 120))
def test_the_part_in_an_item_follows_from_its_moments(day: list[Interval], since: int, length: int) -> None:
    part = part_of(day, at(since), at(since + length))
    steps = [present_at(day, at(since + minute)) for minute in range(length)]
    assert (part is Part.ABSENT) == (not any(steps))
    assert (part is Part.LATE) == (any(steps) and not steps[0])
    assert (part is Part.LEFT) == (steps[0] and not steps[-1])
    assert seconds_present(day, at(since), at(since + length)) == 60 * sum(steps)


@given(st.lists(st.sampled_from(Presence)))
def test_totals_name_every_state_and_lose_nobody(states: list[Presence]) -> None:
    counted = totals(states)
    assert list(counted) == [state.value for state in Presence]
    assert sum(counted.values()) == len(states)


def _allowed(wanted: Interval, day: list[Interval]) -> bool:
    try:
        check_interval(wanted, day, earliest=at(0), latest=at(240))
    except Refused:
        return False
    return True


@given(days(), st.integers(0, 240), st.integers(0, 60), st.sampled_from(Presence))
def test_what_may_be_recorded_never_says_two_things_at_once(
    day: list[Interval], since: int, length: int, state: Presence
) -> None:
    wanted = Interval(state, at(since), at(since + length))
    if not _allowed(wanted, day):
        return
    after = [*day, wanted]
    for minute in range(241):
        saying = [one for one in after if one.covers(at(minute))]
        assert len(saying) <= 1
    assert length > 0
    assert since + length <= 240


def test_presence_is_in_the_room_or_connected() -> None:
    assert {Presence.IN, Presence.REMOTE} == PRESENT
    assert part_of([Interval(Presence.REMOTE, at(0))], at(5), at(5)) is Part.PRESENT


@pytest.mark.parametrize("second", [0, 1, 59])
def test_a_code_is_taken_in_its_minute_and_the_next(second: int) -> None:
    shown = datetime(2026, 11, 24, 8, 0, second, tzinfo=UTC)
    code = code_of("secret", "a meeting", window_of(shown))
    assert is_code("secret", "a meeting", code.upper() + " ", shown)
    assert is_code("secret", "a meeting", code, shown + timedelta(seconds=WINDOW))
    assert not is_code("secret", "a meeting", code, shown + timedelta(seconds=2 * WINDOW))
    assert not is_code("secret", "a meeting", code, shown - timedelta(seconds=WINDOW))
    assert not is_code("secret", "another meeting", code, shown)
    assert not is_code("another secret", "a meeting", code, shown)
    assert not is_code("secret", "a meeting", "không phải mã", shown)
