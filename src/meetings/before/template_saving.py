"""What of a meeting other meetings of its sort have as well; a template after the pattern of a meeting."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from meetings.before import template_items
from meetings.before.agenda import agenda_of
from meetings.before.guests import Invited
from meetings.before.meeting_templates import KINDS, TemplateFacts, write_template
from meetings.before.template_items import (
    ItemFacts,
    MotionPreset,
)
from meetings.rules.ballot_forms import Kind
from meetings.rules.lifecycle import ItemState
from meetings.rules.majority import PRESETS
from meetings.rules.permissions import Actor, Right
from meetings.rules.poll_kinds import fits
from meetings.storage.tables import (
    Guest,
    Item,
    Meeting,
    MeetingTemplate,
    Motion,
    Poll,
)
from meetings.storage.unit_of_work import Reading, Work


async def save_as_template(work: Work, actor: Actor, meeting: UUID, *, name: str) -> MeetingTemplate:
    """A template after the pattern of a meeting: what every meeting of the sort has, nothing that happened in it.

    Left out are withdrawn and urgent items, and those that were there for once: minutes to adopt, tasks, items of an
    earlier meeting.
    """
    held = await work.get(Meeting, meeting)
    actor.must(Right.PREPARE, body=held.body_id)
    starts = datetime.fromisoformat(held.starts_local)
    length = datetime.fromisoformat(held.ends_local) - starts if held.ends_local else None
    facts = TemplateFacts(
        name=name, title=held.title, kind=held.kind if held.kind in KINDS else KINDS[0], place=held.place,
        room=held.room_id, begins=held.starts_local[11:16],
        minutes=int(length / timedelta(minutes=1)) if length else None,
        public=held.public, guests=(await guests_by_item(work, meeting))[None],
    )  # fmt: skip
    return await write_template(work, actor, held.body_id, facts, items=await _agenda(work, meeting))


def belongs_to_one_meeting(item: Item) -> bool:
    """Whether an item is there for once: neither a template nor a copy of its meeting takes it along."""
    once = item.adopts_id or item.task_id or item.continues_id
    return bool(once) or item.urgent or item.state == ItemState.WITHDRAWN


async def items_to_repeat(reading: Reading, meeting: UUID) -> list[Item]:
    """The items that another meeting of the sort has as well, in order; what stands below one left out is left out."""
    kept: dict[UUID, Item] = {}
    for item in await agenda_of(reading, meeting):
        if not belongs_to_one_meeting(item) and (item.parent_id is None or item.parent_id in kept):
            kept[item.id] = item
    return list(kept.values())


async def guests_by_item(reading: Reading, meeting: UUID) -> defaultdict[UUID | None, list[Invited]]:
    """Who is invited to each item; under None, to the whole meeting."""
    rows = await reading.session.scalars(
        select(Guest)
        .where(Guest.meeting_id == meeting, Guest.withdrawn_at.is_(None))
        .order_by(Guest.invited_at, Guest.name, Guest.id)
    )
    found: defaultdict[UUID | None, list[Invited]] = defaultdict(list)
    for row in rows:
        found[row.item_id].append(Invited(row.name, row.post, row.email))
    return found


async def _agenda(reading: Reading, meeting: UUID) -> list[ItemFacts]:
    items = await items_to_repeat(reading, meeting)
    guests = await guests_by_item(reading, meeting)
    motions = await _presets(reading, meeting)

    def below(parent: UUID | None) -> list[ItemFacts]:
        return [
            ItemFacts(
                title=item.title, text=item.text, presenter=item.presenter, minutes=item.minutes_planned,
                kind=item.kind, visibility=item.visibility, motions=motions[item.id], guests=guests[item.id],
                items=below(item.id),
            )
            for item in items
            if item.parent_id == parent
        ]  # fmt: skip

    return below(None)


async def _presets(reading: Reading, meeting: UUID) -> defaultdict[UUID, list[MotionPreset]]:
    """The motions of each item that no member moved and that amend nothing, with the rule of their first poll."""
    rows = await reading.session.execute(
        select(Motion, Poll)
        .outerjoin(Poll, Poll.motion_id == Motion.id)
        .where(
            Motion.meeting_id == meeting, Motion.mover_id.is_(None), Motion.amends_id.is_(None),
            Motion.part_of_id.is_(None), Motion.kind.in_(template_items.MOTION_KINDS),
        )
        .order_by(Motion.moved_at, Motion.id, Poll.number)
    )  # fmt: skip
    seen: set[UUID] = set()
    found: defaultdict[UUID, list[MotionPreset]] = defaultdict(list)
    for motion, poll in rows:
        if motion.id in seen or len(found[motion.item_id]) == template_items.MOST_MOTIONS:
            continue
        seen.add(motion.id)
        code = str(poll.rule.get("code", "")) if poll else ""
        found[motion.item_id].append(
            MotionPreset(
                title=motion.title, kind=motion.kind, secret=poll.secret if poll else False,
                rule=code if code in PRESETS and fits(Kind.MOTION, code) else "",
            )
        )  # fmt: skip
    return found
