"""The work programme of a body: one for each year, its entries, and what became of them after its approval."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from meetings.storage.tables.foundation import Json, Table, link


class WorkProgramme(Table):
    """The programme of one year. Before its approval only the secretariat sees it."""

    __tablename__ = "work_programme"
    __table_args__ = (UniqueConstraint("body_id", "year"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    body_id: Mapped[UUID] = link("body.id")
    year: Mapped[int]
    begun_by: Mapped[UUID] = link("person.id")
    begun_at: Mapped[datetime]
    number: Mapped[str] = mapped_column(default="", server_default="")
    """Number of the document it was issued as: `12/CTr-HĐND`."""
    approved_on: Mapped[date | None]
    """The day on that document."""
    approved_at: Mapped[datetime | None]
    """When it was entered here; from then on every change is kept with its reason."""
    approved_by: Mapped[UUID | None] = link("person.id")


class ProgrammeEntry(Table):
    """Something the body plans to deal with. A draft's entry may go; an approved programme's is withdrawn instead.

    Whether it is done follows from its item or consultation; only `done_on` is written by hand.
    """

    __tablename__ = "programme_entry"
    __table_args__ = (Index("ix_programme_entry_due", "programme_id", "due_until"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    programme_id: Mapped[UUID] = link("work_programme.id")
    position: Mapped[int]
    """Counts as entries are written; what is due at the same time stands in this order."""
    title: Mapped[str]
    agency_id: Mapped[UUID | None] = link("agency.id", index=True)
    """Who drafts; None: the body's own office."""
    supervisor: Mapped[str] = mapped_column(default="")
    """Who leads the work and presents it."""
    form: Mapped[str] = mapped_column(String(16))
    """`meeting`, `consultation` or `report` (`rules.work_programme.Form`)."""
    quarter: Mapped[int | None]
    month: Mapped[int | None]
    day: Mapped[date | None]
    """Exactly one of the three says when; the two days below follow from it."""
    due_from: Mapped[date]
    due_until: Mapped[date]
    submit_by: Mapped[date | None]
    """The last day for the dossier; None: as the body's period for papers says."""
    basis: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    written_by: Mapped[UUID] = link("person.id")
    written_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    done_on: Mapped[date | None]


class ProgrammeCooperation(Table):
    """An agency that helps the one which drafts."""

    __tablename__ = "programme_cooperation"
    entry_id: Mapped[UUID] = link("programme_entry.id", primary_key=True)
    agency_id: Mapped[UUID] = link("agency.id", primary_key=True, index=True)


class ProgrammeChange(Table):
    """What became of an entry after the approval, and why."""

    __tablename__ = "programme_change"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    entry_id: Mapped[UUID] = link("programme_entry.id", index=True)
    number: Mapped[int]
    """Counts an entry's changes, from 1."""
    kind: Mapped[str] = mapped_column(String(16))
    """`added`, `moved`, `changed` or `withdrawn` (`rules.work_programme.ChangeKind`)."""
    was: Mapped[Json]
    """Field → what it said before, as it was read then."""
    reason: Mapped[str]
    made_by: Mapped[UUID] = link("person.id")
    made_at: Mapped[datetime]
