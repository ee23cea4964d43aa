"""Deadlines and conflicts in sentences, for those who prepare and run a meeting."""

from collections.abc import Sequence
from dataclasses import dataclass

from meetings.before.conflicts import InTheWay
from meetings.language import N_, date_text, gettext, plural, text
from meetings.rules.deadlines import Deadline, Duty
from meetings.web.render import local_text

NAMED = 5
"""So many members are named; the others are counted."""
OPEN = {
    Duty.NOTICE: N_("The notice is due by {due}."),
    Duty.PAPERS: N_("Papers are due by {due}."),
    Duty.CONCLUSIONS: N_("The conclusions are due by {due}."),
}


@dataclass(frozen=True, slots=True)
class Warned:
    """One line: `late` ones are warnings, the others say what is coming."""

    text: str
    late: bool


def deadline_lines(found: Sequence[Deadline], *, begun: bool) -> list[Warned]:
    """What is late, and what is still to do. What was met in time needs no words."""
    return [
        Warned(_late(one) if one.late else text(OPEN[one.duty], due=one.due), one.late > 0)
        for one in found
        if one.late or (not begun if one.duty is Duty.PAPERS else one.done is None)
    ]


def _late(one: Deadline) -> str:
    due = date_text(one.due)
    if one.duty is Duty.PAPERS:
        return plural(
            "{count} paper was laid after {due}.",
            "{count} papers were laid after {due}.",
            one.papers,
            due=due,
        )
    if one.duty is Duty.NOTICE:
        return _late_notice(one, due)
    if one.done:
        return plural(
            "The conclusions went out {count} working day late: they were due by {due}.",
            "The conclusions went out {count} working days late: they were due by {due}.",
            one.late,
            due=due,
        )
    return plural(
        "The conclusions are late by {count} working day: they were due by {due}.",
        "The conclusions are late by {count} working days: they were due by {due}.",
        one.late,
        due=due,
    )


def _late_notice(one: Deadline, due: str) -> str:
    if one.done:
        return plural(
            "The notice went out {count} working day late: it was due by {due}.",
            "The notice went out {count} working days late: it was due by {due}.",
            one.late,
            due=due,
        )
    return plural(
        "The notice is late by {count} working day: it was due by {due}.",
        "The notice is late by {count} working days: it was due by {due}.",
        one.late,
        due=due,
    )


def short_warning(found: Sequence[Deadline]) -> str:
    """For a line of a list: what is late, first what is still to do."""
    for one in sorted(found, key=lambda deadline: deadline.done is not None):
        if one.late and one.duty is Duty.NOTICE:
            return plural("notice {count} day late", "notice {count} days late", one.late)
        if one.late and one.duty is Duty.PAPERS:
            return plural("{count} paper late", "{count} papers late", one.papers)
        if one.late:
            return plural("conclusions {count} day late", "conclusions {count} days late", one.late)
    return ""


@dataclass(frozen=True, slots=True)
class Clashing:
    """Another meeting at the same time, in words."""

    when: str
    title: str
    address: str
    shares: Sequence[str]


def clash_lines(found: Sequence[InTheWay]) -> list[Clashing]:
    """Each meeting in the way with what it shares."""
    return [
        Clashing(
            local_text(one.starts_local),
            f"{one.body}: {one.title}" if one.title else one.body,
            f"/meetings/{one.meeting}" if one.meeting else "",
            _shares(one),
        )
        for one in found
    ]


def _shares(one: InTheWay) -> list[str]:
    lines: list[str] = []
    if one.room:
        lines.append(text(N_("the same room: {room}"), room=one.room))
    if one.chairs:
        lines.append(text(N_("the chair is needed in both: {names}"), names=", ".join(one.chairs)))
    if one.members:
        named = ", ".join(one.members[:NAMED])
        more = len(one.members) - NAMED
        if more > 0:
            named = text(N_("{names} and {count} others"), names=named, count=more)
        lines.append(text(N_("members of both: {names}"), names=named))
    return lines


NO_MEETING = (
    N_("The matter is routine work in an emergency that those responsible deal with at once."),
    N_("The matter has been delegated to a subordinate, who decides it."),
    N_("The law provides another way to deal with it, without a meeting."),
    N_("It would only hear subordinates report what an inspection on the spot can show."),
    N_("It would be joined to a visit, a holiday or an entertainment."),
)
"""Five cases in which no meeting should be called (Decision 45/2018/QĐ-TTg)."""


def no_meeting_hints() -> list[str]:
    """The five cases in the reader's language."""
    return [gettext(hint) for hint in NO_MEETING]
