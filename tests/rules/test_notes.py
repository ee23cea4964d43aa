"""Two secretaries write in one note: nothing that either added is lost."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from meetings.rules.notes import joined

LINES = st.lists(st.text("abc ", min_size=1, max_size=3).filter(str.strip), max_size=6)


def count(text: str) -> Counter[str]:
    return Counter(line for line in text.split("\n") if line.strip())


@given(LINES, LINES, LINES)
def test_every_added_line_is_there(base: list[str], mine: list[str], theirs: list[str]) -> None:
    before, other = "\n".join(base), "\n".join([*base, *theirs])
    own = "\n".join([*base, *mine])
    result = joined(before, own, other)
    assert result.startswith(own)
    assert not count(own) - count(result)
    assert not count(other) - count(result)


@given(LINES, LINES)
def test_nothing_comes_of_an_unchanged_text(base: list[str], mine: list[str]) -> None:
    before = "\n".join(base)
    own = "\n".join(mine)
    assert joined(before, own, before) == own
    assert joined(before, before, own).startswith(before)


def test_what_i_struck_stays_struck() -> None:
    assert joined("one\ntwo", "two", "one\ntwo\nthree") == "two\nthree"
