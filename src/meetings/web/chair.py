"""The chair's cockpit: agenda, the stage with the one next act, people. Every act is a form that also works alone."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from sqlalchemy import select

from meetings.before.agenda import agenda_of
from meetings.before.scheduling import open_to
from meetings.during import voting
from meetings.during.attendance import meeting_day
from meetings.during.desk import not_voted
from meetings.during.motions import motions_of
from meetings.during.stage import Stage, stage_of, votes_by_proxy
from meetings.rules.lifecycle import PollState
from meetings.rules.majority import PRESETS
from meetings.rules.permissions import Actor, Right
from meetings.rules.poll_kinds import WRITTEN
from meetings.rules.polls import TEST, Method
from meetings.rules.rule import in_force
from meetings.storage.tables import Meeting, Poll
from meetings.storage.unit_of_work import Reading, Work
from meetings.web import (
    cockpit_agenda,
    floor_views,
    motions,
    own_ballot,
    poll_form,
    procedure,
    question_views,
    seats,
    standing_in,
)
from meetings.web.next_act import Cockpit, next_act
from meetings.web.places import places_of
from meetings.web.render import fragment, page
from meetings.web.request import MeetingsRequest
from meetings.web.rule_words import rule_options
from meetings.web.stage import live_of, poll_view

BOARD = "during/chair_board.html"

"""Written opinions are asked for outside a meeting."""


@get("/meetings/{meeting:uuid}/chair", opt={"permission": Right.RUN_ROOM})
async def chair_page(request: MeetingsRequest, meeting: FromPath[UUID]) -> Response[str]:
    """The cockpit."""
    async with request.house.store.reading() as reading:
        board = await board_of(reading, request.actor, meeting)
    stage: Stage = board["stage"]
    return page(
        request,
        "during/chair.html",
        title=stage.meeting.title,
        meeting=meeting,
        seq=stage.seq,
        live=live_of(stage),
        meeting_pages=places_of(request.actor, stage.meeting, "chair"),
        **board,
    )


@get("/meetings/{meeting:uuid}/chair/board", opt={"permission": Right.RUN_ROOM})
async def chair_board(request: MeetingsRequest, meeting: FromPath[UUID]) -> Response[str]:
    """The cockpit's three columns, fetched anew when the stage changes."""
    return await _board(request, meeting)


@get("/meetings/{meeting:uuid}/chair/missing", opt={"permission": Right.RUN_ROOM})
async def missing_ballots(
    request: MeetingsRequest, meeting: FromPath[UUID], seen: FromQuery[str] = ""
) -> Response[str]:
    """Who has not voted in the open poll; asked for every two seconds while it is open, so it loads nothing else.

    `seen` is what the page shows: as long as that is true the answer is empty (204).
    """
    async with request.house.store.reading() as reading:
        found = await open_to(reading, request.actor, meeting)
        request.actor.must(Right.RUN_ROOM, body=found.body_id)
        poll = await reading.session.scalar(
            select(Poll).where(
                Poll.meeting_id == meeting, Poll.state == PollState.OPEN, Poll.method == Method.ELECTRONIC,
                Poll.kind != TEST,
            )
        )  # fmt: skip
        missing = await not_voted(reading, poll.id) if poll else []
    called = poll is not None and poll.missing_called_at is not None
    if poll is not None and seen == seen_missing(poll.id, missing, called=called):
        return Response("", status_code=204)
    return fragment(
        request, "during/chair_missing.html", meeting=meeting, poll=poll, missing=missing, called_missing=called,
        seen_missing=seen_missing(poll.id, missing, called=called) if poll else "",
    )  # fmt: skip


def seen_missing(poll: UUID, missing: Sequence[str], *, called: bool) -> str:
    """What the list of missing ballots shows, in short. Names leave it and come back only with a late admission."""
    return f"{poll}-{len(missing)}-{int(called)}"


Part = Callable[[Reading, Actor, Stage], Awaitable[dict[str, Any]]]
PARTS: tuple[Part, ...] = (
    cockpit_agenda.cockpit_part,
    standing_in.cockpit_part,
    seats.cockpit_part,
    floor_views.cockpit_part,
    motions.cockpit_part,
    question_views.cockpit_part,
    own_ballot.cockpit_part,
    poll_form.cockpit_part,
    procedure.cockpit_part,
)
"""What each part of the work adds to the cockpit, under names of its own."""


