"""The agenda items of a meeting as the minutes tell them, each with everything that happened under it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from meetings.after.attendance_records import Presences
from meetings.after.decision_records import resolutions_of_record, tasks_of_record
from meetings.after.floor_records import floor_of_record
from meetings.after.motion_records import motions_of_record
from meetings.after.poll_records import polls_of_record
from meetings.before.agenda import agenda_of
from meetings.before.papers import leaves_of
from meetings.rules.agenda import ItemKind
from meetings.rules.attendance import Part
from meetings.rules.lifecycle import ItemState
from meetings.rules.record import ElsewhereRecord, ItemRecord
from meetings.rules.visibility import Audience
from meetings.storage.tables import Item, JournalRow, Meeting
from meetings.storage.unit_of_work import Reading

_ASIDE = (ItemState.POSTPONED, ItemState.WITHDRAWN, ItemState.REFERRED)
Payload = Mapping[str, Any]


@dataclass(slots=True)
class _Course:
    """What the journal says about an item's way onto this agenda and off it."""

    urgent: dict[str, str] = field(default_factory=dict[str, str])
    """Item → why it was put on as urgent."""
    whence: dict[str, Payload] = field(default_factory=dict[str, Payload])
    aside: dict[str, Payload] = field(default_factory=dict[str, Payload])
    """The last time it was postponed, withdrawn or referred."""


async def items_of_record(
    reading: Reading, meeting: Meeting, journal: Sequence[JournalRow], presences: Presences, zone: ZoneInfo
) -> list[tuple[Item, ItemRecord]]:
    """Every item of the agenda in its order.

    Papers are named where everybody may know of them who reads the minutes: not those of some readers, and none of an
    item that somebody stands aside from.
    """
    agenda = await agenda_of(reading, meeting.id, audience=Audience.MEMBERS)
    leaves = await leaves_of(reading, meeting.id)
    polls = await polls_of_record(reading, meeting.id, zone)
    motions = await motions_of_record(reading, meeting.id, polls)
    floor = await floor_of_record(reading, meeting, zone)
    if unlisted := floor.questions.pop(None, []):
        # sent to a written answer without ever being on a list: told where questions are, or at the end
        home = next((item for item in agenda if item.kind == ItemKind.QUESTIONS), agenda[-1])
        floor.questions[home.id] += unlisted
    resolutions = await resolutions_of_record(reading, meeting.id)
    tasks = await tasks_of_record(reading, meeting.id)
    course = _course(journal)
    items: list[tuple[Item, ItemRecord]] = []
    for item in agenda:
        aside: Payload = course.aside.get(str(item.id), {}) if item.state in _ASIDE else {}
        voted = bool(polls.by_item[item.id])
        stood_aside = any(one.until is None for one in floor.recusals[item.id])
        record = ItemRecord(
            id=str(item.id),
            number=item.number,
            title=item.title,
            state=item.state,
            presenter=item.presenter,
            taken_up=item.taken_up_at.astimezone(zone) if item.taken_up_at else None,
            concluded=item.concluded_at.astimezone(zone) if item.concluded_at else None,
            reason=aside.get("reason", ""),
            papers=() if stood_aside else tuple(leaf.title for leaf in leaves.get(item.id, [])),
            urgent=course.urgent.get(str(item.id), ""),
            continues=_whence(course.whence.get(str(item.id))),
            continued_by=_where(aside),
            referred_to=item.referred_to,
            recusals=tuple(floor.recusals[item.id]),
            came_late=presences.missed(item, Part.LATE) if voted else (),
            left_early=presences.missed(item, Part.LEFT) if voted else (),
            speeches=tuple(floor.speeches[item.id]),
            questions=tuple(floor.questions[item.id]),
            promises=tuple(floor.promises[item.id]),
            motions=tuple(motions[item.id]),
            polls=tuple(poll for motion, poll in polls.by_item[item.id] if motion is None),
            resolutions=tuple(resolutions[item.id]),
            tasks=tuple(tasks[item.id]),
        )
        items.append((item, record))
    return items


def _course(journal: Sequence[JournalRow]) -> _Course:
    course = _Course()
    for row in journal:
        match row.event:
            case "UrgentItemAdded":
                course.urgent[row.payload["item"]] = row.payload["reason"]
            case "ItemContinued":
                course.whence[row.payload["item"]] = row.payload
            case "ItemPostponed" | "ItemWithdrawn" | "ItemReferred":
                course.aside[row.payload["item"]] = row.payload
            case _:
                pass
    return course


def _whence(payload: Payload | None) -> ElsewhereRecord | None:
    if payload is None:
        return None
    return ElsewhereRecord(title=payload["from_title"], number=payload["from_number"])


def _where(payload: Payload) -> ElsewhereRecord | None:
    """The item of a later meeting that goes on with this one."""
    if not payload.get("to_title"):
        return None
    return ElsewhereRecord(
        title=payload["to_title"],
        number=payload["to_number"],
        starts=datetime.fromisoformat(payload["to_starts"]),
    )
