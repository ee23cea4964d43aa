"""Who sees which item, everywhere: common, internal and hidden ones before every audience, on every surface."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import select

from meetings.after.minutes import edit_minutes
from meetings.app import create_app
from meetings.before.agenda import add_item, change_item, show_item
from meetings.before.paper_access import set_access
from meetings.before.papers import Checked, lay_paper, open_paper
from meetings.before.scheduling import open_to_public, publish_meeting, schedule_meeting
from meetings.before.supplements import issue_supplement, supplements_of
from meetings.during.amendments import reword_motion
from meetings.during.ballot_box import BallotBox
from meetings.during.consent import draft_consent
from meetings.during.drafting import draft_poll
from meetings.during.motions import move_motion, withdraw_motion
from meetings.during.opening import open_poll
from meetings.during.proceedings import adjourn, call_to_order, take_up
from meetings.during.recusals import declare_recusal
from meetings.during.seating import ready_made, save_plan
from meetings.during.voting import announce_outcome, annul_poll, close_poll
from meetings.rules.paper_access import Access
from meetings.rules.permissions import Actor
from meetings.rules.refusals import Refused
from meetings.rules.seating import as_data
from meetings.settings import read_settings
from meetings.storage.tables import Item, Meeting, Minutes, Motion, Resolution
from meetings.storage.unit_of_work import Store, Work
from tests.support.council import Council, make_council, seat

TITLES = {
    "common": "Xây trường mầm non",
    "internal": "Nhân sự phòng Nội vụ",
    "hidden": "Chương trình văn nghệ",
}
SEES = {
    "secretary": {"common", "internal", "hidden"},
    "delegate00": {"common", "internal", "hidden"},
    "delegate01": {"common", "internal"},
    "observer": {"common"},
    "": {"common"},
}
"""Who sees what; the chair is delegate00, nobody is the public."""
LISTS = ("", "/agenda/text", "/screen?show=agenda", "api items", "public", "papers")
"""Surfaces that show the whole agenda to whom they are open."""
FOR_ALL = ("/screen?show=agenda", "/screen?show=now", "/screen/now?show=agenda", "public", "public now")


class Hall:
    """A public meeting with an item of each kind, each with a paper and a motion."""

    def __init__(self, store: Store, council: Council) -> None:
        self.store, self.council = store, council
        self.meeting = UUID(int=0)
        self.items: dict[str, UUID] = {}
        self.papers: dict[str, UUID] = {}

    async def build(self) -> None:
        secretary = self.council["secretary"]
        async with self.store.work() as work:
            held = await schedule_meeting(
                work, secretary, body=self.council.body, title="Phiên họp", starts="2026-11-24T08:00"
            )
            self.meeting = held.id
            for kind, title in TITLES.items():
                item = await add_item(
                    work, secretary, held.id, title=title, visibility=kind, text=f"Về việc {title}"
                )
                self.items[kind] = item.id
                kept = Checked(f"{title}.pdf", await self.store.files.put(b"%PDF-1.7"), 8, 1)
                version = await lay_paper(work, secretary, item.id, kept, title=f"Tờ trình {title}")
                self.papers[kind] = version.paper_id
                await move_motion(work, secretary, item.id, title=f"Nghị quyết {title}", text=title)
            await publish_meeting(work, secretary, held.id)
            await open_to_public(work, secretary, held.id, public=True)

    async def turn_to(self, kind: str) -> None:
        await seat(self.store, self.council, self.meeting, 3)
        async with self.store.work() as work:
            await call_to_order(work, self.council["chair"], self.meeting)
            await take_up(work, self.council["chair"], self.items[kind])


@pytest.fixture
async def hall(store: Store) -> Hall:
    found = Hall(store, await make_council(store, seats=3))
    await found.build()
    return found


@pytest.fixture
async def clients(store: Store, hall: Hall, tmp_path: Path) -> AsyncIterator[dict[str, httpx.AsyncClient]]:
    settings = read_settings({"MEETINGS_DATA_DIR": str(tmp_path), "MEETINGS_SECRET_KEY": "x" * 32})
    app: Any = create_app(settings, store)
    async with AsyncExitStack() as stack:
        made: dict[str, httpx.AsyncClient] = {}
        for login in SEES:
            headers = {"authorization": f"Bearer {hall.council.tokens[login]}"} if login else {}
            client = httpx.AsyncClient(
                transport=httpx.ASGITransport(app), base_url="http://testserver", headers=headers,
                cookies={"meetings_language": "en"}, follow_redirects=True,
            )  # fmt: skip
            made[login] = await stack.enter_async_context(client)
        yield made


def _told(text: str) -> set[str]:
    """Which of the items a text tells of, by their titles, papers or motions."""
    return {kind for kind, title in TITLES.items() if title in text}


async def _read(client: httpx.AsyncClient, hall: Hall, surface: str) -> tuple[int, str]:
    at = f"/meetings/{hall.meeting}"
    address = {
        "api items": f"/api/v1{at}/items",
        "api journal": f"/api/v1{at}/journal?limit=200",
        "api supplements": f"/api/v1{at}/supplements",
        "api minutes": f"/api/v1{at}/minutes",
        "api minutes.pdf": f"/api/v1{at}/minutes.pdf",
        "resolutions": "/resolutions",
        "resolutions found": "/resolutions?q=Nghị",
        "api resolutions": "/api/v1/resolutions",
        "public": f"/public/{hall.meeting}",
        "public now": f"/public/{hall.meeting}/now",
        "papers": "/papers",
    }.get(surface, f"{at}{surface}")
    response = await client.get(address)
    return response.status_code, response.text


EVERYWHERE = (
    *LISTS, "/screen?show=now", "/screen/now?show=agenda", "/room", "/room/stage", "/room/ballot", "/live",
    "/journal", "api journal", "/questions", "/supplements", "api supplements", "/motions", "public now",
)  # fmt: skip


async def _nobody_hears_more(hall: Hall, clients: dict[str, httpx.AsyncClient]) -> None:
    for login, seen in SEES.items():
        for surface in EVERYWHERE:
            status, text = await _read(clients[login], hall, surface)
            allowed = {"common"} if surface in FOR_ALL else seen
            assert status < 500, (login, surface)
            assert _told(text) <= allowed, (login, surface)
            if surface in LISTS and (login or surface == "public"):
                assert status == 200, (login, surface)
                assert _told(text) == allowed, (login, surface)


async def test_before_the_meeting_nobody_sees_more_than_is_for_him(
    hall: Hall, clients: dict[str, httpx.AsyncClient]
) -> None:
    await _nobody_hears_more(hall, clients)
    status, text = await _read(clients["delegate01"], hall, "/agenda/text")
    assert (status, "Internal" in text) == (200, True)


async def test_while_an_internal_item_is_in_hand_the_room_is_for_members(
    hall: Hall, clients: dict[str, httpx.AsyncClient]
) -> None:
    await hall.turn_to("internal")
    await _nobody_hears_more(hall, clients)
    for login, status in {"delegate01": 200, "secretary": 200, "observer": 409}.items():
        for surface in ("/room", "/room/stage", "/room/ballot"):
            assert (await _read(clients[login], hall, surface))[0] == status, (login, surface)
    assert "Internal item" in (await _read(clients["observer"], hall, "/screen?show=now"))[1]
    assert TITLES["internal"] in (await _read(clients["delegate01"], hall, "/live"))[1]
    assert "Item 2" in (await _read(clients["observer"], hall, "/live"))[1]


async def test_a_common_item_in_hand_is_for_everybody(
    hall: Hall, clients: dict[str, httpx.AsyncClient]
) -> None:
    await hall.turn_to("common")
    await _nobody_hears_more(hall, clients)
    for login in ("delegate01", "secretary", "observer"):
        status, text = await _read(clients[login], hall, "/room/stage")
        assert (status, _told(text)) == (200, {"common"})


async def test_items_motions_and_papers_cannot_be_asked_for_one_by_one(
    hall: Hall, clients: dict[str, httpx.AsyncClient]
) -> None:
    for login, seen in SEES.items():
        if not login:
            continue
        for kind, paper in hall.papers.items():
            status = (await clients[login].get(f"/api/v1/papers/{paper}")).status_code
            assert status == (200 if kind in seen else 404), (login, kind)
            actor = hall.council[login]
            assert await _opens(hall, actor, paper) == (kind in seen)
            wanted = f"/api/v1/items/{hall.items[kind]}/attendance"
            assert ((await clients[login].get(wanted)).status_code != 404) == (kind in seen)


async def test_motions_and_recusals_are_refused_on_items_that_one_does_not_see(
    hall: Hall, clients: dict[str, httpx.AsyncClient]
) -> None:
    async with hall.store.reading() as reading:
        rows = await reading.session.scalars(select(Motion).where(Motion.meeting_id == hall.meeting))
        motions = {row.item_id: row.id for row in rows}
    for login, seen in SEES.items():
        if not login:
            continue
        for kind, item in hall.items.items():
            motion, actor = motions[item], hall.council[login]
            form = f"/items/{item}/motions/new"
            for address in (form, f"{form}?amends={motion}", f"/motions/{motion}/reword"):
                response = await clients[login].get(address)
                assert response.status_code == (200 if kind in seen else 404), (login, kind, address)
                assert kind in seen or not _told(response.text), (login, kind, address)
            sent = {"title": "Sửa", "text": "Sửa", "reason": "Bà con"}
            for address, body in (
                (f"/items/{item}/motions", {"title": "Sửa"}), (f"/motions/{motion}/reword", {"text": "Sửa"}),
                (f"/items/{item}/recusals", {"reason": "Bà con"}),
            ):  # fmt: skip
                if kind not in seen:
                    response = await clients[login].post(f"/api/v1{address}", json=body)
                    assert (response.status_code, _told(response.text)) == (404, set()), (
                        login,
                        kind,
                        address,
                    )
            for address in (form, f"/motions/{motion}/reword", f"/items/{item}/recusals"):
                if kind not in seen:
                    response = await clients[login].post(address, data=sent)
                    assert (response.status_code, _told(response.text)) == (404, set()), (
                        login,
                        kind,
                        address,
                    )
            acts: tuple[Callable[[Work], Awaitable[object]], ...] = (
                lambda work, actor=actor, item=item: move_motion(work, actor, item, title="Sửa"),
                lambda work, actor=actor, motion=motion: reword_motion(work, actor, motion, text="Sửa"),
                lambda work, actor=actor, item=item: declare_recusal(work, actor, item),
            )
            for act in acts:
                assert ((await _refusal(hall, act)) == "not-found") == (kind not in seen), (login, kind)


async def _refusal(hall: Hall, act: Callable[[Work], Awaitable[object]]) -> str:
    try:
        async with hall.store.work() as work:
            await act(work)
    except Refused as refusal:
        return refusal.code
    return ""


async def _opens(hall: Hall, actor: Actor, paper: UUID) -> bool:
    async with hall.store.reading() as reading:
        try:
            await open_paper(reading, actor, paper)
        except Refused:
            return False
    return True


async def test_a_hidden_item_is_not_taken_up_and_has_a_number_only_when_shown(hall: Hall) -> None:
    secretary, chair = hall.council["secretary"], hall.council["chair"]
    await hall.turn_to("common")
    async with hall.store.work() as work:
        with pytest.raises(Refused) as refusal:
            await take_up(work, chair, hall.items["hidden"])
    assert refusal.value.code == "item-hidden"
    async with hall.store.work() as work:
        with pytest.raises(Refused) as refusal:
            await show_item(work, secretary, hall.items["internal"], visibility="hidden")
    assert refusal.value.code == "item-known"
    async with hall.store.work() as work:
        assert (await work.get(Item, hall.items["hidden"])).number == ""
        assert (await show_item(work, secretary, hall.items["hidden"], visibility="common")).number == "3"


async def test_what_stands_below_is_narrowed_with_an_item_and_never_shown_by_it(hall: Hall) -> None:
    secretary = hall.council["secretary"]

    async def seen(**shown: str) -> dict[str, str]:
        async with hall.store.work() as work:
            for kind, visibility in shown.items():
                await show_item(work, secretary, made[kind], visibility=visibility)
        async with hall.store.reading() as reading:
            return {kind: (await reading.get(Item, item)).visibility for kind, item in made.items()}

    made: dict[str, UUID] = {}
    async with hall.store.work() as work:
        draft = await schedule_meeting(
            work, secretary, body=hall.council.body, title="Dự thảo", starts="2026-11-25T08:00"
        )
        above = made["above"] = (await add_item(work, secretary, draft.id, title="Trên")).id
        for kind in TITLES:
            made[kind] = (
                await add_item(work, secretary, draft.id, title=kind, parent=above, visibility=kind)
            ).id
    below = {"internal": "internal", "hidden": "hidden"}
    assert await seen(above="internal") == {"above": "internal", "common": "internal", **below}
    assert await seen(above="hidden") == dict.fromkeys(made, "hidden")
    assert await seen(above="common") == {**dict.fromkeys(made, "hidden"), "above": "common"}
    async with hall.store.work() as work:
        await publish_meeting(work, secretary, draft.id)
    shown = await seen(common="common")
    assert shown == {"above": "common", "common": "common", "internal": "hidden", "hidden": "hidden"}


async def test_supplements_tell_each_reader_only_of_what_he_sees(hall: Hall) -> None:
    secretary = hall.council["secretary"]
    async with hall.store.work() as work:
        for item in hall.items.values():
            await change_item(work, secretary, item, presenter="Bà Lan")
        below = await add_item(work, secretary, hall.meeting, title="Điểm con", parent=hall.items["internal"])
    assert below.visibility == "internal"
    async with hall.store.reading() as reading:
        held = await reading.get(Meeting, hall.meeting)
        told = {
            login: [
                (change.kind, change.title)
                for view in await supplements_of(reading, hall.council[login], held)
                for change in view.changes
            ]
            for login in SEES
            if login
        }
    both = [("changed", TITLES["common"]), ("changed", TITLES["internal"]), ("added", "Điểm con")]
    assert told["secretary"] == told["delegate01"] == both
    assert told["observer"] == both[:1]


async def test_what_came_of_an_internal_item_is_told_to_the_members(
    hall: Hall, clients: dict[str, httpx.AsyncClient]
) -> None:
    chair, item = hall.council["chair"], hall.items["internal"]
    async with hall.store.work() as work:
        plan = as_data(await ready_made(work, hall.council.body, layout="hemicycle"))
        await save_plan(work, hall.council["secretary"], hall.council.body, place="", plan=plan)
    await hall.turn_to("internal")
    async with hall.store.work() as work:
        motions = {row.item_id: row.id for row in await work.session.scalars(select(Motion))}
        whole, together = motions[item], [motions[item], motions[hall.items["common"]]]
    assert (
        await _refusal(hall, lambda work: draft_consent(work, chair, hall.meeting, together))
        == "consent-mixed"
    )
    async with hall.store.work() as work:
        changed = await move_motion(
            work, hall.council["secretary"], item, title="Sửa", text="Đổi chữ", amends=whole
        )
        poll = await draft_poll(work, chair, item, motion=changed.id)
        await open_poll(work, chair, poll.id)
    await _nobody_hears_more(hall, clients)
    for login in ("secretary", "delegate01", "observer"):
        for surface in ("/screen?show=seats", "/screen/now?show=seats", "/seats"):
            status, text = await _read(clients[login], hall, surface)
            assert (status, "In the room" in text, "Has voted" in text) == (200, True, False), (
                login,
                surface,
            )
        assert "Đổi chữ" not in (await _read(clients[login], hall, "/screen?show=poll"))[1]
        own = (await _read(clients[login], hall, "/seats?own=yes"))[1]
        assert ("Has voted" in own) == (login != "observer"), login
    async with hall.store.work() as work:
        await annul_poll(work, chair, poll.id, reason="X")
        await withdraw_motion(work, chair, changed.id, reason="X")
        poll = await draft_poll(work, chair, item, motion=whole)
        await open_poll(work, chair, poll.id)
    box = BallotBox(hall.store)
    box.open()
    for delegate in hall.council.delegates:
        await box.cast(delegate, poll.id, "yes", str(uuid4()))
    await box.shut()
    async with hall.store.work() as work:
        await close_poll(work, chair, poll.id)
        await announce_outcome(work, chair, poll.id)
    async with hall.store.reading() as reading:
        resolution = (await reading.session.scalars(select(Resolution.id))).one()
    for login in ("secretary", "delegate01", "observer"):
        told = {"internal"} & SEES[login]
        for surface in ("resolutions", "resolutions found", "api resolutions"):
            status, text = await _read(clients[login], hall, surface)
            assert (status, _told(text)) == (200, told), (login, surface)
        for address in (f"/resolutions/{resolution}", f"/api/v1/resolutions/{resolution}"):
            response = await clients[login].get(address)
            assert (response.status_code, _told(response.text)) == (200 if told else 404, told), (
                login,
                address,
            )
    await _the_minutes_are_for_the_members(hall, clients)


async def _the_minutes_are_for_the_members(hall: Hall, clients: dict[str, httpx.AsyncClient]) -> None:
    async with hall.store.work() as work:
        await adjourn(work, hall.council["chair"], hall.meeting)
    async with hall.store.work() as work:
        kept = (await work.session.scalars(select(Minutes))).one()
        words = {"closing": f"Ghi nội bộ: {TITLES['internal']}"}
        await edit_minutes(work, hall.council["secretary"], kept.id, revision=kept.revision, texts=words)
        kept.state = "published"
    for login in ("delegate01", "observer"):
        inside = login == "delegate01"
        for surface in ("/minutes", "api minutes"):
            status, text = await _read(clients[login], hall, surface)
            assert (status, _told(text)) == (200, SEES[login]), (login, surface)
            assert ("Ghi nội bộ" in text) == inside, "an excerpt has none of the secretary’s words"
        for surface in ("/minutes.pdf", "api minutes.pdf"):
            assert (await _read(clients[login], hall, surface))[0] == (200 if inside else 409), (
                login,
                surface,
            )


async def test_papers_are_told_to_their_readers_alone(
    hall: Hall, clients: dict[str, httpx.AsyncClient]
) -> None:
    secretary, item = hall.council["secretary"], hall.items["common"]
    papers = {"common": "Bản vẽ", "internal": "Danh sách hộ dân", "hidden": "Ghi chú thư ký"}
    async with hall.store.work() as work:
        for readers, title in papers.items():
            kept = Checked(f"{readers}.pdf", await hall.store.files.put(b"%PDF-1.7"), 8, 1)
            paper = (await lay_paper(work, secretary, item, kept, title=title)).paper_id
            await set_access(work, secretary, paper, Access(readers=readers))
        await issue_supplement(work, secretary, hall.meeting, reason="X")

    async def told(login: str, surface: str) -> set[str]:
        _, text = await _read(clients[login], hall, surface)
        return {readers for readers, title in papers.items() if title in text}

    lists = ("/supplements", "api supplements", "", "papers", "api items")
    for login in ("secretary", "delegate01", "observer"):
        for surface in lists:
            assert await told(login, surface) == SEES[login], (login, surface)
        for surface in ("/journal", "api journal"):
            assert await told(login, surface) == (SEES[login] if login != "observer" else set()), (
                login,
                surface,
            )
    async with hall.store.work() as work:
        await declare_recusal(work, hall.council["delegate01"], item)
    await hall.turn_to("common")
    for surface in (*lists, "/journal", "api journal"):
        assert await told("delegate01", surface) == set(), surface
        assert await told("secretary", surface) == set(papers), surface
    async with hall.store.work() as work:
        await adjourn(work, hall.council["chair"], hall.meeting)
    for surface in ("/minutes", "api minutes"):
        assert await told("secretary", surface) == set(), "who stands aside reads the same minutes"
