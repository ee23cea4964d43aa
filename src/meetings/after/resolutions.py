"""Resolutions: drafted by an adopted motion, divided into clauses, issued under an official number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, or_, select

from meetings.after.registers import RESOLUTION as REGISTER
from meetings.after.registers import take_number
from meetings.before.visibility import open_items
from meetings.during.stage import StagePoll, as_stage_polls
from meetings.rules.clauses import clauses_in
from meetings.rules.events import (
    MotionAdopted,
    MotionReopened,
    ResolutionClauseWritten,
    ResolutionDrafted,
    ResolutionIssued,
    ResolutionWithdrawn,
)
from meetings.rules.lifecycle import RESOLUTION, ResolutionState, next_state
from meetings.rules.permissions import Actor, Right
from meetings.rules.refusals import Refused
from meetings.storage.tables import (
    Body,
    Clause,
    Item,
    Meeting,
    Motion,
    Poll,
    Resolution,
    Task,
    TaskCooperation,
)
from meetings.storage.unit_of_work import Reading, Work

CLAUSE_LENGTH = 20_000
CLAUSES = 200


async def draft_resolution(work: Work, actor: Actor | None, event: MotionAdopted) -> None:
    """Consequence of an adopted motion: a substantive one becomes a draft resolution with its clauses.

    Of a divided motion the whole becomes one, when its parts are decided.
    """
    motion = await work.get(Motion, UUID(event.motion))
    meeting = await work.get(Meeting, motion.meeting_id)
    if motion.kind != "substantive" or motion.part_of_id or meeting.reference:
        return
    resolution = Resolution(
        id=work.new_id(),
        body_id=meeting.body_id,
        meeting_id=meeting.id,
        item_id=motion.item_id,
        motion_id=motion.id,
        poll_id=UUID(event.poll),
        title=motion.title,
        text=motion.text,
        state=RESOLUTION.start,
        adopted_at=work.now,
    )
    work.session.add(resolution)
    await work.session.flush()
    for position, text in enumerate(clauses_in(motion.text)):
        work.session.add(Clause(id=work.new_id(), resolution_id=resolution.id, position=position, text=text))
    await work.session.flush()
    drafted = ResolutionDrafted(
        resolution=str(resolution.id), motion=str(motion.id), item=str(motion.item_id), title=resolution.title
    )
    await work.record(actor, drafted, meeting=meeting.id)


async def write_clauses(work: Work, actor: Actor, resolution: UUID, texts: Sequence[str]) -> list[Clause]:
    """Divide a draft into operative clauses, in order. A clause that a task came from may be reworded, not dropped."""
    kept = await work.locked(Resolution, resolution)
    actor.must(Right.WRITE_MINUTES, body=kept.body_id)
    _must_be_draft(kept)
    wanted = [text.strip() for text in texts if text.strip()]
    if len(wanted) > CLAUSES:
        raise Refused("field-long", field="clauses", limit=CLAUSES)
    if any(len(text) > CLAUSE_LENGTH for text in wanted):
        raise Refused("field-long", field="text", limit=CLAUSE_LENGTH)
    clauses = await clauses_of(work, resolution)
    for position, text in enumerate(wanted):
        if position < len(clauses) and clauses[position].text == text:
            continue
        if position < len(clauses):
            clauses[position].text = text
        else:
            clauses.append(Clause(id=work.new_id(), resolution_id=resolution, position=position, text=text))
            work.session.add(clauses[-1])
        await _record_clause(work, actor, kept, clauses[position].id, text)
    for clause in clauses[len(wanted) :]:
        if await work.session.scalar(select(Task.id).where(Task.clause_id == clause.id).limit(1)):
            raise Refused("clause-in-use", number=clause.position + 1)
        await work.session.delete(clause)
        await _record_clause(work, actor, kept, clause.id, "")
    await work.session.flush()
    return clauses[: len(wanted)]


async def issue_resolution(work: Work, actor: Actor, resolution: UUID) -> Resolution:
    """Give the resolution its official number, the next of its body's year; from then on nothing in it changes."""
    kept = await work.locked(Resolution, resolution)
    _must_finish(actor, kept)
    _must_be_draft(kept)
    kept.state = next_state(RESOLUTION, kept.state, "issue")
    given = await take_number(work, await work.get(Body, kept.body_id), REGISTER)
    kept.year, kept.number, kept.symbol = given.year, given.number, given.symbol
    kept.issued_at = work.now
    event = ResolutionIssued(resolution=str(kept.id), symbol=given.symbol, year=given.year)
    await work.record(actor, event, meeting=kept.meeting_id)
    return kept


async def withdraw_resolution(work: Work, actor: Actor, resolution: UUID, *, reason: str) -> Resolution:
    """Take back a draft, with a reason; its tasks are cancelled by themselves. An issued one stays."""
    kept = await work.locked(Resolution, resolution)
    _must_finish(actor, kept)
    if not reason.strip():
        raise Refused("reason-missing")
    _must_be_draft(kept)
    await _withdraw(work, actor, kept, reason.strip())
    return kept


async def withdraw_with_motion(work: Work, actor: Actor | None, event: MotionReopened) -> None:
    """Consequence of a motion whose adoption was annulled: its draft is withdrawn. An issued one refuses it all."""
    query = select(Resolution).where(
        Resolution.motion_id == UUID(event.motion), Resolution.state != ResolutionState.WITHDRAWN
    )
    for kept in await work.session.scalars(query.with_for_update()):
        _must_be_draft(kept)
        await _withdraw(work, actor, kept, event.reason)


