"""The floor as one person in the room meets it."""

from typing import Any

from meetings.during.floor import floor_of
from meetings.during.recusals import is_recused
from meetings.during.speaking_list import is_present, seat_of
from meetings.rules.permissions import Actor
from meetings.storage.tables import Body, Meeting
from meetings.storage.unit_of_work import Reading
from meetings.web.floor_views import OPEN, floor_view


async def own_floor(reading: Reading, actor: Actor, meeting: Meeting) -> dict[str, Any]:
    """The floor as one person meets it: what may be asked for, one's own place, or that one has the floor."""
    floor = floor_view(await floor_of(reading, meeting, await reading.get(Body, meeting.body_id)))
    person = str(actor.person)
    running = meeting.state in OPEN and floor.item is not None
    seated = running and await seat_of(reading, meeting, actor.person) is not None
    aside = seated and floor.item is not None and await is_recused(reading, floor.item, actor.person)
    has_floor = floor.speaking is not None and floor.speaking.person == person
    own = floor.own(person)
    return {
        "floor": floor,
        "floor_open": seated and not aside,
        "floor_aside": aside,
        "floor_present": seated and await is_present(reading, meeting, actor.person),
        "own_requests": own,
        "own_kinds": {one.kind for _, one in own},
        "has_floor": has_floor,
        "halted": next((one for one in floor.interrupted if one.person == person), None),
    }
