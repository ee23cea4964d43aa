"""Who has opened which paper."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
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