@dataclass(frozen=True, slots=True)
class ResolutionLine:
    """A resolution as the register lists it."""

    id: UUID
    symbol: str
    title: str
    state: str
    adopted_at: datetime
    issued_at: datetime | None
    body: str
    meeting: str
    tasks: int


@dataclass(frozen=True, slots=True)
class OpenResolution:
    """A resolution to be read: where it came from, its clauses, and the poll that adopted it."""

    resolution: Resolution
    body: Body
    meeting: Meeting
    item: Item
    clauses: tuple[Clause, ...]
    poll: StagePoll


async def resolutions_for(
    reading: Reading,
    actor: Actor,
    *,
    state: str = "",
    year: int | None = None,
    body: UUID | None = None,
    words: str = "",
    limit: int = 500,
) -> list[ResolutionLine]:
    """The resolutions the actor may read: drafts first, then the issued ones from the newest number down."""
    tasks = select(func.count()).where(Task.resolution_id == Resolution.id).scalar_subquery()
    query = (
        select(
            Resolution.id,
            Resolution.symbol,
            Resolution.title,
            Resolution.state,
            Resolution.adopted_at,
            Resolution.issued_at,
            Body.name,
            Meeting.title,
            tasks,
        )
        .join(Body, Body.id == Resolution.body_id)
        .join(Meeting, Meeting.id == Resolution.meeting_id)
        .join(Item, Item.id == Resolution.item_id)
        .where(_open_to(actor))
        .order_by(
            case(_FIRST, value=Resolution.state),
            Resolution.year.desc(),
            Resolution.number.desc(),
            Resolution.adopted_at.desc(),
            Resolution.id,
        )
        .limit(limit)
    )
    if state:
        query = query.where(Resolution.state == state)
    if year:
        query = query.where(Resolution.year == year)
    if body:
        query = query.where(Resolution.body_id == body)
    if words.strip():
        query = query.where(or_(*(c.icontains(words.strip(), autoescape=True) for c in _SEARCHED)))
    return [ResolutionLine(*row) for row in await reading.session.execute(query)]


async def open_resolution(reading: Reading, actor: Actor, resolution: UUID) -> OpenResolution:
    """One resolution, if the actor may read it; otherwise `not-found`."""
    query = (
        select(Resolution, Body, Meeting, Item, Poll)
        .join(Body, Body.id == Resolution.body_id)
        .join(Meeting, Meeting.id == Resolution.meeting_id)
        .join(Item, Item.id == Resolution.item_id)
        .join(Poll, Poll.id == Resolution.poll_id)
        .where(Resolution.id == resolution, _open_to(actor))
    )
    row = (await reading.session.execute(query)).first()
    if row is None:
        raise Refused("not-found")
    found, body, meeting, item, poll = row
    clauses = await clauses_of(reading, resolution)
    (shown,) = await as_stage_polls(reading, [poll], insider=False)
    return OpenResolution(found, body, meeting, item, tuple(clauses), shown)


async def clauses_of(reading: Reading, resolution: UUID) -> list[Clause]:
    """The clauses of a resolution in order."""
    rows = await reading.session.scalars(
        select(Clause).where(Clause.resolution_id == resolution).order_by(Clause.position)
    )
    return list(rows)


_FIRST = {ResolutionState.DRAFT: 0, ResolutionState.ISSUED: 1, ResolutionState.WITHDRAWN: 2}
_SEARCHED = (Resolution.title, Resolution.symbol, Resolution.text)


def _open_to(actor: Actor) -> ColumnElement[bool]:
    """Who attends the body’s meetings reads what came of the items that person sees; agencies what gave them a task."""
    agencies = actor.agencies()
    helped = select(TaskCooperation.task_id).where(TaskCooperation.agency_id.in_(agencies))
    given = select(Task.resolution_id).where(or_(Task.lead_id.in_(agencies), Task.id.in_(helped)))
    attends = Resolution.body_id.in_(actor.bodies(Right.ATTEND))
    return or_(and_(attends, open_items(actor)), Resolution.id.in_(given))


def _must_finish(actor: Actor, resolution: Resolution) -> None:
    """The secretary or the chair of the body issues and withdraws."""
    if not actor.may(Right.SIGN_AS_CHAIR, body=resolution.body_id):
        actor.must(Right.WRITE_MINUTES, body=resolution.body_id)


def _must_be_draft(resolution: Resolution) -> None:
    if resolution.state == ResolutionState.ISSUED:
        raise Refused("resolution-issued")
    if resolution.state != ResolutionState.DRAFT:
        raise Refused("not-now", state=resolution.state)


async def _withdraw(work: Work, actor: Actor | None, resolution: Resolution, reason: str) -> None:
    resolution.state = next_state(RESOLUTION, resolution.state, "withdraw")
    # Held before the journal is: who reports on a task holds the task first, too.
    await work.session.execute(
        select(Task.id).where(Task.resolution_id == resolution.id).order_by(Task.id).with_for_update()
    )
    event = ResolutionWithdrawn(resolution=str(resolution.id), reason=reason)
    await work.record(actor, event, meeting=resolution.meeting_id)


async def _record_clause(work: Work, actor: Actor, resolution: Resolution, clause: UUID, text: str) -> None:
    event = ResolutionClauseWritten(resolution=str(resolution.id), clause=str(clause), text=text)
    await work.record(actor, event, meeting=resolution.meeting_id)
