"""The notice of a meeting: what was sent, who replied, guests without an account, how each person is told."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from meetings.storage.tables.foundation import Json, Table, link


class Notice(Table):
    """One notice of a meeting: the call, a change, or the cancelling; what it said, for comparing with the next."""

    __tablename__ = "notice"
    __table_args__ = (UniqueConstraint("meeting_id", "sequence"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    meeting_id: Mapped[UUID] = link("meeting.id")
    sequence: Mapped[int]
    """From 0; calendars take the highest one they have seen."""
    kind: Mapped[str] = mapped_column(String(16))
    """`call`, `change` or `cancel`."""
    facts: Mapped[Json]
    """Title, local start and end, place."""
    changes: Mapped[Json]
    """Name of a fact → what it was and what it is now."""
    at: Mapped[datetime]


class Reply(Table):
    """What a member answers to the notice of one meeting. The row is there from the publication on."""

    __tablename__ = "reply"
    __table_args__ = (UniqueConstraint("meeting_id", "person_id"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    meeting_id: Mapped[UUID] = link("meeting.id")
    person_id: Mapped[UUID] = link("person.id", index=True)
    round: Mapped[int] = mapped_column(default=0, server_default="0")
    """Links in letters of earlier rounds are used up."""
    answer: Mapped[str] = mapped_column(String(16), default="", server_default="")
    """Empty, `accept`, `decline` or `substitute`."""
    reason: Mapped[str] = mapped_column(default="", server_default="")
    substitute_id: Mapped[UUID | None] = link("person.id")
    substitute_state: Mapped[str] = mapped_column(String(16), default="", server_default="")
    """Empty, `proposed`, `approved` or `refused` by the chair."""
    answered_at: Mapped[datetime | None]
    asked_again_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]


class Guest(Table):
    """Somebody without an account who is invited to a meeting, mostly to one item of it, and sees nothing else."""

    __tablename__ = "guest"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    meeting_id: Mapped[UUID] = link("meeting.id", index=True)
    item_id: Mapped[UUID | None] = link("item.id", index=True)
    """The item; empty for a guest of the whole meeting, who sees its public agenda."""
    group_name: Mapped[str] = mapped_column(default="", server_default="")
    """Guests who were invited together: an association, a ward's elders."""
    name: Mapped[str]
    post: Mapped[str] = mapped_column(default="", server_default="")
    """Office and house, as the notice prints it."""
    email: Mapped[str] = mapped_column(default="", server_default="")
    language: Mapped[str] = mapped_column(String(8), default="vi", server_default="vi")
    round: Mapped[int] = mapped_column(default=0, server_default="0")
    """Links of earlier rounds are used up."""
    visit_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    """SHA-256 of the cookie of the browser that opened the link."""
    visit_until: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(String(16), default="", server_default="")
    reason: Mapped[str] = mapped_column(default="", server_default="")
    answered_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    invited_by: Mapped[UUID] = link("person.id")
    invited_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class TellingChoice(Table):
    """How a person wants to be told; without a row: at once, at any hour."""

    __tablename__ = "telling_choice"
    person_id: Mapped[UUID] = link("person.id", primary_key=True)
    quiet_from: Mapped[str] = mapped_column(String(5), default="", server_default="")
    """`21:30` on the clock of the house; empty for no quiet hours."""
    quiet_until: Mapped[str] = mapped_column(String(5), default="", server_default="")
    digest: Mapped[bool] = mapped_column(default=False, server_default=false())
    """One letter a day instead of one each; notices of meetings come at once all the same."""
    digest_at: Mapped[str] = mapped_column(String(5), default="07:00", server_default="07:00")
    digested_at: Mapped[datetime | None]


class PushAddress(Table):
    """A browser that takes messages while no page is open (Web Push, RFC 8030)."""

    __tablename__ = "push_address"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = link("person.id", index=True)
    endpoint: Mapped[str] = mapped_column(unique=True)
    p256dh: Mapped[str]
    auth: Mapped[str]
    created_at: Mapped[datetime]
