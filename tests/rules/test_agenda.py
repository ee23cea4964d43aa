"""Numbers, order and moves of the agenda."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetings.rules.agenda import LEVELS_AT_MOST, Entry, in_order, inserted, moved, numbers, revealed, without
from meetings.rules.refusals import Refused

AGENDA = (
    Entry("open", None, 0),
    Entry("report", None, 1),
    Entry("finance", "report", 0),
    Entry("schools", "report", 1),
    Entry("close", None, 2),
)

quick = settings(max_examples=60, deadline=None)


def refusal(*arguments: object) -> str:
    with pytest.raises(Refused) as refused:
        moved(*arguments)  # type: ignore[arg-type]
    return refused.value.code


def test_numbers() -> None:
    assert numbers(AGENDA) == {"open": "1", "report": "2", "finance": "2.1", "schools": "2.2", "close": "3"}
    assert [entry.id for entry in in_order(AGENDA)] == ["open", "report", "finance", "schools", "close"]


def test_a_supplement_keeps_the_numbers_of_others() -> None:
    agenda = inserted(AGENDA, "urgent", None, 1, published=True)
    agenda = inserted(agenda, "urgent too", None, 2, published=True)
    agenda = inserted(agenda, "streets", "report", 1, published=True)
    agenda = inserted(agenda, "below urgent", "urgent", 0, published=True)
    found = numbers(agenda)
    assert {entry.id: found[entry.id] for entry in AGENDA} == numbers(AGENDA)
    assert (found["urgent"], found["urgent too"], found["streets"]) == ("1a", "1b", "2.1a")
    assert found["below urgent"] == "1a.1"


def test_a_supplement_at_the_end_or_before_the_first() -> None:
    assert numbers(inserted(AGENDA, "last", None, 9, published=True))["last"] == "4"
    assert numbers(inserted(AGENDA, "first", None, 0, published=True))["first"] == "0a"
    assert numbers(inserted(AGENDA, "first", None, 0, published=False))["open"] == "2"


def test_letters_go_on_after_z() -> None:
    many = (Entry("1", None, 0), *(Entry(f"l{count}", None, count, lettered=True) for count in range(1, 29)))
    found = numbers(many)
    assert (found["l26"], found["l27"], found["l28"]) == ("1z", "1aa", "1ab")


def test_moving() -> None:
    below = moved(AGENDA, "close", "report", 1)
    assert numbers(below) == {"open": "1", "report": "2", "finance": "2.1", "close": "2.2", "schools": "2.3"}
    assert numbers(moved(AGENDA, "report", None, 0))["finance"] == "1.1"
    assert numbers(moved(AGENDA, "open", None, -5)) == numbers(AGENDA)


def test_impossible_moves() -> None:
    assert refusal(AGENDA, "nowhere", None, 0) == "item-unknown"
    assert refusal(AGENDA, "open", "nowhere", 0) == "item-unknown"
    assert refusal(AGENDA, "report", "report", 0) == "agenda-cycle"
    assert refusal(AGENDA, "report", "finance", 0) == "agenda-cycle"
    deep = AGENDA
    for level in range(LEVELS_AT_MOST - 2):
        deep = inserted(
            deep, f"level {level}", f"level {level - 1}" if level else "finance", 0, published=False
        )
    assert refusal(deep, "report", "open", 0) == "agenda-deep"


def test_broken_agendas_are_refused() -> None:
    for broken, code in (
        ([Entry("a", "b", 0), Entry("b", "a", 0)], "agenda-cycle"),
        ([Entry("a", "x", 0)], "item-unknown"),
        ([Entry("a", None, 0), Entry("a", None, 1)], "item-unknown"),
    ):
        with pytest.raises(Refused) as refused:
            numbers(broken)
        assert refused.value.code == code


def test_an_item_goes_with_what_is_below_it() -> None:
    assert [entry.id for entry in without(AGENDA, "report")] == ["open", "close"]
    with pytest.raises(Refused):
        without(AGENDA, "nowhere")


@st.composite
def agendas(draw: st.DrawFn) -> tuple[Entry, ...]:
    entries: tuple[Entry, ...] = ()
    for count in range(draw(st.integers(1, 12))):
        flat = [None, *(entry.id for entry in entries if level(entries, entry.id) < LEVELS_AT_MOST)]
        parent = draw(st.sampled_from(flat))
        entries = inserted(
            entries, str(count), parent, draw(st.integers(0, 12)), published=draw(st.booleans())
        )
    return entries


def level(entries: tuple[Entry, ...], entry_id: str | None) -> int:
    by_id = {entry.id: entry for entry in entries}
    return 0 if entry_id is None else 1 + level(entries, by_id[entry_id].parent)


@quick
@given(agendas())
def test_every_item_has_its_own_number(entries: tuple[Entry, ...]) -> None:
    found = numbers(entries)
    assert len(set(found.values())) == len(entries) == len(found)
    for entry in entries:
        assert found[entry.id].count(".") == level(entries, entry.id) - 1
        if entry.parent is not None:
            assert found[entry.id].startswith(f"{found[entry.parent]}.")


@quick
@given(agendas(), st.integers(0, 12), st.data())
def test_an_insertion_after_publication_changes_no_number(
    entries: tuple[Entry, ...], position: int, data: st.DataObject
) -> None:
    parents = [None, *(entry.id for entry in entries if level(entries, entry.id) < LEVELS_AT_MOST)]
    parent = data.draw(st.sampled_from(parents))
    more = inserted(entries, "new", parent, position, published=True)
    assert numbers(more).items() > numbers(entries).items()


@quick
@given(agendas(), st.data())
def test_a_move_loses_nothing_and_can_be_undone(entries: tuple[Entry, ...], data: st.DataObject) -> None:
    chosen = data.draw(st.sampled_from(entries))
    target = data.draw(st.sampled_from([None, *(entry.id for entry in entries)]))
    place = data.draw(st.integers(0, 12))
    try:
        after = moved(entries, chosen.id, target, place)
    except Refused:
        return
    assert {entry.id for entry in after} == {entry.id for entry in entries}
    assert next(entry for entry in after if entry.id == chosen.id).parent == target
    back = moved(after, chosen.id, chosen.parent, chosen.position)
    assert [entry.id for entry in in_order(back)] == [entry.id for entry in in_order(entries)]
    assert numbers(back) == numbers(entries)


@quick
@given(agendas(), st.data())
def test_hidden_items_have_no_number_and_take_none(agenda: tuple[Entry, ...], data: st.DataObject) -> None:
    ids = [entry.id for entry in agenda]
    chosen = data.draw(st.sets(st.sampled_from(ids)))
    hidden = tuple(replace(entry, hidden=entry.id in chosen) for entry in agenda)
    found = numbers(hidden)
    seen = hidden
    for entry in hidden:
        if entry.hidden and any(one.id == entry.id for one in seen):
            seen = without(seen, entry.id)
    assert {item: number for item, number in found.items() if number} == numbers(seen)


@quick
@given(agendas(), st.data())
def test_showing_a_hidden_item_changes_no_other_number(
    agenda: tuple[Entry, ...], data: st.DataObject
) -> None:
    chosen = data.draw(st.sampled_from([entry.id for entry in agenda]))
    below = {entry.id for entry in agenda} - {entry.id for entry in without(agenda, chosen)}
    hidden = tuple(replace(entry, hidden=entry.id in below) for entry in agenda)
    before = numbers(hidden)
    shown = revealed(hidden, chosen, published=True)
    after = numbers(shown)
    assert after[chosen]
    assert not any(after[item] for item in below - {chosen})
    assert {item: after[item] for item, number in before.items() if number} == {
        item: number for item, number in before.items() if number
    }
