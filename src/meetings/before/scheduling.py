"""Meetings are scheduled, changed, published, cancelled."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select

from meetings.before.rooms import room_for
from meetings.rules.events import (
    MeetingCancelled,
    MeetingChanged,
    MeetingClosedToPublic,
    MeetingOpenedToPublic,
    MeetingPublished,
    MeetingScheduled,
)
from meetings.rules.lifecycle import MEETING, MeetingState, next_state
from meetings.rules.permissions import Actor, Right
from meetings.rules.refusals import Refused
from meetings.rules.timing import YEARS
from meetings.rules.visibility import Visibility
from meetings.storage.tables import Body, Item, Meeting, Room
from meetings.storage.unit_of_work import Reading, Work

TITLE_LENGTH = 500
LONGEST = timedelta(hours=24)
"""A meeting ends within a day; a session of several days has several sittings."""


def local_start(text: str) -> datetime:
    """`2026-11-25T08:00` as a local time without zone, or the refusal `date-wrong`."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as wrong:
        raise Refused("date-wrong", field="starts") from wrong
    if moment.year not in YEARS:
        raise Refused("date-wrong", field="starts")
    return moment.replace(tzinfo=None, second=0, microsecond=0)


def local_end(start: datetime, text: str) -> datetime | None:
    """The planned end on the clock of the start, None for no text; refused (`end-wrong`) unless it comes after."""
    if not text:
        return None
    try:
        end = datetime.fromisoformat(text).replace(tzinfo=None, second=0, microsecond=0)
    except ValueError as wrong:
        raise Refused("date-wrong", field="ends") from wrong
    if not start < end <= start + LONGEST:
        raise Refused("end-wrong")
    return end


def checked_title(title: str) -> str:
    """A title on one line, or a refusal."""
    title = " ".join(title.split())
    if not title:
        raise Refused("field-missing", field="title")
    if len(title) > TITLE_LENGTH:
        raise Refused("field-long", field="title", limit=TITLE_LENGTH)
    return title


async def schedule_meeting(
    work: Work,
    actor: Actor,
    *,
    body: UUID,
    title: str,
    starts: str,
    place: str = "",
    kind: str = "regular",
    reference: str = "",
    ends: str = "",
    room: UUID | None = None,
    public: bool = False,
    series: UUID | None = None,
) -> Meeting:
    """A new meeting of a body, not yet visible to its members. `starts` and `ends` are local time in the body's zone.

    `room` is one of the house (refused while it is blocked); its name is the place unless another one is given.
    `public`: anybody may follow it from its publication on.
    """
    actor.must(Right.PREPARE, body=body)
    held_by = await work.get(Body, body)
    start = local_start(starts)
    end = local_end(start, ends)
    held_in = await room_for(work, room, start.date()) if room else None
    meeting = Meeting(
        id=work.new_id(),
        body_id=body,
        title=checked_title(title),
        place=place.strip() or (held_in.name if held_in else ""),
        room_id=room,
        kind=kind,
        starts_local=start.isoformat(timespec="minutes"),
        timezone=held_by.timezone,
        starts_at=_moment(start, held_by.timezone),
        ends_local=_kept(end),
        ends_at=_moment(end, held_by.timezone) if end else None,
        state=MeetingState.DRAFT,
        reference=reference,
        public=public,
        series_id=series,
    )
    work.session.add(meeting)
    await work.session.flush()
    event = MeetingScheduled(
        meeting=str(meeting.id),
        body=str(body),
        title=meeting.title,
        starts=meeting.starts_local,
        zone=meeting.timezone,
        place=meeting.place,
        ends=meeting.ends_local,
        imported=reference,
        public=public,
    )
    await work.record(actor, event, meeting=meeting.id)
    return meeting


