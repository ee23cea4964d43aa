"""The work programme of a body: written, approved, changed in the open, and its entries dealt with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from meetings.before.consultations import open_consultation
from meetings.before.dossier_agenda import put_on_agenda
from meetings.before.procedures import write_procedure
from meetings.before.programme_files import export_programme, import_programme
from meetings.before.programme_reading import (
    Line,
    OpenProgramme,
    expected_of,
    programme_bodies,
    read_entry,
    read_programme,
)
from meetings.before.programme_work import (
    ask_entry_in_writing,
    begin_entry_dossier,
    entries_waiting,
    put_entry_on_agenda,
)
from meetings.before.scheduling import cancel_meeting, publish_meeting, schedule_meeting
from meetings.before.work_programme import (
    EntryFacts,
    approve_programme,
    begin_programme,
    change_entry,
    finish_entry,
    remove_entry,
    withdraw_entry,
    write_entry,
)
from meetings.during.agenda_changes import postpone
from meetings.during.attendance import Presence
from meetings.during.proceedings import call_to_order, conclude, take_up
from meetings.rules.dossiers import DossierState
from meetings.rules.procedures import procedure_of
from meetings.rules.refusals import Refused
from meetings.rules.work_programme import EntryState, Period
from meetings.storage.tables import Dossier, Meeting, Notification, ProgrammeEntry, WorkProgramme
from meetings.storage.unit_of_work import Store
from tests.support.council import Council, make_council, seat

YEAR = 2031
ONE_STEP = {
    "code": "QT-01", "name": "Một bước", "level": "province", "field": "Chung", "inter_level": False,
    "steps": [{"name": "Tiếp nhận", "by": "secretariat", "days": 3}],
}  # fmt: skip


@pytest.fixture
async def council(store: Store) -> Council:
    return await make_council(store)


def _facts(council: Council, title: str = "Quy hoạch chợ", month: int = 3, **more: Any) -> EntryFacts:
    named: dict[str, Any] = {
        "due": Period(YEAR, month=month), "agency": council.agency, "supervisor": "Phó Chủ tịch",
        "cooperating": frozenset({council.second_agency}), "basis": "Nghị quyết 01",
    }  # fmt: skip
    return EntryFacts(title=title, **named | more)


async def _begin(
    store: Store, council: Council, *facts: EntryFacts
) -> tuple[WorkProgramme, list[ProgrammeEntry]]:
    async with store.work() as work:
        programme = await begin_programme(work, council["secretary"], council.body, YEAR)
        entries = [await write_entry(work, council["secretary"], programme.id, one) for one in facts]
    return programme, entries


async def _approve(store: Store, council: Council, programme: WorkProgramme) -> None:
    async with store.work() as work:
        on = date(YEAR - 1, 12, 20)
        await approve_programme(
            work, council["secretary"], programme.id, number="12/CTr-HĐND", approved_on=on
        )


async def _read(store: Store, council: Council, who: str = "secretary") -> OpenProgramme | None:
    async with store.reading() as reading:
        return await read_programme(reading, council[who], council.body, YEAR)


async def _line(store: Store, council: Council, entry: UUID, who: str = "secretary") -> Line:
    async with store.reading() as reading:
        return (await read_entry(reading, council[who], entry))[0]


async def _state(store: Store, council: Council, entry: ProgrammeEntry, who: str = "secretary") -> str:
    return (await _line(store, council, entry.id, who)).standing.state


async def _told(store: Store, council: Council, who: str) -> Sequence[str]:
    async with store.reading() as reading:
        rows = await reading.session.execute(
            select(Notification.message, Notification.facts)
            .where(
                Notification.person_id == council[who].person, Notification.link.like("/calendar/programme%")
            )
            .order_by(Notification.at, Notification.message)
        )
        return [message.format_map(facts) for message, facts in rows]


async def _meeting(store: Store, council: Council, starts: str = "2031-03-12T08:00") -> Meeting:
    async with store.work() as work:
        return await schedule_meeting(
            work, council["secretary"], body=council.body, title="Họp tháng 3", starts=starts
        )


async def _refused(store: Store, code: str, act: Any, *args: Any, **more: Any) -> None:
    with pytest.raises(Refused) as caught:
        async with store.work() as work:
            await act(work, *args, **more)
    assert caught.value.code == code


async def test_a_draft_is_the_secretariats_and_the_approval_opens_it(store: Store, council: Council) -> None:
    secretary = council["secretary"]
    await _refused(store, "forbidden", begin_programme, council["delegate01"], council.body, YEAR)
    programme, (market, spare) = await _begin(
        store, council, _facts(council), _facts(council, "Bỏ", agency=None, cooperating=frozenset())
    )
    await _refused(store, "programme-there", begin_programme, secretary, council.body, YEAR)
    await _refused(
        store, "programme-time", write_entry, secretary, programme.id, _facts(council, due=Period(2030, 1))
    )
    await _refused(store, "field-missing", write_entry, secretary, programme.id, _facts(council, " "))
    await _refused(
        store, "forbidden", write_entry, council["foreign-secretary"], programme.id, _facts(council)
    )
    await _refused(store, "not-now", withdraw_entry, secretary, market.id, reason="Thôi")
    await _refused(store, "programme-not-approved", finish_entry, secretary, market.id, on=date(2026, 1, 1))
    assert not await _read(store, council, "chair")
    async with store.work() as work:
        await remove_entry(work, secretary, spare.id)
        await change_entry(work, secretary, market.id, _facts(council, month=4))
    assert not await _told(store, council, "officer")
    await _approve(store, council, programme)
    await _refused(
        store, "not-now", approve_programme, secretary, programme.id, number="1", approved_on=date(YEAR, 1, 1)
    )
    for who in ("secretary", "chair", "delegate01", "officer", "officer2"):
        opened = await _read(store, council, who)
        assert opened
        (line,) = opened.lines
        assert (line.agency, line.cooperating, line.period.month) == ("Phòng Hạ tầng", ["Phòng Tài chính"], 4)
        assert not line.changes, "nothing is kept of a draft"
        async with store.reading() as reading:
            assert [one.id for one in await programme_bodies(reading, council[who])] == [council.body]
    for who in ("observer", "stranger", "foreign-secretary"):
        assert not await _read(store, council, who)
        with pytest.raises(Refused, match="nothing at this address"):
            await _line(store, council, market.id, who)
    told = "The work programme 2031 of Hội đồng nhân dân phường Bến Nước is approved (no. 12/CTr-HĐND). Entries for "
    assert await _told(store, council, "officer") == [told + "Phòng Hạ tầng: 1"]
    assert await _told(store, council, "officer2") == [told + "Phòng Tài chính: 1"]
    assert not await _told(store, council, "delegate01")


async def test_after_the_approval_every_change_stays_visible_and_is_told(
    store: Store, council: Council
) -> None:
    secretary = council["secretary"]
    programme, (market,) = await _begin(store, council, _facts(council))
    await _approve(store, council, programme)
    moved = _facts(council, month=4)
    for act, args in ((change_entry, (market.id, moved)), (write_entry, (programme.id, moved))):
        await _refused(store, "reason-missing", act, secretary, *args)
    await _refused(store, "reason-missing", withdraw_entry, secretary, market.id, reason=" ")
    await _refused(store, "programme-approved", remove_entry, secretary, market.id)
    async with store.work() as work:
        await change_entry(work, secretary, market.id, moved, reason="Chờ ý kiến")
        await change_entry(work, secretary, market.id, moved, reason="Không đổi gì")
        other = replace(moved, agency=council.second_agency, cooperating=frozenset[UUID]())
        await change_entry(work, secretary, market.id, other, reason="Đổi cơ quan")
        added = await write_entry(
            work, secretary, programme.id, _facts(council, "Thêm", 5), reason="Theo Nghị quyết 02"
        )
        await withdraw_entry(work, secretary, added.id, reason="Không còn cần")
    await _refused(store, "programme-entry-over", change_entry, secretary, added.id, moved, reason="Lại")
    opened = await _read(store, council, "delegate01")
    assert opened
    first, second = opened.lines
    assert [(one.kind, one.was, one.reason) for one in first.changes] == [
        ("moved", {"due": "2031-03"}, "Chờ ý kiến"),
        ("changed", {"agency": "Phòng Hạ tầng", "cooperating": "Phòng Tài chính"}, "Đổi cơ quan"),
    ]
    assert [one.kind for one in second.changes] == ["added", "withdrawn"]
    assert (first.standing.moved, second.standing.state) == (True, "withdrawn")
    assert (opened.figures.all, opened.figures.moved, opened.figures.withdrawn) == (2, 1, 1)
    told = await _told(store, council, "officer")
    assert len(told) == 5, "approved, moved, no longer the lead, added, withdrawn"
    assert any("is due 04/2031 now. Chờ ý kiến" in one for one in told)


async def test_an_entry_becomes_an_item_and_is_done_with_it(store: Store, council: Council) -> None:
    secretary, chair = council["secretary"], council["chair"]
    report = _facts(council, "Báo cáo quý", form="report", due=Period(2026, quarter=4))
    later = _facts(council, "Tháng sau", 4)
    programme, (market, april) = await _begin(
        store, council, _facts(council, due=Period(YEAR, quarter=1)), later
    )
    meeting = await _meeting(store, council)
    await _refused(
        store, "programme-not-approved", put_entry_on_agenda, secretary, meeting.id, entry=market.id
    )
    await _refused(store, "programme-time", write_entry, secretary, programme.id, report)
    await _approve(store, council, programme)
    async with store.reading() as reading:
        assert [one.id for one in await entries_waiting(reading, meeting)] == [market.id], (
            "April's comes in April"
        )
    async with store.work() as work:
        item = await put_entry_on_agenda(work, secretary, meeting.id, entry=market.id)
        assert (item.title, item.presenter) == ("Quy hoạch chợ", "Phó Chủ tịch")
    await _refused(
        store, "programme-entry-taken", put_entry_on_agenda, secretary, meeting.id, entry=market.id
    )
    assert await _state(store, council, market) == "under-way"
    assert await _state(store, council, market, "delegate01") == "prepared", "the agenda is a draft"
    assert (await _line(store, council, market.id, "delegate01")).item is None
    async with store.reading() as reading:
        assert not await entries_waiting(reading, meeting)
    async with store.work() as work:
        await publish_meeting(work, secretary, meeting.id)
    assert (await _line(store, council, market.id, "delegate01")).item
    await seat(store, council, meeting.id, 9, Presence.IN)
    following = await _meeting(store, council, "2031-04-10T08:00")
    async with store.work() as work:
        await call_to_order(work, chair, meeting.id)
        await postpone(work, chair, item.id, to=following.id)
    line = await _line(store, council, market.id)
    assert line.meeting
    assert line.meeting.id == following.id, "the entry goes with its item"
    async with store.work() as work:
        await cancel_meeting(work, secretary, following.id, reason="Bão")
    assert await _state(store, council, market) == "planned"
    sitting = await _meeting(store, council, "2031-04-20T08:00")
    async with store.work() as work:
        item = await put_entry_on_agenda(work, secretary, sitting.id, entry=market.id)
        await publish_meeting(work, secretary, sitting.id)
    await seat(store, council, sitting.id, 9, Presence.IN)
    async with store.work() as work:
        await call_to_order(work, chair, sitting.id)
        await take_up(work, chair, item.id)
        await conclude(work, chair, item.id)
    assert await _state(store, council, market, "officer") == "done"
    await _refused(store, "programme-entry-over", withdraw_entry, secretary, market.id, reason="Thôi")
    await _refused(store, "programme-day-ahead", finish_entry, secretary, april.id, on=date(2100, 1, 1))
    async with store.work() as work:
        await finish_entry(work, secretary, april.id, on=date(2026, 1, 5))
    opened = await _read(store, council)
    assert opened
    assert (opened.figures.in_time, opened.figures.late, opened.figures.open) == (2, 0, 0)


async def test_the_lead_agency_begins_the_dossier_that_brings_it(store: Store, council: Council) -> None:
    officer, secretary = council["officer"], council["secretary"]
    programme, (market, plain) = await _begin(
        store, council, _facts(council), _facts(council, "Sớm hơn", 2, submit_by=date(YEAR, 1, 15))
    )
    async with store.work() as work:
        procedure = await write_procedure(work, secretary, council.body, procedure_of(ONE_STEP))
    async with store.reading() as reading:
        assert not await expected_of(reading, officer)
    await _approve(store, council, programme)
    async with store.reading() as reading:
        owed = await expected_of(reading, officer)
        assert [(line.entry.id, line.submit_by) for line, _ in owed] == [
            (plain.id, date(YEAR, 1, 15)),
            (market.id, date(YEAR, 3, 26)),
        ]
        assert not await expected_of(reading, council["officer2"]), "it only helps"
    begin: dict[str, Any] = {"entry": market.id, "procedure": procedure.id, "title": "Quy hoạch chợ"}
    await _refused(store, "programme-entry-lead", begin_entry_dossier, council["officer2"], **begin)
    async with store.work() as work:
        dossier = await begin_entry_dossier(work, officer, **begin)
    assert (await _line(store, council, market.id)).dossier is None, "a draft is its agency's alone"
    assert await _state(store, council, market) == "planned"
    own = (await _line(store, council, market.id, "officer")).dossier
    assert own
    assert own.id == dossier.id
    await _refused(store, "programme-entry-taken", begin_entry_dossier, officer, **begin)
    async with store.work() as work:
        kept = await work.locked(Dossier, dossier.id)
        kept.state, kept.submitted_at, kept.accepted_at = DossierState.ACCEPTED, work.now, work.now
    assert await _state(store, council, market, "delegate01") == "prepared"
    meeting = await _meeting(store, council)
    async with store.work() as work:
        await put_on_agenda(work, secretary, dossier.id, meeting.id)
    line = await _line(store, council, market.id)
    assert (line.standing.state, line.item and line.item.title) == ("under-way", "Quy hoạch chợ")


async def test_an_entry_is_asked_in_writing(store: Store, council: Council) -> None:
    secretary = council["secretary"]
    programme, (market,) = await _begin(store, council, _facts(council, form="consultation"))
    await _approve(store, council, programme)
    meeting = await _meeting(store, council)
    await _refused(store, "programme-entry-form", put_entry_on_agenda, secretary, meeting.id, entry=market.id)
    async with store.work() as work:
        asked = await ask_entry_in_writing(work, secretary, entry=market.id, closes="2031-03-20T17:00")
    assert asked.title == "Quy hoạch chợ"
    await _refused(
        store,
        "programme-entry-taken",
        ask_entry_in_writing,
        secretary,
        entry=market.id,
        closes="2031-03-20T17:00",
    )
    assert await _state(store, council, market) == "prepared"
    async with store.work() as work:
        await open_consultation(work, council["chair"], asked.id)
    assert await _state(store, council, market, "delegate01") == "under-way"


async def test_a_file_comes_in_whole_or_not_at_all(store: Store, council: Council) -> None:
    secretary = council["secretary"]
    programme, _ = await _begin(store, council, _facts(council))
    wrong = "Nội dung,Thời gian,Cơ quan chủ trì\nMột,Q2/2031,Phòng Hạ tầng\nHai,05/2031,Phòng Lạ\n".encode()
    await _refused(store, "programme-row-agency", import_programme, secretary, programme.id, wrong)
    right = wrong.replace("Phòng Lạ".encode(), b"")
    await _refused(store, "forbidden", import_programme, council["delegate01"], programme.id, right)
    async with store.work() as work:
        assert await import_programme(work, secretary, programme.id, right) == 2
    await _refused(store, "programme-row-twice", import_programme, secretary, programme.id, right)
    opened = await _read(store, council)
    assert opened
    assert [(line.entry.title, line.agency) for line in opened.lines] == [
        ("Quy hoạch chợ", "Phòng Hạ tầng"),
        ("Hai", "Hội đồng nhân dân phường Bến Nước"),
        ("Một", "Phòng Hạ tầng"),
    ]
    async with store.reading() as reading:
        file = await export_programme(reading, secretary, programme.id, "vi")
        with pytest.raises(Refused):
            await export_programme(reading, council["delegate01"], programme.id, "vi")
    await _approve(store, council, programme)
    late = "Nội dung;Thời gian\nBa;15/06/2031\n".encode()
    await _refused(store, "reason-missing", import_programme, secretary, programme.id, late)
    async with store.work() as work:
        await import_programme(work, secretary, programme.id, late, reason="Bổ sung")
        again = await begin_programme(work, council["foreign-secretary"], council.other_body, YEAR)
        assert await import_programme(work, council["foreign-secretary"], again.id, file) == 3
    opened = await _read(store, council, "chair")
    assert opened
    assert [one.reason for line in opened.lines for one in line.changes] == ["Bổ sung"]


async def test_late_entries_are_named_in_working_days(store: Store, council: Council) -> None:
    async with store.work() as work:
        year = work.today.year - 1
        programme = await begin_programme(work, council["secretary"], council.body, year)
        facts = _facts(council, due=Period(year, month=12))
        entry = await write_entry(work, council["secretary"], programme.id, facts)
        done = await write_entry(work, council["secretary"], programme.id, replace(facts, title="Xong"))
        await approve_programme(
            work, council["secretary"], programme.id, number="1", approved_on=date(year, 1, 2)
        )
        await finish_entry(work, council["secretary"], done.id, on=datetime(year + 1, 1, 5).date())
    line = await _line(store, council, entry.id)
    assert (line.standing.state, line.standing.late > 0) == (EntryState.PLANNED, True)
    assert line.submission_late > line.standing.late
    assert (await _line(store, council, done.id)).standing.late > 0
