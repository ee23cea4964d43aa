"""A meeting has consequences: resolutions, registers, tasks, minutes and their signatures."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from meetings.storage.tables.foundation import Json, Table, link


class Resolution(Table):
    """An adopted motion as a document with an official number, given when it is issued."""

    __tablename__ = "resolution"
    __table_args__ = (UniqueConstraint("body_id", "year", "number"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    body_id: Mapped[UUID] = link("body.id")
    meeting_id: Mapped[UUID] = link("meeting.id", index=True)
    item_id: Mapped[UUID] = link("item.id")
    motion_id: Mapped[UUID] = link("motion.id")
    poll_id: Mapped[UUID] = link("poll.id")
    title: Mapped[str]
    text: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(String(16), default="draft")
    year: Mapped[int | None]
    number: Mapped[int | None]
    symbol: Mapped[str] = mapped_column(default="")
    adopted_at: Mapped[datetime]
    issued_at: Mapped[datetime | None]


class Clause(Table):
    """An operative clause of a resolution: the source of a task."""

    __tablename__ = "clause"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    resolution_id: Mapped[UUID] = link("resolution.id", index=True)
    position: Mapped[int]
    text: Mapped[str]


class Register(Table):
    """The last number given, per body, kind of document and year. The row is locked while a number is given."""

    __tablename__ = "register"
    body_id: Mapped[UUID] = link("body.id", primary_key=True)
    kind: Mapped[str] = mapped_column(String(8), primary_key=True)
    """`NQ` resolution, `BB` minutes."""
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]


class Task(Table):
    """What an agency has to do. Its state is derived from these facts and never stored."""

    __tablename__ = "task"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    body_id: Mapped[UUID] = link("body.id", index=True)
    resolution_id: Mapped[UUID | None] = link("resolution.id", index=True)
    clause_id: Mapped[UUID | None] = link("clause.id")
    title: Mapped[str]
    text: Mapped[str] = mapped_column(default="")
    lead_id: Mapped[UUID] = link("agency.id", index=True)
    due: Mapped[date | None] = mapped_column(index=True)
    percent: Mapped[int] = mapped_column(default=0)
    assigned_by: Mapped[UUID] = link("person.id")
    assigned_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    reported_at: Mapped[datetime | None]
    """When the report that now waits or was verified came in; None again after a return."""
    returned_at: Mapped[datetime | None]
    verified_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    cancel_reason: Mapped[str] = mapped_column(default="")


class TaskCooperation(Table):
    """An agency that helps the lead agency."""

    __tablename__ = "task_cooperation"
    task_id: Mapped[UUID] = link("task.id", primary_key=True)
    agency_id: Mapped[UUID] = link("agency.id", primary_key=True)


class TaskReport(Table):
    """What an agency wrote about a task: progress, or the report that it is done."""

    __tablename__ = "task_report"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    task_id: Mapped[UUID] = link("task.id", index=True)
    kind: Mapped[str] = mapped_column(String(16))
    """`progress`, `done`."""
    percent: Mapped[int]
    text: Mapped[str]
    written_by: Mapped[UUID] = link("person.id")
    written_at: Mapped[datetime]
    verdict: Mapped[str | None] = mapped_column(String(16))
    """`verified`, `returned`."""
    reason: Mapped[str] = mapped_column(default="")
    decided_at: Mapped[datetime | None]


class Minutes(Table):
    """The minutes of a meeting; frozen from the first signature on."""

    __tablename__ = "minutes"
    __table_args__ = (UniqueConstraint("meeting_id", "version"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    meeting_id: Mapped[UUID] = link("meeting.id")
    version: Mapped[int] = mapped_column(default=1)
    state: Mapped[str] = mapped_column(String(16), default="draft")
    year: Mapped[int | None]
    number: Mapped[int | None]
    symbol: Mapped[str] = mapped_column(default="")
    blocks: Mapped[Json]
    revision: Mapped[int] = mapped_column(default=0)
    """Counts edits, so that a second editor is told instead of overwriting."""
    sha256: Mapped[str | None] = mapped_column(String(64))
    """The newest PDF once signing has begun."""
    changed_at: Mapped[datetime]


class MinutesSignature(Table):
    """Who signed the minutes and which bytes came out."""

    __tablename__ = "minutes_signature"
    __table_args__ = (UniqueConstraint("minutes_id", "role"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    minutes_id: Mapped[UUID] = link("minutes.id")
    role: Mapped[str] = mapped_column(String(16))
    person_id: Mapped[UUID] = link("person.id")
    signed_at: Mapped[datetime]
    sha256: Mapped[str] = mapped_column(String(64))
