"""The meeting in session: something of everything, and the item in hand ready for its vote."""

from __future__ import annotations

import secrets
from uuid import UUID

from meetings.demo import people
from meetings.demo.hall import Hall
from meetings.demo.past import hand_in
from meetings.demo.points import ASKED_NOW, CANDIDATES, MORE_SUPPORT, NOW
from meetings.demo.telling import Telling
from meetings.during.attendance import Presence, Source, check_in, record_attendance, record_roll_call
from meetings.during.consent import draft_consent
from meetings.during.door import arrive
from meetings.during.drafting import draft_poll
from meetings.during.motions import motions_of
from meetings.during.proceedings import call_to_order
from meetings.during.questions import list_questions
from meetings.during.recusals import declare_recusal
from meetings.during.standing_in import give_proxy
from meetings.rules.arrival import code_of, window_of
from meetings.rules.ballot_forms import Kind
from meetings.storage.tables import Item

IN_TIME = ["chair", *(f"delegate{number:02}" for number in range(2, 40))]
LATE = "delegate40"
EXCUSED = "delegate45"
PROXY = ("delegate12", "delegate46")
"""Who casts, and for whom."""
RECUSED = "delegate25"


async def begin_running_meeting(telling: Telling) -> UUID:
    """In session for almost an hour: the third item in hand, one member speaking and others waiting."""
    city, store = telling.city, telling.store
    meeting = await telling.publish("Kỳ họp chuyên đề về môi trường đô thị", 0, NOW, notice=7, running=True)
    items = await telling.items(meeting)
    await _slips(telling, meeting, items[3])
    telling.ago(62)
    await _come(telling, meeting)
    telling.ago(55)
    async with store.work() as work:
        await call_to_order(work, city["chair"], meeting)
    async with Hall(telling, meeting) as hall:
        (programme,) = await hall.take_up(items[0].id)
        telling.later(2)
        await hall.show_hands(programme, yes=39)
        await _election(telling, hall, items[1])
        await _prepare(telling, meeting, items[4])
        telling.ago(34)
        await _debate(telling, hall, items[2])
    return meeting


async def _slips(telling: Telling, meeting: UUID, item: Item) -> None:
    telling.at(-3, 9)
    slips = [await hand_in(telling, meeting, slip) for slip in ASKED_NOW]
    listed = [question for question, slip in zip(slips, ASKED_NOW, strict=True) if slip.listed]
    telling.at(-1, 15)
    async with telling.store.work() as work:
        await list_questions(work, telling.city["secretary"], meeting, listed, item=item.id)


async def _come(telling: Telling, meeting: UUID) -> None:
    """By the code on the screen, on the list at the door, by the secretary's hand, on the own tablet, from afar."""
    city, secretary = telling.city, telling.city["secretary"]
    by_code, at_door, by_hand, own = IN_TIME[1:7], IN_TIME[7:33], IN_TIME[33:35], IN_TIME[35:]
    async with telling.store.work() as work:
        secret = secrets.token_hex()
        code = code_of(secret, str(meeting), window_of(telling.moment))
        for login in by_code:
            await arrive(work, city[login], meeting, code, secret=secret)
        at_the_door = {city[login].person: Presence.IN for login in at_door}
        await record_roll_call(work, secretary, meeting, at_the_door, source=Source.DOOR)
        for login in by_hand:
            await record_attendance(work, secretary, meeting, city[login].person, Presence.IN)
        for login in ("chair", *own):
            await check_in(work, city[login], meeting, remote=login == own[-1])
        await record_attendance(
            work, secretary, meeting, city[EXCUSED].person, Presence.EXCUSED,
            reason="Dự hội nghị theo giấy triệu tập của tỉnh",
        )  # fmt: skip
        holder, giver = PROXY
        await give_proxy(work, city[giver], meeting, holder=city[holder].person)


async def _election(telling: Telling, hall: Hall, item: Item) -> None:
    await hall.take_up(item.id)
    form = {
        "options": [{"id": f"c{n}", "label": name} for n, name in enumerate(CANDIDATES, start=1)],
        "places": 2,
    }
    async with telling.store.work() as work:
        poll = await draft_poll(
            work, telling.city["chair"], item.id, title="Bầu hai Ủy viên Ban Đô thị", kind=Kind.ELECTION,
            form=form, secret=True,
        )  # fmt: skip
    telling.later(4)
    pairs = (["c1", "c2"], ["c1", "c2"], ["c1", "c3"], ["c2", "c1"], ["c2", "c3"])
    ballots = {login: pairs[n % len(pairs)] for n, login in enumerate(IN_TIME)}
    await hall.vote(poll.id, ballots, (*PROXY, ["c1", "c2"]))
    async with telling.store.work() as work:
        await check_in(work, telling.city[LATE], hall.meeting)


async def _prepare(telling: Telling, meeting: UUID, last: Item) -> None:
    """The two motions of the last item wait as a group; one member stands aside from them."""
    chair = telling.city["chair"]
    async with telling.store.work() as work:
        await declare_recusal(
            work, telling.city[RECUSED], last.id, reason="Là giám đốc một doanh nghiệp khai thác bãi đỗ xe"
        )
        group = [one.id for one in await motions_of(work, meeting) if one.item_id == last.id]
        await draft_consent(work, chair, meeting, group, title="Hai nghị quyết về đô thị")


async def _debate(telling: Telling, hall: Hall, item: Item) -> None:
    _, support = await hall.take_up(item.id)
    await hall.hear_guest(f"Ông {people.BOARD[9][0]}, {people.BOARD[9][1]}", 8.5)
    telling.later()
    await hall.debate((("delegate11", "for", 4.4), ("delegate29", "against", 3.7)))
    await hall.amend("delegate17", support, MORE_SUPPORT)
    telling.ago(6)
    speaking = await hall.ask("delegate17", stance="for")
    await hall.ask("delegate30", stance="against")
    telling.later()
    await hall.ask("delegate06", stance="for")
    telling.later(0.5)
    await hall.ask("delegate22", kind="question")
    telling.later(0.5)
    await hall.ask("delegate11", kind="reply")
    telling.ago(1.5)
    await hall.call(speaking)
