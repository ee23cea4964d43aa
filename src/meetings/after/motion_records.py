"""Motions as the minutes tell them: with amendments and parts inside the motion they belong to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from sqlalchemy import select

from meetings.after.poll_records import PollRecords
from meetings.during.motions import AMENDMENT, motions_of
from meetings.rules.differences import Kind, Paragraph, differences, paragraphs
from meetings.rules.record import ChangeRecord, MotionRecord
from meetings.storage.tables import JournalRow, Motion, Person
from meetings.storage.unit_of_work import Reading

TOLD_ONE_BY_ONE = 800
"""Letters. Changes longer than that are told as the whole text they lead to."""


@dataclass(slots=True)
class _Known:
    """What tells a motion beside its own row."""

    polls: PollRecords
    seconders: Mapping[UUID, str]
    moved: dict[str, str] = field(default_factory=dict[str, str])
    """The text as it was moved, by motion."""
    reasons: dict[str, str] = field(default_factory=dict[str, str])
    """Why it was withdrawn."""
    amendments: defaultdict[UUID, list[Motion]] = field(
        default_factory=lambda: defaultdict[UUID, list[Motion]](list)
    )
    parts: defaultdict[UUID, list[Motion]] = field(
        default_factory=lambda: defaultdict[UUID, list[Motion]](list)
    )


async def motions_of_record(
    reading: Reading, meeting: UUID, polls: PollRecords
) -> defaultdict[UUID, list[MotionRecord]]:
    """The motions of each item in the order they were moved; amendments and parts are inside."""
    motions = await motions_of(reading, meeting)
    known = _Known(polls, await _seconders(reading, motions))
    await _read_journal(reading, meeting, known)
    mains: list[Motion] = []
    for motion in motions:
        if motion.amends_id:
            known.amendments[motion.amends_id].append(motion)
        elif motion.part_of_id:
            known.parts[motion.part_of_id].append(motion)
        else:
            mains.append(motion)
    found: defaultdict[UUID, list[MotionRecord]] = defaultdict(list)
    for motion in mains:
        found[motion.item_id].append(_told(motion, known))
    return found


def _told(motion: Motion, known: _Known) -> MotionRecord:
    amendments = sorted(known.amendments[motion.id], key=lambda one: (one.position, one.moved_at))
    original = known.moved.get(str(motion.id), motion.text)
    told = MotionRecord(
        id=str(motion.id),
        title=motion.title,
        text=original,
        mover=motion.mover,
        polls=tuple(known.polls.by_motion[motion.id]),
        kind="part" if motion.part_of_id else motion.kind,
        state=motion.state,
        seconder=known.seconders.get(motion.seconder_id, "") if motion.seconder_id else "",
        now_reads=motion.text if motion.text != original else "",
        amendments=tuple(_told(one, known) for one in amendments),
        parts=tuple(_told(one, known) for one in known.parts[motion.id]),
        together=known.polls.together.get(motion.id, 0),
        reason=known.reasons.get(str(motion.id), ""),
    )
    if motion.kind != AMENDMENT:
        return told
    changes = changes_between(motion.base_text, motion.text)
    return replace(told, changes=changes, text="" if changes else motion.text, now_reads="")


def changes_between(before: str, after: str) -> tuple[ChangeRecord, ...]:
    """The paragraphs that an amendment changes; none where they are too long to be told one by one."""
    changed = [one for one in paragraphs(differences(before, after)) if one.changed]
    told = tuple(ChangeRecord(_without(one, Kind.ADDED), _without(one, Kind.REMOVED)) for one in changed)
    length = sum(len(one.before) + len(one.after) for one in told)
    return told if length <= TOLD_ONE_BY_ONE else ()


def _without(paragraph: Paragraph, kind: Kind) -> str:
    if paragraph.kind is kind:
        return ""
    return "".join(piece.text for piece in paragraph.pieces if piece.kind is not kind).strip()


async def _seconders(reading: Reading, motions: Sequence[Motion]) -> Mapping[UUID, str]:
    people = {motion.seconder_id for motion in motions if motion.seconder_id}
    found = await reading.session.execute(select(Person.id, Person.name).where(Person.id.in_(people)))
    return dict(found.all())


async def _read_journal(reading: Reading, meeting: UUID, known: _Known) -> None:
    rows = await reading.session.scalars(
        select(JournalRow)
        .where(
            JournalRow.chain_id == meeting,
            JournalRow.event.in_(("MotionMoved", "MotionDivided", "MotionWithdrawn")),
        )
        .order_by(JournalRow.seq)
    )
    for row in rows:
        payload = row.payload
        match row.event:
            case "MotionMoved":
                known.moved[payload["motion"]] = payload["text"]
            case "MotionDivided":
                known.moved |= {part["motion"]: part["text"] for part in payload["parts"]}
            case _:
                known.reasons[payload["motion"]] = payload["reason"]
