"""The `meetings` command. Exit codes: 0 done, 1 refused or the check failed, 2 wrong usage; errors in one sentence."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable, Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn, TypeVar
from uuid import UUID

import click
import uvicorn
from rich.console import Console
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from meetings import __version__, language
from meetings.app import SERVING, create_app, make_store
from meetings.council.persons import disable_account, enter_person, grant_role, hash_password, open_account
from meetings.council.sign_in import issue_token
from meetings.doctor import examine
from meetings.during.records import Imported, import_book
from meetings.exchange.book import Book
from meetings.exchange.book_fields import SIZE_LIMIT
from meetings.exchange.book_reader import read_book
from meetings.pdf.verify import verify as verify_pdf
from meetings.replay import Verdict, replay_book
from meetings.rules.outcome import REASONS
from meetings.rules.permissions import Role
from meetings.rules.recount import recount
from meetings.rules.refusals import Refused
from meetings.settings import Settings, WrongSetting, read_settings
from meetings.storage.journal import verify_chain
from meetings.storage.migrate import migrate as migrate_schema
from meetings.storage.migrate import newest, schema_version
from meetings.storage.tables import Account, Chain, Meeting, Person
from meetings.storage.unit_of_work import Store

out = Console()
err = Console(stderr=True)
Answer = TypeVar("Answer")


def fail(sentence: str) -> NoReturn:
    """One sentence on standard error, exit code 1."""
    err.print(f"meetings: {sentence}", style="red", highlight=False, markup=False, soft_wrap=True)
    sys.exit(1)


def run(work: Coroutine[Any, Any, Answer]) -> Answer:
    """Run a coroutine; refusals become a sentence and exit code 1."""
    try:
        return asyncio.run(work)
    except Refused as refusal:
        fail(str(refusal))
    except (SQLAlchemyError, OSError) as failure:
        fail(f"the database could not be used: {str(failure).splitlines()[0]}")


def settings_now() -> Settings:
    """The settings, or one sentence about the wrong one."""
    try:
        settings = read_settings()
    except WrongSetting as wrong:
        fail(str(wrong))
    language.speak("en", settings.timezone)
    return settings


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="meetings")
def main() -> None:
    """Meetings, the paperless council."""


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
def serve(host: str, port: int) -> None:
    """Serve the house."""
    settings = settings_now()
    run(_ready(settings))
    uvicorn.run(create_app(settings), host=host, port=port, **SERVING)


async def _ready(settings: Settings) -> None:
    if settings.sqlite:
        if await migrate_schema(settings.database_url):
            out.print("The schema is up to date.")
    elif await schema_version(settings.database_url) != newest():
        fail("the database schema is not this program’s: run `meetings migrate` first.")
    store = make_store(settings)
    async with store.reading() as reading:
        empty = await reading.session.scalar(select(Account.id).limit(1)) is None
    await store.close()
    if empty:
        out.print("There is no account yet. Make the first administrator with:")
        out.print(
            "  meetings account add --login admin --name 'Full Name' --role administrator", highlight=False
        )


@main.command()
def migrate() -> None:
    """Bring the database schema to the newest version."""
    settings = settings_now()
    changed = run(migrate_schema(settings.database_url))
    out.print("The schema is now up to date." if changed else "The schema was up to date already.")


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

    _with_store(act)
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

    for login, name, disabled in _with_store(act):
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

    click.echo(_with_store(act))


@account.command("disable")
@click.argument("login")
def account_disable(login: str) -> None:
    """End an account's sign-ins and tokens at once."""

    async def act(store: Store) -> None:
        async with store.work() as work:
            await disable_account(work, None, login=login)

    _with_store(act)
    out.print(f"{login} can no longer sign in.", highlight=False)


@main.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--trust", "trusted", multiple=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--json", "as_json", is_flag=True, help="The whole report as JSON.")
def verify(file: Path, trusted: tuple[Path, ...], as_json: bool) -> None:
    """Check every signature of a PDF: signer, time, what it covers, changes after it.

    Without --trust the anchors in the keys folder count.
    """
    settings = settings_now()
    anchors = [path.read_bytes() for path in trusted or sorted((settings.keys_dir / "anchors").glob("*.pem"))]
    try:
        report = verify_pdf(file.read_bytes(), anchors)
    except Refused as refusal:
        fail(str(refusal))
    if as_json:
        click.echo(json.dumps(report.as_data(), ensure_ascii=False))
        sys.exit(0 if report.ok else 1)
    for one in report.signatures:
        state = "intact" if one.intact else "BROKEN"
        trust = "trusted" if one.trusted else "NOT TRUSTED"
        out.print(f"{one.field}: {one.signer}, {one.organisation}", highlight=False, markup=False)
        out.print(
            f"  {one.signed_at} by the {one.time_source}’s clock, {one.level}, covers the {one.covers}",
            highlight=False,
        )
        out.print(f"  {state}, {trust}, changes after it: {one.changes}", highlight=False)
        for problem in one.problems:
            err.print(f"  {problem}", highlight=False, markup=False)
    for problem in report.problems:
        err.print(str(problem), highlight=False, markup=False)
    out.print("All signatures are intact and trusted." if report.ok else "This file must not be relied on.")
    sys.exit(0 if report.ok else 1)


@main.command()
def doctor() -> None:
    """Check settings, database, storage, signing keys, mail, clock and assets."""
    settings = settings_now()
    findings = run(examine(settings))
    for name, problem in findings:
        mark = "✓" if problem is None else "✕"
        out.print(f"{mark} {name}{'' if problem is None else ': ' + problem}", highlight=False, markup=False)
    sys.exit(1 if any(problem for _, problem in findings) else 0)


