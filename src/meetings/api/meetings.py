"""The meeting's life: scheduled, corrected, published, called to order, recessed, adjourned, cancelled."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody
from msgspec import UNSET, UnsetType

from meetings.api.contract import Answer, ApiRequest, Asked, Line, Reason, Short, reads, writes
from meetings.api.lists import LIMIT, Cursor, Limit, OfBody, cut, place_of
from meetings.api.repeats import written
from meetings.before.scheduling import (
    cancel_meeting,
    change_meeting,
    meetings_for,
    open_to,
    publish_meeting,
    schedule_meeting,
)
from meetings.during import proceedings
from meetings.during.forecast import forecast_of
from meetings.language import N_
from meetings.rules.permissions import Actor, Right
from meetings.rules.refusals import Refused
from meetings.rules.timing import YEARS
from meetings.storage import tables
from meetings.storage.unit_of_work import Work

TAG = N_("Meetings")
Start = Annotated[datetime, msgspec.Meta(tz=True)]


class Meeting(Answer):
    """A sitting of a body. `starts` is told on the clock of the meeting's own `timezone`."""

    id: UUID
    body: UUID
    title: str
    place: str
    kind: str
    starts: datetime
    timezone: str
    state: str
    item: UUID | None
    """The item in hand."""
    published_at: datetime | None
    called_at: datetime | None
    adjourned_at: datetime | None
    reference: str
    agenda_frozen_at: datetime | None
    """Since when its agenda is frozen; null: it can be changed."""
    ends: datetime | None
    """The planned end; null when none is planned."""
    room: UUID | None
    """The room of the house it is held in."""
    recess_until: datetime | None
    """When the recess is planned to end; null outside a recess, and in one without a planned end."""
    series: UUID | None
    """The series it was made with."""
    session: UUID | None
    """The council session it is a sitting of."""
    sitting: str
    """`plenary` or `group` in a session; empty outside."""
    group: UUID | None
    """The group whose discussion it is: only its members have a seat."""


class Forecast(Answer):
    """When the meeting ends if every open item takes its planned time."""

    ends: datetime
    planned_end: datetime
    """The start and all planned times of the published agenda."""
    late_minutes: int
    """By how much the end comes later than planned, to the nearest five minutes; negative: earlier."""
    items_without_time: int
    """Open items that say nothing about their time; they count as nothing."""


class MeetingNow(Meeting):
    """A meeting as it stands. `forecast` is null where no item names a time, and before and after the meeting."""

    forecast: Forecast | None


class MeetingList(Answer):
    items: list[Meeting]
    next: str | None


class NewMeeting(Asked):
    body: UUID
    title: Line
    starts: Start
    place: Line = ""
    kind: Short = "regular"
    ends: Start | None = None
    """The planned end, within a day of the start."""
    room: UUID | None = None
    """A room of the house; refused while it is blocked. Its name is the place where none is given."""
    public: bool = False
    """Anybody may follow it from its publication on."""


class MeetingChange(Asked):
    """What is left out stays as it is."""

    title: Line | UnsetType = UNSET
    starts: Start | UnsetType = UNSET
    place: Line | UnsetType = UNSET
    ends: Start | UnsetType | None = UNSET
    room: UUID | UnsetType | None = UNSET


@reads("/meetings", Right.ATTEND, N_("List the meetings, the latest start first"), TAG)
async def list_meetings(
    request: ApiRequest, of_body: OfBody = None, cursor: Cursor = None, limit: Limit = LIMIT
) -> Response[MeetingList]:
    """Drafts only for those who prepare them."""
    place = place_of(cursor, datetime.fromisoformat, UUID)
    if place is not None and place[0].tzinfo is None:
        raise Refused("wrong-input", field="cursor")
    async with request.house.store.reading() as reading:
        rows = await meetings_for(reading, request.actor, limit=limit + 1, behind=place, body=of_body)
    page, following = cut(rows, limit, lambda row: (row[0].starts_at, row[0].id))
    return Response(MeetingList(items=[shape(meeting) for meeting, _ in page], next=following))


@writes("/meetings", Right.PREPARE, N_("Schedule a meeting"), TAG, status=201)
async def post_meeting(request: ApiRequest, data: JSONBody[NewMeeting]) -> Response[Meeting]:
    """A draft at first."""

    async def act(work: Work) -> Meeting:
        request.actor.must(Right.PREPARE, body=data.body)
        body = await work.get(tables.Body, data.body)
        meeting = await schedule_meeting(
            work, request.actor, body=body.id, title=data.title, starts=local_text(data.starts, body.timezone),
            place=data.place, kind=data.kind, room=data.room, public=data.public,
            ends=local_text(data.ends, body.timezone, "ends") if data.ends else "",
        )  # fmt: skip
        return shape(meeting)

    return await written(request, act, status=201)


