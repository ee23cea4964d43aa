"""Polls of every kind of procedure: hands, roll calls, times, changed and entered ballots, the chair's acts."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, func, select

from meetings.after.journal import journal_of
from meetings.during.attendance import Presence, record_attendance
from meetings.during.ballot_box import BallotBox
from meetings.during.chairs_acts import admit_member, give_casting_vote, late_arrivals, repeat_poll
from meetings.during.device_tests import begin_test, device_test_of, end_test
from meetings.during.entered_ballots import confirm_ballot, drop_ballot, enter_ballot, waiting_for
from meetings.during.hand_counts import confirm_counts, enter_counts, send_back_counts
from meetings.during.own_room import OwnRooms
from meetings.during.poll_record import record_of_poll
from meetings.during.poll_times import call_missing, extend, set_times
from meetings.during.proceedings import adjourn
from meetings.during.roll_calls import call_next, roll_call_of
from meetings.during.stage import polls_of
from meetings.during.standing_in import approve_substitute
from meetings.during.voting import announce_outcome, annul_poll, close_poll, draft_poll, open_poll
from meetings.realtime.timekeeper import keep_time
from meetings.rules.recount import recount
from meetings.rules.refusals import Refused
from meetings.storage.tables import (
    Ballot,
    Body,
    EnteredBallot,
    JournalRow,
    Poll,
    RoleGrant,
    RollEntry,
)
from meetings.storage.unit_of_work import Store, Work
from tests.support.council import Council, Sitting, begin_sitting, make_council, publish_sitting
from tests.support.statements import statements_of

NOON = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)


@asynccontextmanager
async def ballot_box(store: Store) -> AsyncGenerator[BallotBox]:
    box = BallotBox(store)
    box.open()
    try:
        yield box
    finally:
        await box.shut()


async def refusal(act: Awaitable[object]) -> str:
    try:
        await act
    except Refused as refused:
        return refused.code
    return "done"


async def attempt(store: Store, act: Callable[[Work], Awaitable[object]]) -> str:
    """What an act in a transaction of its own is answered: the refusal's code, or `done`."""

    async def whole() -> None:
        async with store.work() as work:
            await act(work)

    return await refusal(whole())


async def begin(store: Store, council: Council, sitting: Sitting, **how: Any) -> UUID:
    """An open poll on the sitting's motion, held as `how` says."""
    seconds = how.pop("seconds", None)
    async with store.work() as work:
        poll = await draft_poll(work, council["chair"], sitting.item, motion=sitting.motion, **how)
        await open_poll(work, council["chair"], poll.id, seconds=seconds)
    return poll.id


async def poll_of(store: Store, poll: UUID) -> Poll:
    async with store.reading() as reading:
        return await reading.get(Poll, poll)


async def events_of(store: Store, meeting: UUID) -> list[str]:
    async with store.reading() as reading:
        rows = await reading.session.scalars(
            select(JournalRow.event).where(JournalRow.chain_id == meeting).order_by(JournalRow.seq)
        )
        return list(rows.all())


async def finish(store: Store, council: Council, poll: UUID) -> dict[str, Any]:
    """Close and announce it; gives the record that anybody may count again."""
    async with store.work() as work:
        await close_poll(work, council["chair"], poll)
    async with store.work() as work:
        await announce_outcome(work, council["chair"], poll)
    async with store.reading() as reading:
        return await record_of_poll(reading, council["delegate01"], poll)


class Clock:
    """Time that stands still until it is told to go on."""

    def __init__(self, store: Store) -> None:
        self.now = NOON
        store.clock = lambda: self.now

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


# Hands


async def test_hands_are_counted_by_one_and_confirmed_by_another(store: Store) -> None:
    council = await make_council(store, seats=9)
    sitting = await begin_sitting(store, council, present=8)
    poll = await begin(store, council, sitting, method="hands")
    secretary, chair, numbers = council["secretary"], council["chair"], {"yes": 6, "no": 2, "abstain": 0}
    async with ballot_box(store) as box:
        assert await refusal(box.cast(council.delegates[1], poll, "yes", str(uuid4()))) == "ballot-in-hands"
    assert await attempt(store, lambda work: close_poll(work, chair, poll)) == "counts-unconfirmed"
    assert await attempt(store, lambda work: confirm_counts(work, chair, poll)) == "counts-none"
    assert await attempt(store, lambda work: enter_counts(work, secretary, poll, {"yes": 9})) == "counts-many"
    assert (
        await attempt(store, lambda work: enter_counts(work, secretary, poll, {"yes": -1})) == "wrong-input"
    )
    assert (
        await attempt(store, lambda work: enter_counts(work, secretary, poll, {"oui": 1})) == "choice-unknown"
    )
    assert (
        await attempt(store, lambda work: enter_counts(work, council["delegate01"], poll, numbers))
        == "forbidden"
    )
    assert (
        await attempt(store, lambda work: enter_counts(work, secretary, poll, numbers | {"yes": 5})) == "done"
    )
    assert await attempt(store, lambda work: confirm_counts(work, secretary, poll)) == "second-person"
    assert (
        await attempt(store, lambda work: confirm_counts(work, chair, poll, seen=numbers)) == "counts-changed"
    )
    assert await attempt(store, lambda work: close_poll(work, chair, poll)) == "counts-unconfirmed"
    assert await attempt(store, lambda work: send_back_counts(work, chair, poll)) == "done"
    assert await attempt(store, lambda work: confirm_counts(work, chair, poll)) == "counts-none"
    assert await attempt(store, lambda work: enter_counts(work, secretary, poll, numbers)) == "done"
    raised = {choice: number for choice, number in numbers.items() if number}
    short = dict(list(raised.items())[1:])
    assert (
        await attempt(store, lambda work: confirm_counts(work, chair, poll, seen=short)) == "counts-changed"
    )
    assert await attempt(store, lambda work: confirm_counts(work, chair, poll, seen=raised)) == "done"
    assert (
        await attempt(store, lambda work: enter_counts(work, secretary, poll, numbers)) == "counts-confirmed"
    )
    record = await finish(store, council, poll)
    assert (record["counts"], record["ballots"]) == (numbers, [])
    assert record["counted"]["entered_name"] == secretary.name
    assert record["counted"]["confirmed_name"] == chair.name
    assert (record["tally"]["not_cast"], record["outcome"]["code"]) == (0, "adopted")
    assert recount(record).agrees
    assert not recount(record | {"counts": numbers | {"no": 0}}).agrees
    told = Counter(await events_of(store, sitting.meeting))
    assert (told["CountsEntered"], told["CountsSentBack"], told["CountsConfirmed"]) == (2, 1, 1)


