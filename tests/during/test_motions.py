"""Motions and amendments: moved, seconded, amended, divided, grouped, decided, and undone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from meetings.after.resolutions import issue_resolution
from meetings.before.agenda import add_item
from meetings.during.agenda_changes import withdraw
from meetings.during.amendments import place_amendment, reword_motion, voting_order
from meetings.during.attendance import Presence, record_attendance
from meetings.during.ballot_box import BallotBox
from meetings.during.consent import draft_consent, take_out
from meetings.during.divisions import divide_motion, parts_of
from meetings.during.motions import amendments_of, motions_of, move_motion, second_motion, withdraw_motion
from meetings.during.proceedings import conclude, take_up
from meetings.during.recusals import declare_recusal, lift_recusal
from meetings.during.voting import announce_outcome, annul_poll, close_poll, draft_poll, open_poll
from meetings.rules.permissions import Actor
from meetings.rules.refusals import Refused
from meetings.storage.tables import Body, JournalRow, Motion, Poll, Recusal, Resolution
from meetings.storage.unit_of_work import Store, Work
from tests.support.council import Council, Sitting, begin_sitting, make_council, seat

TEXT = "Điều 1. Giao 12 tỷ đồng.\nĐiều 2. Hoàn thành trong năm 2026.\nĐiều 3. Báo cáo hằng quý."


async def code(store: Store, act: Callable[[Work], Awaitable[object]]) -> str:
    """How an attempt ends: the refusal's code, or nothing."""
    try:
        async with store.work() as work:
            await act(work)
    except Refused as refusal:
        return refusal.code
    return ""


async def motion_of(store: Store, motion: UUID) -> Motion:
    async with store.reading() as reading:
        return await reading.get(Motion, motion)


async def told(store: Store, event: str) -> list[dict[str, object]]:
    async with store.reading() as reading:
        rows = await reading.session.scalars(
            select(JournalRow).where(JournalRow.event == event).order_by(JournalRow.seq)
        )
        return [row.payload for row in rows]


async def amend(
    store: Store,
    actor: Actor,
    sitting: Sitting,
    text: str,
    amends: UUID | None = None,
    title: str = "Sửa đổi",
) -> UUID:
    async with store.work() as work:
        moved = await move_motion(
            work, actor, sitting.item, title=title, text=text, amends=amends or sitting.motion
        )
        return moved.id


async def open_on(store: Store, council: Council, item: UUID, motion: UUID) -> UUID:
    async with store.work() as work:
        poll = await draft_poll(work, council["chair"], item, motion=motion)
        return (await open_poll(work, council["chair"], poll.id)).id


async def finish(store: Store, council: Council, poll: UUID, *, yes: int, no: int = 0) -> UUID:
    """So many vote for and against; the chair closes and announces."""
    box = BallotBox(store)
    box.open()
    for at, voter in enumerate(council.delegates[: yes + no]):
        await box.cast(voter, poll, "yes" if at < yes else "no", str(uuid4()))
    await box.shut()
    async with store.work() as work:
        await close_poll(work, council["chair"], poll)
        await announce_outcome(work, council["chair"], poll)
    return poll


async def vote(store: Store, council: Council, item: UUID, motion: UUID, *, yes: int, no: int = 0) -> UUID:
    return await finish(store, council, await open_on(store, council, item, motion), yes=yes, no=no)


async def annul(store: Store, council: Council, poll: UUID) -> str:
    """The chair annuls a poll after its announcement."""

    async def act(work: Work) -> None:
        await annul_poll(work, council["chair"], poll, reason="đếm nhầm")

    return await code(store, act)


@pytest.fixture
async def council(store: Store) -> Council:
    return await make_council(store, seats=5)


@pytest.fixture
async def sitting(store: Store, council: Council) -> Sitting:
    return await begin_sitting(store, council, text=TEXT)


