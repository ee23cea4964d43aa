"""A reply to the invitation becomes an excuse when the meeting begins."""

from __future__ import annotations

from sqlalchemy import select

from meetings.before.replies import reply
from meetings.during.attendance import Presence, record_attendance, record_roll_call, states_now
from meetings.during.corrections import history_of
from meetings.during.proceedings import call_to_order
from meetings.rules.attendance import Source
from meetings.storage.tables import JournalRow
from meetings.storage.unit_of_work import Store
from tests.support.council import make_council, publish_sitting, seat


async def test_who_declined_is_excused_unless_present_and_the_secretary_corrects_it(store: Store) -> None:
    council = await make_council(store, seats=9)
    sitting = await publish_sitting(store, council)
    secretary, delegates = council["secretary"], council.delegates
    ill, away, came, silent = delegates[5:9]
    for who in (ill, away, came):
        async with store.work() as work:
            await reply(work, who, sitting.meeting, answer="decline", reason="Nằm viện")
    await seat(store, council, sitting.meeting, 5)
    async with store.work() as work:
        states = {came.person: Presence.IN, away.person: Presence.ABSENT}
        await record_roll_call(work, secretary, sitting.meeting, states, source=Source.DOOR)
    async with store.reading() as reading:
        assert ill.person not in await states_now(reading, sitting.meeting), "not before the meeting begins"
    async with store.work() as work:
        await call_to_order(work, council["chair"], sitting.meeting)
    async with store.reading() as reading:
        states = await states_now(reading, sitting.meeting)
        assert [states.get(one.person) for one in (ill, away, came, silent)] == [
            Presence.EXCUSED, Presence.EXCUSED, Presence.IN, None,
        ]  # fmt: skip
        newest = (await history_of(reading, sitting.meeting, ill.person))[-1]
        assert (newest.state, newest.source, newest.reason) == ("excused", "reply", "Nằm viện")
        rows = await reading.session.scalars(
            select(JournalRow).where(
                JournalRow.chain_id == sitting.meeting, JournalRow.event == "AttendanceRecorded"
            )
        )
        told = [row.payload for row in rows if row.payload["source"] == "reply"]
    assert {line["person"] for line in told} == {str(ill.person), str(away.person)}
    assert {line["reason"] for line in told} == {""}, "why somebody is ill is no matter of the journal"
    async with store.work() as work:
        await record_attendance(work, secretary, sitting.meeting, ill.person, Presence.REMOTE)
    async with store.reading() as reading:
        assert (await states_now(reading, sitting.meeting))[ill.person] == Presence.REMOTE
