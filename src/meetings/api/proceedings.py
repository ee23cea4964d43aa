"""The course of a meeting: recesses, items taken up, set aside or added, pages that are shown to everyone."""

from collections.abc import Awaitable, Callable
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response
from litestar.params import FromPath, JSONBody

from meetings.api.agenda import TAG as AGENDA
from meetings.api.agenda import Item, Planned, item_open_to, one_item
from meetings.api.contract import ApiRequest, Asked, Line, Prose, Reason, writes
from meetings.api.meetings import TAG, Meeting, Start, shape
from meetings.api.repeats import written
from meetings.before.scheduling import open_to
from meetings.during import agenda_changes, proceedings
from meetings.during.paging import follow_page, stop_paging
from meetings.language import N_
from meetings.rules.permissions import Right
from meetings.storage import tables
from meetings.storage.unit_of_work import Work

CHAIR_OR_EARLIER = N_(
    "For the chair of the body; for its secretaries, too, until the meeting is called to order."
)


class RecessAsked(Asked):
    """`minutes` or `until`; without either the recess has no planned end."""

    minutes: Annotated[int, msgspec.Meta(ge=1, le=1440)] | None = None
    until: Start | None = None


class MoreRecess(Asked):
    minutes: Annotated[int, msgspec.Meta(ge=1, le=1440)] = proceedings.EXTENSION


class PageShown(Asked):
    """A page of a paper for everybody who follows; without a paper nobody is taken along any more."""

    paper: UUID | None = None
    page: Annotated[int, msgspec.Meta(ge=1, le=100_000)] = 1


class TakenFrom(Asked):
    """The item that was in hand when this was decided; null: none."""

    in_hand: UUID | None


class Postponement(Asked):
    reason: Prose = ""
    meeting: UUID | None = None


class Referral(Asked):
    to: Line
    reason: Prose


class UrgentItem(Asked):
    title: Line
    reason: Prose
    text: Prose = ""
    presenter: Line = ""
    minutes_planned: Planned | None = None
    after: UUID | None = None


@writes("/meetings/{meeting_id:uuid}/recess", Right.RUN_ROOM, N_("Interrupt the meeting"), TAG)
async def post_recess(
    request: ApiRequest, meeting_id: FromPath[UUID], data: JSONBody[RecessAsked | None] = None
) -> Response[Meeting]:
    """For some minutes, until a time, or without a planned end."""

    async def act(work: Work) -> Meeting:
        await open_to(work, request.actor, meeting_id)
        asked = data or RecessAsked()
        return shape(
            await proceedings.recess(
                work, request.actor, meeting_id, minutes=asked.minutes, until=asked.until
            )
        )

    return await written(request, act)


@writes("/meetings/{meeting_id:uuid}/recess/extend", Right.RUN_ROOM, N_("Let a recess last longer"), TAG)
async def post_longer_recess(
    request: ApiRequest, meeting_id: FromPath[UUID], data: JSONBody[MoreRecess | None] = None
) -> Response[Meeting]:
    """By five minutes, or as many as are named."""

    async def act(work: Work) -> Meeting:
        await open_to(work, request.actor, meeting_id)
        minutes = (data or MoreRecess()).minutes
        return shape(await proceedings.extend_recess(work, request.actor, meeting_id, minutes=minutes))

    return await written(request, act)


@writes(
    "/meetings/{meeting_id:uuid}/follow",
    Right.ATTEND,
    N_("Show a page of a paper to everybody who follows"),
    TAG,
    who=N_("For the chair and the secretaries of the body, and for the presenter of the item in hand."),
)
async def post_follow(
    request: ApiRequest, meeting_id: FromPath[UUID], data: JSONBody[PageShown]
) -> Response[Meeting]:
    """Leaves no row in the journal and no new stage number."""
    moved: list[tables.Meeting] = []

    async def act(work: Work) -> Meeting:
        if data.paper is None:
            moved.append(await stop_paging(work, request.actor, meeting_id))
        else:
            moved.append(await follow_page(work, request.actor, meeting_id, data.paper, data.page))
        return shape(moved[0])

    answer = await written(request, act)
    for meeting in moved:
        await request.house.realtime.relay.paged(meeting)
    return answer


