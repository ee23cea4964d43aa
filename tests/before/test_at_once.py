"""Two who do the same at the same moment: both succeed, or one is told why not; nobody meets an error."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select

from meetings.before.days import fill_year, mark_day, marks_of
from meetings.before.rooms import RoomFacts, open_room
from meetings.council.telling_choices import add_push_address, choose_telling
from meetings.rules.permissions import Actor
from meetings.rules.refusals import Refused
from meetings.storage import outbox
from meetings.storage.tables import DayMark, Outbox, PushAddress, Room, TellingChoice
from meetings.storage.unit_of_work import Store, Work
from tests.support.council import make_council

MANY = 6
SERVICE = "https://push.example.invalid/abc"


async def at_once(store: Store, act: Callable[[Work], Awaitable[object]]) -> list[str]:
    """The same act by many at once: `done`, or why not."""

    async def one() -> str:
        try:
            async with store.work() as work:
                await act(work)
        except Refused as refusal:
            return refusal.code
        return "done"

    return sorted(await asyncio.gather(*(one() for _ in range(MANY))))


async def test_what_belongs_to_the_house_or_a_person_is_entered_once(store: Store) -> None:
    council = await make_council(store, seats=3)
    admin, member, other = council["admin"], council["delegate01"], council["delegate02"]
    day = date(2031, 4, 9)

    async def browser(work: Work, actor: Actor) -> PushAddress:
        return await add_push_address(
            work, actor, endpoint=SERVICE, p256dh="key", auth="secret", hosts=["push.example.invalid"]
        )

    for act in (
        lambda work: mark_day(work, admin, day, kind="off", name="Nghỉ", confirmed=True),
        lambda work: fill_year(work, admin, 2030),
        lambda work: choose_telling(
            work, member, quiet_from="21:00", quiet_until="06:00", digest=True, digest_at="07:00"
        ),
        lambda work: browser(work, member),
    ):  # fmt: skip
        assert await at_once(store, act) == ["done"] * MANY
    refused = await at_once(store, lambda work: open_room(work, admin, RoomFacts(name="Phòng A", seats=9)))
    assert refused == ["done", *["room-name-taken"] * (MANY - 1)]
    async with store.work() as work:
        moved = await browser(work, other)
    assert moved.person_id == other.person, "a browser belongs to who signed in last"
    async with store.reading() as reading:
        for table, where in (
            (DayMark, DayMark.day == day),
            (TellingChoice, TellingChoice.person_id == member.person),
            (PushAddress, PushAddress.endpoint == SERVICE),
            (Room, Room.name == "Phòng A"),
        ):
            assert await reading.session.scalar(select(func.count()).select_from(table).where(where)) == 1
        assert len({mark.day for mark in await marks_of(reading, 2030)}) > 5


async def test_work_that_lasts_keeps_its_claim(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    now = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
    store.clock = lambda: now
    async with store.work() as work:
        work.post("pack", {"pack": "1"})
    claimed = await outbox.claim(store, "pack")
    assert claimed is not None
    renewed = asyncio.Event()
    renew = outbox.renew

    async def renewing(house: Store, row: UUID) -> None:
        await renew(house, row)
        renewed.set()

    monkeypatch.setattr(outbox, "RENEW", 0.0)
    monkeypatch.setattr(outbox, "renew", renewing)
    async with outbox.holding(store, claimed[0]):
        now += timedelta(minutes=4)
        renewed.clear()
        await renewed.wait()  # may have begun before the four minutes
        renewed.clear()
        await renewed.wait()
    now += timedelta(minutes=4)
    assert await outbox.claim(store, "pack") is None, "eight minutes after the claim it is still held"
    now += timedelta(minutes=2)
    assert await outbox.claim(store, "pack") == claimed, "whoever died gives it up"
    await outbox.finish(store, claimed[0])
    await renew(store, claimed[0])
    async with store.reading() as reading:
        assert (await reading.get(Outbox, claimed[0])).claimed_until is None
