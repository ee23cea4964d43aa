"""The cockpit's agenda: planned and real times, when the coming items are due, and the one act of each row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from meetings import language
from meetings.before.agenda import agenda_of
from meetings.during.agenda_changes import CHANGING
from meetings.during.forecast import forecast_of, spent
from meetings.during.stage import Stage
from meetings.language import N_, long_datetime_text
from meetings.rules.lifecycle import ITEM, ItemState, MeetingState, acts
from meetings.rules.permissions import Actor
from meetings.rules.timing import Forecast
from meetings.storage.tables import Item, Meeting
from meetings.storage.unit_of_work import Reading

STATES = {
    ItemState.TAKEN_UP: ("now", N_("Now")),
    ItemState.CONCLUDED: ("done", N_("Done")),
    ItemState.POSTPONED: ("postponed", N_("Postponed")),
    ItemState.WITHDRAWN: ("withdrawn", N_("Withdrawn")),
    ItemState.REFERRED: ("referred", N_("Referred")),
    ItemState.PLANNED: ("", ""),
}
FIRST = {
    "take-up": (N_("Take up item {number}"), "play", "quiet"),
    "conclude": (N_("Conclude item {number}"), "check", "quiet"),
}
"""The act that a row offers at one touch: its words, icon and kind."""
ASIDE = ("postpone", "refer", "withdraw")
OVER = (ItemState.CONCLUDED, ItemState.WITHDRAWN, ItemState.REFERRED)
"""Items of these states are folded away."""


@dataclass(frozen=True, slots=True)
class RowAct:
    """What one button does."""

    address: str
    label: str
    icon: str
    kind: str


@dataclass(frozen=True, slots=True)
class AgendaRow:
    """An item in the left column. Times are minutes; `since` and `limit` feed the clock of the item in hand."""

    id: UUID
    number: str
    title: str
    depth: int
    state: str
    state_label: str
    urgent: bool
    planned: int | None
    real: int | None
    since: str
    expected: str
    note: str
    act: RowAct | None
    more: bool


async def cockpit_part(reading: Reading, actor: Actor, stage: Stage) -> dict[str, Any]:
    """The rows still to come, those that are over, and the end of the meeting as it looks now."""
    items = await agenda_of(reading, stage.meeting.id)
    seen = await forecast_of(reading, stage.meeting, items)
    there = {item.postponed_to_id: "" for item in items if item.postponed_to_id}
    for meeting in there:
        target = await reading.get(Meeting, meeting)
        there[meeting] = long_datetime_text(datetime.fromisoformat(target.starts_local))
    depths = _depths(items)
    rows = [
        (_row(item, depths[item.id], stage.meeting, seen, there, reading.now), item.state) for item in items
    ]
    return {
        "agenda": [row for row, state in rows if state not in OVER],
        "agenda_over": [row for row, state in rows if state in OVER],
        "forecast": forecast_line(seen, stage.meeting),
        "may_change_agenda": stage.meeting.state in CHANGING,
    }


def forecast_line(seen: Forecast | None, meeting: Meeting) -> tuple[str, str, int] | None:
    """When the meeting ends, by how much that differs from the plan in words (empty: as planned), and in minutes."""
    if seen is None:
        return None
    ends = text_time(seen.ends, meeting)
    return ends, _difference(seen.late), seen.late


def _difference(minutes: int) -> str:
    hours, rest = divmod(abs(minutes), 60)
    if hours:
        later = N_("about {time} hours later than planned")
        earlier = N_("about {time} hours earlier than planned")
        return language.text(later if minutes > 0 else earlier, time=f"{hours}:{rest:02}")
    if minutes > 0:
        return language.plural(
            "about {count} minute later than planned", "about {count} minutes later than planned", minutes
        )
    if minutes < 0:
        return language.plural(
            "about {count} minute earlier than planned",
            "about {count} minutes earlier than planned",
            -minutes,
        )
    return ""


def text_time(moment: datetime, meeting: Meeting) -> str:
    """A time of day on the meeting's own clock, to the nearest minute."""
    return f"{(moment + timedelta(seconds=30)).astimezone(ZoneInfo(meeting.timezone)):%H:%M}"


def _row(
    item: Item,
    depth: int,
    meeting: Meeting,
    seen: Forecast | None,
    there: Mapping[UUID, str],
    now: datetime,
) -> AgendaRow:
    state, label = STATES[ItemState(item.state)]
    possible = acts(ITEM, item.state)
    due = seen.expected.get(str(item.id)) if seen else None
    seconds = spent(item, now)
    since = item.running_since - timedelta(seconds=item.spent_seconds) if item.running_since else None
    return AgendaRow(
        id=item.id,
        number=item.number,
        title=item.title,
        depth=depth,
        state=state,
        state_label=language.gettext(label) if label else "",
        urgent=item.urgent,
        planned=item.minutes_planned,
        real=max(1, round(seconds / 60)) if seconds else None,
        since=since.isoformat() if since else "",
        expected=text_time(due, meeting) if due and meeting.state != MeetingState.PUBLISHED else "",
        note=_note(item, there),
        act=_first_act(item, possible, meeting),
        more=meeting.state in CHANGING and any(act in ASIDE for act in possible),
    )


def _first_act(item: Item, possible: Sequence[str], meeting: Meeting) -> RowAct | None:
    if meeting.state != MeetingState.IN_SESSION or item.postponed_to_id:
        return None
    for act, (label, icon, kind) in FIRST.items():
        if act in possible:
            words = language.text(label, number=item.number)
            return RowAct(f"/items/{item.id}/{act}", words, icon, kind)
    return None


def _note(item: Item, there: Mapping[UUID, str]) -> str:
    if item.state == ItemState.POSTPONED and item.postponed_to_id:
        return language.text(N_("to the meeting on {starts}"), starts=there[item.postponed_to_id])
    if item.state == ItemState.REFERRED:
        return language.text(N_("to {name}"), name=item.referred_to)
    return ""


def _depths(items: Sequence[Item]) -> dict[UUID, int]:
    """How deep each item stands; the agenda's order names every parent before its children."""
    depths: dict[UUID, int] = {}
    for item in items:
        depths[item.id] = depths[item.parent_id] + 1 if item.parent_id else 0
    return depths