async def change_meeting(
    work: Work,
    actor: Actor,
    meeting: UUID,
    *,
    title: str | None = None,
    starts: str | None = None,
    place: str | None = None,
    ends: str | None = None,
    room: UUID | str | None = None,
) -> Meeting:
    """Correct a meeting's title, times, room or place before it begins; the journal keeps what was changed.

    What is None stays; a meeting that is moved keeps its length. An empty `ends` or `room` takes it away, and another
    room is the place as well, where the place was the old room's name.
    """
    kept = await work.locked(Meeting, meeting)
    actor.must(Right.PREPARE, body=kept.body_id)
    if kept.state not in (MeetingState.DRAFT, MeetingState.PUBLISHED):
        raise Refused("not-now", state=kept.state)
    changes: dict[str, str] = {}
    if title is not None and checked_title(title) != kept.title:
        kept.title = changes["title"] = checked_title(title)
    if place is not None and place.strip() != kept.place:
        kept.place = changes["place"] = place.strip()
    _move(kept, starts, ends, changes)
    await _change_room(work, kept, room, changes)
    if changes:
        await work.record(actor, MeetingChanged(meeting=str(kept.id), changes=changes), meeting=kept.id)
    return kept


def _move(kept: Meeting, starts: str | None, ends: str | None, changes: dict[str, str]) -> None:
    before = datetime.fromisoformat(kept.starts_local)
    start = before if starts is None else local_start(starts)
    if ends is None:
        length = datetime.fromisoformat(kept.ends_local) - before if kept.ends_local else None
        end = start + length if length else None
    else:
        end = local_end(start, ends)
    if start != before:
        kept.starts_local = changes["starts"] = _kept(start)
        kept.starts_at = _moment(start, kept.timezone)
    if _kept(end) != kept.ends_local:
        kept.ends_local = changes["ends"] = _kept(end)
        kept.ends_at = _moment(end, kept.timezone) if end else None


async def _change_room(work: Work, kept: Meeting, room: UUID | str | None, changes: dict[str, str]) -> None:
    """Put the meeting into another room; a room that stays is asked again only when the day changes."""
    if room is None:
        if kept.room_id and "starts" in changes:
            await room_for(work, kept.room_id, date.fromisoformat(kept.starts_local[:10]))
        return
    wanted = room if isinstance(room, UUID) else None
    if wanted == kept.room_id and "starts" not in changes:
        return
    old = await work.session.get(Room, kept.room_id) if kept.room_id else None
    new = await room_for(work, wanted, date.fromisoformat(kept.starts_local[:10])) if wanted else None
    if wanted == kept.room_id:
        return
    kept.room_id = wanted
    changes["room"] = new.name if new else ""
    if new and "place" not in changes and kept.place in ("", old.name if old else ""):
        kept.place = changes["place"] = new.name


def _kept(local: datetime | None) -> str:
    return local.isoformat(timespec="minutes") if local else ""


def _moment(local: datetime, zone: str) -> datetime:
    """The moment of a local time; a zone's own rules say what summer time does to it."""
    return local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


async def publish_meeting(work: Work, actor: Actor, meeting: UUID) -> Meeting:
    """Show the meeting, its agenda and papers to the members; the notice follows by itself."""
    kept = await work.locked(Meeting, meeting)
    actor.must(Right.PREPARE, body=kept.body_id)
    state = next_state(MEETING, kept.state, "publish")
    items = await work.session.scalar(
        select(func.count())
        .select_from(Item)
        .where(Item.meeting_id == meeting, Item.visibility != Visibility.HIDDEN)
    )
    if not items:
        raise Refused("agenda-empty")
    kept.state, kept.published_at = state, work.now
    await work.record(actor, MeetingPublished(meeting=str(kept.id), items=items), meeting=kept.id)
    return kept


async def cancel_meeting(work: Work, actor: Actor, meeting: UUID, *, reason: str) -> Meeting:
    """Call the meeting off before it begins, with a reason that members are told."""
    kept = await work.locked(Meeting, meeting)
    actor.must(Right.PREPARE, body=kept.body_id)
    if not reason.strip():
        raise Refused("reason-missing")
    kept.state = next_state(MEETING, kept.state, "cancel")
    await work.record(actor, MeetingCancelled(meeting=str(kept.id), reason=reason.strip()), meeting=kept.id)
    return kept


