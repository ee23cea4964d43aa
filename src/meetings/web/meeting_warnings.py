"""What those who prepare a meeting should know before they go on: deadlines, days off, other meetings at the time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Response, get

from meetings.before.conflicts import Plan, conflicts_of, plan_of
from meetings.before.deadlines import deadlines_of
from meetings.before.scheduling import local_end, local_start
from meetings.before.working_days import calendar_of
from meetings.language import N_, text
from meetings.rules.deadlines import periods_of
from meetings.rules.lifecycle import MeetingState
from meetings.rules.permissions import Actor, Right, is_insider
from meetings.rules.refusals import Refused
from meetings.rules.working_days import add_working_days, is_working
from meetings.storage.tables import Body, DayMark, Meeting, Room
from meetings.storage.unit_of_work import Reading
from meetings.web.deadline_words import Clashing, Warned, clash_lines, deadline_lines, short_warning
from meetings.web.forms import chosen_id
from meetings.web.render import fragment
from meetings.web.request import MeetingsRequest

AHEAD = (MeetingState.DRAFT, MeetingState.PUBLISHED)


@dataclass(frozen=True, slots=True)
class Warnings:
    """Lines for one meeting; nothing for those who neither prepare nor run it."""

    deadlines: Sequence[Warned] = ()
    clashes: Sequence[Clashing] = ()


async def warnings_of(reading: Reading, actor: Actor, meeting: Meeting, body: Body) -> Warnings:
    """What is late or due, and what stands in the way of a meeting that has not begun."""
    if not is_insider(actor, body.id):
        return Warnings()
    found = (await deadlines_of(reading, [(meeting, body)])).get(meeting.id, [])
    ahead = meeting.state in AHEAD
    clashes = await conflicts_of(reading, actor, plan_of(meeting)) if ahead else []
    return Warnings(deadline_lines(found, begun=not ahead), clash_lines(clashes))


async def short_warnings(
    reading: Reading, actor: Actor, pairs: Sequence[tuple[Meeting, Body]]
) -> dict[UUID, str]:
    """What is late, in a few words for each line of a list; only of bodies that the reader prepares or chairs."""
    own = [pair for pair in pairs if is_insider(actor, pair[1].id)]
    found = await deadlines_of(reading, own)
    words = {meeting: short_warning(deadlines) for meeting, deadlines in found.items()}
    return {meeting: word for meeting, word in words.items() if word}


@get("/meetings/clashes", opt={"permission": Right.PREPARE})
async def clashes(request: MeetingsRequest) -> Response[str]:
    """Beside the form of a meeting: what its date, time and room would mean. Nothing while the form is incomplete."""
    asked = request.query_params
    body, day, clock = chosen_id(asked.get("body", "")), asked.get("date", ""), asked.get("time", "")
    facts: dict[str, Any] = {"lines": [], "clashes": []}
    if body:
        request.actor.must(Right.PREPARE, body=body)
    if body and day and clock:
        try:
            facts = await _foreseen(request, body, f"{day}T{clock}", asked.get("ends", ""))
        except Refused:  # the form itself will say what is wrong with it
            facts = {"lines": [], "clashes": []}
    return fragment(request, "before/clashes.html", **facts)


async def _foreseen(request: MeetingsRequest, body_id: UUID, starts: str, until: str) -> dict[str, Any]:
    asked = request.query_params
    start = local_start(starts)
    end = local_end(start, end_of(starts, until))
    async with request.house.store.reading() as reading:
        body = await reading.get(Body, body_id)
        zone = ZoneInfo(body.timezone)
        plan = Plan(
            meeting=chosen_id(asked.get("meeting", "")), body=body.id, day=start.date(),
            starts=start.replace(tzinfo=zone).astimezone(UTC),
            ends=end.replace(tzinfo=zone).astimezone(UTC) if end else None, room=chosen_id(asked.get("room", "")),
        )  # fmt: skip
        found = await conflicts_of(reading, request.actor, plan)
        lines = await _day_lines(reading, body, asked.get("kind", "regular"), start.date())
        lines += await _room_lines(reading, body, plan.room, start.date())
    return {"lines": lines, "clashes": clash_lines(found)}


async def _day_lines(reading: Reading, body: Body, kind: str, day: date) -> list[Warned]:
    """Whether the day is worked, and by when the notice has to go out."""
    calendar = await calendar_of(reading)
    lines: list[Warned] = []
    if not is_working(day, calendar):
        mark = await reading.session.get(DayMark, day)
        name = mark.name if mark and day in calendar.off else ""
        message = N_("{day} is not a working day: {name}.") if name else N_("{day} is not a working day.")
        lines.append(Warned(text(message, day=day, name=name), True))
    days = periods_of(body.deadlines, kind).notice_days
    if days:
        due = add_working_days(day, -days, calendar)
        late = due < reading.now.astimezone(ZoneInfo(body.timezone)).date()
        message = (
            N_("The notice should have gone out by {due}.") if late else N_("The notice is due by {due}.")
        )
        lines.append(Warned(text(message, due=due), late))
    return lines


async def _room_lines(reading: Reading, body: Body, room: UUID | None, day: date) -> list[Warned]:
    kept = await reading.session.get(Room, room) if room else None
    if kept is None:
        return []
    if kept.seats < body.seats:
        message = N_("{room} has {seats} seats; the body has {needed}.")
        return [Warned(text(message, room=kept.name, seats=kept.seats, needed=body.seats), True)]
    return []


def end_of(starts: str, clock: str) -> str:
    """The planned end, from a time on the day of the start; empty for none."""
    if not clock:
        return ""
    try:
        start, end = datetime.fromisoformat(starts), time.fromisoformat(clock).replace(tzinfo=None)
    except ValueError as wrong:
        raise Refused("date-wrong", field="ends") from wrong
    return datetime.combine(start.date(), end).isoformat(timespec="minutes")


handlers = [clashes]
