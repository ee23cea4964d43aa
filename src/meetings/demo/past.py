"""The meeting that was held two weeks ago: one of everything, so that its minutes show what minutes tell."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from meetings.demo.hall import Hall, shared_out
from meetings.demo.points import ASKED_THEN, BETTER_MONTHLY, PAST, RATED, Point, Slip
from meetings.demo.telling import Telling
from meetings.during.attendance import Presence, Source, check_in, record_attendance, record_roll_call
from meetings.during.consent import draft_consent
from meetings.during.drafting import draft_poll
from meetings.during.proceedings import adjourn, call_to_order
from meetings.during.question_time import call_answer, call_follow_up, finish_question, put_question
from meetings.during.questions import list_questions, submit_question
from meetings.during.recusals import declare_recusal
from meetings.during.speakers import stop_speech
from meetings.during.standing_in import give_proxy
from meetings.during.written_answers import judge_answer, record_promise
from meetings.rules.ballot_forms import LEVELS, Kind
from meetings.storage.tables import Item

PRESENT = ["chair", *(f"delegate{number:02}" for number in range(1, 46))]
RECUSED = "delegate21"
PROXY = ("delegate16", "delegate48")
"""Who casts, and for whom."""


async def hold_past_meeting(telling: Telling) -> UUID:
    """The meeting from its publication to its adjournment."""
    city, store = telling.city, telling.store
    meeting = await telling.publish("Kỳ họp thứ hai (kỳ họp chuyên đề)", -14, PAST, notice=8)
    items = await telling.items(meeting)
    slips = await _slips(telling, meeting, items[4])
    telling.at(-14, 7, 30)
    await _come(telling, meeting)
    telling.at(-14, 8, 2)
    async with store.work() as work:
        await call_to_order(work, city["chair"], meeting)
        await declare_recusal(
            work, city[RECUSED], items[1].id,
            reason="Là thành viên hội đồng quản trị của một nhà thầu thi công dự án",
        )  # fmt: skip
    async with Hall(telling, meeting) as hall:
        (programme,) = await hall.take_up(items[0].id)
        await hall.show_hands(programme, yes=len(PRESENT))
        await _budget(hall, items[1])
        for item, point in zip(items[2:4], PAST[2:4], strict=True):
            await _decide(telling, hall, item, point)
        await _question_time(telling, hall, items[4], slips)
        await _rating(telling, hall, items[5])
        motions = await hall.take_up(items[6].id)
        async with store.work() as work:
            group = await draft_consent(work, city["chair"], meeting, [motion.id for motion in motions])
        await hall.vote(group.id, shared_out(PRESENT, abstain=1), (*PROXY, "yes"))
        await hall.take_up(items[7].id)
        telling.later(6)
    async with store.work() as work:
        await adjourn(work, city["chair"], meeting)
    return meeting


async def _slips(telling: Telling, meeting: UUID, item: Item) -> list[UUID]:
    """Question slips of the days before, listed by the secretary."""
    telling.at(-16, 10)
    slips = [await hand_in(telling, meeting, slip) for slip in ASKED_THEN]
    telling.at(-15, 16)
    async with telling.store.work() as work:
        await list_questions(work, telling.city["secretary"], meeting, slips, item=item.id)
    return slips


async def hand_in(telling: Telling, meeting: UUID, slip: Slip) -> UUID:
    """A member hands in a question slip."""
    telling.later(7)
    async with telling.store.work() as work:
        question = await submit_question(
            work, telling.city[slip.asker], meeting, addressee=slip.addressee, text=slip.text, topic=slip.topic,
            agency=telling.city.agencies[slip.agency],
        )  # fmt: skip
        return question.id


async def _come(telling: Telling, meeting: UUID) -> None:
    city = telling.city
    async with telling.store.work() as work:
        for login in PRESENT[:5]:
            await check_in(work, city[login], meeting)
        at_the_door = {city[login].person: Presence.IN for login in PRESENT[5:]}
        await record_roll_call(work, city["secretary"], meeting, at_the_door, source=Source.DOOR)
        for login in ("delegate46", "delegate47"):
            await record_attendance(
                work, city["secretary"], meeting, city[login].person, Presence.EXCUSED, reason="Đi công tác"
            )
        holder, giver = PROXY
        await give_proxy(
            work, city["secretary"], meeting, holder=city[holder].person, giver=city[giver].person
        )


async def _budget(hall: Hall, item: Item) -> None:
    """A debate, an amendment that is adopted, and the motion as amended; one member stands aside."""
    (motion,) = await hall.take_up(item.id)
    await hall.hear_guest("Bà Viên Thị Lệ, Giám đốc Sở Tài chính", 9.5)
    amendment = await hall.amend("delegate03", motion, BETTER_MONTHLY)
    await hall.debate(
        (("delegate03", "for", 4.2), ("delegate28", "against", 3.4), ("delegate11", "for", 2.6))
    )
    voters = [login for login in PRESENT if login != RECUSED]
    await hall.put(amendment, shared_out(voters, no=4), (*PROXY, "yes"))
    await hall.put(motion, shared_out(voters, no=PAST[1].against, abstain=PAST[1].abstain), (*PROXY, "yes"))


async def _decide(telling: Telling, hall: Hall, item: Item, point: Point) -> None:
    (motion,) = await hall.take_up(item.id)
    await hall.debate((("delegate08", "", 3.1), ("delegate35", "", 2.8)))
    telling.later(point.minutes / 2)
    voters = PRESENT[: len(PRESENT) - point.silent]
    await hall.put(motion, shared_out(voters, no=point.against, abstain=point.abstain), (*PROXY, "yes"))


async def _question_time(telling: Telling, hall: Hall, item: Item, slips: Sequence[UUID]) -> None:
    """The first question is answered; the second one twice, with a promise; time is short for the third."""
    city, chair = telling.city, telling.city["chair"]
    await hall.take_up(item.id)
    first, second, _ = slips
    await _turns(telling, first, follow_up=False)
    async with telling.store.work() as work:
        await judge_answer(work, city[ASKED_THEN[0].asker], first, satisfied=True)
        await record_promise(
            work, chair, item.id, question=first, agency=city.agencies["SXD"],
            text="Rà soát các dự án chậm tiến độ do giải phóng mặt bằng và báo cáo Hội đồng nhân dân",
            due=telling.now.date() + timedelta(days=21),
        )  # fmt: skip
    await _turns(telling, second, follow_up=True)
    async with telling.store.work() as work:
        await judge_answer(work, city[ASKED_THEN[1].asker], second, satisfied=False)


async def _turns(telling: Telling, question: UUID, *, follow_up: bool) -> None:
    chair = telling.city["chair"]
    calls = [(put_question, 0.9), (call_answer, 4.5)]
    if follow_up:
        calls += [(call_follow_up, 0.7), (call_answer, 2.4)]
    for call, minutes in calls:
        async with telling.store.work() as work:
            turn = await call(work, chair, question)
        telling.later(minutes)
        async with telling.store.work() as work:
            await stop_speech(work, chair, turn.id)
    async with telling.store.work() as work:
        await finish_question(work, chair, question)


async def _rating(telling: Telling, hall: Hall, item: Item) -> None:
    """Confidence by secret ballot, with marks that differ from member to member."""
    await hall.take_up(item.id)
    form = {
        "options": [{"id": f"p{n}", "label": name, "note": office} for n, (name, office) in enumerate(RATED)]
    }
    async with telling.store.work() as work:
        poll = await draft_poll(
            work, telling.city["chair"], item.id, kind=Kind.CONFIDENCE, form=form, secret=True
        )
    telling.later(4)
    high, medium, low = LEVELS
    ballots = {
        login: {
            "p0": high if n % 6 else medium,
            "p1": high if n % 3 else medium if n % 2 else low,
            "p2": medium if n % 4 else high if n % 8 else low,
        }
        for n, login in enumerate(PRESENT, start=1)
    }
    await hall.vote(poll.id, ballots, (*PROXY, {"p0": high, "p1": medium, "p2": medium}))
