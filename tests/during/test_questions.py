"""Question slips, question time, written answers and promises, on both databases."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

import pytest
from sqlalchemy import select

from meetings.after.answers import TITLE
from meetings.after.follow_up import open_task
from meetings.after.meeting_record import record_of
from meetings.before.agenda import add_item, change_item, remove_item
from meetings.before.scheduling import schedule_meeting
from meetings.during import (
    agenda_changes,
    proceedings,
    question_time,
    questions,
    speakers,
    speaking_list,
    written_answers,
)
from meetings.during.attendance import Presence, record_attendance
from meetings.during.question_record import (
    QuestionTime,
    QuestionView,
    known_addressees,
    promises_of,
    question_for,
    question_time_as_data,
    question_time_of,
    questions_for,
    questions_of,
)
from meetings.language import text
from meetings.rules.agenda import ItemKind
from meetings.rules.lifecycle import QuestionState
from meetings.rules.questions import Step
from meetings.rules.record import ItemRecord
from meetings.rules.refusals import Refused
from meetings.rules.room_rules import as_data, room_rules
from meetings.rules.speakers import SpeechKind, SpeechState
from meetings.storage.tables import Body, Item, JournalRow, Meeting, Question, Speech, Task
from meetings.storage.unit_of_work import Store, Work
from tests.support.council import Council, make_council, publish_sitting, seat

T = TypeVar("T")
BUILDING = "Ông Trần Văn Xây, Giám đốc Sở Xây dựng"
HEALTH = "Bà Lê Thị Y, Giám đốc Sở Y tế"
ASKER, OTHER, THIRD = "delegate01", "delegate02", "delegate03"


class Chamber:
    """A published meeting with an item of question time, whose time the test moves."""

    def __init__(self, store: Store, council: Council, meeting: UUID, item: UUID) -> None:
        self.store, self.council, self.meeting, self.item = store, council, meeting, item
        self.now = store.clock()
        store.clock = lambda: self.now

    def wait(self, seconds: int) -> datetime:
        self.now += timedelta(seconds=seconds)
        return self.now

    async def act(self, act: Callable[[Work], Awaitable[T]]) -> T:
        self.wait(1)
        async with self.store.work() as work:
            return await act(work)

    async def refused(self, code: str, act: Callable[[Work], Awaitable[Any]]) -> None:
        with pytest.raises(Refused) as refusal:
            await self.act(act)
        assert refusal.value.code == code

    async def slip(self, login: str = ASKER, addressee: str = BUILDING, **facts: Any) -> UUID:
        facts = {"text": "Vì sao đường Bến Nước chưa xong?", "topic": "Hạ tầng"} | facts
        slip = await self.act(
            lambda work: questions.submit_question(
                work, self.council[login], self.meeting, addressee=addressee, **facts
            )
        )
        return slip.id

    async def list(self, *slips: UUID) -> None:
        await self.act(
            lambda work: questions.list_questions(
                work, self.council["secretary"], self.meeting, slips, item=self.item
            )
        )

    async def begin(self) -> None:
        """In session, question time in hand."""
        await seat(self.store, self.council, self.meeting, 9)
        await self.act(lambda work: proceedings.call_to_order(work, self.council["chair"], self.meeting))
        await self.act(lambda work: proceedings.take_up(work, self.council["chair"], self.item))

    async def call(self, act: Callable[..., Awaitable[Any]], question: UUID) -> None:
        """The chair's next act, naming who has the floor now."""
        now = await self.time()
        holder = now.speaking.id if now.speaking else None
        await self.act(lambda work: act(work, self.council["chair"], question, interrupts=holder))

    async def ask_and_answer(self, question: UUID) -> None:
        await self.call(question_time.put_question, question)
        self.wait(50)
        await self.call(question_time.call_answer, question)
        self.wait(100)

    async def time(self) -> QuestionTime:
        async with self.store.reading() as reading:
            now = await question_time_of(reading, await reading.get(Meeting, self.meeting))
        assert now is not None
        return now

    async def question(self, question: UUID) -> Question:
        async with self.store.reading() as reading:
            return await reading.get(Question, question)

    async def seen(self, login: str) -> list[QuestionView]:
        async with self.store.reading() as reading:
            meeting = await reading.get(Meeting, self.meeting)
            return await questions_for(reading, self.council[login], meeting)

    async def tasks(self) -> list[Task]:
        async with self.store.reading() as reading:
            return list(await reading.session.scalars(select(Task).order_by(Task.title)))

    async def events(self, of: str = "") -> list[JournalRow]:
        async with self.store.reading() as reading:
            rows = await reading.session.scalars(
                select(JournalRow).where(JournalRow.chain_id == self.meeting).order_by(JournalRow.seq)
            )
            return [row for row in rows if of in ("", row.event)]


