"""Reminders: of a meeting that begins soon, a missing reply, a dossier’s step; the daily letter. Each is sent once.

A server looks every few seconds; what is sent is marked in the same transaction, so that of several servers one does it
and a server that was down catches up.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from meetings.before.dossier_clock import remind_of_steps
from meetings.before.notice import last_notice
from meetings.council.telling import tell
from meetings.language import N_
from meetings.rules.lifecycle import MeetingState
from meetings.rules.permissions import Actor, Right
from meetings.rules.quiet_hours import digest_is_due
from meetings.rules.refusals import Refused
from meetings.rules.replies import Answer, remind_at, reply_by
from meetings.storage.tables import (
    Account,
    Body,
    Guest,
    Meeting,
    Notice,
    Notification,
    Person,
    Reply,
    TellingChoice,
)
from meetings.storage.unit_of_work import Reading, Store, Work

log = logging.getLogger(__name__)

LOOK = 20.0
"""Seconds between two looks at the clock."""
AHEAD = timedelta(days=60)
"""Meetings further away are not looked at."""
NEWS_OF = timedelta(days=7)
"""A first daily letter goes back so far."""
LINES_AT_MOST = 50
SOON = N_("Reminder: {body} meets on {starts}, {place}: {title}")
MISSING = N_("Your reply is missing: {body} meets on {starts}, {place}: {title}")
DIGEST = N_("News since the last daily letter: {count}")


async def remind_always(store: Store) -> None:
    """Remind of what is due, for as long as the server runs."""
    while True:
        try:
            await remind_due(store)
            await send_digests(store)
            await remind_of_steps(store)
        except Exception:
            log.exception("reminding failed; it is tried again")
        await asyncio.sleep(LOOK)


async def remind_due(store: Store) -> int:
    """Send every reminder that is due and was not sent; how many persons were reminded.

    Only what is due is written: a look must not stand in the way of ballots.
    """
    async with store.reading() as reading:
        coming = await reading.session.scalars(
            select(Meeting).where(
                Meeting.state == MeetingState.PUBLISHED,
                Meeting.starts_at > reading.now,
                Meeting.starts_at < reading.now + AHEAD,
            )
        )
        due = [meeting.id for meeting in coming.all() if await _is_due(reading, meeting)]
    count = 0
    for meeting in due:
        try:
            async with store.work() as work:
                count += await _remind(work, meeting)
        except Refused as refused:  # busy: tried again at the next look
            log.info("meeting %s: reminding was refused: %s", meeting, refused.code)
    return count


async def _is_due(reading: Reading, held: Meeting) -> bool:
    """Whether somebody waits for a reminder now."""
    notice = await last_notice(reading, held.id)
    if notice is None:
        return False
    late, soon = _moments(reading, notice, held)
    waiting = [_missing(held.id)] * late + [_coming(held.id), _guests(held.id)] * soon
    return any([await reading.session.scalar(query.limit(1)) is not None for query in waiting])


def _moments(reading: Reading, notice: Notice, held: Meeting) -> tuple[bool, bool]:
    """Whether replies are late, and whether the meeting begins soon."""
    soon = remind_at(notice.at, held.starts_at)
    return reading.now >= reply_by(notice.at, held.starts_at), soon is not None and reading.now >= soon


def _missing(meeting: UUID) -> Select[Any]:
    return select(Reply).where(
        Reply.meeting_id == meeting, Reply.answer == "", Reply.asked_again_at.is_(None)
    )


def _coming(meeting: UUID) -> Select[Any]:
    return select(Reply).where(
        Reply.meeting_id == meeting, Reply.answer == Answer.ACCEPT, Reply.reminded_at.is_(None)
    )


def _guests(meeting: UUID) -> Select[Any]:
    return select(Guest).where(
        Guest.meeting_id == meeting, Guest.withdrawn_at.is_(None), Guest.email != "",
        Guest.answer != Answer.DECLINE, Guest.reminded_at.is_(None),
    )  # fmt: skip


async def _remind(work: Work, meeting: UUID) -> int:
    held = await work.locked(Meeting, meeting)
    notice = await last_notice(work, meeting)
    if notice is None or held.state != MeetingState.PUBLISHED:
        return 0
    late, soon = _moments(work, notice, held)
    count = 0
    if late:
        missing = await work.session.scalars(_missing(meeting))
        count += await _ask_again(work, held, notice, missing.all())
    if soon:
        coming = (await work.session.scalars(_coming(meeting))).all()
        for row in coming:
            row.reminded_at = work.now
        facts = await _facts(work, held)
        people = await _people(work, (row.person_id for row in coming))
        await tell(work, people, SOON, facts, f"/meetings/{meeting}", about=meeting)
        count += len(people) + await _remind_guests(work, held, facts)
    return count


async def remind_missing(work: Work, actor: Actor, meeting: UUID) -> int:
    """Ask every member again who has not replied; the secretary may do so as often as needed."""
    held = await work.locked(Meeting, meeting)
    actor.must(Right.PREPARE, body=held.body_id)
    notice = await last_notice(work, meeting)
    if held.state != MeetingState.PUBLISHED or notice is None:
        raise Refused("not-now", state=held.state)
    rows = await work.session.scalars(select(Reply).where(Reply.meeting_id == meeting, Reply.answer == ""))
    return await _ask_again(work, held, notice, rows.all())


async def _ask_again(work: Work, held: Meeting, notice: Notice, rows: Iterable[Reply]) -> int:
    """A message and a letter with the link of the same round, which is still good."""
    asked = list(rows)
    by = max(reply_by(notice.at, held.starts_at), work.now).isoformat()
    own = {
        row.person_id: {"reply": {"kind": "reply", "id": str(row.id), "round": row.round, "by": by}}
        for row in asked
    }
    for row in asked:
        row.asked_again_at = work.now
    people = await _people(work, own)
    await tell(
        work, people, MISSING, await _facts(work, held), f"/meetings/{held.id}/reply", at_once=True, own=own,
        about=held.id,
    )  # fmt: skip
    return len(people)


async def _remind_guests(work: Work, held: Meeting, facts: dict[str, str]) -> int:
    guests = (await work.session.scalars(_guests(held.id))).all()
    for guest in guests:
        guest.reminded_at = work.now
        letter = {
            "to": guest.email, "name": guest.name, "language": guest.language, "message": SOON, "facts": facts,
            "link": "",
        }  # fmt: skip
        work.post("mail", letter, about=held.id, to=guest.id)
    return len(guests)


async def _facts(work: Work, held: Meeting) -> dict[str, str]:
    body = await work.get(Body, held.body_id)
    return {"body": body.name, "title": held.title, "place": held.place, "starts": held.starts_local}


async def _people(work: Work, ids: Iterable[UUID]) -> list[Person]:
    return list(await work.session.scalars(select(Person).where(Person.id.in_(list(ids)))))


async def send_digests(store: Store) -> int:
    """The daily letters that are due; how many."""
    async with store.reading() as reading:
        rows = await reading.session.scalars(select(TellingChoice).where(TellingChoice.digest))
        now = reading.now.astimezone(reading.zone)
        due = [
            row.person_id
            for row in rows
            if digest_is_due(
                now, row.digest_at, row.digested_at.astimezone(reading.zone) if row.digested_at else None
            )
        ]
    sent = 0
    for person in due:
        async with store.work() as work:
            sent += await _digest(work, person)
    return sent


async def _digest(work: Work, person: UUID) -> bool:
    choice = await work.session.scalar(
        select(TellingChoice).where(TellingChoice.person_id == person).with_for_update()
    )
    now = work.now.astimezone(work.zone)
    last = choice.digested_at.astimezone(work.zone) if choice and choice.digested_at else None
    if choice is None or not choice.digest or not digest_is_due(now, choice.digest_at, last):
        return False
    since = choice.digested_at or work.now - NEWS_OF
    choice.digested_at = work.now
    rows = await work.session.scalars(
        select(Notification)
        .where(Notification.person_id == person, Notification.read_at.is_(None), Notification.at > since)
        .order_by(Notification.at.desc())
        .limit(LINES_AT_MOST)
    )
    lines = [{"message": row.message, "facts": row.facts, "link": row.link} for row in rows]
    who = await work.get(Person, person)
    if not lines or not who.email:
        return False
    spoken = await work.session.scalar(select(Account.language).where(Account.person_id == person))
    letter = {
        "to": who.email, "name": who.name, "language": spoken or "vi", "message": DIGEST,
        "facts": {"count": str(len(lines))}, "link": "/notifications", "lines": lines,
    }  # fmt: skip
    work.post("mail", letter, to=person)
    return True