async def test_counts_are_not_read_in_the_journal_before_they_are_told(store: Store) -> None:
    council = await make_council(store, seats=3)
    sitting = await begin_sitting(store, council)
    poll = await begin(store, council, sitting, method="hands")
    async with store.work() as work:
        await enter_counts(work, council["secretary"], poll, {"yes": 3})
        await confirm_counts(work, council["chair"], poll)

    async def counts() -> tuple[dict[str, int], bool]:
        async with store.reading() as reading:
            journal = await journal_of(reading, council["delegate01"], sitting.meeting)
        line = next(line for line in journal.lines if line.event == "CountsEntered")
        return line.payload["counts"], line.hidden

    assert await counts() == ({}, True)
    await finish(store, council, poll)
    assert await counts() == ({"yes": 3, "no": 0, "abstain": 0}, False)


# Roll calls


async def test_names_are_called_in_order_and_answer_when_called(store: Store) -> None:
    council = await make_council(store, seats=3)
    sitting = await begin_sitting(store, council)
    poll = await begin(store, council, sitting, method="roll_call", disclosure="live")
    chair, first, second, third = council["chair"], *council.delegates
    async with ballot_box(store) as box:

        def cast(who, choice):
            return refusal(box.cast(who, poll, choice, str(uuid4())))

        assert await cast(first, "yes") == "not-called"
        assert await attempt(store, lambda work: call_next(work, second, poll)) == "forbidden"
        assert await attempt(store, lambda work: call_next(work, chair, poll)) == "done"
        assert await cast(second, "yes") == "not-called"
        assert await attempt(store, lambda work: call_next(work, chair, poll, seen=first.person)) == "done"
        again = await attempt(store, lambda work: call_next(work, chair, poll, seen=first.person))
        assert again == "called-changed", "two hands on one button pass nobody over"
        assert await cast(first, "yes") == "done", "whoever was passed may still answer"
        assert await cast(second, "no") == "done"
        async with store.reading() as reading:
            names = await roll_call_of(reading, await reading.get(Poll, poll))
            (shown,) = await polls_of(reading, sitting.meeting, insider=False)
        assert [(one.called, one.choice) for one in names] == [(True, "yes"), (True, "no"), (False, "")]
        assert shown.calling == second.name
        assert shown.tally is not None
        assert (shown.tally["yes"], shown.tally["no"]) == (1, 1)
        assert await attempt(store, lambda work: call_next(work, chair, poll)) == "done"
        assert await attempt(store, lambda work: call_next(work, chair, poll)) == "names-called"
        assert await cast(third, "yes") == "done"
    told = await events_of(store, sitting.meeting)
    assert (told.count("NameCalled"), told.count("RollCallAnswered"), told.count("BallotCast")) == (3, 3, 0)
    async with store.reading() as reading:
        journal = await journal_of(reading, second, sitting.meeting)
    answers = [line.payload["choice"] for line in journal.lines if line.event == "RollCallAnswered"]
    assert sorted(answers) == ["no", "yes", "yes"], "spoken aloud: they are read at once"
    record = await finish(store, council, poll)
    assert recount(record).agrees


async def test_answers_of_a_roll_call_wait_for_the_announcement_where_they_are_not_live(store: Store) -> None:
    council = await make_council(store, seats=3)
    sitting = await begin_sitting(store, council)
    poll = await begin(store, council, sitting, method="roll_call")
    async with store.work() as work:
        await call_next(work, council["chair"], poll)
    async with ballot_box(store) as box:
        await box.cast(council.delegates[0], poll, "yes", str(uuid4()))
    async with store.reading() as reading:
        journal = await journal_of(reading, council["secretary"], sitting.meeting)
        (shown,) = await polls_of(reading, sitting.meeting, insider=True)
    line = next(line for line in journal.lines if line.event == "RollCallAnswered")
    assert (line.hidden, line.payload["choice"], shown.tally) == (True, "", None)


# Times


