"""The schedule of a week as it is printed: what one reader may see of it, in the body's language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from meetings.before.days import marks_between
from meetings.before.schedule_words import MARKS, PARTS, time_of, told
from meetings.before.weekly_schedule import WEEK, Week, read_week
from meetings.council.bodies import holders
from meetings.language import LANGUAGES, N_, gettext, in_language, weekday_text
from meetings.pdf.weekly_schedule import ScheduleDay, ScheduleDocument, SchedulePart, ScheduleRow, render
from meetings.pdf.workers import in_worker
from meetings.rules.permissions import Actor, Role
from meetings.rules.weekly_schedule import Change, DayPart, Marked
from meetings.rules.working_days import SATURDAY, DayKind
from meetings.storage.tables import DayMark
from meetings.storage.unit_of_work import Reading, Store

CHAIR = N_("Chair")
CODE = "LCT"
"""Stands in document numbers: lịch công tác."""


async def schedule_pdf(store: Store, actor: Actor, body: UUID, day: date) -> tuple[bytes, str]:
    """The week of this day as PDF, made in the worker process, and a name for the file."""
    async with store.reading() as reading:
        document = await schedule_document(reading, actor, body, day)
    year, week, _ = document.monday.isocalendar()
    return await in_worker(render, document), f"lich-cong-tac-tuan-{week:02d}-{year}.pdf"


async def schedule_document(reading: Reading, actor: Actor, body: UUID, day: date) -> ScheduleDocument:
    """What is printed. Its date is that of the last publication; before the first it is a draft of now."""
    week = await read_week(reading, actor, body, day)
    kept = week.body
    marks = {mark.day: mark for mark in await marks_between(reading, week.monday, week.sunday)}
    chairs = await holders(reading, body, Role.CHAIR)
    language = kept.language if kept.language in LANGUAGES else LANGUAGES[0]
    moment = week.last.published_at if week.last else reading.now
    with in_language(language, kept.timezone):
        return ScheduleDocument(
            issuing_body=kept.name,
            superior_body=kept.superior,
            town=kept.town,
            symbol=f"{CODE}-{kept.symbol}" if kept.symbol else CODE,
            monday=week.monday,
            sunday=week.sunday,
            days=tuple(_day(week, week.monday + timedelta(days=ahead), marks) for ahead in range(WEEK.days)),
            issued=moment.astimezone(ZoneInfo(kept.timezone)).replace(microsecond=0),
            signer_post=(kept.chair_title or gettext(CHAIR),),
            signer=chairs[0].name if chairs else "",
            draft=week.last is None,
            language=language,
        )


def _day(week: Week, on: date, marks: Mapping[date, DayMark]) -> ScheduleDay:
    """A working day shows morning and afternoon even when they are free; other parts where something is on."""
    kept = marks.get(on)
    kind = kept.kind if kept else ""
    off = kind == DayKind.OFF or (on.weekday() >= SATURDAY and kind != DayKind.WORKED)
    rows: dict[str, list[ScheduleRow]] = {part: [] for part in PARTS}
    for one in week.lines:
        if one.line.day == on.isoformat():
            rows[one.line.part].append(_row(one))
    shown = [part for part in PARTS if rows[part] or (part != DayPart.EVENING and not off)]
    return ScheduleDay(
        day=on,
        name=weekday_text(on),
        mark=kept.name if kept and kind != DayKind.PROPOSED else "",
        parts=tuple(SchedulePart(gettext(PARTS[part]), tuple(rows[part])) for part in shown),
    )


def _row(one: Marked) -> ScheduleRow:
    line = one.line
    return ScheduleRow(
        time=time_of(line.starts, line.ends),
        title=line.title,
        chair=line.chair,
        attendees=line.attendees,
        place=line.place,
        notes=tuple(filter(None, (line.prepared_by, line.note))),
        mark=gettext(MARKS[one.change]) if one.change is not Change.SAME else "",
        told=tuple(told(one)),
        gone=one.gone,
    )
