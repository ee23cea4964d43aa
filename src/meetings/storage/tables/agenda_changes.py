"""What changed on an agenda after members had it, and who has read which state of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from meetings.storage.tables.foundation import Table, link


class Supplement(Table):
    """A numbered supplement to a published agenda; changes are collected until it is issued."""

    __tablename__ = "supplement"
    __table_args__ = (UniqueConstraint("meeting_id", "number"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    meeting_id: Mapped[UUID] = link("meeting.id")
    number: Mapped[int]
    changes: Mapped[list[Any]]
    """`rules.supplements.Change` rows in the order in which they happened."""
    begun_at: Mapped[datetime]
    issued_at: Mapped[datetime | None]
    issued_by: Mapped[UUID | None] = link("person.id")
    """None while it is collected, and where it went out by itself when the meeting was called to order."""
    late_days: Mapped[int] = mapped_column(default=0)
    """Working days by which it missed the notice period."""
    reason: Mapped[str] = mapped_column(default="")
    """Why it came late."""


class AgendaReading(Table):
    """A person has confirmed having read an agenda up to a supplement; 0 is the agenda as it was published."""

    __tablename__ = "agenda_reading"
    __table_args__ = (UniqueConstraint("meeting_id", "person_id", "supplement"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    meeting_id: Mapped[UUID] = link("meeting.id")
    person_id: Mapped[UUID] = link("person.id")
    supplement: Mapped[int]
    read_at: Mapped[datetime]
