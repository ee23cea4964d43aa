"""The ballot box: every ballot that waits is committed in one transaction, and only then is each one acknowledged.

While one batch is being written to disk the next one gathers, so batches grow with the load by themselves. The poll row
is held against closing while a batch is in: a ballot is either counted or told that it came late.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, insert, select, update

from meetings.during.roll import voter_of
from meetings.rules.events import BallotCast
from meetings.rules.lifecycle import PollState
from meetings.rules.permissions import Actor
from meetings.rules.refusals import Refused
from meetings.rules.roll import may_cast
from meetings.rules.rule_data import stored_rule
from meetings.storage.tables import Ballot, Poll, RollEntry, SecretBallot
from meetings.storage.unit_of_work import Store, Work

log = logging.getLogger(__name__)

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""No 0/O, 1/I/L: a receipt is read aloud and typed."""
BATCH = 2_000

_ROLL: Any = RollEntry.__table__
_BALLOT: Any = Ballot.__table__
_SECRET: Any = SecretBallot.__table__


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof that a ballot is on record: when, under which code. `repeated` when it had been counted before."""

    receipt: str
    at: datetime
    meeting: UUID
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class _Cast:
    poll: UUID
    voter: UUID
    actor: UUID
    choice: str
    key: str
    answer: asyncio.Future[Receipt]


Counted = Callable[[UUID, UUID, int], Awaitable[None]]
"""Called after a commit with the meeting, the poll whose count has grown, and by how many ballots."""


class BallotBox:
    """One per process. `open` starts its writer, `shut` ends it after the last ballot that waits."""

    def __init__(self, store: Store, counted: Counted | None = None) -> None:
        self._store = store
        self._counted = counted
        self._waiting: list[_Cast] = []
        self._wake = asyncio.Event()
        self._writer: asyncio.Task[None] | None = None
        self._shutting = False

    def open(self) -> None:
        """Begin to take ballots."""
        self._writer = asyncio.create_task(self._write(), name="ballot box")

    async def shut(self) -> None:
        """Write what waits, then stop."""
        self._shutting = True
        self._wake.set()
        if self._writer is not None:
            await self._writer

    async def cast(
        self, actor: Actor, poll: UUID, choice: str, key: str, represented: UUID | None = None
    ) -> Receipt:
        """Cast a ballot for oneself, or for a member represented by proxy. Returns after the commit.

        The same key again gives the same receipt; another key after a ballot is refused (`ballot-cast`).
        """
        if self._writer is None or self._shutting:
            raise Refused("busy")
        answer: asyncio.Future[Receipt] = asyncio.get_running_loop().create_future()
        voter = represented or actor.person
        self._waiting.append(_Cast(poll, voter, actor.person, choice, _checked_key(key), answer))
        self._wake.set()
        return await answer

    async def _write(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._waiting:
                batch, self._waiting = self._waiting[:BATCH], self._waiting[BATCH:]
                await self._commit(batch)
            if self._shutting:
                return

    async def _commit(self, batch: Sequence[_Cast]) -> None:
        """One transaction for all. If it fails as a whole, each ballot is tried alone, so none hurts another."""
        try:
            answers, grown = await self._transact(batch)
        except Exception as failure:
            if len(batch) > 1:
                for one in batch:
                    await self._commit([one])
                return
            log.exception("a ballot could not be written")
            answers, grown = [failure if isinstance(failure, Refused) else Refused("busy")], {}
        for one, answer in zip(batch, answers, strict=True):
            if one.answer.done():
                continue
            if isinstance(answer, Receipt):
                one.answer.set_result(answer)
            else:
                one.answer.set_exception(answer)
        if self._counted is not None:
            for poll, (meeting, ballots) in grown.items():
                with suppress(Exception):
                    await self._counted(meeting, poll, ballots)

    async def _transact(
        self, batch: Sequence[_Cast]
    ) -> tuple[list[Receipt | Exception], dict[UUID, tuple[UUID, int]]]:
        answers: dict[int, Receipt | Exception] = {}
        grown: dict[UUID, tuple[UUID, int]] = {}
        by_poll: dict[UUID, list[tuple[int, _Cast]]] = defaultdict(list)
        for place, one in enumerate(batch):
            by_poll[one.poll].append((place, one))
        async with self._store.work() as work:
            for poll_id in sorted(by_poll):
                poll = await work.session.scalar(
                    select(Poll).where(Poll.id == poll_id).with_for_update(read=True)
                )
                if poll is None:
                    answers |= {place: Refused("not-found") for place, _ in by_poll[poll_id]}
                    continue
                page = await _Page.load(work, poll, [one for _, one in by_poll[poll_id]])
                for place, one in by_poll[poll_id]:
                    try:
                        answers[place] = page.take(one)
                    except Refused as refusal:
                        answers[place] = refusal
                if page.accepted:
                    await page.write(work)
                    grown[poll_id] = poll.meeting_id, len(page.accepted)
        return [answers[place] for place in range(len(batch))], grown


@dataclass(frozen=True, slots=True)
class _Mark:
    """That a voter took part: the receipt, the intent's key, and when."""

    receipt: str
    key: str
    at: datetime


