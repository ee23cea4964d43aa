"""The notice: everybody concerned learns of a published, changed or cancelled meeting, in the house and by mail.

Each notice of a meeting has a number from 0, which calendars follow, and keeps what it said: the next one tells exactly
what is different. Members are asked for a reply; guests without an account get a letter of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from meetings.before.seated import seated_in
from meetings.before.session_names import full_title
from meetings.council.telling import tell
from meetings.language import N_
from meetings.rules.events import MeetingCancelled, MeetingChanged, MeetingPublished, NoticeSent
from meetings.rules.lifecycle import MeetingState
from meetings.rules.permissions import Actor
from meetings.rules.replies import SubstituteState, differences, reply_by
from meetings.rules.visibility import Visibility
from meetings.storage.tables import Body, Guest, Item, Meeting, Notice, Person, Reply, RoleGrant
from meetings.storage.unit_of_work import Reading, Work

PUBLISHED = N_("{body} meets on {starts}, {place}: {title}")
CHANGED = N_("Changed: {body} meets on {starts}, {place}: {title}")
CANCELLED = N_("Cancelled: {title} ({reason})")
MESSAGES = {"call": PUBLISHED, "change": CHANGED, "cancel": CANCELLED}


@dataclass(frozen=True, slots=True)
class Call:
    """One notice on its way: the meeting, its body, and the kept row."""

    meeting: Meeting
    body: Body
    notice: Notice
    reason: str = ""
    asks_again: bool = False

    @property
    def facts(self) -> dict[str, Any]:
        """What the sentence of the notice is filled from."""
        kept = self.notice.facts
        facts = {name: kept[name] for name in ("title", "place", "starts")} | {"body": self.body.name}
        return facts | ({"reason": self.reason} if self.reason else {})

    def letter(self, *, agenda: tuple[str, ...] = ()) -> dict[str, Any]:
        """What every letter of this notice carries beside its sentence."""
        meeting = self.meeting
        calendar = {
            "id": str(meeting.id),
            "sequence": self.notice.sequence,
            "at": self.notice.at.isoformat(),
            "cancelled": self.notice.kind == "cancel",
            "zone": meeting.timezone,
            "agenda": list(agenda),
            **self.notice.facts,
        }
        return {"calendar": calendar, "changes": self.notice.changes, "asks_again": self.asks_again}

    @property
    def reply_by(self) -> datetime:
        """Until when replies to this notice are expected."""
        return reply_by(self.notice.at, self.meeting.starts_at)


async def send_notice(work: Work, actor: Actor | None, event: MeetingPublished) -> None:
    """Consequence of publishing: members, chair, secretaries and observers are told, members are asked for a reply."""
    await _send(work, actor, UUID(event.meeting), "call")


async def tell_of_change(work: Work, actor: Actor | None, event: MeetingChanged) -> None:
    """Consequence of a correction after publication: the same persons are told what is different.

    When the day or hour is another one, members are asked again; only an approved substitute stays.
    """
    meeting = await work.get(Meeting, UUID(event.meeting))
    if meeting.state == MeetingState.PUBLISHED:
        await _send(work, actor, meeting.id, "change")


async def tell_of_cancelling(work: Work, actor: Actor | None, event: MeetingCancelled) -> None:
    """Consequence of cancelling a meeting that was published."""
    meeting = await work.get(Meeting, UUID(event.meeting))
    if meeting.published_at:
        await _send(work, actor, meeting.id, "cancel", event.reason)


async def _send(work: Work, actor: Actor | None, meeting_id: UUID, kind: str, reason: str = "") -> None:
    meeting = await work.get(Meeting, meeting_id)
    if meeting.reference:
        return
    body = await work.get(Body, meeting.body_id)
    last = await last_notice(work, meeting_id)
    facts = {name: getattr(meeting, column) for name, column in COLUMNS.items()}
    facts["title"] = await full_title(work, meeting)
    changes = differences(last.facts, facts) if last and kind == "change" else {}
    if kind == "change" and not changes:
        return
    notice = Notice(
        id=work.new_id(), meeting_id=meeting_id, sequence=last.sequence + 1 if last else 0, kind=kind, facts=facts,
        changes=changes, at=work.now,
    )  # fmt: skip
    work.session.add(notice)
    await work.session.flush()
    people = await concerned(work, meeting)
    replies = await _asked(work, meeting, people) if kind != "cancel" else {}
    call = Call(meeting, body, notice, reason, asks_again="starts" in changes)
    if call.asks_again:
        _ask_anew(replies)
    by = call.reply_by.isoformat()
    own = {
        person: {"reply": {"kind": "reply", "id": str(reply.id), "round": reply.round, "by": by}}
        for person, reply in replies.items()
        if not reply.answer
    }
    await tell(
        work, people.values(), MESSAGES[kind], call.facts, f"/meetings/{meeting.id}", body.language, at_once=True,
        letter=call.letter(), own=own, about=meeting.id,
    )  # fmt: skip
    guests = await _write_to_guests(work, call)
    sent = NoticeSent(sequence=notice.sequence, kind=kind, persons=len(people) + guests)
    await work.record(actor, sent, meeting=meeting.id)


COLUMNS: Mapping[str, str] = {
    "title": "title",
    "starts": "starts_local",
    "ends": "ends_local",
    "place": "place",
}
"""What a notice says, and where a meeting keeps it."""


async def last_notice(reading: Reading, meeting: UUID) -> Notice | None:
    """The newest notice of a meeting; None before its publication, and for one from a book."""
    query = select(Notice).where(Notice.meeting_id == meeting).order_by(Notice.sequence.desc()).limit(1)
    return await reading.session.scalar(query)


async def _asked(work: Work, meeting: Meeting, people: Mapping[UUID, Person]) -> dict[UUID, Reply]:
    """The reply of each member in office, made where there is none yet."""
    rows = await work.session.scalars(select(Reply).where(Reply.meeting_id == meeting.id))
    replies = {row.person_id: row for row in rows}
    for member in await seated_in(work, meeting):
        if member.person not in replies and member.person in people:
            row = Reply(
                id=work.new_id(),
                meeting_id=meeting.id,
                person_id=member.person,
                round=0,
                answer="",
                reason="",
            )
            replies[member.person] = row
            work.session.add(row)
    await work.session.flush()
    return replies


def _ask_anew(replies: Mapping[UUID, Reply]) -> None:
    """What was answered for another hour is no answer for this one."""
    for reply in replies.values():
        reply.round += 1
        reply.asked_again_at = reply.reminded_at = None
        if reply.substitute_state != SubstituteState.APPROVED:
            reply.answer = reply.reason = reply.substitute_state = ""
            reply.substitute_id = reply.answered_at = None


async def _write_to_guests(work: Work, call: Call) -> int:
    rows = await work.session.execute(
        select(Guest, Item)
        .outerjoin(Item, Item.id == Guest.item_id)
        .where(Guest.meeting_id == call.meeting.id, Guest.withdrawn_at.is_(None))
    )
    guests = rows.all()
    for guest, item in guests:
        if call.asks_again:
            guest.answer = guest.reason = ""
            guest.answered_at = guest.reminded_at = None
        write_to_guest(work, call, guest, item)
    return len(guests)


def write_to_guest(work: Work, call: Call, guest: Guest, item: Item | None) -> None:
    """A letter to one guest, with a new link; the link of the letter before opens nothing any more."""
    guest.round += 1
    if not guest.email:
        return
    agenda = (f"{item.number}. {item.title}",) if item and item.visibility != Visibility.HIDDEN else ()
    cancelled = call.notice.kind == "cancel"
    way = {"kind": "guest", "id": str(guest.id), "round": guest.round, "by": call.reply_by.isoformat()}
    letter = {
        "to": guest.email, "name": guest.name, "language": guest.language, "message": MESSAGES[call.notice.kind],
        "facts": call.facts, "link": "", **({} if cancelled else {"reply": way}), **call.letter(agenda=agenda),
    }  # fmt: skip
    work.post("mail", letter, about=call.meeting.id, to=guest.id)


async def concerned(reading: Reading, meeting: Meeting) -> dict[UUID, Person]:
    """Members with a seat on the day of the meeting, and who holds a role in its body."""
    members = {member.person for member in await seated_in(reading, meeting)}
    roles = await reading.session.scalars(
        select(RoleGrant.person_id).where(RoleGrant.body_id == meeting.body_id)
    )
    rows = await reading.session.scalars(
        select(Person).where(Person.id.in_(members | set(roles))).order_by(Person.sort_key)
    )
    return {person.id: person for person in rows}
