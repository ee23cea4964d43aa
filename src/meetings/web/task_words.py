"""How a task is put into words on a board: its state as a chip, its lateness in days, the sentence above all."""

from collections.abc import Iterable
from dataclasses import dataclass

from meetings.after.follow_up import Board, TaskLine
from meetings.language import N_, date_text, gettext, number_text, plural, text
from meetings.rules.permissions import Actor, Right
from meetings.rules.tasks import STATUSES, Status

TONES = {
    Status.NOT_STARTED: ("neutral", "circle"),
    Status.IN_TIME: ("accent", "circle-dot"),
    Status.NEAR_DUE: ("warn", "hourglass"),
    Status.OVERDUE: ("bad", "clock-alert"),
    Status.WAITING: ("accent", "send"),
    Status.DONE_ON_TIME: ("good", "check"),
    Status.DONE_LATE: ("warn", "check"),
    Status.DONE_NO_DUE: ("good", "check"),
    Status.SUSPENDED: ("neutral", "pause"),
    Status.CANCELLED: ("neutral", "undo-2"),
}
DONE = frozenset({Status.DONE_ON_TIME, Status.DONE_LATE, Status.DONE_NO_DUE})
NEAR = N_("due soon")


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task as a list shows it; without an address it is not open to the reader."""

    title: str
    address: str
    agency: str
    source: str
    due: str
    due_note: str
    lateness: str
    label: str
    tone: str
    icon: str
    progress: int | None


def task_rows(lines: Iterable[TaskLine], reader: Actor | None = None) -> list[TaskRow]:
    """The rows in the order given; for a `reader` who may see more tasks than open, only those that open are links."""
    return [_row(line, reader is None or opens(line, reader)) for line in lines]


def _row(line: TaskLine, linked: bool) -> TaskRow:
    task = line.task
    tone, icon = TONES[line.status]
    note, lateness = lateness_of(line)
    lead = f"{line.lead} ({', '.join(line.cooperating)})" if line.cooperating else line.lead
    running = line.status not in DONE and line.status is not Status.CANCELLED and 0 < task.percent < 100
    return TaskRow(
        title=task.title, address=f"/tasks/{task.id}" if linked else "", agency=lead, source=source_words(line),
        due=date_text(task.due) if task.due else "", due_note=note, lateness=lateness,
        label=gettext(STATUSES[line.status]), tone=tone, icon=icon, progress=task.percent if running else None,
    )  # fmt: skip


ORIGINS = {"question": N_("Question of {name}"), "promise": N_("Promised by {name}")}
"""Kind of an origin → how a list names it."""


def source_words(line: TaskLine) -> str:
    """Where a task came from, in one line; empty for one given by hand."""
    if line.origin is None:
        return line.source
    return text(ORIGINS[line.origin.kind], name=line.origin.who)


def opens(line: TaskLine, reader: Actor) -> bool:
    """Whether a task leads to its own page: for those who follow it up and for its agencies."""
    return reader.may(Right.FOLLOW_UP, body=line.task.body_id) or not reader.agencies().isdisjoint(
        line.agencies
    )


def lateness_of(line: TaskLine) -> tuple[str, str]:
    """The words beside the due date, and `late`, `soon`, `done` or nothing."""
    if line.status is Status.CANCELLED:
        return "", ""
    if line.late:
        words = plural("{count} day late", "{count} days late", line.late)
        return words, "done" if line.status in DONE else "late"
    if line.status is Status.NEAR_DUE:
        return gettext(NEAR), "soon"
    return "", "done" if line.status in DONE else ""


def board_sentence(board: Board) -> str:
    """`7 of 112 tasks are late; the longest by 12 days. 3 are due soon, 2 wait for verification.`"""
    total = number_text(board.count.total)
    if board.overdue:
        days = plural("{count} day", "{count} days", board.longest)
        first = plural(
            "{count} of {total} tasks is late, by {days}.",
            "{count} of {total} tasks are late, the longest by {days}.",
            board.overdue, total=total, days=days,
        )  # fmt: skip
    else:
        first = text("None of {total} tasks is late.", total=total)
    more = [
        plural("{count} is due soon.", "{count} are due soon.", board.near) if board.near else "",
        plural("{count} waits for verification.", "{count} wait for verification.", board.waiting)
        if board.waiting
        else "",
    ]
    return " ".join(part for part in (first, *more) if part)
