"""Where people sit, drawn once for each room of a body; and whether a meeting is open to the public."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from litestar import Response
from litestar.params import FromPath, JSONBody, QueryParameter

from meetings.api.contract import Answer, ApiRequest, Asked, Line, reads, writes
from meetings.api.repeats import written
from meetings.before.scheduling import open_to, open_to_public
from meetings.during.seating import checked_place, may_draw, plans_of, save_plan, saved_plan
from meetings.language import N_
from meetings.rules.permissions import Right
from meetings.rules.refusals import Refused
from meetings.storage import tables
from meetings.storage.unit_of_work import Work

TAG = N_("Screens")
WHO_DRAWS = N_("For the secretaries of the body, and administrators.")
Whole = Annotated[int, msgspec.Meta(ge=0, le=8000)]


class Seat(Asked):
    """One place by its centre; `person` is who sits there."""

    id: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9-]{1,40}$")]
    x: Whole
    y: Whole
    label: Annotated[str, msgspec.Meta(max_length=40)] = ""
    person: UUID | None = None


class Piece(Asked):
    """Furniture by its upper left corner."""

    kind: Literal["podium", "table", "door"]
    x: Whole
    y: Whole
    w: Whole
    h: Whole
    label: Annotated[str, msgspec.Meta(max_length=40)] = ""


class Plan(Asked):
    """A room in units of which a place is 40 wide; the front is at the top."""

    width: Whole
    height: Whole
    places: Annotated[list[Seat], msgspec.Meta(max_length=1200)]
    furniture: Annotated[list[Piece], msgspec.Meta(max_length=100)] = msgspec.field(
        default_factory=list[Piece]
    )


class PlanChange(Asked):
    plan: Plan
    place: Line = ""


class Seating(Answer):
    """The plan of one room; `rooms` are the places for which the body has plans."""

    body: UUID
    place: str
    saved_at: datetime
    plan: dict[str, Any]
    rooms: list[str]


class Publicity(Asked):
    public: bool


class Opened(Answer):
    meeting: UUID
    public: bool


@reads("/bodies/{body_id:uuid}/seating", Right.SIGNED_IN, N_("Read the seating plan of a room"), TAG)
async def get_seating(
    request: ApiRequest, body_id: FromPath[UUID], room: Annotated[str, QueryParameter(name="place")] = ""
) -> Response[Seating]:
    """The plan of exactly this room; without a place the one that was drawn for no place."""
    attends = request.actor.may(Right.ATTEND, body=body_id) or may_draw(request.actor, body_id)
    async with request.house.store.reading() as reading:
        kept = await saved_plan(reading, body_id, checked_place(room)) if attends else None
        if kept is None:
            raise Refused("not-found")
        rooms = [plan.place for plan in await plans_of(reading, body_id)]
    return Response(_seating(kept, rooms))


@writes(
    "/bodies/{body_id:uuid}/seating", Right.SIGNED_IN, N_("Draw the seating plan of a room"), TAG, method="put",
    who=WHO_DRAWS,
)  # fmt: skip
async def put_seating(
    request: ApiRequest, body_id: FromPath[UUID], data: JSONBody[PlanChange]
) -> Response[Seating]:
    """The plan that was there is replaced."""

    async def act(work: Work) -> Seating:
        kept = await save_plan(work, request.actor, body_id, place=data.place, plan=_plain(data.plan))
        return _seating(kept, [plan.place for plan in await plans_of(work, body_id)])

    return await written(request, act)


@writes(
    "/meetings/{meeting_id:uuid}/public", Right.PREPARE, N_("Open a meeting to the public, or close it"), TAG,
    method="put",
)  # fmt: skip
async def put_public(
    request: ApiRequest, meeting_id: FromPath[UUID], data: JSONBody[Publicity]
) -> Response[Opened]:
    """Anybody may then follow it at `/public/{id}` without signing in."""

    async def act(work: Work) -> Opened:
        await open_to(work, request.actor, meeting_id)
        held = await open_to_public(work, request.actor, meeting_id, public=data.public)
        return Opened(meeting=held.id, public=held.public)

    return await written(request, act)


def _plain(plan: Plan) -> Mapping[str, Any]:
    plain: Mapping[str, Any] = msgspec.to_builtins(plan)
    return plain


def _seating(kept: tables.SeatingPlan, rooms: list[str]) -> Seating:
    return Seating(body=kept.body_id, place=kept.place, saved_at=kept.saved_at, plan=kept.plan, rooms=rooms)


handlers = [get_seating, put_seating, put_public]
