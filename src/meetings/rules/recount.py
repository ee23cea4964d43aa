"""A published poll is counted again from its record, by anybody, without the server.

The record names the roll, the ballots (of a secret poll: the totals), the figures and the rule. Everything that can
be derived is derived anew and held against what the record says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar, cast

from meetings.rules.ballot_forms import ONE_CHOICE, Form, Kind, poll_form
from meetings.rules.elections import decide_marks
from meetings.rules.marks import Marks, count_marks, keys_of
from meetings.rules.outcome import Figures, Outcome, Weights, decide
from meetings.rules.polls import Method
from meetings.rules.quorum import Quorum, quorum
from meetings.rules.ranked import decide_ranked
from meetings.rules.refusals import Refused
from meetings.rules.roll import RollCount, Voter, count_roll, eligible
from meetings.rules.rule import Base, Rule
from meetings.rules.rule_data import stored_rule
from meetings.rules.tally import Tally, tally

T = TypeVar("T")
FORMAT: Final = "meetings-poll/1"
"""The name of the record's form; another one is refused."""
HEADS_AT_MOST: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Recount:
    """What the recount found; `differences` are (what, as recorded, as counted)."""

    title: str
    secret: bool
    form: Form
    tally: Tally | Marks
    outcome: Outcome
    differences: tuple[tuple[str, object, object], ...]

    @property
    def agrees(self) -> bool:
        return not self.differences


def quorum_of(rule: Rule, seats: int, in_office: int, present: int) -> Quorum:
    """The rule's own quorum against the heads present."""
    return quorum(rule.quorum, seats if rule.quorum_base is Base.SEATS else in_office, present)


def figures_of(
    rule: Rule, roll: RollCount, *, seats: int, in_office: int, present_open: int, present_close: int
) -> Figures:
    """The figures that a closed poll's outcome is decided on."""
    weighted = roll.eligible_weight != roll.eligible
    return Figures(
        seats=seats,
        in_office=in_office,
        present=present_open if rule.present_at == "open" else present_close,
        quorum_open=quorum_of(rule, seats, in_office, present_open),
        quorum_close=quorum_of(rule, seats, in_office, present_close),
        recused=roll.recused,
        remote=roll.remote,
        recused_present=roll.recused_present,
        weights=Weights(
            seats, in_office, roll.present_weight, roll.recused_weight, roll.recused_present_weight
        )
        if weighted
        else None,
    )


def recount(record: Mapping[str, object]) -> Recount:
    """Count a record again. Refused (`record-broken`, with the field) when it is not a record that can be counted."""
    if record.get("format") != FORMAT:
        raise Refused("record-broken", field="format")
    rule = stored_rule(_mapping(record, "rule"))
    secret = _of(record, "secret", bool)
    roll = [_voter(line) for line in _lines(record, "roll")]
    ballots: Sequence[Mapping[str, object]] = () if secret else _lines(record, "ballots")
    form = _form(record, rule)
    figures = figures_of(
        rule, count_roll(roll), seats=_number(record, "seats"), in_office=_number(record, "in_office"),
        present_open=_number(record, "present_open"), present_close=_number(record, "present_close"),
    )  # fmt: skip
    if form.kind in ONE_CHOICE:
        cast = list(_totals(record)) if secret else _hands(record) if _by_hands(record) else _named(ballots)
        counted = _tally(rule, cast, _number(record, "eligible"), _number(record, "eligible_weight"))
        outcome = decide(rule, figures, counted, _chair_choice(record, ballots), secret)
    else:
        counted, outcome = _count_marks(record, rule, form, figures, None if secret else _named(ballots))
    nameless = record.get("names") is False
    found = [*_roll_differences(record, roll), *_ballot_differences(roll, () if nameless else ballots)]
    found += _tally_differences(_mapping(record, "tally"), counted)
    found += _outcome_differences(_mapping(record, "outcome"), outcome)
    return Recount(_text(record, "title"), secret, form, counted, outcome, tuple(found))


