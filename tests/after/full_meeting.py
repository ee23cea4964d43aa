"""One meeting with everything in it that a room can bring, held through the use cases."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from meetings.before.agenda import change_item
from meetings.before.scheduling import publish_meeting, schedule_meeting
from meetings.during import agenda_changes, question_time, questions, speakers, speaking_list, written_answers
from meetings.during.attendance import Presence, check_in, record_attendance
from meetings.during.ballot_box import BallotBox
from meetings.during.chairs_acts import admit_member, give_casting_vote, repeat_poll
from meetings.during.consent import draft_consent
from meetings.during.device_tests import begin_test, end_test
from meetings.during.divisions import divide_motion
from meetings.during.entered_ballots import confirm_ballot, enter_ballot
from meetings.during.hand_counts import confirm_counts, enter_counts
from meetings.during.motions import move_motion, second_motion, withdraw_motion
from meetings.during.proceedings import call_to_order, recess, resume
from meetings.during.recusals import declare_recusal
from meetings.during.roll_calls import call_next
from meetings.during.standing_in import approve_substitute, give_proxy
from meetings.during.voting import announce_outcome, annul_poll, close_poll, draft_poll, open_poll
from meetings.rules.permissions import Actor
from meetings.storage.tables import Body, Motion, Poll
from meetings.storage.unit_of_work import Work
from tests.after.conftest import Council

T = TypeVar("T")
CHOICES = {"y": "yes", "n": "no", "a": "abstain"}
BUILDER = "Ông Hồ Sỹ Đức, Giám đốc Sở Xây dựng"
OLD = "Điều 1. Giao 12 tỷ đồng.\nĐiều 2. Hoàn thành trong năm 2026."
NEW = "Điều 1. Giao 15 tỷ đồng.\nĐiều 2. Hoàn thành trong năm 2026."


@dataclass
class FullMeeting:
    """The meeting while it is held. Delegate 3 is replaced by the officer, delegate 4 is away with a proxy to 1."""

    council: Council
    meeting: UUID = field(init=False)
    later: UUID = field(init=False)
    back: bool = False
    """Whether delegate 4 has come."""

    async def act(self, act: Callable[[Work], Awaitable[T]]) -> T:
        self.council.clock.later(seconds=30)
        async with self.council.store.work() as work:
            return await act(work)

    async def held(self) -> UUID:
        """The whole of it, from the publication to the adjournment."""
        council = self.council
        self.meeting = await council.schedule()
        main = await council.item(self.meeting, "Đường Bến Nước")
        asked = await self._question_time()
        chosen = await council.item(self.meeting, "Công tác nhân sự")
        put_off = await council.item(self.meeting, "Quy hoạch")
        referred = await council.item(self.meeting, "Đất đai")
        await self._begin()
        await council.take_up(main)
        await self._speeches()
        await self._motions(main)
        urgent = await self.act(
            lambda work: agenda_changes.add_urgent(
                work, council.chair, self.meeting, title="Chống bão", reason="bão số 9"
            )
        )
        await self.act(lambda work: recess(work, council.chair, self.meeting, minutes=10))
        council.clock.later(minutes=10)
        await self.act(lambda work: resume(work, council.chair, self.meeting))
        await council.take_up(asked)
        await self._questions(asked)
        await council.take_up(chosen)
        await self._elections(chosen)
        await council.take_up(urgent.id)
        await self._votes(urgent.id)
        await self.act(
            lambda work: agenda_changes.postpone(
                work, council.chair, put_off, reason="thiếu hồ sơ", to=self.later
            )
        )
        await self.act(
            lambda work: agenda_changes.refer(
                work, council.chair, referred, to="Ban Pháp chế", reason="cần thẩm tra"
            )
        )
        await council.adjourn(self.meeting)
        return self.meeting

    async def _question_time(self) -> UUID:
        item = await self.council.item(self.meeting, "Chất vấn")
        await self.act(lambda work: change_item(work, self.council.secretary, item, kind="questions"))
        return item

    async def _begin(self) -> None:
        council = self.council
        async with council.store.work() as work:
            rules = {
                "substitutes": True,
                "proxies": True,
                "seconding": True,
                "order_categories": ["Đóng danh sách"],
            }
            (await work.get(Body, council.body)).room_rules = rules
            later = await schedule_meeting(
                work, council.secretary, body=council.body, title="Kỳ họp thứ 13", starts="2026-12-10T13:30",
                place="Hội trường",
            )  # fmt: skip
            self.later = later.id
            await publish_meeting(work, council.secretary, self.meeting)
        replaced, away = council.members[3], council.members[4]
        async with council.store.work() as work:
            await record_attendance(
                work, council.secretary, self.meeting, away.person, Presence.EXCUSED, reason="ốm"
            )
            await approve_substitute(
                work,
                council.secretary,
                self.meeting,
                member=replaced.person,
                substitute=council.officer.person,
            )
            await record_attendance(
                work, council.secretary, self.meeting, council.officer.person, Presence.IN
            )
            await give_proxy(
                work, council.secretary, self.meeting, giver=away.person, holder=council.members[1].person
            )
        for member in council.members[:3]:
            async with council.store.work() as work:
                await check_in(work, member, self.meeting)
        await self.act(lambda work: call_to_order(work, council.chair, self.meeting))
        test = await self.act(lambda work: begin_test(work, council.chair, self.meeting))
        await self.act(lambda work: end_test(work, council.chair, test.id))

    async def _speeches(self) -> None:
        council = self.council
        for kind, stance, name, seconds in (
            ("speech", "for", "Lê Quốc Bảo", 185),
            ("speech", "against", "Bà Đỗ Thị Khách", 62),
            ("order", "", "Phạm Thị Liễu", 20),
        ):
            speech = await self.act(
                lambda work, kind=kind, stance=stance, name=name: speaking_list.add_speaker(
                    work, council.secretary, self.meeting, name, kind=kind, stance=stance,
                    category="Đóng danh sách" if kind == "order" else "",
                )
            )  # fmt: skip
            await self.act(lambda work, one=speech.id: speakers.start_speech(work, council.chair, one))
            council.clock.later(seconds=seconds - 30)
            await self.act(lambda work, one=speech.id: speakers.stop_speech(work, council.chair, one))

    async def _motions(self, item: UUID) -> None:
        """An amended motion, decided by a roll call; one withdrawn; one without a second; one divided."""
        council = self.council
        mover, other = council.members[1], council.members[2]
        move = self._move
        main = await move(item, mover, title="Xây đường", text=OLD)
        await self.act(lambda work: second_motion(work, other, main.id))
        change = await move(item, other, title="Tăng vốn", text=NEW, kind="amendment", amends=main.id)
        await self.act(lambda work: second_motion(work, mover, change.id))
        await self.vote(await self._drafted(item, motion=change.id), "yyyyn")
        await self.act(lambda work: declare_recusal(work, other, item, reason="người nhà dự thầu"))
        await self._roll_call(await self._drafted(item, motion=main.id, method="roll_call"))
        gone = await move(item, council.secretary, title="Lùi thời hạn", mover="Ông Ngoại")
        await self.act(lambda work: withdraw_motion(work, council.secretary, gone.id, reason="đã gộp"))
        await move(item, mover, title="Không ai tán thành")
        whole = await move(item, council.secretary, title="Hai phần", text="A.\nB.", mover="Ban Kinh tế")
        parts = await self.act(
            lambda work: divide_motion(work, council.chair, whole.id, [("Phần A", "A."), ("Phần B", "B.")])
        )
        for part, letters in zip(parts, ("yy-yy", "nn-nn"), strict=True):
            await self.vote(await self._drafted(item, motion=part.id), letters)

    async def _questions(self, item: UUID) -> None:
        council = self.council
        slips = [
            await self.act(
                lambda work, words=words: questions.submit_question(
                    work,
                    council.members[1],
                    self.meeting,
                    addressee=BUILDER,
                    text=words,
                    agency=council.agencies[0],
                )
            )
            for words in ("Vì sao đường chưa xong?", "Bao giờ có đèn?")
        ]
        ids = [slip.id for slip in slips]
        await self.act(
            lambda work: questions.list_questions(work, council.secretary, self.meeting, ids, item=item)
        )
        first = ids[0]
        turn = await self.act(lambda work: question_time.put_question(work, council.chair, first))
        council.clock.later(seconds=15)
        await self.act(lambda work: question_time.call_answer(work, council.chair, first, interrupts=turn.id))
        council.clock.later(seconds=90)
        await self.act(
            lambda work: written_answers.record_promise(
                work, council.secretary, item, text="Thông xe trước Tết.", agency=council.agencies[0],
                due=date(2027, 1, 31), promised_by=BUILDER, question=first,
            )
        )  # fmt: skip
        await self.act(lambda work: question_time.finish_question(work, council.chair, first))
        await self.act(
            lambda work: written_answers.judge_answer(work, council.members[1], first, satisfied=False)
        )

    async def _elections(self, item: UUID) -> None:
        two = {
            "options": [{"id": "an", "label": "Lê An"}, {"id": "be", "label": "Trần Bé", "note": "Phó Ban"}]
        }
        await self.vote(
            await self._drafted(item, title="Bầu Ủy viên", kind="election", secret=True, form=two),
            [["an"], ["an"], ["an"], ["be"], []],
        )
        await self.vote(
            await self._drafted(item, title="Lấy phiếu", kind="confidence", secret=True, form=two),
            [
                {"an": "high", "be": "low"},
                {"an": "high", "be": "low"},
                {"an": "medium", "be": "low"},
                {"an": "low"},
                {},
            ],
        )
        await self.vote(
            await self._drafted(item, title="Chọn tên đường", kind="options", form=two),
            ["an", "an", "be", "an", None],
        )
        await self.vote(
            await self._drafted(item, title="Xếp hạng", kind="ranked", form=two),
            [["an", "be"], ["be", "an"], ["an"], ["an"], ["be"]],
        )

    async def _votes(self, item: UUID) -> None:
        """A tie with the chair's casting vote; hands, annulled and repeated; a group; late and entered ballots."""
        council = self.council
        tied = await self._drafted(item, title="Hòa phiếu", rule="plurality")
        await self.vote(tied, "ayn--", announce=False)
        await self.act(lambda work: give_casting_vote(work, council.chair, tied.id, "yes"))
        await self.act(lambda work: announce_outcome(work, council.chair, tied.id))
        await self._hands(item)
        group = [
            (await self._move(item, council.secretary, title=title, mover="UBND")).id
            for title in ("Một", "Hai")
        ]
        together = await self.act(
            lambda work: draft_consent(work, council.chair, self.meeting, group, title="Gộp")
        )
        await self._late_and_entered(together)

    async def _hands(self, item: UUID) -> None:
        council = self.council
        # a proxy cannot be counted among raised hands
        async with council.store.work() as work:
            await record_attendance(
                work, council.secretary, self.meeting, council.members[4].person, Presence.IN
            )
        self.back = True
        poll = await self._drafted(item, title="Giơ tay", method="hands")
        for numbers in ({"yes": 1, "no": 3, "abstain": 1}, {"yes": 4, "no": 1, "abstain": 0}):
            await self.act(lambda work, one=poll.id: open_poll(work, council.chair, one))
            await self.act(
                lambda work, one=poll.id, counted=numbers: enter_counts(work, council.secretary, one, counted)
            )
            await self.act(lambda work, one=poll.id: confirm_counts(work, council.chair, one))
            await self.act(lambda work, one=poll.id: close_poll(work, council.chair, one))
            await self.act(lambda work, one=poll.id: announce_outcome(work, council.chair, one))
            if numbers["yes"] == 1:
                await self.act(
                    lambda work, one=poll.id: annul_poll(work, council.chair, one, reason="đếm nhầm")
                )
                poll = await self.act(lambda work, one=poll.id: repeat_poll(work, council.chair, one))

    async def _late_and_entered(self, poll: Poll) -> None:
        """Delegate 4 is out when it opens and is admitted; delegate 2 has no device."""
        council = self.council
        late = council.members[4].person
        await self.act(
            lambda work: record_attendance(
                work, council.secretary, self.meeting, late, Presence.OUT, reason="nghe điện thoại"
            )
        )
        await self.act(lambda work: open_poll(work, council.chair, poll.id))
        await self.act(
            lambda work: record_attendance(work, council.secretary, self.meeting, late, Presence.IN)
        )
        await self.act(lambda work: admit_member(work, council.chair, poll.id, late))
        entered = await self.act(
            lambda work: enter_ballot(work, council.secretary, poll.id, council.members[2].person, "yes")
        )
        await self.act(lambda work: confirm_ballot(work, council.chair, entered.id))
        await self.vote(poll, "yy-ny", opened=True)

    async def _roll_call(self, poll: Poll) -> None:
        council = self.council
        await self.act(lambda work: open_poll(work, council.chair, poll.id))
        for _ in range(4):
            await self.act(lambda work: call_next(work, council.chair, poll.id))
        await self.vote(poll, "yy-ay", opened=True)

    async def _drafted(self, item: UUID, **more: Any) -> Poll:
        return await self.act(lambda work: draft_poll(work, self.council.chair, item, **more))

    async def _move(self, item: UUID, actor: Actor, **more: Any) -> Motion:
        return await self.act(lambda work: move_motion(work, actor, item, **more))

    async def vote(self, poll: Poll, choices: Any, *, announce: bool = True, opened: bool = False) -> None:
        """One choice for each seat; `-` or None: not cast. Seat 3 is the substitute's, seat 4 votes by proxy."""
        council = self.council
        if not opened:
            await self.act(lambda work: open_poll(work, council.chair, poll.id))
        box = BallotBox(council.store)
        box.open()
        for number, choice in enumerate(choices):
            sent = CHOICES.get(choice, choice) if isinstance(choice, str) else choice
            if sent is None or sent == "-":
                continue
            voter, represented = council.members[number], None
            if number == 3:
                voter = council.officer
            elif number == 4 and not self.back:
                voter, represented = council.members[1], council.members[4].person
            await box.cast(voter, poll.id, sent, str(UUID(int=number + 1, version=4)), represented)
        await box.shut()
        await self.act(lambda work: close_poll(work, council.chair, poll.id))
        if announce:
            await self.act(lambda work: announce_outcome(work, council.chair, poll.id))
