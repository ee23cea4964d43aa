"""The agenda is written and put in order. Its numbers follow from the tree and are never typed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy import select

from meetings.before.scheduling import checked_title
from meetings.rules.agenda import Entry, ItemKind, in_order, inserted, moved, numbers, revealed
from meetings.rules.events import ItemAdded, ItemChanged, ItemMoved, ItemRemoved, ItemVisibilitySet
from meetings.rules.lifecycle import ItemState, MeetingState
from meetings.rules.permissions import Actor, Right
from meetings.rules.refusals import Refused
from meetings.rules.visibility import Audience, Visibility, narrower, shows
from meetings.storage.tables import Item, Meeting, Motion, Paper, Poll, Question
from meetings.storage.unit_of_work import Reading, Work

TEXT_LENGTH = 20_000


async def agenda_of(reading: Reading, meeting: UUID, *, audience: Audience = Audience.INSIDERS) -> list[Item]:
    """The items in the order of the agenda, each with its number; only those that the audience sees."""
    items = {str(item.id): item for item in await _items(reading, meeting)}
    ordered = [items[entry.id] for entry in in_order(_entries(items.values()))]
    return [item for item in ordered if shows(item.visibility, audience)]


async def add_item(
    work: Work,
    actor: Actor,
    meeting: UUID,
    *,
    title: str,
    text: str = "",
    presenter: str = "",
    minutes_planned: int | None = None,
    parent: UUID | None = None,
    after: UUID | None = None,
    reference: str = "",
    kind: str = ItemKind.REGULAR,
    visibility: str = Visibility.COMMON,
) -> Item:
    """A new item at the end (or behind `after`). Once published, one put behind another gets a letter: 1a."""
    held = await preparing(work, actor, meeting)
    item = await put_item(
        work, held, title=title, text=text, presenter=presenter, minutes_planned=minutes_planned, parent=parent,
        after=after, reference=reference, kind=kind, visibility=visibility,
    )  # fmt: skip
    await work.record(
        actor, ItemAdded(item=str(item.id), title=item.title, number=item.number), meeting=meeting
    )
    return item


async def put_item(
    work: Work,
    held: Meeting,
    *,
    title: str,
    text: str = "",
    presenter: str = "",
    minutes_planned: int | None = None,
    parent: UUID | None = None,
    after: UUID | None = None,
    reference: str = "",
    urgent: bool = False,
    continues: UUID | None = None,
    kind: str = ItemKind.REGULAR,
    visibility: str = Visibility.COMMON,
) -> Item:
    """Put a new item in its place on the agenda of a locked meeting; the caller has asked whether it may be.

    Below another item it is seen by no more people than that one.
    """
    items = {item.id: item for item in await _items(work, held.id)}
    if parent is not None and parent not in items:
        raise Refused("item-unknown")
    if after is not None and after not in items:
        raise Refused("item-unknown")
    if after is not None:
        parent = items[after].parent_id
    siblings = sorted((one.position, one.id) for one in items.values() if one.parent_id == parent)
    place = [one for _, one in siblings].index(after) + 1 if after is not None else len(siblings)
    item = Item(
        id=work.new_id(),
        meeting_id=held.id,
        parent_id=parent,
        position=place,
        title=checked_title(title),
        text=_text(text),
        presenter=presenter.strip(),
        minutes_planned=_minutes(minutes_planned),
        state=ItemState.PLANNED,
        reference=reference,
        urgent=urgent,
        continues_id=continues,
        kind=_kind(kind),
        visibility=narrower(
            _visibility(visibility), items[parent].visibility if parent else Visibility.COMMON
        ),
    )
    work.session.add(item)
    published = held.state != MeetingState.DRAFT and item.visibility != Visibility.HIDDEN
    order = inserted(_entries(items.values()), str(item.id), _text_id(parent), place, published=published)
    hidden = item.visibility == Visibility.HIDDEN
    order = [replace(one, hidden=hidden) if one.id == str(item.id) else one for one in order]
    _arrange({**items, item.id: item}, order)
    await work.session.flush()
    return item


async def change_item(
    work: Work,
    actor: Actor,
    item: UUID,
    *,
    title: str | None = None,
    text: str | None = None,
    presenter: str | None = None,
    minutes_planned: int | None = None,
    kind: str | None = None,
) -> Item:
    """Correct an item that has not been taken up."""
    kept = await work.get(Item, item)
    await preparing(work, actor, kept.meeting_id)
    _untouched(kept)
    before = _words(kept)
    if kind is not None and _kind(kind) != kept.kind:
        listed = select(Question.id).where(Question.item_id == item).limit(1)
        if await work.session.scalar(listed) is not None:
            raise Refused("item-has-questions")
        kept.kind = _kind(kind)
    if title is not None:
        kept.title = checked_title(title)
    if text is not None:
        kept.text = _text(text)
    if presenter is not None:
        kept.presenter = presenter.strip()
    if minutes_planned is not None:
        kept.minutes_planned = _minutes(minutes_planned)
    after = _words(kept)
    changes = {name: [words, after[name]] for name, words in before.items() if words != after[name]}
    event = ItemChanged(item=str(item), title=kept.title, changes=changes)
    await work.record(actor, event, meeting=kept.meeting_id)
    return kept


def _words(item: Item) -> dict[str, str]:
    minutes = "" if item.minutes_planned is None else str(item.minutes_planned)
    return {
        "title": item.title,
        "text": item.text,
        "presenter": item.presenter,
        "minutes_planned": minutes,
        "kind": item.kind,
    }


async def move_item(work: Work, actor: Actor, item: UUID, *, parent: UUID | None, position: int) -> Item:
    """Put an item at a place among the children of `parent` (None: the top level); the others make room."""
    kept = await work.get(Item, item)
    held = await preparing(work, actor, kept.meeting_id)
    _untouched(kept)
    items = {one.id: one for one in await _items(work, held.id)}
    before = kept.number
    above = items[parent].visibility if parent is not None and parent in items else Visibility.COMMON
    _narrow(items, kept, above, known=held.state != MeetingState.DRAFT)
    _arrange(items, moved(_entries(items.values()), str(item), _text_id(parent), position))
    await work.session.flush()
    await work.record(actor, ItemMoved(item=str(item), number=kept.number, before=before), meeting=held.id)
    return kept


async def show_item(work: Work, actor: Actor, item: UUID, *, visibility: str) -> Item:
    """Say who sees an item: everybody, the members, or who prepares the meeting.

    What stands below is narrowed with it and never widened: each item is shown by an act of its own. What members have
    on their agenda is not hidden any more (`item-known`); below another item nothing is seen by more people than that
    one. A hidden item that is shown after the publication takes its number with a letter.
    """
    kept = await work.get(Item, item)
    held = await preparing(work, actor, kept.meeting_id)
    _untouched(kept)
    items = {one.id: one for one in await _items(work, held.id)}
    wanted, before = _visibility(visibility), kept.visibility
    if kept.parent_id is not None and narrower(wanted, items[kept.parent_id].visibility) != wanted:
        raise Refused("wrong-input", field="visibility")
    if wanted == before:
        return kept
    published = held.state != MeetingState.DRAFT
    if published and wanted == Visibility.HIDDEN:
        raise Refused("item-known")
    entries: Sequence[Entry] = _entries(items.values())
    if before == Visibility.HIDDEN:
        entries = revealed(entries, str(item), published=published)
    kept.visibility = wanted
    for one in _below(items, item):
        one.visibility = narrower(one.visibility, wanted)
    _arrange(items, entries if before == Visibility.HIDDEN else _entries(items.values()))
    await work.session.flush()
    event = ItemVisibilitySet(
        item=str(item), number=kept.number, title=kept.title, before=before, visibility=wanted
    )
    await work.record(actor, event, meeting=held.id)
    return kept


async def remove_item(work: Work, actor: Actor, item: UUID) -> None:
    """Take an item off a draft agenda, if nothing hangs on it. A published item is withdrawn instead."""
    kept = await work.get(Item, item)
    held = await preparing(work, actor, kept.meeting_id)
    if held.state != MeetingState.DRAFT:
        raise Refused("not-now", state=held.state)
    items = {one.id: one for one in await _items(work, held.id)}
    children = any(one.parent_id == item for one in items.values())
    papers = await work.session.scalar(select(Paper.id).where(Paper.item_id == item).limit(1))
    motions = await work.session.scalar(select(Motion.id).where(Motion.item_id == item).limit(1))
    polls = await work.session.scalar(select(Poll.id).where(Poll.item_id == item).limit(1))
    if children or papers or motions or polls:
        raise Refused("item-in-use")
    if await work.session.scalar(select(Question.id).where(Question.item_id == item).limit(1)) is not None:
        raise Refused("item-has-questions")
    del items[item]
    await work.session.delete(kept)
    _arrange(items, _entries(items.values()))
    await work.session.flush()
    await work.record(actor, ItemRemoved(item=str(item), title=kept.title), meeting=held.id)


async def preparing(work: Work, actor: Actor, meeting: UUID) -> Meeting:
    """The locked meeting, for who prepares it; refused once it is over, and while its agenda is frozen."""
    held = await work.locked(Meeting, meeting)
    actor.must(Right.PREPARE, body=held.body_id)
    if held.state in (MeetingState.ADJOURNED, MeetingState.CANCELLED):
        raise Refused("not-now", state=held.state)
    if held.agenda_frozen_at:
        raise Refused("agenda-frozen")
    return held


async def _items(reading: Reading, meeting: UUID) -> Sequence[Item]:
    return (await reading.session.scalars(select(Item).where(Item.meeting_id == meeting))).all()


def _entries(items: Iterable[Item]) -> list[Entry]:
    return [
        Entry(
            str(item.id), _text_id(item.parent_id), item.position, item.lettered,
            item.visibility == Visibility.HIDDEN,
        )
        for item in items
    ]  # fmt: skip


def _text_id(item: UUID | None) -> str | None:
    return str(item) if item else None


async def arrange_all(work: Work, meeting: UUID, order: Callable[[Sequence[Entry]], Sequence[Entry]]) -> None:
    """Write another order of a locked meeting's items."""
    items = {item.id: item for item in await _items(work, meeting)}
    _arrange(items, order(_entries(items.values())))
    await work.session.flush()


