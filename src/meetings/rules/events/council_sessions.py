"""Terms and sessions of a council, and the meetings in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from meetings.rules.events.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class TermOpened(Event):
    """Days are inclusive."""

    stage: ClassVar[bool] = False
    body: str
    name_of_body: str
    term: str
    term_name: str
    since: str
    until: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TermChanged(Event):
    """`changes`: field → what it says now."""

    stage: ClassVar[bool] = False
    body: str
    name_of_body: str
    term: str
    term_name: str
    changes: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CouncilSessionPlanned(Event):
    stage: ClassVar[bool] = False
    body: str
    name_of_body: str
    session: str
    number: int
    term_name: str
    kind: str
    since: str
    until: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CouncilSessionChanged(Event):
    """`changes`: field → what it says now."""

    stage: ClassVar[bool] = False
    body: str
    name_of_body: str
    session: str
    number: int
    term_name: str
    changes: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CouncilSessionConvened(Event):
    """The members know of it; `persons` were told."""

    stage: ClassVar[bool] = False
    body: str
    name_of_body: str
    session: str
    number: int
    term_name: str
    since: str
    until: str
    persons: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CouncilSessionDropped(Event):
    """A plan was given up before anything was put into it."""

    stage: ClassVar[bool] = False
    body: str
    name_of_body: str
    session: str
    number: int
    term_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscussionGroupsFormed(Event):
    """All groups of a session, or one of them that was changed."""

    stage: ClassVar[bool] = False
    session: str
    number: int
    name_of_body: str
    groups: list[int]
    """Their numbers."""
    members: int
    """How many persons are in them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PutIntoSession(Event):
    """A meeting is a sitting of a session now; in the journal of the meeting."""

    session: str
    session_name: str
    sitting: str
    """`plenary` or `group`."""
    group: int = 0
    """The number of the group; 0 for a plenary sitting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenOutOfSession(Event):
    session: str
    session_name: str
