"""From the draft to the announcement: who is asked, who may do what, what the clock does, where the outcome goes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from meetings.before.agenda import add_item, agenda_of, remove_item
from meetings.before.consultation_agenda import convert_consultation, papers_of, put_on_agenda
from meetings.before.consultation_clock import keep_deadlines
from meetings.before.consultation_drafts import (
    change_consultation,
    draft_consultation,
    hand_to_chair,
    lay_consultation_paper,
    remove_consultation_paper,
)
from meetings.before.consultation_reading import (
    consultation_paper,
    consultations_for,
    opinions_owed,
    read_consultation,
)
from meetings.before.consultations import (
    close_consultation,
    extend_consultation,
    open_consultation,
    remind_missing,
    withdraw_consultation,
)
from meetings.before.opinions import answers_of, give_opinion
from meetings.before.papers import Checked, keep_upload, leaves_of
from meetings.before.scheduling import publish_meeting, schedule_meeting
from meetings.before.supplements import freeze_agenda, release_agenda
from meetings.council.bodies import begin_membership
from meetings.council.persons import enter_person
from meetings.during.agenda_changes import postpone
from meetings.during.attendance import Presence, record_attendance
from meetings.during.proceedings import adjourn, call_to_order, conclude, take_up
from meetings.rules.refusals import Refused
from meetings.storage.tables import (
    Consultation,
    Item,
    JournalRow,
    Meeting,
    Notification,
    PaperVersion,
    WrittenOpinion,
)
from meetings.storage.unit_of_work import Store, Work
from tests.support.council import Council, make_council

NOON = datetime(2026, 11, 23, 5, tzinfo=UTC)
"""12:00 in the council's zone."""
CLOSES = "2026-11-27T17:00"


class Clock:
    """The store's clock, moved by hand."""

    def __init__(self, store: Store, now: datetime = NOON) -> None:
        self.now = now
        store.clock = lambda: self.now

    def local(self, text: str) -> None:
        """`2026-11-27T17:00` on the council's clock."""
        self.now = datetime.fromisoformat(f"{text}:00+07:00").astimezone(UTC)


@pytest.fixture
def clock(store: Store) -> Clock:
    return Clock(store)


async def _refused(code: str, store: Store, act: Callable[[Work], Awaitable[Any]]) -> None:
    with pytest.raises(Refused) as refusal:
        async with store.work() as work:
            await act(work)
    assert refusal.value.code == code


async def _draft(store: Store, council: Council, *, closes: str = CLOSES) -> UUID:
    async with store.work() as work:
        kept = await draft_consultation(
            work, council["secretary"], body=council.body, title="Ứng vốn sửa kè Bến Nước", closes=closes,
            text="Đồng ý ứng 2 tỷ đồng từ dự phòng ngân sách.",
        )  # fmt: skip
    return kept.id


async def _opened(store: Store, council: Council) -> UUID:
    consultation = await _draft(store, council)
    async with store.work() as work:
        await open_consultation(work, council["chair"], consultation)
    return consultation


async def _give(store: Store, council: Council, consultation: UUID, choices: dict[str, str]) -> None:
    for who, choice in choices.items():
        async with store.work() as work:
            await give_opinion(
                work, council[who], consultation, choice=choice, comment="Vì an toàn mùa lũ", key=uuid4()
            )


async def _kept(store: Store, consultation: UUID) -> Consultation:
    async with store.reading() as reading:
        return await reading.get(Consultation, consultation)


async def _told(store: Store, message: str) -> int:
    async with store.reading() as reading:
        query = select(func.count()).select_from(Notification).where(Notification.message.startswith(message))
        return await reading.session.scalar(query) or 0


async def _meeting(store: Store, council: Council, starts: str = "2026-12-01T08:00") -> UUID:
    async with store.work() as work:
        meeting = await schedule_meeting(
            work, council["secretary"], body=council.body, title="Phiên họp tháng 12", starts=starts
        )
        await add_item(work, council["secretary"], meeting.id, title="Khai mạc")
    return meeting.id


