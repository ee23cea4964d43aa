"""A draft agenda is put in order by rules that its body keeps."""

from __future__ import annotations

import pytest

from meetings.before.agenda import add_item, agenda_of
from meetings.before.ordering import order_agenda
from meetings.before.scheduling import publish_meeting, schedule_meeting
from meetings.during.motions import move_motion
from meetings.rules.refusals import Refused
from meetings.storage.tables import Body
from meetings.storage.unit_of_work import Store
from tests.support.council import make_council


async def test_a_body_keeps_its_order(store: Store) -> None:
    council = await make_council(store, seats=3)
    secretary = council["secretary"]
    async with store.work() as work:
        meeting = await schedule_meeting(
            work, secretary, body=council.body, title="Kỳ họp", starts="2027-01-12T08:00"
        )
        await add_item(work, secretary, meeting.id, title="Nghe báo cáo", minutes_planned=5)
        await add_item(work, secretary, meeting.id, title="Chất vấn", kind="questions")
        decided = await add_item(work, secretary, meeting.id, title="Ngân sách", minutes_planned=30)
        await move_motion(work, secretary, decided.id, title="Nghị quyết")
    async with store.work() as work:
        with pytest.raises(Refused) as refusal:
            await order_agenda(work, secretary, meeting.id)
    assert refusal.value.code == "order-missing"
    async with store.work() as work:
        await order_agenda(work, secretary, meeting.id, criteria=["decisions", "questions-last"])
    async with store.work() as work:
        titles = [f"{item.number} {item.title}" for item in await agenda_of(work, meeting.id)]
        assert titles == ["1 Ngân sách", "2 Nghe báo cáo", "3 Chất vấn"]
        assert (await work.get(Body, council.body)).agenda_order == ["decisions", "questions-last"]
        await add_item(work, secretary, meeting.id, title="Đất đai", after=decided.id)
        await order_agenda(work, secretary, meeting.id)
        titles = [item.title for item in await agenda_of(work, meeting.id)]
        assert titles == ["Ngân sách", "Đất đai", "Nghe báo cáo", "Chất vấn"]
    for code, act in (
        ("wrong-input", lambda work: order_agenda(work, secretary, meeting.id, criteria=["loudest"])),
        ("forbidden", lambda work: order_agenda(work, council["chair"], meeting.id, criteria=["short"])),
    ):
        async with store.work() as work:
            with pytest.raises(Refused) as refusal:
                await act(work)
        assert refusal.value.code == code
    async with store.work() as work:
        await publish_meeting(work, secretary, meeting.id)
        with pytest.raises(Refused) as refusal:
            await order_agenda(work, secretary, meeting.id)
    assert refusal.value.code == "not-now"
