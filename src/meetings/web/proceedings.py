"""The chair's acts on the course of the meeting: recesses, items taken up, set aside or added, the adjournment."""

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from meetings.before.agenda import agenda_of
from meetings.before.scheduling import open_to
from meetings.council.bodies import agencies, committees_of
from meetings.during import agenda_changes, proceedings
from meetings.language import long_datetime_text
from meetings.rules.lifecycle import ITEM, acts
from meetings.rules.permissions import Actor, Right
from meetings.rules.refusals import Refused
from meetings.storage.tables import Item, Meeting
from meetings.storage.unit_of_work import Reading, Work
from meetings.web.chair import act
from meetings.web.cockpit_agenda import ASIDE
from meetings.web.forms import chosen_id, whole_number
from meetings.web.render import fragment, page
from meetings.web.request import MeetingsRequest

RUN = {"permission": Right.RUN_ROOM}
RECESSES = (5, 10, 15, 20, 30, 45, 60, 90)
"""Minutes that the form for a recess offers."""


@post("/meetings/{meeting:uuid}/call-to-order", opt=RUN, status_code=200)
async def call_to_order(request: MeetingsRequest, meeting: FromPath[UUID]) -> Response[str] | Redirect:
    """Begin."""
    return await act(request, proceedings.call_to_order, meeting)


@post("/meetings/{meeting:uuid}/recess", opt=RUN, status_code=200)
async def recess(request: MeetingsRequest, meeting: FromPath[UUID]) -> Response[str] | Redirect:
    """Interrupt the meeting: until a time on its own clock, for some minutes, or without a planned end."""
    sent = await request.fields()
    minutes = whole_number(sent.get("minutes", ""), "minutes")

    async def wanted(work: Work, actor: Actor, subject: UUID) -> Meeting:
        until = (
            _coming(sent["until"], await work.get(Meeting, subject), work.now) if sent.get("until") else None
        )
        return await proceedings.recess(work, actor, subject, minutes=None if until else minutes, until=until)

    return await act(request, wanted, meeting)


@post("/meetings/{meeting:uuid}/recess/extend", opt=RUN, status_code=200)
async def extend_recess(request: MeetingsRequest, meeting: FromPath[UUID]) -> Response[str] | Redirect:
    """Five minutes more, unless another chair has just given them."""
    sent = await request.fields()
    seen = _moment(sent["seen"]) if sent.get("seen") else None

    async def wanted(work: Work, actor: Actor, subject: UUID) -> Meeting:
        return await proceedings.extend_recess(work, actor, subject, seen=seen)

    return await act(request, wanted, meeting)


@post("/meetings/{meeting:uuid}/resume", opt=RUN, status_code=200)
async def resume(request: MeetingsRequest, meeting: FromPath[UUID]) -> Response[str] | Redirect:
    """Go on."""
    return await act(request, proceedings.resume, meeting)


@post("/meetings/{meeting:uuid}/adjourn", opt=RUN, status_code=200)
async def adjourn(request: MeetingsRequest, meeting: FromPath[UUID]) -> Response[str] | Redirect:
    """End the meeting for good."""
    return await act(request, proceedings.adjourn, meeting)


@post("/items/{item:uuid}/take-up", opt=RUN, status_code=200)
async def take_up(request: MeetingsRequest, item: FromPath[UUID]) -> Response[str] | Redirect:
    """Turn to an item. The form tells which one was in hand when the button was pressed."""
    sent = await request.fields()
    seen = proceedings.Seen(chosen_id(sent["in_hand"])) if "in_hand" in sent else None

    async def wanted(work: Work, actor: Actor, subject: UUID) -> Item:
        return await proceedings.take_up(work, actor, subject, seen=seen)

    return await act(request, wanted, item)


@post("/items/{item:uuid}/conclude", opt=RUN, status_code=200)
async def conclude(request: MeetingsRequest, item: FromPath[UUID]) -> Response[str] | Redirect:
    """Finish the item in hand."""
    return await act(request, proceedings.conclude, item)


@get("/items/{item:uuid}/acts", opt=RUN)
async def item_acts(request: MeetingsRequest, item: FromPath[UUID]) -> Response[str]:
    """What can be done with an item besides dealing with it: a page of its own, or the content of a dialog."""
    async with request.house.store.reading() as reading:
        kept = await reading.get(Item, item)
        held = await open_to(reading, request.actor, kept.meeting_id)
        request.actor.must(Right.RUN_ROOM, body=held.body_id)
        shown = await _ways_out(reading, held, kept)
    return _dialog(request, "during/item_acts.html", held, kept.title, shown)


