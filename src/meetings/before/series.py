"""Meetings that are repeated by a rule: foreseen, made as drafts, changed and cancelled from a day on.

Each is an ordinary meeting that knows its series. Only drafts are touched; a published meeting is changed by itself.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import case, func, select

from meetings.before.conflicts import InTheWay, Plan, conflicts_of
from meetings.before.meeting_templates import KINDS, open_template
from meetings.before.rooms import is_blocked, room_for
from meetings.before.scheduling import (
    cancel_meeting,
    change_meeting,
    checked_title,
    local_end,
    schedule_meeting,
)
from meetings.before.template_use import fill_agenda, title_for
from meetings.before.working_days import calendar_of
from meetings.rules.events import SeriesBegun, SeriesChanged, SeriesEnded
from meetings.rules.lifecycle import MeetingState
from meetings.rules.meeting_templates import must_be_known
from meetings.rules.permissions import Actor, Right
from meetings.rules.refusals import Refused
from meetings.rules.series import Recurrence, data_of, days_of, recurrence_of
from meetings.storage.tables import Body, Meeting, MeetingSeries, Room
from meetings.storage.unit_of_work import Reading, Work


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesFacts:
    """What the meetings of a series share. `begins` and `ends` are times of day; a template gives them an agenda."""

    title: str
    rule: Recurrence
    begins: str
    ends: str = ""
    kind: str = KINDS[0]
    place: str = ""
    room: UUID | None = None
    public: bool = False
    template: UUID | None = None


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A meeting that would be made."""

    day: date
    ruled: date
    """The day that the rule names, where a day off moved it."""
    blocked: bool
    """The room cannot be had on that day."""
    in_the_way: Sequence[InTheWay]


@dataclass(frozen=True, slots=True)
class SeriesLine:
    """A series in the list."""

    row: MeetingSeries
    body: str
    rule: Recurrence
    drafts: int
    meetings: int


async def foresee_series(reading: Reading, actor: Actor, body: UUID, facts: SeriesFacts) -> list[Foreseen]:
    """Each day of a series, with what stands in its way, before anything is made."""
    actor.must(Right.PREPARE, body=body)
    held_by = await reading.get(Body, body)
    room = await reading.session.get(Room, facts.room) if facts.room else None
    if facts.room and (room is None or not room.in_use):
        raise Refused("wrong-input", field="room")
    found: list[Foreseen] = []
    for one in days_of(facts.rule, await calendar_of(reading)):
        start, end = _hours(one.day, facts.begins, facts.ends)
        plan = Plan(
            meeting=None, body=body, day=one.day, starts=_moment(start, held_by.timezone),
            ends=_moment(end, held_by.timezone) if end else None, room=facts.room,
        )  # fmt: skip
        clashes = await conflicts_of(reading, actor, plan)
        found.append(Foreseen(one.day, one.ruled, bool(room and is_blocked(room, one.day)), clashes))
    return found


async def begin_series(
    work: Work, actor: Actor, body: UUID, facts: SeriesFacts, *, without: Collection[date] = ()
) -> tuple[MeetingSeries, list[Meeting]]:
    """Make a draft for each day of the rule but those in `without`; all of them or, when one is refused, none."""
    actor.must(Right.PREPARE, body=body)
    held_by = await work.get(Body, body)
    if facts.kind not in KINDS:
        raise Refused("wrong-input", field="kind")
    if facts.template and (await open_template(work, actor, facts.template)).body_id != body:
        raise Refused("template-body")
    days = [one.day for one in days_of(facts.rule, await calendar_of(work))]
    for day in without:
        if day not in days:
            raise Refused("series-day", day=day)
    days = [day for day in days if day not in without]
    if not days:
        raise Refused("series-empty")
    for day in days:
        _hours(day, facts.begins, facts.ends)
        if facts.room:
            await room_for(work, facts.room, day)
    row = MeetingSeries(
        id=work.new_id(), body_id=body, title=must_be_known(checked_title(facts.title)), rule=data_of(facts.rule),
        begun_by=actor.person, begun_at=work.now,
    )  # fmt: skip
    work.session.add(row)
    await work.session.flush()
    made = [await _make(work, actor, row, facts, day) for day in days]
    event = SeriesBegun(
        series=str(row.id), title=row.title, name_of_body=held_by.name, rule=row.rule, meetings=len(made)
    )
    await work.record(actor, event)
    return row, made


async def _make(work: Work, actor: Actor, row: MeetingSeries, facts: SeriesFacts, day: date) -> Meeting:
    start, end = _hours(day, facts.begins, facts.ends)
    meeting = await schedule_meeting(
        work, actor, body=row.body_id, title=await title_for(work, row.body_id, facts.kind, row.title, start),
        starts=_local(start), ends=_local(end) if end else "", place=facts.place, room=facts.room, kind=facts.kind,
        public=facts.public, series=row.id,
    )  # fmt: skip
    if facts.template:
        await fill_agenda(work, actor, meeting, facts.template)
    return meeting


