"""An agenda that members have changes by numbered supplements: collected, issued, read.

Every change counts at once and is collected under the next number; issuing the supplement tells the members what
changed. What was not issued goes out by itself when the meeting is called to order.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from meetings.before.notice import concerned
from meetings.before.papers import unlisted_papers, unseen_papers
from meetings.before.seated import seated_in
from meetings.before.visibility import unseen_by, unseen_items
from meetings.before.working_days import calendar_of
from meetings.council.telling import tell
from meetings.language import N_
from meetings.rules.deadlines import periods_of
from meetings.rules.events import (
    AgendaFrozen,
    AgendaRead,
    AgendaReleased,
    MeetingCalledToOrder,
    SupplementIssued,
)
from meetings.rules.lifecycle import MeetingState
from meetings.rules.permissions import Actor, Right, Role
from meetings.rules.refusals import Refused
from meetings.rules.supplements import Change, change_of, net, notice_missed
from meetings.rules.visibility import Audience
from meetings.storage.tables import AgendaReading, Body, Meeting, RoleGrant, Supplement
from meetings.storage.unit_of_work import Reading, Work

ISSUED = N_("Supplement {number} to the agenda of “{title}”, {starts}: {items}")
NOT_BEGUN = (MeetingState.DRAFT, MeetingState.PUBLISHED)
NAMED_AT_MOST = 5
"""So many items a message names; the page has them all."""


@dataclass(frozen=True, slots=True)
class SupplementView:
    """A supplement as one reader sees it: without changes of items and papers that are not for this reader."""

    number: int
    changes: Sequence[Change]
    issued: Supplement | None
    """None while it is collected."""


@dataclass(frozen=True, slots=True)
class ReaderView:
    """What a member has confirmed having read: by number of the supplement, 0 for the agenda as published."""

    person: UUID
    name: str
    read: dict[int, AgendaReading]


async def freeze_agenda(work: Work, actor: Actor, meeting: UUID) -> Meeting:
    """Keep the agenda as it is until the chair releases it. Papers can still be laid."""
    held = await work.locked(Meeting, meeting)
    actor.must(Right.PREPARE, body=held.body_id)
    if held.state not in NOT_BEGUN:
        raise Refused("not-now", state=held.state)
    if held.agenda_frozen_at is None:
        held.agenda_frozen_at = work.now
        await work.record(actor, AgendaFrozen(meeting=str(meeting)), meeting=meeting)
    return held


async def release_agenda(work: Work, actor: Actor, meeting: UUID, *, reason: str) -> Meeting:
    """The chair lets a frozen agenda be changed again, with a reason that the journal keeps."""
    held = await work.locked(Meeting, meeting)
    actor.must(Right.RUN_ROOM, body=held.body_id)
    if held.agenda_frozen_at is None:
        raise Refused("agenda-not-frozen")
    if not reason.strip():
        raise Refused("reason-missing")
    held.agenda_frozen_at = None
    await work.record(actor, AgendaReleased(meeting=str(meeting), reason=reason.strip()), meeting=meeting)
    return held


async def collect(work: Work, held: Meeting, changes: Sequence[Change]) -> None:
    """Put changes of a published agenda under the supplement that is being collected; begin one if there is none.

    What comes onto the agenda by its publication itself is no change of it.
    """
    if held.state != MeetingState.PUBLISHED or held.published_at == work.now or not changes:
        return
    row = await _collected(work, held.id)
    if row is None:
        last = await work.session.scalar(
            select(func.max(Supplement.number)).where(Supplement.meeting_id == held.id)
        )
        row = Supplement(
            id=work.new_id(), meeting_id=held.id, number=(last or 0) + 1, changes=[], begun_at=work.now,
            late_days=0, reason="",
        )  # fmt: skip
        work.session.add(row)
    row.changes = [*row.changes, *(change.data() for change in changes)]
    await work.session.flush()


async def issue_supplement(work: Work, actor: Actor, meeting: UUID, *, reason: str = "") -> Supplement:
    """Tell everybody concerned what changed since they were told last.

    Refused when nothing did (`supplement-empty`), and without a reason (`supplement-late`) inside the notice period.
    """
    held = await work.locked(Meeting, meeting)
    actor.must(Right.PREPARE, body=held.body_id)
    if held.state != MeetingState.PUBLISHED:
        raise Refused("not-now", state=held.state)
    row = await _collected(work, meeting)
    if row is None or not _told(row, await _unseen_by(work, meeting, Audience.MEMBERS)):
        raise Refused("supplement-empty")
    late = await days_late(work, held)
    if late and not reason.strip():
        raise Refused("supplement-late", days=late)
    await _issue(work, actor, held, row, late=late, reason=reason.strip())
    return row


async def issue_when_called(work: Work, actor: Actor | None, event: MeetingCalledToOrder) -> None:
    """Consequence of calling to order: changes that nobody was told of yet go out as they are."""
    held = await work.get(Meeting, UUID(event.meeting))
    row = await _collected(work, held.id)
    if row is not None and _told(row, await _unseen_by(work, held.id, Audience.MEMBERS)):
        await _issue(work, None, held, row, late=await days_late(work, held), reason="")


async def _issue(
    work: Work, actor: Actor | None, held: Meeting, row: Supplement, *, late: int, reason: str
) -> None:
    row.issued_at, row.issued_by = work.now, actor.person if actor else None
    row.late_days, row.reason = late, reason
    await work.session.flush()
    told = _told(row, await _unseen_by(work, held.id, Audience.MEMBERS))
    event = SupplementIssued(
        meeting=str(held.id), supplement=str(row.id), number=row.number, changes=len(told), late_days=late,
        reason=reason,
    )  # fmt: skip
    await work.record(actor, event, meeting=held.id)
    await _tell(work, held, row)


async def _tell(work: Work, held: Meeting, row: Supplement) -> None:
    """Each audience is told of the items that it sees."""
    body = await work.get(Body, held.body_id)
    people = await concerned(work, held)
    outside = await _outside(work, held, people)
    for audience, chosen in (
        (Audience.MEMBERS, [one for one in people.values() if one.id not in outside]),
        (Audience.ANYBODY, [one for one in people.values() if one.id in outside]),
    ):
        changes = _told(row, await _unseen_by(work, held.id, audience))
        if not chosen or not changes:
            continue
        names = list(dict.fromkeys(f"{change.number} {change.title}" for change in changes))
        more = ["…"] if len(names) > NAMED_AT_MOST else []
        facts = {
            "number": row.number,
            "title": held.title,
            "starts": held.starts_local,
            "items": "; ".join([*names[:NAMED_AT_MOST], *more]),
        }
        await tell(work, chosen, ISSUED, facts, f"/meetings/{held.id}/supplements", body.language)


async def _outside(reading: Reading, held: Meeting, people: Collection[UUID]) -> frozenset[UUID]:
    """Who is concerned only as an observer."""
    inside = {member.person for member in await seated_in(reading, held)}
    roles = await reading.session.scalars(
        select(RoleGrant.person_id).where(
            RoleGrant.body_id == held.body_id, RoleGrant.role.in_((Role.SECRETARY, Role.CHAIR, Role.DELEGATE))
        )
    )
    return frozenset(people) - inside - set(roles)


async def days_late(reading: Reading, held: Meeting) -> int:
    """By how many working days a change told today misses the notice period of this meeting."""
    body = await reading.get(Body, held.body_id)
    days = periods_of(body.deadlines, held.kind).notice_days
    day = date.fromisoformat(held.starts_local[:10])
    return notice_missed(day, reading.today, days, await calendar_of(reading))


async def confirm_reading(work: Work, actor: Actor, meeting: UUID) -> int:
    """Confirm having read the agenda with all issued supplements; the number of the last one comes back."""
    held = await work.locked(Meeting, meeting)
    actor.must(Right.ATTEND, body=held.body_id, meeting=meeting)
    if held.published_at is None:
        raise Refused("not-found")
    number = await last_issued(work, meeting)
    known = select(AgendaReading.id).where(
        AgendaReading.meeting_id == meeting,
        AgendaReading.person_id == actor.person,
        AgendaReading.supplement == number,
    )
    if await work.session.scalar(known) is None:
        row = AgendaReading(
            id=work.new_id(), meeting_id=meeting, person_id=actor.person, supplement=number, read_at=work.now
        )
        work.session.add(row)
        await work.session.flush()
        event = AgendaRead(
            meeting=str(meeting), reader=str(actor.person), reader_name=actor.name, supplement=number
        )
        await work.record(actor, event, meeting=meeting)
    return number


async def last_issued(reading: Reading, meeting: UUID) -> int:
    """The number of the newest supplement that members were told of; 0 when there is none."""
    return (
        await reading.session.scalar(
            select(func.max(Supplement.number)).where(
                Supplement.meeting_id == meeting, Supplement.issued_at.is_not(None)
            )
        )
        or 0
    )


async def has_read(reading: Reading, meeting: UUID, person: UUID, number: int) -> bool:
    """Whether this person confirmed having read the agenda up to that supplement."""
    found = select(AgendaReading.id).where(
        AgendaReading.meeting_id == meeting,
        AgendaReading.person_id == person,
        AgendaReading.supplement >= number,
    )
    return await reading.session.scalar(found.limit(1)) is not None


async def supplements_of(reading: Reading, actor: Actor, meeting: Meeting) -> list[SupplementView]:
    """The supplements of a meeting, the newest first, as this person sees them; empty ones are left out."""
    rows = (
        await reading.session.scalars(
            select(Supplement).where(Supplement.meeting_id == meeting.id).order_by(Supplement.number.desc())
        )
    ).all()
    unseen = frozenset[UUID]()
    if rows:
        unseen = await unseen_items(reading, actor, meeting) | await unseen_papers(reading, actor, meeting)
    views = [SupplementView(row.number, _told(row, unseen), row if row.issued_at else None) for row in rows]
    return [view for view in views if view.changes]


async def readers_of(reading: Reading, actor: Actor, meeting: Meeting) -> list[ReaderView]:
    """What each member in office has confirmed, for those who prepare or run the meeting."""
    if not (
        actor.may(Right.PREPARE, body=meeting.body_id) or actor.may(Right.RUN_ROOM, body=meeting.body_id)
    ):
        raise Refused("forbidden")
    members = await seated_in(reading, meeting)
    rows = await reading.session.scalars(select(AgendaReading).where(AgendaReading.meeting_id == meeting.id))
    read: dict[UUID, dict[int, AgendaReading]] = {}
    for row in rows:
        read.setdefault(row.person_id, {})[row.supplement] = row
    return [ReaderView(member.person, member.name, read.get(member.person, {})) for member in members]


async def _collected(reading: Reading, meeting: UUID) -> Supplement | None:
    return await reading.session.scalar(
        select(Supplement).where(Supplement.meeting_id == meeting, Supplement.issued_at.is_(None))
    )


async def _unseen_by(reading: Reading, meeting: UUID, audience: Audience) -> frozenset[UUID]:
    return await unseen_by(reading, meeting, audience) | await unlisted_papers(reading, meeting, audience)


def _told(row: Supplement, unseen: Collection[UUID]) -> list[Change]:
    """What is left of the changes without items and papers that are not seen."""
    names = frozenset(map(str, unseen))
    changes = net(change_of(data) for data in row.changes)
    return [change for change in changes if change.item not in names and change.paper not in names]