@pytest.fixture
async def chamber(store: Store) -> Chamber:
    council = await make_council(store)
    sitting = await publish_sitting(store, council)
    async with store.work() as work:
        item = await add_item(
            work, council["secretary"], sitting.meeting, title="Chất vấn", kind=ItemKind.QUESTIONS
        )
    return Chamber(store, council, sitting.meeting, item.id)


# Slips


async def test_a_slip_is_its_authors_and_the_secretariats_until_it_is_listed(chamber: Chamber) -> None:
    slip = await chamber.slip()
    for login, count in ((ASKER, 1), ("secretary", 1), ("chair", 1), (OTHER, 0), ("observer", 0)):
        assert len(await chamber.seen(login)) == count, login
    (row,) = await chamber.events("QuestionSubmitted")
    assert row.payload == {"question": str(slip)}, "the journal is open to members who may not read it yet"
    async with chamber.store.reading() as reading:
        with pytest.raises(Refused):
            await question_for(reading, chamber.council[OTHER], slip)
    await chamber.list(slip)
    for login in (ASKER, "secretary", "chair", OTHER, "observer"):
        (view,) = await chamber.seen(login)
        assert (view.asker_name, view.addressee) == ("Nguyễn Văn Đại Biểu 01", BUILDING)
    (row,) = await chamber.events("QuestionListed")
    assert row.payload is not None
    assert row.payload["text"] == "Vì sao đường Bến Nước chưa xong?"
    async with chamber.store.reading() as reading:
        with pytest.raises(Refused):
            await question_for(reading, chamber.council["stranger"], slip)


async def test_a_slip_needs_an_addressee_and_a_text(chamber: Chamber) -> None:
    wrong: tuple[tuple[dict[str, Any], str], ...] = (
        ({"text": " "}, "field-missing"),
        ({"addressee": " "}, "field-missing"),
        ({"text": "x" * 5001}, "field-long"),
        ({"addressee": "x" * 301}, "field-long"),
        ({"topic": "x" * 201}, "field-long"),
        ({"agency": chamber.council.body}, "wrong-input"),
    )
    for facts, code in wrong:
        with pytest.raises(Refused) as refusal:
            await chamber.slip(**facts)
        assert refusal.value.code == code
    for login in ("observer", "secretary", "stranger"):
        with pytest.raises(Refused) as refusal:
            await chamber.slip(login)
        assert refusal.value.code == "forbidden"


async def test_the_author_corrects_and_withdraws_a_slip_until_it_is_put(chamber: Chamber) -> None:
    slip = await chamber.slip()
    asker, council = chamber.council[ASKER], chamber.council
    await chamber.act(lambda work: questions.change_question(work, asker, slip, text="Khi nào xong?"))
    assert (await chamber.question(slip)).text == "Khi nào xong?"
    await chamber.refused(
        "question-words",
        lambda work: questions.change_question(work, council["secretary"], slip, text="Khác"),
    )
    await chamber.refused(
        "forbidden", lambda work: questions.change_question(work, council[OTHER], slip, topic="Khác")
    )
    await chamber.list(slip)
    await chamber.refused(
        "not-now", lambda work: questions.change_question(work, asker, slip, text="Lại khác")
    )
    await chamber.refused(
        "forbidden", lambda work: questions.withdraw_question(work, council["secretary"], slip)
    )
    await chamber.act(lambda work: questions.withdraw_question(work, asker, slip))
    assert [view.state for view in await chamber.seen(OTHER)] == []
    assert [view.state for view in await chamber.seen(ASKER)] == [QuestionState.WITHDRAWN]
    await chamber.refused("not-now", lambda work: questions.withdraw_question(work, asker, slip))


