"""Series of meetings: foreseen with what stands in their way, made as drafts, changed and ended; the rest untouched."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from meetings.before.agenda import add_item, agenda_of
from meetings.before.days import mark_day
from meetings.before.meeting_templates import TemplateFacts, write_template
from meetings.before.rooms import RoomFacts, open_room
from meetings.before.scheduling import meetings_for, publish_meeting, schedule_meeting
from meetings.before.series import (
    SeriesFacts,
    begin_series,
    change_series,
    end_series,
    foresee_series,
    open_series,
    series_for,
)
from meetings.before.template_items import ItemFacts
from meetings.rules.refusals import Refused
from meetings.rules.series import Every, Recurrence
from meetings.storage.tables import Meeting
from meetings.storage.unit_of_work import Store
from tests.support.council import Council, make_council

MONTHLY = SeriesFacts(
    title="Phiên họp số {số}", begins="08:00", ends="11:00", place="Trụ sở",
    rule=Recurrence(first=date(2031, 3, 12), every=Every.MONTH_WEEKDAY, count=4),
)  # fmt: skip


@pytest.fixture
async def council(store: Store) -> Council:
    return await make_council(store)


async def _begin(store: Store, council: Council, **more: Any) -> tuple[Any, list[Meeting]]:
    async with store.work() as work:
        return await begin_series(work, council["secretary"], council.body, replace(MONTHLY, **more))


async def _read(store: Store, council: Council, series: Any) -> list[tuple[str, str, str, str, str]]:
    async with store.reading() as reading:
        _, meetings = await open_series(reading, council["secretary"], series.id)
        return [(one.starts_local, one.ends_local[11:], one.title, one.place, one.state) for one in meetings]


async def test_every_day_is_foreseen_with_what_stands_in_its_way(store: Store, council: Council) -> None:
    secretary = council["secretary"]
    async with store.work() as work:
        repaired = RoomFacts(
            name="Phòng 3", seats=40, blocked_from=date(2031, 5, 1), blocked_until=date(2031, 5, 31),
            blocked_reason="Sửa chữa",
        )  # fmt: skip
        room = await open_room(work, council["admin"], repaired)
        await schedule_meeting(
            work, secretary, body=council.body, title="Họp khác", starts="2031-03-12T09:00", room=room.id
        )
        await mark_day(work, council["admin"], date(2031, 4, 9), kind="off", name="Nghỉ", confirmed=True)
    facts = replace(MONTHLY, room=room.id)
    async with store.reading() as reading:
        seen = await foresee_series(reading, secretary, council.body, facts)
    assert [(one.day.isoformat(), one.blocked, len(one.in_the_way)) for one in seen] == [
        ("2031-03-12", False, 1), ("2031-05-14", True, 0), ("2031-06-11", False, 0), ("2031-07-09", False, 0),
    ]  # fmt: skip
    (clash,) = seen[0].in_the_way
    assert (clash.title, clash.room, len(clash.members)) == ("Họp khác", "Phòng 3", 8)
    async with store.work() as work:
        with pytest.raises(Refused, match="is blocked"):
            await begin_series(work, secretary, council.body, facts)
        with pytest.raises(Refused, match="not a day of this series"):
            await begin_series(work, secretary, council.body, facts, without=[date(2031, 4, 9)])
        _, made = await begin_series(
            work, secretary, council.body, facts, without=[date(2031, 3, 12), date(2031, 5, 14)]
        )
    assert [one.title for one in made] == ["Phiên họp số 2", "Phiên họp số 3"], "after the other one"
    with pytest.raises(Refused, match="No meeting comes"):
        await _begin(store, council, rule=replace(MONTHLY.rule, first=date(2031, 3, 15), every=Every.WEEK))


async def test_drafts_from_a_day_on_are_changed_and_a_published_one_never(
    store: Store, council: Council
) -> None:
    secretary = council["secretary"]
    async with store.work() as work:
        template = await write_template(
            work, secretary, council.body, TemplateFacts(name="Mẫu", title="Họp"),
            items=[ItemFacts(title="Khai mạc")],
        )  # fmt: skip
    series, made = await _begin(store, council, template=template.id)
    async with store.work() as work:
        assert [item.title for item in await agenda_of(work, made[3].id)] == ["Khai mạc"]
        await publish_meeting(work, secretary, made[1].id)
        changed = await change_series(
            work, secretary, series.id, since=date(2031, 4, 1), title="Họp tháng {tháng}", begins="14:00",
            place="Phòng 2",
        )  # fmt: skip
    assert [one.id for one in changed] == [made[2].id, made[3].id]
    assert await _read(store, council, series) == [
        ("2031-03-12T08:00", "11:00", "Phiên họp số 1", "Trụ sở", "draft"),
        ("2031-04-09T08:00", "11:00", "Phiên họp số 2", "Trụ sở", "published"),
        ("2031-05-14T14:00", "17:00", "Họp tháng 5", "Phòng 2", "draft"),
        ("2031-06-11T14:00", "17:00", "Họp tháng 6", "Phòng 2", "draft"),
    ]
    async with store.work() as work:
        with pytest.raises(Refused, match="reason"):
            await end_series(work, secretary, series.id, since=date(2031, 6, 1), reason=" ")
    async with store.work() as work:
        await end_series(work, secretary, series.id, since=date(2031, 4, 1), reason="Hợp nhất")
        for late in (
            change_series(work, secretary, series.id, since=date(2031, 4, 1), place="x"),
            end_series(work, secretary, series.id, since=date(2031, 4, 1), reason="x"),
        ):
            with pytest.raises(Refused, match="No draft of this series"):
                await late
    states = [line[4] for line in await _read(store, council, series)]
    assert states == ["draft", "published", "cancelled", "cancelled"]
    async with store.reading() as reading:
        (line,) = await series_for(reading, secretary)
        assert (line.drafts, line.meetings, line.row.title) == (1, 4, "Họp tháng {tháng}")
        seen = await meetings_for(reading, council["delegate01"])
        assert [meeting.id for meeting, _ in seen] == [made[1].id], "nobody hears of cancelled drafts"
        assert len(await meetings_for(reading, secretary)) == 4


async def test_only_who_prepares_meetings_of_the_body_has_series(store: Store, council: Council) -> None:
    series, made = await _begin(store, council)
    async with store.work() as work:
        await add_item(work, council["secretary"], made[0].id, title="Khai mạc")
    for who in ("chair", "delegate01", "observer", "admin", "foreign-secretary"):
        actor = council[who]
        async with store.work() as work:
            for act in (
                foresee_series(work, actor, council.body, MONTHLY),
                begin_series(work, actor, council.body, MONTHLY),
                open_series(work, actor, series.id),
                change_series(work, actor, series.id, since=date(2031, 1, 1), place="x"),
                end_series(work, actor, series.id, since=date(2031, 1, 1), reason="x"),
            ):
                with pytest.raises(Refused) as refused:
                    await act
                assert refused.value.code in ("forbidden", "not-found")
