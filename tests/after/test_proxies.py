"""A proxy stands in the minutes of a vote only where it was good: the giver away, the holder there."""

from __future__ import annotations

from uuid import UUID
from zoneinfo import ZoneInfo

from meetings.after.poll_records import polls_of_record
from meetings.during.attendance import Presence, record_attendance
from meetings.during.standing_in import give_proxy
from meetings.during.voting import announce_outcome, annul_poll, close_poll
from meetings.storage.tables import Body
from meetings.storage.unit_of_work import Store
from tests.support.council import Council, Sitting, begin_poll, begin_sitting, make_council


async def told(store: Store, council: Council, sitting: Sitting, poll: UUID) -> tuple[str, ...]:
    async with store.work() as work:
        await close_poll(work, council["chair"], poll)
        await announce_outcome(work, council["chair"], poll)
    async with store.reading() as reading:
        records = await polls_of_record(reading, sitting.meeting, ZoneInfo("Asia/Ho_Chi_Minh"))
    record = next(one for _, one in records.by_item[sitting.item] if one.id == str(poll))
    async with store.work() as work:
        await annul_poll(work, council["chair"], poll, reason="Bỏ phiếu lại")
    return record.by_proxy


async def test_only_a_good_proxy_is_told(store: Store) -> None:
    council = await make_council(store, seats=4)
    async with store.work() as work:
        (await work.locked(Body, council.body)).room_rules = {"proxies": True}
    sitting = await begin_sitting(store, council)
    giver, holder = council["delegate02"], council["delegate01"]
    async with store.work() as work:
        await give_proxy(work, giver, sitting.meeting, holder=holder.person)
    poll = await begin_poll(store, council, sitting)
    assert await told(store, council, sitting, poll) == (), "the giver votes in person"
    async with store.work() as work:
        await record_attendance(work, council["secretary"], sitting.meeting, giver.person, Presence.OUT)
    poll = await begin_poll(store, council, sitting)
    assert await told(store, council, sitting, poll) == (f"{giver.name} ({holder.name})",)
