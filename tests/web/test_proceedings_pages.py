"""The course of a meeting on the pages: the cockpit's agenda, recesses, items set aside and added, standing orders."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest
from sqlalchemy import select

from meetings.before.agenda import add_item
from meetings.before.papers import Checked, lay_paper
from meetings.before.scheduling import publish_meeting, schedule_meeting
from meetings.during.proceedings import adjourn
from meetings.rules.room_rules import RoomRules
from meetings.storage.tables import Body, Item, Meeting
from meetings.web.room_rules import QUESTIONS
from tests.support.council import Sitting, begin_sitting
from tests.web.test_during_pages import HTMX, House, house, words

__all__ = ["house"]

FILE = Checked(filename="to-trinh.pdf", sha256="a" * 64, size=1200, pages=4)


@pytest.fixture
async def sitting(house: House) -> Sitting:
    sitting = await begin_sitting(house.store, house.council)
    async with house.store.work() as work:
        await add_item(
            work, house.council["secretary"], sitting.meeting, title="Quy hoạch cây xanh", minutes_planned=30
        )
    return sitting


async def item(house: House, title: str) -> Item:
    async with house.store.reading() as reading:
        return (await reading.session.scalars(select(Item).where(Item.title == title))).one()


async def meeting(house: House, sitting: Sitting) -> Meeting:
    async with house.store.reading() as reading:
        return await reading.get(Meeting, sitting.meeting)


async def body_rules(house: House) -> object:
    async with house.store.reading() as reading:
        return (await reading.get(Body, house.council.body)).room_rules


async def test_a_recess_is_counted_down_everywhere(house: House, sitting: Sitting) -> None:
    at = f"/meetings/{sitting.meeting}"
    page = await house.act("delegate00", f"{at}/recess", minutes="15")
    held = await meeting(house, sitting)
    assert held.recess_until is not None
    assert "5 minutes more" in page
    for login, address in (
        ("delegate01", f"{at}/room"),
        ("observer", f"{at}/screen"),
        ("secretary", at),
        ("delegate01", f"{at}/live"),
    ):
        answer = await house.get(login, address)
        assert 'data-limit="86400"' in answer.text, address
    seen = held.recess_until.isoformat()
    await house.act("delegate00", f"{at}/recess/extend", seen=seen)
    stale = await house.post("delegate00", f"{at}/recess/extend", HTMX, seen=seen)
    assert (stale.status_code, "Somebody else has changed the recess" in stale.text) == (409, True)
    await house.act("delegate00", f"{at}/resume")
    assert 'data-limit="86400"' not in (await house.get("delegate01", f"{at}/live")).text
    await house.act("delegate00", f"{at}/recess", minutes="15", until="23:59")
    ends = (await meeting(house, sitting)).recess_until
    assert ends is not None
    assert (ends.hour, ends.minute) == (16, 59), "23:59 on the meeting's own clock"
    wrong = await house.post("delegate00", f"{at}/recess", until="later")
    assert wrong.status_code in (409, 422)


async def test_the_cockpit_shows_times_and_one_act_a_row(house: House, sitting: Sitting) -> None:
    at = f"/meetings/{sitting.meeting}"
    answer = await house.get("delegate00", f"{at}/chair")
    assert "Ends at about" in answer.text
    assert "30 min" in answer.text
    third = await item(house, "Quy hoạch cây xanh")
    assert f'formaction="/items/{third.id}/take-up"' in answer.text
    assert answer.text.count('name="in_hand"') >= 1
    await house.act("delegate00", f"/items/{third.id}/take-up", in_hand=str(sitting.item))
    first = await item(house, "Khai mạc")
    stale = await house.post("delegate00", f"/items/{first.id}/take-up", HTMX, in_hand=str(sitting.item))
    assert stale.status_code == 409
    assert "Somebody else has turned to another item" in stale.text
    page = await house.read("delegate00", f"{at}/chair")
    assert "1 item is dealt with" in page
    again = await house.act("delegate00", f"/items/{third.id}/conclude")
    assert "2 items are dealt with" in again
    nothing = await house.act("delegate00", f"/items/{first.id}/take-up", in_hand="")
    assert "Take up item" not in nothing


async def test_a_cockpit_of_forty_items_stays_light(house: House, sitting: Sitting) -> None:
    async with house.store.work() as work:
        for number in range(40):
            await add_item(work, house.council["secretary"], sitting.meeting, title=f"Mục {number}")
    board = await house.get("delegate00", f"/meetings/{sitting.meeting}/chair/board", **HTMX)
    column = board.text[board.text.index('id="cockpit-agenda"') :]
    column = column[: column.index("</section>")]
    assert column.count("<form") == 1
    assert "<dialog" not in column
    assert len(column) < 80_000


async def test_an_item_goes_to_another_meeting_from_the_dialog(house: House, sitting: Sitting) -> None:
    secretary = house.council["secretary"]
    async with house.store.work() as work:
        later = await schedule_meeting(
            work, secretary, body=house.council.body, title="Kỳ họp sau", starts="2026-12-08T08:00"
        )
        await lay_paper(work, secretary, sitting.item, FILE, title="Tờ trình")
    form = await house.get("delegate00", f"/items/{sitting.item}/acts", **HTMX)
    assert "<html" not in form.text
    assert f'value="{later.id}"' in form.text
    assert "Kỳ họp sau" in words(form.text)
    assert "Postpone" in await house.read("delegate00", f"/items/{sitting.item}/acts")
    await house.act("delegate00", f"/items/{sitting.item}/postpone", reason="Chưa đủ", meeting=str(later.id))
    agenda = await house.read("delegate01", f"/meetings/{sitting.meeting}")
    assert "Postponed" in agenda
    assert "Kỳ họp sau" not in agenda, "it is not published"
    assert "Kỳ họp sau" not in await house.read("delegate01", f"/meetings/{sitting.meeting}/journal")
    assert "Goes to the meeting “Kỳ họp sau”" in await house.read("secretary", f"/meetings/{sitting.meeting}")
    there = await house.read("secretary", f"/meetings/{later.id}")
    assert "Continues item 2 of “Kỳ họp thứ nhất”." in there
    assert "Tờ trình" in there
    told = await house.read("secretary", f"/meetings/{sitting.meeting}/journal")
    assert "It continues as item 1 of “Kỳ họp sau”" in told
    assert "Motions left undecided: Nghị quyết về dự toán." in told
    async with house.store.work() as work:
        await publish_meeting(work, secretary, later.id)
    for page in ("", "/agenda/text"):
        agenda = await house.read("delegate01", f"/meetings/{sitting.meeting}{page}")
        assert "Goes to the meeting “Kỳ họp sau”" in agenda
    assert "“Kỳ họp sau”" in await house.read("delegate01", f"/meetings/{sitting.meeting}/journal")


async def test_an_item_is_referred_and_an_urgent_one_added(house: House, sitting: Sitting) -> None:
    at = f"/meetings/{sitting.meeting}"
    missing = await house.post(
        "delegate00", f"/items/{sitting.item}/refer", HTMX, to="Ban Pháp chế", reason=""
    )
    assert missing.status_code == 422
    page = await house.act("delegate00", f"/items/{sitting.item}/refer", to="Ban Pháp chế", reason="Thẩm tra")
    assert "Referred" in page
    assert "to Ban Pháp chế" in page
    form = await house.read("delegate00", f"{at}/urgent")
    assert "Why it is urgent" in form
    page = await house.act(
        "delegate00", f"{at}/urgent", title="Ứng phó bão", reason="Bão đổ bộ", minutes_planned="10"
    )
    urgent = await item(house, "Ứng phó bão")
    assert (urgent.urgent, urgent.number) == (True, "2a")
    assert "Urgent" in page
    await house.act("delegate00", f"/items/{urgent.id}/take-up", in_hand="")
    assert "Urgent" in await house.read("delegate01", f"{at}/room")
    agenda = await house.read("delegate01", at)
    assert "Referred to Ban Pháp chế." in agenda
    assert "The meeting ends at about" in agenda
    for login in ("delegate01", "secretary"):
        for address in (f"{at}/urgent", f"/items/{sitting.item}/acts"):
            assert (await house.get(login, address)).status_code == 403
        assert (await house.post(login, f"{at}/urgent", title="X", reason="Y")).status_code == 403


async def test_pages_are_shown_without_scripts(house: House, sitting: Sitting) -> None:
    async with house.store.work() as work:
        laid = await lay_paper(work, house.council["secretary"], sitting.item, FILE, title="Tờ trình")
    at = f"/meetings/{sitting.meeting}"
    assert "Show this page to everyone" in await house.read("delegate00", f"{at}/room")
    assert "Show this page to everyone" not in await house.read("delegate01", f"{at}/room")
    await house.act("delegate00", f"{at}/follow", paper=str(laid.paper_id), page="3")
    held = await meeting(house, sitting)
    assert (held.followed_paper_id, held.followed_page) == (laid.paper_id, 3)
    part = await house.post("delegate00", f"{at}/follow", HTMX, paper=str(laid.paper_id), page="9")
    assert part.status_code == 422
    refused = await house.post("delegate01", f"{at}/follow", paper=str(laid.paper_id), page="1")
    assert refused.status_code == 403
    await house.act("delegate00", f"{at}/follow", act="stop", page="3")
    assert (await meeting(house, sitting)).followed_paper_id is None


async def test_standing_orders_in_plain_words(house: House) -> None:
    at = f"/council/bodies/{house.council.body}/room-rules"
    assert "Standing orders for the room" in await house.read("admin", "/council")
    assert "Standing orders" not in await house.read("delegate01", "/council")
    form = (await house.get("admin", at)).text
    assert 'name="speech_seconds" value="10"' in form
    sent = dict(re.findall(r'<input class="input"[^>]* name="(\w+)" value="([^"]*)"', form))
    sent |= {
        "queue": "groups",
        "speech_seconds": "2,5",
        "substitutes": "yes",
        "order_categories": "Quorum\n\nThủ tục",
    }
    await house.act("admin", at, **sent)
    assert await body_rules(house) == {
        "substitutes": True, "queue": "groups", "speech_seconds": 150, "order_categories": ["Quorum", "Thủ tục"],
        "self_check_in": False, "code_check_in": False,
    }  # fmt: skip
    wrong = await house.post("admin", at, None, **{**sent, "reply_seconds": "long"})
    assert wrong.status_code == 422
    assert "long" in wrong.text
    for login in ("delegate00", "secretary"):
        assert (await house.get(login, at)).status_code == 403


async def test_every_rule_of_the_room_has_its_question() -> None:
    asked = [name for questions in QUESTIONS.values() for name in questions]
    assert sorted(asked) == sorted(field.name for field in fields(RoomRules))


async def test_the_strip_of_a_meeting_that_is_over_says_so_and_nothing_of_being_live(
    house: House, sitting: Sitting
) -> None:
    strip = f"/meetings/{sitting.meeting}/live"
    assert "data-live-state" in (await house.get("delegate01", strip)).text
    async with house.store.work() as work:
        await adjourn(work, house.council["chair"], sitting.meeting)
    over = (await house.get("delegate01", strip)).text
    assert "Adjourned" in words(over)
    assert "data-live-state" not in over
