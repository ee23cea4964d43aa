"""Terms and sessions of a council: planned, convened, filled with meetings; discussion groups and who sits in them."""

from __future__ import annotations

from collections.abc import Awaitable
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import select

from meetings.before.agenda import add_item
from meetings.before.council_sessions import (
    Wanted,
    change_session,
    convene_session,
    drop_session,
    plan_session,
    plan_sittings,
    put_into_session,
    take_out_of_session,
)
from meetings.before.council_terms import change_term, open_term
from meetings.before.discussion_groups import GroupFacts, change_group, form_groups
from meetings.before.scheduling import cancel_meeting, publish_meeting, schedule_meeting
from meetings.before.session_facts import SessionFacts
from meetings.before.session_names import full_title
from meetings.before.session_reading import SessionView, number_of_sitting, read_session, sessions_of
from meetings.during.attendance import check_in
from meetings.during.proceedings import call_to_order
from meetings.during.voting import draft_poll
from meetings.rules.council_sessions import SessionState, SittingKind
from meetings.rules.refusals import Refused
from meetings.rules.weekly_schedule import DayPart
from meetings.storage.tables import CouncilSession, DiscussionGroupMember, Meeting, Notification, Reply
from meetings.storage.unit_of_work import Store
from tests.support.council import Council, make_council

SINCE, UNTIL = date(2029, 3, 15), date(2034, 3, 14)
NAME = "Khóa XVI"
FIRST, LAST = date(2031, 12, 9), date(2031, 12, 10)
FACTS = SessionFacts(since=FIRST, until=LAST, place="Hội trường lớn")
MORNING = Wanted(day=FIRST, part=DayPart.MORNING)
GROUPS = Wanted(day=FIRST, part=DayPart.AFTERNOON, kind=SittingKind.GROUP)
NEXT = Wanted(day=LAST, part=DayPart.MORNING)


@pytest.fixture
async def council(store: Store) -> Council:
    council = await make_council(store)
    async with store.work() as work:
        await open_term(work, council["admin"], council.body, name=NAME, since=SINCE, until=UNTIL)
    return council


async def _plan(store: Store, council: Council, facts: SessionFacts = FACTS) -> CouncilSession:
    async with store.work() as work:
        return await plan_session(work, council["secretary"], council.body, facts)


async def _read(store: Store, council: Council, session: UUID, who: str = "secretary") -> SessionView:
    async with store.reading() as reading:
        return await read_session(reading, council[who], session)


async def _publish(store: Store, council: Council, meeting: UUID) -> None:
    async with store.work() as work:
        await add_item(work, council["secretary"], meeting, title="Khai mạc")
        await publish_meeting(work, council["secretary"], meeting)


async def _refused(act: Awaitable[object]) -> str:
    with pytest.raises(Refused) as refused:
        await act
    return refused.value.code


async def test_terms_and_plans_are_checked(store: Store, council: Council) -> None:
    secretary, admin, body = council["secretary"], council["admin"], council.body
    first = await _plan(store, council)
    assert (first.number, (await _plan(store, council)).number) == (1, 2)
    async with store.work() as work:
        outside = SessionFacts(since=date(2034, 3, 10), until=date(2034, 3, 20))
        codes = [
            await _refused(open_term(work, secretary, body, name=NAME, since=SINCE, until=UNTIL)),
            await _refused(open_term(work, admin, body, name=NAME, since=SINCE, until=UNTIL)),
            await _refused(change_term(work, admin, first.term_id, name="XVI", since=LAST, until=UNTIL)),
            await _refused(plan_session(work, council["delegate01"], body, FACTS)),
            await _refused(plan_session(work, council["foreign-secretary"], body, FACTS)),
            await _refused(plan_session(work, secretary, body, outside)),
            await _refused(plan_session(work, secretary, body, SessionFacts(since=LAST, until=FIRST))),
            await _refused(
                change_session(work, secretary, first.id, SessionFacts(since=FIRST, until=LAST, number=2))
            ),
        ]
    assert codes == [
        "forbidden", "term-overlap", "term-narrow", "forbidden", "forbidden", "term-missing", "span-wrong",
        "session-number-taken",
    ]  # fmt: skip
    async with store.work() as work:
        changed = await change_session(
            work, secretary, first.id, SessionFacts(since=FIRST, until=LAST, number=7, kind="thematic")
        )
        assert (changed.number, changed.kind) == (7, "thematic")
        await change_term(work, admin, first.term_id, name="Khóa 16", since=SINCE, until=UNTIL)
    assert (await _read(store, council, first.id)).name == "Kỳ họp thứ 7, HĐND khóa 16"


