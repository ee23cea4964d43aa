"""The floor on the pages: asking with plain forms, calling from the cockpit, the secretary's list."""

from __future__ import annotations

import re
from uuid import UUID

from sqlalchemy import select

from meetings.during.speakers import start_speech
from meetings.during.speaking_list import ask_to_speak, set_group_times
from meetings.storage.tables import Membership, Speech
from tests.support.council import Sitting
from tests.web.test_during_pages import HTMX, House, house, sitting

__all__ = ["house", "sitting"]


async def speech_of(house: House, login: str) -> Speech:
    async with house.store.reading() as reading:
        query = select(Speech).where(Speech.person_id == house.council[login].person)
        return (await reading.session.scalars(query.order_by(Speech.asked_at.desc()))).all()[0]


async def asks(house: House, sitting: Sitting, login: str, kind: str = "speech") -> UUID:
    async with house.store.work() as work:
        place = await ask_to_speak(work, house.council[login], sitting.meeting, kind)
    return place.speech


async def calls(house: House, speech: UUID, interrupts: UUID | None = None) -> None:
    async with house.store.work() as work:
        await start_speech(work, house.council["chair"], speech, interrupts=interrupts)


async def test_each_role_reaches_its_floor(house: House, sitting: Sitting) -> None:
    page, own = f"/meetings/{sitting.meeting}/floor", f"/meetings/{sitting.meeting}/room/own"
    for login, expected in (("secretary", 200), ("delegate00", 200), ("delegate01", 403), ("observer", 403)):
        for address in (page, page + "/list"):
            assert (await house.get(login, address)).status_code == expected, (login, address)
        assert (await house.get(login, own)).status_code == 200
    assert (await house.get("stranger", own)).status_code in (403, 404)
    assert (await house.get("foreign-secretary", page)).status_code in (403, 404)


async def test_asking_and_withdrawing_without_scripts(house: House, sitting: Sitting) -> None:
    room, floor = f"/meetings/{sitting.meeting}/room", f"/meetings/{sitting.meeting}/floor"
    assert "Ask for the floor" in await house.read("delegate01", room)
    page = await house.act("delegate01", f"{floor}/requests", wish="speech against")
    assert "You are next" in page
    assert "Speech · Against" in page
    page = await house.act("delegate02", f"{floor}/requests", wish="speech")
    assert "You are number 2 on the list" in page
    assert "about 10 minutes" in page
    assert "Ask for something else" in page
    refused = await house.post("delegate02", f"{floor}/requests", wish="speech")
    assert refused.status_code == 409
    assert "on the list already" in refused.text
    speech = await speech_of(house, "delegate02")
    page = await house.act("delegate02", f"{floor}/withdraw", speech=str(speech.id))
    assert "You are number" not in page
    assert "Ask for the floor" not in await house.read("observer", room)
    part = await house.post("delegate03", f"{floor}/requests", HTMX, wish="order")
    assert part.status_code == 200
    assert part.text.count('id="floor"') == 1


async def test_who_has_the_floor_sees_it(house: House, sitting: Sitting) -> None:
    await calls(house, await asks(house, sitting, "delegate01"))
    own = await house.get("delegate01", f"/meetings/{sitting.meeting}/room/own")
    assert "You have the floor" in own.text
    clock = re.search(r'<time class="clock[^>]*data-elapsed="([^"]+)"[^>]*data-limit="600"', own.text)
    assert clock
    assert "You have the floor" not in await house.read("delegate02", f"/meetings/{sitting.meeting}/room")
    strip = await house.read("observer", f"/meetings/{sitting.meeting}/live")
    assert "speaking: Nguyễn Văn Đại Biểu 01" in strip


