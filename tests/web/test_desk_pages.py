"""One desk for each kind of person: the secretary's, the delegate's votes, and the way from each page to the others."""

from __future__ import annotations

import re
from uuid import uuid4

from meetings.during.voting import announce_outcome, close_poll, draft_poll, open_poll
from meetings.storage.tables import Note
from tests.support.council import Sitting, begin_poll
from tests.web.test_during_pages import HTMX, House, house, sitting, words

__all__ = ["house", "sitting"]

JSON = {"accept": "application/json"}


async def test_each_role_finds_its_pages_from_each_of_them(house: House, sitting: Sitting) -> None:
    start = f"/meetings/{sitting.meeting}"
    expected = {
        "delegate00": {"chair", "room", "floor", "attendance", "questions", "motions", "ballot-desk", "screens",
                       "device-test", "desk", "journal", "my-votes", "replies"},
        "secretary": {"desk", "attendance", "floor", "questions", "motions", "ballot-desk", "screens", "device-test",
                      "room", "journal", "replies"},
        "delegate01": {"room", "my-votes", "questions", "journal"},
        "observer": {"room", "questions", "screen"},
    }  # fmt: skip
    for login, pages in expected.items():
        for page in ("", *sorted(pages - {"screen"})):  # the projector has nothing to press
            answer = await house.get(login, f"{start}/{page}".rstrip("/"))
            assert answer.status_code == 200, (login, page)
            row = re.search(r'<nav class="places".*?</nav>', answer.text, re.DOTALL)
            assert row, (login, page)
            found = set(re.findall(rf'href="{start}/([a-z-]+)"', row[0]))
            assert found == pages, (login, page)
            assert row[0].count('aria-current="page"') == 1, (login, page)


async def test_the_desk_is_for_those_who_keep_the_record(house: House, sitting: Sitting) -> None:
    desk = f"/meetings/{sitting.meeting}/desk"
    for login, status in (("secretary", 200), ("delegate00", 200), ("delegate01", 403), ("observer", 403)):
        for part in ("", "/now", "/notes", "/journal"):
            assert (await house.get(login, desk + part)).status_code == status, (login, part)
    page = await house.get("secretary", desk)
    assert "Item 1" in words(page.text)
    assert f'action="/items/{sitting.item}/note"' in page.text
    assert page.text.count("<kbd>") == 17
    assert "data-notes" not in (await house.get("delegate00", desk)).text


async def test_the_journal_runs_at_the_desk_newest_first(house: House, sitting: Sitting) -> None:
    part = await house.get("secretary", f"/meetings/{sitting.meeting}/desk/journal")
    numbers = [int(one) for one in re.findall(r'journal__number">(\d+)<', part.text)]
    assert numbers == sorted(numbers, reverse=True)
    assert "taken up" in words(part.text)


async def test_notes_of_two_secretaries_are_put_together(house: House, sitting: Sitting) -> None:
    note = f"/items/{sitting.item}/note"
    first = await house.post("secretary", note, JSON, text="Một.", base="", revision="0")
    assert (first.json()["text"], first.json()["revision"]) == ("Một.", 1)
    late = await house.post("secretary", note, JSON, text="Hai.", base="", revision="0")
    assert (late.json()["text"], late.json()["revision"]) == ("Hai.\nMột.", 2)
    plain = await house.post("secretary", note, None, text="Ba.", base="Hai.\nMột.", revision="2")
    assert plain.status_code == 303
    assert plain.headers["location"].startswith(f"/meetings/{sitting.meeting}/desk?item={sitting.item}")
    assert (await house.post("delegate00", note, None, text="x", base="", revision="0")).status_code == 403
    async with house.store.reading() as reading:
        assert (await reading.get(Note, sitting.item)).text == "Ba."
    opened = await house.get("secretary", f"/meetings/{sitting.meeting}/desk?item={sitting.item}")
    assert "Back to the item in hand" in opened.text


async def test_my_votes_show_my_own_and_nobody_elses(house: House, sitting: Sitting) -> None:
    page = f"/meetings/{sitting.meeting}/my-votes"
    assert "No vote yet" in await house.read("delegate01", page)
    assert (await house.get("observer", page)).status_code == 403
    for secret in (False, True):
        async with house.store.work() as work:
            drafted = await draft_poll(
                work, house.council["chair"], sitting.item, title="Thông qua quy hoạch", secret=secret
            )
            poll = (await open_poll(work, house.council["chair"], drafted.id)).id
        for login, choice in (("delegate01", "yes"), ("delegate02", "no")):
            sent = await house.post(login, f"/polls/{poll}/ballots", JSON, choice=choice, key=str(uuid4()))
            assert sent.json()["counted"]
        shown = await house.read("delegate01", page)
        if secret:
            assert "secret" in shown
        else:
            assert "In favour" in shown
        async with house.store.work() as work:
            await close_poll(work, house.council["chair"], poll)
            await announce_outcome(work, house.council["chair"], poll)
    own = await house.read("delegate01", page)
    assert "Against" not in own
    assert len(re.findall(r"[2-9A-Z]{4}-[2-9A-Z]{4}", own)) == 2
    assert "You did not vote." in await house.read("delegate03", page)
    address = f"/api/v1/polls/{poll}/record"
    assert address in (await house.get("delegate01", page)).text
    assert (await house.get("delegate01", address)).status_code == 200


async def test_one_region_serves_what_is_personal_in_the_room(house: House, sitting: Sitting) -> None:
    page = await house.get("delegate01", f"/meetings/{sitting.meeting}/room")
    assert sorted(re.findall(r'id="([a-z-]+)"[^>]* data-live=', page.text)) == [
        "desk",
        "live-strip",
        "own",
        "stage",
    ]
    own = await house.get("delegate01", f"/meetings/{sitting.meeting}/room/own")
    assert own.headers["cache-control"] == "no-store"
    for words_of in ("Ask for the floor", "Move a motion", "Hand in a question", "Stand aside", "My votes"):
        assert words_of in own.text, words_of


async def test_the_list_of_missing_ballots_answers_only_when_it_changed(
    house: House, sitting: Sitting
) -> None:
    poll = await begin_poll(house.store, house.council, sitting)
    board = await house.get("delegate00", f"/meetings/{sitting.meeting}/chair")
    address = re.search(r'hx-get="([^"]+/chair/missing\?seen=[^"]+)"', board.text)
    assert address
    assert (await house.get("delegate00", address[1], **HTMX)).status_code == 204
    await house.post("delegate01", f"/polls/{poll}/ballots", JSON, choice="yes", key=str(uuid4()))
    changed = await house.get("delegate00", address[1], **HTMX)
    assert changed.status_code == 200
    assert "Đại Biểu 01" not in changed.text
    assert "Đại Biểu 02" in changed.text
    assert (await house.get("delegate01", address[1])).status_code == 403
