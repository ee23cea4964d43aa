"""The rooms of the house."""

from datetime import date
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response
from litestar.params import FromPath, JSONBody
from msgspec import UNSET, UnsetType

from meetings.api.contract import Answer, ApiRequest, Asked, Line, reads, writes
from meetings.api.repeats import written
from meetings.before.rooms import MOST_SEATS, RoomFacts, change_room, open_room, rooms
from meetings.language import N_
from meetings.rules.permissions import Right
from meetings.storage import tables
from meetings.storage.unit_of_work import Work

TAG = N_("Rooms")
Seats = Annotated[int, msgspec.Meta(ge=1, le=MOST_SEATS)]
Pieces = Annotated[list[Line], msgspec.Meta(max_length=100)]


class Room(Answer):
    """A room. While it is blocked (both days inclusive) nothing is scheduled in it."""

    id: UUID
    name: str
    seats: int
    equipment: list[str]
    blocked_from: date | None
    blocked_until: date | None
    blocked_reason: str
    in_use: bool
    """False for a room that was given up."""


class Rooms(Answer):
    items: list[Room]


class NewRoom(Asked):
    name: Line
    seats: Seats
    equipment: Pieces = msgspec.field(default_factory=list[str])


class RoomChange(Asked):
    """What is left out stays as it is; null for both days ends a blocking."""

    name: Line | UnsetType = UNSET
    seats: Seats | UnsetType = UNSET
    equipment: Pieces | UnsetType = UNSET
    blocked_from: date | UnsetType | None = UNSET
    blocked_until: date | UnsetType | None = UNSET
    blocked_reason: Line | UnsetType = UNSET
    in_use: bool | UnsetType = UNSET


@reads("/rooms", Right.SIGNED_IN, N_("List the rooms by name"), TAG)
async def list_rooms(request: ApiRequest) -> Response[Rooms]:
    """Those that were given up too."""
    async with request.house.store.reading() as reading:
        found = await rooms(reading, in_use=False)
    return Response(Rooms(items=[_room(room) for room in found]))


@writes("/rooms", Right.ADMINISTER, N_("Open a room"), TAG, status=201)
async def post_room(request: ApiRequest, data: JSONBody[NewRoom]) -> Response[Room]:
    """Meetings can be held in it from now on."""

    async def act(work: Work) -> Room:
        facts = RoomFacts(name=data.name, seats=data.seats, equipment=data.equipment)
        return _room(await open_room(work, request.actor, facts))

    return await written(request, act, status=201)


@writes(
    "/rooms/{room_id:uuid}",
    Right.ADMINISTER,
    N_("Correct a room, block it, or give it up"),
    TAG,
    method="patch",
)
async def patch_room(
    request: ApiRequest, room_id: FromPath[UUID], data: JSONBody[RoomChange]
) -> Response[Room]:
    """Meetings that are planned there stay planned."""

    async def act(work: Work) -> Room:
        kept = _room(await work.get(tables.Room, room_id))
        known = {name: value for name, value in msgspec.structs.asdict(kept).items() if name != "id"}
        sent = {name: value for name, value in msgspec.structs.asdict(data).items() if value is not UNSET}
        return _room(await change_room(work, request.actor, room_id, RoomFacts(**{**known, **sent})))

    return await written(request, act)


def _room(row: tables.Room) -> Room:
    return Room(
        id=row.id, name=row.name, seats=row.seats, equipment=row.equipment.splitlines(),
        blocked_from=row.blocked_from, blocked_until=row.blocked_until, blocked_reason=row.blocked_reason,
        in_use=row.in_use,
    )  # fmt: skip


handlers = [list_rooms, post_room, patch_room]
