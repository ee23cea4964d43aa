"""The minutes of an earlier meeting and open tasks are offered to an agenda, and stand on it once."""

from __future__ import annotations

from collections.abc import Awaitable
from datetime import date
from uuid import UUID

import pytest

from meetings.after.tasks import assign_task
from meetings.before.agenda import agenda_of
from meetings.before.offered import minutes_waiting, put_minutes, put_task, tasks_waiting
from meetings.before.scheduling import schedule_meeting
from meetings.during.proceedings import adjourn
from meetings.rules.refusals import Refused
from meetings.storage.tables import Meeting
from meetings.storage.unit_of_work import Store, Work
from tests.support.council import Council, begin_sitting, make_council


async def _next(work: Work, council: Council, starts: str = "2027-01-12T08:00") -> Meeting:
    return await schedule_meeting(
        work, council["secretary"], body=council.body, title="Kỳ sau", starts=starts
    )


async def _code(act: Awaitable[object]) -> str:
    with pytest.raises(Refused) as refusal:
        await act
    return refusal.value.code


async def test_earlier_minutes_are_put_up_for_adoption_once(store: Store) -> None:
    council = await make_council(store, seats=3)
    secretary = council["secretary"]
    sitting = await begin_sitting(store, council)
    async with store.work() as work:
        later = await _next(work, council)
        assert await _code(put_minutes(work, secretary, later.id, of=sitting.meeting, title="x")) == (
            "minutes-not-adoptable"
        )
    async with store.work() as work:
        await adjourn(work, council["chair"], sitting.meeting)
        assert [one.id for one in await minutes_waiting(work, later)] == [sitting.meeting]
        earlier = await _next(work, council, "2026-01-12T08:00")
        assert await minutes_waiting(work, earlier) == []
        assert await _code(put_minutes(work, secretary, earlier.id, of=sitting.meeting, title="x")) == (
            "minutes-not-adoptable"
        )
    async with store.work() as work:
        item = await put_minutes(work, secretary, later.id, of=sitting.meeting, title="Thông qua biên bản")
        assert (item.number, item.adopts_id) == ("1", sitting.meeting)
    async with store.work() as work:
        assert await minutes_waiting(work, later) == []
        assert (
            await _code(put_minutes(work, secretary, later.id, of=sitting.meeting, title="x")) == "item-twice"
        )
        assert await _code(put_minutes(work, council["chair"], later.id, of=sitting.meeting, title="x")) == (
            "forbidden"
        )


async def test_open_tasks_are_offered_the_nearest_due_first(store: Store) -> None:
    council = await make_council(store, seats=3)
    secretary = council["secretary"]
    async with store.work() as work:
        later = await _next(work, council)
        tasks: dict[str, UUID] = {}
        for title, due in (("Không hạn", None), ("Muộn", date(2026, 12, 30)), ("Sớm", date(2026, 12, 1))):
            task = await assign_task(
                work, secretary, body=council.body, lead=council.agency, title=title, due=due
            )
            tasks[title] = task.id
    async with store.work() as work:
        assert [one.title for one in await tasks_waiting(work, later)] == ["Sớm", "Muộn", "Không hạn"]
        await put_task(work, secretary, later.id, task=tasks["Sớm"], title="Việc tồn: Sớm")
    async with store.work() as work:
        assert [one.title for one in await tasks_waiting(work, later)] == ["Muộn", "Không hạn"]
        assert await _code(put_task(work, secretary, later.id, task=tasks["Sớm"], title="x")) == "item-twice"
        (item,) = await agenda_of(work, later.id)
        assert (item.title, item.task_id) == ("Việc tồn: Sớm", tasks["Sớm"])
