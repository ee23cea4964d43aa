"""Meeting packs: the agenda and its papers as one PDF, made once for everybody who may see the same."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from meetings.storage.tables.foundation import Json, Table, link


class Pack(Table):
    """One pack, and how far it is."""

    __tablename__ = "pack"
    __table_args__ = (UniqueConstraint("meeting_id", "key"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    meeting_id: Mapped[UUID] = link("meeting.id")
    key: Mapped[str] = mapped_column(String(64))
    """SHA-256 of what is in it: who may see the same gets the same file."""
    contents: Mapped[Json]
    state: Mapped[str] = mapped_column(String(16), default="waiting")
    """`waiting`, `making`, `ready`, `failed`."""
    done: Mapped[int] = mapped_column(default=0)
    """Papers that are in already, of `total`."""
    total: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64), default="")
    size: Mapped[int] = mapped_column(default=0)
    pages: Mapped[int] = mapped_column(default=0)
    asked_by: Mapped[UUID] = link("person.id")
    asked_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
