"""Replaying council books: the polls are live, and what they come to is what was published, or it is named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from meetings.cli import main
from meetings.exchange.book_reader import read_book
from meetings.replay import Verdict, replay_book
from meetings.rules.refusals import Refused
from tests.exchange.books import dumped, ids, invented_book, vote, whole_book


async def verdicts(book: dict[str, Any], *only: str) -> dict[str, Verdict]:
    return {verdict.reference: verdict async for verdict in replay_book(read_book(dumped(book)), only)}


@pytest.mark.slow
async def test_every_roll_call_comes_out_as_published() -> None:
    book = read_book(whole_book())
    found = [verdict async for verdict in replay_book(book)]
    assert [verdict.reference for verdict in found] == [item.reference for _, item, _ in book.votes()]
    assert [verdict.reference for verdict in found if not verdict.agrees] == []


async def test_ties_seats_and_silence() -> None:
    found = await verdicts(invented_book())
    assert all(verdict.agrees for verdict in found.values())
    # the mayor's side decides under plurality, and a tie without a casting vote is rejected
    assert {name: verdict.outcome for name, verdict in found.items()} == {
        "a-1": "adopted", "a-3": "undecided", "b-1": "adopted", "b-2": "not_adopted",
    }  # fmt: skip
    assert found["b-1"].replayed is not None
    assert found["b-1"].replayed.counts == {"for": 25, "against": 25, "abstain": 0, "not_voted": 13}
    assert found["b-1"].notes[0] == "took part without a seat on 2020-02-24: Ann 63 Ó Test63"


async def test_what_does_not_come_out_is_told() -> None:
    book = invented_book()
    first, _, third = book["meetings"][0]["items"]
    first["vote"]["result"] = "rejected"
    third["vote"] = vote("hdnd-resolution", yes=ids(1, 20), no=ids(21, 22))
    book["meetings"][1]["items"][0]["vote"]["rule"] = "ranked"
    found = await verdicts(book, "a-1", "a-3", "b-1")
    assert list(found) == ["a-1", "a-3", "b-1"]
    assert not any(verdict.agrees for verdict in found.values())
    assert found["a-1"].replayed is not None
    assert found["a-1"].replayed.passed
    assert found["a-3"].notes[-1] == "not held: There is no quorum: 22 present, 42 needed."
    assert found["b-1"].notes == ("the vote was left out: there is no rule “ranked” here",)


async def test_an_unknown_reference_is_refused() -> None:
    with pytest.raises(Refused, match="records no roll call a-2"):
        await verdicts(invented_book(), "a-2")


def test_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    raw = invented_book()
    raw["meetings"][0]["items"][0]["vote"]["result"] = "rejected"
    (tmp_path / "book.json").write_bytes(dumped(raw))
    run = CliRunner()
    some = run.invoke(main, ["replay", "book.json", "--only", "b-2", "--json"])
    assert some.exit_code == 0, some.output
    told = json.loads(some.stdout)
    assert (told["agree"], told["of"]) == (1, 1)
    assert told["polls"][0]["replayed"] == {
        "for": 25, "against": 25, "abstain": 1, "not_voted": 0, "result": "rejected",
    }  # fmt: skip
    every = run.invoke(main, ["replay", "book.json"])
    assert every.exit_code == 1
    assert "✕ a-1: 30 for, 20 against, 1 abstain: rejected; but live: 30 for, 20 against" in every.stdout
    assert "3 of 4 roll calls came out as published." in every.stdout
    # nothing stays behind
    assert [path.name for path in tmp_path.iterdir()] == ["book.json"]
