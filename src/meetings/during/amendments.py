"""Amendments: put before their motion, in the chair's order. An adopted one changes the motion's text, and those that
still wait are fitted to the new text or have to be worded anew."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from meetings.before.visibility import must_see_item
from meetings.during.motion_polls import WAITING, must_wait, refuse_while_voting
from meetings.during.motions import amendments_of, checked_text, present_member
from meetings.rules.differences import merge
from meetings.rules.events import (
    AmendmentFitted,
    AmendmentReworded,
    AmendmentsReordered,
    MotionAdopted,
    MotionReopened,
    MotionTextAmended,
)
from meetings.rules.lifecycle import MotionState
from meetings.rules.permissions import Actor, is_insider, must_be_insider
from meetings.rules.refusals import Refused
from meetings.storage.tables import Meeting, Motion
from meetings.storage.unit_of_work import Work

OPEN = (*WAITING, MotionState.PROPOSED)


async def change_text(work: Work, actor: Actor | None, event: MotionAdopted) -> None:
    """Consequence of an adopted amendment: its motion reads as the amendment says from now on."""
    amendment = await work.get(Motion, UUID(event.motion))
    if amendment.amends_id is None:
        return
    motion = await work.locked(Motion, amendment.amends_id)
    await _set_text(work, actor, motion, amendment.text, by=amendment)


async def restore_text(work: Work, actor: Actor | None, event: MotionReopened) -> None:
    """Consequence of annulling the poll that adopted an amendment: its motion reads as before.

    Refused (`amendment-built-on`) when the motion was decided or its text changed again in the meantime.
    """
    amendment = await work.get(Motion, UUID(event.motion))
    if amendment.amends_id is None or event.was != MotionState.ADOPTED:
        return
    motion = await work.locked(Motion, amendment.amends_id)
    if motion.state not in WAITING or motion.text != amendment.text:
        raise Refused("amendment-built-on")
    await refuse_while_voting(work, motion.id)
    await _set_text(work, actor, motion, amendment.base_text, by=amendment)


async def reword_motion(work: Work, actor: Actor, motion: UUID, *, text: str) -> Motion:
    """Word an amendment anew on the motion's present text: its mover, present and not recused, the
    secretary or the chair; as long as no vote on it runs.
    """
    meeting = await work.locked(Meeting, (await work.get(Motion, motion)).meeting_id)
    kept = await work.locked(Motion, motion)
    await must_see_item(work, actor, kept.item_id)
    if not is_insider(actor, meeting.body_id):
        if kept.mover_id != actor.person:
            raise Refused("forbidden")
        await present_member(work, actor, meeting, kept.item_id)
    if kept.state != MotionState.PROPOSED:
        must_wait(kept)
    if kept.amends_id is None:
        raise Refused("motion-unknown")
    await refuse_while_voting(work, motion)
    amended = await work.get(Motion, kept.amends_id)
    wording, before = checked_text(text), kept.text
    if not wording:
        raise Refused("field-missing", field="text")
    if wording == amended.text:
        raise Refused("motion-same-text")
    kept.text, kept.base_text, kept.conflicts = wording, amended.text, False
    event = AmendmentReworded(
        motion=str(motion), item=str(kept.item_id), title=kept.title, before=before, after=wording
    )
    await work.session.flush()
    await work.record(actor, event, meeting=meeting.id)
    await _fit(work, actor, kept)
    return kept


async def place_amendment(work: Work, actor: Actor, motion: UUID, *, position: int) -> Sequence[Motion]:
    """Put an amendment at a place (from 0) among those to the same motion; the chair's or the secretary's act."""
    kept = await work.get(Motion, motion)
    meeting = await work.locked(Meeting, kept.meeting_id)
    must_be_insider(actor, meeting.body_id)
    if kept.amends_id is None:
        raise Refused("motion-unknown")
    others = [one for one in await amendments_of(work, kept.amends_id) if one.id != motion]
    place = max(0, min(position, len(others)))
    order = [*others[:place], kept, *others[place:]]
    for number, amendment in enumerate(order):
        amendment.position = number
    event = AmendmentsReordered(
        motion=str(kept.amends_id),
        item=str(kept.item_id),
        title=kept.title,
        order=[str(one.id) for one in order],
    )
    await work.session.flush()
    await work.record(actor, event, meeting=meeting.id)
    return order


def voting_order(motions: Iterable[Motion]) -> list[Motion]:
    """Motions as they are put: before each motion its amendments, before each of those the amendments to it."""
    known = list(motions)

    def with_amendments(motion: Motion) -> list[Motion]:
        amendments = sorted(
            (one for one in known if one.amends_id == motion.id), key=lambda one: (one.position, one.moved_at)
        )
        return [*(put for one in amendments for put in with_amendments(one)), motion]

    return [put for motion in known if motion.amends_id is None for put in with_amendments(motion)]


async def _set_text(work: Work, actor: Actor | None, motion: Motion, text: str, *, by: Motion) -> None:
    before, motion.text = motion.text, text
    event = MotionTextAmended(
        motion=str(motion.id), item=str(motion.item_id), title=motion.title, by=str(by.id), by_title=by.title,
        before=before, after=text,
    )  # fmt: skip
    await work.session.flush()
    await work.record(actor, event, meeting=motion.meeting_id)
    await _fit(work, actor, motion)


async def _fit(work: Work, actor: Actor | None, motion: Motion) -> None:
    """Amendments that wait on a text which has changed: merged where they touch other sentences."""
    for amendment in await amendments_of(work, motion.id):
        if amendment.state not in OPEN or (amendment.base_text == motion.text and not amendment.conflicts):
            continue
        before = amendment.text
        fitted = merge(amendment.base_text, motion.text, before)
        fits = fitted is not None and fitted != motion.text
        if fits and fitted is not None:
            amendment.text, amendment.base_text = fitted, motion.text
        amendment.conflicts = not fits
        event = AmendmentFitted(
            motion=str(amendment.id), item=str(amendment.item_id), title=amendment.title, fits=fits, before=before,
            after=amendment.text,
        )  # fmt: skip
        await work.session.flush()
        await work.record(actor, event, meeting=amendment.meeting_id)
        await _fit(work, actor, amendment)
