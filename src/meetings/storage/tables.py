"""Every table, in the order of a meeting's life. No relationships: each query says what it reads.

Moments are UTC; a meeting keeps its local start and its zone, which are the truth when rules about daylight saving
change. Rows are never deleted once a meeting is published: states and the journal tell what became of them.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, MetaData, String, Text, UniqueConstraint, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from meetings.storage.types import Instant

Json = dict[str, Any]


class Table(DeclarativeBase):
    """The common metadata; names of constraints are fixed so that migrations can speak of them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: Instant, Json: JSON, list[Any]: JSON, str: Text}


def _link(column: str, **options: Any) -> Any:
    return mapped_column(ForeignKey(column, ondelete="RESTRICT"), **options)


# who


class Body(Table):
    """A council, committee or board. `seats` counts all seats, vacant ones too."""

    __tablename__ = "body"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    parent_id: Mapped[UUID | None] = _link("body.id", index=True)
    name: Mapped[str]
    kind: Mapped[str] = mapped_column(String(32), default="council")
    """`council`, `committee`, `board`."""
    symbol: Mapped[str] = mapped_column(String(32), default="")
    """Behind the slash of document numbers: `HĐND`."""
    superior: Mapped[str] = mapped_column(default="")
    """The name above the body's own on documents; may be empty."""
    town: Mapped[str] = mapped_column(default="")
    """The place that stands before the date on documents."""
    seats: Mapped[int]
    quorum: Mapped[str] = mapped_column(String(16), default="2/3")
    """Fraction for calling to order, of the base below; empty: none."""
    quorum_base: Mapped[str] = mapped_column(String(16), default="seats")
    default_rule: Mapped[str] = mapped_column(String(32), default="hdnd-resolution")
    timezone: Mapped[str] = mapped_column(String(64), default="Asia/Ho_Chi_Minh")
    language: Mapped[str] = mapped_column(String(8), default="vi")
    chair_title: Mapped[str] = mapped_column(default="")
    secretary_title: Mapped[str] = mapped_column(default="")
    book: Mapped[str | None] = mapped_column(unique=True)
    """The council book it was imported from, by name and term."""


class Agency(Table):
    """A department or ward that carries out tasks."""

    __tablename__ = "agency"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    short_name: Mapped[str] = mapped_column(default="")


class Person(Table):
    """Somebody who signs in, holds a seat, or is named in a record."""

    __tablename__ = "person"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    """In full, as it is printed."""
    sort_key: Mapped[str] = mapped_column(index=True)
    """Orders names the way the council reads them (Vietnamese: tên, họ, đệm)."""
    email: Mapped[str] = mapped_column(default="")
    title: Mapped[str] = mapped_column(default="")
    reference: Mapped[str] = mapped_column(default="")
    """The id in the book the person came from."""


