"""The agenda: items in the order of their numbers, with the papers, motions and polls under each."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response
from litestar.params import FromPath, JSONBody
from msgspec import UNSET, UnsetType

from meetings.api.contract import (
    Answer,
    ApiRequest,
    Asked,
    Line,
    Prose,
    Short,
    reads,
    writes,
)
from meetings.api.lists import LIMIT, Cursor, Limit, cut, place_of
from meetings.api.repeats import written
from meetings.before.agenda import add_item, agenda_of, change_item, move_item, show_item
from meetings.before.offered import put_minutes, put_task
from meetings.before.papers import leaves_of, recused_from
from meetings.before.scheduling import open_to
from meetings.before.visibility import must_see_item
from meetings.during.forecast import spent
from meetings.during.motions import motions_of, move_motion
from meetings.during.stage import polls_of
from meetings.language import N_
from meetings.rules.permissions import Actor, Right, is_insider
from meetings.rules.visibility import audience_of
from meetings.storage import tables
from meetings.storage.unit_of_work import Reading, Work

TAG = N_("Agenda")
MEMBER_OR_CLERK = N_(
    "For the secretaries and the chair of the body; on the item in hand for its members who are present."
)
SEEN_BY = N_(
    "`common`: whoever sees the meeting; `internal`: the members, secretaries and chair; "
    "`hidden`: who prepares or runs the meeting, without a number."
)
KINDS = N_("`regular`, or `questions` for question time.")
Planned = Annotated[int, msgspec.Meta(ge=0, le=1440)]


class PaperLine(Answer):
    id: UUID
    title: str
    version: int
    pages: int
    size: int


class Motion(Answer):
    """A proposal to be decided; adopted, a substantive one becomes a resolution."""

    id: UUID
    item: UUID
    kind: str
    title: str
    text: str
    state: str
    mover: str
    moved_at: datetime


class PollLine(Answer):
    id: UUID
    number: int
    title: str
    state: str


class Item(Answer):
    """An item of an agenda. `number` follows from its place in the tree: 1, 1.1, 1a."""

    id: UUID
    meeting: UUID
    parent: UUID | None
    position: int
    number: str
    title: str
    text: str
    presenter: str
    minutes_planned: int | None
    kind: Annotated[str, msgspec.Meta(description=KINDS)]
    visibility: Annotated[str, msgspec.Meta(description=SEEN_BY)]
    state: str
    taken_up_at: datetime | None
    concluded_at: datetime | None
    reference: str
    urgent: bool
    """Added by the chair's act after the publication."""
    adopts: UUID | None
    """The earlier meeting whose minutes are to be adopted under it."""
    task: UUID | None
    """The task that it arises from."""
    continues: UUID | None
    """The item of an earlier meeting that came here."""
    postponed_to: UUID | None
    """The meeting it was postponed to."""
    referred_to: str
    spent_seconds: int
    """How long it was in hand while the meeting sat, until now."""
    papers: list[PaperLine]
    motions: list[Motion]
    polls: list[PollLine]


class Items(Answer):
    items: list[Item]
    next: str | None


class NewItem(Asked):
    """At the end of the agenda, or of `parent`, or behind `after`; behind a published item it gets a letter."""

    title: Line
    text: Prose = ""
    presenter: Line = ""
    minutes_planned: Planned | None = None
    parent: UUID | None = None
    after: UUID | None = None
    kind: Annotated[Short, msgspec.Meta(description=KINDS)] = "regular"
    visibility: Annotated[Short, msgspec.Meta(description=SEEN_BY)] = "common"
    adopts: UUID | None = None
    """An earlier meeting of the body whose minutes are to be adopted; with it, or with `task`, only `title` counts."""
    task: UUID | None = None
    """An open task of the body."""


class ItemChange(Asked):
    """What is left out stays. `parent` (null: the top level) and `position` (from 0) move the item."""

    title: Line | UnsetType = UNSET
    text: Prose | UnsetType = UNSET
    presenter: Line | UnsetType = UNSET
    minutes_planned: Planned | UnsetType = UNSET
    kind: Annotated[Short, msgspec.Meta(description=KINDS)] | UnsetType = UNSET
    visibility: Annotated[Short, msgspec.Meta(description=SEEN_BY)] | UnsetType = UNSET
    parent: UUID | UnsetType | None = UNSET
    position: Annotated[int, msgspec.Meta(ge=0, le=10_000)] | UnsetType = UNSET


class NewMotion(Asked):
    """A member's own motion has the member as mover. With `amends`, `text` is that motion's whole text as it would
    read."""

    title: Line
    text: Prose = ""
    kind: Annotated[str, msgspec.Meta(max_length=16)] = "substantive"
    mover: Line = ""
    amends: UUID | None = None


@reads("/meetings/{meeting_id:uuid}/items", Right.ATTEND, N_("List the agenda in order"), TAG)
async def list_items(
    request: ApiRequest, meeting_id: FromPath[UUID], cursor: Cursor = None, limit: Limit = LIMIT
) -> Response[Items]:
    """Papers that were withdrawn are left out."""
    place = place_of(cursor, UUID)
    async with request.house.store.reading() as reading:
        items = await _agenda(reading, request.actor, await open_to(reading, request.actor, meeting_id))
    begin = next((at + 1 for at, item in enumerate(items) if place and item.id == place[0]), 0)
    page, following = cut(items[begin : begin + limit + 1], limit, lambda item: (item.id,))
    return Response(Items(items=list(page), next=following))


