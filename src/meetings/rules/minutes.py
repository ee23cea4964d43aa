"""The content of minutes: what the journal says, bound, and between it what the secretary writes.

The order is that of form 1.9 of Decree 30/2020/NĐ-CP (opening, place, attendance, chair, secretary,
proceedings, closing); what minutes must hold is in Decision 45/2018/QĐ-TTg and in article 119 of Law
77/2015/QH13: those present, course, opinions, results of votes, the chair's conclusion. Numbers, names and
results stand in bound blocks only: a code with facts, never free text, so that they are the numbers of the
journal and can be drafted anew at any time without touching a word of the secretary's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from meetings.rules.minutes_blocks import (
    SENTENCES,
    STATES,
    Block,
    Fact,
    Kind,
    Minutes,
    Row,
    minutes_as_data,
    minutes_from_data,
)
from meetings.rules.record import (
    Attendee,
    ItemRecord,
    MotionRecord,
    PollRecord,
    Recess,
    Record,
    ResolutionRecord,
    TaskRecord,
)
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
    "minutes_as_data",
    "minutes_from_data",
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
        _heading("title", {"title": record.title, "body": record.body}),
        _bound("begun", _moment(record.started)),
        _bound("place", {"place": record.place}),
        replace(_heading("attendance", {}), rows=tuple(_attendance(record.attendance))),
        _bound(_quorum_code(record), quorum, "quorum"),
        _bound("chair", {"name": record.chair}),
        _bound("secretary", {"name": record.secretary}),
        _heading("proceedings", {}),
        _prose("opening"),
    ]
    for count, part in enumerate(record.proceedings):
        blocks += [_recess(part, count)] if isinstance(part, Recess) else _item(part)
    blocks.append(_prose("closing"))
    if record.ended is not None:
        blocks.append(_bound("ended", _moment(record.ended)))
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


def added(minutes: Minutes, after: str, block_id: str, text: str = "") -> Minutes:
    """The minutes with another prose block behind the one named; at the end if there is no such block."""
    blocks = list(minutes.blocks)
    place = next((index + 1 for index, block in enumerate(blocks) if block.id == after), len(blocks))
    item = blocks[place - 1].item if blocks else None
    blocks.insert(place, Block(block_id, Kind.PROSE, "prose-added", item=item, text=text))
    return Minutes(tuple(blocks))


def _bound(code: str, facts: Mapping[str, Fact], block_id: str = "", item: str | None = None) -> Block:
    return Block(block_id or code, Kind.BOUND, code, dict(facts), item=item)


def _heading(code: str, facts: Mapping[str, Fact], block_id: str = "", item: str | None = None) -> Block:
    return replace(_bound(code, facts, block_id, item), kind=Kind.HEADING)


def _prose(name: str, item: str | None = None) -> Block:
    return Block(f"item:{item}:{name}" if item else name, Kind.PROSE, f"prose-{name}", item=item)


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
        return _bound("recess-open", {"since": since}, f"recess:{count}")
    return _bound("recess", {"since": since, "until": f"{recess.until:%H:%M}"}, f"recess:{count}")


def _item(item: ItemRecord) -> list[Block]:
    at = f"item:{item.id}"
    blocks = [
        _heading("item", {"number": item.number, "title": item.title}, at, item.id),
        _how_begun(item, f"{at}:begun"),
    ]
    blocks += [
        _bound("paper", {"title": title}, f"{at}:paper:{count}", item.id)
        for count, title in enumerate(item.papers)
    ]
    if item.taken_up is not None:
        blocks.append(_prose("discussion", item.id))
    for motion in item.motions:
        blocks += _motion(motion, item.id)
    for poll in item.polls:
        blocks += _poll(poll, item.id)
    blocks += [_resolution(resolution, item.id) for resolution in item.resolutions]
    blocks += [_task(task, item.id) for task in item.tasks]
    if item.taken_up is not None:
        blocks.append(_prose("conclusion", item.id))
    ending = _how_ended(item, f"{at}:ended")
    return [*blocks, ending] if ending else blocks


def _how_begun(item: ItemRecord, at: str) -> Block:
    if item.taken_up is None:
        return _bound("item-not-taken-up", {}, at, item.id)
    time = f"{item.taken_up:%H:%M}"
    if item.presenter:
        return _bound("item-presented", {"time": time, "presenter": item.presenter}, at, item.id)
    return _bound("item-taken-up", {"time": time}, at, item.id)


def _how_ended(item: ItemRecord, at: str) -> Block | None:
    if item.state in ("postponed", "withdrawn"):
        if item.reason:
            return _bound(f"item-{item.state}-reason", {"reason": item.reason}, at, item.id)
        return _bound(f"item-{item.state}", {}, at, item.id)
    if item.concluded is not None:
        return _bound("item-concluded", {"time": f"{item.concluded:%H:%M}"}, at, item.id)
    return None


def _motion(motion: MotionRecord, item: str) -> list[Block]:
    at = f"motion:{motion.id}"
    if motion.mover:
        blocks = [_bound("motion-moved", {"title": motion.title, "mover": motion.mover}, at, item)]
    else:
        blocks = [_bound("motion", {"title": motion.title}, at, item)]
    if motion.text:
        blocks.append(_bound("motion-text", {"text": motion.text}, f"{at}:text", item))
    for poll in motion.polls:
        blocks += _poll(poll, item)
    return blocks


def _poll(poll: PollRecord, item: str) -> list[Block]:
    facts: dict[str, Fact] = {
        "title": poll.title,
        "eligible": poll.eligible,
        "cast": poll.cast,
        "not_cast": poll.not_cast,
    }
    # a secret poll has no names to give; should a caller pass some, they stay out of the minutes all the same
    rows = tuple(
        Row(one.label, one.count, "" if poll.secret else ", ".join(one.names)) for one in poll.choices
    )
    votes = _bound("poll-secret" if poll.secret else "poll", facts, f"poll:{poll.id}", item)
    return [
        replace(votes, rows=rows),
        _bound(f"outcome-{poll.reason}", poll.facts, f"outcome:{poll.id}", item),
    ]


def _resolution(resolution: ResolutionRecord, item: str) -> Block:
    at = f"resolution:{resolution.id}"
    if not resolution.symbol:
        return _bound("resolution", {"title": resolution.title}, at, item)
    return _bound("resolution-issued", {"title": resolution.title, "symbol": resolution.symbol}, at, item)


def _task(task: TaskRecord, item: str) -> Block:
    code = "task" + ("-with" if task.cooperating else "") + ("-due" if task.due else "")
    facts: dict[str, Fact] = {"lead": task.lead, "title": task.title}
    if task.cooperating:
        facts["cooperating"] = ", ".join(task.cooperating)
    if task.due:
        facts["due"] = task.due
    return _bound(code, facts, f"task:{task.id}", item)