async def test_the_secretary_groups_slips_and_puts_them_in_order(chamber: Chamber) -> None:
    secretary = chamber.council["secretary"]
    first = await chamber.slip()
    second = await chamber.slip(OTHER, "ông Trần Văn Xây,  Giám đốc Sở xây dựng", topic="")
    third = await chamber.slip(THIRD, HEALTH)
    await chamber.list(first, third)
    await chamber.list(second)
    await chamber.act(
        lambda work: questions.change_question(
            work, secretary, second, topic="hạ tầng", agency=chamber.council.agency, place=1
        )
    )
    await chamber.begin()
    groups = (await chamber.time()).groups
    assert [[one.id for one in group.questions] for group in groups] == [[second, first], [third]]
    assert [[topic for topic, _ in group.topics] for group in groups] == [["hạ tầng"], ["Hạ tầng"]]
    await chamber.act(lambda work: questions.unlist_question(work, secretary, first))
    assert [view.id for view in await chamber.seen(OTHER)] == [second, third]
    await chamber.refused("field-missing", lambda work: questions.list_questions(
        work, secretary, chamber.meeting, [], item=chamber.item
    ))  # fmt: skip


async def test_questions_are_listed_under_question_time_only(chamber: Chamber) -> None:
    slip, secretary = await chamber.slip(), chamber.council["secretary"]
    async with chamber.store.reading() as reading:
        other = await reading.session.scalar(select(Item).where(Item.kind == "regular").limit(1))
    assert other is not None
    await chamber.refused(
        "question-item",
        lambda work: questions.list_questions(work, secretary, chamber.meeting, [slip], item=other.id),
    )
    await chamber.list(slip)
    await chamber.refused(
        "item-has-questions",
        lambda work: change_item(work, secretary, chamber.item, kind=ItemKind.REGULAR),
    )


async def test_a_slip_takes_the_agency_that_earlier_ones_to_the_same_addressee_name(chamber: Chamber) -> None:
    await chamber.slip(agency=chamber.council.agency)
    again = await chamber.slip(OTHER, BUILDING.upper())
    assert (await chamber.question(again)).agency_id == chamber.council.agency
    async with chamber.store.reading() as reading:
        assert await known_addressees(reading, chamber.council.body) == []
    await chamber.list(again)
    async with chamber.store.reading() as reading:
        assert await known_addressees(reading, chamber.council.body) == [BUILDING.upper()]


# Question time


async def test_an_asker_or_answerer_who_is_not_there_leaves_no_turn_behind(chamber: Chamber) -> None:
    slip = await chamber.slip()
    await chamber.list(slip)
    await chamber.begin()
    chair = chamber.council["chair"]

    async def pass_over() -> None:
        speaking = (await chamber.time()).speaking
        assert speaking is not None
        await chamber.act(lambda work: speakers.pass_over(work, chair, speaking.id))
        async with chamber.store.reading() as reading:
            waiting = select(Speech.id).where(Speech.question_id == slip, Speech.state == SpeechState.ASKED)
            assert (await reading.session.scalars(waiting)).all() == []

    await chamber.call(question_time.put_question, slip)
    await pass_over()
    assert (await chamber.question(slip)).state == QuestionState.LISTED
    assert (await chamber.time()).step is Step.ASK
    await chamber.call(question_time.put_question, slip)
    await chamber.call(question_time.call_answer, slip)
    await pass_over()
    now = await chamber.time()
    assert (now.in_hand is not None, now.step) == (True, Step.ANSWER)
    await chamber.call(question_time.call_answer, slip)
    asker = chamber.council[ASKER].person
    await chamber.act(
        lambda work: record_attendance(
            work, chamber.council["secretary"], chamber.meeting, asker, Presence.OUT
        )
    )
    await chamber.refused(
        "floor-absent", lambda work: question_time.ask_follow_up(work, chamber.council[ASKER], slip)
    )


