"""Ballots become a tally, and a tally an outcome. Whoever closes a poll asks here; nothing is written."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from meetings.during.roll import frozen_roll
from meetings.rules.ballot_forms import ONE_CHOICE, Kind, poll_form
from meetings.rules.elections import decide_marks
from meetings.rules.marks import Marks, count_marks
from meetings.rules.outcome import Figures, decide
from meetings.rules.polls import Method
from meetings.rules.ranked import decide_ranked
from meetings.rules.recount import figures_of as closing_figures
from meetings.rules.result_data import Data, outcome_as_data, tally_as_data
from meetings.rules.roll import RollCount, count_roll
from meetings.rules.rule import Rule
from meetings.rules.tally import tally
from meetings.storage.tables import Ballot, Poll, SecretBallot
from meetings.storage.unit_of_work import Reading


async def count_poll(reading: Reading, poll: Poll, rule: Rule) -> tuple[Data, Data]:
    """A poll's tally and outcome as they are stored with it. `poll.present_close` has to be known already."""
    voters = count_roll(await frozen_roll(reading, poll.id))
    ballots = await ballots_of(reading, poll)
    figures = figures_of(poll, rule, voters, poll.present_close or 0)
    form = poll_form(poll.kind, poll.form, rule.choices)
    heads, weight = poll.eligible or 0, poll.eligible_weight or 0
    if form.kind in ONE_CHOICE:
        counted = tally(ballots, heads, weight, rule.choices)
        outcome = decide(rule, figures, counted, await _chair_choice(reading, poll), poll.secret)
        return tally_as_data(counted), outcome_as_data(outcome)
    marks = count_marks(form, ballots, heads, weight)
    lots = tuple((poll.tally or {}).get("lots", ()))
    if form.kind is Kind.RANKED:
        outcome = decide_ranked(form, figures, marks, ballots)
    else:
        outcome = decide_marks(form, rule, figures, marks, lots)
    return marks_as_data(marks, lots), outcome_as_data(outcome)


async def ballots_of(reading: Reading, poll: Poll) -> list[tuple[str, int]]:
    """Every ballot that counts, as (choice as stored, weight); of a changed ballot only the last revision.

    A show of hands has no ballots: its confirmed counts stand for them, all of the same weight.
    """
    if poll.method == Method.HANDS:
        counts: dict[str, int] = (poll.counts or {}).get("numbers", {})
        weight = (poll.eligible_weight or 0) // (poll.eligible or 1)
        return [(choice, weight) for choice, hands in counts.items() for _ in range(hands)]
    if poll.secret:
        cast = await reading.session.scalars(
            select(SecretBallot.choice).where(SecretBallot.poll_id == poll.id)
        )
        return [(choice, 1) for choice in cast]
    named = await reading.session.execute(
        select(Ballot.choice, Ballot.weight).where(Ballot.poll_id == poll.id, Ballot.replaced_at.is_(None))
    )
    return [(choice, weight) for choice, weight in named]


def figures_of(poll: Poll, rule: Rule, roll: RollCount, present_close: int) -> Figures:
    """The figures that a closed poll's outcome is decided on."""
    return closing_figures(
        rule,
        roll,
        seats=poll.seats or 0,
        in_office=poll.in_office or 0,
        present_open=poll.present_open or 0,
        present_close=present_close,
    )


def by_choice(counted: Data) -> dict[str, int]:
    """A stored tally as the packets and the interface tell it: the three sides, and every choice by its own code."""
    return {side: counted[side] for side in ("yes", "no", "abstain")} | counted["weights"]


def marks_as_data(counted: Marks, lots: Sequence[str] = ()) -> Data:
    """The tally of a poll with several marks on a ballot: no sides; a blank ballot abstains."""
    data = {
        "weights": dict(counted.weights),
        "heads": dict(counted.heads),
        "yes": 0,
        "no": 0,
        "abstain": counted.blank_weight,
        "blank": counted.blank,
        "cast": counted.cast,
        "not_cast": counted.not_cast,
        "not_cast_weight": counted.not_cast_weight,
    }
    return data | {"lots": list(lots)} if lots else data


async def _chair_choice(reading: Reading, poll: Poll) -> str | None:
    """The casting vote, if one was given; otherwise what stands on the chair's own ballot."""
    if poll.casting_choice:
        return poll.casting_choice
    return await choice_of(reading, poll, poll.chair_id)


async def choice_of(reading: Reading, poll: Poll, person: UUID | None) -> str | None:
    """What stands on a person's named ballot; None without one, and always in a secret poll."""
    if poll.secret or person is None:
        return None
    return await reading.session.scalar(
        select(Ballot.choice).where(
            Ballot.poll_id == poll.id, Ballot.person_id == person, Ballot.replaced_at.is_(None)
        )
    )
