"""The notice of a meeting is sent; members reply; guests are invited. No screen of a running meeting changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from meetings.rules.events.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeSent(Event):
    """Reasons and mail addresses never stand in the record."""

    stage: ClassVar[bool] = False
    sequence: int
    kind: str
    """`call`, `change` or `cancel`."""
    persons: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyGiven(Event):
    stage: ClassVar[bool] = False
    person: str
    person_name: str
    answer: str
    substitute: str = ""
    substitute_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SubstituteAgreed(Event):
    """The chair agrees to the substitute whom an absent member named."""

    stage: ClassVar[bool] = False
    meeting: str
    member: str
    member_name: str
    substitute: str
    substitute_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SubstituteDeclined(Event):
    stage: ClassVar[bool] = False
    meeting: str
    member: str
    member_name: str
    substitute_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestInvited(Event):
    stage: ClassVar[bool] = False
    guest: str
    guest_name: str
    item: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestWithdrawn(Event):
    stage: ClassVar[bool] = False
    guest: str
    guest_name: str
