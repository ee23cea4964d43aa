"""The secretary's desk before the meeting: the agenda is written and arranged, motions and their polls prepared."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from sqlalchemy import select

from meetings.before.agenda import add_item, agenda_of, change_item, move_item, remove_item, show_item
from meetings.before.copying import origins_of
from meetings.before.dossier_agenda import dossiers_waiting
from meetings.before.ordering import order_agenda
from meetings.before.papers import leaves_of
from meetings.before.uploads import ENDINGS, office_files_taken
from meetings.during.agenda_changes import postpone, withdraw
from meetings.during.motions import KINDS, move_motion
from meetings.during.voting import draft_poll
from meetings.language import N_, text
from meetings.rules.agenda import ItemKind
from meetings.rules.lifecycle import MeetingState, MotionState, PollState
from meetings.rules.permissions import Actor, Right
from meetings.rules.polls import TEST
from meetings.rules.refusals import Refused
from meetings.rules.visibility import Audience, Visibility
from meetings.storage.tables import Item, Motion, Poll
from meetings.storage.unit_of_work import Reading
from meetings.web.agenda_sentences import CRITERIA
from meetings.web.agenda_tree import place_after, tree_of
from meetings.web.errors import STATUS, sentence
from meetings.web.file_intake import NotTaken
from meetings.web.forms import BLANK, Form, chosen_id, needed_id, sent_back, whole_number
from meetings.web.meetings import OVER, Opened, open_meeting
from meetings.web.offers import offers_of
from meetings.web.render import done, fragment, page
from meetings.web.request import MeetingsRequest
from meetings.web.rule_words import rule_options, rule_words

LABELS = {
    "title": ("title", N_("Title")),
    "text": ("text", N_("Explanation")),
    "minutes_planned": ("minutes", N_("Length in minutes")),
    "at": ("at", N_("Item")),
    "kind": ("kind", N_("Kind")),
    "rule": ("rule", N_("Voting rule")),
    "files": ("files", N_("A file")),
    "file": ("file", N_("A file")),
}
MOTION_KINDS = {"substantive": N_("Substantive: becomes a resolution"), "procedural": N_("Procedural")}
"""Kinds of a motion, as message ids."""
ORDER_FIELDS = ("first", "second", "third")
"""The three selects of the form that puts an agenda in order."""
EDITOR = "before/agenda_editor.html"


@dataclass(frozen=True, slots=True)
class Desk:
    """What was sent to one of the desk's forms and refused; `uploads` names each refused file with its reason, `paper`
    the one whose next version it was to be."""

    which: str = ""
    form: Form = BLANK
    refusal: Refused | None = None
    uploads: Sequence[NotTaken] = ()
    laid: int = 0
    paper: UUID | None = None

    def sent(self, which: str) -> Form:
        """The state of one of the forms."""
        return self.form if which == self.which else BLANK


@dataclass(frozen=True, slots=True)
class MotionView:
    """A motion with its polls, each with its rule in words."""

    motion: Motion | None
    polls: Sequence[tuple[Poll, str]]

    @property
    def may_be_polled(self) -> bool:
        """Whether it waits for a decision and has no poll that counts."""
        waits = self.motion is not None and self.motion.state in (MotionState.MOVED, MotionState.UNDECIDED)
        return waits and all(
            poll.state in (PollState.ANNOUNCED, PollState.ANNULLED) for poll, _ in self.polls
        )


@get("/meetings/{meeting:uuid}/agenda", opt={"permission": Right.PREPARE})
async def agenda_desk(
    request: MeetingsRequest, meeting: FromPath[UUID], item: FromQuery[UUID | None] = None
) -> Response[str]:
    """The agenda to arrange, beside it the chosen item, or the form for a new one."""
    return await desk(request, meeting, item)


async def desk(
    request: MeetingsRequest, meeting: UUID, item: UUID | None = None, state: Desk | None = None
) -> Response[str]:
    """The secretary's desk, with a refused form as it was sent."""
    state = state or Desk()
    query = request.query_params
    async with request.house.store.reading() as reading:
        opened = await preparing(reading, request.actor, meeting)
        items = await agenda_of(reading, meeting)
        leaves = await leaves_of(reading, meeting, Audience.INSIDERS)
        chosen = next((one for one in items if one.id == item), None)
        motions = await _motions(reading, chosen.id) if chosen else []
        origins = await origins_of(reading, meeting) if chosen else {}
        closed = chosen is not None or opened.meeting.state in OVER
        offers = () if closed else await offers_of(reading, opened.meeting)
        waiting = () if closed else await dossiers_waiting(reading, opened.meeting)
    flashes: dict[str, Any] = {}
    if state.refusal is not None and not state.which:
        flashes = {"flashes": [("bad", sentence(state.refusal))]}
    elif state.laid and state.uploads:
        flashes = {"flashes": [("good", text("Papers laid: {count}.", count=state.laid))]}
    return page(
        request, "before/agenda_desk.html", status_code=_status(state), opened=opened, held=opened.meeting,
        items=items, tree=tree_of(items, {one: len(found) for one, found in leaves.items()}), chosen=chosen,
        papers=leaves.get(chosen.id, []) if chosen else [], motions=motions, offers=offers, origins=origins,
        dossiers_waiting=waiting, criteria=CRITERIA,
        order_fields=ORDER_FIELDS, state=state, over=OVER,
        may_run=request.actor.may(Right.RUN_ROOM, body=opened.body.id), rules=rule_options(), kinds=MOTION_KINDS,
        place=query.get("place", ""), at=query.get("at", ""), again="done" in query, draft=MeetingState.DRAFT,
        limit=request.house.store.files.limit // 1024 // 1024, endings=",".join(ENDINGS),
        office=office_files_taken(), **flashes,
    )  # fmt: skip


