"""The secretaries' ballot desk: counts of raised hands, ballots of members without a device, tests of devices."""

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from meetings import language
from meetings.before.scheduling import open_to
from meetings.during.attendance import OPEN_STATES
from meetings.during.device_tests import begin_test, device_test_of, end_test
from meetings.during.roll import frozen_roll
from meetings.during.roll_calls import roll_call_of
from meetings.during.stage import Stage, stage_of
from meetings.language import N_
from meetings.rules.permissions import Actor, Right
from meetings.rules.polls import Method
from meetings.storage.tables import Meeting, Poll
from meetings.storage.unit_of_work import Reading
from meetings.web.places import places_of
from meetings.web.procedure import polling
from meetings.web.render import fragment, page
from meetings.web.request import MeetingsRequest
from meetings.web.stage import live_of, poll_view

BOARD = "during/ballot_desk_board.html"
TEST = "during/device_test_board.html"


@get("/meetings/{meeting:uuid}/ballot-desk", opt={"permission": Right.ENTER_BALLOTS})
async def desk_page(request: MeetingsRequest, meeting: FromPath[UUID]) -> Response[str]:
    """The desk."""
    async with request.house.store.reading() as reading:
        found, stage, shown = await _desk(reading, request.actor, meeting)
    return page(
        request, "during/ballot_desk.html", title=language.gettext(N_("Ballot desk")), held=found, meeting=meeting,
        seq=stage.seq, live=live_of(stage), meeting_pages=places_of(request.actor, found, "ballot-desk"), **shown,
    )  # fmt: skip


@get("/meetings/{meeting:uuid}/ballot-desk/board", opt={"permission": Right.ENTER_BALLOTS})
async def desk_board(request: MeetingsRequest, meeting: FromPath[UUID]) -> Response[str]:
    """What is on the desk, fetched anew when the stage changes, and every two seconds while a vote is open."""
    return await _board(request, meeting)


async def show_desk(request: MeetingsRequest, meeting: UUID) -> Response[str] | Redirect:
    """The answer to an act of the desk."""
    if request.partial:
        return await _board(request, meeting)
    return Redirect(f"/meetings/{meeting}/ballot-desk", status_code=303)


async def _board(request: MeetingsRequest, meeting: UUID) -> Response[str]:
    async with request.house.store.reading() as reading:
        _, _, shown = await _desk(reading, request.actor, meeting)
    return fragment(request, BOARD, meeting=meeting, **shown)


async def _desk(reading: Reading, actor: Actor, meeting: UUID) -> tuple[Meeting, Stage, dict[str, Any]]:
    found = await open_to(reading, actor, meeting)
    actor.must(Right.ENTER_BALLOTS, body=found.body_id)
    stage = await stage_of(reading, found, insider=True)
    poll = stage.open_poll
    shown: dict[str, Any] = {"poll": poll_view(poll) if poll else None, "polling": None, "voters": []}
    if poll is not None:
        kept = await reading.get(Poll, poll.id)
        shown["polling"] = await polling(reading, actor, poll)
        attending = {UUID(one.person) for one in await frozen_roll(reading, poll.id) if one.attending}
        waits = {one.person for one, _, _ in shown["polling"]["waiting"]}
        if poll.method != Method.HANDS:
            shown["voters"] = [
                {
                    "id": one.person, "name": one.name, "voted": one.answered, "waits": one.person in waits,
                    "enters": not poll.secret and one.person in attending and one.person != actor.person
                    and (one.called or poll.method != Method.ROLL_CALL),
                    "called": one.called,
                }
                for one in await roll_call_of(reading, kept)
            ]  # fmt: skip
    return found, stage, shown


@get("/meetings/{meeting:uuid}/device-test", opt={"permission": Right.ENTER_BALLOTS})
async def test_page(request: MeetingsRequest, meeting: FromPath[UUID]) -> Response[str]:
    """Does every tablet work? Who has answered, and who has not."""
    async with request.house.store.reading() as reading:
        stage, shown = await _test(reading, request.actor, meeting)
    return page(
        request, "during/device_test.html", title=language.gettext(N_("Test of the devices")), meeting=meeting,
        held=stage.meeting, seq=stage.seq, live=live_of(stage),
        meeting_pages=places_of(request.actor, stage.meeting, "device-test"), **shown,
    )  # fmt: skip


@get("/meetings/{meeting:uuid}/device-test/board", opt={"permission": Right.ENTER_BALLOTS})
async def test_board(request: MeetingsRequest, meeting: FromPath[UUID]) -> Response[str]:
    """The names; asked for every two seconds while the test runs."""
    return await _test_board(request, meeting)


@post("/meetings/{meeting:uuid}/device-test", opt={"permission": Right.ENTER_BALLOTS}, status_code=200)
async def begin_device_test(request: MeetingsRequest, meeting: FromPath[UUID]) -> Response[str] | Redirect:
    """Send a ballot to every member, only to try."""
    async with request.house.store.work() as work:
        await begin_test(work, request.actor, meeting)
    return await _show_test(request, meeting)


@post("/polls/{poll:uuid}/end-test", opt={"permission": Right.ENTER_BALLOTS}, status_code=200)
async def end_device_test(request: MeetingsRequest, poll: FromPath[UUID]) -> Response[str] | Redirect:
    """End the test."""
    async with request.house.store.work() as work:
        ended = await end_test(work, request.actor, poll)
    return await _show_test(request, ended.meeting_id)


async def _show_test(request: MeetingsRequest, meeting: UUID) -> Response[str] | Redirect:
    if request.partial:
        return await _test_board(request, meeting)
    return Redirect(f"/meetings/{meeting}/device-test", status_code=303)


async def _test_board(request: MeetingsRequest, meeting: UUID) -> Response[str]:
    async with request.house.store.reading() as reading:
        _, shown = await _test(reading, request.actor, meeting)
    return fragment(request, TEST, meeting=meeting, **shown)


async def _test(reading: Reading, actor: Actor, meeting: UUID) -> tuple[Stage, dict[str, Any]]:
    test = await device_test_of(reading, actor, meeting)
    stage = await stage_of(reading, await reading.get(Meeting, meeting))
    return stage, {"test": test, "may_begin": stage.meeting.state in OPEN_STATES and stage.open_poll is None}


handlers = [desk_page, desk_board, test_page, test_board, begin_device_test, end_device_test]