def _form(record: Mapping[str, object], rule: Rule) -> Form:
    """Records from before there were kinds are of motions."""
    try:
        return poll_form(
            str(record.get("kind", Kind.MOTION)),
            cast("Mapping[str, object]", record.get("form") or {}),
            rule.choices,
        )
    except (Refused, AttributeError) as wrong:
        raise Refused("record-broken", field="form") from wrong


def _count_marks(
    record: Mapping[str, object],
    rule: Rule,
    form: Form,
    figures: Figures,
    named: Sequence[tuple[str, int]] | None,
) -> tuple[Marks, Outcome]:
    """Polls with several marks: from every ballot; of a secret one from the sums, if ranked from the papers."""
    tally = _mapping(record, "tally")
    lots = tuple(str(one) for one in cast("list[object]", tally.get("lots") or []))
    ballots = list(_papers(record)) if named is None and form.kind is Kind.RANKED else named
    if ballots is None:
        return (sums := _sums(record, form)), decide_marks(form, rule, figures, sums, lots)
    heads, weight = _number(record, "eligible"), _number(record, "eligible_weight")
    try:
        counted = count_marks(form, ballots, heads, weight)
        if form.kind is Kind.RANKED:
            return counted, decide_ranked(form, figures, counted, ballots)
        return counted, decide_marks(form, rule, figures, counted, lots)
    except (ValueError, Refused) as wrong:
        raise Refused("record-broken", field="ballots") from wrong


def _sums(record: Mapping[str, object], form: Form) -> Marks:
    """How often each option was marked, on how many ballots, and how many were blank; no more marks than could be."""
    totals, returned, blank = (
        _mapping(record, "totals"),
        _number(record, "returned"),
        _number(record, "blank"),
    )
    heads = {key: _number(totals, key) for key in keys_of(form)}
    eligible = _number(record, "eligible")
    most = form.at_most * (returned - blank)
    if form.kind is Kind.CONFIDENCE:
        most = len(form.options) * (returned - blank)
    if returned > eligible or blank > returned or sum(heads.values()) > most or set(totals) != set(heads):
        raise Refused("record-broken", field="totals")
    if any(marked > returned - blank for marked in heads.values()):
        raise Refused("record-broken", field="totals")
    return Marks(heads, heads, returned, returned, blank, blank, eligible, eligible)


def _papers(record: Mapping[str, object]) -> Iterator[tuple[str, int]]:
    for line in _lines(record, "papers"):
        number = _number(line, "count")
        if number > _number(record, "eligible"):
            raise Refused("record-broken", field="papers")
        yield from ((_text(line, "choice"), 1) for _ in range(number))


def _named(ballots: Sequence[Mapping[str, object]]) -> list[tuple[str, int]]:
    return [(_text(ballot, "choice"), _number(ballot, "weight")) for ballot in ballots]


def _roll_differences(
    record: Mapping[str, object], roll: Sequence[Voter]
) -> Iterator[tuple[str, object, object]]:
    heads = eligible(roll)
    weight = sum(voter.weight for voter in heads)
    for what, counted in (("eligible", len(heads)), ("eligible_weight", weight)):
        if record.get(what) != counted:
            yield what, record.get(what), counted


def _ballot_differences(
    roll: Sequence[Voter], ballots: Sequence[Mapping[str, object]]
) -> Iterator[tuple[str, object, object]]:
    weights = {voter.person: voter.weight for voter in eligible(roll)}
    seen: set[str] = set()
    for ballot in ballots:
        person = _text(ballot, "person")
        if person in seen or person not in weights:
            yield f"ballot of {person}", "counted", "twice" if person in seen else "not on the roll"
        elif ballot["weight"] != weights[person]:
            yield f"weight of {person}", ballot["weight"], weights[person]
        seen.add(person)
    receipts = Counter(str(ballot.get("receipt")) for ballot in ballots if ballot.get("receipt"))
    for receipt, times in receipts.items():
        if times > 1:
            yield f"receipt {receipt}", 1, times