async def test_a_member_moves_on_the_item_in_hand_only(
    store: Store, council: Council, sitting: Sitting
) -> None:
    member = council.delegates[1]
    async with store.work() as work:
        moved = await move_motion(
            work, member, sitting.item, title="Kiến nghị", text="Một.\r\nHai. ", mover="X"
        )
    kept = await motion_of(store, moved.id)
    assert (kept.state, kept.mover, kept.mover_id, kept.text) == (
        "moved", member.name, member.person, "Một.\nHai.",
    )  # fmt: skip
    async with store.work() as work:
        other = await add_item(work, council["secretary"], sitting.meeting, title="Việc khác")

    def move(work, who=member, item=sitting.item):
        return move_motion(work, who, item, title="T", text="x")

    assert await code(store, lambda work: move(work, item=other.id)) == "item-not-open"
    for who in ("stranger", "observer", "officer"):
        assert await code(store, lambda work, who=who: move(work, council[who])) == "forbidden", who
    await seat(store, council, sitting.meeting, 2, Presence.OUT)
    assert await code(store, move) == "motion-absent"
    await seat(store, council, sitting.meeting, 2)
    async with store.work() as work:
        work.session.add(
            Recusal(
                id=uuid4(), meeting_id=sitting.meeting, item_id=sitting.item, person_id=member.person,
                declared_by=member.person, declared_at=work.now,
            )
        )  # fmt: skip
    assert await code(store, move) == "recused"


async def test_where_the_standing_orders_say_so_a_motion_needs_a_second(
    store: Store, council: Council, sitting: Sitting
) -> None:
    async with store.work() as work:
        (await work.get(Body, council.body)).room_rules = {"seconding": True}
    mover, other = council.delegates[1:3]
    first = await amend(store, mover, sitting, TEXT + " Công khai.")
    assert (await motion_of(store, first)).state == "proposed"
    assert await code(store, lambda work: second_motion(work, mover, first)) == "motion-own"
    assert await code(store, lambda work: second_motion(work, council["observer"], first)) == "forbidden"

    def draft(work):
        return draft_poll(work, council["chair"], sitting.item, motion=first)

    assert await code(store, draft) == "not-now"
    async with store.work() as work:
        await second_motion(work, other, first)
    kept = await motion_of(store, first)
    assert (kept.state, kept.seconder_id) == ("moved", other.person)
    assert (await told(store, "MotionSeconded"))[0]["seconder_name"] == other.name
    assert await code(store, lambda work: second_motion(work, other, first)) == "not-now"
    by_voice = await amend(store, mover, sitting, TEXT + " Gửi Ban Kinh tế.")

    def named(work, who):
        return second_motion(work, council[who], by_voice, person=other.person)

    assert await code(store, lambda work: named(work, "delegate03")) == "forbidden"
    assert await code(store, lambda work: named(work, "secretary")) == ""
    async with store.work() as work:
        put = await move_motion(
            work, council["secretary"], sitting.item, title="T", text="x", mover="Ban Pháp chế"
        )
    assert put.state == "moved", "what the secretary puts needs no second"


async def test_an_amendment_is_put_first_and_changes_the_text(
    store: Store, council: Council, sitting: Sitting
) -> None:
    wanted = TEXT.replace("12 tỷ", "10 tỷ")
    amendment = await amend(store, council.delegates[1], sitting, wanted)

    def opening(work):
        return open_poll(work, council["chair"], poll.id)

    async with store.work() as work:
        poll = await draft_poll(work, council["chair"], sitting.item, motion=sitting.motion)
    assert await code(store, opening) == "amendments-first"
    await vote(store, council, sitting.item, amendment, yes=4)
    main = await motion_of(store, sitting.motion)
    assert (main.text, main.state) == (wanted, "moved")
    (change,) = await told(store, "MotionTextAmended")
    assert (change["before"], change["after"], change["by"]) == (TEXT, wanted, str(amendment))
    assert await code(store, opening) == ""
    await finish(store, council, poll.id, yes=5)
    async with store.reading() as reading:
        (resolution,) = (await reading.session.scalars(select(Resolution))).all()
    assert (resolution.motion_id, resolution.text) == (sitting.motion, wanted)


