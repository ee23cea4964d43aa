"""Where a motion's text is divided into clauses."""

from __future__ import annotations

import pytest

from meetings.rules.clauses import clauses_in, preamble_in


@pytest.mark.parametrize(("text", "clauses"), [
    ("", ()),
    ("Thông qua.", ()),
    ("Căn cứ;\nĐiều 1. Một\nĐiều 2: Hai\n1. Điểm\n2. Điểm\n", ("Một", "Hai\n1. Điểm\n2. Điểm")),
    ("Article 1. One\n\nArticle 2 Two", ("One", "Two")),
    ("1. One\n2. Two\n2026. A year\n3. Three", ("One", "Two\n2026. A year", "Three")),
    ("2. Not the first", ()),
    ("điều 1.\nMột", ("Một",)),
    ("See Điều 1. of the law", ()),
])  # fmt: skip
def test_clauses_begin_with_their_heading(text: str, clauses: tuple[str, ...]) -> None:
    assert clauses_in(text) == clauses


def test_the_preamble_stands_before_the_first_clause() -> None:
    assert preamble_in("Căn cứ;\nĐiều 1. Một") == "Căn cứ;"
    assert preamble_in("Thông qua.") == "Thông qua."
    assert preamble_in("1. One") == ""
