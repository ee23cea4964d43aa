"""A full room asks for five hundred regions whenever the stage changes: what that costs is counted, and stays exact."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from sqlalchemy import update

from meetings.council import doorkeeper
from meetings.council.bodies import begin_membership, set_room_rules
from meetings.during.attendance import Presence, record_attendance
from meetings.during.ballot_box import BallotBox
from meetings.during.own_room import OwnRooms
from meetings.during.own_votes import own_votes
from meetings.during.questions import submit_question
from meetings.during.recusals import declare_recusal, lift_recusal
from meetings.during.speaking_list import ask_to_speak
from meetings.during.standing_in import give_proxy
from meetings.during.voting import announce_outcome, close_poll, draft_poll, open_poll
from meetings.rules.permissions import Actor
from meetings.rules.refusals import Refused
from meetings.storage.tables import Meeting
from meetings.storage.unit_of_work import Store
from meetings.web.room_own import own_part
from tests.support.council import SINCE, Sitting, begin_poll, begin_sitting, make_council
from tests.support.statements import statements_of
from tests.web.test_during_pages import House, house

__all__ = ["house"]

MOST = 4
"""Statements for one region of one tablet when the stage has been looked at."""
ROOM = 24


async def cast(store: Store, poll: UUID, *voters: Actor) -> None:
    box = BallotBox(store)
    box.open()
    for voter in voters:
        await box.cast(voter, poll, "yes", str(uuid4()))
    await box.shut()


@pytest.mark.parametrize("login", ["delegate01", "delegate00", "secretary", "observer"])
async def test_a_region_costs_few_statements(
    house: House, login: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At every moment of a vote; those who run the meeting page papers as well, and read no more for it."""
    monkeypatch.setattr(doorkeeper, "REMEMBERS", 3600.0)  # who asks is looked up elsewhere
    store, council = house.store, house.council
    sitting = await begin_sitting(store, council, text="Điều 1.")
    await _costs(house, login, sitting)
    poll = await begin_poll(store, council, sitting)
    await _costs(house, login, sitting)
    await cast(store, poll, *council.delegates)
    await _costs(house, login, sitting)
    async with store.work() as work:
        await close_poll(work, council["chair"], poll)
        await announce_outcome(work, council["chair"], poll)
    await _costs(house, login, sitting)


async def _costs(house: House, login: str, sitting: Sitting) -> None:
    for region in ("own", "ballot"):
        address = f"/meetings/{sitting.meeting}/room/{region}"
        await house.get(login, address)
        with statements_of(house.store) as sent:
            answer = await house.get(login, address)
        assert answer.status_code == 200
        assert 0 < len(sent) <= MOST, "\n".join(sent)


async def test_a_full_room_costs_as_much_as_a_handful(store: Store) -> None:
    """All ask when a vote opens: the facts are made once, and everybody's own in a few looks, however many they are."""
    council = await make_council(store, seats=ROOM)
    sitting = await begin_sitting(store, council)
    await begin_poll(store, council, sitting)
    costs: list[int] = []
    for many in (3, ROOM):
        rooms = OwnRooms(store)
        with statements_of(store) as sent:
            desks = await asyncio.gather(
                *(rooms.desk(one, sitting.meeting) for one in council.delegates[:many])
            )
            await asyncio.gather(*(rooms.part(one, sitting.meeting) for one in council.delegates[:many]))
        costs.append(len(sent))
        owners = [one.desk.own.person for one in desks if one.desk.own]
        assert owners == [one.person for one in council.delegates[:many]], "everybody has the own ballot"
    assert costs[0] == costs[1]


async def test_votes_of_a_whole_meeting_cost_the_same_for_each(store: Store) -> None:
    council = await make_council(store, seats=5)
    sitting = await begin_sitting(store, council)
    costs: list[int] = []
    for number in range(1, 4):
        async with store.work() as work:
            poll = await draft_poll(work, council["chair"], sitting.item, title=f"Nội dung {number}")
            await open_poll(work, council["chair"], poll.id)
        await cast(store, poll.id, *council.delegates)
        async with store.work() as work:
            await close_poll(work, council["chair"], poll.id)
            await announce_outcome(work, council["chair"], poll.id)
        async with store.reading() as reading:
            with statements_of(store) as sent:
                _, votes = await own_votes(reading, council["delegate01"], sitting.meeting)
        costs.append(len(sent))
        assert [[line.choice for line in vote.lines] for vote in votes] == [["yes"]] * number
    assert costs[0] == costs[-1] <= MOST


async def test_ballots_cast_since_are_told_although_the_stage_stays(store: Store) -> None:
    council = await make_council(store, seats=5)
    sitting = await begin_sitting(store, council)
    poll = await begin_poll(store, council, sitting)
    rooms = OwnRooms(store)
    voter, other = council.delegates[1:3]
    before = (await rooms.desk(voter, sitting.meeting)).desk
    assert (before.poll and before.poll.cast, before.own and before.own.receipt) == (0, "")
    await cast(store, poll, voter)
    after = (await rooms.desk(voter, sitting.meeting)).desk
    assert after.poll is not None
    assert after.own is not None
    assert after.poll.cast == 1
    assert after.own.receipt
    assert after.own.choice == "yes"
    theirs = (await rooms.desk(other, sitting.meeting)).desk
    assert (theirs.own and theirs.own.receipt, theirs.own and theirs.own.choice) == ("", "")


