"""Polls in a few numbers, for the tests of the voting rules."""

from __future__ import annotations

from meetings.rules.majority import PRESETS, Rule
from meetings.rules.outcome import Figures, Outcome, Weights, decide
from meetings.rules.quorum import quorum
from meetings.rules.rule import Base
from meetings.rules.tally import Tally, tally


def preset(rule: str | Rule) -> Rule:
    return PRESETS[rule] if isinstance(rule, str) else rule


def figures(
    rule: Rule,
    seats: int,
    present: int,
    *,
    in_office: int | None = None,
    present_at_close: int | None = None,
    recused: int = 0,
    recused_present: int = 0,
    remote: int = 0,
    weights: Weights | None = None,
) -> Figures:
    held = seats if in_office is None else in_office
    base = held if rule.quorum_base is Base.IN_OFFICE else seats
    closing = present if present_at_close is None else present_at_close
    return Figures(
        seats=seats,
        in_office=held,
        present=present,
        quorum_open=quorum(rule.quorum, base, present),
        quorum_close=quorum(rule.quorum, base, closing),
        recused=recused,
        recused_present=recused_present,
        remote=remote,
        weights=weights,
    )


def counted(rule: Rule, yes: int, no: int = 0, abstain: int = 0, not_cast: int = 0) -> Tally:
    codes = {choice.counts_as: choice.code for choice in reversed(rule.choices)}
    ballots = [(codes["yes"], 1)] * yes + [(codes["no"], 1)] * no + [(codes["abstain"], 1)] * abstain
    return tally(ballots, len(ballots) + not_cast, len(ballots) + not_cast, rule.choices)


def result(
    rule: str | Rule,
    seats: int,
    present: int,
    yes: int,
    no: int = 0,
    abstain: int = 0,
    not_cast: int = 0,
    *,
    chair: str | None = None,
    secret: bool = False,
    in_office: int | None = None,
    present_at_close: int | None = None,
    recused: int = 0,
) -> Outcome:
    found = preset(rule)
    body = figures(
        found, seats, present, in_office=in_office, present_at_close=present_at_close, recused=recused
    )
    return decide(found, body, counted(found, yes, no, abstain, not_cast), chair, secret)
