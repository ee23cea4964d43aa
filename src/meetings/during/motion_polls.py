"""Which motions a poll decides, and which of them may be put now: amendments first, each in words that fit."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select

from meetings.before.agenda import agenda_of
from meetings.rules.lifecycle import MotionState, PollState
from meetings.rules.refusals import Refused
from meetings.storage.tables import Item, Motion, Person, Poll, PollMotion
from meetings.storage.unit_of_work import Reading

WAITING = (MotionState.MOVED, MotionState.UNDECIDED)
"""The states in which a motion may be put to the vote."""
VOTING = (PollState.OPEN, PollState.CLOSED)


async def motions_of_poll(reading: Reading, poll: Poll) -> Sequence[Motion]:
    """The motions that a poll decides: its own, or those of its group in the order of the agenda."""
    if poll.motion_id is not None:
        return [await reading.get(Motion, poll.motion_id)]
    query = select(Motion).join(PollMotion, PollMotion.motion_id == Motion.id)
    grouped = (await reading.session.scalars(query.where(PollMotion.poll_id == poll.id))).all()
    return await in_agenda_order(reading, poll.meeting_id, grouped) if grouped else ()


async def in_agenda_order(reading: Reading, meeting: UUID, motions: Sequence[Motion]) -> list[Motion]:
    """Motions of several items as the agenda has them."""
    places = {item.id: place for place, item in enumerate(await agenda_of(reading, meeting))}
    return sorted(motions, key=lambda one: (places[one.item_id], one.moved_at, one.position, one.id))


async def check_may_open(reading: Reading, poll: Poll) -> None:
    """Refuse a poll on a motion that is decided already, whose amendments come first, or whose words do not fit."""
    motions = await motions_of_poll(reading, poll)
    await must_be_seen_alike(reading, motions)
    for motion in motions:
        must_wait(motion)
        await check_may_put(reading, motion)


async def must_be_seen_alike(reading: Reading, motions: Sequence[Motion]) -> None:
    """Refuse (`consent-mixed`) one vote on motions of which not all are for the same readers: all are told of it."""
    items = {motion.item_id for motion in motions}
    if len(items) > 1:
        circles = await reading.session.scalars(select(Item.visibility).where(Item.id.in_(items)).distinct())
        if len(circles.all()) > 1:
            raise Refused("consent-mixed")


async def check_may_put(reading: Reading, motion: Motion) -> None:
    """Refuse a motion while an amendment to it waits, and an amendment that no longer fits."""
    if motion.conflicts:
        raise Refused("amendment-conflict")
    first = await reading.session.scalar(
        select(Motion)
        .where(Motion.amends_id == motion.id, Motion.state.in_(WAITING))
        .order_by(Motion.position)
        .limit(1)
    )
    if first is not None:
        raise Refused("amendments-first", title=first.title)


def must_wait(motion: Motion) -> None:
    """A motion is decided once: a second outcome could never be announced."""
    if motion.state not in WAITING:
        raise Refused("not-now", state=motion.state)


async def polls_of_motion(reading: Reading, motion: UUID) -> Sequence[Poll]:
    """Every poll on a motion, alone or in a group."""
    grouped = select(PollMotion.poll_id).where(PollMotion.motion_id == motion)
    return (
        await reading.session.scalars(
            select(Poll).where(or_(Poll.motion_id == motion, Poll.id.in_(grouped))).order_by(Poll.number)
        )
    ).all()


async def voted_motions(reading: Reading, meeting: UUID) -> frozenset[UUID]:
    """Motions on which a vote was opened once: only the chair withdraws them."""
    alone = select(Poll.motion_id).where(Poll.meeting_id == meeting, Poll.opened_at.is_not(None))
    grouped = select(PollMotion.motion_id).join(Poll, Poll.id == PollMotion.poll_id)
    together = grouped.where(Poll.meeting_id == meeting, Poll.opened_at.is_not(None))
    found = [*(await reading.session.scalars(alone)), *(await reading.session.scalars(together))]
    return frozenset(motion for motion in found if motion)


async def seconders_of(reading: Reading, motions: Sequence[Motion]) -> dict[UUID, str]:
    """The names of those who seconded."""
    people = [one.seconder_id for one in motions if one.seconder_id]
    if not people:
        return {}
    rows = await reading.session.execute(select(Person.id, Person.name).where(Person.id.in_(people)))
    return dict(rows.all())


def concerns(item: UUID) -> ColumnElement[bool]:
    """Polls on an item: under it, or on a group of motions of which one is under it."""
    grouped = (
        select(PollMotion.poll_id)
        .join(Motion, Motion.id == PollMotion.motion_id)
        .where(Motion.item_id == item)
    )
    return or_(Poll.item_id == item, Poll.id.in_(grouped))


async def refuse_while_voting(reading: Reading, motion: UUID) -> None:
    """Nothing about a motion changes while a poll on it is open or waits to be announced."""
    if any(poll.state in VOTING for poll in await polls_of_motion(reading, motion)):
        raise Refused("item-open-poll")


async def last_decided_by(reading: Reading, motion: UUID, *, annulled: Poll | None = None) -> UUID | None:
    """The poll whose announcement decided a motion last; `annulled` counts as if it still stood."""
    found = [
        poll
        for poll in await polls_of_motion(reading, motion)
        if poll.announced_at and (poll.state == PollState.ANNOUNCED or (annulled and poll.id == annulled.id))
    ]
    return max(found, key=lambda poll: (poll.announced_at, poll.number)).id if found else None