async def test_a_secret_choice_is_told_to_nobody(store: Store) -> None:
    council = await make_council(store, seats=5)
    sitting = await begin_sitting(store, council)
    poll = await begin_poll(store, council, sitting, secret=True)
    await cast(store, poll, council.delegates[1])
    desk = (await OwnRooms(store).desk(council.delegates[1], sitting.meeting)).desk
    assert desk.own is not None
    assert desk.own.receipt
    assert desk.own.choice == ""


async def test_a_proxy_gives_the_holder_alone_a_second_line(store: Store) -> None:
    council = await make_council(store, seats=5)
    sitting = await begin_sitting(store, council, present=4)
    away, holder, other = council.delegates[4], council.delegates[1], council.delegates[2]
    async with store.work() as work:
        await set_room_rules(work, council["admin"], council.body, {"proxies": True})
        await give_proxy(work, council["secretary"], sitting.meeting, holder=holder.person, giver=away.person)
    poll = await begin_poll(store, council, sitting)
    rooms = OwnRooms(store)
    desks = await asyncio.gather(*(rooms.desk(one, sitting.meeting) for one in (holder, other, away)))
    held, plain, given = (one.desk for one in desks)
    assert [line.person for line in held.represented] == [away.person]
    assert plain.represented == ()
    assert given.own is not None
    assert given.own.obstacle == "proxy-void"
    assert all(one.desk.poll and one.desk.poll.id == poll for one in desks)
    assert not desks[0].facts.one_ballot(holder.person)
    assert desks[1].facts.one_ballot(other.person)


async def test_what_is_kept_follows_every_change(store: Store) -> None:
    """Each act is seen by the next question of the same process: of the meeting, and of the house."""
    council = await make_council(store, seats=5, members=4)
    sitting = await begin_sitting(store, council)
    rooms = OwnRooms(store)
    member, secretary = council.delegates[1], council["secretary"]

    async def now() -> dict[str, object]:
        return own_part(await rooms.part(member, sitting.meeting), member)

    assert (await now())["floor_open"] is True
    async with store.work() as work:
        await ask_to_speak(work, member, sitting.meeting, "speech")
    assert (await now())["own_kinds"] == {"speech"}
    async with store.work() as work:
        await submit_question(work, member, sitting.meeting, addressee="Chủ tịch", text="Bao giờ xong?")
    assert (await now())["slips"] == 1
    async with store.work() as work:
        recusal = await declare_recusal(work, member, sitting.item)
    aside = await now()
    assert (aside["floor_aside"], aside["moves"]) == (True, False)
    async with store.work() as work:
        await lift_recusal(work, council["chair"], recusal.id)
    assert (await now())["moves"] is True
    async with store.work() as work:
        await record_attendance(work, secretary, sitting.meeting, member.person, Presence.ABSENT)
    assert (await now())["floor_present"] is False
    assert (await now())["may_give_proxy"] is False
    async with store.work() as work:
        await set_room_rules(work, council["admin"], council.body, {"proxies": True})
    assert (await now())["may_give_proxy"] is True
    newcomer = council["officer"]
    part = await rooms.part(member, sitting.meeting)
    assert part.facts.presence(newcomer.person) is None
    async with store.work() as work:
        await begin_membership(work, None, body=council.body, person=newcomer.person, since=SINCE)
    part = await rooms.part(member, sitting.meeting)
    assert part.facts.presence(newcomer.person) is Presence.ABSENT


async def test_pages_shown_to_everyone_are_as_they_are(store: Store) -> None:
    """Turning a page leaves no stage number behind."""
    council = await make_council(store, seats=3)
    sitting = await begin_sitting(store, council)
    rooms = OwnRooms(store)
    await rooms.part(council["chair"], sitting.meeting)
    paper = uuid4()
    async with store.work() as work:
        await work.session.execute(
            update(Meeting)
            .where(Meeting.id == sitting.meeting)
            .values(followed_paper_id=paper, followed_page=7, followed_by=council["chair"].person)
        )
    shown = own_part(await rooms.part(council["chair"], sitting.meeting), council["chair"])["paging_now"]
    assert (shown.paper, shown.page) == (paper, 7)


@pytest.mark.parametrize("who", ["officer", "stranger", "foreign-secretary"])
async def test_who_may_not_see_the_meeting_gets_nothing_of_it(store: Store, who: str) -> None:
    """Although others ask at the same moment, and the facts are kept."""
    council = await make_council(store, seats=3)
    sitting = await begin_sitting(store, council)
    rooms = OwnRooms(store)
    for ask in (rooms.part, rooms.desk):
        answers = await asyncio.gather(
            *(ask(one, sitting.meeting) for one in (*council.delegates, council[who])), return_exceptions=True
        )
        *seen, refused = answers
        assert not any(isinstance(one, BaseException) for one in seen)
        assert isinstance(refused, Refused)
        assert refused.code == "not-found"
        with pytest.raises(Refused) as unknown:
            await ask(council["chair"], uuid4())
        assert unknown.value.code == "not-found"


async def test_a_right_that_is_gone_shows_nothing_from_what_is_kept(store: Store) -> None:
    council = await make_council(store, seats=3)
    sitting = await begin_sitting(store, council)
    rooms = OwnRooms(store)
    member = council.delegates[1]
    await rooms.part(member, sitting.meeting)
    gone = replace(member, grants=frozenset())
    for ask in (rooms.part, rooms.desk):
        with pytest.raises(Refused) as refused:
            await ask(gone, sitting.meeting)
        assert refused.value.code == "not-found"
