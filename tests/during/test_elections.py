"""Polls with several marks on a ballot: cast, counted, announced, recorded, and counted again offline."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from meetings.during.ballot_box import BallotBox
from meetings.during.elections import draft_next_round, draw_lots
from meetings.during.entered_ballots import confirm_ballot, enter_ballot
from meetings.during.poll_record import record_of_poll
from meetings.during.voting import announce_outcome, close_poll, draft_poll, open_poll
from meetings.rules.recount import recount
from meetings.rules.refusals import Refused
from meetings.storage.tables import Ballot, JournalRow, Poll, SecretBallot
from meetings.storage.unit_of_work import Store
from tests.support.council import Council, Sitting, begin_sitting, make_council

CANDIDATES: dict[str, Any] = {
    "options": ["Trần Thị Hoa", "Lê Văn Sơn", {"label": "Phạm Văn Hải", "note": "Sở Y tế"}]
}


@asynccontextmanager
async def ballot_box(store: Store) -> AsyncGenerator[BallotBox]:
    box = BallotBox(store)
    box.open()
    try:
        yield box
    finally:
        await box.shut()


async def opened(store: Store, council: Council, sitting: Sitting, **asked: Any) -> UUID:
    async with store.work() as work:
        poll = await draft_poll(work, council["chair"], sitting.item, **asked)
        await open_poll(work, council["chair"], poll.id)
    return poll.id


async def cast(store: Store, council: Council, poll: UUID, choices: Sequence[object]) -> None:
    async with ballot_box(store) as box:
        for voter, choice in zip(council.delegates, choices, strict=False):
            await box.cast(voter, poll, choice, str(uuid4()))


async def closed(store: Store, council: Council, poll: UUID) -> Poll:
    async with store.work() as work:
        return await close_poll(work, council["chair"], poll)


async def announced(store: Store, council: Council, poll: UUID) -> dict[str, Any]:
    """The record of the poll once it is announced, as everybody can save it."""
    async with store.work() as work:
        await announce_outcome(work, council["chair"], poll)
    async with store.reading() as reading:
        record: dict[str, Any] = json.loads(
            json.dumps(await record_of_poll(reading, council["observer"], poll))
        )
    return record


def tells(outcome: dict[str, Any] | None, key: str = "votes") -> dict[str, Any]:
    return {line["id"]: line[key] for line in (outcome or {})["lines"]}


KINDS: list[tuple[str, dict[str, Any], Sequence[object], str]] = [
    ("election", CANDIDATES | {"places": 2}, [*[["c1", "c2"]] * 4, ["c2", "c1"], ["c1"], []], "elected"),
    ("confidence", CANDIDATES, [{"c1": "high", "c2": "low"}] * 5 + [{}, {"c1": "low", "c3": "medium"}], "rated"),
    ("options", CANDIDATES, ["c1", "c2", ["c2"], '["c2"]', "c3"], "chosen"),
    ("ranked", CANDIDATES | {"places": 2}, [["c1", "c2"], ["c1"], *[["c1", "c3"]] * 2, ["c2"], ["c3"]], "elected"),
]  # fmt: skip


@pytest.mark.parametrize("secret", [False, True], ids=["named", "secret"])
@pytest.mark.parametrize(("kind", "form", "choices", "code"), KINDS, ids=[one[0] for one in KINDS])
async def test_each_kind_from_its_ballots_to_its_recount(
    store: Store, kind: str, form: dict[str, Any], choices: Sequence[object], code: str, secret: bool
) -> None:
    council = await make_council(store, seats=9)
    sitting = await begin_sitting(store, council)
    poll = await opened(store, council, sitting, kind=kind, form=form, secret=secret, title="Bầu")
    await cast(store, council, poll, choices)
    kept = await closed(store, council, poll)
    assert kept.outcome is not None
    assert kept.tally is not None
    assert kept.outcome["code"] == code
    assert (kept.tally["cast"], kept.tally["not_cast"]) == (len(choices), 9 - len(choices))
    record = await announced(store, council, poll)
    found = recount(record)
    assert found.agrees, found.differences
    assert [dict(line) for line in found.outcome.lines] == kept.outcome["lines"]
    assert ("ballots" in record) is not secret
    async with store.reading() as reading:
        rows = (
            await reading.session.scalars(select(JournalRow).where(JournalRow.event == "OutcomeAnnounced"))
        ).all()
        assert [line["label"] for line in rows[0].payload["lines"]] == [
            one["label"] for one in kept.outcome["lines"]
        ]
        told = list(await reading.session.scalars(select(SecretBallot.choice if secret else Ballot.choice)))
    assert len(told) == len(choices)
    assert all(json.loads(text) is not None for text in told)


async def test_a_record_that_was_changed_is_found_out(store: Store) -> None:
    council = await make_council(store, seats=9)
    sitting = await begin_sitting(store, council)
    for kind, form, choices, _ in KINDS:
        poll = await opened(store, council, sitting, kind=kind, form=form, secret=True)
        await cast(store, council, poll, choices)
        await closed(store, council, poll)
        record = await announced(store, council, poll)
        first = record["outcome"]["lines"][0]
        first["votes"] += 1
        assert [what for what, *_ in recount(record).differences] == ["lines"]
        first["votes"] -= 1
        key = next(iter(record["totals"]))
        if kind != "ranked":
            record["totals"][key] = 99
            with pytest.raises(Refused, match="totals"):
                recount(record)
        else:
            record["papers"][0]["count"] += 1
            assert not recount(record).agrees


async def test_a_ballot_that_the_form_does_not_allow_is_not_counted(store: Store) -> None:
    council = await make_council(store, seats=9)
    sitting = await begin_sitting(store, council)
    poll = await opened(store, council, sitting, kind="election", form=CANDIDATES, secret=True)
    voter = council.delegates[1]
    async with ballot_box(store) as box:
        for wrong, code in (
            (["c1", "c2"], "too-many-marks"),
            (["c9"], "choice-unknown"),
            ("yes", "choice-unknown"),
        ):
            with pytest.raises(Refused) as refusal:
                await box.cast(voter, poll, wrong, str(uuid4()))
            assert refusal.value.code == code
        key = str(uuid4())
        first = await box.cast(voter, poll, ["c1"], key)
        again = await box.cast(voter, poll, ["c1"], key)
        assert (again.receipt, again.repeated) == (first.receipt, True)


async def test_the_same_marks_in_another_order_are_the_same_ballot(store: Store) -> None:
    council = await make_council(store, seats=9)
    sitting = await begin_sitting(store, council)
    poll = await opened(store, council, sitting, kind="election", form=CANDIDATES | {"places": 2})
    voter, key = council.delegates[1], str(uuid4())
    async with ballot_box(store) as box:
        first = await box.cast(voter, poll, ["c2", "c1"], key)
        assert (await box.cast(voter, poll, '["c1", "c2"]', key)).receipt == first.receipt
        with pytest.raises(Refused) as refusal:
            await box.cast(voter, poll, ["c1"], key)
    assert refusal.value.code == "key-reused"


async def test_an_election_in_two_rounds(store: Store) -> None:
    council = await make_council(store, seats=9)
    sitting = await begin_sitting(store, council)
    first = await opened(
        store, council, sitting, kind="election", form=CANDIDATES, secret=True, title="Bầu Phó Chủ tịch"
    )
    await cast(store, council, first, [["c1"]] * 4 + [["c2"]] * 3 + [["c3"]] * 2)
    kept = await closed(store, council, first)
    assert kept.outcome is not None
    assert kept.outcome["code"] == "another_round"
    async with store.work() as work:
        with pytest.raises(Refused):
            await draft_next_round(work, council["chair"], first)  # nothing was announced yet
    await announced(store, council, first)
    async with store.work() as work:
        second = await draft_next_round(work, council["chair"], first)
        assert (second.round, second.repeats_id, second.secret, second.title) == (
            2,
            first,
            True,
            "Bầu Phó Chủ tịch",
        )
        await open_poll(work, council["chair"], second.id)
    await cast(store, council, second.id, [["c1"]] * 6 + [["c2"]] * 3)
    kept = await closed(store, council, second.id)
    assert kept.outcome is not None
    assert (kept.outcome["code"], tells(kept.outcome, "elected")["c1"]) == ("elected", True)
    async with store.work() as work:
        await announce_outcome(work, council["chair"], second.id)
        with pytest.raises(Refused):
            await draft_next_round(work, council["chair"], second.id)


async def test_a_ballot_entered_for_another_keeps_to_the_form(store: Store) -> None:
    """Anything else could never be counted, and the vote never be closed."""
    council = await make_council(store, seats=3)
    sitting = await begin_sitting(store, council)
    poll = await opened(store, council, sitting, kind="election", form=CANDIDATES)
    secretary, member = council["secretary"], council.delegates[1].person
    for wrong in ("yes", '["c9"]'):
        with pytest.raises(Refused) as refusal:
            async with store.work() as work:
                await enter_ballot(work, secretary, poll, member, wrong)
        assert refusal.value.code == "choice-unknown"
    async with store.work() as work:
        entered = await enter_ballot(work, secretary, poll, member, "c2")
        await confirm_ballot(work, council["chair"], entered.id)
    kept = await closed(store, council, poll)
    assert tells(kept.outcome) == {"c1": 0, "c2": 1, "c3": 0}


async def test_lots_are_recorded_by_the_chair(store: Store) -> None:
    council = await make_council(store, seats=9)
    sitting = await begin_sitting(store, council)
    form = CANDIDATES | {"at_most": 2, "ties": "lots"}
    poll = await opened(store, council, sitting, kind="election", form=form, secret=True)
    await cast(store, council, poll, [["c1", "c2"]] * 6 + [["c3"]] * 3)
    kept = await closed(store, council, poll)
    assert kept.outcome is not None
    assert kept.outcome["reason"] == "election-lots-none"
    for actor, drawn, code in (
        (council["delegate01"], ["c1"], "forbidden"),
        (council["chair"], ["c3"], "lots-wrong"),
        (council["chair"], ["c1", "c2"], "lots-wrong"),
    ):
        with pytest.raises(Refused) as refusal:
            async with store.work() as work:
                await draw_lots(work, actor, poll, drawn)
        assert refusal.value.code == code
    async with store.work() as work:
        kept = await draw_lots(work, council["chair"], poll, ["c2"])
    assert kept.outcome is not None
    assert (kept.outcome["reason"], tells(kept.outcome, "elected")["c2"]) == ("elected-lots", True)
    record = await announced(store, council, poll)
    assert recount(record).agrees
    with pytest.raises(Refused):
        async with store.work() as work:
            await draw_lots(work, council["chair"], poll, ["c1"])
    async with store.reading() as reading:
        rows = await reading.session.scalars(select(JournalRow).where(JournalRow.event == "LotsDrawn"))
        assert [row.payload["drawn"] for row in rows] == ["Lê Văn Sơn"]


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"kind": "lottery"}, "poll-kind-unknown"),
        ({"kind": "election"}, "form-invalid"),
        ({"kind": "election", "form": {"options": []}}, "form-invalid"),
        ({"kind": "options", "form": {"options": ["A"]}}, "form-invalid"),
        ({"kind": "election", "form": {"options": ["A", "A"]}}, "options-alike"),
        ({"kind": "motion", "form": CANDIDATES}, "form-invalid"),
        ({"kind": "motion", "rule": "ranked"}, "rule-not-for-kind"),
        ({"kind": "confidence", "form": CANDIDATES, "rule": "plurality"}, "rule-not-for-kind"),
        ({"kind": "election", "form": "A, B"}, "rule-invalid"),
    ],
)
async def test_what_cannot_be_put_is_not_prepared(store: Store, asked: dict[str, Any], code: str) -> None:
    council = await make_council(store, seats=9)
    sitting = await begin_sitting(store, council)
    with pytest.raises(Refused) as refusal:
        async with store.work() as work:
            await draft_poll(work, council["chair"], sitting.item, **asked)
    assert refusal.value.code == code
