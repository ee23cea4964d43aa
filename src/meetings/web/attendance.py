"""The secretary's roll: who is in the room, recorded name by name. A lost connection never changes it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from meetings import language
from meetings.before.scheduling import open_to
from meetings.during.attendance import OPEN_STATES, Seat, record_attendance, record_roll_call
from meetings.during.stage import Stage, stage_of
from meetings.language import N_
from meetings.rules.attendance import Presence, Source
from meetings.rules.names import fold
from meetings.rules.permissions import Actor, Right
from meetings.rules.refusals import Refused
from meetings.storage.tables import Meeting
from meetings.storage.unit_of_work import Reading
from meetings.web.places import places_of
from meetings.web.render import done, fragment, page
from meetings.web.request import MeetingsRequest, uuid_of
from meetings.web.stage import live_of
from meetings.web.standing_in import standing_in_part

GRID = "during/attendance_grid.html"
MARKED = "state-"
"""Fields of the door list: the mark of one person; `was-` is what the page showed."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Somebody in the grid. `acts` is false for a member in whose seat a substitute sits."""

    id: UUID
    name: str
    state: str
    note: str
    search: str
    history: str
    acts: bool = True


@get("/meetings/{meeting:uuid}/attendance", opt={"permission": Right.KEEP_ROLL})
async def attendance_page(request: MeetingsRequest, meeting: FromPath[UUID]) -> Response[str]:
    """The grid of names with the quorum above, and who stands in for whom below."""
    async with request.house.store.reading() as reading:
        stage = await roll_stage(reading, request.actor, meeting)
        standing = await standing_in_part(reading, stage)
    return page(
        request, "during/attendance.html", title=stage.meeting.title, meeting=meeting, seq=stage.seq,
        live=live_of(stage), meeting_pages=places_of(request.actor, stage.meeting, "attendance"), **grid_part(stage),
        **standing,
    )  # fmt: skip


@get("/meetings/{meeting:uuid}/attendance/grid", opt={"permission": Right.KEEP_ROLL})
async def attendance_grid(request: MeetingsRequest, meeting: FromPath[UUID]) -> Response[str]:
    """The grid alone, fetched anew when somebody comes or goes."""
    async with request.house.store.reading() as reading:
        stage = await roll_stage(reading, request.actor, meeting)
    return fragment(request, GRID, meeting=meeting, **grid_part(stage))


@post(
    "/meetings/{meeting:uuid}/attendance/{person:uuid}", opt={"permission": Right.KEEP_ROLL}, status_code=200
)
async def record(
    request: MeetingsRequest, meeting: FromPath[UUID], person: FromPath[UUID]
) -> Response[str] | Redirect:
    """Record one person's state: in, remote, out, excused, absent; with a reason if there is one."""
    fields = await request.fields()
    state = presence_of(fields.get("state", ""))
    async with request.house.store.work() as work:
        await record_attendance(work, request.actor, meeting, person, state, reason=fields.get("reason", ""))
    if not request.partial:
        return Redirect(f"/meetings/{meeting}/attendance#person-{person}", status_code=303)
    async with request.house.store.reading() as reading:
        grid = grid_part(await roll_stage(reading, request.actor, meeting))
    cell = next(cell for cell in grid["people"] if cell.id == person)
    return fragment(request, "during/attendance_cell.html", meeting=meeting, cell=cell)


@get("/meetings/{meeting:uuid}/attendance/list", opt={"permission": Right.KEEP_ROLL})
async def door_list(request: MeetingsRequest, meeting: FromPath[UUID]) -> Response[str]:
    """The list at the door: every name with a mark, sent at once."""
    async with request.house.store.reading() as reading:
        stage = await roll_stage(reading, request.actor, meeting)
    return page(
        request, "during/attendance_list.html", title=stage.meeting.title, meeting=meeting, seq=stage.seq,
        live=live_of(stage), meeting_pages=places_of(request.actor, stage.meeting, "attendance"), **grid_part(stage),
    )  # fmt: skip


@post("/meetings/{meeting:uuid}/attendance/list", opt={"permission": Right.KEEP_ROLL}, status_code=200)
async def record_list(request: MeetingsRequest, meeting: FromPath[UUID]) -> Redirect:
    """Record the marks that differ from what the page showed, so that nobody's own check-in meanwhile is undone."""
    fields = await request.fields()
    marks = {
        uuid_of(name.removeprefix(MARKED)): presence_of(value)
        for name, value in fields.items()
        if name.startswith(MARKED) and value != fields.get(f"was-{name.removeprefix(MARKED)}")
    }
    async with request.house.store.work() as work:
        await record_roll_call(work, request.actor, meeting, marks, source=Source.DOOR)
    return done(f"/meetings/{meeting}/attendance", "saved")


async def roll_stage(reading: Reading, actor: Actor, meeting: UUID) -> Stage:
    """The stage, for somebody who keeps the roll of this meeting."""
    found: Meeting = await open_to(reading, actor, meeting)
    actor.must(Right.KEEP_ROLL, body=found.body_id)
    return await stage_of(reading, found)


def presence_of(text: str) -> Presence:
    """A state as a form sends it; seats change hands by acts of their own."""
    if text not in set(Presence) - {Presence.REPLACED}:
        raise Refused("wrong-input", field="state")
    return Presence(text)


def grid_part(stage: Stage) -> dict[str, Any]:
    """The names with their states, and how many of each; for the page and the secretary's desk."""
    return {
        "stage": stage,
        "people": [cell for seat in stage.room.seats for cell in _cells(stage.meeting.id, seat)],
        "counts": stage.room.counts(),
        "recording": stage.meeting.state in OPEN_STATES,
    }


def _cells(meeting: UUID, seat: Seat) -> list[Cell]:
    """The member, and the substitute in the same seat beside."""
    member, other = seat.member, seat.substitute
    if other is None:
        return [_cell(meeting, member.person, member.name, seat.state, member.group)]
    sits = language.text(N_("{name} sits here"), name=other.name)
    stands = language.text(N_("for {name}"), name=member.name)
    return [
        _cell(meeting, member.person, member.name, seat.state, sits, acts=False),
        _cell(meeting, other.person, other.name, other.state, stands),
    ]


def _cell(meeting: UUID, person: UUID, name: str, state: Presence, note: str, *, acts: bool = True) -> Cell:
    address = f"/meetings/{meeting}/attendance/{person}"
    return Cell(person, name, state.value, note, fold(f"{name} {note}"), address, acts)


handlers = [attendance_page, attendance_grid, door_list, record_list, record]
