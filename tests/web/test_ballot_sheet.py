"""The ballot that is handed out holds nothing personal, and is not made where some would get it in vain."""

from __future__ import annotations

import pytest

from meetings.during.consent import draft_consent
from meetings.during.motions import move_motion
from meetings.during.recusals import declare_recusal
from meetings.during.voting import draft_poll, open_poll
from meetings.storage.unit_of_work import Store
from meetings.web.ballot_sheet import sheets_of
from meetings.web.render import Renderer
from tests.support.council import begin_poll, begin_sitting, make_council


async def test_one_ballot_for_all_in_each_language(store: Store) -> None:
    council = await make_council(store, seats=3)
    sitting = await begin_sitting(store, council)
    made = await sheets_of(store, Renderer())(await begin_poll(store, council, sitting))
    assert sorted(made) == ["en", "vi"]
    assert "In favour" in made["en"]
    assert "Tán thành" in made["vi"]
    for html in made.values():
        assert 'name="_csrf_token" value=""' in html
        assert 'data-voter=""' in html
        assert not any(actor.name in html or str(actor.person) in html for actor in council.delegates)


async def test_none_for_a_show_of_hands(store: Store) -> None:
    council = await make_council(store, seats=3)
    sitting = await begin_sitting(store, council)
    async with store.work() as work:
        poll = await draft_poll(work, council["chair"], sitting.item, motion=sitting.motion, method="hands")
        await open_poll(work, council["chair"], poll.id)
    assert await sheets_of(store, Renderer())(poll.id) == {}


@pytest.mark.parametrize("aside", [False, True])
async def test_none_for_a_group_where_somebody_stands_aside(store: Store, aside: bool) -> None:
    council = await make_council(store, seats=3)
    sitting = await begin_sitting(store, council)
    async with store.work() as work:
        second = await move_motion(work, council["secretary"], sitting.item, title="Hai")
        if aside:
            await declare_recusal(work, council["delegate01"], sitting.item, reason="Người nhà")
        poll = await draft_consent(work, council["chair"], sitting.meeting, [sitting.motion, second.id])
        await open_poll(work, council["chair"], poll.id)
    assert bool(await sheets_of(store, Renderer())(poll.id)) is not aside
