"""Guests without an account: invited to a meeting or to one item of it, by a letter whose link opens once.

The link is taken by the first browser that presses its button and is worthless from then on; that browser keeps the
way in until the day after the meeting. A guest sees the facts of the meeting and the own item, and nothing else.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.errors import HeaderParseError
from email.headerregistry import Address
from uuid import UUID

from sqlalchemy import select

from meetings.before.notice import Call, last_notice, write_to_guest
from meetings.before.replies import REASON_LENGTH, Letter, letters_about
from meetings.before.visibility import unseen_by
from meetings.council.sign_in import digest
from meetings.rules.events import GuestInvited, GuestWithdrawn
from meetings.rules.lifecycle import MeetingState
from meetings.rules.permissions import Actor, Right
from meetings.rules.refusals import Refused
from meetings.rules.replies import Answer, is_link_code
from meetings.rules.visibility import Audience, Visibility
from meetings.storage.tables import Body, Guest, Item, Meeting
from meetings.storage.unit_of_work import Reading, Work

GUESTS_AT_ONCE = 200
TEXT_LENGTH = 200
VISIT = timedelta(days=1)
"""How long after the meeting a guest's browser keeps its way in."""
OPEN = (MeetingState.DRAFT, MeetingState.PUBLISHED, MeetingState.IN_SESSION, MeetingState.RECESS)


@dataclass(frozen=True, slots=True)
class Invited:
    """A guest to be invited."""

    name: str
    post: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class GuestView:
    """A guest in the overview."""

    id: UUID
    name: str
    post: str
    email: str
    group: str
    number: str
    """The item's number; empty for the whole meeting."""
    answer: str
    reason: str
    opened: bool
    letter: Letter


@dataclass(frozen=True, slots=True)
class Visit:
    """What a guest sees."""

    guest: Guest
    meeting: Meeting
    body: Body
    items: Sequence[Item]


def read_guests(text: str) -> list[Invited]:
    """Guests from a text, one a line: name; office; mail address. The last two may be missing."""
    return [_read_guest(line) for line in text.splitlines() if line.strip()]


def _read_guest(line: str) -> Invited:
    name, *rest = (part.strip() for part in line.split(";"))
    mail = next((part for part in rest if "@" in part), "")
    return Invited(name, next((part for part in rest if part and part != mail), ""), mail)


def checked_guests(guests: Sequence[Invited]) -> list[Invited]:
    """Each with a name on one line, and a mail address that is one or none."""
    if not guests:
        raise Refused("guest-nobody")
    if len(guests) > GUESTS_AT_ONCE:
        raise Refused("guest-many", limit=GUESTS_AT_ONCE)
    return [_checked_guest(one) for one in guests]


def _checked_guest(guest: Invited) -> Invited:
    name, post, mail = (" ".join(part.split()) for part in (guest.name, guest.post, guest.email))
    if not name:
        raise Refused("guest-nobody")
    for field, part in (("name", name), ("title", post), ("email", mail)):
        if len(part) > TEXT_LENGTH:
            raise Refused("field-long", field=field, limit=TEXT_LENGTH)
    if mail:
        try:
            Address(addr_spec=mail)
        except (HeaderParseError, ValueError, IndexError) as wrong:
            raise Refused("guest-mail", mail=mail) from wrong
    return Invited(name, post, mail)


