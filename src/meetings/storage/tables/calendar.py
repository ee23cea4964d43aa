"""The calendar: days that differ from the ordinary week, rooms, secret addresses of calendar feeds."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import String, false, true
from sqlalchemy.orm import Mapped, mapped_column

from meetings.storage.tables.foundation import Table, link


class DayMark(Table):
    """A day that is off, or worked although it is a weekend; what is not marked follows the week."""

    __tablename__ = "day_mark"
    day: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    """`off`, `worked`, or `proposed` (counts as an ordinary day until it is decided)."""
    name: Mapped[str]
    confirmed: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Officially decided; until then it is what the law and the lunar calendar let one expect."""


class Room(Table):
    """A room in which meetings are held."""

    __tablename__ = "room"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    seats: Mapped[int]
    equipment: Mapped[str] = mapped_column(default="", server_default="")
    """One piece a line."""
    blocked_from: Mapped[date | None]
    blocked_until: Mapped[date | None]
    """Inclusive; while it is blocked nothing is scheduled in it."""
    blocked_reason: Mapped[str] = mapped_column(default="", server_default="")
    in_use: Mapped[bool] = mapped_column(default=True, server_default=true())
    """A room that is given up stays, because old meetings name it."""


class CalendarFeed(Table):
    """A secret address that a calendar program reads; only its SHA-256 rests here."""

    __tablename__ = "calendar_feed"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = link("person.id", index=True)
    body_id: Mapped[UUID | None] = link("body.id")
    """The body whose meetings it tells; empty: everything that its person may see."""
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
