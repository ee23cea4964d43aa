"""An internal item over Socket.IO: its numbers and ballots go to those alone who may hear of it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import select

from meetings.before.agenda import show_item
from meetings.council.persons import grant_role
from meetings.during.proceedings import call_to_order, take_up
from meetings.during.voting import close_poll
from meetings.rules.permissions import Role
from meetings.storage.tables import Membership
from tests.realtime.conftest import Live
from tests.realtime.test_sockets import act
from tests.support.council import Sitting, begin_poll, publish_sitting, seat


async def test_numbers_of_an_internal_item_are_not_told_to_observers(live: Live) -> None:
    sitting = await _internal_item_in_hand(live)
    member, observer = await live.follower("delegate01"), await live.follower("observer")
    poll = await begin_poll(live.store, live.council, sitting)
    assert len((await member.enter(sitting.meeting))["polls"]) == 1
    assert (await observer.enter(sitting.meeting))["polls"] == []
    await member.cast(poll, "yes")
    await member.until(lambda follower: bool(follower.heard("poll")))
    await act(live, "chair", close_poll, poll)
    await observer.until(lambda follower: bool(follower.heard("changed")))
    assert [packet["cast"] for packet in member.heard("poll")] == [1]
    assert not observer.heard("poll")


async def test_whose_seat_ends_hears_only_what_observers_hear(live: Live) -> None:
    sitting = await _internal_item_in_hand(live)
    council, leaving = live.council, live.council["delegate02"]
    async with live.store.work() as work:
        await grant_role(work, None, person=leaving.person, role=Role.OBSERVER, body=council.body)
    stays, leaves = await live.follower("delegate01"), await live.follower("delegate02")
    for follower in (stays, leaves):
        await follower.enter(sitting.meeting)
    assert len(_handed_ballots(live, sitting.meeting)) == 2
    async with live.store.work() as work:
        seats = await work.session.scalars(select(Membership).where(Membership.person_id == leaving.person))
        seats.one().until = date(2025, 12, 31)
    await live.realtime.recheck()
    assert len(_handed_ballots(live, sitting.meeting)) == 1
    poll = await begin_poll(live.store, council, sitting)
    await stays.cast(poll, "yes")
    await stays.until(lambda follower: bool(follower.heard("poll")))
    await act(live, "chair", close_poll, poll)
    await leaves.until(lambda follower: len(follower.heard("changed")) > 1)
    assert not leaves.heard("poll")


async def _internal_item_in_hand(live: Live) -> Sitting:
    sitting = await publish_sitting(live.store, live.council)
    async with live.store.work() as work:
        await show_item(work, live.council["secretary"], sitting.item, visibility="internal")
    await seat(live.store, live.council, sitting.meeting, 9)
    await act(live, "chair", call_to_order, sitting.meeting)
    await act(live, "chair", take_up, sitting.item)
    return sitting


def _handed_ballots(live: Live, meeting: UUID) -> set[str]:
    """The sockets that ballots of this meeting are handed to."""
    rooms: dict[str, dict[str, object]] = live.realtime.sio.manager.rooms["/"]
    sheets = (sockets for room, sockets in rooms.items() if room and room.startswith(f"sheet:{meeting}:"))
    return {sid for sockets in sheets for sid in sockets}
