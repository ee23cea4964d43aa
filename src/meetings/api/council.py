"""Who: bodies, persons, memberships, agencies."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from litestar import Response
from litestar.params import FromPath, FromQuery, JSONBody
from sqlalchemy import select

from meetings.api.contract import Answer, ApiRequest, Asked, Line, Short, reads, writes
from meetings.api.lists import LIMIT, Cursor, Limit, OfBody, behind, cut, place_of
from meetings.api.repeats import written
from meetings.before.deadlines import set_deadlines
from meetings.council.bodies import begin_membership, found_agency, found_body, set_room_rules
from meetings.council.persons import enter_person
from meetings.language import N_
from meetings.rules.deadlines import all_periods
from meetings.rules.permissions import Actor, Right
from meetings.rules.room_rules import all_data, room_rules
from meetings.storage import tables
from meetings.storage.unit_of_work import Work

TAG = N_("Council")
QUORUM = r"^([1-9][0-9]{0,3}/[1-9][0-9]{0,3})?$"


class Body(Answer):
    """A council, committee or board. `seats` counts all seats, vacant ones too."""

    id: UUID
    parent: UUID | None
    name: str
    kind: str
    symbol: str
    superior: str
    town: str
    seats: int
    quorum: str
    quorum_base: str
    default_rule: str
    timezone: str
    language: str
    chair_title: str
    secretary_title: str
    room_rules: dict[str, Any]
    """What the standing orders say about the room: every rule with its value. Times are seconds; 0 means no limit."""
    deadlines: dict[str, dict[str, int]]
    """Periods by kind of meeting, in working days; 0 means that there is none."""


class BodyChange(Asked):
    """`room_rules` holds the rules to be changed, `deadlines` the periods by kind; what is left out stays."""

    room_rules: dict[str, bool | int | str | list[str]] = msgspec.field(
        default_factory=dict[str, bool | int | str | list[str]]
    )
    deadlines: dict[str, dict[str, int]] = msgspec.field(default_factory=dict[str, dict[str, int]])


class NewBody(Asked):
    """A body to be founded. `quorum` is a fraction of `quorum_base`, or empty for none."""

    name: Line
    seats: Annotated[int, msgspec.Meta(ge=1, le=100_000)]
    kind: Literal["council", "committee", "board"] = "council"
    parent: UUID | None = None
    symbol: Short = ""
    superior: Line = ""
    town: Line = ""
    quorum: Annotated[str, msgspec.Meta(pattern=QUORUM)] = "2/3"
    quorum_base: Literal["seats", "in_office"] = "seats"
    default_rule: Short = "hdnd-resolution"
    timezone: Annotated[str, msgspec.Meta(max_length=64, pattern=r"^[A-Za-z0-9_+/-]+$")] = "Asia/Ho_Chi_Minh"
    language: Literal["vi", "en"] = "vi"
    chair_title: Line = ""
    secretary_title: Line = ""


class Bodies(Answer):
    items: list[Body]
    next: str | None


class Person(Answer):
    """Somebody who signs in, holds a seat, or is named in a record. `email` is told to administrators only."""

    id: UUID
    name: str
    title: str
    email: str | None
    reference: str


class NewPerson(Asked):
    name: Line
    title: Line = ""
    email: Annotated[str, msgspec.Meta(max_length=254, pattern=r"^$|^[^@\s\x00]+@[^@\s\x00]+$")] = ""
    reference: Line = ""


class Persons(Answer):
    items: list[Person]
    next: str | None


class Membership(Answer):
    """A seat in a body from one day until another (inclusive; null: for the rest of the term)."""

    id: UUID
    body: UUID
    person: UUID
    since: date
    until: date | None
    weight: int
    group: str
    area: str


class NewMembership(Asked):
    body: UUID
    person: UUID
    since: date
    until: date | None = None
    weight: Annotated[int, msgspec.Meta(ge=0, le=100_000)] = 1
    group: Line = ""
    area: Line = ""


class Memberships(Answer):
    items: list[Membership]
    next: str | None


class Agency(Answer):
    """A department or ward that carries out tasks."""

    id: UUID
    name: str
    short_name: str


class NewAgency(Asked):
    name: Line
    short_name: Line = ""


class Agencies(Answer):
    items: list[Agency]
    next: str | None


@reads("/bodies", Right.SIGNED_IN, N_("List the bodies by name"), TAG)
async def list_bodies(request: ApiRequest, cursor: Cursor = None, limit: Limit = LIMIT) -> Response[Bodies]:
    """Names of bodies are no secret in the house."""
    place = place_of(cursor, str, UUID)
    table = tables.Body
    rows = await _rows(request, table, (table.name, table.id), place, limit)
    page, following = cut(rows, limit, lambda row: (row.name, row.id))
    return Response(Bodies(items=[_body(row) for row in page], next=following))


@writes("/bodies", Right.ADMINISTER, N_("Found a body"), TAG, status=201)
async def post_body(request: ApiRequest, data: JSONBody[NewBody]) -> Response[Body]:
    """A new council, committee or board."""

    async def act(work: Work) -> Body:
        return _body(await found_body(work, request.actor, **msgspec.structs.asdict(data)))

    return await written(request, act, status=201)


@reads("/bodies/{body_id:uuid}", Right.SIGNED_IN, N_("Read a body"), TAG)
async def get_body(request: ApiRequest, body_id: FromPath[UUID]) -> Response[Body]:
    """With its standing orders for the room."""
    async with request.house.store.reading() as reading:
        return Response(_body(await reading.get(tables.Body, body_id)))


@writes("/bodies/{body_id:uuid}", Right.ADMINISTER, N_("Set a body's standing orders"), TAG, method="patch")
async def patch_body(
    request: ApiRequest, body_id: FromPath[UUID], data: JSONBody[BodyChange]
) -> Response[Body]:
    """They count from now on."""

    async def act(work: Work) -> Body:
        await set_room_rules(work, request.actor, body_id, data.room_rules)
        return _body(await set_deadlines(work, request.actor, body_id, data.deadlines))

    return await written(request, act)


@reads("/persons", Right.SIGNED_IN, N_("List the persons in the order names are read"), TAG)
async def list_persons(request: ApiRequest, cursor: Cursor = None, limit: Limit = LIMIT) -> Response[Persons]:
    """Vietnamese names by their last word."""
    place = place_of(cursor, str, UUID)
    table = tables.Person
    rows = await _rows(request, table, (table.sort_key, table.id), place, limit)
    page, following = cut(rows, limit, lambda row: (row.sort_key, row.id))
    return Response(Persons(items=[_person(row, request.actor) for row in page], next=following))


@writes("/persons", Right.ADMINISTER, N_("Enter a person"), TAG, status=201)
async def post_person(request: ApiRequest, data: JSONBody[NewPerson]) -> Response[Person]:
    """Somebody new; a seat and a sign-in come separately."""

    async def act(work: Work) -> Person:
        return _person(await enter_person(work, request.actor, **msgspec.structs.asdict(data)), request.actor)

    return await written(request, act, status=201)


@reads("/memberships", Right.SIGNED_IN, N_("List the memberships by their first day"), TAG)
async def list_memberships(
    request: ApiRequest,
    of_body: OfBody = None,
    person: FromQuery[UUID | None] = None,
    cursor: Cursor = None,
    limit: Limit = LIMIT,
) -> Response[Memberships]:
    """Of one body, of one person, or all."""
    place = place_of(cursor, date.fromisoformat, UUID)
    table = tables.Membership
    where = [table.body_id == of_body] if of_body else []
    where += [table.person_id == person] if person else []
    rows = await _rows(request, table, (table.since, table.id), place, limit, *where)
    page, following = cut(rows, limit, lambda row: (row.since, row.id))
    return Response(Memberships(items=[_membership(row) for row in page], next=following))


@writes("/memberships", Right.ADMINISTER, N_("Give a person a seat"), TAG, status=201)
async def post_membership(request: ApiRequest, data: JSONBody[NewMembership]) -> Response[Membership]:
    """The seat carries the delegate's role on its days."""

    async def act(work: Work) -> Membership:
        return _membership(await begin_membership(work, request.actor, **msgspec.structs.asdict(data)))

    return await written(request, act, status=201)


