"""Which other meetings want the same room, chair or members at the same time, across all bodies of the house."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, select

from meetings.before.scheduling import sees
from meetings.before.seated import members_of_group
from meetings.rules.conflicts import ASSUMED, Clash, Conflict, Sitting, conflicts
from meetings.rules.lifecycle import MeetingState
from meetings.rules.permissions import Actor, Role
from meetings.storage.tables import Body, DiscussionGroup, Meeting, Membership, Person, RoleGrant, Room
from meetings.storage.unit_of_work import Reading

AHEAD = (MeetingState.DRAFT, MeetingState.PUBLISHED, MeetingState.IN_SESSION, MeetingState.RECESS)
LONGEST = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A meeting that is scheduled or about to be; `starts` and `ends` are moments, `day` is its local day."""

    meeting: UUID | None
    body: UUID
    day: date
    starts: datetime
    ends: datetime | None = None
    room: UUID | None = None
    group: UUID | None = None
    """The discussion group that meets; None: the whole body."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InTheWay:
    """Another meeting at the same time, as far as this reader may know of it."""

    meeting: UUID | None
    """None where the reader may not see it: a draft of another body."""
    title: str
    body: str
    starts_local: str
    room: str
    """The room that both need; empty when it is another one."""
    chairs: Sequence[str]
    members: Sequence[str]
    """Names, in the order names are read."""


def plan_of(meeting: Meeting) -> Plan:
    """What a scheduled meeting needs."""
    return Plan(
        meeting=meeting.id, body=meeting.body_id, day=date.fromisoformat(meeting.starts_local[:10]),
        starts=meeting.starts_at, ends=meeting.ends_at,
        room=meeting.room_id, group=meeting.group_id,
    )  # fmt: skip


async def conflicts_of(reading: Reading, actor: Actor, plan: Plan) -> list[InTheWay]:
    """The meetings in the way, by their start."""
    latest = plan.ends or plan.starts + ASSUMED
    rows = (
        await reading.session.execute(
            select(Meeting, Body)
            .join(Body, Body.id == Meeting.body_id)
            .where(
                Meeting.state.in_(AHEAD),
                Meeting.starts_at < latest,
                or_(
                    Meeting.ends_at > plan.starts,
                    Meeting.ends_at.is_(None) & (Meeting.starts_at > plan.starts - ASSUMED),
                ),
                Meeting.starts_at > plan.starts - LONGEST,
            )
        )
    ).all()
    others = {str(meeting.id): (meeting, body) for meeting, body in rows if meeting.id != plan.meeting}
    if not others:
        return []
    here = await _sitting(reading, plan)
    among = [await _sitting(reading, plan_of(meeting)) for meeting, _ in others.values()]
    found = conflicts(here, among)
    names = await _names(reading, found)
    return [_told(actor, *others[one.other], one, names) for one in found]


async def _sitting(reading: Reading, plan: Plan) -> Sitting:
    """The persons who hold a seat on that day (in a group its members), and who chairs."""
    seated = select(Membership.person_id).where(
        Membership.body_id == plan.body,
        Membership.since <= plan.day,
        or_(Membership.until.is_(None), Membership.until >= plan.day),
    )
    chair = select(RoleGrant.person_id).where(RoleGrant.body_id == plan.body, RoleGrant.role == Role.CHAIR)
    members = set(await reading.session.scalars(seated))
    if plan.group:
        members &= await members_of_group(reading, plan.group)
        chair = select(DiscussionGroup.chair_id).where(
            DiscussionGroup.id == plan.group, DiscussionGroup.chair_id.is_not(None)
        )
    chairs = await reading.session.scalars(chair)
    return Sitting(
        id=str(plan.meeting or ""), starts=plan.starts, ends=plan.ends, room=str(plan.room or ""),
        chairs=frozenset(map(str, chairs)), members=frozenset(map(str, members)),
    )  # fmt: skip


async def _names(reading: Reading, found: Sequence[Conflict]) -> dict[str, str]:
    """Names of rooms and persons by id, persons in the order they are read."""
    ids = {UUID(one) for conflict in found for what in conflict.clashes.values() for one in what}
    people = await reading.session.execute(
        select(Person.id, Person.name).where(Person.id.in_(ids)).order_by(Person.sort_key, Person.id)
    )
    places = await reading.session.execute(select(Room.id, Room.name).where(Room.id.in_(ids)))
    return {str(row[0]): row[1] for row in [*people, *places]}


def _told(actor: Actor, meeting: Meeting, body: Body, one: Conflict, names: dict[str, str]) -> InTheWay:
    seen = sees(actor, meeting)

    def called(clash: Clash) -> list[str]:
        return [name for key, name in names.items() if key in one.clashes.get(clash, ())]

    return InTheWay(
        meeting=meeting.id if seen else None, title=meeting.title if seen else "", body=body.name,
        starts_local=meeting.starts_local, room=next(iter(called(Clash.ROOM)), ""), chairs=called(Clash.CHAIR),
        members=called(Clash.MEMBERS),
    )  # fmt: skip
