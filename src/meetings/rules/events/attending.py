"""Who is there, in whose place, and who stands aside. Names are kept as they were, so the journal reads alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from meetings.rules.events.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendanceCorrected(Event):
    """An interval was struck, another one recorded, or both; a part that does not apply is empty."""

    what: ClassVar[str] = "attendance"
    person: str
    person_name: str
    struck_state: str
    struck_since: str
    struck_until: str
    state: str
    since: str
    until: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SubstituteApproved(Event):
    what: ClassVar[str] = "attendance"
    member: str
    member_name: str
    substitute: str
    substitute_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SubstituteEnded(Event):
    what: ClassVar[str] = "attendance"
    member: str
    member_name: str
    substitute: str
    substitute_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProxyGiven(Event):
    what: ClassVar[str] = "attendance"
    giver: str
    giver_name: str
    holder: str
    holder_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProxyEnded(Event):
    what: ClassVar[str] = "attendance"
    giver: str
    giver_name: str
    holder: str
    holder_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecusalDeclared(Event):
    """`set_by_chair`: not declared by the person."""

    what: ClassVar[str] = "item"
    item: str
    number: str
    person: str
    person_name: str
    reason: str
    set_by_chair: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RecusalLifted(Event):
    what: ClassVar[str] = "item"
    item: str
    number: str
    person: str
    person_name: str
