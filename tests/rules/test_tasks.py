"""Tasks: what follows from the dates."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetings.rules.outcome import percent
from meetings.rules.refusals import Refused
from meetings.rules.tasks import (
    ACTS,
    STATUSES,
    Extension,
    Leaf,
    Report,
    Status,
    TaskFacts,
    TaskState,
    check_act,
    check_extension,
    count_tasks,
    days_late,
    due_date,
    leaf_of,
    near_due,
    on_time,
    state_of,
    status_of,
)
from meetings.rules.working_days import Calendar

DAY = date(2026, 11, 2)  # a Monday
DUE = date(2026, 11, 20)  # a Friday
TASK = TaskFacts(assigned_on=DAY, due=DUE)


def reported(on: date, **decided: date) -> TaskFacts:
    return replace(TASK, accepted_on=DAY, reports=(Report(on, **decided),))


def test_states_follow_from_facts() -> None:
    accepted = replace(TASK, accepted_on=DAY)
    assert state_of(TASK) is TaskState.ASSIGNED
    assert state_of(accepted) is TaskState.ACCEPTED
    assert state_of(replace(accepted, progressed_on=DAY)) is TaskState.IN_PROGRESS
    assert state_of(reported(DUE)) is TaskState.REPORTED
    returned = reported(DAY, returned_on=DAY + timedelta(1))
    assert state_of(returned) is TaskState.RETURNED
    assert state_of(replace(returned, progressed_on=DAY + timedelta(2))) is TaskState.IN_PROGRESS
    assert state_of(reported(DUE, verified_on=DUE)) is TaskState.VERIFIED
    assert state_of(replace(accepted, suspended_on=DAY)) is TaskState.SUSPENDED
    assert state_of(replace(accepted, cancelled_on=DAY)) is TaskState.CANCELLED


def test_on_time_is_judged_by_the_accepted_report() -> None:
    done = reported(DUE, verified_on=DUE + timedelta(9))
    assert on_time(done) is True
    assert leaf_of(done, DUE + timedelta(30)) is Leaf.DONE_ON_TIME
    late = reported(DUE + timedelta(1), verified_on=DUE + timedelta(1))
    assert on_time(late) is False
    assert (leaf_of(late, DUE + timedelta(30)), days_late(late, DUE + timedelta(30))) == (Leaf.DONE_LATE, 1)
    assert on_time(TASK) is None
    assert on_time(replace(done, due=None)) is None


def test_a_returned_report_does_not_stop_the_clock() -> None:
    returned = reported(DUE, returned_on=DUE + timedelta(2))
    assert leaf_of(returned, DUE + timedelta(3)) is Leaf.OPEN_OVERDUE
    again = replace(returned, reports=(*returned.reports, Report(DUE + timedelta(4), DUE + timedelta(5))))
    assert leaf_of(again, DUE + timedelta(9)) is Leaf.DONE_LATE
    assert days_late(again, DUE + timedelta(9)) == 4


def test_a_report_that_waits_stops_the_clock() -> None:
    waiting = reported(DUE)
    assert leaf_of(waiting, DUE + timedelta(5)) is Leaf.OPEN_IN_TIME
    assert status_of(waiting, DUE + timedelta(5)) is Status.WAITING


def test_due_means_the_end_of_the_day() -> None:
    assert leaf_of(TASK, DUE) is Leaf.OPEN_IN_TIME
    assert leaf_of(TASK, DUE + timedelta(1)) is Leaf.OPEN_OVERDUE
    assert days_late(TASK, DUE + timedelta(4)) == 4
    assert days_late(TASK, DUE) == 0


def test_extensions() -> None:
    later = DUE + timedelta(10)
    extended = replace(TASK, extensions=(Extension(DAY, later),))
    assert due_date(extended) == later
    assert leaf_of(extended, later) is Leaf.OPEN_IN_TIME
    done = replace(extended, reports=(Report(DUE + timedelta(2), later),))
    assert (on_time(done), on_time(done, original=True)) == (True, False)
    refused = replace(TASK, extensions=(Extension(DAY, later, granted=False),))
    assert due_date(refused) == DUE
    check_extension(TASK, DUE - timedelta(1), later)


@pytest.mark.parametrize(
    ("facts", "requested_on", "until", "code"),
    [
        (TASK, DUE, DUE + timedelta(5), "extension-late"),
        (TASK, DUE + timedelta(1), DUE + timedelta(5), "extension-late"),
        (TASK, DAY, DUE, "extension-not-later"),
        (replace(TASK, due=None), DAY, DUE, "extension-no-due"),
        (replace(TASK, cancelled_on=DAY), DAY, DUE, "not-now"),
        (reported(DUE, verified_on=DUE), DAY, DUE, "not-now"),
    ],
)
def test_extensions_refused(facts: TaskFacts, requested_on: date, until: date, code: str) -> None:
    with pytest.raises(Refused) as refused:
        check_extension(facts, requested_on, until)
    assert refused.value.code == code


def test_suspension_stops_the_clock() -> None:
    suspended = replace(TASK, suspended_on=DUE - timedelta(1))
    assert leaf_of(suspended, DUE + timedelta(30)) is Leaf.OPEN_IN_TIME
    assert status_of(suspended, DUE + timedelta(30)) is Status.SUSPENDED
    too_late = replace(TASK, suspended_on=DUE + timedelta(2))
    assert days_late(too_late, DUE + timedelta(30)) == 2


def test_near_due_counts_working_days() -> None:
    assert not near_due(TASK, date(2026, 11, 16))  # Monday: four working days to Friday
    assert near_due(TASK, date(2026, 11, 17))
    assert near_due(TASK, DUE)
    assert not near_due(TASK, DUE + timedelta(1))
    assert near_due(TASK, date(2026, 11, 16), Calendar(off=frozenset({date(2026, 11, 18)})))
    after_weekend = replace(TASK, due=date(2026, 11, 23))
    assert near_due(after_weekend, date(2026, 11, 18))
    assert not near_due(replace(TASK, due=None), DAY)
    assert not near_due(reported(DAY), DUE)


def test_what_lists_show() -> None:
    accepted = replace(TASK, accepted_on=DAY)
    assert status_of(TASK, DAY) is Status.NOT_STARTED
    assert status_of(accepted, DAY) is Status.IN_TIME
    assert status_of(accepted, DUE) is Status.NEAR_DUE
    assert status_of(accepted, DUE + timedelta(1)) is Status.OVERDUE
    assert status_of(reported(DUE, verified_on=DUE), DUE) is Status.DONE_ON_TIME
    assert status_of(replace(reported(DUE, verified_on=DUE), due=None), DUE) is Status.DONE_NO_DUE
    assert status_of(replace(accepted, due=None), DUE) is Status.IN_TIME
    assert status_of(replace(TASK, cancelled_on=DAY), DUE) is Status.CANCELLED
    assert set(STATUSES) == set(Status)


def test_acts_follow_the_state() -> None:
    check_act(TASK, "accept")
    for act in ("report", "verify", "return", "resume", "dance"):
        with pytest.raises(Refused) as refused:
            check_act(TASK, act)
        assert refused.value.code == "not-now"
    check_act(reported(DUE), "verify")
    assert all(states <= set(TaskState) for states in ACTS.values())
    ends = set(TaskState) - set[TaskState]().union(*ACTS.values())
    assert ends == {TaskState.VERIFIED, TaskState.CANCELLED}


def test_figures_as_cities_publish_them() -> None:
    assert percent(13_119, 15_533) == "84.46"
    done_on_time, done_late, done_no_due, overdue, in_time = 4_071, 3_085, 2_986, 258, 1_760
    assert done_on_time + done_late + done_no_due + overdue + in_time == 12_160
    assert percent(done_on_time, done_on_time + done_late + done_no_due) == "40.14"
    assert percent(overdue, 12_160) == "2.12"
    assert percent(overdue, done_on_time + done_late + overdue) == "3.48"


def test_a_count_of_tasks() -> None:
    tasks = [
        reported(DUE, verified_on=DUE),
        reported(DUE + timedelta(1), verified_on=DUE + timedelta(1)),
        replace(reported(DUE, verified_on=DUE), due=None),
        TASK,
        replace(TASK, due=DUE + timedelta(90)),
        replace(TASK, cancelled_on=DAY),
    ]
    seen = count_tasks(tasks, DUE + timedelta(5))
    assert (seen.total, seen.done, seen.open) == (5, 3, 2)
    assert (seen.done_percent, seen.on_time_percent) == ("60.00", "50.00")
    assert (seen.overdue_percent, seen.overdue_of_due_percent) == ("20.00", "33.33")
    assert count_tasks([], DAY).done_percent == "—"


days = st.dates(date(2026, 1, 1), date(2027, 12, 31))
maybe = st.none() | days
tasks = st.builds(
    TaskFacts,
    assigned_on=days,
    due=maybe,
    accepted_on=maybe,
    progressed_on=maybe,
    reports=st.lists(st.builds(Report, days, maybe, maybe), max_size=3).map(tuple),
    extensions=st.lists(st.builds(Extension, days, days, st.booleans()), max_size=2).map(tuple),
    suspended_on=maybe,
    cancelled_on=maybe,
)


@settings(max_examples=60, deadline=None)
@given(st.lists(tasks, max_size=12), days)
def test_every_task_is_in_exactly_one_leaf(some: list[TaskFacts], today: date) -> None:
    seen = count_tasks(some, today)
    assert sum(seen.leaves.values()) == len(some)
    assert seen.done + seen.open == seen.total == len(some) - seen.leaves[Leaf.CANCELLED]
    for task in some:
        leaf = leaf_of(task, today)
        assert (leaf in (Leaf.DONE_LATE, Leaf.OPEN_OVERDUE)) == (days_late(task, today) > 0)
        assert status_of(task, today) in STATUSES
        assert not (near_due(task, today) and leaf is not Leaf.OPEN_IN_TIME)
        if state_of(task) is TaskState.VERIFIED:
            assert on_time(task) is {Leaf.DONE_ON_TIME: True, Leaf.DONE_LATE: False}.get(leaf)
