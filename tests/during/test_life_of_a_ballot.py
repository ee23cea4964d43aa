"""A ballot's life against a model of it: whatever is sent, in whatever order, the box does what the rules say.

The invariants are those of every electronic vote: what was acknowledged is counted once, a repeat gets its own receipt,
nobody votes who may not or twice, and nothing is counted after the closing.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from meetings.during import chairs_acts, entered_ballots, poll_record, standing_in, voting
from meetings.during.attendance import Presence, record_attendance
from meetings.during.ballot_box import BallotBox
from meetings.during.recusals import declare_recusal
from meetings.life import CONSEQUENCES
from meetings.rules.recount import recount
from meetings.rules.refusals import Refused
from meetings.storage.database import make_engine
from meetings.storage.files import Files
from meetings.storage.tables import Ballot, Body, JournalRow, Poll, RollEntry, SecretBallot
from meetings.storage.unit_of_work import Store
from tests.support.council import Council, Sitting, begin_sitting, make_council

SEATS = 9
RECUSED, GIVER, AWAY, MISTAKEN = 4, 5, 6, 7
"""Delegates by number: stands aside; away with a proxy that 1 holds; away; away, with a proxy that 4 holds."""
HOLDERS = {GIVER: 1, MISTAKEN: RECUSED}
WAYS: tuple[dict[str, Any], ...] = ({}, {"changeable": True}, {"secret": True}, {"seconds": 60})
GRACE = 3
OUTSIDER = 99


@dataclass
class Box:
    """The model: who may vote, what was counted under which key, and until when. It says what each act is answered."""

    secret: bool = False
    changeable: bool = False
    ends: datetime | None = None
    open: bool = True
    attending: set[int] = field(default_factory=lambda: {0, 1, 2, 3, RECUSED, 8})
    arrived: set[int] = field(default_factory=set[int])
    counted: dict[int, list[tuple[str, str]]] = field(default_factory=dict[int, list[tuple[str, str]]])
    """Of each voter the keys and choices that were counted; the last one stands."""
    waiting: dict[int, str] = field(default_factory=dict[int, str])
    """Ballots that the secretary has entered and nobody has confirmed yet."""

    def cast(self, actor: int, voter: int, choice: str, key: str, now: datetime) -> str:
        """`counted`, `again`, or the code of the refusal."""
        given = self.counted.get(voter, [])
        for one, chosen in given if self.changeable else given[-1:]:
            if one == key:
                return "again" if self.secret or chosen == choice else "key-reused"
        if not self.open or (self.ends is not None and now > self.ends):
            return "poll-late"
        obstacle = self.obstacle(actor, voter)
        if obstacle:
            return obstacle
        if choice not in ("yes", "no", "abstain"):
            return "choice-unknown"
        if given and not self.changeable:
            return "ballot-cast"
        self.counted[voter] = [*given, (key, choice)]
        self.waiting.pop(voter, None)
        return "counted"

    def obstacle(self, actor: int, voter: int) -> str:
        if voter == OUTSIDER:
            return "not-on-roll"
        if voter == RECUSED:
            return "recused"
        if voter in self.attending:
            return "" if actor == voter else "proxy-void"
        if voter not in HOLDERS:
            return "not-present"
        if HOLDERS[voter] == RECUSED:
            return "proxy-void"
        return "" if actor == HOLDERS[voter] else "proxy-void"

    def enter(self, voter: int, choice: str) -> str:
        if self.secret:
            return "secret-entered"
        if voter == RECUSED:
            return "recused"
        if voter not in self.attending:
            return "not-present"
        if voter in self.counted:
            return "ballot-cast"
        if voter in self.waiting:
            return "entered-waits"
        self.waiting[voter] = choice
        return "done"

    def confirm(self, voter: int) -> str:
        self.counted[voter] = [("of the secretary", self.waiting.pop(voter))]
        return "done"

    def admit(self, voter: int) -> str:
        if voter in self.counted and voter in self.arrived - self.attending:
            return "admit-proxy"
        if voter not in self.arrived - self.attending:
            return "admit-none"
        self.attending.add(voter)
        return "done"

    @property
    def tally(self) -> Counter[str]:
        return Counter(given[-1][1] for given in self.counted.values())


people = st.sampled_from([0, 1, 2, 3, RECUSED, GIVER, AWAY, MISTAKEN, 8])
choices = st.sampled_from(["yes", "no", "abstain", "yes", "no", "maybe", ""])
votes = st.sampled_from(["yes", "no", "abstain"])
keys = st.integers(0, 3)
casts = st.tuples(st.just("cast"), people, st.none() | people | st.just(OUTSIDER), choices, keys)
acts = st.one_of(
    casts,
    casts,
    st.tuples(st.just("cast"), st.integers(0, 3), st.none(), votes, keys),
    st.tuples(st.just("cast"), st.just(1), st.just(GIVER), votes, keys),
    st.tuples(st.just("arrive"), st.sampled_from([GIVER, AWAY])),
    st.tuples(st.just("admit"), people),
    st.tuples(st.just("enter"), people, votes),
    st.tuples(st.just("confirm"), people),
    st.tuples(st.just("wait"), st.sampled_from([1, 29, 30, 60, 62])),
    st.tuples(st.just("close")),
    st.tuples(st.just("race"), votes, keys),
)


class House:
    """A real box and a council in session, where one poll after the other is held."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.now = store.clock()
        store.clock = lambda: self.now
        self.box = BallotBox(store)
        self.council: Council
        self.sitting: Sitting

    async def begin(self) -> None:
        self.council = await make_council(self.store, seats=SEATS, rule="plurality")
        self.sitting = await begin_sitting(self.store, self.council)
        async with self.store.work() as work:
            (await work.locked(Body, self.council.body)).room_rules = {"proxies": True}
        async with self.store.work() as work:
            person = self.council.delegates[RECUSED].person
            await declare_recusal(work, self.council["chair"], self.sitting.item, person=person)
        self.box.open()

    def actor(self, number: int) -> Any:
        return self.council["observer"] if number == OUTSIDER else self.council.delegates[number]

    async def play(self, how: dict[str, Any], plan: list[tuple[Any, ...]]) -> None:
        """One poll from its opening to its record."""
        await self.as_it_was()
        poll = await self.open(dict(how))
        model = Box(secret=bool(how.get("secret")), changeable=bool(how.get("changeable")))
        if "seconds" in how:
            model.ends = self.now + timedelta(seconds=how["seconds"] + GRACE)
        receipts: dict[tuple[int, str], str] = {}
        salt = uuid4()  # the same key in another poll is another ballot's
        for name, *facts in plan:
            await getattr(self, f"_{name}")(poll, model, receipts, salt, *facts)
        if model.open:
            await self._close(poll, model, receipts, salt)
        await self.compare(poll, model)

    async def as_it_was(self) -> None:
        """Nothing is open any more, whoever came late has left again, and the proxies are given anew."""
        secretary, meeting = self.council["secretary"], self.sitting.meeting
        async with self.store.work() as work:
            left = select(Poll.id).where(Poll.state.in_(("draft", "open", "closed")))
            for poll in (await work.session.scalars(left)).all():
                await voting.annul_poll(work, self.council["chair"], poll, reason="Nhầm")
        async with self.store.work() as work:
            for number in (GIVER, AWAY, MISTAKEN):
                await record_attendance(work, secretary, meeting, self.actor(number).person, Presence.OUT)
        for giver, holder in HOLDERS.items():
            with suppress(Refused):
                async with self.store.work() as work:
                    await standing_in.give_proxy(
                        work,
                        secretary,
                        meeting,
                        holder=self.actor(holder).person,
                        giver=self.actor(giver).person,
                    )

    async def open(self, how: dict[str, Any]) -> UUID:
        seconds = how.pop("seconds", None)
        async with self.store.work() as work:
            poll = await voting.draft_poll(
                work, self.council["chair"], self.sitting.item, title="Biểu quyết", **how
            )
            await voting.open_poll(work, self.council["chair"], poll.id, seconds=seconds)
        return poll.id

    async def _cast(
        self,
        poll: UUID,
        model: Box,
        receipts: Any,
        salt: UUID,
        actor: int,
        voter: int | None,
        choice: str,
        key: int,
    ) -> None:
        text = str(UUID(int=salt.int ^ key))
        whom = actor if voter is None else voter
        expected = model.cast(actor, whom, choice, text, self.now)
        represented = None if voter is None else self.actor(voter).person
        try:
            receipt = await self.box.cast(self.actor(actor), poll, choice, text, represented)
            answer = "again" if receipt.repeated else "counted"
            if not receipt.repeated:
                receipts[whom, text] = receipt.receipt
            assert receipts[whom, text] == receipt.receipt, "a repeat gets the receipt of its own ballot"
        except Refused as refusal:
            answer = refusal.code
        assert answer == expected

    async def _race(self, poll: UUID, model: Box, receipts: Any, salt: UUID, choice: str, key: int) -> None:
        """Everybody presses in the moment in which the chair closes: each is in and acknowledged, or late."""
        if not model.open or model.waiting:
            return
        text = str(UUID(int=salt.int ^ key))
        sent = [0, 1, 2, 3]
        casting = [self.box.cast(self.actor(one), poll, choice, text) for one in sent]
        answers: list[Any] = await asyncio.gather(*casting, self._shut(poll), return_exceptions=True)
        assert answers[-1] is None, answers[-1]
        for one, answer in zip(sent, answers[:-1], strict=True):
            if isinstance(answer, Refused):
                known = model.cast(one, one, choice, text, self.now)
                if known == "counted":
                    assert answer.code == "poll-late"
                    model.counted[one].pop()
                    if not model.counted[one]:
                        del model.counted[one]
                else:
                    assert answer.code in (known, "poll-late")
            else:
                assert not isinstance(answer, BaseException), answer
                assert model.cast(one, one, choice, text, self.now) == (
                    "again" if answer.repeated else "counted"
                )
                assert receipts.setdefault((one, text), answer.receipt) == answer.receipt
        model.open = False

    async def _shut(self, poll: UUID) -> None:
        async with self.store.work() as work:
            await voting.close_poll(work, self.council["chair"], poll)

    async def _arrive(self, poll: UUID, model: Box, receipts: Any, salt: UUID, who: int) -> None:
        async with self.store.work() as work:
            await record_attendance(
                work, self.council["secretary"], self.sitting.meeting, self.actor(who).person, Presence.IN
            )
        model.arrived.add(who)

    async def _admit(self, poll: UUID, model: Box, receipts: Any, salt: UUID, who: int) -> None:
        expected = model.admit(who) if model.open else "not-now"
        assert await self.answer(chairs_acts.admit_member, "chair", poll, self.actor(who).person) == expected

    async def _enter(self, poll: UUID, model: Box, receipts: Any, salt: UUID, who: int, choice: str) -> None:
        expected = "poll-late" if self.over(model) and not model.secret else model.enter(who, choice)
        person = self.actor(who).person
        assert await self.answer(entered_ballots.enter_ballot, "secretary", poll, person, choice) == expected

    async def _confirm(self, poll: UUID, model: Box, receipts: Any, salt: UUID, who: int) -> None:
        async with self.store.reading() as reading:
            waiting = {one.person: one.id for one in await entered_ballots.waiting_for(reading, poll)}
        assert set(waiting) == {self.actor(one).person for one in model.waiting}
        if who not in model.waiting:
            return
        expected = "entered-own" if who == 0 else "poll-late" if self.over(model) else model.confirm(who)
        entered = waiting[self.actor(who).person]
        assert await self.answer(entered_ballots.confirm_ballot, "chair", entered) == expected

    async def _wait(self, poll: UUID, model: Box, receipts: Any, salt: UUID, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    async def _close(self, poll: UUID, model: Box, receipts: Any, salt: UUID) -> None:
        if not model.open:
            return
        if model.waiting:
            assert await self.answer(voting.close_poll, "chair", poll) == "entered-left"
            async with self.store.reading() as reading:
                left = [one.id for one in await entered_ballots.waiting_for(reading, poll)]
            for one in left:
                await self.answer(entered_ballots.drop_ballot, "secretary", one)
            model.waiting.clear()
        assert await self.answer(voting.close_poll, "chair", poll) == "done"
        model.open = False

    def over(self, model: Box) -> bool:
        return not model.open or (model.ends is not None and self.now > model.ends)

    async def answer(self, act: Any, login: str, *arguments: Any) -> str:
        try:
            async with self.store.work() as work:
                await act(work, self.council[login], *arguments)
        except Refused as refusal:
            return refusal.code
        return "done"

    async def compare(self, poll: UUID, model: Box) -> None:
        """Tally, ballots, roll, journal and the published record say what the model says."""
        numbers = {self.actor(number).person: number for number in range(SEATS)}
        assert await self.answer(voting.announce_outcome, "chair", poll) == "done"
        async with self.store.reading() as reading:
            kept = await reading.get(Poll, poll)
            roll = (await reading.session.scalars(select(RollEntry).where(RollEntry.poll_id == poll))).all()
            named = (await reading.session.scalars(select(Ballot).where(Ballot.poll_id == poll))).all()
            secret = (
                await reading.session.scalars(select(SecretBallot).where(SecretBallot.poll_id == poll))
            ).all()
            rows = select(JournalRow.payload).where(JournalRow.event == "BallotCast")
            told = [row for row in await reading.session.scalars(rows) if row and row["poll"] == str(poll)]
            record = await poll_record.record_of_poll(reading, self.council["observer"], poll)
        assert kept.tally is not None
        assert kept.tally["cast"] == kept.cast == len(model.counted)
        assert {choice: kept.tally["heads"][choice] for choice in ("yes", "no", "abstain")} == {
            choice: model.tally[choice] for choice in ("yes", "no", "abstain")
        }
        assert {numbers[row.person_id] for row in roll if row.receipt} == set(model.counted)
        if model.secret:
            assert not named
            assert not told
            assert Counter(one.choice for one in secret) == model.tally
        else:
            assert not secret
            standing = {numbers[one.person_id]: one.choice for one in named if one.replaced_at is None}
            assert standing == {voter: given[-1][1] for voter, given in model.counted.items()}
            assert len(named) == len(told) == sum(map(len, model.counted.values()))
        assert recount(record).agrees


def held(database_url: str, folder: Path, examples: int) -> None:
    """So many polls in one council, each by a plan of its own."""
    store = Store(make_engine(database_url), Files(folder / "files"), consequences=CONSEQUENCES)
    house = House(store)
    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
        runner.run(house.begin())

        @settings(
            max_examples=examples, deadline=None, database=None, derandomize=True,
            suppress_health_check=[HealthCheck.too_slow], phases=[Phase.generate, Phase.shrink], print_blob=False,
        )  # fmt: skip
        @given(st.sampled_from(WAYS), st.lists(acts, min_size=4, max_size=30))
        def check(how: dict[str, Any], plan: list[tuple[Any, ...]]) -> None:
            runner.run(house.play(how, plan))

        try:
            check()
        finally:
            runner.run(house.box.shut())
            runner.run(store.close())


@pytest.mark.parametrize("examples", [30])
def test_the_box_does_what_the_model_says(sqlite_database_url: str, tmp_path: Path, examples: int) -> None:
    held(sqlite_database_url, tmp_path, examples)


def test_and_so_it_does_on_postgresql(postgresql_database_url: str, tmp_path: Path) -> None:
    held(postgresql_database_url, tmp_path, 6)
