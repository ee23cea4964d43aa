"""Acts on a poll beside opening, closing and announcing: from the cockpit, and from the secretaries' ballot desk."""

from collections.abc import Awaitable, Callable
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Response, post
from litestar.params import FromPath
from litestar.response import Redirect

from meetings.during import chairs_acts, entered_ballots, hand_counts, poll_times, roll_calls
from meetings.rules.permissions import Actor, Right
from meetings.rules.refusals import Refused
from meetings.rules.rule_data import stored_rule
from meetings.storage.tables import Meeting, Poll
from meetings.storage.unit_of_work import Work
from meetings.web.ballot_desk import show_desk
from meetings.web.chair import show_board
from meetings.web.request import MeetingsRequest, uuid_of

Fields = dict[str, str]
Act = Callable[[Work, Actor, UUID, Fields], Awaitable[Poll]]
DESK = "ballot-desk"
"""The value of `back` in forms of the secretaries' desk: the answer is that desk."""


async def _act(request: MeetingsRequest, use_case: Act, subject: UUID) -> Response[str] | Redirect:
    fields = await request.fields()
    async with request.house.store.work() as work:
        poll = await use_case(work, request.actor, subject, fields)
    if fields.get("back") == DESK:
        return await show_desk(request, poll.meeting_id)
    return await show_board(request, poll.meeting_id)


async def _extend(work: Work, actor: Actor, poll: UUID, fields: Fields) -> Poll:
    return await poll_times.extend(work, actor, poll, seconds=_number(fields, "seconds"))


async def _times(work: Work, actor: Actor, poll: UUID, fields: Fields) -> Poll:
    meeting = await work.get(Meeting, (await work.get(Poll, poll)).meeting_id)
    opens, closes = (_moment(fields.get(name, ""), meeting, work.now) for name in ("opens", "closes"))
    return await poll_times.set_times(work, actor, poll, opens_at=opens, closes_at=closes)


async def _call_missing(work: Work, actor: Actor, poll: UUID, fields: Fields) -> Poll:
    return await poll_times.call_missing(work, actor, poll)


async def _call_next(work: Work, actor: Actor, poll: UUID, fields: Fields) -> Poll:
    seen = uuid_of(fields["seen"]) if fields.get("seen") else None
    return await roll_calls.call_next(work, actor, poll, seen=seen)


async def _casting_vote(work: Work, actor: Actor, poll: UUID, fields: Fields) -> Poll:
    return await chairs_acts.give_casting_vote(work, actor, poll, fields.get("choice", ""))


async def _repeat(work: Work, actor: Actor, poll: UUID, fields: Fields) -> Poll:
    return await chairs_acts.repeat_poll(work, actor, poll)


async def _admit(work: Work, actor: Actor, poll: UUID, fields: Fields) -> Poll:
    return await chairs_acts.admit_member(work, actor, poll, uuid_of(fields.get("person", "")))


async def _counts(work: Work, actor: Actor, poll: UUID, fields: Fields) -> Poll:
    codes = [one.code for one in stored_rule((await work.get(Poll, poll)).rule).choices]
    numbers = {code: _number(fields, f"count-{code}") for code in codes}
    return await hand_counts.enter_counts(work, actor, poll, numbers)


async def _confirm_counts(work: Work, actor: Actor, poll: UUID, fields: Fields) -> Poll:
    codes = [name.removeprefix("seen-") for name in fields if name.startswith("seen-")]
    seen = {code: _number(fields, f"seen-{code}") for code in codes}
    return await hand_counts.confirm_counts(work, actor, poll, seen=seen or None)


async def _send_back(work: Work, actor: Actor, poll: UUID, fields: Fields) -> Poll:
    return await hand_counts.send_back_counts(work, actor, poll)


async def _enter(work: Work, actor: Actor, poll: UUID, fields: Fields) -> Poll:
    person = uuid_of(fields.get("person", ""))
    await entered_ballots.enter_ballot(work, actor, poll, person, fields.get("choice", ""))
    return await work.get(Poll, poll)


CHAIRS: dict[str, Act] = {
    "extend": _extend,
    "times": _times,
    "call-missing": _call_missing,
    "call-next": _call_next,
    "casting-vote": _casting_vote,
    "repeat": _repeat,
    "admit": _admit,
}
CLERKS: dict[str, Act] = {
    "counts": _counts,
    "confirm-counts": _confirm_counts,
    "send-back-counts": _send_back,
    "entered-ballots": _enter,
}


@post([f"/polls/{{poll:uuid}}/{act}" for act in CHAIRS], opt={"permission": Right.RUN_ROOM}, status_code=200)
async def chairs_act(request: MeetingsRequest, poll: FromPath[UUID]) -> Response[str] | Redirect:
    """More time, calling names, the casting vote, admitting, holding it again."""
    return await _act(request, CHAIRS[_name(request)], poll)


@post(
    [f"/polls/{{poll:uuid}}/{act}" for act in CLERKS],
    opt={"permission": Right.ENTER_BALLOTS},
    status_code=200,
)
async def clerks_act(request: MeetingsRequest, poll: FromPath[UUID]) -> Response[str] | Redirect:
    """Counts and ballots written down for others."""
    return await _act(request, CLERKS[_name(request)], poll)


@post(
    ["/entered-ballots/{entered:uuid}/confirm", "/entered-ballots/{entered:uuid}/drop"],
    opt={"permission": Right.ENTER_BALLOTS},
    status_code=200,
)
async def decide_entered(request: MeetingsRequest, entered: FromPath[UUID]) -> Response[str] | Redirect:
    """A second person confirms an entered ballot, or somebody takes it back."""
    confirms = _name(request) == "confirm"

    async def decide(work: Work, actor: Actor, subject: UUID, fields: Fields) -> Poll:
        use_case: Any = entered_ballots.confirm_ballot if confirms else entered_ballots.drop_ballot
        return await use_case(work, actor, subject)

    return await _act(request, decide, entered)


def _name(request: MeetingsRequest) -> str:
    return request.url.path.rsplit("/", 1)[1]


def _number(fields: Fields, name: str) -> int:
    text = fields.get(name, "").strip() or "0"
    if not (text.isascii() and text.isdigit() and len(text) < 7):
        raise Refused("wrong-input", field=name.partition("-")[0])
    return int(text)


def _moment(text: str, meeting: Meeting, now: datetime) -> datetime | None:
    """A time of day on the meeting's own clock: the next one to come."""
    if not text.strip():
        return None
    try:
        wanted = time.fromisoformat(text.strip())
    except ValueError as wrong:
        raise Refused("poll-times") from wrong
    here = now.astimezone(ZoneInfo(meeting.timezone))
    moment = here.replace(hour=wanted.hour, minute=wanted.minute, second=wanted.second, microsecond=0)
    return moment if moment > here else moment + timedelta(days=1)


handlers = [chairs_act, clerks_act, decide_entered]
