"""Papers: laid by the secretary, read by those who attend."""

from typing import Annotated
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.response import Redirect
from sqlalchemy import select

from meetings.before.duplicates import lay_again, lay_new
from meetings.before.paper_changes import one_before
from meetings.before.paper_reading import has_source
from meetings.before.papers import (
    Checked,
    Leaf,
    access_of,
    leaves_of,
    open_paper,
    recused_from,
    withdraw_paper,
)
from meetings.before.resumable import Purpose
from meetings.before.scheduling import meetings_for
from meetings.before.uploads import REQUEST_LIMIT
from meetings.before.visibility import unseen_items
from meetings.language import N_, gettext
from meetings.rules.lifecycle import MeetingState
from meetings.rules.permissions import Right
from meetings.rules.refusals import Refused
from meetings.rules.visibility import audience_of
from meetings.storage.tables import Body, Item, Meeting, Paper
from meetings.web.agenda import LABELS, Desk, desk, meeting_of, preparing
from meetings.web.file_intake import files_of, lay_each
from meetings.web.forms import chosen_id, needed_id, sent_back
from meetings.web.meetings import RUNNING
from meetings.web.paper_words import LEVELS
from meetings.web.render import done, page
from meetings.web.request import MeetingsRequest

PAGE = QueryParameter(name="page")
TAKEN_OUT = {
    "scripts": N_("scripts"),
    "files": N_("embedded files"),
    "media": N_("films and sounds"),
    "forms": N_("forms that send"),
    "actions": N_("acts at opening"),
}
SHELF = 12
"""Meetings whose papers are listed."""


@get("/papers", opt={"permission": Right.ATTEND})
async def paper_shelf(request: MeetingsRequest) -> Response[str]:
    """The papers of the meetings that run or are to come, by meeting and item."""
    actor = request.actor
    waiting = (*RUNNING, MeetingState.PUBLISHED)
    shelf: list[tuple[Meeting, Body, list[tuple[Item, list[Leaf]]]]] = []
    async with request.house.store.reading() as reading:
        pairs = [pair for pair in await meetings_for(reading, actor) if pair[0].state in waiting]
        aside = await recused_from(reading, actor.person)
        pairs.sort(key=lambda pair: (pair[0].state not in RUNNING, pair[0].starts_at))
        for meeting, body in pairs[:SHELF]:
            audience = audience_of(actor, body.id, meeting.id)
            unseen = aside | await unseen_items(reading, actor, meeting)
            leaves = {
                item: of
                for item, of in (await leaves_of(reading, meeting.id, audience)).items()
                if item not in unseen
            }
            items = await reading.session.scalars(select(Item).where(Item.id.in_(leaves)))
            placed = sorted(items, key=lambda item: _by_number(item.number))
            shelf.append((meeting, body, [(item, leaves[item.id]) for item in placed]))
    return page(request, "before/papers.html", shelf=shelf)


def _by_number(number: str) -> list[tuple[int, str]]:
    """Orders printed numbers as the agenda does: 2 before 10, 1a behind 1."""
    parts = [(part.rstrip("abcdefghijklmnopqrstuvwxyz"), part) for part in number.split(".")]
    return [(int(digits) if digits.isdigit() else 0, part[len(digits) :]) for digits, part in parts]


@get("/papers/{paper:uuid}", opt={"permission": Right.ATTEND})
async def read_paper(
    request: MeetingsRequest,
    paper: FromPath[UUID],
    version: FromQuery[int | None] = None,
    sheet: Annotated[int, PAGE] = 1,
) -> Response[str]:
    """A paper in the page, and its earlier versions."""
    actor = request.actor
    async with request.house.store.reading() as reading:
        kept, shown, versions = await open_paper(reading, actor, paper, version=version)
        item = await reading.get(Item, kept.item_id)
        meeting = await reading.get(Meeting, kept.meeting_id)
        audience = audience_of(actor, meeting.body_id, meeting.id)
        beside = (await leaves_of(reading, meeting.id, audience)).get(item.id, [])
    return page(
        request, "before/paper.html", paper=kept, shown=shown, versions=list(reversed(versions)), item=item,
        held=meeting, beside=beside, sheet=max(1, sheet), may_prepare=actor.may(Right.PREPARE, body=meeting.body_id),
        access=access_of(kept), levels=LEVELS, has_source=has_source(shown),
        has_changes=one_before(versions, shown) is not None,
        taken_out=", ".join(gettext(TAKEN_OUT[one]) for one in shown.taken_out.split()),
    )  # fmt: skip