async def invite_guests(
    work: Work,
    actor: Actor,
    meeting: UUID,
    guests: Sequence[Invited],
    *,
    item: UUID | None = None,
    group: str = "",
) -> list[Guest]:
    """Invite guests to a meeting, or to one of its items only. Letters leave with the notice, or now after it."""
    held = await work.locked(Meeting, meeting)
    actor.must(Right.PREPARE, body=held.body_id)
    if held.state not in OPEN:
        raise Refused("not-now", state=held.state)
    guests = checked_guests(guests)
    about = await work.get(Item, item) if item else None
    if about is not None and about.meeting_id != meeting:
        raise Refused("item-unknown")
    if about is not None and about.visibility == Visibility.HIDDEN:
        raise Refused("guest-hidden")
    await _must_be_new(work, meeting, item, guests)
    body = await work.get(Body, held.body_id)
    rows = [
        Guest(
            id=work.new_id(), meeting_id=meeting, item_id=item, group_name=" ".join(group.split())[:TEXT_LENGTH],
            name=one.name, post=one.post, email=one.email, language=body.language, round=0, answer="", reason="",
            invited_by=actor.person, invited_at=work.now,
        )
        for one in guests
    ]  # fmt: skip
    work.session.add_all(rows)
    await work.session.flush()
    notice = await last_notice(work, meeting)
    for row in rows:
        event = GuestInvited(
            guest=str(row.id), guest_name=row.name, item=str(item or ""), number=about.number if about else ""
        )
        await work.record(actor, event, meeting=meeting)
        if notice is not None and held.state == MeetingState.PUBLISHED:
            write_to_guest(work, Call(held, body, notice), row, about)
    return rows


async def _must_be_new(work: Work, meeting: UUID, item: UUID | None, guests: Sequence[Invited]) -> None:
    rows = await work.session.scalars(
        select(Guest.email).where(
            Guest.meeting_id == meeting, Guest.item_id.is_(None) if item is None else Guest.item_id == item,
            Guest.withdrawn_at.is_(None), Guest.email != "",
        )
    )  # fmt: skip
    known = {mail.casefold() for mail in rows}
    for one in guests:
        if one.email.casefold() in known:
            raise Refused("guest-known", mail=one.email)
        if one.email:
            known.add(one.email.casefold())


async def withdraw_guest(work: Work, actor: Actor, guest: UUID) -> Guest:
    """No longer invited: the link and the open page end at once."""
    found = await work.get(Guest, guest)
    held = await work.locked(Meeting, found.meeting_id)
    actor.must(Right.PREPARE, body=held.body_id)
    row = await work.locked(Guest, guest)
    if row.withdrawn_at is None:
        row.withdrawn_at, row.visit_hash, row.visit_until = work.now, None, None
        row.round += 1
        event = GuestWithdrawn(guest=str(row.id), guest_name=row.name)
        await work.record(actor, event, meeting=held.id)
    return row


async def write_again(work: Work, actor: Actor, guest: UUID) -> Guest:
    """Another letter with a new link, when the first was lost or opened by somebody else; the old way in ends."""
    found = await work.get(Guest, guest)
    held = await work.locked(Meeting, found.meeting_id)
    actor.must(Right.PREPARE, body=held.body_id)
    row = await work.locked(Guest, guest)
    notice = await last_notice(work, held.id)
    if row.withdrawn_at or notice is None or held.state not in OPEN:
        raise Refused("not-now", state=held.state)
    row.visit_hash, row.visit_until = None, None
    about = await work.get(Item, row.item_id) if row.item_id else None
    write_to_guest(work, Call(held, await work.get(Body, held.body_id), notice), row, about)
    return row


async def open_letter(work: Work, guest: UUID, code: str, *, secret: str) -> tuple[Guest, str]:
    """Take the link: it is used up, and the secret of the browser's cookie comes back."""
    await letter_for(work, guest, code, secret=secret)
    row = await work.locked(Guest, guest)
    held = await letter_for(work, guest, code, secret=secret)
    cookie = secrets.token_urlsafe(32)
    row.round += 1
    row.visit_hash = digest(cookie)
    row.visit_until = _way_in_ends(held)
    return row, cookie


async def letter_for(reading: Reading, guest: UUID, code: str, *, secret: str) -> Meeting:
    """The meeting that a guest's link leads to, unless the link is used up, or the meeting cancelled or over.

    The letter that tells of the cancelling has no link, so the one of the letter before is told why it holds no longer.
    """
    row = await reading.session.get(Guest, guest)
    if row is None or row.withdrawn_at:
        raise Refused("link-used")
    held = await reading.get(Meeting, row.meeting_id)
    turns = (row.round - 1, row.round) if held.state == MeetingState.CANCELLED else (row.round,)
    if not any(is_link_code(secret, "guest", str(row.id), turn, code) for turn in turns):
        raise Refused("link-used")
    _must_hold(reading, held)
    return held


