"""Motions: what is put to the vote under an item, who moved and seconded it, and what became of it.

Amendments are in `amendments`, parts in `divisions`, groups in `consent`; which motion may be put is in `motion_polls`.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select

from meetings.before.scheduling import checked_title
from meetings.before.visibility import must_see_item
from meetings.during.attendance import room_of
from meetings.during.motion_polls import (
    WAITING,
    last_decided_by,
    motions_of_poll,
    must_wait,
    polls_of_motion,
    refuse_while_voting,
)
from meetings.rules.events import (
    MotionAdopted,
    MotionLeftUndecided,
    MotionMoved,
    MotionRejected,
    MotionReopened,
    MotionSeconded,
    MotionWithdrawn,
    OutcomeAnnounced,
    PollAnnulled,
)
from meetings.rules.lifecycle import MOTION, POLL, MeetingState, MotionState, PollState, acts, next_state
from meetings.rules.outcome import OutcomeCode
from meetings.rules.permissions import Actor, Right, is_insider, must_be_insider
from meetings.rules.refusals import Refused
from meetings.rules.room_rules import room_rules
from meetings.storage.tables import Body, Item, Meeting, Motion, Poll, PollMotion
from meetings.storage.unit_of_work import Reading, Work

KINDS = ("substantive", "procedural")
AMENDMENT = "amendment"
TEXT_LENGTH = 20_000
DECIDING = {
    OutcomeCode.ADOPTED: "adopt",
    OutcomeCode.NOT_ADOPTED: "reject",
    OutcomeCode.TIED: "leave-undecided",
    OutcomeCode.NO_QUORUM: "leave-undecided",
    OutcomeCode.UNDECIDED: "leave-undecided",
}
"""What an outcome does to the motions that were put."""


async def move_motion(
    work: Work,
    actor: Actor,
    item: UUID,
    *,
    title: str,
    text: str = "",
    kind: str = "substantive",
    mover: str = "",
    amends: UUID | None = None,
) -> Motion:
    """Put a motion under an item, or an amendment (`amends`): the whole text as it would read.

    The secretary and the chair put it for a named mover at any time; a member moves it on the item in hand, present and
    not recused, and where the standing orders ask for a second it waits for one. Adopted, a substantive motion's text
    becomes the resolution. An item that is not for the actor is not there (`not-found`).
    """
    under = await work.get(Item, item)
    meeting = await work.locked(Meeting, under.meeting_id)
    await must_see_item(work, actor, item)
    body = await work.get(Body, meeting.body_id)
    state, person = MotionState.MOVED, None
    if not is_insider(actor, meeting.body_id):
        mover, person = await present_member(work, actor, meeting, item), actor.person
        state = MOTION.start if room_rules(body.room_rules).seconding else MotionState.MOVED
    if meeting.state in (MeetingState.ADJOURNED, MeetingState.CANCELLED):
        raise Refused("not-now", state=meeting.state)
    if kind not in KINDS and not (kind == AMENDMENT and amends):
        raise Refused("wrong-input", field="kind")
    wording = checked_text(text)
    changed = await _amended(work, item, amends, wording) if amends else None
    motion = Motion(
        id=work.new_id(), meeting_id=meeting.id, item_id=item, kind=AMENDMENT if changed else kind,
        title=checked_title(title), text=wording, state=state, mover=mover.strip(), mover_id=person,
        moved_at=work.now, amends_id=amends, base_text=changed.text if changed else "",
        position=await _next_position(work, changed) if changed else 0,
    )  # fmt: skip
    work.session.add(motion)
    await work.session.flush()
    event = MotionMoved(
        motion=str(motion.id), item=str(item), title=motion.title, text=motion.text, kind=motion.kind,
        mover=motion.mover, mover_id=str(person or ""), state=motion.state, amends=str(amends or ""),
        base=motion.base_text,
    )  # fmt: skip
    await work.record(actor, event, meeting=meeting.id)
    return motion


async def second_motion(work: Work, actor: Actor, motion: UUID, *, person: UUID | None = None) -> Motion:
    """Another present member seconds; from then on the motion is before the house.

    The secretary or the chair may name the `person` who did so by word of mouth.
    """
    meeting = await work.locked(Meeting, (await work.get(Motion, motion)).meeting_id)
    kept = await work.locked(Motion, motion)
    if person is not None and person != actor.person:
        must_be_insider(actor, meeting.body_id)
    seconder = person or actor.person
    name = await present_member(work, actor, meeting, kept.item_id, seconder)
    state = next_state(MOTION, kept.state, "second")
    if kept.mover_id == seconder:
        raise Refused("motion-own")
    kept.state, kept.seconder_id, kept.seconded_at = state, seconder, work.now
    event = MotionSeconded(
        motion=str(kept.id),
        item=str(kept.item_id),
        title=kept.title,
        seconder=str(seconder),
        seconder_name=name,
    )
    await work.record(actor, event, meeting=meeting.id)
    return kept


async def withdraw_motion(work: Work, actor: Actor, motion: UUID, *, reason: str = "") -> Motion:
    """Take a motion back, with its amendments: its mover, present and not recused, until a vote on it was
    opened; the secretary and the chair also afterwards.
    """
    found = await work.get(Motion, motion)
    drafts = [poll.id for poll in await polls_of_motion(work, motion) if poll.state == PollState.DRAFT]
    polls = [await work.locked(Poll, poll) for poll in sorted(drafts)]  # before the meeting, as everywhere
    meeting = await work.locked(Meeting, found.meeting_id)
    kept = await work.locked(Motion, motion)
    if not is_insider(actor, meeting.body_id):
        if kept.mover_id != actor.person:
            raise Refused("forbidden")
        await present_member(work, actor, meeting, kept.item_id)
        if any(poll.opened_at for poll in await polls_of_motion(work, motion)):
            raise Refused("motion-voted")
    next_state(MOTION, kept.state, "withdraw")
    if kept.state == MotionState.DIVIDED:
        raise Refused("not-now", state=kept.state)
    await refuse_while_voting(work, motion)
    for amendment in await amendments_of(work, motion):
        await refuse_while_voting(work, amendment.id)
    for poll in polls:
        await _drop_draft(work, actor, poll, kept, reason.strip())
    await _withdraw(work, actor, kept, reason.strip())
    return kept


async def decide_motion(work: Work, actor: Actor | None, event: OutcomeAnnounced) -> None:
    """Consequence of an announced outcome: every motion that was put is adopted, rejected or left undecided."""
    poll = await work.get(Poll, UUID(event.poll))
    act = DECIDING.get(OutcomeCode(event.code))
    for put in await motions_of_poll(work, poll):
        motion = await work.locked(Motion, put.id)
        if act is None:
            continue
        motion.state = next_state(MOTION, motion.state, act)
        common = {
            "motion": str(motion.id), "item": str(motion.item_id), "poll": event.poll, "title": motion.title,
        }  # fmt: skip
        if act == "adopt":
            outcome = MotionAdopted(**common, kind=motion.kind)
        else:
            outcome = MotionRejected(**common) if act == "reject" else MotionLeftUndecided(**common)
        await work.session.flush()
        await work.record(actor, outcome, meeting=poll.meeting_id)


async def reopen_motions(work: Work, actor: Actor | None, event: PollAnnulled) -> None:
    """Consequence of annulling an announced poll: what it decided stands as if it had not been put.

    Whatever cannot be undone refuses, and with it the annulling: a resolution that is issued, a text that later votes
    were built on.
    """
    poll = await work.get(Poll, UUID(event.poll))
    if poll.announced_at is None:
        return
    for put in await motions_of_poll(work, poll):
        motion = await work.locked(Motion, put.id)
        decided = "reopen" in acts(MOTION, motion.state)
        if not decided or await last_decided_by(work, motion.id, annulled=poll) != poll.id:
            continue
        was, motion.state = motion.state, next_state(MOTION, motion.state, "reopen")
        reopened = MotionReopened(
            motion=str(motion.id), item=str(motion.item_id), poll=event.poll, title=motion.title, was=was,
            reason=event.reason,
        )  # fmt: skip
        await work.session.flush()
        await work.record(actor, reopened, meeting=poll.meeting_id)


async def motions_of(reading: Reading, meeting: UUID) -> Sequence[Motion]:
    """The motions of a meeting in the order they were moved; parts in the order of the whole."""
    return (
        await reading.session.scalars(
            select(Motion)
            .where(Motion.meeting_id == meeting)
            .order_by(Motion.moved_at, Motion.position, Motion.id)
        )
    ).all()


async def amendments_of(reading: Reading, motion: UUID) -> Sequence[Motion]:
    """The amendments to a motion in the order in which they are put."""
    return (
        await reading.session.scalars(
            select(Motion)
            .where(Motion.amends_id == motion)
            .order_by(Motion.position, Motion.moved_at, Motion.id)
        )
    ).all()


async def present_member(
    work: Work, actor: Actor, meeting: Meeting, item: UUID, person: UUID | None = None
) -> str:
    """The name of the member (the actor, unless a `person` is named) who may take part in the item in hand now."""
    who = person or actor.person
    if who == actor.person:
        actor.must(Right.TAKE_PART, body=meeting.body_id, meeting=meeting.id)
    if meeting.state != MeetingState.IN_SESSION:
        raise Refused("meeting-not-running")
    if meeting.current_item_id != item:
        raise Refused("item-not-open")
    room = await room_of(work, meeting, await work.get(Body, meeting.body_id))
    seat = next((seat for seat in room.seats if seat.voter == who), None)
    if seat is None:
        raise Refused("not-a-member")
    if not seat.present:
        raise Refused("motion-absent")
    if (item, who) in room.recused:
        raise Refused("recused")
    return seat.substitute.name if seat.substitute else seat.member.name


def checked_text(text: str) -> str:
    """A motion's text with plain line ends and no blanks around it."""
    wording = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if len(wording) > TEXT_LENGTH:
        raise Refused("field-long", field="text", limit=TEXT_LENGTH)
    return wording


