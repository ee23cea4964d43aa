"""Who is in the room. Attendance changes by an act of a person, never by a lost connection."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response
from litestar.params import FromPath, JSONBody

from meetings.api.agenda import item_open_to
from meetings.api.contract import Answer, ApiRequest, Asked, Line, Prose, reads, writes
from meetings.api.repeats import written
from meetings.before.scheduling import open_to
from meetings.during.attendance import check_in, record_attendance, record_roll_call, room_of
from meetings.during.corrections import TrueInterval, correct_attendance, history_of, parts_of
from meetings.during.door import arrive
from meetings.language import N_
from meetings.rules.attendance import Part, Presence, Source
from meetings.rules.permissions import Right
from meetings.storage import tables
from meetings.storage.unit_of_work import Reading, Work

TAG = N_("Attendance")
Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class Quorum(Answer):
    """Heads against what is needed; `needed` is 0 where the body asks for no quorum."""

    present: int
    needed: int
    base: int
    met: bool


class Seat(Answer):
    person: UUID
    name: str
    state: Presence
    substitute: UUID | None
    """Who sits in the seat, where it is not the member."""
    present: bool
    """Whether the seat counts as a head: its member or the substitute is in the room or connected."""


class Attendance(Answer):
    """Everybody with a seat on the day of the meeting, in the order names are read; `counts` are heads by state."""

    quorum: Quorum
    seats: int
    counts: dict[str, int]
    people: list[Seat]


class AttendanceChange(Asked):
    state: Presence
    reason: Line = ""


class AttendanceList(Asked):
    """States by person; who is left out stays as recorded."""

    states: dict[UUID, Presence]


class AttendanceEntry(Answer):
    """One interval of somebody's attendance; a struck one was corrected and counts for nothing."""

    id: UUID
    state: Presence
    source: Source
    since: datetime
    until: datetime | None
    reason: str
    recorded_by: str
    struck_at: datetime | None
    struck_by: str
    struck_reason: str


class AttendanceHistory(Answer):
    """Everything that was recorded about one person in a meeting."""

    person: UUID
    entries: list[AttendanceEntry]


class RightEntry(Asked):
    state: Presence
    since: Moment
    until: Moment | None = None


class Correction(Asked):
    """Strike the entry `wrong`, record `right` with its real times, or both."""

    reason: Prose
    wrong: UUID | None = None
    right: RightEntry | None = None


class ItemPart(Answer):
    """How much of the item somebody was there for. It says nothing about voting."""

    person: UUID
    name: str
    part: Part
    recused: bool


class ItemAttendance(Answer):
    """Members, or those who sat in their seats, in the order names are read."""

    item: UUID
    people: list[ItemPart]


class Arrival(Asked):
    code: Line


class CheckIn(Asked):
    remote: bool = False


@reads("/meetings/{meeting_id:uuid}/attendance", Right.ATTEND, N_("Read who is present, and the quorum"), TAG)
async def get_attendance(request: ApiRequest, meeting_id: FromPath[UUID]) -> Response[Attendance]:
    """The room as it is now."""
    async with request.house.store.reading() as reading:
        return Response(await _attendance(reading, await open_to(reading, request.actor, meeting_id)))


@writes(
    "/meetings/{meeting_id:uuid}/attendance/{person:uuid}",
    Right.KEEP_ROLL,
    N_("Record somebody’s attendance"),
    TAG,
    method="put",
)
async def put_attendance(
    request: ApiRequest, meeting_id: FromPath[UUID], person: FromPath[UUID], data: JSONBody[AttendanceChange]
) -> Response[Attendance]:
    """Doing it again changes nothing."""

    async def act(work: Work) -> Attendance:
        meeting = await open_to(work, request.actor, meeting_id)
        await record_attendance(work, request.actor, meeting_id, person, data.state, reason=data.reason)
        return await _attendance(work, meeting)

    return await written(request, act)


@writes(
    "/meetings/{meeting_id:uuid}/attendance",
    Right.KEEP_ROLL,
    N_("Record the attendance of many, as from the list at the door"),
    TAG,
    method="put",
)
async def put_list(
    request: ApiRequest, meeting_id: FromPath[UUID], data: JSONBody[AttendanceList]
) -> Response[Attendance]:
    """Everything or nothing."""

    async def act(work: Work) -> Attendance:
        meeting = await open_to(work, request.actor, meeting_id)
        await record_roll_call(work, request.actor, meeting_id, data.states, source=Source.DOOR)
        return await _attendance(work, meeting)

    return await written(request, act)


