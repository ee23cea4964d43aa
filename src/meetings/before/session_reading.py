"""Sessions of a council as they are read: the list of a body, one session with its sittings, what is unusual in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from meetings.before.agenda import agenda_of
from meetings.before.council_terms import all_terms
from meetings.before.discussion_groups import GroupView, views_of_groups
from meetings.before.papers import leaves_of, recused_from
from meetings.before.scheduling import sees
from meetings.before.session_names import session_name
from meetings.language import in_language
from meetings.rules.council_sessions import (
    Held,
    SessionState,
    crossing,
    in_order,
    numbered,
    outside,
    state_of,
)
from meetings.rules.permissions import Actor, Right
from meetings.rules.refusals import Refused
from meetings.rules.visibility import audience_of
from meetings.storage.tables import Body, CouncilSession, CouncilTerm, Item, Meeting
from meetings.storage.unit_of_work import Reading


@dataclass(frozen=True, slots=True)
class SessionLine:
    """A session in a list."""

    session: CouncilSession
    state: SessionState
    meetings: int
    """Those that the reader sees."""


@dataclass(frozen=True, slots=True)
class TermView:
    """A term with the sessions that the reader sees, the latest first."""

    term: CouncilTerm
    sessions: Sequence[SessionLine]


@dataclass(frozen=True, slots=True)
class SittingView:
    """A meeting in its session, as far as the reader may see it."""

    meeting: Meeting
    number: int
    """Of a plenary sitting; 0 for a group or a cancelled one."""
    group: int
    items: Sequence[Item]
    papers: int
    outside: bool
    """Begins on a day that is not one of the session's."""
    crosses: bool
    """Needs members that another meeting of the session needs at the same time."""


@dataclass(frozen=True, slots=True)
class SessionView:
    """One session with everything in it."""

    body: Body
    term: CouncilTerm
    session: CouncilSession
    name: str
    state: SessionState
    sittings: Sequence[SittingView]
    groups: Sequence[GroupView]


async def sessions_of(reading: Reading, actor: Actor, body: UUID) -> Sequence[TermView]:
    """The terms of a body with its sessions, the latest first; plans only for those who prepare them."""
    if not actor.may(Right.ADMINISTER):
        actor.must(Right.ATTEND, body=body)
    rows = await reading.session.scalars(
        select(CouncilSession).where(CouncilSession.body_id == body).order_by(CouncilSession.number.desc())
    )
    sessions = rows.all()
    meetings = await _meetings(reading, [one.id for one in sessions])
    lines: dict[UUID, list[SessionLine]] = {}
    for one in sessions:
        own = meetings.get(one.id, ())
        state = _state(one, own, reading.today)
        if state is not SessionState.PLANNED or actor.may(Right.PREPARE, body=body):
            seen = sum(sees(actor, meeting) for meeting in own)
            lines.setdefault(one.term_id, []).append(SessionLine(one, state, seen))
    return [TermView(term, lines.get(term.id, ())) for term in await all_terms(reading, body)]


async def open_session(reading: Reading, actor: Actor, session: UUID) -> tuple[CouncilSession, SessionState]:
    """The session if the actor may see it; otherwise `not-found`, which tells nothing about its existence."""
    kept = await reading.get(CouncilSession, session)
    own = (await _meetings(reading, [session])).get(session, ())
    state = _state(kept, own, reading.today)
    prepares = actor.may(Right.PREPARE, body=kept.body_id)
    attends = actor.may(Right.ATTEND, body=kept.body_id)
    if not (prepares or (attends and state is not SessionState.PLANNED)):
        raise Refused("not-found")
    return kept, state


async def read_session(reading: Reading, actor: Actor, session: UUID) -> SessionView:
    """The session with the sittings that the reader sees, in the order of time, each with its part of the agenda."""
    kept, state = await open_session(reading, actor, session)
    body = await reading.get(Body, kept.body_id)
    term = await reading.get(CouncilTerm, kept.term_id)
    groups = await views_of_groups(reading, session)
    numbers = {view.group.id: view.group.number for view in groups}
    all_of_it = (await _meetings(reading, [session])).get(session, ())
    facts = {one.id: _held(one, numbers) for one in all_of_it}
    counted = numbered(facts.values())
    seen = {str(one.id): one for one in all_of_it if sees(actor, one)}
    crossed = {
        key for pair in crossing(facts[one.id] for one in all_of_it if str(one.id) in seen) for key in pair
    }
    views: list[SittingView] = []
    for held in in_order(facts[one.id] for one in all_of_it if str(one.id) in seen):
        meeting = seen[held.key]
        items = await agenda_of(reading, meeting.id, audience=audience_of(actor, body.id, meeting.id))
        views.append(
            SittingView(
                meeting, counted.get(held.key, 0), numbers.get(meeting.group_id, 0) if meeting.group_id else 0, items,
                await _papers(reading, actor, meeting, items), outside(held, kept.since, kept.until),
                held.key in crossed,
            )
        )  # fmt: skip
    with in_language(body.language):
        name = session_name(kept, term, body)
    return SessionView(body, term, kept, name, state, views, groups)


