"""What the attendance page, the cockpit and the room show of substitutes, proxies and recusals."""

from typing import Any
from uuid import UUID

from meetings.before.agenda import agenda_of
from meetings.during.attendance import OPEN_STATES, Room, attendees_of, room_of
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
from meetings.storage.tables import Body, Meeting
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


async def own_standing(reading: Reading, actor: Actor, meeting: Meeting) -> dict[str, Any]:
    """A person's own recusals and proxies, and what can be done about them now."""
    attendees = await attendees_of(reading, meeting)
    own = attendees.get(actor.person)
    if own is None or meeting.state not in OPEN_STATES:
        return {"standing": None}
    body = await reading.get(Body, meeting.body_id)
    room = await room_of(reading, meeting, body)
    aside = {one.item for one in await recusals_in(reading, meeting.id) if one.person == actor.person}
    items = [item for item in await agenda_of(reading, meeting.id) if item.state not in OVER]
    stage_item = next((item for item in items if item.id == meeting.current_item_id), None)
    proxies = await _proxies(reading, room, meeting.id)
    members = [(seat.member.person, seat.member.name) for seat in room.seats if not seat.substitute]
    standing = {
        "item": stage_item,
        "is_aside": stage_item is not None and stage_item.id in aside,
        "open_items": [(item.id, f"{item.number} · {item.title}") for item in items if item.id not in aside],
        "aside_from": [item for item in items if item.id in aside],
        "given": next((pair for pair in proxies if pair[0].person == actor.person), None),
        "held": [pair for pair in proxies if pair[0].by == actor.person],
        "may_proxy": allows(body, meeting)[1] and not own.replaced,
        "holders": [entry for entry in members if entry[0] != actor.person],
    }
    return {"standing": standing}


async def _proxies(reading: Reading, room: Room, meeting: UUID) -> list[tuple[Any, bool]]:
    """Each proxy, and whether it would work now."""
    return [(proxy, proxy_works(room, proxy)) for proxy in await proxies_in(reading, meeting)]
