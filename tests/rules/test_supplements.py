"""What is left to tell of the changes of an agenda, and whether it comes in time."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from meetings.rules.supplements import Change, ChangeKind, change_of, net, notice_missed, touched
from meetings.rules.working_days import ORDINARY, Calendar

WORDS = st.sampled_from(["", "a", "b", "c"])
ITEMS = st.sampled_from(["x", "y"])


def _words(item: str, before: str, after: str, field: str = "title") -> Change:
    return Change(
        kind=ChangeKind.CHANGED, item=item, number="1", title=after, field=field, before=before, after=after
    )


@given(st.lists(st.tuples(ITEMS, WORDS), max_size=12))
def test_words_are_told_from_what_members_have_to_what_counts(edits: list[tuple[str, str]]) -> None:
    known = {"x": "old", "y": "old"}
    now = dict(known)
    changes: list[Change] = []
    for item, after in edits:
        changes.append(_words(item, now[item], after))
        now[item] = after
    told = {change.item: (change.before, change.after) for change in net(changes)}
    assert told == {item: ("old", now[item]) for item in known if now[item] != "old"}


@given(st.lists(st.tuples(ITEMS, WORDS, WORDS), max_size=12))
def test_telling_what_is_left_once_more_changes_nothing(edits: list[tuple[str, str, str]]) -> None:
    changes = [_words(item, before, after) for item, before, after in edits]
    left = net(changes)
    assert net(left) == left
    assert touched(left) <= touched(changes)
    assert [change_of(change.data()) for change in left] == left


def test_a_new_item_is_told_once_with_its_last_words() -> None:
    added = Change(kind=ChangeKind.ADDED, item="x", number="3", title="Đất")
    moved = Change(kind=ChangeKind.MOVED, item="x", number="2", title="Đất đai", before="3", after="2")
    (left,) = net([added, _words("x", "Đất", "Đất đai"), moved])
    assert (left.kind, left.number, left.title) == ("added", "2", "Đất đai")


def test_a_paper_laid_and_withdrawn_again_is_no_change() -> None:
    def laid(before: str, after: str) -> Change:
        return Change(
            kind=ChangeKind.PAPER_LAID, item="x", number="1", title="T", before=before, after=after, paper="p"
        )

    gone = Change(kind=ChangeKind.PAPER_WITHDRAWN, item="x", number="1", title="T", paper="p")
    assert net([laid("", "1"), laid("1", "2"), gone]) == []
    assert [change.kind for change in net([laid("1", "2"), gone])] == ["paper-withdrawn"]
    (left,) = net([laid("1", "2"), laid("2", "3")])
    assert (left.before, left.after) == ("1", "3")


def test_the_notice_period_is_counted_in_working_days() -> None:
    wednesday = date(2026, 11, 25)
    assert notice_missed(wednesday, date(2026, 11, 20), 3, ORDINARY) == 0
    assert notice_missed(wednesday, date(2026, 11, 23), 3, ORDINARY) == 1
    assert notice_missed(wednesday, date(2026, 11, 21), 3, ORDINARY) == 1
    assert notice_missed(wednesday, wednesday, 3, ORDINARY) == 3
    assert notice_missed(wednesday, wednesday, 0, ORDINARY) == 0
    swapped = Calendar(off=frozenset({date(2026, 11, 24)}))
    assert notice_missed(wednesday, date(2026, 11, 20), 3, swapped) == 1
