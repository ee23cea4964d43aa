"""The weekly schedule's page: what stands in it for whom, writing entries, publishing, telling changes."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from meetings.before.agenda import add_item
from meetings.before.scheduling import publish_meeting, schedule_meeting
from meetings.storage.tables import ScheduleEntry
from tests.web.test_during_pages import House, house, words

__all__ = ["house"]

ON = "2031-03-12"
NEW = "/calendar/schedule/new"
ENTRY = {"title": "Tiếp công dân", "day": "2031-03-11", "starts": "14:00", "place": "Trụ sở"}


def _at(house: House, on: str = ON) -> str:
    return f"/calendar/schedule?body={house.council.body}&on={on}"


async def _write(house: House, **more: str) -> str:
    return await house.act("secretary", NEW, **({"body": str(house.council.body)} | ENTRY | more))


async def _publish(house: House) -> str:
    form = {"body": str(house.council.body), "on": "2031-03-10"}
    return await house.act("secretary", "/calendar/schedule/publish", **form)


async def _entry(house: House) -> str:
    async with house.store.reading() as reading:
        entry = (await reading.session.scalars(select(ScheduleEntry))).one()
    return f"/calendar/schedule/entries/{entry.id}"


def _days(html: str) -> list[str]:
    return [words(part) for part in html.split('<tbody class="plan__day')[1:]]


async def test_a_week_is_written_published_and_changed(house: House) -> None:
    page = await _write(house)
    assert "Not published yet: the members see only the meetings." in page
    assert "Tiếp công dân" in page
    assert "Tiếp công dân" not in await house.read("delegate01", _at(house))
    assert "Not published yet" not in await _publish(house)
    seen = _days((await house.get("delegate01", _at(house))).text)
    assert len(seen) == 7
    assert ["Tiếp công dân" in one for one in seen] == [number == 1 for number in range(7)]
    assert "Afternoon 14:00 Tiếp công dân" in seen[1]
    entry = await _entry(house)
    page = await house.act(
        "secretary", entry, **ENTRY | {"day": "2031-03-14", "starts": "19:30", "place": "Nhà A"}
    )
    assert "1 change has not been told yet" in page
    assert "not been told" not in await house.read("delegate01", _at(house))
    seen = _days((await house.get("delegate01", _at(house))).text)
    assert "Moved away now Friday 14/03, 19:30" in seen[1]
    assert "Evening 19:30 Tiếp công dân" in seen[4]
    assert "before Tuesday 11/03, 14:00" in seen[4]
    assert "Place before: Trụ sở" in seen[4]
    assert "not been told" not in await _publish(house)
    again = await house.post(
        "secretary", "/calendar/schedule/publish", None, body=str(house.council.body), on="2031-03-10"
    )
    assert again.status_code == 409
    assert "Nothing has changed since this week was last published." in again.text
    await house.act("secretary", f"{entry}/remove")
    assert "Taken off" in _days((await house.get("delegate01", _at(house))).text)[1]
    told = await house.read("delegate01", "/")
    assert "from 10/03/2031 to 16/03/2031 has changed: Tiếp công dân" in told


async def test_published_meetings_appear_by_themselves(house: House) -> None:
    secretary = house.council["secretary"]
    async with house.store.work() as work:
        meeting = await schedule_meeting(
            work,
            secretary,
            body=house.council.body,
            title="Họp ban",
            starts=f"{ON}T08:00",
            ends=f"{ON}T11:30",
        )
        await add_item(work, secretary, meeting.id, title="Báo cáo")
    assert "Họp ban" not in await house.read("secretary", _at(house)), "a draft"
    async with house.store.work() as work:
        await publish_meeting(work, secretary, meeting.id)
    page = (await house.get("delegate01", _at(house))).text
    assert "Morning 08:00–11:30 Họp ban" in _days(page)[2]
    assert f'href="/meetings/{meeting.id}"' in page
    assert "Họp ban" in await house.read("delegate01", f"/calendar/schedule?body=all&on={ON}")
    for who in ("stranger", "foreign-secretary"):
        assert "Họp ban" not in await house.read(who, _at(house)), "their own body is shown instead"
    assert (await house.get("officer", _at(house))).status_code == 403


async def test_what_is_wrong_with_an_entry_stands_at_its_input(house: House) -> None:
    form = {"body": str(house.council.body)} | ENTRY
    for wrong, said in (
        ({"title": " "}, "Content"),
        ({"ends": "13:00"}, "The end comes after the start"),
        ({"starts": ""}, "Part of the day"),
        ({"day": ""}, "Day"),
    ):
        answer = await house.post("secretary", NEW, None, **form | wrong)
        assert answer.status_code in (409, 422)
        (error,) = re.findall(r'<p class="field__error".*?</p>', answer.text, re.DOTALL)
        assert said in error
        assert 'value="Trụ sở"' in answer.text, "what was typed is kept"
    page = (await house.get("secretary", f"{NEW}?body={house.council.body}&on={ON}&part=evening")).text
    assert f'value="{ON}"' in page
    assert '<option value="evening" selected>' in page


async def test_only_secretaries_find_what_writes(house: House) -> None:
    await _write(house)
    entry = await _entry(house)
    assert 'value="14:00"' in (await house.get("secretary", entry)).text
    assert NEW in (await house.get("secretary", _at(house))).text
    assert NEW not in (await house.get("delegate01", _at(house))).text
    for who in ("delegate01", "foreign-secretary"):
        assert (await house.get(who, entry)).status_code == 403
        assert (await house.post(who, entry, None, **ENTRY)).status_code == 403
        assert (await house.post(who, f"{entry}/remove")).status_code == 403
        form = {"body": str(house.council.body), "on": ON}
        assert (await house.post(who, "/calendar/schedule/publish", None, **form)).status_code == 403


@pytest.mark.parametrize("on", ["", "never", "0001-01-01", "9999-12-31", "1991-01-01", "2199-12-31"])
async def test_any_day_of_an_address_gives_a_page(house: House, on: str) -> None:
    assert (await house.get("delegate01", _at(house, on))).status_code == 200
    assert (await house.get("secretary", "/calendar/schedule")).status_code == 200


async def test_the_week_of_a_body_is_printed_for_whoever_sees_it(house: House) -> None:
    page = (await house.get("delegate01", _at(house))).text
    link = re.search(r'href="(/calendar/schedule\.pdf[^"]+)"', page)
    assert link is not None
    address = link[1].replace("&amp;", "&")
    file = await house.get("delegate01", address)
    assert file.headers["content-type"].startswith("application/pdf")
    assert "lich-cong-tac-tuan-11-2031.pdf" in file.headers["content-disposition"]
    assert (await house.get("stranger", address)).status_code == 403
