"""Ranked ballots: the single transferable vote, counted as in the Scottish Local Government Elections Order 2007.

The quota is ballots divided by places plus one, rounded down, plus one. A candidate with the quota is elected, and of
the ballots that carried this candidate there a share goes on to the next preference: the surplus divided by the
votes, cut after five decimals (the weighted inclusive Gregory method). When nobody has the quota, the candidate with
the fewest votes is excluded and those ballots go on at the value they have. All in whole hundred-thousandths, never
in floats, so that everybody who counts again counts the same. A tie is broken by the latest earlier count in which
the tied differed, and if they never did, by the order on the ballot paper, which is drawn before the vote.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from meetings.rules.ballot_forms import Form, read
from meetings.rules.marks import Marks
from meetings.rules.outcome import Figures, Line, Outcome, OutcomeCode, no_quorum, percent

UNIT: Final = 100_000
"""One vote, in the parts it is counted in."""


@dataclass(frozen=True, slots=True)
class Round:
    """One stage of the count: votes in hundred-thousandths, who was elected or excluded on them, and how ties broke."""

    votes: Mapping[str, int]
    exhausted: int
    elected: tuple[str, ...]
    excluded: str
    tie: str
    """Empty, `earlier` (an earlier count) or `ballot` (the order on the ballot)."""


@dataclass(frozen=True, slots=True)
class Transfers:
    """The whole count."""

    quota: int
    """In whole votes."""
    elected: tuple[str, ...]
    rounds: tuple[Round, ...]


@dataclass(slots=True)
class _Paper:
    """Equal ballots together: the preferences, where they stand, and what each of them is worth now."""

    preferences: tuple[str, ...]
    number: int
    value: int = UNIT

    def at(self, hopeful: set[str]) -> str:
        return next((one for one in self.preferences if one in hopeful), "")


def quota(votes: int, places: int) -> int:
    """The Droop quota: so many votes that no more candidates can have them than there are places."""
    return votes // (places + 1) + 1


def transfer(
    candidates: Sequence[str], places: int, ballots: Iterable[tuple[tuple[str, ...], int]]
) -> Transfers:
    """Count ballots given as (preferences, weight), in stages until every place is filled."""
    together: dict[tuple[str, ...], int] = {}
    for preferences, weight in ballots:
        together[preferences] = together.get(preferences, 0) + weight
    papers = [_Paper(preferences, number) for preferences, number in sorted(together.items()) if preferences]
    valid = sum(paper.number for paper in papers)
    count = _Count(candidates, places, quota(valid, places), papers)
    return count.run() if valid else Transfers(0, (), ())


class _Count:
    def __init__(self, candidates: Sequence[str], places: int, quota: int, papers: Sequence[_Paper]) -> None:
        self._order = {candidate: place for place, candidate in enumerate(candidates)}
        self._hopeful = set(candidates)
        self._places = places
        self._quota = quota
        self._held: dict[str, list[_Paper]] = {candidate: [] for candidate in candidates}
        self._votes = dict.fromkeys(candidates, 0)
        self._exhausted = 0
        self._elected: list[str] = []
        self._surplus: list[str] = []
        """Elected with more than the quota, not yet transferred."""
        self._rounds: list[Round] = []
        for paper in papers:
            self._give(paper)

    def run(self) -> Transfers:
        while True:
            fresh = self._elect()
            if len(self._elected) == self._places or not self._hopeful:
                self._note(fresh, "", "")
                break
            if len(self._elected) + len(self._hopeful) <= self._places:
                rest = sorted(self._hopeful, key=self._rank)
                self._elected += rest
                self._hopeful.clear()
                self._note((*fresh, *rest), "", "")
                break
            if self._surplus:
                largest, tie = self._pick(self._surplus, most=True)
                self._note(fresh, "", tie)
                self._surplus.remove(largest)
                self._pass_surplus(largest)
            else:
                fewest, tie = self._pick(self._hopeful, most=False)
                self._note(fresh, fewest, tie)
                self._exclude(fewest)
        return Transfers(self._quota, tuple(self._elected), tuple(self._rounds))

    def _elect(self) -> tuple[str, ...]:
        reached = [one for one in self._hopeful if self._votes[one] >= self._quota * UNIT]
        fresh = sorted(reached, key=self._rank)[: self._places - len(self._elected)]
        for one in fresh:
            self._hopeful.discard(one)
            self._elected.append(one)
            if self._votes[one] > self._quota * UNIT:
                self._surplus.append(one)
        return tuple(fresh)

    def _pass_surplus(self, one: str) -> None:
        total = self._votes[one]
        surplus = total - self._quota * UNIT
        papers, self._held[one] = self._held[one], []
        self._votes[one] = self._quota * UNIT
        passed = 0
        for paper in papers:
            paper.value = surplus * paper.value // total
            passed += paper.value * paper.number
            self._give(paper)
        self._exhausted += surplus - passed  # what rounding cut off

    def _exclude(self, one: str) -> None:
        self._hopeful.discard(one)
        papers, self._held[one] = self._held[one], []
        self._votes[one] = 0
        for paper in papers:
            self._give(paper)

    def _give(self, paper: _Paper) -> None:
        goes_to = paper.at(self._hopeful)
        if goes_to:
            self._held[goes_to].append(paper)
            self._votes[goes_to] += paper.value * paper.number
        else:
            self._exhausted += paper.value * paper.number

    def _rank(self, one: str) -> tuple[int, tuple[int, ...], int]:
        """Most votes first, then by the latest earlier count that differs, then as on the ballot."""
        earlier = tuple(-stage.votes[one] for stage in reversed(self._rounds))
        return -self._votes[one], earlier, self._order[one]

    def _pick(self, among: Iterable[str], *, most: bool) -> tuple[str, str]:
        ranked = sorted(among, key=self._rank)
        picked = ranked[0] if most else ranked[-1]
        equal = [one for one in ranked if self._votes[one] == self._votes[picked] and one != picked]
        if not equal:
            return picked, ""
        same = any(self._rank(one)[1] == self._rank(picked)[1] for one in equal)
        return picked, "ballot" if same else "earlier"

    def _note(self, elected: tuple[str, ...], excluded: str, tie: str) -> None:
        self._rounds.append(Round(dict(self._votes), self._exhausted, elected, excluded, tie))


def decide_ranked(form: Form, figures: Figures, marks: Marks, ballots: Iterable[tuple[str, int]]) -> Outcome:
    """The outcome of a `ranked` poll, with every stage of its count."""
    short = no_quorum(figures)
    if short is not None:
        return short
    count = transfer(
        [option.id for option in form.options],
        form.places,
        [(_order(form, text), weight) for text, weight in ballots],
    )
    facts: dict[str, int | str] = {
        "names": ", ".join(form.label(one) for one in count.elected),
        "quota": count.quota, "needed": count.quota, "rounds": len(count.rounds), "places": form.places,
        "cast": marks.cast, "not_cast": marks.not_cast, "base": marks.cast_weight,
    }  # fmt: skip
    if not count.elected:
        return Outcome(OutcomeCode.NOT_ADOPTED, False, "ranked-nobody", facts, "—", 0)
    last = count.rounds[-1]
    order = sorted(form.options, key=lambda one: _place(count.elected, one.id))
    lines: list[Line] = [
        {
            "id": option.id, "label": option.label, "note": option.note, "votes": marks.weights[option.id],
            "percent": percent(marks.weights[option.id], marks.cast_weight),
            "elected": option.id in count.elected, "final": told(last.votes[option.id]),
        }
        for option in order
    ]  # fmt: skip
    by_ballot = any(stage.tie == "ballot" for stage in count.rounds)
    reason = "ranked-elected-order" if by_ballot else "ranked-elected"
    best = max(marks.weights.values(), default=0)
    return Outcome(
        OutcomeCode.ELECTED, True, reason, facts, percent(best, marks.cast_weight), marks.cast_weight,
        lines=tuple(lines), rounds=tuple(_stage(stage) for stage in count.rounds),
    )  # fmt: skip


def told(votes: int) -> str:
    """A number of votes as text: `12` or `12.41666`."""
    whole, part = divmod(votes, UNIT)
    return f"{whole}.{part:05}".rstrip("0") if part else str(whole)


def _stage(stage: Round) -> Line:
    return {
        "votes": {one: told(votes) for one, votes in stage.votes.items()},
        "exhausted": told(stage.exhausted), "elected": list(stage.elected), "excluded": stage.excluded,
        "tie": stage.tie,
    }  # fmt: skip


def _order(form: Form, text: str) -> tuple[str, ...]:
    marks = read(form, text)
    return marks if isinstance(marks, tuple) else ()


def _place(elected: tuple[str, ...], one: str) -> int:
    return elected.index(one) if one in elected else len(elected)
