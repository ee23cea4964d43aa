"""Terms and sessions of a council, their discussion groups, and the meetings in them."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Response
from litestar.params import FromPath, JSONBody

from meetings.api.contract import ApiRequest, reads, writes
from meetings.api.council_session_shapes import (
    CouncilSessions,
    GroupChange,
    GroupCount,
    Groups,
    NewSession,
    NewTerm,
    SessionChange,
    SessionDropped,
    SessionNow,
    SessionOfMeeting,
    SittingsMade,
    Term,
    TermChange,
    Terms,
    WantedSittings,
    group_shape,
    line_shape,
    now_shape,
    sent,
    term_shape,
)
from meetings.api.meetings import Meeting, shape
from meetings.api.repeats import written
from meetings.before.council_sessions import (
    Wanted,
    change_session,
    convene_session,
    drop_session,
    plan_session,
    plan_sittings,
    put_into_session,
    take_out_of_session,
)
from meetings.before.council_terms import change_term, open_term, terms_of
from meetings.before.discussion_groups import GroupFacts, change_group, form_groups, views_of_groups
from meetings.before.session_facts import SessionFacts
from meetings.before.session_reading import read_session, sessions_of
from meetings.language import N_
from meetings.rules.council_sessions import SittingKind
from meetings.rules.permissions import Right
from meetings.rules.weekly_schedule import DayPart
from meetings.storage import tables
from meetings.storage.unit_of_work import Work

TAG = N_("Council sessions")


@reads("/bodies/{body_id:uuid}/terms", Right.SIGNED_IN, N_("List the terms of a body, the latest first"), TAG)
async def get_terms(request: ApiRequest, body_id: FromPath[UUID]) -> Response[Terms]:
    """For everybody who attends the body, and for administrators."""
    async with request.house.store.reading() as reading:
        found = await terms_of(reading, request.actor, body_id)
    return Response(Terms(items=[term_shape(one) for one in found]))


@writes("/bodies/{body_id:uuid}/terms", Right.ADMINISTER, N_("Open a term"), TAG, status=201)
async def post_term(request: ApiRequest, body_id: FromPath[UUID], data: JSONBody[NewTerm]) -> Response[Term]:
    """No day of it may belong to another term of the body."""

    async def act(work: Work) -> Term:
        made = await open_term(
            work, request.actor, body_id, name=data.name, since=data.since, until=data.until
        )
        return term_shape(made)

    return await written(request, act, status=201)


@writes("/terms/{term_id:uuid}", Right.ADMINISTER, N_("Correct a term"), TAG, method="patch")
async def patch_term(
    request: ApiRequest, term_id: FromPath[UUID], data: JSONBody[TermChange]
) -> Response[Term]:
    """Its sessions stay inside."""

    async def act(work: Work) -> Term:
        kept = await work.get(tables.CouncilTerm, term_id)
        facts: dict[str, Any] = {"name": kept.name, "since": kept.since, "until": kept.until} | sent(data)
        return term_shape(await change_term(work, request.actor, term_id, **facts))

    return await written(request, act)


@reads("/bodies/{body_id:uuid}/council-sessions", Right.SIGNED_IN, N_("List the sessions of a body"), TAG)
async def get_sessions(request: ApiRequest, body_id: FromPath[UUID]) -> Response[CouncilSessions]:
    """Plans only for those who prepare them."""
    async with request.house.store.reading() as reading:
        terms = await sessions_of(reading, request.actor, body_id)
    lines = [line for term in terms for line in term.sessions]
    return Response(CouncilSessions(items=[line_shape(request, one.session, one.state) for one in lines]))


@writes(
    "/bodies/{body_id:uuid}/council-sessions", Right.PREPARE, N_("Plan a session of a body"), TAG, status=201
)
async def post_session(
    request: ApiRequest, body_id: FromPath[UUID], data: JSONBody[NewSession]
) -> Response[SessionNow]:
    """In the term that has its days; the members know of it once it is convened."""

    async def act(work: Work) -> SessionNow:
        facts = SessionFacts(**msgspec.structs.asdict(data))
        made = await plan_session(work, request.actor, body_id, facts)
        return now_shape(request, await read_session(work, request.actor, made.id))

    return await written(request, act, status=201)


@reads("/council-sessions/{session_id:uuid}", Right.ATTEND, N_("Read a session with its sittings"), TAG)
async def get_session(request: ApiRequest, session_id: FromPath[UUID]) -> Response[SessionNow]:
    """The sittings that the reader sees, in the order of time."""
    async with request.house.store.reading() as reading:
        return Response(now_shape(request, await read_session(reading, request.actor, session_id)))


@writes("/council-sessions/{session_id:uuid}", Right.PREPARE, N_("Change a session"), TAG, method="patch")
async def patch_session(
    request: ApiRequest, session_id: FromPath[UUID], data: JSONBody[SessionChange]
) -> Response[SessionNow]:
    """Its meetings keep their times."""

    async def act(work: Work) -> SessionNow:
        kept = await work.get(tables.CouncilSession, session_id)
        names = ("kind", "since", "until", "place", "note", "number")
        facts = {name: getattr(kept, name) for name in names} | sent(data)
        await change_session(work, request.actor, session_id, SessionFacts(**facts))
        return now_shape(request, await read_session(work, request.actor, session_id))

    return await written(request, act)


@writes("/council-sessions/{session_id:uuid}/convene", Right.PREPARE, N_("Convene a session"), TAG)
async def post_convene(request: ApiRequest, session_id: FromPath[UUID]) -> Response[SessionNow]:
    """Everybody who sits or holds a role in the body is told."""

    async def act(work: Work) -> SessionNow:
        await convene_session(work, request.actor, session_id)
        return now_shape(request, await read_session(work, request.actor, session_id))

    return await written(request, act)


@writes("/council-sessions/{session_id:uuid}/drop", Right.PREPARE, N_("Give up the plan of a session"), TAG)
async def post_drop(request: ApiRequest, session_id: FromPath[UUID]) -> Response[SessionDropped]:
    """Only before it was convened, and while no meeting is in it."""

    async def act(work: Work) -> SessionDropped:
        await drop_session(work, request.actor, session_id)
        return SessionDropped(id=session_id)

    return await written(request, act)


@writes(
    "/council-sessions/{session_id:uuid}/sittings", Right.PREPARE, N_("Plan the sittings of a session"), TAG,
    status=201,
)  # fmt: skip
async def post_sittings(
    request: ApiRequest, session_id: FromPath[UUID], data: JSONBody[WantedSittings]
) -> Response[SittingsMade]:
    """All of them or none, as drafts."""

    async def act(work: Work) -> SittingsMade:
        wanted = [
            Wanted(day=one.day, part=DayPart(one.part), kind=SittingKind(one.kind)) for one in data.sittings
        ]
        made = await plan_sittings(work, request.actor, session_id, wanted)
        return SittingsMade(meetings=[meeting.id for meeting in made])

    return await written(request, act, status=201)


@writes(
    "/council-sessions/{session_id:uuid}/groups", Right.PREPARE, N_("Divide the members into groups"), TAG,
    status=201,
)  # fmt: skip
async def post_groups(
    request: ApiRequest, session_id: FromPath[UUID], data: JSONBody[GroupCount]
) -> Response[Groups]:
    """Of nearly equal size, delegations side by side; they replace what was formed before."""

    async def act(work: Work) -> Groups:
        await form_groups(work, request.actor, session_id, data.count)
        return Groups(items=[group_shape(view) for view in await views_of_groups(work, session_id)])

    return await written(request, act, status=201)


@writes(
    "/discussion-groups/{group_id:uuid}",
    Right.PREPARE,
    N_("Set the people and the place of a group"),
    TAG,
    method="put",
)
async def put_group(
    request: ApiRequest, group_id: FromPath[UUID], data: JSONBody[GroupChange]
) -> Response[Groups]:
    """Answers with every group of the session: whoever was named has left the group he was in."""

    async def act(work: Work) -> Groups:
        kept = await change_group(work, request.actor, group_id, GroupFacts(**msgspec.structs.asdict(data)))
        return Groups(items=[group_shape(view) for view in await views_of_groups(work, kept.session_id)])

    return await written(request, act)


@writes(
    "/meetings/{meeting_id:uuid}/session",
    Right.PREPARE,
    N_("Make a meeting a sitting of a session"),
    TAG,
    method="put",
)
async def put_session(
    request: ApiRequest, meeting_id: FromPath[UUID], data: JSONBody[SessionOfMeeting]
) -> Response[Meeting]:
    """A session of its own body."""

    async def act(work: Work) -> Meeting:
        kept = await put_into_session(
            work, request.actor, meeting_id, data.session, sitting=data.sitting, group=data.group
        )
        return shape(kept)

    return await written(request, act)


@writes(
    "/meetings/{meeting_id:uuid}/session/leave", Right.PREPARE, N_("Take a meeting out of its session"), TAG
)
async def post_leave(request: ApiRequest, meeting_id: FromPath[UUID]) -> Response[Meeting]:
    """It stands by itself again."""

    async def act(work: Work) -> Meeting:
        return shape(await take_out_of_session(work, request.actor, meeting_id))

    return await written(request, act)


handlers = [
    get_terms, post_term, patch_term, get_sessions, post_session, get_session, patch_session, post_convene, post_drop,
    post_sittings, post_groups, put_group, put_session, post_leave,
]  # fmt: skip
