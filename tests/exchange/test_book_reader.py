"""Reading council books: what is taken, what is named, what is refused and with which sentence."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from meetings.exchange.book_checks import disagreements, outcome_of
from meetings.exchange.book_fields import SIZE_LIMIT
from meetings.exchange.book_reader import read_book
from meetings.rules.refusals import Refused
from tests.exchange.books import dumped, ids, invented_book, vote, whole_book

Change = Callable[[dict[str, Any]], object]


def changed(change: Change) -> bytes:
    book = invented_book()
    change(book)
    return dumped(book)


def refusal(data: bytes) -> str:
    with pytest.raises(Refused) as refused:
        read_book(data)
    assert "…" not in str(refused.value).replace("2019-05-24", ""), "every placeholder is filled"
    return str(refused.value)


def test_a_whole_book_is_read() -> None:
    book = read_book(whole_book())
    assert book.seats == 63
    assert book.members
    assert all(member.name for member in book.members)
    assert len({item.reference for meeting in book.meetings for item in meeting.items}) == sum(
        len(meeting.items) for meeting in book.meetings
    )
    for meeting, _, found in book.votes():
        assert outcome_of(book, meeting, found).adopted == found.passed


def test_the_same_votes_come_out() -> None:
    raw = json.loads(whole_book())
    published = {
        item["reference"]: {name: len(listed) for name, listed in item["vote"]["ballots"].items()}
        for meeting in raw["meetings"] for item in meeting["items"] if item.get("vote")
    }  # fmt: skip
    read = {
        item.reference: {name: found.count(name) for name in found.lists if found.count(name)}
        for _, item, found in read_book(whole_book()).votes()
    }
    assert read == published


def test_disagreements_are_named() -> None:
    book = read_book(dumped(invented_book()))
    told = {(note.reference, note.text) for note in disagreements(book)}
    assert ("m2 (2020-02-24)", "the attendance does not say who was there: 63 “expected”") in told
    assert ("b-1", "took part without a seat on 2020-02-24: Ann 63 Ó Test63") in told
    assert ("b-1", "had a seat, but is on no list of the vote: Ann 64 Ó Test64") in told
    assert any(text.startswith("took part, but the attendance says absent: Ann 41") for _, text in told)


def test_a_result_that_does_not_follow_is_named() -> None:
    data = changed(lambda book: book["meetings"][0]["items"][0]["vote"].update(result="rejected"))
    book = read_book(data)
    assert [
        note.text for note in disagreements(book) if note.reference == "a-1" and "published" in note.text
    ] == [
        "published as rejected, but by plurality 30 for and 20 against is adopted; the published result was kept"
    ]


def test_unknown_keys_are_tolerated_and_named() -> None:
    def add(book: dict[str, Any]) -> None:
        book["motto"] = "x"
        book["members"][0]["hat"] = True
        book["meetings"][0]["items"][0]["vote"]["ballots"]["paired"] = ["62"]
        book["meetings"][0]["attendance"]["late"] = ["1"]

    told = {note.reference: note.text for note in read_book(changed(add)).notes}
    assert told["book"] == "“motto” is not known here and was left out"
    assert told["member 1"] == "“hat” is not known here and was left out"
    assert told["a-1"] == "the list “paired” (1) is not known here and was left out"
    assert told["m1 (2019-09-02)"] == "the attendance “late” is not known here and was left out"


def test_votes_that_cannot_be_taken_are_left_out_by_reference() -> None:
    def alter(book: dict[str, Any]) -> None:
        first, _, third = book["meetings"][0]["items"]
        first["vote"]["method"] = "show of hands"
        third["vote"]["rule"] = "ranked"

    book = read_book(changed(alter))
    assert [item.vote for item in book.meetings[0].items] == [None, None, None]
    assert {note.reference: note.text for note in book.notes} == {
        "a-1": "the vote was left out: its method is “show of hands”, not a roll call",
        "a-3": "the vote was left out: there is no rule “ranked” here",
    }


def test_a_rule_object_and_any_preset_are_taken() -> None:
    rule = {"majority": "2/3", "strict": False, "base": "cast", "quorum": "1/2"}

    def alter(book: dict[str, Any]) -> None:
        items = book["meetings"][0]["items"]
        items[0]["vote"] = vote(rule, yes=ids(1, 40), no=ids(41, 60))
        items[2]["vote"] = vote("ubnd-written", yes=ids(1, 40), no=ids(41, 60), abstain=["61"])

    votes = [found for _, _, found in read_book(changed(alter)).votes()]
    assert votes[0].rule.base == "cast"
    assert {choice for _, choice in votes[1].ballots()} == {"agree", "disagree", "other"}


def test_contradicting_attendance_is_left_out_and_named() -> None:
    book = read_book(changed(lambda book: book["meetings"][0]["attendance"]["absent"].append("7")))
    attendance = book.meetings[0].attendance
    assert "7" not in (*attendance["present"], *attendance["absent"])
    assert [note.text for note in book.notes] == ["the attendance lists 7 twice; theirs was left out"]


def test_truncated_wherever_it_is_cut() -> None:
    data = dumped(invented_book())
    for length in (0, 1, 100, len(data) // 2, len(data) - 1):
        assert refusal(data[:length]).startswith(
            "This file is not complete JSON: it cannot be read beyond line 1"
        )


def test_too_large() -> None:
    assert (
        refusal(b" " * (SIZE_LIMIT + 1))
        == "This file is larger than 20 MB, the most that a council book may have."
    )


@pytest.mark.parametrize(
    "data", [b"[" * 200_000, b'{"a": ' * 200_000, b'{"a": NaN}', b'{"a": ' + b"9" * 5_000 + b"}"]
)
def test_hostile_json_is_refused(data: bytes) -> None:
    assert "complete JSON" in refusal(data)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"\xff\xfe{}", "This file is not UTF-8 text (byte 0)."),
        (b"[]", "the file should be an object, not a list."),
        (b"{}", "body is missing."),
        (b'{"body": 1, "body": 2}', "The key “body” stands twice in the same object."),
    ],
)
def test_no_book_at_all(data: bytes, sentence: str) -> None:
    assert refusal(data) == sentence


def put(place: str, value: object) -> Change:
    """A change at a place like `meetings.0.items.0.title`."""

    def change(book: dict[str, Any]) -> None:
        *path, last = [int(step) if step.isdigit() else step for step in place.split(".")]
        target: Any = book
        for step in path:
            target = target[step]
        target[last] = value

    return change


BALLOTS = "meetings.0.items.0.vote.ballots"


@pytest.mark.parametrize(
    ("place", "value", "sentence"),
    [
        ("body.seats", "63", "body.seats should be a whole number, not text."),
        ("body.seats", True, "body.seats should be a whole number, not true or false."),
        ("body.seats", 63.5, "body.seats should be a whole number, not a number."),
        ("body.seats", 0, "body.seats should be a number from 1 to 10000."),
        ("body.name", " ", "body.name is missing."),
        ("body.name", "A\x00B", "body.name contains characters that are no text."),
        ("body.name", "\ud800", "body.name contains characters that are no text."),
        ("body.term.from", None, "body.term.from is missing."),
        (
            "body.term.until",
            "2019-01-01",
            "body.term.until (2019-01-01) lies before the beginning (2019-05-24).",
        ),
        ("members", {}, "members should be a list, not an object."),
        ("members.3", "Ann", "members[3] should be an object, not text."),
        ("members.3.id", 4, "members[3].id should be text, not a number."),
        ("members.3.id", "3", "The member 3 stands in the book twice."),
        ("members.3.from", "24.5.2019", "members[3].from is not a date like 2019-05-24: “24.5.2019”."),
        ("meetings.0.date", "2019-02-30", "meetings[0].date is not a date like 2019-05-24: “2019-02-30”."),
        ("meetings.0.date", "20190902", "meetings[0].date is not a date like 2019-05-24: “20190902”."),
        ("meetings.1.id", "m1", "The meeting m1 stands in the book twice."),
        ("meetings.0.attendance", [], "meetings[0].attendance should be an object, not a list."),
        (
            "meetings.0.attendance.present",
            ["99"],
            "meetings[0].attendance.present[0] names the member 99, who is not among the book’s members.",
        ),
        ("meetings.0.items.1.reference", "a-1", "The item a-1 stands in the book twice."),
        ("meetings.1.items.1.reference", "a-1", "The item a-1 stands in the book twice."),
        ("meetings.0.items.0.title", ["x"], "meetings[0].items[0].title should be text, not a list."),
        (
            "meetings.0.items.0.vote.result",
            "carried",
            "meetings[0].items[0].vote.result should be one of passed, rejected, not “carried”.",
        ),
        (
            "meetings.0.items.0.vote.casting_vote",
            "yes",
            "meetings[0].items[0].vote.casting_vote should be one of for, against, abstain, not “yes”.",
        ),
        ("meetings.0.items.0.vote.rule", 5, "meetings[0].items[0].vote.rule should be text, not a number."),
        (
            "meetings.0.items.0.vote.rule",
            {"majority": "3/2", "base": "seats"},
            "meetings[0].items[0].vote.rule is not a voting rule: majority.",
        ),
        (BALLOTS, None, "meetings[0].items[0].vote.ballots is missing."),
        (f"{BALLOTS}.for", "1", "meetings[0].items[0].vote.ballots.for should be a list, not text."),
        (f"{BALLOTS}.for", [1], "meetings[0].items[0].vote.ballots.for[0] should be text, not a number."),
        (
            f"{BALLOTS}.for",
            ["nobody"],
            "meetings[0].items[0].vote.ballots.for[0] names the member nobody, who is not among the book’s members.",
        ),
        (
            f"{BALLOTS}.for",
            ["31"],
            "In the vote on a-1 member 31 is listed twice: as for and as against.",
        ),
        (f"{BALLOTS}.for", ["1", "1"], "In the vote on a-1 member 1 is listed twice: as for and as for."),
    ],
)
def test_what_is_wrong_is_said_with_its_place(place: str, value: object, sentence: str) -> None:
    if value == "\ud800":
        data = (
            json.dumps(json.loads(changed(put(place, "@"))), ensure_ascii=True)
            .replace("@", "\\ud800")
            .encode()
        )
    else:
        data = changed(put(place, value))
    assert refusal(data) == sentence