async def test_amendments_that_wait_are_fitted_or_worded_anew(
    store: Store, council: Council, sitting: Sitting
) -> None:
    member = council.delegates[1]
    first = await amend(store, council.delegates[2], sitting, TEXT.replace("12 tỷ", "10 tỷ"))
    fits = await amend(store, member, sitting, TEXT.replace("hằng quý", "hằng năm"))
    against = await amend(store, member, sitting, TEXT.replace("12 tỷ", "9 tỷ"))
    below = await amend(store, member, sitting, TEXT.replace("hằng quý", "sáu tháng một lần"), amends=fits)
    await vote(store, council, sitting.item, first, yes=5)
    new = TEXT.replace("12 tỷ", "10 tỷ")
    fitted = await motion_of(store, fits)
    assert (fitted.text, fitted.base_text, fitted.conflicts) == (
        new.replace("hằng quý", "hằng năm"),
        new,
        False,
    )
    assert (await motion_of(store, below)).text == new.replace("hằng quý", "sáu tháng một lần")
    stuck = await motion_of(store, against)
    assert (stuck.conflicts, stuck.base_text) == (True, TEXT)
    assert [fact["fits"] for fact in await told(store, "AmendmentFitted")] == [True, True, False]

    async def put(work: Work) -> None:
        poll = await draft_poll(work, council["chair"], sitting.item, motion=against)
        await open_poll(work, council["chair"], poll.id)

    assert await code(store, put) == "amendment-conflict"

    def reword(work, text, who=member):
        return reword_motion(work, who, against, text=text)

    assert await code(store, lambda work: reword(work, new)) == "motion-same-text"
    assert await code(store, lambda work: reword(work, "x", council.delegates[3])) == "forbidden"
    anew = new.replace("10 tỷ", "9 tỷ")
    assert await code(store, lambda work: reword(work, anew)) == ""
    assert await code(store, put) == ""
    kept = await motion_of(store, against)
    assert (kept.text, kept.base_text, kept.conflicts) == (anew, new, False)


async def test_amendments_of_amendments_go_one_level(
    store: Store, council: Council, sitting: Sitting
) -> None:
    member = council.delegates[1]
    upper = await amend(store, member, sitting, TEXT.replace("12 tỷ", "10 tỷ"))
    lower = await amend(store, member, sitting, TEXT.replace("12 tỷ", "11 tỷ"), amends=upper)

    def move(work, text, amends):
        return move_motion(work, member, sitting.item, title="T", text=text, amends=amends)

    assert await code(store, lambda work: move(work, "x", lower)) == "amendment-deep"
    assert await code(store, lambda work: move(work, TEXT, sitting.motion)) == "motion-same-text"
    assert await code(store, lambda work: move(work, "", sitting.motion)) == "field-missing"
    assert await code(store, lambda work: move(work, "x", uuid4())) == "motion-unknown"
    await vote(store, council, sitting.item, lower, yes=5)
    assert (await motion_of(store, upper)).text == TEXT.replace("12 tỷ", "11 tỷ")
    assert (await motion_of(store, sitting.motion)).text == TEXT


async def test_the_chair_sets_the_order_of_amendments(
    store: Store, council: Council, sitting: Sitting
) -> None:
    member = council.delegates[1]
    moved = [
        await amend(store, member, sitting, f"{TEXT} {number}", title=f"S{number}") for number in range(3)
    ]
    assert await code(store, lambda work: place_amendment(work, member, moved[2], position=0)) == "forbidden"
    async with store.work() as work:
        await place_amendment(work, council["chair"], moved[2], position=0)
    async with store.reading() as reading:
        assert [one.title for one in await amendments_of(reading, sitting.motion)] == ["S2", "S0", "S1"]
        order = voting_order(await motions_of(reading, sitting.meeting))
    assert [one.title for one in order] == ["S2", "S0", "S1", "Nghị quyết về dự toán"]


