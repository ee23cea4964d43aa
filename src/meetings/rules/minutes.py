"""The content of minutes: what the journal says, bound, and between it what the secretary writes.

The order is that of form 1.9 of Decree 30/2020/NĐ-CP (opening, place, attendance, chair, secretary,
proceedings, closing); what minutes must hold is in Decision 45/2018/QĐ-TTg and in article 119 of Law
77/2015/QH13: those present, course, opinions, results of votes, the chair's conclusion. Numbers, names and
results stand in bound blocks only: a code with facts, never free text, so that they are the numbers of the
journal and can be drafted anew at any time without touching a word of the secretary's.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from meetings.rules.minutes_blocks import (
    STATES,
    Block,
    Fact,
    Kind,
    Minutes,
    Row,
    bound,
    heading,
    minutes_as_data,
    minutes_from_data,
    prose,
)
from meetings.rules.minutes_items import item_blocks
from meetings.rules.minutes_sentences import SENTENCES
from meetings.rules.record import Attendee, Recess, Record, StandInRecord
from meetings.rules.refusals import Refused

__all__ = [
    "SENTENCES",
    "STATES",
    "Block",
    "Fact",
    "Kind",
    "Minutes",
    "Row",
    "added",
    "draft",
    "excerpt",
    "minutes_as_data",
    "minutes_from_data",
    "noted",
    "refreshed",
    "written",
]


def draft(record: Record) -> Minutes:
    """The minutes as the journal gives them, with empty prose where the secretary writes."""
    quorum: dict[str, Fact] = {
        "present": record.present,
        "base": record.quorum_base,
        "needed": record.quorum_needed,
    }
    blocks = [
        heading("title", {"title": record.title, "body": record.body}),
        bound("begun", _moment(record.started)),
        bound("place", {"place": record.place}),
        replace(heading("attendance", {}), rows=tuple(_attendance(record.attendance))),
        *_stand_ins("substitute", record.substitutes),
        *_stand_ins("proxy", record.proxies),
        bound(_quorum_code(record), quorum, "quorum"),
        bound("chair", {"name": record.chair}),
        bound("secretary", {"name": record.secretary}),
        heading("proceedings", {}),
        prose("opening"),
    ]
    for count, part in enumerate(record.proceedings):
        blocks += [_recess(part, count)] if isinstance(part, Recess) else item_blocks(part)
    blocks.append(prose("closing"))
    if record.ended is not None:
        blocks.append(bound("ended", _moment(record.ended)))
    return Minutes(tuple(blocks))


def refreshed(old: Minutes, record: Record) -> Minutes:
    """The minutes drafted anew from the journal with every word of the secretary's kept.

    Prose whose place has gone stays behind what it followed; an empty one goes with its place.
    """
    written_before = {block.id: block.text for block in old.blocks if block.kind is Kind.PROSE}
    blocks = [
        replace(block, text=written_before.get(block.id, "")) if block.kind is Kind.PROSE else block
        for block in draft(record).blocks
    ]
    place = 0
    for block in old.blocks:
        found = next((index for index, one in enumerate(blocks) if one.id == block.id), None)
        if found is not None:
            place = found + 1
        elif block.kind is Kind.PROSE and block.text:
            blocks.insert(place, block)
            place += 1
    return Minutes(tuple(blocks))


def written(minutes: Minutes, block_id: str, text: str) -> Minutes:
    """The minutes with one prose block's text; what comes from the journal is refused (`minutes-bound`)."""
    if not any(block.id == block_id and block.kind is Kind.PROSE for block in minutes.blocks):
        raise Refused("minutes-bound")
    return Minutes(
        tuple(replace(block, text=text) if block.id == block_id else block for block in minutes.blocks)
    )


def noted(minutes: Minutes, notes: Mapping[UUID, str]) -> Minutes:
    """The draft with the notes of the desk as its discussions, by item; those of items without one close it."""
    places = {block.id for block in minutes.blocks if block.kind is Kind.PROSE}
    left: list[str] = []
    for item, text in notes.items():
        place = prose("discussion", str(item)).id
        if place in places:
            minutes = written(minutes, place, text)
        else:
            left.append(text)
    return written(minutes, "closing", "\n".join(left)) if left else minutes


def excerpt(minutes: Minutes, unseen: Collection[str]) -> Minutes:
    """The minutes without these items, for somebody who does not see them.

    What the secretary wrote is left out everywhere: nobody can tell which item a passage touches.
    """
    return Minutes(
        tuple(block for block in minutes.blocks if block.kind is not Kind.PROSE and block.item not in unseen)
    )


def added(minutes: Minutes, after: str, block_id: str, text: str = "") -> Minutes:
    """The minutes with another prose block behind the one named; at the end if there is no such block."""
    blocks = list(minutes.blocks)
    place = next((index + 1 for index, block in enumerate(blocks) if block.id == after), len(blocks))
    item = blocks[place - 1].item if blocks else None
    blocks.insert(place, Block(block_id, Kind.PROSE, "prose-added", item=item, text=text))
    return Minutes(tuple(blocks))


def _moment(moment: datetime) -> dict[str, Fact]:
    """A moment in parts, for `08 giờ 00, ngày 05 tháng 02 năm 2026`.

    Days below 10 and the months 1 and 2 have a leading nought (Decree 30/2020/NĐ-CP, appendix I).
    """
    return {
        "hour": f"{moment.hour:02}",
        "minute": f"{moment.minute:02}",
        "day": f"{moment.day:02}",
        "month": f"{moment.month:02}" if moment.month < 3 else str(moment.month),
        "year": str(moment.year),
    }


def _attendance(people: Iterable[Attendee]) -> Iterator[Row]:
    for state, label in STATES.items():
        those = [person for person in people if person.state == state]
        names = ", ".join(f"{one.name} ({one.note})" if one.note else one.name for one in those)
        if those:
            yield Row(label, len(those), names)


def _quorum_code(record: Record) -> str:
    if not record.quorum_needed:
        return "present"
    return "quorum" if record.present >= record.quorum_needed else "quorum-short"


def _recess(recess: Recess, count: int) -> Block:
    since = f"{recess.since:%H:%M}"
    if recess.until is None:
        return bound("recess-open", {"since": since}, f"recess:{count}")
    facts: dict[str, Fact] = {"since": since, "until": f"{recess.until:%H:%M}"}
    if not recess.present:
        return bound("recess", facts, f"recess:{count}")
    return bound("recess-present", facts | {"present": recess.present}, f"recess:{count}")


def _stand_ins(code: str, people: Iterable[StandInRecord]) -> Iterator[Block]:
    for count, one in enumerate(people):
        facts: dict[str, Fact] = {"name": one.name, "by": one.by}
        if one.until is None:
            yield bound(code, facts, f"{code}:{count}")
        else:
            times: dict[str, Fact] = {"since": f"{one.since:%H:%M}", "until": f"{one.until:%H:%M}"}
            yield bound(f"{code}-until", facts | times, f"{code}:{count}")