async def test_a_poll_opens_and_closes_at_its_moments_with_grace(store: Store) -> None:
    council = await make_council(store, seats=3)
    sitting = await begin_sitting(store, council)
    clock = Clock(store)
    chair, voters = council["chair"], council.delegates
    async with store.work() as work:
        drafted = await draft_poll(
            work, chair, sitting.item, motion=sitting.motion,
            opens_at=NOON + timedelta(seconds=60), closes_at=NOON + timedelta(seconds=120),
        )  # fmt: skip
    poll = drafted.id
    assert await keep_time(store) == []
    clock.advance(60)
    assert await keep_time(store) == [("open", poll)]
    assert await keep_time(store) == []
    opened = await poll_of(store, poll)
    assert (opened.state, opened.chair_id, opened.grace) == ("open", chair.person, 3)
    async with ballot_box(store) as box:
        clock.advance(39)
        assert await keep_time(store) == [], "a second before the warning"
        clock.advance(1)
        assert await keep_time(store) == [("call", poll)], (
            "those without a ballot are called 20 s before the end"
        )
        clock.advance(20)
        assert await keep_time(store) == []
        assert await refusal(box.cast(voters[0], poll, "yes", str(uuid4()))) == "done"
        clock.advance(3)
        assert await refusal(box.cast(voters[1], poll, "yes", str(uuid4()))) == "done", "within the grace"
        assert await keep_time(store) == []
        clock.advance(0.1)
        assert await refusal(box.cast(voters[2], poll, "yes", str(uuid4()))) == "poll-late"
        assert await keep_time(store) == [("close", poll)]
    closed = await poll_of(store, poll)
    assert (closed.state, closed.cast) == ("closed", 2)
    async with store.reading() as reading:
        rows = await reading.session.execute(
            select(JournalRow.event, JournalRow.actor_id, JournalRow.payload).where(
                JournalRow.event.in_(("PollOpened", "PollClosed", "MissingCalled"))
            )
        )
        told = {event: (actor, payload) for event, actor, payload in rows}
    assert {actor for actor, _ in told.values()} == {chair.person}, "on the word of the chair who set it"
    assert told["PollOpened"][1]["by_clock"]
    assert told["PollClosed"][1]["by_clock"]
    assert told["MissingCalled"][1]["missing"] == 3


async def test_what_is_overdue_closes_at_the_start_and_only_once_in_several_processes(store: Store) -> None:
    council = await make_council(store, seats=3)
    sitting = await begin_sitting(store, council)
    clock = Clock(store)
    poll = await begin(store, council, sitting, seconds=30)
    clock.advance(3600)
    async with ballot_box(store) as box:
        late = await refusal(box.cast(council.delegates[0], poll, "yes", str(uuid4())))
    assert late == "poll-late", "although nobody was there to close it"
    done = await asyncio.gather(*(keep_time(store) for _ in range(4)))
    assert [act for acts in done for act in acts] == [("close", poll)]
    assert (await events_of(store, sitting.meeting)).count("PollClosed") == 1


async def test_a_chair_gives_more_time_and_takes_the_clock_away(store: Store) -> None:
    council = await make_council(store, seats=3)
    sitting = await begin_sitting(store, council)
    clock = Clock(store)
    chair = council["chair"]
    poll = await begin(store, council, sitting, seconds=30)
    clock.advance(20)
    await keep_time(store)
    assert (await poll_of(store, poll)).missing_called_at is not None
    assert (
        await attempt(store, lambda work: extend(work, council["secretary"], poll, seconds=60)) == "forbidden"
    )
    assert await attempt(store, lambda work: extend(work, chair, poll, seconds=0)) == "poll-times"
    assert await attempt(store, lambda work: extend(work, chair, poll, seconds=60)) == "done"
    extended = await poll_of(store, poll)
    assert extended.closes_at == NOON + timedelta(seconds=90)
    assert extended.missing_called_at is None, "they are called again before the new end"
    clock.advance(60)
    assert await keep_time(store) == [("call", poll)]
    assert await attempt(store, lambda work: set_times(work, chair, poll)) == "done"
    clock.advance(3600)
    assert await keep_time(store) == []
    past = NOON - timedelta(seconds=1)
    assert await attempt(store, lambda work: set_times(work, chair, poll, closes_at=past)) == "poll-times"


async def test_an_opening_that_the_rules_refuse_is_told_and_left_to_the_chair(store: Store) -> None:
    council = await make_council(store, seats=9)
    sitting = await begin_sitting(store, council, present=6)
    clock = Clock(store)
    async with store.work() as work:
        drafted = await draft_poll(
            work, council["chair"], sitting.item, motion=sitting.motion, opens_at=NOON + timedelta(seconds=5)
        )
        away = council.delegates[1].person
        await record_attendance(work, council["secretary"], sitting.meeting, away, Presence.OUT)
    clock.advance(6)
    assert await keep_time(store) == [("open", drafted.id)]
    assert await keep_time(store) == []
    kept = await poll_of(store, drafted.id)
    assert (kept.state, kept.opens_at) == ("draft", None)
    assert "PollNotOpened" in await events_of(store, sitting.meeting)


@pytest.mark.parametrize("change", ["chair-no-longer", "adjourned"])
async def test_nothing_opens_for_somebody_who_runs_the_room_no_longer_nor_after_the_end(
    store: Store, change: str
) -> None:
    council = await make_council(store, seats=9)
    sitting = await begin_sitting(store, council)
    clock, chair = Clock(store), council["chair"]
    async with store.work() as work:
        at = NOON + timedelta(seconds=5)
        drafted = await draft_poll(work, chair, sitting.item, motion=sitting.motion, opens_at=at)
        if change == "adjourned":
            await adjourn(work, chair, sitting.meeting)
        else:
            await work.session.execute(delete(RoleGrant).where(RoleGrant.role == "chair"))
    before = await events_of(store, sitting.meeting)
    clock.advance(6)
    await keep_time(store)
    assert await keep_time(store) == []
    kept = await poll_of(store, drafted.id)
    assert (kept.state, kept.opens_at) == ("draft", None)
    told = (await events_of(store, sitting.meeting))[len(before) :]
    assert told == ([] if change == "adjourned" else ["PollNotOpened"])


