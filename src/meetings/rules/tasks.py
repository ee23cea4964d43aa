"""Following up tasks: state, leaf in the report and lateness, all derived from stored dates.

After Decision 42/2014/QĐ-TTg on following up tasks and the reports that cities publish: every task that was
assigned stands in exactly one leaf (done on time, done late, done without a due date, open in time, open
and overdue, open without a due date); cancelled tasks are counted apart. A task is due at the end of its
day in the body's zone, so all dates here are local days. On time means the day of the report that was
accepted, not the day of its acceptance; a returned report does not stop the clock, a report that waits for
verification does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from meetings.rules.outcome import percent
from meetings.rules.refusals import Refused
from meetings.rules.working_days import ORDINARY, Calendar, add_working_days

NEAR_DUE_WORKING_DAYS: Final = 3


@dataclass(frozen=True, slots=True)
class Report:
    """An agency's report that the task is done, and what became of it."""

    reported_on: date
    verified_on: date | None = None
    returned_on: date | None = None

    @property
    def waiting(self) -> bool:
        return self.verified_on is None and self.returned_on is None


@dataclass(frozen=True, slots=True)
class Extension:
    """A later due date that was asked for before the one it replaces; granted or not."""

    requested_on: date
    until: date
    granted: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskFacts:
    """What is stored of a task; `due` stays the original date, reports and extensions are in order."""

    assigned_on: date
    due: date | None = None
    accepted_on: date | None = None
    progressed_on: date | None = None
    reports: tuple[Report, ...] = ()
    extensions: tuple[Extension, ...] = ()
    suspended_on: date | None = None
    """Set while the task is suspended: the clock stands still."""
    cancelled_on: date | None = None


class TaskState(StrEnum):
    """How far a task has come."""

    ASSIGNED = "assigned"
    ACCEPTED = "accepted"
    IN_PROGRESS = "in_progress"
    REPORTED = "reported"
    RETURNED = "returned"
    VERIFIED = "verified"
    SUSPENDED = "suspended"
    CANCELLED = "cancelled"


class Leaf(StrEnum):
    """The one place of a task in the report; all but `cancelled` add up to the tasks assigned."""

    DONE_ON_TIME = "done_on_time"
    DONE_LATE = "done_late"
    DONE_NO_DUE = "done_no_due"
    OPEN_IN_TIME = "open_in_time"
    OPEN_OVERDUE = "open_overdue"
    OPEN_NO_DUE = "open_no_due"
    CANCELLED = "cancelled"


class Status(StrEnum):
    """What a list shows beside a task: the leaf, and what else the reader must know at a glance."""

    NOT_STARTED = "not_started"
    IN_TIME = "in_time"
    NEAR_DUE = "near_due"
    OVERDUE = "overdue"
    WAITING = "waiting"
    DONE_ON_TIME = "done_on_time"
    DONE_LATE = "done_late"
    DONE_NO_DUE = "done_no_due"
    SUSPENDED = "suspended"
    CANCELLED = "cancelled"


STATUSES: Final[dict[Status, str]] = {
    Status.NOT_STARTED: "Not started",
    Status.IN_TIME: "In progress, in time",
    Status.NEAR_DUE: "In progress, due soon",
    Status.OVERDUE: "Overdue",
    Status.WAITING: "Waiting for verification",
    Status.DONE_ON_TIME: "Done on time",
    Status.DONE_LATE: "Done late",
    Status.DONE_NO_DUE: "Done, no due date",
    Status.SUSPENDED: "Suspended",
    Status.CANCELLED: "Cancelled",
}

_WORKING: Final = frozenset({TaskState.ACCEPTED, TaskState.IN_PROGRESS, TaskState.RETURNED})
_UNFINISHED: Final = _WORKING | {TaskState.ASSIGNED, TaskState.REPORTED}

ACTS: Final[dict[str, frozenset[TaskState]]] = {
    "accept": frozenset({TaskState.ASSIGNED}),
    "progress": _WORKING,
    "report": _WORKING,
    "verify": frozenset({TaskState.REPORTED}),
    "return": frozenset({TaskState.REPORTED}),
    "extend": _UNFINISHED,
    "suspend": _UNFINISHED,
    "resume": frozenset({TaskState.SUSPENDED}),
    "cancel": _UNFINISHED | {TaskState.SUSPENDED},
}
"""Act of the public interface → the states it is possible in; the new state follows from the new facts."""


def check_act(facts: TaskFacts, act: str) -> None:
    """Refuse (`not-now`) an act that the task's state does not allow."""
    state = state_of(facts)
    if state not in ACTS.get(act, frozenset[TaskState]()):
        raise Refused("not-now", thing="task", state=state.value, act=act)


def state_of(facts: TaskFacts) -> TaskState:
    """The state that follows from the facts."""
    if facts.cancelled_on is not None:
        return TaskState.CANCELLED
    if accepted_report(facts) is not None:
        return TaskState.VERIFIED
    if facts.suspended_on is not None:
        return TaskState.SUSPENDED
    if facts.reports:
        if facts.reports[-1].waiting:
            return TaskState.REPORTED
        returned_on = facts.reports[-1].returned_on
        resumed = (
            facts.progressed_on is not None and returned_on is not None and facts.progressed_on > returned_on
        )
        return TaskState.IN_PROGRESS if resumed else TaskState.RETURNED
    if facts.progressed_on is not None:
        return TaskState.IN_PROGRESS
    return TaskState.ASSIGNED if facts.accepted_on is None else TaskState.ACCEPTED


