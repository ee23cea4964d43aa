"""The record and what leaves the house: chains, the journal, the outbox, notifications, repeats."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from meetings.storage.tables.foundation import Json, Table, link


class Chain(Table):
    """The head of one hash chain: a meeting's, or the house's own. Locked while a row is added."""

    __tablename__ = "chain"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(default=0)
    stage: Mapped[int] = mapped_column(default=0)
    """Advances when a screen changes; clients follow it."""
    head: Mapped[str] = mapped_column(String(64))


class JournalRow(Table):
    """One event, append-only."""

    __tablename__ = "journal"
    chain_id: Mapped[UUID] = link("chain.id", primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor_id: Mapped[UUID | None]
    event: Mapped[str] = mapped_column(String(40))
    payload: Mapped[Json]
    payload_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class Outbox(Table):
    """What leaves the house after a commit; claimed, done, or tried again later."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index(
            "ix_outbox_due",
            "due_at",
            sqlite_where=text("done_at IS NULL"),
            postgresql_where=text("done_at IS NULL"),
        ),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    """`mail` or `push`."""
    payload: Mapped[Json]
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    claimed_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(default="")
    about: Mapped[UUID | None] = mapped_column(index=True)
    """The meeting whose notice it carries, so that its secretary sees what could not be delivered."""
    to_id: Mapped[UUID | None]
    """The person or guest it goes to."""
    refused_at: Mapped[datetime | None]
    """The other side will never take it (an address that does not exist): nothing is tried again."""


class Notification(Table):
    """A message for one person, shown in the house whether or not mail is set up."""

    __tablename__ = "notification"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = link("person.id", index=True)
    message: Mapped[str]
    """An English message id with placeholders; translated for the reader."""
    facts: Mapped[Json]
    link: Mapped[str]
    at: Mapped[datetime]
    read_at: Mapped[datetime | None]


class Repeat(Table):
    """The answer to a write request, so that the same Idempotency-Key gets the same answer."""

    __tablename__ = "repeat"
    account_id: Mapped[UUID] = link("account.id", primary_key=True)
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    request_hash: Mapped[str] = mapped_column(String(64))
    status: Mapped[int]
    body: Mapped[str]
    at: Mapped[datetime]