class Membership(Table):
    """A seat in a body from one day until another (inclusive)."""

    __tablename__ = "membership"
    __table_args__ = (Index("ix_membership_body_id_person_id", "body_id", "person_id"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    body_id: Mapped[UUID] = _link("body.id")
    person_id: Mapped[UUID] = _link("person.id", index=True)
    since: Mapped[date]
    until: Mapped[date | None]
    weight: Mapped[int] = mapped_column(default=1)
    group: Mapped[str] = mapped_column("group_name", default="")
    area: Mapped[str] = mapped_column(default="")


class RoleGrant(Table):
    """A role other than the delegate's: in a body, for an agency, or in the whole house."""

    __tablename__ = "role_grant"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = _link("person.id", index=True)
    role: Mapped[str] = mapped_column(String(16))
    body_id: Mapped[UUID | None] = _link("body.id")
    agency_id: Mapped[UUID | None] = _link("agency.id")


class Account(Table):
    """What a person signs in with."""

    __tablename__ = "account"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = _link("person.id", unique=True)
    login: Mapped[str] = mapped_column(String(120), unique=True)
    password_hash: Mapped[str]
    language: Mapped[str] = mapped_column(String(8), default="vi")
    disabled: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]


class SignIn(Table):
    """One signed-in browser. The cookie holds a random secret; only its SHA-256 rests here."""

    __tablename__ = "sign_in"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[UUID] = _link("account.id", index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class AccessToken(Table):
    """A token for integrations and scripts; only its SHA-256 rests here."""

    __tablename__ = "access_token"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = _link("account.id", index=True)
    name: Mapped[str]
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[str] = mapped_column(default="read write")
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


# before


class Meeting(Table):
    """A sitting of a body."""

    __tablename__ = "meeting"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    body_id: Mapped[UUID] = _link("body.id", index=True)
    title: Mapped[str]
    place: Mapped[str] = mapped_column(default="")
    kind: Mapped[str] = mapped_column(String(32), default="regular")
    starts_local: Mapped[str] = mapped_column(String(16))
    """`2026-11-25T08:00` on the clock of `timezone`: what the notice says."""
    timezone: Mapped[str] = mapped_column(String(64))
    starts_at: Mapped[datetime] = mapped_column(index=True)
    """The same moment in UTC, for ordering."""
    state: Mapped[str] = mapped_column(String(16), default="draft")
    current_item_id: Mapped[UUID | None]
    published_at: Mapped[datetime | None]
    called_at: Mapped[datetime | None]
    adjourned_at: Mapped[datetime | None]
    reference: Mapped[str] = mapped_column(default="")
    """Reference in the book it came from; imported meetings have no consequences."""


class Item(Table):
    """One item of an agenda. Its printed number follows from its place in the tree."""

    __tablename__ = "item"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    meeting_id: Mapped[UUID] = _link("meeting.id", index=True)
    parent_id: Mapped[UUID | None] = _link("item.id")
    position: Mapped[int]
    lettered: Mapped[bool] = mapped_column(default=False)
    """Added behind another item after publication: 1a keeps everybody else's number."""
    number: Mapped[str] = mapped_column(String(24), default="")
    title: Mapped[str]
    text: Mapped[str] = mapped_column(default="")
    presenter: Mapped[str] = mapped_column(default="")
    minutes_planned: Mapped[int | None]
    state: Mapped[str] = mapped_column(String(16), default="planned")
    taken_up_at: Mapped[datetime | None]
    concluded_at: Mapped[datetime | None]
    reference: Mapped[str] = mapped_column(default="")


class Paper(Table):
    """A document laid before the meeting under an item."""

    __tablename__ = "paper"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    meeting_id: Mapped[UUID] = _link("meeting.id", index=True)
    item_id: Mapped[UUID] = _link("item.id", index=True)
    position: Mapped[int]
    title: Mapped[str]
    withdrawn_at: Mapped[datetime | None]


class PaperVersion(Table):
    """One version of a paper; nothing is silently replaced."""

    __tablename__ = "paper_version"
    __table_args__ = (UniqueConstraint("paper_id", "number"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    paper_id: Mapped[UUID] = _link("paper.id")
    number: Mapped[int]
    filename: Mapped[str]
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    pages: Mapped[int]
    laid_by: Mapped[UUID] = _link("person.id")
    laid_at: Mapped[datetime]


# during


class Attendance(Table):
    """An interval of one person's attendance; the open one has no end."""

    __tablename__ = "attendance"
    __table_args__ = (Index("ix_attendance_meeting_id_person_id", "meeting_id", "person_id"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    meeting_id: Mapped[UUID] = _link("meeting.id")
    person_id: Mapped[UUID] = _link("person.id")
    state: Mapped[str] = mapped_column(String(16))
    """`in`, `remote`, `out`, `excused`, `absent`."""
    source: Mapped[str] = mapped_column(String(16))
    """`self`, `secretary`, `import`."""
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    recorded_by: Mapped[UUID] = _link("person.id")


class Motion(Table):
    """A proposal to be decided; adopted, a substantive one becomes a resolution."""

    __tablename__ = "motion"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    meeting_id: Mapped[UUID] = _link("meeting.id", index=True)
    item_id: Mapped[UUID] = _link("item.id", index=True)
    kind: Mapped[str] = mapped_column(String(16), default="substantive")
    title: Mapped[str]
    text: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(String(16), default="moved")
    mover: Mapped[str] = mapped_column(default="")
    moved_at: Mapped[datetime]


class Poll(Table):
    """One act of voting. Figures are written when it opens and closes and never change afterwards."""

    __tablename__ = "poll"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    meeting_id: Mapped[UUID] = _link("meeting.id", index=True)
    item_id: Mapped[UUID] = _link("item.id", index=True)
    motion_id: Mapped[UUID | None] = _link("motion.id")
    number: Mapped[int]
    """Counts the polls of one meeting: ballot no. 4."""
    title: Mapped[str]
    rule: Mapped[Json]
    secret: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(16), default="draft")
    chair_id: Mapped[UUID | None] = _link("person.id")
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


class RollEntry(Table):
    """One voter of a poll's roll, frozen when the poll opened. `ballot_key` marks participation, not a choice."""

    __tablename__ = "roll_entry"
    poll_id: Mapped[UUID] = _link("poll.id", primary_key=True)
    person_id: Mapped[UUID] = _link("person.id", primary_key=True)
    weight: Mapped[int] = mapped_column(default=1)
    present: Mapped[bool]
    remote: Mapped[bool] = mapped_column(default=False)
    recused: Mapped[bool] = mapped_column(default=False)
    admitted: Mapped[bool] = mapped_column(default=False)
    proxy_holder_id: Mapped[UUID | None] = _link("person.id")
    ballot_key: Mapped[str | None] = mapped_column(String(36))
    receipt: Mapped[str | None] = mapped_column(String(16))
    cast_at: Mapped[datetime | None]


class Ballot(Table):
    """A named ballot."""

    __tablename__ = "ballot"
    __table_args__ = (UniqueConstraint("poll_id", "person_id"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    poll_id: Mapped[UUID] = _link("poll.id")
    person_id: Mapped[UUID] = _link("person.id")
    choice: Mapped[str] = mapped_column(String(32))
    weight: Mapped[int]
    cast_at: Mapped[datetime]


class SecretBallot(Table):
    """A ballot without its voter. Random keys and no row order, so the order of casting is not the order of rest."""

    __tablename__ = "secret_ballot"
    __table_args__ = (Index("ix_secret_ballot_poll_id", "poll_id"), {"sqlite_with_rowid": False})
    id: Mapped[UUID] = mapped_column(primary_key=True)
    poll_id: Mapped[UUID] = _link("poll.id")
    choice: Mapped[str] = mapped_column(String(32))


# after


class Resolution(Table):
    """An adopted motion as a document with an official number, given when it is issued."""

    __tablename__ = "resolution"
    __table_args__ = (UniqueConstraint("body_id", "year", "number"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    body_id: Mapped[UUID] = _link("body.id")
    meeting_id: Mapped[UUID] = _link("meeting.id", index=True)
    item_id: Mapped[UUID] = _link("item.id")
    motion_id: Mapped[UUID] = _link("motion.id")
    poll_id: Mapped[UUID] = _link("poll.id")
    title: Mapped[str]
    text: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(String(16), default="draft")
    year: Mapped[int | None]
    number: Mapped[int | None]
    symbol: Mapped[str] = mapped_column(default="")
    adopted_at: Mapped[datetime]
    issued_at: Mapped[datetime | None]


class Clause(Table):
    """An operative clause of a resolution: the source of a task."""

    __tablename__ = "clause"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    resolution_id: Mapped[UUID] = _link("resolution.id", index=True)
    position: Mapped[int]
    text: Mapped[str]


class Register(Table):
    """The last number given, per body, kind of document and year. The row is locked while a number is given."""

    __tablename__ = "register"
    body_id: Mapped[UUID] = _link("body.id", primary_key=True)
    kind: Mapped[str] = mapped_column(String(8), primary_key=True)
    """`NQ` resolution, `BB` minutes."""
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]


class Task(Table):
    """What an agency has to do. Its state is derived from these facts and never stored."""

    __tablename__ = "task"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    body_id: Mapped[UUID] = _link("body.id", index=True)
    resolution_id: Mapped[UUID | None] = _link("resolution.id", index=True)
    clause_id: Mapped[UUID | None] = _link("clause.id")
    title: Mapped[str]
    text: Mapped[str] = mapped_column(default="")
    lead_id: Mapped[UUID] = _link("agency.id", index=True)
    due: Mapped[date | None] = mapped_column(index=True)
    percent: Mapped[int] = mapped_column(default=0)
    assigned_by: Mapped[UUID] = _link("person.id")
    assigned_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    reported_at: Mapped[datetime | None]
    """When the report that now waits or was verified came in; None again after a return."""
    returned_at: Mapped[datetime | None]
    verified_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    cancel_reason: Mapped[str] = mapped_column(default="")


class TaskCooperation(Table):
    """An agency that helps the lead agency."""

    __tablename__ = "task_cooperation"
    task_id: Mapped[UUID] = _link("task.id", primary_key=True)
    agency_id: Mapped[UUID] = _link("agency.id", primary_key=True)


class TaskReport(Table):
    """What an agency wrote about a task: progress, or the report that it is done."""

    __tablename__ = "task_report"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    task_id: Mapped[UUID] = _link("task.id", index=True)
    kind: Mapped[str] = mapped_column(String(16))
    """`progress`, `done`."""
    percent: Mapped[int]
    text: Mapped[str]
    written_by: Mapped[UUID] = _link("person.id")
    written_at: Mapped[datetime]
    verdict: Mapped[str | None] = mapped_column(String(16))
    """`verified`, `returned`."""
    reason: Mapped[str] = mapped_column(default="")
    decided_at: Mapped[datetime | None]


class Minutes(Table):
    """The minutes of a meeting; frozen from the first signature on."""

    __tablename__ = "minutes"
    __table_args__ = (UniqueConstraint("meeting_id", "version"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    meeting_id: Mapped[UUID] = _link("meeting.id")
    version: Mapped[int] = mapped_column(default=1)
    state: Mapped[str] = mapped_column(String(16), default="draft")
    year: Mapped[int | None]
    number: Mapped[int | None]
    symbol: Mapped[str] = mapped_column(default="")
    blocks: Mapped[Json]
    revision: Mapped[int] = mapped_column(default=0)
    """Counts edits, so that a second editor is told instead of overwriting."""
    sha256: Mapped[str | None] = mapped_column(String(64))
    """The newest PDF once signing has begun."""
    changed_at: Mapped[datetime]


class MinutesSignature(Table):
    """Who signed the minutes and which bytes came out."""

    __tablename__ = "minutes_signature"
    __table_args__ = (UniqueConstraint("minutes_id", "role"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    minutes_id: Mapped[UUID] = _link("minutes.id")
    role: Mapped[str] = mapped_column(String(16))
    person_id: Mapped[UUID] = _link("person.id")
    signed_at: Mapped[datetime]
    sha256: Mapped[str] = mapped_column(String(64))


# record and delivery


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
    chain_id: Mapped[UUID] = _link("chain.id", primary_key=True)
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
    """`mail`."""
    payload: Mapped[Json]
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    claimed_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(default="")


class Notification(Table):
    """A message for one person, shown in the house whether or not mail is set up."""

    __tablename__ = "notification"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = _link("person.id", index=True)
    message: Mapped[str]
    """An English message id with placeholders; translated for the reader."""
    facts: Mapped[Json]
    link: Mapped[str]
    at: Mapped[datetime]
    read_at: Mapped[datetime | None]


class Repeat(Table):
    """The answer to a write request, so that the same Idempotency-Key gets the same answer."""

    __tablename__ = "repeat"
    account_id: Mapped[UUID] = _link("account.id", primary_key=True)
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    request_hash: Mapped[str] = mapped_column(String(64))
    status: Mapped[int]
    body: Mapped[str]
    at: Mapped[datetime]
