"""Motions: what is put to the vote under an item, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from meetings.before.scheduling import checked_title
from meetings.rules.events import MotionAdopted, MotionMoved, MotionRejected, OutcomeAnnounced
from meetings.rules.lifecycle import MOTION, MeetingState, MotionState, next_state
from meetings.rules.outcome import OutcomeCode
from meetings.rules.permissions import Actor, Right
from meetings.rules.refusals import Refused
from meetings.storage.tables import Item, Meeting, Motion, Poll
from meetings.storage.unit_of_work import Reading, Work

KINDS = ("substantive", "procedural")


async def move_motion(
    work: Work,
    actor: Actor,
    item: UUID,
    *,
    title: str,
    text: str = "",
    kind: str = "substantive",
    mover: str = "",
) -> Motion:
    """Put a motion under an item. Its text becomes the resolution if it is adopted."""
    under = await work.get(Item, item)
    meeting = await work.locked(Meeting, under.meeting_id)
    if not (
        actor.may(Right.PREPARE, body=meeting.body_id) or actor.may(Right.RUN_ROOM, body=meeting.body_id)
    ):
        raise Refused("forbidden")
    if meeting.state in (MeetingState.ADJOURNED, MeetingState.CANCELLED):
        raise Refused("not-now", state=meeting.state)
    if kind not in KINDS:
        raise Refused("wrong-input", field="kind")
    motion = Motion(
        id=work.new_id(),
        meeting_id=meeting.id,
        item_id=item,
        kind=kind,
        title=checked_title(title),
        text=text.strip(),
        state=MotionState.MOVED,
        mover=mover.strip(),
        moved_at=work.now,
    )
    work.session.add(motion)
    await work.session.flush()
    event = MotionMoved(
        motion=str(motion.id),
        item=str(item),
        title=motion.title,
        text=motion.text,
        kind=kind,
        mover=motion.mover,
    )
    await work.record(actor, event, meeting=meeting.id)
    return motion


async def decide_motion(work: Work, actor: Actor | None, event: OutcomeAnnounced) -> None:
    """Consequence of an announced outcome: the motion is adopted or rejected by itself; a tie leaves it moved."""
    poll = await work.get(Poll, UUID(event.poll))
    if poll.motion_id is None or event.code not in (OutcomeCode.ADOPTED, OutcomeCode.NOT_ADOPTED):
        return
    motion = await work.locked(Motion, poll.motion_id)
    motion.state = next_state(MOTION, motion.state, "adopt" if event.adopted else "reject")
    common = {"motion": str(motion.id), "item": event.item, "poll": event.poll, "title": motion.title}
    outcome = MotionAdopted(**common, kind=motion.kind) if event.adopted else MotionRejected(**common)
    await work.record(actor, outcome, meeting=poll.meeting_id)


async def motions_of(reading: Reading, meeting: UUID) -> Sequence[Motion]:
    """The motions of a meeting in the order they were moved."""
    return (
        await reading.session.scalars(
            select(Motion).where(Motion.meeting_id == meeting).order_by(Motion.moved_at, Motion.id)
        )
    ).all()
