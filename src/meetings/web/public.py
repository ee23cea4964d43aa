"""Meetings that are open to the public, for people who do not sign in: agenda, what is in hand, announced outcomes.

Nothing internal is in here: no papers, no drafts, no attendance by name, no numbers before their announcement. The part
that changes is kept and shared; browsers ask for it every five seconds with its ETag, no socket is opened to strangers.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from markupsafe import Markup
from sqlalchemy import select

from meetings import language
from meetings.before.agenda import agenda_of
from meetings.before.scheduling import open_to_anybody, open_to_public, public_meetings
from meetings.during.floor import floor_of
from meetings.during.stage import StagePoll, polls_of, stage_number
from meetings.language import N_
from meetings.rules.lifecycle import ItemState, MeetingState, PollState
from meetings.rules.permissions import Right
from meetings.rules.visibility import Audience
from meetings.storage.tables import Ballot, Body, Item, Meeting, Person, Poll
from meetings.storage.unit_of_work import Reading
from meetings.web.agenda_view import STATES as ITEM_STATES
from meetings.web.floor_views import SpeakerView, floor_view
from meetings.web.render import done, page, shared_bytes, shared_fragment
from meetings.web.request import MeetingsRequest
from meetings.web.stage import STATES, PollView, poll_view

NOW = "public/now.html"
RUNNING = (MeetingState.IN_SESSION, MeetingState.RECESS)
BY_CHOICE = ("motion", "consent")
"""Kinds of polls whose ballots are one choice, under which names can stand."""
IN_SESSION = N_("In session")


@dataclass(frozen=True, slots=True)
class PublicOutcome:
    """An announced outcome; `names` are rows of (choice, names) where the poll shows them."""

    poll: PollView
    names: Sequence[tuple[str, Sequence[str]]]
    annulled: str | None
    """The reason, where it was annulled after its announcement."""


@dataclass(frozen=True, slots=True)
class PublicItem:
    """An item of the agenda with what was announced under it."""

    id: UUID
    number: str
    title: str
    depth: int
    presenter: str
    state: str
    state_label: str
    outcomes: Sequence[PublicOutcome]


@get("/public", opt={"permission": Right.ANYONE})
async def public_list(request: MeetingsRequest) -> Response[str]:
    """The meetings that anybody may follow: those that run, those to come, those that are over."""
    async with request.house.store.reading() as reading:
        pairs = await public_meetings(reading)
    coming = [pair for pair in pairs if pair[0].state == MeetingState.PUBLISHED]
    return page(
        request, "public/meetings.html", running=[pair for pair in pairs if pair[0].state in RUNNING],
        coming=sorted(coming, key=lambda pair: pair[0].starts_at),
        past=[pair for pair in pairs if pair[0].state not in (*RUNNING, MeetingState.PUBLISHED)],
    )  # fmt: skip


@get("/public/{meeting:uuid}", opt={"permission": Right.ANYONE})
async def public_page(request: MeetingsRequest, meeting: FromPath[UUID]) -> Response[str]:
    """One public meeting as it is now."""
    async with request.house.store.reading() as reading:
        found = await open_to_anybody(reading, meeting)
        key = (str(meeting), await stage_number(reading, meeting), "public")
        body = await reading.get(Body, found.body_id)
        shared = await _now(reading, found, body)
    middle = Markup(shared_bytes(request, NOW, key, shared))  # noqa: S704 - our own template's text
    return page(request, "public/meeting.html", held=found, body=body, middle=middle)


@get("/public/{meeting:uuid}/now", opt={"permission": Right.ANYONE})
async def public_now(request: MeetingsRequest, meeting: FromPath[UUID]) -> Response[str]:
    """The part that changes; with the ETag of what is already shown the answer is 304."""
    async with request.house.store.reading() as reading:
        found = await open_to_anybody(reading, meeting)
        key = (str(meeting), await stage_number(reading, meeting), "public")
        kept = request.house.renderer.kept.get((NOW, language.current(), *key))
        shared = (
            {} if kept is not None else await _now(reading, found, await reading.get(Body, found.body_id))
        )
    return shared_fragment(request, NOW, key, shared)


@post("/meetings/{meeting:uuid}/public", opt={"permission": Right.PREPARE}, status_code=200)
async def set_public(request: MeetingsRequest, meeting: FromPath[UUID]) -> Redirect:
    """Open the meeting to the public, or close it again."""
    public = (await request.fields()).get("public") == "yes"
    async with request.house.store.work() as work:
        await open_to_public(work, request.actor, meeting, public=public)
    return done(f"/meetings/{meeting}", "opened-to-public" if public else "closed-to-public")


async def _now(reading: Reading, meeting: Meeting, body: Body) -> dict[str, Any]:
    """What everybody may know of the meeting at this moment."""
    items = await agenda_of(reading, meeting.id, audience=Audience.ANYBODY)
    shown = {item.id for item in items}
    kept = {
        row.id: row
        for row in await reading.session.scalars(select(Poll).where(Poll.meeting_id == meeting.id))
    }
    polls = [
        poll
        for poll in await polls_of(reading, meeting.id, insider=False)
        if kept[poll.id].kind != "test" and poll.item in shown
    ]
    outcomes = await _outcomes(reading, polls, kept)
    running = meeting.state == MeetingState.IN_SESSION
    voting = next((poll for poll in polls if poll.state in (PollState.OPEN, PollState.CLOSED)), None)
    return {
        "meeting": meeting,
        "state": language.gettext(STATES.get(meeting.state, IN_SESSION)),
        "item": next((item for item in items if item.id == meeting.current_item_id), None),
        "speaker": await _speaker(reading, meeting, body)
        if running and meeting.current_item_id in shown
        else None,
        "voting": poll_view(voting) if voting and running else None,
        "items": [_item(item, items, outcomes.get(item.id, ())) for item in items],
    }


async def _speaker(reading: Reading, meeting: Meeting, body: Body) -> SpeakerView | None:
    return floor_view(await floor_of(reading, meeting, body)).speaking


def _item(item: Item, items: Sequence[Item], outcomes: Sequence[PublicOutcome]) -> PublicItem:
    state, label = ITEM_STATES.get(ItemState(item.state), ("", ""))
    above = {one.id: one.parent_id for one in items}
    depth, parent = 0, item.parent_id
    while parent:
        depth, parent = depth + 1, above.get(parent)
    return PublicItem(
        item.id, item.number, item.title, depth, item.presenter, state, language.gettext(label), outcomes
    )


async def _outcomes(
    reading: Reading, polls: Sequence[StagePoll], kept: Mapping[UUID, Poll]
) -> Mapping[UUID, list[PublicOutcome]]:
    """What was announced, by item, in the order of the polls."""
    announced = [poll for poll in polls if poll.announced_at]
    shows = [
        poll.id for poll in announced
        if poll.state == PollState.ANNOUNCED and not poll.secret and kept[poll.id].names
        and kept[poll.id].kind in BY_CHOICE
    ]  # fmt: skip
    named = await _names(reading, shows)
    found: dict[UUID, list[PublicOutcome]] = defaultdict(list)
    for poll in announced:
        view = poll_view(poll)
        names = [(choice.label, named[poll.id, choice.code]) for choice in view.choices]
        reason = kept[poll.id].annulled_reason if poll.state == PollState.ANNULLED else None
        found[poll.item].append(PublicOutcome(view, [pair for pair in names if pair[1]], reason))
    return found


async def _names(reading: Reading, polls: Sequence[UUID]) -> Mapping[tuple[UUID, str], list[str]]:
    """Who chose what, in the order names are read; only for polls that show it."""
    rows = await reading.session.execute(
        select(Ballot.poll_id, Ballot.choice, Person.name)
        .join(Person, Person.id == Ballot.person_id)
        .where(Ballot.poll_id.in_(polls), Ballot.replaced_at.is_(None))
        .order_by(Person.sort_key, Person.id)
    )
    named: dict[tuple[UUID, str], list[str]] = defaultdict(list)
    for poll, choice, name in rows:
        named[poll, choice].append(name)
    return named


handlers = [public_list, public_page, public_now, set_public]
