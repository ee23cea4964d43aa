"""Seating plans: ready-made ones fit their room for any number, and data that is no plan is refused by name."""

from __future__ import annotations

import math
from typing import Any
from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings.rules.refusals import Refused
from meetings.rules.seating import (
    LAYOUTS,
    MOST_PLACES,
    PITCH,
    SIZE,
    Plan,
    as_data,
    laid_out,
    seated_by_group,
    seated_by_name,
    seating,
    with_one_more,
)

layouts = st.sampled_from(sorted(LAYOUTS))


def person(number: int) -> str:
    return str(uuid5(UUID(int=0), str(number)))


@given(layouts, st.integers(1, MOST_PLACES))
def test_a_ready_made_plan_has_a_place_for_everybody_and_passes_the_checks(layout: str, count: int) -> None:
    plan = laid_out(layout, count)
    assert len(plan.places) == count
    assert seating(as_data(plan)) == plan
    assert {place.label for place in plan.places} == {str(number) for number in range(1, count + 1)}


@given(layouts, st.integers(2, 150))
def test_places_of_a_ready_made_plan_leave_room_for_a_name(layout: str, count: int) -> None:
    places = laid_out(layout, count).places
    nearest = min(
        math.dist((one.x, one.y), (other.x, other.y))
        for number, one in enumerate(places)
        for other in places[:number]
    )
    assert nearest >= PITCH - 2


@given(layouts, st.integers(1, 60), st.integers(0, 80))
def test_by_name_people_sit_in_their_order(layout: str, count: int, people: int) -> None:
    names = [person(number) for number in range(people)]
    plan = seated_by_name(laid_out(layout, count), names)
    assert [place.person for place in plan.places] == (names + [""] * count)[:count]


@given(layouts, st.lists(st.sampled_from(["", "Tổ 1", "Tổ 2", "Tổ 3"]), min_size=1, max_size=60))
def test_by_group_everybody_sits_once(layout: str, groups: list[str]) -> None:
    people = [(person(number), group) for number, group in enumerate(groups)]
    plan = seated_by_group(laid_out(layout, len(groups)), people)
    assert sorted(place.person for place in plan.places) == sorted(one for one, _ in people)
    assert seating(as_data(plan)) == plan


def test_groups_are_wedges_with_the_largest_at_the_left() -> None:
    people = [(person(number), "small" if number < 4 else "large") for number in range(12)]
    plan = seated_by_group(laid_out("hemicycle", 12), people)
    group = dict(people)
    middle = {
        name: [place.x for place in plan.places if group[place.person] == name] for name in ("small", "large")
    }
    assert sum(middle["large"]) / 8 < plan.width / 2 < sum(middle["small"]) / 4


PLACE: dict[str, Any] = {"id": "a", "x": 100, "y": 100, "label": "1"}


def room(*places: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"width": 400, "height": 300, "places": list(places), "furniture": []} | more


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({}, "wrong-input"),
        (room(width="400"), "wrong-input"),
        (room(width=True), "wrong-input"),
        (room(places={}), "wrong-input"),
        (room(places=["a"]), "wrong-input"),
        (room(PLACE | {"id": "<b>"}), "wrong-input"),
        (room(PLACE | {"x": 100.5}), "wrong-input"),
        (room(PLACE | {"label": "x" * 41}), "field-long"),
        (room(PLACE | {"label": 7}), "wrong-input"),
        (room(PLACE | {"person": "somebody"}), "wrong-input"),
        (room(PLACE, PLACE | {"x": 300}), "wrong-input"),
        (room(PLACE | {"x": SIZE // 2 - 1}), "place-outside"),
        (room(PLACE | {"y": 300}), "place-outside"),
        (room(PLACE, PLACE | {"id": "b", "x": 100 + SIZE - 1}), "places-overlap"),
        (
            room(PLACE | {"person": person(1)}, PLACE | {"id": "b", "x": 300, "person": person(1)}),
            "person-seated-twice",
        ),
        (room(furniture=[{"kind": "throne", "x": 0, "y": 0, "w": 9, "h": 9}]), "wrong-input"),
        (room(furniture=[{"kind": "table", "x": 350, "y": 0, "w": 60, "h": 9}]), "place-outside"),
    ],
)
def test_what_is_no_plan_is_refused(data: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refused:
        seating(data)
    assert refused.value.code == code


@given(layouts, st.integers(1, 40), st.integers(1, 60))
def test_a_place_more_always_finds_a_spot(layout: str, count: int, more: int) -> None:
    plan = laid_out(layout, count)
    for _ in range(more):
        plan = with_one_more(plan)
    assert len(plan.places) == count + more
    assert seating(as_data(plan)) == plan


def test_places_may_touch() -> None:
    plan = seating(room(PLACE, PLACE | {"id": "b", "x": 100 + SIZE}))
    assert isinstance(plan, Plan)


@pytest.mark.parametrize(("layout", "count"), [("circle", 5), ("rows", 0), ("rows", MOST_PLACES + 1)])
def test_a_layout_that_is_not_there_is_refused(layout: str, count: int) -> None:
    with pytest.raises(Refused, match="not right"):
        laid_out(layout, count)
