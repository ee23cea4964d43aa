"""A meeting is held: attendance, motions, polls, rolls, ballots."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from meetings.storage.tables.foundation import Json, Table, link


class Attendance(Table):
    """An interval of one person's attendance; the open one has no end."""

    __tablename__ = "attendance"
    __table_args__ = (Index("ix_attendance_meeting_id_person_id", "meeting_id", "person_id"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    meeting_id: Mapped[UUID] = link("meeting.id")
    person_id: Mapped[UUID] = link("person.id")
    state: Mapped[str] = mapped_column(String(16))
    """`in`, `remote`, `out`, `excused`, `absent`."""
    source: Mapped[str] = mapped_column(String(16))
    """`self`, `secretary`, `import`."""
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    recorded_by: Mapped[UUID] = link("person.id")


class Motion(Table):
    """A proposal to be decided; adopted, a substantive one becomes a resolution."""

    __tablename__ = "motion"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    meeting_id: Mapped[UUID] = link("meeting.id", index=True)
    item_id: Mapped[UUID] = link("item.id", index=True)
    kind: Mapped[str] = mapped_column(String(16), default="substantive")
    title: Mapped[str]
    text: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(String(16), default="moved")
    mover: Mapped[str] = mapped_column(default="")
    moved_at: Mapped[datetime]


class Poll(Table):
    """One act of voting. Figures are written when it opens and closes and never change afterwards."""

    __tablename__ = "poll"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    meeting_id: Mapped[UUID] = link("meeting.id", index=True)
    item_id: Mapped[UUID] = link("item.id", index=True)
    motion_id: Mapped[UUID | None] = link("motion.id")
    number: Mapped[int]
    """Counts the polls of one meeting: ballot no. 4."""
    title: Mapped[str]
    rule: Mapped[Json]
    secret: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(16), default="draft")
    chair_id: Mapped[UUID | None] = link("person.id")
    """Who was in the chair when it opened; a tie may ask for this person's ballot."""
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    announced_at: Mapped[datetime | None]
    seats: Mapped[int | None]
    in_office: Mapped[int | None]
    present_open: Mapped[int | None]
    present_close: Mapped[int | None]
    eligible: Mapped[int | None]
    eligible_weight: Mapped[int | None]
    cast: Mapped[int] = mapped_column("cast_count", default=0)
    tally: Mapped[Json | None]
    outcome: Mapped[Json | None]
    result_imported: Mapped[Json | None]
    """What the book it came from published."""


class RollEntry(Table):
    """One voter of a poll's roll, frozen when the poll opened. `ballot_key` marks participation, not a choice."""

    __tablename__ = "roll_entry"
    poll_id: Mapped[UUID] = link("poll.id", primary_key=True)
    person_id: Mapped[UUID] = link("person.id", primary_key=True)
    weight: Mapped[int] = mapped_column(default=1)
    present: Mapped[bool]
    remote: Mapped[bool] = mapped_column(default=False)
    recused: Mapped[bool] = mapped_column(default=False)
    admitted: Mapped[bool] = mapped_column(default=False)
    proxy_holder_id: Mapped[UUID | None] = link("person.id")
    ballot_key: Mapped[str | None] = mapped_column(String(36))
    receipt: Mapped[str | None] = mapped_column(String(16))
    cast_at: Mapped[datetime | None]


class Ballot(Table):
    """A named ballot."""

    __tablename__ = "ballot"
    __table_args__ = (UniqueConstraint("poll_id", "person_id"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    poll_id: Mapped[UUID] = link("poll.id")
    person_id: Mapped[UUID] = link("person.id")
    choice: Mapped[str] = mapped_column(String(32))
    weight: Mapped[int]
    cast_at: Mapped[datetime]


class SecretBallot(Table):
    """A ballot without its voter. Random keys and no row order, so the order of casting is not the order of rest."""

    __tablename__ = "secret_ballot"
    __table_args__ = (Index("ix_secret_ballot_poll_id", "poll_id"), {"sqlite_with_rowid": False})
    id: Mapped[UUID] = mapped_column(primary_key=True)
    poll_id: Mapped[UUID] = link("poll.id")
    choice: Mapped[str] = mapped_column(String(32))
