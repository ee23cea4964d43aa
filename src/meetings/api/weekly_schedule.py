"""The weekly schedule of a body: its lines with what changed since they were published, entries, publication."""

from datetime import date, datetime
from uuid import UUID

from litestar import Response
from litestar.params import FromPath, FromQuery, JSONBody

from meetings.api.contract import Answer, ApiRequest, Asked, Line, Short, reads, writes
from meetings.api.repeats import written
from meetings.before.schedule_document import schedule_pdf
from meetings.before.weekly_schedule import (
    EntryFacts,
    change_entry,
    publish_week,
    read_entry,
    read_week,
    remove_entry,
    write_entry,
)
from meetings.language import N_
from meetings.rules.permissions import Right
from meetings.rules.weekly_schedule import Marked
from meetings.storage.tables import ScheduleEntry
from meetings.storage.unit_of_work import Work

TAG = N_("Weekly schedule")


class ScheduleLine(Answer):
    """`key` is `meeting:…` or `entry:…`. `change` is `same`, `added`, `changed`, `moved`, `left` or `removed`; a line
    that moved stands twice: as `left` where it was published, as `moved` where it is now. `was`: what was published.
    """

    key: str
    day: str
    part: str
    starts: str
    ends: str
    title: str
    chair: str
    attendees: str
    place: str
    prepared_by: str
    note: str
    change: str
    was: dict[str, str]


class Schedule(Answer):
    """A week from `monday`. `number` is 0 before the publication, then counts; `untold` is for the secretaries."""

    body: UUID
    monday: date
    number: int
    published_at: datetime | None
    told_at: datetime | None
    lines: list[ScheduleLine]
    untold: list[ScheduleLine]


class Entry(Answer):
    id: UUID
    body: UUID
    day: date
    part: str
    starts: str
    ends: str
    title: str
    chair: str
    attendees: str
    place: str
    prepared_by: str
    note: str


class EntryWanted(Asked):
    """`starts` and `ends` are `08:00`; a time decides the `part` (`morning`, `afternoon`, `evening`) by itself."""

    day: date
    title: Line
    part: Short = ""
    starts: Short = ""
    ends: Short = ""
    chair: Line = ""
    attendees: Line = ""
    place: Line = ""
    prepared_by: Line = ""
    note: Line = ""


class EntryPatch(Asked):
    """What is left out stays."""

    day: date | None = None
    title: Line | None = None
    part: Short | None = None
    starts: Short | None = None
    ends: Short | None = None
    chair: Line | None = None
    attendees: Line | None = None
    place: Line | None = None
    prepared_by: Line | None = None
    note: Line | None = None


class WeekWanted(Asked):
    """The week of this day."""

    on: date


class Published(Answer):
    """`number` 1 published the week; later ones told its changes."""

    monday: date
    number: int


_TEXTS = ("part", "starts", "ends", "title", "chair", "attendees", "place", "prepared_by", "note")


@reads("/bodies/{body_id:uuid}/schedule", Right.ATTEND, N_("Read the schedule of a week"), TAG)
async def get_schedule(
    request: ApiRequest, body_id: FromPath[UUID], on: FromQuery[date]
) -> Response[Schedule]:
    """Published meetings stand there by themselves; entries from the publication on."""
    async with request.house.store.reading() as reading:
        week = await read_week(reading, request.actor, body_id, on)
    return Response(
        Schedule(
            body=body_id,
            monday=week.monday,
            number=week.last.number if week.last else 0,
            published_at=week.first.published_at if week.first else None,
            told_at=week.last.published_at if week.last else None,
            lines=[_line(one) for one in week.lines],
            untold=[_line(one) for one in week.untold],
        )
    )


@reads(
    "/bodies/{body_id:uuid}/schedule.pdf",
    Right.ATTEND,
    N_("Read the schedule of a week as PDF"),
    TAG,
    media_type="application/pdf",
)
async def get_schedule_pdf(
    request: ApiRequest, body_id: FromPath[UUID], on: FromQuery[date]
) -> Response[bytes]:
    """On A4 sideways, in the body's language, as it hangs in the office."""
    content, name = await schedule_pdf(request.house.store, request.actor, body_id, on)
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "private, no-cache"}
    return Response(content, media_type="application/pdf", headers=headers)


@writes(
    "/bodies/{body_id:uuid}/schedule", Right.PREPARE, N_("Write an entry of the schedule"), TAG, status=201
)
async def post_entry(
    request: ApiRequest, body_id: FromPath[UUID], data: JSONBody[EntryWanted]
) -> Response[Entry]:
    """The members see it when its week is published, or at once if it is."""

    async def act(work: Work) -> Entry:
        facts = EntryFacts(day=data.day, **{name: getattr(data, name) for name in _TEXTS})
        return _entry(await write_entry(work, request.actor, body_id, facts))

    return await written(request, act, status=201)


@writes(
    "/schedule-entries/{entry_id:uuid}",
    Right.PREPARE,
    N_("Change an entry of the schedule"),
    TAG,
    method="patch",
)
async def patch_entry(
    request: ApiRequest, entry_id: FromPath[UUID], data: JSONBody[EntryPatch]
) -> Response[Entry]:
    """In a published week the change is marked at once, and told with the next publication."""

    async def act(work: Work) -> Entry:
        await work.locked(ScheduleEntry, entry_id)  # what is left out stays as it is at that moment
        kept = await read_entry(work, request.actor, entry_id)
        texts = {name: _given(getattr(data, name), getattr(kept, name)) for name in _TEXTS}
        facts = EntryFacts(day=data.day or kept.day, **texts)
        return _entry(await change_entry(work, request.actor, entry_id, facts))

    return await written(request, act)


@writes("/schedule-entries/{entry_id:uuid}/remove", Right.PREPARE, N_("Take an entry out"), TAG)
async def post_entry_remove(request: ApiRequest, entry_id: FromPath[UUID]) -> Response[Entry]:
    """In a published week it stays as `removed`."""

    async def act(work: Work) -> Entry:
        return _entry(await remove_entry(work, request.actor, entry_id))

    return await written(request, act)


@writes(
    "/bodies/{body_id:uuid}/schedule/publish", Right.PREPARE, N_("Publish a week, or tell its changes"), TAG
)
async def post_week_publish(
    request: ApiRequest, body_id: FromPath[UUID], data: JSONBody[WeekWanted]
) -> Response[Published]:
    """Whoever sits or holds a role in the body is told."""

    async def act(work: Work) -> Published:
        kept = await publish_week(work, request.actor, body_id, data.on)
        return Published(monday=kept.monday, number=kept.number)

    return await written(request, act)


def _given(wanted: str | None, kept: str) -> str:
    return kept if wanted is None else wanted


def _line(one: Marked) -> ScheduleLine:
    texts = {name: getattr(one.line, name) for name in _TEXTS}
    return ScheduleLine(
        key=one.line.key, day=one.line.day, change=one.change.value, was=dict(one.was), **texts
    )


def _entry(kept: ScheduleEntry) -> Entry:
    texts = {name: getattr(kept, name) for name in _TEXTS}
    return Entry(id=kept.id, body=kept.body_id, day=kept.day, **texts)


handlers = [get_schedule, get_schedule_pdf, post_entry, patch_entry, post_entry_remove, post_week_publish]
