"""Notices leave by mail through a real SMTP server: once, in the reader's language, and later when it is down.

What arrives is read by a mail library and two calendar libraries that the program itself does not use.
"""

from __future__ import annotations

import re

from ical.calendar_stream import IcsCalendarStream
from sqlalchemy import func, select

from meetings.before.notice import last_notice
from meetings.before.scheduling import cancel_meeting, change_meeting
from meetings.exchange.mail import deliver_one
from meetings.storage.tables import Outbox
from meetings.storage.unit_of_work import Store
from tests.support.council import make_council, publish_sitting
from tests.support.postbox import Postbox, as_read, mail_settings, text_of
from tests.support.processes import free_port


async def _deliver(store: Store, postbox: Postbox) -> None:
    while await deliver_one(store, mail_settings(postbox.port)):
        pass


async def _waiting(store: Store) -> int:
    async with store.reading() as reading:
        query = select(func.count()).select_from(Outbox).where(Outbox.done_at.is_(None))
        return await reading.session.scalar(query) or 0


async def test_a_notice_leaves_once_and_says_what_and_when(store: Store) -> None:
    council = await make_council(store, seats=3)
    await publish_sitting(store, council)
    async with Postbox() as postbox:
        await _deliver(store, postbox)
        assert not await deliver_one(store, mail_settings(postbox.port))
    assert await _waiting(store) == 0
    assert len(postbox.letters) == 5
    assert len({letter["to"] for letter in postbox.letters}) == 5
    assert len({letter["message-id"] for letter in postbox.letters}) == 5
    (letter,) = postbox.to("delegate01@")
    text = text_of(letter)
    assert "Kính gửi" in text
    assert "Thứ Ba, 24/11/2026, 08:00" in text
    assert "Kỳ họp thứ nhất" in letter["subject"]
    assert "https://hop.example/meetings/" in text


async def test_mail_programs_and_calendars_read_the_invitation(store: Store) -> None:
    council = await make_council(store, seats=3)
    sitting = await publish_sitting(store, council)
    async with Postbox() as postbox:
        await _deliver(store, postbox)
    (letter,) = postbox.to("delegate01@")
    mail = await as_read(letter)
    assert "Kỳ họp thứ nhất" in mail["subject"]
    assert "Hội trường lớn" in mail["text"]
    assert re.search(r'href="https://hop\.example/letters/reply/[0-9a-f-]{36}/[a-z2-7]{26}"', mail["html"])
    calendar = mail["calendar"]
    assert (calendar["method"], calendar["status"], calendar["sequence"]) == ("REQUEST", "CONFIRMED", 0)
    assert calendar["uid"] == f"{sitting.meeting}@hop.example"
    assert calendar["start"] == "2026-11-24T01:00:00.000Z"
    assert (calendar["summary"], calendar["location"]) == ("Kỳ họp thứ nhất", "Hội trường lớn")
    assert calendar["attendees"] == ["mailto:delegate01@example.invalid"]
    second = IcsCalendarStream.calendar_from_ics(calendar["source"])
    assert second.method == "REQUEST"
    (event,) = second.events
    assert (event.uid, event.sequence) == (calendar["uid"], 0)
    assert event.dtstart is not None
    assert event.dtstart.isoformat() == "2026-11-24T08:00:00+07:00"
    assert event.description is not None
    assert "/letters/reply/" in event.description


async def test_those_without_a_seat_are_told_but_not_asked(store: Store) -> None:
    council = await make_council(store, seats=3)
    await publish_sitting(store, council)
    async with Postbox() as postbox:
        await _deliver(store, postbox)
    asked = {str(letter["to"]) for letter in postbox.letters if "/letters/" in text_of(letter)}
    assert {address.partition("<")[2] for address in asked} == {
        f"delegate0{n}@example.invalid>" for n in range(3)
    }


async def test_a_change_says_what_was_and_what_is_and_replaces_the_entry(store: Store) -> None:
    council = await make_council(store, seats=3)
    sitting = await publish_sitting(store, council)
    secretary = council["secretary"]
    async with store.work() as work:
        await change_meeting(work, secretary, sitting.meeting, starts="2026-11-25T14:00", place="Phòng 2")
    async with store.work() as work:
        await change_meeting(work, secretary, sitting.meeting, place="Phòng 2")
    async with store.work() as work:
        await cancel_meeting(work, secretary, sitting.meeting, reason="Bão số 9")
    async with Postbox() as postbox:
        await _deliver(store, postbox)
    assert len(postbox.letters) == 15, "nothing changed the second time"
    mails = [await as_read(letter) for letter in postbox.to("delegate01@")]
    mails.sort(key=lambda mail: mail["calendar"]["sequence"])
    _, change, cancelling = mails
    assert "Thứ Ba, 24/11/2026, 08:00 → Thứ Tư, 25/11/2026, 14:00" in change["text"]
    assert "Hội trường lớn → Phòng 2" in change["text"]
    assert change["calendar"]["start"] == "2026-11-25T07:00:00.000Z"
    assert "Bão số 9" in cancelling["text"]
    assert "/letters/" not in cancelling["text"]
    told = [(mail["calendar"]["method"], mail["calendar"]["status"]) for mail in mails]
    assert told == [("REQUEST", "CONFIRMED"), ("REQUEST", "CONFIRMED"), ("CANCEL", "CANCELLED")]
    assert [mail["calendar"]["sequence"] for mail in mails] == [0, 1, 2]
    assert len({mail["calendar"]["uid"] for mail in mails}) == 1
    async with store.reading() as reading:
        notice = await last_notice(reading, sitting.meeting)
    assert notice is not None
    assert (notice.kind, notice.sequence, notice.changes) == ("cancel", 2, {})


async def test_a_letter_waits_while_the_mail_server_is_down(store: Store) -> None:
    council = await make_council(store, seats=3)
    await publish_sitting(store, council)
    assert await deliver_one(store, mail_settings(free_port()))
    assert await _waiting(store) == 5
    async with store.reading() as reading:
        errors = (await reading.session.scalars(select(Outbox.last_error).where(Outbox.attempts == 1))).all()
    assert len(errors) == 1
    assert errors[0]


async def test_an_address_that_does_not_exist_is_not_tried_again(store: Store) -> None:
    council = await make_council(store, seats=3)
    sitting = await publish_sitting(store, council)
    async with Postbox() as postbox:
        postbox.refused.add("delegate01@example.invalid")
        await _deliver(store, postbox)
        assert len(postbox.letters) == 4
    async with store.reading() as reading:
        row = await reading.session.scalar(select(Outbox).where(Outbox.refused_at.is_not(None)))
    assert row is not None
    assert (row.about, row.to_id) == (sitting.meeting, council["delegate01"].person)
    assert "no such mailbox" in row.last_error
