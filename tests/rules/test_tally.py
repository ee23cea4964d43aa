"""Counting ballots."""

from __future__ import annotations

import pytest

from meetings.rules.refusals import Refused
from meetings.rules.rule import THREE_CHOICES
from meetings.rules.tally import tally


def test_three_kinds_of_silence_stay_apart() -> None:
    seen = tally([("yes", 1), ("abstain", 1)], 4, 4, THREE_CHOICES)
    assert seen.heads == {"yes": 1, "no": 0, "abstain": 1}
    assert (seen.cast, seen.not_cast) == (2, 2)


def test_only_choices_on_the_ballot_count() -> None:
    with pytest.raises(Refused) as refused:
        tally([("maybe", 1)], 1, 1, THREE_CHOICES)
    assert refused.value.code == "choice-unknown"


@pytest.mark.parametrize(("eligible", "weight"), [(1, 9), (9, 1)])
def test_more_ballots_than_voters_is_no_result(eligible: int, weight: int) -> None:
    with pytest.raises(ValueError, match="2 ballots"):
        tally([("yes", 1), ("no", 1)], eligible, weight, THREE_CHOICES)
