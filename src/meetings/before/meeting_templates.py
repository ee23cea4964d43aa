"""Templates of a body's meetings: written, changed, removed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from meetings.before import template_items
from meetings.before.guests import Invited
from meetings.before.scheduling import checked_title
from meetings.before.template_items import (
    ItemFacts,
    clear_items,
    kept_guests,
    put_items,
)
from meetings.rules.events import TemplateRemoved, TemplateWritten
from meetings.rules.meeting_templates import must_be_known
from meetings.rules.permissions import Actor, Right
from meetings.rules.refusals import Refused
from meetings.storage.tables import (
    Body,
    MeetingTemplate,
    Room,
    TemplateItem,
)
from meetings.storage.unit_of_work import Reading, Work

NAME_LENGTH = 120
LONGEST = 24 * 60
KINDS = ("regular", "thematic", "extraordinary")
"""Kinds of meetings of every body; periods of notice go by them (see `rules.deadlines`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateFacts:
    """What a template says beside its agenda. `title` may hold placeholders; `minutes` is the planned length."""

    name: str
    title: str
    kind: str = KINDS[0]
    place: str = ""
    room: UUID | None = None
    begins: str = "08:00"
    minutes: int | None = None
    public: bool = False
    guests: Sequence[Invited] = ()


@dataclass(frozen=True, slots=True)
class TemplateLine:
    """A template in the list."""

    row: MeetingTemplate
    body: str
    items: int


async def write_template(
    work: Work,
    actor: Actor,
    body: UUID,
    facts: TemplateFacts,
    *,
    items: Sequence[ItemFacts] | None = None,
    template: UUID | None = None,
) -> MeetingTemplate:
    """A new template of a body, or what an old one says from now on; `items` take the place of its agenda.

    Meetings that were made from it stay as they are.
    """
    actor.must(Right.PREPARE, body=body)
    await work.get(Body, body)
    columns = await _columns(work, facts)
    if template is None:
        await work.in_turn()
        await _must_be_new(work, body, columns["name"])
        row = MeetingTemplate(id=work.new_id(), body_id=body, changed_at=work.now, **columns)
        work.session.add(row)
        await work.session.flush()
    else:
        row = await held_template(work, actor, template)
        if columns["name"] != row.name:
            await _must_be_new(work, body, columns["name"])
        for name, value in columns.items():
            setattr(row, name, value)
    if items is not None:
        await clear_items(work, row.id)
        await put_items(work, row.id, items)
    return await _written(work, actor, row)


async def remove_template(work: Work, actor: Actor, template: UUID) -> None:
    """It is offered no more; meetings that were made from it stay."""
    row = await held_template(work, actor, template)
    body = await work.get(Body, row.body_id)
    event = TemplateRemoved(template=str(row.id), template_name=row.name, name_of_body=body.name)
    await clear_items(work, template)
    await work.session.delete(row)
    await work.session.flush()
    await work.record(actor, event)


async def add_template_item(
    work: Work, actor: Actor, template: UUID, facts: ItemFacts, *, parent: UUID | None = None
) -> TemplateItem:
    """A new item at the end of its agenda, or at the end below another one."""
    row = await held_template(work, actor, template)
    above = await work.get(TemplateItem, parent) if parent else None
    if above is not None and above.template_id != template:
        raise Refused("item-unknown")
    item = (await put_items(work, template, [facts], above))[0]
    await _written(work, actor, row)
    return item


async def change_item(work: Work, actor: Actor, item: UUID, facts: ItemFacts) -> TemplateItem:
    """Say an item of a template anew."""
    row = await _template_of(work, actor, item)
    changed = await template_items.change_template_item(work, item, facts)
    await _written(work, actor, row)
    return changed


async def move_item(work: Work, actor: Actor, item: UUID, *, parent: UUID | None, position: int) -> None:
    """Put an item of a template at another place."""
    row = await _template_of(work, actor, item)
    await template_items.move_template_item(work, item, parent=parent, position=position)
    await _written(work, actor, row)


async def remove_item(work: Work, actor: Actor, item: UUID) -> None:
    """Take an item out of a template, with all that stands below it."""
    row = await _template_of(work, actor, item)
    await template_items.remove_template_item(work, item)
    await _written(work, actor, row)


async def open_template(reading: Reading, actor: Actor, template: UUID) -> MeetingTemplate:
    """The template, for who prepares meetings of its body; for others there is none (`not-found`)."""
    row = await reading.get(MeetingTemplate, template)
    if not actor.may(Right.PREPARE, body=row.body_id):
        raise Refused("not-found")
    return row


async def held_template(work: Work, actor: Actor, template: UUID) -> MeetingTemplate:
    """The same, held against other writers."""
    await open_template(work, actor, template)
    await work.in_turn()
    return await work.locked(MeetingTemplate, template)


async def templates_for(
    reading: Reading, actor: Actor, *, body: UUID | None = None
) -> Sequence[TemplateLine]:
    """The templates of the bodies that the actor prepares meetings of, by body and name."""
    counted = (
        select(TemplateItem.template_id, func.count().label("lines"))
        .group_by(TemplateItem.template_id)
        .subquery()
    )
    query = (
        select(MeetingTemplate, Body.name, func.coalesce(counted.c.lines, 0))
        .join(Body, Body.id == MeetingTemplate.body_id)
        .outerjoin(counted, counted.c.template_id == MeetingTemplate.id)
        .where(MeetingTemplate.body_id.in_(actor.bodies(Right.PREPARE)))
        .order_by(Body.name, MeetingTemplate.name, MeetingTemplate.id)
    )
    if body is not None:
        query = query.where(MeetingTemplate.body_id == body)
    return [TemplateLine(*row) for row in await reading.session.execute(query)]


async def _template_of(work: Work, actor: Actor, item: UUID) -> MeetingTemplate:
    return await held_template(work, actor, (await work.get(TemplateItem, item)).template_id)


async def _written(work: Work, actor: Actor, row: MeetingTemplate) -> MeetingTemplate:
    row.changed_at = work.now
    await work.session.flush()
    body = await work.get(Body, row.body_id)
    count = select(func.count()).select_from(TemplateItem).where(TemplateItem.template_id == row.id)
    event = TemplateWritten(
        template=str(row.id), template_name=row.name, name_of_body=body.name,
        items=await work.session.scalar(count) or 0,
    )  # fmt: skip
    await work.record(actor, event)
    return row


async def _columns(work: Work, facts: TemplateFacts) -> dict[str, Any]:
    name = " ".join(facts.name.split())
    if not name:
        raise Refused("field-missing", field="name")
    if len(name) > NAME_LENGTH:
        raise Refused("field-long", field="name", limit=NAME_LENGTH)
    if facts.kind not in KINDS:
        raise Refused("wrong-input", field="kind")
    if facts.minutes is not None and not 1 <= facts.minutes <= LONGEST:
        raise Refused("wrong-input", field="length")
    if facts.room and await work.session.get(Room, facts.room) is None:
        raise Refused("wrong-input", field="room")
    return {
        "name": name, "title": must_be_known(checked_title(facts.title)), "kind": facts.kind,
        "place": facts.place.strip(), "room_id": facts.room, "begins": clock(facts.begins), "minutes": facts.minutes,
        "public": facts.public, "guests": kept_guests(facts.guests),
    }  # fmt: skip


def clock(text: str) -> str:
    """A time of day as `08:00`, or the refusal `wrong-input`."""
    try:
        return time.fromisoformat(text).strftime("%H:%M")
    except ValueError as wrong:
        raise Refused("wrong-input", field="begins") from wrong


async def _must_be_new(work: Work, body: UUID, name: str) -> None:
    taken = select(MeetingTemplate.id).where(MeetingTemplate.body_id == body, MeetingTemplate.name == name)
    if await work.session.scalar(taken):
        raise Refused("template-name-taken", name=name)
