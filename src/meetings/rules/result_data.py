"""What ballots came to as data: a tally and an outcome as they are stored and published."""

from __future__ import annotations

from typing import Any

from meetings.rules.outcome import Outcome
from meetings.rules.tally import Tally

Data = dict[str, Any]


def tally_as_data(counted: Tally) -> Data:
    """A tally as it is stored and published."""
    return {
        "weights": dict(counted.weights),
        "heads": dict(counted.heads),
        "yes": counted.count("yes"),
        "no": counted.count("no"),
        "abstain": counted.count("abstain"),
        "cast": counted.cast,
        "not_cast": counted.not_cast,
        "not_cast_weight": counted.not_cast_weight,
    }


def outcome_as_data(outcome: Outcome) -> Data:
    """An outcome as it is stored and published."""
    data: Data = {
        "code": outcome.code.value,
        "adopted": outcome.adopted,
        "reason": outcome.reason,
        "facts": dict(outcome.facts),
        "percent": outcome.percent,
        "base": outcome.base,
    }
    if outcome.lines:
        data["lines"] = [dict(line) for line in outcome.lines]
    if outcome.rounds:
        data["rounds"] = [dict(stage) for stage in outcome.rounds]
    if outcome.next_form:
        data["next_form"] = dict(outcome.next_form)
    return data
