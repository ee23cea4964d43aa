"""A part of the story by the interface alone: every other way of voting than an open ballot on a motion."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from tests.api.conftest import House

TO_THE_CHAIR = {
    "majority": "1/2", "strict": True, "base": "present", "tie": "chair", "tie_requires_all_voted": False,
    "quorum": None, "quorum_base": "seats", "present_at": "open", "recused_shrink_base": False,
}  # fmt: skip


async def vote_in_every_way(house: House, meeting: str, item: str) -> None:
    """Six of nine are present, delegate00 is the chair; afterwards nothing is open and nobody has come or gone."""
    await house.good("chair", "POST", f"/items/{item}/take-up")
    await _devices(house, meeting)
    await _hands(house, item)
    await _for_others(house, meeting, item)
    await _roll_call(house, item)
    await _casting_vote(house, item)
    await _elections(house, item)


async def _devices(house: House, meeting: str) -> None:
    address = f"/meetings/{meeting}/device-test"
    assert await house.good("secretary", "GET", address) == {"test": None}
    begun = (await house.good("secretary", "POST", address))["test"]
    assert (begun["open"], begun["answered"]) == (True, [])
    assert await house.refused("delegate01", "POST", f"/polls/{begun['poll']}/end-test") == "forbidden"
    assert (await house.good("secretary", "POST", f"/polls/{begun['poll']}/end-test"))["test"][
        "open"
    ] is False


async def _hands(house: House, item: str) -> None:
    poll = await _opened(house, item, method="hands")
    counts = {"counts": {"yes": 4, "no": 2, "abstain": 0}}
    await house.good("secretary", "POST", f"{poll}/counts", counts)
    assert await house.refused("secretary", "POST", f"{poll}/confirm-counts", counts) == "second-person"
    await house.good("chair", "POST", f"{poll}/send-back-counts")
    await house.good("secretary", "POST", f"{poll}/counts", counts)
    await house.good("chair", "POST", f"{poll}/confirm-counts", counts)
    told = await _announced(house, poll)
    assert (told["tally"]["yes"], told["tally"]["no"], told["outcome"]["code"]) == (4, 2, "adopted")


async def _for_others(house: House, meeting: str, item: str) -> None:
    poll = await _drafted(house, item)
    closes = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    assert await house.refused("secretary", "POST", f"{poll}/times", {"closes_at": closes}) == "forbidden"
    await house.good("chair", "POST", f"{poll}/times", {"closes_at": closes})
    await house.good("chair", "POST", f"{poll}/open")
    await house.good("chair", "POST", f"{poll}/extend", {"seconds": 60})
    await house.good("chair", "POST", f"{poll}/call-missing")
    late = house.council["delegate06"].person
    await house.good("delegate06", "POST", f"/meetings/{meeting}/check-in")
    admitted = await house.good("chair", "POST", f"{poll}/admit", {"person": str(late)})
    assert admitted["roll"]["eligible"] == 7
    sent = {"person": str(late), "choice": "yes"}
    [waits] = (await house.good("secretary", "POST", f"{poll}/entered-ballots", sent))["waiting"]
    left = await house.good("secretary", "POST", f"/entered-ballots/{waits['id']}/drop")
    assert left == {"waiting": []}
    [waits] = (await house.good("secretary", "POST", f"{poll}/entered-ballots", sent))["waiting"]
    assert await house.good("chair", "GET", f"{poll}/entered-ballots") == {"waiting": [waits]}
    assert (await house.good("chair", "POST", f"/entered-ballots/{waits['id']}/confirm")) == {"waiting": []}
    assert (await _announced(house, poll))["tally"]["yes"] == 1
    await house.good("secretary", "PUT", f"/meetings/{meeting}/attendance/{late}", {"state": "absent"})


async def _roll_call(house: House, item: str) -> None:
    poll = await _drafted(house, item, method="roll_call")
    await house.good("chair", "POST", f"{poll}/open")
    await house.good("chair", "POST", f"{poll}/call-next")
    await house.good("chair", "POST", f"{poll}/annul", {"reason": "Gọi nhầm danh sách"})
    again = await house.good("chair", "POST", f"{poll}/repeat")
    assert again["state"] == "draft"
    await house.good("chair", "POST", f"/polls/{again['id']}/annul", {"reason": "Không biểu quyết nữa"})


async def _casting_vote(house: House, item: str) -> None:
    poll = await _opened(house, item, rule=TO_THE_CHAIR)
    for delegate, choice in enumerate(("yes", "yes", "no", "no"), start=1):
        await _cast(house, poll, delegate, choice)
    await house.good("chair", "POST", f"{poll}/close")
    assert await house.refused("secretary", "POST", f"{poll}/casting-vote", {"choice": "yes"}) == "forbidden"
    await house.good("chair", "POST", f"{poll}/casting-vote", {"choice": "yes"})
    told = await house.good("chair", "POST", f"{poll}/announce")
    assert told["outcome"]["code"] == "adopted"


async def _elections(house: House, item: str) -> None:
    form = {
        "options": [{"id": "a", "label": "Trần Thị Hoa"}, {"id": "b", "label": "Lê Văn Sơn"}],
        "at_most": 2,
    }
    poll = await _opened(house, item, kind="election", form=form | {"ties": "lots"})
    for delegate in range(6):
        await _cast(house, poll, delegate, ["a", "b"])
    closed = await house.good("chair", "POST", f"{poll}/close")
    assert closed["outcome"]["code"] == "tied"
    await house.good("chair", "POST", f"{poll}/lots", {"drawn": ["b"]})
    told = await house.good("chair", "POST", f"{poll}/announce")
    assert [line["id"] for line in told["outcome"]["lines"] if line.get("elected")] == ["b"]
    poll = await _opened(house, item, kind="election", form=form)
    await _cast(house, poll, 0, ["a"])
    assert (await _announced(house, poll))["outcome"]["code"] == "another_round"
    second = await house.good("secretary", "POST", f"{poll}/next-round")
    assert (second["round"], second["state"]) == (2, "draft")
    await house.good("chair", "POST", f"/polls/{second['id']}/annul", {"reason": "Hoãn sang kỳ họp sau"})


async def _drafted(house: House, item: str, **asked: Any) -> str:
    sent = {"title": "Biểu quyết"} | ({} if "kind" in asked else {"rule": "plurality"}) | asked
    return f"/polls/{(await house.good('secretary', 'POST', f'/items/{item}/polls', sent))['id']}"


async def _opened(house: House, item: str, **asked: Any) -> str:
    poll = await _drafted(house, item, **asked)
    await house.good("chair", "POST", f"{poll}/open")
    return poll


async def _cast(house: House, poll: str, delegate: int, choice: object) -> None:
    ballot = {"choice": choice, "key": str(uuid4())}
    await house.good(f"delegate{delegate:02}", "POST", f"{poll}/ballots", ballot)


async def _announced(house: House, poll: str) -> dict[str, Any]:
    await house.good("chair", "POST", f"{poll}/close")
    return dict(await house.good("chair", "POST", f"{poll}/announce"))
