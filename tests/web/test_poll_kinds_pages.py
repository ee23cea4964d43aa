"""Elections, ratings and rankings on the pages, as a browser without scripts uses them."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import select

from meetings.storage.tables import Ballot, Poll
from tests.support.council import Sitting
from tests.web.test_during_pages import House, house, sitting, words

__all__ = ["house", "sitting"]

CHAIR = "delegate00"
NAMES = "Trần Thị Hoa; Sở Y tế\nLê Văn Sơn\n\nPhạm Văn Hải"


async def send(house: House, login: str, address: str, **form: Any) -> httpx.Response:
    """A form whose fields may have several values."""
    browser = await house.browser(login)
    data = {"_csrf_token": browser.cookies["meetings_form"], **form}
    return await browser.post(address, data=data)


async def open_election(house: House, sitting: Sitting, **more: Any) -> UUID:
    asked = {"title": "Bầu Ủy viên", "kind": "election", "options": NAMES, "rule": "usual", **more}
    assert (await send(house, CHAIR, f"/items/{sitting.item}/polls", **asked)).status_code == 303
    async with house.store.reading() as reading:
        poll = await reading.session.scalar(select(Poll).order_by(Poll.number.desc()).limit(1))
    assert poll is not None
    await house.act(CHAIR, f"/polls/{poll.id}/open")
    return poll.id


async def vote(house: House, poll: UUID, login: str, **marks: Any) -> httpx.Response:
    return await send(house, login, f"/polls/{poll}/ballots", key=str(uuid4()), **marks)


async def test_an_election_from_the_cockpit_to_the_next_round(house: House, sitting: Sitting) -> None:
    poll = await open_election(house, sitting, places="2", person=["Nguyễn Văn Đại Biểu 08"])
    room = await house.get("delegate01", f"/meetings/{sitting.meeting}/room")
    assert room.text.count('name="mark"') == 4
    assert "0 of at most 2 marked" in words(room.text)
    for number in range(9):
        marks = ["c1", "c2"] if number < 6 else ["c1", "c3"] if number < 8 else []
        answer = await vote(house, poll, f"delegate{number:02}", ballot="election", mark=marks)
        assert answer.status_code == 303
    assert "c1" not in await house.read("delegate01", f"/meetings/{sitting.meeting}/room")
    page = await house.act(CHAIR, f"/polls/{poll}/close")
    assert "Elected: Trần Thị Hoa, Lê Văn Sơn. Each needed 5 votes of 9." in page
    assert "Elected" not in await house.read("delegate01", f"/meetings/{sitting.meeting}/room")
    await house.act(CHAIR, f"/polls/{poll}/announce")
    desk = await house.read("delegate01", f"/meetings/{sitting.meeting}/room")
    assert "Elected" in desk
    assert "Your vote: Trần Thị Hoa · Lê Văn Sơn" in desk
    assert "88.89%" in await house.read("observer", f"/meetings/{sitting.meeting}/screen")


async def test_lots_and_another_round(house: House, sitting: Sitting) -> None:
    poll = await open_election(house, sitting, places="1", at_most="2", secret="yes")
    for number in range(6):
        await vote(house, poll, f"delegate{number:02}", ballot="election", mark=["c1", "c2"])
    board = await house.act(CHAIR, f"/polls/{poll}/close")
    assert "The lots have given 1 place to:" in board
    board = await house.act(CHAIR, f"/polls/{poll}/lots", drawn="c2")
    assert "a tie was settled by lot: Lê Văn Sơn" in board
    await house.act(CHAIR, f"/polls/{poll}/announce")
    second = await open_election(house, sitting, places="1")
    await vote(house, second, "delegate01", ballot="election", mark=["c1"])
    await house.act(CHAIR, f"/polls/{second}/close")
    board = await house.act(CHAIR, f"/polls/{second}/announce")
    assert "Prepare the next round" in board
    shown = (await house.get(CHAIR, f"/meetings/{sitting.meeting}/chair")).text
    assert shown.count("button--chair button--large") == 1, "one next act; the rest is plain"
    assert 'id="next-next-round"' in shown
    assert "Ballot 3" in await house.act(CHAIR, f"/polls/{second}/next-round")


async def test_a_rating_and_a_ranking_without_scripts(house: House, sitting: Sitting) -> None:
    rating = await open_election(house, sitting, kind="confidence", secret="yes")
    page = await house.get("delegate01", f"/meetings/{sitting.meeting}/room")
    assert page.text.count('name="level-c1"') == 3
    for number in range(3):
        marks = {"level-c1": "low", "level-c2": "high"}
        assert (
            await vote(house, rating, f"delegate{number:02}", ballot="confidence", **marks)
        ).status_code == 303
    board = await house.act(CHAIR, f"/polls/{rating}/close")
    assert "dismissal is to be proposed: Trần Thị Hoa." in board
    await house.act(CHAIR, f"/polls/{rating}/announce")
    ranking = await open_election(house, sitting, kind="ranked")
    twice = await vote(house, ranking, "delegate01", ballot="ranked", **{"rank-c1": "1", "rank-c2": "1"})
    assert twice.status_code == 409
    assert "The same number is given twice" in twice.text
    assert (
        await vote(house, ranking, "delegate01", ballot="ranked", **{"rank-c1": "2", "rank-c2": "1"})
    ).status_code == 303
    async with house.store.reading() as reading:
        assert (
            await reading.session.scalar(select(Ballot.choice).where(Ballot.poll_id == ranking))
            == '["c2","c1"]'
        )
    assert "Your vote: 1. Lê Văn Sơn · 2. Trần Thị Hoa" in await house.read(
        "delegate01", f"/meetings/{sitting.meeting}/room"
    )


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"kind": "motion", "rule": "hdnd-resolution"}, "9 members get a ballot; 5 votes in favour"),
        ({"kind": "election", "options": NAMES, "places": "2"}, "may mark 2; 5 votes of 9 elect."),
        ({"kind": "election", "options": ""}, "The ballot is not right: options."),
        ({"kind": "confidence", "options": NAMES}, "9 members rate 3 people"),
        ({"kind": "options", "options": NAMES, "by": "majority"}, "may mark 1;"),
        ({"kind": "ranked", "options": NAMES}, "if all vote, 5 votes elect."),
        ({"rule": "custom", "majority": "2/3", "strict": "no", "base": "seats"}, "6 votes in favour"),
        ({"rule": "custom", "majority": "most", "base": "seats"}, "The voting rule is not right"),
    ],
)  # fmt: skip
async def test_the_preview_says_what_would_pass(
    house: House, sitting: Sitting, asked: dict[str, str], said: str
) -> None:
    browser = await house.browser(CHAIR)
    answer = await browser.get(
        f"/meetings/{sitting.meeting}/polls/preview", params={"place": "vote", **asked}
    )
    assert answer.status_code == 200
    assert said in words(answer.text)
    assert 'id="preview-vote"' in answer.text


async def test_the_preview_is_for_who_runs_the_room(house: House, sitting: Sitting) -> None:
    answer = await house.get("delegate01", f"/meetings/{sitting.meeting}/polls/preview")
    assert answer.status_code == 403