async def test_only_the_chair_sets_times(store: Store) -> None:
    council = await make_council(store, seats=3)
    sitting = await begin_sitting(store, council)
    soon = datetime.now(UTC) + timedelta(hours=1)

    def draft(who, **how):
        return attempt(store, lambda work: draft_poll(work, council[who], sitting.item, **how))

    assert await draft("secretary", closes_at=soon) == "forbidden"
    assert await draft("chair", closes_at=soon) == "done"
    assert await draft("chair", closes_at=soon, opens_at=soon) == "poll-times"
    assert await draft("chair", closes_at=soon, method="hands") == "timed-method"
    assert await draft("chair", opens_at=soon, method="hands") == "done"


# Disclosure


@pytest.mark.parametrize(
    ("disclosure", "seen"),
    [("live", [True, True, True]), ("closed", [False, True, True]), ("announced", [False, False, True])],
)
async def test_numbers_are_told_when_the_disclosure_says(
    store: Store, disclosure: str, seen: list[bool]
) -> None:
    council = await make_council(store, seats=3)
    sitting = await begin_sitting(store, council)
    poll = await begin(store, council, sitting, disclosure=disclosure)
    async with ballot_box(store) as box:
        for voter in council.delegates[:2]:
            await box.cast(voter, poll, "yes", str(uuid4()))

    async def told() -> bool:
        async with store.reading() as reading:
            (shown,) = await polls_of(reading, sitting.meeting, insider=False)
        assert shown.cast == 2, "turnout is told at any time"
        assert (shown.outcome is None) or shown.state == "announced"
        return shown.tally is not None and shown.tally["weights"]["yes"] == 2

    found = [await told()]
    async with store.work() as work:
        await close_poll(work, council["chair"], poll)
    found.append(await told())
    async with store.work() as work:
        await announce_outcome(work, council["chair"], poll)
    found.append(await told())
    assert found == seen


async def test_names_stay_apart_from_choices_where_they_are_not_told(store: Store) -> None:
    council = await make_council(store, seats=4, rule="ubnd")
    sitting = await begin_sitting(store, council)
    poll = await begin(store, council, sitting, names=False)
    async with ballot_box(store) as box:
        for voter, choice in zip(council.delegates, ("yes", "yes", "no", "no"), strict=True):
            await box.cast(voter, poll, choice, str(uuid4()))
    record = await finish(store, council, poll)
    assert [set(ballot) for ballot in record["ballots"]] == [{"choice", "weight"}] * 4
    assert recount(record).agrees
    async with store.reading() as reading:
        journal = await journal_of(reading, council["chair"], sitting.meeting)
    assert {line.payload["choice"] for line in journal.lines if line.event == "BallotCast"} == {""}


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ({"secret": True, "disclosure": "live"}, "secret-live"),
        ({"secret": True, "changeable": True}, "secret-changeable"),
        ({"secret": True, "method": "hands"}, "secret-method"),
        ({"secret": True, "method": "roll_call"}, "secret-method"),
        ({"method": "hands", "changeable": True}, "changeable-method"),
        ({"method": "drums"}, "wrong-input"),
        ({"disclosure": "never"}, "wrong-input"),
        ({"kind": "test"}, "test-poll"),
    ],
)
async def test_what_would_undo_a_secret_vote_cannot_be_prepared(
    store: Store, how: dict[str, Any], code: str
) -> None:
    council = await make_council(store, seats=3)
    sitting = await begin_sitting(store, council)
    assert await attempt(store, lambda work: draft_poll(work, council["chair"], sitting.item, **how)) == code


# Changed ballots


async def test_a_ballot_may_be_changed_until_the_close_where_it_is_allowed(store: Store) -> None:
    council = await make_council(store, seats=3)
    sitting = await begin_sitting(store, council)
    poll = await begin(store, council, sitting, changeable=True)
    voter, keys = council.delegates[0], [str(uuid4()) for _ in range(3)]
    async with ballot_box(store) as box:
        first = await box.cast(voter, poll, "yes", keys[0])
        second = await box.cast(voter, poll, "no", keys[1])
        assert first.receipt != second.receipt
        late = await box.cast(voter, poll, "yes", keys[0])
        assert (late.receipt, late.repeated) == (first.receipt, True), "a late repeat changes nothing back"
        assert await refusal(box.cast(voter, poll, "no", keys[0])) == "key-reused"
        assert (await box.cast(voter, poll, "no", keys[1])).receipt == second.receipt
        desk = (await OwnRooms(store).desk(voter, sitting.meeting)).desk
        assert desk.own is not None
        assert (desk.own.receipt, desk.own.choice) == (second.receipt, "no")
        await box.cast(council.delegates[1], poll, "yes", str(uuid4()))
        async with store.work() as work:
            await close_poll(work, council["chair"], poll)
        assert await refusal(box.cast(voter, poll, "yes", keys[2])) == "poll-late"
        assert (await box.cast(voter, poll, "yes", keys[0])).receipt == first.receipt
    async with store.work() as work:
        closed = await announce_outcome(work, council["chair"], poll)
    async with store.reading() as reading:
        kept = (
            await reading.session.execute(
                select(Ballot.revision, Ballot.choice, Ballot.replaced_at.is_(None))
                .where(Ballot.person_id == voter.person)
                .order_by(Ballot.revision)
            )
        ).all()
        record = await record_of_poll(reading, voter, poll)
    assert [tuple(row) for row in kept] == [(1, "yes", False), (2, "no", True)]
    assert closed.tally is not None
    assert (closed.cast, closed.tally["heads"]) == (2, {"yes": 1, "no": 1, "abstain": 0})
    assert recount(record).agrees


