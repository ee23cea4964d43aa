"""The pages of the calendar as a row of tabs."""

from collections.abc import Sequence

from meetings.language import N_, gettext
from meetings.rules.permissions import Actor, Right

Tab = tuple[str, str, bool]


def calendar_tabs(actor: Actor, here: str) -> Sequence[Tab]:
    """Address, word, and whether one is there; `here` is the name of the page."""
    pages = [
        ("calendar", "/calendar", N_("Calendar"), True),
        ("schedule", "/calendar/schedule", N_("Weekly schedule"), actor.may(Right.ATTEND)),
        ("programme", "/calendar/programme", N_("Programme"), reads_programmes(actor)),
        ("feeds", "/calendar/feeds", N_("Subscribe"), actor.may(Right.ATTEND)),
        ("rooms", "/calendar/rooms", N_("Rooms"), sees_rooms(actor)),
        ("days", "/calendar/days", N_("Days off"), actor.may(Right.ADMINISTER)),
    ]
    return [(address, gettext(word), name == here) for name, address, word, shown in pages if shown]


def reads_programmes(actor: Actor) -> bool:
    """Whether work programmes are this person's business: not an observer's."""
    rights = (Right.PREPARE, Right.TAKE_PART, Right.RUN_ROOM, Right.CARRY_OUT)
    return any(actor.may(right) for right in rights)


def sees_rooms(actor: Actor) -> bool:
    """Whether the rooms and what is planned there are this person's business."""
    return actor.may(Right.ADMINISTER) or actor.may(Right.PREPARE) or actor.may(Right.RUN_ROOM)