async def preparing(reading: Reading, actor: Actor, meeting: UUID) -> Opened:
    """The meeting, for somebody who prepares it."""
    opened = await open_meeting(reading, actor, meeting)
    actor.must(Right.PREPARE, body=opened.body.id)
    return opened


async def _motions(reading: Reading, item: UUID) -> list[MotionView]:
    """The motions of an item in the order they were moved; polls that stand on no motion come last."""
    motions = await reading.session.scalars(
        select(Motion).where(Motion.item_id == item).order_by(Motion.moved_at, Motion.id)
    )
    polls = (
        await reading.session.scalars(
            select(Poll).where(Poll.item_id == item, Poll.kind != TEST).order_by(Poll.number)
        )
    ).all()
    worded = [(poll, rule_words(str(poll.rule.get("code", "")))) for poll in polls]
    found = [
        MotionView(motion, [pair for pair in worded if pair[0].motion_id == motion.id]) for motion in motions
    ]
    loose = [pair for pair in worded if pair[0].motion_id is None]
    return [*found, MotionView(None, loose)] if loose else found


@post("/meetings/{meeting:uuid}/items", opt={"permission": Right.PREPARE}, status_code=200)
async def add_item_submit(request: MeetingsRequest, meeting: FromPath[UUID]) -> Response[str] | Redirect:
    """A new item at the end, behind another or below another."""
    sent = await request.fields()
    place = sent.get("place", "")
    try:
        at = needed_id(sent.get("at", ""), "at") if place in ("after", "in") else None
        async with request.house.store.work() as work:
            await add_item(
                work, request.actor, meeting, title=sent.get("title", ""), text=sent.get("text", ""),
                presenter=sent.get("presenter", ""), minutes_planned=_minutes(sent),
                parent=at if place == "in" else None, after=at if place == "after" else None, kind=_kind(sent),
                visibility=sent.get("visibility") or Visibility.COMMON,
            )  # fmt: skip
    except Refused as refusal:
        return await desk(request, meeting, None, Desk("add", sent_back(sent, refusal, LABELS), refusal))
    return done(f"/meetings/{meeting}/agenda", "saved")