async def _titles(store: Store, meeting: UUID) -> list[str]:
    async with store.reading() as reading:
        return [f"{item.number} {item.title}" for item in await agenda_of(reading, meeting)]


MAJORITY = {"delegate00": "agree", "delegate01": "agree-comments", "delegate02": "agree"}


async def test_from_the_draft_to_the_announcement(store: Store, clock: Clock) -> None:
    council = await make_council(store, seats=5, rule="ubnd")
    consultation = await _opened(store, council)
    kept = await _kept(store, consultation)
    assert (kept.number, kept.year, kept.seats, kept.in_office) == (1, 2026, 5, 5)
    assert kept.closes_at.isoformat() == "2026-11-27T10:00:00+00:00"
    assert await _told(store, "Your written opinion is asked") == 5
    await _give(store, council, consultation, MAJORITY)

    assert await keep_deadlines(store) == []
    clock.local("2026-11-26T17:00")
    assert await keep_deadlines(store) == [("remind", consultation)]
    assert await keep_deadlines(store) == []
    assert await _told(store, "Your written opinion is still missing") == 2
    await _give(store, council, consultation, {"delegate03": "disagree"})

    clock.local("2026-11-27T17:00")
    await _refused(
        "poll-late",
        store,
        lambda work: give_opinion(work, council["delegate04"], consultation, choice="agree", key=uuid4()),
    )
    assert await keep_deadlines(store) == [("close", consultation)]
    assert await keep_deadlines(store) == []
    kept = await _kept(store, consultation)
    assert kept.outcome is not None
    assert kept.tally is not None
    assert (kept.state, kept.outcome["code"], kept.outcome["percent"]) == ("closed", "adopted", "60.00")
    assert (kept.tally["cast"], kept.tally["not_cast"]) == (4, 1)
    async with store.reading() as reading:
        closed = await reading.session.scalar(
            select(Notification.facts).where(Notification.message.startswith("The consultation is closed"))
        )
    assert closed is not None
    assert closed["missing"] == "Nguyễn Văn Đại Biểu 04"

    meeting = await _meeting(store, council)
    assert await _titles(store, meeting) == ["1 Khai mạc"]
    async with store.work() as work:
        await publish_meeting(work, council["secretary"], meeting)
    title = "2 Kết quả lấy ý kiến bằng phiếu: Ứng vốn sửa kè Bến Nước"
    assert await _titles(store, meeting) == ["1 Khai mạc", title]
    chair = council["chair"]
    async with store.work() as work:
        item = (await agenda_of(work, meeting))[1]
        assert "60,00%" in item.text
        for actor in council.delegates:
            await record_attendance(work, council["secretary"], meeting, actor.person, Presence.IN)
        await call_to_order(work, chair, meeting)
        await take_up(work, chair, item.id)
        await conclude(work, chair, item.id)
    kept = await _kept(store, consultation)
    assert (kept.state, kept.item_id) == ("announced", item.id)
    async with store.reading() as reading:
        rows = await reading.session.scalars(select(JournalRow.event).where(JournalRow.actor_id.is_(None)))
        assert {"MissingOpinionsReminded", "ConsultationClosed"} <= set(rows)


async def test_the_roll_is_frozen_at_the_opening(store: Store, clock: Clock) -> None:
    council = await make_council(store, seats=4, members=3)
    consultation = await _opened(store, council)
    async with store.work() as work:
        late = await enter_person(work, None, name="Lý Thị Đến Sau", email="")
        await begin_membership(
            work, None, body=council.body, person=late.id, since=datetime(2026, 11, 1, tzinfo=UTC).date()
        )
    await _refused(
        "not-on-roll",
        store,
        lambda work: give_opinion(work, council["secretary"], consultation, choice="agree", key=uuid4()),
    )
    async with store.reading() as reading:
        names = [one.name for one in await answers_of(reading, consultation)]
    assert "Lý Thị Đến Sau" not in names
    assert len(names) == 3


