"""What is due for a meeting: its notice, its papers, its conclusions; and the periods that a body keeps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from meetings.before.working_days import calendar_of
from meetings.rules.deadlines import Course, Deadline, all_periods, as_data, deadlines, periods_of
from meetings.rules.events import DeadlinesSet
from meetings.rules.lifecycle import MeetingState
from meetings.rules.permissions import Actor, Right
from meetings.rules.refusals import Refused
from meetings.storage.tables import Body, JournalRow, Meeting, Paper, PaperVersion
from meetings.storage.unit_of_work import Reading, Work

CONCLUDED = "MinutesPublished"
"""The event with which a meeting's conclusions are out."""


async def set_deadlines(work: Work, actor: Actor, body: UUID, data: Mapping[str, Any]) -> Body:
    """Change a body's periods, by kind of meeting; what is left out stays. Working days; 0 for no period.

    Refused (`wrong-input`, naming the field) where they are no periods. Nothing is recorded when nothing changes.
    """
    actor.must(Right.ADMINISTER)
    kept = await work.locked(Body, body)
    before = all_periods(kept.deadlines)
    merged: dict[str, Any] = {kind: dict(own) for kind, own in before.items()}
    for kind, own in data.items():
        if not isinstance(own, Mapping):
            raise Refused("wrong-input", field=kind[:32])
        merged[kind] = {**merged.get(kind, {}), **cast("Mapping[str, Any]", own)}
    after = all_periods(merged)
    changes = {kind: own for kind, own in after.items() if own != before.get(kind)}
    if changes:
        kept.deadlines = as_data(after)
        await work.record(actor, DeadlinesSet(body=str(body), name_of_body=kept.name, changes=changes))
    return kept


async def deadlines_of(reading: Reading, pairs: Sequence[tuple[Meeting, Body]]) -> dict[UUID, list[Deadline]]:
    """The deadlines of each meeting, in a few queries for all; none for cancelled and for imported ones."""
    wanted = [pair for pair in pairs if pair[0].state != MeetingState.CANCELLED and not pair[0].reference]
    if not wanted:
        return {}
    calendar = await calendar_of(reading)
    ids = [meeting.id for meeting, _ in wanted]
    laid, concluded = await _laid(reading, ids), await _concluded(reading, ids)
    return {
        meeting.id: deadlines(
            _course(meeting, laid.get(meeting.id, ()), concluded.get(meeting.id)),
            periods_of(body.deadlines, meeting.kind), calendar, _day(reading.now, meeting.timezone),
        )
        for meeting, body in wanted
    }  # fmt: skip


def _course(meeting: Meeting, laid: Sequence[datetime], concluded: datetime | None) -> Course:
    zone = meeting.timezone
    return Course(
        day=date.fromisoformat(meeting.starts_local[:10]),
        published=_day(meeting.published_at, zone) if meeting.published_at else None,
        papers=[_day(moment, zone) for moment in laid],
        adjourned=_day(meeting.adjourned_at, zone) if meeting.adjourned_at else None,
        concluded=_day(concluded, zone) if concluded else None,
    )


def _day(moment: datetime, zone: str) -> date:
    return moment.astimezone(ZoneInfo(zone)).date()


async def _laid(reading: Reading, meetings: Sequence[UUID]) -> dict[UUID, list[datetime]]:
    """When each paper that still lies there was laid first."""
    rows = await reading.session.execute(
        select(Paper.meeting_id, func.min(PaperVersion.laid_at))
        .join(PaperVersion, PaperVersion.paper_id == Paper.id)
        .where(Paper.meeting_id.in_(meetings), Paper.withdrawn_at.is_(None))
        .group_by(Paper.meeting_id, Paper.id)
    )
    found: defaultdict[UUID, list[datetime]] = defaultdict(list)
    for meeting, moment in rows:
        found[meeting].append(moment)
    return found


async def _concluded(reading: Reading, meetings: Sequence[UUID]) -> dict[UUID, datetime]:
    rows = await reading.session.execute(
        select(JournalRow.chain_id, func.min(JournalRow.at))
        .where(JournalRow.chain_id.in_(meetings), JournalRow.event == CONCLUDED)
        .group_by(JournalRow.chain_id)
    )
    return {row[0]: row[1] for row in rows}
