"""The delegate's room: the item in hand with its papers, and at the right the desk with the ballot.

What everybody sees is rendered once and shared; the desk is personal and never kept.
"""

from typing import Any
from uuid import UUID, uuid4

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from markupsafe import Markup
from sqlalchemy import select

from meetings import language
from meetings.before.papers import Leaf, leaves_of
from meetings.before.scheduling import open_to
from meetings.before.visibility import must_be_let_in
from meetings.during.attendance import OPEN_STATES, PRESENT, check_in
from meetings.during.desk import Desk, Line
from meetings.during.forecast import forecast_of
from meetings.during.own_room import OwnDesk
from meetings.during.recusals import is_recused
from meetings.during.stage import stage_of
from meetings.during.veil import stage_for
from meetings.language import N_
from meetings.rules.attendance import Presence
from meetings.rules.ballot_forms import sent_with_form
from meetings.rules.lifecycle import MeetingState, PollState
from meetings.rules.permissions import Actor, Right
from meetings.rules.polls import Method
from meetings.rules.room_rules import room_rules
from meetings.rules.visibility import Audience, Visibility, audience_of
from meetings.storage.tables import Item, Meeting
from meetings.storage.unit_of_work import Reading
from meetings.web.cockpit_agenda import forecast_line
from meetings.web.motions import MotionLine, room_lines
from meetings.web.places import places_of
from meetings.web.procedure import answers_in_words
from meetings.web.question_views import shared_questions
from meetings.web.render import done, fragment, page, shared_bytes
from meetings.web.request import MeetingsRequest, uuid_of
from meetings.web.room_own import own_part
from meetings.web.stage import live_of, poll_view, shared_key, shared_part

STAGE = "during/room_stage.html"
DESK = "during/room_desk.html"
STRIP = "during/strip.html"
ASIDE = "aside"

OBSTACLES = {
    "not-on-roll": N_("Ballots go to the members of the body."),
    "not-present": N_("You were not recorded as present when this vote was opened."),
    "recused": N_("You stand aside from this item."),
    "proxy-void": N_("Your ballot is with the member who represents you."),
}
"""Why somebody has no ballot, by the code of the refusal that one would meet."""


@get("/meetings/{meeting:uuid}/room", opt={"permission": Right.ATTEND})
async def room_page(
    request: MeetingsRequest, meeting: FromPath[UUID], paper: FromQuery[str] = ""
) -> Response[str]:
    """The room as one finds it on entering."""
    async with request.house.store.reading() as reading:
        found = await open_to(reading, request.actor, meeting)
        await _let_in(reading, request.actor, found)
        circle = await _circle(reading, request.actor, found)
        key = await shared_key(reading, found, paper, circle)
        shared = await _item_in_hand(reading, found, paper, circle)
        stage = await stage_of(reading, found)
    # Asked after the number was read and the connection is given back: at least as new, and nobody waits for another.
    desk = desk_part(await request.house.rooms.desk(request.actor, meeting), request.actor)
    own = own_part(await request.house.rooms.part(request.actor, meeting), request.actor)
    middle = Markup(shared_bytes(request, STAGE, key, shared))  # noqa: S704 - our own template's text
    return page(
        request, "during/room.html", meeting=meeting, seq=key[1], live=live_of(stage), title=found.title,
        stage=middle, meeting_pages=places_of(request.actor, found, "room"), **desk, **own,
    )  # fmt: skip


@get("/meetings/{meeting:uuid}/room/stage", opt={"permission": Right.ATTEND})
async def room_stage(
    request: MeetingsRequest, meeting: FromPath[UUID], paper: FromQuery[str] = ""
) -> Response[str]:
    """The item in hand and its papers; the same bytes for all."""

    async def show(reading: Reading, found: Meeting) -> dict[str, Any]:
        return await _item_in_hand(reading, found, paper, await circle(reading, found))

    async def circle(reading: Reading, found: Meeting) -> str:
        await _let_in(reading, request.actor, found)
        return await _circle(reading, request.actor, found)

    return await shared_part(request, meeting, STAGE, show, paper, audience=circle)


@get("/meetings/{meeting:uuid}/room/ballot", opt={"permission": Right.ATTEND})
async def room_ballot(request: MeetingsRequest, meeting: FromPath[UUID]) -> Response[str]:
    """The desk of this person. It holds the form's token, so it is never kept."""
    desk = await request.house.rooms.desk(request.actor, meeting)
    return fragment(request, DESK, meeting=meeting, **desk_part(desk, request.actor))


@get("/meetings/{meeting:uuid}/live", opt={"permission": Right.ATTEND})
async def live_part(request: MeetingsRequest, meeting: FromPath[UUID]) -> Response[str]:
    """The strip under the header."""

    async def show(reading: Reading, found: Meeting) -> dict[str, Any]:
        audience = audience_of(request.actor, found.body_id, meeting)
        return {"live": live_of(await stage_for(reading, found, audience))}

    async def circle(reading: Reading, found: Meeting) -> str:
        outside = audience_of(request.actor, found.body_id, meeting) is Audience.ANYBODY
        return "outside" if outside else ""

    return await shared_part(request, meeting, STRIP, show, "strip", audience=circle)


