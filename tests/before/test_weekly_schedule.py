"""The weekly schedule of a body: entries beside meetings, publication, marked changes, and who is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from meetings.before import weekly_schedule
from meetings.before.agenda import add_item
from meetings.before.schedule_document import schedule_document
from meetings.before.scheduling import cancel_meeting, change_meeting, publish_meeting, schedule_meeting
from meetings.before.weekly_schedule import (
    EntryFacts,
    Week,
    change_entry,
    publish_week,
    read_entry,
    read_week,
    remove_entry,
    write_entry,
)
from meetings.rules.refusals import Refused
from meetings.storage.tables import JournalRow, Meeting, Notification, Outbox, ScheduleEntry
from meetings.storage.unit_of_work import Store
from tests.support.council import Council, make_council

MONDAY = date(2031, 3, 10)
VISIT = EntryFacts(
    day=MONDAY + timedelta(days=1), starts="14:00", title="Tiếp công dân", chair="Ông Nguyễn Văn A", place="Trụ sở",
    attendees="Tổ đại biểu số 1", prepared_by="Văn phòng", note="Xe 51A",
)  # fmt: skip


@pytest.fixture
async def council(store: Store) -> Council:
    return await make_council(store)


async def _meeting(store: Store, council: Council, starts: str = "2031-03-12T08:00") -> Meeting:
    async with store.work() as work:
        secretary = council["secretary"]
        meeting = await schedule_meeting(
            work, secretary, body=council.body, title="Họp ban", starts=starts, place="Phòng 1"
        )
        await add_item(work, secretary, meeting.id, title="Báo cáo")
        await publish_meeting(work, secretary, meeting.id)
    return meeting


async def _write(store: Store, council: Council, facts: EntryFacts = VISIT) -> ScheduleEntry:
    async with store.work() as work:
        return await write_entry(work, council["secretary"], council.body, facts)


async def _publish(store: Store, council: Council) -> int:
    async with store.work() as work:
        return (await publish_week(work, council["secretary"], council.body, MONDAY)).number


async def _read(store: Store, council: Council, who: str = "delegate01", day: date = MONDAY) -> Week:
    async with store.reading() as reading:
        return await read_week(reading, council[who], council.body, day)


def _seen(week: Week) -> list[tuple[str, str]]:
    return [(one.line.title, one.change.value) for one in week.lines]


async def _told(store: Store, council: Council, who: str) -> Sequence[tuple[str, dict[str, Any]]]:
    async with store.reading() as reading:
        rows = await reading.session.execute(
            select(Notification.message, Notification.facts)
            .where(
                Notification.person_id == council[who].person, Notification.link.like("/calendar/schedule%")
            )
            .order_by(Notification.at, Notification.message)
        )
        return [(row[0], row[1]) for row in rows]


async def test_meetings_appear_by_themselves_and_entries_with_the_publication(
    store: Store, council: Council
) -> None:
    await _write(store, council)
    await _meeting(store, council)
    assert _seen(await _read(store, council)) == [("Họp ban", "same")]
    assert _seen(await _read(store, council, "secretary")) == [("Tiếp công dân", "same"), ("Họp ban", "same")]
    await _publish(store, council)
    visit, meeting = (await _read(store, council)).lines
    assert visit.line.part == "afternoon"
    assert (visit.line.chair, visit.line.note) == ("Ông Nguyễn Văn A", "Xe 51A")
    assert meeting.line.chair == "Nguyễn Văn Đại Biểu 00"
    assert meeting.line.place == "Phòng 1"
    assert not (await _read(store, council, day=MONDAY + timedelta(days=7))).lines


async def test_changes_are_marked_against_the_first_publication_and_told_once(
    store: Store, council: Council
) -> None:
    entry, meeting = await _write(store, council), await _meeting(store, council)
    assert await _publish(store, council) == 1
    with pytest.raises(Refused, match="Nothing has changed"):
        await _publish(store, council)
    async with store.work() as work:
        await change_entry(
            work,
            council["secretary"],
            entry.id,
            replace(VISIT, day=MONDAY + timedelta(days=3), starts="19:30"),
        )
        await change_meeting(work, council["secretary"], meeting.id, place="Phòng 2")
    added = await _write(store, council, replace(VISIT, title="Đi cơ sở", starts="", part="morning"))
    expected = [
        ("Đi cơ sở", "added"),
        ("Tiếp công dân", "left"),
        ("Họp ban", "changed"),
        ("Tiếp công dân", "moved"),
    ]
    assert _seen(await _read(store, council)) == expected
    assert len((await _read(store, council, "secretary")).untold) == 3
    assert not (await _read(store, council)).untold
    assert await _publish(store, council) == 2
    assert _seen(await _read(store, council)) == expected, "the marks stay for the week"
    assert not (await _read(store, council, "secretary")).untold
    async with store.work() as work:
        await remove_entry(work, council["secretary"], added.id)
        await cancel_meeting(work, council["secretary"], meeting.id, reason="Bão")
    assert await _publish(store, council) == 3
    assert _seen(await _read(store, council)) == [
        ("Tiếp công dân", "left"),
        ("Họp ban", "removed"),
        ("Tiếp công dân", "moved"),
    ]


async def test_whoever_sits_in_the_body_is_told_and_told_again(store: Store, council: Council) -> None:
    entry = await _write(store, council)
    assert not await _told(store, council, "delegate01")
    await _publish(store, council)
    for who in ("delegate01", "chair", "secretary", "observer"):
        ((message, facts),) = await _told(store, council, who)
        assert message == weekly_schedule.PUBLISHED
        assert (facts["first"], facts["last"], facts["count"]) == ("10/03/2031", "16/03/2031", "1")
    for who in ("stranger", "officer", "foreign-secretary"):
        assert not await _told(store, council, who)
    async with store.work() as work:
        await change_entry(work, council["secretary"], entry.id, replace(VISIT, place="Nhà văn hóa"))
    assert len(await _told(store, council, "delegate01")) == 1, "not before it is published"
    await _publish(store, council)
    told = await _told(store, council, "delegate01")
    assert [message for message, _ in told] == [weekly_schedule.PUBLISHED, weekly_schedule.CHANGED]
    assert told[1][1]["titles"] == "Tiếp công dân"
    async with store.reading() as reading:
        letters = await reading.session.scalars(select(Outbox.payload).where(Outbox.kind == "mail"))
        (line,) = next(one["lines"] for one in letters if one["message"] == weekly_schedule.CHANGED)
        events = await reading.session.scalars(
            select(JournalRow.event).where(JournalRow.event == "WeekPublished")
        )
        assert len(events.all()) == 2
    assert line["facts"] == {"when": "11/03 14:00", "title": "Tiếp công dân"}


async def test_only_the_secretaries_of_the_body_write_and_publish(store: Store, council: Council) -> None:
    entry = await _write(store, council)
    for who in ("delegate01", "chair", "observer", "officer", "admin", "foreign-secretary"):
        actor = council[who]
        async with store.work() as work:
            for act in (
                write_entry(work, actor, council.body, VISIT),
                change_entry(work, actor, entry.id, VISIT),
                remove_entry(work, actor, entry.id),
                publish_week(work, actor, council.body, MONDAY),
                read_entry(work, actor, entry.id),
            ):
                with pytest.raises(Refused) as refused:
                    await act
                assert refused.value.code == "forbidden"
    for who in ("stranger", "officer", "foreign-secretary"):
        with pytest.raises(Refused):
            await _read(store, council, who)


@pytest.mark.parametrize(
    ("facts", "code", "field"),
    [
        ({"title": "  "}, "field-missing", "title"),
        ({"title": "x" * 501}, "field-long", "title"),
        ({"note": "x" * 501}, "field-long", "note"),
        ({"starts": "25:00"}, "wrong-input", "starts"),
        ({"starts": "14:00", "ends": "13:00"}, "times-wrong", "ends"),
        ({"starts": "", "part": "morning", "ends": "13:00"}, "times-wrong", "ends"),
        ({"starts": "", "part": ""}, "field-missing", "part"),
        ({"starts": "", "part": "night"}, "wrong-input", "part"),
        ({"day": date(1, 1, 1)}, "date-wrong", "day"),
    ],
)
async def test_an_entry_that_cannot_be_is_refused(
    store: Store, council: Council, facts: dict[str, Any], code: str, field: str
) -> None:
    with pytest.raises(Refused) as refused:
        await _write(store, council, replace(VISIT, **facts))
    assert (refused.value.code, refused.value.facts["field"]) == (code, field)
    async with store.reading() as reading:
        assert not (await reading.session.scalars(select(ScheduleEntry))).all()


async def test_a_week_is_not_published_empty_or_late_and_has_an_end(
    store: Store, council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    secretary = council["secretary"]
    async with store.work() as work:
        with pytest.raises(Refused, match="Nothing is written into this week"):
            await publish_week(work, secretary, council.body, MONDAY)
        with pytest.raises(Refused, match="over"):
            await publish_week(work, secretary, council.body, work.today - timedelta(days=7))
    monkeypatch.setattr(weekly_schedule, "MOST", 1)
    await _write(store, council)
    with pytest.raises(Refused, match="at most 1 entries"):
        await _write(store, council)
    later = await _write(store, council, replace(VISIT, day=MONDAY + timedelta(days=7)))
    async with store.work() as work:
        with pytest.raises(Refused, match="at most 1 entries"):
            await change_entry(work, secretary, later.id, VISIT)


async def test_the_printed_week_says_what_its_reader_may_see(store: Store, council: Council) -> None:
    entry = await _write(store, council)
    async with store.reading() as reading:
        before = await schedule_document(reading, council["delegate01"], council.body, MONDAY)
        draft = await schedule_document(reading, council["secretary"], council.body, MONDAY)
    assert not any(part.rows for day in before.days for part in day.parts)
    assert (draft.draft, draft.days[1].parts[1].rows[0].title) == (True, "Tiếp công dân")
    await _publish(store, council)
    async with store.work() as work:
        moved = replace(VISIT, day=MONDAY + timedelta(days=3))
        await change_entry(work, council["secretary"], entry.id, moved)
    async with store.reading() as reading:
        seen = await schedule_document(reading, council["delegate01"], council.body, MONDAY)
    assert (seen.draft, seen.days[1].name, len(seen.days), seen.days[6].parts) == (False, "Thứ Ba", 7, ())
    left, now = seen.days[1].parts[1].rows[0], seen.days[3].parts[1].rows[0]
    assert (left.gone, left.mark, left.told) == (True, "Chuyển đi", ("nay là Thứ Năm 13/03, 14:00",))
    assert (now.gone, now.mark, now.notes) == (False, "Đã chuyển", ("Văn phòng", "Xe 51A"))
