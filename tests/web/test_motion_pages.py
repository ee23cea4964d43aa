"""Motions on the pages: members move and second in the room, the chair and the secretary put, order and group them."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import select

from meetings.before.agenda import add_item
from meetings.during.motions import move_motion
from meetings.during.voting import draft_poll
from meetings.storage.tables import Body, Motion, Poll, PollMotion
from tests.support.council import Sitting, begin_sitting
from tests.web.test_during_pages import HTMX, House, house, words

__all__ = ["house"]

TEXT = "Điều 1. Giao 12 tỷ đồng.\nĐiều 2. Hoàn thành trong năm 2026."


@pytest.fixture
async def sitting(house: House) -> Sitting:
    return await begin_sitting(house.store, house.council, text=TEXT)


async def motions(house: House) -> dict[str, Motion]:
    async with house.store.reading() as reading:
        return {motion.title: motion for motion in await reading.session.scalars(select(Motion))}


async def amend(house: House, sitting: Sitting, title: str = "Sửa Điều 1", text: str = "") -> UUID:
    async with house.store.work() as work:
        moved = await move_motion(
            work, house.council.delegates[1], sitting.item, title=title, amends=sitting.motion,
            text=text or TEXT.replace("12 tỷ", "10 tỷ"),
        )  # fmt: skip
        return moved.id


async def test_a_member_words_an_amendment_beside_the_ballot(house: House, sitting: Sitting) -> None:
    room = f"/meetings/{sitting.meeting}/room"
    address = f"/items/{sitting.item}/motions/new?amends={sitting.motion}"
    assert address in (await house.get("delegate01", f"{room}/own")).text
    form = (await house.get("delegate01", address)).text
    assert "Điều 1. Giao 12 tỷ đồng." in form
    assert 'id="desk"' in form
    assert 'name="mover"' not in form, "a member moves in the own name"
    sent = {"title": "Sửa Điều 1", "kind": "amendment", "amends": str(sitting.motion)}
    new = address.partition("?")[0]
    same = await house.post("delegate01", new, None, text=TEXT, **sent)
    assert same.status_code == 422
    assert "Change the words first" in same.text
    page = await house.act("delegate01", new, text=TEXT.replace("12 tỷ", "10 tỷ"), **sent)
    assert "Sửa Điều 1" in page
    stage = (await house.get("delegate02", f"{room}/stage")).text
    assert '<del><span class="hidden">[removed: </span>12<span class="hidden">]</span></del>' in stage
    assert '<ins><span class="hidden">[added: </span>10' in stage
    assert (
        "Words: 1 added, 1 removed"
        in (await house.get("delegate00", f"/meetings/{sitting.meeting}/chair")).text
    )
    assert (await house.post("observer", new, None, text="x", **sent)).status_code == 403


async def test_the_form_shows_no_motion_of_another_item(house: House, sitting: Sitting) -> None:
    async with house.store.work() as work:
        other = await add_item(work, house.council["secretary"], sitting.meeting, title="Nhân sự")
    address = f"/items/{other.id}/motions/new?amends={sitting.motion}"
    answer = await house.get("delegate01", address)
    assert answer.status_code == 404
    assert "12 tỷ" not in answer.text


async def test_a_second_is_one_touch_and_the_mover_takes_back(house: House, sitting: Sitting) -> None:
    async with house.store.work() as work:
        (await work.get(Body, house.council.body)).room_rules = {"seconding": True}
    moved = await amend(house, sitting)
    own = f"/meetings/{sitting.meeting}/room/own"
    assert f"/motions/{moved}/second" in (await house.get("delegate02", own)).text
    mine = (await house.get("delegate01", own)).text
    assert f"/motions/{moved}/second" not in mine
    assert f"/motions/{moved}/withdraw" in mine
    answer = await house.post("delegate02", f"/motions/{moved}/second", HTMX, **{"from": "room"})
    assert answer.status_code == 200
    assert 'id="own-motions"' in answer.text
    assert (await motions(house))["Sửa Điều 1"].state == "moved"
    assert (await house.post("delegate02", f"/motions/{moved}/withdraw", None)).status_code == 403
    assert "withdraw" not in (await house.get("delegate02", own)).text
    await house.act("delegate01", f"/motions/{moved}/withdraw", **{"from": "room"})
    assert (await motions(house))["Sửa Điều 1"].state == "withdrawn"
    assert "Sửa Điều 1" not in (await house.get("delegate02", f"/meetings/{sitting.meeting}/room/stage")).text


async def test_the_cockpit_offers_the_amendment_first(house: House, sitting: Sitting) -> None:
    async with house.store.work() as work:
        await draft_poll(work, house.council["chair"], sitting.item, motion=sitting.motion)
    assert "Open the vote" in await house.read("delegate00", f"/meetings/{sitting.meeting}/chair")
    moved = await amend(house, sitting)
    board = (await house.get("delegate00", f"/meetings/{sitting.meeting}/chair/board")).text
    assert f'name="motion" value="{moved}"' in board
    assert "An amendment is put before its motion." in board
    assert "Open the vote" not in board
    answer = await house.post("delegate00", f"/items/{sitting.item}/polls", HTMX, motion=str(moved))
    assert "Open the vote" in answer.text


async def test_the_chair_and_the_secretary_order_divide_and_reword(house: House, sitting: Sitting) -> None:
    first = await amend(house, sitting, "Một")
    second = await amend(house, sitting, "Hai", TEXT.replace("2026", "2027"))
    page = f"/meetings/{sitting.meeting}/motions"
    assert (await house.get("delegate01", page)).status_code == 403
    listed = await house.read("secretary", page)
    assert listed.index("Một") < listed.index("Hai") < listed.index("Nghị quyết về dự toán")
    sent = {"from": "motions"}
    answer = await house.post("secretary", f"/motions/{second}/place", HTMX, move="up", **sent)
    assert words(answer.text).index("Hai") < words(answer.text).index("Một")
    wanted = TEXT.replace("12 tỷ", "9 tỷ")
    form = await house.get("secretary", f"/motions/{first}/reword?from=motions")
    assert "10 tỷ" in form.text
    await house.act("secretary", f"/motions/{first}/reword", text=wanted, **sent)
    assert (await motions(house))["Một"].text == wanted
    for motion in (first, second):
        await house.act("delegate00", f"/motions/{motion}/withdraw", reason="đủ rồi", **{"from": "chair"})
    divided = await house.act(
        "secretary", f"/motions/{sitting.motion}/divide", text=TEXT.replace("\n", "\r\n\r\n"), **sent
    )
    assert "Nghị quyết về dự toán (part 2)" in divided
    assert "Divided" in divided
    part = (await motions(house))["Nghị quyết về dự toán (part 1)"]
    await house.act("secretary", f"/motions/{part.id}/put", **sent)
    async with house.store.reading() as reading:
        assert (await reading.session.scalars(select(Poll.motion_id))).all() == [part.id]


async def test_a_group_is_marked_put_together_and_one_taken_out(house: House, sitting: Sitting) -> None:
    async with house.store.work() as work:
        item = await add_item(work, house.council["secretary"], sitting.meeting, title="Quy chế")
        other = await move_motion(work, house.council["secretary"], item.id, title="Quy chế", text="Điều 1.")
    chair = f"/meetings/{sitting.meeting}/chair"
    assert f'name="motion-{other.id}"' in (await house.get("delegate00", chair)).text
    marked = {f"motion-{sitting.motion}": "yes", f"motion-{other.id}": "yes", "from": "chair"}
    answer = await house.post("delegate00", f"/meetings/{sitting.meeting}/consent", HTMX, **marked)
    assert "2 motions in one vote" in words(answer.text)
    assert "Open the vote" in words(answer.text)
    async with house.store.reading() as reading:
        poll = (await reading.session.scalars(select(Poll.id))).one()
    await house.act("delegate00", f"/polls/{poll}/take-out", motion=str(other.id), **{"from": "chair"})
    async with house.store.reading() as reading:
        left = (await reading.session.scalars(select(PollMotion.motion_id))).all()
    assert left == [sitting.motion]
