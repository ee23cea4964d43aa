"""A body's rules for the room are data: defaults, round trip, refusals."""

from __future__ import annotations

import pytest

from meetings.rules.refusals import Refused
from meetings.rules.room_rules import DEFAULT, QueueOrder, RoomRules, as_data, room_rules


def test_nothing_kept_means_the_defaults() -> None:
    assert room_rules(None) == room_rules({}) == DEFAULT
    assert as_data(DEFAULT) == {}


def test_what_is_kept_comes_back() -> None:
    rules = RoomRules(
        proxies=True, queue=QueueOrder.GROUPS, group_seconds=900, order_categories=("Quorum", "Procedure")
    )
    assert room_rules(as_data(rules)) == rules


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("queue", "loudest"),
        ("proxies", "yes"),
        ("speech_seconds", -1),
        ("speech_seconds", True),
        ("order_categories", [""]),
        ("unheard", 1),
    ],
)
def test_what_is_no_rule_is_refused(name: str, value: object) -> None:
    with pytest.raises(Refused) as refused:
        room_rules({name: value})
    assert (refused.value.code, refused.value.facts["field"]) == ("wrong-input", name)
