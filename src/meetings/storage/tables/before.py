"""A meeting is prepared: meetings, agenda items, papers and their versions."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import String, UniqueConstraint, false, true
from sqlalchemy.orm import Mapped, mapped_column

from meetings.storage.tables.foundation import Table, link


class Meeting(Table):
    """A sitting of a body."""

    __tablename__ = "meeting"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    body_id: Mapped[UUID] = link("body.id", index=True)
    title: Mapped[str]
    place: Mapped[str] = mapped_column(default="")
    kind: Mapped[str] = mapped_column(String(32), default="regular")
    starts_local: Mapped[str] = mapped_column(String(16))
    """`2026-11-25T08:00` on the clock of `timezone`: what the notice says."""
    timezone: Mapped[str] = mapped_column(String(64))
    starts_at: Mapped[datetime] = mapped_column(index=True)
    """The same moment in UTC, for ordering."""
    ends_local: Mapped[str] = mapped_column(String(16), default="", server_default="")
    """The planned end on the same clock; empty when none is planned."""
    ends_at: Mapped[datetime | None]
    room_id: Mapped[UUID | None] = link("room.id", index=True)
    """The room of the house it is held in; `place` is what the notice says."""
    series_id: Mapped[UUID | None] = link("meeting_series.id", index=True)
    """The series it was made with."""
    session_id: Mapped[UUID | None] = link("council_session.id", index=True)
    """The council session it is a sitting of."""
    sitting: Mapped[str] = mapped_column(String(16), default="", server_default="")
    """`plenary` or `group` in a session; empty outside."""
    group_id: Mapped[UUID | None] = link("discussion_group.id")
    """The group whose discussion it is: only its members have a seat."""
    state: Mapped[str] = mapped_column(String(16), default="draft")
    current_item_id: Mapped[UUID | None]
    published_at: Mapped[datetime | None]
    agenda_frozen_at: Mapped[datetime | None]
    """Since when the secretary no longer changes its agenda; None: it is open."""
    called_at: Mapped[datetime | None]
    adjourned_at: Mapped[datetime | None]
    reference: Mapped[str] = mapped_column(default="")
    """Reference in the book it came from; imported meetings have no consequences."""
    public: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether anybody may follow it on the public page."""
    recess_until: Mapped[datetime | None]
    """When a recess is planned to end; screens count down to it."""
    followed_paper_id: Mapped[UUID | None]
    """The paper that the chair or presenter pages for those who follow."""
    followed_page: Mapped[int | None]
    followed_by: Mapped[UUID | None]


class Item(Table):
    """One item of an agenda. Its printed number follows from its place in the tree."""

    __tablename__ = "item"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    meeting_id: Mapped[UUID] = link("meeting.id", index=True)
    parent_id: Mapped[UUID | None] = link("item.id")
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
    spent_seconds: Mapped[int] = mapped_column(default=0, server_default="0")
    """How long it was in hand while the meeting sat, up to `running_since`; recesses do not count."""
    running_since: Mapped[datetime | None]
    """Since when it is in hand without an interruption."""
    reference: Mapped[str] = mapped_column(default="")
    kind: Mapped[str] = mapped_column(String(16), default="regular", server_default="regular")
    """`regular`, or `questions` for question time (chất vấn)."""
    urgent: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Added by the chair's act after the publication."""
    visibility: Mapped[str] = mapped_column(String(16), default="common", server_default="common")
    """`common`, `internal` (the members of the body) or `hidden` (who prepares and runs the meeting)."""
    adopts_id: Mapped[UUID | None] = link("meeting.id")
    """The earlier meeting whose minutes are to be adopted under it."""
    task_id: Mapped[UUID | None]
    """The task that it arises from; no foreign key, since tasks arise from items in turn."""
    programme_entry_id: Mapped[UUID | None] = link("programme_entry.id", index=True)
    """The entry of the work programme that it deals with."""
    continues_id: Mapped[UUID | None] = link("item.id")
    """The item of an earlier meeting that was postponed to this one."""
    postponed_to_id: Mapped[UUID | None] = link("meeting.id")
    referred_to: Mapped[str] = mapped_column(default="", server_default="")
    """The committee or agency it was referred to."""
    last_call_at: Mapped[datetime | None]
    speakers_closed_at: Mapped[datetime | None]
    """The list of speakers is closed: nobody is added any more."""


class Paper(Table):
    """A document laid before the meeting under an item."""

    __tablename__ = "paper"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    meeting_id: Mapped[UUID] = link("meeting.id", index=True)
    item_id: Mapped[UUID] = link("item.id", index=True)
    position: Mapped[int]
    title: Mapped[str]
    withdrawn_at: Mapped[datetime | None]
    level: Mapped[str] = mapped_column(String(16), default="internal", server_default="internal")
    """`internal`, `restricted` (each reader's name on each page) or `confidential` (and never handed out)."""
    readers: Mapped[str] = mapped_column(String(16), default="common", server_default="common")
    """Who may read it, as `Item.visibility`: `common`, `internal` or `hidden`."""
    download: Mapped[bool] = mapped_column(default=True, server_default=true())
    shown_from: Mapped[datetime | None]
    shown_until: Mapped[datetime | None]
    """Outside these only who prepares or runs the meeting reads it."""
    copied_from_id: Mapped[UUID | None] = link("paper.id")
    """The paper of an earlier meeting whose file it shows."""


class TakenIn:
    """A file as it is shown, and what it was when it came in."""

    filename: Mapped[str]
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    pages: Mapped[int]
    source_name: Mapped[str] = mapped_column(default="", server_default="")
    """The name of the file that it was made from, where that was no PDF."""
    source_sha256: Mapped[str] = mapped_column(String(64), default="", server_default="")
    """Of the bytes that came, where they are not the ones that are shown. Office files are kept under it."""
    source_size: Mapped[int] = mapped_column(default=0, server_default="0")
    taken_out: Mapped[str] = mapped_column(default="", server_default="")
    """What the file had that acts by itself, and has no more: `scripts`, `files`, `media`, `forms`, `actions`."""


class PaperVersion(TakenIn, Table):
    """One version of a paper; nothing is silently replaced."""

    __tablename__ = "paper_version"
    __table_args__ = (UniqueConstraint("paper_id", "number"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    paper_id: Mapped[UUID] = link("paper.id")
    number: Mapped[int]
    laid_by: Mapped[UUID] = link("person.id")
    laid_at: Mapped[datetime]
