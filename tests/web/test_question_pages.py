"""The pages of question time: slips, the cockpit, the room, the screen, and the tasks that follow."""

from __future__ import annotations

import html
import re
from uuid import UUID

import pytest
from sqlalchemy import select

from meetings.before.agenda import add_item
from meetings.during import proceedings
from meetings.rules.agenda import ItemKind
from meetings.storage.tables import Item, Question, Speech, Task
from tests.support.council import publish_sitting, seat
from tests.web.test_during_pages import HTMX, House, house, words

__all__ = ["house"]

ADDRESSEE = "Ông Trần Văn Xây, Giám đốc Sở Xây dựng"
TEXT = "Vì sao đường Bến Nước chưa xong?"
ASKER = "delegate01"


class Chamber:
    """A published meeting with question time on its agenda."""

    def __init__(self, house: House, meeting: UUID, item: UUID) -> None:
        self.house, self.meeting, self.item = house, meeting, item
        self.page = f"/meetings/{meeting}/questions"
        self.chair = f"/meetings/{meeting}/chair"

    async def slip(self, login: str = ASKER, **fields: str) -> Question:
        sent = {"addressee": ADDRESSEE, "text": TEXT, "topic": "Hạ tầng"} | fields
        await self.house.act(login, self.page, **sent)
        return (await self.questions())[-1]

    async def questions(self) -> list[Question]:
        async with self.house.store.reading() as reading:
            return list(await reading.session.scalars(select(Question).order_by(Question.submitted_at)))

    async def list(self, *slips: Question) -> str:
        browser = await self.house.browser("secretary")
        form = {
            "_csrf_token": browser.cookies["meetings_form"], "item": str(self.item),
            "question": [str(slip.id) for slip in slips],
        }  # fmt: skip
        answer = await browser.post(f"{self.page}/list", data=form)
        assert answer.status_code == 303, answer.text
        return await self.house.read("secretary", answer.headers["location"])

    async def begin(self) -> None:
        store, council = self.house.store, self.house.council
        await seat(store, council, self.meeting, 9)
        async with store.work() as work:
            await proceedings.call_to_order(work, council["chair"], self.meeting)
            await proceedings.take_up(work, council["chair"], self.item)

    async def press(self, login: str = "delegate00") -> str:
        """The one large button of the cockpit, as a browser without scripts presses it."""
        page = (await self.house.get(login, self.chair)).text
        found = re.search(r'class="next-act".*?<form method="post" action="([^"]+)"', page, re.DOTALL)
        assert found is not None, words(page)
        return await self.house.act(login, html.unescape(found[1]))

    async def turns(self) -> list[str]:
        async with self.house.store.reading() as reading:
            rows = await reading.session.scalars(select(Speech).order_by(Speech.asked_at))
            return [f"{row.kind} {row.state}" for row in rows]


@pytest.fixture
async def chamber(house: House) -> Chamber:
    sitting = await publish_sitting(house.store, house.council)
    async with house.store.work() as work:
        item = await add_item(
            work, house.council["secretary"], sitting.meeting, title="Chất vấn", kind=ItemKind.QUESTIONS
        )
    return Chamber(house, sitting.meeting, item.id)


async def test_a_slip_is_handed_in_read_corrected_and_listed(chamber: Chamber) -> None:
    read = chamber.house.read
    assert "/questions" in (await chamber.house.get(ASKER, f"/meetings/{chamber.meeting}")).text
    slip = await chamber.slip()
    assert TEXT in await read(ASKER, chamber.page)
    assert TEXT not in await read("delegate02", chamber.page)
    assert "No question is listed yet" in await read("delegate02", chamber.page)
    shown = await chamber.house.act(ASKER, f"/questions/{slip.id}/edit", text="Khi nào xong?")
    assert "Khi nào xong?" in shown
    answer = await chamber.house.post(
        "delegate02", f"/questions/{slip.id}/edit", None, text="Không phải của tôi"
    )
    assert answer.status_code == 404
    listed = await chamber.list(slip)
    assert "Take off the list" in listed
    shown = await read("delegate02", chamber.page)
    assert "Khi nào xong?" in shown
    assert "Take off the list" not in shown
    shown = await chamber.house.act(ASKER, f"/questions/{slip.id}/withdraw")
    assert "Withdrawn" in shown
    assert "Khi nào xong?" not in await read("delegate02", chamber.page)


async def test_a_refused_slip_keeps_what_was_written(chamber: Chamber) -> None:
    answer = await chamber.house.post(ASKER, chamber.page, None, addressee="", text=TEXT)
    assert answer.status_code == 422
    assert "To whom is missing." in words(answer.text)
    assert TEXT in answer.text
    answer = await chamber.house.post("observer", chamber.page, None, addressee=ADDRESSEE, text=TEXT)
    assert answer.status_code == 403
    assert await chamber.questions() == []


async def test_the_agenda_has_an_item_of_question_time(chamber: Chamber) -> None:
    address = f"/items/{chamber.item}/edit"
    await chamber.house.act("secretary", address, title="Chất vấn", minutes="", questions="")
    async with chamber.house.store.reading() as reading:
        assert (await reading.get(Item, chamber.item)).kind == ItemKind.REGULAR
    await chamber.house.act("secretary", address, title="Chất vấn", minutes="", questions="yes")
    async with chamber.house.store.reading() as reading:
        assert (await reading.get(Item, chamber.item)).kind == ItemKind.QUESTIONS