async def test_a_debate_from_the_cockpit(house: House, sitting: Sitting) -> None:
    chair = f"/meetings/{sitting.meeting}/chair"
    first, second = await asks(house, sitting, "delegate01"), await asks(house, sitting, "delegate02")
    assert "Call Nguyễn Văn Đại Biểu 01" in await house.read("delegate00", chair)
    page = await house.act("delegate00", f"/speeches/{first}/call", back="chair")
    assert "Stop" in page
    refused = await house.post("delegate00", f"/speeches/{second}/call", back="chair")
    assert refused.status_code == 409
    assert "Đại Biểu 01 has the floor now" in refused.text
    page = await house.act("delegate00", f"/speeches/{first}/pause", back="chair")
    assert "Go on" in page
    assert "halted" in page
    await house.act("delegate00", f"/speeches/{first}/resume", back="chair")
    await house.act("delegate00", f"/speeches/{first}/time", back="chair", seconds="60")
    assert (await speech_of(house, "delegate01")).added == 60
    page = await house.act("delegate00", f"/speeches/{second}/call", back="chair", interrupts=str(first))
    assert (await speech_of(house, "delegate01")).state == "spoken"
    page = await house.act("delegate00", f"/items/{sitting.item}/floor/last-call", back="chair")
    assert "Last call" in page
    page = await house.act("delegate00", f"/items/{sitting.item}/floor/close", back="chair")
    assert "List closed" in page
    assert "The list of speakers is closed" in await house.read(
        "delegate03", f"/meetings/{sitting.meeting}/room"
    )
    part = await house.post("delegate00", f"/speeches/{second}/stop", HTMX, back="chair")
    assert 'id="cockpit"' in part.text


async def test_the_secretary_keeps_the_list(house: House, sitting: Sitting) -> None:
    page = f"/meetings/{sitting.meeting}/floor"
    shown = await house.act("secretary", f"{page}/speakers", name="Giám đốc Sở Tài chính", wish="speech")
    assert "Giám đốc Sở Tài chính" in shown
    await house.act("secretary", f"{page}/speakers", name="Nguyễn Văn Đại Biểu 05", wish="speech for")
    speech = await speech_of(house, "delegate05")
    assert speech.stance == "for"
    moved = await house.post("secretary", f"/speeches/{speech.id}/move", HTMX, place="1")
    assert moved.text.index("Đại Biểu 05") < moved.text.index("Giám đốc Sở Tài chính</p>")
    for wrong in ("", "x", "-1"):
        answer = await house.post("secretary", f"/speeches/{speech.id}/move", place=wrong)
        assert answer.status_code == 422, wrong
    shown = await house.act("secretary", f"/items/{sitting.item}/floor/groups", group="Tổ 1", minutes="20")
    assert "Tổ 1" in shown
    await house.act("secretary", f"/items/{sitting.item}/floor/groups", group="Tổ 1", more="60")
    listed = await house.get("secretary", f"{page}/list")
    assert 'data-limit="1260"' in listed.text
    await house.act("secretary", f"/speeches/{speech.id}/call")
    await house.act("secretary", f"/speeches/{speech.id}/pass")
    assert (await speech_of(house, "delegate05")).state == "asked"
    for login in ("delegate01", "foreign-secretary"):
        answer = await house.post(login, f"/speeches/{speech.id}/call")
        assert answer.status_code == 403, login


async def test_groups_are_bars_with_what_is_left(house: House, sitting: Sitting) -> None:
    async with house.store.work() as work:
        for seat in await work.session.scalars(
            select(Membership).where(Membership.body_id == house.council.body)
        ):
            seat.group = "Tổ Đông"
        await set_group_times(work, house.council["chair"], sitting.item, {"Tổ Đông": 1800})
    await calls(house, await asks(house, sitting, "delegate01"))
    board = await house.get("delegate00", f"/meetings/{sitting.meeting}/chair/board")
    bar = re.search(r"<progress[^>]*>", board.text[board.text.index("Tổ Đông") :])
    assert bar
    assert 'max="1800"' in bar[0]
    assert "data-elapsed=" in bar[0], "it runs with the speaker's clock"
