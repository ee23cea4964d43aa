"""The forecast of a meeting's end, and how long a recess may be."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings.rules.refusals import Refused
from meetings.rules.timing import Course, Slot, forecast, own_minutes, recess_end, seconds_spent

START = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)


def at(minutes: int) -> datetime:
    return START + timedelta(minutes=minutes)


def test_the_end_moves_with_what_was_spent() -> None:
    slots = [
        Slot(id="1", minutes=10, course=Course.OVER, spent=25 * 60),
        Slot(id="2", minutes=30, course=Course.NOW, spent=10 * 60),
        Slot(id="3", minutes=20),
        Slot(id="4"),
    ]
    seen = forecast(slots, start=START, now=at(35))
    assert seen is not None
    assert (seen.ends, seen.planned_end, seen.late) == (at(75), at(60), 15)
    assert seen.expected == {"3": at(55), "4": at(75)}
    assert seen.without_time == 1


def test_items_that_were_passed_over_come_last_and_urgent_ones_were_not_planned() -> None:
    slots = [
        Slot(id="1", minutes=10),
        Slot(id="2", minutes=10, course=Course.NOW, spent=600),
        Slot(id="2a", minutes=15, planned=False),
        Slot(id="3", minutes=10),
    ]
    seen = forecast(slots, start=START, now=at(10))
    assert seen is not None
    assert list(seen.expected) == ["2a", "3", "1"]
    assert (seen.ends, seen.planned_end, seen.late) == (at(45), at(30), 15)


def test_a_heading_holds_what_stands_below_it() -> None:
    slots = [
        Slot(id="1", minutes=60),
        Slot(id="1.1", parent="1", minutes=10),
        Slot(id="1.2", parent="1", minutes=15),
        Slot(id="2", minutes=5),
        Slot(id="2.1", parent="2", minutes=20),
    ]
    assert own_minutes(slots) == {"1": 35, "1.1": 10, "1.2": 15, "2": 0, "2.1": 20}
    over = [replace(slot, course=Course.OVER) if "." in slot.id else slot for slot in slots]
    seen = forecast(over, start=START, now=at(40))
    assert seen is not None
    assert (seen.ends, seen.expected) == (at(40), {})


def test_without_planned_times_nothing_is_foretold() -> None:
    assert forecast([Slot(id="1"), Slot(id="2")], start=START, now=START) is None
    assert forecast([], start=START, now=START) is None


def test_a_recess_is_waited_for_and_a_meeting_begins_at_its_start() -> None:
    coming = [Slot(id="1", minutes=30)]
    before, late = forecast(coming, start=START, now=at(-60)), forecast(coming, start=START, now=at(10))
    assert before
    assert late
    assert (before.ends, late.ends) == (at(30), at(40))
    running = [Slot(id="1", minutes=30, course=Course.NOW)]
    paused = forecast(running, start=START, now=at(5), recess_until=at(20))
    overdue = forecast(running, start=START, now=at(25), recess_until=at(20))
    assert paused
    assert overdue
    assert (paused.ends, overdue.ends) == (at(50), at(55))


SLOTS = st.lists(
    st.builds(
        Slot, id=st.just(""), minutes=st.none() | st.integers(0, 300),
        course=st.sampled_from((Course.COMING, Course.OVER)), spent=st.integers(0, 40_000), planned=st.booleans(),
    ),
    max_size=40,
)  # fmt: skip


@given(SLOTS, st.integers(0, 39), st.integers(0, 2_000), st.integers(1, 500))
def test_waiting_never_brings_the_end_nearer(slots: list[Slot], hand: int, passed: int, more: int) -> None:
    slots = [
        replace(slot, id=str(place), course=Course.NOW if place == hand else slot.course)
        for place, slot in enumerate(slots)
    ]
    first = forecast(slots, start=START, now=at(passed))
    assert (first is None) == (not any(slot.minutes for slot in slots))
    if first is None:
        return
    waited = [
        replace(slot, spent=slot.spent + more * 60) if slot.course == Course.NOW else slot for slot in slots
    ]
    later = forecast(waited, start=START, now=at(passed + more))
    assert later is not None
    assert first.ends <= later.ends <= first.ends + timedelta(minutes=more)
    assert first.planned_end == later.planned_end
    assert set(first.expected) == {slot.id for slot in slots if slot.course == Course.COMING}
    times = list(first.expected.values())
    assert times == sorted(times)
    assert all(at(passed) <= time <= first.ends for time in times)


@given(SLOTS, st.data())
def test_own_minutes_add_up_to_the_whole(slots: list[Slot], data: st.DataObject) -> None:
    tree: list[Slot] = []
    for place, slot in enumerate(slots):
        parents = [None, *(one.id for one in tree)]
        tree.append(replace(slot, id=str(place), parent=data.draw(st.sampled_from(parents))))
    shares = own_minutes(tree)
    assert all(share >= 0 for share in shares.values())
    assert sum(shares.values()) >= max((slot.minutes or 0 for slot in tree), default=0)
    assert sum(shares.values()) <= sum(slot.minutes or 0 for slot in tree)


@given(st.integers(0, 10_000), st.integers(-100, 10_000))
def test_a_standing_clock_stands(spent: int, passed: int) -> None:
    now = START + timedelta(seconds=passed)
    assert seconds_spent(spent, None, now) == spent
    assert seconds_spent(spent, START, now) == spent + max(0, passed)


def test_a_recess_ends_within_a_day() -> None:
    assert recess_end(START) is None
    assert recess_end(START, minutes=15) == at(15)
    assert recess_end(START, until=at(90)) == at(90)
    for minutes in (0, -5, 24 * 60 + 1):
        with pytest.raises(Refused, match="minutes"):
            recess_end(START, minutes=minutes)
    for until in (START, at(-1), at(24 * 60 + 1)):
        with pytest.raises(Refused) as refusal:
            recess_end(START, until=until)
        assert refusal.value.code == "recess-time"
