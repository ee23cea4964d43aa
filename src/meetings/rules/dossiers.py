"""The life of a dossier, and its clocks: every step and opinion has a last day, counted in working days.

Each time a dossier reaches a step a new run of that step begins, with its whole time: who returns a dossier gives the
time back. A run that ended after its last day, or is still open after it, is late, and is named.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Final, Generic, TypeVar

from meetings.rules.lifecycle import Table
from meetings.rules.procedures import Procedure
from meetings.rules.refusals import Refused
from meetings.rules.working_days import Calendar, add_working_days, working_days_between, working_days_late

K = TypeVar("K", bound=Hashable)


class DossierState(StrEnum):
    DRAFT = "draft"
    RUNNING = "running"
    RETURNED = "returned"
    """Back with the agency that submitted it; its papers may be changed."""
    ACCEPTED = "accepted"
    """Through its last step: it may come onto an agenda."""
    AWAITING_CHAIR = "awaiting_chair"
    """Too late for the agenda that it is meant for; the chair says whether it comes onto it."""
    SCHEDULED = "scheduled"
    WITHDRAWN = "withdrawn"


WRITABLE: Final = frozenset({DossierState.DRAFT, DossierState.RETURNED})
"""The agency may change its words and papers."""

DOSSIER: Final = Table(
    "dossier",
    DossierState.DRAFT,
    {
        "submit": (WRITABLE, DossierState.RUNNING),
        "pass": (frozenset({DossierState.RUNNING}), DossierState.RUNNING),
        "step-back": (frozenset({DossierState.RUNNING}), DossierState.RUNNING),
        "return": (frozenset({DossierState.RUNNING}), DossierState.RETURNED),
        "accept": (frozenset({DossierState.RUNNING}), DossierState.ACCEPTED),
        "ask-chair": (frozenset({DossierState.ACCEPTED}), DossierState.AWAITING_CHAIR),
        "refuse-late": (frozenset({DossierState.AWAITING_CHAIR}), DossierState.ACCEPTED),
        "schedule": (
            frozenset({DossierState.ACCEPTED, DossierState.AWAITING_CHAIR}), DossierState.SCHEDULED,
        ),
        # its item or its meeting came to nothing
        "come-back": (
            frozenset({DossierState.AWAITING_CHAIR, DossierState.SCHEDULED}), DossierState.ACCEPTED,
        ),
        "withdraw": (
            frozenset(DossierState) - {DossierState.SCHEDULED, DossierState.WITHDRAWN}, DossierState.WITHDRAWN,
        ),
    },
)  # fmt: skip


class PaperKind(StrEnum):
    """What a document of a dossier is, in the order in which it is laid under the item."""

    STATEMENT = "statement"
    """Tờ trình."""
    DRAFT = "draft"
    """The draft resolution or decision."""
    OPINION = "opinion"
    ANNEX = "annex"


class Verdict(StrEnum):
    """What an opinion comes to."""

    AGREE = "agree"
    COMMENTS = "comments"
    """Agrees, with comments that should be taken up."""
    DISAGREE = "disagree"


def next_step(procedure: Procedure, number: int) -> int | None:
    """The step after this one; None after the last: then the dossier is accepted."""
    return number + 1 if number < len(procedure.steps) else None


def check_return(number: int, to: int) -> None:
    """A dossier goes back to an earlier step, or to the agency (0); otherwise `dossier-return-to`."""
    if not 0 <= to < number:
        raise Refused("dossier-return-to")


def last_day(begun: date, days: int, calendar: Calendar) -> date:
    """The last day on which something that may take so many working days is in time."""
    return add_working_days(begun, days, calendar)


class Reminding(StrEnum):
    """What whoever holds a step or owes an opinion is told by the clock, each once."""

    SOON = "soon"
    LATE = "late"


def reminding(begun: date, due: date, today: date, calendar: Calendar) -> Reminding | None:
    """What is to be told today of something that is still open.

    The last day is near from the working day before it on, unless it began on that day itself: who has just been told
    needs no reminder. It is called late from the first working day after its last day on.
    """
    if today >= add_working_days(due, 1, calendar):
        return Reminding.LATE
    near = add_working_days(due, -1, calendar)
    return Reminding.SOON if begun < near <= today <= due else None


def days_late(due: date, ended: date | None, today: date, calendar: Calendar) -> int:
    """Working days beyond the last day until it ended, or until today; 0 when in time, at least 1 when late."""
    return working_days_late(due, ended or today, calendar)


def days_used(begun: date, ended: date | None, today: date, calendar: Calendar) -> int:
    """Working days that it took, or has taken until today."""
    return max(0, working_days_between(begun, ended or today, calendar))


@dataclass(frozen=True, slots=True)
class Asked:
    """An opinion of the run in hand."""

    topic: str
    due: date
    given: bool


def check_opinions(asked: Iterable[Asked], today: date) -> None:
    """A step ends when every opinion is given; one that is not given by its last day does not hold it up.

    Refuses (`opinions-missing`) with the topics that are still in time and missing.
    """
    missing = [one.topic for one in asked if not one.given and today <= one.due]
    if missing:
        raise Refused("opinions-missing", topics=", ".join(missing))


@dataclass(frozen=True, slots=True)
class Timed(Generic[K]):
    """A run or an opinion for the figures: what it belongs to, whether it ended, how late, how many days it took."""

    key: K
    ended: bool
    late: int
    used: int


@dataclass(frozen=True, slots=True)
class Figures(Generic[K]):
    """How one step or agency keeps its time."""

    key: K
    in_time: int
    late: int
    open: int
    overdue: int
    """Of the open ones."""
    worst: int
    """Working days of the latest one."""
    mean: Fraction | None
    """Working days that an ended one took."""

    @property
    def share(self) -> Fraction | None:
        """Ended in time, of those that ended; None when none did."""
        ended = self.in_time + self.late
        return Fraction(self.in_time, ended) if ended else None


def figures(runs: Sequence[Timed[K]]) -> list[Figures[K]]:
    """The figures by key, in the order in which the keys come first."""
    keys = dict.fromkeys(run.key for run in runs)
    return [_figures(key, [run for run in runs if run.key == key]) for key in keys]


def _figures(key: K, runs: Sequence[Timed[K]]) -> Figures[K]:
    ended = [run for run in runs if run.ended]
    late = sum(run.late > 0 for run in ended)
    return Figures(
        key=key,
        in_time=len(ended) - late,
        late=late,
        open=len(runs) - len(ended),
        overdue=sum(run.late > 0 for run in runs if not run.ended),
        worst=max((run.late for run in runs), default=0),
        mean=Fraction(sum(run.used for run in ended), len(ended)) if ended else None,
    )
