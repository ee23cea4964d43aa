"""What a session of a council says, checked; its groups; and who may change it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from meetings.before.council_terms import term_with
from meetings.rules.council_sessions import LONGEST_SESSION, SessionKind, check_span, next_number
from meetings.rules.permissions import Actor, Right
from meetings.rules.refusals import Refused
from meetings.rules.timing import YEARS
from meetings.storage.tables import (
    Body,
    CouncilSession,
    CouncilTerm,
    DiscussionGroup,
    DiscussionGroupMember,
)
from meetings.storage.unit_of_work import Reading, Work

PLACE_LENGTH, NOTE_LENGTH = 500, 5000
HIGHEST = 999


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionFacts:
    """What a session says. Without a number it gets the next one of its term."""

    kind: str = SessionKind.REGULAR
    since: date
    until: date
    number: int | None = None
    place: str = ""
    note: str = ""


async def held_session(work: Work, actor: Actor, session: UUID) -> tuple[Body, CouncilSession]:
    """The session with its body, both held, for those who prepare it."""
    body = await work.locked(Body, (await work.get(CouncilSession, session)).body_id)
    actor.must(Right.PREPARE, body=body.id)
    return body, await work.locked(CouncilSession, session)


async def groups_of(reading: Reading, session: UUID) -> Sequence[DiscussionGroup]:
    """The groups of a session by number."""
    query = select(DiscussionGroup).where(DiscussionGroup.session_id == session)
    return (await reading.session.scalars(query.order_by(DiscussionGroup.number))).all()


async def empty_groups(work: Work, session: UUID) -> None:
    """Take every group of a session away."""
    await work.session.execute(
        delete(DiscussionGroupMember).where(DiscussionGroupMember.session_id == session)
    )
    await work.session.execute(delete(DiscussionGroup).where(DiscussionGroup.session_id == session))


async def checked_facts(
    work: Work, body: UUID, facts: SessionFacts, kept: CouncilSession | None = None
) -> tuple[dict[str, Any], CouncilTerm]:
    """The columns of a session, and its term. A session that exists keeps its number unless another one is given."""
    if facts.kind not in tuple(SessionKind):
        raise Refused("wrong-input", field="kind")
    if facts.since.year not in YEARS or facts.until.year not in YEARS:
        raise Refused("date-wrong", field="since")
    check_span(facts.since, facts.until, LONGEST_SESSION, "days")
    place, note = " ".join(facts.place.split()), facts.note.strip()
    for name, value, limit in (("place", place, PLACE_LENGTH), ("note", note, NOTE_LENGTH)):
        if len(value) > limit:
            raise Refused("field-long", field=name, limit=limit)
    term = await term_with(work, body, facts.since, facts.until)
    taken = set(
        await work.session.scalars(
            select(CouncilSession.number).where(
                CouncilSession.term_id == term.id, CouncilSession.id != (kept.id if kept else None)
            )
        )
    )
    number = facts.number or (kept.number if kept else next_number(taken))
    if not 1 <= number <= HIGHEST:
        raise Refused("wrong-input", field="number")
    if number in taken:
        raise Refused("session-number-taken", number=number)
    columns = {
        "kind": facts.kind, "since": facts.since, "until": facts.until, "number": number, "place": place,
        "note": note,
    }  # fmt: skip
    return columns, term


async def named(work: Work, session: CouncilSession) -> dict[str, Any]:
    """How an event names a session."""
    body = await work.get(Body, session.body_id)
    term = await work.get(CouncilTerm, session.term_id)
    return {
        "body": str(body.id), "name_of_body": body.name, "session": str(session.id), "number": session.number,
        "term_name": term.name,
    }  # fmt: skip