@main.command("import")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--dry-run", is_flag=True, help="Try everything, write nothing.")
def import_files(files: tuple[Path, ...], dry_run: bool) -> None:
    """Take over council books (JSON): all of them, or nothing."""
    books = [_book_in(file) for file in files]
    settings = settings_now()

    async def act(store: Store) -> list[Imported]:
        taken: list[Imported] = []
        with suppress(_OnlyTried):
            async with store.work() as work:
                taken += [
                    await import_book(work, None, book, timezone=settings.timezone, language=settings.locale)
                    for book in books
                ]
                if dry_run:
                    raise _OnlyTried
        return taken

    for one in _with_store(act):
        _print_imported(one)
    if dry_run:
        out.print("This was a dry run: nothing was written.")


class _OnlyTried(Exception):
    """Undoes the work of a dry run."""


def _book_in(file: Path) -> Book:
    with file.open("rb") as opened:
        data = opened.read(SIZE_LIMIT + 1)
    try:
        return read_book(data)
    except Refused as refusal:
        fail(f"{file.name}: {refusal}")


def _print_imported(one: Imported) -> None:
    out.print(
        f"{one.name}: taken are {one.members} members, {one.meetings} meetings, {one.items} items, "
        f"{one.polls} roll calls with {one.ballots} ballots.", highlight=False, markup=False, soft_wrap=True,
    )  # fmt: skip
    if one.notes:
        out.print("Left out, or not in agreement with itself:")
    for note in one.notes:
        out.print(f"  {note.reference}: {note.text}", highlight=False, markup=False, soft_wrap=True)


@main.command()
@click.argument("book", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--only", "only", multiple=True, metavar="REFERENCE", help="One roll call; may be given again.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object at the end instead of a line each.")
def replay(book: Path, only: tuple[str, ...], as_json: bool) -> None:
    """Vote a council’s recorded roll calls again, live, and compare."""
    language.speak("en", "UTC")
    verdicts = run(_replay(_book_in(book), only, None if as_json else _print_verdict))
    agreeing = sum(verdict.agrees for verdict in verdicts)
    if as_json:
        polls = [verdict.as_data() for verdict in verdicts]
        click.echo(json.dumps({"polls": polls, "agree": agreeing, "of": len(polls)}, ensure_ascii=False))
    else:
        out.print(f"{agreeing} of {len(verdicts)} roll calls came out as published.", highlight=False)
    sys.exit(0 if agreeing == len(verdicts) else 1)


async def _replay(book: Book, only: tuple[str, ...], tell: Callable[[Verdict], None] | None) -> list[Verdict]:
    verdicts: list[Verdict] = []
    async for verdict in replay_book(book, only):
        verdicts.append(verdict)
        if tell is not None:
            tell(verdict)
    return verdicts


def _print_verdict(verdict: Verdict) -> None:
    line = f"{'✓' if verdict.agrees else '✕'} {verdict.reference}: {verdict.recorded or 'not replayed'}"
    if verdict.replayed is not None and not verdict.agrees:
        line += f"; but live: {verdict.replayed}"
    if verdict.outcome:
        line += f" ({verdict.outcome}, {verdict.rule})"
    for text in (line, *(f"    {note}" for note in verdict.notes)):
        out.print(text, highlight=False, markup=False, soft_wrap=True)


@main.group()
def poll() -> None:
    """Polls and their records."""


@poll.command("verify")
@click.argument("record", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def poll_verify(record: Path) -> None:
    """Count a published poll again from its record, offline."""
    language.speak("en", "UTC")
    try:
        found = recount(json.loads(record.read_bytes()))
    except (ValueError, AttributeError, RecursionError):
        fail(f"{record.name} is not a poll’s record: save the answer of /api/v1/polls/ID/record.")
    except Refused as refusal:
        fail(str(refusal))
    for what, recorded, counted in found.differences:
        err.print(f"DIFFERS: {what}: recorded {recorded}, counted {counted}", highlight=False, markup=False)
    sentence = language.text(REASONS[found.outcome.reason], **found.outcome.facts)
    counts = ", ".join(f"{choice} {count}" for choice, count in found.tally.weights.items())
    out.print(f"{found.title}: {counts}. {sentence}", highlight=False, markup=False, soft_wrap=True)
    sys.exit(0 if found.agrees else 1)


@main.group()
def journal() -> None:
    """The record of proceedings."""


@journal.command("verify")
@click.option("--meeting", type=click.UUID, default=None, help="One meeting; otherwise every chain.")
def journal_verify(meeting: UUID | None) -> None:
    """Recompute the hash chain."""

    async def act(store: Store) -> list[tuple[str, int, int | None]]:
        async with store.reading() as reading:
            chains = (
                [meeting]
                if meeting
                else list(await reading.session.scalars(select(Chain.id).order_by(Chain.id)))
            )
            names = dict((await reading.session.execute(select(Meeting.id, Meeting.title))).all())
            if meeting is not None and meeting not in names:
                raise Refused("not-found")
            verdicts = [await verify_chain(reading.session, chain) for chain in chains]
        return [(names.get(v.chain, "the house"), v.rows, v.broken_at) for v in verdicts]

    broken = 0
    for name, rows, broken_at in _with_store(act):
        if broken_at is None:
            out.print(f"intact: {name}: {rows} rows", highlight=False, markup=False)
        else:
            broken += 1
            err.print(f"BROKEN: {name}: row {broken_at} does not fit", highlight=False, markup=False)
    sys.exit(1 if broken else 0)


def _with_store(act: Any) -> Any:
    """Run something on the configured database, its schema brought up to date first on SQLite."""
    settings = settings_now()

    async def whole() -> Any:
        if settings.sqlite:
            await migrate_schema(settings.database_url)
        store = make_store(settings)
        try:
            return await act(store)
        finally:
            await store.close()

    return run(whole())