async def open_to_public(work: Work, actor: Actor, meeting: UUID, *, public: bool) -> Meeting:
    """Let anybody follow the meeting on the public page, or no longer. A draft is nobody's yet (`not-now`)."""
    kept = await work.locked(Meeting, meeting)
    actor.must(Right.PREPARE, body=kept.body_id)
    if kept.state == MeetingState.DRAFT:
        raise Refused("not-now", state=kept.state)
    if kept.public == public:
        return kept
    kept.public = public
    event = (MeetingOpenedToPublic if public else MeetingClosedToPublic)(meeting=str(kept.id))
    await work.record(actor, event, meeting=kept.id)
    return kept


async def open_to_anybody(reading: Reading, meeting: UUID) -> Meeting:
    """The meeting if it is public; otherwise `not-found`, which tells nothing about its existence."""
    found = await reading.get(Meeting, meeting)
    if not found.public or never_shown(found):
        raise Refused("not-found")
    return found


async def public_meetings(reading: Reading, *, limit: int = 100) -> Sequence[tuple[Meeting, Body]]:
    """The meetings that anybody may follow, the latest start first."""
    query = (
        select(Meeting, Body)
        .join(Body, Body.id == Meeting.body_id)
        .where(Meeting.public, shown_meetings())
        .order_by(Meeting.starts_at.desc(), Meeting.id)
        .limit(limit)
    )
    return list((await reading.session.execute(query)).all())


def never_shown(meeting: Meeting) -> bool:
    """Whether members have not seen it: a draft, or a draft that was cancelled. Both are for who prepares meetings."""
    dropped = meeting.state == MeetingState.CANCELLED and meeting.published_at is None
    return meeting.state == MeetingState.DRAFT or (dropped and not meeting.reference)


def shown_meetings() -> ColumnElement[bool]:
    """The same for lists: the meetings that members may have seen."""
    dropped = (Meeting.state == MeetingState.CANCELLED) & Meeting.published_at.is_(None)
    return (Meeting.state != MeetingState.DRAFT) & ~(dropped & (Meeting.reference == ""))


async def open_to(reading: Reading, actor: Actor, meeting: UUID) -> Meeting:
    """The meeting if the actor may see it; otherwise `not-found`, which tells nothing about its existence."""
    found = await reading.get(Meeting, meeting)
    must_see(actor, found)
    return found


def must_see(actor: Actor, meeting: Meeting) -> None:
    """Refuse (`not-found`) a meeting that is not for this actor."""
    if not sees(actor, meeting):
        raise Refused("not-found")


def sees(actor: Actor, meeting: Meeting) -> bool:
    """Whether this actor may see a meeting in its present state."""
    attends = actor.may(Right.ATTEND, body=meeting.body_id, meeting=meeting.id)
    return attends and (not never_shown(meeting) or actor.may(Right.PREPARE, body=meeting.body_id))


async def meetings_for(
    reading: Reading,
    actor: Actor,
    *,
    limit: int = 200,
    body: UUID | None = None,
    behind: tuple[datetime, UUID] | None = None,
) -> Sequence[tuple[Meeting, Body]]:
    """The meetings the actor may see, the latest start first; of one body, and behind a place in the list."""
    bodies = actor.bodies(Right.ATTEND)
    preparing = actor.bodies(Right.PREPARE)
    query = (
        select(Meeting, Body)
        .join(Body, Body.id == Meeting.body_id)
        .where(
            Meeting.body_id.in_(bodies) | Meeting.id.in_(actor.meetings(Right.ATTEND)),
            shown_meetings() | Meeting.body_id.in_(preparing),
        )
        .order_by(Meeting.starts_at.desc(), Meeting.id)
        .limit(limit)
    )
    if body is not None:
        query = query.where(Meeting.body_id == body)
    if behind is not None:
        start, last = behind
        query = query.where(
            (Meeting.starts_at < start) | ((Meeting.starts_at == start) & (Meeting.id > last))
        )
    return list((await reading.session.execute(query)).all())
