"""Sessions of a council: planned, changed, convened; meetings are put into them, or planned with them in one act.

A planned session is seen by those who prepare it. The members know of it from its calling on, or from the publication
of its first meeting.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from meetings.before.scheduling import schedule_meeting
from meetings.before.session_facts import (
    SessionFacts,
    checked_facts,
    empty_groups,
    groups_of,
    held_session,
    named,
)
from meetings.before.session_names import name_of_session, sitting_title
from meetings.council.bodies import holders, members_in_office
from meetings.council.telling import tell
from meetings.language import N_, in_language
from meetings.rules.council_sessions import HOURS, SittingKind
from meetings.rules.events import (
    CouncilSessionChanged,
    CouncilSessionConvened,
    CouncilSessionDropped,
    CouncilSessionPlanned,
    PutIntoSession,
    TakenOutOfSession,
)
from meetings.rules.lifecycle import MeetingState
from meetings.rules.permissions import Actor, Right, Role
from meetings.rules.refusals import Refused
from meetings.rules.weekly_schedule import DayPart
from meetings.storage.tables import Body, CouncilSession, DiscussionGroup, Meeting, Person, Poll
from meetings.storage.unit_of_work import Work

CONVENED = N_("{session} of {body} is convened from {since} until {until}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A sitting that is wanted: on a day, in a part of it. One of the kind `group` means all groups at once."""

    day: date
    part: DayPart
    kind: SittingKind = SittingKind.PLENARY


async def plan_session(work: Work, actor: Actor, body: UUID, facts: SessionFacts) -> CouncilSession:
    """A new session of a body, in the term that has its days. Refused: `term-missing`, `session-number-taken`."""
    actor.must(Right.PREPARE, body=body)
    kept = await work.locked(Body, body)
    checked, term = await checked_facts(work, body, facts)
    session = CouncilSession(id=work.new_id(), body_id=body, term_id=term.id, **checked)
    work.session.add(session)
    await work.session.flush()
    event = CouncilSessionPlanned(
        body=str(body), name_of_body=kept.name, session=str(session.id), number=session.number,
        term_name=term.name, kind=session.kind, since=session.since.isoformat(), until=session.until.isoformat(),
    )  # fmt: skip
    await work.record(actor, event)
    return session


async def change_session(work: Work, actor: Actor, session: UUID, facts: SessionFacts) -> CouncilSession:
    """Correct a session; its meetings keep their times, and those outside its days are named on its page."""
    body, kept = await held_session(work, actor, session)
    checked, term = await checked_facts(work, body.id, facts, kept)
    wanted = {**checked, "term_id": term.id}
    changes = {name: str(value) for name, value in wanted.items() if value != getattr(kept, name)}
    if changes:
        for name, value in wanted.items():
            setattr(kept, name, value)
        event = CouncilSessionChanged(**await named(work, kept), changes=changes)
        await work.record(actor, event)
    return kept


async def convene_session(work: Work, actor: Actor, session: UUID) -> CouncilSession:
    """Let everybody who sits or holds a role in the body know of the session (triệu tập kỳ họp)."""
    body, kept = await held_session(work, actor, session)
    if kept.convened_at:
        raise Refused("session-convened")
    kept.convened_at = work.now
    people = {member.person for member in await members_in_office(work, body.id, kept.since)}
    for role in (Role.CHAIR, Role.SECRETARY, Role.OBSERVER):
        people |= {one.id for one in await holders(work, body.id, role)}
    persons = (await work.session.scalars(select(Person).where(Person.id.in_(people)))).all()
    facts = {
        "session": await name_of_session(work, session), "body": body.name, "since": f"{kept.since:%d/%m/%Y}",
        "until": f"{kept.until:%d/%m/%Y}",
    }  # fmt: skip
    await tell(work, persons, CONVENED, facts, f"/council-sessions/{session}", body.language)
    event = CouncilSessionConvened(
        **await named(work, kept),
        since=kept.since.isoformat(),
        until=kept.until.isoformat(),
        persons=len(persons),
    )
    await work.record(actor, event)
    return kept


async def drop_session(work: Work, actor: Actor, session: UUID) -> None:
    """Give up a plan that nobody knows of and that has no meetings; its groups go with it."""
    _, kept = await held_session(work, actor, session)
    if kept.convened_at:
        raise Refused("session-convened")
    if await work.session.scalar(select(Meeting.id).where(Meeting.session_id == session).limit(1)):
        raise Refused("session-filled")
    event = CouncilSessionDropped(**await named(work, kept))
    await empty_groups(work, session)
    await work.session.delete(kept)
    await work.session.flush()
    await work.record(actor, event)


