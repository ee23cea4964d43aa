"""The work programme of a body: its entries, how they stand, what changed, and taking them in hand."""

from dataclasses import asdict
from datetime import date, datetime
from uuid import UUID

import msgspec
from litestar import Response
from litestar.params import FromPath, FromQuery, JSONBody

from meetings.api.contract import Answer, ApiRequest, Asked, Line, Reason, Short, reads, writes
from meetings.api.repeats import written
from meetings.before.programme_reading import Line as Entry
from meetings.before.programme_reading import open_programme, read_entry, read_programme
from meetings.before.programme_work import ask_entry_in_writing, begin_entry_dossier, put_entry_on_agenda
from meetings.before.work_programme import (
    EntryFacts,
    approve_programme,
    begin_programme,
    change_entry,
    finish_entry,
    remove_entry,
    withdraw_entry,
    write_entry,
)
from meetings.language import N_
from meetings.rules.permissions import Right
from meetings.rules.refusals import Refused
from meetings.rules.work_programme import period_from
from meetings.storage.tables import WorkProgramme
from meetings.storage.unit_of_work import Reading, Work

TAG = N_("Work programme")


class ProgrammeChangeSeen(Answer):
    """`kind`: `added`, `moved`, `changed` or `withdrawn`. `was`: field → what it said before."""

    kind: str
    was: dict[str, str]
    reason: str
    at: datetime


class EntrySeen(Answer):
    """`due` is `2026-Q1`, `2026-03` or `2026-03-15`. `state`: `planned`, `prepared`, `under-way`, `done`, `withdrawn`.

    `late`: working days after the period on which it was done, or today while it is open. `agency` null: the body's own
    office. `item`, `dossier`, `consultation`: what deals with it, as far as the reader may open that.
    """

    id: UUID
    programme: UUID
    title: str
    due: str
    form: str
    agency: UUID | None
    cooperating: list[UUID]
    supervisor: str
    submit_by: date
    basis: str
    note: str
    state: str
    late: int
    done_on: date | None
    item: UUID | None
    meeting: UUID | None
    dossier: UUID | None
    consultation: UUID | None
    changes: list[ProgrammeChangeSeen]


class ProgrammeFigures(Answer):
    """`in_time`, `late`, `withdrawn` and `open` add up to all entries; `overdue` and `moved` count among them."""

    in_time: int
    late: int
    withdrawn: int
    open: int
    overdue: int
    moved: int


class ProgrammeSeen(Answer):
    """`approved_on` is null while it is a draft, which only the secretariat reads."""

    id: UUID
    body: UUID
    year: int
    number: str
    approved_on: date | None
    figures: ProgrammeFigures
    entries: list[EntrySeen]


class ProgrammeWanted(Asked):
    year: int


class Approval(Asked):
    number: Line
    approved_on: date


class ProgrammeEntryWanted(Asked):
    """After the approval `reason` is needed. `agency` left out: the body's own office drafts."""

    title: Line
    due: Short
    form: Short = "meeting"
    agency: UUID | None = None
    cooperating: list[UUID] = msgspec.field(default_factory=list[UUID])
    supervisor: Line = ""
    submit_by: date | None = None
    basis: Line = ""
    note: Line = ""
    reason: Line = ""


class DoneOn(Asked):
    on: date


class OnAgenda(Asked):
    meeting: UUID


class AskedUntil(Asked):
    """`closes` is `2026-03-20T17:00` on the clock of the body."""

    closes: Short


class DossierWanted(Asked):
    """`title` left out: the entry's."""

    procedure: UUID
    title: Line = ""


class EntryRemoved(Answer):
    programme: UUID


class Begun(Answer):
    """The id of the item, dossier or consultation."""

    id: UUID


@reads("/bodies/{body_id:uuid}/programme", Right.SIGNED_IN, N_("Read the work programme of a year"), TAG)
async def get_programme(
    request: ApiRequest, body_id: FromPath[UUID], year: FromQuery[int]
) -> Response[ProgrammeSeen]:
    """Members, chairs and agencies read it once it is approved; observers do not."""
    async with request.house.store.reading() as reading:
        opened = await read_programme(reading, request.actor, body_id, year)
        if opened is None:
            raise Refused("not-found")
        return Response(await _programme(reading, request, opened.programme))


