"""The ballot box: every ballot that waits is committed in one transaction, and only then is each one acknowledged.

While one batch is being written to disk the next one gathers, so batches grow with the load by themselves. The poll row
is held against closing while a batch is in: a ballot is either counted or told that it came late.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from meetings.during.entered_ballots import drop_of_those_who_cast
from meetings.during.receipts import new_receipt
from meetings.during.roll import voter_of
from meetings.rules.ballot_forms import checked, poll_form
from meetings.rules.events import BallotCast, RollCallAnswered
from meetings.rules.lifecycle import PollState
from meetings.rules.permissions import Actor
from meetings.rules.polls import TEST, Method, in_time
from meetings.rules.refusals import Refused
from meetings.rules.roll import may_cast
from meetings.rules.rule_data import stored_rule
from meetings.storage.many import among, insert_many, update_many
from meetings.storage.tables import Ballot, Poll, RollEntry, SecretBallot
from meetings.storage.unit_of_work import Store, Work

log = logging.getLogger(__name__)

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
    choice: Any
    """As it was sent; of an accepted ballot the text that is stored."""
    key: str
    arrived: datetime
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
        self, actor: Actor, poll: UUID, choice: object, key: str, represented: UUID | None = None
    ) -> Receipt:
        """Cast a ballot for oneself, or for a member represented by proxy. Returns after the commit.

        `choice` is a code, or a list or an object where the kind of poll has several marks (`rules.ballot_forms`).
        The same key again gives the same receipt; another key after a ballot is refused (`ballot-cast`), or gives a
        new revision where ballots may be changed.
        """
        return await self.put(actor, poll, choice, key, represented)

    def put(
        self, actor: Actor, poll: UUID, choice: object, key: str, represented: UUID | None = None
    ) -> asyncio.Future[Receipt]:
        """The same without waiting: what `cast` would return or raise is in the future, after the commit."""
        if self._writer is None or self._shutting:
            raise Refused("busy")
        answer: asyncio.Future[Receipt] = asyncio.get_running_loop().create_future()
        voter = represented or actor.person
        self._waiting.append(
            _Cast(poll, voter, actor.person, choice, _checked_key(key), self._store.clock(), answer)
        )
        self._wake.set()
        return answer

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
                    grown[poll_id] = poll.meeting_id, sum(one.revision == 1 for one in page.accepted)
        return [answers[place] for place in range(len(batch))], grown


@dataclass(frozen=True, slots=True)
class _Mark:
    """That a voter took part: the receipt, the intent's key, and when."""

    receipt: str
    key: str
    at: datetime


@dataclass(frozen=True, slots=True)
class _Kept:
    """A named ballot: what was chosen, and what its own intent is answered."""

    choice: str
    revision: int
    mark: _Mark


@dataclass(frozen=True, slots=True)
class _Accepted:
    cast: _Cast
    entry: Any
    receipt: str
    revision: int


