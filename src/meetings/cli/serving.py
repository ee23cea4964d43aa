"""Serving: the house, its schema, the demo, the doctor."""

from __future__ import annotations

import fcntl
import json
import signal
import socket
import sys
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NoReturn

import click
import uvicorn
from rich.table import Table
from sqlalchemy import make_url, select

from meetings import language
from meetings.app import SERVING, create_app, make_store
from meetings.cli.group import main
from meetings.cli.shell import err, fail, out, run, settings_now
from meetings.demo.serving import demo_settings, holds_another_house
from meetings.demo.serving import fill as fill_demo
from meetings.demo.serving import serve as serve_demo
from meetings.doctor import examine
from meetings.rules.permissions import Role
from meetings.settings import Settings
from meetings.storage.migrate import migrate as migrate_schema
from meetings.storage.migrate import newest, schema_version
from meetings.storage.tables import Account


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
def serve(host: str, port: int) -> None:
    """Serve the house."""
    settings = settings_now()
    with _alone(settings):
        run(_ready(settings))
        uvicorn.run(create_app(settings), host=host, port=port, **SERVING)


@contextmanager
def _alone(settings: Settings) -> Generator[None]:
    """SQLite serves one process: the screens of a second one would hear nothing. The mark falls with the process."""
    if not settings.sqlite:
        yield
        return
    database = Path(str(make_url(settings.database_url).database))
    database.parent.mkdir(parents=True, exist_ok=True)
    with database.with_name(f"{database.name}.serving").open("w") as mark:
        try:
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            fail(
                f"another process serves {database} already; several servers need PostgreSQL and Redis "
                "(docs/several-servers.md)."
            )
        yield


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


@main.command()
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), help="Keep the demo there.")
@click.option("--json", "as_json", is_flag=True, help="Print address and sign-ins as one JSON object.")
def demo(port: int, data: Path | None, as_json: bool) -> None:
    """Fill a demo council and serve it. Without --data it is thrown away at the end."""
    _must_be_free(port)
    signal.signal(signal.SIGTERM, _end)
    with ExitStack() as stack:
        folder = data or Path(stack.enter_context(TemporaryDirectory(prefix="meetings-demo-")))
        settings = demo_settings(folder, port)
        language.speak("en", settings.timezone)
        if holds_another_house(settings):
            fail(
                f"{folder} holds a database that is no finished demo: empty the folder, or name another one."
            )
        stack.enter_context(_alone(settings))
        run(fill_demo(settings, lambda step: err.print(f"… {step}", highlight=False)))
        run(serve_demo(settings, port, _print_json if as_json else _print_sign_ins))


def _end(_number: int, _frame: object) -> NoReturn:
    """Asked to end while it is still being filled: the throwaway folder goes, too."""
    sys.exit(0)


def _must_be_free(port: int) -> None:
    """Said before the work of filling, not after it."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as failure:
            fail(f"port {port} cannot be used ({failure.strerror}): choose another one with --port.")


def _print_json(description: dict[str, Any]) -> None:
    click.echo(json.dumps(description, ensure_ascii=False))


def _print_sign_ins(description: dict[str, Any]) -> None:
    table = Table(title=f"Meetings is ready: {description['url']}", title_justify="left", title_style="bold")
    for column in ("Role", "Name", "Sign-in name", "Password"):
        table.add_column(column)
    shown: set[str] = set()
    for account in sorted(description["accounts"], key=lambda one: list(Role).index(Role(one["role"]))):
        if account["role"] not in shown:
            shown.add(account["role"])
            table.add_row(account["role"], account["name"], account["login"], account["password"])
    out.print(table)
    out.print(
        "Further delegates are delegate02 to delegate49, agencies agency2 to agency6. Stop with Ctrl+C."
    )


@main.command()
def doctor() -> None:
    """Check settings, database, storage, signing keys, mail, clock and assets."""
    settings = settings_now()
    findings = run(examine(settings))
    for name, problem in findings:
        mark = "✓" if problem is None else "✕"
        out.print(f"{mark} {name}{'' if problem is None else ': ' + problem}", highlight=False, markup=False)
    sys.exit(1 if any(problem for _, problem in findings) else 0)
