"""The weekly schedule of a body: entries beside its meetings, and each publication of a week."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from meetings.storage.tables.foundation import Json, Table, link


class ScheduleEntry(Table):
    """An entry of a body's weekly schedule that is no meeting of the house. Taken out, the row goes; what was published
    stays with the publication.
    """

    __tablename__ = "schedule_entry"
    __table_args__ = (Index("ix_schedule_entry_week", "body_id", "day"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    body_id: Mapped[UUID] = link("body.id")
    day: Mapped[date]
    part: Mapped[str] = mapped_column(String(16))
    """`morning`, `afternoon` or `evening`."""
    starts: Mapped[str] = mapped_column(String(5), default="")
    """`08:00` on the clock of the body's zone; empty: some time in that part of the day."""
    ends: Mapped[str] = mapped_column(String(5), default="")
    title: Mapped[str]
    chair: Mapped[str] = mapped_column(default="")
    attendees: Mapped[str] = mapped_column(default="")
    place: Mapped[str] = mapped_column(default="")
    prepared_by: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    written_by: Mapped[UUID] = link("person.id")
    written_at: Mapped[datetime]


class WeekPublication(Table):
    """A week as it was told. The first is what changes are marked against, the last what people know."""

    __tablename__ = "week_publication"
    __table_args__ = (UniqueConstraint("body_id", "monday", "number"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    body_id: Mapped[UUID] = link("body.id")
    monday: Mapped[date]
    number: Mapped[int]
    """1 for the first; each later one told changes."""
    content: Mapped[Json]
    """`{"lines": […]}` in the order of the week (see `rules.weekly_schedule.Line`)."""
    published_by: Mapped[UUID] = link("person.id")
    published_at: Mapped[datetime]
