"""A work programme goes out as a table file and comes in from one, whole or not at all."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from meetings.before.programme_facts import must_read
from meetings.before.programme_reading import open_programme
from meetings.before.work_programme import EntryFacts, checked_reason, keep_change, put_entry
from meetings.exchange.programme_file import Row, read, written
from meetings.rules.events import ProgrammeImported
from meetings.rules.permissions import Actor, Right
from meetings.rules.refusals import Refused
from meetings.rules.work_programme import ChangeKind, EntryState, Form
from meetings.storage.tables import Agency, Body, ProgrammeEntry, WorkProgramme
from meetings.storage.unit_of_work import Reading, Work

FILE_LIMIT = 2 * 1024 * 1024
"""Bytes of a file."""


async def export_programme(reading: Reading, actor: Actor, programme: UUID, language: str) -> bytes:
    """The entries that hold, as a CSV file in UTF-8; what is withdrawn is left out."""
    kept = await reading.get(WorkProgramme, programme)
    must_read(actor, kept)
    opened = await open_programme(reading, actor, kept)
    rows = [
        Row(
            title=line.entry.title, period=line.period, form=Form(line.entry.form),
            agency=line.agency if line.entry.agency_id else "", cooperating=tuple(line.cooperating),
            supervisor=line.entry.supervisor, submit_by=line.entry.submit_by, basis=line.entry.basis,
            note=line.entry.note,
        )
        for line in opened.lines
        if line.standing.state is not EntryState.WITHDRAWN
    ]  # fmt: skip
    return written(rows, language)


async def import_programme(
    work: Work, actor: Actor, programme: UUID, content: bytes, *, reason: str = ""
) -> int:
    """Add the entries of a file, all of them or none; into an approved programme with the reason for all.

    How many there were. Refused with the number of the first row that is not right (`programme-row-…`); an entry of the
    same title and time is not added twice (`programme-row-twice`).
    """
    kept = await work.locked(WorkProgramme, programme)
    actor.must(Right.PREPARE, body=kept.body_id)
    if len(content) > FILE_LIMIT:
        raise Refused("programme-file")
    why = checked_reason(kept, reason)
    wanted = read(content, kept.year)
    agencies = dict(iter(await work.session.execute(select(Agency.name, Agency.id))))
    there = await work.session.execute(
        select(ProgrammeEntry.title, ProgrammeEntry.due_from, ProgrammeEntry.due_until).where(
            ProgrammeEntry.programme_id == programme, ProgrammeEntry.withdrawn_at.is_(None)
        )
    )
    stands = {(title, first, last) for title, first, last in there}
    added: list[ProgrammeEntry] = []
    for number, row in wanted:
        same = (row.title, row.period.first, row.period.last)
        if same in stands:
            raise Refused("programme-row-twice", row=number)
        stands.add(same)
        added.append(await put_entry(work, actor, kept, _facts(number, row, agencies)))
    body = await work.get(Body, kept.body_id)
    event = ProgrammeImported(
        programme=str(programme), name_of_body=body.name, year=kept.year, titles=[one.title for one in added],
        entries=len(added), reason=why,
    )  # fmt: skip
    await work.record(actor, event)
    if kept.approved_at:
        for entry in added:
            await keep_change(work, actor, kept, body, entry, ChangeKind.ADDED, {}, why)
    return len(added)


def _facts(number: int, row: Row, agencies: dict[str, UUID]) -> EntryFacts:
    for name in (row.agency, *row.cooperating):
        if name and name not in agencies:
            raise Refused("programme-row-agency", row=number, name=name[:200])
    return EntryFacts(
        title=row.title, due=row.period, form=row.form, agency=agencies[row.agency] if row.agency else None,
        cooperating=frozenset(agencies[name] for name in row.cooperating), supervisor=row.supervisor,
        submit_by=row.submit_by, basis=row.basis, note=row.note,
    )  # fmt: skip