async def test_changing_in_a_hurry_leaves_one_ballot_of_each(store: Store) -> None:
    council = await make_council(store, seats=6)
    sitting = await begin_sitting(store, council)
    poll = await begin(store, council, sitting, changeable=True)
    async with ballot_box(store) as one, ballot_box(store) as another:  # as two processes
        answers = await asyncio.gather(
            *(
                refusal(box.cast(voter, poll, choice, str(uuid4())))
                for voter in council.delegates
                for choice in ("yes", "no", "abstain", "yes")
                for box in (one, another)
            )
        )
    assert set(answers) <= {"done", "busy"}
    async with store.work() as work:
        closed = await close_poll(work, council["chair"], poll)
    async with store.reading() as reading:
        standing = select(Ballot.person_id, func.count()).where(Ballot.replaced_at.is_(None))
        current = dict((await reading.session.execute(standing.group_by(Ballot.person_id))).all())
        newest = dict(
            (
                await reading.session.execute(
                    select(Ballot.person_id, func.max(Ballot.revision)).group_by(Ballot.person_id)
                )
            ).all()
        )
        kept = await reading.session.execute(
            select(Ballot.person_id, Ballot.revision).where(Ballot.replaced_at.is_(None))
        )
        assert dict(kept.all()) == newest, "the last revision is the one that stands"
    assert set(current.values()) == {1}
    assert closed.cast == 6


# The casting vote


async def test_the_chair_is_asked_after_a_tie_and_decides_it(store: Store) -> None:
    council = await make_council(store, seats=5, rule="ubnd")
    sitting = await begin_sitting(store, council)
    poll = await begin(store, council, sitting)
    chair, deputy = council["chair"], council["delegate01"]
    async with ballot_box(store) as box:
        for voter, choice in zip(council.delegates, ("abstain", "yes", "yes", "no", "no"), strict=True):
            await box.cast(voter, poll, choice, str(uuid4()))
    assert await attempt(store, lambda work: give_casting_vote(work, chair, poll, "yes")) == "casting-none"
    async with store.work() as work:
        assert (await close_poll(work, chair, poll)).outcome["code"] == "undecided"  # pyright: ignore[reportOptionalSubscript]
    assert await attempt(store, lambda work: give_casting_vote(work, deputy, poll, "yes")) == "forbidden"
    assert (
        await attempt(store, lambda work: give_casting_vote(work, chair, poll, "abstain")) == "casting-side"
    )
    assert (
        await attempt(store, lambda work: give_casting_vote(work, chair, poll, "maybe")) == "choice-unknown"
    )
    assert await attempt(store, lambda work: give_casting_vote(work, chair, poll, "no")) == "done"
    assert await attempt(store, lambda work: give_casting_vote(work, chair, poll, "yes")) == "casting-none"
    async with store.work() as work:
        decided = await announce_outcome(work, chair, poll)
    assert decided.outcome is not None
    assert (decided.outcome["code"], decided.outcome["reason"]) == ("not_adopted", "tie-chair-no")
    async with store.reading() as reading:
        record = await record_of_poll(reading, chair, poll)
    assert record["casting_vote"] == "no"
    assert recount(record).agrees


# Annulled and repeated


async def test_an_annulled_vote_is_repeated_as_it_was(store: Store) -> None:
    council = await make_council(store, seats=3)
    sitting = await begin_sitting(store, council)
    chair = council["chair"]
    poll = await begin(store, council, sitting, disclosure="closed", changeable=True, rule="two_thirds")
    assert await attempt(store, lambda work: repeat_poll(work, chair, poll)) == "repeat-none"
    await finish(store, council, poll)
    async with store.work() as work:
        await annul_poll(work, chair, poll, reason="Bàn phím hỏng")
        again = await repeat_poll(work, chair, poll)
    assert (again.repeats_id, again.state, again.number) == (poll, "draft", 2)
    assert await attempt(store, lambda work: repeat_poll(work, chair, poll)) == "repeat-none", (
        "a second chair"
    )
    same = (
        "title",
        "motion_id",
        "rule",
        "secret",
        "kind",
        "form",
        "method",
        "disclosure",
        "names",
        "changeable",
    )
    first = await poll_of(store, poll)
    assert [getattr(again, name) for name in same] == [getattr(first, name) for name in same]
    async with store.work() as work:
        await open_poll(work, chair, again.id)
    async with store.reading() as reading:
        shown = await polls_of(reading, sitting.meeting, insider=False)
    assert [one.repeats for one in shown] == [0, 1]