async def test_a_plan_is_the_secretarys_until_it_is_convened(store: Store, council: Council) -> None:
    session = await _plan(store, council)
    for who in ("delegate01", "observer", "stranger", "foreign-secretary"):
        assert await _refused(_read(store, council, session.id, who)) == "not-found"
    async with store.reading() as reading:
        (term,) = await sessions_of(reading, council["delegate01"], council.body)
        assert not term.sessions
        assert await _refused(sessions_of(reading, council["stranger"], council.body)) == "forbidden"
    async with store.work() as work:
        await convene_session(work, council["secretary"], session.id)
        codes = [
            await _refused(convene_session(work, council["secretary"], session.id)),
            await _refused(drop_session(work, council["secretary"], session.id)),
        ]
        assert codes == ["session-convened"] * 2
    seen = await _read(store, council, session.id, "observer")
    assert (seen.state, seen.name) == (SessionState.CONVENED, "Kỳ họp thứ 1, HĐND khóa XVI")
    async with store.reading() as reading:
        told = await reading.session.scalars(
            select(Notification.person_id).where(Notification.link == f"/council-sessions/{session.id}")
        )
        people = set(told)
    assert {council[one].person for one in ("delegate01", "chair", "secretary", "observer")} <= people
    assert council["stranger"].person not in people
    other = await _plan(store, council)
    async with store.work() as work:
        await drop_session(work, council["secretary"], other.id)
    assert await _refused(_read(store, council, other.id)) == "not-found"


async def test_a_whole_session_is_planned_in_one_act(store: Store, council: Council) -> None:
    session, secretary = await _plan(store, council), council["secretary"]
    async with store.work() as work:
        codes = [
            await _refused(plan_sittings(work, secretary, session.id, [])),
            await _refused(plan_sittings(work, secretary, session.id, [MORNING, GROUPS])),
            await _refused(
                plan_sittings(
                    work, secretary, session.id, [Wanted(day=date(2031, 12, 11), part=DayPart.MORNING)]
                )
            ),
        ]
    assert codes == ["session-empty", "groups-missing", "sitting-day"]
    async with store.work() as work:
        await form_groups(work, secretary, session.id, 2)
        made = await plan_sittings(work, secretary, session.id, [MORNING, GROUPS, NEXT])
    assert [meeting.title for meeting in made] == [
        "Phiên toàn thể sáng 09/12", "Thảo luận Tổ 1, chiều 09/12", "Thảo luận Tổ 2, chiều 09/12",
        "Phiên toàn thể sáng 10/12",
    ]  # fmt: skip
    assert {meeting.state for meeting in made} == {"draft"}
    async with store.work() as work:
        assert await _refused(plan_sittings(work, secretary, session.id, [NEXT])) == "sitting-planned"
        assert await _refused(form_groups(work, secretary, session.id, 3)) == "groups-used"
    view = await _read(store, council, session.id)
    assert [(one.number, one.group) for one in view.sittings] == [(1, 0), (0, 1), (0, 2), (2, 0)]
    assert not any(one.crosses or one.outside for one in view.sittings)
    assert view.state is SessionState.PLANNED
    await _publish(store, council, made[3].id)
    seen = await _read(store, council, session.id, "delegate01")
    assert [(one.number, [item.title for item in one.items]) for one in seen.sittings] == [(2, ["Khai mạc"])]
    assert seen.state is SessionState.CONVENED, "what is published is known"
    async with store.reading() as reading:
        facts = await reading.session.scalar(
            select(Notification.facts).where(
                Notification.person_id == council["delegate01"].person,
                Notification.link == f"/meetings/{made[3].id}",
            )
        )
    assert facts is not None
    assert facts["title"] == "Kỳ họp thứ 1, HĐND khóa XVI – Phiên toàn thể sáng 10/12"
    async with store.work() as work:
        await cancel_meeting(work, secretary, made[0].id, reason="Bão")
    async with store.reading() as reading:
        last = await reading.get(Meeting, made[3].id)
        assert await number_of_sitting(reading, last) == 1, "numbers have no gaps"


