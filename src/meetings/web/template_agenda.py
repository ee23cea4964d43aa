"""A template's page: its agenda to arrange, beside it the chosen item, or the form for a new one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from meetings.before.guests import read_guests
from meetings.before.meeting_templates import (
    add_template_item,
    change_item,
    move_item,
    open_template,
    remove_item,
)
from meetings.before.template_items import (
    MOTION_KINDS,
    ItemFacts,
    MotionPreset,
    NumberedItem,
    agenda_of_template,
    guests_of_template,
    motions_of,
)
from meetings.language import N_, plural, text
from meetings.rules.agenda import ItemKind
from meetings.rules.permissions import Actor, Right
from meetings.rules.refusals import Refused
from meetings.rules.visibility import Visibility
from meetings.storage.tables import Body, MeetingTemplate, Room, TemplateItem
from meetings.storage.unit_of_work import Reading
from meetings.web.agenda import MOTION_KINDS as MOTION_WORDS
from meetings.web.agenda_tree import SEEN_BY, place_after
from meetings.web.errors import sentence
from meetings.web.forms import BLANK, Form, chosen_id, sent_back, whole_number
from meetings.web.meeting_templates import HOME, guest_lines, template_facts
from meetings.web.meetings import status_of
from meetings.web.render import done, fragment, page
from meetings.web.request import MeetingsRequest
from meetings.web.rule_words import rule_options, rule_words

PREPARE = {"permission": Right.PREPARE}
LABELS = {
    "title": ("title", N_("Title")),
    "text": ("text", N_("Explanation")),
    "minutes_planned": ("minutes", N_("Length in minutes")),
    "guests": ("guests", N_("Always invited to this item")),
    "kind": ("kind", N_("Kind")),
}
EDITOR = "before/template_editor.html"
ONCE_MORE = 1
"""Empty rows for motions below those that an item has."""


@dataclass(frozen=True, slots=True)
class TemplateNode:
    """An item in the tree that the editor arranges."""

    id: UUID
    number: str
    title: str
    address: str
    detail: str
    move_address: str
    children: "list[TemplateNode]" = field(default_factory=list["TemplateNode"])


@get(f"{HOME}/{{template:uuid}}", opt=PREPARE)
async def template_page(
    request: MeetingsRequest, template: FromPath[UUID], item: FromQuery[UUID | None] = None
) -> Response[str]:
    """The template."""
    return await _page(request, template, item)


async def _page(
    request: MeetingsRequest,
    template: UUID,
    item: UUID | None,
    form: Form = BLANK,
    refusal: Refused | None = None,
) -> Response[str]:
    async with request.house.store.reading() as reading:
        row = await open_template(reading, request.actor, template)
        body = await reading.get(Body, row.body_id)
        room = await reading.session.get(Room, row.room_id) if row.room_id else None
        items = await agenda_of_template(reading, template)
    chosen = next((one for one in items if one.row.id == item), None)
    presets = motions_of(chosen.row) if chosen else []
    flashes: dict[str, Any] = {"flashes": [("bad", sentence(refusal))]} if refusal and form is BLANK else {}
    return page(
        request, "before/meeting_template.html", status_code=status_of(refusal) if refusal else 200, row=row,
        facts=template_facts(row, body, room.name if room else ""), items=items, tree=_tree(row, items),
        chosen=chosen, form=form, presets=[*presets, *[None] * ONCE_MORE], rules=rule_options(),
        motion_kinds=MOTION_WORDS, guests=guest_lines(guests_of_template(chosen.row)) if chosen else "",
        again="done" in request.query_params, **flashes,
    )  # fmt: skip


@get(f"{HOME}/{{template:uuid}}/editor", opt=PREPARE)
async def template_editor_part(request: MeetingsRequest, template: FromPath[UUID]) -> Response[str]:
    """The editor alone, as the server has the order."""
    return await _editor(request, template)


async def _editor(request: MeetingsRequest, template: UUID) -> Response[str]:
    async with request.house.store.reading() as reading:
        row = await open_template(reading, request.actor, template)
        items = await agenda_of_template(reading, template)
    return fragment(request, EDITOR, tree=_tree(row, items), row=row)


@post(f"{HOME}/{{template:uuid}}/items", opt=PREPARE, status_code=200)
async def add_item_submit(request: MeetingsRequest, template: FromPath[UUID]) -> Response[str] | Redirect:
    """A new item at the end, or below another one."""
    sent = await request.fields()
    try:
        async with request.house.store.work() as work:
            parent = chosen_id(sent.get("parent", ""))
            await add_template_item(work, request.actor, template, _facts(sent), parent=parent)
    except Refused as refusal:
        return await _page(request, template, None, sent_back(sent, refusal, LABELS), refusal)
    return done(f"{HOME}/{template}", "saved")


@post("/template-items/{item:uuid}/edit", opt=PREPARE, status_code=200)
async def edit_item_submit(request: MeetingsRequest, item: FromPath[UUID]) -> Response[str] | Redirect:
    """Say an item anew."""
    sent = await request.fields()
    template = await _template_of(request, item)
    try:
        async with request.house.store.work() as work:
            await change_item(work, request.actor, item, _facts(sent))
    except Refused as refusal:
        return await _page(request, template, item, sent_back(sent, refusal, LABELS), refusal)
    return done(f"{HOME}/{template}?item={item}", "saved")


@post("/template-items/{item:uuid}/move", opt=PREPARE, status_code=200)
async def move_item_submit(request: MeetingsRequest, item: FromPath[UUID]) -> Response[str] | Redirect:
    """Another place: by a button (`move`), or where it was dragged to (`parent`, `position`)."""
    sent = await request.fields()
    template = await _template_of(request, item)
    try:
        async with request.house.store.work() as work:
            place = (
                chosen_id(sent.get("parent", "")),
                whole_number(sent.get("position", ""), "position") or 0,
            )
            if "move" in sent:
                rows = [one.row for one in await agenda_of_template(work, template)]
                place = place_after(rows, item, sent["move"])
            if place is not None:
                await move_item(work, request.actor, item, parent=place[0], position=place[1])
    except Refused as refusal:
        if request.partial:
            raise
        return await _page(request, template, None, refusal=refusal)
    if not request.partial:
        return done(f"{HOME}/{template}#arrange-{item}")
    return await _editor(request, template)


@post("/template-items/{item:uuid}/remove", opt=PREPARE, status_code=200)
async def remove_item_submit(request: MeetingsRequest, item: FromPath[UUID]) -> Redirect:
    """Take it out, with what stands below it."""
    template = await _template_of(request, item)
    async with request.house.store.work() as work:
        await remove_item(work, request.actor, item)
    return done(f"{HOME}/{template}", "removed")


async def _template_of(request: MeetingsRequest, item: UUID) -> UUID:
    async with request.house.store.reading() as reading:
        return await _must_see(reading, request.actor, item)


async def _must_see(reading: Reading, actor: Actor, item: UUID) -> UUID:
    template = (await reading.get(TemplateItem, item)).template_id
    await open_template(reading, actor, template)
    return template


def _tree(template: MeetingTemplate, items: Sequence[NumberedItem]) -> list[TemplateNode]:
    nodes: dict[UUID, TemplateNode] = {}
    top: list[TemplateNode] = []
    for one in items:
        row = one.row
        node = TemplateNode(
            row.id, one.number, row.title, f"{HOME}/{template.id}?item={row.id}#item", _detail(row),
            f"/template-items/{row.id}/move",
        )  # fmt: skip
        nodes[row.id] = node
        (nodes[row.parent_id].children if row.parent_id else top).append(node)
    return top


def _detail(row: TemplateItem) -> str:
    presets = motions_of(row)
    rules = [rule_words(one.rule) for one in presets if one.rule]
    parts = [
        row.presenter,
        text("{minutes} min", minutes=row.minutes_planned) if row.minutes_planned else "",
        text(SEEN_BY[Visibility(row.visibility)]) if row.visibility in SEEN_BY else "",
        plural("{count} motion", "{count} motions", len(presets)) if presets else "",
        *rules[:1],
        plural("{count} guest", "{count} guests", len(row.guests)) if row.guests else "",
    ]
    return " · ".join(filter(None, parts))


def _facts(sent: Mapping[str, str]) -> ItemFacts:
    return ItemFacts(
        title=sent.get("title", ""), text=sent.get("text", ""), presenter=sent.get("presenter", ""),
        minutes=whole_number(sent.get("minutes", ""), "minutes_planned"),
        kind=ItemKind.QUESTIONS if sent.get("questions") else ItemKind.REGULAR,
        visibility=sent.get("visibility") or Visibility.COMMON, guests=read_guests(sent.get("guests", "")),
        motions=[
            MotionPreset(
                title=sent.get(f"motion-{place}-title", ""), kind=sent[f"motion-{place}-kind"],
                rule=sent.get(f"motion-{place}-rule", ""), secret=bool(sent.get(f"motion-{place}-secret")),
            )
            for place in range(len(sent))
            if sent.get(f"motion-{place}-kind") in MOTION_KINDS
        ],
    )  # fmt: skip


handlers = [
    template_page,
    template_editor_part,
    add_item_submit,
    edit_item_submit,
    move_item_submit,
    remove_item_submit,
]
