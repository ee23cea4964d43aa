"""Bodies, agencies, persons and accounts; imported books."""

from __future__ import annotations

from dataclasses import dataclass

from meetings.rules.events.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyFounded(Event):
    body: str
    name_of_body: str
    seats: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyFounded(Event):
    agency: str
    name_of_agency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonEntered(Event):
    person: str
    person_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MembershipBegun(Event):
    membership: str
    person: str
    body: str
    since: str
    until: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleGranted(Event):
    person: str
    role: str
    body: str = ""
    agency: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountOpened(Event):
    account: str
    person: str
    login: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountDisabled(Event):
    account: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BookImported(Event):
    body: str
    title: str
    sha256: str
    members: int
    meetings: int
    items: int
    left_out: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomRulesSet(Event):
    """The standing orders of a body for the room were changed; `changes` holds the new values by name."""

    body: str
    name_of_body: str
    changes: dict[str, object]