async def test_a_question_goes_from_asking_to_the_answer_and_the_follow_up(chamber: Chamber) -> None:
    slip = await chamber.slip()
    await chamber.list(slip)
    await chamber.begin()
    assert ((await chamber.time()).step, (await chamber.time()).addressee) == (Step.ASK, "")
    await chamber.call(question_time.put_question, slip)
    now = await chamber.time()
    assert now.speaking is not None
    assert now.in_hand is not None
    assert (now.speaking.kind, now.speaking.limit, now.addressee) == (SpeechKind.ASK, 60, BUILDING)
    assert now.step is Step.ANSWER
    assert question_time_as_data(now) == {
        "item": str(chamber.item), "question": str(slip), "addressee": BUILDING, "turn": "ask", "waiting": 0,
    }  # fmt: skip
    chamber.wait(39)
    await chamber.call(question_time.call_answer, slip)
    now = await chamber.time()
    assert now.speaking is not None
    assert (now.speaking.speaker, now.speaking.person_id, now.speaking.limit) == (BUILDING, None, 180)
    assert (now.step, now.follow_up) == (Step.ANSWERED, None)
    await chamber.act(lambda work: question_time.ask_follow_up(work, chamber.council[ASKER], slip))
    assert (await chamber.time()).step is Step.FOLLOW_UP
    await chamber.refused(
        "floor-asked", lambda work: question_time.ask_follow_up(work, chamber.council[ASKER], slip)
    )
    await chamber.refused(
        "forbidden", lambda work: question_time.ask_follow_up(work, chamber.council[OTHER], slip)
    )
    await chamber.call(question_time.call_follow_up, slip)
    await chamber.call(question_time.call_answer, slip)
    await chamber.act(lambda work: question_time.finish_question(work, chamber.council["chair"], slip))
    now = await chamber.time()
    assert (now.in_hand, now.step, now.speaking) == (None, None, None)
    assert [one.kind for one in now.turns[slip]] == ["ask", "answer", "follow-up", "answer"]
    assert now.turns[slip][0].seconds == 40
    kept = await chamber.question(slip)
    assert (kept.state, kept.answered_at) == (QuestionState.ANSWERED, chamber.now)


async def test_two_chairs_who_call_at_once_do_not_cut_anybody_off(chamber: Chamber) -> None:
    slip = await chamber.slip()
    await chamber.list(slip)
    await chamber.begin()
    await chamber.call(question_time.put_question, slip)
    await chamber.refused(
        "floor-taken", lambda work: question_time.call_answer(work, chamber.council["chair"], slip)
    )
    now = await chamber.time()
    assert now.speaking is not None
    assert now.speaking.kind == SpeechKind.ASK


async def test_turns_are_called_by_those_who_keep_the_floor_and_only_in_question_time(
    chamber: Chamber,
) -> None:
    slip, chair = await chamber.slip(), chamber.council["chair"]
    await chamber.refused("meeting-not-running", lambda work: question_time.put_question(work, chair, slip))
    await chamber.list(slip)
    await seat(chamber.store, chamber.council, chamber.meeting, 9)
    await chamber.act(lambda work: proceedings.call_to_order(work, chair, chamber.meeting))
    await chamber.refused("item-not-open", lambda work: question_time.put_question(work, chair, slip))
    await chamber.act(lambda work: proceedings.take_up(work, chair, chamber.item))
    await chamber.refused("not-now", lambda work: question_time.call_answer(work, chair, slip))
    await chamber.refused(
        "forbidden", lambda work: question_time.put_question(work, chamber.council[ASKER], slip)
    )
    await chamber.call(question_time.put_question, slip)
    await chamber.refused(
        "question-unanswered", lambda work: question_time.finish_question(work, chair, slip)
    )


async def test_the_first_answer_may_be_an_opening_statement(chamber: Chamber) -> None:
    slip = await chamber.slip()
    await chamber.list(slip)
    await chamber.begin()
    chair = chamber.council["chair"]
    await chamber.refused(
        "wrong-input", lambda work: question_time.open_answers(work, chair, chamber.item, HEALTH)
    )
    await chamber.act(lambda work: question_time.open_answers(work, chair, chamber.item, BUILDING.lower()))
    now = await chamber.time()
    assert now.speaking is not None
    assert (now.speaking.limit, now.speaking.speaker, now.addressee) == (300, BUILDING, BUILDING)
    await chamber.refused(
        "question-opened", lambda work: question_time.open_answers(work, chair, chamber.item, BUILDING)
    )


