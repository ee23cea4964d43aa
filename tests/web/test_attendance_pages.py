"""The pages of attendance: corrections, the list at the door, the check-in code, substitutes, proxies, recusals."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from meetings.before.papers import Checked, lay_paper
from meetings.during.attendance import Presence, record_attendance
from meetings.during.standing_in import give_proxy
from meetings.storage.tables import Attendance, Body, Proxy, Recusal, Substitution
from tests.support.council import Sitting, begin_poll, begin_sitting, make_council, publish_sitting
from tests.web.test_during_pages import HTMX, House, words


@pytest.fixture
async def house(sqlite_database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    from meetings.app import create_app
    from meetings.settings import read_settings

    settings = {"MEETINGS_DATA_DIR": str(tmp_path), "MEETINGS_DATABASE_URL": sqlite_database_url}
    app = create_app(read_settings(settings))
    running = app.state.house
    running.realtime.start()
    async with AsyncExitStack() as browsers:
        yield House(app, await make_council(running.store), browsers)
    await running.realtime.stop()
    await running.store.close()


async def allow(house: House, **rules: object) -> None:
    async with house.store.work() as work:
        (await work.locked(Body, house.council.body)).room_rules = dict(rules)


async def rows(house: House, person: UUID) -> list[Attendance]:
    async with house.store.reading() as reading:
        found = await reading.session.scalars(
            select(Attendance).where(Attendance.person_id == person).order_by(Attendance.since)
        )
        return list(found)


async def test_the_history_and_a_correction(house: House) -> None:
    sitting = await begin_sitting(house.store, house.council)
    person = house.council["delegate01"].person
    page = f"/meetings/{sitting.meeting}/attendance/{person}"
    grid = await house.get("secretary", f"/meetings/{sitting.meeting}/attendance")
    assert f'href="{page}"' in grid.text
    text = await house.read("secretary", page)
    assert "In the room" in text
    assert "recorded by name" in text
    (entry,) = await rows(house, person)
    form = await house.get("secretary", page)
    since = re.search(
        rf'id="since-{entry.id}"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*id="since-{entry.id}"', form.text
    )
    assert since is not None
    typed = since[1] or since[2]
    wrong = await house.post(
        "secretary", f"{page}/corrections", None, wrong=str(entry.id), state="excused", since=typed, reason=""
    )
    assert wrong.status_code == 422
    text = await house.act(
        "secretary", f"{page}/corrections", wrong=str(entry.id), state="excused", since=typed, reason="Ốm"
    )
    assert "Excused" in text
    assert re.search(r"Struck at \d\d:\d\d by Trần Thị Thư Ký: Ốm", text)
    assert "Excused" in await house.read("secretary", f"/meetings/{sitting.meeting}/attendance")
    old, new = sorted(await rows(house, person), key=lambda row: row.struck_at is None)
    assert new.since == old.since, "typed to the minute, the moment itself is meant"
    part = await house.post("secretary", f"{page}/corrections", HTMX, state="in", since="gestern", reason="x")
    assert part.status_code == 422
    assert "is not a date" in part.text
    for login in ("delegate01", "observer", "foreign-secretary"):
        assert (await house.get(login, page)).status_code in (403, 404)
    journal = await house.read("secretary", f"/meetings/{sitting.meeting}/journal")
    assert "Attendance of Nguyễn Văn Đại Biểu 01 corrected: Absent with excuse" in journal


async def test_the_list_at_the_door(house: House) -> None:
    sitting = await publish_sitting(house.store, house.council)
    address = f"/meetings/{sitting.meeting}/attendance/list"
    text = await house.read("secretary", address)
    assert "Record the list" in text
    first, second, third = (house.council[f"delegate0{number}"].person for number in range(3))
    await house.act(
        "delegate02", f"/meetings/{sitting.meeting}/check-in"
    )  # while the list is being filled in
    fields = {
        f"state-{first}": "in", f"was-{first}": "absent", f"state-{second}": "excused", f"was-{second}": "absent",
        f"state-{third}": "absent", f"was-{third}": "absent",
    }  # fmt: skip
    await house.act("secretary", address, **fields)
    states = [(await rows(house, person))[-1] for person in (first, second, third)]
    assert [(row.state, row.source) for row in states] == [
        ("in", "door"),
        ("excused", "door"),
        ("in", "self"),
    ]
    refused = await house.post("secretary", address, None, **{f"state-{first}": "replaced"})
    assert refused.status_code == 422


async def test_the_code_on_the_screen_and_where_it_leads(house: House) -> None:
    from meetings.rules.arrival import code_of, window_of

    sitting = await publish_sitting(house.store, house.council)
    part = await house.get("observer", f"/meetings/{sitting.meeting}/screen/code")
    assert "<svg" in part.text
    assert "every 15s" in part.text
    again = await house.get("observer", f"/meetings/{sitting.meeting}/screen/code")
    assert part.text == again.text
    async with house.store.reading() as reading:
        minute = window_of(reading.now)
    secret = house.app.state.house.settings.secret_key
    code = code_of(secret, str(sitting.meeting), minute)
    address = f"/meetings/{sitting.meeting}/arrive/{code}"
    assert "Check in" in await house.read("delegate01", address)
    assert "You are recorded as present" in await house.act("delegate01", address)
    assert "You are recorded as present" in await house.read("delegate01", address)
    assert (await rows(house, house.council["delegate01"].person))[0].source == "code"
    old = f"/meetings/{sitting.meeting}/arrive/{code_of(secret, str(sitting.meeting), minute - 5)}"
    for answer in (await house.get("delegate02", old), await house.post("delegate02", old)):
        assert answer.status_code == 409
        assert "Scan the one on the room screen again" in words(answer.text)
    assert "Only members" in words((await house.get("observer", address)).text)
    assert (await house.get("stranger", address)).status_code == 404
    await allow(house, code_check_in=False)
    assert "<svg" not in (await house.get("observer", f"/meetings/{sitting.meeting}/screen/code")).text
    assert "no check-in with a code" in words((await house.get("delegate02", address)).text)


async def test_a_substitute_comes_in(house: House) -> None:
    sitting = await begin_sitting(house.store, house.council)
    room = f"/meetings/{sitting.meeting}/room"
    assert (await house.get("officer", room)).status_code in (403, 404)
    await allow(house, substitutes=True)
    member, officer = house.council["delegate05"], house.council["officer"]
    await house.act("secretary", f"/meetings/{sitting.meeting}/attendance/{member.person}", state="excused")
    page = await house.act(
        "secretary", f"/meetings/{sitting.meeting}/substitutes", member=str(member.person),
        substitute=str(officer.person),
    )  # fmt: skip
    assert f"{member.name} → {officer.name}" in page
    assert "Replaced" in page
    house.opened.clear()
    assert "You are not recorded as present." in await house.read("officer", room)
    await house.act("officer", f"/meetings/{sitting.meeting}/check-in")
    grid = await house.read("secretary", f"/meetings/{sitting.meeting}/attendance")
    assert f"for {member.name}" in grid
    await begin_poll(house.store, house.council, sitting)
    assert "Ballot 1" in await house.read("officer", room)
    assert (await house.get("officer", f"/meetings/{sitting.meeting}")).status_code == 200
    async with house.store.reading() as reading:
        row = (await reading.session.scalars(select(Substitution))).one()
    part = await house.post("secretary", f"/substitutions/{row.id}/end", HTMX)
    assert "Nobody sits in another member" in words(part.text)


async def test_a_proxy_is_given_and_taken_back(house: House) -> None:
    sitting = await begin_sitting(house.store, house.council)
    room = f"/meetings/{sitting.meeting}/room"
    assert "Give a proxy" not in await house.read("delegate01", room)
    await allow(house, proxies=True)
    assert "Give a proxy" in (await house.get("delegate01", room)).text
    holder = house.council["delegate02"]
    answer = await house.post(
        "delegate01",
        f"/meetings/{sitting.meeting}/proxies",
        HTMX,
        holder=str(holder.person),
        **{"from": "room"},
    )
    assert f"{holder.name} casts your ballot while you are away." in words(answer.text)
    assert "You hold the proxy of" in await house.read("delegate02", room)
    waits = 'data-expects="ballot"'
    assert waits in (await house.get("delegate03", f"{room}/ballot")).text
    assert waits not in (await house.get("delegate02", f"{room}/ballot")).text, "two ballots are asked for"
    grid = await house.read("secretary", f"/meetings/{sitting.meeting}/attendance")
    assert "Void now" in grid
    await house.act(
        "secretary",
        f"/meetings/{sitting.meeting}/attendance/{house.council['delegate01'].person}",
        state="out",
    )
    assert "Works now" in await house.read("secretary", f"/meetings/{sitting.meeting}/attendance")
    assert f"{house.council['delegate01'].name} → {holder.name}" in await house.read(
        "delegate00", f"/meetings/{sitting.meeting}/chair"
    )
    async with house.store.reading() as reading:
        row = (await reading.session.scalars(select(Proxy))).one()
    await house.act("delegate02", f"/proxies/{row.id}/end", **{"from": "room"})
    assert "Nobody votes for another member" in await house.read(
        "secretary", f"/meetings/{sitting.meeting}/attendance"
    )


async def lay(house: House, sitting: Sitting) -> UUID:
    async with house.store.work() as work:
        sha256 = await house.store.files.put(b"%PDF-1.7 a paper")
        laid = Checked(filename="to-trinh.pdf", sha256=sha256, size=16, pages=1)
        return (await lay_paper(work, house.council["secretary"], sitting.item, laid)).paper_id


async def test_whoever_stands_aside_sees_no_papers_of_the_item(house: House) -> None:
    sitting = await begin_sitting(house.store, house.council, text="Điều 1. Điều chỉnh dự toán.")
    paper = await lay(house, sitting)
    room = f"/meetings/{sitting.meeting}/room"
    assert "to-trinh" in await house.read("delegate01", room)
    before = (await house.get("delegate02", f"{room}/stage")).headers["etag"]
    answer = await house.post(
        "delegate01", f"/meetings/{sitting.meeting}/recusals", HTMX, item=str(sitting.item), reason="cổ đông",
        **{"from": "room"},
    )  # fmt: skip
    assert "You stand aside from item 2." in words(answer.text)
    for address in (room, f"{room}/stage"):
        own = await house.read("delegate01", address)
        assert "You stand aside from this item" in own
        assert "to-trinh" not in own
        assert "Điều chỉnh dự toán." not in own
        assert "to-trinh" in await house.read("delegate02", address)
    stages = {
        login: await house.get(login, f"{room}/stage") for login in ("delegate01", "delegate02", "observer")
    }
    assert stages["delegate02"].text == stages["observer"].text
    tags = {before, *(answer.headers["etag"] for answer in stages.values())}
    assert len(tags) == 4, "before, a member, an observer, who stands aside"
    for address in (f"/papers/{paper}", f"/papers/{paper}/file", f"/api/v1/papers/{paper}/file"):
        assert (await house.get("delegate01", address)).status_code == 409, address
        if address.endswith("file"):
            assert (await house.get("delegate02", address)).status_code == 200, address
    for address in (f"/meetings/{sitting.meeting}", f"/meetings/{sitting.meeting}/agenda/text"):
        assert "to-trinh" in await house.read("delegate02", address)
        own = await house.read("delegate01", address)
        assert "to-trinh" not in own
        assert "You stand aside from this item." in own
    kept = await house.get("delegate02", f"/papers/{paper}/file?version=1")
    assert kept.headers["cache-control"] == "private, no-cache"
    assert (await house.get("delegate01", f"/papers/{paper}/file?version=1")).status_code == 409
    assert "to-trinh" not in await house.read("delegate01", "/papers")
    assert "to-trinh" in await house.read("delegate02", "/papers")
    items = (await house.get("delegate01", f"/api/v1/meetings/{sitting.meeting}/items")).json()["items"]
    assert [item["papers"] for item in items if item["id"] == str(sitting.item)] == [[]]


async def test_the_chair_sets_and_lifts_a_recusal(house: House) -> None:
    sitting = await begin_sitting(house.store, house.council)
    chair = f"/meetings/{sitting.meeting}/chair"
    member = house.council["delegate03"]
    page = await house.act(
        "delegate00", f"/items/{sitting.item}/recusals", person=str(member.person), **{"from": "chair"}
    )
    assert f"Standing aside: {member.name}" in page
    async with house.store.reading() as reading:
        row = (await reading.session.scalars(select(Recusal))).one()
    assert (await house.post("secretary", f"/recusals/{row.id}/lift")).status_code == 403
    poll = await begin_poll(house.store, house.council, sitting)
    refused = await house.post("delegate00", f"/recusals/{row.id}/lift", HTMX, **{"from": "chair"})
    assert refused.status_code == 409
    assert "You stand aside from this item." in await house.read(
        "delegate03", f"/meetings/{sitting.meeting}/room"
    )
    for act in ("close", "announce"):
        await house.act("delegate00", f"/polls/{poll}/{act}")
    board = await house.post("delegate00", f"/recusals/{row.id}/lift", HTMX, **{"from": "chair"})
    assert "Standing aside: nobody" in words(board.text)
    assert member.name in await house.read("delegate00", chair)


async def test_more_ballots_than_heads_are_explained(house: House) -> None:
    sitting = await begin_sitting(house.store, house.council)
    await allow(house, proxies=True)
    giver, holder = house.council["delegate01"], house.council["delegate02"]
    async with house.store.work() as work:
        await give_proxy(work, giver, sitting.meeting, holder=holder.person)
        await record_attendance(work, house.council["secretary"], sitting.meeting, giver.person, Presence.OUT)
    await begin_poll(house.store, house.council, sitting)
    people = f"{len(house.council.delegates) - 1} are present; 1 vote by proxy."
    for login, page in (("delegate03", "room/ballot"), ("secretary", "screen"), ("delegate00", "chair")):
        shown = words((await house.get(login, f"/meetings/{sitting.meeting}/{page}")).text)
        assert people in shown, page
