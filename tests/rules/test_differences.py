"""Differences of texts, and amendments that are fitted to a text that has changed."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings.rules.differences import Kind, differences, merge, new_text, old_text, paragraphs

WORDS = st.sampled_from(
    ["ngân", "sách", "sách.", "1.250", "2026;", "Điều", "\n", " ", "  ", "của", "phường", "-", "¶"]
)
TEXTS = st.one_of(st.lists(WORDS, max_size=40).map(" ".join), st.text(max_size=80))
LAW = "Điều 1. Giao 12 tỷ đồng cho phường. Hoàn thành trong năm 2026.\nĐiều 2. Ủy ban báo cáo hằng quý."


@given(TEXTS, TEXTS)
def test_a_difference_leads_forwards_to_the_new_text_and_back_to_the_old(old: str, new: str) -> None:
    pieces = differences(old, new)
    assert new_text(pieces) == new
    assert old_text(pieces) == old
    assert all(piece.text for piece in pieces)
    assert all(one.kind is not other.kind for one, other in itertools.pairwise(pieces))


@given(TEXTS)
def test_the_same_text_has_no_difference(text: str) -> None:
    assert all(piece.kind is Kind.SAME for piece in differences(text, text))


@given(TEXTS, TEXTS)
def test_a_change_shows_in_a_paragraph_unless_it_is_made_of_blank_lines(old: str, new: str) -> None:
    shown = paragraphs(differences(old, new))
    if [line for line in old.split("\n") if line] != [line for line in new.split("\n") if line]:
        assert any(paragraph.changed for paragraph in shown)


def test_words_not_letters_are_exchanged() -> None:
    pieces = differences(LAW, LAW.replace("12 tỷ", "9,5 tỷ").replace("hằng quý", "mỗi sáu tháng"))
    changed = [(piece.kind.value, piece.text) for piece in pieces if piece.kind is not Kind.SAME]
    assert changed == [
        ("removed", "12"), ("added", "9,5"), ("removed", "hằng quý"), ("added", "mỗi sáu tháng"),
    ]  # fmt: skip


def test_paragraphs_are_kept_and_tell_what_became_of_them() -> None:
    shown = paragraphs(differences(LAW, LAW + "\nĐiều 3. Công khai."))
    assert [paragraph.kind.value for paragraph in shown] == ["same", "same", "added"]
    joined = paragraphs(differences("Một.\nHai.", "Một. Hai."))
    assert [
        piece.text for paragraph in joined for piece in paragraph.pieces if piece.kind is Kind.REMOVED
    ] == ["¶"]


@pytest.mark.parametrize(
    ("ours", "theirs", "merged"),
    [
        (("12 tỷ", "10 tỷ"), ("hằng quý", "hằng năm"), True),
        (("12 tỷ", "10 tỷ"), ("năm 2026", "năm 2027"), True),
        (("12 tỷ", "10 tỷ"), ("12 tỷ", "10 tỷ"), True),
        (("12 tỷ", "10 tỷ"), ("phường", "xã"), False),
        (("12 tỷ", "10 tỷ"), ("12 tỷ", "9 tỷ"), False),
    ],
)
def test_amendments_fit_together_unless_they_touch_one_sentence(
    ours: tuple[str, str], theirs: tuple[str, str], merged: bool
) -> None:
    found = merge(LAW, LAW.replace(*ours), LAW.replace(*theirs))
    assert found == (LAW.replace(*ours).replace(*theirs) if merged else None)


def test_two_new_articles_at_one_place_do_not_fit() -> None:
    assert merge(LAW, LAW + "\nĐiều 3. Một.", LAW + "\nĐiều 3. Hai.") is None


@given(TEXTS, TEXTS, TEXTS)
def test_merging_takes_no_side_and_never_invents(base: str, ours: str, theirs: str) -> None:
    assert merge(base, ours, theirs) == merge(base, theirs, ours)
    assert merge(base, base, theirs) == theirs
    assert merge(base, ours, ours) == ours


def test_long_texts_of_one_word_are_compared_in_a_moment() -> None:
    pieces = differences("a " * 10_000, "a " * 9_000 + "b")
    assert old_text(pieces) == "a " * 10_000


def test_a_new_paragraph_needs_no_mark_of_its_line_break() -> None:
    shown = paragraphs(differences("Một.", "Một.\nHai."))
    assert [[piece.text for piece in paragraph.pieces] for paragraph in shown] == [["Một."], ["Hai."]]
