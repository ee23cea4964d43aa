"""Dossiers: procedures in the catalogue, what agencies submit, the runs of its steps, opinions."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import String, true
from sqlalchemy.orm import Mapped, mapped_column

from meetings.storage.tables.before import TakenIn
from meetings.storage.tables.foundation import Json, Table, link


class ProcedureRow(Table):
    """An internal procedure of a body (see `rules.procedures`). A change counts its version up."""

    __tablename__ = "procedure"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    body_id: Mapped[UUID] = link("body.id", index=True)
    code: Mapped[str] = mapped_column(default="", server_default="")
    name: Mapped[str]
    level: Mapped[str] = mapped_column(String(16))
    field: Mapped[str]
    inter_level: Mapped[bool]
    version: Mapped[int]
    data: Mapped[Json]
    """The whole procedure; the columns beside it are for lists."""
    changed_at: Mapped[datetime]
    in_use: Mapped[bool] = mapped_column(default=True, server_default=true())
    """New dossiers may follow it."""


class Dossier(Table):
    """What an agency prepares for an item of a body's agenda."""

    __tablename__ = "dossier"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    body_id: Mapped[UUID] = link("body.id", index=True)
    procedure_id: Mapped[UUID] = link("procedure.id", index=True)
    procedure_version: Mapped[int]
    procedure: Mapped[Json]
    """As it stood when the dossier was submitted: a later change does not move who is under way."""
    agency_id: Mapped[UUID] = link("agency.id", index=True)
    title: Mapped[str]
    text: Mapped[str] = mapped_column(default="", server_default="")
    presenter: Mapped[str] = mapped_column(default="", server_default="")
    state: Mapped[str] = mapped_column(String(16))
    step: Mapped[int] = mapped_column(default=0, server_default="0")
    """The step it is at, from 1; 0 while it is with the agency."""
    resume_at: Mapped[int] = mapped_column(default=1, server_default="1")
    """The step at which it goes on when the agency submits it (again)."""
    begun_by: Mapped[UUID] = link("person.id")
    begun_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    meeting_id: Mapped[UUID | None] = link("meeting.id", index=True)
    """The meeting on whose agenda it is, or waits to be admitted to."""
    item_id: Mapped[UUID | None] = mapped_column(index=True)
    """Its item; kept while `meeting_id` is empty when the item was put off without a day and may be taken up again."""
    reason: Mapped[str] = mapped_column(default="", server_default="")
    """Why it was returned, withdrawn, is late, was not admitted or left an agenda."""
    programme_entry_id: Mapped[UUID | None] = link("programme_entry.id", index=True)
    """The entry of the work programme that it is for."""


class DossierRun(Table):
    """One time that a dossier was at a step."""

    __tablename__ = "dossier_run"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    dossier_id: Mapped[UUID] = link("dossier.id", index=True)
    order: Mapped[int] = mapped_column("run_order")
    number: Mapped[int]
    name: Mapped[str]
    taker: Mapped[str] = mapped_column(String(16))
    """`agency`, `secretariat`, `chair` (`rules.procedures.By`)."""
    agency_id: Mapped[UUID | None] = link("agency.id")
    begun_at: Mapped[datetime]
    begun_on: Mapped[date]
    due: Mapped[date]
    ended_at: Mapped[datetime | None]
    ended_on: Mapped[date | None]
    ended_by: Mapped[UUID | None] = link("person.id")
    outcome: Mapped[str] = mapped_column(String(16), default="", server_default="")
    """`passed`, `returned`, `withdrawn`; empty while it lasts."""
    note: Mapped[str] = mapped_column(default="", server_default="")
    returned_to: Mapped[int | None]
    reminded_at: Mapped[datetime | None]
    """When its last day was near and whoever takes it was reminded."""
    late_told_at: Mapped[datetime | None]
    """When whoever takes it and the secretariat were told that it is late."""


class DossierOpinion(Table):
    """An opinion asked for while a step lasts, and what was said."""

    __tablename__ = "dossier_opinion"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    dossier_id: Mapped[UUID] = link("dossier.id", index=True)
    run_id: Mapped[UUID] = link("dossier_run.id", index=True)
    position: Mapped[int]
    topic: Mapped[str]
    taker: Mapped[str] = mapped_column(String(16))
    agency_id: Mapped[UUID | None] = link("agency.id")
    begun_on: Mapped[date]
    due: Mapped[date]
    verdict: Mapped[str] = mapped_column(String(16), default="", server_default="")
    text: Mapped[str] = mapped_column(default="", server_default="")
    given_by: Mapped[UUID | None] = link("person.id")
    given_at: Mapped[datetime | None]
    given_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    """Its step ended without it."""
    reminded_at: Mapped[datetime | None]
    late_told_at: Mapped[datetime | None]


class DossierPaper(TakenIn, Table):
    """One version of a document of a dossier. A newer version replaces it and it stays on record."""

    __tablename__ = "dossier_paper"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    dossier_id: Mapped[UUID] = link("dossier.id", index=True)
    kind: Mapped[str] = mapped_column(String(16))
    title: Mapped[str]
    position: Mapped[int]
    number: Mapped[int]
    """Its version, from 1."""
    laid_by: Mapped[UUID] = link("person.id")
    laid_at: Mapped[datetime]
    replaced_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
