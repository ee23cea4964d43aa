"""Asking for the floor, and keeping the list of speakers. Every act is a form that also works alone."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from meetings.before.scheduling import open_to
from meetings.during import speakers, speaking_list
from meetings.during.stage import stage_of
from meetings.rules.permissions import Actor, Right
from meetings.rules.refusals import Refused
from meetings.storage.tables import Item, Meeting, Speech
from meetings.storage.unit_of_work import Reading, Work
from meetings.web.chair import act as act_from_cockpit
from meetings.web.floor_views import floor_view
from meetings.web.forms import whole_number
from meetings.web.places import places_of
from meetings.web.render import fragment, page
from meetings.web.request import MeetingsRequest, uuid_of
from meetings.web.room_own import own_answer
from meetings.web.stage import live_of

LIST = "during/floor_list.html"


@post("/meetings/{meeting:uuid}/floor/requests", opt={"permission": Right.ATTEND}, status_code=200)
async def ask_for_the_floor(request: MeetingsRequest, meeting: FromPath[UUID]) -> Response[str] | Redirect:
    """Ask for the floor; `wish` is the kind, and behind a space the stance or the category of a point of order."""
    kind, _, more = (await request.fields()).get("wish", "").partition(" ")
    choice = {"category" if kind == "order" else "stance": more}
    async with request.house.store.work() as work:
        await open_to(work, request.actor, meeting)
        await speaking_list.ask_to_speak(work, request.actor, meeting, kind, **choice)
    return await _own_answer(request, meeting)


@post("/meetings/{meeting:uuid}/floor/withdraw", opt={"permission": Right.ATTEND}, status_code=200)
async def withdraw_own_requests(
    request: MeetingsRequest, meeting: FromPath[UUID]
) -> Response[str] | Redirect:
    """Take back what one has asked for: one request (`speech`), or all."""
    speech = (await request.fields()).get("speech", "")
    async with request.house.store.work() as work:
        await open_to(work, request.actor, meeting)
        if speech:
            await speaking_list.withdraw_request(work, request.actor, uuid_of(speech))
        else:
            await speaking_list.withdraw_own(work, request.actor, meeting)
    return await _own_answer(request, meeting)


async def _own_answer(request: MeetingsRequest, meeting: UUID) -> Response[str] | Redirect:
    if not request.partial:
        return Redirect(f"/meetings/{meeting}/room#floor", status_code=303)
    return await own_answer(request, meeting)


@get("/meetings/{meeting:uuid}/floor", opt={"permission": Right.KEEP_FLOOR})
async def floor_page(request: MeetingsRequest, meeting: FromPath[UUID]) -> Response[str]:
    """The list of speakers, kept by the secretary."""
    async with request.house.store.reading() as reading:
        found = await _list(reading, request.actor, meeting)
    stage = found["stage"]
    return page(
        request, "during/floor.html", title=stage.meeting.title, meeting=meeting, seq=stage.seq, live=live_of(stage),
        meeting_pages=places_of(request.actor, stage.meeting, "floor"), **found,
    )  # fmt: skip


@get("/meetings/{meeting:uuid}/floor/list", opt={"permission": Right.KEEP_FLOOR})
async def floor_list(request: MeetingsRequest, meeting: FromPath[UUID]) -> Response[str]:
    """The list alone, fetched anew when it changes."""
    async with request.house.store.reading() as reading:
        found = await _list(reading, request.actor, meeting)
    return fragment(request, LIST, meeting=meeting, **found)


async def _list(reading: Reading, actor: Actor, meeting: UUID) -> dict[str, Any]:
    found = await open_to(reading, actor, meeting)
    actor.must(Right.KEEP_FLOOR, body=found.body_id)
    stage = await stage_of(reading, found)
    return {
        "stage": stage,
        "floor": floor_view(stage.floor),
        "floor_back": "floor",
        "names": [seat.member.name for seat in stage.room.seats],
        "group_names": sorted({seat.member.group for seat in stage.room.seats if seat.member.group}),
    }


Act = Callable[[Work, Actor, UUID], Awaitable[Any]]


async def _kept(request: MeetingsRequest, act: Act, subject: UUID) -> Response[str] | Redirect:
    """Do it, then show where it was done: in the cockpit, or on the page of the list (`back`)."""
    if (await request.fields()).get("back") == "chair" and request.actor.may(Right.RUN_ROOM):
        return await act_from_cockpit(request, act, subject)
    async with request.house.store.work() as work:
        changed: Meeting | Item | Speech = await act(work, request.actor, subject)
    meeting = changed.id if isinstance(changed, Meeting) else changed.meeting_id
    if not request.partial:
        return Redirect(f"/meetings/{meeting}/floor", status_code=303)
    async with request.house.store.reading() as reading:
        found = await _list(reading, request.actor, meeting)
    return fragment(request, LIST, meeting=meeting, **found)


SPEECH_ACTS: dict[str, Act] = {
    "pause": speakers.pause_speech,
    "resume": speakers.resume_speech,
    "stop": speakers.stop_speech,
    "pass": speakers.pass_over,
    "withdraw": speaking_list.withdraw_request,
}
LIST_ACTS: dict[str, Act] = {
    "last-call": speaking_list.make_last_call,
    "close": speaking_list.close_list,
    "reopen": speaking_list.reopen_list,
}


@post(
    [f"/speeches/{{speech:uuid}}/{act}" for act in SPEECH_ACTS],
    opt={"permission": Right.KEEP_FLOOR},
    status_code=200,
)
async def run_speech(request: MeetingsRequest, speech: FromPath[UUID]) -> Response[str] | Redirect:
    """Pause, resume, stop, pass over, take off the list."""
    return await _kept(request, SPEECH_ACTS[request.url.path.rsplit("/", 1)[1]], speech)


@post("/speeches/{speech:uuid}/call", opt={"permission": Right.KEEP_FLOOR}, status_code=200)
async def call_speaker(request: MeetingsRequest, speech: FromPath[UUID]) -> Response[str] | Redirect:
    """Give somebody the floor. `interrupts` is who has it on the page where the button was pressed."""
    named = (await request.fields()).get("interrupts", "")

    async def act(work: Work, actor: Actor, subject: UUID) -> Speech:
        return await speakers.start_speech(work, actor, subject, interrupts=uuid_of(named) if named else None)

    return await _kept(request, act, speech)


@post("/speeches/{speech:uuid}/time", opt={"permission": Right.KEEP_FLOOR}, status_code=200)
async def add_time(request: MeetingsRequest, speech: FromPath[UUID]) -> Response[str] | Redirect:
    """More time for a speaker, in seconds."""
    seconds = _number((await request.fields()).get("seconds", ""), "seconds")

    async def act(work: Work, actor: Actor, subject: UUID) -> Speech:
        return await speakers.add_time(work, actor, subject, seconds)

    return await _kept(request, act, speech)


@post("/speeches/{speech:uuid}/move", opt={"permission": Right.KEEP_FLOOR}, status_code=200)
async def move_speaker(request: MeetingsRequest, speech: FromPath[UUID]) -> Response[str] | Redirect:
    """Put a request to a place by hand; 1 is next."""
    place = _number((await request.fields()).get("place", ""), "place")

    async def act(work: Work, actor: Actor, subject: UUID) -> Speech:
        await speaking_list.move_request(work, actor, subject, place)
        return await work.get(Speech, subject)

    return await _kept(request, act, speech)


@post("/meetings/{meeting:uuid}/floor/speakers", opt={"permission": Right.KEEP_FLOOR}, status_code=200)
async def add_speaker(request: MeetingsRequest, meeting: FromPath[UUID]) -> Response[str] | Redirect:
    """Put somebody on the list by name."""
    fields = await request.fields()
    kind, _, more = fields.get("wish", "speech").partition(" ")
    choice = {"category" if kind == "order" else "stance": more}

    async def act(work: Work, actor: Actor, subject: UUID) -> Speech:
        return await speaking_list.add_speaker(
            work, actor, subject, fields.get("name", ""), kind=kind, **choice
        )

    return await _kept(request, act, meeting)


@post(
    [f"/items/{{item:uuid}}/floor/{act}" for act in LIST_ACTS],
    opt={"permission": Right.KEEP_FLOOR},
    status_code=200,
)
async def run_list(request: MeetingsRequest, item: FromPath[UUID]) -> Response[str] | Redirect:
    """Last call, close, open again."""
    return await _kept(request, LIST_ACTS[request.url.path.rsplit("/", 1)[1]], item)


@post("/items/{item:uuid}/floor/groups", opt={"permission": Right.KEEP_FLOOR}, status_code=200)
async def group_times(request: MeetingsRequest, item: FromPath[UUID]) -> Response[str] | Redirect:
    """Give a group its time in minutes, or some seconds more."""
    fields = await request.fields()
    group = " ".join(fields.get("group", "").split())

    async def act(work: Work, actor: Actor, subject: UUID) -> Item:
        if fields.get("more"):
            await speaking_list.add_group_time(
                work, actor, subject, group, _number(fields["more"], "seconds")
            )
        else:
            minutes = _number(fields.get("minutes", ""), "seconds")
            await speaking_list.set_group_times(work, actor, subject, {group: minutes * 60})
        return await work.get(Item, subject)

    return await _kept(request, act, item)


def _number(text: str, name: str) -> int:
    number = whole_number(text, name)
    if number is None:
        raise Refused("field-missing", field=name)
    return number


handlers = [
    ask_for_the_floor, withdraw_own_requests, floor_page, floor_list, run_speech, call_speaker, add_time,
    move_speaker, add_speaker, run_list, group_times,
]  # fmt: skip
