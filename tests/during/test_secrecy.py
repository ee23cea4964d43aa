"""A secret vote leaves no link from a voter to a choice: in tables, journal, outbox, log output or packets."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from meetings.during.ballot_box import BallotBox
from meetings.during.poll_record import record_of_poll
from meetings.during.poll_times import call_missing
from meetings.during.voting import announce_outcome, close_poll
from meetings.realtime.relay import Relay
from meetings.realtime.snapshots import Snapshots
from meetings.rules.permissions import Actor
from meetings.storage.tables import Table
from meetings.storage.unit_of_work import Store
from tests.support.council import Council, begin_poll, begin_sitting, make_council

ODD = "no"
"""The one voter who chose otherwise: whatever stands beside this choice must not tell who it was."""


class Ears:
    """Stands for the Socket.IO server: hears every packet."""

    class manager:  # noqa: N801 - the library's own name
        rooms: dict[str, dict[str, object]] = {}  # noqa: RUF012

        @staticmethod
        def get_participants(namespace: str, room: str) -> Sequence[tuple[str, str]]:
            return ()

    def __init__(self) -> None:
        self.heard: list[tuple[str, Any]] = []

    async def emit(self, event: str, packet: Any, room: str = "", **more: Any) -> None:
        self.heard.append((event, packet))


async def dump(store: Store) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table."""
    found: dict[str, list[dict[str, Any]]] = {}
    async with store.reading() as reading:
        for table in Table.metadata.sorted_tables:
            rows = await reading.session.execute(select(table))
            found[table.name] = [dict(row) for row in rows.mappings()]
    return found


def told(value: Any) -> str:
    return json.dumps(value, default=str, ensure_ascii=False)


async def cast_all(store: Store, council: Council, poll: UUID, relay: Relay) -> tuple[list[str], list[str]]:
    """All but the last vote yes, one in the middle votes otherwise; gives keys and receipts."""
    box, keys, receipts = BallotBox(store, relay.counted), [str(uuid4()) for _ in council.delegates], []
    box.open()
    for place, (voter, key) in enumerate(zip(council.delegates[:-1], keys, strict=False)):
        choice = ODD if place == 3 else "yes"
        receipts.append((await box.cast(voter, poll, choice, key)).receipt)
    await box.shut()
    return keys, receipts


@pytest.mark.parametrize("stage", ["open", "announced"])
async def test_nothing_links_a_secret_ballot_to_its_voter(
    store: Store, caplog: pytest.LogCaptureFixture, stage: str
) -> None:
    caplog.set_level(
        logging.INFO
    )  # the program logs less; a driver's DEBUG output would repeat every statement
    council = await make_council(store, seats=8, rule="plurality")
    sitting = await begin_sitting(store, council)
    before = await dump(store)
    ears = Ears()
    relay = Relay(ears, store)
    store.listen(relay.announce)
    poll = await begin_poll(store, council, sitting, secret=True)
    _, receipts = await cast_all(store, council, poll, relay)
    async with store.work() as work:
        await call_missing(work, council["chair"], poll)
    if stage == "announced":
        async with store.work() as work:
            await close_poll(work, council["chair"], poll)
            await announce_outcome(work, council["chair"], poll)
    await relay.stop()
    odd: Actor = council.delegates[3]

    rows = {
        name: [row for row in found if row not in before[name]] for name, found in (await dump(store)).items()
    }
    assert not rows["ballot"]
    assert not rows["entered_ballot"]
    assert not rows["outbox"]
    for entry in rows["roll_entry"]:
        at: datetime | None = entry["cast_at"]
        assert at is None or (at.second, at.microsecond) == (0, 0), "participation is told to the minute only"
        assert ODD not in set(map(str, entry.values()))
    secret = rows["secret_ballot"]
    assert {frozenset(row) for row in secret} == {frozenset({"id", "poll_id", "choice"})}
    assert all(row["id"].version == 4 for row in secret), "random ids tell no time and no order"
    links = {str(row["id"]) for row in secret}
    others = told({name: found for name, found in rows.items() if name != "secret_ballot"})
    assert not [one for one in links if one in others], "no other row names a secret ballot"

    journal = [row for row in rows["journal"] if row["chain_id"] == sitting.meeting]
    assert not [row for row in journal if row["event"] in ("BallotCast", "RollCallAnswered", "BallotEntered")]
    assert not [row for row in journal if row["actor_id"] == odd.person], "nor that somebody acted"
    assert not [code for code in receipts if code in told(journal)]

    async with store.reading() as reading:
        record = await record_of_poll(reading, odd, poll) if stage == "announced" else {}
    snapshot = await Snapshots(store).of(odd, sitting.meeting)
    for name, text in (("packets", told(ears.heard)), ("snapshot", told(snapshot)), ("log", caplog.text)):
        assert str(odd.person) not in text, name
        assert not [code for code in receipts if code in text], name
    assert ears.heard
    for event, packet in ears.heard:
        assert event != "poll" or "tally" not in packet or packet["state"] != "open"
    assert not [code for code in receipts if code in told(record)]
    assert "ballots" not in record


async def test_the_order_of_casting_is_not_the_order_of_rest(store: Store) -> None:
    council = await make_council(store, seats=24, rule="plurality")
    sitting = await begin_sitting(store, council)
    poll = await begin_poll(store, council, sitting, secret=True)
    box = BallotBox(store)
    box.open()
    cast = [("yes", "no")[place % 2] for place in range(24)]
    for voter, choice in zip(council.delegates, cast, strict=True):
        await box.cast(voter, poll, choice, str(uuid4()))
    await box.shut()
    orders: set[tuple[str, ...]] = set()
    async with store.work() as work:
        await close_poll(work, council["chair"], poll)
    rested = [row["choice"] for row in (await dump(store))["secret_ballot"]]
    orders.add(tuple(rested))
    assert sorted(rested) == sorted(cast)
    assert rested != cast, "one in 2.7 million"
