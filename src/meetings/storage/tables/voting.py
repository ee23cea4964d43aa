"""Motions and polls, rolls and ballots."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, String, Text, UniqueConstraint, false, true
from sqlalchemy.orm import Mapped, mapped_column

from meetings.storage.tables.foundation import Json, Table, link


class Motion(Table):
    """A proposal to be decided; adopted, a substantive one becomes a resolution."""

    __tablename__ = "motion"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    meeting_id: Mapped[UUID] = link("meeting.id", index=True)
    item_id: Mapped[UUID] = link("item.id", index=True)
    kind: Mapped[str] = mapped_column(String(16), default="substantive")
    title: Mapped[str]
    text: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(String(16), default="moved")
    mover: Mapped[str] = mapped_column(default="")
    moved_at: Mapped[datetime]
    mover_id: Mapped[UUID | None] = link("person.id")
    seconder_id: Mapped[UUID | None] = link("person.id")
    seconded_at: Mapped[datetime | None]
    amends_id: Mapped[UUID | None] = link("motion.id")
    """The motion whose text this amendment would change; `text` is the whole text as it would read."""
    base_text: Mapped[str] = mapped_column(default="", server_default="")
    """An amendment's starting point: the main text it was written against."""
    conflicts: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Another amendment was adopted and this one no longer fits; it has to be worded anew before its vote."""
    part_of_id: Mapped[UUID | None] = link("motion.id")
    """The motion that was divided into this part and others."""
    position: Mapped[int] = mapped_column(default=0, server_default="0")
    """Order among amendments or parts."""


class Poll(Table):
    """One act of voting. Figures are written when it opens and closes and never change afterwards."""

    __tablename__ = "poll"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    meeting_id: Mapped[UUID] = link("meeting.id", index=True)
    item_id: Mapped[UUID] = link("item.id", index=True)
    motion_id: Mapped[UUID | None] = link("motion.id")
    number: Mapped[int]
    """Counts the polls of one meeting: ballot no. 4."""
    title: Mapped[str]
    rule: Mapped[Json]
    secret: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(16), default="draft")
    chair_id: Mapped[UUID | None] = link("person.id")
    """Who was in the chair when it opened; a tie may ask for this person's ballot."""
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    announced_at: Mapped[datetime | None]
    seats: Mapped[int | None]
    in_office: Mapped[int | None]
    present_open: Mapped[int | None]
    present_close: Mapped[int | None]
    eligible: Mapped[int | None]
    eligible_weight: Mapped[int | None]
    cast: Mapped[int] = mapped_column("cast_count", default=0)
    tally: Mapped[Json | None]
    outcome: Mapped[Json | None]
    result_imported: Mapped[Json | None]
    """What the book it came from published."""
    kind: Mapped[str] = mapped_column(String(16), default="motion", server_default="motion")
    """`motion`, `consent` (several motions at once), `election`, `confidence`, `options`, `ranked`, `test`."""
    method: Mapped[str] = mapped_column(String(16), default="electronic", server_default="electronic")
    """`electronic`, `hands` (show of hands or voice: counts are entered), `roll_call` (names are called in order)."""
    form: Mapped[Json | None]
    """What a ballot of this kind looks like: options, places, how many may be marked. See `rules.ballot_forms`."""
    disclosure: Mapped[str] = mapped_column(String(16), default="announced", server_default="announced")
    """When everybody sees numbers by choice: `live`, `closed`, `announced`. A secret poll never shows them live."""
    names: Mapped[bool] = mapped_column(default=True, server_default=true())
    """Whether names stand beside choices after the announcement of a named poll."""
    changeable: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether a named ballot may be changed until the poll closes."""
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    """Announced beforehand; the program opens and closes at these moments by itself."""
    grace: Mapped[int] = mapped_column(default=0, server_default="0")
    """Seconds after `closes_at` in which ballots on their way are still taken."""
    timed_by_id: Mapped[UUID | None] = link("person.id")
    """The chair who set these moments; what happens by itself happens on this person's word."""
    missing_called_at: Mapped[datetime | None]
    """When those who had not voted were last called on their own screens."""
    round: Mapped[int] = mapped_column(default=1, server_default="1")
    repeats_id: Mapped[UUID | None] = link("poll.id")
    """The poll it repeats (annulled), or whose next round it is (an election)."""
    counts: Mapped[Json | None]
    """A show of hands: the numbers, who entered and who confirmed them."""
    calling_id: Mapped[UUID | None] = link("person.id")
    """Roll call: the member whose name is being called."""
    casting_choice: Mapped[str | None] = mapped_column(String(32))
    """The chair's casting vote after a tie, where the rule gives one."""
    annulled_at: Mapped[datetime | None]
    annulled_reason: Mapped[str] = mapped_column(default="", server_default="")


