"""What only the chair does about a poll: the casting vote, admitting who came late, holding it again."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select

from meetings.during.attendance import Presence, Seat, room_of
from meetings.during.counting import count_poll
from meetings.during.drafting import draft_poll
from meetings.during.motion_polls import motions_of_poll
from meetings.during.opening import poll_of_chair
from meetings.during.roll import frozen_roll
from meetings.rules.events import CastingVoteGiven, MemberAdmitted
from meetings.rules.lifecycle import PollState
from meetings.rules.permissions import Actor
from meetings.rules.polls import Method, asks_chair, may_repeat
from meetings.rules.refusals import Refused
from meetings.rules.roll import check_roll, count_roll
from meetings.rules.rule_data import stored_rule
from meetings.storage.tables import Body, EnteredBallot, Meeting, Person, Poll, PollMotion, RollEntry
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
    """Admit a member who has arrived since the opening to the open roll; a proxy given before is void with it.

    So too a substitute approved since: with the line of the seat, unless a ballot for that seat was cast.
    """
    kept, meeting = await poll_of_chair(work, actor, poll)
    if kept.state != PollState.OPEN:
        raise Refused("not-now", state=kept.state)
    room = await room_of(work, meeting, await work.get(Body, meeting.body_id))
    seat = next((seat for seat in room.seats if seat.voter == person), None)
    lines = await _lines(work, kept)
    line = _line_of(lines, seat) if seat else None
    if seat is None or line is None or not _may_enter(line, seat):
        raise Refused("admit-none")
    if line.receipt:
        raise Refused("admit-proxy")
    items = {kept.item_id, *(motion.item_id for motion in await motions_of_poll(work, kept))}
    if any((item, person) in room.recused for item in items):
        raise Refused("recused")
    entry = line if line.person_id == person else await _hand_over(work, kept, line, seat)
    entry.admitted, entry.remote = True, seat.sitting == Presence.REMOTE
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
        poll=str(poll), title=kept.title, person=str(person), person_name=(await work.get(Person, person)).name,
        present=counted.present, eligible=counted.eligible,
        seat_of=str(seat.member.person) if seat.substitute else "",
        seat_name=seat.member.name if seat.substitute else "",
    )  # fmt: skip
    await work.record(actor, event, meeting=meeting.id)
    return kept


async def late_arrivals(reading: Reading, poll: Poll) -> list[Person]:
    """Who may be admitted, in the order names are read: members who were absent at the opening and are present now,
    and substitutes approved since whose seat has not voted.
    """
    meeting = await reading.get(Meeting, poll.meeting_id)
    room = await room_of(reading, meeting, await reading.get(Body, meeting.body_id))
    lines = await _lines(reading, poll)
    items = {poll.item_id, *(motion.item_id for motion in await motions_of_poll(reading, poll))}
    arrived: list[UUID] = []
    for seat in room.seats:
        line = _line_of(lines, seat)
        aside = any((item, seat.voter) in room.recused for item in items)
        if line is not None and _may_enter(line, seat) and line.receipt is None and not aside:
            arrived.append(seat.voter)
    found = select(Person).where(Person.id.in_(arrived)).order_by(Person.sort_key, Person.id)
    return list(await reading.session.scalars(found)) if arrived else []


async def _lines(reading: Reading, poll: Poll) -> dict[UUID, RollEntry]:
    """The roll by the member whose seat it is. Whoever writes holds the poll, so no ballot comes in meanwhile."""
    rows = await reading.session.scalars(select(RollEntry).where(RollEntry.poll_id == poll.id))
    return {row.seat_of_id or row.person_id: row for row in rows}


def _line_of(lines: Mapping[UUID, RollEntry], seat: Seat) -> RollEntry | None:
    line = lines.get(seat.member.person)
    return line if line is not None and line.weight > 0 else None


def _may_enter(line: RollEntry, seat: Seat) -> bool:
    """Whether who sits there now has come since the opening."""
    if not seat.present:
        return False
    if line.person_id != seat.voter:
        return seat.substitute is not None
    return not (line.present or line.admitted or line.recused)


async def _hand_over(work: Work, poll: Poll, line: RollEntry, seat: Seat) -> RollEntry:
    """The seat's line goes to the substitute: one head, one ballot. Nothing was cast on it; what was written down for
    the member is dropped.
    """
    entered = await work.session.scalars(
        select(EnteredBallot).where(
            EnteredBallot.poll_id == poll.id,
            EnteredBallot.person_id == line.person_id,
            EnteredBallot.state == "entered",
        )
    )
    for ballot in entered:
        ballot.state, ballot.decided_at = "dropped", work.now
    if poll.calling_id == line.person_id:
        poll.calling_id = seat.voter
    entry = RollEntry(
        poll_id=poll.id, person_id=seat.voter, weight=line.weight, present=False, remote=False, recused=False,
        admitted=True, seat_of_id=seat.member.person, called_at=line.called_at,
    )  # fmt: skip
    await work.session.delete(line)
    await work.session.flush()
    work.session.add(entry)
    return entry


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
