"""The pages of a work programme: written, approved, changed, taken in hand; what each reader finds."""

from __future__ import annotations

import re

from sqlalchemy import select

from meetings.before.procedures import write_procedure
from meetings.before.scheduling import schedule_meeting
from meetings.rules.procedures import procedure_of
from meetings.storage.tables import Consultation, Dossier, Item, ProgrammeEntry, WorkProgramme
from tests.before.test_work_programme import ONE_STEP
from tests.web.test_during_pages import House, house, words

__all__ = ["house"]

PLACE = "/calendar/programme"


def _at(house: House, more: str = "") -> str:
    return f"{PLACE}?body={house.council.body}&year=2031{more}"


async def _begin(house: House) -> str:
    await house.act("secretary", PLACE, body=str(house.council.body), year="2031")
    async with house.store.reading() as reading:
        programme = (await reading.session.scalars(select(WorkProgramme))).one()
    return f"{PLACE}/{programme.id}"


async def _write(house: House, programme: str, title: str, due: str, **more: str) -> str:
    form = {"title": title, "due": due, "form": "meeting", "agency": str(house.council.agency)}
    await house.act("secretary", f"{programme}/new", **form | more)
    async with house.store.reading() as reading:
        entry = await reading.session.scalar(select(ProgrammeEntry.id).where(ProgrammeEntry.title == title))
    return f"{PLACE}/entries/{entry}"


async def _approve(house: House, programme: str) -> str:
    return await house.act(
        "secretary", f"{programme}/approve", number="12/CTr-HĐND", approved_on="2030-12-20"
    )


async def test_a_programme_is_written_approved_and_changed_in_the_open(house: House) -> None:
    assert "Begin the programme of 2031" in await house.read("secretary", _at(house))
    programme = await _begin(house)
    helping = {f"with-{house.council.second_agency}": "yes"}
    market = await _write(house, programme, "Quy hoạch chợ", "2031-03", supervisor="Ông A", **helping)
    await _write(house, programme, "Ngân sách", "2031-Q1")
    wrong = await house.post("secretary", f"{programme}/new", None, title="Không có hạn", form="meeting")
    assert wrong.status_code == 422
    assert "Due time is missing." in wrong.text
    for who in ("delegate01", "officer"):
        assert "Quy hoạch chợ" not in await house.read(who, _at(house))
        assert (await house.get(who, market)).status_code == 404
    assert (await house.get("delegate01", f"{programme}/new")).status_code == 403
    assert "only the secretariat sees it" not in await _approve(house, programme)
    page = words((await house.get("delegate01", _at(house))).text)
    assert "No. 12/CTr-HĐND of 20 Dec 2030" in page
    assert page.index("March 2031 1 Quy hoạch chợ") < page.index("Quarter I 2031 2 Ngân sách")
    assert "Lead agency Phòng Hạ tầng Co-operating agencies Phòng Tài chính In charge Ông A" in page
    outside = await house.post(
        "secretary", f"{market}/edit", None, title="Chợ", due="2031-04", day="2031-05-01"
    )
    assert "does not lie in the time" in outside.text
    edit = {
        "title": "Quy hoạch chợ",
        "due": "2031-04",
        "form": "meeting",
        "agency": str(house.council.agency),
    }
    refused = await house.post("secretary", f"{market}/edit", None, **edit)
    assert "reason" in refused.text
    assert refused.status_code == 422
    assert "Moved" in await house.act("secretary", f"{market}/edit", reason="Chờ ý kiến", **edit)
    page = words((await house.get("officer", _at(house))).text)
    assert "Moved Due time before: March 2031. Co-operating agencies before: Phòng Tài chính." in page
    assert "Moved 1" in page
    assert "Ngân sách" not in words((await house.get("officer", _at(house, "&period=2031-04"))).text)
    assert "Quy hoạch chợ" not in words((await house.get("officer", _at(house, "&show=in-time"))).text)
    assert "Withdraw the entry?" not in await house.read("delegate01", market)
    await house.act("secretary", f"{market}/withdraw", reason="Không còn cần")
    assert "Không còn cần" in await house.read("delegate00", market)
    assert (await house.get("observer", market)).status_code == 404
    assert "Quy hoạch chợ" not in await house.read("observer", _at(house))


async def test_an_entry_is_taken_in_hand(house: House) -> None:
    programme = await _begin(house)
    market = await _write(house, programme, "Quy hoạch chợ", "2031-03")
    await _write(house, programme, "Ngân sách", "2031-03", agency="")
    asked = await _write(house, programme, "Đặt tên đường", "2031-03", form="consultation")
    report = await _write(house, programme, "Báo cáo", "2031-03", form="report", agency="")
    await _approve(house, programme)
    secretary = house.council["secretary"]
    async with house.store.work() as work:
        meeting = await schedule_meeting(
            work, secretary, body=house.council.body, title="Họp tháng 3", starts="2031-03-12T08:00"
        )
        await write_procedure(work, secretary, house.council.body, procedure_of(ONE_STEP))
    agenda = (await house.get("secretary", f"/meetings/{meeting.id}/agenda")).text
    assert agenda.count("Planned in the work programme") == 2
    offered = re.search(
        r'name="kind" value="programme"><input type="hidden" name="id" value="([^"]+)"', agenda
    )
    assert offered
    await house.act("secretary", f"/meetings/{meeting.id}/offered", kind="programme", id=offered[1])
    async with house.store.reading() as reading:
        item = (await reading.session.scalars(select(Item).where(Item.meeting_id == meeting.id))).one()
    assert str(item.programme_entry_id) == offered[1]
    await house.act("secretary", f"{asked}/ask", date="2031-03-20", time="17:00")
    async with house.store.reading() as reading:
        assert (await reading.session.scalars(select(Consultation))).one().title == "Đặt tên đường"
    future = await house.post("secretary", f"{report}/finish", None, day="2100-01-01")
    assert "still to come" in future.text
    assert "Done" in await house.act("secretary", f"{report}/finish", day="2026-01-05")
    assert offered[1] == market.rpartition("/")[2], "the first that was written is offered first"
    assert "Expected from your agency" not in await house.read("officer", "/dossiers")
    free = await _write(house, programme, "Đề án mới", "2031-05", reason="Bổ sung")
    entry = free.rpartition("/")[2]
    assert "Expected from your agency Đề án mới" in await house.read("officer", "/dossiers")
    form = (await house.get("officer", f"/dossiers/new?entry={entry}")).text
    assert 'value="Đề án mới"' in form
    procedure = re.search(r'<option value="([0-9a-f-]{36})"', form)
    assert procedure
    await house.act("officer", "/dossiers/new", entry=entry, procedure=procedure[1], title="Đề án mới")
    async with house.store.reading() as reading:
        dossier = (await reading.session.scalars(select(Dossier))).one()
    assert str(dossier.programme_entry_id) == entry
    assert f"/dossiers/{dossier.id}" in (await house.get("officer", free)).text


async def test_a_table_file_goes_out_and_comes_in(house: House) -> None:
    programme = await _begin(house)
    await _write(house, programme, "Quy hoạch chợ", "2031-03")
    answer = await house.get("secretary", f"{programme}/file")
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.content.decode("utf-8-sig").splitlines()[1].startswith("1,Quy hoạch chợ,Phòng Hạ tầng")
    assert (await house.get("delegate01", f"{programme}/file")).status_code == 404
    assert "CSV UTF-8" in await house.read("secretary", f"{programme}/import")
