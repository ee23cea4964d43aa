"""The votes of the session, of every kind, each opened, closed and announced in the chair's cockpit."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from playwright.async_api import TimeoutError as PlaywrightTimeout
from playwright.async_api import expect

from tests.journeys.session_people import (
    AMENDED,
    LIVE,
    TOUCHES,
    Session,
    act,
    acted,
    gather,
    login_of,
    press,
    sees,
    shows,
)

Choose = Callable[[int], Any]
CANDIDATES = ("Lê Thị An", "Phạm Văn Bình", "Đỗ Thị Cúc", "Vũ Văn Dũng")
RATED = ("Chủ tịch Hội đồng", "Chủ tịch Ủy ban", "Trưởng ban Pháp chế")


async def prepare_vote(session: Session, *, secret: bool = False, method: str = "") -> None:
    """The next act puts the motion that comes next."""
    form = session.chair.locator(".next-act form")
    await expect(form.get_by_role("button", name="Prepare the vote")).to_be_visible(timeout=LIVE)
    if secret:
        await form.get_by_label("Secret vote").first.check()
    if method:
        await form.get_by_text("How it is held").click()
        await form.get_by_label("Members vote").select_option(label=method)
    await act(form, "Prepare the vote")


async def open_vote(session: Session) -> str:
    """The id of the poll that the chair has opened, once every tablet knows of it."""
    button = session.chair.get_by_role("button", name="Open the vote", exact=True)
    await expect(button).to_be_visible(timeout=LIVE)
    form = session.chair.locator("form[action$='/open']").first
    poll = ((await form.get_attribute("action")) or "").split("/")[-2]
    await acted(session.chair, button)
    await expect(session.screen.locator(f"[data-poll='{poll}']").first).to_be_visible(timeout=LIVE)
    await session.follow()
    return poll


async def cast(session: Session, poll: str, logins: Iterable[str], choose: Choose) -> Counter[str]:
    """Those with simulated tablets vote at once; who stands aside is refused. Gives what was counted."""
    wanted = {login: choose(place) for place, login in enumerate(logins)}
    answers = await gather(session.tablets[login].cast(poll, choice) for login, choice in wanted.items())
    assert all(answer.get("counted") for answer in answers), answers
    return Counter(str(choice) for choice in wanted.values())


async def vote_in_browser(session: Session, choice: str) -> None:
    desk = session.delegate.locator(".ballot")
    await desk.locator(".choice__label", has_text=choice).first.click()
    await press(desk, f"Send: {choice}")
    await counted_in_browser(session)


async def counted_in_browser(session: Session) -> None:
    receipt = session.delegate.locator(".ballot").get_by_text(re.compile(r"[2-9A-Z]{4}-[2-9A-Z]{4}")).first
    await expect(receipt).to_be_visible(timeout=LIVE)


async def close_vote(session: Session) -> None:
    """Closing asks once more while ballots are missing; a touch beside a button that has just changed is repeated."""
    chair = session.chair
    announce = chair.get_by_role("button", name="Announce the outcome", exact=True)
    sure = chair.get_by_role("dialog").locator("button[type=submit]")
    for _ in range(TOUCHES):
        await press(chair, "Close the vote")
        try:
            await expect(announce.or_(sure).first).to_be_visible(timeout=3_000)
            if not await announce.is_visible():
                await sure.click(timeout=3_000)
        except (AssertionError, PlaywrightTimeout):  # the last ballot came in: it no longer asks
            continue
        break
    await expect(announce).to_be_visible(timeout=LIVE)


async def announce(session: Session, poll: str, picture: str = "") -> dict[str, Any]:
    """The outcome on the projector, on the delegate's tablet and in the cockpit."""
    await act(session.chair, "Announce the outcome")
    pages = {role: session.pages[role] for role in ("screen", "delegate", "chair")}
    shown = await session.numbers.read(poll, pages, LIVE)
    if picture:
        await session.picture(picture, "chair", "delegate", "screen")
    return shown


def mostly(choice: int) -> str:
    return "no" if choice % 7 == 5 else "abstain" if choice % 7 == 6 else "yes"


def tablets(session: Session, *without: str) -> list[str]:
    return [login for login in session.tablets if login not in without]


