"""Who is in the room. Attendance changes by an act of a person, never by a lost connection."""

from uuid import UUID

from litestar import Response
from litestar.params import FromPath, JSONBody

from meetings.api.contract import Answer, ApiRequest, Asked, reads, writes
from meetings.api.repeats import written
from meetings.before.scheduling import open_to
from meetings.during.attendance import Presence, check_in, record_attendance, room_of
from meetings.language import N_
from meetings.rules.permissions import Right
from meetings.storage import tables
from meetings.storage.unit_of_work import Reading, Work

TAG = N_("Attendance")


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


class Attendance(Answer):
    """Everybody with a seat on the day of the meeting, in the order names are read; `counts` are heads by state."""

    quorum: Quorum
    seats: int
    counts: dict[str, int]
    people: list[Seat]


class AttendanceChange(Asked):
    state: Presence


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
        await record_attendance(work, request.actor, meeting_id, person, data.state)
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
        people=[Seat(person=s.member.person, name=s.member.name, state=s.state) for s in room.seats],
    )


handlers = [get_attendance, put_attendance, post_check_in]
