"""The weekly schedule: parts of the day, order, and what changed since the publication."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings.rules.weekly_schedule import (
    Change,
    DayPart,
    Line,
    as_data,
    changed,
    compare,
    from_data,
    in_order,
    monday_of,
    part_of,
)

MONDAY = date(2026, 11, 23)
CLOCKS = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.integers(0, 59))


def _line(key: str, **more: str) -> Line:
    facts = {"day": "2026-11-24", "part": "morning", "title": "Họp giao ban"} | more
    return Line(key=key, **facts)


@st.composite
def lines(draw: st.DrawFn) -> list[Line]:
    keys = draw(st.lists(st.sampled_from("abcdefgh"), unique=True))
    found: list[Line] = []
    for key in keys:
        day = (MONDAY + timedelta(days=draw(st.integers(0, 6)))).isoformat()
        starts = draw(st.just("") | CLOCKS)
        part = part_of(starts) if starts else draw(st.sampled_from(DayPart))
        title = draw(st.sampled_from(["Họp giao ban", "Tiếp công dân", "Đi cơ sở"]))
        found.append(Line(key=key, day=day, part=part.value, starts=starts, title=title))
    return in_order(found)


@pytest.mark.parametrize(
    ("clock", "part"),
    [
        ("00:00", "morning"),
        ("11:59", "morning"),
        ("12:00", "afternoon"),
        ("17:59", "afternoon"),
        ("18:00", "evening"),
    ],
)
def test_a_time_lies_in_one_part_of_the_day(clock: str, part: str) -> None:
    assert part_of(clock) == part


@given(st.dates())
def test_a_week_begins_on_monday(day: date) -> None:
    monday = monday_of(day)
    assert monday.weekday() == 0
    assert timedelta(0) <= day - monday < timedelta(days=7)


@given(lines())
def test_what_did_not_change_is_not_marked(week: list[Line]) -> None:
    marked = compare(week, week)
    assert [one.line for one in marked] == week
    assert {one.change for one in marked} <= {Change.SAME}
    assert not changed(marked)
    assert from_data(as_data(week)) == week


@given(lines(), lines())
def test_every_line_is_told_and_every_change_once(before: list[Line], now: list[Line]) -> None:
    marked = compare(before, now)
    assert [one.line for one in marked if not one.gone] == now, "in today's order"
    gone = {one.line.key for one in marked if one.change is Change.REMOVED}
    assert gone == {one.key for one in before} - {one.key for one in now}
    told = [one.line.key for one in changed(marked)]
    assert len(told) == len(set(told))
    same = {one.key for one in now if one in before}
    assert set(told) == {one.key for one in [*before, *now]} - same
    for one in marked:
        if one.change is Change.LEFT:
            assert one.line in before
            assert one.now in now
            assert (one.line.day, one.line.part) != (one.now.day, one.now.part)


@given(lines())
def test_the_order_is_that_of_the_week(week: list[Line]) -> None:
    places = [(line.day, list(DayPart).index(DayPart(line.part)), line.starts) for line in week]
    assert places == sorted(places)


def test_the_marks_say_what_was_published() -> None:
    stays, retold, moves, goes = (_line(key) for key in ("a", "b", "c", "d"))
    now = [
        stays,
        replace(retold, place="Phòng số 2"),
        replace(moves, day="2026-11-26", part="afternoon", starts="14:00"),
        _line("e", title="Tiếp công dân"),
    ]
    marked = {(one.line.key, one.change): one for one in compare([stays, retold, moves, goes], now)}
    assert set(marked) == {
        ("a", Change.SAME),
        ("b", Change.CHANGED),
        ("c", Change.LEFT),
        ("c", Change.MOVED),
        ("d", Change.REMOVED),
        ("e", Change.ADDED),
    }
    assert marked["b", Change.CHANGED].was == {"place": ""}
    assert marked["c", Change.MOVED].was == {"day": "2026-11-24", "part": "morning", "starts": ""}
    assert marked["c", Change.LEFT].line.day == "2026-11-24"
