"""Checking what was kept: signatures, polls, the journal."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from uuid import UUID

import click
from sqlalchemy import select

from meetings import language
from meetings.cli.group import main
from meetings.cli.shell import err, fail, out, settings_now, with_store
from meetings.council.signing_keys import trust_anchors
from meetings.pdf.verify import verify as verify_pdf
from meetings.rules.ballot_forms import ONE_CHOICE
from meetings.rules.outcome import REASONS
from meetings.rules.recount import recount
from meetings.rules.refusals import Refused
from meetings.storage.journal import verify_chain
from meetings.storage.tables import Chain, Meeting
from meetings.storage.unit_of_work import Store


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
    anchors = [path.read_bytes() for path in trusted] or trust_anchors(settings.keys_dir)
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
    words = {} if found.form.kind in ONE_CHOICE else {one.id: one.label for one in found.form.options}
    counts = ", ".join(f"{words.get(key, key)} {count}" for key, count in found.tally.weights.items())
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
    for name, rows, broken_at in with_store(act):
        if broken_at is None:
            out.print(f"intact: {name}: {rows} rows", highlight=False, markup=False)
        else:
            broken += 1
            err.print(f"BROKEN: {name}: row {broken_at} does not fit", highlight=False, markup=False)
    sys.exit(1 if broken else 0)
