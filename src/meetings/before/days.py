"""The table of days: an administrator marks days off, worked weekends and days that are only proposed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from meetings.rules.events import DayMarked, DayUnmarked, YearOfDaysConfirmed, YearOfDaysFilled
from meetings.rules.permissions import Actor, Right
from meetings.rules.refusals import Refused
from meetings.rules.working_days import SATURDAY, YEARS, DayKind
from meetings.storage.public_holidays import KNOWN_YEARS, public_holidays
from meetings.storage.tables import DayMark
from meetings.storage.unit_of_work import Reading, Work

NAME_LENGTH = 120


async def mark_day(work: Work, actor: Actor, day: date, *, kind: str, name: str, confirmed: bool) -> DayMark:
    """Say that a day is off, worked although a weekend, or proposed; what the table said before is replaced.

    Refused: a day of the ordinary week that should be worked (`day-marked-wrong`), a mark without a name.
    """
    actor.must(Right.ADMINISTER)
    if kind not in tuple(DayKind):
        raise Refused("wrong-input", field="kind")
    name = " ".join(name.split())
    if day.year not in YEARS:
        raise Refused("date-wrong", field="day")
    if not name:
        raise Refused("field-missing", field="name")
    if len(name) > NAME_LENGTH:
        raise Refused("field-long", field="name", limit=NAME_LENGTH)
    if kind == DayKind.WORKED and day.weekday() < SATURDAY:
        raise Refused("day-marked-wrong", field="day")
    confirmed = confirmed and kind != DayKind.PROPOSED
    await work.in_turn()
    kept = await work.session.get(DayMark, day, with_for_update=True)
    was = kept.kind if kept else ""
    if kept is None:
        kept = DayMark(day=day, kind=kind, name=name, confirmed=confirmed)
        work.session.add(kept)
    elif (kept.kind, kept.name, kept.confirmed) == (kind, name, confirmed):
        return kept
    kept.kind, kept.name, kept.confirmed = kind, name, confirmed
    event = DayMarked(day=day.isoformat(), kind=kind, day_name=name, confirmed=confirmed, was=was)
    await work.record(actor, event)
    return kept


async def unmark_day(work: Work, actor: Actor, day: date) -> None:
    """Let a day follow the week again."""
    actor.must(Right.ADMINISTER)
    await work.in_turn()
    kept = await work.session.get(DayMark, day, with_for_update=True)
    if kept is None:
        raise Refused("not-found")
    await work.session.delete(kept)
    await work.record(actor, DayUnmarked(day=day.isoformat(), was=kept.kind, day_name=kept.name))


async def fill_year(work: Work, actor: Actor, year: int) -> int:
    """Take over the public holidays of a year; days that are marked already stay. How many were added."""
    actor.must(Right.ADMINISTER)
    if year not in KNOWN_YEARS:
        raise Refused("year-unknown", year=year, first=KNOWN_YEARS.start, last=KNOWN_YEARS.stop - 1)
    await work.in_turn()
    known = {mark.day for mark in await marks_of(work, year)}
    fresh = [mark for mark in public_holidays([year]) if mark.day not in known]
    work.session.add_all(
        DayMark(day=mark.day, kind=mark.kind, name=mark.name, confirmed=mark.confirmed) for mark in fresh
    )
    if fresh:
        await work.record(actor, YearOfDaysFilled(year=year, days=len(fresh)))
    return len(fresh)


async def confirm_year(work: Work, actor: Actor, year: int) -> int:
    """Confirm that the days off and the worked weekends of a year are those announced; proposed days stay proposed."""
    actor.must(Right.ADMINISTER)
    open_marks = [
        mark for mark in await marks_of(work, year) if mark.kind != DayKind.PROPOSED and not mark.confirmed
    ]
    for mark in open_marks:
        mark.confirmed = True
    if open_marks:
        await work.record(actor, YearOfDaysConfirmed(year=year, days=len(open_marks)))
    return len(open_marks)


async def marks_of(reading: Reading, year: int) -> Sequence[DayMark]:
    """The marks of a year by day."""
    return await marks_between(reading, date(year, 1, 1), date(year, 12, 31))


async def marks_between(reading: Reading, first: date, last: date) -> Sequence[DayMark]:
    """The marks from one day to another, both inclusive."""
    query = select(DayMark).where(DayMark.day >= first, DayMark.day <= last).order_by(DayMark.day)
    return (await reading.session.scalars(query)).all()
