"""Motions on their way: read with their difference, seconded, withdrawn, divided, worded anew, put together."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Response
from litestar.params import FromPath, JSONBody

from meetings.api.contract import (
    SECRETARY_OR_CHAIR,
    Answer,
    ApiRequest,
    Asked,
    Line,
    Prose,
    reads,
    writes,
)
from meetings.api.repeats import written
from meetings.before.scheduling import open_to
from meetings.before.visibility import must_see_item
from meetings.during.amendments import place_amendment, reword_motion
from meetings.during.consent import draft_consent, take_out
from meetings.during.divisions import divide_motion, parts_of
from meetings.during.motion_polls import motions_of_poll
from meetings.during.motions import amendments_of, second_motion, withdraw_motion
from meetings.language import N_
from meetings.rules.differences import differences
from meetings.rules.permissions import Actor, Right
from meetings.storage import tables
from meetings.storage.unit_of_work import Reading, Work

TAG = N_("Motions")
PRESENT = N_("For the members of the body who are present and do not stand aside from the item in hand.")
MOVER_OR_CLERK = N_("For who moved it, for the secretaries and the chair of the body.")


class Difference(Answer):
    """Some words of an amendment: `same`, `added`, `removed`. All but the added ones are the old text."""

    kind: str
    text: str


class MotionInFull(Answer):
    """A motion or an amendment. `text` of an amendment is the motion's whole text as it would read, `base` the text
    it was written against, and `difference` leads from one to the other."""

    id: UUID
    meeting: UUID
    item: UUID
    kind: str
    title: str
    text: str
    state: str
    mover: str
    moved_at: datetime
    seconder: str
    seconded_at: datetime | None
    amends: UUID | None
    part_of: UUID | None
    position: int
    base: str
    conflicts: Annotated[
        bool, msgspec.Meta(description=N_("An amendment that has to be worded anew before its vote."))
    ]
    difference: list[Difference]
    amendments: list[UUID]
    parts: list[UUID]


class Seconded(Asked):
    """Without `person` one seconds oneself; the secretary and the chair name who did so by word of mouth."""

    person: UUID | None = None


class Withdrawal(Asked):
    reason: Prose = ""


class Part(Asked):
    title: Line
    text: Prose


class Division(Asked):
    parts: Annotated[list[Part], msgspec.Meta(max_length=50)]


class Wording(Asked):
    text: Prose


class Place(Asked):
    """From 0, among the amendments to the same motion."""

    position: Annotated[int, msgspec.Meta(ge=0, le=1000)]


class NewGroup(Asked):
    """What is left out comes from the motions and the body's usual rule."""

    motions: Annotated[list[UUID], msgspec.Meta(max_length=200)]
    title: Line = ""
    rule: str | dict[str, Any] | None = None
    secret: bool = False


class TakenOut(Asked):
    motion: UUID
    asked_by: Line = ""


class Group(Answer):
    """One poll and the motions it decides, in the order of the agenda."""

    poll: UUID
    number: int
    title: str
    state: str
    item: UUID
    motions: list[UUID]


@reads("/motions/{motion_id:uuid}", Right.ATTEND, N_("Read a motion, an amendment with its difference"), TAG)
async def get_motion(request: ApiRequest, motion_id: FromPath[UUID]) -> Response[MotionInFull]:
    """Word by word."""
    async with request.house.store.reading() as reading:
        return Response(await _motion(reading, request.actor, motion_id))


@writes("/motions/{motion_id:uuid}/second", Right.ATTEND, N_("Second a motion"), TAG, who=PRESENT)
async def second(
    request: ApiRequest, motion_id: FromPath[UUID], data: JSONBody[Seconded | None] = None
) -> Response[MotionInFull]:
    """Where the standing orders ask for it."""
    person = data.person if data else None
    return await _acted(
        request, motion_id, lambda work: second_motion(work, request.actor, motion_id, person=person)
    )


@writes("/motions/{motion_id:uuid}/withdraw", Right.ATTEND, N_("Take a motion back"), TAG, who=MOVER_OR_CLERK)
async def withdraw(
    request: ApiRequest, motion_id: FromPath[UUID], data: JSONBody[Withdrawal | None] = None
) -> Response[MotionInFull]:
    """With its amendments. Its mover may until a vote on it was opened."""
    reason = data.reason if data else ""
    return await _acted(
        request, motion_id, lambda work: withdraw_motion(work, request.actor, motion_id, reason=reason)
    )


