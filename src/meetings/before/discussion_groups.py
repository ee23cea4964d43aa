"""Discussion groups of a session (tổ thảo luận): a part of the members with a chair, a secretary and a place.

A group discusses and reports; it takes no votes, and it needs no quorum.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, func, select

from meetings.before.session_facts import PLACE_LENGTH, empty_groups, groups_of, held_session
from meetings.council.bodies import members_in_office
from meetings.rules.council_sessions import divided
from meetings.rules.events import DiscussionGroupsFormed
from meetings.rules.lifecycle import MeetingState
from meetings.rules.permissions import Actor
from meetings.rules.refusals import Refused
from meetings.storage.tables import (
    Body,
    CouncilSession,
    DiscussionGroup,
    DiscussionGroupMember,
    Meeting,
    Person,
)
from meetings.storage.unit_of_work import Reading, Work


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupFacts:
    """What a group says. Whoever is named as a member leaves the group he was in."""

    place: str = ""
    chair: UUID | None = None
    secretary: UUID | None = None
    members: Collection[UUID]


@dataclass(frozen=True, slots=True)
class GroupView:
    """A group with its people, names in the order they are read."""

    group: DiscussionGroup
    chair: str
    secretary: str
    members: Sequence[tuple[UUID, str]]


async def form_groups(work: Work, actor: Actor, session: UUID, count: int) -> Sequence[DiscussionGroup]:
    """Divide the members in office among so many new groups, those of one delegation side by side.

    Groups that were formed before are replaced; refused (`groups-used`) once their discussions are planned.
    """
    body, kept = await held_session(work, actor, session)
    if await work.session.scalar(
        select(Meeting.id).where(Meeting.session_id == session, Meeting.group_id.is_not(None)).limit(1)
    ):
        raise Refused("groups-used")
    members = await members_in_office(work, body.id, kept.since)
    parts = divided([(member.person, member.group) for member in members], count)
    await empty_groups(work, session)
    for number, part in enumerate(parts, start=1):
        group = DiscussionGroup(id=work.new_id(), session_id=session, number=number, place="")
        work.session.add(group)
        await work.session.flush()
        work.session.add_all(
            DiscussionGroupMember(group_id=group.id, person_id=person, session_id=session) for person in part
        )
    await work.session.flush()
    groups = await groups_of(work, session)
    await _record(work, actor, body, kept, [group.number for group in groups])
    return groups


async def change_group(work: Work, actor: Actor, group: UUID, facts: GroupFacts) -> DiscussionGroup:
    """Set a group's people and place. Its members are members of the body; its chair is one of them.

    Refused (`not-now`) while its discussion runs or after it, when other members are named than before.
    """
    found = await work.get(DiscussionGroup, group)
    body, session = await held_session(work, actor, found.session_id)
    kept = await work.locked(DiscussionGroup, group)
    place = " ".join(facts.place.split())
    if len(place) > PLACE_LENGTH:
        raise Refused("field-long", field="place", limit=PLACE_LENGTH)
    wanted = set(facts.members)
    office = {member.person for member in await members_in_office(work, body.id, session.since)}
    if not wanted or not wanted <= office:
        raise Refused("wrong-input" if wanted else "field-missing", field="members")
    if facts.chair and facts.chair not in wanted:
        raise Refused("group-chair")
    if facts.secretary:
        await work.get(Person, facts.secretary)
    before = await _places(work, session.id)
    touched = {before[person] for person in wanted if person in before} | {group}
    if wanted != {person for person, where in before.items() if where == group}:
        await _must_be_ahead(work, touched)
        await work.session.execute(
            delete(DiscussionGroupMember).where(
                DiscussionGroupMember.session_id == session.id,
                DiscussionGroupMember.person_id.in_(wanted) | (DiscussionGroupMember.group_id == group),
            )
        )
        work.session.add_all(
            DiscussionGroupMember(group_id=group, person_id=person, session_id=session.id)
            for person in wanted
        )
        for other in await groups_of(work, session.id):
            if other.id != group and other.chair_id in wanted:
                other.chair_id = None
    kept.place, kept.chair_id, kept.secretary_id = place, facts.chair, facts.secretary
    await work.session.flush()
    await _record(work, actor, body, session, [kept.number])
    return kept


async def views_of_groups(reading: Reading, session: UUID) -> Sequence[GroupView]:
    """The groups of a session with the names of their people."""
    groups = await groups_of(reading, session)
    rows = await reading.session.execute(
        select(DiscussionGroupMember.group_id, Person.id, Person.name)
        .join(Person, Person.id == DiscussionGroupMember.person_id)
        .where(DiscussionGroupMember.session_id == session)
        .order_by(Person.sort_key, Person.id)
    )
    members: dict[UUID, list[tuple[UUID, str]]] = {group.id: [] for group in groups}
    for group, person, name in rows:
        members[group].append((person, name))
    leaders = {one for group in groups for one in (group.chair_id, group.secretary_id) if one}
    found = await reading.session.execute(select(Person.id, Person.name).where(Person.id.in_(leaders)))
    names: dict[UUID | None, str] = {row[0]: row[1] for row in found}
    return [
        GroupView(
            group, names.get(group.chair_id, ""), names.get(group.secretary_id, ""), tuple(members[group.id])
        )
        for group in groups
    ]


async def _places(work: Work, session: UUID) -> dict[UUID, UUID]:
    """Person → group, for everybody who is in one."""
    rows = await work.session.execute(
        select(DiscussionGroupMember.person_id, DiscussionGroupMember.group_id).where(
            DiscussionGroupMember.session_id == session
        )
    )
    return dict(iter(rows))


async def _must_be_ahead(work: Work, groups: Collection[UUID]) -> None:
    """Who sits in a discussion is settled once it begins."""
    begun = await work.session.scalar(
        select(Meeting.state)
        .where(
            Meeting.group_id.in_(groups),
            Meeting.state.not_in((MeetingState.DRAFT, MeetingState.PUBLISHED, MeetingState.CANCELLED)),
        )
        .limit(1)
    )
    if begun:
        raise Refused("not-now", state=begun)


async def _record(
    work: Work, actor: Actor, body: Body, session: CouncilSession, numbers: Sequence[int]
) -> None:
    count = await work.session.scalar(
        select(func.count()).where(DiscussionGroupMember.session_id == session.id)
    )
    event = DiscussionGroupsFormed(
        session=str(session.id), number=session.number, name_of_body=body.name, groups=list(numbers),
        members=count or 0,
    )  # fmt: skip
    await work.record(actor, event)
