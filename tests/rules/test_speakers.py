"""The list of speakers: its order and the expected wait."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from meetings.rules.refusals import Refused
from meetings.rules.room_rules import QueueOrder, RoomRules
from meetings.rules.speakers import (
    LISTED,
    Floor,
    Request,
    Share,
    SpeechKind,
    checked_request,
    expected,
    in_order,
    limit_of,
    moved,
    waits,
)

CATEGORIES = ("Adjourn the meeting", "Close the debate")
ASKED = RoomRules(order_categories=CATEGORIES)
ALTERNATING = RoomRules(queue=QueueOrder.ALTERNATING, order_categories=CATEGORIES)
GROUPS = RoomRules(queue=QueueOrder.GROUPS, speech_seconds=300)


def floor(rules: RoomRules = ASKED, **facts: Any) -> Floor:
    given: dict[str, Any] = {"shares": {}} | facts
    return Floor(rules=rules, **given)


def speech(name: str, asked: float, kind: SpeechKind = SpeechKind.SPEECH, **facts: Any) -> Request:
    return Request(id=name, asked=asked, kind=kind, **facts)


def names(requests: tuple[Request, ...]) -> str:
    return " ".join(one.id for one in requests)


def test_as_they_asked() -> None:
    assert names(in_order([speech("b", 2), speech("a", 1), speech("c", 3)], floor())) == "a b c"


def test_points_of_order_by_category_then_replies_then_speeches() -> None:
    requests = [
        speech("speech", 1),
        speech("reply", 2, kind=SpeechKind.REPLY),
        speech("close", 3, kind=SpeechKind.ORDER, category="Close the debate"),
        speech("adjourn", 4, kind=SpeechKind.ORDER, category="Adjourn the meeting"),
        speech("other", 2.5, kind=SpeechKind.ORDER),
    ]
    assert names(in_order(requests, floor())) == "adjourn close other reply speech"


def test_for_and_against_in_turn() -> None:
    requests = [
        speech("f1", 1, stance="for"), speech("f2", 2, stance="for"), speech("a1", 3, stance="against"),
        speech("f3", 4, stance="for"), speech("a2", 5, stance="against"),
    ]  # fmt: skip
    assert names(in_order(requests, floor(ALTERNATING))) == "f1 a1 f2 a2 f3"
    assert names(in_order(requests, floor(ALTERNATING, last_stance="for"))) == "a1 f1 a2 f2 f3"


def test_the_group_with_the_smallest_share_first_and_each_call_counts() -> None:
    requests = [
        speech("l1", 1, group="large"), speech("l2", 2, group="large"), speech("s1", 3, group="small"),
    ]  # fmt: skip
    shares = {"large": Share(used=300, allowed=1200), "small": Share(used=100, allowed=600)}
    assert names(in_order(requests, floor(GROUPS, shares=shares))) == "s1 l1 l2"
    fresh = {"large": Share(allowed=1200), "small": Share(allowed=600)}
    assert names(in_order(requests, floor(GROUPS, shares=fresh))) == "l1 s1 l2"


def test_groups_without_their_own_time_follow_by_what_they_used() -> None:
    requests = [speech("x", 1, group="x"), speech("y", 2, group="y"), speech("timed", 3, group="z")]
    shares = {"x": Share(used=60), "z": Share(used=500, allowed=600)}
    assert names(in_order(requests, floor(GROUPS, shares=shares))) == "timed y x"


def test_first_speakers_first_where_configured() -> None:
    requests = [speech("again", 1), speech("new", 2, first=True)]
    assert names(in_order(requests, floor())) == "again new"
    assert names(in_order(requests, floor(RoomRules(first_speakers_first=True)))) == "new again"


def test_who_was_called_and_not_there_waits_behind_the_others() -> None:
    assert names(in_order([speech("gone", 1, passed=True), speech("there", 2)], floor())) == "there gone"


def test_moving_by_hand_fixes_what_stands_before() -> None:
    queue = in_order([speech(name, at) for at, name in enumerate("abcd")], floor())
    assert moved(queue, "c", 1) == {"c": 1}
    assert moved(queue, "a", 3) == {"b": 1, "c": 2, "a": 3}
    assert moved(queue, "a", 99) == {"b": 1, "c": 2, "d": 3, "a": 4}
    with pytest.raises(Refused):
        moved(queue, "x", 1)


def test_the_chair_may_put_a_speech_before_a_point_of_order() -> None:
    queue = in_order([speech("order", 1, kind=SpeechKind.ORDER), speech("a", 2)], floor())
    places = moved(queue, "a", 1)
    again = in_order([replace(one, place=places.get(one.id)) for one in queue], floor())
    assert names(again) == "a order"
    assert names(in_order([*again, speech("late", 9, kind=SpeechKind.ORDER)], floor())) == "late a order"


def test_what_may_be_asked_for() -> None:
    assert checked_request(ASKED, "speech", "for", "") == (SpeechKind.SPEECH, "for", "")
    assert checked_request(RoomRules(), "order", "", "") == (SpeechKind.ORDER, "", "")
    for kind, stance, category in [
        ("song", "", ""), ("ask", "", ""), ("speech", "maybe", ""), ("reply", "for", ""),
        ("speech", "", CATEGORIES[0]), ("order", "", "Lunch"), ("order", "", ""),
    ]:  # fmt: skip
        with pytest.raises(Refused):
            checked_request(ASKED, kind, stance, category)


def test_limits_and_lengths() -> None:
    assert limit_of(RoomRules(reply_seconds=90), SpeechKind.REPLY) == 90
    assert limit_of(RoomRules(speech_seconds=0), SpeechKind.SPEECH) is None
    assert expected(600, None) == 600
    assert expected(600, 120) == 120
    assert expected(60, 120) == 60
    assert expected(None, None) == 180
    assert waits(30, [60, 120, 60]) == (30, 90, 210)
    assert waits(-5, [60]) == (0,)
    assert waits(300, [60, 60, 60], interrupting=1) == (0, 360, 420), "a point of order halts who speaks"


REQUESTS = some.lists(
    some.builds(
        Request,
        id=some.uuids().map(str),
        kind=some.sampled_from(LISTED),
        asked=some.integers(0, 1000),
        stance=some.sampled_from(["", "for", "against"]),
        group=some.sampled_from(["", "one", "two", "three"]),
        category=some.sampled_from(["", *CATEGORIES]),
        place=some.none() | some.integers(1, 9),
        first=some.booleans(),
        passed=some.booleans(),
    ),
    max_size=12,
    unique_by=lambda one: one.id,
)
FLOORS = some.builds(
    Floor,
    rules=some.builds(
        RoomRules,
        queue=some.sampled_from(QueueOrder),
        first_speakers_first=some.booleans(),
        order_categories=some.just(CATEGORIES),
        speech_seconds=some.integers(0, 900),
    ),
    last_stance=some.sampled_from(["", "for", "against"]),
    shares=some.dictionaries(
        some.sampled_from(["one", "two", "three"]),
        some.builds(Share, used=some.integers(0, 900), allowed=some.integers(0, 900)),
    ),
)


def alike(one: Request) -> tuple[object, ...]:
    return (one.kind, one.stance, one.group, one.category, one.place, one.first, one.passed)


@given(REQUESTS, FLOORS)
def test_everybody_exactly_once(requests: list[Request], circumstances: Floor) -> None:
    queue = in_order(requests, circumstances)
    assert sorted(one.id for one in queue) == sorted(one.id for one in requests)


@given(REQUESTS, FLOORS, some.randoms(use_true_random=False))
def test_the_order_does_not_depend_on_how_the_rows_come(
    requests: list[Request], circumstances: Floor, random: Any
) -> None:
    shuffled = list(requests)
    random.shuffle(shuffled)
    apart = [replace(one, place=None) for one in shuffled]
    assert in_order(apart, circumstances) == in_order(
        [replace(one, place=None) for one in requests], circumstances
    )


@given(REQUESTS, FLOORS)
def test_among_equals_who_asked_first_speaks_first(requests: list[Request], circumstances: Floor) -> None:
    queue = in_order(requests, circumstances)
    for kind in {alike(one) for one in queue}:
        moments = [one.asked for one in queue if alike(one) == kind]
        assert moments == sorted(moments)


@given(REQUESTS, FLOORS)
def test_one_more_request_leaves_earlier_equals_in_their_order(
    requests: list[Request], circumstances: Floor
) -> None:
    if not requests:
        return
    *before, last = requests
    late = replace(last, asked=2000)
    alone, together = in_order(before, circumstances), in_order([*before, late], circumstances)
    for kind in {alike(one) for one in before}:
        assert [one for one in alone if alike(one) == kind] == [
            one for one in together if alike(one) == kind and one != late
        ]


@given(REQUESTS, FLOORS)
def test_nobody_waits_behind_a_speech_while_a_point_of_order_waits(
    requests: list[Request], circumstances: Floor
) -> None:
    queue = in_order([replace(one, place=None) for one in requests], circumstances)
    ranks = [one.kind is not SpeechKind.ORDER for one in queue]
    assert ranks == sorted(ranks)


@given(REQUESTS, FLOORS, some.integers(1, 12), some.integers(0, 11))
def test_moved_by_hand_it_stands_where_it_was_put(
    requests: list[Request], circumstances: Floor, place: int, which: int
) -> None:
    if not requests:
        return
    queue = in_order(requests, circumstances)
    chosen = queue[which % len(queue)]
    places = moved(queue, chosen.id, place)
    again = in_order([replace(one, place=places.get(one.id)) for one in requests], circumstances)
    assert again.index(next(one for one in again if one.id == chosen.id)) == min(place, len(queue)) - 1
    assert [one.id for one in again[: len(places)]] == sorted(places, key=lambda one: places[one])


@given(some.integers(-60, 600), some.lists(some.integers(0, 600)))
def test_waiting_times_never_shrink_along_the_queue(rest: int, lengths: list[int]) -> None:
    times = waits(rest, lengths)
    assert len(times) == len(lengths)
    assert list(times) == sorted(times)
