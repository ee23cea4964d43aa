"""Polls from draft to announcement: the roll, the ballots, the closing, what follows, and what stays hidden."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from random import Random
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, inspect, select, text

from meetings.before.agenda import add_item
from meetings.before.scheduling import schedule_meeting
from meetings.during.attendance import Presence, record_attendance
from meetings.during.ballot_box import BallotBox, Receipt
from meetings.during.stage import stage_of
from meetings.during.voting import announce_outcome, annul_poll, close_poll, draft_poll, open_poll
from meetings.rules.permissions import Actor
from meetings.rules.refusals import Refused
from meetings.storage.tables import Ballot, JournalRow, Meeting, Motion, Poll, RollEntry, SecretBallot
from meetings.storage.unit_of_work import Store, Work
from tests.support.council import Council, begin_poll, begin_sitting, make_council


@asynccontextmanager
async def ballot_box(store: Store) -> AsyncGenerator[BallotBox]:
    box = BallotBox(store)
    box.open()
    try:
        yield box
    finally:
        await box.shut()


async def _close(store: Store, council: Council, poll: UUID) -> Poll:
    async with store.work() as work:
        return await close_poll(work, council["chair"], poll)


async def _announce(store: Store, council: Council, poll: UUID) -> Poll:
    async with store.work() as work:
        return await announce_outcome(work, council["chair"], poll)


async def _code(act: Awaitable[object]) -> str:
    try:
        await act
    except Refused as refusal:
        return refusal.code
    return "done"


async def _attempt(store: Store, act: Callable[[Work], Awaitable[object]]) -> str:
    async def whole() -> None:
        async with store.work() as work:
            await act(work)

    return await _code(whole())


async def _vote(box: BallotBox, poll: UUID, voters: list[Actor], choice: str) -> list[Receipt]:
    return await asyncio.gather(*(box.cast(voter, poll, choice, str(uuid4())) for voter in voters))


async def test_a_poll_from_its_opening_to_the_adopted_motion(store: Store) -> None:
    council = await make_council(store, seats=9)
    sitting = await begin_sitting(store, council, present=7)
    poll = await begin_poll(store, council, sitting)
    voters = council.delegates
    async with ballot_box(store) as box:
        await _vote(box, poll, voters[:5], "yes")
        await _vote(box, poll, voters[5:6], "no")
    closed = await _close(store, council, poll)
    assert closed.tally is not None
    assert closed.outcome is not None
    assert (closed.eligible, closed.cast, closed.tally["not_cast"]) == (7, 6, 1)
    assert (closed.outcome["code"], closed.outcome["percent"]) == ("adopted", "55.56")
    async with store.reading() as reading:
        assert (await reading.get(Motion, sitting.motion)).state == "moved", (
            "nothing follows before the announcement"
        )
    await _announce(store, council, poll)
    async with store.reading() as reading:
        assert (await reading.get(Motion, sitting.motion)).state == "adopted"
        events = (await reading.session.scalars(select(JournalRow.event).order_by(JournalRow.seq))).all()
    assert Counter(events)["BallotCast"] == 6
    assert "MotionAdopted" in events


async def test_a_rejected_motion_is_rejected_by_itself(store: Store) -> None:
    council = await make_council(store, seats=3)
    sitting = await begin_sitting(store, council)
    poll = await begin_poll(store, council, sitting)
    async with ballot_box(store) as box:
        await _vote(box, poll, council.delegates[:1], "yes")
        await _vote(box, poll, council.delegates[1:], "no")
    await _close(store, council, poll)
    await _announce(store, council, poll)
    async with store.reading() as reading:
        assert (await reading.get(Motion, sitting.motion)).state == "rejected"


async def test_who_gets_no_ballot_is_told_why(store: Store) -> None:
    council = await make_council(store, seats=9)
    sitting = await begin_sitting(store, council, present=7)
    poll = await begin_poll(store, council, sitting)
    present, absent = council.delegates[1], council.delegates[8]
    async with ballot_box(store) as box:

        def cast(who, choice="yes", key=None):
            return _code(box.cast(who, poll, choice, key or str(uuid4())))

        assert await cast(absent) == "not-present"
        assert await cast(council["secretary"]) == "not-on-roll"
        assert await cast(council["stranger"]) == "not-on-roll"
        assert await cast(present, "maybe") == "choice-unknown"
        assert await cast(present, "yes", "not a key") == "key-wrong"
        assert await _code(box.cast(present, uuid4(), "yes", str(uuid4()))) == "not-found"
        assert await _code(box.cast(present, poll, "yes", str(uuid4()), absent.person)) == "not-present"
        async with store.work() as work:
            await record_attendance(work, council["secretary"], sitting.meeting, absent.person, Presence.IN)
        assert await cast(absent) == "not-present", "the roll is frozen: a later arrival is not on it"
        assert await cast(present) == "done"


async def test_a_resent_ballot_gets_its_receipt_and_changes_nothing(store: Store) -> None:
    council = await make_council(store, seats=3)
    sitting = await begin_sitting(store, council)
    poll = await begin_poll(store, council, sitting)
    voter, key = council.delegates[0], str(uuid4())
    async with ballot_box(store) as box:
        first = await box.cast(voter, poll, "yes", key)
        again = await asyncio.gather(*(box.cast(voter, poll, "yes", key) for _ in range(10)))
        assert {one.receipt for one in again} == {first.receipt}
        assert await _code(box.cast(voter, poll, "no", key)) == "key-reused"
        assert await _code(box.cast(voter, poll, "no", str(uuid4()))) == "ballot-cast"
        await _close(store, council, poll)
        after = await box.cast(voter, poll, "yes", key)
        assert (after.receipt, after.repeated) == (first.receipt, True)
        assert await _code(box.cast(council.delegates[1], poll, "yes", str(uuid4()))) == "poll-late"
    async with store.reading() as reading:
        assert await reading.session.scalar(select(func.count()).select_from(Ballot)) == 1


async def test_ten_impatient_taps_with_ten_keys_are_one_ballot(store: Store) -> None:
    council = await make_council(store, seats=3)
    sitting = await begin_sitting(store, council)
    poll = await begin_poll(store, council, sitting)
    async with ballot_box(store) as box:
        answers = await asyncio.gather(
            *(_code(box.cast(council.delegates[0], poll, "yes", str(uuid4()))) for _ in range(10))
        )
    assert Counter(answers) == {"done": 1, "ballot-cast": 9}


async def test_hundreds_at_once_are_all_counted_once(store: Store) -> None:
    council = await make_council(store, seats=120)
    sitting = await begin_sitting(store, council)
    poll = await begin_poll(store, council, sitting)
    async with ballot_box(store) as box:
        receipts = await _vote(box, poll, council.delegates, "yes")
    assert len({receipt.receipt for receipt in receipts}) == 120
    closed = await _close(store, council, poll)
    assert closed.tally is not None
    assert (closed.cast, closed.tally["heads"]["yes"]) == (120, 120)


@pytest.mark.parametrize("seed", range(4))
async def test_closing_in_the_middle_of_a_storm_is_exact(store: Store, seed: int) -> None:
    council = await make_council(store, seats=30)
    sitting = await begin_sitting(store, council)
    poll = await begin_poll(store, council, sitting)
    random = Random(seed)
    async with ballot_box(store) as box:

        async def late(voter: Actor) -> str:
            await asyncio.sleep(random.random() * 0.05)
            return await _code(box.cast(voter, poll, random.choice(["yes", "no", "abstain"]), str(uuid4())))

        async def shut() -> Poll:
            await asyncio.sleep(random.random() * 0.05)
            return await _close(store, council, poll)

        *answers, closed = await asyncio.gather(*(late(voter) for voter in council.delegates), shut())
    assert isinstance(closed, Poll)
    assert set(answers) <= {"done", "poll-late"}
    async with store.reading() as reading:
        kept = await reading.session.scalar(select(func.count()).select_from(Ballot))
    assert closed.tally is not None
    assert answers.count("done") == closed.cast == sum(closed.tally["heads"].values()) == kept


async def test_a_poll_does_not_open_without_quorum_or_off_its_item(store: Store) -> None:
    council = await make_council(store, seats=9)
    sitting = await begin_sitting(store, council, present=6)
    chair = council["chair"]
    async with store.work() as work:
        poll = await draft_poll(work, chair, sitting.item, motion=sitting.motion)
        await record_attendance(
            work, council["secretary"], sitting.meeting, council.delegates[1].person, Presence.OUT
        )
    assert await _attempt(store, lambda work: open_poll(work, chair, poll.id)) == "quorum-short"
    async with store.reading() as reading:
        assert await reading.session.scalar(select(func.count()).select_from(RollEntry)) == 0
        assert (await reading.get(Poll, poll.id)).state == "draft"


async def test_a_quorum_lost_before_closing_is_an_outcome_of_its_own(store: Store) -> None:
    council = await make_council(store, seats=9)
    sitting = await begin_sitting(store, council, present=6)
    poll = await begin_poll(store, council, sitting)
    async with ballot_box(store) as box:
        await _vote(box, poll, council.delegates[:6], "yes")
    async with store.work() as work:
        await record_attendance(
            work, council["secretary"], sitting.meeting, council.delegates[1].person, Presence.OUT
        )
    closed = await _close(store, council, poll)
    assert closed.outcome is not None
    assert (closed.outcome["code"], closed.cast) == ("no_quorum", 6)


async def test_the_chairs_side_settles_a_tie(store: Store) -> None:
    council = await make_council(store, seats=4, rule="ubnd")
    sitting = await begin_sitting(store, council)
    poll = await begin_poll(store, council, sitting)
    async with ballot_box(store) as box:
        await _vote(box, poll, council.delegates[:2], "yes")
        await _vote(box, poll, council.delegates[2:], "no")
    closed = await _close(store, council, poll)
    assert closed.outcome is not None
    assert (closed.outcome["code"], closed.outcome["reason"]) == ("adopted", "tie-chair-yes")


async def test_numbers_are_hidden_until_they_may_be_seen(store: Store) -> None:
    council = await make_council(store, seats=3)
    sitting = await begin_sitting(store, council)
    poll = await begin_poll(store, council, sitting)

    async def seen(*, insider: bool) -> tuple[int, bool, bool]:
        async with store.reading() as reading:
            stage = await stage_of(reading, await reading.get(Meeting, sitting.meeting), insider=insider)
        shown = stage.latest
        assert shown is not None
        return shown.cast, shown.tally is not None, shown.outcome is not None

    async with ballot_box(store) as box:
        await _vote(box, poll, council.delegates[:2], "yes")
    assert await seen(insider=False) == await seen(insider=True) == (2, False, False)
    await _close(store, council, poll)
    assert await seen(insider=False) == (2, False, False)
    assert await seen(insider=True) == (2, True, True)
    await _announce(store, council, poll)
    assert await seen(insider=False) == (2, True, True)


async def test_a_secret_ballot_has_no_link_to_its_voter(store: Store) -> None:
    council = await make_council(store, seats=6)
    sitting = await begin_sitting(store, council)
    poll = await begin_poll(store, council, sitting, secret=True)
    voter, key = council.delegates[0], str(uuid4())
    async with ballot_box(store) as box:
        first = await box.cast(voter, poll, "no", key)
        again = await box.cast(voter, poll, "yes", key)
        assert again.receipt == first.receipt, "a repeat tells nothing about the choice"
        await _vote(box, poll, council.delegates[1:], "yes")
        before = await _secret_rows(store)
    closed = await _close(store, council, poll)
    after = await _secret_rows(store)
    assert closed.tally is not None
    assert closed.tally["heads"] == {"yes": 5, "no": 1, "abstain": 0}
    assert not set(before) & set(after), "closing writes every ballot anew"
    assert sorted(before.values()) == sorted(after.values())
    async with store.reading() as reading:
        assert await reading.session.scalar(select(func.count()).select_from(Ballot)) == 0
        rows = (
            await reading.session.scalars(select(JournalRow).where(JournalRow.chain_id == sitting.meeting))
        ).all()
        assert "BallotCast" not in {row.event for row in rows}
        entries = (await reading.session.scalars(select(RollEntry).where(RollEntry.poll_id == poll))).all()
    assert {entry.cast_at.second for entry in entries if entry.cast_at} == {0}, "no fine times"
    columns = {column.key for column in inspect(SecretBallot).columns}
    assert columns == {"id", "poll_id", "choice"}


async def _secret_rows(store: Store) -> dict[UUID, str]:
    async with store.reading() as reading:
        rows = await reading.session.execute(select(SecretBallot.id, SecretBallot.choice))
        return dict(rows.all())


async def test_secret_ballots_rest_without_a_row_order(sqlite_database_url: str) -> None:
    from meetings.storage.database import make_engine

    engine = make_engine(sqlite_database_url)
    async with engine.connect() as connection:
        schema = await connection.scalar(text("SELECT sql FROM sqlite_master WHERE name = 'secret_ballot'"))
    await engine.dispose()
    assert "WITHOUT ROWID" in schema


async def test_an_annulled_poll_counts_for_nothing_before_its_announcement_and_after(store: Store) -> None:
    council = await make_council(store, seats=3)
    sitting = await begin_sitting(store, council)
    chair = council["chair"]
    poll = await begin_poll(store, council, sitting)
    assert await _attempt(store, lambda work: annul_poll(work, chair, poll, reason=" ")) == "reason-missing"
    assert await _attempt(store, lambda work: annul_poll(work, chair, poll, reason="Nhầm văn bản")) == "done"
    async with ballot_box(store) as box:
        assert await _code(box.cast(council.delegates[0], poll, "yes", str(uuid4()))) == "poll-late"
    second = await begin_poll(store, council, sitting)
    await _close(store, council, second)
    await _announce(store, council, second)
    assert await _attempt(store, lambda work: annul_poll(work, chair, second, reason="Nhầm phiếu")) == "done"
    async with store.reading() as reading:
        motion, annulled = await reading.get(Motion, sitting.motion), await reading.get(Poll, second)
        told = await reading.session.scalars(
            select(JournalRow.payload).where(JournalRow.event == "PollAnnulled").order_by(JournalRow.seq)
        )
        assert [payload["announced"] for payload in told] == [False, True]
    assert (motion.state, annulled.state, annulled.annulled_reason) == ("moved", "annulled", "Nhầm phiếu")


async def test_an_annulled_secret_poll_keeps_no_order_either(store: Store) -> None:
    council = await make_council(store, seats=3)
    sitting = await begin_sitting(store, council)
    poll = await begin_poll(store, council, sitting, secret=True)
    async with ballot_box(store) as box:
        await _vote(box, poll, council.delegates, "no")
    before = await _secret_rows(store)
    async with store.work() as work:
        annulled = await annul_poll(work, council["chair"], poll, reason="Nhầm văn bản")
    assert annulled.cast == 3
    after = await _secret_rows(store)
    assert not set(before) & set(after), "annulling writes every ballot anew"
    assert sorted(before.values()) == sorted(after.values())


async def test_a_rule_is_used_within_its_dates(store: Store) -> None:
    council = await make_council(store, seats=3)
    async with store.work() as work:
        meeting = await schedule_meeting(
            work, council["secretary"], body=council.body, title="Họp năm cũ", starts="2014-05-20T08:00"
        )
        item = await add_item(work, council["secretary"], meeting.id, title="Nghị quyết")

    def draft(work, rule):
        return draft_poll(work, council["secretary"], item.id, rule=rule)

    assert await _attempt(store, lambda work: draft(work, "hdnd-short")) == "rule-not-in-force"
    assert await _attempt(store, lambda work: draft(work, "plurality")) == "done"
    async with store.work() as work:
        past = await schedule_meeting(
            work,
            council["secretary"],
            body=council.body,
            title="Sổ cũ",
            starts="2014-05-20T08:00",
            reference="7",
        )
        recorded = await add_item(work, council["secretary"], past.id, title="Nghị quyết")
        poll = await draft_poll(work, council["secretary"], recorded.id, rule="hdnd-short")
    assert poll.state == "draft", "a record of the past keeps the rule it names"


async def test_a_decided_motion_is_not_voted_on_again(store: Store) -> None:
    council = await make_council(store, seats=3)
    sitting = await begin_sitting(store, council)
    chair = council["chair"]
    async with store.work() as work:
        prepared = await draft_poll(work, chair, sitting.item, motion=sitting.motion)
    poll = await begin_poll(store, council, sitting)
    async with ballot_box(store) as box:
        await _vote(box, poll, council.delegates, "yes")
    await _close(store, council, poll)
    await _announce(store, council, poll)
    assert await _attempt(store, lambda work: open_poll(work, chair, prepared.id)) == "not-now"
    again = await _attempt(store, lambda work: draft_poll(work, chair, sitting.item, motion=sitting.motion))
    assert again == "not-now"


@pytest.mark.parametrize(
    "who", ["delegate01", "secretary", "observer", "admin", "officer", "foreign-secretary"]
)
async def test_only_the_chair_opens_closes_and_announces(store: Store, who: str) -> None:
    council = await make_council(store, seats=3)
    sitting = await begin_sitting(store, council)
    poll = await begin_poll(store, council, sitting)
    actor = council[who]
    for act in (
        lambda work: open_poll(work, actor, poll),
        lambda work: close_poll(work, actor, poll),
        lambda work: announce_outcome(work, actor, poll),
        lambda work: annul_poll(work, actor, poll, reason="X"),
    ):
        assert await _attempt(store, act) == "forbidden"


async def test_a_box_that_cannot_write_acknowledges_nothing(store: Store) -> None:
    council = await make_council(store, seats=3)
    sitting = await begin_sitting(store, council)
    poll = await begin_poll(store, council, sitting)
    async with store.work() as work:
        await work.session.execute(text("ALTER TABLE ballot RENAME TO ballot_gone"))
    async with ballot_box(store) as box:
        answers = await asyncio.gather(
            *(_code(box.cast(v, poll, "yes", str(uuid4()))) for v in council.delegates)
        )
        assert set(answers) == {"busy"}
        async with store.work() as work:
            await work.session.execute(text("ALTER TABLE ballot_gone RENAME TO ballot"))
        async with store.reading() as reading:
            marked = select(func.count()).select_from(RollEntry).where(RollEntry.receipt.is_not(None))
            assert await reading.session.scalar(marked) == 0
        assert await _code(box.cast(council.delegates[0], poll, "yes", str(uuid4()))) == "done"