async def test_the_next_question_is_to_whom_is_questioned_now(chamber: Chamber) -> None:
    first, health = await chamber.slip(), await chamber.slip(OTHER, HEALTH)
    last = await chamber.slip(THIRD)
    await chamber.list(first, health, last)
    await chamber.begin()
    await chamber.ask_and_answer(first)
    await chamber.act(lambda work: question_time.finish_question(work, chamber.council["chair"], first))
    now = await chamber.time()
    assert now.target is not None
    assert (now.target.id, now.step) == (last, Step.ASK)


async def test_a_question_of_another_member_interrupts_the_answer(chamber: Chamber) -> None:
    slip = await chamber.slip()
    await chamber.list(slip)
    await chamber.begin()
    await chamber.ask_and_answer(slip)
    place = await chamber.act(
        lambda work: speaking_list.ask_to_speak(work, chamber.council[OTHER], chamber.meeting, "question")
    )
    await chamber.call(speakers.start_speech, place.speech)
    now = await chamber.time()
    assert now.speaking is not None
    assert now.turn is not None
    assert now.in_hand is not None
    assert (now.speaking.kind, now.turn.state, now.in_hand.id) == ("question", SpeechState.PAUSED, slip)


# What becomes of it


async def test_the_asker_says_whether_the_answer_was_enough(chamber: Chamber) -> None:
    slip = await chamber.slip()
    await chamber.list(slip)
    await chamber.begin()
    asker = chamber.council[ASKER]
    await chamber.call(question_time.put_question, slip)
    await chamber.refused(
        "question-unanswered", lambda work: written_answers.judge_answer(work, asker, slip, satisfied=True)
    )
    await chamber.call(question_time.call_answer, slip)
    await chamber.refused(
        "forbidden",
        lambda work: written_answers.judge_answer(work, chamber.council[OTHER], slip, satisfied=True),
    )
    for _ in range(2):
        await chamber.act(lambda work: written_answers.judge_answer(work, asker, slip, satisfied=False))
    await chamber.act(
        lambda work: written_answers.judge_answer(work, chamber.council["secretary"], slip, satisfied=True)
    )
    rows = await chamber.events("AnswerJudged")
    assert [row.payload and row.payload["satisfied"] for row in rows] == [False, True]


async def test_what_was_not_answered_is_owed_in_writing_by_the_agency(chamber: Chamber) -> None:
    council = chamber.council
    answered, waiting = await chamber.slip(), await chamber.slip(OTHER, agency=council.agency)
    put, kept_back = await chamber.slip(THIRD, HEALTH), await chamber.slip()
    await chamber.list(answered, waiting, put)
    await chamber.begin()
    await chamber.ask_and_answer(answered)
    await chamber.act(lambda work: question_time.finish_question(work, council["chair"], answered))
    await chamber.call(question_time.put_question, put)
    async with chamber.store.work() as work:
        body = await work.get(Body, council.body)
        body.room_rules = as_data(room_rules({"written_answer_days": 10}))
    await chamber.act(lambda work: proceedings.conclude(work, council["chair"], chamber.item))
    states = {one: (await chamber.question(one)).state for one in (answered, waiting, put, kept_back)}
    assert states == {
        answered: QuestionState.ANSWERED, waiting: QuestionState.WRITTEN, put: QuestionState.WRITTEN,
        kept_back: QuestionState.SUBMITTED,
    }  # fmt: skip
    (task,) = await chamber.tasks()
    assert (task.lead_id, task.title) == (council.agency, text(TITLE, subject="Hạ tầng"))
    assert "Vì sao đường Bến Nước chưa xong?" in task.text
    assert task.due is not None
    assert (task.due - chamber.now.astimezone(chamber.store.zone).date()).days == 10
    assert (await chamber.question(waiting)).task_id == task.id
    owed = [view.id for view in await chamber.seen("secretary") if view.owed]
    assert owed == [put]
    await chamber.act(
        lambda work: questions.change_question(work, council["secretary"], put, agency=council.second_agency)
    )
    assert {one.lead_id for one in await chamber.tasks()} == {council.agency, council.second_agency}
    await chamber.refused(
        "question-task",
        lambda work: questions.change_question(work, council["secretary"], put, agency=council.agency),
    )
    assert [row.event for row in await chamber.events("TaskAssigned")] == ["TaskAssigned"] * 2
    async with chamber.store.reading() as reading:
        opened = await open_task(reading, council["officer2"], (await chamber.question(put)).task_id or put)
    origin = opened.line.origin
    assert origin is not None
    assert (origin.kind, origin.id, origin.meeting) == (
        "question",
        put,
        chamber.meeting,
    )


