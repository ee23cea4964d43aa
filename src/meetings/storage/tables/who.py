"""Who takes part: bodies, agencies, persons, seats, roles, accounts, sign-ins, tokens."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from meetings.storage.tables.foundation import Json, Table, link


class Body(Table):
    """A council, committee or board. `seats` counts all seats, vacant ones too."""

    __tablename__ = "body"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    parent_id: Mapped[UUID | None] = link("body.id", index=True)
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
    room_rules: Mapped[Json | None]
    """What the standing orders say about the room; what is not set has the value of `rules.room_rules`."""
    agenda_order: Mapped[list[Any] | None]
    """The criteria of `rules.ordering` by which a draft agenda is put in order."""
    deadlines: Mapped[Json | None]
    """Periods of notice, papers and conclusions; what is not set has the value of `rules.deadlines`."""
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
    body_id: Mapped[UUID] = link("body.id")
    person_id: Mapped[UUID] = link("person.id", index=True)
    since: Mapped[date]
    until: Mapped[date | None]
    weight: Mapped[int] = mapped_column(default=1)
    group: Mapped[str] = mapped_column("group_name", default="")
    area: Mapped[str] = mapped_column(default="")


class RoleGrant(Table):
    """A role other than the delegate's: in a body, for an agency, or in the whole house."""

    __tablename__ = "role_grant"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = link("person.id", index=True)
    role: Mapped[str] = mapped_column(String(16))
    body_id: Mapped[UUID | None] = link("body.id")
    agency_id: Mapped[UUID | None] = link("agency.id")


class Account(Table):
    """What a person signs in with."""

    __tablename__ = "account"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = link("person.id", unique=True)
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
    account_id: Mapped[UUID] = link("account.id", index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class AccessToken(Table):
    """A token for integrations and scripts; only its SHA-256 rests here."""

    __tablename__ = "access_token"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = link("account.id", index=True)
    name: Mapped[str]
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[str] = mapped_column(default="read write")
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