async def amendment(session: Session) -> None:
    """Moved and seconded on tablets, put before its motion; a proxy casts two ballots, who stands aside none."""
    sent = {"title": "Tăng vốn lên 135 tỷ đồng", "text": AMENDED, "amends": str(session.motions["plan"])}
    mover, seconder = session.crowd[0], session.crowd[2]
    moved = await session.good(mover, "POST", f"/items/{session.items['plan']}/motions", sent)
    assert moved["state"] == "proposed"
    await session.good(seconder, "POST", f"/motions/{moved['id']}/second")
    await sees(session.chair, ".next-act", "An amendment is put before its motion")
    await prepare_vote(session)
    await sees(session.chair, "#poll-title", "Tăng vốn lên 135 tỷ đồng")
    poll = await open_vote(session)
    await sees(session.screen, ".screen__motion .difference__line ins", "135")
    await session.picture("07-amendment", "chair", "delegate", "screen")
    refused = await session.tablets[session.aside].cast(poll, "yes")
    assert refused["refused"] == "recused"
    voters = tablets(session, session.aside)
    counted = await cast(session, poll, voters, mostly)
    for choice, answer in (("no", "counted"), ("yes", "refused")):
        again = await session.tablets[session.holder].cast(poll, choice, session.person(session.giver))
        assert again.get(answer), again
    await vote_in_browser(session, "In favour")
    await sees(session.chair, ".cast__figures", f"{len(voters) + 2} of {len(voters) + 3} ballots cast")
    await close_vote(session)
    shown = await announce(session, poll, "08-amendment-announced")
    wanted = {"yes": counted["yes"] + 1, "no": counted["no"] + 1, "abstain": counted["abstain"]}
    assert {code: shown["sides"][code] for code in wanted} == wanted
    assert (await session.good("observer", "GET", f"/motions/{session.motions['plan']}"))["text"] == AMENDED


async def main_motion(session: Session) -> None:
    """A server is lost amid it; one comes late and is admitted; one without a device votes by two others' hands."""
    await prepare_vote(session)
    poll = await open_vote(session)
    voters = tablets(session, session.aside)
    half = len(voters) // 2
    await cast(session, poll, voters[:half], mostly)
    await session.delegate.locator(".ballot .choice__label", has_text="In favour").first.click()
    await session.crash()
    await cast(session, poll, voters[half:], mostly)
    await gather(tablet.entered.wait() for tablet in session.tablets.values())
    await session.all_live()
    await press(session.delegate.locator(".ballot"), "Send: In favour")
    await counted_in_browser(session)
    await _latecomer(session, poll)
    await _entered(session)
    everybody = len(voters) + 4
    holder = session.tablets[session.holder]
    assert (await holder.cast(poll, "yes", session.person(session.giver)))["counted"]
    await sees(session.chair, ".cast__figures", f"{everybody} of {everybody} ballots cast")
    await sees(session.screen, ".cast__figures", f"{everybody} of {everybody} ballots cast")
    await close_vote(session)
    shown = await announce(session, poll, "10-main-announced")
    assert sum(shown["sides"][code] for code in ("yes", "no", "abstain")) == everybody
    drafts = (await session.good("secretary", "GET", "/resolutions"))["items"]
    draft = await session.good("secretary", "GET", f"/resolutions/{drafts[0]['id']}")
    assert "135 tỷ đồng" in str(draft["clauses"])
    assert "120 tỷ đồng" not in str(draft)


async def _latecomer(session: Session, poll: str) -> None:
    at_the_door = f"{session.address}/attendance/{session.person(session.late)}"
    await session.good("secretary", "PUT", at_the_door, {"state": "in"})
    ballot = {"choice": "yes", "key": "5f0c5a4e-9f0b-4a8e-9d57-0d7a7a1c2b3d"}
    assert await session.refused(session.late, "POST", f"/polls/{poll}/ballots", ballot) == "not-present"
    await sees(session.chair, ".late", session.council[session.late].name)
    await session.picture("09-late", "chair", "screen", "delegate")
    await act(session.chair, "Admit to the vote")
    await expect(session.chair.locator(".late")).to_have_count(0, timeout=LIVE)
    await session.good(session.late, "POST", f"/polls/{poll}/ballots", ballot)


