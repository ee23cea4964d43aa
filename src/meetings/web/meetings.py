"""Meetings before they begin: the list, the agenda as it is read, publishing, cancelling."""

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect
from markupsafe import Markup
from sqlalchemy import select

from meetings.before.replies import own_reply
from meetings.before.scheduling import (
    cancel_meeting,
    meetings_for,
    open_to,
    publish_meeting,
)
from meetings.before.seated import members_of_group
from meetings.during.attendance import OPEN_STATES, Presence
from meetings.during.forecast import forecast_of
from meetings.language import N_, current, gettext, text
from meetings.rules.lifecycle import MeetingState
from meetings.rules.permissions import Actor, Right, is_insider
from meetings.rules.refusals import Refused
from meetings.rules.visibility import Audience, audience_of, shows
from meetings.storage.tables import Attendance, Body, Chain, Item, Meeting, Recusal
from meetings.storage.unit_of_work import Reading
from meetings.web.agenda_state import agenda_state
from meetings.web.agenda_view import read_agenda, unnamed_meetings
from meetings.web.cockpit_agenda import forecast_line
from meetings.web.errors import STATUS, answer, sentence
from meetings.web.meeting_warnings import short_warnings, warnings_of
from meetings.web.places import keeps_desk, places_of
from meetings.web.render import done, page, shared_fragment, shared_page
from meetings.web.request import MeetingsRequest
from meetings.web.session_choice import of_session
from meetings.web.stage import STATES

KINDS = {
    "regular": N_("Regular"),
    "thematic": N_("Thematic"),
    "extraordinary": N_("Extraordinary"),
}
"""Kinds of a meeting, as message ids."""
RUNNING = (MeetingState.IN_SESSION, MeetingState.RECESS)
OVER = (MeetingState.ADJOURNED, MeetingState.CANCELLED)
SHOWN = 500
AGENDA = "before/agenda_text.html"


@dataclass(frozen=True, slots=True)
class Opened:
    """A meeting that its reader may see, at its stage number, and who it is shown to."""

    meeting: Meeting
    body: Body
    stage: int
    insider: bool
    in_hand: tuple[str, str] | None
    """Number and title of the item in hand."""
    aside: frozenset[UUID]
    """The items from which the reader stands aside."""
    unnamed: int
    """So many items go to a meeting that is not published: its publication changes this page, not the stage."""
    audience: Audience = Audience.MEMBERS

    @property
    def live(self) -> dict[str, Any] | None:
        """The strip of a running meeting; it refetches itself with the quorum at the first change."""
        if self.meeting.state not in RUNNING:
            return None
        strip: dict[str, Any] = {
            "address": f"/meetings/{self.meeting.id}/live",
            "state": gettext(STATES.get(self.meeting.state, "")),
        }
        if self.meeting.recess_until:
            strip["until"] = self.meeting.recess_until
        if self.in_hand:
            strip |= {"item": text(N_("Item {number}"), number=self.in_hand[0]), "title": self.in_hand[1]}
        return strip

    @property
    def key(self) -> tuple[object, ...]:
        """What the shared part of the page is kept under."""
        reader = "insider" if self.insider else f"{self.audience.name} {self.unnamed}"
        return (self.meeting.id, self.stage, reader, *sorted(map(str, self.aside)))


async def open_meeting(reading: Reading, actor: Actor, meeting: UUID) -> Opened:
    """The meeting with its body, stage number, item in hand and what this reader may not see, in one query."""
    stood_aside = (
        (Recusal.meeting_id == Meeting.id) & (Recusal.person_id == actor.person) & Recusal.lifted_at.is_(None)
    )
    rows = (
        await reading.session.execute(
            select(
                Meeting,
                Body,
                Chain.stage,
                Item.number,
                Item.title,
                Recusal.item_id,
                unnamed_meetings(meeting),
                Item.visibility,
            )
            .join(Body, Body.id == Meeting.body_id)
            .outerjoin(Chain, Chain.id == Meeting.id)
            .outerjoin(Item, Item.id == Meeting.current_item_id)
            .outerjoin(Recusal, stood_aside)
            .where(Meeting.id == meeting)
        )
    ).all()
    if not rows:
        raise Refused("not-found")
    row = rows[0]
    held = await open_to(reading, actor, meeting)
    audience = audience_of(actor, held.body_id, meeting)
    in_hand = (row[3], row[4] if shows(row[7], audience) else "") if held.current_item_id else None
    inside = is_insider(actor, held.body_id)
    aside = frozenset(one[5] for one in rows if one[5])
    return Opened(held, row[1], row[2] or 0, inside, in_hand, aside, 0 if inside else row[6], audience)


@get("/meetings", opt={"permission": Right.ATTEND})
async def meeting_list(
    request: MeetingsRequest, held_by: Annotated[UUID | None, QueryParameter(name="body")] = None
) -> Response[str]:
    """The meetings that run, those to come with the nearest first, and those that are over with the latest first."""
    actor = request.actor
    async with request.house.store.reading() as reading:
        pairs = await meetings_for(reading, actor, limit=SHOWN)
        late = await short_warnings(reading, actor, pairs)
    bodies = sorted({body.id: body for _, body in pairs}.values(), key=lambda one: one.name)
    chosen = [pair for pair in pairs if held_by is None or pair[1].id == held_by]
    coming = [pair for pair in chosen if pair[0].state in (MeetingState.DRAFT, MeetingState.PUBLISHED)]
    return page(
        request, "before/meetings.html", running=[pair for pair in chosen if pair[0].state in RUNNING],
        coming=sorted(coming, key=lambda pair: pair[0].starts_at), past=[p for p in chosen if p[0].state in OVER],
        bodies=bodies, body=held_by, may_prepare=actor.may(Right.PREPARE), kinds=KINDS, late=late,
    )  # fmt: skip