async def test_a_secret_tie_is_repeated_openly(store: Store) -> None:
    council = await make_council(store, seats=4, rule="ubnd")
    sitting = await begin_sitting(store, council)
    poll = await begin(store, council, sitting, secret=True)
    async with ballot_box(store) as box:
        for voter, choice in zip(council.delegates, ("yes", "yes", "no", "no"), strict=True):
            await box.cast(voter, poll, choice, str(uuid4()))
    record = await finish(store, council, poll)
    assert record["outcome"]["code"] == "tied"
    async with store.work() as work:
        again = await repeat_poll(work, council["chair"], poll)
    assert again.secret is False


# Who came late


async def test_a_late_member_votes_once_admitted_and_the_figures_grow(store: Store) -> None:
    council = await make_council(store, seats=9)
    sitting = await begin_sitting(store, council, present=6)
    poll = await begin(store, council, sitting)
    chair, late, absent = council["chair"], council.delegates[6], council.delegates[7]

    def admit(who, person):
        return attempt(store, lambda work: admit_member(work, council[who], poll, person))

    assert await admit("chair", late.person) == "admit-none", "not here yet"
    async with store.work() as work:
        await record_attendance(work, council["secretary"], sitting.meeting, late.person, Presence.IN)
    async with store.reading() as reading:
        assert [one.id for one in await late_arrivals(reading, await reading.get(Poll, poll))] == [
            late.person
        ]
    assert await admit("secretary", late.person) == "forbidden"
    assert await admit("chair", absent.person) == "admit-none"
    assert await admit("chair", late.person) == "done"
    assert await admit("chair", late.person) == "admit-none"
    kept = await poll_of(store, poll)
    assert (kept.eligible, kept.eligible_weight, kept.present_open) == (7, 7, 7)
    async with ballot_box(store) as box:
        assert await refusal(box.cast(late, poll, "yes", str(uuid4()))) == "done"
        for voter in council.delegates[:4]:
            await box.cast(voter, poll, "yes", str(uuid4()))
    record = await finish(store, council, poll)
    assert (record["outcome"]["code"], record["tally"]["not_cast"]) == ("adopted", 2)
    assert recount(record).agrees
    assert chair.person in {UUID(line["person"]) for line in record["roll"]}


async def test_a_substitute_approved_since_takes_the_seat_that_has_not_voted(store: Store) -> None:
    council = await make_council(store, seats=9)
    async with store.work() as work:
        (await work.locked(Body, council.body)).room_rules = {"substitutes": True}
    sitting = await begin_sitting(store, council, present=6)
    poll = await begin(store, council, sitting)
    secretary, sub, absent = council["secretary"], council["officer"], council.delegates[6]

    def admit():
        return attempt(store, lambda work: admit_member(work, council["chair"], poll, sub.person))

    async with store.work() as work:
        await approve_substitute(
            work, secretary, sitting.meeting, member=absent.person, substitute=sub.person
        )
    assert await admit() == "admit-none", "approved, not here yet"
    async with store.work() as work:
        await record_attendance(work, secretary, sitting.meeting, sub.person, Presence.IN)
    async with store.reading() as reading:
        kept = await reading.get(Poll, poll)
        assert [one.id for one in await late_arrivals(reading, kept)] == [sub.person]
    assert await admit() == "done"
    assert await admit() == "admit-none"
    kept = await poll_of(store, poll)
    assert (kept.eligible, kept.present_open) == (7, 7)
    async with ballot_box(store) as box:
        assert await refusal(box.cast(sub, poll, "yes", str(uuid4()))) == "done"
        assert await refusal(box.cast(absent, poll, "yes", str(uuid4()))) == "not-on-roll"
        for voter in council.delegates[:4]:
            await box.cast(voter, poll, "yes", str(uuid4()))
    record = await finish(store, council, poll)
    assert recount(record).agrees
    lines = [line for line in record["roll"] if line["person"] in (str(sub.person), str(absent.person))]
    assert [line["person"] for line in lines] == [str(sub.person)]


async def test_no_substitute_enters_for_a_seat_that_has_voted(store: Store) -> None:
    council = await make_council(store, seats=9)
    async with store.work() as work:
        (await work.locked(Body, council.body)).room_rules = {"substitutes": True}
    sitting = await begin_sitting(store, council, present=7)
    poll = await begin(store, council, sitting)
    secretary, sub, gone = council["secretary"], council["officer"], council.delegates[6]
    async with ballot_box(store) as box:
        await box.cast(gone, poll, "yes", str(uuid4()))
    async with store.work() as work:
        await record_attendance(work, secretary, sitting.meeting, gone.person, Presence.OUT)
        await approve_substitute(work, secretary, sitting.meeting, member=gone.person, substitute=sub.person)
        await record_attendance(work, secretary, sitting.meeting, sub.person, Presence.IN)
    answer = await attempt(store, lambda work: admit_member(work, council["chair"], poll, sub.person))
    assert answer == "admit-proxy"
    async with store.reading() as reading:
        assert not await late_arrivals(reading, await reading.get(Poll, poll))


# Entered ballots