def _tally_differences(
    recorded: Mapping[str, object], counted: Tally | Marks
) -> Iterator[tuple[str, object, object]]:
    expected: dict[str, object] = {
        "weights": dict(counted.weights),
        "heads": dict(counted.heads),
        "cast": counted.cast,
        "not_cast": counted.not_cast,
    }
    if isinstance(counted, Marks):
        expected["blank"] = counted.blank
    for what, value in expected.items():
        if recorded.get(what) != value:
            yield what, recorded.get(what), value


def _outcome_differences(
    recorded: Mapping[str, object], outcome: Outcome
) -> Iterator[tuple[str, object, object]]:
    if str(recorded.get("reason", "")).startswith("published-"):
        return  # a record from elsewhere, whose published result is not what the rule makes of the ballots
    expected: dict[str, object] = {
        "code": outcome.code.value,
        "adopted": outcome.adopted,
        "reason": outcome.reason,
        "percent": outcome.percent,
    }
    if outcome.lines:
        expected["lines"] = [dict(line) for line in outcome.lines]
    if outcome.rounds:
        expected["rounds"] = [dict(stage) for stage in outcome.rounds]
    for what, value in expected.items():
        if recorded.get(what) != value:
            yield what, recorded.get(what), value


def _tally(rule: Rule, cast_ballots: Iterable[tuple[str, int]], heads: int, weight: int) -> Tally:
    try:
        return tally(cast_ballots, heads, weight, rule.choices)
    except (ValueError, Refused) as wrong:
        raise Refused("record-broken", field="ballots") from wrong


def _totals(record: Mapping[str, object]) -> Iterator[tuple[str, int]]:
    """A secret poll tells only how often each choice was taken."""
    for choice, heads in _mapping(record, "totals").items():
        if not isinstance(heads, int) or not 0 <= heads <= min(_number(record, "eligible"), HEADS_AT_MOST):
            raise Refused("record-broken", field="totals")
        yield from ((choice, 1) for _ in range(heads))


def _by_hands(record: Mapping[str, object]) -> bool:
    return record.get("method") == Method.HANDS


def _hands(record: Mapping[str, object]) -> list[tuple[str, int]]:
    """A show of hands has counts in the ballots' place; every hand weighs the same."""
    counts, heads = _mapping(record, "counts"), _number(record, "eligible")
    weight = _number(record, "eligible_weight") // max(heads, 1)
    found: list[tuple[str, int]] = []
    for choice in counts:
        number = _number(counts, choice)
        if number > heads:
            raise Refused("record-broken", field="counts")
        found += [(choice, weight)] * number
    return found


def _chair_choice(record: Mapping[str, object], ballots: Sequence[Mapping[str, object]]) -> str | None:
    """The casting vote, or what stands on the chair's own ballot."""
    chair = record.get("chair")
    own = next((str(ballot["choice"]) for ballot in ballots if chair and ballot.get("person") == chair), None)
    casting = record.get("casting_vote")
    return casting if isinstance(casting, str) and casting else own


def _voter(line: Mapping[str, object]) -> Voter:
    holder = line.get("proxy_holder")
    return Voter(
        _text(line, "person"), present=_of(line, "present", bool), weight=_number(line, "weight"),
        remote=_of(line, "remote", bool), recused=_of(line, "recused", bool), admitted=_of(line, "admitted", bool),
        proxy_holder=str(holder) if holder else None,
    )  # fmt: skip


def _lines(record: Mapping[str, object], field: str) -> Sequence[Mapping[str, object]]:
    lines = cast("list[Any]", _of(record, field, list))
    if not all(isinstance(line, dict) for line in lines):
        raise Refused("record-broken", field=field)
    return cast(Sequence[Mapping[str, object]], lines)


def _mapping(record: Mapping[str, object], field: str) -> Mapping[str, object]:
    return cast(Mapping[str, object], _of(record, field, dict))


def _text(record: Mapping[str, object], field: str) -> str:
    return _of(record, field, str)


def _number(record: Mapping[str, object], field: str) -> int:
    value = _of(record, field, int)
    if isinstance(value, bool) or value < 0:
        raise Refused("record-broken", field=field)
    return value


def _of(record: Mapping[str, object], field: str, kind: type[T]) -> T:
    value = record.get(field)
    if not isinstance(value, kind):
        raise Refused("record-broken", field=field)
    return value