async def test_the_chair_leads_question_time_with_one_button(chamber: Chamber) -> None:
    slip = await chamber.slip()
    await chamber.list(slip)
    await chamber.begin()
    before = await chamber.house.read("delegate00", chamber.chair)
    assert "Call the question" in before
    await chamber.press()
    assert await chamber.turns() == ["ask speaking"]
    board = await chamber.press()
    assert f"Answer {ADDRESSEE}" in board
    assert await chamber.turns() == ["ask spoken", "answer speaking"]
    room = await chamber.house.read(ASKER, f"/meetings/{chamber.meeting}/room")
    assert "Ask to follow up" in room
    assert "Ask to follow up" not in await chamber.house.read(
        "delegate02", f"/meetings/{chamber.meeting}/room"
    )
    assert "Was the answer of" not in room, "the answer is still being given"
    room = await chamber.house.act(ASKER, f"/questions/{slip.id}/follow-up-request")
    assert "You have asked to follow up." in room
    assert "wants to follow up" in await chamber.house.read("delegate00", chamber.chair)
    await chamber.press()
    await chamber.press()
    board = await chamber.press()
    turns = ["ask spoken", "answer spoken", "follow-up spoken", "answer spoken"]
    assert await chamber.turns() == turns
    assert "Call the question" not in board
    assert "Conclude item" in board
    room = await chamber.house.act(ASKER, f"/questions/{slip.id}/verdict", satisfied="no", back="room")
    assert "Was the answer of" in room
    assert "Put it again" in await chamber.house.read("delegate00", chamber.chair)


async def test_an_act_from_the_cockpit_answers_with_the_board_and_names_who_gives_way(
    chamber: Chamber,
) -> None:
    slip = await chamber.slip()
    await chamber.list(slip)
    await chamber.begin()
    answer = await chamber.house.post("delegate00", f"/questions/{slip.id}/ask", HTMX)
    assert answer.status_code == 200
    assert 'id="cockpit"' in answer.text
    late = await chamber.house.post("delegate00", f"/questions/{slip.id}/answer", HTMX)
    assert late.status_code == 409
    assert "toast" in late.headers["hx-trigger"]
    answer = await chamber.house.post("secretary", f"/questions/{slip.id}/in-writing", None, back="questions")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith(chamber.page)


async def test_the_room_and_the_screen_show_the_question_and_nothing_personal(chamber: Chamber) -> None:
    slip = await chamber.slip()
    await chamber.list(slip)
    await chamber.begin()
    await chamber.press()
    stage = await chamber.house.get("delegate02", f"/meetings/{chamber.meeting}/room/stage")
    assert TEXT in words(stage.text)
    assert ADDRESSEE in words(stage.text)
    assert "_csrf_token" not in stage.text
    assert stage.text == (await chamber.house.get(ASKER, f"/meetings/{chamber.meeting}/room/stage")).text
    own = await chamber.house.get(ASKER, f"/meetings/{chamber.meeting}/room/own")
    assert "Your question is being put" in words(own.text)


async def test_a_slip_from_the_room_is_answered_in_its_place(chamber: Chamber) -> None:
    answer = await chamber.house.post(
        ASKER, chamber.page, HTMX, addressee=ADDRESSEE, text=TEXT, topic="", back="room"
    )
    assert answer.status_code == 200
    assert "You have handed in 1 question" in words(answer.text)
    assert "handed in" in answer.headers["hx-trigger"]
    wrong = await chamber.house.post(ASKER, chamber.page, HTMX, addressee="", text=TEXT, back="room")
    assert wrong.status_code == 422


async def test_a_promise_becomes_a_task_that_says_where_it_came_from(chamber: Chamber) -> None:
    slip = await chamber.slip()
    await chamber.list(slip)
    await chamber.begin()
    await chamber.press()
    await chamber.house.act(
        "delegate00", f"/items/{chamber.item}/promises", text="Xong trong năm nay", due="2026-12-31",
        agency=str(chamber.house.council.agency), question=str(slip.id), promised_by="",
    )  # fmt: skip
    async with chamber.house.store.reading() as reading:
        task = await reading.session.scalar(select(Task))
    assert task is not None
    page = await chamber.house.read("officer", f"/tasks/{task.id}")
    assert f"Promised by {ADDRESSEE}" in page
    board = await chamber.house.read("secretary", "/tasks")
    assert f"Promised by {ADDRESSEE}" in board
    assert "Xong trong năm nay" in await chamber.house.read("delegate02", chamber.page)


async def test_what_is_owed_without_an_agency_waits_for_the_secretary(chamber: Chamber) -> None:
    slip = await chamber.slip()
    await chamber.list(slip)
    await chamber.begin()
    async with chamber.house.store.work() as work:
        await proceedings.adjourn(work, chamber.house.council["chair"], chamber.meeting)
    assert "Written answers without an agency" in await chamber.house.read("secretary", chamber.page)
    assert "Written answers without an agency" not in await chamber.house.read(ASKER, chamber.page)
    page = await chamber.house.act(
        "secretary", f"/questions/{slip.id}/edit", agency=str(chamber.house.council.agency)
    )
    assert "Written answers without an agency" not in page
    async with chamber.house.store.reading() as reading:
        task = await reading.session.scalar(select(Task))
    assert task is not None
    assert task.title == "Answer in writing: Hạ tầng"
    assert f"Question of Nguyễn Văn Đại Biểu 01 to {ADDRESSEE}" in await chamber.house.read(
        "officer", f"/tasks/{task.id}"
    )
    journal = await chamber.house.read("secretary", f"/meetings/{chamber.meeting}/journal")
    assert "is to be answered in writing" in journal
