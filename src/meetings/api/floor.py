"""The floor: asking for it, the list of speakers, the clocks."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from litestar import Response
from litestar.params import FromPath, JSONBody

from meetings.api.contract import SECRETARY_OR_CHAIR, WHO, ApiRequest, reads, writes
from meetings.api.floor_shapes import (
    Called,
    FloorAnswer,
    FloorRequest,
    GroupTimes,
    Moved,
    Requested,
    SpeakerAdded,
    Speeches,
    TimeAdded,
    floor_answer,
    speech_given,
)
from meetings.api.repeats import written
from meetings.before.scheduling import open_to
from meetings.before.visibility import must_be_let_in, unseen_items
from meetings.during import speakers, speaking_list
from meetings.during.floor import floor_of, speeches_of
from meetings.language import N_
from meetings.rules.permissions import Actor, Right
from meetings.storage import tables
from meetings.storage.unit_of_work import Reading, Work

TAG = N_("Floor")
KEEPS = SECRETARY_OR_CHAIR


@reads("/meetings/{meeting_id:uuid}/floor", Right.ATTEND, N_("Read who speaks and who waits"), TAG)
async def get_floor(request: ApiRequest, meeting_id: FromPath[UUID]) -> Response[FloorAnswer]:
    """The floor as it is now."""
    async with request.house.store.reading() as reading:
        meeting = await open_to(reading, request.actor, meeting_id)
        if meeting.current_item_id:
            in_hand = await reading.session.get(tables.Item, meeting.current_item_id)
            must_be_let_in(request.actor, meeting, in_hand)
        return Response(await _floor(reading, meeting))


@reads("/meetings/{meeting_id:uuid}/speeches", Right.ATTEND, N_("Read who spoke, and how long"), TAG)
async def get_speeches(request: ApiRequest, meeting_id: FromPath[UUID]) -> Response[Speeches]:
    """In the order in which they were called."""
    async with request.house.store.reading() as reading:
        meeting = await open_to(reading, request.actor, meeting_id)
        facts = await speeches_of(reading, meeting)
        unseen = await unseen_items(reading, request.actor, meeting)
    return Response(Speeches(speeches=[speech_given(one) for one in facts if one.item not in unseen]))


@writes(
    "/meetings/{meeting_id:uuid}/floor/requests",
    Right.ATTEND,
    N_("Ask for the floor"),
    TAG,
    who=WHO[Right.TAKE_PART],
)
async def post_request(
    request: ApiRequest, meeting_id: FromPath[UUID], data: JSONBody[FloorRequest]
) -> Response[Requested]:
    """On the item in hand; once of each kind."""

    async def act(work: Work) -> Requested:
        await open_to(work, request.actor, meeting_id)
        place = await speaking_list.ask_to_speak(
            work, request.actor, meeting_id, data.kind, stance=data.stance, category=data.category
        )
        return Requested(speech=place.speech, place=place.place, wait=place.wait)

    return await written(request, act)


@writes(
    "/meetings/{meeting_id:uuid}/floor/speakers",
    Right.KEEP_FLOOR,
    N_("Put somebody on the list"),
    TAG,
    who=KEEPS,
)
async def post_speaker(
    request: ApiRequest, meeting_id: FromPath[UUID], data: JSONBody[SpeakerAdded]
) -> Response[FloorAnswer]:
    """A member's name means that member; other names are guests."""

    async def act(work: Work, actor: Actor, subject: UUID) -> object:
        return await speaking_list.add_speaker(
            work, actor, subject, data.name, kind=data.kind, stance=data.stance, category=data.category
        )

    return await _kept(request, act, meeting_id, meeting_id)


@writes(
    "/speeches/{speech:uuid}/withdraw",
    Right.ATTEND,
    N_("Take a request back"),
    TAG,
    who=N_("For the one who asked, the secretaries and the chair of the body."),
)
async def post_withdraw(request: ApiRequest, speech: FromPath[UUID]) -> Response[FloorAnswer]:
    """One's own; anybody's for those who keep the list."""
    return await _on_speech(request, speaking_list.withdraw_request, speech)


@writes("/speeches/{speech:uuid}/call", Right.KEEP_FLOOR, N_("Give somebody the floor"), TAG, who=KEEPS)
async def post_call(
    request: ApiRequest, speech: FromPath[UUID], data: JSONBody[Called | None] = None
) -> Response[FloorAnswer]:
    """The clock runs. Refused (`floor-taken`) while somebody speaks who was not named."""

    async def act(work: Work, actor: Actor, subject: UUID) -> object:
        return await speakers.start_speech(work, actor, subject, interrupts=data.interrupts if data else None)

    return await _on_speech(request, act, speech)


@writes("/speeches/{speech:uuid}/pause", Right.KEEP_FLOOR, N_("Halt the clock"), TAG, who=KEEPS)
async def post_pause(request: ApiRequest, speech: FromPath[UUID]) -> Response[FloorAnswer]:
    """The speaker keeps the floor."""
    return await _on_speech(request, speakers.pause_speech, speech)