async def test_a_ballot_without_a_device_is_entered_and_confirmed_by_another(store: Store) -> None:
    council = await make_council(store, seats=4)
    sitting = await begin_sitting(store, council, present=3)
    poll = await begin(store, council, sitting)
    secretary, chair, member = council["secretary"], council["chair"], council.delegates[1]

    def enter(who, person, choice="yes"):
        return attempt(store, lambda work: enter_ballot(work, who, poll, person, choice))

    assert await enter(council["delegate02"], member.person) == "forbidden"
    assert await enter(secretary, council.delegates[3].person) == "not-present"
    assert await enter(secretary, secretary.person) == "entered-own"
    assert await enter(secretary, member.person, "perhaps") == "choice-unknown"
    assert await enter(secretary, member.person) == "done"
    assert await enter(secretary, member.person) == "entered-waits"
    async with store.reading() as reading:
        (waits,) = await waiting_for(reading, poll)
        assert await reading.session.scalar(select(func.count()).select_from(Ballot)) == 0
    assert await attempt(store, lambda work: close_poll(work, chair, poll)) == "entered-left"
    assert await attempt(store, lambda work: confirm_ballot(work, secretary, waits.id)) == "second-person"
    assert await attempt(store, lambda work: confirm_ballot(work, chair, waits.id)) == "done"
    assert await attempt(store, lambda work: confirm_ballot(work, chair, waits.id)) == "not-now"
    assert await enter(secretary, member.person) == "ballot-cast"
    async with ballot_box(store) as box:
        assert await refusal(box.cast(member, poll, "no", str(uuid4()))) == "ballot-cast"
        await box.cast(chair, poll, "yes", str(uuid4()))
    record = await finish(store, council, poll)
    marked = {ballot["person"]: ballot.get("entered_by") for ballot in record["ballots"]}
    assert marked == {str(member.person): secretary.name, str(chair.person): None}
    assert recount(record).agrees


async def test_who_casts_meanwhile_is_not_overruled(store: Store) -> None:
    council = await make_council(store, seats=3)
    sitting = await begin_sitting(store, council)
    poll = await begin(store, council, sitting)
    member = council.delegates[1]
    async with store.work() as work:
        entered = await enter_ballot(work, council["secretary"], poll, member.person, "no")
    async with ballot_box(store) as box:
        await box.cast(member, poll, "yes", str(uuid4()))
    assert await attempt(store, lambda work: confirm_ballot(work, council["chair"], entered.id)) == "not-now"
    async with store.work() as work:
        second = await enter_ballot(work, council["secretary"], poll, council.delegates[2].person, "no")
        await drop_ballot(work, council["chair"], second.id)
    async with store.reading() as reading:
        states = (await reading.session.scalars(select(EnteredBallot.state))).all()
        assert (await reading.session.scalars(select(Ballot.choice))).all() == ["yes"]
    assert states == ["dropped", "dropped"]


async def test_an_entered_answer_and_the_members_own_make_one_ballot(store: Store) -> None:
    council = await make_council(store, seats=3)
    sitting = await begin_sitting(store, council)
    poll = await begin(store, council, sitting)
    member = council.delegates[1]
    async with store.work() as work:
        entered = await enter_ballot(work, council["secretary"], poll, member.person, "no")
    async with ballot_box(store) as box:
        answers = await asyncio.gather(
            refusal(box.cast(member, poll, "yes", str(uuid4()))),
            attempt(store, lambda work: confirm_ballot(work, council["chair"], entered.id)),
        )
    assert sorted(answers) in (["ballot-cast", "done"], ["done", "not-now"], ["busy", "done"])
    async with store.reading() as reading:
        assert await reading.session.scalar(select(func.count()).select_from(Ballot)) == 1


async def test_secret_ballots_are_entered_by_nobody(store: Store) -> None:
    council = await make_council(store, seats=3)
    sitting = await begin_sitting(store, council)
    poll = await begin(store, council, sitting, secret=True)
    member = council.delegates[1].person
    entering = attempt(store, lambda work: enter_ballot(work, council["secretary"], poll, member, "yes"))
    assert await entering == "secret-entered"


# Calling those who are missing


async def test_those_who_have_not_voted_are_called_and_nobody_else(store: Store) -> None:
    council = await make_council(store, seats=3)
    sitting = await begin_sitting(store, council)
    poll = await begin(store, council, sitting)
    assert await attempt(store, lambda work: call_missing(work, council["secretary"], poll)) == "forbidden"
    async with ballot_box(store) as box:
        await box.cast(council.delegates[0], poll, "yes", str(uuid4()))
    async with store.work() as work:
        await call_missing(work, council["chair"], poll)
    rooms = OwnRooms(store)
    desks = [(await rooms.desk(one, sitting.meeting)).desk for one in council.delegates[:2]]
    async with store.reading() as reading:
        told = await reading.session.scalar(
            select(JournalRow.payload).where(JournalRow.event == "MissingCalled")
        )
    assert [(desk.calling, bool(desk.own and desk.own.receipt)) for desk in desks] == [
        (True, True),
        (True, False),
    ]
    assert told is not None
    assert set(told) == {"poll", "title", "missing"}, "how many, never who"


# A test of the devices


