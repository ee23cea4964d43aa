"""Everybody votes at once: no acknowledged ballot is lost, none is counted twice, and secrets stay secret."""

from __future__ import annotations

import asyncio
from collections import Counter
from random import Random
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from meetings.during.voting import announce_outcome, close_poll, draft_poll, open_poll
from meetings.storage.tables import Ballot, JournalRow, Poll, RollEntry, SecretBallot
from tests.realtime.conftest import Follower, Live
from tests.support.council import Sitting, begin_poll, begin_sitting

CHOICES = ("yes", "no", "abstain")
ROUNDS = 6


async def close(live: Live, poll: UUID) -> dict[str, Any]:
    async with live.store.work() as work:
        closed = await close_poll(work, live.council["chair"], poll)
    assert closed.tally is not None
    return closed.tally


async def another_poll(live: Live, sitting: Sitting, *, secret: bool = False) -> UUID:
    """A question of its own, so that no motion is decided twice."""
    async with live.store.work() as work:
        poll = await draft_poll(
            work,
            live.council["chair"],
            sitting.item,
            title="Câu hỏi",
            rule="absolute_majority",
            secret=secret,
        )
        await open_poll(work, live.council["chair"], poll.id)
    return poll.id


async def room_of_voters(live: Live) -> list[Follower]:
    logins = [login for login in sorted(live.council.people) if login.startswith("delegate")]
    return [await live.follower(login) for login in logins]


async def test_closing_amid_the_voting_loses_no_acknowledged_ballot(full_house: Live) -> None:
    live, chance = full_house, Random(2026)
    sitting = await begin_sitting(live.store, live.council)
    voters = await room_of_voters(live)
    refused = 0
    for number in range(ROUNDS):
        poll = await another_poll(live, sitting, secret=number % 2 == 1)
        chosen = [chance.choice(CHOICES) for _ in voters]

        async def vote(
            voter: Follower, choice: str, poll: UUID = poll, pause: float = 0.0
        ) -> tuple[str, dict[str, Any]]:
            await asyncio.sleep(pause)
            return choice, await voter.cast(poll, choice)

        async def close_soon(poll: UUID = poll, pause: float = chance.uniform(0, 0.05)) -> dict[str, Any]:
            await asyncio.sleep(pause)
            return await close(live, poll)

        votes = [
            vote(voter, choice, pause=chance.uniform(0, 0.05))
            for voter, choice in zip(voters, chosen, strict=True)
        ]
        closing = asyncio.create_task(close_soon())
        answers = await asyncio.gather(*votes)
        counted = await closing
        acknowledged = Counter(choice for choice, answer in answers if answer.get("counted"))
        late = [answer["refused"] for _, answer in answers if "refused" in answer]
        assert set(late) <= {"poll-late"}
        assert {code: counted["heads"].get(code, 0) for code in CHOICES} == {
            code: acknowledged[code] for code in CHOICES
        }
        assert counted["not_cast"] == len(late)
        refused += len(late)
        async with live.store.work() as work:
            await announce_outcome(work, live.council["chair"], poll)
    assert refused, "no round was close enough to be a race"


async def test_many_ballots_at_once_and_again(full_house: Live) -> None:
    """Each voter sends the same intent three times at once, as a nervous network does."""
    live = full_house
    sitting = await begin_sitting(live.store, live.council)
    poll = await begin_poll(live.store, live.council, sitting)
    voters = await room_of_voters(live)
    watching = await live.follower("observer")
    await watching.enter(sitting.meeting)

    async def insist(voter: Follower) -> list[dict[str, Any]]:
        key = uuid4()
        return list(await asyncio.gather(*[voter.cast(poll, "yes", key) for _ in range(3)]))

    answers = await asyncio.gather(*map(insist, voters))
    receipts = {answer["receipt"] for group in answers for answer in group}
    assert len(receipts) == len(voters)
    assert all(len({answer["receipt"] for answer in group}) == 1 for group in answers)
    await watching.until(lambda one: any(packet["cast"] == len(voters) for packet in one.heard("poll")))
    counts = [packet["cast"] for packet in watching.heard("poll")]
    assert counts == sorted(counts)
    counted = await close(live, poll)
    assert counted["heads"]["yes"] == len(voters)
    async with live.store.reading() as reading:
        rows = (await reading.session.scalars(select(Ballot.person_id).where(Ballot.poll_id == poll))).all()
    assert len(rows) == len(set(rows)) == len(voters)


async def test_a_secret_poll_keeps_no_link_between_voter_and_choice(full_house: Live) -> None:
    live = full_house
    sitting = await begin_sitting(live.store, live.council)
    poll = await another_poll(live, sitting, secret=True)
    voters = await room_of_voters(live)
    key = uuid4()
    first = await voters[0].cast(poll, "no", key)
    assert await voters[0].cast(poll, "yes", key) == first, "a repeat tells nothing about the choice"
    await asyncio.gather(*[voter.cast(poll, "yes") for voter in voters[1:]])
    await close(live, poll)
    async with live.store.reading() as reading:
        kept = await reading.get(Poll, poll)
        named = (await reading.session.scalars(select(Ballot).where(Ballot.poll_id == poll))).all()
        boxed = (
            await reading.session.scalars(select(SecretBallot).where(SecretBallot.poll_id == poll))
        ).all()
        roll = (await reading.session.scalars(select(RollEntry).where(RollEntry.poll_id == poll))).all()
        journal = (
            await reading.session.scalars(select(JournalRow).where(JournalRow.chain_id == sitting.meeting))
        ).all()
    assert kept.tally is not None
    assert kept.tally["heads"] == {"yes": len(voters) - 1, "no": 1, "abstain": 0}
    assert not named
    assert Counter(ballot.choice for ballot in boxed) == {"yes": len(voters) - 1, "no": 1}
    assert set(SecretBallot.__table__.columns.keys()) == {"id", "poll_id", "choice"}
    identities = {str(entry.receipt) for entry in roll} | {str(entry.ballot_key) for entry in roll}
    identities |= {str(entry.person_id) for entry in roll}
    assert not identities & {str(ballot.id) for ballot in boxed}
    assert len({entry.cast_at.replace(second=0, microsecond=0) for entry in roll if entry.cast_at}) <= 2
    assert all(entry.cast_at is None or entry.cast_at.second == 0 for entry in roll)
    assert not [row for row in journal if row.event == "BallotCast"], "a row a ballot would tell their order"
    told = {str(value) for row in journal for value in row.payload.values() if row.event.startswith("Poll")}
    assert not identities & told
