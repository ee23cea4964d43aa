"""Members check themselves in with the code that the room screen shows."""

from __future__ import annotations

from uuid import UUID

from meetings.during.attendance import OPEN_STATES, own_attendee, set_state
from meetings.rules.arrival import is_code
from meetings.rules.attendance import Presence, Source
from meetings.rules.permissions import Actor
from meetings.rules.refusals import Refused
from meetings.rules.room_rules import room_rules
from meetings.storage.tables import Body, Meeting
from meetings.storage.unit_of_work import Reading, Work


async def arrive(work: Work, actor: Actor, meeting: UUID, code: str, *, secret: str) -> Presence:
    """Record oneself as in the room. `secret` is the house's key, from which the codes come.

    Refused: `not-a-member`, `code-closed` where the body's rules know no codes, `code-old` when the code has changed.
    """
    held = await work.locked(Meeting, meeting)
    own = await own_attendee(work, actor, held)
    await _must_admit(work, held, code, secret)
    await set_state(work, actor, held, own, Presence.IN, Source.CODE)
    return Presence.IN


async def check_arrival(reading: Reading, actor: Actor, held: Meeting, code: str, *, secret: str) -> None:
    """Refuse as `arrive` would, before the button is shown."""
    await own_attendee(reading, actor, held)
    await _must_admit(reading, held, code, secret)


async def shows_code(reading: Reading, held: Meeting) -> bool:
    """Whether the room screen offers the code now: from the publication until the adjournment, by the body's rules."""
    return held.state in OPEN_STATES and await _by_code(reading, held)


async def _must_admit(reading: Reading, held: Meeting, code: str, secret: str) -> None:
    if held.state not in OPEN_STATES:
        raise Refused("not-now", state=held.state)
    if not await _by_code(reading, held):
        raise Refused("code-closed")
    if not is_code(secret, str(held.id), code, reading.now):
        raise Refused("code-old")


async def _by_code(reading: Reading, held: Meeting) -> bool:
    return room_rules((await reading.get(Body, held.body_id)).room_rules).code_check_in