@writes("/meetings/{meeting_id:uuid}/items", Right.PREPARE, N_("Add an item"), TAG, status=201)
async def post_item(
    request: ApiRequest, meeting_id: FromPath[UUID], data: JSONBody[NewItem]
) -> Response[Item]:
    """Its number follows from its place."""

    async def act(work: Work) -> Item:
        meeting = await open_to(work, request.actor, meeting_id)
        if data.adopts is not None:
            put = await put_minutes(work, request.actor, meeting_id, of=data.adopts, title=data.title)
            return await one_item(work, request.actor, meeting, put.id)
        if data.task is not None:
            put = await put_task(work, request.actor, meeting_id, task=data.task, title=data.title)
            return await one_item(work, request.actor, meeting, put.id)
        item = await add_item(
            work, request.actor, meeting_id, title=data.title, text=data.text, presenter=data.presenter,
            minutes_planned=data.minutes_planned, parent=data.parent, after=data.after, kind=data.kind,
            visibility=data.visibility,
        )  # fmt: skip
        return await one_item(work, request.actor, meeting, item.id)

    return await written(request, act, status=201)


@writes("/items/{item_id:uuid}", Right.PREPARE, N_("Correct or move an item"), TAG, method="patch")
async def patch_item(
    request: ApiRequest, item_id: FromPath[UUID], data: JSONBody[ItemChange]
) -> Response[Item]:
    """Until it is taken up."""

    async def act(work: Work) -> Item:
        kept, meeting = await item_open_to(work, request.actor, item_id)
        words = {
            name: value
            for name in ("title", "text", "presenter", "minutes_planned", "kind")
            if (value := getattr(data, name)) is not UNSET
        }
        if words:
            await change_item(work, request.actor, item_id, **words)
        if data.visibility is not UNSET:
            await show_item(work, request.actor, item_id, visibility=data.visibility)
        if data.parent is not UNSET or data.position is not UNSET:
            parent = kept.parent_id if data.parent is UNSET else data.parent
            position = kept.position if data.position is UNSET else data.position
            await move_item(work, request.actor, item_id, parent=parent, position=position)
        return await one_item(work, request.actor, meeting, item_id)

    return await written(request, act)


@writes(
    "/items/{item_id:uuid}/motions",
    Right.ATTEND,
    N_("Put a motion under an item"),
    TAG,
    status=201,
    who=MEMBER_OR_CLERK,
)
async def post_motion(
    request: ApiRequest, item_id: FromPath[UUID], data: JSONBody[NewMotion]
) -> Response[Motion]:
    """Its text becomes the resolution if it is adopted."""

    async def act(work: Work) -> Motion:
        await item_open_to(work, request.actor, item_id)
        return _motion(
            await move_motion(
                work,
                request.actor,
                item_id,
                title=data.title,
                text=data.text,
                kind=data.kind,
                mover=data.mover,
                amends=data.amends,
            )
        )

    return await written(request, act, status=201)


async def item_open_to(reading: Reading, actor: Actor, item: UUID) -> tuple[tables.Item, tables.Meeting]:
    """The item and its meeting, if the actor may see it; otherwise `not-found`."""
    kept = await reading.get(tables.Item, item)
    meeting = await open_to(reading, actor, kept.meeting_id)
    await must_see_item(reading, actor, item)
    return kept, meeting


async def one_item(reading: Reading, actor: Actor, meeting: tables.Meeting, item: UUID) -> Item:
    """The item as the interface tells it."""
    return next(one for one in await _agenda(reading, actor, meeting) if one.id == item)


async def _agenda(reading: Reading, actor: Actor, meeting: tables.Meeting) -> list[Item]:
    leaves = await leaves_of(reading, meeting.id, audience_of(actor, meeting.body_id, meeting.id))
    aside = await recused_from(reading, actor.person)
    motions = await motions_of(reading, meeting.id)
    polls = await polls_of(reading, meeting.id, insider=is_insider(actor, meeting.body_id))
    return [
        Item(
            id=row.id, meeting=meeting.id, parent=row.parent_id, position=row.position, number=row.number,
            title=row.title, text=row.text, presenter=row.presenter, minutes_planned=row.minutes_planned,
            kind=row.kind, visibility=row.visibility,
            state=row.state, taken_up_at=row.taken_up_at, concluded_at=row.concluded_at, reference=row.reference,
            urgent=row.urgent, continues=row.continues_id, adopts=row.adopts_id, task=row.task_id,
            postponed_to=row.postponed_to_id,
            referred_to=row.referred_to, spent_seconds=spent(row, reading.now),
            papers=[
                PaperLine(id=leaf.paper, title=leaf.title, version=leaf.version, pages=leaf.pages, size=leaf.size)
                for leaf in ([] if row.id in aside else leaves.get(row.id, []))
            ],
            motions=[_motion(motion) for motion in motions if motion.item_id == row.id],
            polls=[
                PollLine(id=poll.id, number=poll.number, title=poll.title, state=poll.state)
                for poll in polls
                if poll.item == row.id
            ],
        )
        for row in await agenda_of(
            reading, meeting.id, audience=audience_of(actor, meeting.body_id, meeting.id)
        )
    ]  # fmt: skip


def _motion(row: tables.Motion) -> Motion:
    return Motion(
        id=row.id, item=row.item_id, kind=row.kind, title=row.title, text=row.text, state=row.state, mover=row.mover,
        moved_at=row.moved_at,
    )  # fmt: skip


handlers = [list_items, post_item, patch_item, post_motion]
