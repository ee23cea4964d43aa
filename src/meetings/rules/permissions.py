"""Who may do what: roles, rights, and the one table that joins them.

A role is held in a body (delegate, secretary, chair, observer), for an agency (agency officer), or in the whole house
(administrator). A delegate's role follows from a valid membership and is not granted separately.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from meetings.rules.refusals import Refused


class Role(StrEnum):
    """The six ways of taking part."""

    DELEGATE = "delegate"
    SECRETARY = "secretary"
    CHAIR = "chair"
    AGENCY = "agency"
    ADMINISTRATOR = "administrator"
    OBSERVER = "observer"


class Right(StrEnum):
    """What a route, a socket event or a use case asks for."""

    ANYONE = "anyone"
    """No sign-in is needed: the sign-in page, assets, what is public."""
    SIGNED_IN = "signed-in"
    """Any account: own settings, lists that are filtered by the reader's other rights."""
    ATTEND = "attend"
    """See a body's published meetings, agendas and papers."""
    TAKE_PART = "take-part"
    """Check in and vote as a member."""
    PREPARE = "prepare"
    """Schedule meetings, write agendas, lay papers, publish."""
    RUN_ROOM = "run-room"
    """Call to order, take up items, open, close and announce polls, adjourn."""
    KEEP_ROLL = "keep-roll"
    """Record the attendance of others."""
    KEEP_FLOOR = "keep-floor"
    """Keep the list of speakers, the clocks and the question slips."""
    ENTER_BALLOTS = "enter-ballots"
    """Write down counts of a show of hands and ballots of members without a device; a second person confirms."""
    WRITE_MINUTES = "write-minutes"
    """Edit the minutes; draft resolutions' clauses into tasks."""
    SIGN_AS_SECRETARY = "sign-as-secretary"
    SIGN_AS_CHAIR = "sign-as-chair"
    FOLLOW_UP = "follow-up"
    """Assign tasks and verify what agencies report."""
    CARRY_OUT = "carry-out"
    """Accept a task and report on it, for the lead agency."""
    READ_JOURNAL = "read-journal"
    ADMINISTER = "administer"
    """Bodies, persons, memberships, agencies, accounts."""


_MEMBERS = frozenset({Role.DELEGATE, Role.SECRETARY, Role.CHAIR})
_TABLE: dict[Right, frozenset[Role]] = {
    Right.ATTEND: _MEMBERS | {Role.OBSERVER},
    Right.TAKE_PART: frozenset({Role.DELEGATE}),
    Right.PREPARE: frozenset({Role.SECRETARY}),
    Right.RUN_ROOM: frozenset({Role.CHAIR}),
    Right.KEEP_ROLL: frozenset({Role.SECRETARY, Role.CHAIR}),
    Right.KEEP_FLOOR: frozenset({Role.SECRETARY, Role.CHAIR}),
    Right.ENTER_BALLOTS: frozenset({Role.SECRETARY, Role.CHAIR}),
    Right.WRITE_MINUTES: frozenset({Role.SECRETARY}),
    Right.SIGN_AS_SECRETARY: frozenset({Role.SECRETARY}),
    Right.SIGN_AS_CHAIR: frozenset({Role.CHAIR}),
    Right.FOLLOW_UP: frozenset({Role.SECRETARY, Role.CHAIR}),
    Right.CARRY_OUT: frozenset({Role.AGENCY}),
    Right.READ_JOURNAL: frozenset({Role.SECRETARY, Role.CHAIR, Role.DELEGATE}),
    Right.ADMINISTER: frozenset({Role.ADMINISTRATOR}),
}


@dataclass(frozen=True, slots=True)
class Grant:
    """One role, and where it holds: a body, an agency, one meeting (a substitute’s), or the whole house (all None)."""

    role: Role
    body: UUID | None = None
    agency: UUID | None = None
    meeting: UUID | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """The person on whose word a use case acts."""

    person: UUID
    account: UUID
    name: str
    language: str
    grants: frozenset[Grant]
    scopes: frozenset[str] | None = None
    """Scopes of an access token (`read`, `write`); None for a person who signed in."""

    def may(
        self,
        right: Right,
        *,
        body: UUID | None = None,
        agency: UUID | None = None,
        meeting: UUID | None = None,
    ) -> bool:
        """Whether the actor holds the right there; without a place: anywhere.

        `meeting` beside its body: a substitute holds a delegate's rights in that meeting alone.
        """
        return may(self.grants, right, body=body, agency=agency, meeting=meeting)

    def must(
        self,
        right: Right,
        *,
        body: UUID | None = None,
        agency: UUID | None = None,
        meeting: UUID | None = None,
    ) -> None:
        """Refuse (`forbidden`) unless the actor holds the right there."""
        if not self.may(right, body=body, agency=agency, meeting=meeting):
            raise Refused("forbidden")

    def roles(self) -> frozenset[Role]:
        """Every role held anywhere."""
        return frozenset(grant.role for grant in self.grants)

    def bodies(self, right: Right) -> frozenset[UUID]:
        """The bodies in which the right is held."""
        roles = _TABLE.get(right, frozenset())
        return frozenset(grant.body for grant in self.grants if grant.body and grant.role in roles)

    def meetings(self, right: Right) -> frozenset[UUID]:
        """The single meetings in which the right is held, as a substitute."""
        roles = _TABLE.get(right, frozenset())
        return frozenset(grant.meeting for grant in self.grants if grant.meeting and grant.role in roles)

    def agencies(self) -> frozenset[UUID]:
        """The agencies for which the actor reports."""
        return frozenset(grant.agency for grant in self.grants if grant.agency and grant.role is Role.AGENCY)


def is_insider(actor: Actor, body: UUID) -> bool:
    """Whether the actor runs or prepares that body's meetings: sees drafts and early numbers, acts for named movers."""
    return actor.may(Right.RUN_ROOM, body=body) or actor.may(Right.PREPARE, body=body)


def must_be_insider(actor: Actor, body: UUID) -> None:
    """Refuse (`forbidden`) unless the actor runs or prepares that body's meetings."""
    if not is_insider(actor, body):
        raise Refused("forbidden")


def may(
    grants: Iterable[Grant],
    right: Right,
    *,
    body: UUID | None = None,
    agency: UUID | None = None,
    meeting: UUID | None = None,
) -> bool:
    """Whether one of the grants carries the right in that body (or that meeting of it) or agency (None: in any)."""
    if right in (Right.ANYONE, Right.SIGNED_IN):
        return True
    roles = _TABLE[right]
    return any(
        grant.role in roles
        and (
            body is None
            or grant.body == body
            or grant.role is Role.ADMINISTRATOR
            or (meeting is not None and grant.meeting == meeting)
        )
        and (agency is None or grant.agency == agency)
        for grant in grants
    )
