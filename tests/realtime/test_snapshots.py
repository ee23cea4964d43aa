"""Snapshot and events together are always the fresh snapshot, whatever is done in whatever order.

A client of each audience hears what the relay says, loses some of it, and does what `docs/interface.md` tells it to.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from random import Random
from types import SimpleNamespace
from typing import Any, cast

import pytest
from sqlalchemy import select

from meetings.during.paging import followed
from meetings.realtime import relay as telling
from meetings.realtime.relay import Relay
from meetings.realtime.snapshots import Snapshots
from meetings.rules.permissions import Actor
from meetings.storage.tables import Chain, JournalRow, Meeting
from meetings.storage.unit_of_work import Store
from tests.realtime.chance import Chance

ACTS = 60
TRIES = 6 * ACTS
LOST = 0.15
"""So many of the packets never arrive."""
FETCHED = {
    "polls": "poll item meeting attendance",
    "attendance": "attendance meeting",
    "recused": "attendance item poll meeting",
    "proxies": "attendance item poll meeting",
    "floor": "floor item meeting attendance",
    "question_time": "question floor item meeting",
    "motions": "motion item meeting",
    "item": "item meeting",
}
"""The parts of a snapshot and the words on which the pages fetch them anew; every other part follows every change."""


class Wire:
    """Where the relay's packets go: to everybody who hears, in this process."""

    def __init__(self) -> None:
        self.manager = SimpleNamespace(get_participants=lambda *_: [], rooms={})
        self.packets: list[tuple[str, dict[str, Any]]] = []

    async def emit(self, event: str, packet: dict[str, Any], room: str) -> None:
        self.packets.append((event, packet))


class Client:
    """A tablet: what it shows, and what it does with each packet."""

    def __init__(self, actor: Actor, snapshots: Snapshots, meeting: Any, chance: Random) -> None:
        self.actor, self._snapshots, self._meeting, self._chance = actor, snapshots, meeting, chance
        self.shows: dict[str, Any] = {}

    async def enter(self) -> None:
        self.shows = await self._snapshots.of(self.actor, self._meeting)

    async def hear(self, event: str, packet: dict[str, Any]) -> None:
        if event != "poll" and self._chance.random() < LOST:
            return
        if event == "changed":
            await self._changed(packet)
        elif event == "follow":
            self.shows["follow"] = packet["follow"]
        else:
            self._numbers(packet)

    async def _changed(self, packet: dict[str, Any]) -> None:
        if packet["seq"] <= self.shows["seq"]:
            return
        if packet["prev"] != self.shows["seq"]:
            await self.enter()
            return
        words = set(packet["what"].split())
        fresh = await self._snapshots.of(self.actor, self._meeting)
        for part, on in FETCHED.items():
            if not words & {*on.split(), "after"}:
                fresh[part] = self.shows[part]
        self.shows = fresh | {"seq": packet["seq"]}

    def _numbers(self, packet: dict[str, Any]) -> None:
        for poll in self.shows["polls"]:
            if poll["id"] == packet["poll"] and poll["state"] == packet["state"] == "open":
                poll |= {"cast": packet["cast"], "eligible": packet["eligible"]}
                if "tally" in packet:
                    poll["tally"] = poll["tally"] and poll["tally"] | {"heard": packet["tally"]}

    async def head(self, seq: int, page: dict[str, Any] | None) -> None:
        if seq > self.shows["seq"]:
            await self.enter()
        self.shows["follow"] = page


@pytest.fixture
async def house(
    sqlite_database_url: str, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[Store, Relay, Wire]]:
    from meetings.life import CONSEQUENCES
    from meetings.storage.database import make_engine
    from meetings.storage.files import Files

    monkeypatch.setattr(telling, "COALESCE", 0.0)
    monkeypatch.setattr(telling, "SHARE", 0)
    store = Store(make_engine(sqlite_database_url), Files(tmp_path / "files"), consequences=CONSEQUENCES)
    wire = Wire()
    relay = Relay(wire, store)
    store.listen(relay.announce)
    yield store, relay, wire
    await relay.stop()
    await store.close()


async def said(relay: Relay, wire: Wire) -> list[tuple[str, dict[str, Any]]]:
    """Everything that was told so far; numbers that wait for their moment are waited for."""
    while relay._tasks:
        await asyncio.wait(tuple(relay._tasks))
    packets, wire.packets = wire.packets, []
    return packets


def static(snapshot: dict[str, Any]) -> dict[str, Any]:
    """Without what is documented to change while the stage number stays: the ballots in, and the page shown."""
    polls = [
        poll | ({"cast": 0, "tally": None} if poll["state"] == "open" else {}) for poll in snapshot["polls"]
    ]
    return snapshot | {"polls": polls, "follow": None}


def comparable(snapshot: dict[str, Any]) -> dict[str, Any]:
    """With the tally as packets tell it: numbers by choice."""
    polls = [poll | {"tally": _told(poll["tally"])} for poll in snapshot["polls"]]
    return snapshot | {"polls": polls}


def _told(tally: Any) -> Any:
    if not tally:
        return tally
    given = cast("dict[str, Any]", tally)
    return given.get("heard") or telling.by_choice(given)


async def stage_and_page(store: Store, meeting: Any) -> tuple[int, dict[str, Any] | None]:
    async with store.reading() as reading:
        page = followed(await reading.get(Meeting, meeting))
        stage = await reading.session.scalar(select(Chain.stage).where(Chain.id == meeting)) or 0
    return stage, page.packet() if page else None


@pytest.mark.parametrize("seed", range(3))
async def test_what_a_client_shows_is_what_a_new_one_gets(
    house: tuple[Store, Relay, Wire], seed: int
) -> None:
    store, relay, wire = house
    chance = await Chance.begin(store, relay, seed)
    council, kept = chance.council, Snapshots(store)
    viewers = [council[login] for login in ("delegate01", "observer", "chair")]
    clients = [Client(one, kept, chance.meeting, Random(f"{seed} {one.name}")) for one in viewers]
    for client in clients:
        await client.enter()
    await said(relay, wire)
    before = [await Snapshots(store).of(one, chance.meeting) for one in viewers]
    for step in range(TRIES):
        act = await chance.step()
        if ": " in act:
            continue
        where = f"seed {seed}, step {step}, {act}"
        told = await said(relay, wire)
        fresh = Snapshots(store)
        after = [await fresh.of(one, chance.meeting) for one in viewers]
        for old, new in zip(before, after, strict=True):
            if static(old) != static(new):
                assert old["seq"] < new["seq"], f"{where}: changed without its number"
        before = after
        for client in clients:
            for event, packet in told:
                await client.hear(event, packet)
            await client.head(*await stage_and_page(store, chance.meeting))
        for client, anew in zip(clients, after, strict=True):
            assert await kept.of(client.actor, chance.meeting) == anew, f"{where}: the kept look is not fresh"
            assert comparable(client.shows) == comparable(anew), f"{where}: {client.actor.name}"
        if len(chance.done) >= ACTS:
            break
    await chance.box.shut()
    async with store.reading() as reading:
        rows = select(JournalRow.event).where(JournalRow.chain_id == chance.meeting).distinct()
        assert len((await reading.session.scalars(rows)).all()) >= 20, "too little happened to prove anything"
    assert {"cast", "ask_to_speak", "draft", "open_poll"} <= set(chance.done)