async def test_the_adjournment_leaves_no_listed_question_without_an_answer(chamber: Chamber) -> None:
    slip, unlisted = await chamber.slip(agency=chamber.council.agency), await chamber.slip()
    await chamber.list(slip)
    await seat(chamber.store, chamber.council, chamber.meeting, 9)
    chair = chamber.council["chair"]
    await chamber.act(lambda work: proceedings.call_to_order(work, chair, chamber.meeting))
    await chamber.act(lambda work: proceedings.adjourn(work, chair, chamber.meeting))
    await chamber.refused(
        "not-now",
        lambda work: questions.list_questions(
            work, chamber.council["secretary"], chamber.meeting, [unlisted], item=chamber.item
        ),
    )
    assert (await chamber.question(slip)).state == QuestionState.WRITTEN
    assert len(await chamber.tasks()) == 1
    await chamber.refused(
        "not-now",
        lambda work: questions.submit_question(
            work, chamber.council[ASKER], chamber.meeting, addressee=HEALTH, text="Muộn?"
        ),
    )


async def test_questions_go_with_their_item_to_a_later_meeting(chamber: Chamber) -> None:
    slip = await chamber.slip()
    await chamber.list(slip)
    secretary = chamber.council["secretary"]
    later = await chamber.act(
        lambda work: schedule_meeting(
            work, secretary, body=chamber.council.body, title="Kỳ họp thứ hai", starts="2026-12-24T08:00"
        )
    )
    await chamber.begin()
    chair = chamber.council["chair"]
    await chamber.act(lambda work: agenda_changes.postpone(work, chair, chamber.item, to=later.id))
    await chamber.act(lambda work: proceedings.adjourn(work, chair, chamber.meeting))
    kept = await chamber.question(slip)
    assert (kept.state, kept.meeting_id) == (QuestionState.LISTED, later.id)
    async with chamber.store.reading() as reading:
        item = await reading.get(Item, kept.item_id)
    assert (item.kind, item.continues_id) == (ItemKind.QUESTIONS, chamber.item)
    assert await chamber.tasks() == []
    await chamber.refused("item-has-questions", lambda work: remove_item(work, secretary, item.id))


async def test_the_chair_orders_a_written_answer_when_the_asker_is_not_satisfied(chamber: Chamber) -> None:
    slip = await chamber.slip(agency=chamber.council.agency)
    await chamber.list(slip)
    await chamber.begin()
    await chamber.ask_and_answer(slip)
    await chamber.act(lambda work: question_time.ask_follow_up(work, chamber.council[ASKER], slip))
    await chamber.act(lambda work: written_answers.order_in_writing(work, chamber.council["chair"], slip))
    now = await chamber.time()
    assert (now.in_hand, now.speaking, now.follow_up) == (None, None, None)
    (row,) = await chamber.events("WrittenAnswerOwed")
    assert row.payload is not None
    assert row.payload["ordered"] is True
    await chamber.refused(
        "not-now", lambda work: written_answers.order_in_writing(work, chamber.council["chair"], slip)
    )


async def test_a_slip_sent_to_a_written_answer_unlisted_stands_in_the_minutes(chamber: Chamber) -> None:
    slip = await chamber.slip(agency=chamber.council.agency)
    await chamber.begin()
    await chamber.act(lambda work: written_answers.order_in_writing(work, chamber.council["chair"], slip))
    async with chamber.store.reading() as reading:
        record = await record_of(reading, await reading.get(Meeting, chamber.meeting))
    items = [one for one in record.record.proceedings if isinstance(one, ItemRecord)]
    told = [(item.id, question.id) for item in items for question in item.questions]
    assert told == [(str(chamber.item), str(slip))]


