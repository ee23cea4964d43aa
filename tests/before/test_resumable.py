"""Files in pieces: begun by who may lay them, continued at any server of the house, laid once, gone after a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from meetings.before.duplicates import lay_again, lay_new
from meetings.before.papers import keep_upload, leaves_of, withdraw_paper
from meetings.before.resumable import (
    Purpose,
    add_piece,
    begin_upload,
    drop_expired,
    end_upload,
    own_upload,
    whole_file,
)
from meetings.pdf.workers import stop_workers
from meetings.rules.permissions import Actor
from meetings.rules.refusals import Refused
from meetings.storage.files import Files
from meetings.storage.tables import Upload
from meetings.storage.unit_of_work import Store
from tests.support.council import make_council, publish_sitting
from tests.support.papers import a_pdf


@pytest.fixture(scope="module", autouse=True)
def _worker() -> Iterator[None]:
    yield
    stop_workers()


async def _begin(store: Store, actor: Actor, target: UUID, size: int, purpose: str = "item") -> UUID:
    async with store.work() as work:
        upload = await begin_upload(work, actor, purpose, target, filename="..\\Tờ trình.pdf", size=size)
        return upload.id


async def _refused(code: str, awaited: object) -> None:
    with pytest.raises(Refused) as refused:
        await awaited  # type: ignore[misc]
    assert refused.value.code == code


async def test_a_file_comes_in_pieces_and_is_laid_once(store: Store) -> None:
    council = await make_council(store, seats=3)
    sitting = await publish_sitting(store, council)
    secretary, member = council["secretary"], council["delegate01"]
    item = sitting.item
    await _refused("forbidden", _begin(store, member, item, 10))
    await _refused("not-found", _begin(store, secretary, item, 10, "house"))
    await _refused("not-found", _begin(store, secretary, uuid4(), 10, "paper"))
    await _refused("paper-large", _begin(store, secretary, item, store.files.limit + 1))
    upload = await _begin(store, secretary, item, 9)
    assert await add_piece(store, secretary, upload, 0, b"%PDF") == 4
    await _refused("upload-offset", add_piece(store, secretary, upload, 0, b"%PDF"))
    await _refused("upload-long", add_piece(store, secretary, upload, 4, b"-1.7 more"))
    await _refused("not-found", add_piece(store, member, upload, 4, b"-1.7"))
    await _refused("upload-unfinished", whole_file(store, secretary, upload, Purpose.ITEM, item))
    other_server = Store(store.engine, Files(store.files.path("0" * 64).parent.parent))
    assert await add_piece(other_server, secretary, upload, 4, b"-1.7 ") == 9
    assert await whole_file(store, secretary, upload, Purpose.ITEM, item) == ("Tờ trình.pdf", b"%PDF-1.7 ")
    await _refused("not-found", whole_file(store, secretary, upload, Purpose.PAPER, item))
    await _refused("not-found", whole_file(store, member, upload, Purpose.ITEM, item))
    await _refused("not-found", end_upload(store, member, upload))
    await end_upload(store, secretary, upload)
    await _refused("not-found", add_piece(store, secretary, upload, 9, b""))


async def test_what_waits_for_more_than_a_day_is_dropped(store: Store) -> None:
    council = await make_council(store, seats=3)
    sitting = await publish_sitting(store, council)
    secretary = council["secretary"]
    old = await _begin(store, secretary, sitting.item, 9)
    await add_piece(store, secretary, old, 0, b"%PDF")
    now = store.clock()
    late = Store(store.engine, store.files, clock=lambda: now + timedelta(hours=25))
    async with late.reading() as reading:
        await _refused("not-found", own_upload(reading, secretary, old))
    young = await _begin(late, secretary, sitting.item, 9)
    assert await drop_expired(late) == 1
    async with late.reading() as reading:
        assert (await own_upload(reading, secretary, young)).received == 0
        assert await reading.session.scalar(select(func.count()).select_from(Upload)) == 1


async def test_the_same_file_is_told_and_laid_again_only_when_it_is_wanted(store: Store) -> None:
    council = await make_council(store, seats=3)
    sitting = await publish_sitting(store, council)
    secretary = council["secretary"]
    file = await keep_upload(store, "Tờ trình.pdf", a_pdf(2), 2)
    async with store.work() as work:
        first = await lay_new(work, secretary, sitting.item, file)
    async with store.work() as work:
        with pytest.raises(Refused) as told:
            await lay_new(work, secretary, sitting.item, file, title="Khác")
    facts = told.value.facts
    assert (told.value.code, facts["title"], facts["version"], facts["kept"]) == (
        "paper-already", "Tờ trình", 1, first.id,
    )  # fmt: skip
    async with store.work() as work:
        second = await lay_again(work, secretary, sitting.item, first.id, title="Khác")
    async with store.reading() as reading:
        leaves = (await leaves_of(reading, sitting.meeting))[sitting.item]
    assert [(leaf.title, leaf.sha256) for leaf in leaves] == [
        ("Tờ trình", file.sha256),
        ("Khác", file.sha256),
    ]
    for version in (first, second):
        async with store.work() as work:
            await withdraw_paper(work, secretary, version.paper_id)
    async with store.work() as work:
        await lay_new(work, secretary, sitting.item, file)
    other = await publish_sitting(store, council)
    async with store.work() as work:
        with pytest.raises(Refused, match="nothing at this address"):
            await lay_again(work, secretary, other.item, first.id)