@reads("/meetings/{meeting_id:uuid}", Right.ATTEND, N_("Read a meeting"), TAG)
async def get_meeting(request: ApiRequest, meeting_id: FromPath[UUID]) -> Response[MeetingNow]:
    """If it is open to the reader."""
    async with request.house.store.reading() as reading:
        meeting = await open_to(reading, request.actor, meeting_id)
        seen = await forecast_of(reading, meeting)
    forecast = None
    if seen is not None:
        zone = ZoneInfo(meeting.timezone)
        forecast = Forecast(
            ends=seen.ends.astimezone(zone), planned_end=seen.planned_end.astimezone(zone), late_minutes=seen.late,
            items_without_time=seen.without_time,
        )  # fmt: skip
    return Response(MeetingNow(**msgspec.structs.asdict(shape(meeting)), forecast=forecast))


@writes(
    "/meetings/{meeting_id:uuid}",
    Right.PREPARE,
    N_("Correct a meeting before it begins"),
    TAG,
    method="patch",
)
async def patch_meeting(
    request: ApiRequest, meeting_id: FromPath[UUID], data: JSONBody[MeetingChange]
) -> Response[Meeting]:
    """Members of a published meeting are told the new facts."""

    async def act(work: Work) -> Meeting:
        kept = await open_to(work, request.actor, meeting_id)
        changed = await change_meeting(
            work, request.actor, meeting_id,
            title=None if data.title is UNSET else data.title,
            starts=None if data.starts is UNSET else local_text(data.starts, kept.timezone),
            place=None if data.place is UNSET else data.place,
            ends=None if data.ends is UNSET else local_text(data.ends, kept.timezone, "ends") if data.ends else "",
            room=None if data.room is UNSET else data.room or "",
        )  # fmt: skip
        return shape(changed)

    return await written(request, act)


@writes("/meetings/{meeting_id:uuid}/cancel", Right.PREPARE, N_("Call a meeting off before it begins"), TAG)
async def cancel(
    request: ApiRequest, meeting_id: FromPath[UUID], data: JSONBody[Reason]
) -> Response[Meeting]:
    """Members are told the reason."""

    async def act(work: Work) -> Meeting:
        await open_to(work, request.actor, meeting_id)
        return shape(await cancel_meeting(work, request.actor, meeting_id, reason=data.reason))

    return await written(request, act)


Act = Callable[[Work, Actor, UUID], Awaitable[tables.Meeting]]


def _act(name: str, right: Right, summary: str, use_case: Act) -> HTTPRouteHandler:
    @writes(f"/meetings/{{meeting_id:uuid}}/{name}", right, summary, TAG)
    async def handler(request: ApiRequest, meeting_id: FromPath[UUID]) -> Response[Meeting]:
        async def act(work: Work) -> Meeting:
            await open_to(work, request.actor, meeting_id)
            return shape(await use_case(work, request.actor, meeting_id))

        return await written(request, act)

    return handler


ACTS = [
    _act("publish", Right.PREPARE, N_("Publish a meeting; its members are told"), publish_meeting),
    _act(
        "call-to-order",
        Right.RUN_ROOM,
        N_("Call to order; refused while there is no quorum"),
        proceedings.call_to_order,
    ),
    _act("resume", Right.RUN_ROOM, N_("Go on after a recess"), proceedings.resume),
    _act("adjourn", Right.RUN_ROOM, N_("End the meeting; its minutes are drafted"), proceedings.adjourn),
]


def shape(row: tables.Meeting) -> Meeting:
    """A meeting as the interface tells it."""
    return Meeting(
        id=row.id, body=row.body_id, title=row.title, place=row.place, kind=row.kind,
        starts=row.starts_at.astimezone(ZoneInfo(row.timezone)), timezone=row.timezone, state=row.state,
        item=row.current_item_id, published_at=row.published_at, called_at=row.called_at,
        adjourned_at=row.adjourned_at, reference=row.reference, room=row.room_id, series=row.series_id,
        ends=row.ends_at.astimezone(ZoneInfo(row.timezone)) if row.ends_at else None,
        agenda_frozen_at=row.agenda_frozen_at,
        recess_until=row.recess_until.astimezone(ZoneInfo(row.timezone)) if row.recess_until else None,
        session=row.session_id, sitting=row.sitting, group=row.group_id,
    )  # fmt: skip


def local_text(moment: datetime, zone: str, field: str = "starts") -> str:
    """A time on the clock of the body, as meetings keep it."""
    if moment.year not in YEARS:
        raise Refused("date-wrong", field=field)
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None).isoformat(timespec="minutes")


handlers = [list_meetings, post_meeting, get_meeting, patch_meeting, cancel, *ACTS]
