"""What changed on an agenda after its publication: told by numbered supplements, issued, and read by the members."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from meetings import language
from meetings.before.supplements import (
    SupplementView,
    confirm_reading,
    days_late,
    freeze_agenda,
    issue_supplement,
    readers_of,
    release_agenda,
    supplements_of,
)
from meetings.language import N_
from meetings.rules.agenda import ItemKind
from meetings.rules.differences import Paragraph, differences, paragraphs
from meetings.rules.lifecycle import MeetingState
from meetings.rules.permissions import Right, is_insider
from meetings.rules.refusals import Refused
from meetings.rules.supplements import Change, ChangeKind
from meetings.web.agenda_state import agenda_state
from meetings.web.errors import STATUS, sentence
from meetings.web.meetings import open_meeting
from meetings.web.places import places_of
from meetings.web.render import done, page
from meetings.web.request import MeetingsRequest

PAGE = "before/supplements.html"
KINDS = {
    ChangeKind.ADDED: N_("New item"),
    ChangeKind.MOVED: N_("Moved from number {before} to {after}"),
    ChangeKind.WITHDRAWN: N_("Withdrawn from the agenda"),
    ChangeKind.POSTPONED: N_("Postponed"),
    ChangeKind.REFERRED: N_("Referred"),
    ChangeKind.PAPER_WITHDRAWN: N_("Paper withdrawn: {paper_title}"),
}
PAPER = N_("New paper: {paper_title}")
VERSION = N_("New version {after} of a paper: {paper_title}")
FIELDS = {
    "title": N_("Title"),
    "text": N_("Explanation"),
    "presenter": N_("Presented by"),
    "minutes_planned": N_("Length in minutes"),
    "kind": N_("Kind"),
}
ITEM_KINDS = {ItemKind.REGULAR: N_("Regular"), ItemKind.QUESTIONS: N_("Question time")}


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A change as it is read: a sentence, or words with what goes out and what comes in."""

    label: str
    paper: str
    """The address of the paper that it is about."""
    changes: str
    """The address of what changed in it, for a new version."""
    difference: Sequence[Paragraph]
    reason: str


@dataclass(frozen=True, slots=True)
class ItemLines:
    """Everything that changed about one item."""

    item: str
    number: str
    title: str
    lines: Sequence[ChangeLine]


@dataclass(frozen=True, slots=True)
class ReadSupplement:
    """A supplement on its page."""

    number: int
    view: SupplementView
    items: Sequence[ItemLines]


@get("/meetings/{meeting:uuid}/supplements", opt={"permission": Right.ATTEND})
async def supplements_page(request: MeetingsRequest, meeting: FromPath[UUID]) -> Response[str]:
    """Every supplement, the newest first, and for who prepares the meeting: who has read which."""
    return await _page(request, meeting)


async def _page(request: MeetingsRequest, meeting: UUID, refusal: Refused | None = None) -> Response[str]:
    actor = request.actor
    async with request.house.store.reading() as reading:
        opened = await open_meeting(reading, actor, meeting)
        held = opened.meeting
        views = await supplements_of(reading, actor, held)
        state = await agenda_state(reading, actor, held)
        inside = is_insider(actor, held.body_id)
        readers = await readers_of(reading, actor, held) if inside and held.published_at else []
        late = await days_late(reading, held) if state and state.collected else 0
    told: dict[str, Any] = {"flashes": [("bad", sentence(refusal))]} if refusal else {}
    return page(
        request, PAGE, status_code=STATUS.get(refusal.code, 409) if refusal else 200, held=held,
        supplements=[ReadSupplement(view.number, view, items_of(view.changes)) for view in views], state=state,
        readers=readers, late=late, may_prepare=actor.may(Right.PREPARE, body=held.body_id),
        may_run=actor.may(Right.RUN_ROOM, body=held.body_id), inside=inside,
        columns=[0, *sorted(view.number for view in views if view.issued)],
        not_begun=held.state in (MeetingState.DRAFT, MeetingState.PUBLISHED),
        meeting_pages=places_of(actor, held, "agenda"), **told,
    )  # fmt: skip


def items_of(changes: Sequence[Change]) -> list[ItemLines]:
    """The changes by item, in the order in which each was first touched."""
    by_item: dict[str, list[Change]] = {}
    for change in changes:
        by_item.setdefault(change.item, []).append(change)
    return [
        ItemLines(item, found[-1].number, found[-1].title, [change_line(one) for one in found])
        for item, found in by_item.items()
    ]


def change_line(change: Change) -> ChangeLine:
    """One change in words of the reader's language."""
    paper = f"/papers/{change.paper}" if change.kind == ChangeKind.PAPER_LAID else ""
    if change.kind == ChangeKind.CHANGED:
        before, after = (_shown(change.field, words) for words in (change.before, change.after))
        label = language.gettext(FIELDS.get(change.field, change.field))
        return ChangeLine(label, "", "", paragraphs(differences(before, after)), change.reason)
    changes = ""
    if change.kind == ChangeKind.PAPER_LAID:
        message = VERSION if change.before else PAPER
        changes = f"{paper}/changes?version={change.after}" if change.before else ""
    else:
        message = KINDS[ChangeKind(change.kind)]
    return ChangeLine(language.text(message, **change.data()), paper, changes, (), change.reason)


def _shown(field: str, words: str) -> str:
    return language.gettext(ITEM_KINDS[ItemKind(words)]) if field == "kind" else words


@post("/meetings/{meeting:uuid}/supplements", opt={"permission": Right.PREPARE}, status_code=200)
async def issue(request: MeetingsRequest, meeting: FromPath[UUID]) -> Response[str] | Redirect:
    """Tell the members what changed."""
    reason = (await request.fields()).get("reason", "")
    try:
        async with request.house.store.work() as work:
            await issue_supplement(work, request.actor, meeting, reason=reason)
    except Refused as refusal:
        return await _page(request, meeting, refusal)
    return done(f"/meetings/{meeting}/supplements", "supplement-issued")


@post("/meetings/{meeting:uuid}/read", opt={"permission": Right.ATTEND}, status_code=200)
async def confirm(request: MeetingsRequest, meeting: FromPath[UUID]) -> Redirect:
    """Confirm having read the agenda as it stands."""
    async with request.house.store.work() as work:
        await confirm_reading(work, request.actor, meeting)
    return done(f"/meetings/{meeting}", "agenda-read")


@post("/meetings/{meeting:uuid}/freeze", opt={"permission": Right.ATTEND}, status_code=200)
async def freeze(request: MeetingsRequest, meeting: FromPath[UUID]) -> Response[str] | Redirect:
    """Freeze the agenda (the secretary), or release it again with a reason (the chair)."""
    sent: Mapping[str, str] = await request.fields()
    releasing = sent.get("act") == "release"
    try:
        async with request.house.store.work() as work:
            if releasing:
                await release_agenda(work, request.actor, meeting, reason=sent.get("reason", ""))
            else:
                await freeze_agenda(work, request.actor, meeting)
    except Refused as refusal:
        return await _page(request, meeting, refusal)
    return done(f"/meetings/{meeting}/supplements", "agenda-released" if releasing else "agenda-frozen")


handlers = [supplements_page, issue, confirm, freeze]
