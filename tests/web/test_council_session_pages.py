"""The pages of a council's terms and sessions: opened, planned, filled, convened, divided into groups, and read."""

from __future__ import annotations

import re

from sqlalchemy import select

from meetings.before.agenda import add_item
from meetings.before.scheduling import publish_meeting
from meetings.storage.tables import CouncilSession, DiscussionGroup, DiscussionGroupMember, Meeting
from tests.web.test_during_pages import House, house, words

__all__ = ["house"]

DAYS = {"since": "2031-12-09", "until": "2031-12-10"}
TERM = {"name": "Khóa XVI", "since": "2029-03-15", "until": "2034-03-14"}


async def test_a_session_from_its_term_to_its_agenda(house: House) -> None:
    body = house.council.body
    listed = f"/bodies/{body}/sessions"
    assert "Terms and sessions" not in await house.read("secretary", "/council"), (
        "no terms: nothing is seen of them"
    )
    assert "Council session" not in await house.read("secretary", "/meetings/new")
    assert "No term is open" in await house.read("secretary", f"{listed}/new")
    wrong = await house.post("admin", f"/bodies/{body}/terms/new", None, **TERM | {"until": "2029-01-01"})
    assert (wrong.status_code, "The last day comes before the first one." in wrong.text) == (409, True)
    page = await house.act("admin", f"/bodies/{body}/terms/new", **TERM)
    assert "Khóa XVI, term 2029–2034" in page
    assert "Terms and sessions" in await house.read("delegate01", "/council")
    page = await house.act(
        "secretary",
        f"{listed}/new",
        **DAYS,
        number="3",
        kind="regular",
        place="Hội trường",
        note="Mang thẻ đại biểu",
    )
    assert "Only those who prepare it see this session" in page
    async with house.store.reading() as reading:
        session = (await reading.session.scalars(select(CouncilSession))).one()
    here = f"/council-sessions/{session.id}"
    assert "Regular session" in (await house.get("secretary", here)).text
    assert (await house.get("delegate01", here)).status_code == 404
    assert "Session 3" not in await house.read("delegate01", listed)
    await house.act("secretary", f"{here}/groups", count="2")
    form = {"2031-12-09-morning": "plenary", "2031-12-09-afternoon": "group", "2031-12-10-morning": "plenary"}
    page = await house.act("secretary", f"{here}/plan", **form)
    assert "Plenary sitting 2" in page
    assert "Planned already" in await house.read("secretary", f"{here}/plan")
    refused = await house.post("secretary", f"{here}/plan", None, **form)
    assert (refused.status_code, "is planned on" in refused.text) == (409, True)
    await house.act("secretary", f"{here}/convene")
    assert "Convened" in (await house.get("secretary", here)).text
    seen = await house.read("delegate01", here)
    assert "Mang thẻ đại biểu" in seen
    assert "No meeting is planned in this session yet" in seen
    assert "Your group" in seen
    assert "Session 3" in await house.read("delegate01", listed)
    assert here not in (await house.get("admin", listed)).text, (
        "an administrator keeps terms and attends nothing"
    )
    assert "Session 3, HĐND khóa XVI" not in await house.read(
        "delegate01", "/calendar?view=week&on=2031-12-01"
    )
    band = (await house.get("delegate01", "/calendar?view=week&on=2031-12-09")).text
    assert len(re.findall(rf'class="entry entry--session" href="{here}"', band)) == 2
    async with house.store.work() as work:
        first = (
            await work.session.scalars(
                select(Meeting).where(Meeting.sitting == "plenary").order_by(Meeting.starts_local)
            )
        ).first()
        assert first is not None
        await add_item(work, house.council["secretary"], first.id, title="Khai mạc kỳ họp")
        await publish_meeting(work, house.council["secretary"], first.id)
    seen = await house.read("delegate01", here)
    assert "Khai mạc kỳ họp" in seen
    assert "Plenary sitting 1" in seen
    assert "Plenary sitting 2" not in seen
    meeting = await house.get("delegate01", f"/meetings/{first.id}")
    assert f'href="{here}"' in meeting.text
    assert "Kỳ họp thứ 3, HĐND khóa XVI" in meeting.text
    assert await house.act("secretary", f"{here}/meetings/{first.id}/leave")
    assert "Kỳ họp thứ 3" not in (await house.get("delegate01", f"/meetings/{first.id}")).text


async def test_a_meeting_is_put_into_a_session_by_its_form_and_a_group_gets_its_people(house: House) -> None:
    body = house.council.body
    await house.act("admin", f"/bodies/{body}/terms/new", **TERM)
    await house.act("secretary", f"/bodies/{body}/sessions/new", **DAYS, number="", kind="thematic")
    async with house.store.reading() as reading:
        session = (await reading.session.scalars(select(CouncilSession))).one()
    here = f"/council-sessions/{session.id}"
    await house.act("secretary", f"{here}/groups", count="3")
    async with house.store.reading() as reading:
        group = (
            await reading.session.scalars(select(DiscussionGroup).order_by(DiscussionGroup.number))
        ).first()
    assert group is not None
    people = [str(house.council[one].person) for one in ("delegate01", "delegate07")]
    browser = await house.browser("secretary")
    answer = await browser.post(
        f"/discussion-groups/{group.id}",
        data={
            "_csrf_token": browser.cookies["meetings_form"],
            "members": people,
            "chair": people[1],
            "place": "Phòng 3",
        },
    )
    assert answer.status_code == 303, answer.text
    async with house.store.reading() as reading:
        rows = await reading.session.scalars(
            select(DiscussionGroupMember.person_id).where(DiscussionGroupMember.group_id == group.id)
        )
        assert {str(one) for one in rows} == set(people)
    wrong = await house.post("secretary", f"/discussion-groups/{group.id}", None, place="Phòng 3")
    assert wrong.status_code == 422
    assert "Whoever is ticked here leaves the group named beside the name." in words(wrong.text)
    sent = {"body": str(body), "title": "Thảo luận", "date": "2031-12-09", "time": "14:00", "kind": "regular"}
    await house.act("secretary", "/meetings/new", **sent, session=f"{session.id}/{group.id}")
    page = await house.read("secretary", here)
    assert "Group 1" in page
    assert f"Chair: {house.council['delegate07'].name}" in page
    async with house.store.reading() as reading:
        meeting = (await reading.session.scalars(select(Meeting))).one()
    assert (meeting.group_id, meeting.sitting) == (group.id, "group")
    edit = f"/meetings/{meeting.id}/edit"
    assert f'value="{session.id}/{group.id}" selected' in (await house.get("secretary", edit)).text
    await house.act("secretary", edit, **sent, session="")
    async with house.store.reading() as reading:
        assert (await reading.get(Meeting, meeting.id)).session_id is None
    assert (await house.get("delegate01", f"/discussion-groups/{group.id}")).status_code == 403
    assert (await house.get("foreign-secretary", f"{here}/plan")).status_code == 404
