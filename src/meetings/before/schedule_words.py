"""The weekly schedule in words: parts of the day, fields, and what changed since it was published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from meetings.language import N_, gettext, text, weekday_text
from meetings.rules.weekly_schedule import Change, DayPart, Marked

PARTS: Mapping[str, str] = {
    DayPart.MORNING: N_("Morning"),
    DayPart.AFTERNOON: N_("Afternoon"),
    DayPart.EVENING: N_("Evening"),
}
FIELDS: Mapping[str, str] = {
    "title": N_("Content"),
    "chair": N_("Chair"),
    "attendees": N_("Attendees"),
    "place": N_("Place"),
    "prepared_by": N_("Prepared by"),
    "note": N_("Note"),
}
MARKS: Mapping[str, str] = {
    Change.ADDED: N_("Added"),
    Change.CHANGED: N_("Changed"),
    Change.MOVED: N_("Moved"),
    Change.LEFT: N_("Moved away"),
    Change.REMOVED: N_("Taken off"),
}


def time_of(starts: str, ends: str) -> str:
    """`08:00–11:30`."""
    return f"{starts}–{ends}" if ends else starts


def told(one: Marked) -> Sequence[str]:
    """What stood there, in words: the time first, then the other fields."""
    if one.now is not None:
        return [text(N_("now {when}"), when=_when(one.now.day, one.now.part, one.now.starts))]
    was, line = one.was, one.line
    found: list[str] = []
    if {"day", "part", "starts", "ends"} & set(was):
        starts, ends = was.get("starts", line.starts), was.get("ends", line.ends)
        when = _when(was.get("day", line.day), was.get("part", line.part), time_of(starts, ends))
        found.append(text(N_("before {when}"), when=when))
    for name, label in FIELDS.items():
        if name in was:
            found.append(text(N_("{label} before: {words}"), label=gettext(label), words=was[name] or "–"))
    return found


def _when(on: str, part: str, clock: str) -> str:
    moment = datetime.fromisoformat(on)
    return f"{weekday_text(moment)} {moment:%d/%m}, {clock or gettext(PARTS[part])}"