async def _entered(session: Session) -> None:
    desk = session.secretary
    await desk.goto(f"{session.address}/ballot-desk")
    row = desk.locator(f"#voter-{session.person(session.no_device)}")
    await row.get_by_text("Enter the ballot").click()
    await press(row, "In favour")
    await expect(row).to_contain_text("waits for a second person", timeout=LIVE)
    await session.picture("09-entered", "secretary")
    await act(session.chair.locator(".entered"), "Confirm")
    await expect(row).to_contain_text("has voted", timeout=LIVE)


async def consent(session: Session) -> None:
    """Three in one vote, one is taken out, two are decided together."""
    chair = session.chair
    await act(chair, "Take up item 4")
    await press(chair, "Several motions in one vote")
    form = chair.get_by_role("dialog")
    for box in await form.get_by_role("checkbox", name=re.compile("^4 ·")).all():
        await box.check()
    await act(form, "Prepare the vote")
    group = chair.locator(".motion-group")
    await expect(group.locator(".row")).to_have_count(3, timeout=LIVE)
    await session.picture("11-consent", "chair")
    await act(group.locator(".row", has_text="giá nước sạch"), "Take out")
    await expect(group.locator(".row")).to_have_count(2, timeout=LIVE)
    poll = await open_vote(session)
    await cast(session, poll, tablets(session), lambda place: "yes")
    await vote_in_browser(session, "In favour")
    await close_vote(session)
    await announce(session, poll, "12-consent-announced")
    title = session.screen.locator(".outcome__title")
    await expect(title).to_contain_text("học phí")
    await expect(title).not_to_contain_text("giá nước sạch")
    states = {
        name: (await session.good("observer", "GET", f"/motions/{session.motions[name]}"))["state"]
        for name in ("fees", "names", "water")
    }
    assert states == {"fees": "adopted", "names": "adopted", "water": "moved"}


async def timed(session: Session) -> None:
    """The one taken out is put alone, and closes by itself; the delegate is called and lets it pass."""
    await prepare_vote(session)
    poll = await open_vote(session)
    await cast(session, poll, tablets(session), mostly)
    await session.form(f"/polls/{poll}/extend", seconds="6")
    await sees(session.screen, ".closing", "closes in")
    await shows(session.delegate, "Your vote is missing")
    await session.picture("13-timed", "chair", "delegate", "screen")
    announcing = session.chair.get_by_role("button", name="Announce the outcome", exact=True)
    await expect(announcing).to_be_visible(timeout=LIVE)
    await announce(session, poll)


async def roll_call(session: Session) -> None:
    """Names in order; only who is called answers; the proxy's holder answers for the giver."""
    chair = session.chair
    await act(chair, "Take up item 5")
    await prepare_vote(session, method="By roll call: names are called one by one")
    poll = await open_vote(session)
    early = await session.tablets[session.crowd[0]].cast(poll, "yes")
    assert early["refused"] == "not-called", early
    names = {session.person(login): login for login in session.council.people if login != "chair"}
    called = ""
    order = sorted(login for login in names.values() if login.startswith("delegate"))
    order = [login for login in order if login != login_of(session.simulated + 4)]
    for place, login in enumerate(order):
        if place < 3:
            await act(chair, f"Call {session.council[login].name} to vote")
            await sees(session.screen, ".screen__calling", session.council[login].name)
        else:
            await session.form(f"/polls/{poll}/call-next", seen=called)
        called = session.person(login)
        await _answer(session, poll, login, place)
        if place == 2:
            await session.picture("14-roll-call", "chair", "delegate", "screen")
    await sees(chair, ".roll-call-board", "All names have been called.")
    await session.picture("15-roll-called", "chair", "screen")
    await close_vote(session)
    await announce(session, poll)


async def _answer(session: Session, poll: str, login: str, place: int) -> None:
    if login == login_of(1):
        await vote_in_browser(session, "Against")
    elif login == session.giver:
        holder = session.tablets[session.holder]
        assert (await holder.cast(poll, "abstain", session.person(login)))["counted"]
    elif login == session.late:
        ballot = {"choice": "yes", "key": "5f0c5a4e-9f0b-4a8e-9d57-0d7a7a1c2b3e"}
        await session.good(login, "POST", f"/polls/{poll}/ballots", ballot)
    elif login in session.tablets:
        assert (await session.tablets[login].cast(poll, mostly(place)))["counted"]


