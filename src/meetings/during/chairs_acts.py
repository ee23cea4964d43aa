"""What only the chair does about a poll: the casting vote, admitting who came late, holding it again."""

from __future__ import annotations

import secrets
from uuid import UUID

from sqlalchemy import select

from meetings.during.attendance import room_of
from meetings.during.counting import count_poll
from meetings.during.drafting import draft_poll
from meetings.during.opening import poll_of_chair
from meetings.during.roll import frozen_roll
from meetings.rules.events import CastingVoteGiven, MemberAdmitted
from meetings.rules.lifecycle import PollState
from meetings.rules.permissions import Actor
from meetings.rules.polls import Method, asks_chair, may_repeat
from meetings.rules.refusals import Refused
from meetings.rules.roll import check_roll, count_roll
from meetings.rules.rule_data import stored_rule
from meetings.storage.tables import Body, Meeting, Person, Poll, PollMotion, RollEntry
from meetings.storage.unit_of_work import Reading, Work


async def give_casting_vote(work: Work, actor: Actor, poll: UUID, choice: str) -> Poll:
    """After a tie that the rule leaves to the chair, who has taken no side: decide it, before the announcement."""
    kept, meeting = await poll_of_chair(work, actor, poll)
    if kept.state != PollState.CLOSED or not asks_chair(kept.outcome):
        raise Refused("casting-none")
    if actor.person != kept.chair_id:
        raise Refused("casting-chair")
    own = await work.session.get(RollEntry, (poll, actor.person))
    if own is not None and own.recused:
        raise Refused("recused")
    rule = stored_rule(kept.rule)
    if rule.side(choice) == "abstain":
        raise Refused("casting-side")
    kept.casting_choice = choice
    _, kept.outcome = await count_poll(work, kept, rule)
    event = CastingVoteGiven(
        poll=str(poll), title=kept.title, chair=str(actor.person), chair_name=actor.name, choice=choice,
        salt=secrets.token_hex(16),
    )  # fmt: skip
    await work.record(actor, event, meeting=meeting.id)
    return kept


async def admit_member(work: Work, actor: Actor, poll: UUID, person: UUID) -> Poll:
    """Admit a member who has arrived since the opening to the open roll; a proxy given before is void with it."""
    kept, meeting = await poll_of_chair(work, actor, poll)
    if kept.state != PollState.OPEN:
        raise Refused("not-now", state=kept.state)
    entry = await work.session.scalar(
        select(RollEntry).where(RollEntry.poll_id == poll, RollEntry.person_id == person).with_for_update()
    )
    arrived = {one.id: one for one in await late_arrivals(work, kept)}
    if entry is None or person not in arrived:
        raise Refused("admit-none")
    if entry.receipt:
        raise Refused("admit-proxy")
    room = await room_of(work, meeting, await work.get(Body, meeting.body_id))
    entry.admitted = True
    entry.remote = any(seat.voter == person and seat.sitting == "remote" for seat in room.seats)
    await work.session.flush()
    voters = await frozen_roll(work, poll)
    check_roll(voters, secret=kept.secret, hands=kept.method == Method.HANDS)
    counted = count_roll(voters)
    kept.present_open, kept.eligible, kept.eligible_weight = (
        counted.present,
        counted.eligible,
        counted.eligible_weight,
    )
    event = MemberAdmitted(
        poll=str(poll), title=kept.title, person=str(person), person_name=arrived[person].name,
        present=counted.present, eligible=counted.eligible,
    )  # fmt: skip
    await work.record(actor, event, meeting=meeting.id)
    return kept


async def late_arrivals(reading: Reading, poll: Poll) -> list[Person]:
    """Members on the roll who were absent at the opening and are present now, in the order names are read."""
    meeting = await reading.get(Meeting, poll.meeting_id)
    room = await room_of(reading, meeting, await reading.get(Body, meeting.body_id))
    here = {seat.voter for seat in room.seats if seat.present}
    rows = await reading.session.execute(
        select(Person, RollEntry)
        .join(RollEntry, RollEntry.person_id == Person.id)
        .where(RollEntry.poll_id == poll.id, RollEntry.weight > 0, RollEntry.receipt.is_(None))
        .order_by(Person.sort_key, Person.id)
    )
    return [
        person
        for person, entry in rows
        if person.id in here and not (entry.present or entry.admitted or entry.recused)
    ]


async def repeat_poll(work: Work, actor: Actor, poll: UUID) -> Poll:
    """Prepare the same vote again, after it was annulled or came to nothing.

    A tie in a secret vote is repeated openly: there is no known ballot of the chair that could settle it.
    """
    kept, _ = await poll_of_chair(work, actor, poll)
    if not may_repeat(kept.state, kept.outcome) or await goes_on(work, poll):
        raise Refused("repeat-none")
    openly = kept.state != PollState.ANNULLED and (kept.outcome or {}).get("code") == "tied"
    again = await draft_poll(
        work, actor, kept.item_id, title=kept.title, motion=kept.motion_id, rule=kept.rule,
        secret=kept.secret and not openly, method=kept.method, disclosure=kept.disclosure, names=kept.names,
        changeable=kept.changeable, repeats=kept, kind=kept.kind, form=kept.form,
    )  # fmt: skip
    again.round = kept.round
    grouped = await work.session.scalars(select(PollMotion.motion_id).where(PollMotion.poll_id == poll))
    work.session.add_all(PollMotion(poll_id=again.id, motion_id=motion) for motion in grouped.all())
    await work.session.flush()
    return again


async def goes_on(reading: Reading, poll: UUID) -> bool:
    """Whether it is being held again, or its next round is prepared: of two chairs who press at once one does it."""
    again = select(Poll.id).where(Poll.repeats_id == poll, Poll.state != PollState.ANNULLED)
    return await reading.session.scalar(again.limit(1)) is not None
