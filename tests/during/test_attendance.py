"""Attendance corrected, taken at the door, and given by the code on the screen; substitutes, proxies and recusals."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from meetings.before.papers import Checked, lay_paper, open_paper
from meetings.before.scheduling import meetings_for, open_to
from meetings.council.persons import actors
from meetings.during.attendance import (
    Presence,
    Room,
    check_in,
    record_attendance,
    record_roll_call,
    room_of,
)
from meetings.during.ballot_box import BallotBox
from meetings.during.corrections import TrueInterval, correct_attendance, history_of, parts_of
from meetings.during.desk import lines_of
from meetings.during.door import arrive
from meetings.during.own_room import room_facts
from meetings.during.proceedings import adjourn, conclude
from meetings.during.recusals import declare_recusal, is_recused, lift_recusal, recusals_in
from meetings.during.roll import frozen_roll, roll_of
from meetings.during.standing_in import (
    approve_substitute,
    end_proxy,
    end_substitution,
    give_proxy,
    possible_substitutes,
    proxies_in,
    proxy_works,
    substitutes_in,
)
from meetings.during.voting import close_poll
from meetings.rules.arrival import code_of, window_of
from meetings.rules.attendance import Part, Source
from meetings.rules.permissions import Actor, Right
from meetings.rules.refusals import Refused
from meetings.rules.roll import count_roll
from meetings.storage.tables import Account, Attendance, Body, Item, JournalRow, Meeting, Poll, Proxy
from meetings.storage.unit_of_work import Store, Work
from tests.support.council import Council, Sitting, begin_poll, begin_sitting, make_council, publish_sitting

SECRET = "the secret key of a house that is only for tests"


async def allow(store: Store, council: Council, **rules: object) -> None:
    async with store.work() as work:
        (await work.locked(Body, council.body)).room_rules = dict(rules)


async def room(store: Store, meeting: UUID) -> Room:
    async with store.reading() as reading:
        held = await reading.get(Meeting, meeting)
        return await room_of(reading, held, await reading.get(Body, held.body_id))


async def states(store: Store, meeting: UUID) -> Mapping[UUID, Presence]:
    return {seat.member.person: seat.state for seat in (await room(store, meeting)).seats}


async def refused(store: Store, code: str, use_case: Callable[[Work], Awaitable[object]]) -> None:
    with pytest.raises(Refused) as refusal:
        async with store.work() as work:
            await use_case(work)
    assert refusal.value.code == code


async def events(store: Store, meeting: UUID, name: str) -> list[Mapping[str, object]]:
    async with store.reading() as reading:
        rows = await reading.session.scalars(
            select(JournalRow)
            .where(JournalRow.chain_id == meeting, JournalRow.event == name)
            .order_by(JournalRow.seq)
        )
        return [row.payload or {} for row in rows]


async def again(store: Store, login: str) -> Actor:
    """The actor with the rights of this moment."""
    async with store.reading() as reading:
        account = (await reading.session.scalars(select(Account).where(Account.login == login))).one()
        return (await actors(reading, [account], reading.today))[account.id]


async def mark(store: Store, council: Council, meeting: UUID, login: str, state: Presence) -> None:
    async with store.work() as work:
        await record_attendance(work, council["secretary"], meeting, council[login].person, state)


# corrections


async def test_a_correction_strikes_and_keeps(store: Store) -> None:
    council = await make_council(store, seats=3)
    sitting = await publish_sitting(store, council)
    member, secretary = council["delegate01"], council["secretary"]
    await mark(store, council, sitting.meeting, "delegate01", Presence.IN)
    async with store.reading() as reading:
        (wrong,) = await history_of(reading, sitting.meeting, member.person)
    async with store.work() as work:
        right = TrueInterval(state=Presence.EXCUSED, since=wrong.since)
        await correct_attendance(
            work, secretary, sitting.meeting, member.person, reason=" Nhầm tên ", wrong=wrong.id, right=right
        )
    async with store.reading() as reading:
        kept = {
            entry.id == wrong.id: entry for entry in await history_of(reading, sitting.meeting, member.person)
        }
    assert kept[True].struck_reason == "Nhầm tên"
    assert kept[True].struck_by == secretary.name
    assert kept[True].until is not None
    assert (kept[False].state, kept[False].since, kept[False].until) == (Presence.EXCUSED, wrong.since, None)
    assert (await states(store, sitting.meeting))[member.person] is Presence.EXCUSED
    (told,) = await events(store, sitting.meeting, "AttendanceCorrected")
    assert (told["struck_state"], told["state"], told["reason"]) == ("in", "excused", "Nhầm tên")
    await refused(
        store,
        "attendance-struck",
        lambda work: correct_attendance(
            work, secretary, sitting.meeting, member.person, reason="x", wrong=wrong.id
        ),
    )


async def test_a_missing_interval_is_added_after_the_meeting(store: Store) -> None:
    council = await make_council(store, seats=3)
    sitting = await begin_sitting(store, council)
    member = council["delegate01"].person
    async with store.work() as work:
        await adjourn(work, council["chair"], sitting.meeting)
    async with store.reading() as reading:
        meeting = await reading.get(Meeting, sitting.meeting)
        (whole,) = await history_of(reading, sitting.meeting, member)
    assert meeting.adjourned_at is not None
    half = whole.since + (meeting.adjourned_at - whole.since) / 2
    async with store.work() as work:
        came = TrueInterval(state=Presence.IN, since=whole.since, until=half)
        await correct_attendance(
            work, council["secretary"], sitting.meeting, member, reason="về sớm", wrong=whole.id, right=came
        )
        left = TrueInterval(state=Presence.OUT, since=half)
        await correct_attendance(
            work, council["secretary"], sitting.meeting, member, reason="về sớm", right=left
        )
    assert (await states(store, sitting.meeting))[member] is Presence.OUT
    async with store.reading() as reading:
        (item,) = await reading.session.scalars(select(Item).where(Item.id == sitting.item))
        assert (await parts_of(reading, item))[council["delegate02"].person] is Part.PRESENT


@pytest.mark.parametrize(
    ("code", "since", "until", "reason"),
    [
        ("attendance-outside", timedelta(days=-30), None, "x"),
        ("attendance-outside", timedelta(hours=1), None, "x"),
        ("wrong-input", timedelta(0), timedelta(seconds=-1), "x"),
        ("attendance-overlap", timedelta(0), None, "x"),
        ("reason-missing", timedelta(0), None, "  "),
    ],
)
async def test_what_a_correction_may_not_say(
    store: Store, code: str, since: timedelta, until: timedelta | None, reason: str
) -> None:
    council = await make_council(store, seats=3)
    sitting = await begin_sitting(store, council)
    member = council["delegate01"].person
    async with store.reading() as reading:
        (entry,) = await history_of(reading, sitting.meeting, member)
    right = TrueInterval(
        state=Presence.OUT, since=entry.since + since, until=None if until is None else entry.since + until
    )
    await refused(
        store,
        code,
        lambda work: correct_attendance(
            work, council["secretary"], sitting.meeting, member, reason=reason, right=right
        ),
    )
    await refused(
        store,
        "forbidden",
        lambda work: correct_attendance(
            work, council["delegate01"], sitting.meeting, member, reason="x", wrong=entry.id
        ),
    )
    assert len(await events(store, sitting.meeting, "AttendanceCorrected")) == 0


# the door


async def test_the_list_at_the_door(store: Store) -> None:
    council = await make_council(store, seats=4)
    sitting = await publish_sitting(store, council)
    marks = {council["delegate01"].person: Presence.IN, council["delegate02"].person: Presence.EXCUSED}
    for _ in range(2):
        async with store.work() as work:
            await record_roll_call(work, council["secretary"], sitting.meeting, marks, source=Source.DOOR)
    found = await states(store, sitting.meeting)
    assert found == {council["delegate00"].person: "absent", council["delegate03"].person: "absent"} | marks
    told = await events(store, sitting.meeting, "AttendanceRecorded")
    assert [event["source"] for event in told] == ["door", "door"]


async def test_the_code_on_the_screen(store: Store) -> None:
    council = await make_council(store, seats=3)
    sitting = await publish_sitting(store, council)
    async with store.reading() as reading:
        minute = window_of(reading.now)
    for age, code in ((0, ""), (-1, ""), (-2, "code-old"), (1, "code-old")):
        secret = code_of(SECRET, str(sitting.meeting), minute + age)
        member = council[f"delegate0{abs(age)}"]
        if code:
            await refused(
                store,
                code,
                lambda work, s=secret, m=member: arrive(work, m, sitting.meeting, s, secret=SECRET),
            )
        else:
            async with store.work() as work:
                await arrive(work, member, sitting.meeting, secret, secret=SECRET)
    now = code_of(SECRET, str(sitting.meeting), minute)
    await refused(
        store,
        "not-a-member",
        lambda work: arrive(work, council["observer"], sitting.meeting, now, secret=SECRET),
    )
    await allow(store, council, code_check_in=False, self_check_in=False)
    await refused(
        store,
        "code-closed",
        lambda work: arrive(work, council["delegate02"], sitting.meeting, now, secret=SECRET),
    )
    await refused(
        store, "check-in-closed", lambda work: check_in(work, council["delegate02"], sitting.meeting)
    )
    async with store.reading() as reading:
        sources = set(await reading.session.scalars(select(Attendance.source)))
    assert sources == {"code"}


# substitutes


async def test_a_substitute_sits_votes_and_sees_this_meeting_only(store: Store) -> None:
    council = await make_council(store, seats=3, rule="plurality")
    sitting = await begin_sitting(store, council)
    other = await publish_sitting(store, council)
    member, officer = council["delegate02"], council["officer"]

    def approve(work):
        return approve_substitute(
            work, council["secretary"], sitting.meeting, member=member.person, substitute=officer.person
        )

    await refused(store, "substitutes-off", approve)
    await allow(store, council, substitutes=True)
    await refused(store, "member-present", approve)
    await mark(store, council, sitting.meeting, "delegate02", Presence.EXCUSED)
    async with store.work() as work:
        await approve(work)
    seats = {seat.member.person: seat for seat in (await room(store, sitting.meeting)).seats}
    assert seats[member.person].state is Presence.REPLACED
    assert not seats[member.person].present
    await refused(store, "seat-replaced", lambda work: check_in(work, member, sitting.meeting))

    sub = await again(store, "officer")
    assert sub.may(Right.ATTEND, body=council.body, meeting=sitting.meeting)
    assert not sub.may(Right.ATTEND, body=council.body)
    async with store.reading() as reading:
        await open_to(reading, sub, sitting.meeting)
        assert [meeting.id for meeting, _ in await meetings_for(reading, sub)] == [sitting.meeting]
        with pytest.raises(Refused):
            await open_to(reading, sub, other.meeting)
    async with store.work() as work:
        await check_in(work, sub, sitting.meeting)
    here = await room(store, sitting.meeting)
    assert here.present == 3
    assert here.counts()["replaced"] == 1

    poll = await begin_poll(store, council, sitting)
    async with store.reading() as reading:
        (line,) = [voter for voter in await frozen_roll(reading, poll) if voter.seat_of]
        held = await reading.get(Meeting, sitting.meeting)
        assert (line.person, line.seat_of, line.present) == (str(sub.person), str(member.person), True)
        facts = await room_facts(reading, held)
        assert facts.shown is not None
        (own,) = await lines_of(reading, facts.shown, sub.person)
        assert (own.person, own.obstacle) == (sub.person, "")
        assert facts.presence(sub.person) is Presence.IN
    box = BallotBox(store)
    box.open()
    await box.cast(sub, poll, "yes", "11111111-1111-4111-8111-111111111111")
    with pytest.raises(Refused):
        await box.cast(member, poll, "no", "22222222-2222-4222-8222-222222222222")
    await box.shut()


async def test_a_substitution_ends_and_the_seat_is_the_members_again(store: Store) -> None:
    council = await make_council(store, seats=3)
    await allow(store, council, substitutes=True, proxies=True)
    sitting = await publish_sitting(store, council)
    member, officer, secretary = council["delegate02"], council["officer"], council["secretary"]
    async with store.work() as work:
        await give_proxy(work, member, sitting.meeting, holder=council["delegate01"].person)
        row = await approve_substitute(
            work, secretary, sitting.meeting, member=member.person, substitute=officer.person
        )
    async with store.reading() as reading:
        assert await proxies_in(reading, sitting.meeting) == []
        (told,) = await substitutes_in(reading, sitting.meeting)
        assert (told.person, told.by) == (member.person, officer.person)
    for code, absent, coming in (
        ("seat-replaced", member, council["officer2"]),
        ("substitute-taken", council["delegate01"], officer),
        ("substitute-member", council["delegate01"], council["delegate00"]),
        ("not-a-member", council["observer"], council["officer2"]),
    ):
        await refused(
            store,
            code,
            lambda work, a=absent, c=coming: approve_substitute(
                work, secretary, sitting.meeting, member=a.person, substitute=c.person
            ),
        )
    await refused(store, "forbidden", lambda work: end_substitution(work, member, row.id))
    async with store.work() as work:
        await end_substitution(work, secretary, row.id)
    assert (await states(store, sitting.meeting))[member.person] is Presence.ABSENT
    assert not (await again(store, "officer")).may(Right.ATTEND, body=council.body, meeting=sitting.meeting)
    async with store.work() as work:
        await check_in(work, member, sitting.meeting)
    async with store.reading() as reading:
        held = await reading.get(Meeting, sitting.meeting)
        free = {person.id for person in await possible_substitutes(reading, held)}
    assert officer.person in free
    assert member.person not in free


# proxies


async def test_a_proxy_works_only_while_the_giver_is_away_and_the_holder_here(store: Store) -> None:
    council = await make_council(store, seats=4, rule="plurality")
    sitting = await begin_sitting(store, council)
    giver, holder = council["delegate02"], council["delegate01"]

    def give(work):
        return give_proxy(work, giver, sitting.meeting, holder=holder.person)

    await refused(store, "proxies-off", give)
    await allow(store, council, proxies=True)
    async with store.work() as work:
        await give(work)
    async with store.reading() as reading:
        (proxy,) = await proxies_in(reading, sitting.meeting)
    for giver_state, holder_state, works in (
        (Presence.IN, Presence.IN, False),
        (Presence.OUT, Presence.IN, True),
        (Presence.EXCUSED, Presence.REMOTE, True),
        (Presence.OUT, Presence.OUT, False),
    ):
        await mark(store, council, sitting.meeting, "delegate02", giver_state)
        await mark(store, council, sitting.meeting, "delegate01", holder_state)
        now = await room(store, sitting.meeting)
        assert proxy_works(now, proxy) is works
        counted = count_roll(roll_of(now, sitting.item))
        assert counted.eligible == now.present + works
        assert counted.present == now.present
    await mark(store, council, sitting.meeting, "delegate01", Presence.IN)
    poll = await begin_poll(store, council, sitting)
    box = BallotBox(store)
    box.open()
    for actor, of in ((holder, None), (holder, giver.person), (council["chair"], None)):
        await box.cast(actor, poll, "yes", "33333333-3333-4333-8333-333333333333", of)
    await box.shut()
    async with store.work() as work:
        closed = await close_poll(work, council["chair"], poll)
    assert closed.tally is not None
    assert closed.tally["yes"] == 3


async def test_proxies_go_one_level_and_have_a_limit(store: Store) -> None:
    council = await make_council(store, seats=6)
    await allow(store, council, proxies=True, proxies_per_holder=1)
    sitting = await publish_sitting(store, council)
    people = council.delegates

    def give(giver: int, holder: int, by: Actor | None = None) -> Callable[[Work], Awaitable[Proxy]]:
        return lambda work: give_proxy(
            work,
            by or people[giver],
            sitting.meeting,
            giver=people[giver].person,
            holder=people[holder].person,
        )

    async with store.work() as work:
        first = await give(1, 2)(work)
    await refused(store, "proxy-given", give(1, 3))
    await refused(store, "proxy-chain", give(2, 3))
    await refused(store, "proxy-chain", give(3, 1))
    await refused(store, "proxy-limit", give(3, 2))
    await refused(store, "proxy-self", give(3, 3))
    await refused(store, "forbidden", give(3, 4, people[5]))
    async with store.work() as work:
        await give(3, 4, council["secretary"])(work)
    await refused(store, "forbidden", lambda work: end_proxy(work, people[5], first.id))
    async with store.work() as work:
        await end_proxy(work, people[2], first.id)
    await refused(store, "not-found", lambda work: end_proxy(work, people[1], first.id))
    assert [event["giver_name"] for event in await events(store, sitting.meeting, "ProxyGiven")] == [
        people[1].name,
        people[3].name,
    ]
    assert len(await events(store, sitting.meeting, "ProxyEnded")) == 1


# recusals


async def lay(store: Store, council: Council, sitting: Sitting) -> UUID:
    async with store.work() as work:
        sha256 = await store.files.put(b"%PDF-1.7 a paper")
        laid = Checked(filename="to-trinh.pdf", sha256=sha256, size=16, pages=1)
        return (await lay_paper(work, council["secretary"], sitting.item, laid)).paper_id


async def test_whoever_stands_aside_has_no_papers_and_no_ballot(store: Store) -> None:
    council = await make_council(store, seats=4, rule="plurality")
    sitting = await begin_sitting(store, council)
    paper = await lay(store, council, sitting)
    aside, other = council["delegate01"], council["delegate02"]
    async with store.work() as work:
        own = await declare_recusal(work, aside, sitting.item, reason="cổ đông")
        await declare_recusal(work, council["chair"], sitting.item, person=other.person)
    await refused(store, "recusal-twice", lambda work: declare_recusal(work, aside, sitting.item))
    await refused(
        store,
        "forbidden",
        lambda work: declare_recusal(work, aside, sitting.item, person=council["chair"].person),
    )
    await refused(store, "forbidden", lambda work: lift_recusal(work, aside, own.id))
    async with store.reading() as reading:
        assert await is_recused(reading, sitting.item, aside.person)
        assert {one.name for one in await recusals_in(reading, sitting.meeting)} == {aside.name, other.name}
        await open_paper(reading, council["delegate03"], paper)
        with pytest.raises(Refused) as hidden:
            await open_paper(reading, aside, paper)
    assert hidden.value.code == "recused"
    told = await events(store, sitting.meeting, "RecusalDeclared")
    assert [(event["set_by_chair"], event["reason"]) for event in told] == [(False, "cổ đông"), (True, "")]

    poll = await begin_poll(store, council, sitting)
    await refused(store, "recusal-poll-open", lambda work: lift_recusal(work, council["chair"], own.id))
    await refused(
        store, "recusal-poll-open", lambda work: declare_recusal(work, council["delegate03"], sitting.item)
    )
    box = BallotBox(store)
    box.open()
    with pytest.raises(Refused) as none:
        await box.cast(aside, poll, "yes", "44444444-4444-4444-8444-444444444444")
    assert none.value.code == "recused"
    await box.shut()
    async with store.work() as work:
        await close_poll(work, council["chair"], poll)
        await lift_recusal(work, council["chair"], own.id)
    async with store.reading() as reading:
        assert not await is_recused(reading, sitting.item, aside.person)
        await open_paper(reading, aside, paper)
        kept = await reading.get(Poll, poll)
    assert (kept.eligible, kept.present_open) == (2, 4)


async def test_nobody_stands_aside_from_an_item_that_is_over(store: Store) -> None:
    council = await make_council(store, seats=3)
    sitting = await begin_sitting(store, council)
    await refused(
        store, "not-a-member", lambda work: declare_recusal(work, council["observer"], sitting.item)
    )
    async with store.work() as work:
        await conclude(work, council["chair"], sitting.item)
    await refused(store, "not-now", lambda work: declare_recusal(work, council["delegate01"], sitting.item))