async def _amended(work: Work, item: UUID, amends: UUID, wording: str) -> Motion:
    """The motion that an amendment would change."""
    motion = await work.session.get(Motion, amends)
    if motion is None or motion.item_id != item:
        raise Refused("motion-unknown")
    must_wait(motion)
    if motion.amends_id is not None:
        if (await work.get(Motion, motion.amends_id)).amends_id is not None:
            raise Refused("amendment-deep")
        if motion.conflicts:
            raise Refused("amendment-conflict")
    await refuse_while_voting(work, amends)
    if not wording:
        raise Refused("field-missing", field="text")
    if wording == motion.text:
        raise Refused("motion-same-text")
    return motion


async def _next_position(work: Work, amended: Motion) -> int:
    last = await work.session.scalar(select(func.max(Motion.position)).where(Motion.amends_id == amended.id))
    return 0 if last is None else last + 1


async def _withdraw(work: Work, actor: Actor, motion: Motion, reason: str) -> None:
    """An amendment falls with what it would have changed."""
    for amendment in await amendments_of(work, motion.id):
        if amendment.state in (*WAITING, MotionState.PROPOSED):
            await _withdraw(work, actor, amendment, reason)
    motion.state = next_state(MOTION, motion.state, "withdraw")
    event = MotionWithdrawn(
        motion=str(motion.id), item=str(motion.item_id), title=motion.title, reason=reason
    )
    await work.session.flush()
    await work.record(actor, event, meeting=motion.meeting_id)


async def _drop_draft(work: Work, actor: Actor, poll: Poll, motion: Motion, reason: str) -> None:
    """A poll that was only prepared goes with its motion; a group goes on without it."""
    if poll.state != PollState.DRAFT:
        return
    together = [put for put in await motions_of_poll(work, poll) if put.id != motion.id]
    if together:
        link = await work.session.get(PollMotion, (poll.id, motion.id))
        await work.session.delete(link)
        poll.item_id = together[0].item_id
        await work.session.flush()
        return
    poll.state = next_state(POLL, poll.state, "annul")
    poll.annulled_at, poll.annulled_reason = work.now, reason or motion.title
    event = PollAnnulled(poll=str(poll.id), item=str(poll.item_id), reason=poll.annulled_reason)
    await work.record(actor, event, meeting=poll.meeting_id)
