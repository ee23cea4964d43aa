"""Who comes in before a meeting: guests by their links, named substitutes; drafts that were never published."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select

from meetings.before.agenda import add_item, show_item
from meetings.before.calendar import meetings_between
from meetings.before.feeds import feed_meetings, open_feed
from meetings.before.guests import invite_guests, letter_for, open_letter, read_guests, reply_as_guest, visit
from meetings.before.replies import reply, reply_by_link
from meetings.before.scheduling import (
    cancel_meeting,
    meetings_for,
    open_to,
    open_to_public,
    public_meetings,
    publish_meeting,
    schedule_meeting,
)
from meetings.before.substitutes import nameable
from meetings.council.bodies import begin_membership, found_body
from meetings.storage.tables import Guest, Meeting
from meetings.storage.unit_of_work import Store
from tests.before.test_replies import SECRET, code_in, letters, prepared, refused, row_of
from tests.support.council import SINCE, make_council

A_GUEST = read_guests("Bà Khách; Hội Nông dân; khach@example.invalid")


async def test_a_draft_that_was_never_published_stays_with_those_who_prepare(store: Store) -> None:
    council = await make_council(store, seats=3)
    secretary, member = council["secretary"], council["delegate01"]
    store.clock = lambda: datetime(2026, 11, 19, 2, 0, tzinfo=UTC)
    async with store.work() as work:
        meeting = await schedule_meeting(
            work, secretary, body=council.body, title="Phiên bí mật", starts="2026-11-24T08:00"
        )
        await add_item(work, secretary, meeting.id, title="Một")
        _, feed = await open_feed(work, member)
    async with store.work() as work:
        await cancel_meeting(work, secretary, meeting.id, reason="Không cần")
        await open_to_public(work, secretary, meeting.id, public=True)
    first, last = date(2026, 11, 1), date(2026, 11, 30)
    async with store.reading() as reading:
        for reader in (member, council["chair"], council["observer"]):
            await refused("not-found", open_to(reading, reader, meeting.id))
            assert not await meetings_for(reading, reader)
            assert not await meetings_between(reading, reader, first, last)
        assert not (await feed_meetings(reading, feed))[1]
        assert not await public_meetings(reading)
        assert len(await meetings_for(reading, secretary)) == 1
        assert len(await meetings_between(reading, secretary, first, last)) == 1


async def test_no_guest_is_invited_to_a_hidden_item_and_none_hears_of_one_that_is_hidden_later(
    store: Store,
) -> None:
    council = await make_council(store, seats=3)
    secretary = council["secretary"]
    async with store.work() as work:
        meeting = await schedule_meeting(
            work, secretary, body=council.body, title="Phiên họp", starts="2026-11-24T08:00"
        )
        await add_item(work, secretary, meeting.id, title="Khai mạc")
        item = await add_item(work, secretary, meeting.id, title="Nhân sự", visibility="hidden")
    async with store.work() as work:
        await refused("guest-hidden", invite_guests(work, secretary, meeting.id, A_GUEST, item=item.id))
    async with store.work() as work:
        await show_item(work, secretary, item.id, visibility="common")
        (guest,) = await invite_guests(work, secretary, meeting.id, A_GUEST, item=item.id)
        await show_item(work, secretary, item.id, visibility="hidden")
        await publish_meeting(work, secretary, meeting.id)
    (letter,) = await letters(store, guest.id)
    assert letter["calendar"]["agenda"] == []
    assert "Nhân sự" not in str(letter)


async def test_a_guests_link_holds_until_the_meeting_is_over_or_cancelled(store: Store) -> None:
    council, sitting = await prepared(store)
    secretary = council["secretary"]
    async with store.work() as work:
        (guest,) = await invite_guests(work, secretary, sitting.meeting, A_GUEST)
    (letter,) = await letters(store, guest.id)
    code = code_in(letter)
    clock = store.clock
    store.clock = lambda: datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
    async with store.work() as work:
        await refused("guest-over", open_letter(work, guest.id, code, secret=SECRET))
        await refused("link-used", open_letter(work, guest.id, "guessed", secret=SECRET))
    store.clock = clock
    async with store.work() as work:
        _, cookie = await open_letter(work, guest.id, code, secret=SECRET)
    async with store.work() as work:
        await visit(work, cookie)
        (second,) = await invite_guests(
            work, secretary, sitting.meeting, read_guests("Ông Hai; Tổ 2; hai@example.invalid")
        )
        await cancel_meeting(work, secretary, sitting.meeting, reason="Bão")
    unopened = code_in((await letters(store, second.id))[0])
    async with store.work() as work:
        await refused("guest-cancelled", visit(work, cookie))
        await refused("guest-cancelled", reply_as_guest(work, cookie, answer="accept"))
        await refused("guest-cancelled", open_letter(work, second.id, unopened, secret=SECRET))
        await refused("link-used", open_letter(work, second.id, code, secret=SECRET))
        await refused("link-used", letter_for(work, guest.id, "guessed", secret=SECRET))
    async with store.reading() as reading:
        rows = await reading.session.scalars(select(Guest.answer))
        assert set(rows) == {""}


async def test_only_whom_the_standing_orders_allow_is_named_by_letter_or_in_the_house(store: Store) -> None:
    council, sitting = await prepared(store, substitutes=True)
    stranger, observer, member = council["stranger"], council["observer"], council["delegate01"]
    async with store.work() as work:
        committee = await found_body(
            work, None, name="Ban Pháp chế", seats=3, symbol="BPC", parent=council.body
        )
        await begin_membership(work, None, body=committee.id, person=council["officer"].person, since=SINCE)
    async with store.reading() as reading:
        offered = [one.id for one in await nameable(reading, await reading.get(Meeting, sitting.meeting))]
    assert set(offered) == {observer.person, council["secretary"].person, council["officer"].person}
    row = await row_of(store, sitting, member.person)
    code = code_in((await letters(store, member.person))[0])
    wanted: dict[str, Any] = {"answer": "substitute", "reason": "Ốm"}
    async with store.work() as work:
        for act in (
            reply(work, member, sitting.meeting, substitute=stranger.person, **wanted),
            reply_by_link(work, row.id, code, secret=SECRET, substitute=stranger.person, **wanted),
        ):
            await refused("substitute-far", act)
    async with store.work() as work:
        kept = await reply_by_link(work, row.id, code, secret=SECRET, substitute=observer.person, **wanted)
    assert (kept.substitute_id, kept.substitute_state) == (observer.person, "proposed")
