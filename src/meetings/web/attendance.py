"""The secretary's roll: who is in the room, recorded name by name. A lost connection never changes it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from meetings.before.scheduling import open_to
from meetings.during.attendance import OPEN_STATES, Presence, record_attendance
from meetings.during.stage import stage_of
from meetings.rules.names import fold
from meetings.rules.permissions import Actor, Right
from meetings.rules.refusals import Refused
from meetings.storage.unit_of_work import Reading
from meetings.web.render import fragment, page
from meetings.web.request import MeetingsRequest
from meetings.web.stage import live_of

GRID = "during/attendance_grid.html"


@dataclass(frozen=True, slots=True)
class Cell:
    """A member in the grid."""

    id: UUID
    name: str
    state: str
    note: str
    search: str


@get("/meetings/{meeting:uuid}/attendance", opt={"permission": Right.KEEP_ROLL})
async def attendance_page(request: MeetingsRequest, meeting: FromPath[UUID]) -> Response[str]:
    """The grid of names with the quorum above."""
    async with request.house.store.reading() as reading:
        grid = await _grid(reading, request.actor, meeting)
    stage = grid["stage"]
    return page(
        request, "during/attendance.html", title=stage.meeting.title, meeting=meeting, seq=stage.seq,
        live=live_of(stage), runs=request.actor.may(Right.RUN_ROOM, body=stage.body.id), **grid,
    )  # fmt: skip


@get("/meetings/{meeting:uuid}/attendance/grid", opt={"permission": Right.KEEP_ROLL})
async def attendance_grid(request: MeetingsRequest, meeting: FromPath[UUID]) -> Response[str]:
    """The grid alone, fetched anew when somebody comes or goes."""
    async with request.house.store.reading() as reading:
        grid = await _grid(reading, request.actor, meeting)
    return fragment(request, GRID, meeting=meeting, **grid)


@post(
    "/meetings/{meeting:uuid}/attendance/{person:uuid}", opt={"permission": Right.KEEP_ROLL}, status_code=200
)
async def record(
    request: MeetingsRequest, meeting: FromPath[UUID], person: FromPath[UUID]
) -> Response[str] | Redirect:
    """Record one member's state: in, remote, out, excused, absent."""
    state = (await request.fields()).get("state", "")
    if state not in list(Presence):
        raise Refused("wrong-input", field="state")
    async with request.house.store.work() as work:
        await record_attendance(work, request.actor, meeting, person, Presence(state))
    if not request.partial:
        return Redirect(f"/meetings/{meeting}/attendance#person-{person}", status_code=303)
    async with request.house.store.reading() as reading:
        grid = await _grid(reading, request.actor, meeting)
    cell = next(cell for cell in grid["people"] if cell.id == person)
    return fragment(request, "during/attendance_cell.html", meeting=meeting, cell=cell)


async def _grid(reading: Reading, actor: Actor, meeting: UUID) -> dict[str, Any]:
    found = await open_to(reading, actor, meeting)
    actor.must(Right.KEEP_ROLL, body=found.body_id)
    stage = await stage_of(reading, found)
    people = [
        Cell(
            seat.member.person, seat.member.name, seat.state.value, seat.member.group, fold(seat.member.name)
        )
        for seat in stage.room.seats
    ]
    return {
        "stage": stage,
        "people": people,
        "counts": stage.room.counts(),
        "recording": found.state in OPEN_STATES,
    }


handlers = [attendance_page, attendance_grid, record]