async def secret(session: Session) -> None:
    """Annulled amid the voting with its reason, and held again."""
    chair = session.chair
    await act(chair, "Take up item 6")
    await prepare_vote(session, secret=True)
    first = await open_vote(session)
    await cast(session, first, tablets(session)[::2], mostly)
    await press(chair, "Annul the vote")
    form = chair.get_by_role("dialog")
    await form.get_by_label("Reason").fill("Câu hỏi ghi nhầm tên")
    await form.locator("button[type=submit]").click()
    await acted(chair, chair.get_by_role("button", name=re.compile("^Repeat ballot")))
    poll = await open_vote(session)
    assert poll != first
    await sees(chair, ".stage-poll", "repeats ballot")
    await cast(session, poll, tablets(session), mostly)
    await vote_in_browser(session, "Against")
    await close_vote(session)
    await session.picture("16-secret-closed", "chair", "delegate", "screen")
    await announce(session, poll)


async def election(session: Session) -> None:
    """Two of four, prepared in the cockpit's dialog; one browser marks two names."""
    chair = session.chair
    await press(chair, "Another vote")
    form = chair.get_by_role("dialog")
    await form.get_by_label("The question").fill("Bầu Ủy viên Ủy ban nhân dân")
    await form.get_by_label("Kind of vote").select_option("election")
    await form.get_by_label("Names or options, one a line").fill("\n".join(CANDIDATES))
    await form.get_by_label("Places to fill").fill("2")
    await form.get_by_label("Secret vote").first.check()
    await session.picture("17-election-form", "chair")
    await act(form, "Prepare the vote")
    poll = await open_vote(session)
    ids = [one["id"] for one in (await session.good("chair", "GET", f"/polls/{poll}"))["form"]["options"]]
    papers = ([ids[0], ids[1]], [ids[0], ids[1]], [ids[0], ids[1]], [ids[0], ids[2]], [], [ids[1], ids[3]])
    await cast(session, poll, tablets(session), lambda place: papers[place % len(papers)])
    too_many = await session.tablets[session.holder].cast(poll, ids[:3], session.person(session.giver))
    assert too_many["refused"] == "too-many-marks"
    desk = session.delegate.locator(".ballot")
    for name in CANDIDATES[:2]:
        await desk.locator(".mark__label", has_text=name).first.click()
    await session.picture("18-election", "chair", "delegate", "screen")
    await press(desk, "Send: 2 marked")
    await counted_in_browser(session)
    await close_vote(session)
    shown = await announce(session, poll, "18-election-announced")
    assert {name for name, _ in shown["votes"]} == set(CANDIDATES)


async def confidence(session: Session) -> None:
    """Prepared by the secretary; everybody rates three persons, some leave one out."""
    item = session.items["trust"]
    form = {
        "title": "Lấy phiếu tín nhiệm",
        "kind": "confidence",
        "secret": True,
        "form": {"options": list(RATED)},
    }
    made = await session.good("secretary", "POST", f"/items/{item}/polls", form)
    ids = [one["id"] for one in made["form"]["options"]]
    await act(session.chair, "Take up item 7")
    poll = await open_vote(session)
    levels = ("high", "medium", "high", "low")

    def rating(place: int) -> dict[str, str]:
        rated = ids[: 2 + place % 2]
        return {one: levels[(place + shift) % 4] for shift, one in enumerate(rated)}

    await cast(session, poll, tablets(session), rating)
    desk = session.delegate.locator(".ballot")
    for rated in await desk.locator(".rating").all():
        await rated.locator(".level--high").click()
    await press(desk, "Send: 3 of 3 rated")
    await counted_in_browser(session)
    await session.picture("19-confidence", "chair", "delegate", "screen")
    await close_vote(session)
    shown = await announce(session, poll, "19-confidence-announced")
    assert [row[0] for row in shown["ratings"]] == list(RATED)