def _arrange(items: dict[UUID, Item], entries: Sequence[Entry]) -> None:
    printed = numbers(entries)
    for entry in entries:
        item = items[UUID(entry.id)]
        item.parent_id = UUID(entry.parent) if entry.parent else None
        item.position, item.lettered, item.number = entry.position, entry.lettered, printed[entry.id]


def _narrow(items: dict[UUID, Item], item: Item, above: str, *, known: bool) -> None:
    """What comes below an item is seen by no more people; what members have on their agenda is not hidden so."""
    for one in [item, *_below(items, item.id)]:
        visibility = narrower(one.visibility, above)
        if known and visibility == Visibility.HIDDEN != one.visibility:
            raise Refused("item-known")
        one.visibility = visibility


def _below(items: dict[UUID, Item], item: UUID) -> list[Item]:
    found: list[Item] = []
    for one in items.values():
        if one.parent_id == item:
            found += [one, *_below(items, one.id)]
    return found


def _untouched(item: Item) -> None:
    if item.state != ItemState.PLANNED:
        raise Refused("not-now", state=item.state)


def _text(text: str) -> str:
    if len(text) > TEXT_LENGTH:
        raise Refused("field-long", field="text", limit=TEXT_LENGTH)
    return text.strip()


def _kind(kind: str) -> ItemKind:
    if kind not in tuple(ItemKind):
        raise Refused("wrong-input", field="kind")
    return ItemKind(kind)


def _visibility(visibility: str) -> Visibility:
    if visibility not in tuple(Visibility):
        raise Refused("wrong-input", field="visibility")
    return Visibility(visibility)


def _minutes(minutes: int | None) -> int | None:
    if minutes is not None and not 0 <= minutes <= 1440:
        raise Refused("wrong-input", field="minutes_planned")
    return minutes