class _Page:
    """One poll's share of a batch: decides each ballot, then writes the accepted ones together."""

    def __init__(
        self, work: Work, poll: Poll, roll: dict[UUID, Any], ballots: dict[UUID, list[_Kept]]
    ) -> None:
        self._poll = poll
        self._roll = roll
        """Lines of the roll as plain rows: objects would cost more than all the rest."""
        self._marks = {
            person: _Mark(row.receipt, row.ballot_key, row.cast_at)
            for person, row in roll.items()
            if row.receipt
        }
        self._ballots = ballots
        self._form = poll_form(poll.kind, poll.form, stored_rule(poll.rule).choices)
        self._now = work.now.replace(second=0, microsecond=0) if poll.secret else work.now
        self.accepted: list[_Accepted] = []

    @classmethod
    async def load(cls, work: Work, poll: Poll, casts: Sequence[_Cast]) -> _Page:
        """Lock the lines of the roll that this batch touches (the proxies' holders are read along)."""
        concerned = {one.voter for one in casts} | {one.actor for one in casts}
        rows = await work.session.execute(
            select(_ROLL)
            .where(_ROLL.c.poll_id == poll.id, among(work.session, _ROLL.c.person_id, concerned))
            .order_by(_ROLL.c.person_id)
            .with_for_update()
        )
        roll = {row.person_id: row for row in rows}
        cast_already = [person for person, row in roll.items() if row.receipt]
        ballots: dict[UUID, list[_Kept]] = {}
        if cast_already and not poll.secret:
            theirs = among(work.session, _BALLOT.c.person_id, cast_already)
            named = select(_BALLOT).where(_BALLOT.c.poll_id == poll.id, theirs)
            for row in await work.session.execute(named.order_by(_BALLOT.c.revision)):
                mark = _Mark(row.receipt or "", row.key or "", row.cast_at)
                ballots.setdefault(row.person_id, []).append(_Kept(row.choice, row.revision, mark))
        return cls(work, poll, roll, ballots)

    def take(self, one: _Cast) -> Receipt:
        """Count this ballot, or find the receipt it has already."""
        one, wrong = self._as_stored(one)
        entry, mark = self._roll.get(one.voter), self._marks.get(one.voter)
        earlier = self._ballots.get(one.voter, [])
        repeated = self._repeated(one, mark, earlier)
        if repeated is not None:
            return repeated
        poll = self._poll
        if poll.state != PollState.OPEN or not in_time(poll.closes_at, poll.grace, one.arrived):
            raise Refused("poll-not-open" if poll.state == PollState.DRAFT else "poll-late")
        if poll.method == Method.HANDS:
            raise Refused("ballot-in-hands")
        may_cast([voter_of(row) for row in self._lines(one)], str(one.actor), str(one.voter))
        if wrong is not None:
            raise wrong
        if entry is None:
            raise Refused("not-on-roll")
        if poll.method == Method.ROLL_CALL and entry.called_at is None:
            raise Refused("not-called")
        if mark is not None and (poll.secret or not poll.changeable):
            raise Refused("ballot-cast", at=mark.at)
        receipt, revision = new_receipt(), earlier[-1].revision + 1 if earlier else 1
        mark = self._marks[one.voter] = _Mark(receipt, one.key, self._now)
        if not poll.secret:
            self._ballots[one.voter] = [*earlier, _Kept(one.choice, revision, mark)]
        self.accepted.append(_Accepted(one, entry, receipt, revision))
        return Receipt(receipt, self._now, poll.meeting_id)

    def _as_stored(self, one: _Cast) -> tuple[_Cast, Refused | None]:
        """The same intent with the text of its ballot, or why the form does not allow it."""
        try:
            text = checked(self._form, one.choice)
        except Refused as wrong:
            return one, wrong
        return (one if text == one.choice else replace(one, choice=text)), None

    def _repeated(self, one: _Cast, mark: _Mark | None, earlier: Sequence[_Kept]) -> Receipt | None:
        """The receipt of an intent that was counted before, even of a ballot that was replaced since."""
        if mark is None:
            return None
        kept = next((ballot for ballot in earlier if ballot.mark.key == one.key), None)
        if kept is None and mark.key != one.key:
            return None
        choice = kept.choice if kept else earlier[-1].choice if earlier else one.choice
        if not self._poll.secret and choice != one.choice:
            raise Refused("key-reused")
        told = kept.mark if kept else mark
        return Receipt(told.receipt, told.at, self._poll.meeting_id, repeated=True)

    def _lines(self, one: _Cast) -> list[Any]:
        return [self._roll[person] for person in {one.voter, one.actor} if person in self._roll]

    async def write(self, work: Work) -> None:
        """Participation, ballots and journal rows of everything accepted."""
        poll = self._poll.id
        last = {one.cast.voter: one for one in self.accepted}
        marks = [
            {
                "poll_id": poll,
                "person_id": voter,
                "receipt": one.receipt,
                "ballot_key": one.cast.key,
                "cast_at": self._now,
            }
            for voter, one in last.items()
        ]
        await update_many(work.session, _ROLL, ("poll_id", "person_id"), marks)
        if self._poll.secret:
            fresh = [
                {"id": work.new_id(), "poll_id": poll, "choice": one.cast.choice} for one in self.accepted
            ]
            await insert_many(work.session, _SECRET, sorted(fresh, key=lambda row: row["id"]))
            return
        await self._write_named(work, last)
        await drop_of_those_who_cast(work, poll, list(last))
        if self._poll.kind != TEST:
            await work.record_all(self._events(), meeting=self._poll.meeting_id)

    async def _write_named(self, work: Work, last: Mapping[UUID, _Accepted]) -> None:
        """The ballots, with their keys where a late repeat may ask for one that was replaced."""
        poll, keeps = self._poll, self._poll.changeable
        changed = [one.cast.voter for one in self.accepted if one.revision > 1]
        if changed:
            standing = update(_BALLOT).where(
                _BALLOT.c.poll_id == poll.id,
                _BALLOT.c.person_id.in_(changed),
                _BALLOT.c.replaced_at.is_(None),
            )
            await work.session.execute(standing.values(replaced_at=self._now))
        rows = [
            {
                "id": work.new_id(),
                "poll_id": poll.id,
                "person_id": one.cast.voter,
                "choice": one.cast.choice,
                "weight": one.entry.weight,
                "cast_at": self._now,
                "revision": one.revision,
                "replaced_at": None if one is last[one.cast.voter] else self._now,
                "key": one.cast.key if keeps else None,
                "receipt": one.receipt if keeps else None,
            }
            for one in self.accepted
        ]
        await insert_many(work.session, _BALLOT, rows)

    def _events(self) -> list[tuple[UUID, BallotCast]]:
        told = RollCallAnswered if self._poll.method == Method.ROLL_CALL else BallotCast
        return [
            (
                one.cast.actor,
                told(
                    poll=str(self._poll.id),
                    receipt=one.receipt,
                    voter=str(one.cast.voter),
                    choice=one.cast.choice,
                    weight=one.entry.weight,
                    salt=secrets.token_hex(16),
                    revision=one.revision,
                ),
            )
            for one in self.accepted
        ]


def _checked_key(key: str) -> str:
    try:
        return str(UUID(key))
    except (ValueError, AttributeError, TypeError) as wrong:
        raise Refused("key-wrong") from wrong
