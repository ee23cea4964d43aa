"""Who declined the invitation and said why is excused when the meeting begins; the secretary can correct it."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from meetings.during.attendance import attendees_of, new_interval
from meetings.rules.attendance import Presence, Source
from meetings.rules.events import AttendanceRecorded, MeetingCalledToOrder
from meetings.rules.permissions import Actor
from meetings.rules.replies import Answer
from meetings.storage.tables import Attendance, Meeting, Reply
from meetings.storage.unit_of_work import Work


async def excuse_who_declined(work: Work, actor: Actor | None, event: MeetingCalledToOrder) -> None:
    """Consequence of calling to order: whoever replied that he or she cannot come, and is absent, is excused.

    Who came all the same, or has a substitute in the seat, stays as recorded. The reason stands with the entry; the
    journal, which nobody can change later, tells the excuse without it.
    """
    if actor is None:
        return
    held = await work.get(Meeting, UUID(event.meeting))
    rows = await work.session.scalars(
        select(Reply).where(
            Reply.meeting_id == held.id, Reply.answer.in_((Answer.DECLINE, Answer.SUBSTITUTE)), Reply.reason != ""
        )
    )  # fmt: skip
    reasons = {row.person_id: row.reason for row in rows}
    if not reasons:
        return
    attendees = await attendees_of(work, held)
    found = await work.session.scalars(
        select(Attendance)
        .where(
            Attendance.meeting_id == held.id, Attendance.person_id.in_(reasons), Attendance.until.is_(None)
        )
        .with_for_update()
    )
    current = {row.person_id: row for row in found}
    away = [
        attendees[person]
        for person in reasons
        if person in attendees and (person not in current or current[person].state == Presence.ABSENT)
    ]
    for who in away:
        if who.person in current:
            current[who.person].until = work.now
        entry = new_interval(
            work, actor, held, who.person, Presence.EXCUSED, Source.REPLY, reasons[who.person]
        )
        work.session.add(entry)
    await work.session.flush()
    told = [
        AttendanceRecorded(
            person=str(who.person), person_name=who.name, state=Presence.EXCUSED, source=Source.REPLY
        )
        for who in away
    ]
    if told:
        await work.record_all([(actor.person, one) for one in told], meeting=held.id)