Change = Callable[[Work], Awaitable[tables.Item]]


async def _changed(request: ApiRequest, item_id: UUID, change: Change) -> Response[Item]:
    async def act(work: Work) -> Item:
        _, meeting = await item_open_to(work, request.actor, item_id)
        await change(work)
        return await one_item(work, request.actor, meeting, item_id)

    return await written(request, act)


@writes(
    "/items/{item_id:uuid}/take-up",
    Right.RUN_ROOM,
    N_("Turn to an item; the one in hand is concluded"),
    AGENDA,
)
async def post_take_up(
    request: ApiRequest, item_id: FromPath[UUID], data: JSONBody[TakenFrom | None] = None
) -> Response[Item]:
    """Refused (`in-hand-changed`) when another item is in hand than the one that was named."""
    seen = proceedings.Seen(data.in_hand) if data else None
    return await _changed(
        request, item_id, lambda work: proceedings.take_up(work, request.actor, item_id, seen=seen)
    )


@writes("/items/{item_id:uuid}/conclude", Right.RUN_ROOM, N_("Finish the item in hand"), AGENDA)
async def post_conclude(request: ApiRequest, item_id: FromPath[UUID]) -> Response[Item]:
    """Without turning to another one."""
    return await _changed(request, item_id, lambda work: proceedings.conclude(work, request.actor, item_id))


@writes(
    "/items/{item_id:uuid}/postpone",
    Right.ATTEND,
    N_("Put an item off to a later meeting"),
    AGENDA,
    who=CHAIR_OR_EARLIER,
)
async def post_postpone(
    request: ApiRequest, item_id: FromPath[UUID], data: JSONBody[Postponement | None] = None
) -> Response[Item]:
    """To a named meeting of the same body, which gets the item with its papers, or without a day."""
    asked = data or Postponement()
    return await _changed(
        request, item_id,
        lambda work: agenda_changes.postpone(work, request.actor, item_id, reason=asked.reason, to=asked.meeting),
    )  # fmt: skip


@writes(
    "/items/{item_id:uuid}/withdraw",
    Right.ATTEND,
    N_("Take an item off the agenda"),
    AGENDA,
    who=CHAIR_OR_EARLIER,
)
async def post_withdraw(
    request: ApiRequest, item_id: FromPath[UUID], data: JSONBody[Reason | None] = None
) -> Response[Item]:
    """It stays there, struck through."""
    reason = data.reason if data else ""
    return await _changed(
        request, item_id, lambda work: agenda_changes.withdraw(work, request.actor, item_id, reason=reason)
    )


@writes(
    "/items/{item_id:uuid}/refer",
    Right.ATTEND,
    N_("Hand an item to a committee or agency"),
    AGENDA,
    who=CHAIR_OR_EARLIER,
)
async def post_refer(
    request: ApiRequest, item_id: FromPath[UUID], data: JSONBody[Referral]
) -> Response[Item]:
    """Which deals with it first."""
    return await _changed(
        request, item_id,
        lambda work: agenda_changes.refer(work, request.actor, item_id, to=data.to, reason=data.reason),
    )  # fmt: skip


@writes("/meetings/{meeting_id:uuid}/urgent", Right.RUN_ROOM, N_("Add an urgent item"), AGENDA, status=201)
async def post_urgent(
    request: ApiRequest, meeting_id: FromPath[UUID], data: JSONBody[UrgentItem]
) -> Response[Item]:
    """To an agenda that members have; behind `after`, else behind the item in hand."""

    async def act(work: Work) -> Item:
        meeting = await open_to(work, request.actor, meeting_id)
        item = await agenda_changes.add_urgent(
            work, request.actor, meeting_id, title=data.title, reason=data.reason, text=data.text,
            presenter=data.presenter, minutes_planned=data.minutes_planned, after=data.after,
        )  # fmt: skip
        return await one_item(work, request.actor, meeting, item.id)

    return await written(request, act, status=201)


handlers = [
    post_recess, post_longer_recess, post_follow, post_take_up, post_conclude, post_postpone, post_withdraw, post_refer,
    post_urgent,
]  # fmt: skip