@reads("/agencies", Right.SIGNED_IN, N_("List the agencies by name"), TAG)
async def list_agencies(
    request: ApiRequest, cursor: Cursor = None, limit: Limit = LIMIT
) -> Response[Agencies]:
    """Who can be given a task."""
    place = place_of(cursor, str, UUID)
    table = tables.Agency
    rows = await _rows(request, table, (table.name, table.id), place, limit)
    page, following = cut(rows, limit, lambda row: (row.name, row.id))
    return Response(Agencies(items=[_agency(row) for row in page], next=following))


@writes("/agencies", Right.ADMINISTER, N_("Found an agency"), TAG, status=201)
async def post_agency(request: ApiRequest, data: JSONBody[NewAgency]) -> Response[Agency]:
    """A department or ward."""

    async def act(work: Work) -> Agency:
        return _agency(await found_agency(work, request.actor, **msgspec.structs.asdict(data)))

    return await written(request, act, status=201)


async def _rows(
    request: ApiRequest,
    table: type[Any],
    order: tuple[Any, Any],
    place: tuple[Any, ...] | None,
    limit: int,
    *where: Any,
) -> Sequence[Any]:
    query = select(table).where(behind(place, *order), *where).order_by(*order).limit(limit + 1)
    async with request.house.store.reading() as reading:
        return (await reading.session.scalars(query)).all()


def _body(row: tables.Body) -> Body:
    return Body(
        id=row.id, parent=row.parent_id, name=row.name, kind=row.kind, symbol=row.symbol, superior=row.superior,
        town=row.town, seats=row.seats, quorum=row.quorum, quorum_base=row.quorum_base, default_rule=row.default_rule,
        timezone=row.timezone, language=row.language, chair_title=row.chair_title, secretary_title=row.secretary_title,
        room_rules=all_data(room_rules(row.room_rules)), deadlines=all_periods(row.deadlines),
    )  # fmt: skip


def _person(row: tables.Person, reader: Actor) -> Person:
    email = row.email if reader.may(Right.ADMINISTER) else None
    return Person(id=row.id, name=row.name, title=row.title, email=email, reference=row.reference)


def _membership(row: tables.Membership) -> Membership:
    return Membership(
        id=row.id, body=row.body_id, person=row.person_id, since=row.since, until=row.until, weight=row.weight,
        group=row.group, area=row.area,
    )  # fmt: skip


def _agency(row: tables.Agency) -> Agency:
    return Agency(id=row.id, name=row.name, short_name=row.short_name)


handlers = [
    list_bodies,
    post_body,
    get_body,
    patch_body,
    list_persons,
    post_person,
    list_memberships,
    post_membership,
    list_agencies,
    post_agency,
]