async def test_who_withdraws_and_until_when(store: Store, council: Council, sitting: Sitting) -> None:
    mover, other = council.delegates[1:3]
    first = await amend(store, mover, sitting, TEXT + " Một.")
    second = await amend(store, mover, sitting, TEXT + " Hai.")

    def withdraw(work, who, motion):
        return withdraw_motion(work, who, motion)

    assert await code(store, lambda work: withdraw(work, other, first)) == "forbidden"
    async with store.work() as work:
        prepared = await draft_poll(work, council["chair"], sitting.item, motion=first)
    assert await code(store, lambda work: withdraw(work, mover, first)) == ""
    async with store.reading() as reading:
        assert (await reading.get(Poll, prepared.id)).state == "annulled", (
            "a prepared vote goes with its motion"
        )
    anew = TEXT + " Ba."
    async with store.work() as work:
        aside = await declare_recusal(work, mover, sitting.item)
    assert await code(store, lambda work: withdraw(work, mover, second)) == "recused"
    assert await code(store, lambda work: reword_motion(work, mover, second, text=anew)) == "recused"
    async with store.work() as work:
        await lift_recusal(work, council["chair"], aside.id)
        await record_attendance(work, council["secretary"], sitting.meeting, mover.person, Presence.OUT)
    assert await code(store, lambda work: withdraw(work, mover, second)) == "motion-absent"
    assert await code(store, lambda work: reword_motion(work, mover, second, text=anew)) == "motion-absent"
    async with store.work() as work:
        await record_attendance(work, council["secretary"], sitting.meeting, mover.person, Presence.IN)
    poll = await open_on(store, council, sitting.item, second)
    assert await code(store, lambda work: withdraw(work, mover, second)) == "motion-voted"
    assert await code(store, lambda work: withdraw(work, council["chair"], second)) == "item-open-poll"
    assert (
        await code(store, lambda work: withdraw(work, council["chair"], sitting.motion)) == "item-open-poll"
    )
    await finish(store, council, poll, yes=2, no=2)
    third = await amend(store, mover, sitting, TEXT + " Ba.")
    assert await code(store, lambda work: withdraw(work, council["chair"], sitting.motion)) == ""
    assert (await motion_of(store, third)).state == "withdrawn", "amendments fall with their motion"
    assert (await motion_of(store, second)).state == "rejected"


async def divide(store: Store, actor: Actor, motion: UUID, count: int = 3) -> Sequence[Motion]:
    lines = TEXT.split("\n")[:count]
    async with store.work() as work:
        return await divide_motion(
            work, actor, motion, [(f"Phần {n}", line) for n, line in enumerate(lines, 1)]
        )


async def test_a_divided_question_becomes_one_resolution_of_its_adopted_parts(
    store: Store, council: Council, sitting: Sitting
) -> None:
    parts = await divide(store, council["chair"], sitting.motion)
    assert (
        await code(store, lambda work: withdraw_motion(work, council["chair"], sitting.motion)) == "not-now"
    )
    polls: list[UUID] = []
    for part, yes in zip(parts, (5, 1, 5), strict=True):
        assert (await motion_of(store, sitting.motion)).state == "divided"
        polls.append(await vote(store, council, sitting.item, part.id, yes=yes, no=5 - yes))
    whole = await motion_of(store, sitting.motion)
    assert (whole.state, whole.text) == ("adopted", f"{parts[0].text}\n{parts[2].text}")
    async with store.reading() as reading:
        (resolution,) = (await reading.session.scalars(select(Resolution))).all()
        assert [one.state for one in await parts_of(reading, whole.id)] == ["adopted", "rejected", "adopted"]
    assert (resolution.motion_id, resolution.poll_id, resolution.text) == (
        whole.id, polls[-1], whole.text,
    )  # fmt: skip


