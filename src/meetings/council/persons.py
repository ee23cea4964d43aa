"""Persons, their roles and their accounts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from uuid import UUID

from pwdlib import PasswordHash
from sqlalchemy import or_, select

from meetings.rules.events import AccountDisabled, AccountOpened, PersonEntered, RoleGranted
from meetings.rules.names import full_name_key
from meetings.rules.permissions import Actor, Grant, Right, Role
from meetings.rules.refusals import Refused
from meetings.storage.tables import (
    AccessToken,
    Account,
    Agency,
    Body,
    Membership,
    Person,
    RoleGrant,
    SignIn,
    Substitution,
)
from meetings.storage.unit_of_work import Reading, Work

PASSWORD_LENGTH = 10
LOGIN_LENGTH = 120
passwords = PasswordHash.recommended()
"""Argon2id with the library's current parameters; call it in a thread, it takes a tenth of a second by design."""


async def enter_person(
    work: Work,
    actor: Actor | None,
    *,
    name: str,
    email: str = "",
    title: str = "",
    reference: str = "",
) -> Person:
    """Add a person. Names are sorted by their last word: the Vietnamese given name, the Western family name."""
    if actor is not None:
        actor.must(Right.ADMINISTER)
    name = " ".join(name.split())
    if not name:
        raise Refused("field-missing", field="name")
    person = Person(
        id=work.new_id(),
        name=name,
        sort_key=full_name_key(name),
        email=email,
        title=title,
        reference=reference,
    )
    work.session.add(person)
    await work.session.flush()
    await work.record(actor, PersonEntered(person=str(person.id), person_name=name))
    return person


async def grant_role(
    work: Work,
    actor: Actor | None,
    *,
    person: UUID,
    role: Role,
    body: UUID | None = None,
    agency: UUID | None = None,
) -> None:
    """Give a person a role in a body, for an agency, or (administrator) in the whole house; once is enough."""
    if actor is not None:
        actor.must(Right.ADMINISTER)
    place_fits = {
        Role.ADMINISTRATOR: body is None and agency is None,
        Role.AGENCY: body is None and agency is not None,
    }.get(role, body is not None and agency is None)
    if role is Role.DELEGATE or not place_fits:
        raise Refused("wrong-input", field="role")
    if body is not None and await work.session.get(Body, body) is None:
        raise Refused("wrong-input", field="body")
    if agency is not None and await work.session.get(Agency, agency) is None:
        raise Refused("wrong-input", field="agency")
    held = select(RoleGrant.id).where(
        RoleGrant.person_id == person, RoleGrant.role == role,
        RoleGrant.body_id.is_not_distinct_from(body), RoleGrant.agency_id.is_not_distinct_from(agency),
    )  # fmt: skip
    if await work.session.scalar(held.limit(1)):
        return
    work.session.add(RoleGrant(id=work.new_id(), person_id=person, role=role, body_id=body, agency_id=agency))
    await work.session.flush()
    event = RoleGranted(
        person=str(person), role=role, body=str(body) if body else "", agency=str(agency) if agency else ""
    )
    await work.record(actor, event)


async def open_account(
    work: Work, actor: Actor | None, *, person: UUID, login: str, password_hash: str, language: str = "vi"
) -> Account:
    """Let a person sign in. The password comes hashed, because hashing is slow and must happen outside."""
    if actor is not None:
        actor.must(Right.ADMINISTER)
    login = login.strip().lower()
    if not login:
        raise Refused("field-missing", field="login")
    if len(login) > LOGIN_LENGTH:
        raise Refused("field-long", field="login", limit=LOGIN_LENGTH)
    if await work.session.scalar(select(Account.id).where(Account.login == login)):
        raise Refused("login-taken", login=login)
    account = Account(
        id=work.new_id(),
        person_id=person,
        login=login,
        password_hash=password_hash,
        language=language,
        disabled=False,
        created_at=work.now,
    )
    work.session.add(account)
    await work.session.flush()
    await work.record(actor, AccountOpened(account=str(account.id), person=str(person), login=login))
    return account


async def disable_account(work: Work, actor: Actor | None, *, login: str) -> Account:
    """End an account's sign-ins and tokens at once; its past acts stay in the record."""
    if actor is not None:
        actor.must(Right.ADMINISTER)
    account = await work.session.scalar(select(Account).where(Account.login == login.strip().lower()))
    if account is None:
        raise Refused("not-found")
    account.disabled = True
    for table in (SignIn, AccessToken):
        for row in await work.session.scalars(select(table).where(table.account_id == account.id)):
            await work.session.delete(row)
    await work.session.flush()
    await work.record(actor, AccountDisabled(account=str(account.id)))
    return account


def hash_password(password: str) -> str:
    """Argon2id of a password; refuses a short one. Call in a thread."""
    if len(password) < PASSWORD_LENGTH:
        raise Refused("password-short")
    return passwords.hash(password)


async def actors(reading: Reading, accounts: Iterable[Account], day: date) -> dict[UUID, Actor]:
    """Each account as an actor, with the roles that hold on that day; disabled accounts are left out."""
    live = [account for account in accounts if not account.disabled]
    persons = [account.person_id for account in live]
    names = dict(
        (await reading.session.execute(select(Person.id, Person.name).where(Person.id.in_(persons)))).all()
    )
    grants: dict[UUID, set[Grant]] = defaultdict(set)
    for row in await reading.session.scalars(select(RoleGrant).where(RoleGrant.person_id.in_(persons))):
        grants[row.person_id].add(Grant(Role(row.role), row.body_id, row.agency_id))
    seats = select(Membership.person_id, Membership.body_id).where(
        Membership.person_id.in_(persons),
        Membership.since <= day,
        or_(Membership.until.is_(None), Membership.until >= day),
    )
    for person, body in (await reading.session.execute(seats)).all():
        grants[person].add(Grant(Role.DELEGATE, body))
    standing_in = select(Substitution.substitute_id, Substitution.meeting_id).where(
        Substitution.substitute_id.in_(persons), Substitution.ended_at.is_(None)
    )
    for person, meeting in (await reading.session.execute(standing_in)).all():
        grants[person].add(Grant(Role.DELEGATE, meeting=meeting))
    return {
        account.id: Actor(
            person=account.person_id,
            account=account.id,
            name=names[account.person_id],
            language=account.language,
            grants=frozenset(grants[account.person_id]),
        )
        for account in live
    }