async def test_meetings_go_in_and_out(store: Store, council: Council) -> None:
    session, secretary = await _plan(store, council), council["secretary"]
    async with store.work() as work:
        meeting = await schedule_meeting(
            work, secretary, body=council.body, title="Họp bất thường", starts="2031-12-11T08:00"
        )
        other = await schedule_meeting(
            work,
            council["foreign-secretary"],
            body=council.other_body,
            title="Khác",
            starts="2031-12-09T08:00",
        )
        codes = [
            await _refused(put_into_session(work, council["delegate01"], meeting.id, session.id)),
            await _refused(put_into_session(work, council["foreign-secretary"], other.id, session.id)),
            await _refused(put_into_session(work, secretary, meeting.id, session.id, sitting="group")),
        ]
        assert codes == ["forbidden", "session-body", "group-missing"]
        await put_into_session(work, secretary, meeting.id, session.id)
        assert await _refused(drop_session(work, secretary, session.id)) == "session-filled"
    (one,) = (await _read(store, council, session.id)).sittings
    assert (one.outside, one.number) == (True, 1), "another day is named, not refused"
    async with store.work() as work:
        await take_out_of_session(work, secretary, meeting.id)
        await drop_session(work, secretary, session.id)
    async with store.reading() as reading:
        assert await full_title(reading, await reading.get(Meeting, meeting.id)) == "Họp bất thường"


async def test_a_group_discusses_among_its_own_members(store: Store, council: Council) -> None:
    session, secretary = await _plan(store, council), council["secretary"]
    async with store.work() as work:
        first, second = await form_groups(work, secretary, session.id, 2)
        chair = council["delegate02"].person
        people = {council["delegate01"].person, chair, council["delegate08"].person}
        outsider = {council["stranger"].person}
        codes = [
            await _refused(change_group(work, secretary, first.id, GroupFacts(members=outsider))),
            await _refused(change_group(work, secretary, first.id, GroupFacts(members=[]))),
            await _refused(
                change_group(
                    work, secretary, first.id, GroupFacts(members=people, chair=council["chair"].person)
                )
            ),
        ]
        assert codes == ["wrong-input", "field-missing", "group-chair"]
        await change_group(
            work, secretary, first.id,
            GroupFacts(members=people, chair=chair, secretary=secretary.person, place="Phòng 2"),
        )  # fmt: skip
        meeting, _ = await plan_sittings(work, secretary, session.id, [GROUPS])
    assert meeting.place == "Phòng 2"
    view = await _read(store, council, session.id)
    assert [len(one.members) for one in view.groups] == [3, 3], "who is named leaves the other group"
    assert (view.groups[0].chair, view.groups[0].secretary) == (council["delegate02"].name, secretary.name)
    await _publish(store, council, meeting.id)
    async with store.reading() as reading:
        asked = set(
            await reading.session.scalars(select(Reply.person_id).where(Reply.meeting_id == meeting.id))
        )
    assert asked == people
    async with store.work() as work:
        assert await _refused(check_in(work, council["delegate05"], meeting.id)) == "not-a-member"
        await check_in(work, council["delegate01"], meeting.id)
        await call_to_order(work, council["chair"], meeting.id)
    async with store.work() as work:
        item = await add_item(work, secretary, meeting.id, title="Thảo luận")
        assert await _refused(draft_poll(work, secretary, item.id, rule="majority")) == "group-no-poll"
        moved = GroupFacts(members={council["delegate08"].person})
        assert await _refused(change_group(work, secretary, second.id, moved)) == "not-now"
        assert await _refused(take_out_of_session(work, secretary, meeting.id)) == "not-now"
    async with store.reading() as reading:
        rows = await reading.session.scalars(
            select(DiscussionGroupMember.person_id).where(DiscussionGroupMember.group_id == first.id)
        )
        assert set(rows) == people
