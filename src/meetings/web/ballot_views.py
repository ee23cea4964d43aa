"""Ballots with several marks in words: what stands on one, and what the count of them all shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from meetings import language
from meetings.language import N_
from meetings.rules.ballot_forms import LEVELS, Form, Kind, read
from meetings.rules.confidence import CONSEQUENCES, Consequence

KINDS: Mapping[str, str] = {
    Kind.MOTION: N_("Motion: for or against"),
    Kind.ELECTION: N_("Election: candidates are marked"),
    Kind.CONFIDENCE: N_("Confidence: each person high, medium or low"),
    Kind.OPTIONS: N_("Choice: one or several of a list"),
    Kind.RANKED: N_("Ranking: candidates in order of preference"),
}
"""The kinds a chair prepares by hand."""

LEVEL_WORDS: Mapping[str, str] = {
    "high": N_("High confidence"),
    "medium": N_("Confidence"),
    "low": N_("Low confidence"),
}

TIES: Mapping[str, str] = {
    "earlier": N_("A tie, broken by an earlier count."),
    "ballot": N_("A tie, broken by the order on the ballot."),
}


@dataclass(frozen=True, slots=True)
class LineView:
    """A candidate, person or option with its votes; `share` is a percentage of the base as text, or empty."""

    id: str
    label: str
    note: str
    votes: int
    share: str
    elected: bool
    tied: bool
    levels: tuple[tuple[str, int, str], ...]
    """Confidence: (level, marks, share) for high, medium and low."""
    unmarked: int
    consequence: str
    final: str
    """Ranked: votes at the end of the count."""


@dataclass(frozen=True, slots=True)
class StageView:
    """One stage of a ranked count: votes by option, and what happened."""

    votes: Mapping[str, str]
    exhausted: str
    elected: tuple[str, ...]
    excluded: str
    tie: str


def marks_in_words(form: Form, stored: str) -> str:
    """A ballot with several marks as its voter reads it again."""
    marks = read(form, stored)
    if isinstance(marks, dict):
        counted = {level: sum(given == level for given in marks.values()) for level in LEVELS}
        told = [
            f"{language.gettext(LEVEL_WORDS[level])}: {number}" for level, number in counted.items() if number
        ]
        return " · ".join(told) or language.gettext(N_("nobody rated"))
    if not marks:
        return language.gettext(N_("blank ballot"))
    names = [form.label(one) for one in marks]
    if form.kind is Kind.RANKED:
        names = [f"{place}. {name}" for place, name in enumerate(names, 1)]
    return " · ".join(names)


def line_views(outcome: Mapping[str, Any]) -> tuple[LineView, ...]:
    """The lines of a stored outcome in the language of the moment; none for a poll with one choice."""
    return tuple(_line(line) for line in outcome.get("lines", ()))


def stage_views(outcome: Mapping[str, Any]) -> tuple[StageView, ...]:
    """The stages of a ranked count."""
    labels = {line["id"]: line["label"] for line in outcome.get("lines", ())}
    return tuple(
        StageView(
            votes=dict(stage["votes"]),
            exhausted=stage["exhausted"],
            elected=tuple(labels[one] for one in stage["elected"]),
            excluded=labels.get(stage["excluded"], ""),
            tie=language.gettext(TIES[stage["tie"]]) if stage["tie"] else "",
        )
        for stage in outcome.get("rounds", ())
    )


def _line(line: Mapping[str, Any]) -> LineView:
    consequence = line.get("consequence", Consequence.NONE)
    levels = tuple(
        (level, line[level], _share(line[f"{level}_percent"])) for level in LEVELS if level in line
    )
    return LineView(
        id=line["id"],
        label=line["label"],
        note=line["note"],
        votes=line["votes"],
        share=_share(line["percent"]),
        elected=bool(line.get("elected")),
        tied=bool(line.get("tied")),
        levels=levels,
        unmarked=line.get("unmarked", 0),
        consequence=""
        if consequence == Consequence.NONE
        else language.gettext(CONSEQUENCES[Consequence(consequence)]),
        final=line.get("final", ""),
    )


def _share(percent: str) -> str:
    return percent if percent == "—" else language.percent_text(percent) + "%"