def _must_hold(reading: Reading, held: Meeting) -> None:
    """Refuse an invitation to a meeting that members never saw, that is cancelled, or whose time is over."""
    if held.published_at is None:
        raise Refused("link-used")
    if held.state == MeetingState.CANCELLED:
        raise Refused("guest-cancelled", title=held.title)
    if reading.now > _way_in_ends(held):
        raise Refused("guest-over", title=held.title)


def _way_in_ends(held: Meeting) -> datetime:
    return max(held.starts_at, held.ends_at or held.starts_at) + VISIT


async def visit(reading: Reading, cookie: str) -> Visit:
    """What the guest with this cookie sees, or `link-used`, `guest-cancelled`, `guest-over`."""
    row = await reading.session.scalar(select(Guest).where(Guest.visit_hash == digest(cookie)))
    if row is None or row.visit_until is None or row.withdrawn_at:
        raise Refused("link-used")
    held = await reading.get(Meeting, row.meeting_id)
    _must_hold(reading, held)
    unseen = await unseen_by(reading, held.id, Audience.ANYBODY if row.item_id is None else Audience.MEMBERS)
    query = select(Item).where(Item.meeting_id == held.id).order_by(Item.parent_id, Item.position)
    if row.item_id is not None:
        query = query.where(Item.id == row.item_id)
    items = [item for item in await reading.session.scalars(query) if item.id not in unseen]
    return Visit(row, held, await reading.get(Body, held.body_id), items)


async def reply_as_guest(work: Work, cookie: str, *, answer: str, reason: str = "") -> Guest:
    """A guest takes part or does not."""
    seen = await visit(work, cookie)
    if seen.meeting.state != MeetingState.PUBLISHED:
        raise Refused("not-now", state=seen.meeting.state)
    if answer not in (Answer.ACCEPT, Answer.DECLINE):
        raise Refused("wrong-input", field="answer")
    if len(reason) > REASON_LENGTH:
        raise Refused("field-long", field="reason", limit=REASON_LENGTH)
    row = await work.locked(Guest, seen.guest.id)
    row.answer, row.reason, row.answered_at = answer, reason.strip(), work.now
    return row


async def guests_of(reading: Reading, meeting: UUID) -> list[GuestView]:
    """The guests of a meeting: those of the whole meeting first, then by item, as they were invited."""
    rows = await reading.session.execute(
        select(Guest, Item.number)
        .outerjoin(Item, Item.id == Guest.item_id)
        .where(Guest.meeting_id == meeting, Guest.withdrawn_at.is_(None))
        .order_by(Guest.item_id.is_not(None), Item.number, Guest.group_name, Guest.invited_at, Guest.name)
    )
    letters = await letters_about(reading, meeting)
    return [
        GuestView(
            row.id, row.name, row.post, row.email, row.group_name, number or "", row.answer, row.reason,
            row.visit_until is not None, letters.get(row.id, Letter("none" if not row.email else "later")),
        )
        for row, number in rows
    ]  # fmt: skip


async def earlier_groups(reading: Reading, held: Meeting) -> dict[str, list[Invited]]:
    """Groups of guests of the body's other meetings, as they were invited last: to be invited again together."""
    rows = await reading.session.execute(
        select(Guest, Meeting.starts_at)
        .join(Meeting, Meeting.id == Guest.meeting_id)
        .where(
            Meeting.body_id == held.body_id, Meeting.id != held.id, Guest.group_name != "",
            Guest.withdrawn_at.is_(None),
        )
        .order_by(Meeting.starts_at, Guest.name)
    )  # fmt: skip
    groups: dict[str, tuple[datetime, list[Invited]]] = {}
    for row, starts in rows:
        since, members = groups.get(row.group_name, (starts, []))
        if since != starts:
            members = []
        groups[row.group_name] = starts, [*members, Invited(row.name, row.post, row.email)]
    return {name: members for name, (_, members) in groups.items()}