async def test_an_opinion_may_change_until_the_deadline_and_a_repeat_counts_once(
    store: Store, clock: Clock
) -> None:
    council = await make_council(store, seats=3)
    consultation = await _opened(store, council)
    delegate, key = council["delegate01"], uuid4()
    async with store.work() as work:
        first = await give_opinion(work, delegate, consultation, choice="agree", key=key)
    async with store.work() as work:
        again = await give_opinion(work, delegate, consultation, choice="agree", key=key)
    assert first.receipt == again.receipt
    await _refused(
        "key-reused",
        store,
        lambda work: give_opinion(work, delegate, consultation, choice="disagree", key=key),
    )
    async with store.work() as work:
        second = await give_opinion(
            work, delegate, consultation, choice="other", comment="Nên họp", key=uuid4()
        )
    assert second.revision == 2
    async with store.work() as work:  # a late repeat of the first changes nothing
        late = await give_opinion(work, delegate, consultation, choice="agree", key=key)
    assert late.receipt == first.receipt
    async with store.reading() as reading:
        given = {one.person: one.choice for one in await answers_of(reading, consultation)}
        assert await reading.session.scalar(select(func.count()).select_from(WrittenOpinion)) == 2
    assert given[delegate.person] == "other"
    assert (await _kept(store, consultation)).cast == 1


async def test_only_the_chair_asks_gives_time_and_withdraws(store: Store, clock: Clock) -> None:
    council = await make_council(store, seats=3)
    consultation = await _draft(store, council)
    for who in ("secretary", "delegate01", "observer", "admin", "officer", "foreign-secretary", "stranger"):
        await _refused(
            "forbidden", store, lambda work, who=who: open_consultation(work, council[who], consultation)
        )
    for who in ("chair", "delegate01", "foreign-secretary"):
        for act in (
            lambda work, who=who: change_consultation(work, council[who], consultation, title="X"),
            lambda work, who=who: hand_to_chair(work, council[who], consultation),
            lambda work, who=who: draft_consultation(
                work, council[who], body=council.body, title="X", closes=CLOSES
            ),
        ):
            await _refused("forbidden", store, act)
    async with store.work() as work:
        await hand_to_chair(work, council["secretary"], consultation)
        await open_consultation(work, council["chair"], consultation)
    assert await _told(store, "The secretariat hands you") == 1
    for who in ("secretary", "delegate01"):
        for act in (
            lambda work, who=who: extend_consultation(
                work, council[who], consultation, closes="2026-11-30T17:00", reason="Lũ"
            ),
            lambda work, who=who: withdraw_consultation(work, council[who], consultation, reason="Lũ"),
            lambda work, who=who: close_consultation(work, council[who], consultation),
        ):
            await _refused("forbidden", store, act)
    await _refused("forbidden", store, lambda work: remind_missing(work, council["delegate01"], consultation))
    await _refused(
        "not-now",
        store,
        lambda work: change_consultation(work, council["secretary"], consultation, title="X"),
    )
    async with store.work() as work:
        await remind_missing(work, council["secretary"], consultation)
        await withdraw_consultation(work, council["chair"], consultation, reason="Đã có chỉ đạo khác")
    assert await _told(store, "Written opinions are no longer asked for") == 3


async def test_a_chair_declines_a_draft_and_its_author_is_told_why(store: Store, clock: Clock) -> None:
    council = await make_council(store, seats=3)
    consultation = await _draft(store, council)
    await _refused(
        "forbidden",
        store,
        lambda work: withdraw_consultation(work, council["delegate01"], consultation, reason="X"),
    )
    async with store.work() as work:
        await withdraw_consultation(work, council["chair"], consultation, reason="Đưa ra phiên họp tới")
    async with store.reading() as reading:
        told = await reading.session.execute(select(Notification.person_id, Notification.facts))
        ((person, facts),) = told.all()
    assert (person, facts["reason"]) == (council["secretary"].person, "Đưa ra phiên họp tới")


