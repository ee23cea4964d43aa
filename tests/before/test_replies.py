"""Members reply by link or in the house, the chair decides on substitutes, reminders go out once, guests come in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from meetings.before.agenda import add_item
from meetings.before.guests import (
    Invited,
    earlier_groups,
    guests_of,
    invite_guests,
    open_letter,
    read_guests,
    reply_as_guest,
    visit,
    withdraw_guest,
    write_again,
)
from meetings.before.reminding import MISSING, SOON, remind_due, remind_missing, send_digests
from meetings.before.replies import decide_substitute, own_reply, replies_of, reply, reply_by_link
from meetings.before.scheduling import change_meeting, publish_meeting, schedule_meeting
from meetings.during.standing_in import substitutes_in
from meetings.rules.refusals import Refused
from meetings.rules.replies import link_code
from meetings.storage.tables import Body, JournalRow, Meeting, Notification, Outbox, Reply, TellingChoice
from meetings.storage.unit_of_work import Store
from tests.support.council import Council, Sitting, make_council, publish_sitting

SECRET = "x" * 32
PUBLISHED = datetime(2026, 11, 19, 2, 0, tzinfo=UTC)
"""Thursday 09:00; the meeting begins on Tuesday 24 November at 08:00."""


def ticking(start: datetime) -> Callable[[], datetime]:
    """A clock that goes on by a second at each look: letters have an order."""
    seconds = count()
    return lambda: start + timedelta(seconds=next(seconds))


async def refused(code: str, act: Awaitable[object]) -> None:
    with pytest.raises(Refused) as caught:
        await act
    assert caught.value.code == code


async def prepared(store: Store, **rules: bool) -> tuple[Council, Sitting]:
    store.clock = ticking(PUBLISHED)
    council = await make_council(store, seats=3)
    if rules:
        async with store.work() as work:
            (await work.locked(Body, council.body)).room_rules = dict(rules)
    return council, await publish_sitting(store, council)


async def row_of(store: Store, sitting: Sitting, person: UUID) -> Reply:
    async with store.reading() as reading:
        row = await reading.session.scalar(
            select(Reply).where(Reply.meeting_id == sitting.meeting, Reply.person_id == person)
        )
    assert row is not None
    return row


async def letters(store: Store, to: UUID) -> list[dict[str, Any]]:
    async with store.reading() as reading:
        query = select(Outbox.payload).where(Outbox.to_id == to, Outbox.kind == "mail")
        return list((await reading.session.scalars(query.order_by(Outbox.created_at))).all())


def code_in(letter: dict[str, Any]) -> str:
    way = letter["reply"]
    return link_code(SECRET, way["kind"], way["id"], way["round"])


async def test_a_link_takes_one_reply_and_no_other(store: Store) -> None:
    council, sitting = await prepared(store)
    row = await row_of(store, sitting, council["delegate01"].person)
    (letter,) = await letters(store, council["delegate01"].person)
    code = code_in(letter)
    other = await row_of(store, sitting, council["delegate02"].person)
    async with store.work() as work:
        await refused("link-used", reply_by_link(work, other.id, code, secret=SECRET, answer="accept"))
        await refused("link-used", reply_by_link(work, row.id, code, secret="y" * 32, answer="accept"))
        await refused("reason-missing", reply_by_link(work, row.id, code, secret=SECRET, answer="decline"))
        await refused("wrong-input", reply_by_link(work, row.id, code, secret=SECRET, answer="maybe"))
    async with store.work() as work:
        await reply_by_link(work, row.id, code, secret=SECRET, answer="decline", reason="Công tác xa")
    async with store.work() as work:
        await refused("link-used", reply_by_link(work, row.id, code, secret=SECRET, answer="accept"))
        await reply(work, council["delegate01"], sitting.meeting, answer="accept")
    row = await row_of(store, sitting, council["delegate01"].person)
    assert (row.answer, row.reason) == ("accept", "")
    async with store.reading() as reading:
        rows = await reading.session.scalars(
            select(JournalRow).where(JournalRow.event == "ReplyGiven").order_by(JournalRow.seq)
        )
        kept = rows.all()
    assert [entry.payload["answer"] for entry in kept] == ["decline", "accept"]
    assert all("Công tác" not in str(entry.payload) for entry in kept)


async def test_who_may_reply_for_whom_and_when(store: Store) -> None:
    council, sitting = await prepared(store)
    member = council["delegate01"].person
    async with store.work() as work:
        await refused("reply-not-asked", reply(work, council["observer"], sitting.meeting, answer="accept"))
        await refused("not-found", reply(work, council["stranger"], sitting.meeting, answer="accept"))
        for login in ("delegate02", "chair"):
            act = reply(work, council[login], sitting.meeting, answer="accept", member=member)
            await refused("forbidden", act)
        await reply(work, council["secretary"], sitting.meeting, answer="accept", member=member)
        (await work.locked(Meeting, sitting.meeting)).state = "in_session"
        await refused("not-now", reply(work, council["delegate02"], sitting.meeting, answer="accept"))


async def test_the_chair_agrees_to_a_substitute_who_then_sits_in_the_seat(store: Store) -> None:
    council, sitting = await prepared(store, substitutes=True, any_substitute=True)
    member, chair = council["delegate01"], council["chair"]
    async with store.work() as work:
        for code, who in (("field-missing", None), ("substitute-member", council["delegate02"].person)):
            act = reply(
                work, member, sitting.meeting, answer="substitute", reason="Ốm", substitute=who
            )  # fmt: skip
            await refused(code, act)
        row = await reply(
            work, member, sitting.meeting, answer="substitute", reason="Ốm", substitute=council["stranger"].person
        )  # fmt: skip
    async with store.work() as work:
        await refused("forbidden", decide_substitute(work, council["secretary"], row.id, agree=True))
        await decide_substitute(work, chair, row.id, agree=True)
    async with store.work() as work:
        await refused("substitute-decided", decide_substitute(work, chair, row.id, agree=False))
        act = reply(work, member, sitting.meeting, answer="accept")
        await refused("reply-substitute-approved", act)
    async with store.reading() as reading:
        (stand_in,) = await substitutes_in(reading, sitting.meeting)
        told = await reading.session.scalars(
            select(Notification.person_id).where(Notification.message.contains("agreed"))
        )
        assert set(told) == {member.person, council["stranger"].person}
    assert (stand_in.person, stand_in.by) == (member.person, council["stranger"].person)


async def test_a_substitute_who_is_not_agreed_to_leaves_the_member_free_to_reply_again(store: Store) -> None:
    council, sitting = await prepared(store, substitutes=True, any_substitute=True)
    member = council["delegate01"]
    async with store.work() as work:
        row = await reply(
            work, member, sitting.meeting, answer="substitute", reason="Ốm", substitute=council["stranger"].person
        )  # fmt: skip
        await decide_substitute(work, council["chair"], row.id, agree=False)
    async with store.reading() as reading:
        assert await substitutes_in(reading, sitting.meeting) == []
        found = next(one for one in await replies_of(reading, sitting.meeting) if one.person == member.person)
    assert (found.answer, found.substitute_state) == ("substitute", "refused")
    async with store.work() as work:
        kept = await reply(work, member, sitting.meeting, answer="decline", reason="Ốm")
    assert (kept.substitute_id, kept.substitute_state) == (None, "")


async def test_a_body_without_substitutes_takes_none(store: Store) -> None:
    council, sitting = await prepared(store)
    async with store.work() as work:
        act = reply(
            work, council["delegate01"], sitting.meeting, answer="substitute", reason="Ốm",
            substitute=council["stranger"].person,
        )  # fmt: skip
        await refused("substitutes-off", act)


async def test_another_hour_asks_anew_and_another_place_does_not(store: Store) -> None:
    council, sitting = await prepared(store)
    member, secretary = council["delegate01"], council["secretary"]
    async with store.work() as work:
        await reply(work, member, sitting.meeting, answer="accept")
    (first,) = await letters(store, council["delegate02"].person)
    async with store.work() as work:
        await change_meeting(work, secretary, sitting.meeting, place="Phòng 2")
    assert (await row_of(store, sitting, member.person)).answer == "accept"
    assert "reply" not in (await letters(store, member.person))[-1], "who has replied is not asked again"
    async with store.work() as work:
        await change_meeting(work, secretary, sitting.meeting, starts="2026-11-25T08:00")
    assert (await row_of(store, sitting, member.person)).answer == ""
    other = await row_of(store, sitting, council["delegate02"].person)
    async with store.work() as work:
        act = reply_by_link(work, other.id, code_in(first), secret=SECRET, answer="accept")
        await refused("link-used", act)
        newest = (await letters(store, council["delegate02"].person))[-1]
        await reply_by_link(work, other.id, code_in(newest), secret=SECRET, answer="accept")


async def test_reminders_go_out_once_to_those_they_concern(store: Store) -> None:
    council, sitting = await prepared(store)
    async with store.work() as work:
        await reply(work, council["delegate00"], sitting.meeting, answer="accept")
        await reply(work, council["delegate01"], sitting.meeting, answer="decline", reason="Ốm")
    assert await remind_due(store) == 0
    store.clock = lambda: datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
    assert await remind_due(store) == 2
    assert await remind_due(store) == 0
    async with store.reading() as reading:
        rows = await reading.session.execute(
            select(Notification.person_id, Notification.message).where(
                Notification.message.in_((SOON, MISSING))
            )
        )
        told = dict(iter(rows))
    assert set(told) == {council["delegate00"].person, council["delegate02"].person}
    assert told[council["delegate00"].person] == SOON
    asked = (await letters(store, council["delegate02"].person))[-1]
    row = await row_of(store, sitting, council["delegate02"].person)
    async with store.work() as work:
        await reply_by_link(work, row.id, code_in(asked), secret=SECRET, answer="accept")
        await refused("forbidden", remind_missing(work, council["chair"], sitting.meeting))
        assert await remind_missing(work, council["secretary"], sitting.meeting) == 0


async def test_a_guest_opens_the_link_once_and_sees_the_own_item(store: Store) -> None:
    council, sitting = await prepared(store)
    secretary = council["secretary"]
    guests = read_guests("Bà Nguyễn Thị Khách; Hội Nông dân; khach@example.invalid\n\nÔng Trần Văn Giấy")
    async with store.work() as work:
        act = invite_guests(work, council["chair"], sitting.meeting, guests, item=sitting.item)
        await refused("forbidden", act)
        first, second = await invite_guests(
            work, secretary, sitting.meeting, guests, item=sitting.item, group="Hội Nông dân"
        )
        act = invite_guests(work, secretary, sitting.meeting, guests[:1], item=sitting.item)
        await refused("guest-known", act)
    assert await letters(store, second.id) == []
    (letter,) = await letters(store, first.id)
    assert letter["calendar"]["agenda"] == ["2. Điều chỉnh dự toán ngân sách năm 2026"]
    code = code_in(letter)
    async with store.work() as work:
        await refused("link-used", open_letter(work, second.id, code, secret=SECRET))
        _, cookie = await open_letter(work, first.id, code, secret=SECRET)
    async with store.work() as work:
        await refused("link-used", open_letter(work, first.id, code, secret=SECRET))
        await refused("link-used", visit(work, "guessed"))
        seen = await visit(work, cookie)
        assert [item.title for item in seen.items] == ["Điều chỉnh dự toán ngân sách năm 2026"]
        await refused("wrong-input", reply_as_guest(work, cookie, answer="substitute"))
        await reply_as_guest(work, cookie, answer="accept")
    async with store.reading() as reading:
        shown = {one.name: one for one in await guests_of(reading, sitting.meeting)}
    assert shown["Bà Nguyễn Thị Khách"].answer == "accept"
    assert (shown["Ông Trần Văn Giấy"].letter.state, shown["Ông Trần Văn Giấy"].number) == ("none", "2")
    async with store.work() as work:
        await write_again(work, secretary, first.id)
        await refused("link-used", visit(work, cookie))
    async with store.work() as work:
        newest = (await letters(store, first.id))[-1]
        _, cookie = await open_letter(work, first.id, code_in(newest), secret=SECRET)
        await visit(work, cookie)
        await withdraw_guest(work, secretary, first.id)
        await refused("link-used", visit(work, cookie))


async def test_a_guests_way_in_ends_the_day_after_the_meeting(store: Store) -> None:
    council, sitting = await prepared(store)
    guests = read_guests("Khách; Hội; khach@example.invalid")
    async with store.work() as work:
        (guest,) = await invite_guests(work, council["secretary"], sitting.meeting, guests)
    (letter,) = await letters(store, guest.id)
    async with store.work() as work:
        _, cookie = await open_letter(work, guest.id, code_in(letter), secret=SECRET)
        assert len((await visit(work, cookie)).items) == 2
    store.clock = lambda: datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
    async with store.reading() as reading:
        await refused("guest-over", visit(reading, cookie))


async def test_a_group_of_guests_is_invited_again_together(store: Store) -> None:
    council, sitting = await prepared(store)
    secretary = council["secretary"]
    guests = read_guests("Một; Tổ 1; mot@example.invalid\nHai; Tổ 2")
    async with store.work() as work:
        await invite_guests(work, secretary, sitting.meeting, guests, group="Tổ dân phố")
        later = await schedule_meeting(
            work, secretary, body=council.body, title="Kỳ sau", starts="2026-12-20T08:00", place="Hội trường"
        )
        await add_item(work, secretary, later.id, title="Một")
        groups = await earlier_groups(work, later)
        assert [one.name for one in groups["Tổ dân phố"]] == ["Hai", "Một"]
        invited = await invite_guests(work, secretary, later.id, groups["Tổ dân phố"], group="Tổ dân phố")
    mailed = next(one for one in invited if one.email)
    assert await letters(store, mailed.id) == [], "the letter leaves with the notice"
    async with store.work() as work:
        await publish_meeting(work, secretary, later.id)
    assert len(await letters(store, mailed.id)) == 1


@pytest.mark.parametrize(
    ("guests", "code"),
    [
        (read_guests(" \n"), "guest-nobody"),
        (read_guests("; Hội"), "guest-nobody"),
        (read_guests("Bà Ba; không@"), "guest-mail"),
        ([Invited(" ", "", "")], "guest-nobody"),
        ([Invited("Bà Ba", "", "x")], "guest-mail"),
        ([Invited("Bà Ba", "x" * 201, "")], "field-long"),
        ([Invited(f"Khách {number}", "", "") for number in range(201)], "guest-many"),
    ],
)
async def test_who_names_nobody_or_no_address_invites_nobody(
    store: Store, guests: list[Invited], code: str
) -> None:
    council, sitting = await prepared(store)
    async with store.work() as work:
        await refused(code, invite_guests(work, council["secretary"], sitting.meeting, guests))
    async with store.reading() as reading:
        assert not await guests_of(reading, sitting.meeting)


async def test_a_look_that_finds_nothing_due_writes_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    await prepared(store)
    store.clock = lambda: PUBLISHED + timedelta(days=4)
    assert await remind_due(store) > 0

    def no_work() -> None:
        raise AssertionError("a look began to write")

    monkeypatch.setattr(store, "work", no_work)
    assert await remind_due(store) == 0


async def test_a_daily_letter_gathers_what_can_wait_and_a_notice_does_not_wait(store: Store) -> None:
    store.clock = lambda: PUBLISHED
    council = await make_council(store, seats=3)
    chair = council["chair"].person
    async with store.work() as work:
        (await work.locked(Body, council.body)).room_rules = {"substitutes": True, "any_substitute": True}
        work.session.add(
            TellingChoice(
                person_id=chair, digest=True, digest_at="07:00", digested_at=PUBLISHED - timedelta(hours=1)
            )
        )
    sitting = await publish_sitting(store, council)
    async with store.work() as work:
        await reply(
            work, council["delegate01"], sitting.meeting, answer="substitute", reason="Ốm",
            substitute=council["stranger"].person,
        )  # fmt: skip
    assert len(await letters(store, chair)) == 1, (
        "the notice comes at once, the question about the substitute not"
    )
    store.clock = lambda: datetime(2026, 11, 19, 23, 59, tzinfo=UTC)
    assert await send_digests(store) == 0
    store.clock = lambda: datetime(2026, 11, 20, 0, 0, tzinfo=UTC)
    assert await send_digests(store) == 1
    assert await send_digests(store) == 0
    digest = (await letters(store, chair))[-1]
    assert len(digest["lines"]) == 2
    async with store.reading() as reading:
        own = await own_reply(reading, chair, await reading.get(Meeting, sitting.meeting))
    assert own is not None
    assert own.open
