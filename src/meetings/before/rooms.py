"""The rooms of the house: opened, changed, blocked, given up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from meetings.rules.events import RoomChanged, RoomOpened
from meetings.rules.permissions import Actor, Right
from meetings.rules.refusals import Refused
from meetings.storage.tables import Room
from meetings.storage.unit_of_work import Reading, Work

NAME_LENGTH = 120
MOST_SEATS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomFacts:
    """What is known about a room. `blocked_*` are days, both inclusive; one without the other is refused."""

    name: str
    seats: int
    equipment: Sequence[str] = ()
    blocked_from: date | None = None
    blocked_until: date | None = None
    blocked_reason: str = ""
    in_use: bool = True


async def open_room(work: Work, actor: Actor | None, facts: RoomFacts) -> Room:
    """A new room that meetings can be held in."""
    if actor is not None:
        actor.must(Right.ADMINISTER)
    checked = _checked(facts)
    await work.in_turn()
    await _must_be_new(work, checked.name)
    room = Room(id=work.new_id(), **_columns(checked))
    work.session.add(room)
    await work.session.flush()
    event = RoomOpened(room=str(room.id), room_name=room.name, seats=room.seats)
    await work.record(actor, event)
    return room


async def change_room(work: Work, actor: Actor, room: UUID, facts: RoomFacts) -> Room:
    """Correct a room, block it for some days, or give it up; meetings that are planned there stay planned."""
    actor.must(Right.ADMINISTER)
    await work.in_turn()
    kept = await work.locked(Room, room)
    checked = _checked(facts)
    if checked.name != kept.name:
        await _must_be_new(work, checked.name)
    columns = _columns(checked)
    changes = {
        name: _plain(value) for name, value in columns.items() if _plain(value) != _plain(getattr(kept, name))
    }
    if changes:
        for name, value in columns.items():
            setattr(kept, name, value)
        await work.record(actor, RoomChanged(room=str(room), room_name=kept.name, changes=changes))
    return kept


async def rooms(reading: Reading, *, in_use: bool = True) -> Sequence[Room]:
    """The rooms by name; those that were given up only when asked for."""
    query = select(Room).order_by(Room.name)
    return (await reading.session.scalars(query.where(Room.in_use) if in_use else query)).all()


async def room_for(reading: Reading, room: UUID, day: date) -> Room:
    """The room, if something can be scheduled in it on that day; refused (`room-blocked`) while it is blocked."""
    kept = await reading.session.get(Room, room)
    if kept is None or not kept.in_use:
        raise Refused("wrong-input", field="room")
    if is_blocked(kept, day):
        raise Refused(
            "room-blocked", room=kept.name, since=kept.blocked_from, until=kept.blocked_until,
            reason=kept.blocked_reason,
        )  # fmt: skip
    return kept


def is_blocked(room: Room, day: date) -> bool:
    """Whether nothing is scheduled in the room on that day."""
    return bool(room.blocked_from and room.blocked_until and room.blocked_from <= day <= room.blocked_until)


def _checked(facts: RoomFacts) -> RoomFacts:
    name = " ".join(facts.name.split())
    if not name:
        raise Refused("field-missing", field="name")
    if len(name) > NAME_LENGTH:
        raise Refused("field-long", field="name", limit=NAME_LENGTH)
    if not 1 <= facts.seats <= MOST_SEATS:
        raise Refused("wrong-input", field="seats")
    if (facts.blocked_from is None) != (facts.blocked_until is None):
        raise Refused("field-missing", field="until" if facts.blocked_from else "since")
    if facts.blocked_from and facts.blocked_until and facts.blocked_until < facts.blocked_from:
        raise Refused("wrong-input", field="until")
    reason = " ".join(facts.blocked_reason.split())
    if facts.blocked_from and not reason:
        raise Refused("reason-missing")
    return RoomFacts(
        name=name, seats=facts.seats, equipment=[line.strip() for line in facts.equipment if line.strip()],
        blocked_from=facts.blocked_from, blocked_until=facts.blocked_until,
        blocked_reason=reason if facts.blocked_from else "", in_use=facts.in_use,
    )  # fmt: skip


def _columns(facts: RoomFacts) -> Mapping[str, str | int | bool | date | None]:
    return {
        "name": facts.name,
        "seats": facts.seats,
        "equipment": "\n".join(facts.equipment),
        "blocked_from": facts.blocked_from,
        "blocked_until": facts.blocked_until,
        "blocked_reason": facts.blocked_reason,
        "in_use": facts.in_use,
    }


def _plain(value: object) -> str:
    return "" if value is None else str(value)


async def _must_be_new(work: Work, name: str) -> None:
    if await work.session.scalar(select(Room.id).where(Room.name == name)):
        raise Refused("room-name-taken", name=name)