class PollMotion(Table):
    """A motion decided by a poll on several at once (a consent group). One can be taken out before the poll opens."""

    __tablename__ = "poll_motion"
    poll_id: Mapped[UUID] = link("poll.id", primary_key=True)
    motion_id: Mapped[UUID] = link("motion.id", primary_key=True)


class RollEntry(Table):
    """One voter of a poll's roll, frozen when the poll opened. `ballot_key` marks participation, not a choice."""

    __tablename__ = "roll_entry"
    poll_id: Mapped[UUID] = link("poll.id", primary_key=True)
    person_id: Mapped[UUID] = link("person.id", primary_key=True)
    weight: Mapped[int] = mapped_column(default=1)
    present: Mapped[bool]
    remote: Mapped[bool] = mapped_column(default=False)
    recused: Mapped[bool] = mapped_column(default=False)
    admitted: Mapped[bool] = mapped_column(default=False)
    proxy_holder_id: Mapped[UUID | None] = link("person.id")
    seat_of_id: Mapped[UUID | None] = link("person.id")
    """The member in whose seat a substitute votes."""
    called_at: Mapped[datetime | None]
    """Roll call: when the name was called."""
    ballot_key: Mapped[str | None] = mapped_column(String(36))
    receipt: Mapped[str | None] = mapped_column(String(16))
    cast_at: Mapped[datetime | None]


class Ballot(Table):
    """A named ballot. Changed, it is kept as replaced, and a new revision counts."""

    __tablename__ = "ballot"
    __table_args__ = (UniqueConstraint("poll_id", "person_id", "revision"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    poll_id: Mapped[UUID] = link("poll.id")
    person_id: Mapped[UUID] = link("person.id")
    choice: Mapped[str] = mapped_column(Text)
    """A choice's code, or canonical JSON of a ballot with several marks (`rules.ballot_forms`)."""
    weight: Mapped[int]
    cast_at: Mapped[datetime]
    revision: Mapped[int] = mapped_column(default=1, server_default="1")
    replaced_at: Mapped[datetime | None]
    key: Mapped[str | None] = mapped_column(String(36))
    receipt: Mapped[str | None] = mapped_column(String(16))
    """Of a poll whose ballots may be changed: what a late repeat of a replaced ballot is answered."""
    entered_by: Mapped[UUID | None] = link("person.id")
    confirmed_by: Mapped[UUID | None] = link("person.id")
    """Two different persons, when the secretary entered it for a member without a device."""


class EnteredBallot(Table):
    """A ballot the secretary wrote down for a member without a device; it counts once a second person confirms it."""

    __tablename__ = "entered_ballot"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    poll_id: Mapped[UUID] = link("poll.id", index=True)
    person_id: Mapped[UUID] = link("person.id")
    choice: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(16))
    """`entered`, `confirmed`, `dropped`."""
    entered_by: Mapped[UUID] = link("person.id")
    entered_at: Mapped[datetime]
    decided_by: Mapped[UUID | None] = link("person.id")
    decided_at: Mapped[datetime | None]


class SecretBallot(Table):
    """A ballot without its voter. Random keys and no row order, so the order of casting is not the order of rest."""

    __tablename__ = "secret_ballot"
    __table_args__ = (Index("ix_secret_ballot_poll_id", "poll_id"), {"sqlite_with_rowid": False})
    id: Mapped[UUID] = mapped_column(primary_key=True)
    poll_id: Mapped[UUID] = link("poll.id")
    choice: Mapped[str] = mapped_column(Text)
