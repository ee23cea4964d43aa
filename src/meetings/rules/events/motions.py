"""Motions and amendments on their way, apart from the moving and the outcome itself (`during`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from meetings.rules.events.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class MotionSeconded(Event):
    what: ClassVar[str] = "motion"
    motion: str
    item: str
    title: str
    seconder: str
    seconder_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MotionWithdrawn(Event):
    """By its mover or the chair; an amendment also when its main motion is withdrawn."""

    what: ClassVar[str] = "motion"
    motion: str
    item: str
    title: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MotionLeftUndecided(Event):
    """Its poll came to nothing: a tie that nobody settled, or no quorum at the closing."""

    what: ClassVar[str] = "motion"
    motion: str
    item: str
    poll: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MotionReopened(Event):
    """The announced poll that decided it was annulled; `was` is the state it had."""

    what: ClassVar[str] = "motion"
    motion: str
    item: str
    poll: str
    title: str
    was: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MotionDivided(Event):
    what: ClassVar[str] = "motion"
    motion: str
    item: str
    title: str
    parts: list[dict[str, str]]
    """In order: `motion`, `title`, `text`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MotionTextAmended(Event):
    """The text of a motion changed: by an adopted amendment, or back again when its poll was annulled."""

    what: ClassVar[str] = "motion"
    motion: str
    item: str
    title: str
    by: str
    """The amendment, or the motion itself when it now reads as its adopted parts do."""
    by_title: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendmentFitted(Event):
    """The text under an amendment changed. It was fitted to the new one, or has to be worded anew."""

    what: ClassVar[str] = "motion"
    motion: str
    item: str
    title: str
    fits: bool
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendmentReworded(Event):
    what: ClassVar[str] = "motion"
    motion: str
    item: str
    title: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendmentsReordered(Event):
    """The chair set the order in which amendments are put."""

    what: ClassVar[str] = "motion"
    motion: str
    item: str
    title: str
    order: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class MotionsGrouped(Event):
    """One poll decides several motions; its drafting is an event of its own."""

    what: ClassVar[str] = "motion"
    poll: str
    item: str
    title: str
    motions: list[dict[str, str]]
    """`motion`, `title`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MotionTakenOut(Event):
    """A motion no longer belongs to the group that one poll decides; it is put alone."""

    what: ClassVar[str] = "motion"
    poll: str
    item: str
    motion: str
    title: str
    asked_by: str
