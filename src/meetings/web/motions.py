"""Motions in words: what the room, the cockpit and the secretary's page show of them. Lines hold nothing personal."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import select

from meetings import language
from meetings.before.agenda import agenda_of
from meetings.during.amendments import voting_order
from meetings.during.motion_polls import VOTING, WAITING, motions_of_poll, seconders_of
from meetings.during.motions import AMENDMENT, motions_of
from meetings.during.own_room import OwnPart
from meetings.during.stage import Stage, StagePoll
from meetings.language import N_
from meetings.rules.ballot_forms import Kind as Ballot
from meetings.rules.differences import Kind, Paragraph, differences, paragraphs
from meetings.rules.lifecycle import MOTION, MeetingState, MotionState, PollState, acts
from meetings.rules.permissions import Actor
from meetings.storage.tables import Meeting, Motion, Poll
from meetings.storage.unit_of_work import Reading

STATES: dict[str, tuple[str, str, str]] = {
    MotionState.PROPOSED: (N_("Waiting for a second"), "neutral", "hourglass"),
    MotionState.MOVED: (N_("Waits for its vote"), "accent", "scale"),
    MotionState.ADOPTED: (N_("Adopted"), "good", "check"),
    MotionState.REJECTED: (N_("Not adopted"), "bad", "x"),
    MotionState.UNDECIDED: (N_("Undecided"), "warn", "hourglass"),
    MotionState.WITHDRAWN: (N_("Withdrawn"), "neutral", "undo-2"),
    MotionState.DIVIDED: (N_("Divided"), "neutral", "list-indent-increase"),
}
"""A motion's state as a chip: word, tone, drawing."""


@dataclass(frozen=True, slots=True)
class MotionLine:
    """A motion to be read: of an amendment the difference, of others the text."""

    id: UUID
    item: UUID
    kind: str
    title: str
    state: str
    chip: tuple[str, str, str]
    mover: str
    seconder: str
    lines: tuple[str, ...]
    difference: tuple[Paragraph, ...]
    changes: str
    conflicts: bool
    amends: UUID | None
    part_of: UUID | None
    depth: int
    mover_id: UUID | None
    may_be_put: bool
    may_be_withdrawn: bool
    text: str


async def lines_of(reading: Reading, meeting: UUID) -> list[MotionLine]:
    """The motions of a meeting as one reads them: parts and amendments below what they belong to."""
    motions = await motions_of(reading, meeting)
    return motion_lines(motions, await seconders_of(reading, motions))


def motion_lines(motions: Sequence[Motion], names: Mapping[UUID, str]) -> list[MotionLine]:
    """The same; `names` are those of the seconders."""
    known = {one.id: one for one in motions}
    waiting = {one.amends_id for one in motions if one.amends_id and one.state in WAITING}
    ordered = _reading_order(motions)
    return [_line(one, known, names, blocked=one.id in waiting) for one in ordered]


def in_voting_order(lines: Iterable[MotionLine], motions: Sequence[Motion]) -> list[MotionLine]:
    """The same lines as the motions are put: amendments first."""
    places = {motion.id: place for place, motion in enumerate(voting_order(motions))}
    return sorted(lines, key=lambda line: places[line.id])


async def room_lines(reading: Reading, meeting: Meeting) -> list[MotionLine]:
    """What lies on the table under the item in hand."""
    return [
        line
        for line in await lines_of(reading, meeting.id)
        if line.item == meeting.current_item_id and line.state != MotionState.WITHDRAWN
    ]


def own_motions(part: OwnPart, actor: Actor) -> dict[str, Any]:
    """What this person can do about motions now: second, withdraw, word anew, move, amend.

    Who has a seat sees it, present or not: five hundred tablets do not ask anew whenever somebody checks in, and who is
    absent is told to check in first.
    """
    facts, item = part.facts, part.facts.item
    if item is None or part.meeting.state != MeetingState.IN_SESSION:
        return {"moves": False}
    seated = any(seat.voter == actor.person for seat in facts.room.seats)
    if not seated or facts.aside(actor.person):
        return {"moves": False}
    lines = [line for line in motion_lines(facts.motions, facts.seconders) if line.item == item.id]
    own = [line for line in lines if line.mover_id == actor.person and line.may_be_withdrawn]
    return {
        "moves": True,
        "motion_item": item,
        "unseconded": [
            line for line in lines if line.state == MotionState.PROPOSED and line.mover_id != actor.person
        ],
        "own_motions": [(line, line.id not in facts.voted) for line in own],
        "amendable": [line for line in lines if line.state in WAITING and line.depth < 2 and not line.conflicts],
    }  # fmt: skip


async def cockpit_part(reading: Reading, actor: Actor, stage: Stage) -> dict[str, Any]:
    """The motions of the item in hand in the order in which they are put, and what could be put together."""
    board = await motions_board(reading, stage.meeting)
    item = stage.item.id if stage.item else None
    board["motion_items"] = [entry for entry in board["motion_items"] if entry[0].id == item]
    board["seconders"] = [
        (seat.voter, seat.substitute.name if seat.substitute else seat.member.name)
        for seat in stage.room.seats
        if seat.present
    ]
    return board