def accepted_report(facts: TaskFacts) -> Report | None:
    """The report that the assigner verified, if there is one."""
    return next((report for report in facts.reports if report.verified_on is not None), None)


def due_date(facts: TaskFacts) -> date | None:
    """The day the task is due: the original one, or the last extension that was granted."""
    granted = [extension.until for extension in facts.extensions if extension.granted]
    return granted[-1] if granted else facts.due


def check_extension(facts: TaskFacts, requested_on: date, until: date) -> None:
    """Refuse an extension without a due date, not asked for before that date, or not to a later one."""
    check_act(facts, "extend")
    due = due_date(facts)
    if due is None:
        raise Refused("extension-no-due")
    if requested_on >= due:
        raise Refused("extension-late", due=due)
    if until <= due:
        raise Refused("extension-not-later", due=due)


def on_time(facts: TaskFacts, *, original: bool = False) -> bool | None:
    """Whether a done task was reported in time, by the extended due date or the original; None: no answer."""
    report = accepted_report(facts)
    due = facts.due if original else due_date(facts)
    return None if report is None or due is None else report.reported_on <= due


def days_late(facts: TaskFacts, today: date) -> int:
    """Days past due, counted to the accepted or waiting report, to the suspension, or to today; 0 in time."""
    due = due_date(facts)
    if due is None or facts.cancelled_on is not None:
        return 0
    return max(0, (_judged_on(facts, today) - due).days)


def leaf_of(facts: TaskFacts, today: date) -> Leaf:
    """The task's one leaf in the report of a day."""
    if facts.cancelled_on is not None:
        return Leaf.CANCELLED
    due, late = due_date(facts), days_late(facts, today) > 0
    if accepted_report(facts) is not None:
        if due is None:
            return Leaf.DONE_NO_DUE
        return Leaf.DONE_LATE if late else Leaf.DONE_ON_TIME
    if due is None:
        return Leaf.OPEN_NO_DUE
    return Leaf.OPEN_OVERDUE if late else Leaf.OPEN_IN_TIME


def near_due(facts: TaskFacts, today: date, calendar: Calendar = ORDINARY) -> bool:
    """Whether at most three working days are left for open work."""
    due = due_date(facts)
    if due is None or today > due or state_of(facts) not in _WORKING | {TaskState.ASSIGNED}:
        return False
    return due < add_working_days(today, NEAR_DUE_WORKING_DAYS + 1, calendar)


def status_of(facts: TaskFacts, today: date, calendar: Calendar = ORDINARY) -> Status:
    """What a list shows beside the task today."""
    state, leaf = state_of(facts), leaf_of(facts, today)
    if state is TaskState.SUSPENDED:
        return Status.SUSPENDED
    if state is TaskState.REPORTED:
        return Status.WAITING
    if leaf is Leaf.OPEN_OVERDUE:
        return Status.OVERDUE
    if state in _WORKING | {TaskState.ASSIGNED}:
        if near_due(facts, today, calendar):
            return Status.NEAR_DUE
        return Status.NOT_STARTED if state is TaskState.ASSIGNED else Status.IN_TIME
    return Status(leaf.value)


@dataclass(frozen=True, slots=True)
class TaskCount:
    """The report's numbers for a set of tasks; `total` is without the cancelled ones."""

    leaves: dict[Leaf, int]
    total: int
    done: int
    open: int
    done_percent: str
    """Done, of the total."""
    on_time_percent: str
    """Done on time, of those done that had a due date."""
    overdue_percent: str
    """Open and overdue, of the total."""
    overdue_of_due_percent: str
    """Open and overdue, of the tasks whose due date was met or missed (done with a due date, or overdue)."""


def count_tasks(tasks: Iterable[TaskFacts], today: date) -> TaskCount:
    """Count tasks by leaf, with the percentages that cities publish."""
    found = Counter(leaf_of(task, today) for task in tasks)
    leaves = {leaf: found[leaf] for leaf in Leaf}
    done = leaves[Leaf.DONE_ON_TIME] + leaves[Leaf.DONE_LATE] + leaves[Leaf.DONE_NO_DUE]
    still_open = leaves[Leaf.OPEN_IN_TIME] + leaves[Leaf.OPEN_OVERDUE] + leaves[Leaf.OPEN_NO_DUE]
    judged = leaves[Leaf.DONE_ON_TIME] + leaves[Leaf.DONE_LATE] + leaves[Leaf.OPEN_OVERDUE]
    return TaskCount(
        leaves=leaves,
        total=done + still_open,
        done=done,
        open=still_open,
        done_percent=percent(done, done + still_open),
        on_time_percent=percent(leaves[Leaf.DONE_ON_TIME], done - leaves[Leaf.DONE_NO_DUE]),
        overdue_percent=percent(leaves[Leaf.OPEN_OVERDUE], done + still_open),
        overdue_of_due_percent=percent(leaves[Leaf.OPEN_OVERDUE], judged),
    )


def _judged_on(facts: TaskFacts, today: date) -> date:
    """The day on which the clock stopped, or today."""
    report = accepted_report(facts)
    if report is None and facts.reports and facts.reports[-1].waiting:
        report = facts.reports[-1]
    if report is not None:
        return report.reported_on
    return today if facts.suspended_on is None else min(today, facts.suspended_on)