@writes("/speeches/{speech:uuid}/resume", Right.KEEP_FLOOR, N_("Let the speaker go on"), TAG, who=KEEPS)
async def post_resume(request: ApiRequest, speech: FromPath[UUID]) -> Response[FloorAnswer]:
    """After a pause."""
    return await _on_speech(request, speakers.resume_speech, speech)


@writes("/speeches/{speech:uuid}/stop", Right.KEEP_FLOOR, N_("End a speech"), TAG, who=KEEPS)
async def post_stop(request: ApiRequest, speech: FromPath[UUID]) -> Response[FloorAnswer]:
    """Its seconds are kept."""
    return await _on_speech(request, speakers.stop_speech, speech)


@writes(
    "/speeches/{speech:uuid}/pass",
    Right.KEEP_FLOOR,
    N_("Pass over somebody who is not there"),
    TAG,
    who=KEEPS,
)
async def post_pass(request: ApiRequest, speech: FromPath[UUID]) -> Response[FloorAnswer]:
    """Asked again, behind the others."""
    return await _on_speech(request, speakers.pass_over, speech)


@writes("/speeches/{speech:uuid}/time", Right.KEEP_FLOOR, N_("Give a speaker more time"), TAG, who=KEEPS)
async def post_time(
    request: ApiRequest, speech: FromPath[UUID], data: JSONBody[TimeAdded]
) -> Response[FloorAnswer]:
    """In seconds, on top of what was given."""

    async def act(work: Work, actor: Actor, subject: UUID) -> object:
        return await speakers.add_time(work, actor, subject, data.seconds)

    return await _on_speech(request, act, speech)


@writes(
    "/speeches/{speech:uuid}/move", Right.KEEP_FLOOR, N_("Put a request to a place by hand"), TAG, who=KEEPS
)
async def post_move(
    request: ApiRequest, speech: FromPath[UUID], data: JSONBody[Moved]
) -> Response[FloorAnswer]:
    """1 is next."""

    async def act(work: Work, actor: Actor, subject: UUID) -> object:
        return await speaking_list.move_request(work, actor, subject, data.place)

    return await _on_speech(request, act, speech)


@writes(
    "/items/{item:uuid}/floor/last-call",
    Right.KEEP_FLOOR,
    N_("Make the last call for speakers"),
    TAG,
    who=KEEPS,
)
async def post_last_call(request: ApiRequest, item: FromPath[UUID]) -> Response[FloorAnswer]:
    """The room is told that the list is about to close."""
    return await _on_item(request, speaking_list.make_last_call, item)


@writes("/items/{item:uuid}/floor/close", Right.KEEP_FLOOR, N_("Close the list of speakers"), TAG, who=KEEPS)
async def post_close(request: ApiRequest, item: FromPath[UUID]) -> Response[FloorAnswer]:
    """Points of order are still taken."""
    return await _on_item(request, speaking_list.close_list, item)


@writes(
    "/items/{item:uuid}/floor/reopen", Right.KEEP_FLOOR, N_("Take requests to speak again"), TAG, who=KEEPS
)
async def post_reopen(request: ApiRequest, item: FromPath[UUID]) -> Response[FloorAnswer]:
    """The last call is taken back as well."""
    return await _on_item(request, speaking_list.reopen_list, item)


@writes("/items/{item:uuid}/floor/groups", Right.KEEP_FLOOR, N_("Set the time of groups"), TAG, who=KEEPS)
async def post_groups(
    request: ApiRequest, item: FromPath[UUID], data: JSONBody[GroupTimes]
) -> Response[FloorAnswer]:
    """In seconds, on this item."""

    async def act(work: Work, actor: Actor, subject: UUID) -> object:
        await speaking_list.set_group_times(work, actor, subject, data.initial)
        for group, seconds in data.added.items():
            await speaking_list.add_group_time(work, actor, subject, group, seconds)
        return None

    return await _on_item(request, act, item)


Act = Callable[[Work, Actor, UUID], Awaitable[object]]


async def _on_speech(request: ApiRequest, act: Act, speech: UUID) -> Response[Any]:
    async with request.house.store.reading() as reading:
        meeting = (await reading.get(tables.Speech, speech)).meeting_id
    return await _kept(request, act, speech, meeting)


async def _on_item(request: ApiRequest, act: Act, item: UUID) -> Response[Any]:
    async with request.house.store.reading() as reading:
        meeting = (await reading.get(tables.Item, item)).meeting_id
    return await _kept(request, act, item, meeting)


async def _kept(request: ApiRequest, act: Act, subject: UUID, meeting: UUID) -> Response[Any]:
    """Do it where the meeting is open to the actor, and answer with the floor."""

    async def in_one(work: Work) -> FloorAnswer:
        held = await open_to(work, request.actor, meeting)
        await act(work, request.actor, subject)
        return await _floor(work, held)

    return await written(request, in_one)


async def _floor(reading: Reading, meeting: tables.Meeting) -> FloorAnswer:
    return floor_answer(await floor_of(reading, meeting, await reading.get(tables.Body, meeting.body_id)))


handlers = [
    get_floor, get_speeches, post_request, post_speaker, post_withdraw, post_call, post_pause, post_resume, post_stop,
    post_pass, post_time, post_move, post_last_call, post_close, post_reopen, post_groups,
]  # fmt: skip
