"""The minutes of speeches, questions, motions and votes: short sentences, long lists kept short, no word lost."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from meetings.rules.minutes import (
    SENTENCES,
    Block,
    Kind,
    Minutes,
    draft,
    minutes_as_data,
    minutes_from_data,
    refreshed,
    written,
)
from meetings.rules.minutes_items import EACH_AT_MOST, item_blocks
from meetings.rules.minutes_motions import motion_blocks
from meetings.rules.minutes_votes import vote_blocks
from meetings.rules.record import (
    ChangeRecord,
    ChoiceCount,
    ElsewhereRecord,
    EnteredRecord,
    ItemRecord,
    MotionRecord,
    PromiseRecord,
    QuestionRecord,
    Recess,
    RecusalRecord,
    SpeechRecord,
    StageRecord,
    StandInRecord,
)
from meetings.rules.speakers import KINDS, STANCES
from tests.rules.test_minutes import FEES, POLL, RECORD

NINE = datetime(2026, 2, 5, 9, 0)


def said(blocks: list[Block]) -> list[str]:
    return [SENTENCES[block.code].format(**block.facts) for block in blocks if block.kind is not Kind.PROSE]


def speech(number: int, speaker: str = "", **more: str) -> SpeechRecord:
    at = NINE + timedelta(minutes=number)
    return SpeechRecord(f"s{number}", at, speaker or f"Speaker {number}", "speech", 60 + number, **more)


def test_a_dozen_speeches_are_told_one_by_one() -> None:
    item = replace(FEES, speeches=tuple(speech(number, group="Group 1") for number in range(EACH_AT_MOST)))
    told = [block for block in item_blocks(item) if block.code == "speech-group"]
    assert len(told) == EACH_AT_MOST
    assert said(told)[-1] == "09:11: Speaker 11 (Group 1) – Speech, 1:11."


def test_a_long_list_of_speeches_is_told_by_speaker() -> None:
    speeches = tuple(speech(number, f"Speaker {number % 5}") for number in range(203))
    (told,) = (block for block in item_blocks(replace(FEES, speeches=speeches)) if block.code == "speeches")
    assert said([told]) == ["Speeches, in the order of the first call: 203 by 5 speakers, 544:43 in all."]
    assert [row.label for row in told.rows] == [f"Speaker {number}" for number in range(5)]
    assert [row.count for row in told.rows] == [41, 41, 41, 40, 40]
    assert sum(row.count for row in told.rows) == 203
    assert not any(
        block.code.startswith("speech-") for block in item_blocks(replace(FEES, speeches=speeches))
    )


def test_questions_end_as_they_ended() -> None:
    asked = QuestionRecord(
        id="q", asker="Lê Chi", addressee="The director", text="When?", state="answered", put=NINE,
        turns=(replace(speech(1, "Lê Chi"), kind="ask"),),
        promises=(PromiseRecord(id="p", promised_by="The director", text="Soon.", agency="Roads"),),
    )  # fmt: skip
    for question, ending in (
        (asked, "answered"),
        (replace(asked, satisfied=True), "answered-satisfied"),
        (replace(asked, satisfied=False), "answered-unsatisfied"),
        (replace(asked, state="written"), "answer-written"),
        (replace(asked, state="written", agency="Roads"), "answer-written-agency"),
    ):
        codes = [block.code for block in item_blocks(replace(FEES, questions=(question,)))]
        start = codes.index("question")
        assert codes[start : start + 4] == ["question", "speech", "promise", ending]
    unheard = replace(asked, put=None, state="listed", turns=(), promises=())
    codes = [block.code for block in item_blocks(replace(FEES, questions=(unheard,)))]
    assert "question-not-put" in codes
    assert not any(code.startswith("answer") for code in codes)


def test_motions_are_told_with_what_became_of_them() -> None:
    amendment = MotionRecord(
        id="a", title="More", mover="Vũ Em", kind="amendment", state="adopted", polls=(POLL,),
        changes=(ChangeRecord("12", "15"), ChangeRecord("", "new"), ChangeRecord("old", "")),
    )  # fmt: skip
    motion = MotionRecord(
        id="m", title="Road", text="12 old", mover="Lê Chi", seconder="Vũ Em", now_reads="15 new",
        amendments=(amendment,), state="undecided",
    )  # fmt: skip
    told = motion_blocks(motion, "i1")
    assert said(told)[:6] == [
        "Motion by Lê Chi, seconded by Vũ Em: Road",
        "12 old",
        "Amendment by Vũ Em: More",
        "Instead of “12”: “15”",
        "Inserted: “new”",
        "Struck out: “old”",
    ]
    assert said(told)[-2:] == ["The text now reads: 15 new", "It was left undecided."]
    long = replace(amendment, changes=(), text="the whole text")
    assert said(motion_blocks(long, "i1"))[1] == "As amended the text would read: the whole text"
    for state, code in (
        ("withdrawn", "motion-withdrawn"),
        ("proposed", "motion-proposed"),
        ("moved", "motion-undecided"),
    ):
        assert motion_blocks(MotionRecord(id="m", title="Road", state=state), "i1")[-1].code == code
    together = MotionRecord(id="m", title="Road", state="rejected", together=4)
    assert said(motion_blocks(together, "i1"))[-1] == "Rejected together with others in vote no. 4."
    parts = replace(together, together=0, parts=(together, together), state="adopted")
    assert said(motion_blocks(parts, "i1"))[1] == "Divided into 2 parts, which are put one by one."
    assert said(motion_blocks(parts, "i1"))[-1] == "Adopted in its parts."


def test_every_kind_of_vote_has_its_sentence() -> None:
    for kind, method, secret, code in (
        ("motion", "electronic", False, "vote-electronic"),
        ("motion", "electronic", True, "vote-secret"),
        ("motion", "hands", False, "vote-hands"),
        ("consent", "roll_call", False, "vote-roll-call"),
        ("election", "electronic", True, "vote-election-secret"),
        ("confidence", "electronic", False, "vote-confidence"),
        ("options", "electronic", False, "vote-options"),
        ("ranked", "electronic", True, "vote-ranked-secret"),
    ):
        told = vote_blocks(replace(POLL, kind=kind, method=method, secret=secret), "i1")
        assert told[0].code == code
        assert "{" not in " ".join(said(told))
        assert secret == (not any(row.names for row in told[0].rows))


def test_what_surrounds_a_vote() -> None:
    poll = replace(
        POLL, reason="nobody", motions=("One", "Two"), round=2, repeats=1, admitted=("An",), by_proxy=("Bình (An)",),
        entered=(EnteredRecord(("Chi", "Em"), "Clerk", "Chair"),), casting="In favour", casting_by="Chair",
        stages=(StageRecord("An 2, Chi 1", "An", "Chi"), StageRecord("An 3")), repeated_by=(5,),
    )  # fmt: skip
    assert said(vote_blocks(poll, "i1"))[1:] == [
        "One vote on several motions: One; Two.",
        "Round 2, after vote no. 1.",
        "Rule: more than 1/2 of all seats; 26 votes of 50 needed.",
        "Admitted after the opening: An.",
        "Ballots held by proxy (holder in brackets): Bình (An).",
        "Entered by Clerk for members without a device, confirmed by Chair: Chi, Em.",
        "Count 1: An 2, Chi 1. Elected: An. Excluded: Chi.",
        "Count 2: An 3.",
        "Casting vote of Chair: In favour.",
        "Not adopted: nobody voted in favour or against.",
        "It is repeated by vote no. 5.",
    ]
    void = replace(
        POLL, reason="annulled", choices=(), facts={}, annulled_at=NINE, annulled_reason="wrong count",
        annulled_after=True, rule="",
    )  # fmt: skip
    told = vote_blocks(void, "i1")
    assert [block.code for block in told] == ["vote-annulled", "outcome-annulled", "vote-annulled-after"]
    assert told[0].facts["word_method"] == "electronic and open"
    assert not told[0].rows


def test_items_that_come_and_go() -> None:
    there = ElsewhereRecord(title="Sitting 4", number="2", starts=datetime(2026, 3, 1, 8, 0))
    item = replace(
        FEES, state="postponed", reason="no papers", urgent="storm",
        continues=ElsewhereRecord(title="Sitting 2", number="3"), continued_by=there,
        came_late=("An",), left_early=("Chi", "Em"),
        recusals=(RecusalRecord("r", "Bình", "owner", NINE, NINE + timedelta(hours=1)), RecusalRecord("s", "Em")),
    )  # fmt: skip
    told = said(item_blocks(item))
    for line in (
        "Urgent item, put on the agenda by the chair: storm",
        "Continues item 3 of “Sitting 2”.",
        "Bình stood aside from this item from 09:00 to 10:00: owner",
        "Em stands aside from this item.",
        "Came when the item had begun: An.",
        "Left before the item ended: Chi, Em.",
        "Postponed: no papers",
        "It continues as item 2 of “Sitting 4” at 08:00 on 2026-03-01.",
    ):
        assert line in told
    referred = item_blocks(replace(FEES, state="referred", referred_to="Law committee", reason="study"))
    assert said(referred)[-1] == "Referred to Law committee: study"


def test_who_acts_for_whom_stands_with_the_attendance() -> None:
    record = replace(
        RECORD,
        substitutes=(StandInRecord("An", "Bình", NINE),),
        proxies=(StandInRecord("Chi", "Em", NINE, NINE + timedelta(hours=1)),),
        proceedings=(Recess(NINE, NINE + timedelta(minutes=10), 40),),
    )
    told = said(list(draft(record).blocks))
    assert told[4:6] == [
        "Bình, in the seat of An.",
        "The ballot of Chi is cast by Em, by proxy, from 09:00 to 10:00.",
    ]
    assert "Recess from 09:00 to 09:10; 40 members present afterwards." in told


def test_numbers_beside_numbers_survive_being_stored() -> None:
    marks = ((1, "20.00"), (1, "20.00"), (0, ""))
    rated = replace(POLL, kind="confidence", choices=(ChoiceCount("an", "An", 3, (), "60.00", marks),))
    minutes = draft(replace(RECORD, proceedings=(replace(FEES, polls=(rated,)),)))
    assert minutes_from_data(json.loads(json.dumps(minutes_as_data(minutes)))) == minutes
    old = [{"label": "In favour", "count": 3, "names": ""}]
    data = minutes_as_data(Minutes((Block("x", Kind.BOUND, "present"),)))
    data[0]["rows"] = old
    (block,) = minutes_from_data(data).blocks
    assert (block.rows[0].share, block.rows[0].marks) == ("", ())


speeches = st.builds(
    SpeechRecord,
    id=st.uuids().map(str),
    at=st.just(NINE),
    speaker=st.sampled_from(["An", "Bình", "Chi"]),
    kind=st.sampled_from(sorted(KINDS)),
    seconds=st.integers(0, 5000),
    group=st.sampled_from(["", "Group"]),
    stance=st.sampled_from(["", *STANCES]),
)
polls = st.builds(
    replace,
    st.just(POLL),
    id=st.uuids().map(str),
    number=st.integers(1, 99),
    kind=st.sampled_from(["motion", "consent", "election", "confidence", "options", "ranked"]),
    method=st.sampled_from(["electronic", "hands", "roll_call"]),
    secret=st.booleans(),
    annulled_at=st.none() | st.just(NINE),
)
motions = st.builds(
    MotionRecord,
    id=st.uuids().map(str),
    title=st.just("Road"),
    state=st.sampled_from(["moved", "adopted", "rejected", "withdrawn", "proposed", "divided", "undecided"]),
    polls=st.lists(polls, max_size=2).map(tuple),
    amendments=st.lists(
        st.builds(MotionRecord, id=st.uuids().map(str), title=st.just("More")), max_size=2
    ).map(tuple),
)
questions = st.builds(
    QuestionRecord,
    id=st.uuids().map(str),
    asker=st.just("An"),
    addressee=st.just("Chi"),
    text=st.just("When?"),
    state=st.sampled_from(["listed", "put", "answered", "written"]),
    turns=st.lists(speeches, max_size=3).map(tuple),
    promises=st.lists(
        st.builds(
            PromiseRecord, id=st.uuids().map(str), promised_by=st.just("Chi"), text=st.just("Soon"),
            agency=st.just("X"), due=st.none() | st.just(date(2026, 3, 1)),
        ),
        max_size=2,
    ).map(tuple),
)  # fmt: skip
items = st.builds(
    ItemRecord,
    id=st.sampled_from(["i1", "i2", "i3"]),
    number=st.just("1"),
    title=st.just("Roads"),
    state=st.sampled_from(["concluded", "postponed", "withdrawn", "referred", "planned"]),
    taken_up=st.none() | st.just(NINE),
    speeches=st.lists(speeches, max_size=20).map(tuple),
    questions=st.lists(questions, max_size=2).map(tuple),
    motions=st.lists(motions, max_size=2).map(tuple),
    polls=st.lists(polls, max_size=2).map(tuple),
)
agendas = st.lists(items, max_size=3, unique_by=lambda item: item.id).map(tuple)


@settings(max_examples=60, deadline=None)
@given(agendas, agendas)
def test_no_word_is_lost_when_other_facts_come_in(
    before: tuple[ItemRecord, ...], after: tuple[ItemRecord, ...]
) -> None:
    minutes = draft(replace(RECORD, proceedings=before))
    ids = [block.id for block in minutes.blocks]
    assert len(set(ids)) == len(ids)
    for block in minutes.blocks:
        if block.kind is Kind.PROSE:
            minutes = written(minutes, block.id, f"words on {block.id}")
    fresh = replace(RECORD, proceedings=after)
    again = refreshed(minutes, fresh)
    words = sorted(block.text for block in minutes.blocks if block.text)
    assert sorted(block.text for block in again.blocks if block.text) == words
    bound = [block for block in again.blocks if block.kind is not Kind.PROSE]
    assert bound == [block for block in draft(fresh).blocks if block.kind is not Kind.PROSE]
    assert refreshed(again, fresh) == again
