"""All or nothing; the journal's chain; what is told after a commit; the outbox."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import IntegrityError

from meetings.rules.events import AgencyFounded, ItemTakenUp
from meetings.rules.refusals import Refused
from meetings.storage.database import make_engine
from meetings.storage.files import Files
from meetings.storage.journal import HOUSE, verify_chain
from meetings.storage.outbox import claim, finish, postpone
from meetings.storage.tables import Agency, JournalRow, Outbox
from meetings.storage.unit_of_work import Recorded, Store


async def test_a_block_that_raises_leaves_nothing(store: Store) -> None:
    async def half_done() -> None:
        async with store.work() as work:
            work.session.add(Agency(id=work.new_id(), name="Phòng Tạm"))
            await work.session.flush()
            await work.record(None, AgencyFounded(agency="1", name_of_agency="Phòng Tạm"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await half_done()
    async with store.reading() as reading:
        assert await reading.session.scalar(select(func.count()).select_from(Agency)) == 0
        assert await reading.session.scalar(select(func.count()).select_from(JournalRow)) == 0


async def test_a_failed_commit_is_told_and_nothing_is_announced(store: Store) -> None:
    told: list[Sequence[Recorded]] = []

    async def listen(recorded: Sequence[Recorded]) -> None:
        told.append(recorded)

    store.listen(listen)
    name = "Phòng Trùng Tên"
    async with store.work() as work:
        work.session.add(Agency(id=work.new_id(), name=name))

    async def twice() -> None:
        async with store.work() as work:
            await work.record(None, AgencyFounded(agency="1", name_of_agency=name))
            work.session.add(Agency(id=work.new_id(), name=name))

    with pytest.raises(IntegrityError):
        await twice()
    assert told == []
    async with store.reading() as reading:
        assert await reading.session.scalar(select(func.count()).select_from(JournalRow)) == 0


async def test_what_was_recorded_is_announced_after_the_commit_with_the_stage_numbers(store: Store) -> None:
    told: list[Recorded] = []
    meeting = uuid4()

    async def listen(recorded: Sequence[Recorded]) -> None:
        async with store.reading() as reading:
            assert await reading.session.scalar(select(func.count()).select_from(JournalRow)) == 2
        told.extend(recorded)

    store.listen(listen)
    async with store.work() as work:
        await work.record(None, ItemTakenUp(item=str(uuid4()), title="Một", number="1"), meeting=meeting)
        await work.record(None, ItemTakenUp(item=str(uuid4()), title="Hai", number="2"), meeting=meeting)
    (recorded,) = told
    assert (recorded.chain, recorded.stage_before, recorded.stage) == (meeting, 0, 2)
    assert [event.payload()["title"] for event in recorded.events] == ["Một", "Hai"]


async def _three_rows(store: Store) -> None:
    for number in range(3):
        async with store.work() as work:
            await work.record(None, AgencyFounded(agency=str(number), name_of_agency=f"Sở số {number}"))


async def test_a_listener_that_fails_undoes_nothing(store: Store) -> None:
    told: list[Sequence[Recorded]] = []

    async def fail(_recorded: Sequence[Recorded]) -> None:
        raise ConnectionError

    async def listen(recorded: Sequence[Recorded]) -> None:
        told.append(recorded)

    store.listen(fail)
    store.listen(listen)
    async with store.work() as work:
        await work.record(None, AgencyFounded(agency="1", name_of_agency="Phòng Một"))
    assert len(told) == 1


async def test_a_deadlock_is_told_as_a_busy_house(postgresql_database_url: str, tmp_path: Path) -> None:
    store = Store(make_engine(postgresql_database_url), Files(tmp_path))
    ids = [uuid4(), uuid4()]
    async with store.work() as work:
        work.session.add_all(Agency(id=one, name=str(one)) for one in ids)
    both = asyncio.Barrier(2)

    async def hold(first: UUID, second: UUID) -> str:
        try:
            async with store.work() as work:
                await work.locked(Agency, first)
                await both.wait()
                await work.locked(Agency, second)
        except Refused as refusal:
            return refusal.code
        return "done"

    assert sorted(await asyncio.gather(hold(*ids), hold(*reversed(ids)))) == ["busy", "done"]
    await store.close()


async def test_an_untouched_chain_is_intact(store: Store) -> None:
    await _three_rows(store)
    async with store.reading() as reading:
        verdict = await verify_chain(reading.session, HOUSE)
    assert (verdict.intact, verdict.rows) == (True, 3)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE journal SET event = 'Forged' WHERE seq = 2",
        "UPDATE journal SET hash = payload_hash WHERE seq = 2",
        "UPDATE journal SET seq = 9 WHERE seq = 3",
        "DELETE FROM journal WHERE seq = 2",
        "DELETE FROM journal WHERE seq = 3",
    ],
)
async def test_any_change_to_the_chain_is_found(store: Store, change: str) -> None:
    await _three_rows(store)
    async with store.work() as work:
        await work.session.execute(text(change))
    async with store.reading() as reading:
        assert not (await verify_chain(reading.session, HOUSE)).intact


async def test_a_changed_payload_names_its_row(store: Store) -> None:
    await _three_rows(store)
    async with store.work() as work:
        forged = {"agency": "1", "name_of_agency": "Sở Giả"}
        await work.session.execute(update(JournalRow).where(JournalRow.seq == 2).values(payload=forged))
    async with store.reading() as reading:
        assert (await verify_chain(reading.session, HOUSE)).broken_at == 2


async def test_a_letter_leaves_once_and_is_tried_again(store: Store) -> None:
    async with store.work() as work:
        work.post("mail", {"to": "a@example.invalid"})
    claimed = await claim(store, "mail")
    assert claimed is not None
    row, payload = claimed
    assert payload == {"to": "a@example.invalid"}
    assert await claim(store, "mail") is None, "a claimed letter is held"
    await postpone(store, row, "no answer")
    assert await claim(store, "mail") is None, "it waits before the next attempt"
    now = store.clock()
    store.clock = lambda: now + timedelta(hours=1)
    again = await claim(store, "mail")
    assert again is not None
    assert again[0] == row
    await finish(store, row)
    store.clock = lambda: now + timedelta(days=1)
    assert await claim(store, "mail") is None
    async with store.reading() as reading:
        kept = await reading.get(Outbox, row)
        assert (kept.attempts, kept.last_error) == (2, "no answer")


async def test_a_letter_whose_claimer_died_is_claimed_again(store: Store) -> None:
    async with store.work() as work:
        work.post("mail", {"to": "a@example.invalid"})
    first = await claim(store, "mail")
    now = store.clock()
    store.clock = lambda: now + timedelta(minutes=6)
    assert first is not None
    second = await claim(store, "mail")
    assert second is not None
    assert second[0] == first[0]


async def test_an_unknown_id_is_refused(store: Store) -> None:
    async with store.reading() as reading:
        with pytest.raises(Refused) as refusal:
            await reading.get(Agency, UUID(int=1))
    assert refusal.value.code == "not-found"


async def test_sqlite_keeps_every_promise(sqlite_database_url: str) -> None:
    from meetings.storage.database import make_engine

    engine = make_engine(sqlite_database_url)
    async with engine.connect() as connection:
        pragmas = {
            name: await connection.scalar(text(f"PRAGMA {name}"))
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    await engine.dispose()
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 15000}