async def board_of(reading: Reading, actor: Actor, meeting: UUID) -> dict[str, Any]:
    """Everything the cockpit shows."""
    found = await open_to(reading, actor, meeting)
    actor.must(Right.RUN_ROOM, body=found.body_id)
    stage = await stage_of(reading, found, insider=True)
    items = await agenda_of(reading, meeting)
    cockpit = Cockpit(stage, actor, items, await motions_of(reading, meeting))
    poll = cockpit.poll
    missing = await not_voted(reading, poll.id) if poll and poll.state == PollState.OPEN else []
    board: dict[str, Any] = {
        "stage": stage,
        "next": next_act(cockpit),
        "following": cockpit.next_item,
        "poll": poll_view(poll, await votes_by_proxy(reading, poll)) if poll else None,
        "others": [
            poll_view(one) for one in stage.item_polls if one.state == PollState.ANNOUNCED and one != poll
        ],
        "undecided": cockpit.undecided,
        "missing": missing,
        "rules": rules_in_force(stage),
    }
    for part in PARTS:
        board |= await part(reading, actor, stage)
    called = bool(board["polling"] and board["polling"]["called_missing"])
    seen = seen_missing(poll.id, missing, called=called) if poll else ""
    return board | {"called_missing": called, "seen_missing": seen}


def rules_in_force(stage: Stage) -> list[tuple[str, str]]:
    """The rules in force on the day of the meeting, the body's own first."""
    day = meeting_day(stage.meeting)
    known = [entry for entry in rule_options() if entry[0] != WRITTEN and in_force(PRESETS[entry[0]], day)]
    return sorted(known, key=lambda entry: entry[0] != stage.body.default_rule)


async def _board(request: MeetingsRequest, meeting: UUID) -> Response[str]:
    async with request.house.store.reading() as reading:
        board = await board_of(reading, request.actor, meeting)
    return fragment(request, BOARD, meeting=meeting, **board)


Act = Callable[[Work, Actor, UUID], Awaitable[Any]]


async def act(request: MeetingsRequest, use_case: Act, subject: UUID) -> Response[str] | Redirect:
    """Do it, then show the cockpit."""
    async with request.house.store.work() as work:
        changed = await use_case(work, request.actor, subject)
    return await show_board(request, changed.id if isinstance(changed, Meeting) else changed.meeting_id)


async def show_board(request: MeetingsRequest, meeting: UUID) -> Response[str] | Redirect:
    """The answer to an act of the cockpit: its columns to htmx, the page otherwise."""
    if request.partial:
        return await _board(request, meeting)
    return Redirect(f"/meetings/{meeting}/chair", status_code=303)


POLL_ACTS: dict[str, Act] = {
    "open": voting.open_poll,
    "close": voting.close_poll,
    "announce": voting.announce_outcome,
}


@post(
    [f"/polls/{{poll:uuid}}/{act}" for act in POLL_ACTS], opt={"permission": Right.RUN_ROOM}, status_code=200
)
async def run_poll(request: MeetingsRequest, poll: FromPath[UUID]) -> Response[str] | Redirect:
    """Open, close, announce; opened with a number of seconds, it closes by itself after them."""
    name = request.url.path.rsplit("/", 1)[1]
    seconds = (await request.fields()).get("seconds", "") if name == "open" else ""
    if seconds.isascii() and seconds.isdigit():

        async def timed(work: Work, actor: Actor, subject: UUID) -> Poll:
            return await voting.open_poll(work, actor, subject, seconds=int(seconds[:6]))

        return await act(request, timed, poll)
    return await act(request, POLL_ACTS[name], poll)


@post("/polls/{poll:uuid}/annul", opt={"permission": Right.RUN_ROOM}, status_code=200)
async def annul_poll(request: MeetingsRequest, poll: FromPath[UUID]) -> Response[str] | Redirect:
    """Declare a poll void, with the reason that the journal keeps."""
    reason = (await request.fields()).get("reason", "")

    async def wanted(work: Work, actor: Actor, subject: UUID) -> Poll:
        return await voting.annul_poll(work, actor, subject, reason=reason)

    return await act(request, wanted, poll)


handlers = [
    chair_page, chair_board, missing_ballots, run_poll, annul_poll,
]  # fmt: skip