@writes(
    "/motions/{motion_id:uuid}/divide", Right.ATTEND, N_("Divide a question"), TAG, who=SECRETARY_OR_CHAIR
)
async def divide(
    request: ApiRequest, motion_id: FromPath[UUID], data: JSONBody[Division]
) -> Response[MotionInFull]:
    """Each part is put alone; the adopted ones together become the motion's text."""
    parts = [(part.title, part.text) for part in data.parts]
    return await _acted(request, motion_id, lambda work: divide_motion(work, request.actor, motion_id, parts))


@writes(
    "/motions/{motion_id:uuid}/reword", Right.ATTEND, N_("Word an amendment anew"), TAG, who=MOVER_OR_CLERK
)
async def reword(
    request: ApiRequest, motion_id: FromPath[UUID], data: JSONBody[Wording]
) -> Response[MotionInFull]:
    """On the motion's text as it reads now."""
    return await _acted(
        request, motion_id, lambda work: reword_motion(work, request.actor, motion_id, text=data.text)
    )


@writes(
    "/motions/{motion_id:uuid}/place",
    Right.ATTEND,
    N_("Set the order in which amendments are put"),
    TAG,
    who=SECRETARY_OR_CHAIR,
)
async def place(
    request: ApiRequest, motion_id: FromPath[UUID], data: JSONBody[Place]
) -> Response[MotionInFull]:
    """Among those to the same motion."""
    return await _acted(
        request,
        motion_id,
        lambda work: place_amendment(work, request.actor, motion_id, position=data.position),
    )


@writes(
    "/meetings/{meeting_id:uuid}/consent",
    Right.ATTEND,
    N_("Prepare one poll on several motions"),
    TAG,
    status=201,
    who=SECRETARY_OR_CHAIR,
)
async def post_consent(
    request: ApiRequest, meeting_id: FromPath[UUID], data: JSONBody[NewGroup]
) -> Response[Group]:
    """Its outcome decides each of them. It opens while the item of the first one is in hand."""

    async def act(work: Work) -> Group:
        await open_to(work, request.actor, meeting_id)
        drafted = await draft_consent(
            work,
            request.actor,
            meeting_id,
            data.motions,
            title=data.title,
            rule=data.rule,
            secret=data.secret,
        )
        return await _group(work, drafted)

    return await written(request, act, status=201)


@writes(
    "/polls/{poll_id:uuid}/take-out",
    Right.ATTEND,
    N_("Take a motion out of a poll on several"),
    TAG,
    who=SECRETARY_OR_CHAIR,
)
async def post_take_out(
    request: ApiRequest, poll_id: FromPath[UUID], data: JSONBody[TakenOut]
) -> Response[Group]:
    """Before it opens; any member may ask for it."""

    async def act(work: Work) -> Group:
        kept = await work.get(tables.Poll, poll_id)
        await open_to(work, request.actor, kept.meeting_id)
        left = await take_out(work, request.actor, poll_id, data.motion, asked_by=data.asked_by)
        return await _group(work, left)

    return await written(request, act)


async def _acted(
    request: ApiRequest, motion: UUID, use_case: Callable[[Work], Awaitable[object]]
) -> Response[MotionInFull]:
    async def act(work: Work) -> MotionInFull:
        await open_to(work, request.actor, (await work.get(tables.Motion, motion)).meeting_id)
        await use_case(work)
        return await _motion(work, request.actor, motion)

    return await written(request, act)


async def _motion(reading: Reading, actor: Actor, motion: UUID) -> MotionInFull:
    row = await reading.get(tables.Motion, motion)
    await open_to(reading, actor, row.meeting_id)
    await must_see_item(reading, actor, row.item_id)
    seconder = await reading.get(tables.Person, row.seconder_id) if row.seconder_id else None
    pieces = differences(row.base_text, row.text) if row.amends_id else ()
    return MotionInFull(
        id=row.id, meeting=row.meeting_id, item=row.item_id, kind=row.kind, title=row.title, text=row.text,
        state=row.state, mover=row.mover, moved_at=row.moved_at, seconder=seconder.name if seconder else "",
        seconded_at=row.seconded_at, amends=row.amends_id, part_of=row.part_of_id, position=row.position,
        base=row.base_text, conflicts=row.conflicts,
        difference=[Difference(kind=piece.kind.value, text=piece.text) for piece in pieces],
        amendments=[one.id for one in await amendments_of(reading, motion)],
        parts=[one.id for one in await parts_of(reading, motion)],
    )  # fmt: skip


async def _group(reading: Reading, poll: tables.Poll) -> Group:
    put = await motions_of_poll(reading, poll)
    return Group(
        poll=poll.id, number=poll.number, title=poll.title, state=poll.state, item=poll.item_id,
        motions=[motion.id for motion in put],
    )  # fmt: skip


handlers = [get_motion, second, withdraw, divide, reword, place, post_consent, post_take_out]