async def number_of_sitting(reading: Reading, meeting: Meeting) -> int:
    """The number of a plenary sitting in its session; 0 for any other meeting."""
    if meeting.session_id is None or meeting.group_id:
        return 0
    own = (await _meetings(reading, [meeting.session_id])).get(meeting.session_id, ())
    return numbered(_held(one, {}) for one in own if not one.group_id).get(str(meeting.id), 0)


async def sessions_between(
    reading: Reading, actor: Actor, first: date, last: date, *, body: UUID | None = None
) -> Sequence[tuple[CouncilSession, str]]:
    """The sessions that have one of these days and that the reader sees, with their names."""
    bodies = actor.bodies(Right.ATTEND) & ({body} if body else actor.bodies(Right.ATTEND))
    rows = await reading.session.execute(
        select(CouncilSession, CouncilTerm, Body)
        .join(CouncilTerm, CouncilTerm.id == CouncilSession.term_id)
        .join(Body, Body.id == CouncilSession.body_id)
        .where(
            CouncilSession.body_id.in_(bodies), CouncilSession.since <= last, CouncilSession.until >= first
        )
        .order_by(CouncilSession.since, CouncilSession.number)
    )
    return await _seen(reading, actor, [(row[0], row[1], row[2]) for row in rows])


async def open_sessions(reading: Reading, actor: Actor) -> Sequence[tuple[CouncilSession, str]]:
    """The sessions that are not over and into which this actor may put a meeting, by their first day."""
    rows = await reading.session.execute(
        select(CouncilSession, CouncilTerm, Body)
        .join(CouncilTerm, CouncilTerm.id == CouncilSession.term_id)
        .join(Body, Body.id == CouncilSession.body_id)
        .where(CouncilSession.body_id.in_(actor.bodies(Right.PREPARE)), CouncilSession.until >= reading.today)
        .order_by(CouncilSession.since, CouncilSession.number)
    )
    return await _seen(reading, actor, [(row[0], row[1], row[2]) for row in rows])


async def _seen(
    reading: Reading, actor: Actor, rows: Sequence[tuple[CouncilSession, CouncilTerm, Body]]
) -> list[tuple[CouncilSession, str]]:
    meetings = await _meetings(reading, [session.id for session, _, _ in rows])
    found: list[tuple[CouncilSession, str]] = []
    for session, term, body in rows:
        state = _state(session, meetings.get(session.id, ()), reading.today)
        if state is not SessionState.PLANNED or actor.may(Right.PREPARE, body=body.id):
            with in_language(body.language):
                found.append((session, session_name(session, term, body)))
    return found


def _held(meeting: Meeting, groups: Mapping[UUID, int]) -> Held:
    """A meeting as the rules of sessions look at it; `groups` has their numbers."""
    return Held(
        key=str(meeting.id), kind=meeting.sitting, state=meeting.state, starts=meeting.starts_local,
        ends=meeting.ends_local, group=f"{groups[meeting.group_id]:03}" if meeting.group_id else "",
    )  # fmt: skip


def _state(session: CouncilSession, meetings: Sequence[Meeting], today: date) -> SessionState:
    return state_of(
        convened=session.convened_at is not None, sittings=[one.state for one in meetings], until=session.until,
        today=today,
    )  # fmt: skip


async def _meetings(reading: Reading, sessions: Sequence[UUID]) -> Mapping[UUID, Sequence[Meeting]]:
    found: dict[UUID, list[Meeting]] = {}
    if not sessions:
        return found
    for meeting in await reading.session.scalars(select(Meeting).where(Meeting.session_id.in_(sessions))):
        if meeting.session_id:
            found.setdefault(meeting.session_id, []).append(meeting)
    return found


async def _papers(reading: Reading, actor: Actor, meeting: Meeting, items: Sequence[Item]) -> int:
    """How many papers of these items are for this reader."""
    leaves = await leaves_of(reading, meeting.id, audience_of(actor, meeting.body_id, meeting.id))
    aside = await recused_from(reading, actor.person, meeting=meeting.id)
    return sum(len(leaves.get(item.id, ())) for item in items if item.id not in aside)
