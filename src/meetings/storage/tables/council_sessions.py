"""Terms of a council (nhiệm kỳ) and its sessions (kỳ họp), which group meetings. A sign-in is something else."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from meetings.storage.tables.foundation import Table, link


class CouncilTerm(Table):
    """A term for which a council is elected: `Khóa XVI`, from one day to another."""

    __tablename__ = "council_term"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    body_id: Mapped[UUID] = link("body.id", index=True)
    name: Mapped[str]
    """`Khóa XVI`, without its years, which follow from the days."""
    since: Mapped[date]
    until: Mapped[date]
    """Inclusive."""


class CouncilSession(Table):
    """A session of a council: meetings on one or more days. Its state follows from them and from the calling."""

    __tablename__ = "council_session"
    __table_args__ = (UniqueConstraint("term_id", "number"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    body_id: Mapped[UUID] = link("body.id", index=True)
    term_id: Mapped[UUID] = link("council_term.id")
    number: Mapped[int]
    """Within the term."""
    kind: Mapped[str] = mapped_column(String(16))
    """`regular`, `thematic` or `extraordinary`."""
    since: Mapped[date]
    until: Mapped[date]
    """Inclusive."""
    place: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    convened_at: Mapped[datetime | None]
    """Since when its members know of it."""


class DiscussionGroup(Table):
    """A part of the members that discusses by itself during a session (tổ thảo luận)."""

    __tablename__ = "discussion_group"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    session_id: Mapped[UUID] = link("council_session.id", index=True)
    number: Mapped[int]
    """From 1 without gaps: Tổ 1, Tổ 2."""
    place: Mapped[str] = mapped_column(default="")
    chair_id: Mapped[UUID | None] = link("person.id")
    secretary_id: Mapped[UUID | None] = link("person.id")


class DiscussionGroupMember(Table):
    """Who belongs to a group: in one session to one group at most."""

    __tablename__ = "discussion_group_member"
    __table_args__ = (UniqueConstraint("session_id", "person_id"),)
    group_id: Mapped[UUID] = link("discussion_group.id", primary_key=True)
    person_id: Mapped[UUID] = link("person.id", primary_key=True)
    session_id: Mapped[UUID] = link("council_session.id")
