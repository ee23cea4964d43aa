"""Speaking time: what clocks show at a moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as some

from meetings.rules.clocks import Clock, GroupClock

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
SECONDS = some.integers(min_value=0, max_value=7200)


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def test_a_clock_that_runs_shows_what_is_left() -> None:
    clock = Clock(limit=180).started(NOW)
    assert clock.used(after(60)) == 60
    assert clock.remaining(after(60)) == 120
    assert not clock.over(after(180)), "the last second may be spoken"
    assert clock.remaining(after(200)) == -20
    assert clock.over(after(200))


def test_a_pause_takes_no_time() -> None:
    paused = Clock(limit=180).started(NOW).stopped(after(60))
    assert paused.used(after(1000)) == 60
    again = paused.started(after(1000))
    assert again.used(after(1030)) == 90


def test_starting_twice_changes_nothing() -> None:
    clock = Clock(limit=60).started(NOW)
    assert clock.started(after(30)) == clock


def test_without_a_limit_nothing_runs_out() -> None:
    clock = Clock().started(NOW)
    assert clock.remaining(after(9999)) is None
    assert not clock.over(after(9999))


def test_added_time_is_on_top() -> None:
    assert Clock(seconds=200, limit=180, added=60).remaining(NOW) == 40


def test_a_moment_before_the_start_counts_as_none() -> None:
    assert Clock(seconds=5, running_since=NOW).used(after(-30)) == 5


def test_a_group_has_what_its_speeches_left() -> None:
    group = GroupClock(initial=600, added=60, speeches=(Clock(seconds=200), Clock(seconds=100).started(NOW)))
    assert group.remaining(after(60)) == 300
    assert group.settled == 300
    assert group.running_since == NOW
    assert group.over(after(361))


@given(some.lists(some.tuples(SECONDS, SECONDS), max_size=8))
def test_pauses_add_up(turns: list[tuple[int, int]]) -> None:
    clock, moment = Clock(), NOW
    for spoken, silent in turns:
        clock = clock.started(moment).stopped(moment + timedelta(seconds=spoken))
        moment += timedelta(seconds=spoken + silent)
    assert clock.used(moment) == sum(spoken for spoken, _ in turns)


@given(SECONDS, SECONDS, SECONDS, SECONDS)
def test_used_and_remaining_make_the_whole(seconds: int, run: int, limit: int, added: int) -> None:
    clock = Clock(seconds=seconds, running_since=NOW, limit=limit, added=added)
    assert clock.used(after(run)) + (clock.remaining(after(run)) or 0) == limit + added
