"""Who sees an agenda item: everybody, the members of the body, or those who prepare and run the meeting.

What stands below an item is never seen by more people than the item itself: each row keeps what counts for it.
"""

from __future__ import annotations

from enum import IntEnum, StrEnum
from uuid import UUID

from meetings.rules.permissions import Actor, Right, is_insider


class Visibility(StrEnum):
    """How far an item is shown."""

    COMMON = "common"
    """Whoever sees the meeting, and the public page of a public one."""
    INTERNAL = "internal"
    """Members of the body, substitutes, its secretaries and chair; not observers, the public, a screen in the hall."""
    HIDDEN = "hidden"
    """Only who prepares or runs the meeting; it has no number and is not taken up."""


class Audience(IntEnum):
    """Who looks, from the furthest to the nearest."""

    ANYBODY = 0
    """The public page, the screen in the hall, observers, guests."""
    MEMBERS = 1
    INSIDERS = 2


_NEEDED = {
    Visibility.COMMON: Audience.ANYBODY,
    Visibility.INTERNAL: Audience.MEMBERS,
    Visibility.HIDDEN: Audience.INSIDERS,
}


def shows(visibility: str, audience: Audience) -> bool:
    """Whether an item that is shown so far is shown to that audience."""
    return audience >= _NEEDED[Visibility(visibility)]


def audience_of(actor: Actor, body: UUID, meeting: UUID) -> Audience:
    """What somebody who may see this meeting of the body belongs to."""
    if is_insider(actor, body):
        return Audience.INSIDERS
    member = actor.may(Right.TAKE_PART, body=body, meeting=meeting)
    return Audience.MEMBERS if member else Audience.ANYBODY


def narrower(one: str, other: str) -> Visibility:
    """The one of two that fewer people see."""
    return max(Visibility(one), Visibility(other), key=_NEEDED.__getitem__)
