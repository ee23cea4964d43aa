"""The session beside its votes: arriving, paging, speakers, question time, the recess."""

from __future__ import annotations

import re

import segno
from playwright.async_api import expect

from meetings.rules.arrival import code_of, window_of
from tests.journeys.session_people import (
    LIVE,
    Session,
    act,
    acted,
    confirm,
    gather,
    live,
    login_of,
    press,
    sees,
    shows,
)

HIGHWAYS = "Ông Trần Văn Xây, Giám đốc Sở Xây dựng"


async def code_on_the_screen(session: Session) -> str:
    """The address that the drawing on the projector leads to, by drawing those of this minute again."""
    drawing = session.screen.locator("#screen-code svg path").last
    await expect(drawing).to_be_visible(timeout=LIVE)
    shown = await drawing.get_attribute("d")
    async with session.store.reading() as reading:
        here = window_of(reading.now)
    for window in (here, here - 1):
        code = code_of(session.secret, str(session.meeting), window)
        address = f"{session.url}{session.address}/arrive/{code}"
        drawn = segno.make(address, micro=False, error="m").svg_inline(omitsize=True, border=2, light="#fff")
        if shown and f'd="{shown}"' in drawn:
            return code
    raise AssertionError("the screen shows another code")


async def arrive(session: Session) -> None:
    """By oneself, by the code, on the secretary's list; quorum refused and met; called to order."""
    await sees(session.chair, ".next-act__refusal", re.compile("no quorum"))
    await session.picture("01-before", "chair", "screen")
    code = await code_on_the_screen(session)
    await session.delegate.goto(f"{session.address}/arrive/{code}")
    await press(session.delegate, "Check in")
    await expect(session.delegate.get_by_role("status").first).to_contain_text("You are recorded as present")
    await session.delegate.goto(f"{session.address}/room")
    scanning, tapping = session.crowd[:3], session.crowd[3:]
    for login in scanning:
        await session.good(login, "POST", f"{session.address}/arrive", {"code": code})
    asked = {"meeting": str(session.meeting)}
    answers = await gather(session.tablets[login].ask("check-in", asked) for login in (login_of(0), *tapping))
    assert all(answer == {"state": "in"} for answer in answers), answers
    await _list_at_the_door(session)
    present = f"{session.simulated + 3} of {session.seats} present"
    await sees(session.screen, ".quorum__figures", present)
    await sees(session.chair, ".quorum__figures", present)
    await session.picture("02-arrived", "chair", "secretary", "screen")
    given = {"holder": session.person(session.holder)}
    proxies = await session.good(session.giver, "POST", f"{session.address}/proxies", given)
    assert proxies["proxies"][0]["works"] is True
    await act(session.chair, "Call to order")
    await act(session.chair, "Take up item 1")
    for page in (session.chair, session.delegate, session.screen):
        await expect(page.get_by_text("Khai mạc kỳ họp").first).to_be_visible(timeout=LIVE)


async def _list_at_the_door(session: Session) -> None:
    page = session.secretary
    search = page.get_by_role("searchbox", name="Find a name")
    for login, key in ((session.no_device, "1"), (session.giver, "4")):
        await search.fill(session.council[login].name)
        await expect(page.locator("[data-door]:visible")).to_have_count(1)
        await search.press("Enter")
        await page.keyboard.press(key)
    await page.get_by_role("button", name="Record the list").first.click()
    await expect(page.get_by_text("Saved.")).to_be_visible()


async def question_time(session: Session) -> None:
    """Four slips: one asked, answered and followed up in browsers, one promise; the last two wait for a letter."""
    askers = [login_of(1), *session.crowd[5:8]]
    slips: list[str] = []
    for place, login in enumerate(askers):
        sent = {"addressee": HIGHWAYS, "topic": f"Đường số {place + 1}", "text": "Bao giờ hoàn thành?"}
        slips.append((await session.good(login, "POST", f"{session.address}/questions", sent))["id"])
    for slip in slips:
        agency = {"agency": str(session.council.agency)}
        await session.good("secretary", "PATCH", f"/questions/{slip}", agency)
        under = {"item": str(session.items["questions"])}
        await session.good("secretary", "POST", f"/questions/{slip}/list", under)
    chair, delegate = session.chair, session.delegate
    await act(chair, "Take up item 2")
    await act(chair, "Opening statement")
    await sees(session.screen, ".screen-turn", HIGHWAYS)
    await act(chair, "Call the question")
    await shows(delegate, "Your question is being put")
    await sees(session.screen, ".screen__title", "Đường số 1")
    await session.picture("03-question", "chair", "delegate", "screen")
    await act(chair, "Answer")
    await sees(session.screen, ".screen-turn", "Answer")
    await press(delegate, "Ask to follow up")
    await sees(chair, ".next-act", "wants to follow up")
    await act(chair, "Follow-up question")
    await sees(session.screen, ".screen-turn", session.council[login_of(1)].name)
    await act(chair, "Answer")
    await sees(session.screen, ".screen-turn", HIGHWAYS)
    await press(chair, "Promise → task")
    form = chair.get_by_role("dialog")
    await form.get_by_label("Promise", exact=True).fill("Hoàn thành trước ngày 31/3/2027")
    await form.get_by_label("Agency").select_option(label="Phòng Hạ tầng")
    await form.get_by_label("Due date").fill("2027-03-31")
    await act(form, "Make it a task")
    await expect(form).to_be_hidden()
    await act(chair, "Answered")
    await press(delegate, "Satisfied")
    await session.good("chair", "POST", f"/questions/{slips[1]}/ask")
    speech = (await session.good("chair", "GET", f"{session.address}/floor"))["speaking"]["id"]
    await session.good("chair", "POST", f"/questions/{slips[1]}/answer", {"interrupts": speech})
    await session.good("chair", "POST", f"/questions/{slips[1]}/answered")
    await act(chair, "Take up item 3")
    await sees(session.screen, "#screen", "Kế hoạch đầu tư công")
    states = [(await session.good("chair", "GET", f"/questions/{slip}"))["state"] for slip in slips]
    assert states == ["answered", "answered", "written", "written"]
    tasks = (await session.good("officer", "GET", "/tasks"))["items"]
    assert len(tasks) == 3


