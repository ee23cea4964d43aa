"""A council book: the public record of a council's term, as plain values. `book_reader` reads it from JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from meetings.rules.rule import Rule

Side = Literal["yes", "no", "abstain"]

CHOICES: Final[Mapping[str, Side]] = {"for": "yes", "against": "no", "abstain": "abstain"}
"""A book's lists of ballots, and the side each counts for."""
WITHOUT_BALLOT: Final = ("not_voted", "absent", "exception")
"""Present without a ballot; not there; no seat on the day, or unknown."""
ATTENDANCE: Final = ("present", "absent", "exception", "expected")


@dataclass(frozen=True, slots=True)
class Note:
    """Something left out, or something in the book that does not agree with itself; `reference` says where."""

    reference: str
    text: str


@dataclass(frozen=True, slots=True)
class BookMember:
    """A person with a seat between two days (both included)."""

    id: str
    name: str
    party: str
    area: str
    since: date
    until: date | None

    def holds_seat(self, day: date) -> bool:
        """Whether the seat is valid on a day."""
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class BookVote:
    """A recorded roll call: who is on which list, and what was published."""

    rule: Rule
    passed: bool
    casting: Side | None
    """The side of the casting vote."""
    lists: Mapping[str, tuple[str, ...]]
    """Member ids by `for`, `against`, `abstain`, `not_voted`, `absent`, `exception`."""

    def choice(self, name: str) -> str:
        """The code on this rule's ballot for one of the lists `for`, `against`, `abstain`."""
        return next(choice.code for choice in self.rule.choices if choice.counts_as == CHOICES[name])

    def ballots(self) -> Iterator[tuple[str, str]]:
        """Each member with the code of the choice made."""
        for name in CHOICES:
            if self.lists[name]:
                code = self.choice(name)
                yield from ((member, code) for member in self.lists[name])

    def present(self) -> tuple[str, ...]:
        """Everybody but the absent and the exceptions."""
        return tuple(member for name in (*CHOICES, "not_voted") for member in self.lists[name])

    def count(self, name: str) -> int:
        """How many are on a list."""
        return len(self.lists[name])


@dataclass(frozen=True, slots=True)
class BookItem:
    """An item, as it was written."""

    reference: str
    number: str
    title: str
    text: str
    proposers: tuple[str, ...]
    recommendation: str
    vote: BookVote | None
    unread_vote: bool = False
    """There is a roll call that this program cannot hold; a note says why."""


@dataclass(frozen=True, slots=True)
class BookMeeting:
    """A meeting; of its day only the date is known."""

    id: str
    day: date
    kind: str
    attendance: Mapping[str, tuple[str, ...]]
    items: tuple[BookItem, ...]

    @property
    def reference(self) -> str:
        """How notes speak of it."""
        return f"{self.id} ({self.day.isoformat()})"


@dataclass(frozen=True, slots=True)
class Book:
    """One term of one council."""

    name: str
    seats: int
    since: date
    until: date | None
    source: str
    members: tuple[BookMember, ...]
    meetings: tuple[BookMeeting, ...]
    notes: tuple[Note, ...]
    sha256: str

    @property
    def key(self) -> str:
        """By which the same book is known again."""
        return f"{self.name}, {self.since.isoformat()}"

    def votes(self) -> Iterator[tuple[BookMeeting, BookItem, BookVote]]:
        """Every recorded roll call in order."""
        for meeting in self.meetings:
            for item in meeting.items:
                if item.vote is not None:
                    yield meeting, item, item.vote