async def change_series(
    work: Work,
    actor: Actor,
    series: UUID,
    *,
    since: date,
    title: str | None = None,
    begins: str | None = None,
    ends: str | None = None,
    place: str | None = None,
    room: UUID | str | None = None,
) -> list[Meeting]:
    """Change the drafts of a series from a day on; what is None stays. Each keeps its own day.

    `title` may hold placeholders; the title that the series has already changes nothing. An empty `ends` or `room`
    takes it away. Refused (`series-settled`) when no draft is left from that day on.
    """
    row = await _held_series(work, actor, series)
    drafts = await _drafts(work, series, since)
    title = None if title == row.title else title
    for meeting in drafts:
        day = date.fromisoformat(meeting.starts_local[:10])
        start, end = _hours(day, begins or meeting.starts_local[11:16], ends or "")
        named = await title_for(work, row.body_id, meeting.kind, title, start) if title else None
        await change_meeting(
            work, actor, meeting.id, title=named, starts=_local(start) if begins else None, place=place, room=room,
            ends=None if ends is None else _local(end) if end else "",
        )  # fmt: skip
    if title:
        row.title = must_be_known(checked_title(title))
    event = SeriesChanged(series=str(row.id), title=row.title, since=since.isoformat(), meetings=len(drafts))
    await work.record(actor, event)
    return drafts


async def end_series(work: Work, actor: Actor, series: UUID, *, since: date, reason: str) -> list[Meeting]:
    """Cancel the drafts of a series from a day on, with a reason; nobody is told, since nobody has seen them."""
    row = await _held_series(work, actor, series)
    drafts = await _drafts(work, series, since)
    for meeting in drafts:
        await cancel_meeting(work, actor, meeting.id, reason=reason)
    event = SeriesEnded(
        series=str(row.id),
        title=row.title,
        since=since.isoformat(),
        meetings=len(drafts),
        reason=reason.strip(),
    )
    await work.record(actor, event)
    return drafts


async def open_series(
    reading: Reading, actor: Actor, series: UUID
) -> tuple[MeetingSeries, Sequence[Meeting]]:
    """A series with its meetings by their start, for who prepares meetings of its body (`not-found` for others)."""
    row = await reading.get(MeetingSeries, series)
    if not actor.may(Right.PREPARE, body=row.body_id):
        raise Refused("not-found")
    query = select(Meeting).where(Meeting.series_id == series).order_by(Meeting.starts_at, Meeting.id)
    return row, (await reading.session.scalars(query)).all()


async def series_for(reading: Reading, actor: Actor, *, body: UUID | None = None) -> Sequence[SeriesLine]:
    """The series of the bodies that the actor prepares meetings of, the newest first."""
    drafts = func.sum(case((Meeting.state == MeetingState.DRAFT, 1), else_=0))
    query = (
        select(MeetingSeries, Body.name, drafts, func.count(Meeting.id))
        .join(Body, Body.id == MeetingSeries.body_id)
        .join(Meeting, Meeting.series_id == MeetingSeries.id)
        .where(MeetingSeries.body_id.in_(actor.bodies(Right.PREPARE)))
        .group_by(MeetingSeries.id, Body.name)
        .order_by(MeetingSeries.begun_at.desc(), MeetingSeries.id)
    )
    if body is not None:
        query = query.where(MeetingSeries.body_id == body)
    rows = await reading.session.execute(query)
    return [SeriesLine(row, name, recurrence_of(row.rule), left, count) for row, name, left, count in rows]


async def _held_series(work: Work, actor: Actor, series: UUID) -> MeetingSeries:
    await open_series(work, actor, series)
    return await work.locked(MeetingSeries, series)


async def _drafts(work: Work, series: UUID, since: date) -> list[Meeting]:
    query = select(Meeting).where(Meeting.series_id == series, Meeting.state == MeetingState.DRAFT)
    found = (await work.session.scalars(query.order_by(Meeting.starts_at, Meeting.id))).all()
    ahead = [one for one in found if one.starts_local[:10] >= since.isoformat()]
    held = [await work.locked(Meeting, one.id) for one in ahead]
    drafts = [one for one in held if one.state == MeetingState.DRAFT]
    if not drafts:
        raise Refused("series-settled")
    return drafts


def _hours(day: date, begins: str, ends: str) -> tuple[datetime, datetime | None]:
    """Start and planned end on that day's own clock."""
    try:
        start = datetime.combine(day, time.fromisoformat(begins).replace(tzinfo=None))
        end = datetime.combine(day, time.fromisoformat(ends).replace(tzinfo=None)) if ends else None
    except ValueError as wrong:
        raise Refused("wrong-input", field="begins") from wrong
    return start, local_end(start, _local(end) if end else "")


def _local(moment: datetime) -> str:
    return moment.isoformat(timespec="minutes")


def _moment(local: datetime, zone: str) -> datetime:
    return local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