@post(
    "/items/{item:uuid}/papers",
    opt={"permission": Right.PREPARE},
    status_code=200,
    request_max_body_size=REQUEST_LIMIT,
)
async def lay_papers_submit(request: MeetingsRequest, item: FromPath[UUID]) -> Response[str] | Redirect:
    """Lay several files under an item. Each that is refused is named with its reason; the others are laid."""
    meeting = await meeting_of(request, item)
    async with request.house.store.reading() as reading:
        await preparing(reading, request.actor, meeting)
    try:
        files = await files_of(request, "files")
    except Refused as refusal:
        return await desk(request, meeting, item, Desk("papers", sent_back({}, refusal, LABELS), refusal))

    async def lay(checked: Checked) -> None:
        async with request.house.store.work() as work:
            await lay_new(work, request.actor, item, checked)

    refused = await lay_each(request, files, Purpose.ITEM, item, lay)
    if refused:
        state = Desk("papers", uploads=refused, laid=len(files) - len(refused))
        return await desk(request, meeting, item, state)
    return done(f"/meetings/{meeting}/agenda?item={item}#papers", "laid")


@post(
    "/papers/{paper:uuid}/versions",
    opt={"permission": Right.PREPARE},
    status_code=200,
    request_max_body_size=REQUEST_LIMIT,
)
async def lay_version_submit(request: MeetingsRequest, paper: FromPath[UUID]) -> Response[str] | Redirect:
    """A new version of a paper; the earlier ones stay."""
    kept = await _paper(request, paper)
    try:
        files = (await files_of(request, "file"))[:1]
    except Refused as refusal:
        state = Desk(f"version-{paper}", sent_back({}, refusal, LABELS), refusal)
        return await desk(request, kept.meeting_id, kept.item_id, state)

    async def lay(checked: Checked) -> None:
        async with request.house.store.work() as work:
            await lay_new(work, request.actor, kept.item_id, checked, paper=paper)

    refused = await lay_each(request, files, Purpose.PAPER, paper, lay)
    if refused:
        return await desk(
            request, kept.meeting_id, kept.item_id, Desk("papers", uploads=refused, paper=paper)
        )
    return done(f"/meetings/{kept.meeting_id}/agenda?item={kept.item_id}#papers", "laid")


@post("/items/{item:uuid}/papers/again", opt={"permission": Right.PREPARE}, status_code=200)
async def lay_again_submit(request: MeetingsRequest, item: FromPath[UUID]) -> Response[str] | Redirect:
    """Lay a file that lies before the meeting already once more, as a paper of its own or as a version of one."""
    sent = await request.fields()
    meeting = await meeting_of(request, item)
    try:
        async with request.house.store.work() as work:
            await lay_again(
                work, request.actor, item, needed_id(sent.get("kept", ""), "kept"),
                title=sent.get("title", "").rsplit(".", 1)[0], paper=chosen_id(sent.get("paper", "")),
            )  # fmt: skip
    except Refused as refusal:
        return await desk(request, meeting, item, Desk(refusal=refusal))
    return done(f"/meetings/{meeting}/agenda?item={item}#papers", "laid")


@post("/papers/{paper:uuid}/withdraw", opt={"permission": Right.PREPARE}, status_code=200)
async def withdraw_paper_submit(request: MeetingsRequest, paper: FromPath[UUID]) -> Response[str] | Redirect:
    """Take a paper off the agenda; its versions stay on record."""
    kept = await _paper(request, paper)
    try:
        async with request.house.store.work() as work:
            await withdraw_paper(work, request.actor, paper)
    except Refused as refusal:
        return await desk(request, kept.meeting_id, kept.item_id, Desk(refusal=refusal))
    return done(f"/meetings/{kept.meeting_id}/agenda?item={kept.item_id}#papers", "withdrawn")


async def _paper(request: MeetingsRequest, paper: UUID) -> Paper:
    """The paper, for somebody who prepares its meeting; asked before any byte of a file is looked at."""
    async with request.house.store.reading() as reading:
        kept = await reading.get(Paper, paper)
        await preparing(reading, request.actor, kept.meeting_id)
    return kept


handlers = [
    paper_shelf, read_paper, lay_papers_submit, lay_version_submit, lay_again_submit, withdraw_paper_submit,
]  # fmt: skip