async def test_more_time_is_told_and_reminds_again(store: Store, clock: Clock) -> None:
    council = await make_council(store, seats=3)
    consultation = await _opened(store, council)
    clock.local("2026-11-27T08:00")
    assert await keep_deadlines(store) == [("remind", consultation)]
    chair = council["chair"]
    for closes, reason, code in (
        ("2026-11-27T16:00", "Lũ", "deadline-not-later"),
        ("2026-11-30T17:00", " ", "reason-missing"),
        ("mai", "Lũ", "date-wrong"),
    ):
        await _refused(
            code,
            store,
            lambda work, closes=closes, reason=reason: extend_consultation(
                work, chair, consultation, closes=closes, reason=reason
            ),
        )
    async with store.work() as work:
        await extend_consultation(work, chair, consultation, closes="2026-11-30T17:00", reason="Mưa lũ")
    assert await _told(store, "The deadline for written opinions is now") == 3
    clock.local("2026-11-28T08:00")
    assert await keep_deadlines(store) == []
    clock.local("2026-11-29T17:00")
    assert await keep_deadlines(store) == [("remind", consultation)]
    assert (await _kept(store, consultation)).closes_local == "2026-11-30T17:00"


async def test_nobody_loses_the_time_that_was_promised(store: Store, clock: Clock) -> None:
    council = await make_council(store, seats=3)
    consultation = await _opened(store, council)
    await _give(store, council, consultation, {"delegate00": "disagree", "delegate01": "agree"})
    chair = council["chair"]
    await _refused("answers-missing", store, lambda work: close_consultation(work, chair, consultation))
    await _give(store, council, consultation, {"delegate02": "disagree"})
    async with store.work() as work:
        kept = await close_consultation(work, chair, consultation)
    assert kept.outcome is not None
    assert kept.outcome["code"] == "not_adopted"
    await _refused(
        "not-now",
        store,
        lambda work: give_opinion(work, council["delegate01"], consultation, choice="agree", key=uuid4()),
    )


async def test_a_tie_goes_to_the_side_of_the_chairs_own_ballot(store: Store, clock: Clock) -> None:
    council = await make_council(store, seats=4)
    consultation = await _opened(store, council)
    await _give(
        store, council, consultation,
        {"delegate00": "agree", "delegate01": "disagree", "delegate02": "agree", "delegate03": "disagree"},
    )  # fmt: skip
    async with store.work() as work:
        kept = await close_consultation(work, council["chair"], consultation)
    assert kept.outcome is not None
    assert (kept.outcome["code"], kept.outcome["reason"]) == ("adopted", "tie-chair-yes")


