"""Who acts for a member who is away, and who stands aside from an item."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from litestar import Response
from litestar.params import FromPath, JSONBody

from meetings.api.contract import Answer, ApiRequest, Asked, Prose, reads, writes
from meetings.api.repeats import written
from meetings.before.scheduling import open_to
from meetings.during.attendance import room_of
from meetings.during.recusals import declare_recusal, lift_recusal, recusals_in
from meetings.during.standing_in import (
    approve_substitute,
    end_proxy,
    end_substitution,
    give_proxy,
    proxies_in,
    proxy_works,
    substitutes_in,
)
from meetings.language import N_
from meetings.rules.permissions import Right
from meetings.storage import tables
from meetings.storage.unit_of_work import Reading, Work

TAG = N_("Standing in")
MEMBERS = N_("For the members of the body for themselves; for others the secretaries and the chair.")
MEMBERS_OR_CHAIR = N_("For the members of the body for themselves; for others the chair.")


class Substitution(Answer):
    """`substitute` sits and votes in the seat of `member` in this meeting."""

    id: UUID
    member: UUID
    member_name: str
    substitute: UUID
    substitute_name: str


class Proxy(Answer):
    """`holder` casts the ballot of `giver`; `works` while the giver is away and the holder present."""

    id: UUID
    giver: UUID
    giver_name: str
    holder: UUID
    holder_name: str
    works: bool


class Recusal(Answer):
    id: UUID
    item: UUID
    person: UUID
    name: str
    reason: str


class StandingIn(Answer):
    """What is in force now; polls that are open keep the roll they were opened with."""

    substitutes: list[Substitution]
    proxies: list[Proxy]
    recusals: list[Recusal]


class SubstituteWanted(Asked):
    member: UUID
    substitute: UUID


class ProxyWanted(Asked):
    """Without `giver`: one's own."""

    holder: UUID
    giver: UUID | None = None


class RecusalWanted(Asked):
    """Without `person`: oneself."""

    person: UUID | None = None
    reason: Prose = ""


@reads(
    "/meetings/{meeting_id:uuid}/standing-in",
    Right.ATTEND,
    N_("Read who stands in for whom, and who stands aside"),
    TAG,
)
async def get_standing_in(request: ApiRequest, meeting_id: FromPath[UUID]) -> Response[StandingIn]:
    """Substitutes, proxies, recusals."""
    async with request.house.store.reading() as reading:
        return Response(await _standing_in(reading, await open_to(reading, request.actor, meeting_id)))


@writes(
    "/meetings/{meeting_id:uuid}/substitutes", Right.KEEP_ROLL, N_("Approve a substitute"), TAG, status=201
)
async def post_substitute(
    request: ApiRequest, meeting_id: FromPath[UUID], data: JSONBody[SubstituteWanted]
) -> Response[StandingIn]:
    """The member has to be away, and the substitute without a seat in the body."""

    async def act(work: Work) -> tables.Substitution:
        await open_to(work, request.actor, meeting_id)
        return await approve_substitute(
            work, request.actor, meeting_id, member=data.member, substitute=data.substitute
        )

    return await _acted(request, act, 201)


@writes(
    "/substitutions/{substitution_id:uuid}/end", Right.KEEP_ROLL, N_("Give a seat back to its member"), TAG
)
async def post_substitution_end(request: ApiRequest, substitution_id: FromPath[UUID]) -> Response[StandingIn]:
    """The member is absent until recorded otherwise."""

    async def act(work: Work) -> tables.Substitution:
        await open_to(work, request.actor, (await work.get(tables.Substitution, substitution_id)).meeting_id)
        return await end_substitution(work, request.actor, substitution_id)

    return await _acted(request, act)


@writes("/meetings/{meeting_id:uuid}/proxies", Right.ATTEND, N_("Give a proxy"), TAG, status=201, who=MEMBERS)
async def post_proxy(
    request: ApiRequest, meeting_id: FromPath[UUID], data: JSONBody[ProxyWanted]
) -> Response[StandingIn]:
    """One level, and as many for one holder as the body's rules allow."""

    async def act(work: Work) -> tables.Proxy:
        await open_to(work, request.actor, meeting_id)
        return await give_proxy(work, request.actor, meeting_id, holder=data.holder, giver=data.giver)

    return await _acted(request, act, 201)


@writes("/proxies/{proxy_id:uuid}/end", Right.ATTEND, N_("End a proxy"), TAG, who=MEMBERS)
async def post_proxy_end(request: ApiRequest, proxy_id: FromPath[UUID]) -> Response[StandingIn]:
    """By the giver, the holder, a secretary or the chair."""

    async def act(work: Work) -> tables.Proxy:
        await open_to(work, request.actor, (await work.get(tables.Proxy, proxy_id)).meeting_id)
        return await end_proxy(work, request.actor, proxy_id)

    return await _acted(request, act)


@writes(
    "/items/{item_id:uuid}/recusals",
    Right.ATTEND,
    N_("Stand aside from an item"),
    TAG,
    status=201,
    who=MEMBERS_OR_CHAIR,
)
async def post_recusal(
    request: ApiRequest, item_id: FromPath[UUID], data: JSONBody[RecusalWanted | None] = None
) -> Response[StandingIn]:
    """No papers of the item, no floor, no ballot. Refused (`recusal-poll-open`) while a poll on it is open."""
    wanted = data or RecusalWanted()

    async def act(work: Work) -> tables.Recusal:
        await open_to(work, request.actor, (await work.get(tables.Item, item_id)).meeting_id)
        return await declare_recusal(work, request.actor, item_id, person=wanted.person, reason=wanted.reason)

    return await _acted(request, act, 201)


@writes("/recusals/{recusal_id:uuid}/lift", Right.RUN_ROOM, N_("Lift a recusal"), TAG)
async def post_recusal_lift(request: ApiRequest, recusal_id: FromPath[UUID]) -> Response[StandingIn]:
    """The member takes part in the item again."""

    async def act(work: Work) -> tables.Recusal:
        await open_to(work, request.actor, (await work.get(tables.Recusal, recusal_id)).meeting_id)
        return await lift_recusal(work, request.actor, recusal_id)

    return await _acted(request, act)


Changed = tables.Substitution | tables.Proxy | tables.Recusal


async def _acted(
    request: ApiRequest, act: Callable[[Work], Awaitable[Changed]], status: int = 200
) -> Response[Any]:
    async def whole(work: Work) -> StandingIn:
        row = await act(work)
        return await _standing_in(work, await work.get(tables.Meeting, row.meeting_id))

    return await written(request, whole, status=status)


async def _standing_in(reading: Reading, meeting: tables.Meeting) -> StandingIn:
    room = await room_of(reading, meeting, await reading.get(tables.Body, meeting.body_id))
    return StandingIn(
        substitutes=[
            Substitution(
                id=one.id, member=one.person, member_name=one.name, substitute=one.by, substitute_name=one.by_name
            )
            for one in await substitutes_in(reading, meeting.id)
        ],
        proxies=[
            Proxy(
                id=one.id, giver=one.person, giver_name=one.name, holder=one.by, holder_name=one.by_name,
                works=proxy_works(room, one),
            )
            for one in await proxies_in(reading, meeting.id)
        ],
        recusals=[
            Recusal(id=one.id, item=one.item, person=one.person, name=one.name, reason=one.reason)
            for one in await recusals_in(reading, meeting.id)
        ],
    )  # fmt: skip


handlers = [
    get_standing_in, post_substitute, post_substitution_end, post_proxy, post_proxy_end, post_recusal,
    post_recusal_lift,
]  # fmt: skip
