"""The parts that minutes are made of, and how they are stored. Their sentences are in `minutes_sentences`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Final, cast

Fact = str | int | date


class Kind(StrEnum):
    """What a block is: a heading or a sentence taken from the journal, or the secretary's prose."""

    HEADING = "heading"
    BOUND = "bound"
    PROSE = "prose"


@dataclass(frozen=True, slots=True)
class Row:
    """A line under a bound sentence: a label (a message id), a number, and names.

    `share` is the number's percentage, `marks` are further numbers with theirs (medium, low and no mark of a rating).
    """

    label: str
    count: int
    names: str = ""
    share: str = ""
    marks: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """One part of the minutes; `code` is a key of SENTENCES (prose: its caption), `text` is for prose.

    Facts named `word_…` are message ids themselves.
    """

    id: str
    kind: Kind
    code: str
    facts: Mapping[str, Fact] = field(default_factory=dict[str, Fact])
    rows: tuple[Row, ...] = ()
    item: str | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Minutes:
    """The minutes' blocks in order."""

    blocks: tuple[Block, ...]


STATES: Final[dict[str, str]] = {
    "in": "Present",
    "remote": "Present remotely",
    "out": "Left before the end",
    "replaced": "Replaced",
    "excused": "Absent with excuse",
    "absent": "Absent without excuse",
}
"""Attendance states in the order of the list, with their labels."""


def bound(
    code: str,
    facts: Mapping[str, Fact],
    block_id: str = "",
    item: str | None = None,
    rows: tuple[Row, ...] = (),
) -> Block:
    """A sentence from the journal."""
    return Block(block_id or code, Kind.BOUND, code, dict(facts), rows, item=item)


def heading(code: str, facts: Mapping[str, Fact], block_id: str = "", item: str | None = None) -> Block:
    """A heading from the journal."""
    return replace(bound(code, facts, block_id, item), kind=Kind.HEADING)


def prose(name: str, item: str | None = None) -> Block:
    """A place where the secretary writes."""
    return Block(f"item:{item}:{name}" if item else name, Kind.PROSE, f"prose-{name}", item=item)


def length_text(seconds: int) -> str:
    """Minutes and seconds of a speech: `3:05`."""
    return f"{seconds // 60}:{seconds % 60:02}"


def minutes_as_data(minutes: Minutes) -> list[dict[str, object]]:
    """The blocks as JSON; dates are written `{"date": "2026-11-24"}` to come back as dates."""
    return [
        {
            "id": block.id,
            "kind": block.kind.value,
            "code": block.code,
            "facts": {
                name: {"date": fact.isoformat()} if isinstance(fact, date) else fact
                for name, fact in block.facts.items()
            },
            "rows": [_row_as_data(row) for row in block.rows],
            "item": block.item,
            "text": block.text,
        }
        for block in minutes.blocks
    ]


def minutes_from_data(data: Sequence[Mapping[str, object]]) -> Minutes:
    """The minutes from what `minutes_as_data` wrote."""
    return Minutes(tuple(_block(one) for one in data))


def _block(data: Mapping[str, object]) -> Block:
    facts = cast(Mapping[str, str | int | Mapping[str, str]], data["facts"])
    rows = cast(Sequence[Mapping[str, object]], data["rows"])
    return Block(
        id=cast(str, data["id"]),
        kind=Kind(cast(str, data["kind"])),
        code=cast(str, data["code"]),
        facts={
            name: date.fromisoformat(fact["date"]) if isinstance(fact, Mapping) else fact
            for name, fact in facts.items()
        },
        rows=tuple(map(_row, rows)),
        item=cast("str | None", data["item"]),
        text=cast(str, data["text"]),
    )


def _row_as_data(row: Row) -> dict[str, object]:
    data: dict[str, object] = {"label": row.label, "count": row.count, "names": row.names}
    if row.share:
        data["share"] = row.share
    return data | {"marks": [list(mark) for mark in row.marks]} if row.marks else data


def _row(data: Mapping[str, object]) -> Row:
    marks = cast("Sequence[tuple[int, str]]", data.get("marks", ()))
    return Row(
        cast(str, data["label"]),
        cast(int, data["count"]),
        cast(str, data["names"]),
        cast(str, data.get("share", "")),
        tuple((count, share) for count, share in marks),
    )
