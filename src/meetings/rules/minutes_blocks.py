"""The parts that minutes are made of, the sentences of the bound ones, and how they are stored.

The sentences are message ids; the facts of a block fill them once they are translated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final, cast

from meetings.rules.outcome import REASONS

Fact = str | int | date


class Kind(StrEnum):
    """What a block is: a heading or a sentence taken from the journal, or the secretary's prose."""

    HEADING = "heading"
    BOUND = "bound"
    PROSE = "prose"


@dataclass(frozen=True, slots=True)
class Row:
    """A line under a bound sentence: a label (a message id), a number, and names."""

    label: str
    count: int
    names: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """One part of the minutes; `code` is a key of SENTENCES (prose: its caption), `text` is for prose."""

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


SENTENCES: Final[dict[str, str]] = {
    "title": "Minutes of {title}",
    "begun": "Began at {hour}:{minute} on {day}/{month}/{year}.",
    "place": "Place: {place}",
    "attendance": "Attendance",
    "quorum": "{present} of {base} members present; the quorum of {needed} was met.",
    "quorum-short": "{present} of {base} members present; the quorum of {needed} was not met.",
    "present": "{present} of {base} members present.",
    "chair": "Chair: {name}",
    "secretary": "Secretary: {name}",
    "proceedings": "Proceedings",
    "prose-opening": "Opening",
    "item": "{number}. {title}",
    "item-taken-up": "Taken up at {time}.",
    "item-presented": "Taken up at {time}; presented by {presenter}.",
    "item-not-taken-up": "Not taken up.",
    "item-postponed": "Postponed.",
    "item-postponed-reason": "Postponed: {reason}",
    "item-withdrawn": "Withdrawn.",
    "item-withdrawn-reason": "Withdrawn: {reason}",
    "paper": "Paper: {title}",
    "prose-discussion": "Discussion",
    "motion": "Motion: {title}",
    "motion-moved": "Motion by {mover}: {title}",
    "motion-text": "{text}",
    "poll": "Open vote on “{title}”: {eligible} with a ballot, {cast} cast, {not_cast} not cast.",
    "poll-secret": "Secret vote on “{title}”: {eligible} with a ballot, {cast} cast, {not_cast} not cast.",
    "resolution": "Resolution drafted: {title}",
    "resolution-issued": "Resolution {symbol}: {title}",
    "task": "{lead} carries out: {title}.",
    "task-due": "{lead} carries out: {title}. Due {due}.",
    "task-with": "{lead} carries out, together with {cooperating}: {title}.",
    "task-with-due": "{lead} carries out, together with {cooperating}: {title}. Due {due}.",
    "prose-conclusion": "Conclusion of the chair",
    "item-concluded": "Concluded at {time}.",
    "recess": "Recess from {since} to {until}.",
    "recess-open": "Recess from {since}.",
    "prose-closing": "Closing",
    "prose-added": "Added by the secretary",
    "ended": "The meeting ended at {hour}:{minute} on {day}/{month}/{year}.",
} | {f"outcome-{reason}": sentence for reason, sentence in REASONS.items()}

STATES: Final[dict[str, str]] = {
    "in": "Present",
    "remote": "Present remotely",
    "out": "Left before the end",
    "replaced": "Replaced",
    "excused": "Absent with excuse",
    "absent": "Absent without excuse",
}
"""Attendance states in the order of the list, with their labels."""


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
            "rows": [{"label": row.label, "count": row.count, "names": row.names} for row in block.rows],
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
        rows=tuple(
            Row(cast(str, row["label"]), cast(int, row["count"]), cast(str, row["names"])) for row in rows
        ),
        item=cast("str | None", data["item"]),
        text=cast(str, data["text"]),
    )