@writes(
    "/bodies/{body_id:uuid}/programme", Right.PREPARE, N_("Begin the programme of a year"), TAG, status=201
)
async def post_programme(
    request: ApiRequest, body_id: FromPath[UUID], data: JSONBody[ProgrammeWanted]
) -> Response[ProgrammeSeen]:
    """A body has one for each year."""

    async def act(work: Work) -> ProgrammeSeen:
        kept = await begin_programme(work, request.actor, body_id, data.year)
        return await _programme(work, request, kept)

    return await written(request, act, status=201)


@writes("/programmes/{programme_id:uuid}/approve", Right.PREPARE, N_("Approve a work programme"), TAG)
async def post_approve(
    request: ApiRequest, programme_id: FromPath[UUID], data: JSONBody[Approval]
) -> Response[ProgrammeSeen]:
    """Its agencies are told; from then on every change needs a reason and is kept."""

    async def act(work: Work) -> ProgrammeSeen:
        kept = await approve_programme(
            work, request.actor, programme_id, number=data.number, approved_on=data.approved_on
        )
        return await _programme(work, request, kept)

    return await written(request, act)


@writes(
    "/programmes/{programme_id:uuid}/entries",
    Right.PREPARE,
    N_("Write an entry of a programme"),
    TAG,
    status=201,
)
async def post_entry(
    request: ApiRequest, programme_id: FromPath[UUID], data: JSONBody[ProgrammeEntryWanted]
) -> Response[EntrySeen]:
    """`due` lies in the programme's year."""

    async def act(work: Work) -> EntrySeen:
        kept = await write_entry(work, request.actor, programme_id, _facts(data), reason=data.reason)
        return await _entry(work, request, kept.id)

    return await written(request, act, status=201)


@reads("/programme-entries/{entry_id:uuid}", Right.SIGNED_IN, N_("Read an entry of a programme"), TAG)
async def get_entry(request: ApiRequest, entry_id: FromPath[UUID]) -> Response[EntrySeen]:
    """With every change since the approval."""
    async with request.house.store.reading() as reading:
        return Response(await _entry(reading, request, entry_id))


@writes(
    "/programme-entries/{entry_id:uuid}",
    Right.PREPARE,
    N_("Change an entry of a programme"),
    TAG,
    method="put",
)
async def put_entry(
    request: ApiRequest, entry_id: FromPath[UUID], data: JSONBody[ProgrammeEntryWanted]
) -> Response[EntrySeen]:
    """The whole entry as it is to be; after the approval what it said before stays visible."""

    async def act(work: Work) -> EntrySeen:
        await change_entry(work, request.actor, entry_id, _facts(data), reason=data.reason)
        return await _entry(work, request, entry_id)

    return await written(request, act)


@writes("/programme-entries/{entry_id:uuid}/remove", Right.PREPARE, N_("Take an entry out of a draft"), TAG)
async def post_remove(request: ApiRequest, entry_id: FromPath[UUID]) -> Response[EntryRemoved]:
    """After the approval it is withdrawn instead."""

    async def act(work: Work) -> EntryRemoved:
        return EntryRemoved(programme=(await remove_entry(work, request.actor, entry_id)).id)

    return await written(request, act)


@writes(
    "/programme-entries/{entry_id:uuid}/withdraw", Right.PREPARE, N_("Withdraw an entry of a programme"), TAG
)
async def post_withdraw(
    request: ApiRequest, entry_id: FromPath[UUID], data: JSONBody[Reason]
) -> Response[EntrySeen]:
    """It stays in the programme with the reason."""

    async def act(work: Work) -> EntrySeen:
        await withdraw_entry(work, request.actor, entry_id, reason=data.reason)
        return await _entry(work, request, entry_id)

    return await written(request, act)


@writes("/programme-entries/{entry_id:uuid}/done", Right.PREPARE, N_("Say that an entry is done"), TAG)
async def post_done(
    request: ApiRequest, entry_id: FromPath[UUID], data: JSONBody[DoneOn]
) -> Response[EntrySeen]:
    """For reports, and what was dealt with elsewhere; items and consultations tell by themselves."""

    async def act(work: Work) -> EntrySeen:
        await finish_entry(work, request.actor, entry_id, on=data.on)
        return await _entry(work, request, entry_id)

    return await written(request, act)


