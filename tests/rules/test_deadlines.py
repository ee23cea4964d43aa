"""Deadlines of a meeting: notice, papers, conclusions, in working days over Tết, weekends and swapped days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings.rules.deadlines import (
    DEFAULTS,
    MOST,
    Course,
    Deadline,
    Duty,
    Periods,
    all_periods,
    as_data,
    deadlines,
    periods_of,
)
from meetings.rules.refusals import Refused
from meetings.rules.working_days import Calendar, add_working_days, is_working, working_days_between

days = st.dates(date(2026, 1, 1), date(2026, 4, 30))
calendars = st.builds(Calendar, off=st.frozensets(days, max_size=25), worked=st.frozensets(days, max_size=10))
counts = st.integers(0, MOST)
TET = Calendar(off=frozenset(date(2026, 2, 16) + timedelta(days=more) for more in range(5)))


def _one(duty: Duty, found: list[Deadline]) -> Deadline:
    (deadline,) = (one for one in found if one.duty is duty)
    return deadline


@given(days, st.integers(1, MOST), days, calendars)
def test_a_notice_in_time_leaves_the_period_free(day: date, n: int, sent: date, calendar: Calendar) -> None:
    found = deadlines(Course(day=day, published=sent), Periods(notice_days=n), calendar, sent)
    notice = _one(Duty.NOTICE, found)
    assert (notice.late == 0) == (sent <= notice.due)
    assert is_working(notice.due, calendar)
    assert working_days_between(day, notice.due, calendar) == -n
    if notice.late:
        assert notice.late == max(1, working_days_between(notice.due, sent, calendar))


@given(days, st.integers(1, MOST - 1), calendars)
def test_a_longer_period_is_due_earlier(day: date, n: int, calendar: Calendar) -> None:
    shorter, longer = (
        _one(Duty.NOTICE, deadlines(Course(day=day), Periods(notice_days=count), calendar, day))
        for count in (n, n + 1)
    )
    assert longer.due < shorter.due < day


@given(days, days, calendars)
def test_an_open_deadline_is_late_by_one_more_each_working_day(
    due: date, today: date, calendar: Calendar
) -> None:
    course = Course(day=due, adjourned=due)
    before = _one(Duty.CONCLUSIONS, deadlines(course, Periods(), calendar, today))
    tomorrow = add_working_days(max(today, before.due), 1, calendar)
    after = _one(Duty.CONCLUSIONS, deadlines(course, Periods(), calendar, tomorrow))
    assert after.late == (before.late + 1 if before.late and is_working(today, calendar) else after.late)
    assert after.late >= max(1, before.late)


@given(days, st.lists(days, max_size=6), st.integers(1, MOST), calendars)
def test_papers_are_late_one_by_one(day: date, laid: list[date], n: int, calendar: Calendar) -> None:
    papers = _one(Duty.PAPERS, deadlines(Course(day=day, papers=laid), Periods(papers_days=n), calendar, day))
    assert papers.papers == sum(one > papers.due for one in laid)
    assert bool(papers.late) == bool(papers.papers)


def test_over_tet() -> None:
    course = Course(day=date(2026, 2, 24), adjourned=date(2026, 2, 12))
    notice, papers, conclusions = deadlines(course, Periods(), TET, date(2026, 2, 23))
    assert notice.due == papers.due == date(2026, 2, 12), "Monday 23rd, Friday 13th, Thursday 12th"
    assert notice.late == 2
    assert conclusions.due == date(2026, 2, 26)
    assert conclusions.late == 0


def test_late_on_a_weekend_is_late() -> None:
    course = Course(day=date(2026, 3, 12), published=date(2026, 3, 15))
    friday = Course(day=date(2026, 3, 11), published=date(2026, 3, 7))
    assert _one(Duty.NOTICE, deadlines(course, Periods(), Calendar(), course.day)).late == 4
    assert _one(Duty.NOTICE, deadlines(friday, Periods(), Calendar(), friday.day)).due == date(2026, 3, 6)
    assert _one(Duty.NOTICE, deadlines(friday, Periods(), Calendar(), friday.day)).late == 1


def test_no_period_no_deadline() -> None:
    assert not deadlines(
        Course(day=date(2026, 3, 12), adjourned=date(2026, 3, 12)),
        Periods(notice_days=0, papers_days=0, conclusions_days=0), Calendar(), date(2026, 3, 20),
    )  # fmt: skip
    urgent = periods_of(None, "extraordinary")
    assert (urgent.notice_days, urgent.papers_days, urgent.conclusions_days) == (0, 1, 5)


@given(
    st.dictionaries(
        st.sampled_from([*DEFAULTS, "briefing"]),
        st.fixed_dictionaries(
            {}, optional={"notice_days": counts, "papers_days": counts, "conclusions_days": counts}
        ),
        max_size=4,
    )
)
def test_periods_survive_being_kept(data: dict[str, dict[str, int]]) -> None:
    seen = all_periods(data)
    assert all_periods(as_data(seen)) == {
        kind: own for kind, own in seen.items() if kind in as_data(seen) or kind in DEFAULTS
    }
    for kind, own in data.items():
        assert own.items() <= seen[kind].items()


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"regular": {"notice_days": -1}}, "notice_days"),
        ({"regular": {"notice_days": True}}, "notice_days"),
        ({"regular": {"papers_days": MOST + 1}}, "papers_days"),
        ({"regular": {"minutes": 3}}, "minutes"),
        ({"regular": [3]}, "regular"),
        ({"": {}}, "kind"),
    ],
)
def test_what_are_no_periods_is_refused_by_name(data: dict[str, object], field: str) -> None:
    with pytest.raises(Refused) as refusal:
        all_periods(data)
    assert refusal.value.code == "wrong-input"
    assert refusal.value.facts["field"] == field
