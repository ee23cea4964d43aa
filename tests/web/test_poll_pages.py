"""How votes are held, on the pages: hands, roll calls, times, ballots for others, casting votes, tests of devices."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from meetings.during.attendance import Presence, record_attendance
from meetings.during.voting import draft_poll, open_poll
from meetings.realtime.timekeeper import keep_time
from meetings.storage.tables import EnteredBallot, Poll
from tests.support.council import Sitting, begin_sitting
from tests.web.test_during_pages import HTMX, House, house, words

__all__ = ["house"]


@pytest.fixture
async def sitting(house: House) -> Sitting:
    return await begin_sitting(house.store, house.council, present=7)


async def begin(house: House, sitting: Sitting, **how: object) -> UUID:
    async with house.store.work() as work:
        poll = await draft_poll(work, house.council["chair"], sitting.item, motion=sitting.motion, **how)  # pyright: ignore[reportArgumentType]
        await open_poll(work, house.council["chair"], poll.id)
    return poll.id


async def vote(house: House, poll: UUID, login: str, choice: str = "yes") -> None:
    await house.app.state.house.box.cast(house.council[login], poll, choice, str(uuid4()))


async def poll_of(house: House, poll: UUID) -> Poll:
    async with house.store.reading() as reading:
        return await reading.get(Poll, poll)


async def test_a_show_of_hands_takes_two_persons(house: House, sitting: Sitting) -> None:
    chair, desk = f"/meetings/{sitting.meeting}/chair", f"/meetings/{sitting.meeting}/ballot-desk"
    page = await house.act(
        "delegate00",
        f"/items/{sitting.item}/polls",
        motion=str(sitting.motion),
        rule="hdnd-resolution",
        method="hands",
    )
    assert "Open the vote" in page
    async with house.store.reading() as reading:
        poll = (await reading.session.scalars(select(Poll.id))).one()
    assert "Enter the counts" in await house.act("delegate00", f"/polls/{poll}/open")
    assert "This vote is counted in the room" in await house.read(
        "delegate01", f"/meetings/{sitting.meeting}/room"
    )
    refused = await house.post("delegate00", f"/polls/{poll}/close")
    assert refused.status_code == 409
    numbers = {"count-yes": "5", "count-no": "1", "count-abstain": "1", "back": "ballot-desk"}
    shown = await house.act("secretary", f"/polls/{poll}/counts", **numbers)
    assert "A second person has to confirm these counts" in shown
    assert "Confirm the counts" not in shown
    assert (
        await house.post("secretary", f"/polls/{poll}/confirm-counts", None, back="ballot-desk")
    ).status_code == 409
    assert "Confirm the counts" in await house.read("delegate00", chair)
    seen = {"seen-yes": "5", "seen-no": "1", "seen-abstain": "1"}
    confirmed = await house.act("delegate00", f"/polls/{poll}/confirm-counts", **seen)
    assert "Close the vote" in confirmed
    closed = await house.act("delegate00", f"/polls/{poll}/close")
    assert "Adopted" in closed
    assert await house.act("delegate00", f"/polls/{poll}/announce")
    assert "No vote at the moment" in await house.read("secretary", desk)


async def test_a_called_member_is_told_and_the_answers_are_seen(house: House, sitting: Sitting) -> None:
    poll = await begin(house, sitting, method="roll_call", disclosure="live")
    room = f"/meetings/{sitting.meeting}/room"
    assert "Your name will be called" in await house.read("delegate00", room)
    page = await house.act("delegate00", f"/polls/{poll}/call-next", seen="")
    assert "Call " + house.council["delegate01"].name in page
    called = await house.read("delegate00", room)
    assert "Your name is called" in called
    assert "Your name is called" not in await house.read("delegate01", room)
    await vote(house, poll, "delegate00")
    assert "In favour" in await house.read("delegate02", room), "everybody sees the answer"
    screen = await house.read("observer", f"/meetings/{sitting.meeting}/screen")
    assert house.council["delegate00"].name in screen
    again = await house.post(
        "delegate00", f"/polls/{poll}/call-next", None, seen=str(house.council["delegate05"].person)
    )
    assert again.status_code == 409
    assert "called a name at the same time" in again.text


async def test_a_vote_with_a_time_shows_it_everywhere_and_closes(house: House, sitting: Sitting) -> None:
    async with house.store.work() as work:
        poll = (await draft_poll(work, house.council["chair"], sitting.item, motion=sitting.motion)).id
    page = await house.act("delegate00", f"/polls/{poll}/open", seconds="60")
    assert "closes in" in page
    for login, address in (("delegate01", "room"), ("observer", "screen"), ("secretary", "ballot-desk")):
        shown = await house.read(login, f"/meetings/{sitting.meeting}/{address}")
        assert "3 seconds more for ballots on their way" in shown, address
    assert "1 minute more" in page
    await house.act("delegate00", f"/polls/{poll}/extend", seconds="60")
    later = (await poll_of(house, poll)).closes_at
    assert later is not None
    house.store.clock = lambda: later + timedelta(seconds=4)
    await keep_time(house.store)
    assert (await poll_of(house, poll)).state == "closed"
    assert "Announce the outcome" in await house.read("delegate00", f"/meetings/{sitting.meeting}/chair")


async def test_closing_asks_while_ballots_are_missing_and_calls_only_who_is(
    house: House, sitting: Sitting
) -> None:
    poll = await begin(house, sitting)
    board, room = f"/meetings/{sitting.meeting}/chair/board", f"/meetings/{sitting.meeting}/room/ballot"
    for number in range(6):
        await vote(house, poll, f"delegate{number:02}")
    shown = words((await house.get("delegate00", board)).text)
    assert "Ballots are missing: close the vote?" in shown
    answer = await house.post("delegate00", f"/polls/{poll}/call-missing", HTMX)
    assert answer.status_code == 200
    assert "Your vote is missing" in (await house.get("delegate06", room)).text
    assert "Your vote is missing" not in (await house.get("delegate01", room)).text
    await vote(house, poll, "delegate06")
    assert "Ballots are missing" not in (await house.get("delegate00", board)).text


async def test_the_secretary_enters_and_the_chair_confirms(house: House, sitting: Sitting) -> None:
    poll = await begin(house, sitting)
    desk, member = f"/meetings/{sitting.meeting}/ballot-desk", house.council["delegate03"]
    assert (await house.get("delegate01", desk)).status_code == 403
    shown = await house.read("secretary", desk)
    assert shown.count("has not voted") == 7
    assert "In favour" in shown
    form = {"person": str(member.person), "choice": "no", "back": "ballot-desk"}
    waits = await house.act("secretary", f"/polls/{poll}/entered-ballots", **form)
    assert "waits for a second person" in waits
    assert f"{member.name}: Against" in await house.read("delegate00", f"/meetings/{sitting.meeting}/chair")
    async with house.store.reading() as reading:
        entered = (await reading.session.scalars(select(EnteredBallot.id))).one()
    await house.act("delegate00", f"/entered-ballots/{entered}/confirm")
    assert "has voted" in await house.read("secretary", desk)
    journal = await house.read("delegate00", f"/meetings/{sitting.meeting}/journal")
    assert (
        f"Entered by {house.council['secretary'].name}, confirmed by {house.council['chair'].name}."
        in journal
    )


async def test_who_came_late_is_admitted_with_one_touch(house: House, sitting: Sitting) -> None:
    poll = await begin(house, sitting)
    late = house.council["delegate07"]
    async with house.store.work() as work:
        await record_attendance(work, house.council["secretary"], sitting.meeting, late.person, Presence.IN)
    board = await house.read("delegate00", f"/meetings/{sitting.meeting}/chair")
    assert "Arrived after the opening" in board
    await house.act("delegate00", f"/polls/{poll}/admit", person=str(late.person))
    assert (await poll_of(house, poll)).eligible == 8
    assert 'data-ballot="' in (await house.get("delegate07", f"/meetings/{sitting.meeting}/room/ballot")).text


async def test_a_ballot_that_may_be_changed_stays_open(house: House, sitting: Sitting) -> None:
    poll = await begin(house, sitting, changeable=True)
    await vote(house, poll, "delegate01", "no")
    desk = (await house.get("delegate01", f"/meetings/{sitting.meeting}/room/ballot")).text
    assert "You can change it until the vote is closed." in desk
    assert 'data-ballot="' in desk
    page = await house.act(
        "delegate01", f"/polls/{poll}/ballots", choice="yes", key=str(uuid4()), **{"for": ""}
    )
    assert "Your vote: In favour" in page


async def test_a_tie_asks_the_chair_for_the_casting_vote(house: House, sitting: Sitting) -> None:
    poll = await begin(house, sitting, rule="plurality")
    await vote(house, poll, "delegate01", "yes")
    await vote(house, poll, "delegate02", "no")
    page = await house.act("delegate00", f"/polls/{poll}/close")
    assert "A tie: your casting vote decides it." in page
    assert "Casting vote: Against" in page
    page = await house.act("delegate00", f"/polls/{poll}/casting-vote", choice="no")
    assert "Announce the outcome" in page
    await house.act("delegate00", f"/polls/{poll}/announce")
    assert "gave the casting vote" in await house.read("delegate00", f"/meetings/{sitting.meeting}/journal")


async def test_an_announced_vote_is_annulled_and_repeated(house: House, sitting: Sitting) -> None:
    poll = await begin(house, sitting)
    await vote(house, poll, "delegate01")
    await house.act("delegate00", f"/polls/{poll}/close")
    announced = await house.act("delegate00", f"/polls/{poll}/announce")
    assert "Annul the vote" in announced
    page = await house.act("delegate00", f"/polls/{poll}/annul", reason="Nhầm văn bản")
    assert "Repeat ballot 1" in page
    page = await house.act("delegate00", f"/polls/{poll}/repeat")
    assert "repeats ballot 1" in page
    assert "Repeat ballot 1" not in page


async def test_the_devices_are_tested_from_a_page(house: House, sitting: Sitting) -> None:
    page = f"/meetings/{sitting.meeting}/device-test"
    assert (await house.get("delegate01", page)).status_code == 403
    begun = await house.act("secretary", page)
    assert "0 of 9 devices answered" in begun
    desk = await house.read("delegate08", f"/meetings/{sitting.meeting}/room")
    assert "Does your device work?" in desk
    async with house.store.reading() as reading:
        poll = (await reading.session.scalars(select(Poll.id))).one()
    await vote(house, poll, "delegate08")
    shown = await house.read("delegate00", page)
    assert "1 of 9 devices answered" in shown
    ended = await house.act("secretary", f"/polls/{poll}/end-test")
    assert "Did not answer" in ended
    assert "Prepare the vote" in await house.read("delegate00", f"/meetings/{sitting.meeting}/chair")
    agenda = await house.read("secretary", f"/meetings/{sitting.meeting}")
    assert "Does your device work?" not in agenda


async def test_the_ballot_that_is_handed_out_tells_when_the_vote_closes(
    house: House, sitting: Sitting
) -> None:
    async with house.store.work() as work:
        poll = await draft_poll(work, house.council["chair"], sitting.item, motion=sitting.motion)
        await open_poll(work, house.council["chair"], poll.id, seconds=60)
    sheets = await house.app.state.house.realtime.relay.sheets(poll.id)
    assert "closes in" in sheets["en"]
    assert "_csrf_token" in sheets["en"]
    assert house.council["delegate01"].name not in sheets["en"]


async def test_the_chair_votes_from_the_cockpit(house: House, sitting: Sitting) -> None:
    poll = await begin(house, sitting, method="electronic")
    address = f"/meetings/{sitting.meeting}/chair"
    page = (await house.get("delegate00", address)).text
    assert f'data-ballot="{poll}"' in page
    assert 'id="own-ballot"' in page
    assert f'data-ballot="{poll}"' not in (await house.get("secretary", address)).text, "no seat, no ballot"
    await house.act("delegate00", f"/polls/{poll}/ballots", choice="yes", key=str(uuid4()))
    page = (await house.get("delegate00", address)).text
    assert f'data-ballot="{poll}"' not in page
    assert "Your ballot counted at" in await house.read("delegate00", address)
