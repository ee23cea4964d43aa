"""Who has a seat in a meeting: the members of its body, or of the group whose discussion it is."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import select

from meetings.council.bodies import Member, members_in_office
from meetings.storage.tables import DiscussionGroupMember, Meeting
from meetings.storage.unit_of_work import Reading


async def seated_in(reading: Reading, meeting: Meeting) -> list[Member]:
    """The members in office on the day of the meeting, in the order names are read; in a group only its own."""
    members = await members_in_office(reading, meeting.body_id, date.fromisoformat(meeting.starts_local[:10]))
    if meeting.group_id is None:
        return members
    own = await members_of_group(reading, meeting.group_id)
    return [member for member in members if member.person in own]


async def members_of_group(reading: Reading, group: UUID) -> frozenset[UUID]:
    """The persons of a discussion group."""
    query = select(DiscussionGroupMember.person_id).where(DiscussionGroupMember.group_id == group)
    return frozenset(await reading.session.scalars(query))
