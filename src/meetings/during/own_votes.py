"""Every ballot of one person in a meeting: cast for oneself or for a member represented by proxy."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_, select

from meetings.before.scheduling import open_to
from meetings.during.desk import Line, lines_on
from meetings.during.stage import StagePoll, as_stage_polls
from meetings.rules.permissions import Actor, Right
from meetings.rules.polls import TEST
from meetings.storage.tables import Item, Meeting, Poll, RollEntry
from meetings.storage.unit_of_work import Reading


@dataclass(frozen=True, slots=True)
class OwnVote:
    """A poll on whose roll the person stands, and the ballots that were theirs to cast: the own one first."""

    poll: StagePoll
    item: Item
    lines: tuple[Line, ...]


async def own_votes(reading: Reading, actor: Actor, meeting: UUID) -> tuple[Meeting, tuple[OwnVote, ...]]:
    """The newest poll first. A choice is told to nobody but its voter, and of a secret poll not even to them."""
    held = await open_to(reading, actor, meeting)
    actor.must(Right.TAKE_PART, body=held.body_id, meeting=held.id)
    on_roll = select(RollEntry.poll_id).where(
        or_(RollEntry.person_id == actor.person, RollEntry.proxy_holder_id == actor.person)
    )
    rows = await reading.session.execute(
        select(Poll, Item)
        .join(Item, Item.id == Poll.item_id)
        .where(
            Poll.meeting_id == meeting, Poll.kind != TEST, Poll.opened_at.is_not(None), Poll.id.in_(on_roll)
        )
        .order_by(Poll.number.desc())
    )
    pairs = [(poll, item) for poll, item in rows]
    polls = await as_stage_polls(reading, [poll for poll, _ in pairs], insider=False)
    lines = await lines_on(reading, polls, [actor.person])
    found: list[OwnVote] = []
    for poll, (_, item) in zip(polls, pairs, strict=True):
        own_first = sorted(
            lines.get((poll.id, actor.person), ()), key=lambda line: line.person != actor.person
        )
        found.append(OwnVote(poll, item, tuple(own_first)))
    return held, tuple(found)
