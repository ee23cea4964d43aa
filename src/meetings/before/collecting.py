"""Consequences: what happens to a published agenda and its papers is collected under the next supplement."""

from __future__ import annotations

from uuid import UUID

from meetings.before.supplements import collect
from meetings.rules.events import (
    ItemAdded,
    ItemChanged,
    ItemContinued,
    ItemMoved,
    ItemPostponed,
    ItemReferred,
    ItemVisibilitySet,
    ItemWithdrawn,
    PaperLaid,
    PaperWithdrawn,
    UrgentItemAdded,
)
from meetings.rules.permissions import Actor
from meetings.rules.supplements import Change, ChangeKind
from meetings.rules.visibility import Visibility
from meetings.storage.tables import Item, Meeting
from meetings.storage.unit_of_work import Work


async def new_item(
    work: Work, actor: Actor | None, event: ItemAdded | ItemContinued | UrgentItemAdded
) -> None:
    """An item came onto the agenda."""
    item = await work.get(Item, UUID(event.item))
    reason = event.reason if isinstance(event, UrgentItemAdded) else ""
    await _collect(work, item, ChangeKind.ADDED, reason=reason)


async def shown_item(work: Work, actor: Actor | None, event: ItemVisibilitySet) -> None:
    """A hidden item is shown: to those who see it now it is new."""
    if event.before == Visibility.HIDDEN:
        await _collect(work, await work.get(Item, UUID(event.item)), ChangeKind.ADDED)


async def changed_item(work: Work, actor: Actor | None, event: ItemChanged) -> None:
    """An item has other words."""
    item = await work.get(Item, UUID(event.item))
    for name, words in event.changes.items():
        await _collect(work, item, ChangeKind.CHANGED, field=name, before=words[0], after=words[1])


async def moved_item(work: Work, actor: Actor | None, event: ItemMoved) -> None:
    """An item has another number; one that came out from under a hidden one is new to the members."""
    item = await work.get(Item, UUID(event.item))
    if not event.before and event.number:
        await _collect(work, item, ChangeKind.ADDED)
    elif event.before != event.number:
        await _collect(work, item, ChangeKind.MOVED, before=event.before, after=event.number)


async def set_aside(
    work: Work, actor: Actor | None, event: ItemWithdrawn | ItemPostponed | ItemReferred
) -> None:
    """An item left the agenda."""
    kinds = {
        ItemWithdrawn: ChangeKind.WITHDRAWN,
        ItemPostponed: ChangeKind.POSTPONED,
        ItemReferred: ChangeKind.REFERRED,
    }
    await _collect(work, await work.get(Item, UUID(event.item)), kinds[type(event)], reason=event.reason)


async def laid(work: Work, actor: Actor | None, event: PaperLaid) -> None:
    """A paper, or another version of one, was laid."""
    item = await work.get(Item, UUID(event.item))
    before = str(event.version - 1) if event.version > 1 else ""
    await _collect(
        work, item, ChangeKind.PAPER_LAID, before=before, after=str(event.version), paper=event.paper,
        paper_title=event.title,
    )  # fmt: skip


async def unlaid(work: Work, actor: Actor | None, event: PaperWithdrawn) -> None:
    """A paper was withdrawn."""
    item = await work.get(Item, UUID(event.item))
    await _collect(work, item, ChangeKind.PAPER_WITHDRAWN, paper=event.paper, paper_title=event.title)


async def _collect(work: Work, item: Item, kind: ChangeKind, **more: str) -> None:
    """What nobody but the secretariat sees is nobody's news."""
    if item.visibility != Visibility.HIDDEN:
        change = Change(kind=kind, item=str(item.id), number=item.number, title=item.title, **more)
        await collect(work, await work.get(Meeting, item.meeting_id), [change])
