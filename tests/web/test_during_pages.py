"""The pages of a running meeting, as a browser without scripts uses them, and as htmx does."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import select

from meetings.council.sign_in import begin_sign_in
from meetings.during import proceedings, voting
from meetings.storage.tables import Account, Item, Meeting, Poll, RollEntry
from meetings.storage.unit_of_work import Store
from meetings.web.request import COOKIE, LANGUAGE_COOKIE
from tests.support.council import (
    Council,
    Sitting,
    begin_poll,
    begin_sitting,
    make_council,
    publish_sitting,
    seat,
)

HTMX = {"hx-request": "true", "hx-request-type": "partial"}


@dataclass
class House:
    """The program in this process and the browsers of its people."""

    app: Any
    council: Council
    browsers: AsyncExitStack
    opened: dict[str, httpx.AsyncClient] = field(default_factory=dict[str, httpx.AsyncClient])

    @property
    def store(self) -> Store:
        store: Store = self.app.state.house.store
        return store

    async def browser(self, login: str, language: str = "en") -> httpx.AsyncClient:
        """Signed in, speaking English, with a form token; it does not follow redirects."""
        if login + language not in self.opened:
            async with self.store.work() as work:
                account = await work.session.scalar(select(Account).where(Account.login == login))
                assert account is not None
                secret = await begin_sign_in(work, account)
            client = httpx.AsyncClient(
                transport=httpx.ASGITransport(self.app), base_url="http://testserver",
                cookies={COOKIE: secret, LANGUAGE_COOKIE: language},
            )  # fmt: skip
            await self.browsers.enter_async_context(client)
            await client.get("/")
            self.opened[login + language] = client
        return self.opened[login + language]

    async def get(self, login: str, address: str, **headers: str) -> httpx.Response:
        return await (await self.browser(login)).get(address, headers=headers)

    async def read(self, login: str, address: str) -> str:
        """The page's main part as words; fails unless it is a page."""
        answer = await self.get(login, address)
        assert answer.status_code == 200, answer.text
        return words(answer.text)

    async def post(
        self, login: str, address: str, headers: dict[str, str] | None = None, **form: str
    ) -> httpx.Response:
        browser = await self.browser(login)
        data = {"_csrf_token": browser.cookies["meetings_form"], **form}
        return await browser.post(address, data=data, headers=headers)

    async def act(self, login: str, address: str, **form: str) -> str:
        """Press a button: the answer is a redirect, whose page is returned."""
        answer = await self.post(login, address, None, **form)
        assert answer.status_code == 303, answer.text
        return await self.read(login, answer.headers["location"])


