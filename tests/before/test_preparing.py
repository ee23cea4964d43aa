"""A meeting is scheduled, its agenda written and ordered, its papers laid, its notice sent."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

import pytest
from sqlalchemy import func, select

from meetings.before.agenda import add_item, agenda_of, change_item, move_item, remove_item
from meetings.before.papers import keep_upload, lay_paper, leaves_of, open_paper, withdraw_paper
from meetings.before.scheduling import (
    cancel_meeting,
    change_meeting,
    meetings_for,
    open_to,
    publish_meeting,
    schedule_meeting,
)
from meetings.rules.refusals import Refused
from meetings.storage.tables import JournalRow, Meeting, Notification, Outbox
from meetings.storage.unit_of_work import Store
from tests.support.council import Council, make_council, publish_sitting


async def _draft(store: Store, council: Council, *titles: str) -> tuple[Meeting, list[str]]:
    async with store.work() as work:
        meeting = await schedule_meeting(
            work, council["secretary"], body=council.body, title="Kỳ họp", starts="2026-11-25T08:30"
        )
        for title in titles:
            await add_item(work, council["secretary"], meeting.id, title=title)
    return meeting, await _printed(store, meeting)


async def _printed(store: Store, meeting: Meeting) -> list[str]:
    async with store.reading() as reading:
        return [f"{item.number} {item.title}" for item in await agenda_of(reading, meeting.id)]


async def _refused(code: str, act: Awaitable[object]) -> None:
    with pytest.raises(Refused) as refusal:
        await act
    assert refusal.value.code == code


async def test_a_start_is_local_time_and_kept_in_utc_too(store: Store) -> None:
    council = await make_council(store, seats=3)
    meeting, _ = await _draft(store, council)
    async with store.reading() as reading:
        kept = await reading.get(Meeting, meeting.id)
    assert kept.starts_local == "2026-11-25T08:30"
    assert kept.starts_at.isoformat() == "2026-11-25T01:30:00+00:00"


async def test_items_are_numbered_moved_and_removed(store: Store) -> None:
    council = await make_council(store, seats=3)
    secretary = council["secretary"]
    meeting, printed = await _draft(store, council, "Khai mạc", "Báo cáo", "Bế mạc")
    assert printed == ["1 Khai mạc", "2 Báo cáo", "3 Bế mạc"]
    async with store.reading() as reading:
        first, second, third = await agenda_of(reading, meeting.id)
    async with store.work() as work:
        await move_item(work, secretary, third.id, parent=second.id, position=0)
    assert await _printed(store, meeting) == ["1 Khai mạc", "2 Báo cáo", "2.1 Bế mạc"]
    async with store.work() as work:
        await move_item(work, secretary, second.id, parent=None, position=0)
    assert await _printed(store, meeting) == ["1 Báo cáo", "1.1 Bế mạc", "2 Khai mạc"]
    async with store.work() as work:
        await _refused("agenda-cycle", move_item(work, secretary, second.id, parent=third.id, position=0))
    async with store.work() as work:
        await _refused("item-in-use", remove_item(work, secretary, second.id))
    async with store.work() as work:
        await remove_item(work, secretary, first.id)
    assert await _printed(store, meeting) == ["1 Báo cáo", "1.1 Bế mạc"]


async def test_after_publication_an_inserted_item_gets_a_letter(store: Store) -> None:
    council = await make_council(store, seats=3)
    secretary = council["secretary"]
    meeting, _ = await _draft(store, council, "Một", "Hai")
    async with store.work() as work:
        await publish_meeting(work, secretary, meeting.id)
    async with store.reading() as reading:
        first, _ = await agenda_of(reading, meeting.id)
    async with store.work() as work:
        await add_item(work, secretary, meeting.id, title="Chen", after=first.id)
        await add_item(work, secretary, meeting.id, title="Ba")
    assert await _printed(store, meeting) == ["1 Một", "1a Chen", "2 Hai", "3 Ba"]


async def test_an_empty_agenda_is_not_published_and_a_draft_is_the_secretarys_alone(store: Store) -> None:
    council = await make_council(store, seats=3)
    meeting, _ = await _draft(store, council)
    async with store.work() as work:
        await _refused("agenda-empty", publish_meeting(work, council["secretary"], meeting.id))
    async with store.reading() as reading:
        await _refused("not-found", open_to(reading, council["delegate01"], meeting.id))
        assert await meetings_for(reading, council["delegate01"]) == []
        assert len(await meetings_for(reading, council["secretary"])) == 1
        await _refused("not-found", open_to(reading, council["foreign-secretary"], meeting.id))


async def test_publishing_tells_everybody_concerned_once(store: Store) -> None:
    council = await make_council(store, seats=3)
    await publish_sitting(store, council)
    async with store.reading() as reading:
        told = (await reading.session.scalars(select(Notification.person_id))).all()
        letters = (await reading.session.scalars(select(Outbox.payload))).all()
    concerned = {
        council[name].person for name in ("delegate00", "delegate01", "delegate02", "secretary", "observer")
    }
    assert sorted(told) == sorted(concerned)
    assert len({letter["to"] for letter in letters}) == len(letters) == 5


async def test_a_change_after_publication_is_told_and_one_before_is_not(store: Store) -> None:
    council = await make_council(store, seats=3)
    secretary = council["secretary"]
    meeting, _ = await _draft(store, council, "Một")
    async with store.work() as work:
        await change_meeting(work, secretary, meeting.id, place="Phòng 1")
        await publish_meeting(work, secretary, meeting.id)
        await change_meeting(work, secretary, meeting.id, starts="2026-11-26T09:00")
        await cancel_meeting(work, secretary, meeting.id, reason="Bão")
    async with store.reading() as reading:
        kinds = (
            await reading.session.execute(select(Notification.message, func.count()).group_by("message"))
        ).all()
    assert sorted(count for _, count in kinds) == [5, 5, 5]


@pytest.mark.parametrize(
    "who", ["delegate01", "observer", "admin", "officer", "foreign-secretary", "stranger"]
)
async def test_only_the_bodys_secretary_prepares(store: Store, who: str) -> None:
    council = await make_council(store, seats=3)
    meeting, _ = await _draft(store, council, "Một")
    async with store.reading() as reading:
        (item,) = await agenda_of(reading, meeting.id)
    for act in (
        lambda work: schedule_meeting(
            work, council[who], body=council.body, title="X", starts="2026-11-25T08:30"
        ),
        lambda work: change_meeting(work, council[who], meeting.id, title="X"),
        lambda work: publish_meeting(work, council[who], meeting.id),
        lambda work: cancel_meeting(work, council[who], meeting.id, reason="X"),
        lambda work: add_item(work, council[who], meeting.id, title="X"),
        lambda work: change_item(work, council[who], item.id, title="X"),
        lambda work: move_item(work, council[who], item.id, parent=None, position=0),
        lambda work: remove_item(work, council[who], item.id),
    ):
        async with store.work() as work:
            await _refused("forbidden", act(work))


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"title": " "}, "field-missing"),
        ({"title": "x" * 501}, "field-long"),
        ({"title": "X", "starts": "morgen"}, "date-wrong"),
    ],
)
async def test_bad_input_is_refused_by_field(store: Store, fields: dict[str, Any], code: str) -> None:
    council = await make_council(store, seats=3)
    wanted: dict[str, Any] = {"starts": "2026-11-25T08:30"} | fields
    async with store.work() as work:
        await _refused(code, schedule_meeting(work, council["secretary"], body=council.body, **wanted))
    async with store.reading() as reading:
        assert await reading.session.scalar(select(func.count()).select_from(Meeting)) == 0


async def test_papers_have_versions_and_nothing_is_replaced(store: Store) -> None:
    council = await make_council(store, seats=3)
    secretary, delegate = council["secretary"], council["delegate01"]
    sitting = await publish_sitting(store, council)
    first = await keep_upload(store, "..\\Tờ trình số 1.pdf", b"%PDF-1 first", 3)
    second = await keep_upload(store, "Tờ trình số 1.pdf", b"%PDF-1 second", 4)
    async with store.work() as work:
        version = await lay_paper(work, secretary, sitting.item, first)
        await lay_paper(work, secretary, sitting.item, second, paper=version.paper_id)
    async with store.reading() as reading:
        leaves = await leaves_of(reading, sitting.meeting)
        (leaf,) = leaves[sitting.item]
        assert (leaf.title, leaf.version, leaf.pages) == ("Tờ trình số 1", 2, 4)
        _, newest, versions = await open_paper(reading, delegate, version.paper_id)
        assert [one.number for one in versions] == [1, 2]
        assert await store.files.get(newest.sha256) == b"%PDF-1 second"
        _, old, _ = await open_paper(reading, delegate, version.paper_id, version=1)
        assert await store.files.get(old.sha256) == b"%PDF-1 first"
        for stranger in ("stranger", "officer", "admin", "foreign-secretary"):
            await _refused("not-found", open_paper(reading, council[stranger], version.paper_id))
    async with store.work() as work:
        await withdraw_paper(work, secretary, version.paper_id)
    async with store.reading() as reading:
        assert await leaves_of(reading, sitting.meeting) == {}
        await _refused("not-found", open_paper(reading, delegate, version.paper_id))
        events = (await reading.session.scalars(select(JournalRow.event).order_by(JournalRow.seq))).all()
    assert [name for name in events if name.startswith("Paper")] == [
        "PaperLaid",
        "PaperLaid",
        "PaperWithdrawn",
    ]


@pytest.mark.parametrize("starts", ["0001-01-01T00:00", "9999-12-31T23:59", "1899-12-31T08:00", "tomorrow"])
async def test_a_start_outside_the_calendar_is_refused(store: Store, starts: str) -> None:
    council = await make_council(store, seats=3)

    async def schedule() -> None:
        async with store.work() as work:
            await schedule_meeting(work, council["secretary"], body=council.body, title="Họp", starts=starts)

    await _refused("date-wrong", schedule())
