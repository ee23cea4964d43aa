"""Written opinions outside a meeting: what is asked, of whom, until when, and what they answered."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from meetings.storage.tables.before import TakenIn
from meetings.storage.tables.foundation import Json, Table, link


class Consultation(Table):
    """A question to the members of a body. Figures are written when it opens and closes and never change afterwards."""

    __tablename__ = "consultation"
    __table_args__ = (
        UniqueConstraint("body_id", "year", "number"),
        Index(
            "ix_consultation_open",
            "closes_at",
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    body_id: Mapped[UUID] = link("body.id", index=True)
    year: Mapped[int | None]
    number: Mapped[int | None]
    """Counts a body's consultations of one year; given at the opening."""
    title: Mapped[str]
    """The question in one line."""
    text: Mapped[str] = mapped_column(default="")
    """What is proposed, in full."""
    rule: Mapped[Json]
    signed: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether only signed ballots count: with the member's key, or by hand on paper."""
    state: Mapped[str] = mapped_column(String(16), default="draft")
    closes_local: Mapped[str] = mapped_column(String(16))
    """The deadline on the clock of `timezone`: what members are told."""
    timezone: Mapped[str] = mapped_column(String(64))
    closes_at: Mapped[datetime]
    """The same moment in UTC."""
    drafted_by: Mapped[UUID] = link("person.id")
    drafted_at: Mapped[datetime]
    handed_at: Mapped[datetime | None]
    """When the secretary handed the draft to the chair."""
    chair_id: Mapped[UUID | None] = link("person.id")
    """Who decided to ask; a tie asks for this person's ballot."""
    opened_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    seats: Mapped[int | None]
    in_office: Mapped[int | None]
    cast: Mapped[int] = mapped_column("cast_count", default=0)
    tally: Mapped[Json | None]
    outcome: Mapped[Json | None]
    item_id: Mapped[UUID | None] = mapped_column(index=True)
    """The agenda item that announces the outcome, or that took the matter over. A draft agenda may drop it again."""
    ended_at: Mapped[datetime | None]
    """Announced, converted or withdrawn."""
    reason: Mapped[str] = mapped_column(default="")
    """Why it was withdrawn or converted."""
    programme_entry_id: Mapped[UUID | None] = link("programme_entry.id", index=True)
    """The entry of the work programme that it deals with."""


class ConsultationPaper(TakenIn, Table):
    """A file that the opinions are about; fixed with the opening."""

    __tablename__ = "consultation_paper"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    consultation_id: Mapped[UUID] = link("consultation.id", index=True)
    position: Mapped[int]
    title: Mapped[str]
    laid_by: Mapped[UUID] = link("person.id")
    laid_at: Mapped[datetime]


class ConsultedMember(Table):
    """One member of the roll, frozen when the consultation opened."""

    __tablename__ = "consulted_member"
    consultation_id: Mapped[UUID] = link("consultation.id", primary_key=True)
    person_id: Mapped[UUID] = link("person.id", primary_key=True, index=True)
    weight: Mapped[int]
    recused_at: Mapped[datetime | None]
    """Since when the member stands aside: no ballot, no papers. Empty again when the recusal is lifted."""
    recused_by: Mapped[UUID | None] = link("person.id")
    recusal_reason: Mapped[str] = mapped_column(default="", server_default="")


class WrittenOpinion(Table):
    """A written opinion. Given anew before the deadline, the earlier one is kept as replaced, and the last counts."""

    __tablename__ = "written_opinion"
    __table_args__ = (
        UniqueConstraint("consultation_id", "person_id", "revision"),
        UniqueConstraint("consultation_id", "person_id", "key"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    consultation_id: Mapped[UUID] = link("consultation.id")
    person_id: Mapped[UUID] = link("person.id")
    revision: Mapped[int]
    choice: Mapped[str] = mapped_column(String(32))
    comment: Mapped[str] = mapped_column(default="")
    weight: Mapped[int]
    cast_at: Mapped[datetime]
    replaced_at: Mapped[datetime | None]
    key: Mapped[str] = mapped_column(String(36))
    receipt: Mapped[str] = mapped_column(String(16))
    file_sha256: Mapped[str | None] = mapped_column(String(64))
    """The ballot as a file: the signed one, or the scan of the one on paper."""
    entered_by: Mapped[UUID | None] = link("person.id")
    """Who wrote down what stood on paper; empty for an opinion that the member gave on a device."""
    confirmed_by: Mapped[UUID | None] = link("person.id")


class EnteredOpinion(Table):
    """What a member answered on paper, as the secretary wrote it down; it counts once a second person confirms it."""

    __tablename__ = "entered_opinion"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    consultation_id: Mapped[UUID] = link("consultation.id", index=True)
    person_id: Mapped[UUID] = link("person.id")
    choice: Mapped[str] = mapped_column(String(32))
    comment: Mapped[str] = mapped_column(default="")
    scan_sha256: Mapped[str | None] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16))
    """`entered`, `confirmed`, `dropped`."""
    entered_by: Mapped[UUID] = link("person.id")
    entered_at: Mapped[datetime]
    decided_by: Mapped[UUID | None] = link("person.id")
    decided_at: Mapped[datetime | None]
