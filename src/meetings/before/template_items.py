"""The agenda of a template: items as the meetings will have them, with their motions and their own guests."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select

from meetings.before.agenda import TEXT_LENGTH
from meetings.before.guests import Invited, checked_guests
from meetings.before.scheduling import checked_title
from meetings.rules.agenda import Entry, ItemKind, in_order, moved, numbers, without
from meetings.rules.ballot_forms import Kind
from meetings.rules.majority import PRESETS
from meetings.rules.poll_kinds import fits
from meetings.rules.refusals import Refused
from meetings.rules.visibility import Visibility, narrower
from meetings.storage.tables import MeetingTemplate, TemplateItem
from meetings.storage.unit_of_work import Reading, Work

MOST_ITEMS = 200
MOST_MOTIONS = 20
MOTION_KINDS = ("substantive", "procedural")


@dataclass(frozen=True, slots=True, kw_only=True)
class MotionPreset:
    """A motion that is always put under an item. Without a title it is called like its item; without a rule it has no
    poll yet."""

    title: str = ""
    kind: str = MOTION_KINDS[0]
    rule: str = ""
    secret: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFacts:
    """An item of a template; `presenter` is an office rather than a name, `items` stand below it."""

    title: str
    text: str = ""
    presenter: str = ""
    minutes: int | None = None
    kind: str = ItemKind.REGULAR
    visibility: str = Visibility.COMMON
    motions: Sequence[MotionPreset] = ()
    guests: Sequence[Invited] = ()
    items: Sequence[ItemFacts] = field(default_factory=tuple["ItemFacts", ...])


@dataclass(frozen=True, slots=True)
class NumberedItem:
    """An item of a template in its place."""

    row: TemplateItem
    number: str
    """As it will be when nothing is added; empty where it is hidden."""


async def agenda_of_template(reading: Reading, template: UUID) -> list[NumberedItem]:
    """The items in order."""
    rows = {str(row.id): row for row in await _rows(reading, template)}
    entries = _entries(rows.values())
    printed = numbers(entries)
    return [NumberedItem(rows[entry.id], printed[entry.id]) for entry in in_order(entries)]


async def put_items(
    work: Work, template: UUID, items: Sequence[ItemFacts], parent: TemplateItem | None = None
) -> list[TemplateItem]:
    """Add items at the end (below `parent`), with all that stands below them; the caller holds the template."""
    known = await _rows(work, template)
    below = parent.id if parent else None
    position = sum(row.parent_id == below for row in known)
    put: list[TemplateItem] = []
    for place, facts in enumerate(items, position):
        columns = _columns(facts, parent.visibility if parent else Visibility.COMMON)
        row = TemplateItem(id=work.new_id(), template_id=template, parent_id=below, position=place, **columns)
        work.session.add(row)
        await work.session.flush()
        put += [row, *await put_items(work, template, facts.items, row)]
    await _must_fit(work, template)
    return put


async def change_template_item(work: Work, item: UUID, facts: ItemFacts) -> TemplateItem:
    """Say it anew; what stands below is narrowed with it. `items` of the facts are not looked at."""
    row = await work.get(TemplateItem, item)
    rows = {one.id: one for one in await _rows(work, row.template_id)}
    above = rows[row.parent_id].visibility if row.parent_id else Visibility.COMMON
    for name, value in _columns(facts, above).items():
        setattr(row, name, value)
    _narrow(rows, row)
    await work.session.flush()
    return row


async def move_template_item(work: Work, item: UUID, *, parent: UUID | None, position: int) -> None:
    """Another place among the children of `parent` (None: the top level)."""
    row = await work.get(TemplateItem, item)
    below = str(parent) if parent else None
    await _arrange(work, row.template_id, lambda entries: moved(entries, str(item), below, position))


async def remove_template_item(work: Work, item: UUID) -> None:
    """Take it out with all that stands below it."""
    row = await work.get(TemplateItem, item)
    template, rows = row.template_id, await _rows(work, row.template_id)
    kept = {entry.id for entry in without(_entries(rows), str(item))}
    await _delete(work, [one for one in rows if str(one.id) not in kept])
    await _arrange(work, template, lambda entries: entries)


async def clear_items(work: Work, template: UUID) -> None:
    """Take out every item."""
    await _delete(work, await _rows(work, template))


def motions_of(row: TemplateItem) -> list[MotionPreset]:
    """The motions that are put under it."""
    return [MotionPreset(**one) for one in row.motions]


def guests_of_template(row: TemplateItem | MeetingTemplate) -> list[Invited]:
    """Who is always invited."""
    return [Invited(**one) for one in row.guests]


def kept_guests(guests: Sequence[Invited]) -> list[Any]:
    """Guests as the tables keep them; refused as an invitation of theirs would be."""
    checked = checked_guests(guests) if guests else []
    known: set[str] = set()
    for one in checked:
        if one.email and one.email.casefold() in known:
            raise Refused("guest-known", mail=one.email)
        known.add(one.email.casefold())
    return [asdict(one) for one in checked]


def _columns(facts: ItemFacts, above: str) -> Mapping[str, Any]:
    if len(facts.text) > TEXT_LENGTH:
        raise Refused("field-long", field="text", limit=TEXT_LENGTH)
    if facts.minutes is not None and not 0 <= facts.minutes <= 1440:
        raise Refused("wrong-input", field="minutes_planned")
    for name, value, known in (
        ("kind", facts.kind, tuple(ItemKind)),
        ("visibility", facts.visibility, tuple(Visibility)),
    ):
        if value not in known:
            raise Refused("wrong-input", field=name)
    if len(facts.motions) > MOST_MOTIONS:
        raise Refused("wrong-input", field="motions")
    return {
        "title": checked_title(facts.title),
        "text": facts.text.strip(),
        "presenter": facts.presenter.strip(),
        "minutes_planned": facts.minutes,
        "kind": str(facts.kind),
        "visibility": str(narrower(facts.visibility, above)),
        "motions": [_motion(one) for one in facts.motions],
        "guests": kept_guests(facts.guests),
    }


def _motion(preset: MotionPreset) -> dict[str, Any]:
    if preset.kind not in MOTION_KINDS:
        raise Refused("wrong-input", field="kind")
    if preset.rule and not (preset.rule in PRESETS and fits(Kind.MOTION, preset.rule)):
        raise Refused("wrong-input", field="rule")
    title = checked_title(preset.title) if preset.title.strip() else ""
    return asdict(MotionPreset(title=title, kind=preset.kind, rule=preset.rule, secret=preset.secret))


def _narrow(rows: Mapping[UUID, TemplateItem], above: TemplateItem) -> None:
    for row in rows.values():
        if row.parent_id == above.id:
            row.visibility = narrower(row.visibility, above.visibility)
            _narrow(rows, row)


async def _rows(reading: Reading, template: UUID) -> Sequence[TemplateItem]:
    query = select(TemplateItem).where(TemplateItem.template_id == template)
    return (await reading.session.scalars(query)).all()


def _entries(rows: Iterable[TemplateItem]) -> list[Entry]:
    return [
        Entry(
            str(row.id), str(row.parent_id) if row.parent_id else None, row.position,
            hidden=row.visibility == Visibility.HIDDEN,
        )
        for row in rows
    ]  # fmt: skip


async def _arrange(work: Work, template: UUID, order: Callable[[list[Entry]], Sequence[Entry]]) -> None:
    rows = {row.id: row for row in await _rows(work, template)}
    families: dict[str | None, int] = {}
    for entry in in_order(order(_entries(rows.values()))):
        row = rows[UUID(entry.id)]
        row.parent_id = UUID(entry.parent) if entry.parent else None
        row.position = families.get(entry.parent, 0)
        families[entry.parent] = row.position + 1
        if entry.parent:
            row.visibility = narrower(row.visibility, rows[UUID(entry.parent)].visibility)
    await work.session.flush()


async def _must_fit(work: Work, template: UUID) -> None:
    rows = await _rows(work, template)
    if len(rows) > MOST_ITEMS:
        raise Refused("template-full", limit=MOST_ITEMS)
    in_order(_entries(rows))


async def _delete(work: Work, rows: Sequence[TemplateItem]) -> None:
    """Rows that hang on one another let go of their parents first."""
    for row in rows:
        row.parent_id = None
    await work.session.flush()
    for row in rows:
        await work.session.delete(row)
    await work.session.flush()
