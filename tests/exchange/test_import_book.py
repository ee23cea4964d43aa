"""Importing council books: everything in one transaction, or nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from meetings.cli import main
from meetings.during.records import Imported, import_book
from meetings.exchange.book import Book
from meetings.exchange.book_checks import tally_of
from meetings.exchange.book_reader import read_book
from meetings.rules.permissions import Actor
from meetings.rules.refusals import Refused
from meetings.storage.journal import verify_chain
from meetings.storage.tables import (
    Attendance,
    Ballot,
    Body,
    Chain,
    Item,
    Meeting,
    Membership,
    Motion,
    Notification,
    Outbox,
    Person,
    Poll,
    Resolution,
    RollEntry,
    Table,
)
from meetings.storage.unit_of_work import Store
from tests.exchange.books import dumped, invented_book, whole_book

STRANGER = Actor(person=None, account=None, name="", language="en", grants=frozenset())  # type: ignore[arg-type]


async def imported(store: Store, book: Book) -> Imported:
    async with store.work() as work:
        return await import_book(work, None, book, timezone="Europe/Dublin", language="en")


async def count(store: Store, table: type[Table]) -> int:
    async with store.reading() as reading:
        return await reading.session.scalar(select(func.count()).select_from(table)) or 0


async def test_the_whole_book_is_taken(store: Store) -> None:
    book = read_book(whole_book())
    done = await imported(store, book)
    votes = list(book.votes())
    assert (done.members, done.meetings, done.polls) == (len(book.members), len(book.meetings), len(votes))
    assert await count(store, Person) == await count(store, Membership) == len(book.members)
    assert await count(store, Meeting) == len(book.meetings)
    assert await count(store, Item) == done.items
    assert await count(store, Motion) == await count(store, Poll) == len(votes)
    assert (
        await count(store, Ballot) == done.ballots == sum(len(list(vote.ballots())) for _, _, vote in votes)
    )
    assert await count(store, RollEntry) == sum(len(v.present()) + v.count("absent") for _, _, v in votes)
    # a record has no consequences
    assert (
        await count(store, Resolution) == await count(store, Notification) == await count(store, Outbox) == 0
    )


async def test_every_poll_says_what_was_published(store: Store) -> None:
    book = read_book(whole_book())
    await imported(store, book)
    published = {item.reference: vote for _, item, vote in book.votes()}
    async with store.reading() as reading:
        rows = (await reading.session.execute(select(Item, Poll).join(Poll, Poll.item_id == Item.id))).all()
    assert {item.reference for item, _ in rows} == set(published)
    for item, poll in rows:
        vote = published[item.reference]
        assert poll.state == "announced"
        assert poll.outcome is not None
        assert poll.outcome["adopted"] == vote.passed
        assert poll.tally is not None
        assert poll.tally["weights"] == tally_of(vote).weights
        assert poll.tally["not_cast"] == vote.count("not_voted")
        assert (poll.result_imported or {})["result"] == ("passed" if vote.passed else "rejected")


async def test_the_journals_are_intact(store: Store) -> None:
    await imported(store, read_book(dumped(invented_book())))
    async with store.reading() as reading:
        for chain in (await reading.session.scalars(select(Chain.id))).all():
            assert (await verify_chain(reading.session, chain)).intact


async def test_names_dates_and_texts_are_kept(store: Store) -> None:
    await imported(store, read_book(dumped(invented_book())))
    async with store.reading() as reading:
        left = (
            await reading.session.execute(
                select(Person.name, Membership)
                .join(Membership, Membership.person_id == Person.id)
                .where(Person.reference == "63")
            )
        ).one()
        items = {item.reference: item for item in await reading.session.scalars(select(Item))}
        motion = await reading.session.scalar(select(Motion).where(Motion.title == "Item b-1"))
        meeting = await reading.session.scalar(select(Meeting).where(Meeting.reference == "m1"))
        attendance = await reading.session.execute(
            select(Attendance.state, func.count()).group_by(Attendance.state)
        )
        assert dict(attendance.all()) == {"in": 40, "absent": 23}
    assert left[0] == "Ann 63 Ó Test63"
    assert (left[1].since, left[1].until, left[1].group) == (date(2019, 5, 24), date(2019, 12, 31), "Party")
    assert items["a-1"].text == "A text.\r\nTwo lines."
    assert (items["a-2"].title, items["a-2"].number) == ("“A title” with a break", "")
    assert items["b-1"].presenter == "Ann 1 Ó Test1, Ann 2 Ó Test2"
    assert items["b-1"].text.endswith("Against")
    assert motion is not None
    assert (motion.mover, motion.state) == ("Ann 1 Ó Test1, Ann 2 Ó Test2", "adopted")
    assert meeting is not None
    assert (meeting.starts_local, meeting.state) == ("2019-09-02T00:00", "adjourned")


async def test_long_titles_are_kept_whole_in_the_text(store: Store) -> None:
    raw = invented_book()
    raw["meetings"][0]["items"][1]["title"] = "word " * 200
    done = await imported(store, read_book(dumped(raw)))
    async with store.reading() as reading:
        item = await reading.session.scalar(select(Item).where(Item.reference == "a-2"))
    assert item is not None
    assert len(item.title) <= 500
    assert item.text == " ".join(["word"] * 200)
    assert "the title is long; the whole of it stands in the text" in [note.text for note in done.notes]


async def test_a_published_result_against_the_rule_is_kept_and_said(store: Store) -> None:
    raw = invented_book()
    raw["meetings"][0]["items"][0]["vote"]["result"] = "rejected"
    await imported(store, read_book(dumped(raw)))
    async with store.reading() as reading:
        query = select(Poll.outcome, Motion.state).join(Motion, Motion.id == Poll.motion_id)
        outcome, motion = (await reading.session.execute(query.where(Poll.title == "Item a-1"))).one()
    assert outcome is not None
    assert (outcome["adopted"], outcome["reason"], motion) == (False, "published-not_adopted", "rejected")


async def test_the_same_book_twice_is_refused(store: Store) -> None:
    book = read_book(dumped(invented_book()))
    await imported(store, book)
    with pytest.raises(Refused, match="was imported before"):
        await imported(store, book)
    assert await count(store, Body) == 1
    assert await count(store, Person) == 64


async def test_another_term_and_another_council_are_bodies_of_their_own(store: Store) -> None:
    await imported(store, read_book(dumped(invented_book())))
    later = invented_book(term={"from": "2024-05-24", "until": None}, seats=40)
    later["members"] = [member | {"from": None, "until": None} for member in later["members"]]
    await imported(store, read_book(dumped(later)))
    await imported(store, read_book(dumped(invented_book(name="Hội đồng nhân dân phường Thử"))))
    assert await count(store, Body) == 3


async def test_only_an_administrator_imports(store: Store) -> None:
    with pytest.raises(Refused, match="not among your rights"):
        async with store.work() as work:
            await import_book(work, STRANGER, read_book(dumped(invented_book())), timezone="Europe/Dublin")


def test_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEETINGS_DATA_DIR", str(tmp_path / "data"))
    good, cut = tmp_path / "good.json", tmp_path / "cut.json"
    good.write_bytes(dumped(invented_book()))
    cut.write_bytes(good.read_bytes()[:-9])
    run = CliRunner()
    tried = run.invoke(main, ["import", "--dry-run", str(good)])
    assert tried.exit_code == 0, tried.output
    assert "This was a dry run: nothing was written." in tried.output
    both = run.invoke(main, ["import", str(good), str(cut)])
    assert both.exit_code == 1
    assert both.stderr.startswith("meetings: cut.json: This file is not complete JSON")
    done = run.invoke(main, ["import", str(good)])
    assert done.exit_code == 0, done.output
    assert "taken are 64 members, 2 meetings, 5 items, 4 roll calls" in done.output
    assert "b-1: took part without a seat on 2020-02-24: Ann 63 Ó Test63" in done.output
    again = run.invoke(main, ["import", str(good)])
    assert again.exit_code == 1
    assert (
        again.stderr
        == "meetings: This council book was imported before: Invented Town Council, 2019-05-24.\n"
    )