async def test_a_division_without_an_adopted_part_is_rejected(
    store: Store, council: Council, sitting: Sitting
) -> None:

    def one(work, parts):
        return divide_motion(work, council["chair"], sitting.motion, parts)

    assert await code(store, lambda work: one(work, [("Một", "x")])) == "motion-parts"
    assert await code(store, lambda work: one(work, [("Một", "x"), ("Hai", " ")])) == "motion-parts"

    def member(work):
        return divide_motion(work, council.delegates[1], sitting.motion, [("a", "x"), ("b", "y")])

    assert await code(store, member) == "forbidden"
    parts = await divide(store, council["secretary"], sitting.motion, 2)
    await vote(store, council, sitting.item, parts[0].id, yes=0, no=5)
    async with store.work() as work:
        await withdraw_motion(work, council["chair"], parts[1].id)
    assert (await motion_of(store, sitting.motion)).state == "rejected"
    async with store.reading() as reading:
        assert (await reading.session.scalars(select(Resolution))).all() == []


async def test_an_outcome_that_decides_nothing_leaves_the_motion_to_be_put_again(
    store: Store, council: Council, sitting: Sitting
) -> None:
    async with store.work() as work:
        poll = await draft_poll(work, council["chair"], sitting.item, motion=sitting.motion, rule="plurality")
        await open_poll(work, council["chair"], poll.id)
    box = BallotBox(store)
    box.open()
    for voter, choice in zip(council.delegates[1:3], ("yes", "no"), strict=True):
        await box.cast(voter, poll.id, choice, str(uuid4()))
    await box.shut()
    async with store.work() as work:
        await close_poll(work, council["chair"], poll.id)
        announced = await announce_outcome(work, council["chair"], poll.id)
    assert announced.outcome is not None
    assert announced.outcome["code"] in ("undecided", "tied")
    assert (await motion_of(store, sitting.motion)).state == "undecided"
    await vote(store, council, sitting.item, sitting.motion, yes=5)
    assert (await motion_of(store, sitting.motion)).state == "adopted"


async def two_more(store: Store, council: Council, sitting: Sitting) -> list[UUID]:
    async with store.work() as work:
        found = [sitting.motion]
        for title in ("Nhân sự", "Quy chế"):
            item = await add_item(work, council["secretary"], sitting.meeting, title=title)
            moved = await move_motion(work, council["secretary"], item.id, title=title, text=f"{title}.")
            found.append(moved.id)
        return found


async def test_one_vote_decides_a_group_and_one_is_taken_out(
    store: Store, council: Council, sitting: Sitting
) -> None:
    motions = await two_more(store, council, sitting)
    chair = council["chair"]

    def group(work, of, who=chair):
        return draft_consent(work, who, sitting.meeting, of)

    assert await code(store, lambda work: group(work, motions[:1])) == "consent-few"
    assert await code(store, lambda work: group(work, motions, council.delegates[1])) == "forbidden"
    assert await code(store, lambda work: group(work, [motions[0], uuid4()])) == "not-found"
    async with store.work() as work:
        poll = await group(work, list(reversed(motions)))
    assert (poll.kind, poll.item_id) == ("consent", sitting.item)

    def out(work, motion, who=chair):
        return take_out(work, who, poll.id, motion, asked_by="Đại biểu 3")

    assert await code(store, lambda work: out(work, motions[1], council.delegates[1])) == "forbidden"
    assert await code(store, lambda work: out(work, motions[1])) == ""
    assert await code(store, lambda work: out(work, motions[1])) == "motion-unknown"
    async with store.work() as work:
        await open_poll(work, chair, poll.id)
    assert await code(store, lambda work: out(work, motions[2])) == "not-now"
    other = (await motion_of(store, motions[2])).item_id
    member = council.delegates[1]
    assert await code(store, lambda work: declare_recusal(work, member, other)) == "recusal-poll-open"
    assert await code(store, lambda work: withdraw(work, chair, other)) == "item-open-poll"
    await finish(store, council, poll.id, yes=5)
    states = [(await motion_of(store, motion)).state for motion in motions]
    assert states == ["adopted", "moved", "adopted"]
    async with store.reading() as reading:
        drafted = (await reading.session.scalars(select(Resolution.motion_id))).all()
    assert set(drafted) == {motions[0], motions[2]}
    assert (await told(store, "MotionTakenOut"))[0]["asked_by"] == "Đại biểu 3"


