"""Series of meetings: the days foreseen, the drafts made, changed and cancelled together."""

from datetime import date
from uuid import UUID

from litestar import Response
from litestar.params import FromPath, JSONBody
from msgspec import UNSET, UnsetType

from meetings.api.calendar import conflict_shape
from meetings.api.contract import ApiRequest, Asked, Line, Prose, reads, writes
from meetings.api.repeats import written
from meetings.api.template_shapes import (
    Clock,
    ForeseenDay,
    ForeseenDays,
    NewSeries,
    Rule,
    Series,
    SeriesLine,
    SeriesLines,
    SeriesMeeting,
    recurrence,
)
from meetings.before.series import (
    Foreseen,
    SeriesFacts,
    begin_series,
    change_series,
    end_series,
    foresee_series,
    open_series,
    series_for,
)
from meetings.language import N_
from meetings.rules.permissions import Actor, Right
from meetings.rules.series import recurrence_of
from meetings.storage.unit_of_work import Reading, Work

TAG = N_("Templates and series")


class SeriesChange(Asked):
    """For the drafts from `since` on; what is left out stays. Each keeps its day."""

    since: date
    title: Line | UnsetType = UNSET
    begins: Clock | UnsetType = UNSET
    ends: Clock | UnsetType | None = UNSET
    place: Line | UnsetType = UNSET
    room: UUID | UnsetType | None = UNSET


class SeriesEnd(Asked):
    """The drafts from `since` on are cancelled."""

    since: date
    reason: Prose


@reads("/bodies/{body_id:uuid}/series", Right.PREPARE, N_("List the series of a body"), TAG)
async def list_series(request: ApiRequest, body_id: FromPath[UUID]) -> Response[SeriesLines]:
    """The newest first."""
    request.actor.must(Right.PREPARE, body=body_id)
    async with request.house.store.reading() as reading:
        found = await series_for(reading, request.actor, body=body_id)
    return Response(
        SeriesLines(
            items=[
                SeriesLine(
                    id=one.row.id, body=one.row.body_id, title=one.row.title, drafts=one.drafts,
                    meetings=one.meetings,
                )
                for one in found
            ]
        )
    )  # fmt: skip


@writes("/bodies/{body_id:uuid}/series/foresee", Right.PREPARE, N_("Foresee the days of a series"), TAG)
async def post_foresee(
    request: ApiRequest, body_id: FromPath[UUID], data: JSONBody[NewSeries]
) -> Response[ForeseenDays]:
    """Each day with what stands in its way; nothing is made."""

    async def act(work: Work) -> ForeseenDays:
        seen = await foresee_series(work, request.actor, body_id, _facts(data))
        return ForeseenDays(days=[_foreseen(one) for one in seen])

    return await written(request, act)


@writes("/bodies/{body_id:uuid}/series", Right.PREPARE, N_("Make the drafts of a series"), TAG, status=201)
async def post_series(
    request: ApiRequest, body_id: FromPath[UUID], data: JSONBody[NewSeries]
) -> Response[Series]:
    """All of them or, when one is refused, none."""

    async def act(work: Work) -> Series:
        row, _ = await begin_series(work, request.actor, body_id, _facts(data), without=data.without)
        return await _series(work, request.actor, row.id)

    return await written(request, act, status=201)


@reads("/series/{series_id:uuid}", Right.PREPARE, N_("Read a series"), TAG)
async def get_series(request: ApiRequest, series_id: FromPath[UUID]) -> Response[Series]:
    """With its meetings."""
    async with request.house.store.reading() as reading:
        return Response(await _series(reading, request.actor, series_id))


@writes("/series/{series_id:uuid}/change", Right.PREPARE, N_("Change the drafts of a series together"), TAG)
async def post_change(
    request: ApiRequest, series_id: FromPath[UUID], data: JSONBody[SeriesChange]
) -> Response[Series]:
    """Published meetings stay as they are."""

    async def act(work: Work) -> Series:
        await change_series(
            work, request.actor, series_id, since=data.since, title=None if data.title is UNSET else data.title,
            begins=None if data.begins is UNSET else data.begins,
            ends=None if data.ends is UNSET else data.ends or "", place=None if data.place is UNSET else data.place,
            room=None if data.room is UNSET else data.room or "",
        )  # fmt: skip
        return await _series(work, request.actor, series_id)

    return await written(request, act)


@writes("/series/{series_id:uuid}/end", Right.PREPARE, N_("Cancel the drafts of a series"), TAG)
async def post_end(
    request: ApiRequest, series_id: FromPath[UUID], data: JSONBody[SeriesEnd]
) -> Response[Series]:
    """Published meetings stay as they are."""

    async def act(work: Work) -> Series:
        await end_series(work, request.actor, series_id, since=data.since, reason=data.reason)
        return await _series(work, request.actor, series_id)

    return await written(request, act)


async def _series(reading: Reading, actor: Actor, series: UUID) -> Series:
    row, meetings = await open_series(reading, actor, series)
    rule = recurrence_of(row.rule)
    return Series(
        id=row.id, body=row.body_id, title=row.title,
        rule=Rule(
            first=rule.first, every=rule.every, interval=rule.interval, until=rule.until, count=rule.count,
            days_off=rule.days_off,
        ),
        meetings=[
            SeriesMeeting(id=one.id, title=one.title, starts=one.starts_local, state=one.state) for one in meetings
        ],
    )  # fmt: skip


def _facts(data: NewSeries) -> SeriesFacts:
    return SeriesFacts(
        title=data.title, rule=recurrence(data.rule), begins=data.begins, ends=data.ends or "", kind=data.kind,
        place=data.place, room=data.room, public=data.public, template=data.template,
    )  # fmt: skip


def _foreseen(one: Foreseen) -> ForeseenDay:
    return ForeseenDay(
        day=one.day, ruled=one.ruled, blocked=one.blocked,
        in_the_way=[conflict_shape(other) for other in one.in_the_way],
    )  # fmt: skip


handlers = [list_series, post_foresee, post_series, get_series, post_change, post_end]
