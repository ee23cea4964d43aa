"""A question divided: its parts are put one by one, and the adopted ones together are what the motion says."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from meetings.before.scheduling import checked_title
from meetings.during.motion_polls import WAITING, check_may_put, last_decided_by, refuse_while_voting
from meetings.during.motions import AMENDMENT, checked_text
from meetings.rules.events import (
    MotionAdopted,
    MotionDivided,
    MotionRejected,
    MotionReopened,
    MotionTextAmended,
    MotionWithdrawn,
)
from meetings.rules.lifecycle import MOTION, MotionState, next_state
from meetings.rules.permissions import Actor, must_be_insider
from meetings.rules.refusals import Refused
from meetings.storage.tables import Meeting, Motion
from meetings.storage.unit_of_work import Reading, Work

PARTS = 50


async def divide_motion(
    work: Work, actor: Actor, motion: UUID, parts: Sequence[tuple[str, str]]
) -> Sequence[Motion]:
    """Divide a question into parts (title, text), each a motion of its own; the chair's or the secretary's act.

    Its amendments are decided first. When every part is decided, the adopted ones together become the motion's text,
    and so one resolution; without an adopted part the motion is rejected.
    """
    meeting = await work.locked(Meeting, (await work.get(Motion, motion)).meeting_id)
    whole = await work.locked(Motion, motion)
    must_be_insider(actor, meeting.body_id)
    state = next_state(MOTION, whole.state, "divide")
    if whole.kind == AMENDMENT or whole.part_of_id is not None:
        raise Refused("not-now", state=whole.state)
    await refuse_while_voting(work, motion)
    await check_may_put(work, whole)
    worded = [(checked_title(title), checked_text(text)) for title, text in parts]
    if not 2 <= len(worded) <= PARTS or not all(text for _, text in worded):
        raise Refused("motion-parts")
    whole.state = state
    made = [
        Motion(
            id=work.new_id(), meeting_id=whole.meeting_id, item_id=whole.item_id, kind=whole.kind, title=title,
            text=text, state=MotionState.MOVED, mover=whole.mover, mover_id=whole.mover_id, moved_at=work.now,
            part_of_id=motion, position=place,
        )
        for place, (title, text) in enumerate(worded)
    ]  # fmt: skip
    work.session.add_all(made)
    await work.session.flush()
    event = MotionDivided(
        motion=str(motion), item=str(whole.item_id), title=whole.title,
        parts=[{"motion": str(part.id), "title": part.title, "text": part.text} for part in made],
    )  # fmt: skip
    await work.record(actor, event, meeting=meeting.id)
    return made


async def settle_whole(
    work: Work, actor: Actor | None, event: MotionAdopted | MotionRejected | MotionWithdrawn
) -> None:
    """Consequence of a part's fate: with the last one decided, the whole is adopted, rejected or withdrawn."""
    part = await work.get(Motion, UUID(event.motion))
    if part.part_of_id is None:
        return
    whole = await work.locked(Motion, part.part_of_id)
    parts = await parts_of(work, whole.id)
    if whole.state != MotionState.DIVIDED or any(one.state in WAITING for one in parts):
        return
    adopted = [one for one in parts if one.state == MotionState.ADOPTED]
    decided = adopted or [one for one in parts if one.state == MotionState.REJECTED]
    common = {"motion": str(whole.id), "item": str(whole.item_id), "title": whole.title}
    if adopted:
        await _say_what_was_adopted(work, actor, whole, adopted)
    if not decided:
        whole.state = next_state(MOTION, whole.state, "withdraw")
        outcome = MotionWithdrawn(**common, reason="")
    else:
        whole.state = next_state(MOTION, whole.state, "adopt" if adopted else "reject")
        common["poll"] = str(await last_decided_by(work, decided[-1].id))
        outcome = MotionAdopted(**common, kind=whole.kind) if adopted else MotionRejected(**common)
    await work.session.flush()
    await work.record(actor, outcome, meeting=whole.meeting_id)


async def reopen_whole(work: Work, actor: Actor | None, event: MotionReopened) -> None:
    """Consequence of a part that is open again: what had followed for the whole follows no longer."""
    part = await work.get(Motion, UUID(event.motion))
    if part.part_of_id is None:
        return
    whole = await work.locked(Motion, part.part_of_id)
    if whole.state == MotionState.DIVIDED:
        return
    was, whole.state = whole.state, next_state(MOTION, whole.state, "reopen-parts")
    reopened = MotionReopened(
        motion=str(whole.id), item=str(whole.item_id), poll=event.poll, title=whole.title, was=was,
        reason=event.reason,
    )  # fmt: skip
    await work.session.flush()
    await work.record(actor, reopened, meeting=whole.meeting_id)


async def parts_of(reading: Reading, motion: UUID) -> Sequence[Motion]:
    """The parts of a divided motion in order."""
    return (
        await reading.session.scalars(
            select(Motion).where(Motion.part_of_id == motion).order_by(Motion.position, Motion.id)
        )
    ).all()


async def _say_what_was_adopted(
    work: Work, actor: Actor | None, whole: Motion, adopted: Sequence[Motion]
) -> None:
    before, text = whole.text, "\n".join(part.text for part in adopted)
    if text == before:
        return
    whole.text = text
    event = MotionTextAmended(
        motion=str(whole.id), item=str(whole.item_id), title=whole.title, by=str(whole.id), by_title=whole.title,
        before=before, after=text,
    )  # fmt: skip
    await work.session.flush()
    await work.record(actor, event, meeting=whole.meeting_id)
