"""The pages of consultations, as a browser without scripts uses them."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from meetings.before.agenda import add_item, agenda_of
from meetings.before.consultation_clock import keep_deadlines
from meetings.before.scheduling import schedule_meeting
from meetings.storage.tables import Consultation, Item, WrittenOpinion
from tests.api.paper import a_pdf
from tests.support.council import make_council
from tests.web.test_during_pages import HTMX, House, words

QUESTION = "Ứng vốn sửa kè Bến Nước"
FORM = {
    "title": QUESTION, "text": "Ứng 2 tỷ đồng từ dự phòng.", "date": "2090-11-27", "time": "17:00",
}  # fmt: skip


@pytest.fixture
async def house(sqlite_database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    from meetings.app import create_app
    from meetings.settings import read_settings

    settings = {"MEETINGS_DATA_DIR": str(tmp_path), "MEETINGS_DATABASE_URL": sqlite_database_url}
    app = create_app(read_settings(settings))
    running = app.state.house
    running.realtime.start()
    async with AsyncExitStack() as browsers:
        yield House(app, await make_council(running.store, seats=5, rule="ubnd"), browsers)
    await running.realtime.stop()
    await running.store.close()


async def drafted(house: House) -> str:
    """The address of a draft."""
    answer = await house.post("secretary", "/consultations/new", None, body=str(house.council.body), **FORM)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"]).partition("?")[0]


async def opened(house: House) -> str:
    here = await drafted(house)
    assert "The members are asked" in (await house.get("delegate00", (await asked(house, here)))).text
    return here


async def asked(house: House, here: str) -> str:
    answer = await house.post("delegate00", f"{here}/open")
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


async def answer_as(house: House, who: str, here: str, choice: str, comment: str = "") -> str:
    """Sends the form that stands on the page."""
    page = (await house.get(who, here)).text
    key = re.search(r'name="key" value="([^"]+)"', page)
    assert key is not None
    return await house.act(who, f"{here}/opinion", key=key[1], choice=choice, comment=comment)


async def test_a_secretary_drafts_and_the_chair_asks(house: House) -> None:
    here = await drafted(house)
    page = await house.read("secretary", here)
    assert "Draft consultation" in page
    assert "No papers are laid" in page
    assert QUESTION in await house.read("secretary", "/consultations")
    assert (await house.get("delegate01", here)).status_code == 404
    assert QUESTION not in await house.read("delegate01", "/consultations")
    assert "Handed to the chair" in await house.act("secretary", f"{here}/hand")
    assert "/consultations/" in (await house.get("delegate00", "/")).text
    assert (await house.post("secretary", f"{here}/open")).status_code == 403
    await asked(house, here)
    assert "Your opinion is missing" in await house.read("delegate01", "/")
    assert QUESTION in await house.read("delegate01", "/consultations")
    assert (await house.get("observer", here)).status_code == 404
    assert (await house.get("secretary", f"{here}/edit")).status_code == 200
    refused = await house.post("secretary", f"{here}/edit", None, **FORM)
    assert refused.status_code == 409


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"title": " "}, "The question is missing."),
        ({"date": ""}, "The deadline is missing."),
        ({"date": "2020-01-01"}, "The deadline has to be a time that is still to come."),
    ],
)
async def test_what_is_wrong_stands_at_its_input(house: House, change: dict[str, str], message: str) -> None:
    answer = await house.post(
        "secretary", "/consultations/new", None, body=str(house.council.body), **(FORM | change)
    )
    assert answer.status_code == 422
    assert message in words(answer.text)
    assert "Ứng 2 tỷ đồng" in answer.text  # what was typed stays


async def test_members_answer_and_only_the_insiders_see_it(house: House) -> None:
    here = await opened(house)
    page = await answer_as(house, "delegate01", here, "agree-comments", "Cần báo cáo tiến độ hằng tuần.")
    assert "Agree with comments" in page
    assert "Change my opinion" in page
    assert "Your opinion is missing" not in await house.read("delegate01", "/")
    board = await house.get("delegate00", f"{here}/answers", **HTMX)
    seen = words(board.text)
    assert "1 of 5 opinions given" in seen
    assert "Cần báo cáo tiến độ hằng tuần." in seen
    assert "Not answered yet 4" in seen
    assert "every 10s" in board.text
    assert (await house.get("delegate02", f"{here}/answers")).status_code == 403
    other = await house.read("delegate02", here)
    assert "Cần báo cáo tiến độ" not in other
    assert "opinions given" not in other


async def test_words_are_asked_for_at_their_input_and_nothing_is_lost(house: House) -> None:
    here = await opened(house)
    page = (await house.get("delegate01", here)).text
    key = re.search(r'name="key" value="([^"]+)"', page)
    assert key is not None
    answer = await house.post("delegate01", f"{here}/opinion", key=key[1], choice="other", comment="")
    assert answer.status_code == 422
    assert "This choice needs words" in words(answer.text)
    assert re.search(r'value="other" checked', answer.text)
    assert key[1] in answer.text  # the same intent
    for _ in range(2):  # sent twice, counted once
        again = await house.post("delegate01", f"{here}/opinion", key=key[1], choice="other", comment="Họp")
        assert again.status_code == 303
    async with house.store.reading() as reading:
        assert len((await reading.session.scalars(select(WrittenOpinion))).all()) == 1


async def test_papers_are_laid_read_and_fixed(house: House) -> None:
    here = await drafted(house)
    browser = await house.browser("secretary")
    data = {"_csrf_token": browser.cookies["meetings_form"]}
    laid = await browser.post(
        f"{here}/papers", data=data, files=[("files", ("Tờ trình.pdf", a_pdf("To trinh"), "application/pdf"))]
    )
    assert laid.status_code == 303, laid.text
    bad = await browser.post(
        f"{here}/papers", data=data, files=[("files", ("x.pdf", b"hello", "application/pdf"))]
    )
    assert bad.is_client_error
    assert "not what its name says" in words(bad.text)
    await asked(house, here)
    page = (await house.get("delegate01", here)).text
    paper = re.search(rf'href="({here}/papers/[^"]+)"', page)
    assert paper is not None
    assert "Tờ trình" in (await house.get("delegate01", paper[1])).text
    file = await house.get("delegate01", f"{paper[1]}/file")
    assert file.content.startswith(b"%PDF")
    assert (await house.get("stranger", f"{paper[1]}/file")).status_code == 404
    assert (await house.post("secretary", f"{paper[1]}/remove")).status_code == 409


async def test_more_time_a_reminder_and_giving_it_up(house: House) -> None:
    here = await opened(house)
    assert (
        "have been reminded"
        in (
            await house.get(
                "secretary", (await house.post("secretary", f"{here}/remind")).headers["location"]
            )
        ).text
    )
    refused = await house.post("delegate00", f"{here}/extend", date="2090-11-27", time="16:00", reason="Lũ")
    assert "More time means a later deadline" in words(refused.text)
    await house.act("delegate00", f"{here}/extend", date="2090-11-30", time="17:00", reason="Lũ")
    assert "30 November 2090" in await house.read("delegate01", here)
    refused = await house.post("delegate00", f"{here}/withdraw", reason="")
    assert refused.status_code == 422
    page = await house.act("delegate00", f"{here}/withdraw", reason="Đã có chỉ đạo khác")
    assert "Đã có chỉ đạo khác" in page
    assert "Send my opinion" not in await house.read("delegate01", here)


async def test_the_outcome_reaches_the_agenda_and_the_members(house: House) -> None:
    here = await opened(house)
    for number, choice in enumerate(("agree", "agree", "agree", "disagree")):
        await answer_as(house, f"delegate{number:02}", here, choice)
    async with house.store.work() as work:
        kept = await work.get(Consultation, UUID(here.rpartition("/")[2]))
        kept.closes_at = work.now
    assert len(await keep_deadlines(house.store)) == 1
    assert "The chair announces the outcome at the next meeting" in await house.read("delegate01", here)
    seen = await house.read("secretary", here)
    assert "Adopted" in seen
    assert "Did not answer in time 1" in seen
    async with house.store.work() as work:
        meeting = await schedule_meeting(
            work,
            house.council["secretary"],
            body=house.council.body,
            title="Phiên họp",
            starts="2091-01-05T08:00",
        )
        await add_item(work, house.council["secretary"], meeting.id, title="Khai mạc")
    page = await house.act("secretary", f"{here}/agenda", meeting=str(meeting.id))
    assert "On the agenda of" in page
    assert "Adopted" not in await house.read("delegate01", here)
    assert (await house.post("secretary", f"/meetings/{meeting.id}/publish")).status_code == 303
    assert "Adopted" in await house.read("delegate01", here)
    async with house.store.reading() as reading:
        assert len(await agenda_of(reading, meeting.id)) == 2


async def test_the_matter_is_taken_to_a_meeting(house: House) -> None:
    here = await opened(house)
    async with house.store.work() as work:
        meeting = await schedule_meeting(
            work,
            house.council["secretary"],
            body=house.council.body,
            title="Phiên họp",
            starts="2091-01-05T08:00",
        )
    refused = await house.post("secretary", f"{here}/convert", meeting=str(meeting.id), reason="")
    assert refused.status_code == 422
    page = await house.act(
        "secretary", f"{here}/convert", meeting=str(meeting.id), reason="Cần bàn trực tiếp"
    )
    assert "Cần bàn trực tiếp" in page
    async with house.store.reading() as reading:
        assert (
            await reading.session.scalar(select(Item.title).where(Item.meeting_id == meeting.id)) == QUESTION
        )