@reads(
    "/meetings/{meeting_id:uuid}/attendance/{person:uuid}",
    Right.ATTEND,
    N_("Read what was recorded about one person, struck entries included"),
    TAG,
)
async def get_history(
    request: ApiRequest, meeting_id: FromPath[UUID], person: FromPath[UUID]
) -> Response[AttendanceHistory]:
    """One's own; the secretaries and the chair read everybody's."""
    async with request.house.store.reading() as reading:
        meeting = await open_to(reading, request.actor, meeting_id)
        if person != request.actor.person:
            request.actor.must(Right.KEEP_ROLL, body=meeting.body_id)
        return Response(await _history(reading, meeting_id, person))


@writes(
    "/meetings/{meeting_id:uuid}/attendance/{person:uuid}/corrections",
    Right.KEEP_ROLL,
    N_("Correct somebody’s attendance; what was wrong is kept as struck"),
    TAG,
)
async def post_correction(
    request: ApiRequest, meeting_id: FromPath[UUID], person: FromPath[UUID], data: JSONBody[Correction]
) -> Response[AttendanceHistory]:
    """Polls that were opened keep their rolls."""
    right = None
    if data.right is not None:
        right = TrueInterval(state=data.right.state, since=data.right.since, until=data.right.until)

    async def act(work: Work) -> AttendanceHistory:
        await open_to(work, request.actor, meeting_id)
        await correct_attendance(
            work, request.actor, meeting_id, person, reason=data.reason, wrong=data.wrong, right=right
        )
        return await _history(work, meeting_id, person)

    return await written(request, act)


@reads("/items/{item_id:uuid}/attendance", Right.ATTEND, N_("Read who was there for an item"), TAG)
async def get_item_attendance(request: ApiRequest, item_id: FromPath[UUID]) -> Response[ItemAttendance]:
    """Empty before the item was taken up."""
    async with request.house.store.reading() as reading:
        item, meeting = await item_open_to(reading, request.actor, item_id)
        parts = await parts_of(reading, item)
        room = await room_of(reading, meeting, await reading.get(tables.Body, meeting.body_id))
    people = [
        ItemPart(
            person=seat.voter, name=seat.name, part=parts.get(seat.voter, Part.ABSENT),
            recused=(item.id, seat.voter) in room.recused,
        )
        for seat in room.seats
        if item.taken_up_at
    ]  # fmt: skip
    return Response(ItemAttendance(item=item.id, people=people))


@writes(
    "/meetings/{meeting_id:uuid}/arrive",
    Right.TAKE_PART,
    N_("Check in with the code on the room screen"),
    TAG,
)
async def post_arrival(
    request: ApiRequest, meeting_id: FromPath[UUID], data: JSONBody[Arrival]
) -> Response[Attendance]:
    """The code changes every minute; the one before is still taken."""

    async def act(work: Work) -> Attendance:
        meeting = await open_to(work, request.actor, meeting_id)
        await arrive(work, request.actor, meeting_id, data.code, secret=request.house.settings.secret_key)
        return await _attendance(work, meeting)

    return await written(request, act)


@writes("/meetings/{meeting_id:uuid}/check-in", Right.TAKE_PART, N_("Record oneself as present"), TAG)
async def post_check_in(
    request: ApiRequest, meeting_id: FromPath[UUID], data: JSONBody[CheckIn | None] = None
) -> Response[Attendance]:
    """In the room, or from a remote site."""

    async def act(work: Work) -> Attendance:
        meeting = await open_to(work, request.actor, meeting_id)
        await check_in(work, request.actor, meeting_id, remote=data is not None and data.remote)
        return await _attendance(work, meeting)

    return await written(request, act)


async def _attendance(reading: Reading, meeting: tables.Meeting) -> Attendance:
    room = await room_of(reading, meeting, await reading.get(tables.Body, meeting.body_id))
    counted = room.quorum
    return Attendance(
        quorum=Quorum(present=counted.present, needed=counted.needed, base=counted.base, met=counted.met),
        seats=room.all_seats,
        counts=room.counts(),
        people=[
            Seat(
                person=seat.member.person, name=seat.member.name, state=seat.state,
                substitute=seat.substitute.person if seat.substitute else None, present=seat.present,
            )
            for seat in room.seats
        ],
    )  # fmt: skip


async def _history(reading: Reading, meeting: UUID, person: UUID) -> AttendanceHistory:
    entries = [
        AttendanceEntry(
            id=entry.id, state=entry.state, source=Source(entry.source), since=entry.since, until=entry.until,
            reason=entry.reason, recorded_by=entry.recorded_by, struck_at=entry.struck_at,
            struck_by=entry.struck_by, struck_reason=entry.struck_reason,
        )
        for entry in await history_of(reading, meeting, person)
    ]  # fmt: skip
    return AttendanceHistory(person=person, entries=entries)


handlers = [
    get_attendance, put_list, put_attendance, get_history, post_correction, get_item_attendance, post_arrival,
    post_check_in,
]  # fmt: skip