async def test_who_sees_what(store: Store, clock: Clock) -> None:
    council = await make_council(store, seats=3)
    consultation = await _draft(store, council)
    file = await keep_upload(store, "Tờ trình.pdf", b"%PDF-1", 2)
    async with store.work() as work:
        paper = await lay_consultation_paper(work, council["secretary"], consultation, file)
    everybody = (
        "secretary", "chair", "delegate01", "observer", "admin", "officer", "foreign-secretary", "stranger",
    )  # fmt: skip

    async def seen_by() -> set[str]:
        found: set[str] = set()
        async with store.reading() as reading:
            for who in everybody:
                listed = await consultations_for(reading, council[who])
                if listed:
                    await read_consultation(reading, council[who], consultation)
                    await consultation_paper(reading, council[who], consultation, paper.id)
                    found.add(who)
                    continue
                for look in (
                    read_consultation(reading, council[who], consultation),
                    consultation_paper(reading, council[who], consultation, paper.id),
                ):
                    with pytest.raises(Refused) as refusal:
                        await look
                    assert refusal.value.code == "not-found"
        return found

    assert await seen_by() == {"secretary", "chair"}
    async with store.work() as work:
        await open_consultation(work, council["chair"], consultation)
    assert await seen_by() == {"secretary", "chair", "delegate01"}
    async with store.reading() as reading:
        assert len(await opinions_owed(reading, council["delegate01"])) == 1
        assert await opinions_owed(reading, council["secretary"]) == []
        opened = await read_consultation(reading, council["delegate01"], consultation)
    assert opened.answers == ()  # names and numbers are the secretariat's and the chair's
    await _give(store, council, consultation, MAJORITY)
    async with store.reading() as reading:
        assert await opinions_owed(reading, council["delegate01"]) == []
    clock.local("2026-11-27T17:00")
    await keep_deadlines(store)
    async with store.reading() as reading:
        assert not (await read_consultation(reading, council["delegate01"], consultation)).told
        assert (await read_consultation(reading, council["secretary"], consultation)).told
    meeting = await _meeting(store, council)
    async with store.work() as work:
        await put_on_agenda(work, council["secretary"], consultation, meeting)
    async with store.reading() as reading:
        opened = await read_consultation(reading, council["delegate01"], consultation)
        assert (opened.told, opened.meeting, opened.item) == (False, None, None)
    async with store.work() as work:
        await publish_meeting(work, council["secretary"], meeting)
    async with store.reading() as reading:
        opened = await read_consultation(reading, council["delegate01"], consultation)
        assert opened.told
    async with store.work() as work:
        assert opened.item is not None
        (await work.get(Item, opened.item.id)).visibility = "hidden"
    async with store.reading() as reading:
        opened = await read_consultation(reading, council["delegate01"], consultation)
        assert (opened.told, opened.item) == (False, None)


async def test_papers_are_fixed_with_the_opening(store: Store, clock: Clock) -> None:
    council = await make_council(store, seats=3)
    secretary = council["secretary"]
    consultation = await _draft(store, council)
    first = await keep_upload(store, "Tờ trình.pdf", b"%PDF-1 a", 2)
    second = await keep_upload(store, "Dự thảo.pdf", b"%PDF-1 b", 3)
    async with store.work() as work:
        gone = await lay_consultation_paper(work, secretary, consultation, first)
        await lay_consultation_paper(work, secretary, consultation, second)
        await remove_consultation_paper(work, secretary, consultation, gone.id)
    async with store.work() as work:
        await open_consultation(work, council["chair"], consultation)
    async with store.reading() as reading:
        assert [one.title for one in await papers_of(reading, consultation)] == ["Dự thảo"]
        payload = await reading.session.scalar(
            select(JournalRow.payload).where(JournalRow.event == "ConsultationOpened")
        )
    assert payload is not None
    assert payload["papers"] == [second.sha256]
    await _refused(
        "not-now", store, lambda work: lay_consultation_paper(work, secretary, consultation, first)
    )


async def test_an_outcome_waits_again_when_its_item_is_not_dealt_with(store: Store, clock: Clock) -> None:
    council = await make_council(store, seats=3)
    secretary, chair = council["secretary"], council["chair"]
    consultation = await _opened(store, council)
    await _give(store, council, consultation, MAJORITY)
    async with store.work() as work:
        await close_consultation(work, chair, consultation)
    first, second = await _meeting(store, council), await _meeting(store, council, "2026-12-08T08:00")
    async with store.work() as work:
        await freeze_agenda(work, secretary, second)
    await _refused("agenda-frozen", store, lambda work: put_on_agenda(work, secretary, consultation, second))
    async with store.work() as work:
        await release_agenda(work, chair, second, reason="Bổ sung")
        item = await put_on_agenda(work, secretary, consultation, first)
    await _refused(
        "consultation-on-agenda", store, lambda work: put_on_agenda(work, secretary, consultation, second)
    )
    async with store.work() as work:
        await remove_item(work, secretary, item.id)
    assert (await _kept(store, consultation)).item_id is None
    async with store.work() as work:
        await publish_meeting(work, secretary, first)
        await publish_meeting(work, secretary, second)
    assert len(await _titles(store, first)) == 2
    assert len(await _titles(store, second)) == 1  # announced once
    async with store.work() as work:
        put = (await _kept(store, consultation)).item_id
        assert put is not None
        await postpone(work, secretary, put, to=second)
    assert len(await _titles(store, second)) == 2
    moved = (await _kept(store, consultation)).item_id
    async with store.reading() as reading:
        assert moved is not None
        assert (await reading.get(Item, moved)).meeting_id == second
    async with store.work() as work:
        for actor in council.delegates:
            await record_attendance(work, secretary, second, actor.person, Presence.IN)
        await call_to_order(work, chair, second)
        await adjourn(work, chair, second)
    kept = await _kept(store, consultation)
    assert (kept.state, kept.item_id) == ("closed", None)


