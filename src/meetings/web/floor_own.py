"""The floor as one person in the room meets it."""

from typing import Any

from meetings.during.own_room import OwnPart
from meetings.rules.attendance import PRESENT
from meetings.rules.permissions import Actor
from meetings.web.floor_views import OPEN, floor_view


def own_floor(part: OwnPart, actor: Actor) -> dict[str, Any]:
    """The floor as one person meets it: what may be asked for, one's own place, or that one has the floor."""
    floor, facts = floor_view(part.floor), part.facts
    person = str(actor.person)
    running = part.meeting.state in OPEN and floor.item is not None
    seated = running and facts.seated(actor.person)
    aside = seated and facts.aside(actor.person)
    has_floor = floor.speaking is not None and floor.speaking.person == person
    own = floor.own(person)
    return {
        "floor": floor,
        "floor_open": seated and not aside,
        "floor_aside": aside,
        "floor_present": seated and facts.states.get(actor.person) in PRESENT,
        "own_requests": own,
        "own_kinds": {one.kind for _, one in own},
        "has_floor": has_floor,
        "halted": next((one for one in floor.interrupted if one.person == person), None),
    }
