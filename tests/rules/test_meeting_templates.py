"""Placeholders in the usual title of a meeting."""

from __future__ import annotations

from datetime import date

import pytest

from meetings.rules.meeting_templates import must_be_known, pattern, placeholders, titled
from meetings.rules.refusals import Refused


def test_the_date_and_the_number_take_their_places_in_both_languages() -> None:
    day = date(2027, 3, 9)
    assert titled("Phiên họp số {số} tháng {tháng}/{năm}, ngày {ngày}", day, 4) == (
        "Phiên họp số 4 tháng 3/2027, ngày 09/03/2027"
    )
    assert (
        titled("Meeting {Number} of {month}/{year} ({date})", day, 12) == "Meeting 12 of 3/2027 (09/03/2027)"
    )
    assert pattern("Phiên họp tháng {tháng}/{năm}") == "Phiên họp tháng …/…"
    for language in ("vi", "en", "fr"):
        for word in placeholders(language):
            assert must_be_known(word) == word
            assert titled(word, day, 4) != word


def test_other_braces_are_refused_when_a_template_is_written() -> None:
    with pytest.raises(Refused, match="tuần") as refused:
        must_be_known("Họp {tuần}")
    assert refused.value.code == "placeholder-unknown"
    assert titled("Họp {tuần}", date(2027, 3, 9), 1) == "Họp {tuần}"
