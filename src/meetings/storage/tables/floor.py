"""The floor: requests to speak and speeches with their clocks, the time of groups, questions and promises."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from meetings.storage.tables.foundation import Table, link


class Speech(Table):
    """A request to speak and what became of it. The clock is `seconds` plus the time since `running_since`."""

    __tablename__ = "speech"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    meeting_id: Mapped[UUID] = link("meeting.id", index=True)
    item_id: Mapped[UUID] = link("item.id", index=True)
    person_id: Mapped[UUID | None] = link("person.id")
    """None for a guest or an official who has no account: then `speaker` names them."""
    speaker: Mapped[str]
    group: Mapped[str] = mapped_column("group_name", default="")
    """The group whose time is used, as it was when the request was made."""
    kind: Mapped[str] = mapped_column(String(16))
    """`speech`, `reply`, `order`, `question`, `statement`; in question time `ask`, `answer`, `follow-up`."""
    stance: Mapped[str] = mapped_column(String(8), default="")
    """`for`, `against`, or empty."""
    category: Mapped[str] = mapped_column(default="")
    """Of a point of order: one of the body's ranked categories."""
    question_id: Mapped[UUID | None] = link("question.id", index=True)
    note: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(String(16))
    """`asked`, `speaking`, `paused`, `spoken`, `withdrawn`, `passed` (called, but not there)."""
    asked_at: Mapped[datetime]
    place: Mapped[int | None]
    """Set when the chair moves somebody by hand; it goes before the rule."""
    called_at: Mapped[datetime | None]
    running_since: Mapped[datetime | None]
    seconds: Mapped[int] = mapped_column(default=0)
    """Spoken so far, up to the last pause."""
    limit: Mapped[int | None] = mapped_column("limit_seconds")
    added: Mapped[int] = mapped_column("added_seconds", default=0)
    ended_at: Mapped[datetime | None]


class GroupTime(Table):
    """The speaking time of one group on one item."""

    __tablename__ = "group_time"
    __table_args__ = (UniqueConstraint("item_id", "group_name"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    meeting_id: Mapped[UUID] = link("meeting.id")
    item_id: Mapped[UUID] = link("item.id")
    group: Mapped[str] = mapped_column("group_name")
    initial: Mapped[int] = mapped_column("initial_seconds")
    added: Mapped[int] = mapped_column("added_seconds", default=0)


class Question(Table):
    """A question slip (phiếu chất vấn) of a member to somebody who answers for a field."""

    __tablename__ = "question"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    meeting_id: Mapped[UUID] = link("meeting.id", index=True)
    item_id: Mapped[UUID | None] = link("item.id", index=True)
    """The item of question time it is put under; None while it is only a slip."""
    asker_id: Mapped[UUID] = link("person.id")
    addressee: Mapped[str]
    """Name and office as the slip says; slips are grouped by it."""
    agency_id: Mapped[UUID | None] = link("agency.id")
    """The agency behind the addressee, which gets the tasks."""
    topic: Mapped[str] = mapped_column(default="")
    text: Mapped[str]
    position: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(String(16))
    """`submitted`, `listed`, `put`, `answered`, `written` (to be answered in writing), `withdrawn`."""
    submitted_at: Mapped[datetime]
    put_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    satisfied: Mapped[bool | None]
    """What the asker said of the answer."""
    task_id: Mapped[UUID | None] = link("task.id", index=True)
    """The written answer that is owed."""


class Promise(Table):
    """What somebody promised in an answer or from the chair; it becomes a task."""

    __tablename__ = "promise"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    meeting_id: Mapped[UUID] = link("meeting.id", index=True)
    item_id: Mapped[UUID] = link("item.id")
    question_id: Mapped[UUID | None] = link("question.id", index=True)
    promised_by: Mapped[str]
    text: Mapped[str]
    agency_id: Mapped[UUID] = link("agency.id")
    due: Mapped[date | None]
    recorded_at: Mapped[datetime]
    task_id: Mapped[UUID | None] = link("task.id", index=True)