async def test_devices_are_tried_before_the_meeting_without_a_trace_in_its_business(store: Store) -> None:
    council = await make_council(store, seats=3)
    sitting = await publish_sitting(store, council)

    def begin_one(who):
        return attempt(store, lambda work: begin_test(work, council[who], sitting.meeting))

    assert await begin_one("delegate01") == "forbidden"
    assert await begin_one("stranger") == "not-found"
    assert await begin_one("secretary") == "done"
    assert await begin_one("chair") == "test-open"
    async with store.reading() as reading:
        poll = (await reading.session.scalars(select(Poll))).one()
        assert await polls_of(reading, sitting.meeting, insider=True) == ()
    rooms = OwnRooms(store)
    desk = (await rooms.desk(council.delegates[1], sitting.meeting)).desk
    assert desk.poll is not None
    assert (desk.poll.id, desk.own and desk.own.obstacle) == (poll.id, "")
    async with ballot_box(store) as box:
        await box.cast(council.delegates[1], poll.id, "yes", str(uuid4()))
        assert await refusal(box.cast(council["observer"], poll.id, "yes", str(uuid4()))) == "not-on-roll"
    for act in (close_poll, announce_outcome):
        assert await attempt(store, lambda work, act=act: act(work, council["chair"], poll.id)) == "test-poll"
    async with store.work() as work:
        await end_test(work, council["secretary"], poll.id)
    async with store.reading() as reading:
        result = await device_test_of(reading, council["secretary"], sitting.meeting)
    desk = (await rooms.desk(council.delegates[1], sitting.meeting)).desk
    assert result is not None
    assert (result.answered, len(result.silent), result.open) == ((council.delegates[1].name,), 2, False)
    assert desk.poll is None
    assert "BallotCast" not in await events_of(store, sitting.meeting)


async def test_a_real_vote_ends_a_test_that_still_runs(store: Store) -> None:
    council = await make_council(store, seats=3)
    sitting = await begin_sitting(store, council)
    async with store.work() as work:
        trial = await begin_test(work, council["chair"], sitting.meeting)
    poll = await begin(store, council, sitting)
    assert (await poll_of(store, trial.id)).state == "closed"
    assert (await poll_of(store, poll)).number == 1, "a test has no number"
    assert (
        await attempt(store, lambda work: begin_test(work, council["chair"], sitting.meeting))
        == "meeting-open-poll"
    )


async def test_a_test_is_held_before_its_meeting_as_every_poll_is(store: Store) -> None:
    council = await make_council(store, seats=3)
    sitting = await begin_sitting(store, council)
    async with store.work() as work:
        trial = (await begin_test(work, council["chair"], sitting.meeting)).id
        poll = (await draft_poll(work, council["chair"], sitting.item, motion=sitting.motion)).id

    async def held_in_order(act: Callable[[Work], Awaitable[object]]) -> list[str]:
        with statements_of(store) as sent:
            async with store.work() as work:
                await act(work)
        held = [one for one in sent if "FOR UPDATE" in one]
        return [one.split("FROM ")[1].split()[0] + one.partition("NOWAIT")[1] for one in held]

    order = await held_in_order(lambda work: open_poll(work, council["chair"], poll))
    assert (await poll_of(store, trial)).state == "closed"
    await attempt(store, lambda work: annul_poll(work, council["chair"], poll, reason="X"))
    async with store.work() as work:
        trial = (await begin_test(work, council["chair"], sitting.meeting)).id
    ending = await held_in_order(lambda work: adjourn(work, council["chair"], sitting.meeting))
    assert (await poll_of(store, trial)).state == "closed"
    if store.engine.dialect.name == "postgresql":  # SQLite holds everything at once
        for one in (order, ending):
            assert one.index("poll") < one.index("meeting") < one.index("pollNOWAIT")
            assert one.count("poll") == 1


# Two chairs at once


async def test_of_two_chairs_pressing_at_once_one_wins_and_the_other_is_told(store: Store) -> None:
    council = await make_council(store, seats=5, rule="ubnd")
    sitting = await begin_sitting(store, council)
    chair = council["chair"]

    async def both(act: Callable[[Work], Awaitable[object]], told: str) -> None:
        answers = sorted(await asyncio.gather(attempt(store, act), attempt(store, act)))
        assert answers in (sorted(["done", told]), ["busy", "done"])

    async with store.work() as work:
        poll = (await draft_poll(work, chair, sitting.item, motion=sitting.motion)).id
    await both(lambda work: open_poll(work, chair, poll), "not-now")
    async with ballot_box(store) as box:
        for voter, choice in zip(council.delegates[1:], ("yes", "yes", "no", "no"), strict=True):
            await box.cast(voter, poll, choice, str(uuid4()))
    await both(lambda work: close_poll(work, chair, poll), "not-now")
    await both(lambda work: give_casting_vote(work, chair, poll, "yes"), "casting-none")
    await both(lambda work: announce_outcome(work, chair, poll), "not-now")
    await both(lambda work: annul_poll(work, chair, poll, reason="X"), "not-now")
    told = Counter(await events_of(store, sitting.meeting))
    names = ("PollOpened", "PollClosed", "CastingVoteGiven", "OutcomeAnnounced", "PollAnnulled")
    assert [told[name] for name in names] == [1] * 5


async def test_a_roll_entry_of_everybody_is_left_alone_by_a_second_chair(store: Store) -> None:
    council = await make_council(store, seats=4)
    sitting = await begin_sitting(store, council, present=3)
    poll = await begin(store, council, sitting)
    late, chair = council.delegates[3].person, council["chair"]
    async with store.work() as work:
        await record_attendance(work, council["secretary"], sitting.meeting, late, Presence.IN)

    def admit():
        return attempt(store, lambda work: admit_member(work, chair, poll, late))

    answers = sorted(await asyncio.gather(admit(), admit()))
    assert answers in (["admit-none", "done"], ["busy", "done"])
    async with store.reading() as reading:
        admitted = select(func.count()).select_from(RollEntry).where(RollEntry.admitted)
        assert await reading.session.scalar(admitted) == 1
        assert (await reading.get(Poll, poll)).eligible == 4
