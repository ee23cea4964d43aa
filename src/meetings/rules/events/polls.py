"""Polls on their way: their times, hands and roll calls, ballots entered for others, the chair's acts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from meetings.rules.events.during import BallotCast
from meetings.rules.events.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class PollTimesSet(Event):
    """The moments at which a poll opens and closes by itself; empty: by hand. `grace` in seconds."""

    what: ClassVar[str] = "poll"
    poll: str
    title: str
    opens_at: str
    closes_at: str
    grace: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PollNotOpened(Event):
    """It should have opened by itself, and the rules said no: `refusal` is the code, `facts` fill its sentence."""

    what: ClassVar[str] = "poll"
    poll: str
    title: str
    refusal: str
    facts: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CountsEntered(Event):
    """A show of hands in numbers. Until they are told, `counts` and `salt` are left out where the journal is read."""

    what: ClassVar[str] = "poll"
    poll: str
    title: str
    counts: dict[str, int]
    entered_name: str
    salt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CountsConfirmed(Event):
    what: ClassVar[str] = "poll"
    poll: str
    title: str
    entered_name: str
    confirmed_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CountsSentBack(Event):
    what: ClassVar[str] = "poll"
    poll: str
    title: str
    sent_back_name: str
    entered_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NameCalled(Event):
    """Roll call: a member's name was called, as number `place` of `voters`."""

    what: ClassVar[str] = "poll"
    poll: str
    person: str
    person_name: str
    place: int
    voters: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RollCallAnswered(BallotCast):
    """A ballot of a roll call. It is spoken aloud, so the screens show it at once."""

    stage: ClassVar[bool] = True


@dataclass(frozen=True, slots=True, kw_only=True)
class CastingVoteGiven(Event):
    """After a tie, by the chair. Until the announcement `choice` and `salt` are left out where the journal is read."""

    what: ClassVar[str] = "poll"
    poll: str
    title: str
    chair: str
    chair_name: str
    choice: str
    salt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberAdmitted(Event):
    """A member who arrived after the opening was admitted to the roll by the chair; the figures are those since."""

    what: ClassVar[str] = "poll"
    poll: str
    title: str
    person: str
    person_name: str
    present: int
    eligible: int
    seat_of: str = ""
    """A substitute: the member in whose seat, whose line of the roll it is from now on."""
    seat_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BallotEntered(Event):
    """The secretary wrote down a ballot of a member without a device. It counts once a second person confirms it."""

    what: ClassVar[str] = "poll"
    poll: str
    person: str
    person_name: str
    entered_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EnteredBallotDropped(Event):
    what: ClassVar[str] = "poll"
    poll: str
    person: str
    person_name: str
    dropped_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingCalled(Event):
    """Those who have not voted are called on their own screens: by the chair, or before the end of the time."""

    what: ClassVar[str] = "poll"
    poll: str
    title: str
    missing: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TestPollBegun(Event):
    """A ballot only to try the tablets: it decides nothing, and who sent one is not in the journal."""

    what: ClassVar[str] = "poll"
    poll: str
    members: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TestPollEnded(Event):
    what: ClassVar[str] = "poll"
    poll: str
    answered: int
    members: int
    silent: list[str] = field(default_factory=list[str])
    """Names of those whose tablet did not answer."""