class _Page:
    """One poll's share of a batch: decides each ballot, then writes the accepted ones together."""

    def __init__(self, work: Work, poll: Poll, roll: dict[UUID, Any], ballots: dict[UUID, str]) -> None:
        self._poll = poll
        self._roll = roll
        """Lines of the roll as plain rows: objects would cost more than all the rest."""
        self._marks = {
            person: _Mark(row.receipt, row.ballot_key, row.cast_at)
            for person, row in roll.items()
            if row.receipt
        }
        self._ballots = ballots
        self._choices = {choice.code for choice in stored_rule(poll.rule).choices}
        self._now = work.now.replace(second=0, microsecond=0) if poll.secret else work.now
        self.accepted: list[tuple[_Cast, Any, str]] = []

    @classmethod
    async def load(cls, work: Work, poll: Poll, casts: Sequence[_Cast]) -> _Page:
        """Lock the lines of the roll that this batch touches (the proxies' holders are read along)."""
        concerned = {one.voter for one in casts} | {one.actor for one in casts}
        rows = await work.session.execute(
            select(_ROLL)
            .where(_ROLL.c.poll_id == poll.id, _ROLL.c.person_id.in_(concerned))
            .order_by(_ROLL.c.person_id)
            .with_for_update()
        )
        roll = {row.person_id: row for row in rows}
        cast_already = [person for person, row in roll.items() if row.receipt]
        ballots: dict[UUID, str] = {}
        if cast_already and not poll.secret:
            named = select(Ballot.person_id, Ballot.choice).where(
                Ballot.poll_id == poll.id, Ballot.person_id.in_(cast_already)
            )
            ballots = dict((await work.session.execute(named)).all())
        return cls(work, poll, roll, ballots)

    def take(self, one: _Cast) -> Receipt:
        """Count this ballot, or find the receipt it has already."""
        entry, mark = self._roll.get(one.voter), self._marks.get(one.voter)
        if mark is not None and mark.key == one.key:
            if not self._poll.secret and self._ballots.get(one.voter, one.choice) != one.choice:
                raise Refused("key-reused")
            return Receipt(mark.receipt, mark.at, self._poll.meeting_id, repeated=True)
        if self._poll.state != PollState.OPEN:
            raise Refused("poll-not-open" if self._poll.state == PollState.DRAFT else "poll-late")
        may_cast([voter_of(row) for row in self._lines(one)], str(one.actor), str(one.voter))
        if one.choice not in self._choices:
            raise Refused("choice-unknown")
        if entry is None:
            raise Refused("not-on-roll")
        if mark is not None:
            raise Refused("ballot-cast", at=mark.at)
        receipt = _receipt()
        self._marks[one.voter] = _Mark(receipt, one.key, self._now)
        self._ballots[one.voter] = one.choice
        self.accepted.append((one, entry, receipt))
        return Receipt(receipt, self._now, self._poll.meeting_id)

    def _lines(self, one: _Cast) -> list[Any]:
        return [self._roll[person] for person in {one.voter, one.actor} if person in self._roll]

    async def write(self, work: Work) -> None:
        """Participation, ballots and journal rows of everything accepted."""
        poll = self._poll.id
        marks = [
            {"p": poll, "v": one.voter, "receipt": receipt, "ballot_key": one.key, "cast_at": self._now}
            for one, _, receipt in self.accepted
        ]
        await work.session.execute(
            update(_ROLL).where(_ROLL.c.poll_id == bindparam("p"), _ROLL.c.person_id == bindparam("v")), marks
        )
        if self._poll.secret:
            fresh = [
                {"id": work.new_id(), "poll_id": poll, "choice": one.choice} for one, _, _ in self.accepted
            ]
            await work.session.execute(insert(_SECRET), sorted(fresh, key=lambda row: row["id"]))
            return
        rows = [
            {
                "id": work.new_id(),
                "poll_id": poll,
                "person_id": one.voter,
                "choice": one.choice,
                "weight": entry.weight,
                "cast_at": self._now,
                "revision": 1,
            }
            for one, entry, _ in self.accepted
        ]
        await work.session.execute(insert(_BALLOT), rows)
        events = [
            (
                one.actor,
                BallotCast(
                    poll=str(poll),
                    receipt=receipt,
                    voter=str(one.voter),
                    choice=one.choice,
                    weight=entry.weight,
                    salt=secrets.token_hex(16),
                ),
            )
            for one, entry, receipt in self.accepted
        ]
        await work.record_all(events, meeting=self._poll.meeting_id)


def _checked_key(key: str) -> str:
    try:
        return str(UUID(key))
    except (ValueError, AttributeError, TypeError) as wrong:
        raise Refused("key-wrong") from wrong


def _receipt() -> str:
    number, code = secrets.randbelow(len(LETTERS) ** 8), ""
    while len(code) < 8:
        number, place = divmod(number, len(LETTERS))
        code += LETTERS[place]
    return f"{code[:4]}-{code[4:]}"