async def papers(session: Session) -> None:
    """Everybody's tablet turns to page 7; who stands aside has no paper."""
    await live(session.delegate)
    await expect(session.delegate.locator("[data-count]")).to_have_text("9", timeout=LIVE)
    item = session.items["plan"]
    await session.good(
        session.aside, "POST", f"/items/{item}/recusals", {"reason": "Người nhà tham gia dự án"}
    )
    page = {"paper": str(session.paper), "page": 7}
    await session.good("secretary", "POST", f"{session.address}/follow", page)
    await expect(session.delegate.locator("[data-number-input]")).to_have_value("7", timeout=LIVE)
    await expect(session.delegate.get_by_text("Page 7 is shown to everyone")).to_be_visible()
    await session.picture("04-page-7", "delegate")
    assert await session.refused(session.aside, "GET", f"/papers/{session.paper}/file") == "recused"
    listed = (await session.good(session.aside, "GET", f"{session.address}/items"))["items"]
    assert not next(one for one in listed if one["id"] == str(item))["papers"]
    await session.good("secretary", "POST", f"{session.address}/follow", {})


async def speakers(session: Session) -> None:
    """The list by the time of groups; clocks halted, prolonged, stopped; last call, closed."""
    chair, delegate = session.chair, session.delegate
    asked = {"meeting": str(session.meeting), "kind": "speech", "stance": "for"}
    for login in session.crowd[4:9]:
        assert "refused" not in await session.tablets[login].ask("ask-to-speak", asked)
    await delegate.get_by_text("Ask for the floor").click()
    await press(delegate, "Speech against it")
    await shows(delegate, re.compile("You are number|You are next"))
    assert (await session.tablets[session.aside].ask("ask-to-speak", asked))["refused"] == "recused"
    call = chair.get_by_role("button", name=re.compile("^Call Nguyễn")).first
    await expect(call).to_be_visible(timeout=LIVE)
    name = (await call.inner_text()).removeprefix("Call ").strip()
    await acted(chair, call)
    await sees(chair, ".speaking__name", name)
    await sees(session.screen, ".screen-speaker__name", name)
    await expect(session.screen.locator(".screen-speaker__groups .is-now")).to_have_count(1)
    await session.picture("05-speaker", "chair", "delegate", "screen")
    await act(chair, "Pause")
    await sees(session.screen, ".screen-speaker__halted", "halted")
    await act(chair, "Go on")
    await expect(session.screen.locator(".screen-speaker__halted")).to_have_count(0, timeout=LIVE)
    await act(chair, "+1 min")
    await act(chair, "Last call")
    await sees(session.screen, ".screen-speaker__call", "Last call for speakers")
    await act(chair, "Close the list")
    await sees(chair, ".floor__head", "List closed")
    late = await session.tablets[session.crowd[0]].ask("ask-to-speak", asked)
    assert late["refused"] == "floor-closed"
    floor = await session.good("chair", "GET", f"{session.address}/floor")
    assert [group["initial"] for group in floor["groups"]] == [900, 900, 900]
    assert floor["speaking"]["added"] == 60
    assert len(floor["queue"]) == 5
    withdrawing = next(
        one["person"] for one in floor["queue"] if one["name"] != name and one["stance"] == "for"
    )
    login = next(one for one in session.crowd if session.person(one) == withdrawing)
    taken_back = await session.tablets[login].ask("withdraw", {"meeting": str(session.meeting)})
    assert taken_back == {"withdrawn": 1}
    await expect(chair.locator(".queue__row")).to_have_count(4, timeout=LIVE)
    for left in range(3, -1, -1):
        await press_call(session)
        await expect(chair.locator(".queue__row")).to_have_count(left, timeout=LIVE)
    await act(chair, "Stop")
    await expect(session.screen.locator(".screen-speaker__name")).to_have_count(0, timeout=LIVE)
    given = await session.good("observer", "GET", f"{session.address}/speeches")
    here = [one for one in given["speeches"] if one["item"] == str(session.items["plan"])]
    assert len(here) == 5


async def press_call(session: Session) -> None:
    """Whoever is next on the list."""
    await acted(session.chair, session.chair.locator("#call-next"))


async def recess(session: Session) -> None:
    """Every screen counts down; the meeting goes on where it was."""
    chair = session.chair
    await press(chair, "Recess")
    await chair.get_by_role("radio", name="15 minutes").check()
    await act(chair, "Begin the recess")
    await sees(session.screen, ".screen__countdown", re.compile(r"1[45]:\d\d"))
    await shows(session.delegate, "The meeting is in recess")
    await session.picture("06-recess", "chair", "delegate", "screen")
    await act(chair, "Resume the meeting")
    await expect(session.screen.locator(".screen__countdown")).to_have_count(0, timeout=LIVE)


async def adjourn(session: Session) -> None:
    """Nothing is left to be dealt with; the meeting ends and a draft of its minutes begins."""
    await confirm(session.chair, "Adjourn the meeting")
    await sees(session.chair, ".cockpit__stage", "The meeting is adjourned")
    await sees(session.screen, "#screen", "The meeting is adjourned")
    await session.secretary.goto(f"{session.address}/minutes")
    await session.picture("20-adjourned")
