"""Sessions of a council: numbers without gaps, states from the meetings, sittings that cross, groups of equal size."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings.rules.council_sessions import (
    Held,
    SessionState,
    check_span,
    check_terms,
    crossing,
    divided,
    next_number,
    numbered,
    outside,
    state_of,
)
from meetings.rules.refusals import Refused

TODAY = date(2031, 3, 12)
STATES = ("draft", "published", "in_session", "recess", "adjourned", "cancelled")


def _held(key: str, starts: str, ends: str = "", *, state: str = "published", group: str = "") -> Held:
    return Held(
        key=key, kind="group" if group else "plenary", state=state, starts=starts, ends=ends, group=group
    )


@given(
    st.lists(
        st.tuples(st.sampled_from(("plenary", "group")), st.sampled_from(STATES), st.integers(1, 28)),
        max_size=12,
    )
)
def test_numbers_run_from_one_in_the_order_of_time(drawn: list[tuple[str, str, int]]) -> None:
    sittings = [
        Held(key=str(place), kind=kind, state=state, starts=f"2031-03-{day:02}T08:00")
        for place, (kind, state, day) in enumerate(drawn)
    ]
    numbers = numbered(sittings)
    counted = [one for one in sittings if one.kind == "plenary" and one.state != "cancelled"]
    assert sorted(numbers.values()) == list(range(1, len(counted) + 1))
    starts = {one.key: one.starts for one in counted}
    ordered = sorted(numbers, key=lambda key: numbers[key])
    assert [starts[key] for key in ordered] == sorted(starts.values())


@given(st.lists(st.sampled_from("ABC"), min_size=1, max_size=24))
def test_groups_are_of_nearly_equal_size_and_lose_nobody(delegations: list[str]) -> None:
    members = list(enumerate(delegations))
    for count in range(1, min(20, len(members)) + 1):
        groups = divided(members, count)
        assert sorted(person for group in groups for person in group) == sorted(one for one, _ in members)
        assert max(map(len, groups)) - min(map(len, groups)) <= 1
    with pytest.raises(Refused) as refused:
        divided(members, len(members) + 1)
    assert refused.value.code == "groups-number"


@pytest.mark.parametrize(
    ("convened", "sittings", "until", "state"),
    [
        (False, [], TODAY, SessionState.PLANNED),
        (False, ["draft", "cancelled"], TODAY, SessionState.PLANNED),
        (True, [], TODAY, SessionState.CONVENED),
        (False, ["draft", "published"], TODAY, SessionState.CONVENED),
        (True, ["adjourned", "published"], TODAY, SessionState.CONVENED),
        (True, ["adjourned", "draft"], TODAY, SessionState.CONVENED),
        (True, ["adjourned", "cancelled"], TODAY, SessionState.CLOSED),
        (True, ["adjourned"], date(2031, 3, 13), SessionState.CONVENED),
        (True, ["cancelled"], TODAY, SessionState.CONVENED),
    ],
)
def test_the_state_follows_from_the_meetings(
    convened: bool, sittings: list[str], until: date, state: SessionState
) -> None:
    assert state_of(convened=convened, sittings=sittings, until=until, today=TODAY) is state


def test_meetings_cross_that_need_the_same_members() -> None:
    morning = _held("a", "2031-03-12T08:00")
    late = _held("b", "2031-03-12T11:00", "2031-03-12T12:30")
    noon = _held("c", "2031-03-12T12:00", "2031-03-12T13:00")
    first = _held("d", "2031-03-12T12:00", group="1")
    second = _held("e", "2031-03-12T12:00", group="2")
    again = _held("f", "2031-03-12T14:00", group="1")
    assert crossing([morning, late]) == [("a", "b")]
    assert crossing([morning, noon]) == [], "without a planned end it lasts for its part of the day"
    assert crossing([late, first, second]) == [("b", "d"), ("b", "e")]
    assert crossing([first, second, again]) == [("d", "f")]
    assert crossing([late, _held("g", "2031-03-12T11:00", state="cancelled")]) == []


def test_days_and_numbers() -> None:
    assert (next_number([]), next_number([1, 4])) == (1, 5)
    assert [outside(_held("a", f"{day}T08:00"), TODAY, TODAY) for day in ("2031-03-12", "2031-03-13")] == [
        False, True,
    ]  # fmt: skip
    terms = [("XV", date(2021, 7, 1), date(2026, 3, 14)), ("XVI", date(2026, 3, 15), date(2031, 5, 1))]
    check_terms(date(2031, 5, 2), date(2036, 5, 1), terms)
    with pytest.raises(Refused) as refused:
        check_terms(date(2031, 5, 1), date(2036, 5, 1), terms)
    assert (refused.value.code, refused.value.facts["name"]) == ("term-overlap", "XVI")
    for code, since, until, unit in (
        ("span-wrong", TODAY, date(2031, 3, 11), "days"),
        ("session-long", TODAY, date(2031, 6, 12), "days"),
        ("term-long", TODAY, date(2043, 3, 12), "years"),
    ):
        with pytest.raises(Refused) as refused:
            check_span(since, until, 10 if unit == "years" else 60, unit)
        assert refused.value.code == code
