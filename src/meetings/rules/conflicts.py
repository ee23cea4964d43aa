"""Two meetings at one time: in one room, with one chair, or with the same members. A warning, never a refusal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

ASSUMED: Final = timedelta(hours=3)
"""How long a meeting without a planned end is taken to last."""


class Clash(StrEnum):
    """What two meetings want at the same time."""

    ROOM = "room"
    CHAIR = "chair"
    MEMBERS = "members"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """One meeting's time, place and people."""

    id: str
    starts: datetime
    ends: datetime | None = None
    room: str = ""
    chairs: frozenset[str] = field(default_factory=frozenset[str])
    members: frozenset[str] = field(default_factory=frozenset[str])

    @property
    def until(self) -> datetime:
        """Its planned end, or what is assumed."""
        return self.ends or self.starts + ASSUMED


@dataclass(frozen=True, slots=True)
class Conflict:
    """What a meeting shares with another one at the same time."""

    other: str
    clashes: Mapping[Clash, frozenset[str]]
    """The room, the chairs, the members that both need."""


def overlap(one: Sitting, other: Sitting) -> bool:
    """Whether they are held at the same time; one that begins when the other ends does not overlap."""
    return one.starts < other.until and other.starts < one.until


def conflicts(of: Sitting, among: Iterable[Sitting]) -> list[Conflict]:
    """What stands in a meeting's way, by the start of the other meeting.

    A chair who is a member of the other body counts as a chair once, not as a member again.
    """
    found: list[Conflict] = []
    for other in sorted(among, key=lambda sitting: (sitting.starts, sitting.id)):
        if other.id == of.id or not overlap(of, other):
            continue
        chairs = (of.chairs & (other.chairs | other.members)) | (other.chairs & of.members)
        clashes = {
            Clash.ROOM: frozenset({of.room}) if of.room and of.room == other.room else frozenset[str](),
            Clash.CHAIR: chairs,
            Clash.MEMBERS: (of.members & other.members) - chairs,
        }
        if any(clashes.values()):
            found.append(Conflict(other.id, {clash: what for clash, what in clashes.items() if what}))
    return found