async def test_the_matter_can_go_to_a_meeting_instead(store: Store, clock: Clock) -> None:
    council = await make_council(store, seats=3)
    secretary = council["secretary"]
    consultation = await _draft(store, council)
    file = replace(
        await keep_upload(store, "Tờ trình.pdf", b"%PDF-1", 2),
        source_name="Tờ trình.docx", source_sha256="a" * 64, source_size=7, taken_out="scripts",
    )  # fmt: skip
    async with store.work() as work:
        await lay_consultation_paper(work, secretary, consultation, file)
        await open_consultation(work, council["chair"], consultation)
    await _give(store, council, consultation, {"delegate01": "other"})
    meeting = await _meeting(store, council)
    async with store.reading() as reading:
        foreign = await reading.session.scalar(select(Meeting).where(Meeting.id == meeting))
    assert foreign is not None
    await _refused(
        "reason-missing",
        store,
        lambda work: convert_consultation(work, secretary, consultation, meeting, reason=""),
    )
    await _refused(
        "forbidden",
        store,
        lambda work: convert_consultation(work, council["delegate01"], consultation, meeting, reason="X"),
    )
    async with store.work() as work:
        item = await convert_consultation(
            work, secretary, consultation, meeting, reason="Cần thảo luận trực tiếp"
        )
    assert await _titles(store, meeting) == ["1 Khai mạc", "2 Ứng vốn sửa kè Bến Nước"]
    async with store.reading() as reading:
        leaves = await leaves_of(reading, meeting)
        (laid,) = await reading.session.scalars(
            select(PaperVersion).where(PaperVersion.paper_id == leaves[item.id][0].paper)
        )
    assert Checked.of(laid) == file, "what came in is known under the item too"
    assert await _told(store, "Written opinions are no longer asked for") == 3
    clock.local("2026-11-27T18:00")
    assert await keep_deadlines(store) == []
    kept = await _kept(store, consultation)
    assert (kept.state, kept.outcome) == ("converted", None)


async def test_consultations_are_numbered_by_body_and_year(store: Store, clock: Clock) -> None:
    council = await make_council(store, seats=3)
    first, second = await _opened(store, council), await _opened(store, council)
    clock.local("2027-01-04T08:00")
    third = await _draft(store, council, closes="2027-01-08T17:00")
    async with store.work() as work:
        await open_consultation(work, council["chair"], third)
    numbers = [
        ((await _kept(store, one)).year, (await _kept(store, one)).number) for one in (first, second, third)
    ]
    assert numbers == [(2026, 1), (2026, 2), (2027, 1)]


async def test_a_draft_whose_deadline_is_over_is_not_opened(store: Store, clock: Clock) -> None:
    council = await make_council(store, seats=3)
    consultation = await _draft(store, council)
    clock.now = NOON + timedelta(days=7)
    await _refused(
        "deadline-past", store, lambda work: open_consultation(work, council["chair"], consultation)
    )
