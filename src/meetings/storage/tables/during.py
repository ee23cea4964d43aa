"""A meeting is held: who is there, in whose place, and where they sit."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from meetings.storage.tables.foundation import Json, Table, link


class Attendance(Table):
    """An interval of one person's attendance; the open one has no end. A corrected one is struck, not deleted."""

    __tablename__ = "attendance"
    __table_args__ = (Index("ix_attendance_meeting_id_person_id", "meeting_id", "person_id"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    meeting_id: Mapped[UUID] = link("meeting.id")
    person_id: Mapped[UUID] = link("person.id")
    state: Mapped[str] = mapped_column(String(16))
    """`in`, `remote`, `out`, `excused`, `replaced`, `absent`."""
    source: Mapped[str] = mapped_column(String(16))
    """`self`, `code` (the QR code on the room screen), `secretary`, `door` (the list kept at the door), `import`."""
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    recorded_by: Mapped[UUID] = link("person.id")
    reason: Mapped[str] = mapped_column(default="", server_default="")
    """Why somebody is excused or has left."""
    struck_at: Mapped[datetime | None]
    """When the interval was corrected: it counts for nothing from then on. A struck interval always has an end."""
    struck_by: Mapped[UUID | None] = link("person.id")
    struck_reason: Mapped[str] = mapped_column(default="", server_default="")


class Substitution(Table):
    """Somebody sits and votes in an absent member's seat for this meeting, where the body's rules allow it."""

    __tablename__ = "substitution"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    meeting_id: Mapped[UUID] = link("meeting.id", index=True)
    member_id: Mapped[UUID] = link("person.id")
    substitute_id: Mapped[UUID] = link("person.id", index=True)
    approved_by: Mapped[UUID] = link("person.id")
    approved_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Proxy(Table):
    """A member who is away lets another one cast the ballot. One level: a holder never passes it on."""

    __tablename__ = "proxy"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    meeting_id: Mapped[UUID] = link("meeting.id", index=True)
    giver_id: Mapped[UUID] = link("person.id")
    holder_id: Mapped[UUID] = link("person.id")
    given_by: Mapped[UUID] = link("person.id")
    """Who entered it: the giver, the secretary or the chair."""
    given_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Recusal(Table):
    """A member stands aside from one item: no papers of it, no floor, no ballot."""

    __tablename__ = "recusal"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    meeting_id: Mapped[UUID] = link("meeting.id", index=True)
    item_id: Mapped[UUID] = link("item.id", index=True)
    person_id: Mapped[UUID] = link("person.id")
    reason: Mapped[str] = mapped_column(default="")
    declared_by: Mapped[UUID] = link("person.id")
    """The member, or the chair who set it."""
    declared_at: Mapped[datetime]
    lifted_at: Mapped[datetime | None]


class SeatingPlan(Table):
    """Where the members of a body sit in one room: drawn once, used by every meeting at that place."""

    __tablename__ = "seating_plan"
    __table_args__ = (UniqueConstraint("body_id", "place"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    body_id: Mapped[UUID] = link("body.id")
    place: Mapped[str]
    """As meetings name their place."""
    plan: Mapped[Json]
    """See `rules.seating`."""
    saved_by: Mapped[UUID] = link("person.id")
    saved_at: Mapped[datetime]


class Note(Table):
    """What the secretaries note under an item while the meeting is held. The draft of the minutes begins with it."""

    __tablename__ = "note"
    item_id: Mapped[UUID] = link("item.id", primary_key=True)
    meeting_id: Mapped[UUID] = link("meeting.id", index=True)
    text: Mapped[str] = mapped_column(Text)
    revision: Mapped[int]
    written_at: Mapped[datetime]
    writer_id: Mapped[UUID] = link("person.id")
