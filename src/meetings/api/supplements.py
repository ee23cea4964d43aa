"""What changed on a published agenda: numbered supplements, who has read them, and the freeze."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response
from litestar.params import FromPath, JSONBody

from meetings.api.contract import Answer, ApiRequest, Asked, Prose, Reason, Short, reads, writes
from meetings.api.meetings import Meeting, shape
from meetings.api.repeats import written
from meetings.before.ordering import order_agenda
from meetings.before.scheduling import open_to
from meetings.before.supplements import (
    confirm_reading,
    freeze_agenda,
    issue_supplement,
    readers_of,
    release_agenda,
    supplements_of,
)
from meetings.language import N_
from meetings.rules.permissions import Right
from meetings.storage.unit_of_work import Work

TAG = N_("Agenda")


class Change(Answer):
    """One change of an item. `before` and `after` are words, printed numbers, or versions of a paper."""

    kind: Annotated[
        str,
        msgspec.Meta(
            description=N_(
                "`added`, `changed` (see `field`), `moved`, `withdrawn`, `postponed`, `referred`, `paper-laid`, "
                "`paper-withdrawn`."
            )
        ),
    ]
    item: UUID
    number: str
    title: str
    field: str
    before: str
    after: str
    paper: UUID | None
    paper_title: str
    reason: str


class Supplement(Answer):
    """The changes that were told together; those of items that the reader may not see are left out."""

    number: int
    issued_at: datetime | None
    """Null while changes are collected under it."""
    issued_by: UUID | None
    """Null, too, where it went out by itself when the meeting was called to order."""
    late_days: int
    """Working days by which it missed the notice period."""
    reason: str
    changes: list[Change]


class Supplements(Answer):
    items: list[Supplement]


class Confirmation(Answer):
    supplement: int
    """0: the agenda as it was published."""
    read_at: datetime


class ReaderOfAgenda(Answer):
    person: UUID
    name: str
    confirmed: list[Confirmation]


class ReadersOfAgenda(Answer):
    items: list[ReaderOfAgenda]


class Confirmed(Answer):
    supplement: int


class IssueSupplement(Asked):
    """`reason` is needed inside the notice period (`supplement-late`)."""

    reason: Prose = ""


@reads("/meetings/{meeting_id:uuid}/supplements", Right.ATTEND, N_("What changed since the publication"), TAG)
async def list_supplements(request: ApiRequest, meeting_id: FromPath[UUID]) -> Response[Supplements]:
    """The newest first; the first may be collected still."""
    async with request.house.store.reading() as reading:
        meeting = await open_to(reading, request.actor, meeting_id)
        views = await supplements_of(reading, request.actor, meeting)
    return Response(
        Supplements(
            items=[
                Supplement(
                    number=view.number,
                    issued_at=view.issued.issued_at if view.issued else None,
                    issued_by=view.issued.issued_by if view.issued else None,
                    late_days=view.issued.late_days if view.issued else 0,
                    reason=view.issued.reason if view.issued else "",
                    changes=[
                        Change(
                            kind=one.kind, item=UUID(one.item), number=one.number, title=one.title, field=one.field,
                            before=one.before, after=one.after, paper=UUID(one.paper) if one.paper else None,
                            paper_title=one.paper_title, reason=one.reason,
                        )
                        for one in view.changes
                    ],
                )
                for view in views
            ]
        )
    )  # fmt: skip


@writes(
    "/meetings/{meeting_id:uuid}/supplements",
    Right.PREPARE,
    N_("Issue the supplement: everybody concerned is told what changed"),
    TAG,
)
async def post_supplement(
    request: ApiRequest, meeting_id: FromPath[UUID], data: JSONBody[IssueSupplement]
) -> Response[Confirmed]:
    """Refused (`supplement-empty`) when nothing changed."""

    async def act(work: Work) -> Confirmed:
        await open_to(work, request.actor, meeting_id)
        row = await issue_supplement(work, request.actor, meeting_id, reason=data.reason)
        return Confirmed(supplement=row.number)

    return await written(request, act)


@reads(
    "/meetings/{meeting_id:uuid}/readers",
    Right.KEEP_ROLL,
    N_("Which members confirmed having read which state of the agenda"),
    TAG,
)
async def list_readers(request: ApiRequest, meeting_id: FromPath[UUID]) -> Response[ReadersOfAgenda]:
    """In the order names are read."""
    async with request.house.store.reading() as reading:
        meeting = await open_to(reading, request.actor, meeting_id)
        readers = await readers_of(reading, request.actor, meeting)
    return Response(
        ReadersOfAgenda(
            items=[
                ReaderOfAgenda(
                    person=one.person, name=one.name,
                    confirmed=[
                        Confirmation(supplement=number, read_at=row.read_at)
                        for number, row in sorted(one.read.items())
                    ],
                )
                for one in readers
            ]
        )
    )  # fmt: skip


@writes(
    "/meetings/{meeting_id:uuid}/read", Right.ATTEND, N_("Confirm having read the agenda as it stands"), TAG
)
async def post_reading(request: ApiRequest, meeting_id: FromPath[UUID]) -> Response[Confirmed]:
    """With every supplement that was issued."""

    async def act(work: Work) -> Confirmed:
        await open_to(work, request.actor, meeting_id)
        return Confirmed(supplement=await confirm_reading(work, request.actor, meeting_id))

    return await written(request, act)


@writes("/meetings/{meeting_id:uuid}/freeze", Right.PREPARE, N_("Freeze the agenda"), TAG)
async def post_freeze(request: ApiRequest, meeting_id: FromPath[UUID]) -> Response[Meeting]:
    """No item is added, changed or moved until the chair releases it (`agenda-frozen`)."""

    async def act(work: Work) -> Meeting:
        await open_to(work, request.actor, meeting_id)
        return shape(await freeze_agenda(work, request.actor, meeting_id))

    return await written(request, act)


@writes("/meetings/{meeting_id:uuid}/release", Right.RUN_ROOM, N_("Release a frozen agenda"), TAG)
async def post_release(
    request: ApiRequest, meeting_id: FromPath[UUID], data: JSONBody[Reason]
) -> Response[Meeting]:
    """The reason stands in the journal."""

    async def act(work: Work) -> Meeting:
        await open_to(work, request.actor, meeting_id)
        return shape(await release_agenda(work, request.actor, meeting_id, reason=data.reason))

    return await written(request, act)


class Order(Asked):
    """Left out: by the rules that the body has."""

    criteria: Annotated[
        list[Short],
        msgspec.Meta(
            description=N_(
                "`adoption`, `continued`, `decisions`, `questions-last`, `internal-last`, `short`, `presenter`; "
                "the first one first. They become the rules of the body."
            )
        ),
    ] | None = None  # fmt: skip


@writes("/meetings/{meeting_id:uuid}/order", Right.PREPARE, N_("Put a draft agenda in order by rules"), TAG)
async def post_order(
    request: ApiRequest, meeting_id: FromPath[UUID], data: JSONBody[Order]
) -> Response[Meeting]:
    """What the criteria leave equal keeps its order."""

    async def act(work: Work) -> Meeting:
        await open_to(work, request.actor, meeting_id)
        return shape(await order_agenda(work, request.actor, meeting_id, criteria=data.criteria))

    return await written(request, act)


handlers = [
    post_order,
    list_supplements,
    post_supplement,
    list_readers,
    post_reading,
    post_freeze,
    post_release,
]
