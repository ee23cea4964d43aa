"""The room screens on projectors, several with different content. Their bytes are shared; there is nothing to press."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from litestar import Response, get
from litestar.params import FromPath, QueryParameter
from markupsafe import Markup

from meetings import language
from meetings.before.agenda import agenda_of
from meetings.before.scheduling import open_to
from meetings.during.stage import Stage, stage_of, votes_by_proxy
from meetings.during.veil import stage_for
from meetings.language import N_
from meetings.rules.lifecycle import ItemState, MeetingState, PollState
from meetings.rules.permissions import Right
from meetings.rules.refusals import Refused
from meetings.rules.visibility import Audience
from meetings.storage.tables import Item, Meeting
from meetings.storage.unit_of_work import Reading
from meetings.web import motions, question_views, seats
from meetings.web.agenda_view import STATES as ITEM_STATES
from meetings.web.door import screen_code
from meetings.web.floor_views import floor_view
from meetings.web.places import places_of
from meetings.web.procedure import told_answers
from meetings.web.render import page, shared_bytes
from meetings.web.request import MeetingsRequest
from meetings.web.stage import live_of, poll_view, shared_key, shared_part

NOW = "during/screen_now.html"

SCREENS: dict[str, tuple[str, str, str]] = {
    "auto": (
        N_("What happens now"), "presentation",
        N_("One thing at a time: the welcome with the check-in code, the item, the speaker with the clock, the vote, "
           "the outcome, the recess. The right choice for the main screen."),
    ),
    "now": (N_("Item in hand"), "circle-dot", N_("Number and title of the item, and who has the floor.")),
    "speakers": (N_("Speakers"), "mic", N_("Who speaks, with the clock, and who comes next.")),
    "agenda": (N_("Agenda"), "list-checks", N_("The items around the one in hand, with what became of them.")),
    "seats": (N_("Seating plan"), "users", N_("Who is here, asks to speak, speaks or has voted; never how.")),
    "poll": (N_("Vote"), "vote", N_("The question, the ballots cast so far, and the announced outcome.")),
    "quorum": (N_("Quorum"), "scale", N_("How many are present, and how many are needed.")),
    "welcome": (N_("Welcome and check-in"), "qr-code", N_("Title, place and time, with the code to check in.")),
}  # fmt: skip
"""What a screen can show: its name, a drawing, and what it is good for."""

FOLLOWS = frozenset({"auto", "now", "speakers", "poll"})
"""Screens that show the opening, a recess and the end, whatever they show else."""
WITH_CODE = frozenset({"auto", "welcome"})
COUNTING = frozenset({"auto", "poll", "seats"})
"""Screens with ballots cast so far, which do not advance the stage."""
BEFORE, AFTER = 2, 5
"""Lines of the agenda above the item in hand and below it."""

INTERNAL = N_("Internal item")
"""What a screen in the hall says of an item that is for the members alone."""

Show = Annotated[str, QueryParameter(name="show")]


@dataclass(frozen=True, slots=True)
class AgendaLine:
    """A line of the agenda screen."""

    number: str
    title: str
    state: str
    state_label: str


@get("/meetings/{meeting:uuid}/screen", opt={"permission": Right.ATTEND})
async def screen_page(
    request: MeetingsRequest, meeting: FromPath[UUID], chosen: Show = "auto"
) -> Response[str]:
    """The page for a projector, opened by anybody who may attend."""
    show = _checked(chosen)
    async with request.house.store.reading() as reading:
        found = await open_to(reading, request.actor, meeting)
        key = await shared_key(reading, found, "screen", show, counting=show in COUNTING)
        shared = await _screen(reading, found, show)
        code = await screen_code(request, reading, found) if show in WITH_CODE else ""
    middle = Markup(shared_bytes(request, NOW, key, shared))  # noqa: S704 - our own template's text
    return page(
        request, "during/screen.html", title=found.title, meeting=meeting, seq=key[1], screen=middle, show=show,
        code=code, live=live_of(shared["stage"]),
    )  # fmt: skip


@get("/meetings/{meeting:uuid}/screen/now", opt={"permission": Right.ATTEND})
async def screen_now(
    request: MeetingsRequest, meeting: FromPath[UUID], chosen: Show = "auto"
) -> Response[str]:
    """What a screen shows at this moment."""
    show = _checked(chosen)

    async def load(reading: Reading, found: Meeting) -> dict[str, Any]:
        return await _screen(reading, found, show)

    return await shared_part(request, meeting, NOW, load, "screen", show, counting=show in COUNTING)


@get("/meetings/{meeting:uuid}/screens", opt={"permission": Right.KEEP_ROLL})
async def screens_page(request: MeetingsRequest, meeting: FromPath[UUID]) -> Response[str]:
    """What each screen shows, for whoever sets up the projectors."""
    async with request.house.store.reading() as reading:
        found = await open_to(reading, request.actor, meeting)
        request.actor.must(Right.KEEP_ROLL, body=found.body_id)
        stage = await stage_of(reading, found)
    return page(
        request, "during/screens.html", title=language.gettext(N_("Room screens")), held=found, meeting=meeting,
        seq=stage.seq, live=live_of(stage), screens=SCREENS, meeting_pages=places_of(request.actor, found, "screens"),
        draws=request.actor.may(Right.PREPARE, body=found.body_id),
    )  # fmt: skip


def _checked(show: str) -> str:
    if show not in SCREENS:
        raise Refused("not-found")
    return show


async def _screen(reading: Reading, meeting: Meeting, show: str) -> dict[str, Any]:
    stage = await stage_for(reading, meeting, Audience.ANYBODY, title=language.gettext(INTERNAL))
    poll = poll_view(stage.latest, await votes_by_proxy(reading, stage.latest)) if stage.latest else None
    part = part_of(stage, show)
    shown: dict[str, Any] = {
        "stage": stage, "meeting": meeting, "poll": poll, "show": show, "part": part, "floor": floor_view(stage.floor)
    }  # fmt: skip
    if part == "poll":
        shown["answers"] = await told_answers(reading, stage.latest)
    if part == "agenda":
        items = await agenda_of(reading, meeting.id, audience=Audience.ANYBODY)
        shown["lines"], shown["more"] = agenda_lines(items, meeting.current_item_id)
    if part == "questions":
        shown |= await question_views.screen_part(reading, meeting)
    if part == "seats":
        shown |= await seats.screen_part(reading, stage)
    if part == "poll":
        shown |= await motions.screen_part(reading, stage.latest)
    return shown


def part_of(stage: Stage, show: str) -> str:
    """The part of the template: what was chosen, or what happens now; opening, recess and end go before it."""
    state = stage.meeting.state
    if show in FOLLOWS and state != MeetingState.IN_SESSION:
        if state == MeetingState.RECESS:
            return "recess"
        return "over" if state in (MeetingState.ADJOURNED, MeetingState.CANCELLED) else "welcome"
    if show == "now" and _question_time(stage):
        return "questions"
    return _happening(stage) if show == "auto" else show


def _question_time(stage: Stage) -> bool:
    return stage.item is not None and stage.item.kind == "questions"


def _happening(stage: Stage) -> str:
    """A running vote goes first, then question time, then the newer of speaker and outcome, then the item."""
    latest, speaking = stage.latest, stage.floor.speaking
    if latest and latest.state in (PollState.OPEN, PollState.CLOSED):
        return "poll"
    if _question_time(stage):
        return "questions"
    since = speaking.clock.running_since if speaking else None
    if speaking and latest is None:
        return "speakers"
    if since and latest and (latest.announced_at is None or latest.announced_at < since):
        return "speakers"
    return "poll" if latest else "now"


def agenda_lines(items: Sequence[Item], current: UUID | None) -> tuple[list[AgendaLine], int]:
    """The items around the one in hand (else around the first that is not dealt with), and how many follow."""
    open_now = (ItemState.PLANNED, ItemState.TAKEN_UP)
    here = next((place for place, item in enumerate(items) if item.id == current), None)
    if here is None:
        here = next((place for place, item in enumerate(items) if item.state in open_now), len(items))
    first = max(0, min(here - BEFORE, len(items) - BEFORE - AFTER - 1))
    shown = items[first : first + BEFORE + AFTER + 1]
    lines: list[AgendaLine] = []
    for item in shown:
        state, label = ITEM_STATES.get(ItemState(item.state), ("", ""))
        lines.append(AgendaLine(item.number, item.title, state, language.gettext(label)))
    return lines, len(items) - first - len(shown)


handlers = [screen_page, screen_now, screens_page]
