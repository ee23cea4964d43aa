"""The agenda as the tree that the secretary arranges, and where each of the four arrows leads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from meetings.language import N_, plural, text
from meetings.rules.lifecycle import ItemState
from meetings.rules.refusals import Refused
from meetings.rules.visibility import Visibility
from meetings.storage.tables import Item, TemplateItem

SEEN_BY = {Visibility.INTERNAL: N_("Internal"), Visibility.HIDDEN: N_("Hidden")}
"""How the editor marks what is not shown to everybody."""


@dataclass(frozen=True, slots=True)
class Node:
    """An item in the tree that the editor arranges."""

    id: UUID
    number: str
    title: str
    address: str
    detail: str
    children: "list[Node]" = field(default_factory=list["Node"])


def tree_of(items: Sequence[Item], counts: Mapping[UUID, int]) -> list[Node]:
    """Items in the order of the agenda as a tree."""
    nodes: dict[UUID, Node] = {}
    top: list[Node] = []
    for item in items:
        address = f"/meetings/{item.meeting_id}/agenda?item={item.id}#item"
        papers = counts.get(item.id, 0)
        parts = [
            text("Withdrawn") if item.state == ItemState.WITHDRAWN else "",
            item.presenter,
            text("{minutes} min", minutes=item.minutes_planned) if item.minutes_planned else "",
        ]
        if item.visibility in SEEN_BY:
            parts.append(text(SEEN_BY[Visibility(item.visibility)]))
        parts.append(plural("{count} paper", "{count} papers", papers) if papers else "")
        node = Node(item.id, item.number, item.title, address, " · ".join(filter(None, parts)))
        nodes[item.id] = node
        (nodes[item.parent_id].children if item.parent_id else top).append(node)
    return top


def place_after(
    items: Sequence[Item] | Sequence[TemplateItem], item: UUID, move: str
) -> tuple[UUID | None, int] | None:
    """Where `up`, `down`, `in` (below the one before) or `out` (one level up) leads; None where it leads nowhere."""
    by_id = {one.id: one for one in items}
    if item not in by_id:
        raise Refused("item-unknown")
    if move not in ("up", "down", "in", "out"):
        raise Refused("wrong-input", field="move")
    parent = by_id[item].parent_id
    family = [one.id for one in items if one.parent_id == parent]
    place = family.index(item)
    if move == "out":
        if parent is None:
            return None
        above = by_id[parent].parent_id
        return above, [one.id for one in items if one.parent_id == above].index(parent) + 1
    if move == "down":
        return (parent, place + 1) if place + 1 < len(family) else None
    if place == 0:
        return None
    if move == "up":
        return parent, place - 1
    return family[place - 1], sum(one.parent_id == family[place - 1] for one in items)
