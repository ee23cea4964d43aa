"""Names of files from outside."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings.rules.file_names import LONGEST, file_name


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("C:\\Hồ sơ\\Tờ trình.pdf", "Tờ trình.pdf"),
        ("../../etc/To\u031b\u0300 tri\u0300nh.pdf", "Tờ trình.pdf"),
        ("bao\u202egnp.pdf", "baognp.pdf"),
        (" \0 ", "paper.pdf"),
        ("x" * 300 + ".docx", "x" * 195 + ".docx"),
    ],
)
def test_a_name_is_kept_without_folders_and_hidden_signs(sent: str, kept: str) -> None:
    assert file_name(sent) == kept


@given(st.text())
def test_any_name_becomes_one_that_can_be_shown_and_stays(sent: str) -> None:
    name = file_name(sent)
    assert 0 < len(name) <= LONGEST
    assert name.isprintable()
    assert not set(name) & {"/", "\\"}