@post("/items/{item:uuid}/edit", opt={"permission": Right.PREPARE}, status_code=200)
async def edit_item_submit(request: MeetingsRequest, item: FromPath[UUID]) -> Response[str] | Redirect:
    """Correct an item that has not been taken up."""
    sent = await request.fields()
    meeting = await meeting_of(request, item)
    try:
        async with request.house.store.work() as work:
            await change_item(
                work, request.actor, item, title=sent.get("title", ""), text=sent.get("text", ""),
                presenter=sent.get("presenter", ""), minutes_planned=_minutes(sent), kind=_kind(sent),
            )  # fmt: skip
            if sent.get("visibility"):
                await show_item(work, request.actor, item, visibility=sent["visibility"])
    except Refused as refusal:
        return await desk(request, meeting, item, Desk("item", sent_back(sent, refusal, LABELS), refusal))
    return done(f"/meetings/{meeting}/agenda?item={item}", "saved")


@post("/items/{item:uuid}/move", opt={"permission": Right.PREPARE}, status_code=200)
async def move_item_submit(request: MeetingsRequest, item: FromPath[UUID]) -> Response[str] | Redirect:
    """Another place for an item: by a button (`move`), or where it was dragged to (`parent`, `position`)."""
    sent = await request.fields()
    meeting = await meeting_of(request, item)
    try:
        async with request.house.store.work() as work:
            if "move" in sent:
                place = place_after(await agenda_of(work, meeting), item, sent["move"])
            else:
                place = (
                    chosen_id(sent.get("parent", "")),
                    whole_number(sent.get("position", ""), "position") or 0,
                )
            if place is not None:
                await move_item(work, request.actor, item, parent=place[0], position=place[1])
    except Refused as refusal:
        if request.partial:
            raise
        return await desk(request, meeting, None, Desk(refusal=refusal))
    if not request.partial:
        return done(f"/meetings/{meeting}/agenda#arrange-{item}")
    return await agenda_editor(request, meeting)


@get("/meetings/{meeting:uuid}/agenda/editor", opt={"permission": Right.PREPARE})
async def agenda_editor_part(request: MeetingsRequest, meeting: FromPath[UUID]) -> Response[str]:
    """The editor alone, as the server has the order."""
    return await agenda_editor(request, meeting)


async def agenda_editor(request: MeetingsRequest, meeting: UUID) -> Response[str]:
    """The part of the desk in which items are arranged."""
    async with request.house.store.reading() as reading:
        await preparing(reading, request.actor, meeting)
        items = await agenda_of(reading, meeting)
        leaves = await leaves_of(reading, meeting, Audience.INSIDERS)
    tree = tree_of(items, {one: len(found) for one, found in leaves.items()})
    return fragment(request, EDITOR, tree=tree, held_id=meeting)


@post("/items/{item:uuid}/remove", opt={"permission": Right.PREPARE}, status_code=200)
async def remove_item_submit(request: MeetingsRequest, item: FromPath[UUID]) -> Response[str] | Redirect:
    """Take an item off a draft agenda."""
    meeting = await meeting_of(request, item)
    try:
        async with request.house.store.work() as work:
            await remove_item(work, request.actor, item)
    except Refused as refusal:
        return await desk(request, meeting, item, Desk(refusal=refusal))
    return done(f"/meetings/{meeting}/agenda", "removed")


@post("/items/{item:uuid}/set-aside", opt={"permission": Right.PREPARE}, status_code=200)
async def set_aside_submit(request: MeetingsRequest, item: FromPath[UUID]) -> Response[str] | Redirect:
    """Put an item of a published agenda off, or take it off, before the meeting begins."""
    sent = await request.fields()
    meeting = await meeting_of(request, item)
    putting_off = sent.get("act") == "postpone"
    try:
        async with request.house.store.work() as work:
            act = postpone if putting_off else withdraw
            await act(work, request.actor, item, reason=sent.get("reason", ""))
    except Refused as refusal:
        return await desk(request, meeting, item, Desk(refusal=refusal))
    return done(f"/meetings/{meeting}/agenda?item={item}", "postponed" if putting_off else "withdrawn")


