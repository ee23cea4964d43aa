"""The calendar: which meetings a person sees from one day to another, each on its own local day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select

from meetings.before.scheduling import shown_meetings
from meetings.rules.permissions import Actor, Right
from meetings.rules.refusals import Refused
from meetings.rules.timing import YEARS
from meetings.storage.tables import Body, Meeting
from meetings.storage.unit_of_work import Reading

LONGEST = timedelta(days=400)
"""At most so much of the calendar is told at once."""


async def meetings_between(
    reading: Reading,
    actor: Actor,
    first: date,
    last: date,
    *,
    body: UUID | None = None,
    mine: bool = False,
    drafts: bool = True,
) -> Sequence[tuple[Meeting, Body]]:
    """The meetings that begin from one day to another (inclusive), in their order; of one body, or only where the
    actor has a seat or the chair. Drafts only for those who prepare them.
    """
    if first.year not in YEARS or last.year not in YEARS or not timedelta(0) <= last - first <= LONGEST:
        raise Refused("wrong-input", field="until")
    bodies = actor.bodies(Right.ATTEND)
    if mine:
        bodies = actor.bodies(Right.TAKE_PART) | actor.bodies(Right.RUN_ROOM)
    preparing = actor.bodies(Right.PREPARE) if drafts else frozenset[UUID]()
    query = (
        select(Meeting, Body)
        .join(Body, Body.id == Meeting.body_id)
        .where(
            Meeting.starts_local >= first.isoformat(),
            Meeting.starts_local < (last + timedelta(days=1)).isoformat(),
            Meeting.body_id.in_(bodies) | Meeting.id.in_(actor.meetings(Right.ATTEND)),
            shown_meetings() | Meeting.body_id.in_(preparing),
        )
        .order_by(Meeting.starts_local, Meeting.title, Meeting.id)
    )
    if body is not None:
        query = query.where(Meeting.body_id == body)
    return [(row[0], row[1]) for row in await reading.session.execute(query)]