async def motions_board(reading: Reading, meeting: Meeting) -> dict[str, Any]:
    """Every motion of a meeting by item in voting order, with what the chair and the secretary can do."""
    motions = list(await motions_of(reading, meeting.id))
    lines = in_voting_order(await lines_of(reading, meeting.id), motions)
    busy, groups = await _drafts_and_groups(reading, meeting.id)
    items = await agenda_of(reading, meeting.id)
    numbers = {item.id: item.number for item in items}
    by_item = [(item, [line for line in lines if line.item == item.id]) for item in items]
    over = meeting.state in (MeetingState.ADJOURNED, MeetingState.CANCELLED)
    return {
        "motion_items": [entry for entry in by_item if entry[1]],
        "busy": busy,
        "groups": groups,
        "groupable": []
        if over
        else [
            (line, numbers[line.item])
            for line in lines
            if line.may_be_put and line.kind != AMENDMENT and line.id not in busy
        ],
        "motions_over": over,
        "siblings": {
            line.id: sum(one.amends == line.amends for one in lines) for line in lines if line.amends
        },
        "places": {motion.id: motion.position for motion in motions},
    }


async def screen_part(reading: Reading, poll: StagePoll | None) -> dict[str, Any]:
    """For the room screen: the amendment that is being voted on, as its changed paragraphs; the same for all."""
    voting = poll is not None and poll.motion is not None and poll.state in VOTING
    motion = await reading.get(Motion, poll.motion) if poll and voting else None
    lines = await lines_of(reading, motion.meeting_id) if motion and motion.amends_id else []
    line = next((one for one in lines if motion and one.id == motion.id), None)
    return {"amendment": line, "changed": [p for p in line.difference if p.changed] if line else []}


@lru_cache(maxsize=256)
def shown_difference(old: str, new: str) -> tuple[Paragraph, ...]:
    """A difference paragraph by paragraph. It is remembered: five hundred tablets ask for the same ones at once."""
    return paragraphs(differences(old, new))


def _reading_order(motions: Sequence[Motion]) -> list[Motion]:
    def below(motion: Motion) -> list[Motion]:
        parts = sorted((m for m in motions if m.part_of_id == motion.id), key=lambda one: one.position)
        amendments = sorted(
            (m for m in motions if m.amends_id == motion.id), key=lambda one: (one.position, one.moved_at)
        )
        return [motion, *(one for m in [*parts, *amendments] for one in below(m))]

    tops = [one for one in motions if one.part_of_id is None and one.amends_id is None]
    return [one for top in tops for one in below(top)]


def _line(
    motion: Motion, known: dict[UUID, Motion], names: Mapping[UUID, str], *, blocked: bool
) -> MotionLine:
    word, tone, drawing = STATES[motion.state]
    shown = shown_difference(motion.base_text, motion.text) if motion.amends_id else ()
    return MotionLine(
        id=motion.id, item=motion.item_id, kind=motion.kind, title=motion.title, state=motion.state,
        chip=(language.gettext(word), tone, drawing), mover=motion.mover,
        seconder=names.get(motion.seconder_id, "") if motion.seconder_id else "",
        lines=tuple(line for line in motion.text.split("\n") if line.strip()), difference=shown,
        changes=_changes(shown), conflicts=motion.conflicts, amends=motion.amends_id, part_of=motion.part_of_id,
        depth=_depth(motion, known), mover_id=motion.mover_id,
        may_be_put=motion.state in WAITING and not blocked and not motion.conflicts,
        may_be_withdrawn="withdraw" in acts(MOTION, motion.state) and motion.state != MotionState.DIVIDED,
        text=motion.text,
    )  # fmt: skip


def _depth(motion: Motion, known: dict[UUID, Motion]) -> int:
    above = motion.amends_id or motion.part_of_id
    return 1 + _depth(known[above], known) if above else 0


def _changes(shown: Sequence[Paragraph]) -> str:
    """How much changes, in words: for whoever does not see the marks at a glance."""
    words = dict.fromkeys(Kind, 0)
    for paragraph in shown:
        for piece in paragraph.pieces:
            words[piece.kind] += len(piece.text.split())
    return language.text(
        N_("Words: {added} added, {removed} removed"),
        added=words[Kind.ADDED],
        removed=words[Kind.REMOVED],
    )


async def _drafts_and_groups(
    reading: Reading, meeting: UUID
) -> tuple[set[UUID], list[tuple[Poll, Sequence[Motion]]]]:
    """Motions with a vote that is prepared or runs; and the groups that are prepared."""
    unfinished = (PollState.DRAFT, *VOTING)
    polls = await reading.session.scalars(
        select(Poll).where(Poll.meeting_id == meeting, Poll.state.in_(unfinished)).order_by(Poll.number)
    )
    busy: set[UUID] = set()
    groups: list[tuple[Poll, Sequence[Motion]]] = []
    for poll in polls.all():
        put = await motions_of_poll(reading, poll)
        busy |= {motion.id for motion in put}
        if poll.kind == Ballot.CONSENT and poll.state == PollState.DRAFT:
            groups.append((poll, put))
    return busy, groups
