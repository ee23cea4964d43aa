"""What clients are told and answered over Socket.IO."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from socketio.exceptions import ConnectionError as NotConnected
from sqlalchemy import select

from meetings.council.sign_in import issue_token
from meetings.during import entered_ballots, voting
from meetings.during.attendance import Presence, record_attendance
from meetings.rules.permissions import Actor
from meetings.storage.tables import Account
from meetings.storage.unit_of_work import Work
from tests.realtime.conftest import PATIENCE, Follower, Live
from tests.support.council import begin_poll, begin_sitting, publish_sitting


async def act(live: Live, login: str, use_case: Callable[..., Awaitable[Any]], *arguments: Any) -> Any:
    async with live.store.work() as work:
        return await use_case(work, live.council[login], *arguments)


async def test_entering_gives_the_stage_as_it_is(live: Live) -> None:
    sitting = await begin_sitting(live.store, live.council)
    poll = await begin_poll(live.store, live.council, sitting)
    stage = await (await live.follower("delegate01")).enter(sitting.meeting)
    assert stage["meeting"]["state"] == "in_session"
    assert stage["meeting"]["present"] == 9
    assert stage["item"]["id"] == str(sitting.item)
    assert stage["attendance"]["in"] == 9
    [shown] = stage["polls"]
    assert (shown["id"], shown["state"], shown["cast"], shown["eligible"]) == (str(poll), "open", 0, 9)
    assert shown["tally"] is None
    assert shown["outcome"] is None
    assert stage["seq"] > 0


async def test_only_who_may_attend_enters_and_hears(live: Live) -> None:
    sitting = await begin_sitting(live.store, live.council)
    stranger = await live.follower("stranger")
    assert (await stranger.enter(sitting.meeting))["refused"] == "not-found"
    assert (await stranger.enter(uuid4()))["refused"] == "not-found"
    member = await live.follower("delegate01")
    await member.enter(sitting.meeting)
    await begin_poll(live.store, live.council, sitting)
    await member.until(lambda follower: bool(follower.heard("changed")))
    await asyncio.sleep(0.1)
    assert not stranger.packets


async def test_a_draft_is_no_meeting_for_members(live: Live) -> None:
    from meetings.before.scheduling import schedule_meeting

    async with live.store.work() as work:
        draft = await schedule_meeting(
            work,
            live.council["secretary"],
            body=live.council.body,
            title="Dự kiến",
            starts="2026-12-01T08:00",
        )
    assert (await (await live.follower("delegate01")).enter(draft.id))["refused"] == "not-found"
    assert (await (await live.follower("secretary")).enter(draft.id))["seq"] >= 0


@pytest.mark.parametrize("auth", [None, {}, {"token": "mt_wrong"}, {"token": 7}, "words"])
async def test_strangers_are_refused_at_the_door(live: Live, auth: Any) -> None:
    with pytest.raises(NotConnected):
        await live.follower(auth=auth)


async def test_a_cast_is_answered_with_a_receipt_and_repeats_give_the_same(live: Live) -> None:
    sitting = await begin_sitting(live.store, live.council)
    poll = await begin_poll(live.store, live.council, sitting)
    voter = await live.follower("delegate01")
    key = uuid4()
    first = await voter.cast(poll, "yes", key)
    assert first["counted"] is True
    assert first["at"].endswith("+00:00")
    assert len(first["receipt"]) == 9
    assert await voter.cast(poll, "yes", key) == first
    assert (await voter.cast(poll, "no", key))["refused"] == "key-reused"
    other = await voter.cast(poll, "yes")
    assert other["refused"] == "ballot-cast"
    assert other["reason"]


async def test_refusals_name_their_reason(live: Live) -> None:
    sitting = await begin_sitting(live.store, live.council, present=8)
    poll = await begin_poll(live.store, live.council, sitting)
    here, absent, observer = [await live.follower(name) for name in ("delegate01", "delegate08", "observer")]
    assert (await here.cast(poll, "perhaps"))["refused"] == "choice-unknown"
    assert (await here.cast(poll, "yes", "no key"))["refused"] == "key-wrong"
    assert (await here.cast(uuid4(), "yes"))["refused"] == "not-found"
    assert (await absent.cast(poll, "yes"))["refused"] == "not-present"
    assert (await observer.cast(poll, "yes"))["refused"] == "not-on-roll"
    for other, refusal in (("delegate08", "not-present"), ("delegate02", "proxy-void")):
        person = str(live.council[other].person)
        assert (await here.cast(poll, "yes", **{"for": person}))["refused"] == refusal
    await act(live, "chair", voting.close_poll, poll)
    assert (await here.cast(poll, "yes"))["refused"] == "poll-late"


async def test_the_numbers_of_the_stage_follow_each_other(live: Live) -> None:
    sitting = await begin_sitting(live.store, live.council)
    follower = await live.follower("delegate01")
    known = (await follower.enter(sitting.meeting))["seq"]
    poll = await begin_poll(live.store, live.council, sitting)
    await follower.cast(poll, "yes")
    await act(live, "secretary", leave, sitting.meeting, live.council["delegate02"].person)
    await act(live, "chair", voting.close_poll, poll)
    await act(live, "chair", voting.announce_outcome, poll)
    await follower.until(lambda one: any(packet["id"] == str(poll) for packet in one.heard("changed")[3:]))
    for packet in follower.heard("changed"):
        assert packet["prev"] == known
        assert packet["seq"] > packet["prev"]
        assert packet["meeting"] == str(sitting.meeting)
        known = packet["seq"]
    words = [packet["what"] for packet in follower.heard("changed")]
    assert "attendance" in words
    about = {packet["what"]: packet.get("person") for packet in follower.heard("changed")}
    assert about == dict.fromkeys(words) | {"attendance": str(live.council["delegate02"].person)}
    assert (await follower.enter(sitting.meeting))["seq"] == known


async def leave(work: Work, actor: Actor, meeting: UUID, person: UUID) -> None:
    await record_attendance(work, actor, meeting, person, Presence.OUT)


async def test_ballots_move_numbers_but_not_the_stage(live: Live) -> None:
    sitting = await begin_sitting(live.store, live.council)
    poll = await begin_poll(live.store, live.council, sitting)
    watching = await live.follower("observer")
    before = (await watching.enter(sitting.meeting))["seq"]
    for login in ("delegate01", "delegate02", "delegate03"):
        await (await live.follower(login)).cast(poll, "no")
    await watching.until(lambda one: any(packet["cast"] == 3 for packet in one.heard("poll")))
    last = watching.heard("poll")[-1]
    assert (last["poll"], last["state"], last["eligible"], last["not_cast"]) == (str(poll), "open", 9, 6)
    assert "tally" not in last
    assert not watching.heard("changed")
    assert (await watching.enter(sitting.meeting))["seq"] == before


async def test_a_heartbeat_carries_the_number_from_the_database(live: Live) -> None:
    sitting = await begin_sitting(live.store, live.council)
    follower = await live.follower("delegate01")
    seq = (await follower.enter(sitting.meeting))["seq"]
    await follower.until(lambda one: len(one.heard("head")) >= 2)
    last = follower.heard("head")[-1]
    assert (last["meeting"], last["seq"]) == (str(sitting.meeting), seq)
    assert datetime.fromisoformat(last["at"]).tzinfo is not None


async def test_checking_in_is_an_act_and_a_lost_connection_is_not_an_absence(live: Live) -> None:
    sitting = await publish_sitting(live.store, live.council)
    follower = await live.follower("delegate04")
    assert await follower.ask("check-in", {"meeting": str(sitting.meeting)}) == {"state": "in"}
    await follower.client.disconnect()
    stage = await (await live.follower("observer")).enter(sitting.meeting)
    assert stage["attendance"]["in"] == 1
    observer = await live.follower("observer")
    assert (await observer.ask("check-in", {"meeting": str(sitting.meeting)}))["refused"] == "forbidden"


async def test_signing_out_closes_the_sockets_of_that_sign_in_only(live: Live) -> None:
    import httpx

    from meetings.web.request import COOKIE

    sitting = await begin_sitting(live.store, live.council)
    tablet, secret = await live.browser("delegate01")
    phone, _ = await live.browser("delegate01")
    for one in (tablet, phone):
        await one.enter(sitting.meeting)
    async with httpx.AsyncClient(base_url=live.url, cookies={COOKIE: secret}) as browser:
        await browser.get("/")
        token = browser.cookies["meetings_form"]
        answer = await browser.post("/sign-out", data={"_csrf_token": token})
    assert answer.status_code == 303
    await gone(tablet)
    assert "refused" not in await phone.enter(sitting.meeting)


async def test_an_ended_sign_in_is_found_out(live: Live) -> None:
    from meetings.council.sign_in import sign_out

    follower, secret = await live.browser("delegate01")
    async with live.store.work() as work:
        await sign_out(work, secret)
    await live.realtime.recheck()
    await gone(follower)


async def gone(follower: Follower) -> None:
    async with asyncio.timeout(PATIENCE):
        while follower.client.connected:
            await asyncio.sleep(0.02)


@pytest.mark.parametrize("packet", [None, 7, "words", [], {}, {"meeting": 3}, {"meeting": {"a": []}}])
async def test_malformed_packets_are_refused_and_hurt_nobody(live: Live, packet: object) -> None:
    sitting = await begin_sitting(live.store, live.council)
    clumsy, careful = await live.follower("delegate01"), await live.follower("delegate02")
    for event in ("enter", "cast", "check-in", "no-such-event"):
        assert (await clumsy.ask(event, packet))["refused"] == "malformed"
    assert "refused" not in await careful.enter(sitting.meeting)
    assert "refused" not in await clumsy.enter(sitting.meeting)


async def test_an_oversized_packet_ends_only_the_connection_that_sent_it(live: Live) -> None:
    sitting = await begin_sitting(live.store, live.council)
    loud, quiet = await live.follower("delegate01"), await live.follower("delegate02")
    await quiet.enter(sitting.meeting)
    await loud.client.emit("enter", {"meeting": "x" * 2_000_000})
    await gone(loud)
    poll = await begin_poll(live.store, live.council, sitting)
    assert (await quiet.cast(poll, "yes"))["counted"] is True
    await quiet.until(lambda one: bool(one.heard("changed")))


async def test_a_token_that_may_only_read_follows_and_does_not_vote(live: Live) -> None:
    sitting = await begin_sitting(live.store, live.council)
    poll = await begin_poll(live.store, live.council, sitting)
    async with live.store.work() as work:
        account = await work.session.scalar(select(Account).where(Account.login == "delegate01"))
        assert account is not None
        token = await issue_token(work, account, name="board", scopes="read")
    follower = await live.follower(auth={"token": token})
    assert (await follower.enter(sitting.meeting))["meeting"]["id"] == str(sitting.meeting)
    assert (await follower.cast(poll, "yes"))["refused"] == "forbidden"


async def test_a_confirmed_ballot_of_a_member_without_a_device_is_told(live: Live) -> None:
    sitting = await begin_sitting(live.store, live.council)
    poll = await begin_poll(live.store, live.council, sitting)
    follower = await live.follower("delegate01")
    await follower.enter(sitting.meeting)
    member = live.council["delegate02"].person
    entered = await act(live, "secretary", entered_ballots.enter_ballot, poll, member, "yes")
    await act(live, "chair", entered_ballots.confirm_ballot, entered.id)
    await follower.until(lambda one: any(packet["cast"] == 1 for packet in one.heard("poll")))
    told = follower.heard("poll")[-1]
    assert (told["poll"], told["cast"], told["not_cast"]) == (str(poll), 1, told["eligible"] - 1)
