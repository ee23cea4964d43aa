"""Meetings that are made after a pattern: templates of a body with their agenda, and series by a rule."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from meetings.storage.tables.foundation import Json, Table, link


class MeetingTemplate(Table):
    """What a body's meetings of one sort usually look like. Meetings that were made from it do not hang on it."""

    __tablename__ = "meeting_template"
    __table_args__ = (UniqueConstraint("body_id", "name"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    body_id: Mapped[UUID] = link("body.id")
    name: Mapped[str]
    title: Mapped[str]
    """The usual title, with the placeholders of `rules.meeting_templates`."""
    kind: Mapped[str] = mapped_column(String(32), default="regular")
    place: Mapped[str] = mapped_column(default="")
    room_id: Mapped[UUID | None] = link("room.id")
    begins: Mapped[str] = mapped_column(String(5), default="08:00")
    minutes: Mapped[int | None]
    """The planned length."""
    public: Mapped[bool] = mapped_column(default=False, server_default=false())
    guests: Mapped[list[Any]]
    """Who is always invited to the whole meeting: name, post, mail address."""
    changed_at: Mapped[datetime]


class TemplateItem(Table):
    """One item of a template's agenda."""

    __tablename__ = "template_item"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    template_id: Mapped[UUID] = link("meeting_template.id", index=True)
    parent_id: Mapped[UUID | None] = link("template_item.id")
    position: Mapped[int]
    title: Mapped[str]
    text: Mapped[str] = mapped_column(default="")
    presenter: Mapped[str] = mapped_column(default="")
    minutes_planned: Mapped[int | None]
    kind: Mapped[str] = mapped_column(String(16), default="regular")
    visibility: Mapped[str] = mapped_column(String(16), default="common")
    motions: Mapped[list[Any]]
    """The motions that are put under it, each with the rule of its poll."""
    guests: Mapped[list[Any]]
    """Who is always invited to this item only."""


class MeetingSeries(Table):
    """Meetings that are repeated by a rule. Each is an ordinary meeting that knows its series."""

    __tablename__ = "meeting_series"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    body_id: Mapped[UUID] = link("body.id", index=True)
    title: Mapped[str]
    """With placeholders, as the next title is made."""
    rule: Mapped[Json]
    """The recurrence of `rules.series`."""
    begun_by: Mapped[UUID] = link("person.id")
    begun_at: Mapped[datetime]
