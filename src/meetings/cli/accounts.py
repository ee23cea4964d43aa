"""Accounts and access tokens from the shell."""

from __future__ import annotations

import asyncio
from uuid import UUID

import click
from sqlalchemy import select

from meetings.cli.group import main
from meetings.cli.shell import out, with_store
from meetings.council.persons import disable_account, enter_person, grant_role, hash_password, open_account
from meetings.council.sign_in import issue_token
from meetings.rules.permissions import Role
from meetings.rules.refusals import Refused
from meetings.storage.tables import Account, Person
from meetings.storage.unit_of_work import Store


@main.group()
def account() -> None:
    """Accounts and access tokens from the shell."""


@account.command("add")
@click.option("--login", required=True)
@click.option("--name", required=True, help="Full name as it is printed.")
@click.option("--email", default="")
@click.option(
    "--role", type=click.Choice([role.value for role in Role if role is not Role.DELEGATE]), default=None
)
@click.option("--body", type=click.UUID, default=None, help="Where the role holds.")
@click.option("--agency", type=click.UUID, default=None)
@click.password_option(help="At least 10 characters.")
def account_add(
    login: str, name: str, email: str, role: str | None, body: UUID | None, agency: UUID | None, password: str
) -> None:
    """Add a person with an account."""

    async def act(store: Store) -> None:
        hashed = await asyncio.to_thread(hash_password, password)
        async with store.work() as work:
            person = await enter_person(work, None, name=name, email=email)
            await open_account(work, None, person=person.id, login=login, password_hash=hashed)
            if role is not None:
                await grant_role(work, None, person=person.id, role=Role(role), body=body, agency=agency)

    with_store(act)
    out.print(f"{login} can sign in now.", highlight=False)


@account.command("list")
def account_list() -> None:
    """List every account."""

    async def act(store: Store) -> list[tuple[str, str, bool]]:
        async with store.reading() as reading:
            rows = await reading.session.execute(
                select(Account.login, Person.name, Account.disabled)
                .join(Person, Person.id == Account.person_id)
                .order_by(Account.login)
            )
            return list(rows.all())

    for login, name, disabled in with_store(act):
        out.print(f"{login}\t{name}{' (disabled)' if disabled else ''}", highlight=False, markup=False)


@account.command("token")
@click.argument("login")
@click.option("--name", default="shell", show_default=True, help="What the token is for.")
@click.option("--scopes", default="read write", show_default=True)
def account_token(login: str, name: str, scopes: str) -> None:
    """Issue an access token; it is shown once."""

    async def act(store: Store) -> str:
        async with store.work() as work:
            kept = await work.session.scalar(select(Account).where(Account.login == login.lower()))
            if kept is None or kept.disabled:
                raise Refused("not-found")
            return await issue_token(work, kept, name=name, scopes=scopes)

    click.echo(with_store(act))


@account.command("disable")
@click.argument("login")
def account_disable(login: str) -> None:
    """End an account's sign-ins and tokens at once."""

    async def act(store: Store) -> None:
        async with store.work() as work:
            await disable_account(work, None, login=login)

    with_store(act)
    out.print(f"{login} can no longer sign in.", highlight=False)
