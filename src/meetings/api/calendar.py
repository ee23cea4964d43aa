"""The calendar: meetings from day to day, the table of days, deadlines and conflicts of a meeting, feeds."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from litestar import Response
from litestar.params import FromPath, FromQuery, JSONBody

from meetings.api.contract import Answer, ApiRequest, Asked, Line, reads, writes
from meetings.api.lists import OfBody
from meetings.api.meetings import Meeting, shape
from meetings.api.repeats import written
from meetings.before.calendar import meetings_between
from meetings.before.conflicts import InTheWay, conflicts_of, plan_of
from meetings.before.days import confirm_year, fill_year, mark_day, marks_between, unmark_day
from meetings.before.deadlines import deadlines_of
from meetings.before.feeds import feeds_of, open_feed, revoke_feed
from meetings.before.scheduling import open_to
from meetings.language import N_
from meetings.rules.permissions import Right, must_be_insider
from meetings.storage import tables
from meetings.storage.unit_of_work import Work

TAG = N_("Calendar")
Year = Annotated[int, msgspec.Meta(ge=1990, le=2200)]


class CalendarDay(Answer):
    """A day that differs from the ordinary week. `proposed` counts as an ordinary day until it is decided."""

    day: date
    kind: Literal["off", "worked", "proposed"]
    name: str
    confirmed: bool
    """Officially announced; until then the day is what the law lets one expect."""


class CalendarPart(Answer):
    """Meetings by their local start, and the marked days."""

    meetings: list[Meeting]
    days: list[CalendarDay]


class DayMark(Asked):
    kind: Literal["off", "worked", "proposed"]
    name: Line
    confirmed: bool = False


class OneYear(Asked):
    year: Year


class DaysChanged(Answer):
    days: int
    """How many marks were added or confirmed."""


class DeadlineNow(Answer):
    """One duty of a meeting, in working days of the table of days."""

    duty: Literal["notice", "papers", "conclusions"]
    due: date
    done: date | None
    late: int
    """Working days after `due`; 0 in time."""
    papers: int
    """How many papers came late."""


class Conflict(Answer):
    """Another meeting at the same time. `meeting` and `title` are left out where it is not open to the reader."""

    meeting: UUID | None
    title: str
    body: str
    starts: str
    """Local time, without offset."""
    room: str
    chairs: list[str]
    members: list[str]


class Warnings(Answer):
    deadlines: list[DeadlineNow]
    conflicts: list[Conflict]


class NewFeed(Asked):
    body: UUID | None = None
    """One body, or everything that the person may see."""


class Feed(Answer):
    id: UUID
    body: UUID | None
    created_at: datetime


class FeedMade(Feed):
    address: str | None
    """Secret, and told only in the first answer: a repeat does not know it any more."""


class FeedRevoked(Answer):
    id: UUID


class Feeds(Answer):
    items: list[Feed]


@reads("/calendar", Right.SIGNED_IN, N_("Read the calendar from one day to another"), TAG)
async def get_calendar(
    request: ApiRequest,
    since: FromQuery[date],
    until: FromQuery[date],
    of_body: OfBody = None,
    mine: FromQuery[bool] = False,
) -> Response[CalendarPart]:
    """Both days included, at most 400; `mine`: only where the reader has a seat or the chair."""
    async with request.house.store.reading() as reading:
        pairs = await meetings_between(reading, request.actor, since, until, body=of_body, mine=mine)
        marks = await marks_between(reading, since, until)
    return Response(
        CalendarPart(meetings=[shape(meeting) for meeting, _ in pairs], days=[_day(mark) for mark in marks])
    )


@writes("/days/{day:date}", Right.ADMINISTER, N_("Mark a day as off, worked or proposed"), TAG, method="put")
async def put_day(request: ApiRequest, day: FromPath[date], data: JSONBody[DayMark]) -> Response[CalendarDay]:
    """Deadlines count by it from now on."""

    async def act(work: Work) -> CalendarDay:
        marked = await mark_day(
            work, request.actor, day, kind=data.kind, name=data.name, confirmed=data.confirmed
        )
        return _day(marked)

    return await written(request, act)


@writes("/days/{day:date}/unmark", Right.ADMINISTER, N_("Let a day follow the week again"), TAG)
async def post_unmark(request: ApiRequest, day: FromPath[date]) -> Response[DaysChanged]:
    """Takes its mark out of the table."""

    async def act(work: Work) -> DaysChanged:
        await unmark_day(work, request.actor, day)
        return DaysChanged(days=1)

    return await written(request, act)


@writes("/days/fill", Right.ADMINISTER, N_("Take over the public holidays of a year"), TAG)
async def post_fill(request: ApiRequest, data: JSONBody[OneYear]) -> Response[DaysChanged]:
    """Days that are marked already stay as they are."""

    async def act(work: Work) -> DaysChanged:
        return DaysChanged(days=await fill_year(work, request.actor, data.year))

    return await written(request, act)


@writes("/days/confirm", Right.ADMINISTER, N_("Confirm the days of a year"), TAG)
async def post_confirm(request: ApiRequest, data: JSONBody[OneYear]) -> Response[DaysChanged]:
    """They are as the Government announced them."""

    async def act(work: Work) -> DaysChanged:
        return DaysChanged(days=await confirm_year(work, request.actor, data.year))

    return await written(request, act)


@reads(
    "/meetings/{meeting_id:uuid}/warnings", Right.ATTEND, N_("Read deadlines and conflicts of a meeting"), TAG
)
async def get_warnings(request: ApiRequest, meeting_id: FromPath[UUID]) -> Response[Warnings]:
    """For those who prepare or run it."""
    actor = request.actor
    async with request.house.store.reading() as reading:
        meeting = await open_to(reading, actor, meeting_id)
        must_be_insider(actor, meeting.body_id)
        body = await reading.get(tables.Body, meeting.body_id)
        found = (await deadlines_of(reading, [(meeting, body)])).get(meeting.id, [])
        clashes = await conflicts_of(reading, actor, plan_of(meeting))
    return Response(
        Warnings(
            deadlines=[
                DeadlineNow(duty=one.duty.value, due=one.due, done=one.done, late=one.late, papers=one.papers)
                for one in found
            ],
            conflicts=[conflict_shape(one) for one in clashes],
        )
    )


@reads("/feeds", Right.ATTEND, N_("List one's own calendar addresses"), TAG)
async def get_feeds(request: ApiRequest) -> Response[Feeds]:
    """Those that answer; the addresses themselves are nowhere kept."""
    async with request.house.store.reading() as reading:
        kept = await feeds_of(reading, request.actor)
    return Response(
        Feeds(items=[Feed(id=one.id, body=one.body_id, created_at=_local(request, one)) for one in kept])
    )


@writes("/feeds", Right.ATTEND, N_("Make a secret calendar address"), TAG, status=201)
async def post_feed(request: ApiRequest, data: JSONBody[NewFeed]) -> Response[FeedMade]:
    """A calendar program reads it without signing in, until it is revoked."""

    async def act(work: Work) -> FeedMade:
        one, secret = await open_feed(work, request.actor, data.body)
        address = f"{request.house.settings.public_url}/feeds/{secret}.ics"
        return FeedMade(id=one.id, body=one.body_id, created_at=_local(request, one), address=address)

    return await written(
        request, act, status=201, keep=lambda made: msgspec.structs.replace(made, address=None)
    )


@writes("/feeds/{feed_id:uuid}/revoke", Right.ATTEND, N_("Revoke a calendar address"), TAG)
async def post_revoke(request: ApiRequest, feed_id: FromPath[UUID]) -> Response[FeedRevoked]:
    """It answers no more, at once."""

    async def act(work: Work) -> FeedRevoked:
        await revoke_feed(work, request.actor, feed_id)
        return FeedRevoked(id=feed_id)

    return await written(request, act)


def _day(mark: tables.DayMark) -> CalendarDay:
    return msgspec.convert(
        {"day": mark.day, "kind": mark.kind, "name": mark.name, "confirmed": mark.confirmed}, CalendarDay
    )


def conflict_shape(one: InTheWay) -> Conflict:
    """Another meeting at the same time, as the interface tells it."""
    return Conflict(
        meeting=one.meeting, title=one.title, body=one.body, starts=one.starts_local, room=one.room,
        chairs=list(one.chairs), members=list(one.members),
    )  # fmt: skip


def _local(request: ApiRequest, feed: tables.CalendarFeed) -> datetime:
    return feed.created_at.astimezone(ZoneInfo(request.house.settings.timezone))


handlers = [
    get_calendar, put_day, post_unmark, post_fill, post_confirm, get_warnings, get_feeds, post_feed, post_revoke,
]  # fmt: skip