@get("/meetings/{meeting:uuid}/urgent", opt=RUN)
async def urgent_form(request: MeetingsRequest, meeting: FromPath[UUID]) -> Response[str]:
    """The form for an urgent item."""
    async with request.house.store.reading() as reading:
        held = await open_to(reading, request.actor, meeting)
        request.actor.must(Right.RUN_ROOM, body=held.body_id)
        items = await agenda_of(reading, meeting)
    places = [(str(item.id), f"{item.number} {item.title}") for item in items]
    in_hand = str(held.current_item_id) if held.current_item_id else ""
    return _dialog(
        request, "during/urgent_item.html", held, held.title, {"places": places, "in_hand": in_hand}
    )


@post("/meetings/{meeting:uuid}/urgent", opt=RUN, status_code=200)
async def add_urgent(request: MeetingsRequest, meeting: FromPath[UUID]) -> Response[str] | Redirect:
    """Put an urgent item onto the agenda."""
    sent = await request.fields()
    minutes = whole_number(sent.get("minutes_planned", ""), "minutes_planned")

    async def wanted(work: Work, actor: Actor, subject: UUID) -> Item:
        return await agenda_changes.add_urgent(
            work, actor, subject, title=sent.get("title", ""), reason=sent.get("reason", ""),
            text=sent.get("text", ""), presenter=sent.get("presenter", ""), minutes_planned=minutes,
            after=chosen_id(sent.get("after", "")),
        )  # fmt: skip

    return await act(request, wanted, meeting)


@post("/items/{item:uuid}/postpone", opt=RUN, status_code=200)
async def postpone(request: MeetingsRequest, item: FromPath[UUID]) -> Response[str] | Redirect:
    """Put an item off: to the meeting that was chosen, or without a day."""
    sent = await request.fields()

    async def wanted(work: Work, actor: Actor, subject: UUID) -> Item:
        to = chosen_id(sent.get("meeting", ""))
        return await agenda_changes.postpone(work, actor, subject, reason=sent.get("reason", ""), to=to)

    return await act(request, wanted, item)


@post("/items/{item:uuid}/refer", opt=RUN, status_code=200)
async def refer(request: MeetingsRequest, item: FromPath[UUID]) -> Response[str] | Redirect:
    """Hand an item to a committee or agency."""
    sent = await request.fields()

    async def wanted(work: Work, actor: Actor, subject: UUID) -> Item:
        to, reason = sent.get("to", ""), sent.get("reason", "")
        return await agenda_changes.refer(work, actor, subject, to=to, reason=reason)

    return await act(request, wanted, item)


@post("/items/{item:uuid}/withdraw", opt=RUN, status_code=200)
async def withdraw(request: MeetingsRequest, item: FromPath[UUID]) -> Response[str] | Redirect:
    """Take an item off the agenda."""
    reason = (await request.fields()).get("reason", "")

    async def wanted(work: Work, actor: Actor, subject: UUID) -> Item:
        return await agenda_changes.withdraw(work, actor, subject, reason=reason)

    return await act(request, wanted, item)


async def _ways_out(reading: Reading, held: Meeting, item: Item) -> dict[str, Any]:
    later = await agenda_changes.later_meetings(reading, held)
    committees = [body.name for body in await committees_of(reading, held.body_id)]
    return {
        "item": item,
        "ways": [
            way for way in acts(ITEM, item.state) if way in ASIDE and held.state in agenda_changes.CHANGING
        ],
        "later": [
            (str(one.id), f"{long_datetime_text(datetime.fromisoformat(one.starts_local))} · {one.title}")
            for one in later
        ],
        "referees": [*committees, *(agency.name for agency in await agencies(reading))],
    }


def _dialog(
    request: MeetingsRequest, template: str, held: Meeting, title: str, shown: dict[str, Any]
) -> Response[str]:
    """The form alone for the cockpit's dialog; a page around it for browsers without scripts."""
    if request.partial:
        return fragment(request, template, meeting=held.id, **shown)
    return page(
        request,
        "during/chair_form.html",
        title=title,
        meeting=held.id,
        seq="",
        live=None,
        form=template,
        **shown,
    )


def _coming(clock: str, held: Meeting, now: datetime) -> datetime:
    """The next moment at which the meeting's clock shows this time."""
    try:
        wanted = time.fromisoformat(clock)
    except ValueError as wrong:
        raise Refused("date-wrong", field="until") from wrong
    zone = ZoneInfo(held.timezone)
    there = now.astimezone(zone)
    moment = datetime.combine(there.date(), wanted.replace(tzinfo=None), zone)
    return moment if moment > now else moment + timedelta(days=1)


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError as wrong:
        raise Refused("date-wrong", field="until") from wrong


handlers = [
    call_to_order, recess, extend_recess, resume, adjourn, take_up, conclude, item_acts, urgent_form, add_urgent,
    postpone, refer, withdraw,
]  # fmt: skip
