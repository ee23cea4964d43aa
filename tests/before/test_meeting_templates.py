"""Templates and copies: what of a meeting goes into the next one, and what stays where it happened."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import select

from meetings.before import meeting_templates
from meetings.before.agenda import add_item, agenda_of
from meetings.before.copying import copy_meeting
from meetings.before.guests import Invited, invite_guests
from meetings.before.meeting_templates import (
    TemplateFacts,
    add_template_item,
    open_template,
    remove_template,
    templates_for,
    write_template,
)
from meetings.before.paper_access import set_access
from meetings.before.papers import keep_upload, lay_paper
from meetings.before.scheduling import schedule_meeting
from meetings.before.template_items import ItemFacts, MotionPreset, agenda_of_template
from meetings.before.template_saving import save_as_template
from meetings.before.template_use import schedule_from_template
from meetings.during.agenda_changes import withdraw
from meetings.rules.paper_access import Access
from meetings.rules.refusals import Refused
from meetings.storage.tables import (
    Attendance,
    Guest,
    JournalRow,
    Meeting,
    MeetingTemplate,
    Motion,
    Paper,
    PaperVersion,
    Poll,
    Table,
    TemplateItem,
)
from meetings.storage.unit_of_work import Reading, Store
from tests.support.council import Council, begin_sitting, make_council
from tests.support.papers import a_pdf

ELDER = Invited("Cụ Trần Văn Lão", "Trưởng ban Người cao tuổi", "elder@example.invalid")
EXPERT = Invited("Bà Hồ Thị Chuyên", "Chuyên gia", "expert@example.invalid")
AGENDA = (
    ItemFacts(title="Khai mạc", minutes=10, presenter="Chủ tọa"),
    ItemFacts(
        title="Xem xét tờ trình", minutes=60, guests=[EXPERT],
        motions=[MotionPreset(rule="hdnd-resolution"), MotionPreset(title="Ủy quyền", kind="procedural")],
        items=[
            ItemFacts(title="Trình bày", presenter="Trưởng phòng Tài chính"),
            ItemFacts(title="Thảo luận kín", visibility="internal"),
        ],
    ),
    ItemFacts(title="Chất vấn", kind="questions"),
)  # fmt: skip
FACTS = TemplateFacts(
    name="Phiên thường kỳ", title="Phiên họp số {số} tháng {tháng}/{năm}", place="Phòng 2", begins="08:30",
    minutes=150, public=True, guests=[ELDER],
)  # fmt: skip


@pytest.fixture
async def council(store: Store) -> Council:
    return await make_council(store)


async def _template(store: Store, council: Council, **more: Any) -> MeetingTemplate:
    async with store.work() as work:
        return await write_template(work, council["secretary"], council.body, FACTS, items=AGENDA, **more)


async def _lines(reading: Reading, meeting: Meeting) -> list[tuple[str, str, str, int | None, str, str]]:
    return [
        (item.number, item.title, item.presenter, item.minutes_planned, item.kind, item.visibility)
        for item in await agenda_of(reading, meeting.id)
    ]


async def _all(reading: Reading, table: type[Table], meeting: Meeting) -> Sequence[Any]:
    column: Any = table.__table__.c.meeting_id
    return (await reading.session.scalars(select(table).where(column == meeting.id))).all()


LINES = [
    ("1", "Khai mạc", "Chủ tọa", 10, "regular", "common"),
    ("2", "Xem xét tờ trình", "", 60, "regular", "common"),
    ("2.1", "Trình bày", "Trưởng phòng Tài chính", None, "regular", "common"),
    ("2.2", "Thảo luận kín", "", None, "regular", "internal"),
    ("3", "Chất vấn", "", None, "questions", "common"),
]


async def test_a_meeting_comes_from_a_template_in_one_act(store: Store, council: Council) -> None:
    template = await _template(store, council)
    made: list[Meeting] = []
    for day in ("2031-03-12", "2031-04-09", "2032-01-14"):
        async with store.work() as work:
            made.append(
                await schedule_from_template(
                    work, council["secretary"], template.id, starts=f"{day}T{template.begins}"
                )
            )
    assert [one.title for one in made] == [
        "Phiên họp số 1 tháng 3/2031", "Phiên họp số 2 tháng 4/2031", "Phiên họp số 1 tháng 1/2032",
    ]  # fmt: skip
    first = made[0]
    assert (first.place, first.ends_local, first.public, first.state) == (
        "Phòng 2", "2031-03-12T11:00", True, "draft",
    )  # fmt: skip
    async with store.reading() as reading:
        assert await _lines(reading, first) == LINES
        items = {item.title: item.id for item in await agenda_of(reading, first.id)}
        invited = {(guest.name, guest.item_id) for guest in await _all(reading, Guest, first)}
        assert invited == {(ELDER.name, None), (EXPERT.name, items["Xem xét tờ trình"])}
        motions = {motion.title: motion for motion in await _all(reading, Motion, first)}
        assert {title: motion.kind for title, motion in motions.items()} == {
            "Xem xét tờ trình": "substantive", "Ủy quyền": "procedural",
        }  # fmt: skip
        (poll,) = await _all(reading, Poll, first)
        assert (poll.motion_id, poll.rule["code"], poll.state) == (
            motions["Xem xét tờ trình"].id, "hdnd-resolution", "draft",
        )  # fmt: skip
        events = await reading.session.scalars(
            select(JournalRow.event).where(JournalRow.chain_id == first.id).order_by(JournalRow.seq)
        )
        assert "TemplateUsed" in set(events)


async def test_a_meeting_that_was_held_becomes_a_template_without_what_happened(
    store: Store, council: Council
) -> None:
    sitting = await begin_sitting(store, council)
    async with store.work() as work:
        chair = council["chair"]
        extra = await add_item(work, council["secretary"], sitting.meeting, title="Rút lại")
        await withdraw(work, chair, extra.id)
        await invite_guests(work, council["secretary"], sitting.meeting, [ELDER])
        template = await save_as_template(work, council["secretary"], sitting.meeting, name="Như kỳ trước")
    async with store.reading() as reading:
        (line,) = await templates_for(reading, council["secretary"])
        assert (line.row.name, line.row.begins, line.items) == ("Như kỳ trước", "08:00", 2)
        assert [one["name"] for one in line.row.guests] == [ELDER.name]
        first, second = await agenda_of_template(reading, template.id)
        assert [(one.number, one.row.title) for one in (first, second)] == [
            ("1", "Khai mạc"), ("2", "Điều chỉnh dự toán ngân sách năm 2026"),
        ]  # fmt: skip
        assert [one["title"] for one in second.row.motions] == ["Nghị quyết về dự toán"]
        assert not await templates_for(reading, council["foreign-secretary"])


async def test_the_agenda_of_a_template_is_arranged(store: Store, council: Council) -> None:
    secretary, template = council["secretary"], await _template(store, council)

    async def numbered() -> dict[str, TemplateItem]:
        async with store.reading() as reading:
            found = await agenda_of_template(reading, template.id)
            return {f"{one.number} {one.row.title}": one.row for one in found}

    rows = await numbered()
    assert list(rows) == [f"{line[0]} {line[1]}" for line in LINES]
    async with store.work() as work:
        await meeting_templates.move_item(
            work, secretary, rows["3 Chất vấn"].id, parent=rows["2.2 Thảo luận kín"].id, position=0
        )
    rows = await numbered()
    assert rows["2.2.1 Chất vấn"].visibility == "internal", "never seen by more than what stands above"
    async with store.work() as work:
        facts = ItemFacts(title="Xem xét", visibility="hidden")
        await meeting_templates.change_item(work, secretary, rows["2 Xem xét tờ trình"].id, facts)
        await add_template_item(work, secretary, template.id, ItemFacts(title="Bế mạc"))
    assert list(await numbered()) == [
        "1 Khai mạc", " Xem xét", " Trình bày", " Thảo luận kín", " Chất vấn", "2 Bế mạc",
    ]  # fmt: skip
    async with store.work() as work:
        with pytest.raises(Refused, match="below itself"):
            await meeting_templates.move_item(
                work, secretary, rows["2 Xem xét tờ trình"].id, parent=rows["2.1 Trình bày"].id, position=0
            )
        await meeting_templates.remove_item(work, secretary, rows["2 Xem xét tờ trình"].id)
    assert list(await numbered()) == ["1 Khai mạc", "2 Bế mạc"]
    async with store.work() as work:
        await remove_template(work, secretary, template.id)
    async with store.reading() as reading:
        assert not (await reading.session.scalars(select(TemplateItem))).all()
        assert not await templates_for(reading, secretary)


async def test_a_copy_takes_agenda_and_guests_and_papers_only_when_asked(
    store: Store, council: Council
) -> None:
    secretary = council["secretary"]
    template = await _template(store, council)
    async with store.work() as work:
        old = await schedule_from_template(work, secretary, template.id, starts="2031-03-12T08:30")
        item = (await agenda_of(work, old.id))[2]
    file = await keep_upload(store, "Tờ trình.pdf", a_pdf(), 1)
    async with store.work() as work:
        kept = await lay_paper(work, secretary, item.id, file, title="Tờ trình")
        await set_access(work, secretary, kept.paper_id, Access(level="restricted", readers="internal"))
        timed = await lay_paper(work, secretary, item.id, file, title="Tạm xem")
        await set_access(work, secretary, timed.paper_id, Access(shown_until=work.now))
        bare = await copy_meeting(work, secretary, old.id, starts="2031-04-09T14:00", title="Họp tháng 4")
        full = await copy_meeting(work, secretary, old.id, starts="2031-05-14T08:00", ends="", papers=True)
    assert (bare.title, bare.ends_local, bare.place) == ("Họp tháng 4", "2031-04-09T16:30", "Phòng 2")
    assert (full.title, full.ends_local, full.public) == (old.title, "", True)
    async with store.reading() as reading:
        for copy in (bare, full):
            assert await _lines(reading, copy) == LINES
            assert len(await _all(reading, Guest, copy)) == 2
            for table in (Motion, Poll, Attendance):
                assert not await _all(reading, table, copy)
        assert not await _all(reading, Paper, bare)
        (paper,) = await _all(reading, Paper, full)
        assert (paper.title, paper.level, paper.readers, paper.copied_from_id) == (
            "Tờ trình", "restricted", "internal", kept.paper_id,
        )  # fmt: skip
        version = (
            await reading.session.scalars(select(PaperVersion).where(PaperVersion.paper_id == paper.id))
        ).one()
        assert (version.sha256, version.number) == (kept.sha256, 1)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"name": " "}, "field-missing"),
        ({"title": "Họp {tuần}"}, "placeholder-unknown"),
        ({"kind": "other"}, "wrong-input"),
        ({"begins": "25:00"}, "wrong-input"),
        ({"minutes": 0}, "wrong-input"),
        ({"guests": [Invited("A", "", "x")]}, "guest-mail"),
        ({"guests": [Invited("A", "", "a@b.vn"), Invited("B", "", "A@b.vn")]}, "guest-known"),
    ],
)
async def test_a_template_that_cannot_be_is_refused(
    store: Store, council: Council, facts: dict[str, Any], code: str
) -> None:
    wanted: dict[str, Any] = {"name": "Mẫu", "title": "Họp"} | facts
    async with store.work() as work:
        with pytest.raises(Refused) as refused:
            await write_template(work, council["secretary"], council.body, TemplateFacts(**wanted))
    assert refused.value.code == code


async def test_only_who_prepares_meetings_of_the_body_has_templates(
    store: Store, council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    template = await _template(store, council)
    async with store.work() as work:
        meeting = await schedule_meeting(
            work, council["secretary"], body=council.body, title="Họp", starts="2031-03-12T08:00"
        )
    for who in ("chair", "delegate01", "observer", "officer", "admin", "foreign-secretary"):
        actor = council[who]
        async with store.work() as work:
            for act in (
                write_template(work, actor, council.body, FACTS),
                save_as_template(work, actor, meeting.id, name="Khác"),
                copy_meeting(work, actor, meeting.id, starts="2031-03-19T08:00"),
                open_template(work, actor, template.id),
                schedule_from_template(work, actor, template.id, starts="2031-03-19T08:00"),
                remove_template(work, actor, template.id),
            ):
                with pytest.raises(Refused) as refused:
                    await act
                assert refused.value.code in ("forbidden", "not-found")
    with pytest.raises(Refused, match="already"):
        await _template(store, council)
    monkeypatch.setattr("meetings.before.template_items.MOST_ITEMS", 5)
    async with store.work() as work:
        with pytest.raises(Refused, match="at most 5 items"):
            await add_template_item(work, council["secretary"], template.id, ItemFacts(title="Thừa"))
