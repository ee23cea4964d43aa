"""How far a paper goes: who sees that it is there, who reads it and when, whose copy it is, and who has opened it."""

from __future__ import annotations

import asyncio
import io
from datetime import timedelta
from uuid import UUID

import pypdf
import pytest

from meetings.before.paper_access import note_opening, openings_of, set_access
from meetings.before.paper_reading import paper_bytes
from meetings.before.papers import keep_upload, lay_paper, leaves_of, open_paper
from meetings.rules.paper_access import Access
from meetings.rules.permissions import Actor
from meetings.rules.refusals import Refused
from meetings.rules.visibility import Audience
from meetings.storage.unit_of_work import Store
from tests.support.council import Council, Sitting, make_council, publish_sitting
from tests.support.papers import a_pdf


async def _laid(store: Store, sitting: Sitting, secretary: Actor) -> UUID:
    file = await keep_upload(store, "Tờ trình.pdf", a_pdf(2), 2)
    async with store.work() as work:
        return (await lay_paper(work, secretary, sitting.item, file)).paper_id


async def _set(store: Store, council: Council, paper: UUID, access: Access) -> None:
    async with store.work() as work:
        await set_access(work, council["secretary"], paper, access)


async def _tries(store: Store, actor: Actor, paper: UUID) -> str:
    """What comes of opening it: "" or the code of the refusal."""
    async with store.reading() as reading:
        try:
            await open_paper(reading, actor, paper)
        except Refused as refusal:
            return refusal.code
    return ""


@pytest.mark.parametrize(
    ("readers", "observer", "delegate", "chair"),
    [
        ("common", "", "", ""),
        ("internal", "not-found", "", ""),
        ("hidden", "not-found", "not-found", ""),
    ],
)
async def test_a_paper_is_there_only_for_its_readers(
    store: Store, readers: str, observer: str, delegate: str, chair: str
) -> None:
    council = await make_council(store, seats=3)
    sitting = await publish_sitting(store, council)
    paper = await _laid(store, sitting, council["secretary"])
    await _set(store, council, paper, Access(readers=readers))
    for login, expected in (
        ("observer", observer),
        ("delegate01", delegate),
        ("chair", chair),
        ("secretary", ""),
    ):
        assert await _tries(store, council[login], paper) == expected, login
    async with store.reading() as reading:
        for audience, expected in (
            (Audience.ANYBODY, observer), (Audience.MEMBERS, delegate), (Audience.INSIDERS, ""),
        ):  # fmt: skip
            assert bool(await leaves_of(reading, sitting.meeting, audience)) is not bool(expected)


async def test_outside_its_time_only_those_who_prepare_read_it(store: Store) -> None:
    council = await make_council(store, seats=3)
    sitting = await publish_sitting(store, council)
    paper = await _laid(store, sitting, council["secretary"])
    now, hour = store.clock(), timedelta(hours=1)
    for access, expected in (
        (Access(shown_from=now + hour), "paper-not-yet"),
        (Access(shown_until=now - hour), "paper-no-longer"),
        (Access(shown_from=now - hour, shown_until=now + hour), ""),
    ):
        await _set(store, council, paper, access)
        assert await _tries(store, council["delegate01"], paper) == expected
        assert await _tries(store, council["secretary"], paper) == ""
    for access, code in (
        (Access(shown_from=now, shown_until=now), "paper-window"),
        (Access(level="top-secret"), "wrong-input"),
        (Access(readers="friends"), "wrong-input"),
    ):
        with pytest.raises(Refused) as refusal:
            await _set(store, council, paper, access)
        assert refusal.value.code == code
    with pytest.raises(Refused):
        async with store.work() as work:
            await set_access(work, council["delegate01"], paper, Access())


async def test_every_reader_of_a_restricted_paper_has_a_copy_of_ones_own(store: Store) -> None:
    council = await make_council(store, seats=3)
    sitting = await publish_sitting(store, council)
    paper = await _laid(store, sitting, council["secretary"])
    await _set(store, council, paper, Access(level="restricted"))
    for login in ("delegate01", "delegate02"):
        actor = council[login]
        async with store.reading() as reading:
            kept, shown, _ = await open_paper(reading, actor, paper)
        answer = await paper_bytes(store, actor, kept, shown, {"range": "bytes=0-9"}, taken=True)
        assert (answer.status, answer.headers["cache-control"]) == (200, "private, no-store")
        assert isinstance(answer.body, bytes)
        pages = pypdf.PdfReader(io.BytesIO(answer.body)).pages
        assert len(pages) == 2
        for page in pages:
            assert page.extract_text().count(actor.name) == 4
            assert council["delegate00"].name not in page.extract_text()


@pytest.mark.parametrize("access", [Access(level="confidential"), Access(download=False)])
async def test_what_is_not_handed_out_is_no_file(store: Store, access: Access) -> None:
    council = await make_council(store, seats=3)
    sitting = await publish_sitting(store, council)
    paper = await _laid(store, sitting, council["secretary"])
    await _set(store, council, paper, access)
    async with store.reading() as reading:
        kept, shown, _ = await open_paper(reading, council["delegate01"], paper)
    assert (await paper_bytes(store, council["delegate01"], kept, shown, {}, taken=False)).status == 200
    with pytest.raises(Refused) as refusal:
        await paper_bytes(store, council["delegate01"], kept, shown, {}, taken=True)
    assert refusal.value.code == "paper-not-handed-out"


async def test_a_whole_room_that_opens_a_paper_is_on_record(store: Store) -> None:
    council = await make_council(store, seats=9)
    sitting = await publish_sitting(store, council)
    paper = await _laid(store, sitting, council["secretary"])
    async with store.reading() as reading:
        _, shown, _ = await open_paper(reading, council["secretary"], paper)
    readers = council.delegates
    await asyncio.gather(*(note_opening(store, one.person, shown.id) for one in readers))
    await note_opening(store, readers[0].person, shown.id, part=True)
    await note_opening(store, readers[1].person, shown.id, downloaded=True)
    async with store.reading() as reading:
        rows = {row.person_id: row for row, _, _ in await openings_of(reading, council["secretary"], paper)}
        with pytest.raises(Refused):
            await openings_of(reading, council["delegate01"], paper)
    assert set(rows) == {one.person for one in readers}
    first, second, third = (rows[one.person] for one in readers[:3])
    assert (first.times, second.times, third.times) == (1, 2, 1)
    assert second.downloaded_at is not None
    assert second.last_at >= second.first_at
    assert first.downloaded_at is None
