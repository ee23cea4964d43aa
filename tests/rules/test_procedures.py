"""A procedure is data that a clerk writes; a dossier's clocks count working days."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings.rules.dossiers import (
    DOSSIER,
    Asked,
    DossierState,
    Timed,
    check_opinions,
    check_return,
    days_late,
    days_used,
    figures,
    last_day,
    next_step,
)
from meetings.rules.lifecycle import next_state
from meetings.rules.procedures import (
    By,
    Level,
    OpinionAsked,
    Procedure,
    Step,
    Taker,
    data_of,
    procedure_of,
    with_agencies,
)
from meetings.rules.refusals import Refused
from meetings.rules.working_days import Calendar, is_working

LINES = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=60).map(
    lambda text: " ".join(text.split()) or "Bước"
)
TAKERS = st.one_of(
    st.sampled_from([Taker(By.SUBMITTER), Taker(By.SECRETARIAT), Taker(By.CHAIR)]),
    LINES.map(lambda name: Taker(By.AGENCY, name)),
)
DAYS = st.integers(1, 250)
OPINIONS = st.builds(OpinionAsked, LINES, TAKERS, DAYS)
STEPS = st.builds(
    Step,
    name=LINES,
    taker=TAKERS,
    days=DAYS,
    inputs=st.lists(LINES, max_size=3).map(tuple),
    outputs=st.lists(LINES, max_size=3).map(tuple),
    opinions=st.lists(OPINIONS, max_size=3).map(tuple),
)
PROCEDURES = st.builds(
    Procedure,
    code=LINES,
    name=LINES,
    level=st.sampled_from(Level),
    field=LINES,
    inter_level=st.booleans(),
    steps=st.lists(STEPS, min_size=1, max_size=6).map(tuple),
)
TET = Calendar(off=frozenset(date(2026, 2, 16) + timedelta(days=ahead) for ahead in range(5)))
"""16 to 20 February 2026."""


def _plain() -> dict[str, Any]:
    return {
        "name": "Trình nghị quyết",
        "level": "province",
        "field": "Tài chính",
        "steps": [{"name": "Thẩm định", "by": "agency", "agency": "Sở Tư pháp", "days": 3}],
    }


@given(PROCEDURES)
def test_a_procedure_comes_back_from_its_file(procedure: Procedure) -> None:
    assert procedure_of(data_of(procedure)) == procedure


@given(PROCEDURES)
def test_agencies_are_called_by_name_in_a_file_and_by_id_in_the_house(procedure: Procedure) -> None:
    there = with_agencies(procedure, lambda name: f"id of {name}")
    assert there.agencies() == {f"id of {name}" for name in procedure.agencies()}
    assert with_agencies(there, lambda name: name.removeprefix("id of ")) == procedure


def _broken(**changes: Any) -> dict[str, Any]:
    return _plain() | changes


def _step(**changes: Any) -> dict[str, Any]:
    return _plain() | {"steps": [_plain()["steps"][0] | changes]}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ([], "procedure-file"),
        (_broken(format="other"), "procedure-file"),
        (_broken(level="galaxy"), "procedure-file"),
        (_broken(inter_level="yes"), "procedure-file"),
        (_broken(steps=[]), "procedure-empty"),
        (_broken(steps=_plain()["steps"] * 41), "procedure-long"),
        (_broken(name=" "), "field-missing"),
        (_broken(field="x" * 501), "field-long"),
        (_broken(name="a\0b"), "procedure-file"),
        (_broken(steps=["Bước"]), "procedure-file"),
        (_step(name=""), "procedure-line"),
        (_step(agency=""), "procedure-line"),
        (_step(by="nobody"), "procedure-file"),
        (_step(days=0), "procedure-days"),
        (_step(days=True), "procedure-days"),
        (_step(days="3"), "procedure-days"),
        (_step(opinions=[{"topic": "", "by": "chair", "days": 1}]), "procedure-line"),
        (_step(outputs=["x"] * 51), "procedure-long"),
    ],
)
def test_what_is_no_procedure_is_refused(data: object, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        procedure_of(data)
    assert refusal.value.code == code


def test_a_refused_line_names_its_step() -> None:
    second = _plain()["steps"][0] | {"opinions": [{"topic": "Pháp lý", "by": "chair", "days": 0}]}
    with pytest.raises(Refused) as refusal:
        procedure_of(_broken(steps=[*_plain()["steps"], second]))
    assert refusal.value.facts["where"] == "2.1"


def test_ten_working_days_over_tet_skip_the_holidays() -> None:
    assert last_day(date(2026, 2, 9), 10, TET) == date(2026, 3, 2)
    assert days_late(date(2026, 2, 13), date(2026, 2, 23), date(2026, 3, 1), TET) == 1
    assert days_late(date(2026, 2, 13), None, date(2026, 2, 13), TET) == 0
    assert days_used(date(2026, 2, 13), date(2026, 2, 24), date(2026, 3, 1), TET) == 2


def test_a_day_off_after_the_last_day_is_late_already() -> None:
    assert days_late(date(2026, 2, 13), date(2026, 2, 14), date(2026, 3, 1), TET) == 1


@given(st.dates(date(2026, 1, 1), date(2026, 4, 1)), st.integers(1, 60), st.integers(0, 90))
def test_late_begins_the_day_after_the_last_day(begun: date, days: int, after: int) -> None:
    due = last_day(begun, days, TET)
    assert is_working(due, TET)
    assert days_used(begun, due, due, TET) == days
    today = due + timedelta(days=after)
    assert (days_late(due, None, today, TET) > 0) == (after > 0)
    assert days_late(due, due, today, TET) == 0


def test_steps_follow_one_another_and_returns_go_back() -> None:
    step = procedure_of(_plain()).steps[0]
    procedure = replace(procedure_of(_plain()), steps=(step, step, step))
    assert [next_step(procedure, number) for number in (1, 2, 3)] == [2, 3, None]
    assert procedure.days == 9
    check_return(3, 2)
    check_return(1, 0)
    for number, to in ((1, 1), (2, 3), (2, -1)):
        with pytest.raises(Refused):
            check_return(number, to)


def test_an_opinion_holds_its_step_up_until_its_last_day() -> None:
    asked = [Asked("Pháp lý", date(2026, 3, 3), False), Asked("Tài chính", date(2026, 3, 9), True)]
    with pytest.raises(Refused) as refusal:
        check_opinions(asked, date(2026, 3, 3))
    assert refusal.value.facts["topics"] == "Pháp lý"
    check_opinions(asked, date(2026, 3, 4))


@given(st.sampled_from(DossierState), st.sampled_from(sorted(DOSSIER.moves)))
def test_what_is_scheduled_or_withdrawn_stays_so(state: DossierState, act: str) -> None:
    """Until the item or the meeting of a scheduled one comes to nothing."""
    if state in (DossierState.SCHEDULED, DossierState.WITHDRAWN):
        if (state, act) == (DossierState.SCHEDULED, "come-back"):
            assert next_state(DOSSIER, state, act) == DossierState.ACCEPTED
            return
        with pytest.raises(Refused):
            next_state(DOSSIER, state, act)


RUNS = st.lists(
    st.builds(Timed, st.sampled_from("abc"), st.booleans(), st.integers(0, 9), st.integers(0, 30)),
    max_size=30,
)


@given(RUNS)
def test_every_run_stands_in_one_figure(runs: list[Timed[str]]) -> None:
    found = figures(runs)
    assert sum(line.in_time + line.late + line.open for line in found) == len(runs)
    for line in found:
        assert line.overdue <= line.open
        assert line.share is None or 0 <= line.share <= 1
        assert (line.mean is None) == (line.in_time + line.late == 0)


def test_the_share_in_time_is_of_those_that_ended() -> None:
    runs = [Timed("a", True, 0, 2), Timed("a", True, 3, 5), Timed("a", False, 1, 4), Timed("a", True, 0, 2)]
    (line,) = figures(runs)
    assert (line.share, line.mean, line.worst, line.overdue) == (Fraction(2, 3), Fraction(3), 3, 1)
