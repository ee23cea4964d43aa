"""A work programme in words: periods, forms, states, lateness, and what changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from meetings.before.programme_reading import Line
from meetings.exchange.programme_file import ROMAN
from meetings.language import N_, date_text, gettext, month_text, plural, text
from meetings.rules.work_programme import MONTHS, QUARTERS, ChangeKind, EntryState, Form, Period, period_from

FORMS: Mapping[str, str] = {
    Form.MEETING: N_("Item of a meeting"),
    Form.CONSULTATION: N_("Written consultation"),
    Form.REPORT: N_("Report only"),
}
STATES: Mapping[str, tuple[str, str, str]] = {
    EntryState.PLANNED: (N_("Planned"), "neutral", "circle"),
    EntryState.PREPARED: (N_("In preparation"), "accent", "folder-open"),
    EntryState.UNDER_WAY: (N_("Under way"), "accent", "circle-dot"),
    EntryState.DONE: (N_("Done"), "good", "check"),
    EntryState.WITHDRAWN: (N_("Withdrawn"), "neutral", "x"),
}
FIELDS: Mapping[str, str] = {
    "title": N_("Content"),
    "due": N_("Due time"),
    "agency": N_("Lead agency"),
    "cooperating": N_("Co-operating agencies"),
    "supervisor": N_("In charge"),
    "form": N_("How it is dealt with"),
    "submit_by": N_("Last day for the dossier"),
    "basis": N_("Basis"),
    "note": N_("Note"),
}
QUARTER = N_("Quarter {number} {year}")
CHANGES: Mapping[str, str] = {
    ChangeKind.ADDED: N_("Added"),
    ChangeKind.MOVED: N_("Moved"),
    ChangeKind.CHANGED: N_("Changed"),
    ChangeKind.WITHDRAWN: N_("Withdrawn"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """A change in words."""

    word: str
    kind: str
    was: Sequence[str]
    reason: str
    at: datetime


def period_words(due: Period) -> str:
    """`Quý I năm 2026`, `Tháng 3 năm 2026`, `15/03/2026`."""
    if due.day:
        return date_text(due.day)
    if due.month:
        return month_text(due.first)
    return text(QUARTER, number=ROMAN[(due.quarter or 1) - 1], year=due.year)


def group_words(due: Period) -> str:
    """The month or quarter under which an entry stands."""
    quarter, month = due.part_of_year
    return period_words(Period(due.year, month=month) if month else Period(due.year, quarter=quarter))


def periods(year: int) -> Sequence[tuple[str, str]]:
    """Every quarter with its months: code and words, as a form offers them."""
    found: list[tuple[str, str]] = []
    for quarter in QUARTERS:
        found.append(_option(Period(year, quarter=quarter)))
        found += [_option(Period(year, month=one)) for one in MONTHS if (one - 1) // 3 + 1 == quarter]
    return found


def _option(due: Period) -> tuple[str, str]:
    return due.code, period_words(due)


def late_words(line: Line) -> str:
    """`5 working days late`, of what is done as of what is open; empty in time."""
    late = line.standing.late
    return plural("{count} working day late", "{count} working days late", late) if late else ""


def told(line: Line) -> Sequence[Told]:
    """What became of an entry since the approval, in the order in which it happened."""
    return [
        Told(gettext(CHANGES[one.kind]), one.kind, _was(one.was), one.reason, one.made_at)
        for one in line.changes
    ]


def _was(was: Mapping[str, str]) -> Sequence[str]:
    return [
        text(N_("{label} before: {words}"), label=gettext(FIELDS[name]), words=_words(name, was[name]) or "–")
        for name in FIELDS
        if name in was
    ]


def _words(name: str, kept: str) -> str:
    if name == "due":
        return period_words(period_from(kept))
    if name == "form":
        return gettext(FORMS[kept])
    return date_text(date.fromisoformat(kept)) if name == "submit_by" and kept else kept
