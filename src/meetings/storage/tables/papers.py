"""How papers come in and who has opened them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from meetings.storage.tables.foundation import Table, link


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


class Upload(Table):
    """A file that comes in pieces. The pieces rest beside the papers until it is whole."""

    __tablename__ = "upload"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = link("person.id", index=True)
    item_id: Mapped[UUID] = link("item.id")
    paper_id: Mapped[UUID | None] = link("paper.id")
    """The paper whose next version it is."""
    filename: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    received: Mapped[int] = mapped_column(BigInteger, default=0)
    """Bytes that are kept: where the next piece begins."""
    pieces: Mapped[int] = mapped_column(default=0)
    begun_at: Mapped[datetime]
    touched_at: Mapped[datetime]
    laid_as: Mapped[UUID | None] = link("paper.id")
    refused: Mapped[str] = mapped_column(default="")
    """Why the whole file was not laid: the code of the refusal."""