async def test_a_group_opens_only_when_each_motion_may_be_put(
    store: Store, council: Council, sitting: Sitting
) -> None:
    motions = await two_more(store, council, sitting)
    async with store.work() as work:
        poll = await draft_consent(work, council["chair"], sitting.meeting, motions)
    late = await amend(store, council.delegates[1], sitting, TEXT + " Thêm.")

    def opening(work):
        return open_poll(work, council["chair"], poll.id)

    assert await code(store, opening) == "amendments-first"

    def grouped(work):
        return draft_consent(work, council["chair"], sitting.meeting, [motions[1], late])

    assert await code(store, grouped) == "consent-amendment"
    async with store.work() as work:
        await withdraw_motion(work, council["chair"], motions[0])
        left = await work.get(Poll, poll.id)
        await conclude(work, council["chair"], sitting.item)
        await take_up(work, council["chair"], left.item_id)
    assert await code(store, opening) == ""
    await finish(store, council, poll.id, yes=5)
    assert [(await motion_of(store, motion)).state for motion in motions] == [
        "withdrawn",
        "adopted",
        "adopted",
    ]


async def test_annulling_an_announced_poll_opens_its_motion_again(
    store: Store, council: Council, sitting: Sitting
) -> None:
    amendment = await amend(store, council.delegates[1], sitting, TEXT.replace("12 tỷ", "10 tỷ"))
    on_amendment = await vote(store, council, sitting.item, amendment, yes=5)
    on_main = await vote(store, council, sitting.item, sitting.motion, yes=5)
    assert await annul(store, council, on_amendment) == "amendment-built-on"
    assert await annul(store, council, on_main) == ""
    assert (await motion_of(store, sitting.motion)).state == "moved"
    async with store.reading() as reading:
        assert (await reading.session.scalars(select(Resolution.state))).all() == ["withdrawn"]
    assert await annul(store, council, on_amendment) == ""
    main, again = await motion_of(store, sitting.motion), await motion_of(store, amendment)
    assert (main.text, again.state) == (TEXT, "moved")
    await vote(store, council, sitting.item, amendment, yes=0, no=5)
    await vote(store, council, sitting.item, sitting.motion, yes=5)
    async with store.work() as work:
        resolution = await work.session.scalar(select(Resolution).where(Resolution.state == "draft"))
        assert resolution is not None
        await issue_resolution(work, council["secretary"], resolution.id)
        assert resolution.text == TEXT
        last = resolution.poll_id
    assert await annul(store, council, last) == "resolution-issued"
    async with store.reading() as reading:
        assert (await reading.get(Poll, last)).state == "announced", "everything was rolled back"
    assert (await motion_of(store, sitting.motion)).state == "adopted"


async def test_annulling_a_part_opens_the_whole_again(
    store: Store, council: Council, sitting: Sitting
) -> None:
    parts = await divide(store, council["chair"], sitting.motion, 2)
    await vote(store, council, sitting.item, parts[0].id, yes=5)
    last = await vote(store, council, sitting.item, parts[1].id, yes=5)
    assert await annul(store, council, last) == ""
    assert (await motion_of(store, sitting.motion)).state == "divided"
    await vote(store, council, sitting.item, parts[1].id, yes=0, no=5)
    whole = await motion_of(store, sitting.motion)
    assert (whole.state, whole.text) == ("adopted", parts[0].text)
    async with store.reading() as reading:
        assert sorted((await reading.session.scalars(select(Resolution.state))).all()) == [
            "draft",
            "withdrawn",
        ]
