"""Council books: imported, and voted on again."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import click

from meetings import language
from meetings.cli.group import main
from meetings.cli.shell import fail, out, run, settings_now, with_store
from meetings.during.records import Imported, import_book
from meetings.exchange.book import Book
from meetings.exchange.book_fields import SIZE_LIMIT
from meetings.exchange.book_reader import read_book
from meetings.replay import Verdict, replay_book
from meetings.rules.refusals import Refused
from meetings.storage.unit_of_work import Store


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

    for one in with_store(act):
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
