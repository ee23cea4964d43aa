"""The content of minutes: every part of the form in order, numbers bound, prose kept."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetings.rules.majority import PRESETS
from meetings.rules.minutes import (
    SENTENCES,
    Block,
    Kind,
    Minutes,
    added,
    draft,
    minutes_as_data,
    minutes_from_data,
    refreshed,
    written,
)
from meetings.rules.outcome import REASONS, decide
from meetings.rules.record import (
    Attendee,
    ChoiceCount,
    ItemRecord,
    MotionRecord,
    PollRecord,
    Recess,
    Record,
    ResolutionRecord,
    TaskRecord,
)
from meetings.rules.refusals import Refused
from tests.rules.polls import counted, figures

RULE = PRESETS["hdnd-resolution"]
TALLY = counted(RULE, 30, 6, 4, 1)
OUTCOME = decide(RULE, figures(RULE, 50, 41), TALLY)

POLL = PollRecord(
    id="p1",
    title="School fees 2027",
    secret=False,
    eligible=TALLY.eligible,
    cast=TALLY.cast,
    not_cast=TALLY.not_cast,
    choices=(
        ChoiceCount("yes", "In favour", 30, ("Nguyễn An", "Trần Bình")),
        ChoiceCount("no", "Against", 6),
        ChoiceCount("abstain", "Abstain", 4),
    ),
    reason=OUTCOME.reason,
    facts=OUTCOME.facts,
    number=3,
    rule="seats-more",
    rule_facts={"majority": "1/2", "needed": 26, "base": 50},
)

FEES = ItemRecord(
    id="i1",
    number="1",
    title="School fees",
    presenter="Department of Education",
    taken_up=datetime(2026, 2, 5, 8, 10),
    concluded=datetime(2026, 2, 5, 9, 0),
    papers=("Submission 12/TTr-UBND", "Draft resolution"),
    motions=(
        MotionRecord(
            id="m1",
            title="Adopt the fees",
            text="Resolved: …",
            mover="Lê Chi",
            polls=(POLL,),
            state="adopted",
        ),
    ),
    resolutions=(ResolutionRecord("r1", "School fees 2027"),),
    tasks=(
        TaskRecord(
            id="t1",
            title="Publish the fees",
            lead="Department of Education",
            cooperating=("Department of Finance",),
            due=date(2026, 3, 1),
        ),
    ),
)

RECORD = Record(
    title="Sitting 3",
    body="City Council",
    place="Hall A",
    started=datetime(2026, 2, 5, 8, 0),
    ended=datetime(2026, 2, 5, 11, 30),
    chair="Phạm Dung",
    secretary="Vũ Em",
    attendance=(
        Attendee("Nguyễn An", "in"),
        Attendee("Trần Bình", "remote", "site 2"),
        Attendee("Lê Chi", "excused"),
    ),
    present=41,
    quorum_needed=34,
    quorum_base=50,
    proceedings=(
        FEES,
        Recess(datetime(2026, 2, 5, 9, 0), datetime(2026, 2, 5, 9, 15)),
        ItemRecord(id="i2", number="2", title="Streets", state="postponed", reason="no papers"),
    ),
)


def codes(minutes: Minutes) -> list[str]:
    return [block.code for block in minutes.blocks]


def found(minutes: Minutes, block_id: str) -> Block:
    return next(block for block in minutes.blocks if block.id == block_id)


def said(block: Block) -> str:
    return SENTENCES[block.code].format(**block.facts)


def test_every_part_of_the_form_in_order() -> None:
    assert codes(draft(RECORD)) == [
        "title",
        "begun",
        "place",
        "attendance",
        "quorum",
        "chair",
        "secretary",
        "proceedings",
        "prose-opening",
        "item",
        "item-presented",
        "paper",
        "paper",
        "prose-discussion",
        "motion-moved",
        "motion-text",
        "vote-electronic",
        f"outcome-{OUTCOME.reason}",
        "resolution",
        "task-with-due",
        "prose-conclusion",
        "item-concluded",
        "recess",
        "item",
        "item-not-taken-up",
        "item-postponed-reason",
        "prose-closing",
        "ended",
    ]


def test_the_numbers_are_those_of_the_outcome() -> None:
    minutes = draft(RECORD)
    poll = found(minutes, "poll:p1")
    assert said(poll) == (
        "Vote no. 3, electronic and open, on “School fees 2027”: 41 with a ballot, 40 cast, 1 not cast."
    )
    assert [(row.label, row.count, row.names) for row in poll.rows] == [
        ("In favour", 30, "Nguyễn An, Trần Bình"),
        ("Against", 6, ""),
        ("Abstain", 4, ""),
    ]
    assert said(found(minutes, "outcome:p1")) == REASONS[OUTCOME.reason].format(**OUTCOME.facts)
    assert said(found(minutes, "outcome:p1")) == (
        "Adopted: 30 of 50 seats in favour (60.00%); 26 needed, more than 1/2 of all seats."
    )
    assert said(found(minutes, "quorum")) == "41 of 50 members present; the quorum of 34 was met."


def test_attendance_by_state() -> None:
    rows = found(draft(RECORD), "attendance").rows
    assert [(row.label, row.count, row.names) for row in rows] == [
        ("Present", 1, "Nguyễn An"),
        ("Present remotely", 1, "Trần Bình (site 2)"),
        ("Absent with excuse", 1, "Lê Chi"),
    ]


def test_times_are_written_as_the_decree_wants_them() -> None:
    facts = found(draft(RECORD), "begun").facts
    assert (facts["hour"], facts["minute"]) == ("08", "00")
    assert (facts["day"], facts["month"], facts["year"]) == ("05", "02", "2026")
    june = draft(replace(RECORD, started=datetime(2026, 6, 15, 14, 5)))
    assert found(june, "begun").facts["month"] == "6"


def test_a_secret_poll_names_nobody() -> None:
    item = replace(FEES, motions=(), polls=(replace(POLL, secret=True),))
    poll = found(draft(replace(RECORD, proceedings=(item,))), "poll:p1")
    assert poll.code == "vote-secret"
    assert [row.names for row in poll.rows] == ["", "", ""]


def test_other_ways_of_things() -> None:
    short = replace(RECORD, present=30, ended=None, proceedings=())
    assert "quorum-short" in codes(draft(short))
    assert "ended" not in codes(draft(short))
    assert "present" in codes(draft(replace(RECORD, quorum_needed=0)))
    item = replace(
        FEES,
        presenter="",
        concluded=None,
        state="withdrawn",
        motions=(MotionRecord(id="m", title="Adopt"),),
        resolutions=(ResolutionRecord("r1", "Fees", "15/NQ-HĐND"),),
        tasks=(TaskRecord(id="t", title="Do", lead="A"),),
    )
    minutes = draft(replace(RECORD, proceedings=(item, Recess(datetime(2026, 2, 5, 9, 0)))))
    for code in ("item-taken-up", "item-withdrawn", "motion", "resolution-issued", "task", "recess-open"):
        assert code in codes(minutes)


def test_numbers_stand_in_bound_blocks_only() -> None:
    for block in draft(RECORD).blocks:
        assert block.text == ""
        if block.kind is Kind.PROSE:
            assert not block.facts
            assert not block.rows
        else:
            assert "{" not in said(block)
    assert not any(re.search(r"\d", SENTENCES[block.code]) for block in draft(RECORD).blocks)


def test_ids_are_unique() -> None:
    ids = [block.id for block in draft(RECORD).blocks]
    assert len(set(ids)) == len(ids)


def test_the_secretary_writes_prose_only() -> None:
    minutes = written(draft(RECORD), "item:i1:discussion", "Ten members spoke.")
    assert found(minutes, "item:i1:discussion").text == "Ten members spoke."
    for bound in ("poll:p1", "title", "nothing"):
        with pytest.raises(Refused) as refused:
            written(minutes, bound, "60 in favour")
        assert refused.value.code == "minutes-bound"


def test_refreshing_keeps_prose_and_renews_numbers() -> None:
    minutes = written(draft(RECORD), "item:i1:discussion", "Ten members spoke.")
    minutes = added(minutes, "poll:p1", "extra", "The chair thanked the counters.")
    minutes = added(minutes, "extra", "empty")
    again = refreshed(minutes, replace(RECORD, present=40, proceedings=(FEES,)))
    assert found(again, "quorum").facts["present"] == 40
    assert found(again, "item:i1:discussion").text == "Ten members spoke."
    ids = [block.id for block in again.blocks]
    assert ids.index("extra") == ids.index("poll:p1") + 1
    assert "empty" not in ids
    assert found(again, "extra").item == "i1"
    gone = refreshed(again, replace(RECORD, proceedings=()))
    assert [block.text for block in gone.blocks if block.text] == [
        "Ten members spoke.",
        "The chair thanked the counters.",
    ]


def test_minutes_survive_being_stored() -> None:
    minutes = added(draft(RECORD), "title", "extra", "Xin chào")
    stored = json.loads(json.dumps(minutes_as_data(minutes)))
    assert minutes_from_data(stored) == minutes


items = st.builds(
    ItemRecord,
    id=st.uuids().map(str),
    number=st.just("1"),
    title=st.text(max_size=5),
    state=st.sampled_from(["concluded", "postponed", "withdrawn", "taken_up", "planned"]),
    taken_up=st.none() | st.just(datetime(2026, 2, 5, 9, 0)),
    papers=st.lists(st.text(max_size=3), max_size=2).map(tuple),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(items, max_size=4, unique_by=lambda item: item.id), st.data())
def test_no_word_is_lost_whatever_the_journal_says(some: list[ItemRecord], data: st.DataObject) -> None:
    minutes = draft(replace(RECORD, proceedings=tuple(some)))
    for block in minutes.blocks:
        if block.kind is Kind.PROSE:
            minutes = written(minutes, block.id, f"words on {block.id}")
    kept = data.draw(st.lists(st.sampled_from(some), unique=True)) if some else []
    again = refreshed(minutes, replace(RECORD, proceedings=tuple(kept)))
    before = sorted(block.text for block in minutes.blocks if block.text)
    assert sorted(block.text for block in again.blocks if block.text) == before
    assert refreshed(again, replace(RECORD, proceedings=tuple(kept))) == again
