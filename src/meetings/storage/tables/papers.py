"""Who has opened which paper, what changed between its versions, and files that come in pieces."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from meetings.storage.tables.foundation import Json, Table, link


class PaperOpening(Table):
    """That a person has opened a version of a paper: first, last, how often, and whether it was handed out."""

    __tablename__ = "paper_opening"
    __table_args__ = (UniqueConstraint("version_id", "person_id"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    version_id: Mapped[UUID] = link("paper_version.id")
    person_id: Mapped[UUID] = link("person.id")
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    times: Mapped[int] = mapped_column(default=1)
    downloaded_at: Mapped[datetime | None]


class PaperChange(Table):
    """What a version of a paper says differently from the one before it; made when it is first asked for."""

    __tablename__ = "paper_change"
    version_id: Mapped[UUID] = mapped_column(primary_key=True)
    """The newer version; no foreign key is needed, versions are never taken away."""
    outcome: Mapped[str] = mapped_column(String(16))
    """As `rules.paper_changes.Compared`."""
    old_blank: Mapped[int] = mapped_column(default=0)
    new_blank: Mapped[int] = mapped_column(default=0)
    """Pages without text in either version: what changed on them is not known."""
    passages: Mapped[Json]
    made_at: Mapped[datetime]


class Upload(Table):
    """A file that comes in pieces. They rest beside the documents until it is whole and laid, at most for a day."""

    __tablename__ = "upload"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = link("person.id", index=True)
    purpose: Mapped[str] = mapped_column(String(16))
    """`item`, `paper`, `dossier` or `consultation`: what it is laid under."""
    target_id: Mapped[UUID]
    filename: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    received: Mapped[int] = mapped_column(BigInteger, default=0)
    """Bytes that are kept: where the next piece begins."""
    pieces: Mapped[Json]
    """The ids of the pieces in order."""
    expires_at: Mapped[datetime] = mapped_column(index=True)
