"""Before the announcement nobody learns how a poll stands; of a secret poll nobody ever learns who chose what."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest

from meetings.rules.recount import recount
from tests.api.conftest import House
from tests.support.council import begin_poll, begin_sitting

CHOICES = ("yes", "yes", "yes", "yes", "yes", "yes", "no", "abstain")


async def _voted(house: House, *, secret: bool) -> tuple[str, str]:
    """A poll in which eight of nine voted."""
    sitting = await begin_sitting(house.store, house.council)
    poll = await begin_poll(house.store, house.council, sitting, secret=secret)
    for number, choice in enumerate(CHOICES):
        ballot = {"choice": choice, "key": str(uuid4())}
        await house.good(f"delegate{number:02}", "POST", f"/polls/{poll}/ballots", ballot)
    return f"/polls/{poll}", f"/meetings/{sitting.meeting}"


def _nothing_disclosed(poll: dict[str, Any]) -> bool:
    return (poll["tally"], poll["not_cast"], poll["outcome"], poll["percent"]) == (None, None, None, None)


@pytest.mark.parametrize("secret", [False, True])
async def test_numbers_come_with_the_announcement(house: House, secret: bool) -> None:
    poll, _ = await _voted(house, secret=secret)
    readers = ("delegate01", "observer", "secretary", "chair")
    for reader in readers:
        told = await house.good(reader, "GET", poll)
        assert told["cast"] == 8
        assert _nothing_disclosed(told)
    await house.good("chair", "POST", f"{poll}/close")
    for reader in ("delegate01", "observer"):
        assert _nothing_disclosed(await house.good(reader, "GET", poll))
    for reader in ("secretary", "chair"):
        assert (await house.good(reader, "GET", poll))["tally"] == {"yes": 6, "no": 1, "abstain": 1}
    for reader in readers:
        assert await house.refused(reader, "GET", f"{poll}/record") == "not-now"
    await house.good("chair", "POST", f"{poll}/announce")
    for reader in readers:
        told = await house.good(reader, "GET", poll)
        assert (told["tally"], told["not_cast"], told["percent"]) == (
            {"yes": 6, "no": 1, "abstain": 1},
            1,
            "66.67",
        )


async def test_a_draft_is_for_those_who_prepare_it(house: House) -> None:
    sitting = await begin_sitting(house.store, house.council)
    poll = await house.good("secretary", "POST", f"/items/{sitting.item}/polls", {"rule": "two_thirds"})
    address = f"/polls/{poll['id']}"
    await house.good("chair", "GET", address)
    assert await house.refused("delegate01", "GET", address) == "not-found"
    items = (await house.good("delegate01", "GET", f"/meetings/{sitting.meeting}/items"))["items"]
    assert not [line for item in items for line in item["polls"]]


async def test_the_journal_tells_a_prepared_poll_only_to_those_who_prepare_it(house: House) -> None:
    sitting = await begin_sitting(house.store, house.council)
    sent = {"rule": "two_thirds", "title": "Chưa công bố"}
    poll = await house.good("secretary", "POST", f"/items/{sitting.item}/polls", sent)
    journal = f"/meetings/{sitting.meeting}/journal?limit=200"
    assert "Chưa công bố" in json.dumps(await house.good("secretary", "GET", journal), ensure_ascii=False)
    told = await house.good("delegate01", "GET", journal)
    assert told["intact"]
    assert "Chưa công bố" not in json.dumps(told, ensure_ascii=False)
    await house.good("chair", "POST", f"/polls/{poll['id']}/open")
    assert "Chưa công bố" in json.dumps(await house.good("delegate01", "GET", journal), ensure_ascii=False)


async def test_the_journal_withholds_choices_until_then(house: House) -> None:
    poll, meeting = await _voted(house, secret=False)

    async def ballots() -> list[Any]:
        journal = await house.good("delegate01", "GET", f"{meeting}/journal?limit=200")
        assert journal["intact"]
        return [row for row in journal["items"] if row["event"] == "BallotCast"]

    before = await ballots()
    assert len(before) == 8
    assert all(row["withheld"] and row["payload"]["choice"] == "" for row in before)
    await house.good("chair", "POST", f"{poll}/close")
    assert await ballots() == before
    await house.good("chair", "POST", f"{poll}/announce")
    after = await ballots()
    assert tuple(row["payload"]["choice"] for row in after) == CHOICES
    assert [row["hash"] for row in after] == [row["hash"] for row in before]


async def test_no_hash_gives_a_choice_away_before_then(house: House) -> None:
    from meetings.storage.journal import payload_hash

    poll, meeting = await _voted(house, secret=False)

    async def guessed() -> list[str]:
        journal = await house.good("delegate01", "GET", f"{meeting}/journal?limit=200")
        return [
            choice
            for row in journal["items"]
            if row["event"] == "BallotCast"
            for choice in ("yes", "no", "abstain")
            if payload_hash({**row["payload"], "choice": choice}) == row["payload_hash"]
        ]

    assert await guessed() == []
    for act in ("close", "announce"):
        await house.good("chair", "POST", f"{poll}/{act}")
    assert tuple(await guessed()) == CHOICES


async def test_a_poll_that_was_never_opened_stays_with_those_who_prepared_it(house: House) -> None:
    sitting = await begin_sitting(house.store, house.council)
    poll = await house.good("chair", "POST", f"/items/{sitting.item}/polls", {"title": "Bỏ đi"})
    address = f"/polls/{poll['id']}"
    await house.good("chair", "POST", f"{address}/annul", {"reason": "Không cần nữa"})
    assert (await house.good("secretary", "GET", address))["state"] == "annulled"
    assert await house.refused("delegate01", "GET", address) == "not-found"
    items = (await house.good("delegate01", "GET", f"/meetings/{sitting.meeting}/items"))["items"]
    assert not [line for item in items for line in item["polls"]]


async def test_the_hashes_can_be_computed_by_anybody(house: House) -> None:
    from datetime import datetime
    from uuid import UUID

    from meetings.storage.journal import START, payload_hash, row_hash

    poll, meeting = await _voted(house, secret=False)
    for act in ("close", "announce"):
        await house.good("chair", "POST", f"{poll}/{act}")
    journal = await house.good("secretary", "GET", f"{meeting}/journal?limit=200")
    previous, chain = START, UUID(meeting.rpartition("/")[2])
    for row in journal["items"]:
        assert payload_hash(row["payload"]) == row["payload_hash"]
        actor = UUID(row["actor"]) if row["actor"] else None
        at = datetime.fromisoformat(row["at"])
        assert row["hash"] == row_hash(
            previous, chain, row["seq"], at, actor, row["event"], row["payload_hash"]
        )
        previous = row["hash"]
    assert previous == journal["head"]


async def test_a_secret_polls_record_links_nobody_to_a_choice(house: House) -> None:
    poll, meeting = await _voted(house, secret=True)
    for act in ("close", "announce"):
        await house.good("chair", "POST", f"{poll}/{act}")
    record = await house.good("observer", "GET", f"{poll}/record")
    assert "ballots" not in record
    assert record["totals"] == {"yes": 6, "no": 1, "abstain": 1}
    assert "receipt" not in json.dumps(record)
    assert recount(record).agrees
    journal = await house.good("delegate01", "GET", f"{meeting}/journal?limit=200")
    assert not [
        row for row in journal["items"] if row["event"] == "BallotCast" and row["payload"].get("voter")
    ]
