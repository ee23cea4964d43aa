"""The floor over Socket.IO: asking, withdrawing, and what entering tells of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from meetings.during.speakers import pause_speech, start_speech
from meetings.during.speaking_list import close_list
from tests.realtime.conftest import Live
from tests.realtime.test_sockets import act
from tests.support.council import begin_sitting


async def test_asking_tells_the_place_and_everybody_hears(live: Live) -> None:
    sitting = await begin_sitting(live.store, live.council)
    meeting = str(sitting.meeting)
    first, second = await live.follower("delegate01"), await live.follower("delegate02")
    seq = (await second.enter(sitting.meeting))["seq"]
    wish: dict[str, Any] = {"meeting": meeting, "kind": "speech", "stance": "for"}
    assert await first.ask("ask-to-speak", wish) == {"place": 1, "wait": 0}
    await second.until(lambda follower: bool(follower.heard("changed")))
    [packet] = second.heard("changed")
    assert (packet["what"], packet["prev"], packet["seq"]) == ("floor", seq, seq + 1)
    assert await second.ask("ask-to-speak", wish) == {"place": 2, "wait": 600}
    refused = await second.ask("ask-to-speak", wish)
    assert refused["refused"] == "floor-asked"
    assert refused["reason"]
    assert await second.ask("withdraw", {"meeting": meeting}) == {"withdrawn": 1}
    assert await second.ask("withdraw", {"meeting": meeting}) == {"withdrawn": 0}


async def test_refusals_and_malformed_wishes(live: Live) -> None:
    sitting = await begin_sitting(live.store, live.council)
    meeting = str(sitting.meeting)
    member = await live.follower("delegate01")
    for wish, code in (
        ({"meeting": meeting, "kind": "song", "stance": ""}, "wrong-input"),
        ({"meeting": meeting}, "wrong-input"),
        ({"meeting": meeting, "kind": ["speech"]}, "malformed"),
        ({"meeting": "x", "kind": "speech"}, "malformed"),
    ):
        assert (await member.ask("ask-to-speak", wish))["refused"] == code, wish
    wish = {"meeting": meeting, "kind": "speech", "stance": ""}
    assert (await (await live.follower("observer")).ask("ask-to-speak", wish))["refused"] == "not-a-member"
    assert (await (await live.follower("stranger")).ask("ask-to-speak", wish))["refused"] == "not-found"
    await act(live, "chair", close_list, sitting.item)
    assert (await member.ask("ask-to-speak", wish))["refused"] == "floor-closed"
    assert (await member.ask("ask-to-speak", {**wish, "kind": "order"}))["place"] == 1


async def test_entering_tells_the_floor_in_absolute_numbers(live: Live) -> None:
    sitting = await begin_sitting(live.store, live.council)
    for login in ("delegate01", "delegate02"):
        member = await live.follower(login)
        await member.ask("ask-to-speak", {"meeting": str(sitting.meeting), "kind": "speech", "stance": ""})
    observer = await live.follower("observer")
    floor = (await observer.enter(sitting.meeting))["floor"]
    assert floor["speaking"] is None
    assert [one["name"][-2:] for one in floor["queue"]] == ["01", "02"]
    first = UUID(floor["queue"][0]["id"])
    await act(live, "chair", start_speech, first)
    floor = (await observer.enter(sitting.meeting))["floor"]
    assert floor["speaking"]["id"] == str(first)
    assert floor["speaking"]["running_since"]
    assert (floor["speaking"]["seconds"], floor["speaking"]["limit"]) == (0, 600)
    assert [one["name"][-2:] for one in floor["queue"]] == ["02"]
    await act(live, "chair", pause_speech, first)
    floor = (await observer.enter(sitting.meeting))["floor"]
    assert floor["speaking"]["running_since"] is None
    assert floor["closed"] is False


async def test_the_heartbeat_tells_the_time_of_the_server(live: Live) -> None:
    sitting = await begin_sitting(live.store, live.council)
    member = await live.follower("delegate01")
    await member.enter(sitting.meeting)
    await member.until(lambda follower: bool(follower.heard("head")))
    assert member.heard("head")[0]["at"].endswith("+00:00")