@writes("/programme-entries/{entry_id:uuid}/agenda", Right.PREPARE, N_("Put an entry on an agenda"), TAG)
async def post_agenda(
    request: ApiRequest, entry_id: FromPath[UUID], data: JSONBody[OnAgenda]
) -> Response[Begun]:
    """As the last item of a meeting of the body."""

    async def act(work: Work) -> Begun:
        return Begun(id=(await put_entry_on_agenda(work, request.actor, data.meeting, entry=entry_id)).id)

    return await written(request, act)


@writes(
    "/programme-entries/{entry_id:uuid}/consultation",
    Right.PREPARE,
    N_("Ask an entry in writing"),
    TAG,
    status=201,
)
async def post_consultation(
    request: ApiRequest, entry_id: FromPath[UUID], data: JSONBody[AskedUntil]
) -> Response[Begun]:
    """The draft of a consultation, with the entry's title as its question."""

    async def act(work: Work) -> Begun:
        return Begun(
            id=(await ask_entry_in_writing(work, request.actor, entry=entry_id, closes=data.closes)).id
        )

    return await written(request, act, status=201)


@writes(
    "/programme-entries/{entry_id:uuid}/dossier",
    Right.CARRY_OUT,
    N_("Begin the dossier of an entry"),
    TAG,
    status=201,
)
async def post_dossier(
    request: ApiRequest, entry_id: FromPath[UUID], data: JSONBody[DossierWanted]
) -> Response[Begun]:
    """By the agency that leads the entry."""

    async def act(work: Work) -> Begun:
        line, _, _ = await read_entry(work, request.actor, entry_id)
        dossier = await begin_entry_dossier(
            work, request.actor, entry=entry_id, procedure=data.procedure, title=data.title or line.entry.title,
            presenter=line.entry.supervisor,
        )  # fmt: skip
        return Begun(id=dossier.id)

    return await written(request, act, status=201)


def _facts(data: ProgrammeEntryWanted) -> EntryFacts:
    return EntryFacts(
        title=data.title, due=period_from(data.due), form=data.form, agency=data.agency,
        cooperating=frozenset(data.cooperating), supervisor=data.supervisor, submit_by=data.submit_by,
        basis=data.basis, note=data.note,
    )  # fmt: skip


async def _programme(reading: Reading, request: ApiRequest, kept: WorkProgramme) -> ProgrammeSeen:
    opened = await open_programme(reading, request.actor, kept)
    return ProgrammeSeen(
        id=kept.id, body=kept.body_id, year=kept.year, number=kept.number, approved_on=kept.approved_on,
        figures=ProgrammeFigures(**asdict(opened.figures)), entries=[_line(line) for line in opened.lines],
    )  # fmt: skip


async def _entry(reading: Reading, request: ApiRequest, entry: UUID) -> EntrySeen:
    return _line((await read_entry(reading, request.actor, entry))[0])


def _line(line: Entry) -> EntrySeen:
    kept = line.entry
    return EntrySeen(
        id=kept.id, programme=kept.programme_id, title=kept.title, due=line.period.code, form=kept.form,
        agency=kept.agency_id, cooperating=sorted(line.helping), supervisor=kept.supervisor, submit_by=line.submit_by,
        basis=kept.basis, note=kept.note, state=line.standing.state, late=line.standing.late, done_on=kept.done_on,
        item=line.item.id if line.item else None, meeting=line.meeting.id if line.meeting else None,
        dossier=line.dossier.id if line.dossier else None,
        consultation=line.consultation.id if line.consultation else None,
        changes=[
            ProgrammeChangeSeen(kind=one.kind, was=one.was, reason=one.reason, at=one.made_at) for one in line.changes
        ],
    )  # fmt: skip


handlers = [
    get_programme, post_programme, post_approve, post_entry, get_entry, put_entry, post_remove, post_withdraw,
    post_done, post_agenda, post_consultation, post_dossier,
]  # fmt: skip
