"""The pages of a published agenda's changes: told, issued, read, frozen."""

from __future__ import annotations

import pytest

from meetings.after.tasks import assign_task
from meetings.before.scheduling import schedule_meeting
from meetings.during.proceedings import adjourn
from meetings.storage.unit_of_work import Store
from tests.support.council import Council, begin_sitting, publish_sitting
from tests.web.test_before_pages import SignIn, council, sign_in

__all__ = ["council", "sign_in"]

pytestmark = pytest.mark.usefixtures("council")


async def test_a_change_is_issued_with_its_words_and_confirmed(
    store: Store,
    council: Council,
    sign_in: SignIn,
) -> None:
    sitting = await publish_sitting(store, council)
    here = f"/meetings/{sitting.meeting}"
    secretary, member = await sign_in("secretary"), await sign_in("delegate01")
    assert "Confirm that you have read it" in await member.get(here)
    await member.post(f"{here}/read")
    assert "Your reading is confirmed." in member.html
    assert "Confirm that you have read it" not in member.html
    await secretary.post(
        f"/items/{sitting.item}/edit",
        title="Điều chỉnh dự toán ngân sách năm 2027",
        presenter="",
        text="",
        minutes="",
    )
    assert "Supplement 1 is being prepared" in await secretary.get(here)
    page = await member.get(f"{here}/supplements")
    assert "Not told yet" in page
    assert "2026<span" in page
    assert "2027<span" in page
    assert "Issue supplement" not in page
    await secretary.post(f"{here}/supplements")
    assert (secretary.status, "Say why it cannot wait" in secretary.html) == (409, True)
    await secretary.post(f"{here}/supplements", reason="Sửa năm")
    assert "The supplement is issued." in secretary.html
    assert "Sửa năm" in await member.get(f"{here}/supplements")
    assert "Supplement 1: what changed" in await member.get(here)
    await member.post(f"{here}/read")
    await secretary.get(f"{here}/supplements")
    assert secretary.html.count('class="number">2') + secretary.html.count('number">') >= 2
    assert "Who has read it" in secretary.html
    assert "Who has read it" not in await member.get(f"{here}/supplements")


async def test_the_chair_releases_a_frozen_agenda(
    store: Store,
    council: Council,
    sign_in: SignIn,
) -> None:
    sitting = await publish_sitting(store, council)
    here = f"/meetings/{sitting.meeting}"
    secretary, chair, member = (
        await sign_in("secretary"),
        await sign_in("delegate00"),
        await sign_in("delegate01"),
    )
    await secretary.post(f"{here}/freeze")
    assert "The agenda is frozen" in secretary.html
    await secretary.post(f"{here}/items", title="Đất đai", place="end")
    assert (secretary.status, "The agenda is frozen." in secretary.html) == (409, True)
    await member.post(f"{here}/freeze", act="release", reason="x")
    assert member.status == 403
    await chair.post(f"{here}/freeze", act="release", reason="Bổ sung")
    assert "The agenda can be changed again." in chair.html


async def test_open_tasks_and_earlier_minutes_are_offered_on_the_desk(
    store: Store,
    council: Council,
    sign_in: SignIn,
) -> None:
    sitting = await begin_sitting(store, council)
    async with store.work() as work:
        await adjourn(work, council["chair"], sitting.meeting)
        later = await schedule_meeting(
            work, council["secretary"], body=council.body, title="Kỳ sau", starts="2027-01-12T08:00"
        )
        await assign_task(
            work, council["secretary"], body=council.body, lead=council.agency, title="Sửa đường 19/5"
        )
    secretary = await sign_in("secretary")
    page = await secretary.get(f"/meetings/{later.id}/agenda")
    assert "Kỳ họp thứ nhất" in page
    assert "Sửa đường 19/5" in page
    task = page.split('name="kind" value="task"', 1)[1].split('name="id" value="', 1)[1].split('"', 1)[0]
    await secretary.post(f"/meetings/{later.id}/offered", kind="task", id=task)
    await secretary.post(f"/meetings/{later.id}/offered", kind="minutes", id=sitting.meeting)
    assert "Minutes to be adopted" not in secretary.html
    assert secretary.numbered()[0].startswith("1 ")
    text = await secretary.get(f"/meetings/{later.id}")
    assert f"/meetings/{sitting.meeting}/minutes" in text
    assert f"/tasks/{task}" in text
