"""The seating plan as a plain form, room screens with different content, and the page for the public."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import select

from meetings.before.scheduling import open_to_public, schedule_meeting
from meetings.during import proceedings
from meetings.during.seating import plans_of, ready_made, save_plan
from meetings.during.speakers import start_speech
from meetings.during.speaking_list import ask_to_speak
from meetings.during.voting import announce_outcome, close_poll
from meetings.rules.seating import as_data
from meetings.storage.tables import Item, Meeting
from tests.support.council import Sitting, begin_poll, begin_sitting, publish_sitting
from tests.web.test_during_pages import House, house, sitting, words

__all__ = ["house", "sitting"]

SHOWS = ("auto", "now", "speakers", "agenda", "seats", "poll", "quorum", "welcome")
PLACE = "Hội trường lớn"


def fields_of(html: str) -> dict[str, list[str]]:
    """The values of a page's inputs and chosen options by name, templates left out."""
    html = re.sub(r"<template.*?</template>", "", html, flags=re.DOTALL)
    form = html[html.index('<form class="seating"') :]
    form = form[: form.index("</form>")]
    found: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r' name="([^"]*)"', tag), re.search(r' value="([^"]*)"', tag)
        if name and 'type="checkbox"' not in tag:
            found.setdefault(name[1], []).append(value[1] if value else "")
    for name, options in re.findall(r'<select[^>]* name="([^"]*)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        found.setdefault(name, []).append(chosen[1] if chosen else "")
    return found


async def sends(house: House, login: str, fields: dict[str, list[str]], **changed: Any) -> httpx.Response:
    browser = await house.browser(login)
    data = fields | changed | {"_csrf_token": browser.cookies["meetings_form"]}
    return await browser.post(f"/bodies/{house.council.body}/seating", data=data)


async def draws(house: House, place: str = PLACE) -> None:
    async with house.store.work() as work:
        plan = as_data(await ready_made(work, house.council.body, layout="hemicycle"))
        await save_plan(work, house.council["secretary"], house.council.body, place=place, plan=plan)


async def kept(house: House) -> dict[str, Any]:
    async with house.store.reading() as reading:
        (plan,) = await plans_of(reading, house.council.body)
    return plan.plan


async def test_the_plan_is_drawn_as_a_table_without_scripts(house: House, sitting: Sitting) -> None:
    address = f"/bodies/{house.council.body}/seating"
    page = await house.get("secretary", address)
    assert "not saved yet" in page.text
    fields = fields_of(page.text)
    assert fields["place"] == [PLACE]
    assert len(fields["seat-id"]) == 9
    added = await sends(house, "secretary", fields, act="add")
    fields = fields_of(added.text)
    assert (len(fields["seat-id"]), fields["seat-who"][9]) == (10, "")
    names = fields["seat-who"]
    arranged = await sends(house, "secretary", fields, act="arrange", layout="rows", count="12", order="keep")
    fields = fields_of(arranged.text)
    assert fields["seat-who"] == [""] * 12
    seated = [names[3], "", names[0], *[""] * 9]
    saved = await sends(
        house, "secretary", fields, act="save", **{"seat-who": seated, "remove": [fields["seat-id"][1]]}
    )
    assert saved.status_code == 303, words(saved.text)
    assert "Saved." in (await house.get("secretary", saved.headers["location"])).text
    plan = await kept(house)
    assert len(plan["places"]) == 11
    assert [place.get("person") for place in plan["places"][:2]] == [
        str(house.council["delegate03"].person),
        str(house.council["delegate00"].person),
    ]


async def test_a_refused_plan_comes_back_as_it_was_typed(house: House) -> None:
    await draws(house)
    address = f"/bodies/{house.council.body}/seating?place={PLACE}"
    fields = fields_of((await house.get("secretary", address)).text)
    for changed, sentence in (
        (
            {
                "seat-x": [*fields["seat-x"][:8], fields["seat-x"][0]],
                "seat-y": [*fields["seat-y"][:8], fields["seat-y"][0]],
            },
            "The places 1 and 9 lie on one another",
        ),
        ({"seat-x": ["far left", *fields["seat-x"][1:]]}, "not right: from the left"),
        ({"seat-who": ["Hồ Xuân Hương", *fields["seat-who"][1:]]}, "no member named Hồ Xuân Hương"),
        ({"seat-who": [fields["seat-who"][1], *fields["seat-who"][1:]]}, "sits at the places 1 and 2"),
        ({"width": "100"}, "does not lie inside the room"),
    ):
        answer = await sends(house, "secretary", fields, act="save", **changed)
        assert answer.status_code in (409, 422)
        assert sentence in answer.text
        typed = fields_of(answer.text)
        for name, values in changed.items():
            assert typed[name] == ([values] if isinstance(values, str) else values)
    short = await sends(house, "secretary", fields, act="save", **{"seat-y": ["1"]})
    assert short.status_code == 400


async def test_who_draws_and_who_does_not(house: House) -> None:
    address = f"/bodies/{house.council.body}/seating"
    for login, expected in (
        ("secretary", 200),
        ("admin", 200),
        ("delegate00", 403),
        ("foreign-secretary", 403),
    ):
        assert (await house.get(login, address)).status_code == expected, login
        linked = address in (await house.get(login, "/council")).text
        assert linked == (expected == 200)
    assert (await house.get("admin", f"/bodies/{uuid4()}/seating")).status_code == 404


async def test_every_screen_shows_its_part(house: House, sitting: Sitting) -> None:
    address = f"/meetings/{sitting.meeting}/screen"
    assert "No seating plan was drawn" in await house.read("observer", f"{address}?show=seats")
    await draws(house)
    async with house.store.work() as work:
        place = await ask_to_speak(work, house.council["delegate01"], sitting.meeting, "speech")
        await start_speech(work, house.council["chair"], place.speech)
        await ask_to_speak(work, house.council["delegate02"], sitting.meeting, "reply")
    shown = {show: await house.read("observer", f"{address}?show={show}") for show in SHOWS}
    title = "Điều chỉnh dự toán ngân sách năm 2026"
    assert "Nguyễn Văn Đại Biểu 01" in shown["auto"]
    assert title in shown["now"]
    assert "Nguyễn Văn Đại Biểu 01" in shown["now"]
    assert "Nguyễn Văn Đại Biểu 02" in shown["speakers"]
    assert "Khai mạc" in shown["agenda"]
    assert "In hand now" in shown["agenda"]
    assert "Asks to speak" in shown["seats"]
    assert "Has the floor" in shown["seats"]
    assert "No vote at the moment" in shown["poll"]
    assert "9 of 9 present" in shown["quorum"]
    assert "Kỳ họp thứ nhất" in shown["welcome"]
    assert (await house.get("observer", f"{address}?show=votes")).status_code == 404
    await begin_poll(house.store, house.council, sitting)
    assert "Ballot 1" in await house.read("observer", address)
    assert "Ballot 1" in await house.read("observer", f"{address}/now?show=poll")


async def test_an_outcome_stays_on_the_screen_until_somebody_is_called(
    house: House, sitting: Sitting
) -> None:
    chair, address = house.council["chair"], f"/meetings/{sitting.meeting}/screen"
    async with house.store.work() as work:
        first = await ask_to_speak(work, house.council["delegate01"], sitting.meeting, "speech")
        await start_speech(work, chair, first.speech)
        second = await ask_to_speak(work, house.council["delegate02"], sitting.meeting, "speech")
    poll = await begin_poll(house.store, house.council, sitting)
    async with house.store.work() as work:
        await close_poll(work, chair, poll)
        await announce_outcome(work, chair, poll)
    assert "Not adopted" in await house.read("observer", address)
    async with house.store.work() as work:
        await start_speech(work, chair, second.speech, interrupts=first.speech)
    shown = await house.read("observer", address)
    assert "Not adopted" not in shown
    assert "Nguyễn Văn Đại Biểu 02" in shown


async def test_a_recess_and_the_end_go_before_what_a_screen_shows(house: House, sitting: Sitting) -> None:
    address = f"/meetings/{sitting.meeting}/screen?show="
    async with house.store.work() as work:
        await proceedings.recess(work, house.council["chair"], sitting.meeting)
    for show in ("auto", "now", "speakers", "poll"):
        assert "in recess" in await house.read("observer", address + show)
    assert "Khai mạc" in await house.read("observer", address + "agenda")
    async with house.store.work() as work:
        await proceedings.adjourn(work, house.council["chair"], sitting.meeting)
    assert "adjourned" in await house.read("observer", address + "now")


async def test_the_screens_are_listed_for_whoever_sets_up_the_room(house: House, sitting: Sitting) -> None:
    listed = await house.get("secretary", f"/meetings/{sitting.meeting}/screens")
    assert [show for show in SHOWS if f"screen?show={show}" in listed.text] == list(SHOWS)
    assert f"/bodies/{house.council.body}/seating" in listed.text
    for login in ("observer", "delegate01", "foreign-secretary"):
        assert (await house.get(login, f"/meetings/{sitting.meeting}/screens")).status_code in (403, 404)


async def test_single_ballots_show_on_the_map_without_a_new_stage(house: House, sitting: Sitting) -> None:
    await draws(house)
    poll = await begin_poll(house.store, house.council, sitting, secret=True)
    address = f"/meetings/{sitting.meeting}/seats"
    before = await house.get("delegate00", address)
    assert 'hx-trigger="every 2s"' in before.text
    assert "Has voted" in before.text
    again = await house.get("delegate00", address, **{"if-none-match": before.headers["etag"]})
    assert again.status_code == 304
    await house.act("delegate04", f"/polls/{poll}/ballots", choice="no", key=str(uuid4()))
    after = await house.get("delegate00", address, **{"if-none-match": before.headers["etag"]})
    assert after.status_code == 200
    assert (
        len(re.findall(r"Đại Biểu \d\d: In the room, Has voted", after.text)) == 2
    )  # the label and the tooltip
    assert "Đại Biểu 04: In the room, Has voted" in after.text


# The public


async def nobody(house: House) -> httpx.AsyncClient:
    client = httpx.AsyncClient(transport=httpx.ASGITransport(house.app), base_url="http://testserver")
    client.cookies.set("meetings_language", "en")
    return await house.browsers.enter_async_context(client)


async def opens(house: House, meeting: UUID) -> None:
    async with house.store.work() as work:
        await open_to_public(work, house.council["secretary"], meeting, public=True)


async def test_a_private_meeting_is_not_there_for_the_public(house: House, sitting: Sitting) -> None:
    public = await nobody(house)
    async with house.store.work() as work:
        draft = await schedule_meeting(
            work,
            house.council["secretary"],
            body=house.council.body,
            title="Họp kín",
            starts="2026-12-01T08:00",
        )
        (await work.get(Meeting, draft.id)).public = True
    for meeting in (sitting.meeting, draft.id, uuid4()):
        for address in (f"/public/{meeting}", f"/public/{meeting}/now"):
            answer = await public.get(address)
            assert answer.status_code == 404
            assert "Kỳ họp" not in answer.text
    listed = words((await public.get("/public")).text)
    assert "No meeting is open to the public" in listed
    assert (await public.post(f"/meetings/{sitting.meeting}/public")).status_code in (303, 401, 403)


async def test_the_secretary_opens_a_meeting_to_the_public_and_closes_it(
    house: House, sitting: Sitting
) -> None:
    public = await nobody(house)
    address = f"/meetings/{sitting.meeting}"
    assert (await house.post("delegate00", f"{address}/public", public="yes")).status_code == 403
    assert "Open to the public" in (await house.get("secretary", address)).text
    page = await house.post("secretary", f"{address}/public", public="yes")
    assert "Anybody may follow" in (await house.get("secretary", page.headers["location"])).text
    assert f"/public/{sitting.meeting}" in (await public.get("/public")).text
    assert (await public.get(f"/public/{sitting.meeting}")).status_code == 200
    await house.act("secretary", f"{address}/public", public="")
    assert (await public.get(f"/public/{sitting.meeting}")).status_code == 404


async def test_the_public_sees_what_is_announced_and_nothing_internal(house: House, sitting: Sitting) -> None:
    public, council = await nobody(house), house.council
    await opens(house, sitting.meeting)
    address = f"/public/{sitting.meeting}"
    async with house.store.work() as work:
        place = await ask_to_speak(work, council["delegate01"], sitting.meeting, "speech")
        await start_speech(work, council["chair"], place.speech)
    shown = words((await public.get(address)).text)
    assert "Nguyễn Văn Đại Biểu 01" in shown
    assert "Nguyễn Văn Đại Biểu 02" not in shown
    assert "Điều chỉnh dự toán ngân sách năm 2026" in shown
    assert "Điều 1." not in shown
    poll = await begin_poll(house.store, council, sitting)
    await house.act("delegate02", f"/polls/{poll}/ballots", choice="no", key=str(uuid4()))
    async with house.store.work() as work:
        await close_poll(work, council["chair"], poll)
    before = await public.get(f"{address}/now")
    assert "The vote is closed" in before.text
    assert "Nguyễn Văn Đại Biểu 02" not in before.text
    assert "Not adopted" not in before.text
    etag = {"if-none-match": before.headers["etag"]}
    assert (await public.get(f"{address}/now", headers=etag)).status_code == 304
    async with house.store.work() as work:
        await announce_outcome(work, council["chair"], poll)
    after = await public.get(f"{address}/now", headers=etag)
    assert after.status_code == 200
    assert "Not adopted" in after.text
    assert "Nguyễn Văn Đại Biểu 02" in words(after.text)


async def test_no_names_stand_beside_the_choices_of_a_secret_vote(house: House) -> None:
    public, council = await nobody(house), house.council
    sitting = await begin_sitting(house.store, council)
    await opens(house, sitting.meeting)
    poll = await begin_poll(house.store, council, sitting, secret=True)
    for login in ("delegate01", "delegate02"):
        await house.act(login, f"/polls/{poll}/ballots", choice="yes", key=str(uuid4()))
    async with house.store.work() as work:
        await close_poll(work, council["chair"], poll)
        await announce_outcome(work, council["chair"], poll)
    shown = words((await public.get(f"/public/{sitting.meeting}")).text)
    assert "Not adopted" in shown
    assert "Nguyễn Văn Đại Biểu" not in shown


async def test_observers_read_the_room_without_a_desk_of_their_own(house: House, sitting: Sitting) -> None:
    await begin_poll(house.store, house.council, sitting)
    room = await house.get("observer", f"/meetings/{sitting.meeting}/room")
    shown = words(room.text)
    assert "Ballots go to the members of the body." in shown
    main = room.text[room.text.index("<main") :]
    assert "<form" not in re.sub(r"<dialog.*?</dialog>", "", main, flags=re.DOTALL)


@pytest.mark.parametrize("address", ["/", "/sign-in", "/public", "/council"])
async def test_large_type_is_a_choice_of_the_browser(house: House, address: str) -> None:
    browser = await house.browser("delegate05")
    assert 'data-type="large"' not in (await browser.get(address)).text
    chosen = await browser.get("/type/large", headers={"referer": f"http://testserver{address}"})
    assert (chosen.status_code, chosen.headers["location"]) == (303, address)
    assert 'data-type="large"' in (await browser.get(address)).text
    await browser.get("/type/usual")
    assert 'data-type="large"' not in (await browser.get(address)).text
    assert (await browser.get("/type/huge")).status_code == 404


async def test_the_agenda_screen_keeps_to_the_items_around_the_one_in_hand(house: House) -> None:
    published = await publish_sitting(house.store, house.council)
    async with house.store.work() as work:
        first = await work.session.scalar(select(Item).where(Item.meeting_id == published.meeting).limit(1))
        assert first is not None
        for number in range(20):
            work.session.add(
                Item(
                    id=work.new_id(), meeting_id=published.meeting, position=10 + number, number=str(3 + number),
                    title=f"Nội dung {number:02}", state="planned",
                )
            )  # fmt: skip
    shown = await house.read("observer", f"/meetings/{published.meeting}/screen?show=agenda")
    assert "Nội dung 05" in shown
    assert "Nội dung 06" not in shown
    assert "and 14 more" in shown