@post("/items/{item:uuid}/motions", opt={"permission": Right.PREPARE}, status_code=200)
async def add_motion_submit(request: MeetingsRequest, item: FromPath[UUID]) -> Response[str] | Redirect:
    """Put a motion under an item and prepare its poll."""
    sent = await request.fields()
    meeting = await meeting_of(request, item)
    try:
        async with request.house.store.work() as work:
            motion = await move_motion(
                work, request.actor, item, title=sent.get("title", ""), text=sent.get("text", ""),
                kind=sent.get("kind", KINDS[0]), mover=sent.get("mover", ""),
            )  # fmt: skip
            if sent.get("rule"):
                await draft_poll(
                    work,
                    request.actor,
                    item,
                    motion=motion.id,
                    rule=sent["rule"],
                    secret=bool(sent.get("secret")),
                )
    except Refused as refusal:
        return await desk(request, meeting, item, Desk("motion", sent_back(sent, refusal, LABELS), refusal))
    return done(f"/meetings/{meeting}/agenda?item={item}#motions", "saved")


@post("/motions/{motion:uuid}/polls", opt={"permission": Right.PREPARE}, status_code=200)
async def add_poll_submit(request: MeetingsRequest, motion: FromPath[UUID]) -> Response[str] | Redirect:
    """Prepare a poll on a motion that has none."""
    sent = await request.fields()
    async with request.house.store.reading() as reading:
        kept = await reading.get(Motion, motion)
    try:
        async with request.house.store.work() as work:
            await draft_poll(
                work, request.actor, kept.item_id, motion=motion, rule=sent.get("rule") or None,
                secret=bool(sent.get("secret")),
            )  # fmt: skip
    except Refused as refusal:
        return await desk(request, kept.meeting_id, kept.item_id, Desk(refusal=refusal))
    return done(f"/meetings/{kept.meeting_id}/agenda?item={kept.item_id}#motions", "saved")


def _minutes(sent: Mapping[str, str]) -> int | None:
    return whole_number(sent.get("minutes", ""), "minutes_planned")


def _kind(sent: Mapping[str, str]) -> ItemKind:
    return ItemKind.QUESTIONS if sent.get("questions") else ItemKind.REGULAR


async def meeting_of(request: MeetingsRequest, item: UUID) -> UUID:
    """The meeting that an item belongs to."""
    async with request.house.store.reading() as reading:
        return (await reading.get(Item, item)).meeting_id


def _status(state: Desk) -> int:
    if state.refusal is not None:
        return STATUS.get(state.refusal.code, 409)
    return 422 if state.uploads else 200


@post("/meetings/{meeting:uuid}/order", opt={"permission": Right.PREPARE}, status_code=200)
async def order_submit(request: MeetingsRequest, meeting: FromPath[UUID]) -> Response[str] | Redirect:
    """Put a draft agenda in order; the criteria are the body's from now on."""
    sent = await request.fields()
    wanted = [sent[name] for name in ORDER_FIELDS if sent.get(name)]
    try:
        async with request.house.store.work() as work:
            await order_agenda(work, request.actor, meeting, criteria=wanted)
    except Refused as refusal:
        return await desk(request, meeting, None, Desk(refusal=refusal))
    return done(f"/meetings/{meeting}/agenda", "saved")


handlers = [
    order_submit, agenda_desk, agenda_editor_part, add_item_submit, edit_item_submit, move_item_submit,
    remove_item_submit,
    set_aside_submit, add_motion_submit, add_poll_submit,
]  # fmt: skip
