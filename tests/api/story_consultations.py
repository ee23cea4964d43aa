"""A part of the story by the interface alone: the members are asked in writing, between two meetings."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from meetings.pdf.authority import issue, make_authority
from tests.api.conftest import House
from tests.api.paper import a_pdf

PASSPHRASE = "lá phiếu"
CLOSES = "2091-03-02T17:00"


async def ask_in_writing(house: House) -> None:
    """From the draft to an agenda, and a second matter that goes to a meeting instead."""
    here = await _prepared(house)
    opened = await house.good("chair", "POST", f"{here}/open")
    assert (opened["state"], opened["number"][:3], opened["seats"]) == ("open", "01/", 9)
    await _answered(house, here)
    meeting = await _next_meeting(house)
    told = await house.good("secretary", "POST", f"{here}/agenda", {"meeting": meeting})
    assert told["meeting"] == meeting
    hidden = await house.good("delegate02", "GET", here)
    assert (hidden["meeting"], hidden["tally"], hidden["outcome"]) == (None, None, None)
    await house.good("secretary", "POST", f"/meetings/{meeting}/publish")
    seen = await house.good("delegate02", "GET", here)
    assert (seen["outcome"]["code"], seen["not_cast"], seen["opinions"]) == ("adopted", 0, None)
    assert seen["tally"] == {"agree": 7, "agree-comments": 1, "disagree": 1, "other": 0}
    assert seen["aside"] == []
    await _otherwise(house, await _next_meeting(house))
    await _signed_and_on_paper(house)


async def _prepared(house: House) -> str:
    body = str(house.council.body)
    sent = {"body": body, "title": "Sửa kè", "closes": CLOSES}
    assert await house.refused("chair", "POST", "/consultations", sent) == "forbidden"
    assert (
        await house.refused("secretary", "POST", "/consultations", sent | {"closes": "2020-01-01T08:00"})
        == "deadline-past"
    )
    kept = await house.good("secretary", "POST", "/consultations", sent)
    here = f"/consultations/{kept['id']}"
    await house.good("secretary", "PATCH", here, {"text": "Ứng 2 tỷ đồng."})
    for name in ("mot", "hai"):
        laid = await house.good(
            "secretary", "POST", f"{here}/papers", files={"file": (f"{name}.pdf", a_pdf(name), "application/pdf")},
            data={"title": name},
        )  # fmt: skip
    first, second = laid["papers"]
    await house.good("secretary", "POST", f"{here}/papers/{first['id']}/remove")
    assert await house.refused("delegate01", "GET", here) == "not-found"
    await house.good("secretary", "POST", f"{here}/hand")
    file = await house.good("chair", "GET", f"{here}/papers/{second['id']}/file")
    assert file.content == a_pdf("hai")
    return here


async def _answered(house: House, here: str) -> None:
    listed = await house.good("delegate01", "GET", "/consultations?limit=1")
    assert listed["items"][0]["waits"]
    await house.good("secretary", "POST", f"{here}/remind")
    later = {"closes": "2091-03-09T17:00", "reason": "Mưa lũ"}
    assert await house.refused("secretary", "POST", f"{here}/extend", later) == "forbidden"
    await house.good("chair", "POST", f"{here}/extend", later)
    assert await house.refused("chair", "POST", f"{here}/close") == "answers-missing"
    assert (
        await house.refused("delegate03", "POST", f"{here}/opinion", {"choice": "other", "key": str(uuid4())})
        == "opinion-words"
    )
    said: dict[str, dict[str, Any]] = {
        "delegate02": {"choice": "disagree"}, "delegate03": {"choice": "agree-comments", "comment": "Báo cáo"},
    }  # fmt: skip
    for number in range(9):
        who = f"delegate{number:02}"
        sent = said.get(who, {"choice": "agree"}) | {"key": str(uuid4())}
        given = await house.good(who, "POST", f"{here}/opinion", sent)
        again = await house.good(who, "POST", f"{here}/opinion", sent)
        assert given["own"]["receipt"] == again["own"]["receipt"]
        assert (given["waits"], given["own"]["revision"]) == (False, 1)
    seen = await house.good("secretary", "GET", here)
    assert [one["choice"] for one in seen["opinions"]].count("agree") == 7
    assert seen["not_cast"] == 0
    closed = await house.good("chair", "POST", f"{here}/close")
    assert closed["outcome"]["adopted"]
    assert (await house.good("delegate02", "GET", here))["outcome"] is None


async def _next_meeting(house: House) -> str:
    sent = {"body": str(house.council.body), "title": "Phiên họp", "starts": "2091-04-01T08:00:00+07:00"}
    meeting = (await house.good("secretary", "POST", "/meetings", sent))["id"]
    await house.good("secretary", "POST", f"/meetings/{meeting}/items", {"title": "Khai mạc"})
    return str(meeting)


async def _otherwise(house: House, meeting: str) -> None:
    """One goes to a meeting, one is given up."""
    sent = {"body": str(house.council.body), "title": "Tên đường", "closes": CLOSES}
    first = await house.good("secretary", "POST", "/consultations", sent)
    here = f"/consultations/{first['id']}"
    await house.good("chair", "POST", f"{here}/open")
    moved = await house.good(
        "secretary", "POST", f"{here}/convert", {"meeting": meeting, "reason": "Cần bàn"}
    )
    assert (moved["state"], moved["meeting"]) == ("converted", meeting)
    second = await house.good("secretary", "POST", "/consultations", sent)
    given_up = await house.good(
        "secretary", "POST", f"/consultations/{second['id']}/withdraw", {"reason": "Nhầm"}
    )
    assert given_up["state"] == "withdrawn"


async def _signed_and_on_paper(house: House) -> None:
    """One signs with a key, one answers on paper, one stands aside."""
    sent = {"body": str(house.council.body), "title": "Giá nước", "closes": CLOSES, "signed": True}
    here = f"/consultations/{(await house.good('secretary', 'POST', '/consultations', sent))['id']}"
    await house.good("chair", "POST", f"{here}/open")
    keys, now = house.app.state.house.settings.keys_dir, datetime.now(UTC) - timedelta(minutes=1)
    keys.mkdir(parents=True, exist_ok=True)
    own_key = issue(
        make_authority("Thử nghiệm", now), house.council["chair"].name, "Hội đồng", now, PASSPHRASE
    )
    (keys / "delegate00.p12").write_bytes(own_key)
    opinion = {"choice": "agree", "key": str(uuid4())}
    assert await house.refused("chair", "POST", f"{here}/opinion", opinion) == "opinion-unsigned"
    signing = opinion | {"passphrase": PASSPHRASE}
    assert (
        await house.refused("delegate04", "POST", f"{here}/signed-opinion", signing) == "opinion-key-missing"
    )
    given = await house.good("chair", "POST", f"{here}/signed-opinion", signing)
    own = given["own"]["file"].removeprefix("/api/v1")
    assert (await house.good("chair", "GET", own)).content.startswith(b"%PDF")
    assert await house.refused("delegate04", "GET", own) == "not-found"
    assert (await house.good("delegate04", "GET", f"{here}/form.pdf")).content.startswith(b"%PDF")

    async def entered(who: str) -> str:
        answer = await house.good(
            "secretary", "POST", f"{here}/paper-opinions",
            data={"person": str(house.council[who].person), "choice": "agree"},
            files={"scan": ("phieu.pdf", a_pdf("Phieu"), "application/pdf")},
        )  # fmt: skip
        (waiting,) = answer["entered"]
        assert waiting["file"]
        return f"{here}/paper-opinions/{waiting['id']}"

    await house.good("secretary", "POST", f"{await entered('delegate04')}/drop")
    second = await entered("delegate04")
    assert await house.refused("secretary", "POST", f"{second}/confirm") == "second-person"
    seen = await house.good("chair", "POST", f"{second}/confirm")
    assert [one["on_paper"] for one in seen["opinions"] if one["choice"]].count(True) == 1
    aside = await house.good("delegate05", "POST", f"{here}/aside", {"reason": "Có liên quan"})
    assert (aside["stands_aside"], aside["waits"]) == (True, False)
    again = await house.good("secretary", "POST", f"{here}/aside/{house.council['delegate05'].person}/end")
    assert not any(one["recused"] for one in again["opinions"])