async def put_into_session(
    work: Work,
    actor: Actor,
    meeting: UUID,
    session: UUID,
    *,
    sitting: str = SittingKind.PLENARY,
    group: UUID | None = None,
) -> Meeting:
    """Make a meeting a sitting of a session of its own body; a discussion needs its group, and must not have begun.

    Its days are not checked: the page of the session names what lies outside.
    """
    kept = await work.locked(Meeting, meeting)
    actor.must(Right.PREPARE, body=kept.body_id)
    into = await work.get(CouncilSession, session)
    if into.body_id != kept.body_id:
        raise Refused("session-body")
    if sitting not in tuple(SittingKind):
        raise Refused("wrong-input", field="sitting")
    number = 0
    if sitting == SittingKind.GROUP:
        if group is None:
            raise Refused("group-missing")
        row = await work.get(DiscussionGroup, group)
        if row.session_id != session:
            raise Refused("wrong-input", field="group")
        if await work.session.scalar(select(Poll.id).where(Poll.meeting_id == meeting).limit(1)):
            raise Refused("group-no-poll")
        number = row.number
    wanted_group = group if sitting == SittingKind.GROUP else None
    before_it = kept.state in (MeetingState.DRAFT, MeetingState.PUBLISHED)
    if kept.state == MeetingState.CANCELLED or (wanted_group != kept.group_id and not before_it):
        raise Refused("not-now", state=kept.state)
    if (kept.session_id, kept.sitting, kept.group_id) == (session, sitting, wanted_group):
        return kept
    kept.session_id, kept.sitting, kept.group_id = session, SittingKind(sitting).value, wanted_group
    event = PutIntoSession(
        session=str(session),
        session_name=await name_of_session(work, session),
        sitting=kept.sitting,
        group=number,
    )
    await work.record(actor, event, meeting=meeting)
    return kept


async def take_out_of_session(work: Work, actor: Actor, meeting: UUID) -> Meeting:
    """Let a meeting stand by itself again; a group's discussion only before it begins. Nothing happens outside one."""
    kept = await work.locked(Meeting, meeting)
    actor.must(Right.PREPARE, body=kept.body_id)
    if kept.session_id is None:
        return kept
    if kept.group_id and kept.state not in (MeetingState.DRAFT, MeetingState.PUBLISHED):
        raise Refused("not-now", state=kept.state)
    event = TakenOutOfSession(
        session=str(kept.session_id), session_name=await name_of_session(work, kept.session_id)
    )
    kept.session_id, kept.sitting, kept.group_id = None, "", None
    await work.record(actor, event, meeting=meeting)
    return kept


async def plan_sittings(
    work: Work, actor: Actor, session: UUID, wanted: Sequence[Wanted]
) -> Sequence[Meeting]:
    """Drafts for a whole session in one act: a plenary sitting, or one discussion for each group, in parts of its days.

    All or nothing. Refused: `session-empty`, `sitting-day`, `sitting-planned`, `groups-missing`.
    """
    body, kept = await held_session(work, actor, session)
    if not wanted:
        raise Refused("session-empty")
    groups = await groups_of(work, session)
    if not groups and any(one.kind is SittingKind.GROUP for one in wanted):
        raise Refused("groups-missing")
    taken = set(
        await work.session.scalars(
            select(Meeting.starts_local).where(
                Meeting.session_id == session, Meeting.state != MeetingState.CANCELLED
            )
        )
    )
    for one in wanted:
        if not kept.since <= one.day <= kept.until:
            raise Refused("sitting-day", day=one.day)
        if f"{one.day.isoformat()}T{HOURS[one.part][0]}" in taken:
            raise Refused("sitting-planned", day=one.day, time=HOURS[one.part][0])
    return [
        await _draft(work, actor, kept, body, one, group)
        for one in wanted
        for group in (groups if one.kind is SittingKind.GROUP else [None])
    ]


async def _draft(
    work: Work,
    actor: Actor,
    session: CouncilSession,
    body: Body,
    wanted: Wanted,
    group: DiscussionGroup | None,
) -> Meeting:
    starts, ends = (f"{wanted.day.isoformat()}T{clock}" for clock in HOURS[wanted.part])
    with in_language(body.language):
        title = sitting_title(wanted.kind, datetime.fromisoformat(starts), group.number if group else 0)
    meeting = await schedule_meeting(
        work, actor, body=body.id, title=title, starts=starts, ends=ends, kind=session.kind,
        place=(group.place if group else "") or session.place,
    )  # fmt: skip
    return await put_into_session(
        work, actor, meeting.id, session.id, sitting=wanted.kind, group=group.id if group else None
    )
