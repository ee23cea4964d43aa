"""An agenda in the order of its criteria."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetings.rules.agenda import Entry, in_order
from meetings.rules.ordering import Criterion, Matter, criteria_of, ordered
from meetings.rules.refusals import Refused

MATTERS = st.builds(
    Matter, adopts=st.booleans(), continued=st.booleans(), decides=st.booleans(),
    kind=st.sampled_from(["regular", "questions"]), visibility=st.sampled_from(["common", "internal"]),
    minutes=st.none() | st.integers(0, 90), presenter=st.sampled_from(["", "Lan", "Minh"]),
)  # fmt: skip
CRITERIA = st.lists(st.sampled_from(list(Criterion)), max_size=3, unique=True)


@st.composite
def agendas(draw: st.DrawFn) -> tuple[tuple[Entry, ...], dict[str, Matter]]:
    count = draw(st.integers(1, 9))
    places: dict[str | None, int] = {}
    entries: list[Entry] = []
    for number in range(count):
        parent = draw(st.sampled_from([None, *[one.id for one in entries if one.parent is None]]))
        entries.append(Entry(str(number), parent, places.get(parent, 0)))
        places[parent] = places.get(parent, 0) + 1
    return tuple(entries), {entry.id: draw(MATTERS) for entry in entries}


@settings(deadline=None, max_examples=400)
@given(agendas(), CRITERIA)
def test_ordering_moves_siblings_only_and_once(
    agenda: tuple[tuple[Entry, ...], dict[str, Matter]], criteria: list[Criterion]
) -> None:
    entries, matters = agenda
    result = ordered(entries, matters, criteria)
    assert [(one.id, one.parent) for one in result] == [(one.id, one.parent) for one in entries]
    for parent in {one.parent for one in result}:
        places = sorted(one.position for one in result if one.parent == parent)
        assert places == list(range(len(places)))
    assert ordered(result, matters, criteria) == result
    assert ordered(entries, matters, []) == entries


@settings(deadline=None)
@given(agendas())
def test_the_first_criterion_goes_first(agenda: tuple[tuple[Entry, ...], dict[str, Matter]]) -> None:
    entries, matters = agenda
    result = ordered(entries, matters, [Criterion.ADOPTION, Criterion.SHORT])
    tops = [matters[one.id] for one in in_order(result) if one.parent is None]
    assert [one.adopts for one in tops] == sorted((one.adopts for one in tops), reverse=True)
    for adopts in (True, False):
        times = [10_000 if one.minutes is None else one.minutes for one in tops if one.adopts == adopts]
        assert times == sorted(times)


def test_one_presenter_comes_together_and_nameless_items_stay() -> None:
    entries = tuple(Entry(name, None, place) for place, name in enumerate("abcde"))
    names = {"a": "Lan", "b": "", "c": "Minh", "d": "LAN", "e": ""}
    matters = {item: Matter(presenter=name) for item, name in names.items()}
    result = in_order(ordered(entries, matters, [Criterion.PRESENTER]))
    assert [one.id for one in result] == ["a", "d", "b", "c", "e"]


def test_whoever_comes_first_is_seen_after_the_earlier_criteria() -> None:
    entries = tuple(Entry(name, None, place) for place, name in enumerate("abc"))
    matters = {
        "a": Matter(presenter="Lan"),
        "b": Matter(presenter="Minh", adopts=True),
        "c": Matter(presenter="Minh"),
    }
    criteria = [Criterion.ADOPTION, Criterion.PRESENTER]
    result = ordered(entries, matters, criteria)
    assert [one.id for one in in_order(result)] == ["b", "c", "a"]
    assert ordered(result, matters, criteria) == result


def test_unknown_criteria_are_refused() -> None:
    assert criteria_of(["adoption", "adoption"]) == (Criterion.ADOPTION,)
    for wrong in (["loudest"], [*Criterion][:5]):
        with pytest.raises(Refused):
            criteria_of([str(one) for one in wrong])
