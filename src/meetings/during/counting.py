"""Ballots become a tally, and a tally an outcome. Whoever closes a poll asks here; nothing is written."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select

from meetings.during.roll import frozen_roll
from meetings.rules.outcome import Figures, Outcome, decide
from meetings.rules.recount import figures_of as closing_figures
from meetings.rules.roll import RollCount, count_roll
from meetings.rules.rule import Rule
from meetings.rules.tally import Tally, tally
from meetings.storage.tables import Ballot, Poll, SecretBallot
from meetings.storage.unit_of_work import Reading

Data = dict[str, Any]


async def count_poll(reading: Reading, poll: Poll, rule: Rule) -> tuple[Data, Data]:
    """A poll's tally and outcome as they are stored with it. `poll.present_close` has to be known already."""
    voters = count_roll(await frozen_roll(reading, poll.id))
    ballots = await ballots_of(reading, poll)
    figures = figures_of(poll, rule, voters, poll.present_close or 0)
    counted = tally(ballots, poll.eligible or 0, poll.eligible_weight or 0, rule.choices)
    chair_choice = await _chair_choice(reading, poll)
    return tally_as_data(counted), outcome_as_data(decide(rule, figures, counted, chair_choice, poll.secret))


async def ballots_of(reading: Reading, poll: Poll) -> list[tuple[str, int]]:
    """Every ballot that counts, as (choice as stored, weight); of a changed ballot only the last revision."""
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


def tally_as_data(counted: Tally) -> Data:
    """A tally as it is stored and published."""
    return {
        "weights": dict(counted.weights),
        "heads": dict(counted.heads),
        "yes": counted.count("yes"),
        "no": counted.count("no"),
        "abstain": counted.count("abstain"),
        "cast": counted.cast,
        "not_cast": counted.not_cast,
        "not_cast_weight": counted.not_cast_weight,
    }


def outcome_as_data(outcome: Outcome) -> Data:
    """An outcome as it is stored and published."""
    return {
        "code": outcome.code.value,
        "adopted": outcome.adopted,
        "reason": outcome.reason,
        "facts": dict(outcome.facts),
        "percent": outcome.percent,
        "base": outcome.base,
    }


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
