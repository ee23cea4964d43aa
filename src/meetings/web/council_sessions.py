"""Terms and sessions of a council: the list of a body, and one session with its sittings, agenda and groups."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from meetings.before.council_sessions import convene_session, drop_session, take_out_of_session
from meetings.before.session_names import day_of, term_name
from meetings.before.session_reading import SessionView, SittingView, read_session, sessions_of
from meetings.language import N_, long_date_text, ngettext, text
from meetings.rules.council_sessions import SessionKind, SessionState
from meetings.rules.permissions import Actor, Right
from meetings.rules.refusals import Refused
from meetings.storage.tables import Body, CouncilSession
from meetings.web.errors import STATUS, sentence
from meetings.web.render import done, page
from meetings.web.request import MeetingsRequest

KINDS = {
    SessionKind.REGULAR: N_("Regular session"),
    SessionKind.THEMATIC: N_("Thematic session"),
    SessionKind.EXTRAORDINARY: N_("Extraordinary session"),
}
STATES = {
    SessionState.PLANNED: (N_("Planned"), "neutral", "pencil"),
    SessionState.CONVENED: (N_("Convened"), "accent", "send"),
    SessionState.CLOSED: (N_("Ended"), "neutral", "check"),
}
"""Word, tone and drawing of a session's state."""


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a session with its sittings; `outside` when it is none of the session's own days."""

    name: str
    sittings: Sequence[SittingView]
    outside: bool


@get("/bodies/{body_id:uuid}/sessions", opt={"permission": Right.SIGNED_IN})
async def sessions_page(request: MeetingsRequest, body_id: FromPath[UUID]) -> Response[str]:
    """The terms of a body with its sessions, the latest first."""
    actor = request.actor
    async with request.house.store.reading() as reading:
        body = await reading.get(Body, body_id)
        terms = await sessions_of(reading, actor, body_id)
    return page(
        request, "council/sessions.html", body=body, terms=[(one, term_name(one.term)) for one in terms],
        kinds=KINDS, states=STATES, days_of=days_text, may_prepare=actor.may(Right.PREPARE, body=body_id),
        may_administer=actor.may(Right.ADMINISTER),
        may_read=actor.may(Right.ATTEND, body=body_id), sittings=_meetings_text,
    )  # fmt: skip


@get("/council-sessions/{session:uuid}", opt={"permission": Right.ATTEND})
async def session_page(request: MeetingsRequest, session: FromPath[UUID]) -> Response[str]:
    """One session."""
    return await _page(request, session)


@post("/council-sessions/{session:uuid}/convene", opt={"permission": Right.PREPARE}, status_code=200)
async def convene_submit(request: MeetingsRequest, session: FromPath[UUID]) -> Response[str] | Redirect:
    """Let the members know of it."""
    try:
        async with request.house.store.work() as work:
            await convene_session(work, request.actor, session)
    except Refused as refusal:
        return await _page(request, session, refusal)
    return done(f"/council-sessions/{session}", "convened")


@post("/council-sessions/{session:uuid}/drop", opt={"permission": Right.PREPARE}, status_code=200)
async def drop_submit(request: MeetingsRequest, session: FromPath[UUID]) -> Response[str] | Redirect:
    """Give the plan up."""
    async with request.house.store.reading() as reading:
        body = (await reading.get(CouncilSession, session)).body_id
    try:
        async with request.house.store.work() as work:
            await drop_session(work, request.actor, session)
    except Refused as refusal:
        return await _page(request, session, refusal)
    return done(f"/bodies/{body}/sessions", "removed")


@post(
    "/council-sessions/{session:uuid}/meetings/{meeting:uuid}/leave",
    opt={"permission": Right.PREPARE},
    status_code=200,
)
async def leave_submit(
    request: MeetingsRequest, session: FromPath[UUID], meeting: FromPath[UUID]
) -> Response[str] | Redirect:
    """Let a meeting stand by itself again."""
    try:
        async with request.house.store.work() as work:
            await take_out_of_session(work, request.actor, meeting)
    except Refused as refusal:
        return await _page(request, session, refusal)
    return done(f"/council-sessions/{session}", "saved")


async def _page(request: MeetingsRequest, session: UUID, refusal: Refused | None = None) -> Response[str]:
    if refusal and refusal.code in ("forbidden", "not-found"):
        raise refusal
    actor = request.actor
    async with request.house.store.reading() as reading:
        view = await read_session(reading, actor, session)
    flashes = {"flashes": [("bad", sentence(refusal))]} if refusal else {}
    return page(
        request, "before/session.html", status_code=STATUS.get(refusal.code, 409) if refusal else 200, view=view,
        days=list(_days(view)), kinds=KINDS, states=STATES, span=days_text(view.session),
        may_prepare=actor.may(Right.PREPARE, body=view.body.id), own_groups=_own_groups(actor, view), **flashes,
    )  # fmt: skip


def _days(view: SessionView) -> Sequence[Day]:
    """Each day with something in it, in order."""
    found: dict[date, list[SittingView]] = {}
    for one in view.sittings:
        found.setdefault(day_of(one.meeting), []).append(one)
    return [
        Day(long_date_text(day), sittings, any(one.outside for one in sittings))
        for day, sittings in found.items()
    ]


def _own_groups(actor: Actor, view: SessionView) -> frozenset[UUID]:
    """The groups in which the reader sits."""
    return frozenset(
        one.group.id for one in view.groups if any(person == actor.person for person, _ in one.members)
    )


def days_text(session: CouncilSession) -> str:
    """`Thứ Ba, 09/12/2031 – Thứ Tư, 10/12/2031`, or one day."""
    if session.since == session.until:
        return long_date_text(session.since)
    return text(
        N_("{since} – {until}"), since=long_date_text(session.since), until=long_date_text(session.until)
    )


def _meetings_text(count: int) -> str:
    return ngettext("%(num)d meeting", "%(num)d meetings", count) % {"num": count} if count else ""


handlers = [sessions_page, session_page, convene_submit, drop_submit, leave_submit]
