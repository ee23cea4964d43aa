"""What the attendance page, the cockpit and the room show of substitutes, proxies and recusals."""

from typing import Any
from uuid import UUID

from meetings.during.attendance import OPEN_STATES, Room
from meetings.during.own_room import OwnPart
from meetings.during.recusals import OVER, recusals_in
from meetings.during.stage import Stage
from meetings.during.standing_in import (
    allows,
    possible_substitutes,
    proxies_in,
    proxy_works,
    substitutes_in,
)
from meetings.rules.permissions import Actor
from meetings.storage.unit_of_work import Reading


async def standing_in_part(reading: Reading, stage: Stage) -> dict[str, Any]:
    """Who stands in for whom, and who could: for the attendance page."""
    substitutes, proxies = allows(stage.body, stage.meeting)
    return {
        "substitutes": await substitutes_in(reading, stage.meeting.id),
        "proxies": await _proxies(reading, stage.room, stage.meeting.id),
        "may_substitute": substitutes,
        "may_proxy": proxies,
        "standing_open": stage.meeting.state in OPEN_STATES,
        "free": [(one.id, one.name) for one in await possible_substitutes(reading, stage.meeting)]
        if substitutes
        else [],
        "away": [(seat.member.person, seat.member.name) for seat in stage.room.seats if not seat.present],
        "here": [(seat.member.person, seat.member.name) for seat in stage.room.seats if not seat.substitute],
    }


async def cockpit_part(reading: Reading, actor: Actor, stage: Stage) -> dict[str, Any]:
    """Who stands aside from the item in hand, and the proxies, for the cockpit's right column."""
    item = stage.item
    aside = [one for one in await recusals_in(reading, stage.meeting.id) if item and one.item == item.id]
    recused = {one.person for one in aside}
    seats = [(seat.voter, seat.name) for seat in stage.room.seats]
    standing = {
        "aside": aside,
        "may_recuse": item is not None and stage.open_poll is None and stage.meeting.state in OPEN_STATES,
        "takes_part": [(person, name) for person, name in seats if person not in recused],
        "proxies": await _proxies(reading, stage.room, stage.meeting.id),
    }
    return {"standing": standing}


def own_standing(part: OwnPart, actor: Actor) -> dict[str, Any]:
    """A person's own recusals and proxies, and what can be done about them now."""
    facts, meeting, person = part.facts, part.meeting, actor.person
    own = facts.attendees.get(person)
    if own is None or meeting.state not in OPEN_STATES:
        return {"standing": None}
    room = facts.room
    items = [item for item in facts.agenda if item.state not in OVER]
    stage_item = next((item for item in items if item.id == meeting.current_item_id), None)
    aside = {item.id for item in items if (item.id, person) in room.recused}
    proxies = [(proxy, proxy_works(room, proxy)) for proxy in facts.proxies]
    members = [(seat.member.person, seat.member.name) for seat in room.seats if not seat.substitute]
    standing = {
        "item": stage_item,
        "is_aside": stage_item is not None and stage_item.id in aside,
        "open_items": [(item.id, f"{item.number} · {item.title}") for item in items if item.id not in aside],
        "aside_from": [item for item in items if item.id in aside],
        "given": next((pair for pair in proxies if pair[0].person == person), None),
        "held": [pair for pair in proxies if pair[0].by == person],
        "may_proxy": allows(facts.body, meeting)[1] and not own.replaced,
        "holders": [entry for entry in members if entry[0] != person],
    }
    return {"standing": standing}


async def _proxies(reading: Reading, room: Room, meeting: UUID) -> list[tuple[Any, bool]]:
    """Each proxy, and whether it would work now."""
    return [(proxy, proxy_works(room, proxy)) for proxy in await proxies_in(reading, meeting)]
