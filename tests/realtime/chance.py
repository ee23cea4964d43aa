"""Acts at random, as a council would do them: drawn from a seed, refused where the rules refuse them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from random import Random
from typing import Any, ClassVar
from uuid import UUID, uuid4

from sqlalchemy import select, update

from meetings.before.agenda import add_item
from meetings.before.papers import Checked, lay_paper
from meetings.during import (
    agenda_changes,
    amendments,
    chairs_acts,
    consent,
    entered_ballots,
    hand_counts,
    motions,
    paging,
    poll_times,
    proceedings,
    question_time,
    questions,
    recusals,
    roll_calls,
    speakers,
    speaking_list,
    standing_in,
    voting,
)
from meetings.during.attendance import Presence, check_in, record_attendance
from meetings.during.ballot_box import BallotBox
from meetings.realtime.relay import Relay
from meetings.realtime.timekeeper import keep_time
from meetings.rules.agenda import ItemKind
from meetings.rules.refusals import Refused
from meetings.storage.tables import (
    Body,
    EnteredBallot,
    Item,
    Meeting,
    Membership,
    Motion,
    Poll,
    Proxy,
    Question,
    Recusal,
    Speech,
)
from meetings.storage.unit_of_work import Store, Work
from tests.support.council import Council, begin_sitting, make_council

PAPER = Checked(filename="to-trinh.pdf", sha256="a" * 64, size=1200, pages=4)
FORM = {"options": [{"id": name, "label": f"Ông {name}"} for name in "ABC"], "places": 2}
ADDRESSEE = "Ông Trần Văn Xây, Giám đốc Sở Xây dựng"
POLLS: tuple[dict[str, Any], ...] = (
    {},
    {"disclosure": "live"},
    {"disclosure": "closed"},
    {"changeable": True, "disclosure": "live"},
    {"secret": True},
    {"secret": True, "disclosure": "closed"},
    {"method": "hands"},
    {"method": "hands", "disclosure": "live"},
    {"method": "roll_call", "disclosure": "live"},
    {"method": "roll_call"},
    {"kind": "election", "form": FORM, "secret": True},
    {"kind": "confidence", "form": FORM},
)
"""How polls are held."""
LED = 0.6
"""So often what fits is done, otherwise anything."""
Do = Callable[[Work], Awaitable[object]]


class Chance:
    """A council of six whose acts a seed draws. Time is the test's own and passes between the acts."""

    def __init__(self, store: Store, council: Council, relay: Relay, seed: int) -> None:
        self.store, self.council, self.relay = store, council, relay
        self.random = Random(seed)
        self.box = BallotBox(store, relay.counted)
        self.now = store.clock()
        store.clock = lambda: self.now
        self.paper = self.meeting = uuid4()
        self.done: list[str] = []
        """The acts that were not refused."""

    @classmethod
    async def begin(cls, store: Store, relay: Relay, seed: int) -> Chance:
        """A sitting with four items, one of them question time; a member of six is away."""
        council = await make_council(store, seats=6, rule="plurality")
        self = cls(store, council, relay, seed)
        sitting = await begin_sitting(store, council, present=5, text="Điều 1. Dự toán.\nĐiều 2. Thi hành.")
        self.meeting = sitting.meeting
        secretary = council["secretary"]
        async with store.work() as work:
            body = await work.locked(Body, council.body)
            body.room_rules = {
                "proxies": True,
                "queue": self.random.choice(["asked", "alternating", "groups"]),
                "group_seconds": self.random.choice([0, 300]),
                "seconding": self.random.random() < 0.3,
            }
            for number, member in enumerate(council.delegates):
                row = update(Membership).where(Membership.person_id == member.person)
                await work.session.execute(row.values(group=f"Tổ {number % 2 + 1}"))
            kinds = (ItemKind.QUESTIONS, ItemKind.REGULAR)
            for kind in kinds:
                await add_item(work, secretary, self.meeting, title=f"Nội dung {kind}", kind=kind)
            self.paper = (await lay_paper(work, secretary, sitting.item, PAPER, title="Tờ trình")).paper_id
        self.box.open()
        return self

    async def step(self) -> str:
        """Some time passes and somebody does something; gives what, with the refusal where there was one."""
        self.now += timedelta(seconds=self.random.choice([1, 1, 2, 5, 20, 90]))
        act = self.random.choice(await self.fitting() if self.random.random() < LED else self.acts)
        try:
            await act(self)
        except Refused as refusal:
            return f"{act.__name__}: {refusal.code}"
        self.done.append(act.__name__)
        return act.__name__

    async def fitting(self) -> list[Any]:
        """What would be done next in the room as it is: nobody opens votes while nobody has come."""
        async with self.store.reading() as reading:
            meeting = await reading.get(Meeting, self.meeting)
            kept = await reading.session.scalars(select(Poll).where(Poll.meeting_id == self.meeting))
            polls = {(poll.state, poll.method): poll.item_id for poll in kept.all()}
            held = select(Speech.state).where(Speech.meeting_id == self.meeting)
            speeches = set((await reading.session.scalars(held)).all())
        states = {state for state, _ in polls}
        if meeting.state == "recess":
            return [Chance.resume]
        if meeting.current_item_id is None:
            return [Chance.take_up]
        if "open" in states:
            return [
                *self.voting,
                *self.by_method.get(next(how for state, how in polls if state == "open"), ()),
            ]
        if "closed" in states:
            return [Chance.announce, Chance.casting_vote]
        if "draft" in states and self.random.random() < 0.8:
            return [Chance.open_poll, Chance.open_poll, Chance.open_poll, Chance.attend]
        if {"asked", "speaking", "paused"} & speeches and self.random.random() < 0.4:
            return self.floor
        return [Chance.draft, Chance.draft, Chance.ask_to_speak]

    async def do(self, act: Do) -> None:
        async with self.store.work() as work:
            await act(work)

    async def one(self, table: Any, *where: Any) -> Any:
        """A row of this meeting by chance; where there is none, nothing can be done."""
        of_meeting = [table.meeting_id == self.meeting] if hasattr(table, "meeting_id") else []
        async with self.store.reading() as reading:
            rows = (await reading.session.scalars(select(table).where(*of_meeting, *where))).all()
        if not rows:
            raise Refused("not-found")
        return self.random.choice(sorted(rows, key=lambda row: getattr(row, "number", 0) or 0))

    @property
    def chair(self) -> Any:
        return self.council["chair"]

    @property
    def secretary(self) -> Any:
        return self.council["secretary"]

    @property
    def member(self) -> Any:
        return self.random.choice(self.council.delegates)

    # Attendance and proceedings

    async def attend(self) -> None:
        who, state = (
            self.member.person,
            self.random.choice([Presence.IN] * 7 + [Presence.REMOTE, Presence.REMOTE, Presence.OUT]),
        )
        await self.do(lambda work: record_attendance(work, self.secretary, self.meeting, who, state))

    async def arrive(self) -> None:
        who = self.member
        await self.do(lambda work: check_in(work, who, self.meeting))

    async def take_up(self) -> None:
        item = (await self.one(Item)).id
        await self.do(lambda work: proceedings.take_up(work, self.chair, item))

    async def conclude(self) -> None:
        if self.random.random() < 0.6:
            return
        item = (await self.one(Item, Item.id == await self.in_hand())).id
        await self.do(lambda work: proceedings.conclude(work, self.chair, item))

    async def urgent(self) -> None:
        title = f"Việc gấp {self.random.randrange(1000)}"
        await self.do(
            lambda work: agenda_changes.add_urgent(work, self.chair, self.meeting, title=title, reason="Gấp")
        )

    async def recess(self) -> None:
        if self.random.random() < 0.5:
            return
        await self.do(lambda work: proceedings.recess(work, self.chair, self.meeting, minutes=5))

    async def resume(self) -> None:
        if self.random.random() < 0.5:
            await self.do(lambda work: proceedings.extend_recess(work, self.chair, self.meeting, minutes=2))
        await self.do(lambda work: proceedings.resume(work, self.chair, self.meeting))

    async def follow(self) -> None:
        page = self.random.randint(1, 4)
        await self.do(lambda work: paging.follow_page(work, self.chair, self.meeting, self.paper, page))
        await self.tell_page()

    async def unfollow(self) -> None:
        await self.do(lambda work: paging.stop_paging(work, self.chair, self.meeting))
        await self.tell_page()

    async def tell_page(self) -> None:
        async with self.store.reading() as reading:
            await self.relay.paged(await reading.get(Meeting, self.meeting))

    async def recuse(self) -> None:
        who, item = self.member, await self.in_hand()
        await self.do(lambda work: recusals.declare_recusal(work, self.chair, item, person=who.person))

    async def lift(self) -> None:
        recusal = (await self.one(Recusal)).id
        await self.do(lambda work: recusals.lift_recusal(work, self.chair, recusal))

    async def proxy(self) -> None:
        holder = self.member.person
        giver = self.council["delegate05"].person
        await self.do(
            lambda work: standing_in.give_proxy(
                work, self.secretary, self.meeting, holder=holder, giver=giver
            )
        )

    async def unproxy(self) -> None:
        proxy = (await self.one(Proxy)).id
        await self.do(lambda work: standing_in.end_proxy(work, self.secretary, proxy))

    # Motions and polls

    async def move(self) -> None:
        who, item = self.member, await self.in_hand()
        await self.do(lambda work: motions.move_motion(work, who, item, title="Bổ sung biên chế"))

    async def amend(self) -> None:
        who, item = self.member, await self.in_hand()
        motion = (await self.one(Motion, Motion.item_id == item, Motion.kind == "substantive")).id
        text = "Điều 1. Dự toán.\nĐiều 2. Thi hành ngay."
        await self.do(
            lambda work: motions.move_motion(
                work, who, item, title="Sửa Điều 2", text=text, kind="amendment", amends=motion
            )
        )

    async def reword(self) -> None:
        motion = (await self.one(Motion, Motion.kind == "amendment")).id
        await self.do(
            lambda work: amendments.reword_motion(
                work, self.secretary, motion, text="Điều 1. Dự toán.\nĐiều 2. Thi hành sớm."
            )
        )

    async def second(self) -> None:
        who, motion = self.member, (await self.one(Motion)).id
        await self.do(lambda work: motions.second_motion(work, who, motion))

    async def withdraw_motion(self) -> None:
        if self.random.random() < 0.7:
            return
        motion = (await self.one(Motion)).id
        await self.do(lambda work: motions.withdraw_motion(work, self.secretary, motion, reason="Rút"))

    async def draft(self) -> None:
        how, item = dict(self.random.choice(POLLS)), await self.in_hand()
        if "kind" not in how:
            how["motion"] = (await self.one(Motion, Motion.item_id == item)).id
        if not how.get("method") and self.random.random() < 0.3:
            how["closes_at"] = self.now + timedelta(seconds=60)
        await self.do(lambda work: voting.draft_poll(work, self.chair, item, title="Biểu quyết", **how))

    async def together(self) -> None:
        ids = [(await self.one(Motion)).id for _ in range(3)]
        await self.do(
            lambda work: consent.draft_consent(work, self.chair, self.meeting, list(dict.fromkeys(ids)))
        )

    async def take_out(self) -> None:
        poll, motion = (await self.one(Poll, Poll.kind == "consent")).id, (await self.one(Motion)).id
        await self.do(lambda work: consent.take_out(work, self.chair, poll, motion))

    async def open_poll(self) -> None:
        poll = (await self.one(Poll, Poll.state == "draft")).id
        seconds = self.random.choice([None, None, 30])
        await self.do(lambda work: voting.open_poll(work, self.chair, poll, seconds=seconds))

    async def cast(self) -> None:
        poll = await self.one(Poll, Poll.state == "open")
        choice: object = self.random.choice(["yes", "no", "abstain"])
        if poll.kind == "election":
            choice = self.random.choice([[], ["A"], ["A", "B"]])
        if poll.kind == "confidence":
            choice = self.random.choice([{}, {"A": "high"}, {"A": "low", "B": "medium"}])
        who, absent = self.member, self.random.random() < 0.2
        giver = self.council["delegate05"].person if absent else None
        await self.box.cast(who, poll.id, choice, str(uuid4()), giver)

    async def enter_ballot(self) -> None:
        poll, who = (await self.one(Poll, Poll.state == "open")).id, self.member.person
        await self.do(lambda work: entered_ballots.enter_ballot(work, self.secretary, poll, who, "yes"))

    async def confirm_ballot(self) -> None:
        entered = (await self.one(EnteredBallot)).id
        act = self.random.choice([entered_ballots.confirm_ballot, entered_ballots.drop_ballot])
        await self.do(lambda work: act(work, self.chair, entered))

    async def count_hands(self) -> None:
        poll = (await self.one(Poll, Poll.state == "open", Poll.method == "hands")).id
        numbers = {"yes": self.random.randint(0, 3), "no": 1}
        await self.do(lambda work: hand_counts.enter_counts(work, self.secretary, poll, numbers))

    async def confirm_hands(self) -> None:
        poll = (await self.one(Poll, Poll.state == "open", Poll.method == "hands")).id
        act = self.random.choice([hand_counts.confirm_counts, hand_counts.send_back_counts])
        await self.do(lambda work: act(work, self.chair, poll))

    async def call_name(self) -> None:
        poll = (await self.one(Poll, Poll.state == "open", Poll.method == "roll_call")).id
        await self.do(lambda work: roll_calls.call_next(work, self.chair, poll))

    async def prolong(self) -> None:
        poll = (await self.one(Poll, Poll.state == "open")).id
        act = self.random.choice([poll_times.call_missing, _extended])
        await self.do(lambda work: act(work, self.chair, poll))

    async def admit(self) -> None:
        poll, who = (await self.one(Poll, Poll.state == "open")).id, self.member.person
        await self.do(lambda work: chairs_acts.admit_member(work, self.chair, poll, who))

    async def watch_the_clock(self) -> None:
        await keep_time(self.store)

    async def close(self) -> None:
        poll = (await self.one(Poll, Poll.state == "open")).id
        await self.do(lambda work: voting.close_poll(work, self.chair, poll))

    async def casting_vote(self) -> None:
        poll = (await self.one(Poll, Poll.state == "closed")).id
        await self.do(lambda work: chairs_acts.give_casting_vote(work, self.chair, poll, "yes"))

    async def announce(self) -> None:
        poll = (await self.one(Poll, Poll.state == "closed")).id
        await self.do(lambda work: voting.announce_outcome(work, self.chair, poll))

    async def annul(self) -> None:
        if self.random.random() < 0.6:
            return
        poll = (await self.one(Poll)).id
        await self.do(lambda work: voting.annul_poll(work, self.chair, poll, reason="Nhầm"))

    async def again(self) -> None:
        poll = (await self.one(Poll, Poll.state.in_(("annulled", "announced")))).id
        await self.do(lambda work: chairs_acts.repeat_poll(work, self.chair, poll))

    # The floor and question time

    async def ask_to_speak(self) -> None:
        who, kind = self.member, self.random.choice(["speech", "speech", "reply", "order", "statement"])
        stance = self.random.choice(["", "for", "against"]) if kind == "speech" else ""
        await self.do(lambda work: speaking_list.ask_to_speak(work, who, self.meeting, kind, stance=stance))

    async def withdraw_own(self) -> None:
        who = self.member
        await self.do(lambda work: speaking_list.withdraw_own(work, who, self.meeting))

    async def call_speaker(self) -> None:
        speech = (await self.one(Speech, Speech.state == "asked")).id
        async with self.store.reading() as reading:
            held = (Speech.meeting_id == self.meeting, Speech.state == "speaking")
            now = await reading.session.scalar(select(Speech.id).where(*held))
        await self.do(lambda work: speakers.start_speech(work, self.chair, speech, interrupts=now))

    async def clock(self) -> None:
        speech = (await self.one(Speech, Speech.state.in_(("speaking", "paused")))).id
        acts = [
            speakers.pause_speech,
            speakers.resume_speech,
            speakers.stop_speech,
            speakers.pass_over,
            _given_time,
        ]
        act = self.random.choice(acts)
        await self.do(lambda work: act(work, self.chair, speech))

    async def arrange(self) -> None:
        speech, place = (await self.one(Speech, Speech.state == "asked")).id, self.random.randint(1, 3)
        await self.do(lambda work: speaking_list.move_request(work, self.chair, speech, place))

    async def list_of_speakers(self) -> None:
        item = await self.in_hand()
        acts = [
            speaking_list.make_last_call,
            speaking_list.close_list,
            speaking_list.reopen_list,
            _group_time,
        ]
        act = self.random.choice(acts)
        await self.do(lambda work: act(work, self.chair, item))

    async def ask_question(self) -> None:
        who = self.member
        await self.do(
            lambda work: questions.submit_question(
                work, who, self.meeting, addressee=ADDRESSEE, text="Vì sao đường chưa xong?"
            )
        )

    async def list_question(self) -> None:
        slip, item = (await self.one(Question)).id, (await self.one(Item, Item.kind == ItemKind.QUESTIONS)).id
        await self.do(
            lambda work: questions.list_questions(work, self.secretary, self.meeting, [slip], item=item)
        )

    async def question_turn(self) -> None:
        slip = (await self.one(Question)).id
        async with self.store.reading() as reading:
            held = (Speech.meeting_id == self.meeting, Speech.state == "speaking")
            now = await reading.session.scalar(select(Speech.id).where(*held))
        asks = [question_time.put_question, question_time.call_answer, question_time.call_follow_up]
        act: Any = self.random.choice([*asks, *asks, _finish])
        await self.do(lambda work: act(work, self.chair, slip, interrupts=now))

    async def in_hand(self) -> UUID:
        async with self.store.reading() as reading:
            item = (await reading.get(Meeting, self.meeting)).current_item_id
        if item is None:
            raise Refused("not-found")
        return item

    acts: ClassVar[list[Any]] = [
        attend, attend, arrive, take_up, take_up, conclude, urgent, recess, resume, resume, resume, follow, unfollow,
        recuse, lift, lift, proxy, unproxy, move, move, amend, reword, second, withdraw_motion, draft, draft,
        draft, draft, together, take_out, *[open_poll] * 8, *[cast] * 25, enter_ballot,
        enter_ballot, confirm_ballot, confirm_ballot, count_hands, confirm_hands, call_name, call_name, prolong, admit,
        watch_the_clock, close, close, casting_vote, announce, announce, annul, again, ask_to_speak, ask_to_speak,
        ask_to_speak, withdraw_own, call_speaker, call_speaker, clock, clock, arrange, list_of_speakers, ask_question,
        list_question, question_turn, question_turn,
    ]  # fmt: skip
    """Often is what happens often."""
    voting: ClassVar[list[Any]] = [
        *[cast] * 6,
        enter_ballot,
        enter_ballot,
        *[confirm_ballot] * 3,
        prolong,
        admit,
        attend,
        close,
    ]
    by_method: ClassVar[dict[str, list[Any]]] = {
        "hands": [count_hands, count_hands, confirm_hands, confirm_hands],
        "roll_call": [call_name, call_name, call_name],
    }
    floor: ClassVar[list[Any]] = [ask_to_speak, call_speaker, clock, arrange, list_of_speakers]


async def _extended(work: Work, actor: Any, poll: UUID) -> object:
    return await poll_times.extend(work, actor, poll, seconds=30)


async def _given_time(work: Work, actor: Any, speech: UUID) -> object:
    return await speakers.add_time(work, actor, speech, 60)


async def _group_time(work: Work, actor: Any, item: UUID) -> object:
    return await speaking_list.add_group_time(work, actor, item, "Tổ 1", 120)


async def _finish(work: Work, actor: Any, question: UUID, *, interrupts: UUID | None) -> object:
    return await question_time.finish_question(work, actor, question)