@get("/meetings/{meeting:uuid}", opt={"permission": Right.ATTEND})
async def read_meeting(request: MeetingsRequest, meeting: FromPath[UUID]) -> Response[str]:
    """The agenda as a document one reads."""
    return await _meeting_page(request, meeting)


@get("/meetings/{meeting:uuid}/agenda/text", opt={"permission": Right.ATTEND})
async def agenda_text(request: MeetingsRequest, meeting: FromPath[UUID]) -> Response[str]:
    """The agenda alone, refetched by open pages when it changes."""
    async with request.house.store.reading() as reading:
        opened = await open_meeting(reading, request.actor, meeting)
        shared = await _shared(request, reading, opened)
    return shared_fragment(request, AGENDA, opened.key, shared)


async def _meeting_page(
    request: MeetingsRequest, meeting: UUID, refusal: Refused | None = None
) -> Response[str]:
    actor = request.actor
    async with request.house.store.reading() as reading:
        opened = await open_meeting(reading, actor, meeting)
        shared = await _shared(request, reading, opened)
        facts = await _personal(reading, actor, opened)
    rendered = request.house.renderer.text
    flashes = {"flashes": [("bad", sentence(refusal))]} if refusal else {}
    response = shared_page(
        request, AGENDA, opened.key, shared, title=opened.meeting.title, layout="page", scripts=[],
        meeting_pages=places_of(actor, opened.meeting, "agenda"), meeting=str(meeting), seq=opened.stage,
        live=opened.live,
        lead=Markup(rendered("before/meeting_lead.html", **facts)),  # noqa: S704 — our own template, escaped
        act=Markup(rendered("before/meeting_act.html", csrf=request.csrf, **facts)),  # noqa: S704
        before_main=Markup(rendered("before/meeting_notices.html", csrf=request.csrf, **facts)),  # noqa: S704
        **flashes,
    )  # fmt: skip
    response.status_code = status_of(refusal) if refusal else 200
    return response


async def _shared(request: MeetingsRequest, reading: Reading, opened: Opened) -> dict[str, Any]:
    """What the shared part is rendered from; nothing is loaded for bytes that are kept already."""
    if request.house.renderer.kept.get((AGENDA, current(), *opened.key)) is not None:
        return {}
    items = await read_agenda(
        reading, opened.meeting, insider=opened.insider, aside=opened.aside, audience=opened.audience
    )
    forecast = forecast_line(await forecast_of(reading, opened.meeting), opened.meeting)
    return {"held": opened.meeting, "items": items, "insider": opened.insider, "forecast": forecast}


async def _personal(reading: Reading, actor: Actor, opened: Opened) -> dict[str, Any]:
    """What this person may do with the meeting now."""
    meeting, body = opened.meeting, opened.body.id
    may_prepare = actor.may(Right.PREPARE, body=body)
    present: str | None = None
    if meeting.state in OPEN_STATES and actor.may(Right.TAKE_PART, body=body, meeting=meeting.id):
        present = await reading.session.scalar(
            select(Attendance.state).where(
                Attendance.meeting_id == meeting.id,
                Attendance.person_id == actor.person,
                Attendance.until.is_(None),
            )
        )
        present = present or Presence.ABSENT
        if meeting.group_id and actor.person not in await members_of_group(reading, meeting.group_id):
            present = None
    written = False
    if meeting.state == MeetingState.DRAFT:
        first = select(Item.id).where(Item.meeting_id == meeting.id).limit(1)
        written = await reading.session.scalar(first) is not None
    return {
        "held": meeting, "body": opened.body, "present": present, "may_prepare": may_prepare, "written": written,
        "may_run": actor.may(Right.RUN_ROOM, body=body), "kinds": KINDS,
        "may_keep_desk": keeps_desk(actor, meeting),
        "own_reply": await own_reply(reading, actor.person, meeting),
        "warnings": await warnings_of(reading, actor, meeting, opened.body),
        "agenda_state": await agenda_state(reading, actor, meeting),
        "of_session": await of_session(reading, meeting),
    }  # fmt: skip


@post("/meetings/{meeting:uuid}/publish", opt={"permission": Right.PREPARE}, status_code=200)
async def publish(request: MeetingsRequest, meeting: FromPath[UUID]) -> Response[Any] | Redirect:
    """Show the meeting to its members and send the notice."""
    try:
        async with request.house.store.work() as work:
            await publish_meeting(work, request.actor, meeting)
    except Refused as refusal:
        return await _refused(request, meeting, refusal)
    return done(f"/meetings/{meeting}", "published")


@post("/meetings/{meeting:uuid}/cancel", opt={"permission": Right.PREPARE}, status_code=200)
async def cancel(request: MeetingsRequest, meeting: FromPath[UUID]) -> Response[Any] | Redirect:
    """Call the meeting off, with the reason that members are told."""
    try:
        async with request.house.store.work() as work:
            await cancel_meeting(
                work, request.actor, meeting, reason=(await request.fields()).get("reason", "")
            )
    except Refused as refusal:
        return await _refused(request, meeting, refusal)
    return done(f"/meetings/{meeting}", "cancelled")


async def _refused(request: MeetingsRequest, meeting: UUID, refusal: Refused) -> Response[Any]:
    """The refusal on the meeting's own page; where that page is not open to the person, the refusal alone."""
    try:
        return await _meeting_page(request, meeting, refusal)
    except Refused as hidden:
        return answer(request, hidden)


def status_of(refusal: Refused) -> int:
    """The status of a page that is shown again with a refusal."""
    return STATUS.get(refusal.code, 409)


handlers = [
    meeting_list,
    read_meeting,
    agenda_text,
    publish,
    cancel,
]
