"""A meeting's whole life by the interface alone, on both databases, calling every route."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from click.testing import CliRunner

from meetings.cli import main
from meetings.pdf.authority import issue, make_authority
from meetings.rules.recount import recount
from tests.api.conftest import PREFIX, House
from tests.api.paper import a_pdf
from tests.api.story_agenda import change_the_agenda
from tests.api.story_attending import come_and_go
from tests.api.story_calendar import keep_the_calendar
from tests.api.story_consultations import ask_in_writing
from tests.api.story_council_sessions import hold_a_session
from tests.api.story_dossiers import submit_and_decide
from tests.api.story_floor import debate, keep_the_list
from tests.api.story_motions import deliberate
from tests.api.story_notice import call_and_answer
from tests.api.story_polls import vote_in_every_way
from tests.api.story_proceedings import run_the_course
from tests.api.story_questions import question_time
from tests.api.story_schedule import plan_a_week
from tests.api.story_screens import set_up_the_room
from tests.api.story_templates import repeat_meetings
from tests.api.story_work_programme import plan_the_year

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


async def test_every_route_in_one_story(each_house: House, tmp_path: Path) -> None:
    house = each_house
    await _found(house)
    meeting, item = await _prepare(house)
    await change_the_agenda(house)
    await plan_a_week(house)
    await repeat_meetings(house)
    await hold_a_session(house)
    await call_and_answer(house)
    await _attend(house, meeting)
    await set_up_the_room(house, meeting)
    await come_and_go(house, meeting, item)
    await deliberate(house, meeting, item)
    await keep_the_list(house, meeting, item)
    await debate(house, meeting)
    await vote_in_every_way(house, meeting, item)
    await _noted(house, item)
    record = await _vote(house, item)
    await question_time(house, meeting)
    await run_the_course(house)
    await ask_in_writing(house)
    await submit_and_decide(house)
    await plan_the_year(house)
    await _follow_up(house)
    await keep_the_calendar(house)
    await _sign(house, meeting, tmp_path)
    await _recounted(record, tmp_path)
    journal = await house.good("secretary", "GET", f"/meetings/{meeting}/journal?limit=200")
    assert journal["intact"]
    assert journal["rows"] == len(journal["items"])
    assert not _routes_not_called(house)


async def _found(house: House) -> None:
    body = await house.good(
        "admin", "POST", "/bodies", {"name": "Ban Pháp chế", "seats": 7, "kind": "committee"}
    )
    person = await house.good(
        "admin", "POST", "/persons", {"name": "Bùi Thị Mới", "email": "moi@example.invalid"}
    )
    seat = {"body": body["id"], "person": person["id"], "since": "2026-01-01"}
    membership = await house.good("admin", "POST", "/memberships", seat)
    assert (membership["weight"], membership["until"]) == (1, None)
    agency = await house.good("admin", "POST", "/agencies", {"name": "Sở Mới", "short_name": "SM"})
    for kind, one in (("bodies", body), ("persons", person), ("agencies", agency)):
        listed = await house.good("admin", "GET", f"/{kind}")
        assert one in listed["items"]
    listed = await house.good("observer", "GET", f"/memberships?body={body['id']}")
    assert listed["items"] == [membership]
    seen = await house.good("observer", "GET", "/persons?limit=200")
    assert {one["email"] for one in seen["items"]} == {None}


async def _prepare(house: House) -> tuple[str, str]:
    sitting = {"body": str(house.council.body), "title": "Kỳ họp", "starts": "2026-12-01T01:00:00Z"}
    meeting = await house.good("secretary", "POST", "/meetings", sitting)
    assert meeting["starts"] == "2026-12-01T08:00:00+07:00"
    address = f"/meetings/{meeting['id']}"
    assert await house.refused("delegate01", "GET", address) == "not-found"
    changed = await house.good("secretary", "PATCH", address, {"place": "Hội trường"})
    assert (changed["place"], changed["title"]) == ("Hội trường", "Kỳ họp")
    first = await house.good("secretary", "POST", f"{address}/items", {"title": "Khai mạc"})
    second = await house.good("secretary", "POST", f"{address}/items", {"title": "Ngân sách"})
    assert (first["number"], second["number"]) == ("1", "2")
    moved = await house.good(
        "secretary", "PATCH", f"/items/{second['id']}", {"title": "Dự toán", "position": 0}
    )
    assert (moved["number"], moved["title"]) == ("1", "Dự toán")
    paper = await house.good(
        "secretary", "POST", f"/items/{second['id']}/papers", files={"file": ("Tờ trình.pdf", a_pdf("một"))}
    )
    again = await house.good(
        "secretary", "POST", f"/papers/{paper['id']}/versions", files={"file": ("Tờ trình.pdf", a_pdf("hai"))}
    )
    assert (paper["title"], paper["version"], again["version"]) == ("Tờ trình", 1, 2)
    for name in ("Bỏ", "Rút"):
        await house.good("secretary", "POST", f"{address}/items", {"title": name})
    published = await house.good("secretary", "POST", f"{address}/publish")
    assert await house.good("delegate01", "GET", address) == published | {"forecast": None}
    told = await house.good("delegate01", "GET", f"/papers/{paper['id']}")
    file = await house.good("delegate01", "GET", told["file"].removeprefix(PREFIX))
    assert file.content == a_pdf("hai")
    await _opened(house, paper["id"])
    await _bound(house, address)
    listed = await house.good("delegate01", "GET", "/meetings")
    assert [one["id"] for one in listed["items"]] == [meeting["id"]]
    other = await house.good("secretary", "POST", "/meetings", sitting)
    cancelled = await house.good("secretary", "POST", f"/meetings/{other['id']}/cancel", {"reason": "Bão"})
    assert cancelled["state"] == "cancelled"
    return meeting["id"], second["id"]


async def _opened(house: House, paper: str) -> None:
    """Who took the paper along stands on record; how far it may go is set, and held to."""
    address = f"/papers/{paper}"
    (one,) = (await house.good("secretary", "GET", f"{address}/openings"))["openings"]
    assert (one["person"], one["version"], one["times"]) == (
        str(house.council["delegate01"].person), 2, 1,
    )  # fmt: skip
    assert one["downloaded_at"]
    assert await house.refused("delegate01", "GET", f"{address}/openings") == "forbidden"
    changes = await house.good("secretary", "GET", f"{address}/changes")
    assert (changes["outcome"], changes["version"], changes["before"]) == ("changed", 2, 1)
    narrow = {"level": "restricted", "readers": "internal", "download": False}
    assert await house.refused("delegate01", "PUT", f"{address}/access", narrow) == "forbidden"
    told = await house.good("secretary", "PUT", f"{address}/access", narrow)
    assert {name: told["access"][name] for name in narrow} == narrow
    assert await house.refused("observer", "GET", address) == "not-found"
    assert await house.refused("delegate01", "GET", f"{address}/changes") == "paper-not-handed-out"
    assert (await house.good("secretary", "PUT", f"{address}/access", {}))["access"]["download"] is True


async def _bound(house: House, address: str) -> None:
    """The meeting pack is asked for and fetched; the program makes it in the background."""
    assert await house.refused("delegate01", "GET", f"{address}/pack") == "pack-not-ready"
    asked = await house.good("delegate01", "POST", f"{address}/pack")
    assert (asked["state"], asked["total"]) == ("waiting", 1)
    async with asyncio.timeout(30):
        while (told := await house.good("delegate01", "GET", f"{address}/pack"))["state"] != "ready":
            await asyncio.sleep(0.05)  # as a program does: there is nothing else to wait for
    assert told["pages"] == 2
    pack = await house.good("delegate01", "GET", told["file"].removeprefix(PREFIX))
    assert pack.content.startswith(b"%PDF-")


async def _attend(house: House, meeting: str) -> None:
    assert await house.refused("chair", "POST", f"/meetings/{meeting}/call-to-order") == "quorum-short"
    for delegate in range(5):
        await house.good(f"delegate{delegate:02}", "POST", f"/meetings/{meeting}/check-in")
    sixth = house.council["delegate05"].person
    room = await house.good(
        "secretary", "PUT", f"/meetings/{meeting}/attendance/{sixth}", {"state": "remote"}
    )
    assert room["quorum"] == {"present": 6, "needed": 6, "base": 9, "met": True}
    assert room["counts"] == {"in": 5, "remote": 1, "out": 0, "excused": 0, "replaced": 0, "absent": 3}
    assert await house.good("observer", "GET", f"/meetings/{meeting}/attendance") == room
    for act in ("call-to-order", "recess", "resume"):
        await house.good("chair", "POST", f"/meetings/{meeting}/{act}")
    items = (await house.good("observer", "GET", f"/meetings/{meeting}/items"))["items"]
    await house.good("chair", "POST", f"/items/{items[2]['id']}/postpone", {"reason": "Chưa đủ hồ sơ"})
    assert (await house.good("chair", "POST", f"/items/{items[3]['id']}/withdraw"))["state"] == "withdrawn"


async def _noted(house: House, item: str) -> None:
    assert await house.refused("delegate01", "GET", f"/items/{item}/note") == "forbidden"
    empty = await house.good("secretary", "GET", f"/items/{item}/note")
    assert (empty["text"], empty["revision"]) == ("", 0)
    wanted = {"text": "Đại biểu 03 đề nghị làm rõ mức thu.", "revision": 0}
    kept = await house.good("secretary", "POST", f"/items/{item}/note", wanted)
    assert kept == {"item": item, "text": wanted["text"], "revision": 1}
    assert await house.refused("secretary", "POST", f"/items/{item}/note", wanted) == "note-changed"


async def _vote(house: House, item: str) -> dict[str, Any]:
    await house.good("chair", "POST", f"/items/{item}/take-up")
    text = "Điều 1. Phê duyệt dự toán.\nĐiều 2. Giao Phòng Tài chính thực hiện."
    motion = await house.good(
        "secretary", "POST", f"/items/{item}/motions", {"title": "Dự toán", "text": text}
    )
    void = await house.good("secretary", "POST", f"/items/{item}/polls", {"rule": "plurality"})
    assert (await house.good("chair", "POST", f"/polls/{void['id']}/annul", {"reason": "Nhầm"}))[
        "outcome"
    ] == {
        "adopted": False,
        "code": "annulled",
        "reason": "Annulled: this poll does not count.",
        "quorum": None,
        "lines": [],
        "rounds": [],
    }
    poll = await house.good("secretary", "POST", f"/items/{item}/polls", {"motion": motion["id"]})
    assert (poll["title"], poll["rule"], poll["state"]) == ("Dự toán", "hdnd-resolution", "draft")
    address = f"/polls/{poll['id']}"
    opened = await house.good("chair", "POST", f"{address}/open")
    assert opened["roll"] == {"seats": 9, "present": 6, "eligible": 6, "absent": 3}
    for delegate, choice in enumerate(("yes", "yes", "yes", "yes", "yes", "abstain")):
        key = str(uuid4())
        ballot = {"choice": choice, "key": key}
        counted = await house.good(f"delegate{delegate:02}", "POST", f"{address}/ballots", ballot)
        assert counted["counted"]
        assert await house.good(f"delegate{delegate:02}", "POST", f"{address}/ballots", ballot) == counted
    for act in ("close", "announce"):
        await house.good("chair", "POST", f"{address}/{act}")
    told = await house.good("delegate01", "GET", address)
    assert (told["cast"], told["tally"], told["not_cast"], told["percent"]) == (
        6,
        {"yes": 5, "no": 0, "abstain": 1},
        0,
        "55.56",
    )
    assert told["outcome"]["adopted"]
    assert told["outcome"]["quorum"] == {"met": True, "needed": 6, "base": 9, "open": 6, "close": 6}
    assert told["outcome"]["reason"].startswith("Adopted: 5 of 9 seats in favour (55.56%)")
    assert told["ballot"]["receipt"]
    await house.good("chair", "POST", f"/items/{item}/conclude")
    return await house.good("observer", "GET", f"{address}/record")


async def _follow_up(house: House) -> None:
    line = (await house.good("delegate01", "GET", "/resolutions"))["items"][0]
    assert (line["title"], line["state"]) == ("Dự toán", "draft")
    resolution = await house.good("secretary", "GET", f"/resolutions/{line['id']}")
    clause = resolution["clauses"][1]["id"]
    task = {
        "body": str(house.council.body),
        "lead": str(house.council.agency),
        "clause": clause,
        "due": "2026-12-31",
    }
    ids = [(await house.good("secretary", "POST", "/tasks", task))["id"] for _ in range(2)]
    first, second = ids
    for act, sent in (
        ("accept", None),
        ("progress", {"percent": 40, "text": "Đang làm"}),
        ("report", {"text": "Đã xong"}),
    ):
        await house.good("officer", "POST", f"/tasks/{first}/{act}", sent)
    returned = await house.good("chair", "POST", f"/tasks/{first}/return", {"reason": "Thiếu phụ lục"})
    assert returned["reports"][-1]["reason"] == "Thiếu phụ lục"
    await house.good("officer", "POST", f"/tasks/{first}/report", {"text": "Đã bổ sung"})
    assert (await house.good("chair", "POST", f"/tasks/{first}/verify"))["status"] == "done_on_time"
    cancelled = await house.good("chair", "POST", f"/tasks/{second}/cancel", {"reason": "Trùng"})
    assert cancelled["state"] == "cancelled"
    assert (await house.good("officer", "GET", f"/tasks/{first}"))["state"] == "verified"
    assert {one["id"] for one in (await house.good("officer", "GET", "/tasks"))["items"]} >= set(ids)
    assert not (await house.good("officer2", "GET", "/tasks"))["items"]


async def _sign(house: House, meeting: str, folder: Path) -> None:
    assert await house.refused("chair", "GET", f"/meetings/{meeting}/minutes") == "minutes-early"
    await house.good("chair", "POST", f"/meetings/{meeting}/adjourn")
    minutes = await house.good("secretary", "GET", f"/meetings/{meeting}/minutes")
    assert (minutes["state"], minutes["frozen"], minutes["chair"]) == (
        "draft",
        False,
        house.council["chair"].name,
    )
    draft = await house.good("secretary", "GET", f"/meetings/{meeting}/minutes.pdf")
    assert draft.content.startswith(b"%PDF-")
    now = datetime.now(ZONE) - timedelta(minutes=1)
    authority = make_authority("Tổ chức chứng thực thử nghiệm", now)
    keys = house.app.state.house.settings.keys_dir
    keys.mkdir(parents=True, exist_ok=True)
    for login, account in (("secretary", "secretary"), ("chair", "delegate00")):
        key = issue(authority, house.council[login].name, "Hội đồng", now, "lá phiếu")
        (keys / f"{account}.p12").write_bytes(key)
    for role in ("secretary", "chair"):
        sent = {"role": role, "passphrase": "lá phiếu"}
        minutes = await house.good(role, "POST", f"/minutes/{minutes['id']}/sign", sent)
    assert [one["role"] for one in minutes["signatures"]] == ["secretary", "chair"]
    assert (minutes["state"], minutes["frozen"]) == ("signed", True)
    published = await house.good("secretary", "POST", f"/minutes/{minutes['id']}/publish")
    assert published["state"] == "published"


async def _recounted(record: dict[str, Any], folder: Path) -> None:
    assert recount(record).agrees
    assert len(record["ballots"]) == 6
    assert len({ballot["receipt"] for ballot in record["ballots"]}) == 6
    file = folder / "record.json"
    file.write_text(json.dumps(record))
    told = CliRunner().invoke(main, ["poll", "verify", str(file)])
    assert told.exit_code == 0
    assert "yes 5, no 0, abstain 1. Adopted: 5 of 9 seats" in told.output.replace("\n", " ")
    record["ballots"][0]["choice"] = "no"
    file.write_text(json.dumps(record))
    assert CliRunner().invoke(main, ["poll", "verify", str(file)]).exit_code == 1


def _routes_not_called(house: House) -> set[tuple[str, str]]:
    document = house.app.openapi_schema.to_schema()
    missing = {(method.upper(), path) for path, item in document["paths"].items() for method in item}
    for method, called in house.called:
        missing -= {(m, path) for m, path in missing if m == method and _fits(path, called)}
    return missing


def _fits(path: str, called: str) -> bool:
    parts, given = path.split("/"), called.split("/")
    return len(parts) == len(given) and all(
        part == one or part.startswith("{") for part, one in zip(parts, given, strict=True)
    )