@post("/polls/{poll:uuid}/ballots", opt={"permission": Right.SIGNED_IN}, status_code=200)
async def cast_ballot(request: MeetingsRequest, poll: FromPath[UUID]) -> Response[dict[str, Any]] | Redirect:
    """Vote with a form: the door for browsers without scripts, and for when the socket is down."""
    fields = await request.fields()
    represented = uuid_of(fields["for"]) if fields.get("for") else None
    sent = [(name, value) for name, value in (await request.form()).multi_items() if isinstance(value, str)]
    choice = sent_with_form(sent)
    receipt = await request.house.box.cast(request.actor, poll, choice, fields.get("key", ""), represented)
    if request.headers.get("accept", "").startswith("application/json"):
        return Response({"counted": True, "at": receipt.at.isoformat(), "receipt": receipt.receipt})
    place = "chair" if fields.get("back") == "chair" else "room"
    return done(f"/meetings/{receipt.meeting}/{place}", "counted")


@post("/meetings/{meeting:uuid}/check-in", opt={"permission": Right.TAKE_PART}, status_code=200)
async def check_in_oneself(request: MeetingsRequest, meeting: FromPath[UUID]) -> Response[str] | Redirect:
    """Record oneself as present, in the room or from afar."""
    fields = await request.fields()
    async with request.house.store.work() as work:
        await check_in(work, request.actor, meeting, remote=fields.get("remote") == "yes")
        held = await work.get(Meeting, meeting)
        running = held.state in (MeetingState.IN_SESSION, MeetingState.RECESS)
    if request.partial:
        desk = await request.house.rooms.desk(request.actor, meeting)
        return fragment(request, DESK, meeting=meeting, **desk_part(desk, request.actor))
    return done(f"/meetings/{meeting}/room" if running else f"/meetings/{meeting}", "checked-in")


async def _let_in(reading: Reading, actor: Actor, meeting: Meeting) -> None:
    item = await reading.session.get(Item, meeting.current_item_id) if meeting.current_item_id else None
    must_be_let_in(actor, meeting, item)


async def _circle(reading: Reading, actor: Actor, meeting: Meeting) -> str:
    """Those who stand aside from the item in hand see that instead of its papers."""
    item = meeting.current_item_id
    if item and await is_recused(reading, item, actor.person):
        return ASIDE
    return audience_of(actor, meeting.body_id, meeting.id).name


async def _item_in_hand(reading: Reading, meeting: Meeting, paper: str, circle: str) -> dict[str, Any]:
    """What lies on the table: shared by all of one circle, so nothing in here depends on who asks."""
    item = await reading.session.get(Item, meeting.current_item_id) if meeting.current_item_id else None
    leaves: list[Leaf] = []
    motions: list[MotionLine] = []
    if item is not None and circle != ASIDE:
        leaves = (await leaves_of(reading, meeting.id, Audience[circle])).get(item.id, [])
        motions = await room_lines(reading, meeting)
    shown = next((leaf for leaf in leaves if str(leaf.paper) == paper), leaves[0] if leaves else None)
    coming = None if item else await _first_item(reading, meeting)
    return {
        "meeting": meeting, "item": item, "leaves": leaves, "shown": shown, "motions": motions, "coming": coming,
        "chosen": paper if shown and str(shown.paper) == paper else "", "aside": circle == ASIDE,
        "forecast": forecast_line(await forecast_of(reading, meeting), meeting),
    } | await shared_questions(reading, meeting)  # fmt: skip


async def _first_item(reading: Reading, meeting: Meeting) -> Item | None:
    if meeting.state != MeetingState.PUBLISHED:
        return None
    return await reading.session.scalar(
        select(Item)
        .where(Item.meeting_id == meeting.id, Item.parent_id.is_(None), Item.visibility == Visibility.COMMON)
        .order_by(Item.position)
        .limit(1)
    )


def desk_part(own: OwnDesk, actor: Actor) -> dict[str, Any]:
    """One person's desk: the ballot, its receipt, or why there is none."""
    meeting, facts, desk, person = own.meeting, own.facts, own.desk, actor.person
    presence = facts.presence(person)
    poll = poll_view(desk.poll, facts.by_proxy) if desk.poll else None
    missing = [line for line in (desk.own, *desk.represented) if line and _is_called(desk, line)]
    in_hand = presence in PRESENT and facts.item is not None
    return {
        "expects_ballot": in_hand and not facts.aside(person) and facts.one_ballot(person),
        "poll": poll,
        "own": desk.own,
        "own_choice": poll.label(desk.own.choice) if poll and desk.own and desk.own.choice else "",
        "represented": [(line, poll.label(line.choice) if line.choice else "") for line in desk.represented]
        if poll
        else [],
        "obstacle": _obstacle(desk, desk.own),
        "answers": answers_in_words(facts.called, desk.poll.rule) if desk.poll else [],
        "missing_own": bool(missing),
        "missing_names": [line.name for line in missing if line.person != person],
        "key": lambda: str(uuid4()),
        "person": str(person),
        "presence": presence,
        "may_check_in": presence not in (None, Presence.REPLACED) and meeting.state in OPEN_STATES,
        "by_oneself": room_rules(facts.body.room_rules).self_check_in,
        "meeting_state": meeting.state,
    }


def _is_called(desk: Desk, line: Line) -> bool:
    """Whether this ballot is missing and asked for: at a roll call, or because the vote is about to be closed."""
    if desk.poll is None or desk.poll.state != PollState.OPEN or line.receipt or line.obstacle:
        return False
    return line.called if desk.poll.method == Method.ROLL_CALL else desk.calling


def _obstacle(desk: Desk, own: Line | None) -> str:
    """The sentence in the ballot's place; empty where there is a ballot."""
    if desk.poll is None:
        return ""
    code = own.obstacle if own else "not-on-roll"
    return language.gettext(OBSTACLES.get(code, OBSTACLES["not-on-roll"])) if code else ""


handlers = [room_page, room_stage, room_ballot, live_part, cast_ballot, check_in_oneself]
