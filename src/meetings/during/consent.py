"""A consent group: several motions, also of different items, decided by one vote."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from meetings.before.scheduling import open_to
from meetings.during.drafting import draft_poll
from meetings.during.motion_polls import (
    check_may_put,
    in_agenda_order,
    motions_of_poll,
    must_be_seen_alike,
    must_wait,
    refuse_while_voting,
)
from meetings.during.motions import AMENDMENT
from meetings.rules.ballot_forms import Kind
from meetings.rules.events import MotionsGrouped, MotionTakenOut
from meetings.rules.lifecycle import PollState
from meetings.rules.permissions import Actor, must_be_insider
from meetings.rules.refusals import Refused
from meetings.storage.tables import Meeting, Motion, Poll, PollMotion
from meetings.storage.unit_of_work import Work


async def draft_consent(
    work: Work,
    actor: Actor,
    meeting: UUID,
    motions: Sequence[UUID],
    *,
    title: str = "",
    rule: object = None,
    secret: bool = False,
) -> Poll:
    """Prepare one poll on several motions of a meeting; its outcome decides each of them.

    It opens while the item of the first one is in hand. Amendments are put alone, and so is a motion whose amendments
    wait.
    """
    held = await open_to(work, actor, meeting)
    must_be_insider(actor, held.body_id)
    wanted = [await work.get(Motion, motion) for motion in dict.fromkeys(motions)]
    if any(motion.meeting_id != held.id for motion in wanted):
        raise Refused("motion-unknown")
    if len(wanted) < 2:
        raise Refused("consent-few")
    await must_be_seen_alike(work, wanted)
    for motion in wanted:
        must_wait(motion)
        if motion.kind == AMENDMENT:
            raise Refused("consent-amendment")
        await check_may_put(work, motion)
        await refuse_while_voting(work, motion.id)
    group = await in_agenda_order(work, meeting, wanted)
    poll = await draft_poll(
        work,
        actor,
        group[0].item_id,
        title=title or _title_of(group),
        rule=rule,
        secret=secret,
        kind=Kind.CONSENT,
    )
    work.session.add_all(PollMotion(poll_id=poll.id, motion_id=motion.id) for motion in group)
    await work.session.flush()
    event = MotionsGrouped(
        poll=str(poll.id), item=str(poll.item_id), title=poll.title,
        motions=[{"motion": str(motion.id), "title": motion.title} for motion in group],
    )  # fmt: skip
    await work.record(actor, event, meeting=meeting)
    return poll


async def take_out(work: Work, actor: Actor, poll: UUID, motion: UUID, *, asked_by: str = "") -> Poll:
    """Take a motion out of a group before the vote opens: any member may ask, the chair or secretary acts."""
    kept = await work.locked(Poll, poll)
    meeting = await work.locked(Meeting, kept.meeting_id)
    must_be_insider(actor, meeting.body_id)
    if kept.state != PollState.DRAFT:
        raise Refused("not-now", state=kept.state)
    link = await work.session.get(PollMotion, (poll, motion))
    if link is None:
        raise Refused("motion-unknown")
    taken = await work.get(Motion, motion)
    group = await motions_of_poll(work, kept)
    left = [one for one in group if one.id != motion]
    if not left:
        raise Refused("consent-last")
    await work.session.delete(link)
    if kept.title == _title_of(group):  # the screens must not announce what is no longer put
        kept.title = _title_of(left)
    kept.item_id = left[0].item_id
    event = MotionTakenOut(
        poll=str(poll),
        item=str(taken.item_id),
        motion=str(motion),
        title=taken.title,
        asked_by=asked_by.strip(),
    )
    await work.session.flush()
    await work.record(actor, event, meeting=meeting.id)
    return kept


def _title_of(group: Sequence[Motion]) -> str:
    """The titles one after the other, as far as there is room."""
    titles = "; ".join(motion.title for motion in group)
    return titles if len(titles) <= 300 else titles[:299].rstrip() + "…"
