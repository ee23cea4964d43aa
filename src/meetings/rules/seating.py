"""Where people sit: a plan of one room, its checks, and ready-made plans for any number of members.

Lengths are units of the drawing, of which a place is `SIZE` wide; the front of the room (podium, screen) is at the top.
A place is named by its centre, a piece of furniture by its upper left corner.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final, cast

from meetings.rules.refusals import Refused

SIZE: Final = 40
"""The diameter of a place: centres of two places are never nearer than this."""
PITCH: Final = 72
"""From one place to the next in a ready-made plan: room for a name below each."""
LARGEST: Final = 8000
MOST_PLACES: Final = 1200
MOST_FURNITURE: Final = 100
LABEL_LENGTH: Final = 40
_ID: Final = re.compile(r"[A-Za-z0-9-]{1,40}")
_TOP: Final = 150
"""Free space at the front of a ready-made plan, where the podium stands."""


class Piece(StrEnum):
    """Kinds of furniture."""

    PODIUM = "podium"
    TABLE = "table"
    DOOR = "door"


@dataclass(frozen=True, slots=True)
class Place:
    """One place; `person` is the id of who sits there, empty for nobody."""

    id: str
    x: int
    y: int
    label: str
    person: str = ""


@dataclass(frozen=True, slots=True)
class Furniture:
    """What stands in the room besides places."""

    kind: Piece
    x: int
    y: int
    w: int
    h: int
    label: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """A room that was checked: everything lies inside it, and no place on another."""

    width: int
    height: int
    places: tuple[Place, ...]
    furniture: tuple[Furniture, ...] = ()


def seating(data: Mapping[str, Any]) -> Plan:
    """The plan that such data describes.

    Refuses what is malformed (`wrong-input`, naming the field), a place or a piece of furniture outside the room
    (`place-outside`), two places on one spot (`places-overlap`), and a person who sits twice (`person-seated-twice`).
    """
    width, height = _whole(data, "width", SIZE, LARGEST), _whole(data, "height", SIZE, LARGEST)
    places = tuple(_place(one) for one in _list(data, "places", MOST_PLACES))
    furniture = tuple(_furniture(one) for one in _list(data, "furniture", MOST_FURNITURE))
    if len({place.id for place in places}) != len(places):
        raise Refused("wrong-input", field="id")
    half = SIZE // 2
    for place in places:
        if not (half <= place.x <= width - half and half <= place.y <= height - half):
            raise Refused("place-outside", label=place.label or place.id)
    for piece in furniture:
        if piece.x + piece.w > width or piece.y + piece.h > height:
            raise Refused("place-outside", label=piece.label or piece.kind.value)
    _must_not_overlap(places)
    seated = [place.person for place in places if place.person]
    if len(set(seated)) != len(seated):
        twice = next(person for person in seated if seated.count(person) > 1)
        both = [place.label or place.id for place in places if place.person == twice]
        raise Refused("person-seated-twice", first=both[0], second=both[1])
    return Plan(width, height, places, furniture)


def as_data(plan: Plan) -> dict[str, Any]:
    """The plan as it is kept and sent; `person` stands only where somebody sits."""
    return {
        "width": plan.width,
        "height": plan.height,
        "places": [
            {"id": place.id, "x": place.x, "y": place.y, "label": place.label}
            | ({"person": place.person} if place.person else {})
            for place in plan.places
        ],
        "furniture": [
            {"kind": one.kind.value, "x": one.x, "y": one.y, "w": one.w, "h": one.h, "label": one.label}
            for one in plan.furniture
        ],
    }


def rows(count: int) -> Plan:
    """Rows facing the front with an aisle in the middle."""
    across = max(2, 2 * round(math.sqrt(count * 2) / 2))
    aisle = 1 if across >= 4 else 0
    cells = [
        (column + (aisle if column >= across // 2 else 0), row)
        for row in range(math.ceil(count / across))
        for column in range(across)
    ]
    return _on_a_grid(cells[:count])


def u_shape(count: int) -> Plan:
    """Tables in a U that is open to the front, ring inside ring where one would be too long."""
    rings = math.ceil(count / 45)
    deep = rings
    while len(_u_cells(deep, rings)) < count:
        deep += 1
    cells = _u_cells(deep, rings)
    middle = max(x for x, _ in cells) / 2
    nearest_last = sorted(cells, key=lambda cell: (-cell[1], abs(cell[0] - middle), cell[0]))
    kept = set(nearest_last[:count])
    return _on_a_grid([cell for cell in cells if cell in kept])


def hemicycle(count: int) -> Plan:
    """Half circles around the podium, as parliaments sit; the first row is the innermost."""
    radii: list[float] = []
    while sum(_on_arc(radius) for radius in radii) < count:
        radii.append(PITCH * (5 + 2 * len(radii)) / 2)
    if not radii:
        return _framed([])
    seats = _shared_out(count, [_on_arc(radius) for radius in radii])
    spots = [
        (-radius * math.cos(angle), radius * math.sin(angle))
        for radius, number in zip(radii, seats, strict=True)
        for angle in _angles(number)
    ]
    return _framed(spots)


LAYOUTS: Final = {"hemicycle": hemicycle, "rows": rows, "u": u_shape}
"""The ready-made plans by their code."""


def laid_out(layout: str, count: int) -> Plan:
    """A ready-made plan with `count` numbered places; refuses an unknown layout and more than `MOST_PLACES`."""
    if layout not in LAYOUTS:
        raise Refused("wrong-input", field="layout")
    if not 1 <= count <= MOST_PLACES:
        raise Refused("wrong-input", field="places")
    return LAYOUTS[layout](count)


def seated_by_name(plan: Plan, people: Sequence[str]) -> Plan:
    """People take the places in the order of both lists; whoever finds none stays without."""
    return _seated(plan, plan.places, people)


def seated_by_group(plan: Plan, people: Sequence[tuple[str, str]]) -> Plan:
    """Groups sit together, each as a wedge seen from the front, the largest at the left: pairs of person and group."""
    sizes: dict[str, int] = {}
    for _, group in people:
        sizes[group] = sizes.get(group, 0) + 1
    together = sorted(people, key=lambda one: (not one[1], -sizes[one[1]], one[1]))
    around = sorted(plan.places, key=lambda place: (-_bearing(plan, place), place.y, place.x))
    return _seated(plan, around, [person for person, _ in together])


def with_one_more(plan: Plan) -> Plan:
    """A further place on the first free spot; where there is none the room becomes deeper."""
    taken = [(place.x, place.y) for place in plan.places]
    spots = (
        (x, y)
        for y in range(SIZE, max(plan.height - SIZE // 2, SIZE) + 1, SIZE)
        for x in range(SIZE, plan.width - SIZE // 2 + 1, SIZE)
    )
    free = next((spot for spot in spots if all(math.dist(spot, one) >= SIZE for one in taken)), None)
    x, y = free or (SIZE, plan.height + SIZE)
    number = len(plan.places) + 1
    while f"p{number}" in {place.id for place in plan.places}:
        number += 1
    more = Place(f"p{number}", max(x, SIZE // 2), y, str(number))
    return replace(plan, height=max(plan.height, y + SIZE), places=(*plan.places, more))


def _bearing(plan: Plan, place: Place) -> float:
    return round(math.atan2(place.y, place.x - plan.width / 2), 2)


def _seated(plan: Plan, order: Sequence[Place], people: Sequence[str]) -> Plan:
    sits = {place.id: person for place, person in zip(order, people, strict=False)}
    return replace(plan, places=tuple(replace(place, person=sits.get(place.id, "")) for place in plan.places))


def _u_cells(deep: int, rings: int) -> list[tuple[int, int]]:
    """The cells of a U, `deep` places down each side, ring by ring: down the left, along the back, up the right."""
    right = max(2 * rings + 2, deep + rings)
    cells: list[tuple[int, int]] = []
    for ring in range(rings):
        back = deep - 1 - ring
        cells += [(ring, y) for y in range(back)]
        cells += [(x, back) for x in range(ring, right - ring + 1)]
        cells += [(right - ring, y) for y in reversed(range(back))]
    return cells


def _on_a_grid(cells: Sequence[tuple[int, int]]) -> Plan:
    return _framed([(x * PITCH, y * PITCH) for x, y in cells])


def _framed(spots: Sequence[tuple[float, float]]) -> Plan:
    """A room around these centres, with the podium at the front in the middle."""
    left, right = min((x for x, _ in spots), default=0), max((x for x, _ in spots), default=0)
    top, bottom = min((y for _, y in spots), default=0), max((y for _, y in spots), default=0)
    width = max(480, round(right - left) + 2 * PITCH)
    height = round(bottom - top) + _TOP + PITCH
    middle = (left + right) / 2
    places = tuple(
        Place(f"p{number}", round(width / 2 + x - middle), round(_TOP + y - top), str(number))
        for number, (x, y) in enumerate(spots, start=1)
    )
    podium = Furniture(Piece.PODIUM, width // 2 - 100, 20, 200, 56)
    return Plan(width, height, places, (podium,))


def _on_arc(radius: float) -> int:
    """How many places a half circle takes, `PITCH` apart in a straight line."""
    return math.floor(math.pi / (2 * math.asin(PITCH / (2 * radius)))) + 1


def _angles(number: int) -> list[float]:
    """From the left end of the half circle to the right one; a single place in the middle."""
    if number == 1:
        return [math.pi / 2]
    return [math.pi * step / (number - 1) for step in range(number)]


def _shared_out(count: int, room: Sequence[int]) -> list[int]:
    """`count` places over rows in proportion to their room, never more than a row takes."""
    shares = [count * one // sum(room) for one in room]
    for row in sorted(range(len(room)), key=lambda row: -(count * room[row] % sum(room)))[
        : count - sum(shares)
    ]:
        shares[row] += 1
    return shares


def _must_not_overlap(places: Sequence[Place]) -> None:
    """Compares each place with those in the squares around it: many places are checked as quickly as few."""
    squares: dict[tuple[int, int], list[Place]] = {}
    for place in places:
        column, line = place.x // SIZE, place.y // SIZE
        for x in (column - 1, column, column + 1):
            for y in (line - 1, line, line + 1):
                for other in squares.get((x, y), ()):
                    if (place.x - other.x) ** 2 + (place.y - other.y) ** 2 < SIZE**2:
                        raise Refused(
                            "places-overlap", first=other.label or other.id, second=place.label or place.id
                        )
        squares.setdefault((column, line), []).append(place)


def _place(data: Mapping[str, Any]) -> Place:
    key, person = data.get("id"), data.get("person") or ""
    if not isinstance(key, str) or not _ID.fullmatch(key):
        raise Refused("wrong-input", field="id")
    if not isinstance(person, str) or not re.fullmatch(r"([0-9a-f-]{36})?", person):
        raise Refused("wrong-input", field="person")
    return Place(key, _whole(data, "x", 0, LARGEST), _whole(data, "y", 0, LARGEST), _label(data), person)


def _furniture(data: Mapping[str, Any]) -> Furniture:
    if data.get("kind") not in tuple(Piece):
        raise Refused("wrong-input", field="kind")
    return Furniture(
        Piece(data["kind"]),
        _whole(data, "x", 0, LARGEST),
        _whole(data, "y", 0, LARGEST),
        _whole(data, "w", 1, LARGEST),
        _whole(data, "h", 1, LARGEST),
        _label(data),
    )


def _list(data: Mapping[str, Any], name: str, most: int) -> list[Mapping[str, Any]]:
    found = data.get(name, [])
    if not isinstance(found, list):
        raise Refused("wrong-input", field=name)
    entries = cast("list[object]", found)
    if len(entries) > most or not all(isinstance(one, Mapping) for one in entries):
        raise Refused("wrong-input", field=name)
    return cast("list[Mapping[str, Any]]", entries)


def _whole(data: Mapping[str, Any], name: str, least: int, most: int) -> int:
    value = data.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise Refused("wrong-input", field=name)
    return value


def _label(data: Mapping[str, Any]) -> str:
    label = data.get("label", "")
    if not isinstance(label, str):
        raise Refused("wrong-input", field="label")
    label = " ".join(label.split())
    if len(label) > LABEL_LENGTH:
        raise Refused("field-long", field="label", limit=LABEL_LENGTH)
    return label