async def test_a_promise_becomes_a_task(chamber: Chamber) -> None:
    council = chamber.council
    slip = await chamber.slip()
    await chamber.list(slip)
    await chamber.refused("meeting-not-running", lambda work: written_answers.record_promise(
        work, council["chair"], chamber.item, text="Sẽ làm", agency=council.agency
    ))  # fmt: skip
    await chamber.begin()
    await chamber.ask_and_answer(slip)
    due = date(2026, 12, 31)
    await chamber.act(lambda work: written_answers.record_promise(
        work, council["secretary"], chamber.item, text="Xong đường Bến Nước trong năm nay", agency=council.agency,
        due=due, question=slip,
    ))  # fmt: skip
    await chamber.act(lambda work: written_answers.record_promise(
        work, council["chair"], chamber.item, text="Mời đại biểu đi xem", agency=council.second_agency
    ))  # fmt: skip
    for code, facts in (("field-missing", {"text": " "}), ("wrong-input", {"agency": council.body})):
        wrong: Any = {"text": "Sẽ làm", "agency": council.agency} | facts
        await chamber.refused(
            code,
            lambda work, wrong=wrong: written_answers.record_promise(
                work, council["chair"], chamber.item, **wrong
            ),
        )
    tasks = {task.title: task for task in await chamber.tasks()}
    kept = tasks["Xong đường Bến Nước trong năm nay"]
    assert (kept.due, kept.lead_id, BUILDING in kept.text) == (due, council.agency, True)
    async with chamber.store.reading() as reading:
        first, second = await promises_of(reading, chamber.meeting)
        opened = await open_task(reading, council["secretary"], kept.id)
    assert (first.promised_by, first.task, second.promised_by) == (BUILDING, kept.id, council["chair"].name)
    assert opened.line.origin is not None
    assert opened.line.origin.who == BUILDING


async def test_the_minutes_get_every_question_with_its_turns_and_promises(chamber: Chamber) -> None:
    first, second = await chamber.slip(), await chamber.slip(OTHER, HEALTH)
    await chamber.slip(THIRD)
    await chamber.list(first, second)
    await chamber.begin()
    await chamber.ask_and_answer(second)
    await chamber.act(lambda work: written_answers.record_promise(
        work, chamber.council["chair"], chamber.item, text="Sẽ làm", agency=chamber.council.agency, question=second
    ))  # fmt: skip
    await chamber.act(lambda work: question_time.finish_question(work, chamber.council["chair"], second))
    await chamber.act(lambda work: proceedings.adjourn(work, chamber.council["chair"], chamber.meeting))
    async with chamber.store.reading() as reading:
        facts = await questions_of(reading, chamber.meeting)
    assert [(fact.question.id, fact.question.state) for fact in facts] == [
        (second, QuestionState.ANSWERED), (first, QuestionState.WRITTEN),
    ]  # fmt: skip
    assert [(turn.kind, turn.speaker, turn.seconds) for turn in facts[0].turns] == [
        (SpeechKind.ASK, "Nguyễn Văn Đại Biểu 02", 51), (SpeechKind.ANSWER, HEALTH, 102),
    ]  # fmt: skip
    assert [promise.text for promise in facts[0].promises] == ["Sẽ làm"]
    assert facts[1].turns == ()


async def test_a_member_who_stands_aside_neither_asks_nor_follows_up(chamber: Chamber) -> None:
    from meetings.during.recusals import declare_recusal

    slip = await chamber.slip()
    await chamber.list(slip)
    await chamber.begin()
    asker = chamber.council[ASKER]
    await chamber.call(question_time.put_question, slip)
    await chamber.act(lambda work: declare_recusal(work, asker, chamber.item, reason="Người nhà làm ở đó"))
    await chamber.refused("recused", lambda work: question_time.ask_follow_up(work, asker, slip))
    async with chamber.store.reading() as reading:
        speech = await reading.session.scalar(select(Speech).where(Speech.question_id == slip))
    assert speech is not None
    assert speech.state == SpeechState.SPOKEN
