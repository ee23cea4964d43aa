"""The notice: everybody concerned learns of a published or cancelled meeting, in the house and by mail."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import select

from meetings.council.bodies import members_in_office
from meetings.council.telling import tell
from meetings.language import N_
from meetings.rules.events import MeetingCancelled, MeetingChanged, MeetingPublished
from meetings.rules.lifecycle import MeetingState
from meetings.rules.permissions import Actor
from meetings.storage.tables import Body, Meeting, Person, RoleGrant
from meetings.storage.unit_of_work import Reading, Work

PUBLISHED = N_("{body} meets on {starts}, {place}: {title}")
CHANGED = N_("Changed: {body} meets on {starts}, {place}: {title}")
CANCELLED = N_("Cancelled: {title} ({reason})")


async def send_notice(work: Work, actor: Actor | None, event: MeetingPublished) -> None:
    """Consequence of publishing: members, chair, secretaries and observers are told."""
    await _tell(work, UUID(event.meeting), PUBLISHED)


async def tell_of_change(work: Work, actor: Actor | None, event: MeetingChanged) -> None:
    """Consequence of a correction after publication: the same persons are told the new facts."""
    meeting = await work.get(Meeting, UUID(event.meeting))
    if meeting.state == MeetingState.PUBLISHED:
        await _tell(work, meeting.id, CHANGED)


async def tell_of_cancelling(work: Work, actor: Actor | None, event: MeetingCancelled) -> None:
    """Consequence of cancelling a meeting that was published."""
    meeting = await work.get(Meeting, UUID(event.meeting))
    if meeting.published_at:
        await _tell(work, meeting.id, CANCELLED, reason=event.reason)


async def _tell(work: Work, meeting_id: UUID, message: str, **more: str) -> None:
    meeting = await work.get(Meeting, meeting_id)
    if meeting.reference:
        return
    body = await work.get(Body, meeting.body_id)
    facts = {
        "body": body.name,
        "title": meeting.title,
        "place": meeting.place,
        "starts": meeting.starts_local,
    } | more
    people = await concerned(work, meeting)
    await tell(work, people.values(), message, facts, f"/meetings/{meeting.id}", body.language)


async def concerned(reading: Reading, meeting: Meeting) -> dict[UUID, Person]:
    """Members in office on the day of the meeting, and who holds a role in its body."""
    day = date.fromisoformat(meeting.starts_local[:10])
    members = {member.person for member in await members_in_office(reading, meeting.body_id, day)}
    roles = await reading.session.scalars(
        select(RoleGrant.person_id).where(RoleGrant.body_id == meeting.body_id)
    )
    rows = await reading.session.scalars(
        select(Person).where(Person.id.in_(members | set(roles))).order_by(Person.sort_key)
    )
    return {person.id: person for person in rows}