def words(html: str) -> str:
    main = html[html.index("<main") :] if "<main" in html else html
    main = re.sub(r"<template.*?</template>", " ", main, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


@pytest.fixture
async def house(sqlite_database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    from meetings.app import create_app
    from meetings.settings import read_settings

    settings = {"MEETINGS_DATA_DIR": str(tmp_path), "MEETINGS_DATABASE_URL": sqlite_database_url}
    app = create_app(read_settings(settings))
    running = app.state.house
    running.realtime.start()  # takes the ballots; the lifespan belongs to one task, a fixture has two
    async with AsyncExitStack() as browsers:
        yield House(app, await make_council(running.store), browsers)
    await running.realtime.stop()
    await running.store.close()


@pytest.fixture
async def sitting(house: House) -> Sitting:
    return await begin_sitting(house.store, house.council, text="Điều 1. Điều chỉnh dự toán.")


async def poll_of(house: House, poll: UUID) -> Poll:
    async with house.store.reading() as reading:
        return await reading.get(Poll, poll)


async def only_poll(house: House) -> UUID:
    async with house.store.reading() as reading:
        return (await reading.session.scalars(select(Poll.id))).one()


PAGES = ("room", "room/stage", "room/ballot", "live", "screen", "screen/now")
CHAIRS = ("chair", "chair/board", "chair/missing")
ROLLS = ("attendance", "attendance/grid")


@pytest.mark.parametrize(
    ("login", "pages", "others"),
    [
        ("delegate01", PAGES, CHAIRS + ROLLS),
        ("observer", PAGES, CHAIRS + ROLLS),
        ("secretary", PAGES + ROLLS, CHAIRS),
        ("delegate00", PAGES + CHAIRS + ROLLS, ()),
        ("officer", (), PAGES + CHAIRS + ROLLS),
        ("stranger", (), PAGES + CHAIRS + ROLLS),
        ("foreign-secretary", (), PAGES + CHAIRS + ROLLS),
    ],
)
async def test_each_role_sees_its_pages(
    house: House, sitting: Sitting, login: str, pages: tuple[str, ...], others: tuple[str, ...]
) -> None:
    for page in pages:
        answer = await house.get(login, f"/meetings/{sitting.meeting}/{page}")
        assert answer.status_code == 200, page
    for page in others:
        answer = await house.get(login, f"/meetings/{sitting.meeting}/{page}")
        assert answer.status_code in (403, 404), page
        assert "Điều chỉnh dự toán" not in answer.text


async def test_strangers_are_sent_to_sign_in(house: House, sitting: Sitting) -> None:
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(house.app), base_url="http://testserver"
    ) as nobody:
        answer = await nobody.get(f"/meetings/{sitting.meeting}/room")
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/sign-in?next=")
        assert (await nobody.get("/no-such-page")).status_code == 404


async def test_acts_of_the_chair_are_for_the_chair(house: House, sitting: Sitting) -> None:
    poll = await begin_poll(house.store, house.council, sitting)
    for address in (
        f"/meetings/{sitting.meeting}/adjourn",
        f"/items/{sitting.item}/conclude",
        f"/items/{sitting.item}/polls",
        f"/polls/{poll}/close",
        f"/polls/{poll}/annul",
    ):
        for login in ("delegate01", "secretary", "foreign-secretary"):
            answer = await house.post(login, address, reason="none")
            assert answer.status_code == 403, (login, address)
    person = house.council["delegate02"].person
    refused = await house.post("delegate01", f"/meetings/{sitting.meeting}/attendance/{person}", state="out")
    assert refused.status_code == 403
    assert (await poll_of(house, poll)).state == "open"


async def test_a_form_without_its_token_changes_nothing(house: House, sitting: Sitting) -> None:
    browser = await house.browser("delegate00")
    answer = await browser.post(f"/meetings/{sitting.meeting}/adjourn")
    assert answer.status_code == 403


async def test_a_meeting_from_the_cockpit_with_plain_forms(house: House) -> None:
    sitting = await publish_sitting(house.store, house.council)
    chair, room, screen = [f"/meetings/{sitting.meeting}/{page}" for page in ("chair", "room", "screen")]
    await seat(house.store, house.council, sitting.meeting, 5)
    assert "There is no quorum: 5 present, 6 needed." in await house.read("delegate00", chair)
    assert "1 more member needed for the quorum" in await house.read("observer", screen)
    refused = await house.post("delegate00", f"/meetings/{sitting.meeting}/call-to-order")
    assert refused.status_code == 409
    assert "There is no quorum" in refused.text
    await house.act("delegate06", f"/meetings/{sitting.meeting}/check-in")
    await seat(house.store, house.council, sitting.meeting, 8)
    page = await house.act("delegate00", f"/meetings/{sitting.meeting}/call-to-order")
    assert "Item 1 is taken up: Khai mạc" in page
    async with house.store.reading() as reading:
        first = (await reading.session.scalars(select(Item).where(Item.number == "1"))).one()
    page = await house.act("delegate00", f"/items/{first.id}/take-up")
    assert "Item 1 is concluded, and item 2 is taken up" in page
    page = await house.act("delegate00", f"/items/{sitting.item}/take-up")
    assert "Choose how the motion is decided." in page
    page = await house.act(
        "delegate00", f"/items/{sitting.item}/polls", motion=str(sitting.motion), rule="hdnd-resolution"
    )
    assert "8 members get a ballot; 5 votes in favour are needed of 9 seats." in page
    assert "No vote at the moment" in await house.read("delegate01", room)
    poll = await only_poll(house)
    page = await house.act("delegate00", f"/polls/{poll}/open")
    assert "Closing is final." in page
    assert "Not voted yet" in page
    assert "Đại Biểu 01" in page
    assert "5 of 9 seats in favour needed" in await house.read("observer", screen)
    for number in range(6):
        await house.act(
            f"delegate{number:02}",
            f"/polls/{poll}/ballots",
            choice="yes" if number < 5 else "no",
            key=str(uuid4()),
        )
    page = await house.read("delegate00", chair)
    assert "6 of 8 ballots cast" in page
    assert "Đại Biểu 01" not in page
    assert "6 of 8 ballots cast" in await house.read("observer", screen)
    page = await house.act("delegate00", f"/polls/{poll}/close")
    assert "Not announced yet" in page
    assert "Adopted: 5 of 9 seats in favour (55.56%)" in page
    assert "the motion becomes a draft resolution" in page
    for login, address in (("delegate01", room), ("observer", screen), ("secretary", room)):
        before = await house.read(login, address)
        assert "The vote is closed" in before, login
        assert "Adopted" not in before, login
    await house.act("delegate00", f"/polls/{poll}/announce")
    for login, address in (("delegate01", room), ("observer", screen), ("secretary", room)):
        assert "Adopted: 5 of 9 seats in favour (55.56%)" in await house.read(login, address), login
    assert "Your vote: In favour" in await house.read("delegate01", room)
    page = await house.read("delegate00", chair)
    assert "Every item has been dealt with." in page
    page = await house.act("delegate00", f"/meetings/{sitting.meeting}/adjourn")
    assert "The meeting is adjourned" in page
    assert "The meeting is adjourned" in await house.read("observer", screen)


async def test_a_ballot_without_scripts(house: House, sitting: Sitting) -> None:
    poll = await begin_poll(house.store, house.council, sitting)
    room = await house.get("delegate01", f"/meetings/{sitting.meeting}/room")
    form = re.search(
        r'<form class="ballot__form" action="([^"]+)" method="post".*?</form>', room.text, re.DOTALL
    )
    assert form
    assert form[1] == f"/polls/{poll}/ballots"
    key = re.search(r'name="key" value="([^"]+)"', form[0])
    token = re.search(r'name="_csrf_token" value="([^"]+)"', form[0])
    assert key
    assert token
    assert set(re.findall(r'name="choice" value="([^"]+)"', form[0])) == {"yes", "no", "abstain"}
    browser = await house.browser("delegate01")
    ballot = {"choice": "abstain", "key": key[1], "_csrf_token": token[1]}
    answer = await browser.post(form[1], data=ballot)
    assert answer.status_code == 303
    assert (await browser.post(form[1], data=ballot)).status_code == 303, "pressing twice counts once"
    page = await house.read("delegate01", answer.headers["location"])
    async with house.store.reading() as reading:
        line = await reading.session.get(RollEntry, (poll, house.council["delegate01"].person))
    assert line is not None
    assert str(line.receipt) in page
    assert "Your vote: Abstain" in page
    assert "ballot__form" not in (await house.get("delegate01", f"/meetings/{sitting.meeting}/room")).text
    again = await house.post("delegate01", form[1], choice="yes", key=str(uuid4()))
    assert again.status_code == 409
    assert "already counted" in again.text


async def test_a_ballot_when_the_socket_is_down(house: House, sitting: Sitting) -> None:
    poll = await begin_poll(house.store, house.council, sitting)
    asks = {"accept": "application/json"}
    answer = await house.post("delegate01", f"/polls/{poll}/ballots", asks, choice="yes", key=str(uuid4()))
    assert answer.json()["counted"] is True
    assert set(answer.json()) == {"counted", "at", "receipt"}
    answer = await house.post(
        "delegate02", f"/polls/{poll}/ballots", asks, choice="perhaps", key=str(uuid4())
    )
    assert answer.json()["refused"] == "choice-unknown"
    browser = await house.browser("delegate03")
    answer = await browser.post(
        f"/polls/{poll}/ballots", data={"choice": "yes", "key": str(uuid4())}, headers=asks
    )
    assert answer.json()["refused"] == "form-expired"


async def test_the_desk_says_why_there_is_no_ballot(house: House) -> None:
    sitting = await begin_sitting(house.store, house.council, present=7)
    await begin_poll(house.store, house.council, sitting, secret=True)
    room = f"/meetings/{sitting.meeting}/room"
    absent = await house.read("delegate08", room)
    assert "You were not recorded as present when this vote was opened." in absent
    assert "You are not recorded as present." in absent
    assert "Ballots go to the members of the body." in await house.read("secretary", room)
    assert "secret vote" in await house.read("delegate01", room)
    await house.act("delegate08", f"/meetings/{sitting.meeting}/check-in")
    later = await house.read("delegate08", room)
    assert "You were not recorded as present when this vote was opened." in later
    assert "You are recorded as present" in later


async def test_a_secret_vote_shows_no_choice_afterwards(house: House, sitting: Sitting) -> None:
    poll = await begin_poll(house.store, house.council, sitting, secret=True)
    await house.act("delegate01", f"/polls/{poll}/ballots", choice="no", key=str(uuid4()))
    desk = await house.read("delegate01", f"/meetings/{sitting.meeting}/room/ballot")
    assert "Counted" in desk
    assert "Your vote" not in desk


async def test_shared_parts_are_the_same_bytes_for_all_and_know_their_version(
    house: House, sitting: Sitting
) -> None:
    poll = await begin_poll(house.store, house.council, sitting)
    for part in ("room/stage", "live", "screen/now"):
        address = f"/meetings/{sitting.meeting}/{part}"
        answers = [
            await house.get(login, address) for login in ("delegate00", "delegate01", "observer", "secretary")
        ]
        assert len({answer.content for answer in answers}) == 1
        chair, _, _, secretary = (answer.headers["etag"] for answer in answers)
        assert chair == secretary, "who sees the same agenda is sent the same bytes"
        for secret in ("csrf", "key", "Đại Biểu", "Thư Ký", "Quan Sát"):
            assert secret not in answers[0].text
        etag = answers[1].headers["etag"]
        again = await house.get("delegate02", address, **{"if-none-match": etag})
        assert (again.status_code, again.content) == (304, b"")
        vietnamese = await (await house.browser("delegate01", "vi")).get(address)
        assert vietnamese.headers["etag"] != etag
    screen = f"/meetings/{sitting.meeting}/screen/now"
    etag = (await house.get("observer", screen)).headers["etag"]
    await house.act("delegate01", f"/polls/{poll}/ballots", choice="no", key=str(uuid4()))
    fresh = await house.get("observer", screen, **{"if-none-match": etag})
    assert fresh.status_code == 200
    assert "1 of 9 ballots cast" in words(fresh.text)
    desk = await house.get("delegate01", f"/meetings/{sitting.meeting}/room/ballot")
    assert desk.headers["cache-control"] == "no-store"
    assert "etag" not in desk.headers


async def test_the_second_of_two_chairs_is_told(house: House, sitting: Sitting) -> None:
    poll = await begin_poll(house.store, house.council, sitting)
    first = await house.post("delegate00", f"/polls/{poll}/close", HTMX)
    assert first.status_code == 200
    assert 'id="cockpit"' in first.text
    assert "<html" not in first.text
    second = await house.post("delegate00", f"/polls/{poll}/close", HTMX)
    assert second.status_code == 409
    assert second.headers["hx-reswap"] == "none"
    toast = json.loads(second.headers["hx-trigger"])["toast"]
    assert toast["kind"] == "bad"
    assert toast["text"] == "This cannot be done now: the state is “closed”."


async def test_items_are_set_aside_with_a_reason(house: House, sitting: Sitting) -> None:
    async with house.store.reading() as reading:
        other = (await reading.session.scalars(select(Item).where(Item.number == "1"))).one()
    page = await house.act("delegate00", f"/items/{other.id}/postpone", reason="Chờ báo cáo")
    assert "Postponed" in page
    page = await house.act("delegate00", f"/items/{sitting.item}/withdraw", reason="Người trình rút")
    assert "Withdrawn" in page
    assert "No item is in hand" in page


async def test_annulling_asks_for_a_reason_and_another_vote_may_follow(
    house: House, sitting: Sitting
) -> None:
    poll = await begin_poll(house.store, house.council, sitting)
    assert (await house.post("delegate00", f"/polls/{poll}/annul", reason=" ")).status_code == 422
    page = await house.act("delegate00", f"/polls/{poll}/annul", reason="Nhầm câu hỏi")
    assert "Choose how the motion is decided." in page
    assert "No vote at the moment" in await house.read("delegate01", f"/meetings/{sitting.meeting}/room")
    page = await house.act(
        "delegate00", f"/items/{sitting.item}/polls", title="Câu hỏi khác", rule="plurality", secret="yes"
    )
    assert "Câu hỏi khác" in page
    assert "secret vote" in page
    assert "if all vote and none abstains" in page
    wrong = await house.post("delegate00", f"/items/{sitting.item}/polls", title="Sai", rule="no-such-rule")
    assert wrong.status_code == 422


async def test_recess_and_resume(house: House, sitting: Sitting) -> None:
    chair = f"/meetings/{sitting.meeting}"
    assert "The meeting is in recess" in await house.act("delegate00", f"{chair}/recess")
    for page in ("room", "screen"):
        assert "The meeting is in recess" in await house.read("observer", f"{chair}/{page}")
    assert "in recess" not in await house.act("delegate00", f"{chair}/resume")


async def test_the_roll_is_kept_name_by_name(house: House, sitting: Sitting) -> None:
    roll = f"/meetings/{sitting.meeting}/attendance"
    person = house.council["delegate03"].person
    assert "9 of 9 present" in await house.read("secretary", roll)
    cell = await house.post("secretary", f"{roll}/{person}", HTMX, state="excused")
    assert cell.status_code == 200
    assert f'id="person-{person}"' in cell.text
    assert "Excused" in words(cell.text)
    assert "<html" not in cell.text
    plain = await house.post("secretary", f"{roll}/{person}", state="remote")
    assert plain.headers["location"] == f"{roll}#person-{person}"
    assert "9 of 9 present" in await house.read("secretary", roll)
    wrong = await house.post("secretary", f"{roll}/{person}", state="asleep")
    assert wrong.status_code == 422
    outsider = await house.post("secretary", f"{roll}/{house.council['stranger'].person}", state="in")
    assert outsider.status_code == 409
    async with house.store.work() as work:
        await proceedings.adjourn(work, house.council["chair"], sitting.meeting)
    over = await house.get("secretary", roll)
    assert "The roll is closed" in words(over.text)
    assert "person__acts" not in over.text


async def test_long_titles_and_marks_are_shown_as_written(house: House) -> None:
    title = "<b>Tờ trình</b> & " + "điều chỉnh kế hoạch đầu tư công trung hạn " * 5
    sitting = await begin_sitting(house.store, house.council)
    async with house.store.work() as work:
        item = await work.get(Item, sitting.item)
        item.title = title.strip()
    for page in ("room", "screen", "chair"):
        answer = await house.get("delegate00", f"/meetings/{sitting.meeting}/{page}")
        assert "&lt;b&gt;Tờ trình&lt;/b&gt; &amp;" in answer.text
        assert "<b>Tờ trình" not in answer.text


async def test_the_numbers_are_the_same_everywhere(house: House, sitting: Sitting) -> None:
    poll = await begin_poll(house.store, house.council, sitting)
    for number, choice in enumerate(["yes", "yes", "yes", "yes", "yes", "no", "abstain"]):
        await house.act(f"delegate{number:02}", f"/polls/{poll}/ballots", choice=choice, key=str(uuid4()))
    for use_case in (voting.close_poll, voting.announce_outcome):
        async with house.store.work() as work:
            await use_case(work, house.council["chair"], poll)
    shown = [
        re.findall(
            r'data-number="(\w+)">(\d+)<',
            (await house.get("delegate00", f"/meetings/{sitting.meeting}/{page}")).text,
        )
        for page in ("room/ballot", "screen/now", "chair/board")
    ]
    assert (
        shown[0] == shown[1] == shown[2] == [("yes", "5"), ("no", "1"), ("abstain", "1"), ("not_cast", "2")]
    )
    async with house.store.reading() as reading:
        assert (await reading.get(Meeting, sitting.meeting)).state == "in_session"
